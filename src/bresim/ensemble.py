"""Many runs of one kernel on threads. No rule of the model is in here: what a quarter does is in ``step``.

A worker owns one state and works through chunks of runs; every run writes to its own row, and its luck
is keyed by its own replicate, so the result does not depend on how many workers there are or on the
order of chunks.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bresim import outcomes
from bresim.draws import make_key
from bresim.jit import copy_to, njit
from bresim.rules.initial import reset
from bresim.state import N_LOG, State, World, allocate
from bresim.step import step
from bresim.structs import box, parameter_set

CHUNK = 64
#: One row a run: which design, replicate, parameter draw and membership solution, and the three knobs.
JOB_DTYPE = np.dtype(
    [("design", np.int64), ("replicate", np.int64), ("draw", np.int64), ("solution", np.int64)]
    + [(name, np.float64) for name in ("parochialism", "cleavage", "negativity")]
)
#: Moments at which the pairs are recorded.
MOMENTS = ("start", "policy", "end")


@dataclass(frozen=True)
class Recorded:
    """What an ensemble leaves; R runs. Parts that were not asked for are empty."""

    runs: np.ndarray  # (R, outcomes)
    series: np.ndarray  # (R, T, N_STATE)
    municipalities: np.ndarray  # (R, N, columns)
    pairs: np.ndarray  # (R, 3, 2, N, N) trust and grievance at MOMENTS
    log: np.ndarray = field(default_factory=lambda: np.zeros((0, N_LOG + 1)))  # (L, 1 + N_LOG): run first
    log_members: np.ndarray = field(default_factory=lambda: np.zeros(0, np.uint64))  # (L,)


@njit
def _record_pairs(s, pairs, moment):
    copy_to(pairs[moment, 0], s.trust)
    copy_to(pairs[moment, 1], s.grievance)


@njit
def _run_chunk(
    s, w, jobs, keys, first, last, subregion, groups, shares, rows, series, municipalities, pairs, log, members
):
    """Run jobs ``first`` up to ``last``, or fewer when the log buffer is full; return (next job, log rows)."""
    quarters = w.election.shape[0]
    room = s.log.shape[0]
    used = 0
    want_log = log.shape[0] > 0
    for r in range(first, last):
        if want_log and used + room > log.shape[0]:
            return r, used
        job = jobs[r]
        p = parameter_set(w.parameters, job.draw)
        reset(s, w, p, keys[r], job.design, job.solution, job.parochialism, job.cleavage, job.negativity)
        if pairs.shape[0] > 0:
            _record_pairs(s, pairs[r], 0)
        for t in range(quarters):
            if pairs.shape[0] > 0 and t == w.policy_start:
                _record_pairs(s, pairs[r], 1)
            step(s, w, p, t)
            if series.shape[0] > 0:
                outcomes.state_outcomes(s, w, series[r, t])
        outcomes.run_outcomes(s, w, subregion, groups, shares, rows[r])
        if municipalities.shape[0] > 0:
            outcomes.municipality_outcomes(s, w, municipalities[r])
        if pairs.shape[0] > 0:
            _record_pairs(s, pairs[r], 2)
        if want_log:
            for entry in range(s.log_size[0]):
                log[used, 0] = r
                copy_to(log[used, 1:], s.log[entry])
                members[used] = s.log_members[entry]
                used += 1
    return last, used


def simulate(
    world: World,
    jobs: np.ndarray,
    seed: int | np.ndarray,
    subregion: np.ndarray,
    *,
    workers: int,
    series: bool = False,
    details: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Recorded:
    """Run every job (a record array of ``JOB_DTYPE``) and return what was recorded, row r for job r.

    ``seed`` is one for all, or (R,) one a run.
    ``details`` adds municipalities, pairs and the log of initiatives; ``progress`` is called in this
    thread with the number of runs finished since the last call. KeyboardInterrupt stops within a chunk.
    """
    count = len(jobs)
    themes, size = world.severity.shape
    quarters = world.election.shape[0]
    groups = int(subregion.max()) + 1
    columns = outcomes.N_STATE + themes + groups + outcomes.N_RUN
    seeds = np.broadcast_to(np.asarray(seed, dtype=np.int64), count).tolist()
    pairs = zip(seeds, jobs["replicate"].tolist(), strict=True)
    keys = np.array([make_key(*pair) for pair in pairs], dtype=np.uint64).reshape(-1, 3)
    jobs = jobs.view(np.recarray)
    boxed_world = box(world)
    rows = np.full((count, columns), np.nan)
    kept_series = np.zeros((count if series else 0, quarters, outcomes.N_STATE))
    kept_towns = np.zeros((count if details else 0, size, len(outcomes.MUNICIPALITY_COLUMNS)))
    kept_pairs = np.zeros((count if details else 0, len(MOMENTS), 2, size, size))
    logs: dict[int, tuple[np.ndarray, np.ndarray]] = {}
    idle: list[tuple[State, Any, np.ndarray, np.ndarray, np.ndarray]] = []
    stop = False

    def work(first: int) -> int:
        worker = idle.pop()
        _, boxed, shares, log, members = worker  # the state itself is kept alive by its place in the tuple
        last = min(first + CHUNK, count)
        at = first
        while at < last and not stop:
            start = at
            at, used = _run_chunk(
                boxed,
                boxed_world,
                jobs,
                keys,
                start,
                last,
                subregion,
                groups,
                shares,
                rows,
                kept_series,
                kept_towns,
                kept_pairs,
                log,
                members,
            )
            if details:
                logs[start] = (log[:used].copy(), members[:used].copy())
        idle.append(worker)
        return last - first

    threads = max(1, min(workers, (count + CHUNK - 1) // CHUNK))
    for _ in range(threads):
        state = allocate(world)
        length = state.log.shape[0] * 8 if details else 0
        idle.append((state, box(state), np.zeros(size), np.zeros((length, N_LOG + 1)), np.zeros(length, np.uint64)))
    with ThreadPoolExecutor(threads) as pool:
        pending: set[Future[int]] = set()
        try:
            for first in range(0, count, CHUNK):
                pending.add(pool.submit(work, first))
            while pending:
                done, pending = wait(pending, return_when=FIRST_COMPLETED)
                for future in done:
                    finished = future.result()
                    if progress is not None:
                        progress(finished)
        except BaseException:
            stop = True
            for future in pending:
                future.cancel()
            raise
    ordered = [logs[start] for start in sorted(logs)]
    if not ordered:
        return Recorded(rows, kept_series, kept_towns, kept_pairs)
    return Recorded(
        rows,
        kept_series,
        kept_towns,
        kept_pairs,
        np.concatenate([log for log, _ in ordered]),
        np.concatenate([members for _, members in ordered]),
    )
