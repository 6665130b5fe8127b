"""Figure: forest plot of the paired differences to the status quo."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D

from bresim.analysis.comparison import Difference
from bresim.common.text import Language, capital
from bresim.plots import intervals, ticks
from bresim.plots.style import GREY, INK, SMALL, form, legend_height, row_names, show_legend, wrap
from bresim.plots.view import Figure, View, publish

NAME = "differences"


def draw(view: View, out: Path) -> Figure | None:
    """Mean paired difference with its 95 % interval and the 5–95 % spread; None without a status quo.

    With both foundings a panel for each; with one its numbers stand beside the panel.
    """
    if not view.differences:
        return None
    return _one(view, out) if view.founded is None else _both(view.founded, view, out)


def _one(view: View, out: Path) -> Figure:
    rows = view.differences
    language, _ = view.language, view.language.gettext
    figure, slide = (_with_numbers(view, slide) for slide in (False, True))
    caption = [
        how_to_read(language),
        _("“Better / worse in”: share of the futures in which the design does better or worse than the status quo."),
    ]
    read = sentence(rows, view.quoted(), language)
    title = _("Difference from the status quo")
    return publish(view, figure, out, NAME, title, " ".join(caption), read, slide=slide)


def _with_numbers(view: View, slide: bool) -> Canvas:
    """One panel, and beside it what it shows in numbers; on a page, whose table has the intervals, without these."""
    rows, language = view.differences, view.language
    names, tall = row_names([view.name(row.design) for row in rows], slide)
    figure = form(slide, page=1.0 + legend_height(5) + tall * len(rows), wide=max(4.84, 1.0 + 0.34 * len(rows)))
    axis, table = figure.subplots(1, 2, sharey=True, width_ratios=(2.6, 1.3) if slide else (1.3, 1.2))
    for place, row in enumerate(rows):
        shares = f"{language.percent(row.better)} / {language.percent(row.worse)}"
        interval = [language.points_range(row.low, row.high)] if slide else []
        texts = [language.points(row.mean), *interval, shares]
        for (x, align, _title), text in zip(_columns(language, slide), texts, strict=True):
            table.text(x, place, text, va="center", ha=align, fontsize=8.5 if slide else SMALL)
    for x, align, title in _columns(language, slide):
        table.text(x, -0.65, title, va="bottom", ha=align, fontsize=8.5 if slide else SMALL, fontweight="bold")
    table.axis("off")
    forest(axis, rows, language)
    intervals.name_rows(axis, names)
    label_x(figure, language, slide)
    show_legend(figure, legend(language), slide, across=5)
    return figure


def _both(founded: View, decided: View, out: Path) -> Figure:
    language, _, names = decided.language, decided.language.gettext, decided.quoted()
    rows = founded.differences
    figure, slide = (_two_panels(founded, decided, slide) for slide in (False, True))
    caption = [
        _("Left: every design is founded at the policy start. Right: the municipalities vote on it."),
        how_to_read(language),
    ]
    read = [
        _("If founded: {text}").format(text=sentence(rows, names, language)),
        _("As decided by vote: {text}").format(text=sentence(decided.differences, names, language)),
    ]
    title = _("Difference from the status quo")
    return publish(decided, figure, out, NAME, title, " ".join(caption), " ".join(read), slide=slide, both=True)


def _two_panels(founded: View, decided: View, slide: bool) -> Canvas:
    """If founded and, right of it, as decided by vote."""
    language, _ = decided.language, decided.language.gettext
    rows = founded.differences
    by_design = {row.design: row for row in decided.differences}
    names, tall = row_names([founded.name(row.design) for row in rows], slide)
    figure = form(slide, page=1.1 + legend_height(5) + tall * len(rows), wide=max(4.84, 1.3 + 0.34 * len(rows)))
    axes = figure.subplots(1, 2, sharey=True, sharex=True)
    forest(axes[0], rows, language)
    forest(axes[1], [by_design[row.design] for row in rows], language)
    intervals.name_rows(axes[0], names)
    for axis, title in zip(axes, (_("If founded"), _("As decided by vote")), strict=True):
        axis.set_title(title if slide else wrap(title, 14))
    label_x(figure, language, slide)
    show_legend(figure, legend(language), slide, across=5)
    return figure


def label_x(figure: Canvas, language: Language, slide: bool) -> None:
    """What is shown, under all panels; a page has no room for it on one line."""
    text = language.gettext("difference in direct public value from the status quo, in percentage points")
    figure.supxlabel(text if slide else wrap(text, 50), fontsize=9.5 if slide else 8.5)


def how_to_read(language: Language) -> str:
    """What marks and lines are."""
    return language.gettext(
        "Each design against the status quo with the same luck and the same parameters. Mark and thick bar: mean "
        "difference and its 95% interval; thin line: 90% of the futures (5–95%)."
    )


def forest(axis: Axes, rows: Sequence[Difference], language: Language) -> None:
    """A mark with its interval and spread for each design, the first at the top."""
    axis.axvline(0, color=INK, linewidth=1.0)
    for kind, look in intervals.LOOKS.items():
        places = [place for place, row in enumerate(rows) if row.verdict == kind]
        shown = [rows[place] for place in places]
        interval = pd.DataFrame([(row.mean, row.low, row.high) for row in shown], columns=range(3)) * 100
        spread = pd.DataFrame([(row.mean, row.spread_low, row.spread_high) for row in shown], columns=range(3)) * 100
        intervals.bars(axis, places, interval, look[0])
        intervals.dots(axis, places, spread, look, size=7.5, line=1.2)
    axis.xaxis.set_major_formatter(ticks.signed(language))


def _columns(language: Language, slide: bool) -> tuple[tuple[float, str, str], ...]:
    """Place, alignment and heading of each column of numbers."""
    _ = language.gettext
    mean, shares = _("mean"), (1.0, "right", _("better /\nworse in"))
    if not slide:
        return (0.42, "right", mean), shares
    return (0.12, "right", mean), (0.43, "center", _("95% interval")), shares


def legend(language: Language) -> list[Line2D]:
    """What each mark and line is, for the legend."""
    _ = language.gettext
    texts = {1: _("better on average"), 0: _("cannot be told apart"), -1: _("worse on average")}
    marks = [
        Line2D(
            [],
            [],
            linestyle="",
            marker=mark,
            color=colour,
            markerfacecolor=colour if filled else "white",
            label=texts[verdict],
        )
        for verdict, (colour, mark, filled) in intervals.LOOKS.items()
    ]
    return [
        *marks,
        Line2D(
            [], [], color=GREY, linewidth=5.5, alpha=0.55, solid_capstyle="butt", label=_("95% interval of the mean")
        ),
        Line2D([], [], color=GREY, linewidth=1.2, label=_("90% of the futures")),
    ]


def sentence(rows: Sequence[Difference], names: dict[str, str], language: Language) -> str:
    """How many do better, worse or neither; the largest demonstrable difference, and how often its sign holds."""
    _ = language.gettext
    better, worse = ([row for row in rows if row.verdict == verdict] for verdict in (1, -1))
    alike = len(rows) - len(better) - len(worse)
    parts: list[str] = []
    if len(rows) > 1:
        parts.append(
            _(
                "On average better than the status quo: {better} of {count} designs; worse: {worse}; not to be told "
                "apart: {alike}."
            ).format(
                better=language.numeral(len(better)),
                worse=language.numeral(len(worse)),
                alike=language.numeral(alike),
                count=language.numeral(len(rows)),
            )
        )
    elif alike:
        parts.append(
            _(
                "{design} cannot be told apart from the status quo: {points} percentage points (95% interval {range})."
            ).format(
                design=names[rows[0].design],
                points=language.points(rows[0].mean),
                range=language.points_range(rows[0].low, rows[0].high),
            )
        )
    if better:
        top = max(better, key=lambda row: row.mean)
        parts.append(
            _(
                "The largest demonstrable mean gain is that of {design}: {points} percentage points (95% interval "
                "{range}); it does better in {share} of the futures."
            ).format(
                design=names[top.design],
                points=language.points(top.mean),
                range=language.points_range(top.low, top.high),
                share=language.percent(top.better),
            )
        )
    if worse:
        bottom = min(worse, key=lambda row: row.mean)
        parts.append(
            _(
                "The largest demonstrable mean loss is that of {design}: {points} percentage points (95% interval "
                "{range}); it does better in {share} of the futures."
            ).format(
                design=names[bottom.design],
                points=language.points(bottom.mean),
                range=language.points_range(bottom.low, bottom.high),
                share=language.percent(bottom.better),
            )
        )
    return " ".join(capital(part) for part in parts)
