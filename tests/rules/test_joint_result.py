from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from bresim.kernel.state import AGREED, COMPLETED, DEADLOCKED, FAILED, IMPOSED, LAPSED, OPEN
from bresim.rules import joint_result
from tests.rules.plain import changes, interpreted, listed

#: Memory halves the ceiling.
P = SimpleNamespace(claiming=0.8, trust_ceiling=0.5, trust_completion=0.25, trust_failure=0.1)


def _members(outcome: int, negativity: float = 0.0, celebration: float = 0.0) -> SimpleNamespace:
    """Members 0, 2 and 3 of four municipalities, with trust of 0.5 and a grievance of 0.2."""
    s = SimpleNamespace(
        institution=[SimpleNamespace(celebration=celebration)], region=SimpleNamespace(negativity=negativity),
        trust=np.full((4, 4), 0.5), grievance=np.full((4, 4), 0.2), **listed([[[True, False, True, True]]]),
        outcome=np.array([[outcome]]),
    )  # fmt: skip
    np.fill_diagonal(s.trust, 0.0)
    np.fill_diagonal(s.grievance, 0.0)
    return s


def _after(s: SimpleNamespace) -> np.ndarray:
    with interpreted(joint_result), changes(s, "trust"):
        joint_result.update_initiative(s, None, P, 9, 0, 0)
    assert (np.diag(s.trust) == 0.0).all()
    learned: np.ndarray = s.trust
    return learned


@pytest.mark.parametrize(
    ("outcome", "after"),
    [(COMPLETED, 0.6), (FAILED, 0.45)],  # 0.5 + 0.25 x (1 - 0.5 x 0.2 - 0.5); 0.5 x (1 - 0.1)
)
def test_what_ends_moves_trust_between_all_members(outcome: int, after: float) -> None:
    s = _members(outcome)
    before = s.trust.copy()
    learned = _after(s)
    for i in (0, 2, 3):
        assert learned[i, [j for j in (0, 2, 3) if j != i]] == pytest.approx(after)
    assert (learned[1] == before[1]).all()
    assert (learned[:, 1] == before[:, 1]).all()


@pytest.mark.parametrize("outcome", [OPEN, AGREED, IMPOSED, DEADLOCKED, LAPSED])
def test_nothing_else_does(outcome: int) -> None:
    s = _members(outcome)
    with interpreted(joint_result), changes(s):
        joint_result.update_initiative(s, None, P, 9, 0, 0)


def test_a_success_that_is_claimed_brings_less_unless_it_is_celebrated() -> None:
    """With full negativity 0.8 of a completion is claimed as personal; a failure is no success."""
    assert _after(_members(COMPLETED, negativity=1.0))[0, 3] == pytest.approx(0.5 + 0.2 * 0.1)
    assert _after(_members(COMPLETED, negativity=1.0, celebration=1.0))[0, 3] == pytest.approx(0.6)
    assert _after(_members(FAILED, negativity=1.0))[0, 3] == pytest.approx(0.45)
