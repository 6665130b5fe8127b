"""The table at the top of the report: every design in one row."""

from __future__ import annotations

from dataclasses import dataclass

from bresim.plots import frames
from bresim.plots.view import View
from bresim.text import NOT_KNOWN


@dataclass(frozen=True)
class Row:
    """One design, as texts in the reader's language; ``verdict`` is better, worse, alike, reference or none."""

    name: str
    value: str
    difference: str
    interval: str
    better: str
    worse: str
    best: str
    judgement: str
    verdict: str


def rows(view: View) -> list[Row]:
    """The designs from the highest to the lowest mean direct value."""
    language, _ = view.language, view.language.gettext
    means = frames.means(view.runs, frames.HEADLINE)
    best = frames.summary_of(view.result.summary)["probability_best"].reindex(view.order)
    against = {row.design: row for row in view.differences}
    words = {1: (_("better"), "better"), 0: (_("cannot be told apart"), "alike"), -1: (_("worse"), "worse")}
    found = []
    for design in view.order:
        common = (view.name(design), language.percent(means.get(design), 1))
        share = language.percent(best[design]) if len(view.order) > 1 else NOT_KNOWN
        row = against.get(design)
        if row is None:
            judgement, verdict = (_("reference"), "reference") if design == view.reference else (NOT_KNOWN, "none")
            found.append(Row(*common, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, share, judgement, verdict))
        else:
            found.append(
                Row(
                    *common,
                    language.points(row.mean),
                    language.points_range(row.low, row.high),
                    language.percent(row.better),
                    language.percent(row.worse),
                    share,
                    *words[row.verdict],
                )
            )
    return found
