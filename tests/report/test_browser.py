"""The report in a real browser, if there is one: language, headings, pictures, requests, a narrow screen."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bresim import report
from bresim.common.text import language
from bresim.plots import differences, regional
from bresim.plots.style import styled
from bresim.plots.view import View
from bresim.results import Result

BROWSER = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--virtual-time-budget=8000", "--dump-dom",
)  # fmt: skip
#: The report allows no script of its own, so a page around it looks into it.
LOOK = """
<script>
const frame = document.querySelector("iframe");
frame.addEventListener("load", async () => {
  const page = frame.contentDocument, root = page.documentElement, images = [...page.images];
  await Promise.all(images.map(image => image.decode().catch(() => null)));
  document.querySelector("pre").textContent = JSON.stringify({
    lang: root.lang,
    title: page.title,
    headings: [...page.querySelectorAll("h1,h2,h3,h4,h5,h6")].map(h => Number(h.tagName[1])),
    images: images.map(image => [image.naturalWidth, image.getBoundingClientRect().height, image.alt.length]),
    width: root.clientWidth,
    scroll: root.scrollWidth,
    outside: [...page.querySelectorAll("body *")]
      .filter(e => !e.closest(".scroll") && !e.matches(".skip"))
      .filter(e => e.getBoundingClientRect().right > root.clientWidth + 1)
      .map(e => e.tagName + "." + e.className),
    requests: frame.contentWindow.performance.getEntriesByType("resource").map(entry => entry.name)
      .filter(name => !name.startsWith("data:")),
    hidden: [...page.querySelectorAll("th[scope=row], td")]
      .filter(e => e.getBoundingClientRect().right > e.closest(".scroll").getBoundingClientRect().right + 1)
      .map(e => e.textContent),
    small: [...page.querySelectorAll("p,li,dd,td")].filter(e => parseFloat(getComputedStyle(e).fontSize) < 12).length,
  });
});
</script>
"""


@pytest.fixture(scope="module", params=["nl", "en"])
def text(request: pytest.FixtureRequest, made: Result, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    if BROWSER is None:
        pytest.skip("no Chromium or Chrome found to open the report in")
    out = tmp_path_factory.mktemp("browser")
    view = View(made, language(request.param))
    with styled():
        figures = [figure for module in (differences, regional) if (figure := module.draw(view, out))]
    return request.param, report.write(made, figures, out, request.param).read_text("utf-8")


def look(text: str, width: int, folder: Path) -> dict[str, Any]:
    """Open the report in a frame ``width`` pixels wide and measure it."""
    around = folder / "around.html"
    frame = f'<iframe style="width:{width}px;height:900px;border:0" srcdoc="{html.escape(text)}"></iframe>'
    around.write_text(f'<!DOCTYPE html><meta charset="utf-8"><body><pre></pre>{frame}{LOOK}', encoding="utf-8")
    done = subprocess.run(
        [str(BROWSER), *FLAGS, f"--user-data-dir={folder / 'profile'}", around.as_uri()],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    found = re.search(r"<pre>(.*?)</pre>", done.stdout, re.DOTALL)
    assert found, done.stderr[-2000:]
    assert found[1], "the page did not load"
    return dict(json.loads(html.unescape(found[1])))


@pytest.mark.parametrize("width", [380, 420, 1200])
def test_the_page_in_a_browser(text: tuple[str, str], width: int, tmp_path: Path) -> None:
    lang, page = text
    seen = look(page, width, tmp_path)
    assert seen["lang"] == lang
    assert "Zuid-Limburg" in seen["title"]
    assert seen["headings"][0] == 1
    assert all(after - before <= 1 for before, after in zip(seen["headings"], seen["headings"][1:], strict=False))
    assert len(seen["images"]) == 2
    assert all(natural > 100 and shown > 100 and alt > 40 for natural, shown, alt in seen["images"])
    assert seen["requests"] == []
    assert seen["scroll"] <= seen["width"], "the page scrolls sideways"
    assert seen["outside"] == []
    assert seen["small"] == 0
    assert seen["hidden"] == [], "a number of the table lies off screen"
