"""The table at the top of the report: every design in one row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bresim.analysis import comparison
from bresim.analysis.scales import Scales, apart
from bresim.common.text import NOT_KNOWN, Language
from bresim.conventions import HEADLINE
from bresim.plots.robustness import shared_first
from bresim.plots.view import View

#: A verdict on a difference → the style of its cell.
LOOKS = {1: "better", 0: "alike", -1: "worse"}


@dataclass(frozen=True)
class Row:
    """One design, as texts in the reader's language; ``verdict`` is better, worse, alike, reference or none.

    ``judgement`` is against the status quo, ``top`` against the highest design.
    """

    name: str
    value: str
    difference: str
    interval: str
    better: str
    worse: str
    best: str
    judgement: str
    top: str
    verdict: str


def rows(view: View) -> list[Row]:
    """The designs from the highest to the lowest mean direct value."""
    language, _ = view.language, view.language.gettext
    means = comparison.means(view.runs, HEADLINE)
    best = comparison.summary_of(view.result.summary)["probability_best"].reindex(view.order)
    against = {row.design: row for row in view.differences}
    words = {1: (_("better"), "better"), 0: (_("cannot be told apart"), "alike"), -1: (_("worse"), "worse")}
    found = []
    for design in view.order:
        common = (view.name(design), language.percent(means.get(design), 1))
        share = language.percent(best[design]) if len(view.order) > 1 else NOT_KNOWN
        row, top = against.get(design), NOT_KNOWN
        if len(view.order) > 1 and view.leaders:
            rank = _("the highest") if design == view.leaders[0] else _("cannot be told apart")
            top = rank if design in view.leaders else _("lower")
        if row is None:
            judgement, verdict = (_("reference"), "reference") if design == view.reference else (NOT_KNOWN, "none")
            found.append(Row(*common, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, share, judgement, top, verdict))
        else:
            found.append(
                Row(
                    *common,
                    language.points(row.mean),
                    language.points_range(row.low, row.high),
                    language.percent(row.better),
                    language.percent(row.worse),
                    share,
                    words[row.verdict][0],
                    top,
                    words[row.verdict][1],
                )
            )
    return found


@dataclass(frozen=True)
class Cell:
    """A number or word under its heading; ``look`` names the style."""

    label: str
    text: str
    look: str = ""


@dataclass(frozen=True)
class Line:
    """A design in the table of the page."""

    name: str
    verdict: str
    cells: tuple[Cell, ...]


def lines(view: View) -> list[Line]:
    """A line for each design: everything about the one founding, or the main numbers of both beside each other."""
    if view.founded is None:
        return [Line(row.name, row.verdict, _all_cells(row, view)) for row in rows(view)]
    decided = {row.name: row for row in rows(view)}
    adopted = comparison.means(view.runs, "adopted")
    found = []
    for design, row in zip(view.founded.order, rows(view.founded), strict=True):
        share = view.language.percent(adopted.get(design) if design != view.reference else None)
        found.append(Line(row.name, row.verdict, _cells_of_both(row, decided[row.name], share, view)))
    return found


def _all_cells(row: Row, view: View) -> tuple[Cell, ...]:
    _ = view.language.gettext
    return (
        Cell(_("Reached in {year}").format(year=view.config.time.end[:4]), row.value),
        Cell(_("Difference"), row.difference),
        Cell(_("95% interval"), row.interval, "range"),
        Cell(_("Better in"), row.better),
        Cell(_("Worse in"), row.worse),
        Cell(_("Best of all in"), row.best),
        Cell(_("Against the status quo"), row.judgement, "word verdict"),
        Cell(_("Against the highest"), row.top, "word"),
    )


def _cells_of_both(founded: Row, decided: Row, share: str, view: View) -> tuple[Cell, ...]:
    _ = view.language.gettext
    return (
        Cell(_("If founded"), founded.difference, f"sum {founded.verdict}"),
        Cell(_("95% interval"), founded.interval, "range"),
        Cell(_("Best of all in"), founded.best),
        Cell(_("Is founded in"), share),
        Cell(_("As decided"), decided.difference, f"sum {decided.verdict}"),
        Cell(_("95% interval"), decided.interval, "range"),
        Cell(_("Best of all in"), decided.best),
    )


def scales(view: View) -> tuple[Scales, list[Line]] | None:
    """The scales apart, and a line for each design but the status quo; None where there is nothing to differ from."""
    found = apart(view.result.summary, view.language)
    if found is None:
        return None
    names = [name for name in found.designs if name != view.reference]
    return found, [Line(view.name(name), "", tuple(_cells_of_scales(found, name, view.language))) for name in names]


def _cells_of_scales(found: Scales, name: str, language: Language) -> Iterator[Cell]:
    for heading, part in zip(found.headings, found.parts.values(), strict=True):
        if name not in part:
            yield Cell(heading, NOT_KNOWN)
            continue
        row = part[name]
        look = LOOKS[comparison.verdict(row["difference"], row["difference_low"], row["difference_high"])]
        interval = language.points_range(row["difference_low"], row["difference_high"])
        text = f"{language.points(row['difference'])} ({interval})"
        yield Cell(heading, text, f"sum range {look}")


def shared(view: View) -> str:
    """How often no design is best alone, for the note at the table; nothing if that never happens."""
    best = comparison.summary_of(view.result.summary)["probability_best"].reindex(view.order).dropna()
    text = shared_first(best, view.language)
    if view.founded is None or not text:
        return text
    return view.language.gettext("As decided by vote: {text}").format(text=text)
