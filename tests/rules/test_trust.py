from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bresim.kernel.state import BROKEN, DELAYED, KEPT
from bresim.rules import trust
from tests.rules.plain import changes, interpreted, listed, plain, scratch, shares

baseline, seen, shared_success, kept, default = (
    plain(f) for f in (trust.baseline, trust.seen, trust.shared_success, trust.after_kept_promise, trust.after_default)
)


def test_by_hand() -> None:
    assert baseline(0.66, 0.25, 0.6, 0.0, 0.9) == pytest.approx(0.51)
    assert baseline(0.66, 0.25, 0.6, 0.5, 0.3) == pytest.approx(0.36)
    assert seen(0.45, 0.0) == 0.45
    assert seen(0.45, 0.5) == pytest.approx(0.725)
    assert shared_success(0.7, 0.6, 0.0) == pytest.approx(0.58)
    assert shared_success(0.7, 0.6, 0.5) == pytest.approx(0.79)
    # ceiling 1 - 0.7 x 0.3 = 0.79, a tenth of the 0.29 that is missing
    assert kept(0.5, 0.3, 0.1, 0.7) == pytest.approx(0.529)
    assert default(0.5, 0.28) == pytest.approx(0.36)


def test_limits() -> None:
    assert baseline(0.0, 1.0, 1.0, 0.0, 0.0) == baseline(0.5, 0.0, 0.0, 1.0, 1.0) == 0.02
    assert baseline(1.5, 0.0, 0.0, 0.5, 0.0) == 0.98
    assert seen(0.2, 1.0) == 1.0
    assert shared_success(1.0, 1.0, 0.0) == 0.0
    assert shared_success(1.0, 1.0, 1.0) == shared_success(1.0, 0.0, 0.0) == 1.0
    assert default(0.4, 1.0) == default(0.4, 1.7) == 0.0


@given(shares, shares, shares, st.floats(0.4, 0.95))
def test_a_kept_promise_never_lowers_trust_and_never_passes_the_ceiling(
    now: float, grievance: float, gain: float, omega: float
) -> None:
    after = kept(now, grievance, gain, omega)
    assert now <= after <= max(now, 1.0 - omega * grievance) + 1e-12
    assert after <= kept(now, 0.0, gain, omega)


@given(st.floats(0.5, 1.0), shares, st.floats(0.02, 0.08), st.floats(1.5, 4.0), st.floats(0.4, 0.95), shares)
def test_a_default_costs_more_than_a_kept_promise_brings(
    now: float, grievance: float, gain: float, ratio: float, omega: float, visible: float
) -> None:
    """From one half on there is less left to gain than to lose, and a loss weighs more (Slovic 1993)."""
    up = kept(now, grievance, gain * visible, omega) - now
    down = now - default(now, ratio * gain * visible)
    assert down >= up


@given(shares, shares, shares)
def test_what_is_seen(visibility: float, low: float, more: float) -> None:
    assert visibility <= seen(visibility, low) + 1e-12
    assert seen(visibility, min(low, more)) <= seen(visibility, max(low, more)) <= 1.0 + 1e-12
    assert 0.0 <= shared_success(visibility, low, more) <= 1.0
    assert shared_success(visibility, low, 0.0) <= shared_success(visibility, low, more)


@given(shares, shares, shares, shares, shares)
def test_the_baseline_absorbs_nothing(base: float, gap: float, divide: float, weight: float, grievance: float) -> None:
    x = baseline(base, gap, divide, weight, grievance)
    assert 0.02 <= x <= 0.98
    assert baseline(base, gap, 1.0, weight, grievance) <= x
    assert baseline(base, gap, divide, weight, 1.0) <= x <= baseline(base, gap, divide, weight, 0.0)


def _members(**state: object) -> SimpleNamespace:
    """Members 0, 2 and 3 of four municipalities, with trust of 0.5 and a grievance of 0.2, at a milestone."""
    s = SimpleNamespace(
        institution=[SimpleNamespace(monitoring=0.0, celebration=0.0)], region=SimpleNamespace(negativity=0.0),
        trust=np.full((4, 4), 0.5), grievance=np.full((4, 4), 0.2), **listed([[[True, False, True, True]]]),
        verdict=np.array([[[KEPT, BROKEN, BROKEN, KEPT]]]), due=np.array([[True]]),
        **scratch(4),
    )  # fmt: skip
    np.fill_diagonal(s.trust, 0.0)
    np.fill_diagonal(s.grievance, 0.0)
    vars(s).update(state)
    return s


