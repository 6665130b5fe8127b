"""The report in a real browser, if there is one: language, headings, pictures, requests, a narrow screen, axe-core."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import browser
import pytest
import synthetic_result
from planted_jobs import job, strong

from bresim import report
from bresim.common.text import language
from bresim.plots import differences, draw_all
from bresim.plots.style import canvas, save, styled
from bresim.plots.view import View
from bresim.report import beside, jobs
from bresim.results import Result

#: Pixels of the smallest letters of a picture on a phone.
MIN_SIZE = 9.0


@pytest.fixture(scope="module", params=["nl", "en"])
def compared(
    request: pytest.FixtureRequest, chromium: Any, made: Result, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """The report of a comparison, in a language."""
    out = tmp_path_factory.mktemp("browser")
    return request.param, report.write(made, draw_all(made, out, request.param), out, request.param)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_in_a_browser(compared: tuple[str, Path], chromium: Any, width: int) -> None:
    check(chromium, *compared, width, pictures=11)


@pytest.fixture(scope="module", params=["nl", "en"])
def several(
    request: pytest.FixtureRequest, chromium: Any, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """The page of several jobs, in a language."""
    out = tmp_path_factory.mktemp("beside")
    gains = {"status_quo": 0.0, "regiobureau": 0.03, "provincial_steering_mandated": 0.06, "regio_deal": -0.01}
    measures = {"monitoring": 1.0, "binding_agreements": 0.5}
    results = job(gains), job(gains, **strong()), job(gains, measures=measures)
    found = jobs.beside(results, [Path(name) for name in "abc"], language(request.param))
    return request.param, beside.write(found, beside.draw(found, out), out)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_of_several_jobs_in_a_browser(several: tuple[str, Path], chromium: Any, width: int) -> None:
    check(chromium, *several, width, pictures=2)


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_differences_of_both_foundings_on_a_phone(lang: str, chromium: Any, tmp_path: Path) -> None:
    """Two panels beside each other; with one founding there are numbers beside the panel."""
    both = synthetic_result.result(foundings=("vote", "at_once"))
    with styled():
        drawn = differences.draw(View(both, language(lang)), tmp_path)
    assert drawn is not None
    page = report.write(both, [drawn], tmp_path, lang)
    with browser.screen(chromium, page, 390) as screen:
        legible(screen.letters())


def test_what_is_illegible_is_seen(chromium: Any, tmp_path: Path) -> None:
    """A figure of ten inches has letters of four pixels on a phone, and one that sticks out is cut off."""
    with styled():
        figure = canvas(3.0)
        figure.subplots().text(1.0, 0.5, "a word that leaves the picture", in_layout=False)
        svg, _png = save(figure, tmp_path, "wide", title="", description="")
    page = tmp_path / "page.html"
    page.write_text(
        f'<body><img style="width:100%" src="data:image/svg+xml;base64,{base64.b64encode(svg.read_bytes()).decode()}">',
        encoding="utf-8",
    )
    with browser.screen(chromium, page, 390) as screen:
        (seen,) = screen.letters()
    assert seen["least"] < 5.0
    assert seen["cut"] == ["a word that leaves the picture"]


def legible(pictures: list[dict[str, Any]]) -> None:
    """No letter of a picture is smaller than nine pixels, and no word is cut off."""
    for number, picture in enumerate(pictures, 1):
        assert picture["texts"] > 10, f"figure {number} has no words to look at"
        assert picture["least"] >= MIN_SIZE, f"figure {number}"
        assert picture["cut"] == [], f"figure {number}"


def check(chromium: Any, lang: str, path: Path, width: int, pictures: int) -> None:
    """Language, headings, legible pictures, no request, nothing off screen, nothing that axe-core finds wrong."""
    with browser.screen(chromium, path, width) as screen:
        seen = screen.look()
        legible(screen.letters())
        assert screen.requests == []
        assert screen.violations() == []
    assert seen["lang"] == lang
    assert "Zuid-Limburg" in seen["title"]
    assert seen["headings"][0] == 1
    assert all(after - before <= 1 for before, after in zip(seen["headings"], seen["headings"][1:], strict=False))
    assert len(seen["images"]) == pictures
    assert all(natural > 100 and shown > 100 and alt > 40 for natural, shown, alt in seen["images"])
    assert seen["scroll"] <= seen["width"], "the page scrolls sideways"
    assert seen["outside"] == []
    assert seen["small"] == []
    assert seen["loose"] == [], "a link leads nowhere"
    assert seen["hidden"] == seen["cut"] == [], "a number of the table lies off screen"


@pytest.mark.parametrize("width", [390, 1280])
def test_names_of_folders_leave_room_for_numbers(chromium: Any, tmp_path: Path, width: int) -> None:
    """Jobs that ask the same are called by their folders, long names without a space."""
    gains = {"status_quo": 0.0, "regiobureau": 0.03, "provincial_steering_mandated": 0.06}
    folders = [Path(f"2026-11-29_{at}_031762") for at in ("202707", "202857")]
    found = jobs.beside((job(gains), job(gains)), folders, language("nl"))
    path = beside.write(found, beside.draw(found, tmp_path), tmp_path)
    check(chromium, "nl", path, width, pictures=2)


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_report_on_paper(lang: str, chromium: Any, tmp_path: Path) -> None:
    """Of a job with both foundings, as 'bresim compare' makes it."""
    both = synthetic_result.result(foundings=("vote", "at_once"))
    path = report.write(both, draw_all(both, tmp_path, lang), tmp_path, lang)
    with browser.screen(chromium, path, 1280) as screen:
        pages = screen.printed()
    on_paper(pages, {"nl": "Vergelijking van samenwerkingsvormen", "en": "Comparison of governance designs"}[lang])
    assert {"nl": "Inhoud", "en": "Contents"}[lang] in pages[0].text + pages[1].text
    assert "30 " + {"nl": "november", "en": "November"}[lang] + " 2026" in pages[-1].text


def test_several_jobs_on_paper(several: tuple[str, Path], chromium: Any) -> None:
    lang, path = several
    with browser.screen(chromium, path, 1280) as screen:
        pages = screen.printed()
    on_paper(pages, {"nl": "drie vergelijkingen naast elkaar", "en": "three comparisons beside each other"}[lang])
    assert {"nl": "Inhoud", "en": "Contents"}[lang] in pages[0].text


def test_eight_jobs_are_not_wider_than_paper(chromium: Any, tmp_path: Path) -> None:
    """Where a table is, a browser prints all pages smaller."""
    gains = {"status_quo": 0.0, "regiobureau": 0.03, "provincial_steering_mandated": 0.06}
    chosen = ("monitoring", "binding_agreements", "facilitation", "equal_partnership", "thinning", "cross_border_focus")
    results = [job(gains), job(gains, **strong()), *(job(gains, measures={name: 1.0}) for name in chosen)]
    found = jobs.beside(results, [Path(name) for name in "abcdefgh"], language("nl"))
    path = beside.write(found, [], tmp_path)
    with browser.screen(chromium, path, browser.PAPER) as screen:
        screen.page.emulate_media(media="print")
        seen = screen.look()
    assert seen["scroll"] <= seen["width"]
    assert seen["hidden"] == seen["outside"] == []


def on_paper(pages: list[browser.Paper], title: str) -> None:
    """A4, with a footer that says what it is and which page; no page but the last is half empty."""
    for number, page in enumerate(pages, 1):
        assert page.size == pytest.approx(browser.A4, abs=browser.CLOSE)
        assert f"{number} / {len(pages)}" in page.text
        assert title in page.text.replace("\n", " ")
    full = [page.full for page in pages]
    assert min(full[:-1]) >= 0.5, full


def test_without_a_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Skipped on a developer's machine; where a browser is demanded a missing one is a failure."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv(browser.DEMANDED, raising=False)
    with pytest.raises(pytest.skip.Exception, match="no Chromium or Chrome found"):
        browser.program()
    monkeypatch.setenv(browser.DEMANDED, "1")
    with pytest.raises(pytest.fail.Exception, match="no Chromium or Chrome found"):
        browser.program()


def test_what_is_wrong_is_seen(chromium: Any, tmp_path: Path) -> None:
    """A page with every fault that is looked for, so that none of the checks passes by looking at nothing."""
    page = tmp_path / "bad.html"
    page.write_text(
        """<!DOCTYPE html><html lang="en"><title>Bad</title><h1>One</h1><h3>Three</h3>
        <p style="color:#ccc;font-size:9px">pale and small <a href="#nowhere">link</a></p><img src="missing.png">
        <div class="scroll" style="width:100px;overflow:auto"><table style="width:300px"><td>a<td>b</table></div>
        <div class="scroll"><table><td style="display:block;width:20px">toolongtofit</table></div>
        <i id="a"></i><i id="a"></i><div style="width:3000px">wide</div></html>""",
        encoding="utf-8",
    )
    with browser.screen(chromium, page, 390) as screen:
        seen, rules = screen.look(), {told.split(":")[0] for told in screen.violations()}
        assert screen.requests == [(tmp_path / "missing.png").as_uri()]
        pages = screen.printed()
    assert seen["headings"] == [1, 3]
    assert seen["images"][0][0] == seen["images"][0][2] == 0
    assert seen["scroll"] > seen["width"]
    assert "DIV." in seen["outside"]
    assert seen["small"] == ["P.", "A."]
    assert (seen["loose"], seen["twice"], seen["hidden"]) == (["nowhere"], ["a"], ["a", "b"])
    assert seen["cut"] == ["toolongtofit"]
    assert {"color-contrast", "image-alt"} <= rules
    assert "pale and small" in pages[0].text
    assert pages[0].full < 0.3
