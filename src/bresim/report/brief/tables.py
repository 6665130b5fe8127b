"""The sheets of the brief, from its tables."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from bresim.brief.absence import LEFT_OUT, NEEDED, NOT_IN
from bresim.brief.designs import first_year
from bresim.brief.rows import Row
from bresim.brief.rows import rows as rows_of
from bresim.brief.runs import FTE, PURPOSES
from bresim.brief.signals import COUNTS
from bresim.conventions import REFERENCE
from bresim.report.brief.sheets import Cell, Heading, Sheet
from bresim.report.brief.words import Words

Rows = tuple[tuple[Cell, ...], ...]


def _number(value: object) -> float | None:
    return None if value is None or value != value else float(value)  # type: ignore[arg-type]


def designs(words: Words) -> Sheet:
    """Page one's table."""
    _, table = words._, words.brief.designs
    with_worlds = bool(len(table)) and bool(table["worlds"].max())
    headings = [
        Heading(_("Way of working together")),
        Heading(_("If founded"), "points", "sum"),
        Heading(_("95% interval"), "span", "range"),
        Heading(_("In 90% of the futures"), "span", "range"),
        Heading(_("Must say yes"), "share"),
        Heading(_("Chance that it is founded"), "share"),
        Heading(_("When (median)"), "text", "word"),
        Heading(_("As decided"), "points", "sum"),
        Heading(_("First result"), "year"),
        Heading(_("Staff (fte)"), "count"),
        *([Heading(_("Holds in worlds"))] if with_worlds else []),
    ]
    rows: list[tuple[Cell, ...]] = []
    for row in rows_of(table):
        holds = _("{count} of {worlds}").format(count=row["holds"], worlds=row["worlds"])
        quarter = row["quarter"]
        rows.append(
            (
                words.design(row["design"]),
                row["gain"],
                (row["gain_low"], row["gain_high"]),
                (row["spread_low"], row["spread_high"]),
                row["quota"] or None,
                row["chance"],
                words.language.quarter(quarter, short=True) if isinstance(quarter, str) else None,
                row["decided"],
                _number(row["first_year"]),
                row["fte"],
                *([holds] if with_worlds else []),
            )
        )
    note = _(
        "Gain compared with today's way of working by the end of {end}, in percentage points of what is attainable. "
        "“If founded”: founded at the start of {start}, without a vote; its first result is the year by which half "
        "of the futures have completed a first regional initiative{today}. “As decided”: the municipalities vote (a "
        "dash: no vote is needed); where they do not found it, {otherwise}. “Staff”: what all municipalities "
        "together put into meetings, a bureau and execution each year, if founded{staff}."
    ).format(
        end=words.end, start=words.start, today=_first_today(words), staff=_staff_today(words),
        otherwise=_("only the measures are left") if words.measured else _("nothing changes"),
    )  # fmt: skip
    if words.measured:
        note += " " + _("Every row has the measures of this brief; today's way of working has none.")
    if with_worlds:
        note += " " + _("“Holds”: clearly more than now, if founded, in that many worlds.")
    return Sheet("designs", _("The ways of working together beside each other"), note, tuple(headings), tuple(rows))


def _first_today(words: Words) -> str:
    """When that is if nothing changes, to compare with."""
    runs = words.brief.runs
    mine = runs[(runs["design"] == REFERENCE) & (runs["founding"] == "at_once")]
    year = first_year(mine["quarters_to_first_result"], words.brief.config)
    return words._(" (if nothing changes: {year})").format(year=int(year)) if np.isfinite(year) else ""


def _staff_today(words: Words) -> str:
    """How much staff that is if nothing changes."""
    staff = words.brief.staff
    mine = staff.loc[(staff["design"] == REFERENCE) & (staff["founding"] == "at_once"), FTE]
    return words._(" (if nothing changes: {fte} fte)").format(fte=words.language.number(float(mine.mean()), 0))


