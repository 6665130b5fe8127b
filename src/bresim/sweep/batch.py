"""Runs of a sweep in memory: nothing is written, and numbers are those that its folder would hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from bresim.common.progress import COMPILING, Progress, Silent
from bresim.common.text import language
from bresim.results.result import Result
from bresim.sweep.job import SweepJob
from bresim.sweep.run import SUMMED_UP, summed_up
from bresim.sweep.tables import make_ready, tables_of

#: Runs that are simulated together: many, since each time the threads wait for the last one.
TOGETHER = 16_384
#: The same where it is asked what runs cost, which takes some 100 kB a run to know.
TOGETHER_PRICED = 2_048


def collect(
    job: SweepJob,
    progress: Progress | None = None,
    columns: Sequence[str] | None = None,
    priced: Sequence[str] = (),
) -> dict[str, pd.DataFrame]:
    """Every table of a sweep; of ``runs`` only these ``columns``, where they are given, and what they cost."""
    progress = progress or Silent()
    _ = language(job.config.lang).gettext
    make_ready(job, lambda: progress.wait(_(COMPILING)))
    progress.stage(_("Runs"), job.runs)
    found: dict[str, list[pd.DataFrame]] = {}
    together = TOGETHER_PRICED if priced else TOGETHER
    for first in range(0, job.runs, together):
        run = np.arange(first, min(first + together, job.runs))
        for name, table in tables_of(job, run, job.config.threads, progress.advance, priced).items():
            kept = table[list(columns)] if columns is not None and name == "runs" else table
            found.setdefault(name, []).append(kept)
    return {name: pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0] for name, parts in found.items()}


def run_in_memory(job: SweepJob, progress: Progress | None = None) -> Result:
    """The result of a sweep with every table that its folder would hold."""
    tables: dict[str, Any] = dict(collect(job, progress, priced=job.priced))
    return replace(summed_up(job, [tables["runs"][list(SUMMED_UP)]]), points=job.points, **tables)
