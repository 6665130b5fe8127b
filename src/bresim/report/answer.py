"""The answer that the report leads with: which designs do better, by how much, how sure, and whether one leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bresim.plots import frames
from bresim.plots.frames import Difference
from bresim.plots.robustness import split_sentence
from bresim.plots.view import View
from bresim.text import Language, capital


@dataclass(frozen=True)
class Group:
    """Designs of one verdict: ``verdict`` is better, alike or worse."""

    verdict: str
    label: str
    text: str


@dataclass(frozen=True)
class Answer:
    """The answer in the order in which it is read."""

    lead: str
    groups: tuple[Group, ...]
    paragraphs: tuple[str, ...]


def answer(view: View) -> Answer:
    """The lead, the designs by verdict, who leads, and how sure it is."""
    language, names = view.language, view.quoted()
    found = frames.means(view.runs, frames.HEADLINE)
    means = {design: found[design] for design in view.order if design in found}
    best = frames.summary_of(view.result.summary)["probability_best"]
    leaders = frames.leaders(view.runs)
    if view.differences and view.differences[0].design == leaders[0] and view.differences[0].verdict == 1:
        leaders = [design for design in leaders if design != view.reference]  # it was said to be better than that
    paragraphs = (
        leading(leaders, best, names, view.reference, language),
        founding(view.runs, names, view.reference, language),
        certainty(view.differences, view.runs["replicate"].nunique(), names, language),
    )
    lead = compared(
        means, view.differences, names, view.reference, view.language.quarter(view.config.time.end), language
    )
    return Answer(lead, tuple(groups(view.differences, names, language)), tuple(text for text in paragraphs if text))


def compared(
    means: dict[str, float],
    rows: Sequence[Difference],
    names: dict[str, str],
    reference: str | None,
    end: str,
    language: Language,
) -> str:
    """How many designs yield more or less than the reference, and what the reference realises."""
    _ = language.gettext
    if not means:
        return _("No run came to a value, so there is no answer.")
    if reference is None:
        listed = language.join(f"{names[design]} ({language.percent(value, 1)})" for design, value in means.items())
        return language.ngettext(
            "One design was simulated, without the status quo; on average this share of the attainable direct value "
            "is realised: {listed}. Whether that is better or worse than what there is now, this job does not say.",
            "The status quo is not among the {count} designs, so this job does not say whether they are better or "
            "worse than what there is now. On average this share of the attainable direct value is realised: "
            "{listed}.",
            len(means),
        ).format(listed=listed, count=language.numeral(len(means)))
    base = _(
        "If nothing changes (the status quo), on average {value} of the attainable direct public value is realised "
        "by the end ({end})."
    ).format(value=language.percent(means.get(reference)), end=end)
    if not rows:
        return _("Only the status quo was simulated, so there is nothing to compare it with.") + " " + base
    better, worse = (sum(row.verdict == verdict for row in rows) for verdict in (1, -1))
    return _verdicts(better, worse, len(rows), language) + " " + base


def _verdicts(better: int, worse: int, count: int, language: Language) -> str:
    _, ngettext = language.gettext, language.ngettext
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
            texts = [language.points(row.mean) for row in chosen]
            texts[0] = _("{points} percentage points").format(points=texts[0])
            listed = language.join(f"{names[row.design]} ({text})" for row, text in zip(chosen, texts, strict=True))
            found.append(Group(key, label, listed + "."))
    return found


def leading(
    leaders: Sequence[str], best: pd.Series, names: dict[str, str], reference: str | None, language: Language
) -> str:
    """Whether one design leads, or a group that cannot be told apart; a winner only if the intervals carry it."""
    _ = language.gettext
    if len(names) < 2 or not leaders:
        return ""
    if len(leaders) == len(names):
        return _("No design stands out: all have an average that cannot be told apart from the highest.")
    if len(leaders) > 3 and set(names) - set(leaders) == {reference}:
        return _(
            "Which design is best, the numbers do not say: no average of the {count} can be told apart from the "
            "highest."
        ).format(count=language.numeral(len(leaders)))
    if len(leaders) > 1:
        return _(
            "Of {count} designs the average cannot be told apart from the highest: {leaders}. The numbers do not "
            "support naming one winner among them."
        ).format(count=language.numeral(len(leaders)), leaders=language.join(names[design] for design in leaders))
    leader, share = leaders[0], float(best.get(leaders[0], float("nan")))
    if leader == reference:
        text = _("On average the status quo yields most.")
    else:
        text = _(
            "On average {leader} yields most, and the lead over every other design is larger than chance explains."
        ).format(leader=names[leader])
    if not np.isfinite(share):
        return text
    if share > 0.5:
        return (
            text
            + " "
            + _("In {share} of the simulated futures it is the best of all designs.").format(
                share=language.percent(share)
            )
        )
    return (
        text
        + " "
        + _(
            "Yet it is no certain winner: it is the best of all designs in {share} of the simulated futures, and in "
            "the others another is."
        ).format(share=language.percent(share))
    )


def founding(runs: pd.DataFrame, names: dict[str, str], reference: str | None, language: Language) -> str:
    """Which designs are founded in fewer than half of the futures: where they are not, nothing changes."""
    found = frames.means(runs, "adopted")
    seldom = sorted((design for design in names if found.get(design, 1.0) < 0.5), key=lambda design: found[design])
    if not seldom or reference in seldom:
        return ""
    listed = language.join(f"{names[design]} ({language.percent(found[design])})" for design in seldom)
    told: str = language.ngettext(
        "Not every design comes about: {listed} is founded in fewer than half of the futures. Where it is not founded, "
        "the municipalities go on as they did.",
        "Not every design comes about: {listed} are founded in fewer than half of the futures. Where they are not "
        "founded, the municipalities go on as they did.",
        len(seldom),
    ).format(listed=listed)
    _ = language.gettext
    gains = _where_founded(runs, seldom, reference)
    if not gains:
        return told
    found_there = language.join(
        _("{design} {points} percentage points").format(design=names[design], points=language.points(gain))
        for design, gain in gains.items()
    )
    return (
        told
        + " "
        + _(
            "Where founded, the mean difference to the status quo is: {listed}. Those futures are no random choice: "
            "founding takes trust and support."
        ).format(listed=found_there)
    )


def _where_founded(runs: pd.DataFrame, designs: Sequence[str], reference: str | None) -> dict[str, float]:
    """Mean paired difference to the reference over the replicates in which a design is founded (at least ten)."""
    if reference is None:
        return {}
    values = frames.wide(runs, frames.HEADLINE)
    adopted = frames.wide(runs, "adopted")
    gains = {}
    for design in designs:
        there = adopted[design] > 0.5
        if there.sum() >= 10:
            gains[design] = float((values[design] - values[reference])[there].mean())
    return gains


def certainty(rows: Sequence[Difference], replicates: int, names: dict[str, str], language: Language) -> str:
    """How often the gain of the highest design holds, and how far the futures lie apart."""
    _ = language.gettext
    known = [row for row in rows if np.isfinite(row.mean)]
    if not known:
        return ""
    top = max(known, key=lambda row: row.mean)
    if not np.isfinite(top.low):
        return _("How sure this is cannot be said: there are too few runs for an interval.")
    parts = [
        _(
            "How sure is this? Per single future the outcome varies more than these averages suggest: with {top} the "
            "difference from the "
            "status quo lies between {range} percentage points in 90% of the futures, and it is a gain in {share} of "
            "them."
        ).format(top=names[top.design], range=_between(top, language), share=language.percent(top.better))
    ]
    firm = [row for row in rows if row.verdict == 1 and row.better >= 0.9]
    some = [row for row in rows if row.verdict == 1 and row.better < 0.9]
    if some and not firm:
        parts.append(_("None of the designs that do better on average does so in at least 90% of the futures."))
    elif some and firm:
        parts.append(
            language.ngettext(
                "Of the designs that do better on average, one does so in at least 90% of the futures: {listed}.",
                "Of the designs that do better on average, {count} do so in at least 90% of the futures: {listed}.",
                len(firm),
            ).format(count=language.numeral(len(firm)), listed=language.join(names[row.design] for row in firm))
        )
    parts.append(
        language.ngettext(
            "Every design was simulated in {count} future, the same one for all designs.",
            "Every design was simulated in {count} futures, the same ones for all designs.",
            replicates,
        ).format(count=language.number(replicates, 0))
    )
    return " ".join(parts)


def _between(row: Difference, language: Language) -> str:
    return language.gettext("{low} and {high}").format(
        low=language.points(row.spread_low), high=language.points(row.spread_high)
    )


def uncertainty(view: View) -> list[str]:
    """Which part of the spread is luck and which not knowing, and what the two kinds of interval mean."""
    _ = view.language.gettext
    summary = frames.summary_of(view.result.summary).reindex(view.order)
    return [
        _(
            "Two things make the futures differ. Luck: events, elections, the choices of municipalities. Not "
            "knowing: nobody "
            "knows the strength of the mechanisms exactly, so every group of futures has its own plausible "
            "parameters. More runs "
            "make an average more precise, but do not take away either of them."
        ),
        *split_sentence(summary, view.language),
        _(
            "The 95% interval says how well the average difference is known. The range over 90% of the futures says "
            "how far a single future can lie from it. Who decides once should look at the latter."
        ),
        _(
            "Each 95% interval stands on its own: of twenty designs that differ in nothing, about one would seem to "
            "differ. When the designs are compared with the highest one, this is corrected for."
        ),
    ]