def years(words: Words) -> Sheet:
    """The gain of every design at the end of every year, founded and as decided."""
    _, table = words._, words.brief.years
    wide = {(row["design"], row["year"], row["founding"]): row for row in rows_of(table)}
    rows = tuple(
        (
            words.design(design),
            float(year),
            wide[design, year, "at_once"]["gain"],
            (wide[design, year, "at_once"]["low"], wide[design, year, "at_once"]["high"]),
            wide[design, year, "vote"]["gain"],
            (wide[design, year, "vote"]["low"], wide[design, year, "vote"]["high"]),
        )
        for design in words.brief.designs["design"]
        for year in dict.fromkeys(table["year"])
    )
    headings = (
        Heading(_("Way of working together")), Heading(_("Year"), "year"), Heading(_("If founded"), "points", "sum"),
        Heading(_("95% interval"), "span", "range"), Heading(_("As decided"), "points"),
        Heading(_("95% interval as decided"), "span", "range"),
    )  # fmt: skip
    note = _("Gain compared with today's way of working at the end of each year, in percentage points.")
    return Sheet("years", _("Gain year by year"), note, headings, rows)


def rule_types(words: Words) -> Sheet:
    """What each rule type contributes."""
    _, table = words._, words.brief.rule_types
    rows = tuple(
        (words.rule_type(row["rule_type"]), row["value"], (row["low"], row["high"]), row["fte"])
        for row in rows_of(table.sort_values("value", ascending=False))
    )
    note = _(
        "What each of the seven kinds of rules adds to the gain of {design} if founded, in percentage points: the "
        "mean over all orders in which they could be taken over (Shapley value; all 128 combinations were simulated)."
    ).format(design=words.quoted(str(words.brief.explained)))
    headings = (
        Heading(_("Rules on")),
        Heading(_("Contribution"), "points", "sum"),
        Heading(_("95% interval"), "span", "range"),
        Heading(_("Extra staff (fte)"), "number"),
    )
    return Sheet("rule_types", _("What each kind of rules contributes"), note, headings, rows)


def package_parts(words: Words, parts: str) -> str:
    """What is in a package."""
    return " + ".join(words.part(name) for name in parts.split(";"))


def package_kind(words: Words, kind: str) -> str:
    """Whether something is founded for a package."""
    _ = words._
    return {
        "measures": _("nothing founded"),
        "rule_types": _("rules, founded"),
        "mixed": _("rules and measures, founded"),
    }[kind]


def founded_or_not(table: pd.DataFrame) -> pd.DataFrame:
    """Of each size the two best packages without founding anything, and the two best with it."""
    marked = table.assign(founded=table["kind"] != "measures")
    ranked = marked.sort_values(["size", "founded", "gain"], ascending=[True, True, False], kind="stable")
    best = ranked.groupby(["size", "founded"], sort=False).head(2).copy()
    best["place"] = best.groupby(["size", "founded"], sort=False).cumcount() + 1
    return best


def best_packages(words: Words) -> Sheet:
    """The page's own form of :func:`packages`: only whether something is founded counts."""
    return packages(words, founded_or_not(words.brief.packages))


def packages(words: Words, chosen: pd.DataFrame | None = None) -> Sheet:
    """The best packages and their runners-up; ``chosen``: some of them."""
    _, table = words._, words.brief.packages if chosen is None else chosen
    place = {1: _("best"), 2: _("second best")}
    rows = tuple(
        (
            package_parts(words, row["parts"]),
            package_kind(words, row["kind"]),
            float(row["size"]),
            place[row["place"]],
            row["gain"],
            (row["low"], row["high"]),
            row["better"],
            row["chance"],
            row["autonomy"],
            row["fte"],
        )
        for row in rows_of(table)
    )
    note = _(
        "Rules are taken over from {design}. The best and the second-best package of each size, of all that are "
        "possible. Gain compared with today's way of working. “Autonomy given up”: 0% is none, 100% is fully bound, "
        "with a full pool and full provincial steering. Whether the municipalities agree on measures is not part of "
        "the model."
    ).format(design=words.quoted(str(words.brief.explained)))
    headings = (
        Heading(_("Package")), Heading(_("Kind")), Heading(_("Changes"), "count"), Heading(_("Place")),
        Heading(_("Gain"), "points", "sum"), Heading(_("95% interval"), "span", "range"),
        Heading(_("Better than now in"), "share"), Heading(_("Chance that it is founded"), "share"),
        Heading(_("Autonomy given up"), "share"), Heading(_("Extra staff (fte)"), "number"),
    )  # fmt: skip
    return Sheet("packages", _("The smallest package"), note, headings, rows)


