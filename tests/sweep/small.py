"""Small sweeps: the teaching region, two designs, the documented point of the parameters."""

from __future__ import annotations

import pandas as pd
import pyarrow.parquet as pq

from bresim.config import load
from bresim.config.schema import SweepConfig
from bresim.sweep.job import SweepJob

SMALL = (
    "region=teaching",
    "designs=[status_quo,regiobureau]",
    "parameters=point",
    "replicates=3",
    "seed=7",
    "workers=2",
)


def config_of(*overrides: str) -> SweepConfig:
    swept = {override.removeprefix("+vary.").partition("=")[0] for override in overrides}
    return load("sweep", overrides=[*(text for text in SMALL if text.partition("=")[0] not in swept), *overrides])


def job_of(*overrides: str) -> SweepJob:
    return SweepJob(config_of(*overrides))


def rows_of(out: object) -> pd.DataFrame:
    """Every row that a sweep left, in order."""
    return pq.read_table(f"{out}/runs.parquet").to_pandas()
