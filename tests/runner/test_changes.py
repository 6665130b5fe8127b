"""What is told of a change: once, with its cause, and not before it is large enough."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from bresim.columns.events import CAUSES, SMALLEST_CHANGE
from bresim.kernel.state import AGREED, CLOSED, DEADLOCKED, DESIGN, EXECUTING, FAILED, IDLE, IMPOSED, NEGOTIATING
from bresim.rulebook import shipped_uses
from bresim.runner import changes, diary
from tests.rules.plain import interpreted, listed
from tests.runner.diaries import noting, told


def _sums(s: SimpleNamespace) -> dict[str, Any]:
    """Cause → what it changed, where it changed anything."""
    return {cause.code: s.untold[at] for at, cause in enumerate(CAUSES) if s.untold[at].any()}


def test_who_comes_and_goes_is_told_once() -> None:
    s = noting()
    with interpreted(changes):
        s.phase[:] = [[NEGOTIATING, EXECUTING]]
        s.committed[0, 0, 0], s.committed[0, 1, 2] = True, True
        changes.note_seats(s, 4)
        assert told(s) == [(4, "joined", 0, 0, 0, 0.0), (4, "joined", 0, 1, 2, 0.0)]
        changes.note_seats(s, 5)
        assert told(s) == []
        s.committed[0, 0, 1], s.coerced[0, 0, 1] = True, True
        changes.note_decision(s, 6, 0, 0)
        assert told(s) == [(6, "bound", 0, 0, 1, 0.0)]
        s.committed[:], s.coerced[:] = False, False
        s.eligible[0, 1] = False
        changes.note_seats(s, 7)
        assert told(s) == [
            (7, "withdrew", 0, 0, 0, 0.0), (7, "excluded", 0, 0, 1, 0.0), (7, "left", 0, 1, 2, 0.0),
        ]  # fmt: skip


def test_a_council_that_refuses_is_told_apart_from_who_withdraws() -> None:
    """All three had committed. The councils of 1 and 2 refuse; 2 is bound all the same; 0 withdraws a quarter later."""
    s = noting(phase=np.array([[NEGOTIATING, NEGOTIATING]]))
    with interpreted(changes):
        s.committed[0, 0] = True
        changes.note_seats(s, 4)
        told(s)
        s.committed[0, 0, 1], s.coerced[0, 0, 2] = False, True
        changes.note_decision(s, 4, 0, 0)
        changes.note_decision(s, 4, 0, 1)
        assert told(s) == [
            (4, "council_refused", 0, 0, 1, 0.0), (4, "council_refused", 0, 0, 2, 0.0), (4, "bound", 0, 0, 2, 0.0),
        ]  # fmt: skip
        s.committed[0, 0, 0] = False
        changes.note_seats(s, 5)
    assert told(s) == [(5, "withdrew", 0, 0, 0, 0.0)]


def test_when_an_arena_ends_no_rule_excludes_anyone_or_gives_a_vote_back() -> None:
    """What is negotiated ends by an event of its own; what is in execution goes on, and can be left."""
    s = noting(phase=np.array([[NEGOTIATING, EXECUTING]]))
    with interpreted(changes):
        s.committed[:], s.vote_back[0, 0] = True, 14
        changes.note_seats(s, 4)
        changes.note_votes(s, 4)
        told(s)
        s.arena_slot[0], s.eligible[:], s.vote_back[:], s.committed[0, 0] = CLOSED, False, 0, False
        changes.note_votes(s, 5)
        changes.note_seats(s, 5)
        changes.note_decision(s, 5, 0, 0)
        assert told(s) == []
        s.committed[0, 1, 2] = False
        changes.note_seats(s, 6)
        assert told(s) == [(6, "left", 0, 1, 2, 0.0)]
        s.arena_slot[0], s.eligible[:] = DESIGN, True
        changes.note_votes(s, 7)
    assert told(s) == [], "everyone has its vote, and that was so before"


def test_what_ends_lets_its_members_go_without_an_event() -> None:
    s = noting(phase=np.array([[EXECUTING, IDLE]]))
    with interpreted(changes):
        s.committed[0, 0] = True
        changes.note_seats(s, 4)
        told(s)
        s.phase[0, 0], s.committed[:] = IDLE, False
        changes.note_seats(s, 5)
        assert told(s) == []
        s.phase[0, 0], s.committed[0, 0, 1] = NEGOTIATING, True
        changes.note_seats(s, 6)
        assert told(s) == [(6, "joined", 0, 0, 1, 0.0)], "the theme is opened again"


def test_members_promise_once_and_those_of_before_the_run_not_at_all() -> None:
    s = noting(phase=np.array([[EXECUTING, NEGOTIATING]]), promised=np.full((1, 2, 3), 1.5))
    with interpreted(changes):
        s.committed[0, 0, 0], s.committed[0, 1, 0] = True, True
        changes.note_inherited(s)
        s.committed[0, 0, 1] = True
        changes.note_seats(s, 3)
        changes.note_newcomers(s, 3)
        assert told(s) == [(3, "joined", 0, 0, 1, 0.0), (3, "signed", 0, 0, 1, 1.5)]
        changes.note_newcomers(s, 4)
        assert told(s) == []
        changes.note_promises(s, 5, 0, 1)  # what was negotiated when the run began is agreed on now
        assert told(s) == [(5, "signed", 0, 1, 0, 1.5)]


def test_shocks_and_money_are_told_when_they_begin_or_grow_and_elections_in_their_quarter() -> None:
    w = SimpleNamespace(election=[False, True], provincial_election=[False, True])
    s = noting(shock=np.array([0.5, 0.0]), window=np.array([0.0, 0.25]))
    with interpreted(changes):
        changes.note_surroundings(s, w, 0)
        assert told(s) == [(0, "shock", -1, 0, -1, 0.5), (0, "funding_window", -1, 1, -1, 0.25)]
        s.shock[:] = [0.4, 0.0]
        changes.note_surroundings(s, w, 1)
        assert told(s) == [(1, "municipal_election", -1, -1, -1, 0.0), (1, "provincial_election", -1, -1, -1, 0.0)]
        s.shock[:] = [0.45, 0.0]
        changes.note_surroundings(s, w, 0)
        assert told(s) == [(0, "shock", -1, 0, -1, 0.45)], "it grew again"


def test_a_change_goes_to_its_cause_by_its_sign() -> None:
    s = noting()
    s.trust[0, 1] += 0.25
    s.trust[1, 0] -= 0.125
    s.grievance[2, 0] += 0.5
    with interpreted(changes):
        changes.note_trust(s, changes.TRUST_KEPT, changes.TRUST_BROKEN)
        changes.note_grievance(s, changes.GRIEVANCE_RETOLD, changes.GRIEVANCE_FADED)
        found = _sums(s)
        changes.note_trust(s, changes.TRUST_COMPLETED, changes.TRUST_FAILED)
    assert set(found) == {"trust: kept_promise", "trust: broken_promise", "grievance: retold"}
    assert found["trust: kept_promise"][0, 1] == 0.25
    assert found["trust: broken_promise"][1, 0] == -0.125
    assert found["grievance: retold"][2, 0] == 0.5
    assert set(_sums(s)) == set(found), "nothing twice"


@pytest.mark.parametrize(
    ("outcome", "cause"),
    [(DEADLOCKED, "deadlocked"), (IMPOSED, "imposed"), (AGREED, "imposed"), (FAILED, "failed")],
)
def test_resentment_is_told_by_what_left_it(outcome: int, cause: str) -> None:
    """Also a majority imposes on those that it binds."""
    s = noting(outcome=np.array([[0, outcome]]))
    s.grievance[0, 2] += 0.25
    with interpreted(changes):
        changes.note_resentment(s, 0, 1)
    assert set(_sums(s)) == {f"grievance: {cause}"}


def test_new_aldermen_and_leaving_are_told_apart() -> None:
    """2 leaves an initiative in which 0 stays; that of 1, with new aldermen too, is still negotiated."""
    s = noting(phase=np.array([[EXECUTING, NEGOTIATING]]))
    with interpreted(changes):
        s.committed[0, 0, [0, 2]], s.committed[0, 1, [0, 1]] = True, True
        changes.note_seats(s, 1)
        told(s)
        s.committed[0, 0, 2], s.committed[0, 1, 1] = False, False
        s.trust[0, 2] -= 0.25  # it was left
        s.trust[2, 0] -= 0.125  # who left has forgotten
        s.trust[0, 1] -= 0.125
        s.grievance[0, 2] += 0.25
        changes.note_turnover(s, 2)
    assert told(s) == [(2, "left", 0, 0, 2, 0.0), (2, "withdrew", 0, 1, 1, 0.0)]
    found = _sums(s)
    assert set(found) == {"trust: left", "trust: turnover", "grievance: left"}
    assert np.argwhere(found["trust: left"]).tolist() == [[0, 2]]
    assert np.argwhere(found["trust: turnover"]).tolist() == [[0, 1], [2, 0]]


def test_a_vote_that_is_lost_and_back_is_told_once() -> None:
    s = noting(due=np.array([[False, True]]), **listed([[[False] * 3, [True, True, False]]]))
    with interpreted(changes):
        s.vote_back[0] = [14, 0, 0]
        changes.note_lost_votes(s, 9, 0, 0)
        assert told(s) == [], "no milestone"
        changes.note_lost_votes(s, 9, 0, 1)
        assert told(s) == [(9, "lost_vote", 0, 1, 0, 0.0)]
        s.vote_back[0, 0] = 15
        changes.note_lost_votes(s, 10, 0, 1)
        changes.note_votes(s, 14)
        assert told(s) == [], "still without"
        changes.note_votes(s, 15)
        changes.note_votes(s, 16)
        assert told(s) == [(15, "regained_vote", 0, -1, 0, 0.0)]


def test_small_changes_are_told_when_they_have_added_up() -> None:
    s = noting()
    step_of = 0.75 * SMALLEST_CHANGE
    with interpreted(changes):
        for t in range(3):
            s.trust[0, 1] += step_of
            changes.note_trust(s, changes.TRUST_BASELINE, changes.TRUST_BASELINE)
            changes.tell_changes(s, t)
            assert s.region.happened == (t > 0), "two of them are enough; the third waits for the next"
    row = s.diary[0]
    assert (row.quarter, row.kind, row.municipality, row.other) == (1, diary.N_EVENTS + changes.TRUST_BASELINE, 0, 1)
    assert row.amount == pytest.approx(2 * step_of)
    assert s.untold[changes.TRUST_BASELINE, 0, 1] == pytest.approx(step_of)


def test_every_rule_that_changes_trust_or_grievance_is_followed_by_a_note() -> None:
    """A new one must be given its cause in ``step``; else what it does is told as what the next rule does."""
    uses = shipped_uses()
    noted = {"initial", "trust", "joint_result", "turnover", "grievance", "resentment"}
    assert {*uses.changed["trust"], *uses.changed["grievance"]} == noted
