"""From points to outcomes: every point for each design and replicate, under the same luck, in chunks.

Only the outcomes asked for are kept, so memory grows with points x designs x replicates x outcomes and nothing else.
"""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from numpy.typing import NDArray

from bresim.config.schema import SweepConfig
from bresim.errors import BresimError
from bresim.jit import is_compiled
from bresim.progress import Progress, Silent
from bresim.sweep.engine import engine_of
from bresim.sweep.job import SweepJob
from bresim.text import language


def respond(
    config: SweepConfig, points: pd.DataFrame, outcomes: list[str], progress: Progress | None = None, stage: str = ""
) -> NDArray[np.float64]:
    """Outcomes (P points, D designs, R replicates, O outcomes); missing is NaN.

    Replicate r meets the same luck at every point and under every design. Raises InputError for points that cannot be.
    """
    progress = progress or Silent()
    _ = language(config.lang).gettext
    job = SweepJob(config, points)
    if config.engine.name == "local" and not is_compiled("run_families"):
        progress.wait(_("Compiling the model (once; about a minute)"))
        job.tables_of(np.arange(1))
    progress.stage(stage or _("Runs"), job.runs)
    rows = np.empty((job.runs, len(outcomes)))
    with engine_of(job, progress.advance) as engine:
        for chunk, tables in engine(job.chunks()):
            table = pq.read_table(io.BytesIO(tables["runs"]), columns=[*outcomes, "failure"]).to_pandas()
            failed = table["failure"].dropna()
            if len(failed):
                raise BresimError(f"{len(failed)} runs could not be made ({failed.iloc[0]}); bresim sweep shows which")
            rows[chunk.first : chunk.last] = table[outcomes].to_numpy(dtype=np.float64, na_value=np.nan)
    return rows.reshape(len(points), config.replicates, len(config.designs), len(outcomes)).swapaxes(1, 2)
