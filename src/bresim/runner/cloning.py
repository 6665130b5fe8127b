"""Runs that have not yet come apart are one run: simulation cloning (Hybinette & Fujimoto 2001).

Two runs with the same random draws, parameters and undercurrent that differ in the design or its founding only are the
same, bit for bit, until another institution holds in one of them: all of history, and longer for a design that is not
founded. A design that needs no vote is the same run under both foundings.
So a family of such runs starts as one. Every quarter the rules of voting and adoption decide under which institution
each member passes it; a member that passes it under another than the first goes on as a clone of the state so far. All
go through the quarters side by side, as what was drawn for one is there for all. What a run leaves is the same as when
it is run alone, which tests hold it to.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bresim.conventions import UNDERCURRENT_PARTS
from bresim.kernel.jit import called, njit, within_caller
from bresim.kernel.state import ARENAS, BALLOT_DTYPE, BEFORE, DESIGN, FALLBACK, INITIATIVE_DTYPE, World, allocate
from bresim.kernel.structs import copy_record, copy_state, one_of, parameter_set, pool
from bresim.rules import institution
from bresim.rules.initial import reset
from bresim.runner import changes, diary, logbook, outcomes
from bresim.runner.outcomes import RunRows
from bresim.runner.step import conclude, constitution, execute, negotiate, prepare

#: Moments at which the pairs are recorded.
MOMENTS = ("start", "policy", "end")
START, POLICY, END = range(len(MOMENTS))
#: A larger family is cut up: each member may need a state of its own.
LARGEST = 32
#: What the members of a family have apart while they are one run.
MEMBER_DTYPE = np.dtype([
    ("adopted_quarter", np.int64),
    ("dissolved_quarter", np.int64),
    ("since", np.int64),
    ("agreed_before", np.int64),
    ("refusals", np.int64),
    ("refused", np.float64),
    ("slot", np.int64),  # institution that holds for it this quarter, and in the quarter before
    ("last_slot", np.int64),
    ("built_up", np.float64),  # how far that institution is built up
    ("quarter", np.int64),  # quarter of which these are
    ("head", np.int64),  # member whose state it shares; itself if it is a run of its own
    ("left", np.int64),  # member whose state it shared before, and the quarter in which it left it
    ("left_quarter", np.int64),
    ("adopted", np.bool_),
    ("ended", np.bool_),
    ("dissolved", np.bool_),
    ("followed", np.bool_),
], align=True)  # fmt: skip
#: Trust and grievance of a pair at one of ``MOMENTS``.
PAIR_DTYPE = np.dtype([("trust", np.float64), ("grievance", np.float64)])


@dataclass(frozen=True)
class Families:
    """Family f is the jobs ``order[starts[f] : starts[f + 1]]``."""

    order: NDArray[np.int64]  # (R,) numbers of jobs
    starts: NDArray[np.int64]  # (families + 1,)

    @property
    def largest(self) -> int:
        """Members of the largest family."""
        return int(np.diff(self.starts).max(initial=0))

    def members(self, family: int) -> NDArray[np.int64]:
        """The jobs of a family."""
        return self.order[self.starts[family] : self.starts[family + 1]]

    def chunks(self, runs: int) -> list[tuple[int, int]]:
        """First and last + 1 of consecutive families with together at least so many runs (the last: what is left)."""
        found, first = [], 0
        while first < len(self.starts) - 1:
            last = int(np.searchsorted(self.starts, self.starts[first] + runs))
            found.append((first, min(last, len(self.starts) - 1)))
            first = found[-1][1]
        return found


def families_of(world: World, jobs: np.ndarray, seeds: NDArray[np.int64]) -> Families:
    """Sort jobs (R,) into families: the same random draws, parameters, knobs and institutions but the design's.

    Both foundings of a design are in one family. ``seeds`` (R,) are those of the jobs.
    """
    if not len(jobs):
        return Families(np.zeros(0, np.int64), np.zeros(1, np.int64))
    elsewhere = world.content[:, [BEFORE, FALLBACK, *range(ARENAS, world.content.shape[1])]]
    setting = np.unique(elsewhere, axis=0, return_inverse=True)[1].reshape(-1)[jobs["design"]]
    knobs = [np.ascontiguousarray(jobs[name]).view(np.int64) for name in UNDERCURRENT_PARTS]
    keys = np.column_stack([seeds, jobs["replicate"], jobs["draw"], jobs["solution"], setting, *knobs])
    order = np.lexsort(keys.T[::-1])  # stable: members in the order of the jobs
    new = np.any(keys[order[1:]] != keys[order[:-1]], axis=1)
    edges = np.concatenate([[0], np.flatnonzero(new) + 1, [len(order)]])
    starts = [np.arange(first, last, LARGEST) for first, last in pairwise(edges)]
    return Families(order, np.concatenate([*starts, [len(order)]]))


class Work(NamedTuple):
    """What compiled code runs: jobs (R,), their keys (R, 3), families, and the subregion (N,) of each municipality."""

    jobs: np.ndarray
    keys: np.ndarray
    order: np.ndarray
    starts: np.ndarray
    subregion: np.ndarray


class Tables(NamedTuple):
    """Where runs are recorded, row r for job r; what is not asked for has no rows."""

    runs: RunRows
    series: np.ndarray  # (R, T) record of outcomes.STATE_DTYPE
    municipalities: np.ndarray  # (R, N) record of outcomes.MUNICIPALITY_DTYPE
    municipality_themes: np.ndarray  # (R, N, K) realised share of direct value
    pairs: np.ndarray  # (R, 3, N, N) record of PAIR_DTYPE, at MOMENTS
    capacity: np.ndarray  # (R, T, N) record of outcomes.CAPACITY_DTYPE
    institutions: np.ndarray  # (R, T) int16: diary.institution_events


class Room(NamedTuple):
    """Memory of one worker beside its states."""

    members: np.ndarray  # (members,) record of MEMBER_DTYPE
    shares: np.ndarray  # (N,)
    log: np.ndarray  # record of INITIATIVE_DTYPE; no rows if the log is not kept
    ballots: np.ndarray  # record of BALLOT_DTYPE; no rows if they are not kept
    cast: np.ndarray  # (1,) int64: rows of ``ballots`` in use


class Scratch:
    """What a worker needs to run families: a state for each member, and room."""

    def __init__(self, world: World, members: int, details: bool, events: bool) -> None:
        self._sizes = _sizes(world, details, events)
        first = allocate(world, diary=events)
        self.states = [first, *(allocate(world, first, diary=events) for _ in range(members - 1))]
        self.pool = pool(self.states)
        runs = max(8, members) if details else 0
        self.room = Room(
            members=np.zeros(members, MEMBER_DTYPE).view(np.recarray),
            shares=np.zeros(len(world.size)),
            log=np.zeros(first.log.shape[0] * runs, INITIATIVE_DTYPE).view(np.recarray),
            ballots=np.zeros(_most_ballots(first, world) * runs, BALLOT_DTYPE).view(np.recarray),
            cast=np.zeros(1, np.int64),
        )

    def fits(self, world: World, members: int, details: bool, events: bool) -> bool:
        """Whether it serves families of so many members in this world."""
        return self._sizes == _sizes(world, details, events) and members <= len(self.states)


def _sizes(world: World, details: bool, events: bool) -> tuple[int, ...]:
    """What the arrays of a state and the room for the log depend on."""
    quarters = world.election.shape[0]
    return (*world.severity.shape, world.member.shape[0], world.institution_values.shape[2], quarters, details, events)


@njit
def _most_ballots(s, w):
    """Most ballots that a run may leave: there is at most one vote a quarter."""
    return s.ballot.shape[0] * w.election.shape[0]


@njit
def _load_member(s, job, member):
    """Let the state be that of one member, whose job is ``job``."""
    region = s.region
    region.design = job.design
    region.at_once = job.at_once
    region.adopted = member.adopted
    region.adopted_quarter = member.adopted_quarter
    region.since = member.since
    region.ended = member.ended
    region.dissolved = member.dissolved
    region.followed = member.followed
    region.agreed_before = member.agreed_before
    region.dissolved_quarter = member.dissolved_quarter
    region.refusals = member.refusals
    region.refused = member.refused
    region.slot = member.slot
    region.last_slot = member.last_slot


@njit
def _keep_member(s, member):
    """Note what of the state is that of one member."""
    region = s.region
    member.adopted = region.adopted
    member.adopted_quarter = region.adopted_quarter
    member.since = region.since
    member.ended = region.ended
    member.dissolved = region.dissolved
    member.followed = region.followed
    member.agreed_before = region.agreed_before
    member.dissolved_quarter = region.dissolved_quarter
    member.refusals = region.refusals
    member.refused = region.refused
    member.slot = region.slot
    member.last_slot = region.last_slot


@njit
def _adopt(s, w, p, t, job, member, run, room, institutions):
    """Note under which institution a member passes the quarter, if that is not yet known, and its votes."""
    if member.quarter == t:
        return
    _load_member(s, job, member)
    constitution(s, w, p, t)
    _keep_member(s, member)
    member.quarter = t
    member.built_up = institution.built_up(s, w, t)
    if institutions.shape[0] > 0:
        institutions[run, t] = diary.institution_events(s, w)
    if room.ballots.shape[0] > 0:
        room.cast[0] = logbook.note_ballots(s, t, run, room.ballots, room.cast[0])


@njit
def _same_institution(w, design, member, other_design, other):
    """Whether the same rules hold for two members this quarter."""
    if w.content[design, member.slot] != w.content[other_design, other.slot]:
        return False
    if w.content[design, member.slot] == w.content[design, FALLBACK]:
        return True  # nothing to build up from there
    return (member.slot == DESIGN) == (other.slot == DESIGN) and member.built_up == other.built_up


@njit
def _split_family(states, s, w, t, jobs, family, members, head):
    """Let members with other rules than those of ``head`` (state ``s``) leave it, together if theirs are the same."""
    for m in range(head + 1, len(family)):
        design = jobs[family[m]].design
        if members[m].head != head:
            continue
        if _same_institution(w, design, members[m], jobs[family[head]].design, members[head]):
            continue
        members[m].head = m
        members[m].left = head
        members[m].left_quarter = t
        for other in range(head + 1, m):
            if (
                members[other].head == other
                and members[other].left == head
                and members[other].left_quarter == t
                and _same_institution(w, design, members[m], jobs[family[other]].design, members[other])
            ):
                members[m].head = other
                break
        if members[m].head == m:
            copy_state(one_of(states, m), s)


@within_caller
def _adopt_all(states, w, p, t, jobs, family, room, institutions):
    """Decide under which institution every member passes the quarter, and split where it is another."""
    members = room.members
    for head in range(len(family)):
        if members[head].head != head:
            continue
        s = one_of(states, head)
        for m in range(head, len(family)):
            if members[m].head == head:
                _adopt(s, w, p, t, jobs[family[m]], members[m], family[m], room, institutions)
        _split_family(states, s, w, t, jobs, family, members, head)
        _load_member(s, jobs[family[head]], members[head])


@within_caller
def _pass_quarter(states, w, p, t, members, count):
    """One quarter for all that are a run of their own, part by part: its code and draws are at hand for the next."""
    for head in range(count):
        if members[head].head == head:
            prepare(one_of(states, head), w, p, t)
    for head in range(count):
        if members[head].head == head:
            negotiate(one_of(states, head), w, p, t)
    for head in range(count):
        if members[head].head == head:
            execute(one_of(states, head), w, p, t)
    for head in range(count):
        if members[head].head == head:
            conclude(one_of(states, head), w, p, t)


@njit
def _record_pairs(s, pairs):
    """Note trust and grievance of all pairs, (N, N)."""
    for i in range(s.trust.shape[0]):
        for j in range(s.trust.shape[0]):
            pairs[i, j].trust = s.trust[i, j]
            pairs[i, j].grievance = s.grievance[i, j]


@njit
def _record_series(states, w, t, family, members, series):
    """Note the outcomes of every member's state at the end of quarter ``t``."""
    for m in range(len(family)):
        head = members[m].head
        if head == m:
            outcomes.state_outcomes(one_of(states, m), w, series[family[m], t])
        else:
            copy_record(series[family[m], t], series[family[head], t])


