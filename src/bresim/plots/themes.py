"""Figure: direct value by theme × design, and health beside the region's own yardstick."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from bresim.analysis import comparison
from bresim.common.text import Language, capital
from bresim.plots import heatmap, intervals, ticks
from bresim.plots.style import BLUE, GREY, RUST, SMALL, form, row_names, wrap
from bresim.plots.view import Figure, View, publish

NAME = "themes"
#: On a page most columns of cells beside each other.
ACROSS = 5
#: Columns of cells that the yardstick takes, on a page and on a slide.
YARDSTICK = 2, 3


@dataclass(frozen=True)
class Aim:
    """A share of a theme's gap that the region itself wants to close, and the year by which."""

    theme: str
    share: float
    year: int


#: Region → its own aim. Trendbreuk: "binnen tien jaar met 25 procent inlopen" (BRE 5.5, Tabel 5, health), set in 2020.
AIMS = {"zuid_limburg": Aim("health", 0.25, 2030)}


def column(theme: str) -> str:
    """The outcome column of a theme."""
    return f"public_value_{theme}"


def aim_of(view: View) -> Aim | None:
    """The aim of the region, if the run reaches its year: before that it is too early to judge."""
    aim = AIMS.get(view.region.name)
    if aim is None or aim.theme not in {theme.name for theme in view.region.themes}:
        return None
    return aim if comparison.year_end(view.config.time.end) >= aim.year + 1 else None


def draw(view: View, out: Path) -> Figure:
    """Differences to the status quo per theme (levels if there is none), and the yardstick if the region has one."""
    language, _ = view.language, view.language.gettext
    labels = {theme.name: language.label(theme) for theme in view.region.themes}
    level = view.runs.groupby("design", observed=True)[[column(theme) for theme in labels]].mean()
    level.columns = list(labels)
    rows = ([view.reference] if view.reference else []) + view.alternatives
    aim = aim_of(view)
    cells = _differences(view, level.loc[rows])
    figure, slide = (_picture(view, cells, labels, aim, slide) for slide in (False, True))
    caption = heatmap.caption(view, _("% of what is attainable for the theme"))
    if aim:
        caption += " " + _(
            "Last panel: the level for health at the end (mark) and 90% of the futures (line); dashed is the aim "
            "of the programme Trendbreuk: to close {aim} of the health gap in ten years, so by {year} (BRE 2023). We "
            "read it as {aim} of what is attainable."
        ).format(aim=language.percent(aim.share), year=aim.year)
    return publish(
        view,
        figure,
        out,
        NAME,
        _("Value by theme"),
        caption,
        sentence(view.runs, view.result.summary, labels, view.quoted(), view.reference, language, aim),
        slide=slide,
    )


#: Levels, differences and which of these are certain, design × theme.
Cells = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


def _differences(view: View, level: pd.DataFrame) -> Cells:
    found = {theme: {row.design: row for row in view.against(column(theme))} for theme in level.columns}
    difference, certain = level * np.nan, level.astype(bool)
    for theme, rows in found.items():
        for design, row in rows.items():
            difference.loc[design, theme] = row.mean
            certain.loc[design, theme] = row.verdict != 0
    return level, difference, certain


def _picture(view: View, cells: Cells, labels: dict[str, str], aim: Aim | None, slide: bool) -> Canvas:
    """All themes beside each other on a slide, on a page in parts below each other; the yardstick is the last panel."""
    themes, rows = list(labels), [str(design) for design in cells[0].index]
    beside = YARDSTICK[slide] if aim else 0
    down = 1 if slide else ceil((len(themes) + beside) / ACROSS)
    across = ceil((len(themes) + beside) / down)
    names, tall = row_names([view.name(design) for design in rows], slide)
    wide = max(4.84, 1.4 + 0.3 * max(len(rows), 3))
    figure = form(slide, page=down * (1.2 + tall * max(len(rows), 3)), wide=wide)
    grid = figure.add_gridspec(down, across)
    largest = heatmap.largest(cells[1].where(cells[2]))
    for at, part in enumerate(themes[start : start + across] for start in range(0, len(themes), across)):
        axis = figure.add_subplot(grid[at, : len(part)])
        level, difference, certain = (frame[part].rename(columns=labels).set_axis(names) for frame in cells)
        size = 8.5 if slide else SMALL
        heatmap.draw(axis, level, difference, certain, view.language, size=size, largest=largest)
        if view.reference:
            axis.axhline(1, color="white", linewidth=5)
    if aim:
        panel = figure.add_subplot(grid[down - 1, across - beside :])
        _yardstick(view, panel, aim, rows, labels[aim.theme], 24 if slide else 14)
        alone = len(themes) <= (down - 1) * across
        panel.set_yticks(np.arange(len(rows)) + 0.5, names if alone else [""] * len(rows))
        panel.set_ylim(len(rows), 0)
    return figure


