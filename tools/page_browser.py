"""Times of a page in a real Chromium, as a visitor meets them: ``python tools/page_browser.py PAGE`` prints them.

A page as ``bresim page`` writes it, opened from the disk. Its workers are as many as the page takes: two on two cores.
"""

from __future__ import annotations

import shutil
import statistics
import sys
from pathlib import Path
from typing import Any

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 120_000  # milliseconds
#: Positions of the slider, in percent, each one that was not asked before.
POSITIONS = range(11, 100, 8)

#: When the first map is on the screen, in milliseconds since the page was asked for.
FIRST = """
window.firstPicture = new Promise((resolve, reject) => {
  const look = () => document.querySelector("svg.map .name")
    ? requestAnimationFrame(() => resolve(performance.now()))
    : performance.now() > %d ? reject(new Error("no map")) : requestAnimationFrame(look);
  requestAnimationFrame(look);
});
"""
#: Moves a slider; how many futures the first answer has and milliseconds until it is on the screen, and of the last.
MOVE = """async value => {
  const input = document.querySelector(".controls input[type=range]"), answer = document.querySelector(".answer");
  const start = performance.now();
  const shown = ready => new Promise((resolve, reject) => {
    const look = () => requestAnimationFrame(() => ready() ? resolve(performance.now())
      : performance.now() - start > %d ? reject(new Error("no answer")) : look());
    look();
  });
  delete answer.dataset.futures;
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  const first = await shown(() => answer.dataset.futures) - start, futures = Number(answer.dataset.futures);
  const last = await shown(() => !answer.closest("[aria-busy]")) - start;
  return [futures, first, Number(answer.dataset.futures), last];
}"""
#: Futures of the first answer and of the last; a page on a slow machine takes fewer.
FIRST_FUTURES, ALL_FUTURES = 200, 1000


def available() -> str | None:
    """The path of a Chromium or Chrome that can be steered from here, if there is one."""
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return None
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


def measure(file: Path, program: str) -> dict[str, float]:
    """Seconds, by what took them: medians of openings, and of a slider's positions."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            pictures = [_first_picture(browser, file) for _ in range(5)]
            answers = _answers(browser, file)
        finally:
            browser.close()
    # an answer of fewer futures, as a page gives on a slow machine, took too long for all of them
    first = [time if futures == FIRST_FUTURES else float("inf") for futures, time, *_ in answers]
    every = [time if futures == ALL_FUTURES else float("inf") for *_, futures, time in answers]
    times = {"picture": pictures, "slider": first, "all": every}
    return {name: statistics.median(found) / 1000 for name, found in times.items()}


def _first_picture(browser: Any, file: Path) -> float:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    try:
        page.add_init_script(FIRST % PATIENCE)
        page.goto(file.as_uri())
        return float(page.evaluate("window.firstPicture"))
    finally:
        page.close()


def _answers(browser: Any, file: Path) -> list[list[float]]:
    """What ``MOVE`` says of each position after the first, which warms up."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    try:
        page.goto(f"{file.as_uri()}#v=1&at=sandbox")
        page.wait_for_selector(".section:not([aria-busy]) .answer[data-futures]", timeout=PATIENCE)
        found = []
        for position in POSITIONS:
            page.wait_for_selector(".overtime svg", timeout=PATIENCE)  # what an answer is followed by
            found.append(page.evaluate(MOVE % PATIENCE, str(position)))
        return found[1:]
    finally:
        page.close()


if __name__ == "__main__":
    print(measure(Path(sys.argv[1]).resolve(), available() or sys.exit("no Chromium, or no playwright")))
