"""Runs that have not yet come apart are one run: simulation cloning (Hybinette & Fujimoto 2001).

Two runs with the same random draws, parameters and undercurrent that differ in the design or its founding only are the
same, bit for bit, until another institution holds in one of them: all of history, and longer for a design that is not
founded. Founded in the same quarter, a design is the same run under both foundings until one of them is dissolved or
ends.
So a family of such runs starts as one, and its members go on as clones from where they differ (``family``). What a run
leaves is the same as when it is run alone, which tests hold it to.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bresim.conventions import UNDERCURRENT_PARTS
from bresim.kernel.jit import called, njit, within_caller
from bresim.kernel.state import ARENAS, BALLOT_DTYPE, BEFORE, FALLBACK, INITIATIVE_DTYPE, World, allocate
from bresim.kernel.structs import copy_record, one_of, parameter_set, pool
from bresim.runner.family import MEMBER_DTYPE, Room, as_one, begin_family, end_family, pass_quarter

#: A larger family is cut up: each member may need a state of its own.
LARGEST = 32


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
