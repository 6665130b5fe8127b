"""Figure: direct public value over time, a panel a design, the status quo as the grey reference."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from bresim.analysis import comparison
from bresim.common.text import Language, capital
from bresim.conventions import HEADLINE, SPREAD
from bresim.plots import calendar, intervals, ticks
from bresim.plots.panels import label_y, panels
from bresim.plots.style import BLUE, GREY, show_legend
from bresim.plots.view import Figure, View, publish

NAME = "trajectories"


def draw(view: View, out: Path) -> Figure | None:
    """Mean and 5–95 % of the replicates; elections and policy start as vertical lines. None without a series."""
    if view.result.series.empty:
        return None
    language, _ = view.language, view.language.gettext
    bands = comparison.bands(view.result.series, [HEADLINE])
    years = bands[view.panels[0]]["year"].to_numpy()
    period = (years[0] - 0.25, years[-1])
    figure, slide = (_picture(view, bands, period, slide) for slide in (False, True))
    caption = [
        _(
            "Line: mean over the simulated futures; band: 90% of the futures (5–95%). 100% is everything that can be "
            "attained at all scales together."
        )
    ]
    if view.marks.between("shocks", *period) or view.marks.between("windows", *period):
        caption.append(_("Triangles: shocks and central money with a date in the scenario; others come by chance."))
    return publish(
        view,
        figure,
        out,
        NAME,
        _("How direct public value develops"),
        " ".join(caption),
        sentence(view.result.series, view.quoted(), view.reference, language),
        slide=slide,
    )


def _picture(view: View, bands: dict[str, pd.DataFrame], period: tuple[float, float], slide: bool) -> Canvas:
    handles = _legend(view, period)
    figure, axes = panels([view.name(design) for design in view.panels], slide=slide, entries=len(handles))
    reference = bands.get(view.reference or "")
    for axis, design in zip(axes, view.panels, strict=True):
        band = bands[design]
        if reference is not None and design != view.reference:
            _lines(axis, reference, GREY, "--", 0.18)
        _lines(axis, band, BLUE, "-", 0.25)
        calendar.mark(axis, *period, view.policy_start, view.marks)
    axes[0].set_ylim(0, None)
    axes[0].yaxis.set_major_formatter(ticks.percent(view.language))
    label_y(figure, axes, view.language.gettext("direct public value, % of what is attainable"), slide=slide)
    show_legend(figure, handles, slide, across=4)
    return figure


def _lines(axis: Axes, band: pd.DataFrame, colour: str, dashes: str, alpha: float) -> None:
    values = band[[HEADLINE, f"{HEADLINE}_low", f"{HEADLINE}_high"]]
    intervals.line(axis, band["year"].tolist(), values, band=alpha, color=colour, linestyle=dashes)


def _legend(view: View, period: tuple[float, float]) -> list[Line2D | Patch]:
    _ = view.language.gettext
    handles: list[Line2D | Patch] = [
        Line2D([], [], color=BLUE, label=_("design: mean")),
        Patch(color=BLUE, alpha=0.25, linewidth=0, label=_("design: 90% of the futures")),
    ]
    if view.reference and view.alternatives:
        handles += [
            Line2D([], [], color=GREY, linestyle="--", label=_("status quo: mean")),
            Patch(color=GREY, alpha=0.18, linewidth=0, label=_("status quo: 90% of the futures")),
        ]
    return [*handles, *calendar.legend_handles(view.language, *period, view.policy_start, view.marks)]


def sentence(series: pd.DataFrame, names: dict[str, str], reference: str | None, language: Language) -> str:
    """From where to where, which design ends highest and lowest, and whether their bands overlap the reference's."""
    _ = language.gettext
    column, last = HEADLINE, series["quarter"].max()
    final = series[series["quarter"] == last]
    ends = comparison.means(final, column)
    if not ends:
        return _("No run reached the last quarter, so there is nothing to read.")
    date = language.quarter(str(series.loc[series["quarter"] == last, "date"].iloc[0]))
    shown = reference if reference is not None and reference in ends else max(ends, key=lambda design: ends[design])
    first = series[(series["quarter"] == series["quarter"].min()) & (series["design"] == shown)][column].mean()
    parts = [
        _("Under {design} the realised direct value goes from {start} to {end} of what is attainable ({date}).").format(
            design=names[shown], start=language.percent(first, 1), end=language.percent(ends[shown], 1), date=date
        )
    ]
    others = sorted((design for design in ends if design != shown), key=lambda design: -ends[design])
    if len(others) > 1:
        best, worst = others[0], others[-1]
        parts.append(
            _("Of the other designs {high} ends highest ({high_value}) and {low} lowest ({low_value}).").format(
                high=names[best],
                high_value=language.percent(ends[best], 1),
                low=names[worst],
                low_value=language.percent(ends[worst], 1),
            )
        )
    elif others:
        parts.append(
            _("{design} ends at {value}.").format(design=names[others[0]], value=language.percent(ends[others[0]], 1))
        )
    if shown == reference and others:
        values = final.groupby("design", observed=True)[column]
        low, high = (values.quantile(share).to_dict() for share in SPREAD)
        overlap = sum(low[design] <= high[shown] and high[design] >= low[shown] for design in others)
        parts.append(_overlap(overlap, len(others), language))
    return " ".join(capital(part) for part in parts)


def _overlap(overlap: int, count: int, language: Language) -> str:
    _ = language.gettext
    if overlap == count:
        return language.ngettext(
            "At the end its band overlaps that of the status quo; figure 1 shows which of the two is better.",
            "At the end the band of every design overlaps that of the status quo; figure 1 shows which is better.",
            count,
        )
    if overlap == 0:
        return _("No band overlaps that of the status quo at the end.")
    return language.ngettext(
        "The band of {overlap} of {count} designs overlaps that of the status quo at the end.",
        "The bands of {overlap} of {count} designs overlap that of the status quo at the end.",
        overlap,
    ).format(overlap=language.numeral(overlap), count=language.numeral(count))
