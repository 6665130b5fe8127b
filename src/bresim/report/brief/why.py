"""Page two in words: what each rule type contributes, the smallest package, and what to watch."""

from __future__ import annotations

import datetime

from bresim.analysis.comparison import above_zero, below_zero
from bresim.brief.advised import EXPLAINED, LATER, PACKAGE
from bresim.brief.rows import Row, highest, of_design
from bresim.brief.rows import rows as rows_of
from bresim.brief.signals import COUNTS, INDICATORS, WATCHED
from bresim.config.presets import LEVELS
from bresim.governance.schema import RULE_TYPES
from bresim.report.brief.words import Words, inside, tenths


def contribution(words: Words) -> str:
    """Which rule type contributes most, which costs something, and that they add up."""
    table, _, language = words.brief.rule_types, words._, words.language
    if table.empty:
        return ""
    ranked = table.sort_values("value", ascending=False)
    top, design = rows_of(ranked)[0], words.quoted(str(words.brief.explained))
    parts = [
        _("Of what {design} yields, most comes from {rule}: {points} percentage points.").format(
            design=design, rule=words.rule_type(str(top["rule_type"])), points=language.points(top["value"])
        )
        if above_zero(top["low"])
        else _("No kind of rules of {design} clearly adds anything.").format(design=design)
    ]
    costs = ranked[ranked["high"].map(below_zero)].sort_values("value")
    if len(costs):
        listed = language.join(
            f"{words.rule_type(str(row['rule_type']))} ({language.points(row['value'])})" for row in rows_of(costs)
        )
        parts.append(_("It would yield more without its rules on {listed}.").format(listed=listed))
    together = (
        _("The seven parts together are what it yields on top of the measures: {points}.")
        if words.measured
        else _("The seven parts together are its gain: {points}.")
    )
    parts.append(together.format(points=language.points(table["value"].sum())))
    return " ".join(parts)


def parts_of(row: Row) -> list[str]:
    """The changes of a package, measures first."""
    return sorted(str(row["parts"]).split(";"), key=lambda name: name in RULE_TYPES)


def package(words: Words) -> str:
    """The fewest changes that do as much as the whole design, without and with founding."""
    table, _, language = words.brief.packages, words._, words.language
    if table.empty:
        return ""
    best = table[table["place"] == 1]
    whole = float(of_design(words.brief.designs, words.brief.explained)["gain"])
    text = [_("Every combination of one to four changes was tried.")]
    for founded in (False, True):
        more = best[(best["gain"].map(tenths) >= tenths(whole)) & ((best["kind"] != "measures") == founded)]
        if len(more):
            text.append(_enough(words, highest(more[more["size"] == more["size"].min()], "gain"), whole, founded))
    if len(text) == 1:
        text.append(
            _("None of them yields as much as the whole design ({points}).").format(points=language.points(whole))
        )
    return " ".join(text)


def _enough(words: Words, row: Row, whole: float, founded: bool) -> str:
    """A package that does as much as the whole design."""
    language, names = words.language, parts_of(row)
    text = (
        language.ngettext(
            "With founding (chance {chance}): one change does {gain}, {listed}.",
            "With founding (chance {chance}): {count} changes do {gain}, {listed}.",
            len(names),
        )
        if founded
        else language.ngettext(
            "Without founding anything: one change does {gain}, the whole design {points}: {listed}.",
            "Without founding anything: {count} changes do {gain}, the whole design {points}: {listed}.",
            len(names),
        )
    )
    return text.format(
        count=language.numeral(len(names)),
        gain=language.points(row["gain"]),
        points=language.points(whole),
        chance=language.percent(row["chance"]),
        listed=language.join(inside(words.part(name)) for name in names),
    )


def _condition(words: Words, row: Row) -> str:
    """When an early sign shows, as the first half of a sentence."""
    _, language, limit = words._, words.language, float(row["threshold"])
    below, name = row["direction"] > 0, words.indicator(str(row["indicator"]))
    if row["indicator"] in COUNTS:
        if below and limit == 1.0:
            return _("If there are no {indicator} in the first two years").format(indicator=name)
        text = (
            _("If there are fewer than {limit} {indicator} in the first two years")
            if below
            else _("If there are more than {limit} {indicator} in the first two years")
        )
        return text.format(limit=language.number(limit, 0), indicator=name)
    texts = {
        (True, True): _("If {indicator} falls by more than {limit} percentage points in the first two years"),
        (True, False): _("If {indicator} rises by less than {limit} percentage points in the first two years"),
        (False, True): _("If {indicator} falls by less than {limit} percentage points in the first two years"),
        (False, False): _("If {indicator} rises by more than {limit} percentage points in the first two years"),
    }
    return texts[below, tenths(limit) < 0.0].format(indicator=name, limit=language.number(abs(100.0 * limit)))


def sign(words: Words, row: Row) -> str:
    """One early sign, and what then."""
    _, language = words._, words.language
    text = _("{condition}, it ends badly in {bad} of the futures, else in {otherwise}.").format(
        condition=_condition(words, row),
        bad=language.percent(row["bad_flagged"]),
        otherwise=language.percent(row["bad_otherwise"]),
    )
    if isinstance(row["measure"], str):
        text += " " + _(
            "In those futures {measure} adds most if it is taken from the start: {points} percentage points."
        ).format(measure=words.inside(str(row["measure"])), points=language.points(row["remedy"]))
    return text


