"""A table of coloured cells: levels in grey, differences in colour, every cell with its number."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from bresim.common.text import Language
from bresim.plots.style import DIVERGING, FAINT, GREY, INK, wrap
from bresim.plots.view import View

_COLOURS = LinearSegmentedColormap.from_list("bresim", DIVERGING).with_extremes(bad=FAINT)


def draw(
    axes: Axes,
    levels: pd.DataFrame,
    differences: pd.DataFrame,
    certain: pd.DataFrame,
    language: Language,
    size: float = 8.5,
) -> None:
    """Draw cells; the three frames have the same rows and columns.

    ``differences`` (shares) colour a cell by their size; where they are missing the cell is grey and shows
    the level (a share). A difference that is not ``certain`` has no colour and stands in brackets.
    """
    points = 100 * differences.to_numpy(dtype=np.float64)
    shares = levels.to_numpy(dtype=np.float64)
    known = certain.to_numpy(dtype=np.bool_)
    strength = np.where(np.isnan(points), np.nan, np.where(known, points, 0.0))
    largest = max(float(np.nanmax(np.abs(strength), initial=0.0)), 0.5)
    axes.pcolormesh(
        np.ma.masked_invalid(strength), cmap=_COLOURS, vmin=-largest, vmax=largest, edgecolor="white", linewidth=1
    )
    for row, column in np.ndindex(points.shape):
        point = float(points[row, column])
        if np.isnan(point):
            text, ink = language.percent(float(shares[row, column])), INK
        elif known[row, column]:
            text, ink = language.signed(point), "white" if abs(point) > 0.8 * largest else INK
        else:
            text, ink = f"({language.signed(point)})", GREY
        axes.text(column + 0.5, row + 0.5, text, ha="center", va="center", fontsize=size, color=ink)
    axes.set_ylim(points.shape[0], 0)
    axes.set_yticks(np.arange(points.shape[0]) + 0.5, list(differences.index))
    _columns(axes, list(differences.columns))
    axes.tick_params(length=0, pad=3)
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)


def caption(view: View, unit: str) -> str:
    """How to read the cells of a job: ``unit`` says what a level is a share of."""
    _ = view.language.gettext
    if not view.reference:
        return _("Cells: the level at the end, {unit}, mean of all futures.").format(unit=unit)
    text = _("Grey cells: the level under the status quo at the end, {unit}.").format(unit=unit)
    if not view.alternatives:
        return text
    return (
        text
        + " "
        + _(
            "Coloured cells: difference from it in percentage points. In brackets, without colour: cannot be told "
            "apart from zero (95% interval)."
        )
    )


def _columns(axes: Axes, names: list[str]) -> None:
    """Column names on top, slanted if one of their words is too long to stand upright."""
    axes.xaxis.tick_top()
    width = 84 // max(len(names), 1)
    longest = max((len(word) for name in names for word in name.split()), default=0)
    places = np.arange(len(names)) + 0.5
    if longest <= width:
        axes.set_xticks(places, [wrap(name, width) for name in names], fontsize=8)
    else:
        axes.set_xticks(
            places, [wrap(name, 24) for name in names], fontsize=8, rotation=40, ha="left", rotation_mode="anchor"
        )
