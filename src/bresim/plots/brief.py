"""Pictures of the brief: each draws one table, in which everything has been computed.

All values are shares (0.051 is 5.1 percentage points); labels are names to show. Every picture is narrow, so that it
reads on a phone, and has a wide form for a slide. Draw within :func:`bresim.plots.style.styled`, or with
:func:`publish`, which does both forms and saves them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from bresim.common.text import Language, capital
from bresim.plots import heatmap, intervals, labels, ticks
from bresim.plots.style import BLUE, FAINT, GREY, INK, PALE, RUST, canvas, save, slide_canvas, styled, wrap
from bresim.plots.view import Figure

#: Draws a table; ``slide`` asks for the wide form.
Draw = Callable[..., Canvas]
#: Inches: letters of 8.5 points are 10 pixels high on a phone of 390.
NARROW = 5.0
INTERVAL = ["gain", "low", "high"]
#: Packages without and with a founding.
KINDS: tuple[intervals.Look, ...] = ((BLUE, "o", True), (RUST, "D", True))
#: Between the parts of a package: a line never starts with the plus.
JOINED = "\N{NO-BREAK SPACE}+ "
#: Lines of equal expected gain.
LINES = 4


def publish(
    draw: Draw,
    table: pd.DataFrame,
    language: Language,
    out: Path,
    name: str,
    *,
    title: str,
    caption: str,
    sentence: str,
    source: str,
) -> Figure:
    """Draw ``table`` with one of the functions below and save it as ``name``: SVG for the page, PNG for a slide."""
    with styled():
        figure, slide = draw(table, language), draw(table, language, slide=True)
        description = f"{sentence} {caption}"
        svg, png = save(figure, out, name, title=title, description=description, source=source, slide=slide)
    return Figure(name, title, caption, sentence, svg, png)


def founding_map(designs: pd.DataFrame, language: Language, *, slide: bool = False) -> Canvas:
    """Gain if founded against the chance of founding, with lines of equal expected gain.

    ``designs``: label, gain, gain_low, gain_high, chance, reference (bool).
    """
    _ = language.gettext
    figure = _canvas(4.8, slide, wide=4.2)
    axis = figure.subplots()
    x, y = 100 * designs["chance"], 100 * designs["gain"]
    low, high = 100 * designs["gain_low"], 100 * designs["gain_high"]
    reference = designs["reference"].to_numpy(dtype=np.bool_)
    _expected(axis, float(np.nanmin(np.append(low, 0.0))), float(np.nanmax(np.append(high, 0.5))), language)
    axis.axhline(0, color=INK, linewidth=1.0)
    axis.vlines(x, low, high, color=np.where(reference, GREY, BLUE).tolist(), linewidth=1.8, clip_on=False)
    sns.scatterplot(
        x=x,
        y=y,
        hue=reference,
        style=reference,
        palette={False: BLUE, True: GREY},
        markers={False: "o", True: "s"},
        s=48,
        legend=False,
        clip_on=False,
        zorder=4,
        ax=axis,
    )
    axis.set_xlim(0, 100)
    axis.xaxis.set_major_formatter(lambda value, _at: language.percent(value / 100))
    axis.yaxis.set_major_formatter(ticks.signed(language))
    axis.set_xlabel(_("chance that it is founded"))
    axis.set_ylabel(_("gain if founded, in percentage points"))
    axis.grid(visible=False)
    points = list(zip(x, y, strict=True))
    names = [wrap(label, 20) for label in designs["label"]]
    labels.place(axis, points, names, list(zip(low, high, strict=True)), 8.0)
    return figure


def _expected(axis: Axes, bottom: float, top: float, language: Language) -> None:
    """Lines on which gain × chance is the same, numbered where the chance is 100 %, from where they can be read."""
    room = 0.06 * (top - bottom)
    levels = [float(level) for level in MaxNLocator(LINES).tick_values(bottom, top) if bottom < level < top and level]
    chance = np.linspace(1.0, 100.0, 200)
    for level in levels:
        axis.plot(chance, 100 * level / chance, color=PALE, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1)
    axis.set_ylim(bottom - room, top + room)
    right = axis.secondary_yaxis("right")
    right.set_yticks(levels)
    right.yaxis.set_major_formatter(ticks.signed(language))
    right.set_ylabel(language.gettext("dashed: equal expected gain (gain × chance)"), color=GREY, fontsize=8.5)
    right.tick_params(colors=GREY, pad=5)
    right.spines[:].set_visible(False)


#: Up to three designs beside each other.
BESIDE: tuple[intervals.Look, ...] = ((BLUE, "o", True), (RUST, "v", True), (GREY, "s", False))


def contributions(rule_types: pd.DataFrame, language: Language, *, slide: bool = False) -> Canvas:
    """What each rule type contributes to one to three designs.

    ``rule_types``: design_label, rule_label, value, low, high.
    """
    designs, rules = _unique(rule_types, "design_label"), _unique(rule_types, "rule_label")
    if len(designs) > len(BESIDE):
        raise ValueError(f"contributions shows at most {len(BESIDE)} designs, not {len(designs)}")
    figure = _canvas(1.2 + (0.27 + 0.13 * len(designs)) * len(rules), slide)
    axis = figure.subplots()
    for place in range(0, len(rules), 2):
        axis.axhspan(place - 0.5, place + 0.5, color=FAINT, alpha=0.45, linewidth=0)
    axis.axvline(0, color=INK, linewidth=1.0)
    for at, (design, look) in enumerate(zip(designs, BESIDE, strict=False)):
        rows = rule_types[rule_types["design_label"] == design]
        shift = 0.24 * (at - (len(designs) - 1) / 2)
        places = [rules.index(rule) + shift for rule in rows["rule_label"]]
        intervals.dots(axis, places, 100 * rows[["value", "low", "high"]], look)
    intervals.name_rows(axis, [wrap(rule, 24) for rule in rules])
    axis.xaxis.set_major_formatter(ticks.signed(language))
    axis.set_xlabel(language.gettext("contribution to the gain, in percentage points"))
    _legend(figure, list(zip(designs, BESIDE, strict=False)))
    return figure


def packages(table: pd.DataFrame, language: Language, *, slide: bool = False) -> Canvas:
    """Combinations of few changes, from small to large; of each size and kind the best one in full colour.

    ``table``: label, size, kind, gain, low, high.
    """
    sizes, kinds = sorted(int(size) for size in table["size"].unique()), _unique(table, "kind")
    half = (len(sizes) + 1) // 2
    columns = [sizes[:half], sizes[half:]] if slide and len(sizes) > 1 else [sizes]
    parts = [_packages(table, part, language, 56 if slide else 32) for part in columns]
    height = 1.0 + 0.165 * max(places[-1] for _names, places, _rows in parts)
    figure = _canvas(height, slide, max(height, 2.4 * len(parts)))  # few rows on a low slide: names leave no room
    axes = figure.subplots(1, len(parts), sharex=True, squeeze=False)[0]
    best = table.groupby(["size", "kind"])["gain"].transform("max") == table["gain"]
    for axis, (names, places, rows) in zip(axes, parts, strict=True):
        axis.axvline(0, color=INK, linewidth=1.0)
        for kind, look in zip(kinds, KINDS, strict=False):
            for first in (True, False):
                chosen = (table["kind"] == kind) & (best == first)
                shown = [
                    (place, row) for place, row in zip(places, rows, strict=True) if row is not None and chosen[row]
                ]
                values = 100 * table.loc[[row for _at, row in shown], INTERVAL]
                intervals.dots(axis, [at for at, _row in shown], values, look, alpha=1.0 if first else 0.45)
        axis.set_yticks(places, names, fontsize=8)
        axis.set_ylim(places[-1] + 1.5, places[0] - 1.0)
        axis.grid(visible=False, axis="y")
        for text, row in zip(axis.get_yticklabels(), rows, strict=True):
            text.set_fontweight("bold" if row is None else "normal")
        axis.xaxis.set_major_formatter(ticks.signed(language))
        axis.set_xlabel(language.gettext("gain, in percentage points"))
    _legend(figure, list(zip(kinds, KINDS, strict=False)))
    return figure


def _packages(
    table: pd.DataFrame, sizes: Sequence[int], language: Language, width: int
) -> tuple[list[str], list[float], list[int | None]]:
    """Names (in lines of ``width``), places on the y axis (in lines) and rows of some sizes; a heading has no row."""
    names, rows = list[str](), list[int | None]()
    for size in sizes:
        part = table[table["size"] == size].sort_values("gain", ascending=False, kind="stable")
        names += [_changes(size, language), *(wrap(label, width) for label in part["label"].str.replace(" + ", JOINED))]
        rows += [None, *(int(row) for row in part.index)]
    lines = np.array([name.count("\n") + 1.45 + 0.4 * (row is None) for name, row in zip(names, rows, strict=True)])
    return names, (np.cumsum(lines) - lines / 2).tolist(), rows


def _changes(count: int, language: Language) -> str:
    return capital(language.ngettext("{count} change", "{count} changes", count).format(count=language.numeral(count)))


def worlds(matrix: pd.DataFrame, language: Language, *, slide: bool = False) -> Canvas:
    """Gain of each design in each world; hatched where it does not hold, framed where it is the best.

    ``matrix``: label, world_scenario, world_undercurrent, gain, holds (bool).
    """
    designs = _unique(matrix, "label")
    keys = pd.MultiIndex.from_frame(matrix[["world_scenario", "world_undercurrent"]].drop_duplicates())
    shaped = matrix.set_index(["world_scenario", "world_undercurrent", "label"])
    gain, holds = (shaped[name].unstack("label").reindex(keys)[designs] for name in ("gain", "holds"))
    scenarios = [str(scenario) for scenario in keys.get_level_values(0)]
    levels = [str(level) for level in keys.get_level_values(1)]
    groups = [(scenarios.index(name), scenarios.count(name), name) for name in dict.fromkeys(scenarios)]
    told = (100 * gain).round(1)  # what is shown alike is framed alike
    highest = told.eq(told.max(axis=1), axis=0)
    marked = (holds == False).to_numpy(), highest.to_numpy()  # noqa: E712 (a missing value is not False)
    gain.index = pd.Index(levels)
    if slide:
        figure = slide_canvas(1.9 + 0.3 * len(designs))
        axis = figure.subplots()
        heatmap.points(axis, gain.T, language, size=6.5)
        _mark(axis, *(part.T for part in marked))
        axis.tick_params(axis="x", labelrotation=90, labelsize=6.5)
        for start, count, name in groups:
            axis.axvline(start, color=INK, linewidth=1.0) if start else None
            axis.annotate(
                wrap(name, 5 * count),
                (start + count / 2, 0),
                xytext=(0, -6),
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                ha="center",
                va="top",
                fontsize=7.5,
            )
    else:
        figure = canvas(height=1.7 + 0.2 * len(levels) + 0.24 * len(groups), width=NARROW)
        grid = figure.subplots(len(groups), 1, height_ratios=[count for _s, count, _n in groups], squeeze=False)
        largest = heatmap.largest(gain)
        for axis, (start, count, name) in zip(grid[:, 0], groups, strict=True):
            rows = slice(start, start + count)
            heatmap.points(axis, gain.iloc[rows], language, size=7.5, largest=largest, names=start == 0)
            _mark(axis, *(part[rows] for part in marked))
            axis.tick_params(axis="y", labelsize=7.5)
            axis.set_title(name, fontsize=8.5, y=1.0, pad=2)
        grid[0, 0].tick_params(axis="x", pad=14)  # room for the first scenario's name
    return figure


def _mark(axis: Axes, hatched: np.ndarray, framed: np.ndarray) -> None:
    for row, column in np.argwhere(hatched):
        axis.add_patch(Rectangle((column, row), 1, 1, fill=False, edgecolor=PALE, linewidth=0, hatch="/////"))
    for row, column in np.argwhere(framed):
        axis.add_patch(
            Rectangle((column + 0.05, row + 0.06), 0.9, 0.88, fill=False, edgecolor=INK, linewidth=1.3, zorder=3)
        )


def measures(table: pd.DataFrame, language: Language, *, slide: bool = False) -> Canvas:
    """Gain of each design with each measure, against today's way without measures.

    ``table``: measure_label, label, gain, low, high. In brackets: not to be told apart from zero.
    """
    rows, columns = _unique(table, "label"), _unique(table, "measure_label")
    sure = pd.Series([bool(found) for found in intervals.verdicts(table[INTERVAL])], index=table.index)
    gain, certain = (
        table.assign(sure=sure).pivot(index="label", columns="measure_label", values=name).reindex(rows)[columns]
        for name in ("gain", "sure")
    )
    figure = _canvas(1.3 + 0.29 * len(rows), slide)
    gain.index = certain.index = pd.Index([wrap(row, 32 if slide else 24) for row in rows])
    axis = figure.subplots()
    heatmap.points(axis, gain, language, size=7.5, certain=certain)
    if not slide:  # two lines of larger letters are as high as a row
        axis.set_yticks(axis.get_yticks(), list(gain.index), fontsize=7.5, linespacing=0.9)
    return figure


def votes(table: pd.DataFrame, language: Language, *, slide: bool = False) -> Canvas:
    """Chance that a municipality votes for each design.

    ``table``: municipality, label, chance.
    """
    rows, columns = _unique(table, "municipality"), _unique(table, "label")
    chance = table.pivot(index="municipality", columns="label", values="chance").reindex(rows)[columns]
    figure = _canvas(1.4 + 0.22 * len(rows), slide)
    chance.index = pd.Index([wrap(row, 26) for row in rows])
    heatmap.chances(figure.subplots(), chance, language, size=7.5)
    return figure


def municipality(table: pd.DataFrame, language: Language, *, slide: bool = False) -> Canvas:
    """What each design yields in one municipality.

    ``table``: label, gain, low, high.
    """
    text = language.gettext("gain in this municipality, in percentage points")
    return _rows(table["label"], table[INTERVAL], text, language, slide)


def absence(table: pd.DataFrame, language: Language, *, slide: bool = False) -> Canvas:
    """What the region wins or loses if one stays out.

    ``table``: who, change, low, high.
    """
    text = language.gettext("change for the region if it stays out, in percentage points")
    return _rows(table["who"], table[["change", "low", "high"]], text, language, slide)


def _rows(names: pd.Series, values: pd.DataFrame, text: str, language: Language, slide: bool) -> Canvas:
    figure = _canvas(0.9 + 0.27 * len(names), slide)
    axis = figure.subplots()
    axis.axvline(0, color=INK, linewidth=1.0)
    intervals.by_verdict(axis, values, 100.0)
    intervals.name_rows(axis, [wrap(str(name), 28) for name in names])
    axis.xaxis.set_major_formatter(ticks.signed(language))
    axis.set_xlabel(wrap(text, 44))
    return figure


def _canvas(height: float, slide: bool, wide: float | None = None) -> Canvas:
    return slide_canvas(wide or height) if slide else canvas(height=height, width=NARROW)


def _unique(table: pd.DataFrame, column: str) -> list[str]:
    """The values of a column in the order in which they come."""
    return [str(value) for value in table[column].drop_duplicates()]


def _legend(figure: Canvas, looks: Sequence[tuple[str, intervals.Look]]) -> None:
    if len(looks) < 2:
        return
    handles = [
        Line2D([], [], linestyle="", marker=mark, color=colour, markerfacecolor=colour if filled else "white",
               label=wrap(name, 44 // len(looks) if len(looks) > 2 else 30))
        for name, (colour, mark, filled) in looks
    ]  # fmt: skip
    figure.legend(handles=handles, loc="outside upper left", ncols=len(looks), handletextpad=0.3, columnspacing=1.0)