def signs(words: Words) -> list[str]:
    """What to watch in the first two years."""
    table, _ = words.brief.signals, words._
    if words.brief.explained is None:
        return []
    if table.empty:
        return [
            _(
                "None of these, read after the first {quarters} quarters, tells reliably whether {design} ends well: "
                "{indicators}."
            ).format(
                quarters=WATCHED,
                design=words.quoted(str(words.brief.explained)),
                indicators=words.language.join(words.indicator(name) for name in INDICATORS),
            )
        ]
    return [sign(words, row) for row in rows_of(table)]


def stronger_undercurrent(words: Words) -> str:
    """Why the design gains more where the undercurrent is strong; nothing where it does not clearly do so."""
    table, _, language = words.brief.worlds, words._, words.language
    scenario = words.brief.config.scenario.get("name")
    mine = table[(table["scenario"] == scenario) & (table["design"] == words.brief.explained)]
    ends = [rows_of(mine[mine["undercurrent"] == level]) for level in (LEVELS[0], LEVELS[-1])]
    if not all(ends):
        return ""
    without, strong = ends[0][0], ends[1][0]
    grows = tenths(strong["low"]) > tenths(without["high"])
    falls = round(strong["today"], 3) < round(without["today"], 3)
    if not (grows and falls):
        return ""
    return _(
        "With a strong undercurrent {design} gains more ({strong}) than without one ({without}). That is because "
        "today's way of working suffers more from it: it then realises {low} instead of {high} of what is attainable, "
        "and {design} {own_low} instead of {own_high}."
    ).format(
        design=words.quoted(str(words.brief.explained)),
        strong=language.points(strong["gain"]),
        without=language.points(without["gain"]),
        low=language.percent(strong["today"], 1),
        high=language.percent(without["today"], 1),
        own_low=language.percent(strong["today"] + strong["gain"], 1),
        own_high=language.percent(without["today"] + without["gain"], 1),
    )


def voting_rule(words: Words) -> str:
    """How many municipalities must say yes to the design that is explained, and how likely each is to do so."""
    votes, _, language = words.brief.votes, words._, words.language
    if words.brief.explained is None:
        return ""
    row = of_design(words.brief.designs, words.brief.explained)
    mine = votes[votes["design"] == words.brief.explained] if len(votes) else votes
    if not row["quota"] or not len(mine):
        return ""
    told = _(
        "Every municipality votes by itself. To found {design}, {quota} of them must say yes; in the first vote each "
        "does so with a chance of {low} to {high}. What happens in the region moves all of them, so they tend to say "
        "yes in the same futures; and what is refused is put to the vote again. In the end it is founded in {chance} "
        "of the futures."
    ).format(
        design=words.quoted(words.brief.explained),
        quota=language.percent(row["quota"]),
        low=language.percent(mine["chance"].min()),
        high=language.percent(mine["chance"].max()),
        chance=language.percent(row["chance"]),
    )
    return f"{told} {moves_most(words)}".strip()


def moves_most(words: Words) -> str:
    """Which measure moves most municipalities, and by how much together; nothing if none moves any."""
    votes, language = words.brief.votes, words.language
    mine = votes[(votes["design"] == words.brief.explained)]
    moved = mine.dropna(subset=["with_measure"])
    if moved.empty:
        return ""
    measures = moved["measure"].value_counts()
    then = mine["with_measure"].fillna(mine["chance"])
    return words._(
        "For {count} of the {all} municipalities {measure} would move it most; if each had the measure that moves it "
        "most, the mean chance of a yes would be {then} instead of {now}."
    ).format(
        measure=words.inside(str(measures.index[0])),
        count=int(measures.iloc[0]),
        all=len(mine),
        then=language.percent(then.mean()),
        now=language.percent(mine["chance"].mean()),
    )


def late(words: Words, today: datetime.date) -> str:
    """That the designs begin before the day on which the brief is made; nothing if they do not."""
    year, quarter = words.brief.config.time.policy_start.split("-Q")
    if datetime.date(int(year), 3 * int(quarter) - 2, 1) > today:
        return ""
    text = words._(
        "Everything was simulated as if it began in {start}. What begins later has less time until the end of {end}."
    ).format(start=words.start, end=words.end)
    return f"{text} {begun_later(words)}".strip()


def begun_later(words: Words) -> str:
    """What is left of the gains if everything begins later; nothing if that was not simulated."""
    table, _, points = words.brief.later, words._, words.language.points
    if table.empty:
        return ""
    left = table.set_index("what")["gain"]
    year = words.brief.config.time.dates[words.brief.config.policy_quarter + LATER][:4]
    text = (
        _("Begun in {year}, {design} if founded yields {gain}, and the package of measures {package}.")
        if PACKAGE in left.index
        else _("Begun in {year}, {design} if founded yields {gain}.")
    )
    return text.format(
        year=year,
        design=words.quoted(str(words.brief.explained)),
        gain=points(left[EXPLAINED]),
        package=points(left[PACKAGE]) if PACKAGE in left.index else "",
    )
