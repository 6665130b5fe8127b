"""The story of the page in a real browser: every scene, screen and phone, both languages, and the keyboard."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import browser
import pytest
from PIL import Image, ImageChops, ImageFilter
from web_page import Page

from bresim.page.document import document

SCENES = range(1, 8)
WAIT = 120_000
#: Words that only one language has.
WORDS = {
    "nl": ("Wie gelooft u op zijn woord?", "Dit is geen voorspelling."),
    "en": ("Whom do you trust?", "This is no forecast."),
}


TOLD = "[...document.querySelectorAll('.caption')].some(one => one.textContent.length > 40)"


def play(page: Any, scene: int) -> None:
    """Go to a scene and do what it asks, until its sentence stands there."""
    page.click(f".steps button:nth-child({scene})")
    if scene == 2:
        while not page.locator(".tries li").count():
            page.locator(".stage .choices button:enabled").first.click(timeout=WAIT)
            browser.until(page, "document.querySelector('.choices button:enabled') !== null")
    elif scene == 3:
        page.locator(".choices button").nth(1).click(timeout=WAIT)
        page.locator(".choices button").first.click(timeout=WAIT)
    elif scene == 4:
        page.locator(".choices button:enabled").first.click(timeout=WAIT)
    elif scene == 5:
        page.locator(".predict button").click(timeout=WAIT)
        browser.until(page, "document.querySelector('.predict .note').textContent !== ''")  # nothing was predicted yet
        predict(page)
        page.locator(".player button").nth(3).click(timeout=WAIT)
        page.wait_for_selector(".sure summary", timeout=WAIT)
        on_phone = page.viewport_size["width"] < 640
        assert page.locator(".sure details").evaluate("one => one.open") != on_phone, "folded just on a phone"
        if on_phone:
            page.click(".sure summary")
        assert page.locator(".sure td").last.is_visible()
    elif scene == 6:
        page.locator(".slide input").fill("40")
        page.locator("input[name=more]").first.check()
        page.click(".choices button")
        page.wait_for_selector(".answer table", timeout=WAIT)
    browser.until(page, TOLD)


def predict(page: Any) -> None:
    """Give the predictions that scene 5 asks, and open its film."""
    for guess in page.locator(".predict input").all():
        guess.fill("7")
    browser.until(page, "document.querySelector('.predict .note').textContent === ''")
    page.locator(".predict button").click(timeout=WAIT)


@pytest.mark.parametrize(("lang", "width"), [("nl", 1280), ("nl", 390), ("en", 390)])
def test_every_scene_plays(chromium: Any, files: dict[str, Path], lang: str, width: int) -> None:
    """Nothing is asked of a network, nothing goes wrong, all fits and axe-core finds nothing."""
    with browser.screen(chromium, files["nl"], width) as screen:
        told: list[str] = []
        screen.page.on("console", lambda message: told.append(message.text))
        screen.page.on("pageerror", lambda error: told.append(str(error)))
        screen.page.wait_for_selector(".steps", timeout=WAIT)
        screen.page.click(f".languages [lang={lang}]")
        assert screen.page.inner_text("h2").endswith(WORDS[lang][0])
        for scene in SCENES:
            play(screen.page, scene)
            seen = screen.look()
            assert seen["lang"] == lang
            assert seen["scroll"] <= seen["width"], f"scene {scene} scrolls sideways"
            assert seen["small"] == seen["twice"] == []
            assert screen.violations() == [], f"scene {scene}"
            assert screen.small() == [], f"scene {scene} has something too small to touch"
        assert screen.page.inner_text(".caption").startswith(WORDS[lang][1])
        assert [url for url in screen.requests if not url.startswith("blob:")] == []
        assert told == []


def test_by_keyboard_and_by_link(chromium: Any, files: dict[str, Path]) -> None:
    """A town is chosen with the arrows and stands in the link, which brings it back in the other language."""
    with browser.screen(chromium, files["nl"], 1280) as screen:
        page = screen.page
        browser.until(page, TOLD)
        before = page.inner_text(".caption")
        page.focus("[role=radio][tabindex='0']")
        page.keyboard.press("ArrowRight")
        browser.until(page, f"document.querySelector('.caption').textContent !== {json.dumps(before)}")
        town = page.evaluate("document.activeElement.getAttribute('aria-label')")
        assert page.evaluate("document.activeElement.getAttribute('aria-checked')") == "true"
        browser.until(page, "location.hash.includes('town=')")
        link = page.evaluate("location.hash")
        page.evaluate("hash => { location.hash = hash }", link.replace("lang=nl&", "") + "&lang=en")
        browser.until(page, f"document.documentElement.lang === 'en' && {TOLD}")
        assert page.inner_text(".caption").startswith(town.split(":")[0])
        page.evaluate("location.hash = '#v=99&scene=5'")
        page.wait_for_selector(".errors p", timeout=WAIT)
        assert "another version of the page" in page.inner_text(".errors")
        assert page.get_attribute(".steps button:first-child", "aria-current") is not None


#: Shows or hides a part of the map.
SHOW = """([part, shown]) => document.querySelectorAll(".map " + part).forEach(one => {
  one.style.setProperty("visibility", shown ? "visible" : "hidden");
})"""
#: Where names beside their circle stand in the map, in pixels.
NAMES = """() => {
  const map = document.querySelector(".map").getBoundingClientRect();
  return [...document.querySelectorAll(".map .name:not(.inside)")].map(one => one.getBoundingClientRect())
    .map(box => [box.left - map.left, box.top - map.top, box.right - map.left, box.bottom - map.top].map(Math.round));
}"""


def crossed(page: Any) -> int:
    """How many pixels next to letters of names are another colour for the lines of the map."""
    with_lines = _map(page)
    page.evaluate(SHOW, [".lines", False])
    without = _map(page)
    page.evaluate(SHOW, [".lines", True])
    moved = ImageChops.difference(with_lines, without).convert("L").point(lambda level: 255 * (level > 16))
    near = without.convert("L").filter(ImageFilter.MinFilter(3)).point(lambda level: 255 * (level < 128))
    hit = ImageChops.darker(moved, near)
    return sum(hit.crop(box).histogram()[255] for box in page.evaluate(NAMES))


def _map(page: Any) -> Image.Image:
    return Image.open(io.BytesIO(page.locator(".map").first.screenshot())).convert("RGB")


@pytest.mark.parametrize("width", [1280, 390])
def test_no_line_of_the_map_runs_through_a_name(chromium: Any, files: dict[str, Path], width: int) -> None:
    with browser.screen(chromium, files["nl"], width) as screen:
        page = screen.page
        browser.until(page, TOLD)
        browser.until(page, "document.querySelectorAll('.map line').length > 8")
        page.evaluate(SHOW, [".place", False])
        assert crossed(page) == 0
        page.evaluate(SHOW, [".halos", False])
        assert crossed(page) > 100, "no line comes near a name, so the check sees nothing"


def kept_or_broken(chromium: Any, file: Path, link: str) -> tuple[str, float]:
    """The town of scene 3, and by how many points the trust in it differs between keeping and breaking."""
    with browser.screen(chromium, file, 1280) as screen:
        page = screen.page
        page.goto("about:blank")
        page.goto(f"{file.as_uri()}#v=1&lang=en&scene=3{link}")
        for _ in range(2):
            page.locator(".choices button").last.click(timeout=WAIT)
        browser.until(page, "document.querySelector('.lesson').textContent !== ''")
        found = re.search(r"trust in you is ([\d.]+) points (higher|lower)", page.inner_text(".lesson"))
        assert found is not None
        town = page.evaluate("document.querySelector('.field select').selectedOptions[0].textContent")
        return town, float(found[1]) * (1 if found[2] == "higher" else -1)


def test_a_promise_is_of_the_town_where_the_choice_shows_most(
    page: Page, chromium: Any, files: dict[str, Path], tmp_path: Path
) -> None:
    """Without a town of the visitor's own; also in a region in which few stay out of a promise."""
    town, points = kept_or_broken(chromium, files["nl"], "")
    names = [one["name"] for one in page.content.catalogue["regions"][0]["municipalities"]]
    for other in [one for one in ("Stein", "Vaals", "Landgraaf") if one != town][:2]:
        assert kept_or_broken(chromium, files["nl"], f"&town={names.index(other)}")[1] < points
    first, second, *_ = page.content.catalogue["regions"]
    catalogue = {**page.content.catalogue, "regions": [second, first]}
    small = tmp_path / "small.html"
    small.write_text(document(replace(page.content, catalogue=catalogue), page.modules, "en"), encoding="utf-8")
    town, points = kept_or_broken(chromium, small, "")
    assert town in {one["name"] for one in second["municipalities"]}
    assert points > 0


