"""The brief in a real browser: screen, phone and paper, with the rules of WCAG 2.2."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import browser
import planted_brief as planted
import pytest
import workbook_file
from pypdf import PdfReader

from bresim.report.brief import pdf
from bresim.report.brief.page import PAGE

Folder = Callable[[str], Path]
TITLES = {
    "nl": "Samenwerken in De Vijfhoek (verzonnen): notitie voor de bestuurdersconferentie",
    "en": "Working together in Zuid-Limburg: brief for the conference",
    "one": "Samenwerken in De Vijfhoek (verzonnen): wat het betekent voor Molenkade",
    "harmful": f"Samenwerken in {planted.HARMFUL}: notitie voor de bestuurdersconferentie",
}


@pytest.mark.parametrize(
    ("kind", "width"), [("nl", 390), ("nl", 1280), ("en", 390), ("en", 1280), ("one", 390), ("harmful", 1280)]
)
def test_the_page_on_a_screen(chromium: Any, folder: Folder, kind: str, width: int) -> None:
    """Everything fits, loads and is large enough, every link leads somewhere, and axe-core finds nothing wrong."""
    with browser.screen(chromium, folder(kind) / PAGE, width) as screen:
        seen = screen.look()
        assert screen.requests == []
        assert screen.violations() == []
    assert seen["lang"] == ("en" if kind == "en" else "nl")
    assert seen["title"] == TITLES[kind]
    assert seen["headings"][0] == 1
    assert seen["headings"].count(1) == 1
    assert all(after - before <= 1 for before, after in zip(seen["headings"], seen["headings"][1:], strict=False))
    assert len(seen["images"]) == (0 if kind == "one" else 7)
    assert all(natural > 100 and shown > 100 and alt > 40 for natural, shown, alt in seen["images"])
    assert seen["scroll"] <= seen["width"], "the page scrolls sideways"
    assert seen["outside"] == []
    if kind != "harmful":  # a name of seventy letters may need room
        assert seen["hidden"] == [], "a number of a table lies off screen"
    assert seen["small"] == []
    assert seen["loose"] == [], "a link leads nowhere"
    assert seen["twice"] == []


@pytest.fixture(scope="module", params=["nl", "en"])
def paper(request: pytest.FixtureRequest, chromium: Any, folder: Folder) -> Iterator[tuple[str, list[browser.Paper]]]:
    with browser.screen(chromium, folder(request.param) / PAGE, 1280) as screen:
        yield request.param, screen.printed()


def test_paper_is_a4_with_a_footer(paper: tuple[str, list[browser.Paper]]) -> None:
    lang, pages = paper
    date = {"nl": "31 januari 2026", "en": "31 January 2026"}[lang]
    for number, page in enumerate(pages, 1):
        assert page.size == pytest.approx(browser.A4, abs=browser.CLOSE)
        assert f"{number} / {len(pages)}" in page.text
        assert f"bresim · {TITLES[lang]} · {date}" in page.text.replace("\n", " ")


@pytest.mark.parametrize("kind", ["nl", "en"])
def test_the_contents_of_a_pdf_say_where_sections_begin(
    chromium: Any, folder: Folder, kind: str, tmp_path: Path
) -> None:
    text = (folder(kind) / PAGE).read_text("utf-8")
    (tmp_path / PAGE).write_text(text, encoding="utf-8")
    printed = PdfReader(pdf.write(tmp_path / PAGE, browser.program()))
    assert (tmp_path / PAGE).read_text("utf-8") == text, "only the PDF has pages"
    pages = ["".join(page.extract_text().split()) for page in printed.pages]
    listed = re.findall(r'<li><a href="#(\S+)">(.*?)</a> <span class="on" data-page="\1"></span>', text)
    assert len(listed) == 12
    starts = pdf.begins(tmp_path / "brief.pdf")
    assert [starts[name] for name, _ in listed] == sorted(starts[name] for name, _ in listed)
    for name, told in listed:
        heading = "".join(html.unescape(told).split())
        assert f"{heading}·{starts[name]}" in pages[1], "as the contents say"
        assert pages[starts[name] - 1].replace(f"{heading}·", "").count(heading) >= 1, "as it is"
    assert printed.outline, "and the reader of the PDF can jump to each"


def test_the_first_page_has_what_decides(paper: tuple[str, list[browser.Paper]]) -> None:
    """Answer, table, picture, risks and what can be decided: on one page, with nothing else."""
    lang, pages = paper
    first, second = (" ".join(page.text.split()) for page in pages[:2])
    wanted = {
        "nl": ("Als er niets verandert", "Regiobureau", "kans op oprichting", "Risico's van “Regiobureau”",
               "Wat nu besloten kan worden", "Spreek af waar u op let"),
        "en": ("If nothing changes", "Regional bureau", "chance that it is founded", "Risks of “Regional bureau”",
               "What can be decided now", "Agree on what to watch"),
    }[lang]  # fmt: skip
    for text in wanted:
        assert text in first
    assert {"nl": "Inhoud", "en": "Contents"}[lang] in second
    assert wanted[0] not in second


def test_few_pages_are_half_empty(paper: tuple[str, list[browser.Paper]]) -> None:
    """The last may be, and the one before the municipalities, as each of these has a page; no other is."""
    lang, pages = paper
    local = {"nl": ", per schaal en per opgave", "en": ", by scale and by theme"}[lang]
    full = [page.full for page in pages]
    assert sum(page.full < 0.5 and local not in page.text for page in pages[:-1]) <= 1, full
    assert min(full[:-1]) > 0.25, full
    assert full[-1] > 0.1


@pytest.mark.parametrize("kind", ["nl", "en", "one"])
def test_nothing_is_wider_than_paper(chromium: Any, folder: Folder, kind: str) -> None:
    """Where something is, a browser prints all pages smaller."""
    with browser.screen(chromium, folder(kind) / PAGE, browser.PAPER) as screen:
        screen.page.emulate_media(media="print")
        seen = screen.look()
    assert seen["scroll"] <= seen["width"]
    assert seen["hidden"] == seen["outside"] == []


def test_labels_are_text(chromium: Any, folder: Folder) -> None:
    """In page, title, footer, workbook, CSV and figures a label is what the user wrote."""
    out = folder("harmful")
    label = planted.HARMFUL
    with browser.screen(chromium, out / PAGE, 1280) as screen:
        assert screen.page.evaluate("[...document.querySelectorAll('b, script')].length") == 0
        assert screen.page.evaluate("document.querySelectorAll('style').length") == 1
        names = screen.page.evaluate("[...document.querySelectorAll('th[scope=row]')].map(cell => cell.textContent)")
        links = screen.page.evaluate("[...document.links].map(link => link.getAttribute('href'))")
        footer = "".join(screen.printed()[0].text.split())  # letters of a PDF have places, not spaces
    assert set(names) >= {label, *planted.FORMULAS[:3]}
    assert all(link.startswith("#") for link in links)
    assert "".join(f"bresim · Samenwerken in {label}: notitie".split()) in footer

    pages = workbook_file.read(out / "tables.xlsx")
    assert sum(page.formulas for page in pages.values()) == 0
    assert {row[0] for row in pages["Samenwerkingsvormen"].rows[1:]} == {label, *planted.FORMULAS[:2]}
    assert {label, *planted.FORMULAS[2:]} <= {str(row[1]) for row in pages["Wie tegenstemt"].rows[1:]}
    lines = (out / "tables" / "designs.csv").read_text("utf-8-sig").splitlines()
    quoted = label.replace('"', '""')
    assert f'"{quoted}";5,0' in "\n".join(lines)
    assert any(line.startswith("'=1+1;") for line in lines)
    assert any(line.startswith("'-2+3;") for line in lines)
    drawn = "".join(path.read_text("utf-8") for path in (out / "figures").glob("*.svg"))
    assert "<b>" not in drawn
    assert html.escape("<b>x</b>", quote=False) in drawn
    assert "$a$" in drawn
