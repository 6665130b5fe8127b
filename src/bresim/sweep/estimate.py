"""An estimate of the time and disk space of a sweep, extrapolated from samples of it that the engine runs."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from bresim.results.store import Chunk
from bresim.sweep.compute import compute
from bresim.sweep.job import SweepJob
from bresim.sweep.tables import make_ready
from bresim.sweep.threads import threads

#: Fewest samples, in all and for each thread, so that no thread waits long for the others.
MIN_SAMPLES, PER_THREAD = 8, 4
#: Most runs in a sample: as many as in a chunk, whose start-up has a cost, up to this.
MAX_SAMPLE = 512


@dataclass(frozen=True)
class Estimate:
    """The estimate for this machine."""

    points: int
    runs: int
    chunks: int
    seconds: float
    megabytes: float


def sampled(job: SweepJob) -> list[Chunk]:
    """Samples spread over the sweep, of complete replicates, whose designs share a history."""
    together, _ = job.crossed
    length = -(-min(MAX_SAMPLE, job.size) // together) * together
    count = max(MIN_SAMPLES, PER_THREAD * job.config.threads)
    if job.runs <= count * length:
        firsts = list(range(0, job.runs, length))
    else:
        spread = np.linspace(0, job.runs - length, count).astype(np.int64) // together * together
        firsts = [int(first) for first in spread]
    return [Chunk(at, first, min(first + length, job.runs), "") for at, first in enumerate(firsts)]


def estimate(job: SweepJob) -> Estimate:
    """Run some samples on all threads and extrapolate."""
    make_ready(job, lambda: None)  # not timed
    alone = _size(compute(job, Chunk(0, 0, 1, "")))
    sample = sampled(job)
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
