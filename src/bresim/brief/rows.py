"""Rows of the tables of a brief as plain mappings: column → value."""

from __future__ import annotations

from typing import Any

import pandas as pd

Row = dict[str, Any]


def rows(table: pd.DataFrame) -> list[Row]:
    """Every row, in order."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def highest(table: pd.DataFrame, column: str) -> Row:
    """The row with the highest value in a column; of equal ones the first."""
    return rows(table)[int(table[column].to_numpy(dtype="float64").argmax())]


def lowest(table: pd.DataFrame, column: str) -> Row:
    """The row with the lowest value in a column; of equal ones the first."""
    return rows(table)[int(table[column].to_numpy(dtype="float64").argmin())]


def of_design(table: pd.DataFrame, design: str | None) -> Row:
    """The one row of a design."""
    return next(row for row in rows(table) if row["design"] == design)