@njit
def _record_capacity(states, t, family, members, capacity):
    """Note what capacity went to in quarter ``t`` in every member's state."""
    for m in range(len(family)):
        head = members[m].head
        if head == m:
            outcomes.capacity_use(one_of(states, m), capacity[family[m], t])
        else:
            for i in range(capacity.shape[2]):
                copy_record(capacity[family[m], t, i], capacity[family[head], t, i])


@njit
def _note_capacity(states, w, t, members, count):
    """Keep count of what capacity goes to in all that are a run of their own."""
    for head in range(count):
        if members[head].head == head:
            outcomes.note_capacity(one_of(states, head), w, t)


@within_caller
def _record_end(s, w, r, subregion, shares, tables):
    """Note the outcomes of a finished run in row ``r``."""
    outcomes.run_outcomes(s, w, subregion, shares, tables.runs, r)
    if tables.municipalities.shape[0] > 0:
        last = w.election.shape[0] - 1
        outcomes.municipality_outcomes(s, w, last, tables.municipalities[r], tables.municipality_themes[r])
    if tables.pairs.shape[0] > 0:
        _record_pairs(s, tables.pairs[r, END])


@within_caller
def begin_family(states, w, p, work, family):
    """Set the first state to the start of the runs ``family``."""
    s, job = one_of(states, 0), work.jobs[family[0]]
    reset(s, w, p, work.keys[family[0]], job.design, job.solution, job.parochialism, job.cleavage, job.negativity)
    changes.begin(s)


