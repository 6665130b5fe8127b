from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given

from bresim.kernel.state import AGREED, IMPOSED
from bresim.rules import acceptance
from tests.rules.plain import changes, interpreted, plain, shares

lowered, backing, with_mandate = (plain(f) for f in (acceptance.lowered, acceptance.backing, acceptance.with_mandate))


def test_by_hand() -> None:
    assert lowered(0.5, 0.2, True) == pytest.approx(0.4)
    assert lowered(0.5, 0.2, False) == pytest.approx(0.45)
    assert backing(1.0, 0.0) == 1.0, "a mandate obliges"
    assert backing(0.0, 0.3) == 0.3
    assert backing(0.5, 0.4) == pytest.approx(0.7)
    assert with_mandate(0.5, 0.3, 0.5) == pytest.approx(0.65)
    assert with_mandate(0.9, 0.5, 1.0) == 1.0


@given(shares, shares)
def test_a_municipality_that_was_against_loses_twice_as_much(now: float, loss: float) -> None:
    assert 0.0 <= lowered(now, loss, True) <= lowered(now, loss, False) <= now
    assert now - lowered(now, loss, True) == pytest.approx(2.0 * (now - lowered(now, loss, False)), abs=1e-12)


@given(shares, shares, shares)
def test_a_mandate_raises_acceptance_and_obliges_the_province(now: float, mandate: float, stance: float) -> None:
    assert now <= with_mandate(now, 0.3, mandate) <= 1.0
    assert stance - 1e-12 <= backing(mandate, stance) <= 1.0 + 1e-12


def _imposed(outcome: int) -> SimpleNamespace:
    """Of four municipalities 2 was bound against its vote and 3 is not eligible."""
    return SimpleNamespace(
        outcome=np.array([[outcome]]), acceptance=np.full(4, 0.5), eligible=np.array([[True, True, True, False]]),
        coerced=np.array([[[False, False, True, False]]]), institution=[SimpleNamespace(mandate=0.0)],
    )  # fmt: skip


def parameters(**values: float) -> SimpleNamespace:
    return SimpleNamespace(**({"acceptance_loss": 0.4, "acceptance_mandate": 0.3, "acceptance_rate": 0.0} | values))


def test_an_imposition_lowers_the_acceptance_of_the_eligible() -> None:
    """Half of them accepts: 0.4 x 0.5 for the one that was against, half of that for the others."""
    s = _imposed(IMPOSED)
    with interpreted(acceptance), changes(s, "acceptance"):
        acceptance.update_initiative(s, None, parameters(), 9, 0, 0)
    assert s.acceptance == pytest.approx([0.45, 0.45, 0.4, 0.5])
    s = _imposed(AGREED)
    with interpreted(acceptance), changes(s):
        acceptance.update_initiative(s, None, parameters(), 9, 0, 0)


def test_a_mandate_softens_it() -> None:
    """0.4 x (1 - 0.5 - 0.3 x 0.5)"""
    s = _imposed(IMPOSED)
    s.institution[0].mandate = 0.5
    with interpreted(acceptance):
        acceptance.update_initiative(s, None, parameters(), 9, 0, 0)
    assert s.acceptance == pytest.approx([0.465, 0.465, 0.43, 0.5])


@given(shares, shares)
def test_who_accepts_the_province_loses_less(now: float, mandate: float) -> None:
    after = []
    for granted in (0.0, mandate, 1.0):
        s = _imposed(IMPOSED)
        s.acceptance[:], s.institution[0].mandate = now, granted
        with interpreted(acceptance):
            acceptance.update_initiative(s, None, parameters(acceptance_mandate=1.0), 9, 0, 0)
        assert ((s.acceptance >= 0.0) & (s.acceptance <= now)).all()
        after.append(s.acceptance[2])
    assert after == sorted(after)
    assert after[2] == now


def _quarter(acceptance_now: list[float], due: bool, enforced: list[bool]) -> SimpleNamespace:
    """Two themes in the region; on the first the province sees to the promises of some."""
    return SimpleNamespace(
        acceptance=np.array(acceptance_now), due=np.array([[due, True]]), enforced=np.array([[enforced, [False] * 2]]),
        institution=[SimpleNamespace(mandate=0.0)], region=SimpleNamespace(steering=0.0),
    )  # fmt: skip


def test_acceptance_returns_to_its_start() -> None:
    s = _quarter([0.2, 0.6], False, [False, False])
    w = SimpleNamespace(acceptance=np.array([0.6, 0.6]))
    with interpreted(acceptance), changes(s, "acceptance", "due"):
        acceptance.update(s, w, parameters(acceptance_rate=0.25), 9)
    assert s.acceptance == pytest.approx([0.3, 0.6])


def test_who_was_made_to_keep_its_promise_accepts_less_when_the_milestone_falls_due() -> None:
    w = SimpleNamespace(acceptance=np.full(2, 0.5))
    s = _quarter([0.5, 0.5], False, [True, False])
    with interpreted(acceptance), changes(s, "due"):
        acceptance.update(s, w, parameters(), 9)
    s = _quarter([0.5, 0.5], True, [True, False])
    with interpreted(acceptance), changes(s, "acceptance", "due", "enforced"):
        acceptance.update(s, w, parameters(), 9)
    assert s.acceptance == pytest.approx([0.4, 0.5])
    assert not s.enforced.any()


@pytest.mark.parametrize(("mandate", "after"), [(0.0, 0.48), (1.0, 0.5)])
def test_a_quarter_of_steering_without_a_mandate_costs_acceptance(mandate: float, after: float) -> None:
    """0.5 x (1 - 0.25 x 0.4 x (1 - 0.5) x 0.8) without a mandate."""
    s = _quarter([0.5, 0.5], False, [False, False])
    s.region.steering, s.institution[0].mandate = 0.8, mandate
    with interpreted(acceptance):
        acceptance.update(
            s, SimpleNamespace(acceptance=np.full(2, 0.5)), parameters(acceptance_rate=0.0, acceptance_loss=0.4), 9
        )
    assert s.acceptance == pytest.approx(after)
