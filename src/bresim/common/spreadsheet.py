"""Text in a CSV file that no spreadsheet runs as a formula, and the same text when it is read back.

A spreadsheet computes a cell that begins with a sign. Such a text gets an apostrophe in front, as do those that have
one already, so that reading takes away exactly what writing added. Numbers are not touched.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

_SIGNS = r"=+\-@\t\r"
#: Pattern and replacement of writing and of reading, also for Arrow.
WRITING = (rf"^('*[{_SIGNS}])", r"'\1")
READING = (rf"^'('*[{_SIGNS}])", r"\1")


def cell(text: str) -> str:
    """A text as it stands in a CSV file."""
    return re.sub(*WRITING, text)


def written(table: pd.DataFrame) -> pd.DataFrame:
    """The table as it is written: its texts and the names of its columns."""
    return _each(table, WRITING).rename(columns=lambda name: cell(name) if isinstance(name, str) else name)


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV, its texts between quotes if one holds the sign of an old line end, which ends no cell."""
    safe = written(table)
    texts = safe.select_dtypes(exclude="number")
    broken = any("\r" in text for name in texts for text in texts[name] if isinstance(text, str))
    quoting: Literal[0, 2] = csv.QUOTE_NONNUMERIC if broken else csv.QUOTE_MINIMAL
    safe.to_csv(path, index=False, lineterminator="\n", quoting=quoting)


def parsed(text: str, **options: Any) -> pd.DataFrame:
    """The text of a CSV file as a table; each number is the one nearest to what is written.

    Pandas does so by itself from 3.1; before, it could be off by the last bit unless it was asked.
    """
    import pandas as pd

    before = tuple(map(int, pd.__version__.split(".")[:2])) < (3, 1)
    exact: dict[str, Any] = {"float_precision": "round_trip"} if before else {}
    table: pd.DataFrame = pd.read_csv(io.StringIO(text), **exact, **options)
    return table


def read_back(table: pd.DataFrame) -> pd.DataFrame:
    """The table that :func:`written` was made of."""
    found = _each(table, READING)
    return found.rename(columns=lambda name: re.sub(*READING, name) if isinstance(name, str) else name)


def _each(table: pd.DataFrame, change: tuple[str, str]) -> pd.DataFrame:
    import pandas as pd

    def changed(value: Any) -> Any:
        return re.sub(*change, value) if isinstance(value, str) else value

    table = table.copy(deep=False)
    for name, kind in table.dtypes.items():
        if isinstance(kind, pd.StringDtype):
            table[name] = table[name].str.replace(*change, regex=True)
        elif not pd.api.types.is_numeric_dtype(kind):
            table[name] = table[name].astype(object).map(changed)
    return table
