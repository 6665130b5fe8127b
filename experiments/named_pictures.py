"""The pictures of the named experiments. Lines differ in more than colour, and every mean has its 95 % interval."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from bresim.conventions import HEADLINE
from bresim.plots.style import AMBER, BLUE, DIVERGING, FAINT, GREEN, GREY, INK, PURPLE, RUST, SKY, canvas, wrap
from experiments.named_numbers import (
    CAPACITY,
    KNOBS,
    LOAD,
    LOSS,
    MANDATE,
    MEASURE,
    REGIONAL,
    SCALES,
    SET_BACK,
    SIZE,
    STEERING,
    TERM,
    THINNING,
    against_first,
    cells,
    interval,
    intervals,
    label,
    measure_label,
    measure_runs,
    paired,
    placed,
    rankings,
    set_back,
    set_back_runs,
    significance,
)

#: Colour, dashes and mark of each line.
LOOKS = tuple(
    zip((BLUE, RUST, GREEN, PURPLE, AMBER, SKY, GREY), ("-", "--", "-.", ":", "-", "--", "-."), "os^DvPX", strict=True)
)


def curves(axis: Axes, tables: Mapping[str, pd.DataFrame], apart: float = 0.0, log: bool = False) -> None:
    """A line for each table of ``intervals``; ``apart``: how far they stand beside each other, to be told apart."""
    for at, (name, table) in enumerate(tables.items()):
        colour, dashes, mark = LOOKS[at]
        shift = (at - (len(tables) - 1) / 2) * apart
        x = table.index * np.exp(shift) if log else table.index + shift
        error = 100 * np.abs(table[["low", "high"]].sub(table["mean"], axis=0)).to_numpy().T
        axis.errorbar(x, 100 * table["mean"], yerr=error, color=colour, linestyle=dashes, marker=mark, markersize=5,
                      markeredgecolor="white", markeredgewidth=0.5, linewidth=1.4, elinewidth=0.9, capsize=2,
                      label=name)  # fmt: skip


def by_design(runs: pd.DataFrame, key: str) -> dict[str, pd.DataFrame]:
    return {label(design): intervals(runs[runs["design"] == design], key) for design in dict.fromkeys(runs["design"])}


def one_axis(x: str, y: str) -> tuple[Figure, Axes]:
    figure = canvas(height=3.6, width=7.2)
    axis = figure.subplots()
    axis.set_xlabel(x)
    axis.set_ylabel(y)
    return figure, axis


def undercurrent(runs: pd.DataFrame) -> Figure:
    cells = runs.groupby([*KNOBS, "design"], observed=True)[HEADLINE].mean().unstack("design")
    best = (cells.eq(cells.max(axis=1), axis=0)).sum()
    gaps = paired(runs, KNOBS)
    overall = intervals(gaps, "design", "difference").sort_values("mean")
    figure = canvas(height=3.9, width=7.2)
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(2, 1))
    for place, (design, row) in enumerate(overall.iterrows()):
        dots = gaps[gaps["design"] == design].groupby(KNOBS)["difference"].mean()
        left.scatter(100 * dots, np.full(len(dots), place - 0.28), s=9, color=SKY, linewidths=0)
        left.plot([100 * row["low"], 100 * row["high"]], [place, place], color=INK, linewidth=1.6)
        left.plot(100 * row["mean"], place, marker="|", color=INK, markersize=13, markeredgewidth=2)
    left.axvline(0, color=GREY, linewidth=0.8)
    left.set_yticks(range(len(overall)), [label(str(design)) for design in overall.index])
    left.set_xlabel("difference to the status quo, points")
    right.barh(range(len(overall)), [int(best.get(design, 0)) for design in overall.index], color=BLUE, height=0.6)
    right.set_xlabel(f"best in, of {len(cells)}")
    return figure


def capacity(runs: pd.DataFrame) -> Figure:
    designs = list(dict.fromkeys(runs["design"]))
    figure = canvas(height=2.9, width=9.0)
    panels = figure.subplots(1, len(designs), sharey=True)
    found = {at: interval(part) for at, part in runs.groupby(["design", CAPACITY, LOAD], observed=True)}
    low, high = min(cell[0] for cell in found.values()), max(cell[0] for cell in found.values())
    rows, columns = (sorted(runs[key].unique()) for key in (CAPACITY, LOAD))
    for axis, design in zip(panels, designs, strict=True):
        table = np.array([[found[design, row, column][0] for column in columns] for row in rows])
        axis.imshow(table, cmap="Blues", vmin=low, vmax=high, origin="lower", aspect="auto")
        for (row, column), value in np.ndenumerate(table):
            half = value - found[design, rows[row], columns[column]][1]
            axis.text(column, row, f"{100 * value:.1f}\n±{100 * half:.1f}", ha="center", va="center", fontsize=6,
                      linespacing=0.95, color="white" if value > (low + high) / 2 else "black")  # fmt: skip
        axis.set_xticks(range(len(columns)), [f"{value:g}" for value in columns])
        axis.set_yticks(range(len(rows)), [f"{value:g}" for value in rows])
        axis.set_title(label(design), fontsize=7.5)
        axis.grid(visible=False)
    panels[0].set_ylabel("capacity, fte")
    figure.supxlabel("load of a standing collaboration, fte", fontsize=9)
    return figure


def parties(runs: pd.DataFrame) -> Figure:
    figure, axis = one_axis("municipalities", "direct value, % of what is attainable")
    curves(axis, by_design(runs, SIZE), apart=0.035, log=True)
    axis.set_xscale("log")
    sizes = sorted(runs[SIZE].unique())
    axis.set_xticks(sizes, [str(n) for n in sizes])
    axis.minorticks_off()
    axis.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure


def steering(runs: pd.DataFrame) -> Figure:
    gaps = paired(runs, [STEERING, MANDATE, LOSS])
    figure = canvas(height=3.2, width=7.2)
    panels = figure.subplots(1, 2, sharey=True)
    for axis, (loss, part) in zip(panels, gaps.groupby(LOSS), strict=True):
        tables = {f"mandate {mandate:g}": intervals(some, STEERING, "difference")
                  for mandate, some in part.groupby(MANDATE)}  # fmt: skip
        curves(axis, tables, apart=0.02)
        axis.axhline(0, color=GREY, linewidth=0.8)
        axis.set_title(f"acceptance lost by intervening: {loss:g}")
        axis.set_xlabel("strength of provincial steering")
    panels[0].set_ylabel("difference to the status quo, points")
    panels[-1].legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure


def term(runs: pd.DataFrame) -> Figure:
    figure, axis = one_axis("term, years", "direct value at the end, % of what is attainable")
    runs = runs.assign(years=runs[TERM] / 4)
    curves(axis, by_design(runs, "years"), apart=0.06)
    axis.set_xticks(sorted(runs["years"].unique()))
    axis.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure


def thinning(runs: pd.DataFrame) -> Figure:
    gaps = against_first(runs, THINNING)
    tables = {label(design): intervals(part, THINNING, "difference")
              for design, part in gaps.groupby("design", observed=True)}  # fmt: skip
    order = sorted(tables, key=lambda name: -tables[name]["mean"].iloc[-1])
    figure = canvas(height=4.6, width=7.2)
    panels = iter(figure.subplots(3, 4, sharex=True, sharey=True).flat)
    for name, axis in zip(order, panels, strict=False):  # in this order: a panel is taken only for a name
        table = 100 * tables[name]
        axis.fill_between(table.index, table["low"], table["high"], color=SKY, alpha=0.45, linewidth=0)
        axis.plot(table.index, table["mean"], color=BLUE, marker="o", markersize=3)
        axis.axhline(0, color=GREY, linewidth=0.8)
        axis.set_title(name.replace("Provincial steering ", "Provincial steering\n"), fontsize=7.5)
        axis.set_xticks([0, 0.5, 1])
    for axis in panels:  # what is left
        axis.set_visible(False)
    figure.supxlabel("strength of thinning", fontsize=9)
    figure.supylabel("change of direct value, percentage points", fontsize=9)
    return figure


def perturb(runs: pd.DataFrame) -> Figure:
    ranks = rankings(runs)
    foundings = list(ranks.index.unique("founding"))
    figure = canvas(height=4.2, width=8.4)
    axes = figure.subplots(1, len(foundings), sharey=True, squeeze=False)[0]
    of_files = ranks.xs("point", level="coding").groupby("founding", observed=True).nth(0).loc[foundings[0]]
    order = list(of_files.iloc[0].sort_values(ascending=False).index)
    titles = {"at_once": "if founded", "vote": "as decided"}
    for axis, founding in zip(axes, foundings, strict=True):
        table = ranks.loc[founding]
        first = table.loc[table.index.unique("seed")[0]]
        drawn = first.drop(index="point")
        for place, design in enumerate(order):
            counts = drawn[design].value_counts()
            axis.scatter(counts.index, np.full(len(counts), place), s=6.0 * counts.to_numpy(), color=SKY, zorder=2)
            axis.plot(first.loc["point", design], place, marker="|", color=INK, markersize=12, markeredgewidth=2)
        axis.set_title(titles[str(founding)])
        axis.set_xlabel("rank (1: highest mean)")
    axes[0].set_yticks(range(len(order)), [label(str(design)) for design in order])
    return figure


def variants(runs: pd.DataFrame) -> Figure:
    places = placed(runs)
    figure = canvas(height=4.2, width=8.4)
    axis = figure.subplots()
    axis.imshow(places.to_numpy().T, cmap="Blues_r", aspect="auto", vmin=1, vmax=1.6 * len(places.columns))
    for (column, row), place in np.ndenumerate(places.to_numpy()):
        axis.text(column, row, f"{place:.0f}", ha="center", va="center", color="white" if place < 7 else INK)
    axis.set_xticks(range(len(places)), [str(name).replace(".", "\n") for name in places.index], fontsize=7.5)
    axis.set_yticks(range(len(places.columns)), [label(str(design)) for design in places.columns])
    axis.set_xlabel("structural variant")
    axis.grid(visible=False)
    return figure


def back(runs: pd.DataFrame) -> Figure:
    table = set_back(runs, REGIONAL).head(20).iloc[::-1]
    figure = canvas(height=5.2, width=8.4)
    axis = figure.subplots()
    places = np.arange(len(table))
    error = 100 * np.abs(table[["low", "high"]].sub(table["mean"], axis=0)).to_numpy().T
    axis.errorbar(100 * table["mean"], places, xerr=error, linestyle="", marker="o", color=BLUE, capsize=2)
    axis.axvline(0.0, color=GREY, linewidth=0.8)
    axis.set_yticks(places, [f"{label(row.design)}: {row.field}" for row in table.itertuples()], fontsize=7.5)
    axis.set_xlabel("change of regional value, percentage points,\nwhen the field is as in the status quo")
    return figure


def heat(axis: Axes, changed: pd.DataFrame, key: str, name: Callable[[str], str], designs: list[str]) -> None:
    """A cell for each design and value of ``key``: the change in points; without colour if zero is in its interval."""
    found = cells(changed, key)
    whats = [str(what) for what in dict.fromkeys(changed[key])]
    grid = pd.MultiIndex.from_product([designs, whats])
    found = found.swaplevel().reindex(grid)
    shape = len(designs), len(whats)
    values = 100 * found["mean"].to_numpy().reshape(shape)
    clear = significance(found).to_numpy().reshape(shape) != 0
    largest = max(float(np.nanmax(np.abs(values), initial=0.0)), 0.5)
    colours = LinearSegmentedColormap.from_list("change", DIVERGING).with_extremes(bad=FAINT)
    shown = np.where(np.isnan(values), np.nan, np.where(clear, values, 0.0))
    axis.imshow(np.ma.masked_invalid(shown), cmap=colours, vmin=-largest, vmax=largest, aspect="auto")
    for (row, column), value in np.ndenumerate(values):
        if not np.isnan(value):
            text = f"{value:+.1f}".replace("-", "−")
            ink = "white" if clear[row, column] and abs(value) > 0.75 * largest else INK
            axis.text(column, row, text if clear[row, column] else f"({text})", ha="center", va="center", fontsize=6.5,
                      color=ink if clear[row, column] else GREY)  # fmt: skip
    axis.set_xticks(range(len(whats)), [wrap(name(what), 24) for what in whats], rotation=90, fontsize=7.5)
    axis.set_yticks(range(len(designs)), [label(design) for design in designs], fontsize=7.5)
    axis.grid(visible=False)


def rule_types(runs: pd.DataFrame) -> Figure:
    figure = canvas(height=4.4, width=10.4)
    tables = {caption: set_back_runs(runs, column) for caption, column in SCALES.items()}
    designs = [str(design) for design in dict.fromkeys(tables[next(iter(tables))]["design"])]
    for axis, (caption, changed) in zip(figure.subplots(1, 2, sharey=True), tables.items(), strict=True):
        heat(axis, changed, SET_BACK, str, designs)
        axis.set_title(caption)
    return figure


def measures(runs: pd.DataFrame) -> Figure:
    figure = canvas(height=7.4, width=7.6)
    designs = [str(design) for design in dict.fromkeys(runs["design"])]
    for axis, (caption, column) in zip(figure.subplots(2, 1, sharex=True), SCALES.items(), strict=True):
        heat(axis, measure_runs(runs, column), MEASURE, measure_label, designs)
        axis.set_title(caption)
    return figure
