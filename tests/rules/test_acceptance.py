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
        coerced=np.array([[[False, False, True, False]]]),
    )  # fmt: skip


def test_an_imposition_lowers_the_acceptance_of_the_eligible() -> None:
    s = _imposed(IMPOSED)
    with interpreted(acceptance), changes(s, "acceptance"):
        acceptance.update_initiative(s, None, SimpleNamespace(acceptance_loss=0.2), 9, 0, 0)
    assert s.acceptance == pytest.approx([0.45, 0.45, 0.4, 0.5])
    s = _imposed(AGREED)
    with interpreted(acceptance), changes(s):
        acceptance.update_initiative(s, None, SimpleNamespace(acceptance_loss=0.2), 9, 0, 0)


def test_acceptance_returns_to_its_start() -> None:
    s = SimpleNamespace(acceptance=np.array([0.2, 0.6]))
    w = SimpleNamespace(acceptance=np.array([0.6, 0.6]))
    with interpreted(acceptance), changes(s, "acceptance"):
        acceptance.update(s, w, SimpleNamespace(acceptance_rate=0.25), 9)
    assert s.acceptance == pytest.approx([0.3, 0.6])
