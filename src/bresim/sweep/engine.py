"""Where the chunks of a sweep are computed: threads of this process, or the workers of a Dask cluster.

An engine takes chunks and yields each when it is done, in any order, as the bytes of its tables. What is in
them does not depend on the engine.
"""

from __future__ import annotations

from contextlib import AbstractContextManager

from bresim.sweep.cluster import cluster
from bresim.sweep.compute import Advance, Engine
from bresim.sweep.job import SweepJob
from bresim.sweep.threads import threads


def engine_of(job: SweepJob, advance: Advance) -> AbstractContextManager[Engine]:
    """The engine that the configuration names; ``advance`` is called with the number of runs that are done."""
    return cluster(job, advance) if job.config.engine.name == "dask" else threads(job, advance)
