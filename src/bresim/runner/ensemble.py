"""Many runs of one kernel on threads. No rule of the model is in here: what a quarter does is in ``step``.

A worker owns a few states and works through chunks of runs; every run writes to its own row, and its random
draws are keyed by its own replicate, so the result does not depend on how many workers there are or on the
order of chunks.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from bresim.columns import run_outcomes
from bresim.common.rows import distinct_rows
from bresim.conventions import UNDERCURRENT_PARTS
from bresim.kernel.draws import make_key
from bresim.kernel.jit import is_compiled
from bresim.kernel.state import BALLOT_DTYPE, DIARY_DTYPE, INITIATIVE_DTYPE, World, allocate
from bresim.kernel.structs import box, pool
from bresim.runner.alone import run_alone
from bresim.runner.cloning import Scratch, families_of, run_families
from bresim.runner.family import MOMENTS, PAIR_DTYPE, Tables, Work
from bresim.runner.outcomes import CAPACITY_DTYPE, MUNICIPALITY_DTYPE, STATE_DTYPE, blank_rows
from bresim.runner.own import Own

#: Runs that a worker does at most before it looks up; a family is done as a whole.
CHUNK = 256
#: Of a small job one of several does less: each gets so many turns, and none is long alone with the last.
TURNS = 32
#: What workers used, for the next call on a world of the same sizes: to make it takes as long as twenty runs.
_FREE: deque[Scratch] = deque(maxlen=16)
#: One row a run: which design, replicate, parameter draw and membership solution, the three knobs, and whether the
#: design is founded at policy start without a vote.
RUN_DTYPE = np.dtype(
    [("design", np.int64), ("replicate", np.int64), ("draw", np.int64), ("solution", np.int64)]
    + [(name, np.float64) for name in UNDERCURRENT_PARTS]
    + [("at_once", np.bool_)],
    align=True,
)


@dataclass(frozen=True)
class Recorded:
    """What an ensemble leaves; R runs. Parts that were not asked for are empty."""

    runs: np.ndarray  # (R, outcomes), columns as in ``columns.run_outcomes``
    series: np.ndarray  # (R, T) record of outcomes.STATE_DTYPE
    municipalities: np.ndarray  # (R, N) record of outcomes.MUNICIPALITY_DTYPE
    municipality_themes: np.ndarray  # (R, N, K) realised share of direct value
    pairs: np.ndarray  # (R, 3, N, N) record of family.PAIR_DTYPE, at family.MOMENTS
    log: np.ndarray = field(default_factory=lambda: np.zeros(0, INITIATIVE_DTYPE))  # (L,) initiatives, by run
    ballots: np.ndarray = field(
        default_factory=lambda: np.zeros(0, BALLOT_DTYPE)
    )  # (B,) votes of municipalities, by run
    diaries: Sequence[np.ndarray] = ()  # of each run, what happened: records of state.DIARY_DTYPE
    institutions: np.ndarray = field(
        default_factory=lambda: np.zeros((0, 0), np.int16)
    )  # (R, T) diary.institution_events
    capacity: np.ndarray = field(
        default_factory=lambda: np.zeros((0, 0, 0), CAPACITY_DTYPE)
    )  # (R, T, N) what capacity went to

    def without(self, *parts: str) -> Recorded:
        """The same with these arrays empty, so that their memory is free once they are a table."""
        held: dict[str, np.ndarray] = {part: getattr(self, part) for part in parts}
        empty: dict[str, Any] = {part: np.zeros((0, *array.shape[1:]), array.dtype) for part, array in held.items()}
        return replace(self, **empty)


def is_ready(world: World, function: Any = run_families) -> bool:
    """Whether a rule, or the kernel, was compiled before on this machine for a region of these sizes."""
    state = allocate(world)
    return any(is_compiled(function, one) for one in (box(state), pool([state])))


def _scratch(world: World, members: int, details: bool, events: bool) -> Scratch:
    """One that is free, or a new one."""
    for _ in range(len(_FREE)):
        try:
            free = _FREE.popleft()
        except IndexError:  # another thread was quicker
            break
        if free.fits(world, members, details, events):
            return free
        _FREE.append(free)
    return Scratch(world, members, details, events)


def _finished(
    work: Callable[[int, int], int], chunks: Sequence[tuple[int, int]], threads: int
) -> Generator[int, None, None]:
    """What ``work`` returns for each chunk as they are done, on so many threads; one is the caller's own."""
    if threads == 1:
        for chunk in chunks:
            yield work(*chunk)
        return
    with ThreadPoolExecutor(threads) as executor:
        pending = {executor.submit(work, *chunk) for chunk in chunks}
        try:
            while pending:
                done, pending = wait(pending, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        except BaseException:
            for future in pending:
                future.cancel()
            raise


def simulate(
    world: World,
    jobs: np.ndarray,
    seed: int | np.ndarray,
    subregion: np.ndarray,
    *,
    workers: int,
    series: bool = False,
    details: bool = False,
    events: bool = False,
    progress: Callable[[int], None] | None = None,
    own: Own | None = None,
) -> Recorded:
    """Run every job (a record array of ``RUN_DTYPE``) and return what was recorded, row r for job r.

    ``seed`` is one for all, or (R,) one a run.
    ``details`` adds municipalities, pairs, the log of initiatives and the ballots, ``events``
    what happened and what capacity went to; ``progress`` is called in this thread with the number of runs finished
    since the last call. KeyboardInterrupt stops within a chunk. With phases of a user's ``own`` the runs are made one
    after another (``runner.alone``).
    """
    count = len(jobs)
    themes, size = world.severity.shape
    quarters = world.election.shape[0]
    seeds = np.ascontiguousarray(np.broadcast_to(np.asarray(seed, dtype=np.int64), count))
    families = families_of(world, jobs, seeds)
    columns = len(run_outcomes([("", "", "")] * themes, [""] * (int(subregion.max()) + 1)))
    runs, rows = blank_rows(count, columns, themes)
    tables = Tables(
        runs=rows,
        series=_records((count if series else 0, quarters), STATE_DTYPE),
        municipalities=_records((count if details else 0, size), MUNICIPALITY_DTYPE),
        municipality_themes=np.zeros((count if details else 0, size, themes)),
        pairs=_records((count if details else 0, len(MOMENTS), size, size), PAIR_DTYPE),
        capacity=_records((count if events else 0, quarters, size), CAPACITY_DTYPE),
        institutions=np.zeros((count if events else 0, quarters), np.int16),
    )
    keys = _keys(seeds, jobs["replicate"])
    if own is not None:
        told = run_alone(world, jobs, keys, subregion, tables, own, progress)
        return _recorded(
            runs, tables, told.diaries if events else [], *((told.logs, told.ballots) if details else ([], []))
        )
    work = Work(jobs.view(np.recarray), keys, families.order, families.starts, subregion)
    boxed_world = box(world)
    logs: list[np.ndarray] = []
    ballots: list[np.ndarray] = []
    diaries = [np.zeros(0, DIARY_DTYPE)] * (count if events else 0)

    def run_chunk(first: int, last: int) -> int:
        scratch = idle.pop()
        try:
            at = first
            while at < last:
                until = at + 1 if events else last  # a diary stays in its state until the next family
                at, used, cast = run_families(scratch.pool, boxed_world, work, at, until, scratch.room, tables)
                if events:
                    _take_diaries(scratch, families.members(at - 1), diaries)
                if details:
                    logs.append(scratch.room.log[:used].copy())
                    ballots.append(scratch.room.ballots[:cast].copy())
        finally:  # also after an error: the other chunks are under way until it is told
            idle.append(scratch)
        return int(families.starts[last] - families.starts[first])

    chunks = families.chunks(CHUNK if workers == 1 else max(1, min(CHUNK, count // (TURNS * workers))))
    threads = max(1, min(workers, len(chunks)))
    idle = [_scratch(world, max(1, families.largest), details, events) for _ in range(threads)]
    with closing(_finished(run_chunk, chunks, threads)) as finished:
        for done in finished:
            if progress is not None:
                progress(done)
    _FREE.extend(idle)
    return _recorded(runs, tables, diaries, logs, ballots)


def _recorded(
    runs: np.ndarray, tables: Tables, diaries: Sequence[np.ndarray], logs: list[np.ndarray], ballots: list[np.ndarray]
) -> Recorded:
    recorded = Recorded(
        runs, tables.series, tables.municipalities, tables.municipality_themes, tables.pairs,
        diaries=diaries, institutions=tables.institutions, capacity=tables.capacity,
    )  # fmt: skip
    if not logs:
        return recorded
    return replace(recorded, log=_by_run(logs), ballots=_by_run(ballots))


def _take_diaries(scratch: Scratch, family: np.ndarray, diaries: list[np.ndarray]) -> None:
    """Put the diary of each run of a family that was just run in its place; runs that are the same share one."""
    heads = scratch.room.members["head"][: len(family)].tolist()
    states = {head: scratch.states[head] for head in heads}
    taken = {head: state.diary[: state.region.happened].copy() for head, state in states.items()}
    for run, head in zip(family.tolist(), heads, strict=True):
        diaries[run] = taken[head]


def _by_run(parts: list[np.ndarray]) -> np.ndarray:
    """Rows of several chunks in the order of the runs, those of one run as they were; ``parts`` is empty afterwards."""
    order = np.argsort(np.concatenate([part["run"] for part in parts]), kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    rows = np.empty(len(order), parts[0].dtype)
    last = len(order)
    while parts:  # each is let go once it is copied: together they take hundreds of megabytes
        part = parts.pop()
        rows[place[last - len(part) : last]] = part
        last -= len(part)
    return rows


def _records(shape: tuple[int, ...], dtype: np.dtype[Any]) -> np.ndarray:
    return np.zeros(shape, dtype).view(np.recarray)


def _keys(seeds: np.ndarray, replicates: np.ndarray) -> np.ndarray:
    """Key of the random draws of every run, (R, 3); each pair of seed and replicate is made once."""
    pairs, of_pair = distinct_rows(seeds, replicates)
    return np.array([make_key(*pair) for pair in pairs.tolist()], dtype=np.uint64).reshape(-1, 3)[of_pair]
