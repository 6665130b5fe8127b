"""Who is in: what if one stays out, and what each municipality has of every design."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bresim.brief.absence import LEFT_OUT, NEEDED, NOT_IN, absentees
from bresim.brief.rows import Row
from bresim.brief.rows import rows as rows_of
from bresim.conventions import REFERENCE
from bresim.costs import PURPOSES
from bresim.report.brief.sheets import Cell, Heading, Sheet, number_or_none
from bresim.report.brief.words import Words


def absence(words: Words) -> Sheet:
    """What if one stays out."""
    _, table = words._, words.brief.absence
    kinds = {"subregion": _("subregion"), "municipality": _("municipality")}
    said = {LEFT_OUT: _("simulated"), NOT_IN: _("is not in it anyway"), NEEDED: _("cannot be missed")}
    alike = table["status"].nunique() == 1  # then a column that says so tells nothing
    rows = tuple(
        (
            row["who"],
            kinds[row["kind"]],
            *(() if alike else (said[row["status"]],)),
            number_or_none(row["change"]),
            (row["low"], row["high"]) if np.isfinite(row["low"]) else None,
            number_or_none(row["own"]),
            (row["own_low"], row["own_high"]) if np.isfinite(row["own_low"]) else None,
            number_or_none(row["chance"]),
        )
        for row in rows_of(table)
    )
    note = _(
        "What changes if they do not take part in {design}, compared with all taking part, if founded: for the region, "
        "and for themselves (of a subregion the mean of its municipalities). The last column: the chance that the "
        "others found it."
    ).format(design=words.quoted(str(words.brief.explained)))
    headings = (
        Heading(_("Stays out")), Heading(_("Kind")), *(() if alike else (Heading(_("In this design")),)),
        Heading(_("Change for the region"), "points", "sum"), Heading(_("95% interval"), "span", "range"),
        Heading(_("Change for itself"), "points", "sum"), Heading(_("95% interval of that"), "span", "range"),
        Heading(_("Chance that it is founded"), "share"),
    )  # fmt: skip
    return Sheet("absence", _("What if one stays out"), note, headings, rows)


def subregions(words: Words) -> list[tuple[str, str]]:
    """(subregion, its municipalities) of every subregion that could stay out."""
    found = [absent for absent in absentees(words.brief.region) if absent.kind == "subregion"]
    return [(absent.who, f"{words.language.join(sorted(absent.members))}.") for absent in found]


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
        rows.append((words.design(design), *cells, number_or_none(chances.get(design))))
    headings = (
        Heading(_("Way of working together")),
        *_local_headings(words),
        Heading(_("Its chance of a yes"), "share"),
    )
    return Sheet("municipality", name, _local_note(words), headings, tuple(rows))


def overview(words: Words) -> Sheet:
    """What matters most to each municipality, a row each: the page's own form of the tables that have it all."""
    _, brief = words._, words.brief
    explained = str(brief.explained)

    def by_name(table: pd.DataFrame, key: str, column: str) -> dict[str, float]:
        return dict(zip(table[key], table[column], strict=True)) if len(table) else {}

    local = brief.municipalities
    today = by_name(local[local["design"] == REFERENCE], "municipality", "value")
    gains = by_name(local[local["design"] == explained], "municipality", "gain")
    package = by_name(brief.package_local, "municipality", "gain")
    votes = by_name(brief.votes[brief.votes["design"] == explained], "municipality", "chance")
    alone = brief.absence[brief.absence["kind"] == "municipality"]
    region, own = (by_name(alone, "who", column) for column in ("change", "own"))
    told = (
        (Heading(_("If nothing changes"), "tenths"), today),
        (Heading(_("Gain with {design}").format(design=words.quoted(explained)), "points", "sum"), gains),
        (Heading(_("Gain with the measures"), "points", "sum"), package),
        (Heading(_("Its chance of a yes"), "share"), votes),
        (Heading(_("If it stays out: the region"), "points", "sum"), region),
        (Heading(_("If it stays out: itself"), "points", "sum"), own),
    )
    shown = [(heading, values) for heading, values in told if values]
    rows = tuple(
        (name, *(number_or_none(values.get(name)) for _heading, values in shown)) for name in sorted(brief.region.names)
    )
    note = _(
        "Gain, and what changes if a municipality stays out of {design}: percentage points by the end of {end}, if "
        "founded. The chance of a yes is that of the first vote on {design}."
    ).format(design=words.quoted(explained), end=words.end)
    headings = (Heading(_("Municipality")), *(heading for heading, _values in shown))
    return Sheet("overview", _("All municipalities beside each other"), note, headings, rows)


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
        cells: tuple[Cell, ...] = (
            words.scale_or_theme(row["what"]),
            number_or_none(today[row["municipality"], row["what"]]),
        )
        if explained is not None:
            span = (row["low"], row["high"]) if np.isfinite(row["low"]) else None
            cells += (number_or_none(row["value"]), number_or_none(row["gain"]), span)
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
