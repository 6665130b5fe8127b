"""Every table that a job leaves, with all its columns: the data dictionary."""

from __future__ import annotations

from functools import cache

from bresim.columns import analyses, regions, runs
from bresim.columns.schema import Table

#: In the order in which ``docs/data_dictionary.md`` describes them.
TABLES: tuple[Table, ...] = (*runs.TABLES, *analyses.TABLES, *regions.TABLES)


def table_of(name: str, command: str) -> Table:
    """The table of this name that a command leaves; KeyError if it leaves none."""
    for table in TABLES:
        if table.name == name and command in table.commands:
            return table
    raise KeyError(f"'bresim {command}' leaves no table '{name}'")


@cache
def whole_columns(name: str) -> frozenset[str]:
    """Columns of the tables of this name that hold whole numbers, possibly missing."""
    return frozenset(
        column.name for table in TABLES if table.name == name for column in table.columns if column.is_whole
    )
