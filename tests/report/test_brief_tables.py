"""Page, workbook and CSV of the brief tell the same numbers, as a spreadsheet reads them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import planted_brief as planted
import pytest
import workbook_file
from html_page import Tables

from bresim.common.text import NOT_KNOWN, language
from bresim.report.brief import tables, workbook
from bresim.report.brief.local import locals_of
from bresim.report.brief.page import PAGE
from bresim.report.brief.sheets import Flat, Heading, Kind, Sheet, flat, rounded, shown
from bresim.report.brief.words import Words

Folder = Callable[[str], Path]


def words(lang: str) -> Words:
    brief = planted.brief(lang="nl") if lang == "nl" else planted.brief(region="zuid_limburg")
    return Words(brief, language(lang))


def flats(own: Words) -> dict[str, Flat]:
    return {sheet.name: flat(sheet, own.language) for sheet in tables.all_sheets(own)}


def number(text: str, lang: str) -> float | None:
    """A number of the page, or of a CSV file, in this language."""
    if text in {"", NOT_KNOWN}:
        return None
    plain = text.replace("−", "-").replace("+", "").lstrip("<>")
    plain = plain.replace(".", "").replace(",", ".") if lang == "nl" else plain.replace(",", "")
    return float(plain[:-1]) / 100 if plain.endswith("%") else float(plain)


def as_shown(cell: str | float | None, kind: Kind) -> str | float | None:
    """A number of the workbook as the reader sees it there: a share in whole percents."""
    return round(cell, 2) if kind == "share" and isinstance(cell, float) else cell


def read_cells(row: list[str], headings: Sequence[Heading], lang: str) -> list[str | float | None]:
    """A row of the page, an interval as two cells."""
    cells: list[str | float | None] = []
    for text, heading in zip(row, headings, strict=True):
        if heading.kind == "span":
            ends = text.split({"nl": " tot ", "en": " to "}[lang])
            cells += [number(ends[0], lang), number(ends[-1], lang)]
        elif heading.kind == "text":
            cells.append(None if text == NOT_KNOWN else text)
        else:
            cells.append(number(text, lang))
    return cells


#: Tables that the heading of a figure or a section names.
NAMED_BY = {
    "rule_types": "title-contributions", "packages": "title-packages", "signals": "signs", "absence": "title-absence",
}  # fmt: skip


def pages_of(folder: Path, lang: str) -> dict[str, workbook_file.Page]:
    """The workbook, its tables by their name, whatever the tab is called in this language."""
    tabs = {workbook.tab(name, language(lang)): name for name in flats(words(lang))}
    return {tabs.get(tab, tab): page for tab, page in workbook_file.read(folder / "tables.xlsx").items()}


def test_tabs_speak_the_language_of_the_reader(folder: Folder) -> None:
    for lang, known in (
        ("nl", {"Uitleg", "Samenwerkingsvormen", "Kleinste pakket"}),
        ("en", {"Smallest package"}),
    ):
        assert known <= set(workbook_file.read(folder(lang) / "tables.xlsx"))


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_workbook_has_every_table(folder: Folder, lang: str) -> None:
    """Numbers as numbers, with their unit in the heading; the first sheet explains all others."""
    own = words(lang)
    pages = pages_of(folder(lang), lang)
    expected = flats(own)
    assert list(pages) == [{"nl": "Uitleg", "en": "Explanation"}[lang], *expected]
    for name, table in expected.items():
        heading, *rows = pages[name].rows
        assert heading == list(table.headings)
        assert [[*row, *[None] * (len(heading) - len(row))] for row in rows] == [list(row) for row in table.rows]
        assert pages[name].formulas == 0
        assert len(pages[name].widths) == len(heading)
        assert all(workbook.NARROWEST <= width < workbook.WIDEST + 1 for width in pages[name].widths)
    told = [cell for row in next(iter(pages.values())).rows for cell in row]
    for sheet in tables.all_sheets(own):
        assert sheet.title in told
        assert sheet.note in told
    headings = pages["designs"].rows[0]
    expected_headings = {
        "nl": ["Eenmaal opgericht (procentpunt)", "95%-interval (procentpunt): van"],
        "en": ["If founded (percentage points)", "95% interval (percentage points): from"],
    }
    assert [headings[1], headings[2]] == expected_headings[lang]


def test_known_numbers_of_the_workbook(folder: Folder) -> None:
    """Of the planted design: gain 5.0 (4.6 to 5.4), chance 25 %, 65 fte."""
    first = pages_of(folder("nl"), "nl")["designs"].rows[1]
    assert first[:9] == ["Regiobureau", 5.0, 4.6, 5.4, 3.8, 6.2, 0.75, 0.25, "K1 2025"]
    assert first[9:] == [1.3, 2026.0, 65.0, "4 van 4"]
    signs = pages_of(folder("nl"), "nl")["signals"].rows[1:]
    assert [row[2:4] for row in signs] == [[3.0, "keer"], [-1.2, "procentpunt"], [2.4, "procentpunt"]]


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_csv_files_are_what_the_workbook_has(folder: Folder, lang: str) -> None:
    """In Dutch with semicolons and decimal commas; with the mark by which a spreadsheet knows the letters."""
    own = words(lang)
    expected = flats(own)
    assert {path.stem for path in (folder(lang) / "tables").iterdir()} == set(expected)
    for name, table in expected.items():
        raw = (folder(lang) / "tables" / f"{name}.csv").read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        heading, *rows = csv.reader(
            io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter={"nl": ";", "en": ","}[lang]
        )
        assert heading == list(table.headings)
        for row, cells in zip(rows, table.rows, strict=True):
            read = [
                (text or None) if kind == "text" else number(text, lang)
                for text, kind in zip(row, table.kinds, strict=True)
            ]
            assert read == list(cells)
    line = (folder("nl") / "tables" / "designs.csv").read_text("utf-8-sig").splitlines()[1]
    assert line == "Regiobureau;5,0;4,6;5,4;3,8;6,2;0,7500;0,2500;K1 2025;1,3;2026;65;4 van 4"


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_page_shows_the_numbers_of_the_workbook(folder: Folder, lang: str) -> None:
    own = words(lang)
    pages = pages_of(folder(lang), lang)
    kinds = {name: table.kinds for name, table in flats(own).items()}
    headings = {sheet.name: sheet.headings for sheet in tables.all_sheets(own)}
    found = Tables((folder(lang) / PAGE).read_text("utf-8")).found

    def rows_of(name: str) -> list[list[str | float | None]]:
        width = len(pages[name].rows[0])
        return [
            [as_shown(cell, kind) for cell, kind in zip([*row, *[None] * (width - len(row))], kinds[name], strict=True)]
            for row in pages[name].rows[1:]
        ]

    for name in ("designs", "rule_types", "later", "signals", "votes", "absence"):
        assert [read_cells(row, headings[name], lang) for row in found[NAMED_BY.get(name, f"t-{name}")][1:]] == rows_of(
            name
        ), name
    packages = [read_cells(row, headings["packages"], lang) for row in found[NAMED_BY["packages"]][1:]]
    place = kinds["packages"].index("count") + 1  # best of its kind there, of all that are founded or not here
    without = [[cell for at, cell in enumerate(row) if at != place] for row in rows_of("packages")]
    assert packages
    assert all([cell for at, cell in enumerate(row) if at != place] in without for row in packages)

    for name, wide, side, at_gain in (("worlds", "world_matrix", (1, 2), 4), ("measures", "measure_matrix", (1,), 2)):
        head, *body = found[f"t-{wide}"]
        long = {(row[0], *(row[at] for at in side)): row[at_gain] for row in rows_of(name)}
        told = {
            (design, label): number(cell, lang)
            for label, *cells in body
            for design, cell in zip(head[1:], cells, strict=True)
        }
        joined = {"nl": "{}, onderstroom {}", "en": "{}, undercurrent {}"}[lang] if len(side) > 1 else "{}"
        expected = {(design, joined.format(*rest)): gain for (design, *rest), gain in long.items()}
        if name == "worlds":  # its last column is the package
            package = head[-1]
            expected |= {(package, joined.format(*row[:2])): row[2] for row in rows_of("package_worlds")}
        assert told == expected

    long_rows = {(row[0], row[1]): row[2:] for row in rows_of("municipalities")}
    for place_ in locals_of(own):
        for line in found[place_.anchor][1:]:
            cells = read_cells(line, place_.sheet.headings, lang)
            known = long_rows[place_.name, cells[0]]
            if line[2] == NOT_KNOWN:  # today's way gains nothing on itself
                assert known[1:4] == [0.0, 0.0, 0.0]
                cells[2:5] = known[1:4]
            assert cells[1:-1] == known


def test_the_page_of_one_municipality_has_its_table(folder: Folder) -> None:
    out = folder("one")
    assert {path.name for path in (out / "tables").iterdir()} == {"municipality.csv", "local_values.csv"}
    assert list(workbook_file.read(out / "tables.xlsx")) == ["Uitleg", "Gemeente", "Thema's en schalen"]
    assert not list(out.glob("figures/*"))


def sheet(*cells: str) -> Sheet:
    return Sheet("designs", "X", "", (Heading("Name"), Heading("Note")), tuple((cell, cell) for cell in cells))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(1)", "\tx", "\rx"])
def test_text_that_looks_like_a_formula_is_text(text: str, tmp_path: Path) -> None:
    found = sheet(text)
    workbook.write([found], "T", [(text, text)], tmp_path, language("nl"))
    pages = workbook_file.read(tmp_path / "tables.xlsx")
    assert sum(page.formulas for page in pages.values()) == 0
    assert [str(cell).replace("_x000D_", "\r") for cell in pages["Samenwerkingsvormen"].rows[1]] == [text, text]
    row = next(csv.reader(io.StringIO(workbook.as_csv(flat(found, language("nl")), language("nl")), newline=""),
                          delimiter=";"))  # fmt: skip
    assert row == ["Name", "Note"]
    line = workbook.as_csv(flat(found, language("en")), language("en")).split("\r\n", 1)[1]
    assert line.lstrip('"').startswith(f"'{text}")


@pytest.mark.parametrize(("cell", "expected"), [(0.12496, 0.12), (0.1234567, 0.1235), (0.99496, 0.99), (0.125, 0.12)])
def test_a_share_in_the_workbook_shows_the_percent_of_the_page(cell: float, expected: float) -> None:
    assert rounded(cell, "share") == expected


def test_names_with_separators_stay_one_cell() -> None:
    text = 'a;b,c "d"\ne'
    for lang, sign in (("nl", ";"), ("en", ",")):
        told = workbook.as_csv(flat(sheet(text), language(lang)), language(lang))
        assert list(csv.reader(io.StringIO(told, newline=""), delimiter=sign))[1] == [text, text]


@pytest.mark.parametrize(
    ("cell", "kind", "dutch", "english"),
    [
        (0.0123, "points", "+1,2", "+1.2"),
        (-0.0004, "points", "0,0", "0.0"),
        ((-0.0004, 0.0004), "span", "0,0", "0.0"),
        ((-0.01, 0.02), "span", "−1,0 tot +2,0", "−1.0 to +2.0"),
        (0.004, "share", "<1%", "<1%"),
        (0.25, "share", "25%", "25%"),
        (0.0251, "tenths", "2,5%", "2.5%"),
        (0.16646, "tenths", "16,6%", "16.6%"),  # rounded once, not to 0.1665 first
        (0.12496, "share", "12%", "12%"),
        (1234.56, "number", "1.234,6", "1,234.6"),
        (1234.56, "count", "1.235", "1,235"),
        (3.0, "plain", "3", "3"),
        (-1.24, "plain", "−1,2", "−1.2"),
        (2026.0, "year", "2026", "2026"),
        (None, "points", "–", "–"),
        (float("nan"), "share", "–", "–"),
        ((float("nan"), 1.0), "span", "–", "–"),
    ],
)
def test_how_cells_are_shown(cell: object, kind: Kind, dutch: str, english: str) -> None:
    assert shown(cell, kind, language("nl")) == dutch  # type: ignore[arg-type]
    assert shown(cell, kind, language("en")) == english  # type: ignore[arg-type]
