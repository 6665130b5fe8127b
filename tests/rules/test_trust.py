from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bresim.rules import trust
from tests.rules.plain import changes, interpreted, listed, plain, scratch, shares

baseline, seen, shared_success, kept, default = (
    plain(f) for f in (trust.baseline, trust.seen, trust.shared_success, trust.after_kept_promise, trust.after_default)
)


def test_by_hand() -> None:
    assert baseline(0.66, 0.25, 0.6) == pytest.approx(0.51)
    assert seen(0.45, 0.0) == 0.45
    assert seen(0.45, 0.5) == pytest.approx(0.725)
    assert shared_success(0.7, 0.6, 0.0) == pytest.approx(0.58)
    assert shared_success(0.7, 0.6, 0.5) == pytest.approx(0.79)
    # ceiling 1 - 0.7 x 0.3 = 0.79, a tenth of the 0.29 that is missing
    assert kept(0.5, 0.3, 0.1, 0.7) == pytest.approx(0.529)
    assert default(0.5, 0.28) == pytest.approx(0.36)


def test_limits() -> None:
    assert baseline(0.0, 1.0, 1.0) == 0.02
    assert baseline(1.5, 0.0, 0.0) == 0.98
    assert seen(0.2, 1.0) == 1.0
    assert shared_success(1.0, 1.0, 0.0) == 0.0
    assert shared_success(1.0, 1.0, 1.0) == shared_success(1.0, 0.0, 0.0) == 1.0
    assert default(0.4, 7.0) == 0.0


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


@given(shares, shares, shares)
def test_the_baseline_absorbs_nothing(base: float, gap: float, divide: float) -> None:
    assert 0.02 <= baseline(base, gap, divide) <= 0.98
    assert baseline(base, gap, 1.0) <= baseline(base, gap, divide)


def test_members_learn_of_each_other_and_of_nobody_else() -> None:
    """Members 0, 2 and 3; 2 did not deliver. Half is seen, nothing is claimed, memory has no part."""
    p = SimpleNamespace(visibility=0.5, trust_gain=0.2, claiming=0.0, trust_loss_ratio=2.0, trust_ceiling=0.5)
    size = 4
    state = SimpleNamespace(
        institution=[SimpleNamespace(monitoring=0.0, celebration=0.0)], region=SimpleNamespace(negativity=0.0),
        trust=np.full((size, size), 0.5), grievance=np.full((size, size), 0.2),
        **listed([[[True, False, True, True]]]), delivered=np.array([[[True, False, False, True]]]),
        **scratch(size),
    )  # fmt: skip
    np.fill_diagonal(state.trust, 0.0)
    np.fill_diagonal(state.grievance, 0.0)
    before = state.trust.copy()
    with interpreted(trust), changes(state, "trust"):
        trust.update_initiative(state, None, p, 9, 0, 0)
    # kept: 0.5 + 0.2 x 0.5 x (1 - 0.5 x 0.2 - 0.5); default: 0.5 x (1 - 2 x 0.2 x 0.5)
    assert state.trust[0, 3] == pytest.approx(0.54)
    assert state.trust[0, 2] == pytest.approx(0.4)
    assert (state.trust[1] == before[1]).all(), "a municipality that is no member learns nothing"
    assert (state.trust[:, 1] == before[:, 1]).all(), "and nothing is learned of it"
    assert (np.diag(state.trust) == 0.0).all()


def test_turning_trust_round() -> None:
    given, turned = np.arange(9.0).reshape(3, 3), np.zeros((3, 3))
    trust.transpose_trust(given, turned)
    assert (turned == given.T).all()


def test_trust_returns_to_the_baseline() -> None:
    """A quarter of the way from 0.9 to 0.7 - 0.5 x 0.4."""
    s = SimpleNamespace(
        trust=np.array([[0.0, 0.5], [0.9, 0.0]]), base_trust=np.full((2, 2), 0.7), trust_gap=np.full((2, 2), 0.4),
        region=SimpleNamespace(divide=0.5),
    )  # fmt: skip
    with interpreted(trust), changes(s, "trust"):
        trust.update(s, None, SimpleNamespace(trust_return=0.25), 9)
    assert s.trust == pytest.approx(np.array([[0.0, 0.5], [0.8, 0.0]]))
