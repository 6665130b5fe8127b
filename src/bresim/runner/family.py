"""One family of runs, quarter by quarter: a single run until the institutions of its members differ.

Every quarter the rules of voting and adoption decide under which institution each member passes it; a member that
passes it under another than the first goes on as a clone of the state so far. All go through the quarters side by
side, as what was drawn for one is there for all.
Which runs are a family, and why they may share a state: ``cloning``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from bresim.kernel.jit import njit, within_caller
from bresim.kernel.state import DESIGN, FALLBACK
from bresim.kernel.structs import copy_record, copy_state, one_of
from bresim.rules import institution
from bresim.rules.initial import reset
from bresim.runner import changes, diary, logbook, outcomes
from bresim.runner.outcomes import RunRows
from bresim.runner.step import conclude, constitution, execute, negotiate, prepare

#: Moments at which the pairs are recorded.
MOMENTS = ("start", "policy", "end")
START, POLICY, END = range(len(MOMENTS))
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
