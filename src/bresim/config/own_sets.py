"""A user's own parameter sets: ``parameters=FILE``, a table with a column for each parameter and a row for each set.

CSV or Parquet. ``index`` may number the sets, and what a search for sets notes of them may stand beside
(``python -m bresim.analysis.search``). A configuration has the sets themselves; what is written of it, their digest.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, SerializationInfo, SerializerFunctionWrapHandler, model_serializer

from bresim.common import user_files
from bresim.common.errors import InputError, Problem, Said, nearest, said
from bresim.common.user_files import shortened
from bresim.parameters import PARAMETERS, Parameter

if TYPE_CHECKING:  # every command reads this module, and most need no tables to say what is wrong with a file
    import pandas as pd

    from bresim.plausible import PlausibleSet

#: What the name of such a file ends in.
SUFFIXES = (".csv", ".parquet")
#: Most sets.
MAX_SETS = 10_000
#: Largest number of a set.
_LARGEST = 2**31 - 1
#: Most problems that are listed, and names in one of them.
_SHOWN, _NAMED = 5, 3
INDEX = "index"
#: What a search notes of a set: how often it passed, and its statistics by the number of their pattern.
_NOTED = re.compile(r"rounds|[LPX]\d+[a-z]?")
#: Key of the context with which a configuration is written with the sets themselves, to run elsewhere.
WHOLE = "whole"


class Judgement(BaseModel):
    """What the note of a search says of a table: with what its sets were judged."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    note: str = Field(max_length=300)
    table: str = Field(max_length=100, description="digest of the values of the sets")
    touchstone: str = Field(max_length=100, description="what the model made of some of them (`bresim.judged`)")
    region_hash: str = Field(max_length=100)


