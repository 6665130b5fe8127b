"""Page one in words: the question, the answer in at most six sentences, three risks, and what can be decided now."""

from __future__ import annotations

from dataclasses import dataclass

from bresim.analysis.comparison import above_zero, below_zero
from bresim.brief.rows import Row, highest, lowest, of_design
from bresim.brief.rows import rows as rows_of
from bresim.common.text import capital
from bresim.conventions import HEADLINE, REFERENCE
from bresim.report.brief.why import sign
from bresim.report.brief.words import Words

#: Most sentences in the answer, and most risks.
SENTENCES, RISKS = 6, 3
#: A package is enough if it yields this share of what the best design yields.
ENOUGH = 0.5


@dataclass(frozen=True)
class Point:
    """Something to know, in a few words and a sentence."""

    title: str
    text: str


def question(words: Words) -> str:
    """What the brief answers."""
    return words._(
        "Which way of working together brings {region} most public value by the end of {end}, and what does it take?"
    ).format(region=words.region, end=words.end)


def today(words: Words) -> float:
    """The value of today's way, a share of what is attainable."""
    rows = words.brief.summary
    mine = rows[(rows["outcome"] == HEADLINE) & (rows["design"] == REFERENCE) & (rows["founding"] == "at_once")]
    return float(mine["mean"].iloc[0])


def clearly(row: Row, what: str = "gain") -> bool:
    """Whether a gain is above zero, also as it is shown."""
    return above_zero(row[f"{what}_low"])


def answer(words: Words) -> list[str]:
    """At most six sentences."""
    _, language, table = words._, words.language, words.brief.designs
    base = _("If nothing changes, the region realises {value} of what is attainable by the end of {end}.").format(
        value=language.percent(today(words), 1), end=words.end
    )
    if table.empty:
        return [base, _("Only the status quo was simulated, so there is nothing to compare it with.")]
    sentences = [base, *_founded(words), *_decided(words), _package(words), _worlds(words)]
    return [sentence for sentence in sentences if sentence][:SENTENCES]


def _founded(words: Words) -> list[str]:
    """What yields most if it is founded, and what it takes."""
    _, language, table = words._, words.language, words.brief.designs
    top = rows_of(table)[0]
    if not clearly(top):
        return [_("Even once it is founded, no way of working together yields clearly more than that.")]
    numbers = {
        "design": words.quoted(str(top["design"])),
        "points": language.points(top["gain"]),
        "low": language.points(top["gain_low"]),
        "high": language.points(top["gain_high"]),
    }
    text = (
        _("Once founded, {design} yields most: {points} percentage points (95% interval {low} to {high}).")
        if len(table) > 1
        else _("Once founded, {design} yields {points} percentage points (95% interval {low} to {high}).")
    ).format(**numbers)
    if top["chance"] == 1.0:
        return [text, _("It needs no vote of the municipalities or always gets it.")]
    more = (
        _("But in none of the futures do the municipalities found it.")
        if top["chance"] == 0.0
        else _(
            "But the chance that the municipalities found it is {chance} in the model; as decided by them it "
            "therefore yields {points} on average."
        ).format(chance=language.percent(top["chance"]), points=language.points(top["decided"]))
    )
    return [text, more]


def _decided(words: Words) -> list[str]:
    """What yields most as the municipalities decide; nothing if that was told already."""
    _, language, table = words._, words.language, words.brief.designs
    if len(table) < 2:
        return []
    best = highest(table, "decided")
    if not clearly(best, "decided"):
        return [_("As the municipalities decide, no way of working together yields clearly more than now.")]
    if best["design"] == rows_of(table)[0]["design"]:
        return [_("As the municipalities decide, that one yields most, too.")]
    return [
        _(
            "As the municipalities decide, {design} yields most: {points} on average, founded in {chance} of the "
            "futures."
        ).format(
            design=words.quoted(str(best["design"])),
            points=language.points(best["decided"]),
            chance=language.percent(best["chance"]),
        )
    ]


def smallest(words: Words) -> Row | None:
    """The smallest package of measures that yields at least half of what the best design yields; None without one."""
    packages, table = words.brief.packages, words.brief.designs
    if packages.empty or table.empty:
        return None
    mine = packages[(packages["kind"] == "measures") & (packages["place"] == 1) & packages["low"].map(above_zero)]
    enough = mine[mine["gain"] >= ENOUGH * max(float(table["gain"].max()), 0.0)]
    found = enough if len(enough) else mine
    return None if found.empty else rows_of(found.sort_values("size"))[0 if len(enough) else -1]


def _package(words: Words) -> str:
    """What can be had without founding anything."""
    found = smallest(words)
    if found is None:
        return ""
    parts = str(found["parts"]).split(";")
    return words.language.ngettext(
        "Without founding anything, one measure on today's way of working ({measures}) yields {points} percentage "
        "points; whether the municipalities agree on it, the model does not say.",
        "Without founding anything, {count} measures on today's way of working ({measures}) yield {points} "
        "percentage points; whether the municipalities agree on them, the model does not say.",
        len(parts),
    ).format(
        count=words.language.numeral(len(parts)),
        measures=words.measures(parts),
        points=words.language.points(found["gain"]),
    )


def _worlds(words: Words) -> str:
    """In how many worlds the best design holds."""
    _, table = words._, words.brief.designs
    top = rows_of(table)[0]
    if not top["worlds"] or not clearly(top):
        return ""
    count, all_worlds = int(top["holds"]), int(top["worlds"])
    if count == all_worlds:
        return _("Once founded, {design} yields clearly more than now in all {worlds} worlds that were tried.").format(
            design=words.quoted(str(top["design"])), worlds=all_worlds
        )
    return _(
        "Once founded, {design} yields clearly more than now in {count} of the {worlds} worlds that were tried."
    ).format(design=words.quoted(str(top["design"])), count=count, worlds=all_worlds)


