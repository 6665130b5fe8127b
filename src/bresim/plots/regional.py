"""Figure: plans succeed, realisation lags. Indirect beside direct value at the scale of the region."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D

from bresim.analysis import comparison
from bresim.common.text import Language
from bresim.plots import intervals, ticks
from bresim.plots.style import AMBER, BLUE, GREY, form, legend_height, row_names, show_legend, wrap
from bresim.plots.view import Figure, View, publish

NAME = "regional"
DIRECT, INDIRECT = "public_value_regional", "public_value_regional_indirect"
#: Column → colour, mark, and how far below the middle of its row.
LOOKS = {INDIRECT: (AMBER, "D", -0.13), DIRECT: (BLUE, "o", 0.13)}


def draw(view: View, out: Path) -> Figure:
    """A dumbbell a design: mean indirect and direct value, with the 5–95 % spread of each."""
    language, _ = view.language, view.language.gettext
    figure, slide = (_picture(view, slide) for slide in (False, True))
    return publish(
        view,
        figure,
        out,
        NAME,
        _("Plans and realisation at the scale of the region"),
        _(
            "Indirect value: what strategy, lobby and money bring; direct value: what is achieved for society by "
            "carrying things out. Mark: mean; line: 90% of the futures (5–95%)."
        ),
        sentence(view.runs, view.quoted(), view.reference, language),
        slide=slide,
    )


def _picture(view: View, slide: bool) -> Canvas:
    language, _ = view.language, view.language.gettext
    tables = {column: comparison.wide(view.runs, column) for column in (DIRECT, INDIRECT)}
    names, tall = row_names([view.name(design) for design in view.order], slide)
    wide = max(4.84, 1.0 + 0.36 * len(names))
    figure = form(slide, page=0.7 + legend_height(len(LOOKS)) + tall * len(names), wide=wide)
    axis = figure.subplots()
    means = {column: table[view.order].mean().to_numpy() for column, table in tables.items()}
    axis.hlines(range(len(names)), means[DIRECT], means[INDIRECT], color=GREY, linewidth=1.0, linestyle=":")
    for column, (colour, mark, shift) in LOOKS.items():
        spread = [comparison.spread(tables[column][design].to_numpy(dtype=np.float64)) for design in view.order]
        values = pd.DataFrame([(mean, *ends) for mean, ends in zip(means[column], spread, strict=True)])
        intervals.dots(axis, [place + shift for place in range(len(names))], values, (colour, mark, True))
    intervals.name_rows(axis, names)
    axis.set_xlim(0, None)
    axis.xaxis.set_major_formatter(ticks.percent(language))
    text = _("% of what is attainable at the scale of the region, at the end")
    figure.supxlabel(text if slide else wrap(text, 50), fontsize=9.5 if slide else 8.5)
    handles = [
        Line2D([], [], linestyle="", marker=mark, color=colour, label=language.label(comparison.outcome(column)))
        for column, (colour, mark, _shift) in LOOKS.items()
    ]
    show_legend(figure, handles, slide, across=2)
    return figure


def sentence(runs: pd.DataFrame, names: dict[str, str], reference: str | None, language: Language) -> str:
    """How far realisation lags behind under the reference, and for how many designs it does."""
    _ = language.gettext
    plans, results = comparison.means(runs, INDIRECT), comparison.means(runs, DIRECT)
    known = [design for design in names if design in plans and design in results]
    if not known:
        return _("There is nothing to read: no run has a value at the scale of the region.")
    shown = reference if reference is not None and reference in known else known[0]
    direct, indirect = results[shown], plans[shown]
    text = _(
        "At the scale of the region {design} realises {indirect} of the indirect and {direct} of the direct value."
    ).format(design=names[shown], indirect=language.percent(indirect, 1), direct=language.percent(direct, 1))
    parts = [text]
    if direct > 0:
        parts.append(
            _("Plans and means are {ratio} times as far along as realisation.").format(
                ratio=language.number(indirect / direct)
            )
        )
    lagging = sum(_lags(runs, design) for design in known)
    if len(known) > 1:
        if lagging == len(known):
            parts.append(_("Realisation lags behind plans under every design."))
        elif lagging == 0:
            parts.append(_("Under no design does realisation demonstrably lag behind plans."))
        else:
            parts.append(
                _("Realisation demonstrably lags behind plans under {lagging} of {count} designs.").format(
                    lagging=language.numeral(lagging), count=language.numeral(len(known))
                )
            )
        gaps = {design: plans[design] - results[design] for design in known if design != shown}
        smallest = min(gaps, key=lambda design: gaps[design])
        text = (
            _("Under {design} the gap is {points} percentage points.")
            if gaps[smallest] >= 0 and len(gaps) == 1
            else _("Of the other designs the gap is smallest under {design} ({points} percentage points).")
            if gaps[smallest] >= 0
            else _("Under {design} realisation is even ahead of plans (by {points} percentage points).")
        )
        parts.append(text.format(design=names[smallest], points=language.number(100 * abs(gaps[smallest]))))
    return " ".join(parts)


def _lags(runs: pd.DataFrame, design: str) -> bool:
    part = runs[runs["design"] == design].set_index("replicate")
    return comparison.compare(part[INDIRECT] - part[DIRECT], design, comparison.draws_of(runs)).verdict == 1