@njit
def as_one(s, members, count):
    """Let all members be the one run that the state is of."""
    for m in range(count):
        _keep_member(s, members[m])
        members[m].quarter = -1
        members[m].head = 0


@within_caller
def pass_quarter(states, w, p, t, work, family, room, tables):
    """One quarter of the jobs ``family``, a part of them as clones."""
    count, members = len(family), room.members
    for m in range(count if tables.pairs.shape[0] > 0 else 0):
        if t == 0:
            _record_pairs(one_of(states, 0), tables.pairs[family[m], START])
        if t == w.policy_start:
            _record_pairs(one_of(states, members[m].head), tables.pairs[family[m], POLICY])
    _adopt_all(states, w, p, t, work.jobs, family, room, tables.institutions)
    _pass_quarter(states, w, p, t, members, count)
    if tables.municipalities.shape[0] > 0:
        _note_capacity(states, w, t, members, count)
    if tables.series.shape[0] > 0:
        _record_series(states, w, t, family, members, tables.series)
    if tables.capacity.shape[0] > 0:
        _record_capacity(states, t, family, members, tables.capacity)


@within_caller
def end_family(states, w, work, family, room, tables):
    """Record the finished jobs ``family``; their states stay, with their logs."""
    for m in range(len(family)):
        s = one_of(states, room.members[m].head)
        _load_member(s, work.jobs[family[m]], room.members[m])
        _record_end(s, w, family[m], work.subregion, room.shares, tables)


