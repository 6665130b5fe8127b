"""Dots with intervals that were computed before: seaborn's point plot of three values, lowest, middle and highest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from bresim.analysis.comparison import verdict
from bresim.plots.style import BLUE, GREY, RUST

#: Colour, mark and whether it is filled.
Look = tuple[str, str, bool]
#: Verdict → look: three shapes, so that grey paper tells them apart too.
LOOKS: dict[int, Look] = {1: (BLUE, "o", True), 0: (GREY, "o", False), -1: (RUST, "v", True)}


def draw(
    axis: Axes,
    places: Sequence[float],
    values: pd.DataFrame,
    look: Look,
    *,
    size: float = 6.5,
    line: float = 1.8,
    alpha: float = 1.0,
) -> None:
    """A dot with its interval at each of ``places`` on the y axis.

    ``values``: three columns, the dot and the low and high end of its interval; without known ends only the dot.
    """
    colour, mark, filled = look
    dot, low, high = (values.iloc[:, at].to_numpy(dtype=np.float64) for at in range(3))
    where = np.asarray(places, dtype=np.float64)
    known = np.isfinite(low) & np.isfinite(high)
    x, y = np.concatenate([dot, low[known], high[known]]), np.concatenate([where, where[known], where[known]])
    here = np.isfinite(x)
    if not here.any():
        return
    sns.pointplot(
        x=x[here],
        y=y[here],
        orient="y",
        native_scale=True,
        estimator="median",
        errorbar=("pi", 100),
        linestyle="none",
        color=colour,
        marker=mark,
        markersize=size,
        markerfacecolor=colour if filled else "white",
        markeredgewidth=1.4,
        err_kws={"linewidth": line, "alpha": alpha},
        alpha=alpha,
        ax=axis,
    )
    axis.set(xlabel="", ylabel="")


def verdicts(values: pd.DataFrame) -> list[int]:
    """For each row of dot, low and high: 1 above zero, -1 below, 0 not to be told apart from it."""
    return [verdict(*map(float, row)) for row in values.itertuples(index=False)]


def by_verdict(axis: Axes, values: pd.DataFrame, scale: float = 1.0) -> None:
    """Rows under each other, the first on top, each in the look of its verdict; times ``scale``."""
    found = np.array(verdicts(values))
    for kind, look in LOOKS.items():
        rows = np.flatnonzero(found == kind)
        if len(rows):
            draw(axis, rows.tolist(), scale * values.iloc[rows], look)


def name_rows(axis: Axes, names: Sequence[str]) -> None:
    """Names on the y axis, the first on top; no lines across."""
    axis.set_yticks(range(len(names)), names)
    axis.set_ylim(len(names) - 0.4, -0.6)
    axis.grid(visible=False, axis="y")
