"""Figure: mutual trust and grievance over time, a panel a design."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D

from bresim.analysis import comparison
from bresim.common.text import Language, capital
from bresim.plots import calendar, intervals, ticks
from bresim.plots.panels import label_y, panels
from bresim.plots.style import BLUE, GREY, INK, RUST, show_legend
from bresim.plots.view import Figure, View, publish

NAME = "trust"
TRUST, GRIEVANCE = "trust_mean", "grievance_mean"
#: Column → colour and dashes; the reference has the same dashes in grey.
LINES: dict[str, tuple[str, Any]] = {TRUST: (BLUE, ""), GRIEVANCE: (RUST, (4, 1.5))}


def draw(view: View, out: Path) -> Figure | None:
    """Mean of both, and 5–95 % of the replicates at the end; grey lines are the status quo. None without a series."""
    if view.result.series.empty:
        return None
    language, _ = view.language, view.language.gettext
    bands = comparison.bands(view.result.series, list(LINES))
    figure, slide = (_picture(view, bands, slide) for slide in (False, True))
    caption = [
        _(
            "Means over all pairs of municipalities. Line: mean over the futures; bars at the right: 90% of the "
            "futures at the end (5–95%)."
        )
    ]
    if view.reference and view.alternatives:
        caption.append(_("Thin grey lines: the status quo, trust solid and grievance dashed."))
    return publish(
        view,
        figure,
        out,
        NAME,
        _("Trust and grievance"),
        " ".join(caption),
        sentence(view.runs, view.result.summary, view.result.series, view.quoted(), view.reference, language),
        slide=slide,
    )


def _picture(view: View, bands: dict[str, pd.DataFrame], slide: bool) -> Canvas:
    years = bands[view.panels[0]]["year"].to_numpy()
    period = first, last = years[0] - 0.25, years[-1]
    handles = _legend(view, period)
    figure, axes = panels([view.name(design) for design in view.panels], slide=slide, entries=len(handles))
    for axis, design in zip(axes, view.panels, strict=True):
        band = bands[design]
        _lines(axis, band, bands[view.reference] if view.reference and design != view.reference else None)
        for place, (column, (colour, _dashes)) in enumerate(LINES.items(), start=1):
            _spread(axis, band, column, colour, last + 0.045 * place * (last - first))
        calendar.mark(axis, first, last, view.policy_start, view.marks)
        axis.set_xlim(first, last + 0.13 * (last - first))
    axes[0].set_ylim(0, None)
    axes[0].yaxis.set_major_formatter(ticks.number(view.language))
    text = view.language.gettext("trust and grievance, 0 (none) to 1 (complete)")
    label_y(figure, axes, text, slide=slide)
    show_legend(figure, handles, slide, across=4)
    return figure


def _lines(axis: Axes, band: pd.DataFrame, reference: pd.DataFrame | None) -> None:
    """Both means of a design and, grey and below them, of the reference; seaborn draws all four at once."""
    shown = ([(reference, False)] if reference is not None else []) + [(band, True)]
    parts = [
        pd.DataFrame({"year": frame["year"], "value": frame[column], "line": f"{column}{own}"})
        for frame, own in shown
        for column in LINES
    ]
    looks = {f"{column}{own}": (*look, own) for _frame, own in shown for column, look in LINES.items()}
    sns.lineplot(
        pd.concat(parts, ignore_index=True),
        x="year",
        y="value",
        hue="line",
        style="line",
        size="line",
        palette={name: colour if own else GREY for name, (colour, _dashes, own) in looks.items()},
        dashes={name: dashes for name, (_colour, dashes, _own) in looks.items()},
        sizes={name: 1.8 if own else 1.0 for name, (_colour, _dashes, own) in looks.items()},
        estimator=None,
        legend=False,
        ax=axis,
    )
    axis.set(xlabel="", ylabel="")


def _spread(axis: Axes, band: pd.DataFrame, column: str, colour: str, year: float) -> None:
    """The spread at the end as a bar right of the lines, its mark the mean."""
    values = band[[column, f"{column}_low", f"{column}_high"]].iloc[-1:]
    look = (colour, "o" if column == TRUST else "D", True)
    intervals.dots(axis, [year], values, look, orient="x", size=3.5, line=2.2)


def _legend(view: View, period: tuple[float, float]) -> list[Line2D]:
    handles = [
        Line2D(
            [],
            [],
            color=colour,
            linestyle=(0, dashes) if dashes else "-",
            label=view.language.label(comparison.outcome(column)),
        )
        for column, (colour, dashes) in LINES.items()
    ]
    handles.append(
        Line2D([], [], color=INK, linewidth=2.2, label=view.language.gettext("90% of the futures at the end"))
    )
    if view.reference and view.alternatives:
        handles.append(Line2D([], [], color=GREY, linewidth=1.0, label=view.language.gettext("status quo (grey)")))
    return [*handles, *calendar.legend_handles(view.language, *period, view.policy_start, view.marks)]


def sentence(
    runs: pd.DataFrame,
    summary: pd.DataFrame,
    series: pd.DataFrame,
    names: dict[str, str],
    reference: str | None,
    language: Language,
) -> str:
    """Trust at start and end under the reference (or the first design), then designs that change it, and grievance."""
    _ = language.gettext
    shown = reference or next(iter(names))
    begin = series[(series["design"] == shown) & (series["quarter"] == series["quarter"].min())]
    trust, grievance = comparison.means(runs, TRUST), comparison.means(runs, GRIEVANCE)
    parts = [
        _(
            "Under {design} mutual trust goes from {trust_start} to {trust_end} and grievance from {grievance_start} "
            "to {grievance_end}."
        ).format(
            design=names[shown],
            trust_start=language.number(begin[TRUST].mean(), 2),
            trust_end=language.number(trust.get(shown), 2),
            grievance_start=language.number(begin[GRIEVANCE].mean(), 2),
            grievance_end=language.number(grievance.get(shown), 2),
        )
    ]
    if reference is not None and len(names) > 1:
        parts.append(_changes(comparison.differences(runs, summary, TRUST, reference), names, language))
        worse = [row for row in comparison.differences(runs, summary, GRIEVANCE, reference) if row.verdict == 1]
        if worse:
            top = max(worse, key=lambda row: row.mean)
            text = (
                _("{design} ends with more grievance than the status quo ({change}).")
                if len(names) == 2
                else _(
                    "Demonstrably more grievance than under the status quo: {more} of {count} designs, most under "
                    "{design} ({change})."
                )
            )
            parts.append(
                text.format(
                    more=language.numeral(len(worse)),
                    count=language.numeral(len(names) - 1),
                    design=names[top.design],
                    change=language.signed(top.mean, 2),
                )
            )
        else:
            parts.append(_("Under no design is there demonstrably more grievance than under the status quo."))
    return " ".join(capital(part) for part in parts)


def _changes(rows: list[comparison.Difference], names: dict[str, str], language: Language) -> str:
    _ = language.gettext
    more = sorted((row for row in rows if row.verdict == 1), key=lambda row: -row.mean)
    less = sorted((row for row in rows if row.verdict == -1), key=lambda row: row.mean)
    if len(rows) == 1 and more:
        return _("{design} ends with more trust than the status quo ({change}).").format(
            design=names[more[0].design], change=language.signed(more[0].mean, 2)
        )
    if not more and not less:
        return _("No design ends with demonstrably more or less trust than the status quo.")
    if not more:
        return _(
            "No design ends with demonstrably more trust than the status quo; the largest demonstrable loss is "
            "under {design} ({change})."
        ).format(design=names[less[0].design], change=language.signed(less[0].mean, 2))
    return _(
        "Demonstrably more trust at the end than under the status quo: {more} of {count} designs; less: {less}. The "
        "largest of these gains is under {design} ({change})."
    ).format(
        more=language.numeral(len(more)),
        less=language.numeral(len(less)),
        count=language.numeral(len(rows)),
        design=names[more[0].design],
        change=language.signed(more[0].mean, 2),
    )
