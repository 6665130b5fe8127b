"""What a run notes down for its tables: nothing twice, and only what belongs to the region and the policy window."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from bresim.kernel.state import (
    AGREED,
    BROKEN,
    COMPLETED,
    COUNTS_DTYPE,
    DEADLOCKED,
    DELAYED,
    FAILED,
    IDLE,
    IMPOSED,
    INITIATIVE_DTYPE,
    KEPT,
    LAPSED,
    NEGOTIATING,
    NO_ROW,
    OPEN,
    REGIONAL,
    SUBREGIONAL,
)
from bresim.runner import changes as noted
from bresim.runner import diary, logbook
from tests.rules.plain import changes, interpreted, listed, plain

W = SimpleNamespace(policy_start=20, arena_scale=np.array([REGIONAL, SUBREGIONAL]))


@pytest.mark.parametrize("members", [[], [0], [1, 3], [0, 59], list(range(60))])
def test_members_as_bits(members: list[int]) -> None:
    committed = np.zeros(60, np.bool_)
    committed[members] = True
    bits = int(plain(logbook.member_bits)(committed))
    assert [i for i in range(64) if bits >> i & 1] == members


def _state(outcome: int = OPEN, opened: int = 22) -> SimpleNamespace:
    """Two arenas, one theme, three municipalities; row 1 of the log is the region's, row 2 that of arena 1."""
    log = np.zeros(3, INITIATIVE_DTYPE).view(np.recarray)
    log.opened, log.agreed, log.ended = opened, -1, -1
    counts = SimpleNamespace(**dict.fromkeys(COUNTS_DTYPE.names or (), 0))
    counts.first_result = -1
    return SimpleNamespace(
        outcome=np.full((2, 1), outcome), log=log, log_row=np.array([[1], [2]]), counts=counts,
        **listed([[[True, False, True]], [[True, True, True]]]),
        coerced=np.array([[[False, False, True]]] * 2),
        verdict=np.array([[[KEPT, BROKEN, BROKEN]], [[DELAYED, KEPT, BROKEN]]]), due=np.ones((2, 1), np.bool_),
        enforced=np.array([[[True, True, False]], [[False] * 3]]), window=np.array([0.5]),
        agreements=np.zeros(3), pledged=np.zeros(3), delayed=np.zeros(3), defaulted=np.zeros(3), diary=np.zeros(0),
    )  # fmt: skip


def _note(s: SimpleNamespace, t: int, arena: int, *fields: str) -> np.record:
    """Note the outcome; of the log only the row of the initiative may change."""
    before, row = s.log.copy(), s.log_row[arena, 0]
    ended = s.outcome[arena, 0] not in (AGREED, IMPOSED)
    own = ["log_row"] if ended else ["agreements"] if t >= W.policy_start else []
    with interpreted(logbook, diary, noted), changes(s, "log", *own, *(f"counts.{name}" for name in fields)):
        logbook.note_outcome(s, W, t, arena, 0)
    assert s.log_row[arena, 0] == (NO_ROW if ended else row)
    assert [i for i in range(3) if s.log[i] != before[i]] == [row]
    return s.log[row]


@pytest.mark.parametrize(("outcome", "imposed"), [(AGREED, False), (IMPOSED, True)])
def test_an_agreement_in_the_region(outcome: int, imposed: bool) -> None:
    s = _state(outcome)
    entry = _note(s, 25, 0, "agreements", "quarters_waited", *["imposed"] * imposed)
    assert (entry.agreed, entry.ended, entry.imposed, entry.members, entry.coerced) == (25, -1, imposed, 0b101, 1)
    assert (s.counts.agreements, s.counts.quarters_waited, s.counts.imposed) == (1, 3, imposed)
    assert s.agreements.tolist() == [1.0, 0.0, 1.0]


def test_the_agreements_of_a_municipality_are_those_in_all_arenas_since_policy_start() -> None:
    s = _state(AGREED, opened=12)
    _note(s, 19, 0)
    assert s.agreements.tolist() == [0.0, 0.0, 0.0]
    _note(s, 20, 0, "agreements", "quarters_waited")
    _note(s, 21, 1)
    assert s.agreements.tolist() == [2.0, 1.0, 2.0]


@pytest.mark.parametrize(
    ("outcome", "field", "members"),
    [(DEADLOCKED, "deadlocks", 0), (COMPLETED, "completed", 0b101), (FAILED, "failed", 0b101)],
)
def test_an_end_in_the_region(outcome: int, field: str, members: int) -> None:
    s = _state(outcome)
    entry = _note(s, 25, 0, field, *["first_result"] * (outcome == COMPLETED))
    assert (entry.agreed, entry.ended, entry.outcome, entry.members) == (-1, 25, outcome, members)
    assert getattr(s.counts, field) == 1


def test_talks_that_lapse_in_the_region_are_noted_and_count_as_nothing() -> None:
    s = _state(LAPSED)
    entry = _note(s, 25, 0)
    assert (entry.agreed, entry.ended, entry.outcome, entry.members) == (-1, 25, LAPSED, 0)


