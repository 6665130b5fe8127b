"""In which worlds designs hold, what measures add, and which municipalities vote for founding."""

from __future__ import annotations

from bresim.brief.rows import rows as rows_of
from bresim.conventions import REFERENCE
from bresim.report.brief.sheets import Cell, Heading, Sheet, number_or_none
from bresim.report.brief.words import Words

Rows = tuple[tuple[Cell, ...], ...]


def worlds(words: Words) -> Sheet:
    """Designs × worlds, in long form: a row a world and design."""
    _, table = words._, words.brief.worlds
    said = {True: _("yes"), False: _("no")}
    rows = tuple(
        (
            words.design(row["design"]),
            words.scenario(row["scenario"]),
            words.level(row["undercurrent"]),
            row["today"],
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
        Heading(_("If nothing changes"), "tenths"), Heading(_("Gain"), "points", "sum"),
        Heading(_("95% interval"), "span", "range"), Heading(_("Rank"), "count"), Heading(_("Holds")),
    )  # fmt: skip
    return Sheet("worlds", _("In which worlds it holds"), note, headings, rows)


def world_matrix(words: Words) -> Sheet:
    """Designs × worlds: each cell the gain; the page's own form of :func:`worlds`."""
    _, table = words._, words.brief.worlds
    keys = list(dict.fromkeys(zip(table["scenario"], table["undercurrent"], strict=True)))
    ranked = list(words.brief.designs["design"])
    wide = table.set_index(["scenario", "undercurrent", "design"])["gain"]
    alone = words.brief.package_worlds.set_index(["scenario", "undercurrent"])["gain"]
    rows: list[tuple[Cell, ...]] = []
    for scenario, level in keys:
        label = _("{scenario}, undercurrent {level}").format(
            scenario=words.scenario(scenario), level=words.level(level)
        )
        gains = [float(wide[scenario, level, design]) for design in ranked]
        rows.append((label, *gains, *([float(alone[scenario, level])] if len(alone) else [])))
    more = [Heading(_("The package of measures"), "points")] if len(alone) else []
    headings = (Heading(_("World")), *(Heading(words.design(design), "points") for design in ranked), *more)
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
            number_or_none(row["with_measure"]),
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
