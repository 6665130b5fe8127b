from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bresim.kernel import draws
from bresim.kernel.state import BROKEN, COMPLETED, DELAYED, FAILED, KEPT, OPEN, OUTSIDE
from bresim.rules import milestones
from tests.rules.plain import changes, interpreted, listed, plain, shares

has_delivered, announcing, without, lacking = (
    plain(f) for f in (milestones.has_delivered, milestones.announcing, milestones.without, milestones.lacking)
)


def test_by_hand() -> None:
    assert has_delivered(6.0, 2.0, 4.0, 0.25)
    assert not has_delivered(5.9, 2.0, 4.0, 0.25)
    assert has_delivered(0.0, 0.0, 4.0, 0.0), "who promised nothing owes nothing"
    assert has_delivered(0.1 + 0.2, 0.3, 1.0, 0.0), "rounding breaks no promise"
    assert announcing(0.5, 0.0, 0.0) == 0.5
    assert announcing(0.5, 0.4, 0.2) == pytest.approx(0.7)
    assert announcing(0.5, 0.2, 1.0) == 1.0
    assert lacking(3.0, 1.0, 4.0) == pytest.approx(0.25)
    assert lacking(5.0, 1.0, 4.0) == lacking(0.0, 0.0, 4.0) == 0.0
    assert without(0.0, 0.4, 0.7, 1.0) == pytest.approx(0.3)
    assert without(0.0, 0.4, 0.7, 0.5) == pytest.approx(0.15)
    assert without(0.2, 0.4, 0.7, 1.0) == pytest.approx(0.5), "and what it missed before"
    assert without(0.5, 0.4, 0.7, 1.0) == pytest.approx(0.7), "it joined after the last milestone: 0.2 since, not 0.3"
    assert without(0.5, 0.6, 0.55, 1.0) == 0.5, "work grows with every newcomer: less of it may be done than before"


@given(shares, shares, shares)
def test_monitoring_and_a_guide_open_mouths(openness: float, monitoring: float, facilitation: float) -> None:
    x = announcing(openness, monitoring, facilitation)
    assert openness - 1e-12 <= x <= 1.0 + 1e-12
    assert announcing(openness, 1.0, facilitation) >= x - 1e-12
    assert announcing(openness, monitoring, 1.0) >= x - 1e-12


@given(st.lists(st.tuples(shares, st.booleans()), min_size=1, max_size=8), shares)
def test_what_a_member_missed_is_what_was_done_before_it_and_while_it_broke_its_promise(
    marks: list[tuple[float, bool]], joined: float
) -> None:
    """Shares done that rise from milestone to milestone; it joins before the first, with that share of it done."""
    done = sorted(share for share, _ in marks)
    start = missed = expected = joined * done[0]
    before = 0.0
    for now, (_, broke) in zip(done, marks, strict=True):
        after = without(missed, before, now, 1.0) if broke else missed
        expected += now - max(before, start) if broke else 0.0
        assert missed <= after <= now + 1e-12
        assert after == pytest.approx(expected)
        missed, before = after, now


@given(st.lists(shares, min_size=1, max_size=8), shares)
def test_what_was_missed_stays_a_share_and_never_falls(done: list[float], joined: float) -> None:
    """Also where the share that is done falls for a while, as newcomers add work."""
    missed, before, most = joined, 0.0, joined
    for now in done:
        after, most = without(missed, before, now, 1.0), max(most, now)
        assert 0.0 <= missed <= after <= most + 1e-12
        missed, before = after, now


