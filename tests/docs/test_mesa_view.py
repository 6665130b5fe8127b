"""The view of a run in docs/python.md: started as a reader starts it, and used in a real browser."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import command
import pytest

from tests.fixtures.fenced import blocks

pytestmark = pytest.mark.slow

PAGE = command.ROOT / "docs" / "python.md"
#: Every warning is an error but those of others about others: Mesa 3.3 has a hook behind a return, Solara cookies
#: without https and a module of websockets of which the name is old.
WARNINGS = (
    "error", "ignore::UserWarning:solara.validate_hooks", "ignore::UserWarning:solara.server.starlette",
    "ignore:websockets.legacy is deprecated:DeprecationWarning",
)  # fmt: skip
#: Seconds until something must be there: a server that starts, a model that is set up, on a busy machine.
LONG = 120
#: Quarters of a second that both pictures stay as they are before they are taken for those of now.
STAYS = 8

#: Of each picture its width and the sum of its bytes.
_PICTURES = """async () => Promise.all([...document.images].map(async image => {
  await image.decode();
  const bytes = new Uint8Array(await (await fetch(image.src)).arrayBuffer());
  return [image.naturalWidth, bytes.reduce((sum, byte) => (sum * 31 + byte) % 2147483647, 7)];
}))"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address where the view answers, and the file with what the server says."""
    folder = tmp_path_factory.mktemp("view")
    (code,) = (block for block in blocks(PAGE, "python") if "SolaraViz" in block)
    (folder / "view.py").write_text(code, encoding="utf-8")
    (typed,) = re.findall(r"`(solara run [^`]+)`", PAGE.read_text(encoding="utf-8"))
    call = [sys.executable, "-u", "-m", *shlex.split(typed), "--host", "127.0.0.1", "--port", "0", "--no-open"]
    environment = command.environment(PYTHONWARNINGS=",".join(WARNINGS), SOLARA_TELEMETRY_MIXPANEL_ENABLE="False")
    said = folder / "said.txt"
    with said.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(call, cwd=folder, env=environment, stdout=out, stderr=subprocess.STDOUT)
        try:
            yield _address(process, said), said
        finally:
            process.terminate()
            process.wait(timeout=60)


def _address(process: subprocess.Popen[bytes], said: Path) -> str:
    end = time.monotonic() + LONG
    while time.monotonic() < end and process.poll() is None:
        if found := re.search(r"http://127\.0\.0\.1:\d+", said.read_text(encoding="utf-8")):
            return found[0]
        time.sleep(0.2)
    pytest.fail(f"solara did not start:\n{said.read_text(encoding='utf-8')}")


class View:
    """The page, from its first picture on. ``faults``: what the browser complained of, ``asked``: all it asked for."""

    def __init__(self, page: Any, address: str):
        self.page, self.faults, self.asked = page, list[str](), list[str]()
        page.set_default_timeout(1000 * LONG)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda line: self.faults.append(line.text) if line.type == "error" else None)
        page.on("request", lambda request: self.asked.append(request.url))
        while True:  # the server says its address shortly before it answers
            try:
                page.goto(address)
                break
            except Exception as error:
                if "ERR_CONNECTION_REFUSED" not in str(error):
                    raise
                page.wait_for_timeout(500)
        self.at(0)

    def at(self, step: int) -> None:
        """Wait until the page shows this step; Mesa 3.5 shows the time instead, which is that of the steps."""
        self.page.get_by_text(re.compile(rf"^(Step: {step}|Time: {step}\.0)$")).wait_for()

    def two_quarters(self) -> list[list[int]]:
        """The pictures after two steps: of one there is no line yet, only its axes."""
        shown = self.pictures()
        for step in (1, 2):
            self.press("Step")
            self.at(step)
            shown = self.pictures(unlike=shown)
        return shown

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()

    def pictures(self, unlike: list[list[int]] | None = None) -> list[list[int]]:
        """The two pictures, once they stay; waits until that of the lines, which no step leaves as it was, differs.

        Each picture comes on its own, after the number of the step: what is there first may be of the step before.
        """
        found, same = list[list[int]](), 0
        for _ in range(4 * LONG):
            before = found
            try:
                found = self.page.evaluate(_PICTURES)
            except Exception:  # a picture was replaced while it was read
                found = []
            ready = len(found) == 2 and not (unlike and found[1] == unlike[1])
            same = same + 1 if ready and found == before else 0
            if same == STAYS:
                return found
            self.page.wait_for_timeout(250)
        pytest.fail(f"the pictures stay {found}")


@pytest.fixture
def view(chromium: Any, server: tuple[str, Path]) -> Iterator[View]:
    page = chromium.new_page(viewport={"width": 1400, "height": 1000})
    try:
        yield View(page, server[0])
    finally:
        page.close()


def test_the_view_of_the_guide_goes_through_a_run(view: View, server: tuple[str, Path]) -> None:
    page, (address, said) = view.page, server
    for label in ("Design", "Parochialism", "Cleavage", "Negativity", "Replicate"):
        assert page.locator(".v-input", has_text=label).is_visible(), label
    first = view.pictures()
    assert all(width > 300 for width, _ in first)
    later = view.two_quarters()

    # reset begins the same run again, or another one where something else was chosen
    view.press("Reset")
    view.at(0)
    assert view.pictures(unlike=later) == first
    assert view.two_quarters() == later
    page.locator(".v-input", has_text="Cleavage").get_by_role("slider").press("End")
    view.press("Reset")
    view.at(0)
    assert all(ours != theirs for ours, theirs in zip(view.two_quarters(), later, strict=True))

    assert view.faults == []
    assert [url for url in view.asked if not url.startswith((address, f"blob:{address}", "data:"))] == []
    assert page.locator(".v-alert").count() == 0
    assert "Traceback" not in said.read_text(encoding="utf-8")
