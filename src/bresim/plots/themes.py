"""Figure: direct value by theme × design, and health beside the region's own yardstick."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from bresim.plots import frames, heatmap
from bresim.plots.style import BLUE, GREY, RUST, canvas, save, wrap
from bresim.plots.view import Figure, View
from bresim.text import Language, capital

NAME = "themes"
#: (region, theme) → share of the gap that the region itself wants to close: Trendbreuk, 25 % in ten years
#: ("binnen tien jaar met 25 procent inlopen", BRE 5.5, Tabel 5, health).
YARDSTICKS = {("zuid_limburg", "health"): 0.25}


def column(theme: str) -> str:
    """The outcome column of a theme."""
    return f"public_value_{theme}"


def draw(view: View, out: Path) -> Figure:
    """Differences to the status quo per theme (levels if there is none), and the yardstick if the region has one."""
    language, _ = view.language, view.language.gettext
    labels = {theme.name: language.label(theme) for theme in view.region.themes}
    level = view.runs.groupby("design", observed=True)[[column(theme) for theme in labels]].mean()
    level.columns = list(labels)
    rows = ([view.reference] if view.reference else []) + view.alternatives
    yardstick = next(((t, YARDSTICKS[key]) for t in labels if (key := (view.region.name, t)) in YARDSTICKS), None)
    figure = canvas(height=1.0 + 0.34 * len(view.order))
    if yardstick:
        cells, panel = figure.subplots(1, 2, sharey=True, width_ratios=(2.6, 1))
        _yardstick(view, panel, *yardstick, rows, labels[yardstick[0]])
    else:
        cells = figure.subplots()
    _cells(view, cells, level.loc[rows], labels)
    svg, png = save(figure, out, NAME)
    caption = _(
        "Grey cells: the level under the status quo, % of what is attainable for the theme. Coloured cells: difference "
        "from it in percentage points; in brackets, without colour: cannot be told apart from zero (95% interval)."
    )
    if yardstick:
        caption += " " + _(
            "Right: the level for health at the end (mark) and 90% of the futures (line); the dashed line is the "
            "region's own aim to close 25% of the health gap in ten years, read here as 25% of what is attainable."
        )
    return Figure(
        NAME,
        _("Value by theme"),
        caption,
        sentence(view.runs, view.result.summary, labels, view.quoted(), view.reference, language, yardstick),
        svg,
        png,
    )


def _cells(view: View, axis: Axes, level: pd.DataFrame, labels: dict[str, str]) -> None:
    found = {theme: {row.design: row for row in view.against(column(theme))} for theme in labels}
    difference, certain = level * np.nan, level.astype(bool)
    for theme, rows in found.items():
        for design, row in rows.items():
            difference.loc[design, theme] = row.mean
            certain.loc[design, theme] = row.verdict != 0
    level, difference, certain = (
        part.rename(index=view.names(), columns=labels) for part in (level, difference, certain)
    )
    heatmap.draw(axis, level, difference, certain, view.language)
    if view.reference:
        axis.axhline(1, color="white", linewidth=5)


def _yardstick(view: View, axis: Axes, theme: str, aim: float, rows: list[str], label: str) -> None:
    language, _ = view.language, view.language.gettext
    table = frames.wide(view.runs, column(theme))
    for place, design in enumerate(rows):
        values = table[design].to_numpy(dtype=np.float64)
        mean = float(np.nanmean(values)) if np.isfinite(values).any() else float("nan")
        colour, mark = (GREY, "s") if design == view.reference else (BLUE, "o")
        axis.hlines(place + 0.5, *frames.spread(values), color=colour, linewidth=1.4)
        axis.plot(mean, place + 0.5, marker=mark, color=colour, markersize=6)
    axis.axvline(aim, color=RUST, linestyle="--", linewidth=1.6)
    axis.set_xlim(0, None)
    axis.xaxis.set_major_formatter(FuncFormatter(lambda value, _at: language.percent(value)))
    title = _("{theme} (dashed: the aim of Trendbreuk, {aim})").format(theme=capital(label), aim=language.percent(aim))
    axis.set_title(wrap(title, 24), fontsize=8.5)
    axis.grid(visible=False, axis="y")
    axis.tick_params(labelleft=False)


def sentence(
    runs: pd.DataFrame,
    summary: pd.DataFrame,
    labels: dict[str, str],
    names: dict[str, str],
    reference: str | None,
    language: Language,
    yardstick: tuple[str, float] | None = None,
) -> str:
    """Largest gain and loss over themes and designs, the themes where nothing is gained, and the yardstick."""
    _ = language.gettext
    parts: list[str] = []
    if reference is not None and len(names) > 1:
        cells = [
            (theme, row) for theme in labels for row in frames.differences(runs, summary, column(theme), reference)
        ]
        gains, losses = ([cell for cell in cells if cell[1].verdict == verdict] for verdict in (1, -1))
        if gains:
            theme, row = max(gains, key=lambda cell: cell[1].mean)
            parts.append(
                _("The largest mean gain is on {theme}, under {design}: {points} percentage points.").format(
                    theme=labels[theme], design=names[row.design], points=language.points(row.mean)
                )
            )
        else:
            parts.append(_("On no theme does any design do demonstrably better than the status quo."))
        if losses:
            theme, row = min(losses, key=lambda cell: cell[1].mean)
            parts.append(
                _("The largest mean loss is on {theme}, under {design}: {points} percentage points.").format(
                    theme=labels[theme], design=names[row.design], points=language.points(row.mean)
                )
            )
        flat = [labels[theme] for theme in labels if theme not in {cell[0] for cell in gains}]
        if gains and flat:
            parts.append(_("No design does demonstrably better on {themes}.").format(themes=language.join(flat)))
    else:
        means = runs[[column(theme) for theme in labels]].mean().set_axis(list(labels)).dropna()
        if len(means):
            parts.append(
                _("Most is realised on {high} ({high_value}) and least on {low} ({low_value}).").format(
                    high=labels[str(means.idxmax())],
                    high_value=language.percent(means.max()),
                    low=labels[str(means.idxmin())],
                    low_value=language.percent(means.min()),
                )
            )
    if yardstick:
        parts.append(_reached(runs, *yardstick, names, language))
    return " ".join(parts)


def _reached(runs: pd.DataFrame, theme: str, aim: float, names: dict[str, str], language: Language) -> str:
    _, ngettext = language.gettext, language.ngettext
    means = frames.means(runs, column(theme))
    reached = [name for design, name in names.items() if means.get(design, 0.0) >= aim]
    if not reached:
        return _("On average no design reaches the Trendbreuk aim of {aim} for health.").format(
            aim=language.percent(aim)
        )
    if len(reached) == len(means) > 1:
        return _("On average every design reaches the Trendbreuk aim of {aim} for health.").format(
            aim=language.percent(aim)
        )
    return ngettext(
        "On average {count} of {all} designs reaches the Trendbreuk aim of {aim} for health: {names}.",
        "On average {count} of {all} designs reach the Trendbreuk aim of {aim} for health: {names}.",
        len(reached),
    ).format(
        count=language.numeral(len(reached)),
        all=language.numeral(len(means)),
        aim=language.percent(aim),
        names=language.join(f"{name}" for name in reached),
    )
