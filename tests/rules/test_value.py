from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bresim.kernel.state import AGREED, COMPLETED, DEADLOCKED, FAILED, IMPOSED, LAPSED, LOCAL, OPEN, OUTSIDE, REGIONAL
from bresim.rules import value
from tests.rules.plain import changes, interpreted, plain, shares

closed, coverage = plain(value.closed), plain(value.coverage_effect)


def test_by_hand() -> None:
    assert closed(0.2, 0.25) == pytest.approx(0.4)
    assert closed(0.0, 0.19) == 0.19
    assert coverage(0.25, 1.5) == pytest.approx(0.125)
    assert coverage(0.0, 1.3) == 0.0
    assert coverage(1.0, 1.3) == 1.0


@given(shares, shares, st.floats(1.0, 1.8))
def test_bounds_and_directions(realised: float, share: float, exponent: float) -> None:
    assert realised - 1e-12 <= closed(realised, share) <= 1.0 + 1e-12
    # closing twice brings less than twice as much
    assert (
        closed(closed(realised, share), share) - closed(realised, share) <= closed(realised, share) - realised + 1e-12
    )
    assert 0.0 <= coverage(share, exponent) <= share + 1e-12, (
        "a part of the inhabitants never yields more than its part"
    )
    assert coverage(share, 1.8) <= coverage(share, exponent) + 1e-12


def _initiative(outcome: int) -> tuple[SimpleNamespace, SimpleNamespace, SimpleNamespace]:
    """A regional arena of the first three of four municipalities; the first two, 0.6 of its need, are members."""
    s = SimpleNamespace(
        outcome=np.array([[outcome]]), share_done=np.array([[0.5]]), region=SimpleNamespace(negativity=0.5),
        committed=np.array([[[True, True, False, False]]]), institution=[SimpleNamespace(celebration=0.5)],
        coerced=np.zeros((1, 1, 4), np.bool_), missed=np.array([[[0.0, 0.0, OUTSIDE, OUTSIDE]]]),
        direct=np.zeros((1, 3, 4)), indirect=np.full((1, 2, 4), 0.5), completions=np.zeros(4),
    )  # fmt: skip
    w = SimpleNamespace(
        arena_scale=np.array([REGIONAL]), population=np.array([0.2, 0.2, 0.4, 0.2]),
        severity=np.array([[0.5, 1.0, 0.5, 1.0]]), member=np.array([[True, True, True, False]]),
        coverage_power=1,
    )  # fmt: skip
    p = SimpleNamespace(agreement_closure=0.4, closure=0.2, coverage_exponent=1.0, spillover=0.25, claiming=0.8,
                        partial=0.8)  # fmt: skip
    return s, w, p


@pytest.mark.parametrize("outcome", [AGREED, IMPOSED])
def test_an_agreement_by_hand(outcome: int) -> None:
    """Coverage 0.3 / 0.5 of 0.4 is closed, a quarter of it spills over, nothing outside the arena."""
    s, w, p = _initiative(outcome)
    with interpreted(value), changes(s, "indirect"):
        value.update_initiative(s, w, p, 9, 0, 0)
    assert s.indirect[0, REGIONAL] == pytest.approx([0.62, 0.62, 0.53, 0.5])
    assert (s.indirect[0, 1:] == 0.5).all(), "at the scale of the arena"


def test_a_completed_and_a_failed_initiative_by_hand() -> None:
    s, w, p = _initiative(COMPLETED)
    with interpreted(value), changes(s, "direct", "completions"):
        value.update_initiative(s, w, p, 9, 0, 0)
    assert s.direct[0, REGIONAL] == pytest.approx([0.12, 0.12, 0.03, 0.0])
    assert not s.direct[0, 1:].any()
    assert s.completions == pytest.approx([0.8, 0.8, 0.0, 0.0]), "1 - 0.8 x 0.5 x (1 - 0.5) of it is told as shared"
    s, w, p = _initiative(FAILED)  # 0.8 of what half of the work would have brought
    with interpreted(value), changes(s, "direct"):
        value.update_initiative(s, w, p, 9, 0, 0)
    assert s.direct[0, REGIONAL] == pytest.approx([0.048, 0.048, 0.012, 0.0])


def test_a_member_earns_what_was_done_with_it() -> None:
    """Without 1, or while it broke its promise, 0.6 was done: (0.1 + 0.4 x 0.2) / 0.5 is covered, and it earns 0.55."""
    s, w, p = _initiative(COMPLETED)
    s.share_done[:], s.missed[0, 0, 1] = 1.0, 0.6
    with interpreted(value), changes(s, "direct", "completions"):
        value.update_initiative(s, w, p, 9, 0, 0)
    assert s.direct[0, REGIONAL] == pytest.approx([0.072, 0.072 * 0.55, 0.018, 0.0])
    late, w, p = _initiative(COMPLETED)
    late.share_done[:], late.missed[0, 0, 1] = 1.0, 1.0
    outside, _, _ = _initiative(COMPLETED)
    outside.committed[0, 0, 1] = False
    with interpreted(value):
        value.update_initiative(late, w, p, 9, 0, 0)
        value.update_initiative(outside, w, p, 9, 0, 0)
    assert late.direct == pytest.approx(outside.direct), "who was there for nothing earns what one outside does"


