from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bresim.kernel.state import AGREED, COMPLETED, DEADLOCKED, FAILED, IMPOSED, LAPSED, OPEN
from bresim.rules import resentment
from tests.rules.plain import changes, interpreted, scratch, shares

P = SimpleNamespace(holdout_grievance=0.5, overruling_grievance=0.4, overrun_grievance=0.05, acceptance_mandate=0.25)
NOBODY = [False] * 4


def _after(
    outcome: int,
    committed: list[bool],
    coerced: list[bool],
    acceptance: float = 0.5,
    mandate: float = 1.0,
    trust: Any = 0.5,
) -> np.ndarray:
    """Grievance, 0.2 before, of four municipalities of which 3 is not eligible."""
    grievance = np.full((4, 4), 0.2)
    np.fill_diagonal(grievance, 0.0)
    s = SimpleNamespace(
        outcome=np.array([[outcome]]), grievance=grievance, committed=np.array([[committed]]),
        coerced=np.array([[coerced]]), eligible=np.array([[True, True, True, False]]),
        acceptance=np.full(4, acceptance), institution=[SimpleNamespace(mandate=mandate)],
        trust=np.broadcast_to(trust, (4, 4)), **scratch(4),
    )  # fmt: skip
    worse = outcome in (DEADLOCKED, FAILED) or (outcome == IMPOSED and acceptance + 0.25 * mandate < 1.0)
    worse |= outcome == AGREED and any(coerced) and bool(np.min(trust) < 1.0)
    with interpreted(resentment), changes(s, *["grievance"] * worse):
        resentment.update_initiative(s, None, P, 9, 0, 0)
    assert (np.diag(s.grievance) == 0.0).all()
    return s.grievance


def _pairs(grievance: np.ndarray) -> list[list[int]]:
    return np.argwhere((grievance != 0.2) & ~np.eye(4, dtype=bool)).tolist()


def test_after_a_deadlock_those_that_committed_resent_the_holdouts() -> None:
    """0 and 1 had committed, 2 held out, 3 was not invited: 0 and 1 resent 2."""
    grievance = _after(DEADLOCKED, [True, True, False, False], NOBODY)
    assert _pairs(grievance) == [[0, 2], [1, 2]]
    assert grievance[0, 2] == pytest.approx(0.6)


def test_after_an_imposition_the_overruled_resent_those_that_wanted_it() -> None:
    """0 and 1 wanted it, 2 did not: a granted mandate makes acceptance 0.75, so 2 resents a quarter as much."""
    grievance = _after(IMPOSED, [True, True, True, False], [False, False, True, False])
    assert _pairs(grievance) == [[2, 0], [2, 1]]
    assert grievance[2, 0] == pytest.approx(0.2 + 0.1 * 0.8)


def test_those_that_were_outvoted_resent_the_majority_the_less_they_trust_it() -> None:
    """2 is bound and trusts 0 for three quarters, 1 for one: a quarter and three quarters of 0.4 of what is missing.

    How far the majority trusts 2 is of no account, nor is how far 2 accepts the province.
    """
    trust = np.full((4, 4), 0.1)
    trust[2, :2] = [0.75, 0.25]
    for acceptance in (0.0, 1.0):
        grievance = _after(AGREED, [True, True, True, False], [False, False, True, False], acceptance, 1.0, trust)
        assert _pairs(grievance) == [[2, 0], [2, 1]]
        assert grievance[2, :2] == pytest.approx([0.2 + 0.1 * 0.8, 0.2 + 0.3 * 0.8])


def test_those_that_were_outvoted_together_do_not_resent_each_other() -> None:
    """1 and 2 are bound by 0; 3 has no part in it."""
    grievance = _after(AGREED, [True, True, True, False], [False, True, True, False])
    assert _pairs(grievance) == [[1, 0], [2, 0]]
    assert grievance[1, 0] == pytest.approx(0.2 + 0.4 * 0.5 * 0.8)


def test_full_trust_in_a_majority_leaves_no_resentment() -> None:
    assert _pairs(_after(AGREED, [True, True, True, False], [False, False, True, False], trust=1.0)) == []


@given(shares, shares)
def test_the_more_the_majority_is_trusted_the_less_it_is_resented(one: float, other: float) -> None:
    more, less = (
        _after(AGREED, [True, True, True, False], [False, False, True, False], trust=trust)[2, 0]
        for trust in sorted((one, other))
    )
    assert 0.2 <= less <= more <= 0.2 + 0.4 * 0.8 + 1e-12


def test_members_of_a_failed_initiative_hold_it_against_each_other() -> None:
    grievance = _after(FAILED, [True, False, True, False], NOBODY)
    assert _pairs(grievance) == [[0, 2], [2, 0]]
    assert grievance[0, 2] == pytest.approx(0.24)


@pytest.mark.parametrize("outcome", [OPEN, COMPLETED, LAPSED])
def test_nothing_else_is_resented(outcome: int) -> None:
    assert _pairs(_after(outcome, [True, True, True, False], [False, False, True, False])) == []
    assert _pairs(_after(AGREED, [True, True, False, False], NOBODY)) == [], "an agreement of those that wanted it"


def test_full_acceptance_leaves_no_resentment() -> None:
    assert _pairs(_after(IMPOSED, [True, True, True, False], [False, False, True, False], 0.75)) == []


@given(st.floats(0.0, 0.7), st.floats(0.0, 0.7), shares)
def test_the_more_a_municipality_accepts_the_province_the_less_it_resents(
    low: float, high: float, mandate: float
) -> None:
    low, high = min(low, high), max(low, high)
    all_in, bound = [True, True, True, False], [False, False, True, False]
    less, more = _after(IMPOSED, all_in, bound, high, 1.0), _after(IMPOSED, all_in, bound, low, mandate)
    assert 0.2 <= less[2, 0] <= more[2, 0] + 1e-12 <= 1.0
