"""The answer that the report leads with: which designs do better, by how much, how sure, and whether one leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bresim.analysis import comparison
from bresim.analysis.comparison import Difference
from bresim.common.text import Language, capital
from bresim.conventions import HEADLINE
from bresim.plots.view import View
from bresim.report.certainty import cautions, certainty

#: So many designs are named in the answer; of more their number and the ends of their range: the table has them all.
NAMED = 3
#: In fewer futures a mean difference says nothing.
ENOUGH = 10


@dataclass(frozen=True)
class Group:
    """Designs of one verdict: ``verdict`` is better, alike or worse."""

    verdict: str
    label: str
    text: str


@dataclass(frozen=True)
class Part:
    """The answer under one founding: the designs by verdict, which leads, how sure that is; titled if there are two."""

    title: str
    groups: tuple[Group, ...]
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """The answer in the order in which it is read."""

    lead: tuple[str, ...]
    parts: tuple[Part, ...]
    cautions: tuple[str, ...]


def answer(view: View) -> Answer:
    """The lead, then under each founding the designs by verdict, which design leads and how sure that is; cautions."""
    _ = view.language.gettext
    replicates = view.runs["replicate"].nunique()
    found = tuple(cautions(view.config.parameters.source, view.parameter_sets, replicates, view.language))
    if view.measured:
        found = (view.measured, *found)
    if view.founded is None:
        return Answer((_lead(view),), (_part(view, ""),), found)
    # how far futures lie apart is reported once: what a single vote does to it, the brief shows
    parts = (_part(view.founded, _("If founded")), _part(view, _("As decided by vote"), sure=False))
    return Answer(both(view.founded, view), parts, found)


def _part(view: View, title: str, *, sure: bool = True) -> Part:
    language, names = view.language, view.quoted()
    best = comparison.summary_of(view.result.summary)["probability_best"]
    paragraphs = (
        leading(view.leaders, best, names, view.reference, language),
        founding(view.runs, names, view.reference, language),
        certainty(view.differences, view.runs["replicate"].nunique(), names, language) if sure else "",
    )
    return Part(title, tuple(groups(view.differences, names, language)), tuple(text for text in paragraphs if text))


def _lead(view: View) -> str:
    """The first sentences about one founding."""
    found = comparison.means(view.runs, HEADLINE)
    return compared(
        {design: found[design] for design in view.order if design in found},
        view.differences,
        view.quoted(),
        view.reference,
        view.language.quarter(view.config.time.end),
        view.language,
        comparison.intervals(view.runs, HEADLINE),
        bool(view.measured),
    )


def both(founded: View, decided: View) -> tuple[str, ...]:
    """What the designs yield if founded, and what happens to the highest of them as decided by vote."""
    language, _, names = decided.language, decided.language.gettext, decided.quoted()
    if not founded.differences or not decided.differences:
        texts = {_("If founded: {text}"): _lead(founded), _("As decided by vote: {text}"): _lead(decided)}
        return tuple(text.format(text=lead) for text, lead in texts.items())
    top = founded.differences[0]
    others = [names[design] for design in founded.leaders if design != top.design]
    if top.design != founded.leaders[0]:
        first = _("If every design is founded at the policy start, none yields more than the status quo on average.")
    else:
        first = _(
            "If every design is founded at the policy start, {design} yields most on average: {points} percentage "
            "points compared with the status quo (95% interval {range})."
        ).format(
            design=names[top.design],
            points=language.points(top.mean),
            range=language.points_range(top.low, top.high),
        )
        if others:
            first += " " + _("It cannot be told apart from {others}.").format(others=_few(others, language))
    return first, _as_decided(top.design, decided), _status_quo(decided)


def _few(names: Sequence[str], language: Language) -> str:
    """The names, or of many their number."""
    if len(names) <= NAMED:
        return language.join(names)
    return language.gettext("{count} others").format(count=language.numeral(len(names)))


def _as_decided(design: str, view: View) -> str:
    """How often a design is founded by vote and what it yields then, and which design then yields most."""
    language, _, names = view.language, view.language.gettext, view.quoted()
    founded = comparison.means(view.runs, "adopted")
    rows = {row.design: row for row in view.differences}
    share = founded.get(design)
    template = (
        _("As decided by vote, {design} is founded in none of the futures.")
        if share == 0.0
        else _(
            "As decided by vote, {design} is founded in {share} of the futures; on average over all futures that is "
            "{points} percentage points (95% interval {range})."
        )
    )
    text = template.format(
        design=names[design],
        share=language.percent(share),
        points=language.points(rows[design].mean),
        range=language.points_range(rows[design].low, rows[design].high),
    )
    best = view.order[0]
    if best == design:
        return text + " " + _("That is the highest average then, too.")
    if best == view.reference:
        return text + " " + _("No design then yields more than the status quo on average.")
    return (
        text
        + " "
        + _("The highest average is then that of {design} ({points}), founded in {share} of the futures.").format(
            design=names[best],
            points=language.points(rows[best].mean),
            share=language.percent(founded.get(best)),
        )
    )


def _status_quo(view: View) -> str:
    """What the status quo realises, where differences to it are known."""
    value = comparison.means(view.runs, HEADLINE).get(view.reference or "", float("nan"))
    end = view.language.quarter(view.config.time.end)
    return _base(view.language.percent(value, 1), end, view.language, bool(view.measured))


def _base(value: str, end: str, language: Language, measured: bool) -> str:
    _ = language.gettext
    text = (
        _(
            "If nothing is founded and only the measures are taken, on average {value} of the attainable direct public "
            "value is realised by the end ({end})."
        )
        if measured
        else _(
            "If nothing changes (the status quo), on average {value} of the attainable direct public value is realised "
            "by the end ({end})."
        )
    )
    return text.format(value=value, end=end)


def compared(
    means: dict[str, float],
    rows: Sequence[Difference],
    names: dict[str, str],
    reference: str | None,
    end: str,
    language: Language,
    intervals: Mapping[str, tuple[float, float]],
    measured: bool = False,
) -> str:
    """How many designs yield more or less than the reference, and what the reference realises.

    ``intervals`` are the 95 % intervals of the means, for where no difference says how sure they are; ``measured``:
    measures are taken, also under the reference.
    """
    _ = language.gettext
    if not means:
        return _("No run came to a value, so there is no answer.")
    if reference is None:
        listed = language.join(
            f"{names[design]} ({_mean(value, intervals.get(design), language)})" for design, value in means.items()
        )
        return language.ngettext(
            "One design was simulated, without the status quo. On average this share of the attainable direct value "
            "is realised: {listed}. Whether that is better or worse than what there is now, this job does not say.",
            "The status quo is not among the {count} designs, so this job does not say whether they are better or "
            "worse than what there is now. On average this share of the attainable direct value is realised: "
            "{listed}.",
            len(means),
        ).format(listed=listed, count=language.numeral(len(means)))
    value = means.get(reference, float("nan"))
    shown = language.percent(value, 1) if rows else _mean(value, intervals.get(reference), language)
    base = _base(shown, end, language, measured)
    if not rows:
        return _("Only the status quo was simulated, so there is nothing to compare it with.") + " " + base
    better, worse = (sum(row.verdict == verdict for row in rows) for verdict in (1, -1))
    return _verdicts(better, worse, len(rows), language) + " " + base


def _mean(value: float, interval: tuple[float, float] | None, language: Language) -> str:
    """A mean with its interval, if that is known."""
    text = language.percent(value, 1)
    if interval is None or not np.isfinite(interval).all():
        return text
    return language.gettext("{value}; 95% interval {low} to {high}").format(
        value=text, low=language.percent(max(interval[0], 0.0), 1), high=language.percent(interval[1], 1)
    )


def _verdicts(better: int, worse: int, count: int, language: Language) -> str:
    _, ngettext = language.gettext, language.ngettext
    if better == worse == 0 and count == 2:
        return _(
            "Neither of the two designs can be told apart from the status quo: these runs do not show that either "
            "yields more or less direct public value on average."
        )
    if better == worse == 0:
        return ngettext(
            "The one design simulated cannot be told apart from the status quo: these runs do not show that it yields "
            "more or less direct public value on average.",
            "None of the {count} designs can be told apart from the status quo: these runs do not show that any yields "
            "more or less direct public value on average.",
            count,
        ).format(count=language.numeral(count))
    if count == 1:
        return (
            _("The one design simulated yields more direct public value than the status quo, on average.")
            if better
            else _("The one design simulated yields less direct public value than the status quo, on average.")
        )
    if better == count == 2:
        return _("Both designs yield more direct public value than the status quo, on average.")
    if better == count:
        return _("All {count} designs yield more direct public value than the status quo, on average.").format(
            count=language.numeral(count)
        )
    if better == 0:
        return _("No design demonstrably yields more direct public value than the status quo, on average.")
    return capital(
        ngettext(
            "{better} of the {count} designs yields more direct public value than the status quo, on average.",
            "{better} of the {count} designs yield more direct public value than the status quo, on average.",
            better,
        ).format(better=language.numeral(better), count=language.numeral(count))
    )


def groups(rows: Sequence[Difference], names: dict[str, str], language: Language) -> list[Group]:
    """The designs that do better, cannot be told apart, or do worse, with their mean difference; no empty group."""
    _ = language.gettext
    labels = {
        1: ("better", _("More than the status quo")),
        0: ("alike", _("Cannot be told apart from the status quo")),
        -1: ("worse", _("Less than the status quo")),
    }
    found = []
    for verdict, (key, label) in labels.items():
        chosen = [row for row in rows if row.verdict == verdict]
        if verdict == -1:
            chosen = chosen[::-1]  # the largest loss first
        if chosen:
            found.append(Group(key, label, _listed(chosen, names, language)))
    return found


def _listed(rows: Sequence[Difference], names: dict[str, str], language: Language) -> str:
    """Designs with their mean difference; of many the number, and the first and the last."""
    _ = language.gettext

    def told(row: Difference, unit: bool) -> str:
        points = language.points(row.mean)
        return f"{names[row.design]} ({_('{points} percentage points').format(points=points) if unit else points})"

    if len(rows) <= NAMED:
        return language.join(told(row, at == 0) for at, row in enumerate(rows)) + "."
    text = _("{count} designs, from {first} to {last}.").format(
        count=language.numeral(len(rows)), first=told(rows[0], True), last=told(rows[-1], False)
    )
    return capital(text)


def leading(
    leaders: Sequence[str], best: pd.Series, names: dict[str, str], reference: str | None, language: Language
) -> str:
    """Whether one design leads, or a group that cannot be told apart; a winner only if the intervals carry it."""
    _ = language.gettext
    if len(names) < 2 or not leaders:
        return ""
    top, others = names[leaders[0]], [names[design] for design in leaders[1:]]
    if len(leaders) == len(names) > 2:
        return _(
            "No design stands out. The highest average is that of {top}, but none of the others can be told apart from "
            "it."
        ).format(top=top)
    if others:
        return language.ngettext(
            "The highest average is that of {top}. It cannot be told apart from that of {others}, so the numbers name "
            "no winner.",
            "The highest average is that of {top}. It cannot be told apart from those of {others}, so the numbers name "
            "no winner.",
            len(others),
        ).format(top=top, others=_few(others, language))
    share = float(best.get(leaders[0], float("nan")))
    if leaders[0] == reference:
        text = _("On average the status quo yields most.")
    else:
        text = _(
            "On average {leader} yields most, and the lead over every other design is larger than chance explains."
        ).format(leader=top)
    if not np.isfinite(share):
        return text
    often = (
        _("In {share} of the simulated futures it yields more than every other design.")
        if share > 0.5
        else _(
            "Yet it is no certain winner: it yields more than every other design in only {share} of the simulated "
            "futures."
        )
    )
    return text + " " + often.format(share=language.percent(share))


def founding(runs: pd.DataFrame, names: dict[str, str], reference: str | None, language: Language) -> str:
    """Which designs are founded in fewer than half of the futures: where they are not, nothing changes."""
    found = comparison.means(runs, "adopted")
    seldom = sorted((design for design in names if found.get(design, 1.0) < 0.5), key=lambda design: found[design])
    if not seldom or reference in seldom:
        return ""
    _ = language.gettext
    if len(seldom) > NAMED:
        return _(
            "Not every design comes about: {count} of the {all} are founded in fewer than half of the futures, "
            "{design} least often ({share}). Where a design is not founded, the municipalities go on as they did."
        ).format(
            count=language.numeral(len(seldom)),
            all=language.numeral(len(names) - (reference in names)),
            design=names[seldom[0]],
            share=language.percent(found[seldom[0]]),
        )
    listed = language.join(f"{names[design]} ({language.percent(found[design])})" for design in seldom)
    founded: str = language.ngettext(
        "Not every design comes about: {listed} is founded in fewer than half of the futures. Where it is not founded, "
        "the municipalities go on as they did.",
        "Not every design comes about: {listed} are founded in fewer than half of the futures. Where they are not "
        "founded, the municipalities go on as they did.",
        len(seldom),
    ).format(listed=listed)
    gains, few = _where_founded(runs, seldom, reference)
    if few:
        listed = language.join(f"{names[design]} ({language.number(count, 0)})" for design, count in few.items())
        founded += " " + _("Founded in too few futures to say what it yields there: {listed}.").format(listed=listed)
    if not gains:
        return founded
    found_there = language.join(
        _("{design} {points} percentage points").format(design=names[design], points=language.points(gain))
        for design, gain in gains.items()
    )
    return (
        founded
        + " "
        + _(
            "Where founded, the mean difference to the status quo is: {listed}. Those futures are no random choice: "
            "founding takes trust and support."
        ).format(listed=found_there)
    )


def _where_founded(
    runs: pd.DataFrame, designs: Sequence[str], reference: str | None
) -> tuple[dict[str, float], dict[str, int]]:
    """Mean paired difference to the reference over the replicates in which a design is founded.

    Beside these the designs founded in fewer than ``ENOUGH`` replicates, with the number; not those that never are.
    """
    if reference is None:
        return {}, {}
    values = comparison.wide(runs, HEADLINE)
    adopted = comparison.wide(runs, "adopted")
    gains, few = {}, {}
    for design in designs:
        there = adopted[design] > 0.5
        if there.sum() >= ENOUGH:
            gains[design] = float((values[design] - values[reference])[there].mean())
        elif there.any():
            few[design] = int(there.sum())
    return gains, few
