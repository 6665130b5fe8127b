"""Whether a sample is large enough: how wide the intervals are, and what half of the sample gives."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from bresim.sensitivity.indices import LEADING, Row
from bresim.sensitivity.quantities import Quantity

#: Widest half-interval, and largest change from half the sample, in parts of the largest index.
ENOUGH = 0.25
#: Keys at the top of the list that half of the sample should find too.
TOP = 5


def judge(method: str, samples: int, whole: Sequence[Row], half: Sequence[Row], quantity: Quantity) -> Row:
    """One row: ``largest`` index, ``width`` and ``change`` relative to it, ``top`` keys that half the sample shares.

    ``hidden`` (Morris) counts keys whose effect is within the noise of these replicates; ``luck`` (Sobol) is the share
    of the variance between points that is stochastic uncertainty of their means. ``needed`` is the sample size that is
    estimated to be enough.
    """
    index = LEADING[method]
    full, part = _of(whole, index), _of(half, index)
    row: Row = {"method": method, **quantity.names, "samples": samples}
    if full.empty:  # the outcome is missing somewhere
        nothing = {"largest": np.nan, "width": np.nan, "change": np.nan, "top": np.nan, "hidden": np.nan}
        return {**row, **nothing, "luck": np.nan, "enough": False, "needed": samples}
    largest = float(full["value"].max())
    if largest <= 0.0:
        nothing = {"largest": 0.0, "width": 0.0, "change": 0.0, "top": 1.0, "hidden": np.nan}
        same = not np.ptp(quantity.values) > np.finfo(np.float64).eps  # else too few points differ to attribute it
        return {**row, **nothing, "luck": np.nan, "enough": same, "needed": samples if same else 2 * samples}
    width = float((full["high"] - full["value"]).max()) / largest
    change = float((full["value"] - part["value"].reindex(full.index)).abs().max()) / largest
    enough = width <= ENOUGH and change <= ENOUGH
    needed = samples if enough else math.ceil(samples * max((max(width, change) / ENOUGH) ** 2, 2.0))
    if method == "sobol":
        needed = 2 ** math.ceil(math.log2(needed))
    return {
        **row,
        "largest": largest,
        "width": width,
        "change": change,
        "top": _shared(full["value"], part["value"]),
        "hidden": _hidden(whole, full) if method == "morris" and quantity.statistic == "mean" else np.nan,
        "luck": _stochastic_share(quantity) if method == "sobol" and quantity.statistic == "mean" else np.nan,
        "enough": enough,
        "needed": needed,
    }


def _of(rows: Sequence[Row], index: str) -> pd.DataFrame:
    chosen = [row for row in rows if row["index"] == index]
    return pd.DataFrame(chosen, columns=["key", "value", "low", "high"]).set_index("key")


def _shared(full: pd.Series, part: pd.Series) -> float:
    count = min(TOP, len(full))
    return len(set(full.nlargest(count).index) & set(part.nlargest(count).index)) / count


def _hidden(rows: Sequence[Row], full: pd.DataFrame) -> float:
    noise = _of(rows, "luck")["value"]
    return float((full["low"] <= noise.reindex(full.index)).sum())


def _stochastic_share(quantity: Quantity) -> float:
    """Noise from the interaction of points and replicates: a shift that all points share affects no index."""
    points, replicates = quantity.runs.shape
    means = quantity.values
    rest = quantity.runs - means[:, None] - (np.nanmean(quantity.runs, axis=0) - np.nanmean(quantity.runs))
    noise = float(np.nansum(rest**2)) / ((points - 1) * (replicates - 1)) / replicates
    between = float(np.var(means, ddof=1))
    return min(1.0, noise / between) if between > 0.0 else np.nan
