"""What a sweep would take: stretches of it are run by the engine itself, and what they took is extrapolated."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from bresim.results.store import Chunk
from bresim.sweep.compute import compute
from bresim.sweep.job import SweepJob
from bresim.sweep.tables import make_ready
from bresim.sweep.threads import threads

#: Stretches that are run: at least so many in all and for each thread, so that none waits long for the others.
STRETCHES, FOR_EACH = 8, 4
#: Runs in a stretch: as in a chunk, since to begin one costs something too, but so many at most.
LONGEST = 512


@dataclass(frozen=True)
class Estimate:
    """What a sweep would take on this machine."""

    points: int
    runs: int
    chunks: int
    seconds: float
    megabytes: float


def stretches(job: SweepJob) -> list[Chunk]:
    """Runs spread over the sweep, in whole replicates: their designs share a history, so a part of one costs more."""
    together, _ = job.crossed
    length = -(-min(LONGEST, job.size) // together) * together
    count = max(STRETCHES, FOR_EACH * job.config.threads)
    if job.runs <= count * length:
        firsts = list(range(0, job.runs, length))
    else:
        spread = np.linspace(0, job.runs - length, count).astype(np.int64) // together * together
        firsts = [int(first) for first in spread]
    return [Chunk(at, first, min(first + length, job.runs), "") for at, first in enumerate(firsts)]


def estimate(job: SweepJob) -> Estimate:
    """Run some stretches on all threads and extrapolate."""
    make_ready(job, lambda: None)  # outside the clock
    alone = _size(compute(job, Chunk(0, 0, 1, "")))
    sample = stretches(job)
    runs = sum(chunk.last - chunk.first for chunk in sample)
    with threads(job, lambda _: None) as engine:
        before = time.perf_counter()
        size = sum(_size(tables) for _, tables in engine(sample))
        seconds = (time.perf_counter() - before) / runs * job.runs
    # a part has its columns and types besides its rows
    row = (size - len(sample) * alone) / max(1, runs - len(sample))
    chunks = len(job.chunks())
    return Estimate(len(job.points), job.runs, chunks, seconds, (chunks * alone + (job.runs - chunks) * row) / 1e6)


def _size(tables: dict[str, bytes]) -> int:
    return sum(map(len, tables.values()))
