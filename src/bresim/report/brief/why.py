"""Page two in words: what each rule type contributes, the smallest package, and what to watch."""

from __future__ import annotations

from bresim.analysis.comparison import above_zero, below_zero
from bresim.brief.rows import Row, of_design
from bresim.brief.rows import rows as rows_of
from bresim.brief.signals import COUNTS, WATCHED
from bresim.common.text import capital
from bresim.report.brief.words import Words


def contribution(words: Words) -> str:
    """Which rule type contributes most, which costs something, and that they add up."""
    table, _, language = words.brief.rule_types, words._, words.language
    if table.empty:
        return ""
    ranked = table.sort_values("value", ascending=False)
    top = rows_of(ranked)[0]
    parts = [
        _("Of what {design} yields, most comes from {rule}: {points} percentage points.").format(
            design=words.quoted(str(words.brief.explained)),
            rule=words.rule_type(str(top["rule_type"])),
            points=language.points(top["value"]),
        )
    ]
    costs = ranked[ranked["high"].map(below_zero)].sort_values("value")
    if len(costs):
        listed = language.join(
            f"{words.rule_type(str(row['rule_type']))} ({language.points(row['value'])})" for row in rows_of(costs)
        )
        parts.append(_("It would yield more without its rules on {listed}.").format(listed=listed))
    parts.append(
        _("The seven parts together are its gain: {points}.").format(points=language.points(table["value"].sum()))
    )
    return " ".join(parts)


def package(words: Words) -> str:
    """How the best packages compare with the whole design."""
    table, _, language = words.brief.packages, words._, words.language
    if table.empty:
        return ""
    best = table[table["place"] == 1]
    whole = float(of_design(words.brief.designs, words.brief.explained)["gain"])
    more = best[(best["gain"] - whole).map(above_zero)].sort_values("size")
    text = _("Every combination of one to four changes was tried.")
    if more.empty:
        return f"{text} " + _("None of them yields more than the whole design ({points}).").format(
            points=language.points(whole)
        )
    first = rows_of(more)[0]
    names = str(first["parts"]).split(";")
    is_measures = first["kind"] == "measures"
    listed = words.measures(names) if is_measures else language.join(words.rule_type(name) for name in names)
    more_text = (
        _(
            "{count} measures on today's way of working ({listed}) already yield more ({gain}) than the whole design "
            "({points})."
        )
        if is_measures
        else _("Of {design} only its rules on {listed} already yield more ({gain}) than the whole design ({points}).")
    )
    return f"{text} " + capital(
        more_text.format(
            count=language.numeral(len(names)),
            design=words.quoted(str(words.brief.explained)),
            listed=listed,
            gain=language.points(first["gain"]),
            points=language.points(whole),
        )
    )


def sign(words: Words, row: Row) -> str:
    """One early sign, and what then."""
    _, language, name = words._, words.language, str(row["indicator"])
    if name in COUNTS:
        texts = (
            _("If there are fewer than {limit} {indicator} in the first two years, it ends badly in {bad} of the "
              "futures, "
              "else in {otherwise}."),
            _("If there are more than {limit} {indicator} in the first two years, it ends badly in {bad} of the "
              "futures, "
              "else in {otherwise}."),
        )  # fmt: skip
        limit = language.number(row["threshold"], 0)
    else:
        texts = (
            _("If {indicator} changes by less than {limit} percentage points in the first two years, it ends "
              "badly in {bad} "
              "of the futures, else in {otherwise}."),
            _("If {indicator} changes by more than {limit} percentage points in the first two years, it ends "
              "badly in {bad} "
              "of the futures, else in {otherwise}."),
        )  # fmt: skip
        limit = language.points(row["threshold"])
    text = texts[0 if row["direction"] > 0 else 1].format(
        indicator=words.indicator(name),
        limit=limit,
        bad=language.percent(row["bad_flagged"]),
        otherwise=language.percent(row["bad_otherwise"]),
    )
    if isinstance(row["measure"], str):
        text += " " + _("In those futures {measure} adds most: {points} if it is taken from the start.").format(
            measure=words.inside(str(row["measure"])), points=language.points(row["remedy"])
        )
    return text


def signs(words: Words) -> list[str]:
    """What to watch in the first two years."""
    table, _ = words.brief.signals, words._
    if words.brief.explained is None:
        return []
    if table.empty:
        return [
            _("No indicator of the first {quarters} quarters tells reliably whether {design} ends well.").format(
                quarters=WATCHED, design=words.quoted(str(words.brief.explained))
            )
        ]
    return [sign(words, row) for row in rows_of(table)]
