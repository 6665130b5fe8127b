"""The tables of the brief for a spreadsheet: one workbook, and a CSV file for each table."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bresim.common import spreadsheet
from bresim.common.text import Language
from bresim.report.brief.sheets import Flat, Kind, Sheet, flat

#: How a spreadsheet shows numbers of each kind; it uses the reader's own decimal sign.
FORMATS: Mapping[Kind, str] = {
    "points": "+0.0;-0.0;0.0", "share": "0%", "tenths": "0.0%", "number": "0.0", "plain": "General", "count": "#,##0",
    "year": "0",
    "text": "@",
}  # fmt: skip
#: Widest and narrowest column, in characters.
WIDEST, NARROWEST = 48, 9


def write(sheets: Sequence[Sheet], title: str, about: Sequence[tuple[str, str]], out: Path, language: Language) -> None:
    """Write ``tables.xlsx`` and ``tables/NAME.csv`` in ``out``; ``about`` is what the first sheet explains."""
    _workbook(sheets, title, about, out / "tables.xlsx", language)
    (out / "tables").mkdir(parents=True, exist_ok=True)
    for sheet in sheets:
        (out / "tables" / f"{sheet.name}.csv").write_text(
            as_csv(flat(sheet, language), language), encoding="utf-8-sig", newline=""
        )


def _workbook(
    sheets: Sequence[Sheet], title: str, about: Sequence[tuple[str, str]], path: Path, language: Language
) -> None:
    import xlsxwriter  # only a brief needs it

    _ = language.gettext
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": title, "comments": "bresim"})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        formats = {kind: book.add_format({"num_format": shown}) for kind, shown in FORMATS.items()}
        first = book.add_worksheet(_("Explanation"))
        first.set_column(0, 0, 28)
        first.set_column(1, 1, 100)
        first.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
        lines = [*about, *((sheet.title, sheet.note) for sheet in sheets)]
        for row, (term, text) in enumerate(lines, 2):
            first.write_string(row, 0, term, bold)
            first.write_string(row, 1, text, wrapped)
        for sheet in sheets:
            _page(book.add_worksheet(tab(sheet.name, language)), flat(sheet, language), bold, formats)


def tab(name: str, language: Language) -> str:
    """What the tab of a sheet is called: a spreadsheet takes at most 31 characters."""
    _ = language.gettext
    return {
        "designs": _("Working together"),
        "years": _("Year by year"),
        "rule_types": _("Kinds of rules"),
        "packages": _("Smallest package"),
        "package_worlds": _("Package, every world"),
        "package_local": _("Package, municipalities"),
        "later": _("Begun later"),
        "signals": _("What to watch"),
        "worlds": _("Worlds"),
        "world_matrix": _("Gain in every world"),
        "measures": _("Measures"),
        "measure_matrix": _("Gain with each measure"),
        "votes": _("Who votes no"),
        "absence": _("If one stays out"),
        "municipalities": _("Municipalities"),
        "municipality": _("Municipality"),
        "local_values": _("Themes and scales"),
    }[name]


def _page(page: Any, table: Flat, bold: Any, formats: Mapping[Kind, Any]) -> None:
    """Fill one sheet: headings that stay in sight, numbers as numbers, nothing read as a formula."""
    for at, (heading, kind) in enumerate(zip(table.headings, table.kinds, strict=True)):
        page.write_string(0, at, heading, bold)
        longest = max((len(str(row[at])) for row in table.rows), default=0)
        page.set_column(at, at, min(WIDEST, max(NARROWEST, longest + 2, len(heading) // 2)))
        for number, row in enumerate(table.rows, 1):
            if isinstance(row[at], str):
                page.write_string(number, at, row[at])
            elif row[at] is not None:
                page.write_number(number, at, row[at], formats[kind])
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, max(1, len(table.rows)), len(table.headings) - 1)


def as_csv(table: Flat, language: Language) -> str:
    """The table as CSV that a spreadsheet in this language opens: Dutch with semicolons and decimal commas."""
    dutch = language.code == "nl"
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if dutch else ",")
    writer.writerow(map(spreadsheet.cell, table.headings))
    for row in table.rows:
        writer.writerow([_plain(cell, kind, dutch) for cell, kind in zip(row, table.kinds, strict=True)])
    return text.getvalue()


def _plain(cell: str | float | None, kind: Kind, dutch: bool) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return spreadsheet.cell(cell)
    digits = {"points": 1, "number": 1, "share": 4, "tenths": 3}.get(kind, 0)
    number = f"{cell:g}" if kind == "plain" else f"{cell:.{digits}f}"
    return number.replace(".", ",") if dutch else number
