"""Small multiples: one panel a design on shared axes, instead of eleven crossing lines."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from bresim.plots.style import form, legend_height, wrap

#: Letters of the titles that fit next to each other on an inch of a figure's width.
TITLES = 9.6
#: Panels next to each other on a page.
NARROW_COLUMNS = 2


def panels(titles: Sequence[str], *, slide: bool, entries: int = 4, below: float = 0.0) -> tuple[Canvas, list[Axes]]:
    """A figure with one axes per title (shared x and y); unused cells are gone.

    On top is room for a legend of so many ``entries``, and on a page ``below`` inches for what stands under the axes.
    """
    count = len(titles)
    columns = columns_for(count, slide=slide)
    rows = ceil(count / columns)
    figure = form(
        slide,
        page=0.5 + below + legend_height(entries) + 1.32 * rows + (0.5 if rows == 1 else 0.0),
        wide=max(4.84, 0.6 + 0.2 * ceil(entries / 4) + 1.6 * rows),
    )
    grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    axes = list(grid.flat)
    for spare in axes[count:]:
        spare.remove()
    for index, (axis, title) in enumerate(zip(axes, titles, strict=False)):
        axis.set_title(wrap(title, round(TITLES * figure.get_figwidth()) // columns), fontsize=9 if slide else 8.5)
        if index + columns >= count:  # lowest of its column
            axis.tick_params(labelbottom=True)
    return figure, axes[:count]


def columns_for(count: int, *, slide: bool) -> int:
    """On a page two panels next to each other; on a slide at most five, with as few empty cells as possible."""
    if not slide:
        return min(count, NARROW_COLUMNS)
    if count <= 3:
        return max(count, 1)
    return min(range(3, 6), key=lambda columns: (ceil(count / columns) * columns - count, -columns))


def label_y(figure: Canvas, axes: Sequence[Axes], text: str, *, slide: bool) -> None:
    """One label for the y axes, on two lines where the figure has one row of panels only and would cut it off."""
    one_row = len(axes) <= columns_for(len(axes), slide=slide)
    figure.supylabel(wrap(text, 30) if one_row else text, fontsize=9.5 if slide else 8.5)