def _initiative(since: float, outcome: int = OPEN) -> SimpleNamespace:
    """Members 0 to 3 of five promised 1 fte; 0 gave enough, 1 and 2 half, 3 enough without meaning to.

    Since the last milestone, at which 0 and 2 broke their promise, the share done went from 0.4 to 0.7. 2 missed a
    fifth before; 3 joined when half was done, a quarter of the way to this milestone.
    """
    return SimpleNamespace(
        key=draws.make_key(1, 0), phase=np.zeros((1, 2)), outcome=np.array([[OPEN, outcome]]),
        since_milestone=np.array([[9.0, since]]),
        due=np.zeros((1, 2), np.bool_), institution=[SimpleNamespace(monitoring=0.0, facilitation=0.0)],
        **listed([[[False] * 5, [True, True, True, True, False]]]), willing=np.array([[[True] * 5, [True, True, True,
        False, True]]]),
        promised=np.ones((1, 2, 5)), given=np.array([[[9.0] * 5, [0.8 * since, 0.5 * since, 0.5 * since, since, 9.0]]]),
        quarters_before=np.array([[[7.0] * 5, [0.0, 0.0, 0.0, 0.25 * since, 7.0]]]),
        verdict=np.array([[[BROKEN] * 5, [BROKEN, KEPT, BROKEN, DELAYED, BROKEN]]]),
        broken_again=np.array([[[True] * 5, [True, True, False, False, True]]]),
        share_done=np.array([[0.9, 0.7]]), done_before=np.array([[0.1, 0.4]]),
        missed=np.array([[[0.0] * 5, [0.0, 0.0, 0.2, 0.5, OUTSIDE]]]),
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
    fields = ("due", "verdict", "given", "quarters_before", "since_milestone", "missed", "broken_again", "done_before")
    with interpreted(milestones), changes(s, *fields):
        milestones.update_initiative(s, None, _parameters((_luck(1) + _luck(2)) / 2.0), 9, 0, 1)
    late = [DELAYED, BROKEN] if _luck(1) < _luck(2) else [BROKEN, DELAYED]
    assert s.verdict[0, 1].tolist() == [KEPT, *late, BROKEN, BROKEN], "the last one is no member"
    assert s.due.tolist() == [[False, True]]
    assert s.given[0, 1].tolist() == [0.0, 0.0, 0.0, 0.0, 9.0]
    assert s.quarters_before.tolist() == [[[7.0] * 5, [0.0, 0.0, 0.0, 0.0, 7.0]]]
    assert s.since_milestone.tolist() == [[9.0, 0.0]]
    assert s.done_before.tolist() == [[0.1, 0.7]]
    for left in (s.verdict[0, 0] == BROKEN, s.broken_again[0, 0], s.missed[0, 0] == 0.0):
        assert left.all(), "the other initiative"


def test_who_says_so_in_time_breaks_no_promise() -> None:
    for announce, verdict in ((1.0, DELAYED), (0.0, BROKEN)):
        s = _initiative(4.0)
        with interpreted(milestones):
            milestones.update_initiative(s, None, _parameters(announce), 9, 0, 1)
        assert s.verdict[0, 1, :4].tolist() == [KEPT, verdict, verdict, BROKEN]


@pytest.mark.parametrize(
    ("announce", "missed", "again"),
    [
        (0.0, [0.0, 0.15, 0.35, 0.5], [False, False, True, False]),  # 1, 2 and 3 broke theirs; 2 the last one too
        (1.0, [0.0, 0.15, 0.35, 0.5], [False, False, False, False]),  # 1 and 2 said that they would be late
    ],
)
def test_what_is_done_is_done_without_a_member_as_far_as_it_lacks_what_it_promised(
    announce: float, missed: list[float], again: list[bool]
) -> None:
    """0.3 was done since the last milestone: 1 and 2 gave half, whether they said so or not; 3 gave enough."""
    s = _initiative(4.0)
    with interpreted(milestones):
        milestones.update_initiative(s, None, _parameters(announce), 9, 0, 1)
    assert s.missed[0, 1] == pytest.approx([*missed, OUTSIDE])
    assert s.broken_again[0, 1].tolist() == [*again, True]


@pytest.mark.parametrize(
    ("gave", "verdict", "missed"),
    [(0.0, BROKEN, 0.7), (1.0, BROKEN, 0.6), (1.5, BROKEN, 0.55), (1.6, KEPT, 0.5), (2.0, KEPT, 0.5)],
)
def test_of_a_newcomer_the_quarters_since_it_signed_count(gave: float, verdict: int, missed: float) -> None:
    """3 signed for 1 fte halfway the four quarters, with 0.5 done: of the 0.2 done with it it misses what it lacked."""
    s = _initiative(4.0)
    s.willing[0, 1, 3], s.given[0, 1, 3], s.quarters_before[0, 1, 3] = True, gave, 2.0
    with interpreted(milestones):
        milestones.update_initiative(s, None, _parameters(0.0), 9, 0, 1)
    assert (s.verdict[0, 1, 3], s.missed[0, 1, 3]) == (verdict, pytest.approx(missed))


def test_a_promise_is_broken_again_when_the_one_before_was_broken_too() -> None:
    """3 breaks its promise at three milestones in a row, 1 only at the first: work done is 0.7, 0.8 and 0.95.

    Before the first 3 gave enough without meaning to, later nothing.
    """
    s = _initiative(4.0)
    found = []
    for share, given_by_1 in ((0.7, 0.0), (0.8, 4.0), (0.95, 4.0)):
        s.since_milestone[0, 1], s.share_done[0, 1], s.given[0, 1, 1] = 4.0, share, given_by_1
        with interpreted(milestones):
            milestones.update_initiative(s, None, _parameters(0.0), 9, 0, 1)
        found.append((s.broken_again[0, 1, [1, 3]].tolist(), s.missed[0, 1, [1, 3]].tolist()))
    assert [again for again, _ in found] == [[False, False], [False, True], [False, True]]
    assert [missed for _, missed in found] == [pytest.approx(each) for each in ([0.3, 0.5], [0.3, 0.6], [0.3, 0.75])]


def test_between_milestones_nothing_is_due() -> None:
    s = _initiative(3.0)
    s.due[:] = True
    with interpreted(milestones), changes(s, "due"):
        milestones.update_initiative(s, None, _parameters(0.5), 9, 0, 1)
    assert s.due.tolist() == [[True, False]]
