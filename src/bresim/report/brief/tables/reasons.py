"""What each kind of rules contributes, the packages, what begins later, and the early signs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bresim.brief.advised import EXPLAINED, LATER, PACKAGE
from bresim.brief.rows import of_design
from bresim.brief.rows import rows as rows_of
from bresim.brief.signals import COUNTS
from bresim.report.brief.sheets import Heading, Sheet, number_or_none
from bresim.report.brief.words import Words


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


def package_worlds(words: Words) -> Sheet:
    """The recommended package in every world."""
    _, table = words._, words.brief.package_worlds
    said = {True: _("yes"), False: _("no")}
    rows = tuple(
        (words.scenario(row["scenario"]), words.level(row["undercurrent"]), row["gain"], (row["low"], row["high"]),
         said[bool(row["holds"])])
        for row in rows_of(table)
    )  # fmt: skip
    found = words.brief.recommended
    note = _("Gain of {measures}, without founding anything, compared with today's way of working in the same world.")
    headings = (
        Heading(_("Scenario")), Heading(_("Undercurrent")), Heading(_("Gain"), "points", "sum"),
        Heading(_("95% interval"), "span", "range"), Heading(_("Holds")),
    )  # fmt: skip
    told = note.format(measures=words.measures(str(found["parts"]).split(";")) if found else "")
    return Sheet("package_worlds", _("The package of measures in every world"), told, headings, rows)


def package_local(words: Words) -> Sheet:
    """What the recommended package gains each municipality."""
    _, table, found = words._, words.brief.package_local, words.brief.recommended
    rows = tuple((row["municipality"], row["gain"], (row["low"], row["high"])) for row in rows_of(table))
    note = _("Gain of {measures}, without founding anything, in percentage points of what is attainable there.")
    headings = (
        Heading(_("Municipality")), Heading(_("Gain"), "points", "sum"), Heading(_("95% interval"), "span", "range"),
    )  # fmt: skip
    told = note.format(measures=words.measures(str(found["parts"]).split(";")) if found else "")
    return Sheet("package_local", _("The package of measures for each municipality"), told, headings, rows)


def later(words: Words) -> Sheet:
    """What is left if everything begins later."""
    _, table, config = words._, words.brief.later, words.brief.config
    names = {EXPLAINED: words.design(str(words.brief.explained)), PACKAGE: _("The package of measures")}
    found = words.brief.recommended
    now = {EXPLAINED: of_design(words.brief.designs, words.brief.explained)["gain"]}
    if found is not None:
        now[PACKAGE] = found["gain"]
    rows = tuple(
        (names[row["what"]], now[row["what"]], row["gain"], (row["low"], row["high"])) for row in rows_of(table)
    )
    year = config.time.dates[config.policy_quarter + LATER][:4]
    note = _(
        "Gain by the end of {end}, in percentage points, if it begins in {start} and if it begins in {year}; until "
        "then today's way of working holds."
    ).format(end=words.end, start=words.start, year=year)
    headings = (
        Heading(_("What begins")), Heading(_("Begun in {year}").format(year=words.start), "points"),
        Heading(_("Begun in {year}").format(year=year), "points", "sum"), Heading(_("95% interval"), "span", "range"),
    )  # fmt: skip
    return Sheet("later", _("If it begins later"), note, headings, rows)


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
            number_or_none(row["remedy"]),
            (row["remedy_low"], row["remedy_high"]) if np.isfinite(row["remedy_low"]) else None,
        )
        for row in rows_of(table)
    )
    note = _(
        "The first two years, if {design} is founded: changes in percentage points, or how often something happened. "
        "“Ends badly”: dissolved, or less than half of its average gain. Thresholds were chosen in one half of the "
        "parameter sets; the shares are of the other half."
    ).format(design=words.quoted(str(words.brief.explained)))
    headings = (
        Heading(_("Indicator")), Heading(_("Below or above")), Heading(_("Threshold"), "plain"),
        Heading(_("Unit"), "text", "word"), Heading(_("Occurs in"), "share"),
        Heading(_("Ends badly then"), "share"), Heading(_("Ends badly otherwise"), "share"),
        Heading(_("Helps most then")), Heading(_("Adds"), "points", "sum"), Heading(_("95% interval"), "span", "range"),
    )  # fmt: skip
    return Sheet("signals", _("What to watch in the first two years"), note, headings, rows)