def signals(words: Words) -> Sheet:
    """The early signs."""
    _, table = words._, words.brief.signals
    sides = {1: _("below"), -1: _("above")}
    rows = tuple(
        (
            words.indicator(row["indicator"]),
            sides[row["direction"]],
            row["threshold"] if row["indicator"] in COUNTS else 100.0 * row["threshold"],
            _("times") if row["indicator"] in COUNTS else _("percentage points"),
            row["flagged"],
            row["bad_flagged"],
            row["bad_otherwise"],
            words.measure(row["measure"]) if isinstance(row["measure"], str) else None,
            _number(row["remedy"]),
            (row["remedy_low"], row["remedy_high"]) if np.isfinite(row["remedy_low"]) else None,
        )
        for row in rows_of(table)
    )
    note = _(
        "The first two years, if {design} is founded: changes in percentage points, or how often something happened. "
        "“Ends badly”: dissolved, or in the end less than today's way of working realises on average. Thresholds "
        "were chosen in one half of the parameter sets; the shares are of the other half."
    ).format(design=words.quoted(str(words.brief.explained)))
    headings = (
        Heading(_("Indicator")), Heading(_("Side")), Heading(_("Threshold"), "plain"),
        Heading(_("Unit"), "text", "word"), Heading(_("Occurs in"), "share"),
        Heading(_("Ends badly then"), "share"), Heading(_("Ends badly otherwise"), "share"),
        Heading(_("Helps most then")), Heading(_("Adds"), "points", "sum"), Heading(_("95% interval"), "span", "range"),
    )  # fmt: skip
    return Sheet("signals", _("What to watch in the first two years"), note, headings, rows)


def worlds(words: Words) -> Sheet:
    """Designs × worlds, in long form: a row a world and design."""
    _, table = words._, words.brief.worlds
    said = {True: _("yes"), False: _("no")}
    rows = tuple(
        (
            words.design(row["design"]),
            words.scenario(row["scenario"]),
            words.level(row["undercurrent"]),
            row["gain"],
            (row["low"], row["high"]),
            float(row["rank"]),
            said[bool(row["holds"])],
        )
        for row in rows_of(table)
    )
    note = _(
        "Gain if founded compared with today's way of working in the same world. A world is a scenario with a level "
        "of the undercurrent. A design holds in a world if its 95% interval lies above zero. The world of this brief "
        "has all its futures, each other world one future of every parameter set."
    )
    headings = (
        Heading(_("Way of working together")), Heading(_("Scenario")), Heading(_("Undercurrent")),
        Heading(_("Gain"), "points", "sum"), Heading(_("95% interval"), "span", "range"), Heading(_("Rank"), "count"),
        Heading(_("Holds")),
    )  # fmt: skip
    return Sheet("worlds", _("In which worlds it holds"), note, headings, rows)


def world_matrix(words: Words) -> Sheet:
    """Designs × worlds: each cell the gain; the page's own form of :func:`worlds`."""
    _, table = words._, words.brief.worlds
    keys = list(dict.fromkeys(zip(table["scenario"], table["undercurrent"], strict=True)))
    ranked = list(words.brief.designs["design"])
    wide = table.set_index(["scenario", "undercurrent", "design"])["gain"]
    rows: list[tuple[Cell, ...]] = []
    for scenario, level in keys:
        label = _("{scenario}, undercurrent {level}").format(
            scenario=words.scenario(scenario), level=words.level(level)
        )
        rows.append((label, *(float(wide[scenario, level, design]) for design in ranked)))
    headings = (Heading(_("World")), *(Heading(words.design(design), "points") for design in ranked))
    return Sheet("world_matrix", _("Gain in every world"), worlds(words).note, headings, tuple(rows))


def measures(words: Words) -> Sheet:
    """Measures × designs: gain against today's way without measures, if founded; what it does to founding."""
    _, table = words._, words.brief.measures
    ranked = [REFERENCE, *words.brief.designs["design"]]
    founded, voted = (
        {(row["measure"], row["design"]): row for row in rows_of(table[table["founding"] == founding])}
        for founding in ("at_once", "vote")
    )
    rows: list[tuple[Cell, ...]] = []
    for measure in dict.fromkeys(table["measure"]):
        for design in ranked:
            row, decided = founded[measure, design], voted[measure, design]
            rows.append(
                (words.design(design), words.measure(measure), row["gain"], (row["low"], row["high"]), row["effect"],
                 (row["effect_low"], row["effect_high"]), decided["chance"], decided["gain"])
            )  # fmt: skip
    note = _(
        "Each measure at full strength, one at a time. Gain compared with today's way of working without measures; "
        "“what the measure adds”: compared with the same way of working without it."
    )
    headings = (
        Heading(_("Way of working together")), Heading(_("Measure")), Heading(_("Gain if founded"), "points", "sum"),
        Heading(_("95% interval"), "span", "range"), Heading(_("What the measure adds"), "points"),
        Heading(_("95% interval of that"), "span", "range"), Heading(_("Chance that it is founded"), "share"),
        Heading(_("Gain as decided"), "points"),
    )  # fmt: skip
    return Sheet("measures", _("Measures"), note, headings, tuple(rows))


