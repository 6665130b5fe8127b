"""What the pages of the named experiments count with: means, paired differences, intervals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from bresim.analysis.summary import mean_interval
from bresim.conventions import HEADLINE, REFERENCE
from bresim.governance import load_design

KNOBS = ["undercurrent.parochialism", "undercurrent.cleavage", "undercurrent.negativity"]
CAPACITY, LOAD = "parameters.capacity_scale", "parameters.collaboration_fte"
SIZE = "region.synthetic.n"
STEERING, MANDATE = (f"designs.provincial_steering.payoff.{field}" for field in ("steering", "mandate"))
LOSS = "parameters.acceptance_loss"
TERM = "governance.scope.term_quarters"
THINNING = "measures.thinning"


def label(design: str) -> str:
    return load_design(design).label_en


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def points(difference: float) -> str:
    return f"{100 * difference:+.2f}".replace("-", "−")


def means(runs: pd.DataFrame, *keys: str) -> pd.Series:
    return runs.groupby(list(keys), observed=True)[HEADLINE].mean()


def paired(runs: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Each run's difference to the status quo at the same point with the same random draws."""
    at = [*keys, "replicate"]
    base = runs[runs["design"] == REFERENCE].set_index(at)[HEADLINE]
    others = runs[runs["design"] != REFERENCE].set_index(at)
    return others.assign(difference=others[HEADLINE] - base.reindex(others.index)).reset_index()


def against_first(runs: pd.DataFrame, key: str) -> pd.DataFrame:
    """Each run's difference to the first value of ``key`` under the same design with the same random draws."""
    at = ["design", "replicate"]
    base = runs[runs[key] == runs[key].min()].set_index(at)[HEADLINE]
    others = runs.set_index(at)
    return others.assign(difference=others[HEADLINE] - base.reindex(others.index)).reset_index()


def interval(runs: pd.DataFrame, column: str = HEADLINE) -> tuple[float, float, float]:
    """Mean and its 95 % interval. Runs of one parameter set hang together, at whatever points and replicates."""
    return mean_interval(runs[column].to_numpy(dtype=np.float64), runs["parameter_draw"].to_numpy(dtype=np.int64))


def intervals(runs: pd.DataFrame, key: str, column: str = HEADLINE) -> pd.DataFrame:
    """``interval`` for each value of ``key``: columns ``mean``, ``low``, ``high``."""
    found = {value: interval(part, column) for value, part in runs.groupby(key, observed=True)}
    return pd.DataFrame.from_dict(found, orient="index", columns=["mean", "low", "high"])


def spread(runs: pd.DataFrame, column: str) -> str:
    """Mean with its 95 % interval, in percentage points."""
    mean, low, high = interval(runs, column)
    return f"{points(mean)} ({points(low)} to {points(high)})"
