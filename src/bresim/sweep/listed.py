"""Points of a sweep that stand in a table: its columns are keys, its rows are points; each cell holds one value."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bresim.common import spreadsheet, user_files
from bresim.common.errors import InputError, Problem, Said, said
from bresim.config.schema import SweepConfig
from bresim.config.vary import read_points
from bresim.sweep.fields import NULL, takes_list, takes_null, written_alike


@dataclass(frozen=True)
class Points:
    """The points of a sweep; with ``problems``, only the valid columns, so that these can be checked as well."""

    #: One row a point, one column a swept key, in the order the keys were given.
    table: pd.DataFrame
    #: Swept key → the values to check: all that are given, or the ends of a range.
    tried: Mapping[str, Any]
    problems: Sequence[Problem] = ()


def not_finite(value: Any) -> bool:
    """Whether a value is missing, infinite or no number."""
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def read_list(config: SweepConfig) -> Points:
    """The points of a CSV or Parquet table: its columns are keys, its rows are points."""
    given = config.sweep.points
    if given is None:
        raise InputError(
            Problem("sweep.points", said("is missing"), said("give a CSV or Parquet file: sweep.points=FILE"))
        )
    if config.vary:
        first = next(iter(config.vary))
        raise InputError(
            Problem(f"vary.{first}", said("does not go together with a list of points"), said("put it in the list"))
        )
    path = Path(given)
    where = f"sweep.points: {path.name}"
    try:
        table = _read(path)
    except OSError as error:
        raise InputError(
            Problem(
                "sweep.points",
                said("'{given}' cannot be read ({reason})", given=given, reason=error.strerror or error),
                said("check the path"),
            )
        ) from None
    except (ValueError, pd.errors.ParserError, UnicodeDecodeError) as error:
        [message, *_] = error.args or [""]
        reason = message if isinstance(message, Said) else str(error).partition("\n")[0]
        remedy = said("give a table with a column for each key and a row for each point")
        raise InputError(
            Problem("sweep.points", said("'{given}' cannot be read ({reason})", given=given, reason=reason), remedy)
        ) from None
    return rows_of(table, where)


def rows_of(table: pd.DataFrame, where: str, *, repeats: bool = False) -> Points:
    """The rows of a table as points, its columns as keys; ``where`` names it in problems.

    A point may stand in it several times if it ``repeats``.
    """
    problems: list[Problem] = []
    if not len(table):
        problems.append(
            Problem(where, said("holds no points"), said("write a row for each point, under a line with the keys"))
        )
    for column in table.columns:
        problems.extend(_not_one_value(where, str(column), table[column]))
    tried = {str(key): _values_in(table[key]) for key in table}
    if problems:
        return Points(table[[key for key in table if len(tried[str(key)]) == len(table)]], tried, problems)
    for key in filter(takes_list, map(str, table.columns)):
        table[key] = tried[key] = table[key].map(partial(written_alike, key))
    twice = np.flatnonzero(table.duplicated().to_numpy())
    if len(twice) and not repeats:
        what = said("row {row} is the same point as an earlier row", row=twice[0] + 1)
        problems.append(Problem(where, what, said("give each point once")))
    return Points(table.reset_index(drop=True), tried, problems)


def _values_in(column: pd.Series) -> pd.Series:
    """Which cells of a column hold exactly one value."""
    cells = column[[bool(pd.api.types.is_scalar(value) and not not_finite(value)) for value in column]]
    return cells[cells.notna()]


def _read(path: Path) -> pd.DataFrame:
    """A table of points; where ``null`` is a value only an empty cell of a CSV file has none."""
    table = read_points(path)
    for key in filter(takes_null, map(str, table.columns)):
        if path.suffix.lower() != ".parquet" and table[key].isna().any():
            text = user_files.read_text(path, user_files.POINTS)
            cells = spreadsheet.parsed(text, usecols=[key], dtype=str, keep_default_na=False)[key]
            table[key] = cells.where(cells != "")
    return table


def _not_one_value(where: str, column: str, values: pd.Series) -> Iterator[Problem]:
    """A problem for the first row without exactly one value in a column."""
    fill = said("fill it in")
    empty = said("fill it in, or write {null}", null=NULL) if takes_null(column) else fill
    one = said('write it as text: ["a","b"]') if takes_list(column) else said("give one value")
    lists = [not pd.api.types.is_scalar(value) for value in values] if values.dtype == object else []
    infinite = ~np.isfinite(values.to_numpy()) if pd.api.types.is_float_dtype(values.dtype) else []
    if np.any(lists):
        what = said("row {row} has a list or a table for '{column}'", row=np.argmax(lists) + 1, column=column)
        yield Problem(where, what, one)
    elif values.isna().any():
        row = np.argmax(values.isna().to_numpy()) + 1
        yield Problem(where, said("row {row} has no value for '{column}'", row=row, column=column), empty)
    elif np.any(infinite):
        row = np.argmax(infinite) + 1
        yield Problem(where, said("row {row} has no finite value for '{column}'", row=row, column=column), fill)