def risks(words: Words) -> list[Point]:
    """The three largest risks of the design that is explained, by the share of the gain or the futures at stake."""
    brief = words.brief
    if brief.explained is None:
        return []
    row = of_design(brief.designs, brief.explained)
    found = [*_own_risks(words, row), *_risks_of_others(words, row)]
    ranked = sorted(found, key=lambda pair: -pair[0])
    return [point for weight, point in ranked if weight > 0.0][:RISKS]


def _own_risks(words: Words, row: Row) -> list[tuple[float, Point]]:
    _, language = words._, words.language
    no, worse, gone = 1.0 - float(row["chance"]), float(row["worse"]), float(row["dissolved"])
    return [
        (
            no,
            Point(
                _("It is not founded"),
                _("In {share} of the futures the municipalities do not found it, and then nothing changes.").format(
                    share=language.percent(no)
                ),
            ),
        ),
        (
            worse,
            Point(
                _("It yields less than now"),
                _("In {share} of the futures it yields less than today's way of working does there.").format(
                    share=language.percent(worse)
                ),
            ),
        ),
        (
            gone,
            Point(
                _("It does not last"),
                _("In {share} of the futures in which it is founded, the municipalities dissolve it again.").format(
                    share=language.percent(gone)
                ),
            ),
        ),
    ]


def _risks_of_others(words: Words, row: Row) -> list[tuple[float, Point]]:
    """One that stays out, a world in which it does not hold, a municipality that loses."""
    _, language, brief = words._, words.language, words.brief
    found = []
    gain = float(row["gain"])
    missed = brief.absence.dropna(subset=["change"]) if len(brief.absence) else brief.absence
    if len(missed) and gain > 0.0:
        worst = lowest(missed, "change")
        if below_zero(worst["high"]):
            text = _("Without {who} the region yields {points} percentage points less than with all.").format(
                who=worst["who"], points=language.number(-100.0 * worst["change"])
            )
            weight = min(1.0, -float(worst["change"]) / gain)
            found.append((weight, Point(_("{who} stays out").format(who=worst["who"]), text)))
    worlds = brief.worlds[brief.worlds["design"] == brief.explained] if len(brief.worlds) else brief.worlds
    if len(worlds) and not worlds["holds"].all():
        worst = lowest(worlds, "gain")
        text = _(
            "In {count} of {worlds} worlds it does not clearly yield more than now; least of all in “{scenario}” "
            "with the undercurrent {level} ({points})."
        ).format(
            count=int((~worlds["holds"]).sum()),
            worlds=len(worlds),
            scenario=words.scenario(str(worst["scenario"])),
            level=words.level(str(worst["undercurrent"])),
            points=language.points(worst["gain"]),
        )
        found.append((float((~worlds["holds"]).mean()), Point(_("The world turns out otherwise"), text)))
    local = brief.municipalities[brief.municipalities["design"] == brief.explained]
    losers = local[local["high"].map(below_zero)]
    if len(losers):
        names = language.join(losers.sort_values("gain")["municipality"].astype(str))
        text = _("It yields less than now for {names}.").format(names=names)
        found.append((len(losers) / len(local), Point(_("Some municipalities lose"), text)))
    return found


def decisions(words: Words) -> list[Point]:
    """What can be decided now, as far as the numbers give it."""
    found = [_take_package(words), _move_the_vote(words), _bring_in(words), _watch(words)]
    return [point for point in found if point is not None]


def _take_package(words: Words) -> Point | None:
    found = smallest(words)
    if found is None:
        return None
    _, parts = words._, str(found["parts"]).split(";")
    text = _(
        "{measures}: {points} percentage points, in {better} of the futures more than now. Nothing is founded, but "
        "the municipalities must agree on it."
    )
    return Point(
        _("Start with the smallest package"),
        text.format(
            measures=capital(words.measures(parts)),
            points=words.language.points(found["gain"]),
            better=words.language.percent(found["better"]),
        ),
    )


def _move_the_vote(words: Words) -> Point | None:
    """The measure that raises the chance of founding most."""
    brief, _, language = words.brief, words._, words.language
    rows = brief.measures
    if rows.empty:
        return None
    mine = rows[(rows["design"] == brief.explained) & (rows["founding"] == "vote")].set_index("measure")["chance"]
    without = float(mine["none"])
    best = str(mine.drop("none").idxmax())
    if without >= 1.0 or round(float(mine[best]), 2) <= round(without, 2):
        return None
    text = _("With {measure} the chance that {design} is founded rises from {without} to {with_it}.").format(
        measure=words.inside(best),
        design=words.quoted(str(brief.explained)),
        without=language.percent(without),
        with_it=language.percent(float(mine[best])),
    )
    return Point(_("Help the vote"), text)


def _bring_in(words: Words) -> Point | None:
    """The municipality without which most is lost."""
    brief, _, language = words.brief, words._, words.language
    missed = brief.absence[brief.absence["kind"] == "municipality"] if len(brief.absence) else brief.absence
    missed = missed.dropna(subset=["change"]) if len(missed) else missed
    if missed.empty or not below_zero(missed["high"].min()):
        return None
    worst = lowest(missed, "change")
    text = _("Without {who} the region yields {points} percentage points less than with all.").format(
        who=worst["who"], points=language.number(-100.0 * worst["change"])
    )
    return Point(_("Make sure that {who} takes part").format(who=worst["who"]), text)


def _watch(words: Words) -> Point | None:
    """The first early sign."""
    if words.brief.signals.empty:
        return None
    return Point(words._("Agree on what to watch"), sign(words, rows_of(words.brief.signals)[0]))
