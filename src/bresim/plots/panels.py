"""Small multiples: one panel a design on shared axes, instead of eleven crossing lines."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from bresim.plots.style import canvas, wrap

#: Characters of the titles that fit next to each other on a figure's width.
TITLES = 96


def panels(titles: Sequence[str], *, legend_rows: int = 1) -> tuple[Canvas, list[Axes]]:
    """A figure with one axes per title (shared x and y), room for a legend on top; unused cells are gone."""
    count = len(titles)
    columns = columns_for(count)
    rows = ceil(count / columns)
    figure = canvas(height=0.45 + 0.25 * legend_rows + 2.35 * rows + (0.45 if rows == 1 else 0.0))
    grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    axes = list(grid.flat)
    for spare in axes[count:]:
        spare.remove()
    for index, (axis, title) in enumerate(zip(axes, titles, strict=False)):
        axis.set_title(wrap(title, TITLES // columns), fontsize=9)
        if index + columns >= count:  # lowest of its column
            axis.tick_params(labelbottom=True)
    return figure, axes[:count]


def columns_for(count: int) -> int:
    """As few empty cells as possible, at most five panels next to each other."""
    if count <= 3:
        return max(count, 1)
    return min(range(3, 6), key=lambda columns: (ceil(count / columns) * columns - count, -columns))


def label_y(figure: Canvas, axes: Sequence[Axes], text: str) -> None:
    """One label for the y axes, on two lines where the figure has one row of panels only and would cut it off."""
    one_row = len(axes) <= columns_for(len(axes))
    figure.supylabel(wrap(text, 30) if one_row else text, fontsize=9.5)
