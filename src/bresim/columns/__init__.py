"""Every column of every table that a job leaves: unit, direction, window, null and meaning, written once."""

from bresim.columns.dictionary import TABLES, table_of, whole_columns
from bresim.columns.keys import POINT, QUANTITY, RUN_KEYS
from bresim.columns.outcomes import (
    COST_OUTCOMES,
    COSTS,
    RUN_OUTCOMES,
    STATE_OUTCOMES,
    run_outcomes,
    snake_case,
    subregion_outcome,
    theme_outcome,
)
from bresim.columns.schema import UNITS, WINDOWS, Column, Outcome, Table

__all__ = [
    "COSTS",
    "COST_OUTCOMES",
    "POINT",
    "QUANTITY",
    "RUN_KEYS",
    "RUN_OUTCOMES",
    "STATE_OUTCOMES",
    "TABLES",
    "UNITS",
    "WINDOWS",
    "Column",
    "Outcome",
    "Table",
    "run_outcomes",
    "snake_case",
    "subregion_outcome",
    "table_of",
    "theme_outcome",
    "whole_columns",
]
