from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given

from bresim.rules import grievance
from tests.rules.plain import plain, shares

remembered = plain(grievance.remembered)


def test_by_hand() -> None:
    # no negativity: it fades by the rate of forgetting and nobody retells it
    assert remembered(0.5, 0.04, 0.7, 0.0, 0.12, 0.9) == pytest.approx(0.48)
    # full: fades by 0.04 x 0.3, then 0.12 of the way to what is told: 0.494 + 0.12 x (0.9 - 0.494)
    assert remembered(0.5, 0.04, 0.7, 1.0, 0.12, 0.9) == pytest.approx(0.54272)
    assert remembered(0.0, 0.04, 0.7, 0.5, 0.2, 0.4) == pytest.approx(0.04)


@given(shares, shares, shares, shares, shares, shares)
def test_bounds_and_direction(
    now: float, decay: float, memory: float, nu: float, retelling: float, told: float
) -> None:
    after = remembered(now, decay, memory, nu, retelling, told)
    assert 0.0 <= after <= 1.0 + 1e-12
    assert after <= max(now, told) + 1e-12
    # forgetting is slower the more negative the undercurrent
    assert remembered(now, decay, memory, nu, 0.0, told) <= remembered(now, decay, memory, 1.0, 0.0, told) + 1e-12
    assert remembered(now, decay, memory, nu, retelling, 0.0) <= after + 1e-12


def made(committed: list[bool], eligible: list[bool]) -> SimpleNamespace:
    size = len(committed)
    return SimpleNamespace(
        grievance=np.full((size, size), 0.2), committed=np.array([[committed]]), eligible=np.array([eligible]),
        acceptance=np.full(size, 0.5), rules=[SimpleNamespace(mandate=1.0)],
    )  # fmt: skip


def test_who_resents_whom_after_a_deadlock() -> None:
    """0 and 1 had committed, 2 held out, 3 was not invited: 0 and 1 resent 2."""
    s = made([True, True, False, False], [True, True, True, False])
    plain(grievance.after_deadlock)(s, SimpleNamespace(holdout_grievance=0.5), 0, 0)
    changed = np.argwhere(s.grievance != 0.2).tolist()
    assert changed == [[0, 2], [1, 2]]
    assert s.grievance[0, 2] == pytest.approx(0.6)


def test_who_resents_whom_after_being_overruled() -> None:
    """0 and 1 wanted it, 2 did not: a granted mandate makes acceptance 0.75, so 2 resents a quarter as much."""
    s = made([True, True, False, False], [True, True, True, False])
    p = SimpleNamespace(overruling_grievance=0.4, acceptance_mandate=0.25)
    plain(grievance.after_overruling)(s, p, 0, 0)
    assert np.argwhere(s.grievance != 0.2).tolist() == [[2, 0], [2, 1]]
    assert s.grievance[2, 0] == pytest.approx(0.2 + 0.1 * 0.8)


def test_members_of_a_failed_initiative_hold_it_against_each_other() -> None:
    s = made([True, False, True, False], [True] * 4)
    np.fill_diagonal(s.grievance, 0.0)
    before = s.grievance.copy()
    plain(grievance.after_overrun)(s, SimpleNamespace(overrun_grievance=0.05), 0, 0)
    assert np.argwhere(s.grievance != before).tolist() == [[0, 2], [2, 0]]
    assert s.grievance[0, 2] == pytest.approx(0.24)
