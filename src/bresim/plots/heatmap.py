"""A table of coloured cells: levels in grey, differences in colour, every cell with its number."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from math import ceil

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.colors import Colormap, LinearSegmentedColormap, ListedColormap
from numpy.typing import NDArray

from bresim.common.text import Language
from bresim.plots.style import BLUE, DIVERGING, FAINT, GREY, NARROW, SMALL, wrap
from bresim.plots.view import View

_DIVERGING = LinearSegmentedColormap.from_list("bresim", DIVERGING)
_RISING = LinearSegmentedColormap.from_list("bresim_rising", ("#ffffff", DIVERGING[3], BLUE))
_PLAIN = ListedColormap([FAINT])
#: On a colour of less luminance than this white is read better than black; the better has always 4.5 : 1 or more.
DARK = 0.179
#: Letters that fit above a column whose name is slanted.
SLANTED = 6
#: Letters in a line of a name that stands on end: a third line would lie on its neighbour.
UPRIGHT = 28
#: The same on a page, where there may be three.
NARROW_UPRIGHT = 20


def draw(
    axes: Axes,
    levels: pd.DataFrame,
    differences: pd.DataFrame,
    certain: pd.DataFrame,
    language: Language,
    size: float = 8.5,
    largest: float | None = None,
) -> None:
    """Draw cells; the three frames have the same rows and columns.

    ``differences`` (shares) colour a cell by their size; where they are missing the cell is grey and shows
    the level (a share). A difference that is not ``certain`` has no colour and stands in brackets. Parts of one table
    have the same ``largest`` difference, in percentage points.
    """
    plain = differences.isna()
    texts = levels.map(lambda share: language.percent(share, 1))
    _cells(axes, levels.fillna(0.0).where(plain), texts, _PLAIN, (0.0, 1.0), size)
    if not plain.to_numpy().all():
        points(axes, differences, language, size=size, certain=certain, largest=largest)


def points(
    axes: Axes,
    differences: pd.DataFrame,
    language: Language,
    *,
    size: float,
    certain: pd.DataFrame | None = None,
    largest: float | None = None,
    names: bool = True,
) -> None:
    """Differences (shares) in percentage points, coloured by their size, up to ``largest`` points.

    Those that are not ``certain`` have no colour and stand in brackets; ``names`` of the columns stand on top.
    """
    shown = 100 * differences.astype("float64")
    sure = pd.DataFrame(True, shown.index, shown.columns) if certain is None else certain.astype(bool)
    sure.index, sure.columns = shown.index, shown.columns
    texts = shown.map(language.signed)
    strength = shown.where(sure | shown.isna(), 0.0)
    top = largest or _largest(strength)
    before = len(axes.texts)
    _cells(axes, strength, texts.where(sure, "(" + texts + ")"), _DIVERGING, (-top, top), size, names)
    for text in axes.texts[before:]:
        if text.get_text().startswith("("):
            text.set_color(GREY)


def chances(axes: Axes, shares: pd.DataFrame, language: Language, *, size: float) -> None:
    """Shares from 0 to 100 %, the darker the higher."""
    shown = shares.astype("float64")
    numbers(axes, shown, shown.map(language.percent), 1.0, size=size)


def numbers(
    axes: Axes, values: pd.DataFrame, texts: pd.DataFrame, top: float, *, size: float, names: bool = True
) -> None:
    """Numbers from 0 to ``top``, the darker the higher, written as in ``texts``; what is missing is left open."""
    _cells(axes, values, texts, _RISING, (0.0, top), size, names)


def parts(columns: Sequence[str], most: int) -> list[list[str]]:
    """Columns in parts of about the same size, at most ``most`` each; at least one part, which may be empty."""
    count = max(1, ceil(len(columns) / most))
    size = max(1, ceil(len(columns) / count))
    return [list(columns[start : start + size]) for start in range(0, max(1, len(columns)), size)]


def largest(differences: pd.DataFrame) -> float:
    """The size of the largest of the differences (shares) in percentage points, at which colours end."""
    return _largest(100 * differences.astype("float64"))


def _largest(shown: pd.DataFrame) -> float:
    return max(float(np.nanmax(np.abs(shown.to_numpy()), initial=0.0)), 0.5)


def _cells(
    axes: Axes,
    values: pd.DataFrame,
    texts: pd.DataFrame,
    colours: Colormap,
    ends: tuple[float, float],
    size: float,
    names: bool = True,
) -> None:
    before = len(axes.texts)
    with _not_rendered(axes):
        sns.heatmap(
            values,
            annot=texts.to_numpy(dtype=object),
            fmt="",
            cmap=colours,
            vmin=ends[0],
            vmax=ends[1],
            cbar=False,
            xticklabels=False,  # ours are wrapped
            yticklabels=False,
            linewidths=1.0,
            linecolor="white",
            annot_kws={"fontsize": size},
            ax=axes,
        )
    filled = colours((values.to_numpy()[values.notna().to_numpy()] - ends[0]) / (ends[1] - ends[0]))
    for text, colour in zip(axes.texts[before:], filled, strict=True):
        text.set_color("white" if _luminance(colour[:3]) < DARK else "black")
    axes.set(xlabel="", ylabel="")
    axes.set_yticks(np.arange(len(values)) + 0.5, list(values.index), rotation=0)
    _columns(axes, list(values.columns) if names else [])
    axes.tick_params(length=0, pad=3)
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)


@contextlib.contextmanager
def _not_rendered(axes: Axes) -> Iterator[None]:
    """Seaborn renders the whole figure to see whether names of ticks overlap; here there are none, and it is slow."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    real = figure.canvas
    FigureCanvasBase(figure)  # one that renders nothing
    try:
        yield
    finally:
        figure.set_canvas(real)


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


def _luminance(colour: NDArray[np.float64]) -> float:
    """Relative luminance of a colour (red, green, blue; 0–1), as WCAG 2.2 has it."""
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def _columns(axes: Axes, names: list[str]) -> None:
    """Column names on top: slanted if one of their words is too long to stand level, on end if columns are narrow."""
    axes.xaxis.tick_top()
    figure = axes.get_figure(root=True)
    assert figure is not None
    width = round(8.4 * figure.get_figwidth()) // max(len(names), 1)
    longest = max((len(word) for name in names for word in name.split()), default=0)
    places = np.arange(len(names)) + 0.5
    if longest <= width:
        axes.set_xticks(places, [wrap(name, width) for name in names], fontsize=8, rotation=0)
    elif figure.get_figwidth() <= NARROW:  # what is slanted would take the width of the cells
        shown = [wrap(name, NARROW_UPRIGHT) for name in names]
        axes.set_xticks(places, shown, fontsize=SMALL, rotation=90, linespacing=0.9)
    elif width >= SLANTED:
        axes.set_xticks(
            places, [wrap(name, 24) for name in names], fontsize=8, rotation=40, ha="left", rotation_mode="anchor"
        )
    else:
        axes.set_xticks(places, [wrap(name, UPRIGHT) for name in names], fontsize=7.5, rotation=90, linespacing=0.9)
