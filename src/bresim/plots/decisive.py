"""Figures of a sensitivity analysis: bars of what matters most, and a heat map of every key and quantity."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from bresim.analysis.decisive import Reader, Row, findings, missing
from bresim.columns import QUANTITY
from bresim.plots import heatmap, ticks
from bresim.plots.style import AMBER, BLUE, FAINT, INK, WIDTH, canvas, wrap
from bresim.plots.view import Figure, View, publish

#: Keys in a figure, and panels side by side.
MAX_BARS, MAX_CELLS, MAX_PANELS = 15, 25, 3
#: Names of columns that can stand slanted beside each other.
MAX_SLANTED = 6
#: Letters in a line of a key in words.
LABEL = 46


def draw_analysis(view: View, reader: Reader, out: Path) -> list[Figure]:
    """Every figure that the analysis has data for."""
    from bresim.plots import box

    figures = [draw_bars(view, reader, out), draw_cells(view, reader, out), draw_pairs(view, reader, out)]
    return [figure for figure in (*figures, *box.draw(view, reader, out)) if figure is not None]


def _quantities(summary: pd.DataFrame) -> list[tuple[Row, pd.DataFrame]]:
    """(names, rows by key) of each quantity, in the order of the table."""
    groups = summary.groupby(QUANTITY, sort=False, dropna=False)
    return [(dict(zip(QUANTITY, names, strict=True)), rows.set_index("key")) for names, rows in groups]


def _title(reader: Reader, names: Row) -> str:
    _ = reader.words.gettext
    about = str(names["design"])
    label = reader.design(about)
    if not missing(names["reference"]):
        label = f"{label} − {reader.design(str(names['reference']))}"
    text = _("{label}, mean") if names["statistic"] == "mean" else _("{label}, variance")
    return text.format(label=label)


def draw_bars(view: View, reader: Reader, out: Path) -> Figure | None:
    """The most important keys of the differences (or outcomes), the first quantity's order, with intervals."""
    result, _ = view.result, view.language.gettext
    found = [entry for entry in _quantities(result.summary) if len(entry[1])]
    if not found:
        return None
    shown = [entry for entry in found if entry[0]["outcome"] == found[0][0]["outcome"]]
    shown = [entry for entry in shown if not missing(entry[0]["reference"])] or shown
    shown = shown[:MAX_PANELS]
    keys = list(shown[0][1].index[:MAX_BARS])
    several = len({names["outcome"] for names, _rows in found}) > 1  # then each panel says which it is about
    figure = canvas(height=1.3 + 0.4 * len(keys), width=max(WIDTH, 3.4 + 3.2 * len(shown)))
    panels = np.atleast_1d(figure.subplots(1, len(shown), sharey=True))
    method = reader.config.method
    for axis, (names, rows) in zip(panels, shown, strict=True):
        rows = rows.reindex(keys)
        factor = 100.0
        if method == "morris":
            factor = reader.scale(names)
        _bars(axis, rows, factor, view)
        others = result.sensitivity
        same = (others["design"] == names["design"]) & (others["outcome"] == names["outcome"])
        same &= others["statistic"] == names["statistic"]
        same &= others["reference"].isna() if missing(names["reference"]) else others["reference"] == names["reference"]
        _marks(axis, others[same & (others["method"] == method)], keys, factor)
        about = f"{reader.outcome(str(names['outcome']))}: " if several else ""
        axis.set_title(wrap(about + _title(reader, names), 34))
        axis.set_xlabel(wrap(_unit(view, method, factor), 34))
    panels[0].set_yticks(np.arange(len(keys)), [wrap(reader.key(key), LABEL) for key in keys], fontsize=8)
    panels[0].set_ylim(len(keys) - 0.4, -0.6)
    captions = {
        "morris": _(
            "Bar: mean absolute change when the key is moved over its whole range, with its 95% interval. Tick: what "
            "stochastic uncertainty alone would show with these replicates."
        ),
        "sobol": _(
            "Bar: share of the variance between the points that comes from the key with all that it does together with "
            "others; dot: from the key alone; lines: 95% intervals."
        ),
        "discovery": _("Bar: how much a key tells about which design does better (all keys together: 100%)."),
    }
    read = " ".join(findings(reader, result.sensitivity, result.summary, result.convergence, result.boxes)[:1])
    return publish(view, figure, out, "importance", _("What matters most"), captions[method], read)


def _unit(view: View, method: str, factor: float) -> str:
    _ = view.language.gettext
    if method == "morris":
        scales = {100.0: _("percentage points over the whole range"), 1.0: _("change over the whole range")}
        return scales.get(factor, _("squared percentage points over the whole range"))
    return _("% of the variance") if method == "sobol" else _("% of what all keys tell")


def _bars(axis: Axes, rows: pd.DataFrame, factor: float, view: View) -> None:
    places = np.arange(len(rows))
    values = factor * rows["value"].to_numpy(dtype=np.float64)
    sns.barplot(x=values, y=places, orient="y", native_scale=True, color=BLUE, saturation=1.0, width=0.62, ax=axis)
    axis.set(xlabel="", ylabel="")
    low, high = (factor * rows[name].to_numpy(dtype=np.float64) for name in ("low", "high"))
    axis.hlines(places, np.maximum(low, 0.0), high, color=INK, linewidth=1.2)
    axis.set_xlim(0, None)
    axis.grid(visible=False, axis="y")
    axis.xaxis.set_major_formatter(ticks.number(view.language))


