"""From points to outcomes: every point for each design and replicate, with common random numbers, run as a sweep.

The chunks are kept in a folder by the code of ``bresim sweep``, so that an analysis that was stopped can be resumed.
Only the outcomes asked for are read back.
"""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from numpy.typing import NDArray

from bresim.common.errors import BresimError, said
from bresim.common.progress import Progress, Silent
from bresim.config.schema import SweepConfig
from bresim.results.store import SweepFolder, parts_of
from bresim.sweep.engine import engine_of
from bresim.sweep.job import SweepJob
from bresim.sweep.run import fill

#: Digits of the sweep's identity in the name of its folder.
DIGITS = 16


def respond(
    config: SweepConfig,
    points: pd.DataFrame,
    outcomes: list[str],
    kept: Path | None = None,
    progress: Progress | None = None,
    stage: str = "",
) -> tuple[NDArray[np.float64], int]:
    """Outcomes (P points, D designs, R replicates, O outcomes), missing is NaN; and how many runs were there already.

    Replicate r has the same random draws at every point and under every design. ``kept``: folder in which runs stay;
    those of the same points are not run again. Raises InputError for points that cannot be simulated.
    """
    progress = progress or Silent()
    job = SweepJob(config, points)
    with TemporaryDirectory() if kept is None else nullcontext(kept) as place:
        folder = SweepFolder(Path(place) / job.identity[:DIGITS], job.identity)
        with engine_of(job, progress.advance) as engine, folder.held():
            whole, _bad = fill(job, folder, engine, progress, stage=stage)
            rows = _read(folder.out, job.runs, outcomes)
    again = sum(chunk.last - chunk.first for chunk in job.chunks() if chunk.name in whole)
    return rows.reshape(len(points), config.replicates, len(config.designs), len(outcomes)).swapaxes(1, 2), again


def _read(folder: Path, runs: int, outcomes: list[str]) -> NDArray[np.float64]:
    """(runs, outcomes) in the order of the runs; an error if some could not be made."""
    rows = np.empty((runs, len(outcomes)))
    first = 0
    for part in parts_of(folder):
        table = pq.read_table(part.path, columns=[*outcomes, "failure"]).to_pandas()
        failed = table["failure"].dropna()
        if len(failed):
            raise BresimError(
                said(
                    "{count} runs could not be made ({reason}); bresim sweep shows which",
                    count=len(failed),
                    reason=failed.iloc[0],
                )
            )
        rows[first : first + len(table)] = table[outcomes].to_numpy(dtype=np.float64, na_value=np.nan)
        first += len(table)
    return rows