@pytest.mark.parametrize("outcome", [AGREED, IMPOSED, DEADLOCKED, COMPLETED, FAILED, LAPSED])
@pytest.mark.parametrize(("t", "arena"), [(19, 0), (25, 1)])
def test_nothing_counts_before_policy_start_or_in_a_subregion(outcome: int, t: int, arena: int) -> None:
    s = _state(outcome, opened=12)
    entry = _note(s, t, arena)
    assert t in (entry.agreed, entry.ended), "the log has it all the same"


def test_the_first_result_is_of_an_initiative_opened_since_policy_start() -> None:
    s = _state(COMPLETED, opened=19)
    _note(s, 24, 0, "completed")
    assert s.counts.first_result == -1
    s.log.opened, s.log_row[0, 0] = 20, 1
    _note(s, 26, 0, "completed", "first_result")
    assert s.counts.first_result == 6
    s.log_row[0, 0] = 0
    _note(s, 30, 0, "completed")
    assert (s.counts.first_result, s.counts.completed) == (6, 3)


@pytest.mark.parametrize(("height", "funded"), [(0.49, False), (0.5, True), (1.0, True)])
def test_a_funding_window_is_noted_from_half_its_height(height: float, funded: bool) -> None:
    s, w = _state(), SimpleNamespace(overlaps=~np.eye(2, dtype=np.bool_), window_shared=1.0 - np.eye(2))
    s.window[0] = height
    s.applied, s.taken, s.phase = np.zeros((2, 1)), np.zeros((2, 1)), np.full((2, 1), NEGOTIATING)
    with interpreted(logbook, diary, noted), changes(s, *["log"] * funded):
        logbook.note_funding(s, w, 0, 0)
    assert s.log.funded.tolist() == [False, funded, False]
    s.window[0] = 0.0
    with interpreted(logbook, diary, noted), changes(s):
        logbook.note_funding(s, w, 0, 0)
    s.log.funded[1], s.window[0], s.taken[1, 0] = False, 1.0, 0.6  # held at another table
    with interpreted(logbook, diary, noted), changes(s):
        logbook.note_funding(s, w, 0, 0)


def test_promises_that_fall_due_are_counted_by_municipality_and_for_the_region() -> None:
    """In the region 0 kept its promise, which the province saw to, and 2 broke its own. Elsewhere 0 was late."""
    s = _state()
    with interpreted(logbook, diary, noted):
        with changes(s):
            logbook.note_pledges(s, W, 19, 0, 0)
        s.due[:] = False
        with changes(s):  # no milestone
            logbook.note_pledges(s, W, 20, 0, 0)
        s.due[:] = True
        with changes(s, "pledged", "defaulted", "counts.pledges", "counts.defaults", "counts.enforced"):
            logbook.note_pledges(s, W, 20, 0, 0)
        assert (s.pledged.tolist(), s.defaulted.tolist()) == ([1.0, 0.0, 1.0], [0.0, 0.0, 1.0])
        assert (s.counts.pledges, s.counts.delays, s.counts.defaults, s.counts.enforced) == (2, 0, 1, 1)
        with changes(s, "pledged", "delayed", "defaulted"):
            logbook.note_pledges(s, W, 20, 1, 0)
    assert s.pledged.tolist() == [2.0, 1.0, 2.0]
    assert s.delayed.tolist() == [1.0, 0.0, 0.0]
    assert s.defaulted.tolist() == [0.0, 0.0, 2.0]


@pytest.mark.parametrize("inherited", [True, False])
def test_a_line_begins_for_what_is_opened_and_for_nothing_else(inherited: bool) -> None:
    """Of the two initiatives under way in arena 0 one has a line; arena 1 is idle."""
    rows = np.zeros(9, INITIATIVE_DTYPE).view(np.recarray)
    rows.members, rows.ended, rows.coerced, rows.imposed, rows.funded, rows.inherited = (
        9,
        9,
        9,
        True,
        True,
        not inherited,
    )
    s = SimpleNamespace(
        phase=np.array([[NEGOTIATING, NEGOTIATING], [IDLE, IDLE]]), log_row=np.array([[0, NO_ROW], [NO_ROW, NO_ROW]]),
        n_invited=np.array([2, 3]), region=SimpleNamespace(initiatives=1), log=rows, diary=np.zeros(0),
    )  # fmt: skip
    first = rows[0].tolist()
    with interpreted(logbook, diary, noted):
        with changes(s, "log", "log_row", "region.initiatives"):
            logbook.note_openings(s, 6, inherited)
        with changes(s):
            logbook.note_openings(s, 7, inherited)
    assert s.log_row.tolist() == [[0, 1], [NO_ROW, NO_ROW]]
    assert rows[1].tolist() == (0, 0, 6, -1, -1, 1, 0, 2, 0, OPEN, False, False, inherited)
    assert rows[0].tolist() == first


def test_what_was_agreed_before_has_members_and_no_quarter_of_agreement() -> None:
    s = _state()
    with interpreted(logbook, diary, noted), changes(s, "log"):
        logbook.note_inherited(s, 0, 0)
    assert (s.log[1].members, s.log[1].agreed) == (0b101, -1)
