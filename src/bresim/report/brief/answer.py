"""Page one in words: the question, the answer in at most six sentences, three risks, and what can be decided now."""

from __future__ import annotations

from dataclasses import dataclass

from bresim.analysis.comparison import above_zero, below_zero, leaders
from bresim.brief.packages import autonomy
from bresim.brief.rows import Row, lowest, of_design
from bresim.brief.rows import rows as rows_of
from bresim.brief.runs import MEASURED
from bresim.common.text import capital
from bresim.conventions import HEADLINE, REFERENCE
from bresim.report.brief.why import sign
from bresim.report.brief.words import Words, tenths

#: Most sentences in the answer, and most risks.
SENTENCES, RISKS = 6, 3
#: So many designs are named that cannot be told apart from the best; of more only their number.
NAMED = 5
#: Least rise of the chance of founding (a share) that is called help.
HELPS = 0.05


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


def value_of(words: Words, design: str) -> float:
    """The value of a design if founded, a share of what is attainable."""
    rows = words.brief.summary
    mine = rows[(rows["outcome"] == HEADLINE) & (rows["design"] == design) & (rows["founding"] == "at_once")]
    return float(mine["mean"].iloc[0])


def clearly(row: Row, what: str = "gain") -> bool:
    """Whether a gain is above zero, also as it is shown."""
    return above_zero(row[f"{what}_low"])


def ways(words: Words) -> list[Row]:
    """The designs that can be founded, the highest gain first: not today's way with the measures of the job."""
    return [row for row in rows_of(words.brief.designs) if row["design"] != MEASURED]


def measured(words: Words) -> Row | None:
    """Today's way with the measures of the job; None without measures."""
    return next((row for row in rows_of(words.brief.designs) if row["design"] == MEASURED), None)


def leader(rows: list[Row], what: str = "gain") -> Row | None:
    """The row with the highest gain of those that clearly yield more than now; None if none does."""
    return max((row for row in rows if clearly(row, what)), key=lambda row: float(row[what]), default=None)


def is_most(row: Row, rows: list[Row], what: str = "gain") -> bool:
    """Whether a row yields more than each of the others, also as it is shown."""
    return all(tenths(row[what]) > tenths(other[what]) for other in rows if other is not row)


def answer(words: Words) -> list[str]:
    """At most six sentences."""
    _, language = words._, words.language
    base = _("If nothing changes, the region realises {value} of what is attainable by the end of {end}.").format(
        value=language.percent(value_of(words, REFERENCE), 1), end=words.end
    )
    if words.brief.designs.empty:
        return [base, _("Only the status quo was simulated, so there is nothing to compare it with.")]
    without = _measures_alone(words) or _package(words)
    sentences = [base, *_founded(words), *_decided(words), without, _worlds(words)]
    return [sentence for sentence in sentences if sentence][:SENTENCES]


def _measures_alone(words: Words) -> str:
    """What the measures of the job yield on today's way; nothing without measures."""
    _, language, row = words._, words.language, measured(words)
    if row is None:
        return ""
    if not clearly(row):
        return _("The measures of this brief alone, without founding anything, do not yield clearly more than now.")
    return _(
        "The measures of this brief alone, without founding anything, yield {points} percentage points (95% interval "
        "{low} to {high}); whether the municipalities agree on them, the model does not say."
    ).format(
        points=language.points(row["gain"]),
        low=language.points(row["gain_low"]),
        high=language.points(row["gain_high"]),
    )