def measure_matrix(words: Words) -> Sheet:
    """Measures × designs, gain if founded: the page's own form of :func:`measures`."""
    _, table = words._, words.brief.measures
    ranked = [REFERENCE, *words.brief.designs["design"]]
    wide = table[table["founding"] == "at_once"].set_index(["measure", "design"])["gain"]
    rows: Rows = tuple(
        (words.measure(measure), *(float(wide[measure, design]) for design in ranked))
        for measure in dict.fromkeys(table["measure"])
    )
    headings = (Heading(_("Measure")), *(Heading(words.design(design), "points") for design in ranked))
    return Sheet("measure_matrix", _("Gain with each measure, if founded"), measures(words).note, headings, rows)


def votes(words: Words) -> Sheet:
    """Who says yes or no to founding, and why."""
    _, table = words._, words.brief.votes
    rows = tuple(
        (
            words.design(row["design"]),
            row["municipality"],
            row["chance"],
            words.reason_against(row["against"]) if isinstance(row["against"], str) else None,
            words.reason(row["for"]) if isinstance(row["for"], str) else None,
            words.measure(row["measure"]) if isinstance(row["measure"], str) else None,
            _number(row["with_measure"]),
        )
        for row in rows_of(table)
    )
    note = _(
        "The first vote on founding, mean over the futures. “Most against” and “most for”: the strongest reason of "
        "the municipality. “Would move it”: the measure with which its chance of a yes is largest."
    )
    headings = (
        Heading(_("Way of working together")), Heading(_("Municipality")),
        Heading(_("Chance of a yes"), "share", "sum"), Heading(_("Most against")), Heading(_("Most for")),
        Heading(_("Would move it")), Heading(_("Chance then"), "share"),
    )  # fmt: skip
    return Sheet("votes", _("Who votes no, and what would move it"), note, headings, rows)


def absence(words: Words) -> Sheet:
    """What if one stays out."""
    _, table = words._, words.brief.absence
    kinds = {"subregion": _("subregion"), "municipality": _("municipality")}
    said = {LEFT_OUT: _("simulated"), NOT_IN: _("is not in it anyway"), NEEDED: _("cannot be missed")}
    rows = tuple(
        (
            row["who"],
            kinds[row["kind"]],
            said[row["status"]],
            _number(row["change"]),
            (row["low"], row["high"]) if np.isfinite(row["low"]) else None,
            _number(row["chance"]),
        )
        for row in rows_of(table)
    )
    note = _(
        "What the region's value changes if they do not take part in {design}, compared with all taking part, if "
        "founded."
    ).format(design=words.quoted(str(words.brief.explained)))
    headings = (
        Heading(_("Stays out")), Heading(_("Kind")), Heading(_("In this design")),
        Heading(_("Change for the region"), "points", "sum"),
        Heading(_("95% interval"), "span", "range"), Heading(_("Chance that it is founded"), "share"),
    )  # fmt: skip
    return Sheet("absence", _("What if one stays out"), note, headings, rows)


def municipalities(words: Words) -> Sheet:
    """Every municipality under every design."""
    _, table = words._, words.brief.municipalities
    headings = (
        Heading(_("Municipality")), Heading(_("Way of working together")), *_local_headings(words)
    )  # fmt: skip
    rows = tuple((row["municipality"], words.design(row["design"]), *_local_cells(row)) for row in rows_of(table))
    return Sheet("municipalities", _("Every municipality"), _local_note(words), headings, rows)


def _local_note(words: Words) -> str:
    """What the columns of a municipality mean."""
    return words._(
        "If founded; means over the futures. Gain: percentage points of what is attainable in the municipality, by "
        "the end of {end}. Trust and load: from 0% to 100%; load is the share of its staff that standing "
        "collaborations and meetings take. Agreements and promises: from the start of {start} to the end of {end}. "
        "Staff: fte a year for meetings, a bureau and execution."
    ).format(start=words.start, end=words.end)


