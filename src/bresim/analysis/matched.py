"""Runs that are copied whole and go on in two ways with the same random draws: what one event does, and nothing else.

A comparison of runs in which something happened with runs in which it did not would also compare what led to it. Here a
run of the status quo is copied, as simulation cloning does, one thing is forced in a copy, and both go on. As every
random draw is keyed, copies differ by that thing and by what follows from it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bresim.conventions import UNDERCURRENT_PARTS
from bresim.kernel.draws import make_key
from bresim.kernel.state import COMPLETED, EXECUTING, FAILED, IDLE, State, allocate
from bresim.kernel.structs import box, copy_state, parameter_set
from bresim.plan import Plan
from bresim.rules.initial import reset
from bresim.runner.step import PHASES

Floats = NDArray[np.float64]
Place = tuple[int, int]  # arena and theme of an initiative

#: Quarters after which trust, and until which agreements, are looked at.
LATER, LONG = 4, 12
#: A number of quarters that is overdue whatever escalation adds, and more than any milestone takes.
OVERDUE = 1000.0
#: Quarters that the theme rests after either end.
RESTED = 1.0
#: Quarters, from policy start on, in which an initiative is looked for.
CANDIDATES = 12
#: More than any member promises, in fte quarters.
PLENTY = 1e9


class Walker:
    """Runs of a plan, quarter by quarter, in a few states of which each can be copied to another."""

    def __init__(self, plan: Plan, states: int) -> None:
        self.plan = plan
        first = allocate(plan.world)
        self.states: list[State] = [first, *(allocate(plan.world, first) for _ in range(states - 1))]
        self._boxes = [box(state) for state in self.states]
        self._world = box(plan.world)
        self._parameters: Any = None

    def begin(self, row: int) -> None:
        """Let state 0 be the start of the run in row ``row`` of the plan's jobs."""
        job = self.plan.jobs[row]
        self._parameters = parameter_set(self.plan.world.parameters, int(job["draw"]))
        key = make_key(int(self.plan.seeds[row]), int(job["replicate"]))
        knobs = (float(job[part]) for part in UNDERCURRENT_PARTS)
        reset(self._boxes[0], self._world, self._parameters, key, int(job["design"]), int(job["solution"]), *knobs)
        self.states[0].region.at_once = job["at_once"]

    def walk(self, number: int, first: int, last: int) -> None:
        """Let state ``number`` pass the quarters ``first`` up to ``last``."""
        phases: tuple[tuple[str, Callable[..., None]], ...] = PHASES
        for t in range(first, last):
            for _, phase in phases:
                phase(self._boxes[number], self._world, self._parameters, t)

    def copy(self, to: int, fro: int = 0) -> State:
        """Make state ``to`` the same as state ``fro``."""
        copy_state(self.states[to], self.states[fro])
        return self.states[to]


@dataclass(frozen=True)
class Matched:
    """What one event changes in each run, (P, R); NaN where the run has no such event."""

    trust_of_success: Floats  # mutual trust of the members LATER quarters after completion less that after failure
    agreed_after_success: Floats  # later agreements in that arena within LONG quarters
    agreed_after_failure: Floats
    others_after_success: Floats  # of these, on other themes
    others_after_failure: Floats
    trust_of_default: Floats  # trust of fellow members in one that broke a promise and then kept one, less without both
    heard_of_default: Floats  # grievance against it of municipalities that were not there, less without both
    heard_without: Floats  # the same without negativity
    heard_with: Floats  # the same with full negativity


def _regional(state: State) -> list[Place]:
    """Regional initiatives in execution with two or more members."""
    running = (state.phase[0] == EXECUTING) & (state.committed[0].sum(axis=1) >= 2)
    return [(0, int(k)) for k in np.flatnonzero(running)]


def _with_outsiders(state: State) -> list[Place]:
    """Initiatives in execution, of any arena, with two or more members and a municipality that is none."""
    members = state.committed.sum(axis=2)
    found = (state.phase == EXECUTING) & (members >= 2) & (members < state.committed.shape[2])
    return [(int(a), int(k)) for a, k in np.argwhere(found)]


def _search(walker: Walker, find: Callable[[State], list[Place]], needed: int) -> tuple[int, Place] | None:
    """Walk state 0 on from policy start until ``find`` finds an initiative; (quarter to be passed next, its place).

    None if there is none while ``needed`` quarters are left.
    """
    config = walker.plan.config
    start = config.policy_quarter
    for t in range(start, min(start + CANDIDATES, config.quarters - needed + 1)):
        found = find(walker.states[0])
        if found:
            return t, found[0]
        walker.walk(0, t, t + 1)
    return None


def _mutual(values: Floats, members: NDArray[np.intp]) -> float:
    """Mean over the ordered pairs of ``members``, of (N, N) values with nothing on the diagonal."""
    count = len(members)
    return float(values[np.ix_(members, members)].sum() / (count * (count - 1)))


def _agreements(state: State, place: Place, first: int, last: int) -> tuple[int, int]:
    """Agreements in the arena of an initiative in these quarters, and those of them on other themes."""
    log = state.log[: state.region.initiatives]
    agreed = (log["arena"] == place[0]) & (log["agreed"] >= first) & (log["agreed"] <= last)
    return int(agreed.sum()), int((agreed & (log["theme"] != place[1])).sum())


