"""The guides for educators followed to the letter in a real browser: every click is there, and what is said is seen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import browser
import pytest
from guides import GUIDES, Step, steps

from experiments.lessons import language_of

WAIT = 120_000
FOLLOWED = [path for path in GUIDES if steps(path.read_text(encoding="utf-8"))]


def part(page: Any, step: Step) -> Any:
    """Where a step is done: the whole page, or its part with a heading."""
    if not step.within:
        return page
    return page.locator("section", has=page.get_by_role("heading", name=step.within, exact=True))


def click(page: Any, step: Step) -> None:
    """A click that comes again waits for what the last one did: a page that is busy takes none, as a reader sees."""
    for number in range(step.value):
        before = page.inner_text("main")
        part(page, step).get_by_role("button", name=step.terms[0], exact=True).first.click(timeout=WAIT)
        for _ in range(WAIT // 50 if number + 1 < step.value else 0):
            if page.inner_text("main") != before:
                break
            page.wait_for_timeout(50)


def choose(page: Any, step: Step) -> None:
    option, label = step.terms
    part(page, step).get_by_label(label, exact=True).first.select_option(label=option, timeout=WAIT)


def expand(page: Any, step: Step) -> None:
    page.locator("summary").get_by_text(step.terms[0], exact=True).click(timeout=WAIT)


def tick(page: Any, step: Step) -> None:
    part(page, step).get_by_label(step.terms[0], exact=True).check(timeout=WAIT)


def slide(page: Any, step: Step) -> None:
    part(page, step).get_by_label(step.terms[0], exact=True).fill(str(step.value), timeout=WAIT)


def see(page: Any, step: Step) -> None:
    for term in step.terms:
        page.get_by_text(term).locator("visible=true").first.wait_for(timeout=WAIT)


DO: dict[str, Callable[[Any, Step], None]] = {
    "click": click, "choose": choose, "open": expand, "tick": tick, "set": slide, "see": see,
}  # fmt: skip


@pytest.mark.parametrize("guide", FOLLOWED, ids=lambda path: path.stem)
def test_a_guide_can_be_followed(chromium: Any, files: dict[str, Path], guide: Path) -> None:
    text, lang = guide.read_text(encoding="utf-8"), language_of(guide)
    asked = steps(text)
    assert {step.kind for step in asked} >= {"click", "see"}
    with browser.screen(chromium, files["nl"], 1280) as screen:
        told: list[str] = []
        screen.page.on("pageerror", lambda error: told.append(str(error)))
        screen.page.add_init_script("window.print = () => {}")
        screen.page.reload()
        for step in asked:
            try:
                DO[step.kind](screen.page, step)
            except Exception as error:
                pytest.fail(f"{guide.name}: {step}: {str(error).splitlines()[0]}")
        assert screen.page.evaluate("document.documentElement.lang") == lang
        assert told == []
