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


def line(axis: Axes, places: Sequence[float], values: pd.DataFrame, *, band: float, **look: Any) -> None:
    """A line over ``places`` with the band between its ends; ``values`` as in :func:`dots`, ``band`` its opacity."""
    here, number = _rows(places, values)
    if len(number):
        sns.lineplot(
            x=here,
            y=number,
            sort=False,  # seaborn would sort the three numbers of a place too
            err_kws={"alpha": band, "linewidth": 0},
            legend=False,
            ax=axis,
            **_GIVEN,
            **look,
        )
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