def _yardstick(view: View, axis: Axes, aim: Aim, rows: list[str], label: str, letters: int) -> None:
    """The level of the aim's theme under each design, and the aim; ``letters`` in a line of its title."""
    language, _ = view.language, view.language.gettext
    table = comparison.wide(view.runs, column(aim.theme))
    values = pd.DataFrame(
        [(table[design].mean(), *comparison.spread(table[design].to_numpy(dtype=np.float64))) for design in rows],
        columns=range(3),
    )
    for look, own in (((GREY, "s", True), True), ((BLUE, "o", True), False)):
        places = [place for place, design in enumerate(rows) if (design == view.reference) is own]
        intervals.dots(axis, [place + 0.5 for place in places], values.iloc[places], look, size=5.5, line=1.4)
    axis.axvline(aim.share, color=RUST, linestyle="--", linewidth=1.6)
    axis.set_xlim(0, None)
    axis.xaxis.set_major_formatter(ticks.percent(language))
    title = _("{theme} (dashed: the aim of Trendbreuk, {aim})").format(
        theme=capital(label), aim=language.percent(aim.share)
    )
    axis.set_title(wrap(title, letters), fontsize=8.5)
    axis.grid(visible=False, axis="y")


def sentence(
    runs: pd.DataFrame,
    summary: pd.DataFrame,
    labels: dict[str, str],
    names: dict[str, str],
    reference: str | None,
    language: Language,
    aim: Aim | None = None,
) -> str:
    """Largest gain and loss over themes and designs, the themes where nothing is gained, and the yardstick."""
    _ = language.gettext
    parts: list[str] = []
    if reference is not None and len(names) > 1:
        cells = [
            (theme, row) for theme in labels for row in comparison.differences(runs, summary, column(theme), reference)
        ]
        gains, losses = ([cell for cell in cells if cell[1].verdict == verdict] for verdict in (1, -1))
        if gains:
            theme, row = max(gains, key=lambda cell: cell[1].mean)
            parts.append(
                _(
                    "The largest demonstrable mean gain is on {theme}, under {design}: {points} percentage points."
                ).format(theme=labels[theme], design=names[row.design], points=language.points(row.mean))
            )
        else:
            parts.append(_("On no theme does any design do demonstrably better than the status quo."))
        if losses:
            theme, row = min(losses, key=lambda cell: cell[1].mean)
            parts.append(
                _(
                    "The largest demonstrable mean loss is on {theme}, under {design}: {points} percentage points."
                ).format(theme=labels[theme], design=names[row.design], points=language.points(row.mean))
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
                    high_value=language.percent(means.max(), 1),
                    low=labels[str(means.idxmin())],
                    low_value=language.percent(means.min(), 1),
                )
            )
    if aim:
        parts.append(_reached(runs, aim, names, language))
    return " ".join(parts)


def _reached(runs: pd.DataFrame, aim: Aim, names: dict[str, str], language: Language) -> str:
    """Which designs have reached the aim by the end, which is its year or later."""
    _, ngettext = language.gettext, language.ngettext
    means = {design: mean for design, mean in comparison.means(runs, column(aim.theme)).items() if design in names}
    reached = [design for design in names if means.get(design, 0.0) >= aim.share]
    share = language.percent(aim.share)
    if not means:
        return _("Whether the Trendbreuk aim for health is reached is not known: no run has a value.")
    if len(means) == 1:
        (only,) = means
        text = (
            _("On average {design} reaches the Trendbreuk aim of {aim} for health.")
            if reached
            else _("On average {design} does not reach the Trendbreuk aim of {aim} for health.")
        )
        return text.format(design=names[only], aim=share)
    if not reached:
        return _("On average no design reaches the Trendbreuk aim of {aim} for health.").format(aim=share)
    if len(reached) == len(means):
        return _("On average every design reaches the Trendbreuk aim of {aim} for health.").format(aim=share)
    return ngettext(
        "On average {count} of {all} designs reaches the Trendbreuk aim of {aim} for health: {names}.",
        "On average {count} of {all} designs reach the Trendbreuk aim of {aim} for health: {names}.",
        len(reached),
    ).format(
        count=language.numeral(len(reached)),
        all=language.numeral(len(means)),
        aim=share,
        names=language.join(names[design] for design in reached),
    )
