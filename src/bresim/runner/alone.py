"""Runs with phases of a user's own: one after another, in Python. What they leave is what an ensemble leaves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from bresim.conventions import UNDERCURRENT_PARTS
from bresim.kernel.state import BALLOT_DTYPE, DIARY_DTYPE, INITIATIVE_DTYPE, State, World, allocate
from bresim.kernel.structs import box, parameter_set
from bresim.rules.initial import reset
from bresim.runner import changes, diary, logbook, outcomes
from bresim.runner.family import END, POLICY, START, Tables
from bresim.runner.own import Own, Walk


class Told(NamedTuple):
    """What runs leave beside their tables, in the order of the runs."""

    logs: list[np.ndarray]
    ballots: list[np.ndarray]
    diaries: list[np.ndarray]  # one a run, if what happened is kept


def run_alone(
    world: World,
    jobs: np.ndarray,
    keys: np.ndarray,
    subregion: np.ndarray,
    tables: Tables,
    own: Own,
    progress: Callable[[int], None] | None,
) -> Told:
    """Run every job with the user's phases and record it in its row of ``tables``."""
    told = Told([], [], [])
    state = allocate(world, diary=tables.capacity.shape[0] > 0)
    boxed, boxed_world = box(state), box(world)
    shares = np.zeros(len(world.size))
    for r, job in enumerate(jobs):
        p = parameter_set(world.parameters, int(job["draw"]))
        knobs = (float(job[part]) for part in UNDERCURRENT_PARTS)
        reset(boxed, boxed_world, p, keys[r], int(job["design"]), int(job["solution"]), *knobs)
        state.region.at_once = job["at_once"]
        changes.begin(boxed)
        plain = (state, world, world.parameters[int(job["draw"])])
        walk = Walk(plain, (boxed, boxed_world, p), own)
        ballots: list[np.ndarray] = []
        _record_pairs(state, tables, r, START)
        for t in range(world.election.shape[0]):
            if t == world.policy_start:
                _record_pairs(state, tables, r, POLICY)
            walk.pass_quarter(t)
            ballots.append(_ballots_of(boxed, len(shares), t, r))
            outcomes.note_capacity(boxed, boxed_world, t)
            if len(tables.series):
                outcomes.state_outcomes(boxed, boxed_world, tables.series[r, t])
            if len(tables.capacity):
                outcomes.capacity_use(boxed, tables.capacity[r, t])
                tables.institutions[r, t] = diary.institution_events(boxed, boxed_world)
        outcomes.run_outcomes(boxed, boxed_world, subregion, shares, tables.runs, r)
        if len(tables.municipalities):
            last = world.election.shape[0] - 1
            towns, themes = tables.municipalities[r], tables.municipality_themes[r]
            outcomes.municipality_outcomes(boxed, boxed_world, last, towns, themes)
        _record_pairs(state, tables, r, END)
        log = state.log[: state.region.initiatives].copy()
        log["run"] = r
        told.logs.append(log.view(INITIATIVE_DTYPE))
        told.ballots.append(np.concatenate(ballots).view(BALLOT_DTYPE))
        told.diaries.append(state.diary[: state.region.happened].copy().view(DIARY_DTYPE))
        if progress is not None:
            progress(1)
    return told


def _ballots_of(boxed: Any, size: int, t: int, run: int) -> np.ndarray:
    """What was voted this quarter, if there was a vote."""
    ballots = np.zeros(size, BALLOT_DTYPE).view(np.recarray)
    return ballots[: logbook.note_ballots(boxed, t, run, ballots, 0)]


def _record_pairs(state: State, tables: Tables, r: int, moment: int) -> None:
    if len(tables.pairs):
        tables.pairs[r, moment]["trust"] = state.trust
        tables.pairs[r, moment]["grievance"] = state.grievance
