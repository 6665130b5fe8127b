"""How a column and a table are described: unit, window, direction, when there is nothing, meaning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

Unit = Literal[
    "share", "count", "quarters", "quarter", "date", "flag", "name", "text", "id", "number", "outcome", "key",
    "degrees", "fte",
]  # fmt: skip
Window = Literal["none", "end", "policy", "run", "quarter", "outcome"]

#: What each unit means.
UNITS: dict[Unit, str] = {
    "share": "a number from 0 to 1; 0.25 is 25 %",
    "count": "a whole number, 0 or more",
    "quarters": "a duration in quarters of a year, 0 or more; a mean need not be whole",
    "quarter": "a moment: the number of a quarter, 0 is the first quarter of the run (`time.start`)",
    "date": "the same moment as a date: `2024-Q1`",
    "flag": "yes or no: 1 or 0, or true or false",
    "name": "a name: one of those listed, or one that the configuration or the region gives",
    "text": "words for a reader",
    "id": "a whole number, 0 or more, that tells things apart; its size means nothing",
    "number": "a number without a unit, which may be negative; the meaning says more",
    "outcome": "the unit of the outcome that the row or the column is about; a difference may be negative",
    "key": "the unit of the key that varies ([parameters](odd.md#8-parameters)); text where its values are names",
    "fte": "full-time equivalents of staff, 0 or more",
    "degrees": "degrees of latitude or longitude (WGS 84)",
}
#: Over which quarters a value is taken.
WINDOWS: dict[Window, str] = {
    "none": "the column is not taken over time: a key, a setting, or a fact that does not change during a run",
    "end": "at the end of the last quarter (`time.end`)",
    "policy": "over the policy window: from the first quarter under the design (`time.policy_start`) to the last one",
    "run": "over the whole run, from `time.start` to `time.end`",
    "quarter": "in, or at the end of, the quarter that the row names; in `dyads.parquet` at the moment that it names",
    "outcome": "the window of the outcome that the row or the column is about",
}
#: Units of which every value is a whole number.
WHOLE_UNITS = frozenset({"count", "flag", "quarter", "id"})


@dataclass(frozen=True)
class Column:
    """A column of a table that a job leaves.

    ``direction``: +1 more is better, -1 less is better, 0 neither. ``null`` says when there is no value; empty: there
    always is one. ``values`` are all names that may stand in it, each with what it means (or nothing). A part of
    ``name`` in ``<…>`` stands for what depends on the job: there is a column for each ``theme``, ``subregion``,
    ``key``, ``outcome`` or ``cost``.
    """

    name: str
    unit: Unit
    meaning: str
    window: Window = "none"
    direction: int = 0
    null: str = ""
    values: tuple[tuple[str, str], ...] = ()
    whole: bool = False  # a duration that is whole; what WHOLE_UNITS measure always is

    @property
    def is_whole(self) -> bool:
        """Whether every value is a whole number, so that the file holds it as such."""
        return self.whole or self.unit in WHOLE_UNITS

    @property
    def placeholder(self) -> str:
        """What stands between ``<`` and ``>`` in the name; empty for a column that is always called the same."""
        return self.name.partition("<")[2].partition(">")[0]


@dataclass(frozen=True, kw_only=True)
class Outcome(Column):
    """A column that says what came of a run: with a label, as figures and reports name it."""

    label_nl: str
    label_en: str


@dataclass(frozen=True)
class Table:
    """A table that a job leaves in its folder.

    ``commands`` leave it, ``row`` says what one row is, ``when`` in which jobs it is there (empty: in all). ``like``
    names the heading of a table that has these columns too, so that a document need not repeat them.
    """

    name: str
    commands: tuple[str, ...]
    row: str
    columns: tuple[Column, ...]
    when: str = ""
    note: str = ""
    suffix: Literal["parquet", "csv"] = "parquet"
    like: str = ""

    @property
    def file(self) -> str:
        """Name of the file in the folder of the job; of a sweep it is a folder of parts."""
        return f"{self.name}.{self.suffix}"

    def names(self, **values: Iterable[str]) -> list[str]:
        """The names of the columns in their order, those of a placeholder for each of its ``values``.

        Neighbours with the same placeholder stay together: ``a_mean, a_variance, b_mean, b_variance``. Raises KeyError
        for a placeholder without values.
        """
        found: list[str] = []
        for placeholder, columns in groupby(self.columns, lambda column: column.placeholder):
            names = [column.name for column in columns]
            if placeholder:
                names = [name.replace(f"<{placeholder}>", value) for value in values[placeholder] for name in names]
            found += names
        return found