def test_the_film_agrees_with_the_outcomes(chromium: Any, files: dict[str, Path]) -> None:
    """What the page counts from events up to the last quarter is what the model itself counts at the end."""
    with browser.screen(chromium, files["nl"], 1280) as screen:
        screen.page.wait_for_selector(".steps", timeout=WAIT)
        play(screen.page, 5)
        shown = screen.page.evaluate(
            "[...document.querySelectorAll('.world')]"
            ".map(one => [...one.querySelectorAll('dd')].map(dd => dd.textContent))"
        )
        counted = screen.page.evaluate("""async () => {
          const engine = await bresim.load(), { undercurrents, regions, scenarios } = engine.catalogue;
          const means = [];
          for (const name of ["absent", "strong"]) {
            const batch = await engine.batch({ region: regions[0].name, scenario: scenarios[0].name,
              designs: ["regiobureau"],
              undercurrent: undercurrents.find(one => one.name === name).knobs,
              foundings: ["vote"], first: 0, last: 100 });
            // the film has one future of each parameter set
            const mean = outcome => bresim.statistics.mean(
              bresim.statistics.column(batch, outcome, 0).filter((_, at) => at % 5 === 0));
            means.push([mean("agreements"), mean("deadlocks"), mean("completed"), 100 * mean("public_value_regional")]);
          }
          engine.close();
          return means;
        }""")
    for world, means in zip(shown, counted, strict=True):
        numbers = [float(text.replace("%", "").replace(",", ".")) for text in world]
        assert numbers == pytest.approx(means, abs=0.0501)
        assert any(number > 1 for number in numbers)


