"""The table of page one, and the gains year by year."""

from __future__ import annotations

import numpy as np

from bresim.brief.designs import first_year
from bresim.brief.rows import rows as rows_of
from bresim.conventions import REFERENCE
from bresim.costs import FTE
from bresim.report.brief.sheets import Cell, Heading, Sheet, number_or_none
from bresim.report.brief.words import Words


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
                number_or_none(row["first_year"]),
                row["fte"],
                *([holds] if with_worlds else []),
            )
        )
    note = _(
        "Gain compared with today's way of working by the end of {end}, in percentage points of what is attainable. "
        "“If founded”: founded at the start of {start}, without a vote; its first result is the year by which half "
        "of the futures have completed a first regional initiative{today}. “As decided”: the municipalities vote (a "
        "dash: they do not vote on it); where they do not found it, {otherwise}. “Staff”: what all municipalities "
        "together put into meetings, a bureau and execution each year, if founded{staff}."
    ).format(
        end=words.end, start=words.start, today=_first_today(words), staff=_staff_today(words),
        otherwise=_("only the measures are left") if words.measured else _("nothing changes"),
    )  # fmt: skip
    if any(not row["quota"] and row["chance"] < 1.0 for row in rows_of(table)):
        note += " " + _("A role that the province takes for itself waits for a majority of the provincial council.")
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
