"""Runs that have not yet come apart are one run: simulation cloning (Hybinette & Fujimoto 2001).

Two runs with the same luck, parameters and undercurrent that differ in the design only are the same, bit for
bit, until another institution holds in one of them: all of history, and longer for a design that is not founded.
So a family of such runs starts as one. Every quarter it is found out, by the rules of adoption themselves, under
which institution each member passes it; who passes it under another than the first goes on as a clone of the state
so far. All go through the quarters side by side, as what was drawn for one is there for all, and yes or no often
falls alike. What a run leaves is the same as when it is run alone, which tests hold it to.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bresim.kernel.jit import called, copy_to, njit
from bresim.kernel.state import (
    ADOPTED,
    ADOPTED_QUARTER,
    ARENAS,
    BEFORE,
    DESIGN,
    FALLBACK,
    N_LOG,
    SLOT,
    World,
    allocate,
)
from bresim.kernel.structs import copy_state, one_of, parameter_set, pool
from bresim.rules import adoption
from bresim.rules.initial import reset
from bresim.runner import outcomes
from bresim.runner.step import conclude, execute, negotiate, prepare

#: Moments at which the pairs are recorded.
MOMENTS = ("start", "policy", "end")
#: A larger family is cut up: each member may need a state of its own.
LARGEST = 32
# What the members of a family have apart while they are one run: when their design was founded, which institution held
# last, which holds now and how far it is built up, whom they go along with, from whom and since when they are apart.
(M_ADOPTED, M_QUARTER, M_LAST, M_SLOT, M_BUILT, M_WITH, M_FROM, M_SINCE, N_MARKS) = range(9)


@dataclass(frozen=True)
class Families:
    """Family f is the jobs ``order[starts[f] : starts[f + 1]]``."""

    order: NDArray[np.int64]  # (R,) numbers of jobs
    starts: NDArray[np.int64]  # (families + 1,)

    @property
    def largest(self) -> int:
        """Members of the largest family."""
        return int(np.diff(self.starts).max(initial=0))

    def chunks(self, runs: int) -> list[tuple[int, int]]:
        """First and last + 1 of consecutive families with together at least so many runs (the last: what is left)."""
        found, first = [], 0
        while first < len(self.starts) - 1:
            last = int(np.searchsorted(self.starts, self.starts[first] + runs))
            found.append((first, min(last, len(self.starts) - 1)))
            first = found[-1][1]
        return found


def families_of(world: World, jobs: np.ndarray, seeds: NDArray[np.int64]) -> Families:
    """Sort jobs (R,) into families: the same luck, parameters, knobs and institutions but the design's.

    ``seeds`` (R,) are those of the jobs.
    """
    if not len(jobs):
        return Families(np.zeros(0, np.int64), np.zeros(1, np.int64))
    elsewhere = world.content[:, [BEFORE, FALLBACK, *range(ARENAS, world.content.shape[1])]]
    kin = np.unique(elsewhere, axis=0, return_inverse=True)[1].reshape(-1)[jobs["design"]]
    knobs = [np.ascontiguousarray(jobs[name]).view(np.int64) for name in ("parochialism", "cleavage", "negativity")]
    keys = np.column_stack([seeds, jobs["replicate"], jobs["draw"], jobs["solution"], kin, *knobs])
    order = np.lexsort(keys.T[::-1])  # stable: members in the order of the jobs
    new = np.any(keys[order[1:]] != keys[order[:-1]], axis=1)
    edges = np.concatenate([[0], np.flatnonzero(new) + 1, [len(order)]])
    starts = [np.arange(first, last, LARGEST) for first, last in pairwise(edges)]
    return Families(order, np.concatenate([*starts, [len(order)]]))


class Scratch:
    """What a worker needs to run families: a state and marks for each member, and room for the log if that is kept."""

    def __init__(self, world: World, members: int, details: bool) -> None:
        self._sizes = _sizes(world, details)
        first = allocate(world)
        self.states = [first, *(allocate(world, first) for _ in range(members - 1))]
        self.pool = pool(self.states)
        self.marks = np.zeros((members, N_MARKS))
        self.shares = np.zeros(len(world.size))
        length = self.states[0].log.shape[0] * max(8, members) if details else 0
        self.log = np.zeros((length, N_LOG + 1))
        self.log_members = np.zeros(length, np.uint64)

    def fits(self, world: World, members: int, details: bool) -> bool:
        """Whether it serves families of so many members in this world."""
        return self._sizes == _sizes(world, details) and members <= len(self.states)


def _sizes(world: World, details: bool) -> tuple[int, ...]:
    """What the arrays of a state and the room for the log depend on."""
    quarters = world.election.shape[0]
    return (*world.severity.shape, world.member.shape[0], world.rule_values.shape[2], quarters, details)


@njit
def _put_on(s, design, mark):
    """Let the state be that of one member."""
    s.design[0] = design
    s.scalars[ADOPTED] = mark[M_ADOPTED]
    s.scalars[ADOPTED_QUARTER] = mark[M_QUARTER]
    s.scalars[SLOT] = mark[M_LAST]


@njit
def _decide(s, w, p, t, design, mark):
    """Note under which institution a member passes the quarter."""
    _put_on(s, design, mark)
    slot = adoption.found(s, w, p, t)
    mark[M_SLOT] = slot
    mark[M_BUILT] = adoption.built_up(s, w, t, slot)
    mark[M_ADOPTED] = s.scalars[ADOPTED]
    mark[M_QUARTER] = s.scalars[ADOPTED_QUARTER]


@njit
def _alike(w, design, mark, other_design, other):
    """Whether the same rules hold for two members this quarter."""
    slot, other_slot = int(mark[M_SLOT]), int(other[M_SLOT])
    if w.content[design, slot] != w.content[other_design, other_slot]:
        return False
    if w.content[design, slot] == w.content[design, FALLBACK]:
        return True  # nothing to build up from there
    return (slot == DESIGN) == (other_slot == DESIGN) and mark[M_BUILT] == other[M_BUILT]


@njit
def _part(states, s, w, t, jobs, family, marks, head):
    """Let members for whom other rules hold than for ``head`` (state ``s``) leave it, together if they are alike."""
    for m in range(head + 1, len(family)):
        design = jobs[family[m]].design
        if marks[m, M_WITH] != head or _alike(w, design, marks[m], jobs[family[head]].design, marks[head]):
            continue
        marks[m, M_WITH] = m
        marks[m, M_FROM] = head
        marks[m, M_SINCE] = t
        for other in range(head + 1, m):
            if (
                marks[other, M_WITH] == other
                and marks[other, M_FROM] == head
                and marks[other, M_SINCE] == t
                and _alike(w, design, marks[m], jobs[family[other]].design, marks[other])
            ):
                marks[m, M_WITH] = other
                break
        if marks[m, M_WITH] == m:
            copy_state(one_of(states, m), s)


@njit
def _record_pairs(s, pairs, moment):
    copy_to(pairs[moment, 0], s.trust)
    copy_to(pairs[moment, 1], s.grievance)


@njit
def _govern(states, w, p, t, jobs, family, marks):
    """Find out under which institution everyone passes the quarter, and let members part for whom it is another."""
    for head in range(len(family)):
        if marks[head, M_WITH] != head:
            continue
        s = one_of(states, head)
        for m in range(head, len(family)):
            if marks[m, M_WITH] == head:
                _decide(s, w, p, t, jobs[family[m]].design, marks[m])
        _part(states, s, w, t, jobs, family, marks, head)
        _put_on(s, jobs[family[head]].design, marks[head])


@njit
def _pass_quarter(states, w, p, t, marks, count):
    """One quarter for all who are a run of their own, part by part: its code and luck are at hand for the next."""
    for head in range(count):
        if marks[head, M_WITH] == head:
            prepare(one_of(states, head), w, p, t, int(marks[head, M_SLOT]))
    for head in range(count):
        if marks[head, M_WITH] == head:
            negotiate(one_of(states, head), w, p, t)
    for head in range(count):
        if marks[head, M_WITH] == head:
            execute(one_of(states, head), w, p, t)
    for head in range(count):
        if marks[head, M_WITH] == head:
            conclude(one_of(states, head), w, p, t)
    for m in range(count):
        marks[m, M_LAST] = marks[m, M_SLOT]


@called
def _run_family(states, w, jobs, keys, family, marks, subregion, groups, shares, rows, series, municipalities, pairs):
    """Run the jobs ``family`` (a part of them as clones) and record them; their states stay for who wants the log."""
    count = len(family)
    marks[:count] = 0.0
    job = jobs[family[0]]
    p = parameter_set(w.parameters, job.draw)
    s = one_of(states, 0)
    reset(s, w, p, keys[family[0]], job.design, job.solution, job.parochialism, job.cleavage, job.negativity)
    for t in range(w.election.shape[0]):
        for m in range(count if pairs.shape[0] > 0 else 0):
            if t == 0:
                _record_pairs(s, pairs[family[m]], 0)
            if t == w.policy_start:
                _record_pairs(one_of(states, int(marks[m, M_WITH])), pairs[family[m]], 1)
        _govern(states, w, p, t, jobs, family, marks)
        _pass_quarter(states, w, p, t, marks, count)
        for m in range(count if series.shape[0] > 0 else 0):
            head = int(marks[m, M_WITH])
            if head == m:
                outcomes.state_outcomes(one_of(states, m), w, series[family[m], t])
            else:
                copy_to(series[family[m], t], series[family[head], t])
    for m in range(count):
        r = family[m]
        s = one_of(states, int(marks[m, M_WITH]))
        _put_on(s, jobs[r].design, marks[m])
        outcomes.run_outcomes(s, w, subregion, groups, shares, rows[r])
        if municipalities.shape[0] > 0:
            outcomes.municipality_outcomes(s, w, municipalities[r])
        if pairs.shape[0] > 0:
            _record_pairs(s, pairs[r], 2)


@called
def run_families(
    states, w, jobs, keys, order, starts, first, last, marks, subregion, groups, shares,
    rows, series, municipalities, pairs, log, log_members
):  # fmt: skip
    """Run families ``first`` up to ``last``, or fewer when the log buffer is full; return (next family, log rows)."""
    used = 0
    want_log = log.shape[0] > 0
    room = one_of(states, 0).log.shape[0]
    for f in range(first, last):
        family = order[starts[f] : starts[f + 1]]
        if want_log and used + room * len(family) > log.shape[0]:
            return f, used
        _run_family(
            states, w, jobs, keys, family, marks, subregion, groups, shares, rows, series, municipalities, pairs
        )
        if want_log:
            for m in range(len(family)):
                s = one_of(states, int(marks[m, M_WITH]))
                for entry in range(s.log_size[0]):
                    log[used, 0] = family[m]
                    copy_to(log[used, 1:], s.log[entry])
                    log_members[used] = s.log_members[entry]
                    used += 1
    return last, used