class OwnSets(BaseModel):
    """Parameter sets of a user's own."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str = Field(description="name of the file")
    sets: int = Field(ge=1, le=MAX_SETS)
    digest: str = Field(description="of the sets and their numbers")
    judged: Judgement | None = Field(default=None, description="the note of a search beside the file")
    content: str = Field(default="", repr=False, description="a row a set, its number first: 64-bit floats in base64")

    @model_serializer(mode="wrap")
    def _in_brief(self, handler: SerializerFunctionWrapHandler, info: SerializationInfo) -> dict[str, Any]:
        """Without the sets, which are large, unless the configuration is to run where their file is not."""
        found: dict[str, Any] = handler(self)
        if not (info.context or {}).get(WHOLE):
            del found["content"]
        return found

    def table(self) -> PlausibleSet:
        """The sets; InputError if there is no more than their digest, as in a configuration that was read back."""
        if not self.content:
            what = said("the sets of '{name}' are not kept with results, only their digest", name=self.name)
            raise InputError(Problem("parameters", what, said("give the file again: parameters=FILE")))
        from bresim.plausible import PlausibleSet

        rows = np.frombuffer(base64.b64decode(self.content), dtype="<f8").reshape(self.sets, 1 + len(PARAMETERS))
        return PlausibleSet(rows[:, 1:].astype(np.float64), rows[:, 0].astype(np.int64))


def is_table(value: str) -> bool:
    """Whether a source of parameters is given by its path rather than its name."""
    return value.lower().endswith(SUFFIXES)


def table_hash(values: NDArray[np.float64]) -> str:
    """Digest of the values of parameter sets."""
    return hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()[:12]


def read_sets(path: Path) -> OwnSets:
    """The sets of a table; InputError with the first few things that are wrong with it."""
    table = _read(path)
    problems = list(_wrong_columns(table, path))
    if not problems:
        numbers, problems = _numbers(table, path)
    if problems:
        raise InputError(_first_of(problems, path))
    rows = np.ascontiguousarray(numbers.astype("<f8"))
    return OwnSets(
        name=path.name,
        sets=len(rows),
        digest=hashlib.sha256(rows.tobytes()).hexdigest()[:16],
        judged=_judgement(path),
        content=base64.b64encode(rows.tobytes()).decode("ascii"),
    )


def _read(path: Path) -> pd.DataFrame:
    """The table as it is, its columns as they are named; the cells of CSV as text."""
    shown = shortened(str(path), 300)
    try:
        return user_files.read_parquet(path) if path.suffix.lower() == ".parquet" else _read_csv(path)
    except InputError as error:
        raise InputError(
            [Problem(f"parameters: {one.where}", one.what, one.remedy) for one in error.problems]
        ) from None
    except OSError as error:
        what = said("'{given}' cannot be read ({reason})", given=shown, reason=error.strerror or error)
        raise InputError(Problem("parameters", what, said("check the path"))) from None
    except (ValueError, csv.Error) as error:  # also what Arrow raises, and text in another encoding
        [message, *_] = error.args or [""]
        reason = message if isinstance(message, Said) else str(error).partition("\n")[0]
        what = said("'{given}' cannot be read ({reason})", given=shown, reason=reason)
        remedy = said("give a table with a column for each parameter and a row for each set")
        raise InputError(Problem("parameters", what, remedy)) from None


def _read_csv(path: Path) -> pd.DataFrame:
    """Numbers are read by Python, which gives back exactly what was written; pandas may be off by the last bit."""
    names: list[str]
    rows: list[list[str]]
    names, *rows = [*csv.reader(io.StringIO(user_files.read_text(path, user_files.POINTS), newline="")), []]
    rows = [row for row in rows if row]
    if len(names) > user_files.COLUMNS:
        raise ValueError(said("it has more than {most} columns", most=user_files.COLUMNS))
    wrong = next((number for number, row in enumerate(rows, start=1) if len(row) != len(names)), None)
    if wrong is not None:
        cells = len(rows[wrong - 1])
        raise ValueError(
            said(
                "row {row} has {cells} cells, and there are {columns} columns",
                row=wrong,
                cells=cells,
                columns=len(names),
            )
        )
    import pandas as pd

    return pd.DataFrame(rows, columns=[name.strip() for name in names], dtype=object)


def _wrong_columns(table: pd.DataFrame, path: Path) -> Iterator[Problem]:
    """What is wrong with a table before its cells are looked at."""
    where, names = f"parameters: {path.name}", [str(name) for name in table.columns]
    if not 1 <= len(table) <= MAX_SETS:
        what = said("holds {count} sets", count=len(table)) if len(table) else said("holds no sets")
        yield Problem(where, what, said("give 1 to {most}, a row for each", most=f"{MAX_SETS:,}"))
    missing = [name for name in PARAMETERS if name not in names]
    if missing:
        what = said("has no column for {names}", names=_several(missing))
        yield Problem(where, what, said("a set has a value for each of the {count} parameters", count=len(PARAMETERS)))
    for name, times in Counter(names).items():
        if name not in PARAMETERS and name != INDEX and not _NOTED.fullmatch(name):
            what = said("its column '{name}' is no parameter", name=shortened(name))
            yield Problem(where, what, nearest(name, PARAMETERS))
        elif times > 1:
            what = said("has {times} columns '{name}'", times=times, name=name)
            yield Problem(where, what, said("give each parameter one"))


def _numbers(table: pd.DataFrame, path: Path) -> tuple[NDArray[np.float64], list[Problem]]:
    """(P, 1 + number of parameters) number and values of each set, and the first wrong row of each column."""
    found = np.empty((len(table), 1 + len(PARAMETERS)))
    found[:, 0] = np.arange(len(table))
    problems: list[Problem] = []
    columns: list[tuple[int, Parameter | None, str]] = [
        (at, parameter, name) for at, (name, parameter) in enumerate(PARAMETERS.items(), start=1)
    ]
    if INDEX in table:
        columns.insert(0, (0, None, INDEX))
    for at, parameter, name in columns:
        low, high = (parameter.low, parameter.high) if parameter else (0.0, float(_LARGEST))
        for row, cell in enumerate(table[name]):
            value = found[row, at] = _number(cell)
            whole = parameter is not None or value == math.floor(value if math.isfinite(value) else 0.5)
            if low <= value <= high and whole:
                continue
            where = said("parameters: {file}: row {row}: {key}", file=path.name, row=row + 1, key=name)
            problems.append(Problem(where, _what(cell, value, whole), _allowed(low, high)))
            break
    return found, problems


def _number(cell: Any) -> float:
    """The number in a cell; NaN if it holds none."""
    if isinstance(cell, str):
        try:
            return math.nan if "_" in cell else float(cell)
        except ValueError:
            return math.nan
    is_number = isinstance(cell, (int, float, np.integer, np.floating)) and not isinstance(cell, bool)
    return float(cell) if is_number else math.nan


def _what(cell: Any, value: float, whole: bool) -> Said:
    empty = (
        cell is None or (isinstance(cell, str) and not cell.strip()) or (isinstance(cell, float) and math.isnan(cell))
    )
    if empty:
        return said("has no value")
    shown = shortened(str(cell), 40)
    if math.isnan(value):
        return said("{value} is not a number", value=f"'{shown}'" if isinstance(cell, str) else shown)
    return said("{value} is out of range", value=shown) if whole else said("{value} is not a whole number", value=shown)


def _allowed(low: float, high: float) -> Said:
    return said("allowed: {low} to {high}", low=f"{low:.10g}", high=f"{high:.10g}")


def _several(names: Sequence[str]) -> str:
    """The first few names, and the number of others."""
    first, rest = ", ".join(names[:_NAMED]), len(names) - _NAMED
    return said("{names} and {count} more", names=first, count=rest) if rest > 0 else first


def _first_of(problems: Sequence[Problem], path: Path) -> list[Problem]:
    """The first few problems, and the number of others."""
    rest = len(problems) - _SHOWN
    if rest <= 0:
        return list(problems)
    more = Problem(f"parameters: {path.name}", said("{count} more columns have a wrong value", count=rest))
    return [*problems[:_SHOWN], more]


def note_of(table: Path) -> Path:
    """The note beside a table of sets."""
    return table.with_suffix(".json")


def _judgement(path: Path) -> Judgement | None:
    """What the note of a search says, if one lies beside the table; None if it is none of ours."""
    note = note_of(path)
    try:
        content = json.loads(user_files.read_text(note, user_files.JSON))
        return Judgement.model_validate({**content, "note": note.name})
    except (OSError, ValueError, TypeError, RecursionError, InputError):
        return None
