from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given

from bresim.kernel import draws
from bresim.kernel.state import BROKEN, COMPLETED, DELAYED, FAILED, KEPT, OPEN
from bresim.rules import milestones
from tests.rules.plain import changes, interpreted, listed, plain, shares

has_delivered, announcing = plain(milestones.has_delivered), plain(milestones.announcing)


def test_by_hand() -> None:
    assert has_delivered(6.0, 2.0, 4.0, 0.25)
    assert not has_delivered(5.9, 2.0, 4.0, 0.25)
    assert has_delivered(0.0, 0.0, 4.0, 0.0), "who promised nothing owes nothing"
    assert has_delivered(0.1 + 0.2, 0.3, 1.0, 0.0), "rounding breaks no promise"
    assert announcing(0.5, 0.0, 0.0) == 0.5
    assert announcing(0.5, 0.4, 0.2) == pytest.approx(0.7)
    assert announcing(0.5, 0.2, 1.0) == 1.0


@given(shares, shares, shares)
def test_monitoring_and_a_guide_open_mouths(openness: float, monitoring: float, facilitation: float) -> None:
    x = announcing(openness, monitoring, facilitation)
    assert openness - 1e-12 <= x <= 1.0 + 1e-12
    assert announcing(openness, 1.0, facilitation) >= x - 1e-12
    assert announcing(openness, monitoring, 1.0) >= x - 1e-12


def _initiative(since: float, outcome: int = OPEN) -> SimpleNamespace:
    """Members 0 to 3 of five promised 1 fte; 0 gave enough, 1 and 2 half, 3 enough without meaning to."""
    return SimpleNamespace(
        key=draws.make_key(1, 0), phase=np.zeros((1, 2)), outcome=np.array([[OPEN, outcome]]),
        since_milestone=np.array([[9.0, since]]),
        due=np.zeros((1, 2), np.bool_), institution=[SimpleNamespace(monitoring=0.0, facilitation=0.0)],
        **listed([[[False] * 5, [True, True, True, True, False]]]), willing=np.array([[[True] * 5, [True, True, True,
        False, True]]]),
        promised=np.ones((1, 2, 5)), given=np.array([[[9.0] * 5, [0.8 * since, 0.5 * since, 0.5 * since, since, 9.0]]]),
        verdict=np.full((1, 2, 5), -9),
    )  # fmt: skip


def _parameters(announce: float) -> SimpleNamespace:
    return SimpleNamespace(milestone_quarters=3.6, milestone_tolerance=0.2, announce=announce)


def _luck(i: int) -> float:
    """The number that decides whether i says that it will be late."""
    return float(draws.uniform(draws.make_key(1, 0), draws.ANNOUNCE, 9, 1, i))


@pytest.mark.parametrize(("since", "outcome"), [(4.0, OPEN), (1.0, COMPLETED), (2.0, FAILED)])
def test_a_milestone_by_hand(since: float, outcome: int) -> None:
    """1 and 2 are late: with a chance to say so between their two numbers, the lower one does."""
    s = _initiative(since, outcome)
    with interpreted(milestones), changes(s, "due", "verdict", "given", "since_milestone"):
        milestones.update_initiative(s, None, _parameters((_luck(1) + _luck(2)) / 2.0), 9, 0, 1)
    late = [DELAYED, BROKEN] if _luck(1) < _luck(2) else [BROKEN, DELAYED]
    assert s.verdict[0, 1].tolist() == [KEPT, *late, BROKEN, -9]
    assert s.due.tolist() == [[False, True]]
    assert s.given[0, 1].tolist() == [0.0, 0.0, 0.0, 0.0, 9.0]
    assert s.since_milestone.tolist() == [[9.0, 0.0]]
    assert (s.verdict[0, 0] == -9).all()


def test_who_says_so_in_time_breaks_no_promise() -> None:
    for announce, verdict in ((1.0, DELAYED), (0.0, BROKEN)):
        s = _initiative(4.0)
        with interpreted(milestones):
            milestones.update_initiative(s, None, _parameters(announce), 9, 0, 1)
        assert s.verdict[0, 1].tolist() == [KEPT, verdict, verdict, BROKEN, -9]


def test_between_milestones_nothing_is_due() -> None:
    s = _initiative(3.0)
    s.due[:] = True
    with interpreted(milestones), changes(s, "due"):
        milestones.update_initiative(s, None, _parameters(0.5), 9, 0, 1)
    assert s.due.tolist() == [[True, False]]