def _local_headings(words: Words) -> tuple[Heading, ...]:
    _ = words._
    return (
        Heading(_("Realised in the municipality"), "tenths"), Heading(_("Gain"), "points", "sum"),
        Heading(_("95% interval"), "span", "range"), Heading(_("Trust given"), "share"),
        Heading(_("Trust received"), "share"), Heading(_("Agreements signed"), "number"),
        Heading(_("Promises due"), "number"), Heading(_("Promises kept"), "share"), Heading(_("Load"), "share"),
        Heading(_("Staff (fte)"), "number"),
    )  # fmt: skip


def _local_cells(row: Row) -> tuple[Cell, ...]:
    due = float(row["pledges"])
    kept = 1.0 - (float(row["delays"]) + float(row["defaults"])) / due if due else None
    return (
        row["value"], row["gain"], (row["low"], row["high"]), row["trust_given"], row["trust_received"],
        row["agreements"], due, kept, row["load"], sum(row[f"fte_{purpose}"] for purpose in PURPOSES),
    )  # fmt: skip


def municipality(words: Words, name: str) -> Sheet:
    """One municipality: a row a design, the highest gain first, today's way last."""
    _, table = words._, words.brief.municipalities
    mine = {row["design"]: row for row in rows_of(table[table["municipality"] == name])}
    votes = words.brief.votes
    chances = (
        votes[votes["municipality"] == name].set_index("design")["chance"] if len(votes) else pd.Series(dtype=float)
    )
    ranked = sorted((one for one in mine if one != REFERENCE), key=lambda one: -mine[one]["gain"])
    rows: list[tuple[Cell, ...]] = []
    for design in [*ranked, REFERENCE]:
        cells = list(_local_cells(mine[design]))
        if design == REFERENCE:
            cells[1], cells[2] = None, None
        rows.append((words.design(design), *cells, _number(chances.get(design))))
    headings = (
        Heading(_("Way of working together")),
        *_local_headings(words),
        Heading(_("Its chance of a yes"), "share"),
    )
    return Sheet("municipality", name, _local_note(words), headings, tuple(rows))


def local_values(words: Words, name: str | None = None) -> Sheet:
    """By scale and by theme, today and with the design that is explained; of one municipality, or of all."""
    _, brief = words._, words.brief
    explained = brief.explained
    table = brief.local_values[brief.local_values["design"] == (explained or REFERENCE)]
    if name is not None:
        table = table[table["municipality"] == name]
    today = {
        (row["municipality"], row["what"]): row["value"]
        for row in rows_of(brief.local_values[brief.local_values["design"] == REFERENCE])
    }
    rows: list[tuple[Cell, ...]] = []
    for row in rows_of(table):
        cells: tuple[Cell, ...] = (words.scale_or_theme(row["what"]), _number(today[row["municipality"], row["what"]]))
        if explained is not None:
            span = (row["low"], row["high"]) if np.isfinite(row["low"]) else None
            cells += (_number(row["value"]), _number(row["gain"]), span)
        rows.append(cells if name is not None else (row["municipality"], *cells))
    headings = [Heading(_("Scale or theme")), Heading(_("If nothing changes"), "tenths")]
    if explained is not None:
        headings += [
            Heading(_("With {design}").format(design=words.quoted(explained)), "tenths"),
            Heading(_("Gain"), "points", "sum"),
            Heading(_("95% interval"), "span", "range"),
        ]
    if name is None:
        headings.insert(0, Heading(_("Municipality")))
    note = _("Share of what is attainable there that is realised at the end of {end}, if founded.").format(
        end=words.end
    )
    title = _("By scale and by theme") if name is None else _("{name}, by scale and by theme").format(name=name)
    return Sheet("local_values", title, note, tuple(headings), tuple(rows))


def all_sheets(words: Words) -> Iterator[Sheet]:
    """Every sheet for the workbook that has rows."""
    makers = (
        designs,
        years,
        rule_types,
        packages,
        signals,
        worlds,
        measures,
        votes,
        absence,
        municipalities,
        local_values,
    )
    for make in makers:
        sheet = make(words) if len(getattr(words.brief, make.__name__)) else None
        if sheet is not None and sheet.rows:
            yield sheet
