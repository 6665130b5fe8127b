"""Figure: forest plot of the paired differences to the status quo."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from bresim.analysis.comparison import Difference
from bresim.common.text import Language, capital
from bresim.plots import intervals, ticks
from bresim.plots.style import GREY, INK, canvas
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
    figure = canvas(height=1.2 + 0.4 * len(rows))
    axis, table = figure.subplots(1, 2, sharey=True, width_ratios=(2.6, 1.3))
    for place, row in enumerate(rows):
        shares = f"{language.percent(row.better)} / {language.percent(row.worse)}"
        texts = language.points(row.mean), language.points_range(row.low, row.high), shares
        for (x, align, _title), text in zip(_columns(language), texts, strict=True):
            table.text(x, place, text, va="center", ha=align, fontsize=8.5)
    for x, align, title in _columns(language):
        table.text(x, -0.65, title, va="bottom", ha=align, fontsize=8.5, fontweight="bold")
    table.axis("off")
    forest(axis, rows, language)
    intervals.name_rows(axis, [view.name(row.design) for row in rows])
    axis.set_xlabel(_("difference in direct public value from the status quo, in percentage points"))
    figure.legend(handles=legend(language), loc="outside upper left", ncols=5, columnspacing=1.2, handletextpad=0.7)
    caption = [
        how_to_read(language),
        _("“Better / worse in”: share of the futures in which the design does better or worse than the status quo."),
    ]
    read = sentence(rows, view.quoted(), language)
    return publish(view, figure, out, NAME, _("Difference from the status quo"), " ".join(caption), read)


def _both(founded: View, decided: View, out: Path) -> Figure:
    language, _, names = decided.language, decided.language.gettext, decided.quoted()
    rows = founded.differences
    by_design = {row.design: row for row in decided.differences}
    figure = canvas(height=1.5 + 0.4 * len(rows))
    axes = figure.subplots(1, 2, sharey=True, sharex=True)
    forest(axes[0], rows, language)
    forest(axes[1], [by_design[row.design] for row in rows], language)
    intervals.name_rows(axes[0], [founded.name(row.design) for row in rows])
    for axis, title in zip(axes, (_("If founded"), _("As decided by vote")), strict=True):
        axis.set_title(title)
    figure.supxlabel(_("difference in direct public value from the status quo, in percentage points"), fontsize=9.5)
    figure.legend(handles=legend(language), loc="outside upper left", ncols=5, columnspacing=1.2, handletextpad=0.7)
    caption = [
        _("Left: every design is founded at the policy start. Right: the municipalities vote on it."),
        how_to_read(language),
    ]
    read = [
        _("If founded: {text}").format(text=sentence(rows, names, language)),
        _("As decided by vote: {text}").format(text=sentence(decided.differences, names, language)),
    ]
    title = _("Difference from the status quo")
    return publish(decided, figure, out, NAME, title, " ".join(caption), " ".join(read), both=True)


def how_to_read(language: Language) -> str:
    """What marks and lines are."""
    return language.gettext(
        "Each design against the status quo with the same luck and the same parameters. Mark and thick bar: mean "
        "difference and its 95% interval; thin line: 90% of the futures (5–95%)."
    )


def forest(axis: Axes, rows: Sequence[Difference], language: Language) -> None:
    """A mark with its interval and spread for each design, the first at the top."""
    axis.axvline(0, color=INK, linewidth=1.0)
    for place, row in enumerate(rows):
        interval = pd.DataFrame([(row.mean, row.low, row.high), (row.mean, row.spread_low, row.spread_high)]) * 100
        look = intervals.LOOKS[row.verdict]
        intervals.dots(axis, [place], interval.iloc[:1], look, size=0.0, line=6.0, alpha=0.5)
        intervals.dots(axis, [place], interval.iloc[1:], look, size=7.5, line=1.2)
    axis.xaxis.set_major_formatter(ticks.signed(language))


def _columns(language: Language) -> tuple[tuple[float, str, str], ...]:
    _ = language.gettext
    return (0.12, "right", _("mean")), (0.43, "center", _("95% interval")), (1.0, "right", _("better /\nworse in"))


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
