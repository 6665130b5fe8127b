"""How sure the answer is, what to be careful with, and where the spread comes from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bresim.analysis import comparison
from bresim.analysis.comparison import Difference
from bresim.analysis.spread import split_sentence
from bresim.common.text import Language, capital
from bresim.plots.view import View

#: With fewer than these the report warns: intervals over parameter sets, and quantiles over futures, mean little.
FEW_SETS, FEW_REPLICATES = 10, 30


def cautions(source: str, sets: int, replicates: int, language: Language) -> list[str]:
    """What a reader must know before using the numbers: too few parameter sets, too few futures."""
    _, ngettext = language.gettext, language.ngettext
    found = []
    if source == "point":
        found.append(
            _(
                "All futures have one and the same parameter set. The numbers do not show that we do not know it: "
                "use them for teaching or trying out, not for advice."
            )
        )
    elif sets < FEW_SETS:
        found.append(
            ngettext(
                "Only {count} parameter set was used. What we do not know is therefore hardly visible, and intervals "
                "and shares are rough. Take at least {enough} sets (key: replicates).",
                "Only {count} parameter sets were used. What we do not know is therefore hardly visible, and intervals "
                "and shares are rough. Take at least {enough} sets (key: replicates).",
                sets,
            ).format(count=language.numeral(sets), enough=language.numeral(FEW_SETS))
        )
    if replicates < FEW_REPLICATES:
        found.append(
            ngettext(
                "Only {count} future was simulated for each design. With fewer than {enough}, shares of the futures "
                "and the range over 90% of them are very rough.",
                "Only {count} futures were simulated for each design. With fewer than {enough}, shares of the futures "
                "and the range over 90% of them are very rough.",
                replicates,
            ).format(count=language.numeral(replicates), enough=language.number(FEW_REPLICATES, 0))
        )
    return found


def certainty(rows: Sequence[Difference], replicates: int, names: dict[str, str], language: Language) -> str:
    """How often the gain of the highest design holds, and how far the futures lie apart."""
    _ = language.gettext
    known = [row for row in rows if np.isfinite(row.mean)]
    if not known:
        return ""
    top = max(known, key=lambda row: row.mean)
    if not np.isfinite(top.low):
        return _("How sure this is cannot be said: there are too few runs for an interval.")
    texts = language.points(top.spread_low), language.points(top.spread_high)
    spread = (
        _("In 90% of the futures the difference between {top} and the status quo is {low} percentage points.")
        if texts[0] == texts[1]
        else _(
            "In 90% of the futures the difference between {top} and the status quo lies between {low} and {high} "
            "percentage points."
        )
    )
    parts = [
        _("How sure is this? A single future can differ much from the average."),
        spread.format(top=names[top.design], low=texts[0], high=texts[1]),
        _("It is a gain in {better} of all futures and a loss in {worse}.").format(
            better=language.percent(top.better), worse=language.percent(top.worse)
        ),
    ]
    firm = [names[row.design] for row in rows if row.better >= 0.9]
    if firm:
        often = language.ngettext(
            "One design does better than the status quo in at least 9 of 10 futures: {listed}.",
            "{count} designs do better than the status quo in at least 9 of 10 futures: {listed}.",
            len(firm),
        )
        parts.append(capital(often.format(count=language.numeral(len(firm)), listed=language.join(firm))))
    else:
        parts.append(_("No design does better than the status quo in at least 9 of 10 futures."))
    parts.append(
        language.ngettext(
            "Every design was simulated in {count} future, the same one for all designs.",
            "Every design was simulated in {count} futures, the same ones for all designs.",
            replicates,
        ).format(count=language.number(replicates, 0))
    )
    return " ".join(parts)


def uncertainty(view: View) -> list[str]:
    """The three parts of the spread, and what the two kinds of interval mean."""
    _ = view.language.gettext
    summary = comparison.summary_of(view.result.summary).reindex(view.order)
    stochastic = _("Luck makes the futures differ: events, elections, the choices of municipalities.")
    known = {
        "plausible": _(
            "So does not knowing: nobody knows exactly how strong the mechanisms are. Each group of futures therefore "
            "has its own plausible parameters."
        ),
        "prior": _(
            "So does not knowing: nobody knows exactly how strong the mechanisms are. Each group of futures therefore "
            "has parameters drawn from their full ranges, also ones that do not fit what BRE 2023 describes."
        ),
        "point": _("Nobody knows exactly how strong the mechanisms are, but in this job they are the same everywhere."),
        "own": _(
            "So does not knowing: nobody knows exactly how strong the mechanisms are. Each group of futures therefore "
            "has a parameter set of its own, from a file of yours."
        ),
    }["point" if view.config.parameters.source == "own" and view.parameter_sets == 1 else view.config.parameters.source]
    read = {
        "drawn": _(
            "And so does the reading of the designs: a source seldom gives a number, so in each future every rule of a "
            "design has a value between the lowest and the highest that its source allows."
        ),
        "point": _("Every rule of a design has one value in all futures, the one that we read in its source."),
    }.get(
        str(view.config.coding), _("The rules of the designs have one reading in all futures, drawn from their ranges.")
    )
    more = _("More runs make an average more precise. They do not take away luck, not knowing or the reading.")
    found = [
        f"{stochastic} {known} {read} {more}",
        split_sentence(summary, view.language, view.parameter_sets),
        _("The 95% interval says how well the average difference is known.")
        if view.differences
        else _("The 95% interval says how well the average is known."),
        _(
            "The range over 90% of the futures says how far a single future can lie from the average. If you decide "
            "only once, look at that."
        ),
    ]
    if len(view.differences) > 1:
        found.append(
            _(
                "Each 95% interval stands on its own: of twenty designs that differ in nothing, about one would seem "
                "to differ. When the designs are compared with the highest one, this is corrected for."
            )
        )
    return found