#: Presses a button of the film by its number: was it marked as leading nowhere, how much changed in the scene, in what
#: it shows or in its attributes, and where does the film then stand?
PRESS = """async number => {
  const button = document.querySelectorAll(".player button")[number], seen = [];
  const watch = new MutationObserver(records => seen.push(...records));
  watch.observe(document.querySelector(".stage"),
    { subtree: true, childList: true, characterData: true, attributes: true });
  const marked = button.getAttribute("aria-disabled");
  button.click();
  await new Promise(resolve => setTimeout(resolve, 50));
  watch.disconnect();
  return [marked, seen.length, document.querySelector(".player input").value];
}"""
#: Plays and presses the step back at once, while the first quarter is still shown.
BACK_AT_ONCE = """() => {
  const [play, back] = document.querySelectorAll(".player button"), rest = play.textContent;
  play.click();
  const playing = play.textContent;
  back.click();
  return [rest, playing, play.textContent, back.getAttribute("aria-disabled")];
}"""
PLAY, BACK, ON, END = range(4)
AT = "document.querySelector('.player input').value"


def test_a_button_of_the_film_that_leads_nowhere_does_nothing(chromium: Any, files: dict[str, Path]) -> None:
    with browser.screen(chromium, files["nl"], 1280) as screen:
        page = screen.page
        page.click(".steps button:nth-child(5)", timeout=WAIT)
        page.wait_for_selector(".predict input", timeout=WAIT)
        predict(page)
        page.wait_for_selector(".player", timeout=WAIT)
        last = page.get_attribute(".player input", "max")
        assert page.evaluate(PRESS, BACK) == ["true", 0, "0"]
        marked, changed, at = page.evaluate(PRESS, ON)
        assert (marked, at) == ("false", "1")
        assert changed > 0, "the watch sees nothing"
        assert page.evaluate(PRESS, BACK)[2] == "0"
        page.locator(".player select").select_option(index=0)
        rest, playing, after, marked = page.evaluate(BACK_AT_ONCE)
        assert marked == "true"
        assert rest != playing == after, "it stops the film"
        browser.until(page, f"{AT} !== '0'")
        page.evaluate(PRESS, END)
        page.wait_for_selector(".sure details", timeout=WAIT)  # what the end brings has come
        assert page.evaluate(PRESS, ON) == ["true", 0, last]
        assert page.evaluate(PRESS, BACK)[2] == str(int(last) - 1)
