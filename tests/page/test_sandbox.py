"""The sandbox and the cards for a design, in a real browser: they answer, and what they save is what Python runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import browser
import numpy as np
import pytest
from web_page import Page

from bresim.config.schema import Undercurrent
from bresim.governance import load_design
from bresim.page import checks

REPORT = {"parochialism": 0.6, "cleavage": 0.6, "negativity": 0.6}
_RUN = """async () => {
  const engine = await bresim.load({workers: 1});
  const own = JSON.parse(new URLSearchParams(location.hash.slice(1)).get("own"));
  const batch = await engine.batch({
    region: "teaching", scenario: "history", designs: [own], foundings: ["vote", "at_once"],
    undercurrent: {parochialism: 0.6, cleavage: 0.6, negativity: 0.6}, first: 0, last: 12});
  engine.close();
  return [...batch.values];
}"""


def _go(screen: browser.Screen, file: Path, at: str, ready: str) -> Any:
    screen.page.goto("about:blank")
    screen.page.goto(f"{file.as_uri()}#v=1&at={at}&region=teaching")
    screen.page.wait_for_selector(ready, timeout=120_000)
    return screen.page


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("width", [1280, 390])
def test_both_sections_can_be_read_by_all(files: dict[str, Path], chromium: Any, lang: str, width: int) -> None:
    with browser.screen(chromium, files[lang], width) as screen:
        told: list[str] = []
        screen.page.on("console", lambda message: told.append(message.text))
        screen.page.on("pageerror", lambda error: told.append(str(error)))
        for at, ready in (("sandbox", ".answer[data-futures='1000']"), ("build", ".cards")):
            page = _go(screen, files[lang], at, ready)
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
            assert screen.violations() == []
            assert screen.small() == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert told == []


def test_a_slider_is_answered_by_keyboard_and_said_in_the_link(files: dict[str, Path], chromium: Any) -> None:
    with browser.screen(chromium, files["en"], 1280) as screen:
        page = _go(screen, files["en"], "sandbox", ".answer[data-futures='1000']")
        before = page.inner_text(".answer table")
        page.get_by_label("Own municipality first").focus()
        page.keyboard.press("Home")
        page.wait_for_selector(".section[aria-busy]")
        page.wait_for_selector(".section:not([aria-busy]) .answer[data-futures='1000']", timeout=120_000)
        assert page.inner_text(".answer table") != before
        browser.until(page, "location.hash.includes('knobs=0_0.6_0.6')")
        assert page.locator(".answer td", has_text=" to ").count() > 4, "a number stands without its interval"


def test_measures_are_moved_again_and_again(files: dict[str, Path], chromium: Any) -> None:
    """Today's way without them is known from before, in more futures than the first picture has."""
    with browser.screen(chromium, files["en"], 1280) as screen:
        page = _go(screen, files["en"], "sandbox", ".answer[data-futures='1000']")
        told = {page.inner_text(".answer table")}
        page.locator(".controls details summary").nth(1).click()
        slider = page.locator(".controls details").nth(1).locator("input[type=range]").first
        for value in ("100", "40", "100", "0"):
            slider.fill(value)
            page.wait_for_selector(".section:not([aria-busy]) .answer[data-futures='1000']", timeout=120_000)
            assert page.inner_text(".errors") == ""
            told.add(page.inner_text(".answer table"))
        assert len(told) == 3, "an answer is not that of its measure"


def test_a_fan_over_time_ends_where_python_ends_and_stops_for_a_new_choice(
    page: Page, files: dict[str, Path], chromium: Any
) -> None:
    config = page.worlds["teaching", "history"]
    designs = tuple(one for one in config.designs if one.name == "status_quo")
    config = config.model_copy(update={"designs": designs})
    value = np.asarray(checks.outcomes(config, Undercurrent(**REPORT), 0, 200))[0, 0]
    with browser.screen(chromium, files["en"], 1280) as screen:
        shown = _go(screen, files["en"], "sandbox", ".overtime figure")
        assert shown.locator(".overtime figure").count() == 2
        told = shown.inner_text(".overtime figure >> nth=0")
        ends = [float(one) for one in re.findall(r"([\d.]+)%", told.split("goes from")[1])[1:]]
        assert ends == pytest.approx(100 * np.quantile(value, [0.5, 0.05, 0.95]), abs=0.0501)
        shown.get_by_label("Own municipality first").focus()
        shown.keyboard.press("Home")
        assert shown.locator(".overtime figure").count() == 0
        shown.wait_for_selector(".overtime figure", timeout=120_000)
        assert shown.inner_text(".overtime figure >> nth=0") != told


def test_what_is_saved_gives_the_same_runs_in_python(
    page: Page, files: dict[str, Path], chromium: Any, tmp_path: Path
) -> None:
    with browser.screen(chromium, files["en"], 1280) as screen:
        shown = _go(screen, files["en"], "build", ".cards")
        shown.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        shown.get_by_label("Binding agreements").fill("77")
        assert "42%" in shown.inner_text(".caption >> nth=0")  # (0.77 + 10 * 0.05 + 0) / 3
        with shown.expect_download() as download:
            shown.get_by_role("button", name="Save as a file").click()
        download.value.save_as(tmp_path / "my_design.yaml")
        browser.until(shown, "location.hash.includes('0.77')")
        values = np.array(shown.evaluate(_RUN))
    design = load_design(tmp_path / "my_design.yaml")
    assert design.payoff.binding == 0.77
    config = page.worlds["teaching", "history"].model_copy(update={"designs": (design,)})
    wanted = np.asarray(checks.outcomes(config, Undercurrent(**REPORT), 0, 12))
    assert np.array_equal(values, wanted.ravel(), equal_nan=True)


def test_a_wrong_file_is_told_and_the_page_goes_on(files: dict[str, Path], chromium: Any) -> None:
    """That these are the words of Python, in both languages, is for test_words."""
    head = "label_nl: Mijn vorm\nlabel_en: Mine\n"
    wrong = {
        head + "payoff: {binding: 3}\nscope: {max_open: much}": [
            "x.yaml: payoff.binding: 3 is niet toegestaan; mag hoogstens 1 zijn",
            "x.yaml: scope.max_open: 'much' is niet toegestaan; moet een heel getal zijn",
        ],
        head + "payoff: {bindng: 0.3}": ["x.yaml: payoff.bindng: onbekende sleutel; bedoelt u 'binding'?"],
        "label_nl: [": ["x.yaml: is geen geldige YAML"],
    }
    with browser.screen(chromium, files["nl"], 390) as screen:
        page = _go(screen, files["nl"], "build", ".cards")
        said = page.locator(".said")

        def give(text: str) -> None:
            page.set_input_files(
                "input[type=file]", {"name": "x.yaml", "mimeType": "text/yaml", "buffer": text.encode()}
            )

        for text, sentences in wrong.items():
            give(text)
            said.get_by_text(sentences[0]).wait_for(timeout=10_000)
            told = said.locator("p").all_inner_texts()
            assert len(told) == len(sentences)
            assert all(one.startswith(sentence) for one, sentence in zip(told, sentences, strict=True))
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
        give(head + "payoff: {binding: 0.3}")
        said.get_by_text("x.yaml is geopend").wait_for(timeout=10_000)
        assert page.get_by_label("Bindende afspraken").input_value() == "30"