def _founded(words: Words) -> list[str]:
    """What yields most if it is founded, and what it takes."""
    _, language, rows = words._, words.language, ways(words)
    top = leader(rows)
    if not rows:
        return []
    if top is None:
        return [_("Even once it is founded, no way of working together yields clearly more than now.")]
    text = (
        _("Once founded, {design} yields most: {points} percentage points (95% interval {low} to {high}).")
        if len(rows) > 1 and is_most(top, rows)
        else _("Once founded, {design} yields {points} percentage points (95% interval {low} to {high}).")
    ).format(
        design=words.quoted(str(top["design"])),
        points=language.points(top["gain"]),
        low=language.points(top["gain_low"]),
        high=language.points(top["gain_high"]),
    )
    text = _tied(text, words, top, "at_once")
    if top["chance"] == 1.0:
        return [text, _("It needs no vote of the municipalities or always gets it.")]
    if not top["quota"]:
        backed = _(
            "The municipalities do not vote on it; the provincial council backs it in {chance} of the futures, so that "
            "as decided it yields {points} on average."
        )
        return [text, backed.format(chance=language.percent(top["chance"]), points=language.points(top["decided"]))]
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
    _, language, rows, alone = words._, words.language, ways(words), measured(words)
    if len(rows) < 2:
        return []
    best = leader(rows, "decided")
    if best is None:
        return [_("As the municipalities decide, no way of working together yields clearly more than now.")]
    if alone is not None and tenths(alone["decided"]) > tenths(best["decided"]):
        return [_("As the municipalities decide, no way of working together yields more than the measures alone do.")]
    most, told = is_most(best, rows, "decided"), leader(rows)
    if told is not None and best["design"] == told["design"]:
        return [_("As the municipalities decide, that one yields most, too.")] if most else []
    text = (
        _(
            "As the municipalities decide, {design} yields most: {points} on average, founded in {chance} of the "
            "futures."
        )
        if most
        else _("As the municipalities decide, {design} yields {points} on average, founded in {chance} of the futures.")
    )
    text = text.format(
        design=words.quoted(str(best["design"])),
        points=language.points(best["decided"]),
        chance=language.percent(best["chance"]),
    )
    return [_tied(text, words, best, "vote")]


def _tied(text: str, words: Words, top: Row, founding: str) -> str:
    """The sentence with which designs cannot be told apart from the one that yields most, if any."""
    _, language, runs = words._, words.language, words.brief.runs
    mine = runs[(runs["founding"] == founding) & runs["design"].isin([row["design"] for row in ways(words)])]
    others = [words.quoted(name) for name in leaders(mine.astype({"design": str})) if name != top["design"]]
    if not others:
        return text
    few = len(others) <= NAMED
    listed = language.join(others) if few else _("{count} others").format(count=language.numeral(len(others)))
    return text.removesuffix(".") + " " + _("(not to be told apart from {others}).").format(others=listed)


def _package(words: Words) -> str:
    """What can be had without founding anything."""
    found = words.brief.recommended
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
    """In how many worlds the best design holds, and where least."""
    _, brief, top = words._, words.brief, leader(ways(words))
    if top is None or not top["worlds"]:
        return ""
    mine = brief.worlds[brief.worlds["design"] == top["design"]]
    if mine.empty:
        return ""
    least = lowest(mine, "gain")
    text = (
        _("Once founded, {design} yields clearly more than now in all {worlds} worlds that were tried")
        if top["holds"] == top["worlds"]
        else _("Once founded, {design} yields clearly more than now in {count} of the {worlds} worlds that were tried")
    )
    more = _("{text}; least in “{scenario}” with the undercurrent {level} ({points}).")
    told = more.format(
        text=text.format(design=words.quoted(str(top["design"])), count=int(top["holds"]), worlds=int(top["worlds"])),
        scenario=words.scenario(str(least["scenario"])),
        level=words.level(str(least["undercurrent"])),
        points=words.language.points(least["gain"]),
    )
    return told.removesuffix(".") + package_holds(words) + "."