#: Half is seen, memory halves the ceiling.
P = SimpleNamespace(
    visibility=0.5, trust_gain=0.2, claiming=0.8, trust_loss_ratio=2.0, trust_ceiling=0.5,
)  # fmt: skip


def _learn(s: SimpleNamespace) -> np.ndarray:
    with interpreted(trust), changes(s, "trust"):
        trust.update_initiative(s, None, P, 9, 0, 0)
    assert (np.diag(s.trust) == 0.0).all()
    learned: np.ndarray = s.trust
    return learned


def test_at_a_milestone_members_learn_of_each_other_and_of_nobody_else() -> None:
    """0 and 3 kept their promises, 2 broke its own."""
    s = _members()
    before = s.trust.copy()
    after = _learn(s)
    # kept: 0.5 + 0.2 x 0.5 x (1 - 0.5 x 0.2 - 0.5); broken: 0.5 x (1 - 2 x 0.2 x 0.5)
    assert after[0, 3] == after[2, 3] == pytest.approx(0.54)
    assert after[0, 2] == pytest.approx(0.4)
    assert (after[1] == before[1]).all(), "a municipality that is no member learns nothing"
    assert (after[:, 1] == before[:, 1]).all(), "and nothing is learned of it"


def test_a_delay_that_was_announced_teaches_nothing() -> None:
    s = _members(verdict=np.full((1, 1, 4), DELAYED))
    with interpreted(trust), changes(s):
        trust.update_initiative(s, None, P, 9, 0, 0)


def test_without_a_milestone_nothing_is_learned() -> None:
    s = _members(due=np.array([[False]]))
    with interpreted(trust), changes(s):
        trust.update_initiative(s, None, P, 9, 0, 0)


def test_successes_that_are_claimed_bring_less_unless_they_are_celebrated() -> None:
    """With full negativity 0.8 of a kept promise is claimed as personal; a breach is no success."""
    claimed = _learn(_members(region=SimpleNamespace(negativity=1.0)))
    assert claimed[0, 3] == pytest.approx(0.5 + 0.2 * 0.04)
    assert claimed[0, 2] == pytest.approx(0.4)
    joint = [SimpleNamespace(monitoring=0.0, celebration=1.0)]
    assert _learn(_members(region=SimpleNamespace(negativity=1.0), institution=joint))[0, 3] == pytest.approx(0.54)


def test_turning_trust_round() -> None:
    given, turned = np.arange(9.0).reshape(3, 3), np.zeros((3, 3))
    trust.transpose_trust(given, turned)
    assert (turned == given.T).all()


def _quarter(grievance: float, involved: list[float]) -> SimpleNamespace:
    return SimpleNamespace(
        trust=np.array([[0.0, 0.5], [0.9, 0.0]]), base_trust=np.full((2, 2), 0.7), trust_gap=np.full((2, 2), 0.4),
        grievance=np.full((2, 2), grievance), involvement=np.array(involved), region=SimpleNamespace(divide=0.5),
    )  # fmt: skip


def _returned(grievance: float, involved: list[float]) -> np.ndarray:
    s = _quarter(grievance, involved)
    p = SimpleNamespace(trust_return=0.25, trust_councils=0.2, trust_grievance=0.5)
    with interpreted(trust), changes(s, "trust"):
        trust.update(s, None, p, 9)
    moved: np.ndarray = s.trust
    return moved


def test_trust_returns_to_the_baseline() -> None:
    """A quarter of the way from 0.9 to 0.7 - 0.5 x 0.4."""
    assert _returned(0.0, [0.0, 0.0]) == pytest.approx(np.array([[0.0, 0.5], [0.8, 0.0]]))


def test_grievance_lowers_the_baseline_and_councils_that_meet_raise_it() -> None:
    """Baselines 0.5 - 0.5 x 0.4, and 0.5 + 0.2 x 0.5: the least involved of two councils counts."""
    assert _returned(0.4, [0.0, 0.0]) == pytest.approx(np.array([[0.0, 0.45], [0.75, 0.0]]))
    assert _returned(0.0, [0.5, 1.0]) == pytest.approx(np.array([[0.0, 0.525], [0.825, 0.0]]))
    assert _returned(0.0, [0.0, 1.0]) == pytest.approx(_returned(0.0, [0.0, 0.0]))