def _marks(axis: Axes, rows: pd.DataFrame, keys: list[str], factor: float) -> None:
    """The mark beside a bar: the first-order share, or the noise level."""
    for index, mark in (("S1", "o"), ("luck", "|")):
        values = rows[rows["index"] == index].set_index("key").reindex(keys)["value"].to_numpy(dtype=np.float64)
        if np.isfinite(values).any():
            axis.plot(
                np.maximum(factor * values, 0.0),
                np.arange(len(keys)),
                linestyle="",
                marker=mark,
                color=AMBER,
                markeredgecolor=INK if mark == "o" else AMBER,
                markersize=7 if mark == "o" else 11,
                markeredgewidth=0.8 if mark == "o" else 2.2,
            )


def draw_cells(view: View, reader: Reader, out: Path) -> Figure | None:
    """Keys by quantities; a cell is the index relative to the largest of its column."""
    _ = view.language.gettext
    found = [entry for entry in _quantities(view.result.summary) if len(entry[1])]
    if not found:
        return None
    table = pd.DataFrame({at: rows["value"].astype(float) for at, (_names, rows) in enumerate(found)})
    largest = table.max()
    table = 100 * table.clip(lower=0.0) / largest.where(largest > 0.0)
    table = table.loc[table.max(axis=1).sort_values(ascending=False, kind="stable").index[:MAX_CELLS]]
    outcomes = list(dict.fromkeys(str(names["outcome"]) for names, _rows in found))
    columns = [[at for at, (names, _rows) in enumerate(found) if names["outcome"] == name] for name in outcomes]
    upright = len(found) > MAX_SLANTED
    figure = canvas(height=(4.6 if upright else 2.2) + 0.36 * len(table), width=max(WIDTH, 3.4 + 0.36 * len(found)))
    panels = figure.subplots(1, len(outcomes), sharey=True, squeeze=False, width_ratios=[*map(len, columns)])[0]
    shown = [wrap(reader.key(key), LABEL) for key in table.index]
    for axis, name, mine in zip(panels, outcomes, columns, strict=True):
        heads = [_title(reader, found[at][0]) for at in mine]
        _cells(axis, table[mine], shown, heads, view, upright=upright)
        if len(outcomes) > 1:
            axis.set_title(wrap(reader.outcome(name), max(20, 5 * len(mine))), fontsize=9, color=INK)
    caption = _(
        "Each column is one thing to explain; a cell is the importance of a key in % of that of the most important one "
        "in the column."
    )
    top = _("Most important in at least one column: {keys}.")
    leaders = list(dict.fromkeys(reader.quoted(table[at].idxmax()) for at in table if table[at].notna().any()))
    read = top.format(keys=view.language.join(leaders))
    return publish(view, figure, out, "importance_all", _("What matters to what"), caption, read)


def _cells(
    axis: Axes, table: pd.DataFrame, rows: list[str], columns: list[str], view: View, *, upright: bool = False
) -> None:
    """``upright``: for many columns, names on one vertical line each so that none covers the next."""
    heatmap.numbers(axis, table, table.map(lambda value: view.language.number(value, 0)), 100.0, size=8, names=False)
    axis.set_facecolor(FAINT)
    axis.set_yticks(np.arange(len(rows)) + 0.5, rows, fontsize=8)
    axis.set_xticks(
        np.arange(len(columns)) + 0.5,
        columns if upright else [wrap(name, 30) for name in columns],
        fontsize=8,
        rotation=90 if upright else 35,
        ha="left",
        va="center" if upright else "baseline",
        rotation_mode="anchor",
    )


def draw_pairs(view: View, reader: Reader, out: Path) -> Figure | None:
    """Second-order shares of the first quantity, keys by keys; None without them."""
    _ = view.language.gettext
    table = view.result.sensitivity
    pairs = table[table["index"] == "S2"] if len(table) else table
    if not len(pairs):
        return None
    names, rows = _quantities(pairs)[0]
    keys = list(_quantities(view.result.summary)[0][1].index)
    grid = pd.DataFrame(np.nan, index=keys, columns=keys)
    for first, row in rows.iterrows():
        for one, two in ((first, row["other"]), (row["other"], first)):
            if keys.index(str(one)) > keys.index(str(two)):
                grid.loc[str(one), str(two)] = max(0.0, 100 * float(row["value"]))
    figure = canvas(height=2.4 + 0.4 * len(keys), width=8.0)
    shown = [wrap(reader.key(key), LABEL) for key in keys]
    _cells(figure.subplots(), grid.iloc[1:, :-1], shown[1:], shown[:-1], view)
    caption = _("A cell is the share of the variance, in %, that comes from two keys together beyond each alone.")
    best = rows.reset_index().sort_values("value").iloc[-1]
    read = _("{title}: the pair that does most together is {one} and {two}, {share} of the variance.").format(
        title=_title(reader, names),
        one=reader.quoted(best["key"]),
        two=reader.quoted(best["other"]),
        share=view.language.percent(max(0.0, float(best["value"]))),
    )
    return publish(view, figure, out, "pairs", _("What matters together"), caption, read)