@within_caller
def _run_family(states, w, work, family, room, tables):
    """Run the jobs ``family`` and record them."""
    p = parameter_set(w.parameters, work.jobs[family[0]].draw)
    begin_family(states, w, p, work, family)
    as_one(one_of(states, 0), room.members, len(family))
    for t in range(w.election.shape[0]):
        pass_quarter(states, w, p, t, work, family, room, tables)
    end_family(states, w, work, family, room, tables)


@njit
def _collect_log(states, family, room, used):
    """Copy the logs of a family behind the ``used`` rows of the room's; returns how many rows are used then."""
    for m in range(len(family)):
        s = one_of(states, room.members[m].head)
        for row in range(s.region.initiatives):
            copy_record(room.log[used], s.log[row])
            room.log[used].run = family[m]
            used += 1
    return used


@called
def run_families(states, w, work, first, last, room, tables):
    """Run families ``first`` up to ``last``, or fewer when the room is full.

    Returns (next family, rows of the log, ballots).
    """
    used = 0
    room.cast[0] = 0
    longest, most = one_of(states, 0).log.shape[0], _most_ballots(one_of(states, 0), w)
    for f in range(first, last):
        family = work.order[work.starts[f] : work.starts[f + 1]]
        if room.log.shape[0] > 0 and (
            used + longest * len(family) > room.log.shape[0]
            or room.cast[0] + most * len(family) > room.ballots.shape[0]
        ):
            return f, used, room.cast[0]
        _run_family(states, w, work, family, room, tables)
        if room.log.shape[0] > 0:
            used = _collect_log(states, family, room, used)
    return last, used, room.cast[0]
