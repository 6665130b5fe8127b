"""Tables of the brief as a reader sees them. Page, workbook and CSV are made from the same sheets, so numbers agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from bresim.common.text import NOT_KNOWN, Language
from bresim.report.brief.words import tenths

#: text; points: a difference of shares, in percentage points; span: two of these, an interval; share: of 1, in whole
#: percents; tenths: of 1, in percents with a decimal; number: with one decimal; plain: with one decimal unless it is
#: whole; count: whole; year.
Kind = Literal["text", "points", "span", "share", "tenths", "number", "plain", "count", "year"]
Cell = str | float | tuple[float, float] | None


@dataclass(frozen=True)
class Heading:
    """A column: its heading and the kind of its cells. ``look`` is a style of the page."""

    text: str
    kind: Kind = "text"
    look: str = ""


@dataclass(frozen=True)
class Sheet:
    """A table with its title and what explains it; the first column names the rows. ``strong`` rows stand out."""

    name: str
    title: str
    note: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[Cell, ...], ...]
    strong: frozenset[int] = frozenset()


def missing(cell: Cell) -> bool:
    """Whether there is nothing in a cell."""
    return cell is None or (isinstance(cell, float | np.floating) and not np.isfinite(cell))


def number_or_none(value: object) -> float | None:
    """A number of a table, None where it is missing."""
    return None if value is None or value != value else float(value)  # type: ignore[arg-type]


def rounded(cell: Cell, kind: Kind) -> Cell:
    """A cell as it is shown: in its unit, with its decimals. A share stays a share of 1."""
    if missing(cell) or isinstance(cell, str):
        return None if missing(cell) else cell
    if isinstance(cell, tuple):
        low, high = (rounded(one, "points") for one in cell)
        return None if low is None or high is None else (low, high)  # type: ignore[return-value]
    assert cell is not None
    value = float(cell)
    if kind == "points":
        return tenths(value)
    if kind == "tenths":
        return round(value, 3)
    if kind == "share":
        fine, whole = round(value, 4), round(value, 2)
        return (
            fine if np.floor(100 * fine + 0.5) == round(100 * whole) else whole
        )  # a spreadsheet shows what the page does
    return round(value, 1) + 0.0 if kind in {"number", "plain"} else float(round(value))


def shown(cell: Cell, kind: Kind, language: Language) -> str:
    """A cell as text on the page."""
    value = rounded(cell, kind)
    if value is None:
        return NOT_KNOWN
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        low, high = (language.signed(one) for one in value)
        return low if low == high else language.gettext("{low} to {high}").format(low=low, high=high)
    texts = {
        "points": lambda: language.signed(value),
        "share": lambda: language.percent(float(cell)),  # type: ignore[arg-type]
        "tenths": lambda: language.percent(value, 1),
        "number": lambda: language.number(value),
        "plain": lambda: language.number(value, 0 if value.is_integer() else 1),
        "count": lambda: language.number(value, 0),
        "year": lambda: str(int(value)),
    }
    return texts[kind]()


@dataclass(frozen=True)
class Flat:
    """A sheet as plain columns, an interval as two: headings with their unit, kinds and rows."""

    headings: tuple[str, ...]
    kinds: tuple[Kind, ...]
    rows: tuple[tuple[str | float | None, ...], ...]


def flat(sheet: Sheet, language: Language) -> Flat:
    """The sheet for a workbook or a CSV file."""
    _ = language.gettext
    headings: list[str] = []
    kinds: list[Kind] = []
    for heading in sheet.headings:
        unit = {"points": _("percentage points"), "span": _("percentage points")}.get(heading.kind, "")
        told = f"{heading.text} ({unit})" if unit else heading.text
        if heading.kind == "span":
            headings += [_("{heading}: from").format(heading=told), _("{heading}: to").format(heading=told)]
            kinds += ["points", "points"]
        else:
            headings.append(told)
            kinds.append(heading.kind)
    rows = []
    for row in sheet.rows:
        cells: list[str | float | None] = []
        for cell, heading in zip(row, sheet.headings, strict=True):
            value = rounded(cell, heading.kind)
            if heading.kind == "span":
                cells += list(value) if isinstance(value, tuple) else [None, None]
            else:
                assert not isinstance(value, tuple)
                cells.append(value)
        rows.append(tuple(cells))
    return Flat(tuple(headings), tuple(kinds), tuple(rows))


def column(sheet: Sheet, heading: str) -> Sequence[Cell]:
    """The cells under a heading."""
    at = [one.text for one in sheet.headings].index(heading)
    return [row[at] for row in sheet.rows]