def test_a_member_that_missed_work_closes_less_of_a_failure_too() -> None:
    """Half was done, 0.3 of it without it, so 0.4 of that half with it: 0.8 x 0.5 x 0.2 x (0.1 + 0.4 x 0.2) / 0.5.

    It earns 0.4 + 0.6 x 0.25 of that.
    """
    s, w, p = _initiative(FAILED)
    s.missed[0, 0, 1] = 0.3
    with interpreted(value), changes(s, "direct"):
        value.update_initiative(s, w, p, 9, 0, 0)
    assert s.direct[0, REGIONAL] == pytest.approx([0.0288, 0.0288 * 0.55, 0.0072, 0.0])


@pytest.mark.parametrize("outcome", [AGREED, IMPOSED])
def test_who_was_bound_against_its_vote_lends_an_agreement_no_voice(outcome: int) -> None:
    """Without 1 coverage is 0.1 / 0.5: 0 closes 0.2 x 0.4 of the half that is left; to 1 it spills over, as to 2."""
    s, w, p = _initiative(outcome)
    s.coerced[0, 0, 1] = True
    with interpreted(value), changes(s, "indirect"):
        value.update_initiative(s, w, p, 9, 0, 0)
    assert s.indirect[0, REGIONAL] == pytest.approx([0.54, 0.51, 0.51, 0.5])


def test_who_was_bound_against_its_vote_counts_in_execution_for_what_it_did() -> None:
    """It is held to its promise like the others: only what it missed is not counted."""
    s, w, p = _initiative(COMPLETED)
    s.coerced[0, 0, 1] = True
    with interpreted(value):
        value.update_initiative(s, w, p, 9, 0, 0)
    assert s.direct[0, REGIONAL] == pytest.approx([0.12, 0.12, 0.03, 0.0])


@given(
    st.sampled_from([COMPLETED, FAILED]), st.lists(shares, min_size=2, max_size=2), shares, st.integers(0, 1), shares
)  # fmt: skip
def test_value_never_rises_with_what_a_member_missed(
    outcome: int, missed: list[float], more: float, town: int, before: float
) -> None:
    """Not for the member, nor for the others; who was there earns no less than one that was not, which spills over."""
    gained = []
    for further in (0.0, more):
        s, w, p = _initiative(outcome)
        s.missed[0, 0, :2], s.direct[:] = missed, before
        s.missed[0, 0, town] += further * (1.0 - missed[town])
        with interpreted(value):
            value.update_initiative(s, w, p, 9, 0, 0)
        gained.append(s.direct[0, REGIONAL] - before)
        assert (gained[-1] >= 0.0).all()
        assert (s.direct <= 1.0).all()
        assert gained[-1][2] - 1e-12 <= gained[-1][:2].min(), "at least what spills over"
    assert (gained[1] <= gained[0] + 1e-12).all()


@given(st.lists(st.booleans(), min_size=2, max_size=2), st.integers(0, 1))
def test_no_municipality_gains_by_an_agreement_that_binds_more_against_their_vote(
    coerced: list[bool], town: int
) -> None:
    gained = []
    for against in (coerced[town], True):
        s, w, p = _initiative(IMPOSED)
        s.coerced[0, 0, :2] = coerced
        s.coerced[0, 0, town] = against
        with interpreted(value):
            value.update_initiative(s, w, p, 9, 0, 0)
        gained.append(s.indirect[0, REGIONAL].copy())
    assert (gained[1] <= gained[0] + 1e-12).all()
    assert (gained[1] >= 0.5).all()


def test_an_agreement_is_all_of_its_members() -> None:
    """Before they have signed nothing is known of what they missed."""
    s, w, p = _initiative(AGREED)
    s.missed[:] = OUTSIDE
    with interpreted(value):
        value.update_initiative(s, w, p, 9, 0, 0)
    assert s.indirect[0, REGIONAL] == pytest.approx([0.62, 0.62, 0.53, 0.5])


@pytest.mark.parametrize("outcome", [OPEN, DEADLOCKED, LAPSED])
def test_a_deadlock_brings_nothing(outcome: int) -> None:
    s, w, p = _initiative(outcome)
    with interpreted(value), changes(s):
        value.update_initiative(s, w, p, 9, 0, 0)


def test_value_wears() -> None:
    s = SimpleNamespace(direct=np.full((2, 3, 4), 0.5), indirect=np.full((2, 2, 4), 0.5))
    p = SimpleNamespace(erosion_direct=0.1, erosion_indirect=0.2)
    with interpreted(value), changes(s, "direct", "indirect"):
        value.update(s, SimpleNamespace(severity=np.zeros((2, 4))), p, 9)
    assert s.direct == pytest.approx(np.full((2, LOCAL + 1, 4), 0.45))
    assert s.indirect == pytest.approx(np.full((2, LOCAL, 4), 0.4))


@pytest.mark.parametrize(("power", "factor"), [(0, 1.0), (1, 0.6), (2, 0.36)])
def test_coverage_counts_by_the_structural_variant(power: int, factor: float) -> None:
    """Of 0.6 of the need: not at all, as it is, and with twice the exponent of 1."""
    s, w, p = _initiative(COMPLETED)
    w.coverage_power = power
    with interpreted(value):
        value.update_initiative(s, w, p, 9, 0, 0)
    assert s.direct[0, REGIONAL] == pytest.approx([0.2 * factor, 0.2 * factor, 0.05 * factor, 0.0])
