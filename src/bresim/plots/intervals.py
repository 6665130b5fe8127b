"""Dots and lines with intervals that were computed before, in seaborn's point plot and line plot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from numpy.typing import NDArray

from bresim.analysis.comparison import verdict
from bresim.plots.style import BLUE, GREY, RUST

#: Colour, mark and whether it is filled.
Look = tuple[str, str, bool]
#: Verdict → look: three shapes, so that grey paper tells them apart too.
LOOKS: dict[int, Look] = {1: (BLUE, "o", True), 0: (GREY, "o", False), -1: (RUST, "v", True)}


#: A number known with its ends, in three rows: what seaborn shows is the first, between the second and the third.
_GIVEN: dict[str, Any] = {
    "estimator": lambda rows: rows.iloc[0],
    "errorbar": lambda rows: (rows.iloc[1], rows.iloc[2]),
}


def dots(
    axis: Axes,
    places: Sequence[float],
    values: pd.DataFrame,
    look: Look,
    *,
    orient: Literal["x", "y"] = "y",
    size: float = 6.5,
    line: float = 1.8,
    dashes: str = "none",
    **options: Any,
) -> None:
    """A dot with its interval at each of ``places`` on the axis ``orient``.

    ``values``: three columns, the dot and the low and high end of its interval; without known ends only the dot.
    ``dashes`` joins the dots; ``options`` are seaborn's and those of the lines.
    """
    colour, mark, filled = look
    here, number = _rows(places, values)
    if not len(number):
        return
    sns.pointplot(
        x=here if orient == "x" else number,
        y=number if orient == "x" else here,
        orient=orient,
        native_scale=True,
        linestyle=dashes,
        color=colour,
        marker=mark,
        markersize=size,
        markerfacecolor=colour if filled else "white",
        markeredgewidth=1.4,
        err_kws={"linewidth": line, "alpha": options.get("alpha"), "solid_capstyle": "butt"},
        ax=axis,
        **_GIVEN,
        **options,
    )
    axis.set(xlabel="", ylabel="")


def bars(
    axis: Axes,
    places: Sequence[float],
    values: pd.DataFrame,
    colour: str,
    *,
    orient: Literal["x", "y"] = "y",
    width: float = 6.0,
) -> None:
    """A thick bar from the low to the high end at each place, below :func:`dots`, which have another interval.

    ``values`` as in :func:`dots`; seaborn has no form for two intervals at one place.
    """
    draw = axis.vlines if orient == "x" else axis.hlines
    ends = values.iloc[:, 1].to_numpy(dtype=np.float64), values.iloc[:, 2].to_numpy(dtype=np.float64)
    draw(places, *ends, color=colour, linewidth=width, alpha=0.5, capstyle="butt")


def line(axis: Axes, places: Sequence[float], values: pd.DataFrame, *, band: float, **look: Any) -> None:
    """A line over ``places`` with the band between its ends; ``values`` as in :func:`dots`, ``band`` its opacity.

    Seaborn has a band of what it estimates itself, not of ends that are known.
    """
    where = np.asarray(places, dtype=np.float64)
    middle, low, high = (values.iloc[:, at].to_numpy(dtype=np.float64) for at in range(3))
    if not np.isfinite(middle).any():
        return
    sns.lineplot(x=where, y=middle, estimator=None, legend=False, ax=axis, **look)
    axis.fill_between(where, low, high, color=look.get("color"), alpha=band, linewidth=0)
    axis.set(xlabel="", ylabel="")


def _rows(places: Sequence[float], values: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Places and numbers of all that is known: first every value, then every low end, then every high end."""
    middle, low, high = (values.iloc[:, at].to_numpy(dtype=np.float64) for at in range(3))
    where = np.asarray(places, dtype=np.float64)
    known, ends = np.isfinite(middle), np.isfinite(middle) & np.isfinite(low) & np.isfinite(high)
    return (
        np.concatenate([where[known], where[ends], where[ends]]),
        np.concatenate([middle[known], low[ends], high[ends]]),
    )


def verdicts(values: pd.DataFrame) -> list[int]:
    """For each row of dot, low and high: 1 above zero, -1 below, 0 not to be told apart from it."""
    return [verdict(*map(float, row)) for row in values.itertuples(index=False)]


def by_verdict(axis: Axes, values: pd.DataFrame, scale: float = 1.0) -> None:
    """Rows under each other, the first on top, each in the look of its verdict; times ``scale``."""
    found = np.array(verdicts(values))
    for kind, look in LOOKS.items():
        rows = np.flatnonzero(found == kind)
        if len(rows):
            dots(axis, rows.tolist(), scale * values.iloc[rows], look)


def name_rows(axis: Axes, names: Sequence[str]) -> None:
    """Names on the y axis, the first on top; no lines across."""
    axis.set_yticks(range(len(names)), names)
    axis.set_ylim(len(names) - 0.4, -0.6)
    axis.grid(visible=False, axis="y")
