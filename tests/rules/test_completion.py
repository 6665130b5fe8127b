from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bresim.kernel.state import COMPLETED, FAILED, OPEN
from bresim.rules import completion
from tests.rules.plain import changes, interpreted, shares

P = SimpleNamespace(overrun=14.0, escalation_time=4.0)


def _outcome(done: float, clock: float, escalation: float = 0.0, members: int = 2) -> int:
    s = SimpleNamespace(
        outcome=np.full((1, 2), -1), share_done=np.full((1, 2), done), clock=np.full((1, 2), clock),
        escalation=np.full((1, 2), escalation), n_members=np.full((1, 2), members),
    )  # fmt: skip
    with interpreted(completion), changes(s, "outcome"):
        completion.update_initiative(s, None, P, 9, 0, 1)
    assert s.outcome[0, 0] == -1
    return int(s.outcome[0, 1])


@pytest.mark.parametrize(
    ("done", "clock", "escalation", "members", "outcome"),
    [
        (0.5, 3.0, 0.0, 2, OPEN),
        (1.0, 3.0, 0.0, 2, COMPLETED),
        (0.99, 13.0, 0.0, 2, OPEN),
        (0.99, 14.0, 0.0, 2, FAILED),
        (1.0, 14.0, 0.0, 2, COMPLETED),  # done in its last quarter
        (0.5, 14.0, 0.5, 2, OPEN),  # escalation gives it half of four quarters
        (0.5, 15.0, 0.5, 2, OPEN),
        (0.5, 16.0, 0.5, 2, FAILED),
        (0.5, 17.0, 1.0, 2, OPEN),
        (0.5, 3.0, 1.0, 0, FAILED),  # no member is left
        (1.0, 3.0, 0.0, 0, COMPLETED),
    ],
)
def test_by_hand(done: float, clock: float, escalation: float, members: int, outcome: int) -> None:
    assert _outcome(done, clock, escalation, members) == outcome


@given(shares, st.integers(1, 20), shares, shares)
def test_escalation_never_makes_an_initiative_fail(done: float, clock: int, low: float, high: float) -> None:
    low, high = min(low, high), max(low, high)
    if _outcome(done, float(clock), high) == FAILED:
        assert _outcome(done, float(clock), low) == FAILED