def package_holds(words: Words) -> str:
    """In how many worlds the recommended package holds, as the end of a sentence."""
    table, _ = words.brief.package_worlds, words._
    if table.empty:
        return ""
    text = (
        _("; so does the package of measures, in all of them")
        if table["holds"].all()
        else _("; the package of measures does so in {count} of them")
    )
    return text.format(count=int(table["holds"].sum()))


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
    no, bad = 1.0 - float(row["chance"]), float(row["bad"])
    refused = (
        _("In {share} of the futures the municipalities do not found it, and then nothing changes.")
        if not words.measured
        else _("In {share} of the futures the municipalities do not found it, and then only the measures are left.")
    )
    return [
        (
            no,
            Point(_("It is not founded"), refused.format(share=language.percent(no))),
        ),
        (
            bad,
            Point(
                _("It ends badly"),
                _(
                    "Once founded, it ends badly in {share} of the futures: the municipalities dissolve it ({gone}), "
                    "or it yields less than half of its average gain."
                ).format(share=language.percent(bad), gone=language.percent(row["dissolved"])),
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
            text = _(
                "Without {who} the region yields {points} percentage points less than with all: {left} compared with "
                "now is left."
            ).format(
                who=worst["who"],
                points=language.number(-100.0 * worst["change"]),
                left=language.points(gain + float(worst["change"])),
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
    found = words.brief.recommended
    if found is None:
        return None
    _, language, parts = words._, words.language, str(found["parts"]).split(";")
    text = _(
        "{measures}: {points} percentage points (in 90% of the futures {low} to {high}). It takes {fte} fte a year "
        "more of all municipalities together, and the autonomy that they give up goes from {today} to {autonomy}. "
        "Nothing is founded, but the municipalities must agree on it."
    ).format(
        measures=capital(words.measures(parts)),
        points=language.points(found["gain"]),
        low=language.points(found["spread_low"]),
        high=language.points(found["spread_high"]),
        fte=language.number(found["fte"], 0),
        today=language.percent(autonomy(words.of_design(REFERENCE))),
        autonomy=language.percent(found["autonomy"]),
    )
    return Point(_("Agree on a package of measures"), f"{text} {_worth(words, found)}".strip())


def _worth(words: Words, package: Row) -> str:
    """From which chance of an agreement the package is worth more than the best design as decided."""
    best = leader(ways(words), "decided")
    if best is None or not 0.0 < best["decided"] < package["gain"]:
        return ""
    return words._(
        "If the chance that they agree is above {chance}, it yields more on average than {design} as decided "
        "({points})."
    ).format(
        chance=words.language.percent(best["decided"] / package["gain"]),
        design=words.quoted(str(best["design"])),
        points=words.language.points(best["decided"]),
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
    if without >= 1.0 or without >= float(mine[best]):
        return None
    helps = float(mine[best]) >= without + HELPS
    text = (
        _("With {measure} the chance that {design} is founded rises from {without} to {with_it}.")
        if helps
        else _(
            "No measure helps much: with {measure} the chance that {design} is founded rises from {without} to "
            "{with_it}."
        )
    )
    told = text.format(
        measure=words.inside(best),
        design=words.quoted(str(brief.explained)),
        without=language.percent(without),
        with_it=language.percent(float(mine[best])),
    )
    return Point(_("Help the vote") if helps else _("Do not count on a measure to win the vote"), told)


def _bring_in(words: Words) -> Point | None:
    """The municipality without which most is lost."""
    brief, _, language = words.brief, words._, words.language
    missed = brief.absence[brief.absence["kind"] == "municipality"] if len(brief.absence) else brief.absence
    missed = missed.dropna(subset=["change"]) if len(missed) else missed
    if missed.empty or not below_zero(missed["high"].min()):
        return None
    worst = lowest(missed, "change")
    design = words.quoted(str(brief.explained))
    text = _("Without {who} in {design} the region yields {points} percentage points less than with all.").format(
        who=worst["who"], design=design, points=language.number(-100.0 * worst["change"])
    )
    title = _("If {design} is founded: make sure that {who} takes part")
    return Point(title.format(design=design, who=worst["who"]), text)


def _watch(words: Words) -> Point | None:
    """The first early sign."""
    if words.brief.signals.empty:
        return None
    return Point(words._("Agree on what to watch"), sign(words, rows_of(words.brief.signals)[0]))
