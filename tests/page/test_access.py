"""Every part of the page by keyboard alone, without motion where that is asked, readable in each language and size.

What comes of playing each part is looked at in the tests of that part; here every part is looked at as it begins.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import browser
import pytest

WAIT = 120_000
SECTIONS = {"story": ".stage", "sandbox": ".answer[data-futures='1000']", "build": ".cards", "workshop": ".workshop"}
#: Runs before the page: notes what listens to a pointer.
LISTENING = """
window.listening = new Set();
const add = EventTarget.prototype.addEventListener;
EventTarget.prototype.addEventListener = function (kind, ...more) {
  if (["click", "pointerdown", "pointerup", "mousedown", "mouseup", "dblclick"].includes(kind)) listening.add(this);
  return add.call(this, kind, ...more);
};
"""
#: What a visitor can use and the browser can focus; of radio buttons the one that is chosen, or the first.
_USABLE = """() => {
  const shown = one => one.getClientRects().length > 0 && getComputedStyle(one).visibility !== "hidden";
  const usable = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
    .filter(one => !one.disabled && shown(one));
  const group = one => usable.filter(other => other.type === "radio" && other.name === one.name);
  const turn = one => group(one).find(other => other.checked) ?? group(one)[0];
  const before = window.wanted ?? [];
  window.wanted = usable.filter(one => one.type !== "radio" || one === turn(one));
  return [wanted.length, before.length === wanted.length && before.every((one, at) => one === wanted[at])];
}"""
#: The number of the element that has the focus among those, and whether it can be seen that it has.
_FOCUSED = """() => {
  const one = document.activeElement, mark = one.querySelector(".touch") ?? one, style = getComputedStyle(mark);
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const seen = outlined || (mark !== one && parseFloat(style.strokeWidth) >= 2);
  return [wanted.indexOf(one), seen, one.outerHTML.slice(0, 100)];
}"""
_TO_THE_TOP = """() => {
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
}"""
_DEAF = """() => [...listening].filter(one => one instanceof Element && one.isConnected)
  .filter(one => !one.matches("a[href], button, input, select, summary, label, [role][tabindex]"))
  .map(one => one.outerHTML.slice(0, 100))"""


def visit(page: Any, file: Path, link: str, ready: str) -> None:
    page.goto("about:blank")
    page.goto(f"{file.as_uri()}#v=1&{link}")
    page.wait_for_selector(ready, timeout=WAIT)
    page.wait_for_selector(".status[data-same=true]", timeout=WAIT)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")


def tabbed(page: Any) -> None:
    """Press Tab through all of a page: everything that can be used is met, and seen to be met."""
    for _ in range(100):
        wanted, _same = page.evaluate(_USABLE)
        missed = met_by_tab(page, wanted)
        if page.evaluate(_USABLE)[1]:  # nothing came up meanwhile
            assert not missed, f"not met: {missed}"
            assert wanted > 8
            return
    pytest.fail("the page does not come to rest")


def met_by_tab(page: Any, wanted: int) -> list[str]:
    """What Tab does not meet."""
    page.evaluate(_TO_THE_TOP)
    met = set()
    for _ in range(wanted + 5):
        page.keyboard.press("Tab")
        at, seen, html = page.evaluate(_FOCUSED)
        if at < 0 or at in met:  # the end, or a list that has become another
            break
        assert seen, f"no focus is seen on {html}"
        met.add(at)
    return list(
        page.evaluate("met => wanted.filter((_, at) => !met.includes(at)).map(one => one.outerHTML)", sorted(met))
    )


@pytest.mark.parametrize("section", SECTIONS)
def test_all_of_it_is_reached_by_keyboard(files: dict[str, Path], chromium: Any, section: str) -> None:
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    try:
        page.add_init_script(LISTENING)
        for scene in range(1, 8) if section == "story" else (0,):
            link = f"scene={scene}" if scene else f"at={section}&region=teaching"
            visit(page, files["nl"], link, SECTIONS[section])
            tabbed(page)
            assert page.evaluate("listening.size") > 5
            assert page.evaluate(_DEAF) == []
    finally:
        page.close()


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("<button style='outline: none'>9</button>", "no focus is seen"),
        ("<button onfocus='this.blur()'>9</button>", "not met"),
    ],
)
def test_what_a_keyboard_cannot_do_is_seen(chromium: Any, tmp_path: Path, body: str, what: str) -> None:
    """So that the test above does not pass by looking at nothing."""
    file = tmp_path / "bad.html"
    buttons = "".join(f"<button>{at}</button>" for at in range(9))
    listener = "document.querySelector('div').addEventListener('click', () => null)"
    style = "<style>:focus-visible { outline: 3px solid }</style>"
    file.write_text(f"<!doctype html>{style}{buttons}{body}<div>click me</div><script>{listener}</script>")
    page = chromium.new_page()
    try:
        page.add_init_script(LISTENING)
        page.goto(file.as_uri())
        with pytest.raises(AssertionError, match=what):
            tabbed(page)
        assert page.evaluate(_DEAF) == ["<div>click me</div>"]
    finally:
        page.close()


@pytest.mark.parametrize(("lang", "width"), [("nl", 1280), ("en", 1280), ("nl", 390), ("en", 390)])
def test_every_part_can_be_read_by_all(files: dict[str, Path], chromium: Any, lang: str, width: int) -> None:
    with browser.screen(chromium, files["nl"], width) as screen:
        for section in ("story", "workshop"):
            visit(screen.page, files["nl"], f"at={section}&lang={lang}", SECTIONS[section])
            seen = screen.look()
            assert seen["lang"] == lang
            assert seen["scroll"] <= seen["width"]
            assert seen["outside"] == seen["small"] == seen["twice"] == []
            assert screen.small() == []
            assert screen.violations() == []


#: What moves by itself: how long transitions and animations last, in seconds.
MOVING = """() => {
  const seconds = text => text.split(",").map(parseFloat);
  const longest = Math.max(...[...document.querySelectorAll(".page, .page *")].map(one => getComputedStyle(one))
    .flatMap(style => [...seconds(style.transitionDuration), ...seconds(style.animationDuration)]));
  return [longest, document.getAnimations().length];
}"""


@pytest.mark.parametrize("asked", ["reduce", "no-preference"])
def test_without_motion_the_story_plays_all_the_same(files: dict[str, Path], chromium: Any, asked: str) -> None:
    page = chromium.new_page(viewport={"width": 390, "height": 900}, reduced_motion=asked)
    try:
        visit(page, files["nl"], "scene=5", ".predict button")
        for guess in page.locator(".predict input").all():
            guess.fill("7")
        page.click(".predict button")
        page.locator(".player select").select_option(index=3, timeout=WAIT)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        page.locator(".player button").first.click()
        moving, at = [], []
        while len(at) < 8 or (at[-1] == at[0] and len(at) < 100):
            page.wait_for_timeout(100)
            moving.append(page.evaluate(MOVING))
            at.append(int(page.locator(".player input[type=range]").input_value()))
        assert at[-1] > at[0], "the film does not play"
        if asked == "reduce":
            assert all(one == [0, 0] for one in moving)
        else:
            assert max(longest for longest, _ in moving) > 0, "nothing moves, so the check sees nothing"
        page.locator(".player button").nth(3).click()
        page.wait_for_selector(".lesson ul", timeout=WAIT)
    finally:
        page.close()