def _end(walker: Walker, number: int, t: int, place: Place, outcome: int) -> tuple[float, int, int] | None:
    """Force an end in a copy: mutual trust of the members, and agreements, later; None if it ended otherwise."""
    a, k = place
    state = walker.copy(number)
    row, members = int(state.log_row[place]), np.flatnonzero(state.committed[place])
    if outcome == COMPLETED:
        state.progress[a, k] = PLENTY
    else:
        state.clock[a, k] = OVERDUE
    walker.walk(number, t, t + 1)
    if state.log[row]["outcome"] != outcome:
        return None
    state.rest[a, k] = RESTED  # in both copies the theme can be taken up again as soon: else that alone made agreements
    walker.walk(number, t + 1, t + 1 + LATER)
    trust = _mutual(state.trust, members)
    walker.walk(number, t + 1 + LATER, t + 1 + LONG)
    return trust, *_agreements(state, place, t + 1, t + LONG)


def _hold_off(state: State, place: Place) -> None:
    """Let no milestone fall due this quarter."""
    state.since_milestone[place] = 0.1  # above 0, or which members mean to keep their promise would be decided again


def _milestone(state: State, place: Place) -> None:
    """Let a milestone fall due at which every member has given enough to keep its promise."""
    state.since_milestone[place] = OVERDUE
    state.given[place] = PLENTY


def _minded(state: State, place: Place, town: int, keeps: bool) -> None:
    """Let every member mean to keep its promise, but ``town`` only if it ``keeps``."""
    state.willing[place] = True
    state.willing[(*place, town)] = keeps


def _default(
    walker: Walker, number: int, t: int, place: Place, breaks: bool, negativity: float
) -> tuple[float, Floats, NDArray[np.bool_]]:
    """In a copy a member breaks a promise and keeps the next, or none falls due.

    Returns, after both, the trust of its fellows in it, everyone's grievance against it (N,), and which municipalities
    (N,) were not there. These look one quarter on: later they may have met it themselves.
    """
    state = walker.copy(number)
    state.region.negativity = negativity
    inside = np.flatnonzero(state.committed[place])
    outside = ~state.committed[place]
    town, fellows = int(inside[0]), inside[1:]
    state.progress[place] = 0.0  # it does not end meanwhile
    state.clock[place] = 1.0
    for quarter, keeps in ((t, False), (t + 1, True)):
        _minded(state, place, town, keeps)  # in both copies: else other initiatives would have less of their capacity
        if breaks:
            _milestone(state, place)
        else:
            _hold_off(state, place)
        walker.walk(number, quarter, quarter + 1)
        outside = outside & ~state.committed[place]  # a municipality that joined meanwhile was there
    return float(state.trust[fellows, town].mean()), state.grievance[:, town].copy(), outside


def _of_default(walker: Walker, t: int, place: Place, negativity: float) -> tuple[float, float]:
    """What a default, and a kept promise after it, does to the trust of fellows and the grievance of the others."""
    without = _default(walker, 1, t, place, False, negativity)
    broken = _default(walker, 1, t, place, True, negativity)
    absent = without[2] & broken[2]  # the same municipalities in both
    heard = float((broken[1] - without[1])[absent].mean()) if absent.any() else np.nan
    return broken[0] - without[0], heard


def matched(plan: Plan, sets: int, progress: Callable[[int], None]) -> Matched:
    """Force an end and a default in a copy of every run of ``plan``, whose jobs are ``sets`` blocks of replicates."""
    walker = Walker(plan, 3)
    found = np.full((len(plan.jobs), len(fields(Matched))), np.nan)
    for row in range(len(plan.jobs)):
        walker.begin(row)
        walker.walk(0, 0, plan.config.policy_quarter)
        walker.copy(2)
        event = _search(walker, _regional, 1 + LONG)
        if event is not None:
            ends = [_end(walker, 1, *event, outcome) for outcome in (COMPLETED, FAILED)]
            if ends[0] is not None and ends[1] is not None:
                (trust, *success), (other, *failure) = ends[0], ends[1]
                found[row, :5] = trust - other, success[0], failure[0], success[1], failure[1]
        walker.copy(0, 2)
        event = _search(walker, _with_outsiders, 2)
        if event is not None:
            own = float(plan.jobs[row]["negativity"])
            found[row, 5:7] = _of_default(walker, *event, own)
            found[row, 7:] = [_of_default(walker, *event, negativity)[1] for negativity in (0.0, 1.0)]
        progress(1)
    return Matched(*found.T.reshape(found.shape[1], sets, -1))


def money_used(plan: Plan, variants: int, sets: int, progress: Callable[[int], None]) -> Floats:
    """Share of central money on offer from policy start on that regional initiatives use, (V, P).

    On offer is every window that opens, as high as it opens. Used is the grant of each initiative that ends, as far as
    its work is done. Not known where nothing is on offer.
    """
    walker = Walker(plan, 1)
    state, config = walker.states[0], plan.config
    offered, used = np.zeros(len(plan.jobs)), np.zeros(len(plan.jobs))
    for row in range(len(plan.jobs)):
        walker.begin(row)
        walker.walk(0, 0, config.policy_quarter)
        fading = float(plan.world.parameters[plan.jobs[row]["draw"]]["window_persistence"])
        for t in range(config.policy_quarter, config.quarters):
            left, running = fading * state.window, state.phase[0] == EXECUTING
            walker.walk(0, t, t + 1)
            offered[row] += np.maximum(state.window - left, 0.0).sum()
            ended = running & (state.phase[0] == IDLE)
            used[row] += (state.grant[0] * state.share_done[0])[ended].sum()
        progress(1)
    shape = (variants, sets, -1)
    total = offered.reshape(shape).sum(axis=2)
    return np.asarray(np.where(total > 0.0, used.reshape(shape).sum(axis=2) / np.maximum(total, 1e-9), np.nan))


__all__ = ["LATER", "LONG", "Matched", "Walker", "matched", "money_used"]
