"""The sheets of the brief, from its tables."""

from __future__ import annotations

from collections.abc import Iterator

from bresim.report.brief.sheets import Sheet
from bresim.report.brief.tables.front import designs, years
from bresim.report.brief.tables.members import absence, local_values, municipalities, municipality, overview, subregions
from bresim.report.brief.tables.reasons import (
    best_packages,
    founded_or_not,
    later,
    package_local,
    package_parts,
    package_worlds,
    packages,
    rule_types,
    signals,
)
from bresim.report.brief.tables.settings import measure_matrix, measures, votes, world_matrix, worlds
from bresim.report.brief.words import Words

__all__ = [
    "absence", "all_sheets", "best_packages", "designs", "founded_or_not", "later", "local_values", "measure_matrix",
    "measures", "municipalities", "municipality", "overview", "package_local", "package_parts", "package_worlds",
    "packages", "rule_types", "signals", "subregions", "votes", "world_matrix", "worlds", "years",
]  # fmt: skip


def all_sheets(words: Words) -> Iterator[Sheet]:
    """Every sheet for the workbook that has rows."""
    makers = (
        designs,
        years,
        rule_types,
        packages,
        package_worlds,
        package_local,
        later,
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
