"""The whole page in Chromium and in Firefox, from a disk and from a host with a strict policy: the same everywhere.

The same steps are taken in each browser, by keyboard. The numbers must be those of Python bit for bit, what the page
shows must be the same everywhere, and nothing may be asked of a network, kept, or said in the console.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from web_page import Page, made

from tests.fixtures.firefox import Firefox
from tests.fixtures.tab import ChromiumTab, Tab, until
from tests.fixtures.web_server import Server

FUTURES = 30
#: Runs before the page: whatever a policy forbids is written down.
WATCH = """() => {
  window.forbidden = [];
  addEventListener("securitypolicyviolation", told => forbidden.push(`${told.violatedDirective} ${told.blockedURI}`));
}"""
#: A batch over two workers as bytes: JSON would not keep every bit.
BATCH = """async (futures) => {
  const engine = await bresim.load({ workers: 2 });
  const made = await engine.batch({ region: "teaching", scenario: "history",
    undercurrent: { parochialism: 0.3, cleavage: 0.9, negativity: 0.55 },
    designs: engine.catalogue.designs.map(one => one.name), foundings: ["vote", "at_once"], first: 0, last: futures });
  engine.close();
  return btoa(Array.from(new Uint8Array(made.values.buffer), byte => String.fromCharCode(byte)).join(""));
}"""
KEPT = """async () => {
  const found = [["cookies", document.cookie.length], ["local", localStorage.length]];
  found.push(["session", sessionStorage.length], ["databases", (await indexedDB.databases()).length]);
  if (isSecureContext && location.protocol !== "file:") found.push(["caches", (await caches.keys()).length]);
  return found.filter(([, count]) => count > 0);
}"""
FETCHED = (
    "() => performance.getEntriesByType('resource').map(one => one.name).filter(one => !/^(blob|data):/.test(one))"
)
TOLD = "() => [...document.querySelectorAll('.caption')].map(one => one.textContent).find(one => one.length > 40)"


@pytest.fixture(params=["chromium", "fox"])
def tab(request: pytest.FixtureRequest) -> Iterator[Tab]:
    browser: Any = request.getfixturevalue(request.param)
    opened: Tab = browser.tab(script=WATCH) if isinstance(browser, Firefox) else ChromiumTab(browser, script=WATCH)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def shown() -> dict[str, list[str]]:
    """What each visit showed: all must show the same."""
    return {}


def enter(tab: Tab, selector: str) -> None:
    """Go to the first such element that can be used, and press Enter on it."""
    until(
        tab,
        """selector => {
          const found = [...document.querySelectorAll(selector)].find(one => !one.disabled);
          found?.focus();
          return found !== undefined && document.activeElement === found;
        }""",
        selector,
    )
    tab.press("Enter")


def visit(tab: Tab, url: str) -> list[str]:
    """Start the page, play the first scenes, follow a link to the sandbox and turn a knob; what it said at each."""
    tab.go(url)
    said = [until(tab, "() => document.querySelector('.status[data-same=true]')?.textContent"), until(tab, TOLD)]
    enter(tab, ".steps button:nth-child(2)")
    while not tab.ask("() => document.querySelectorAll('.tries li').length"):
        enter(tab, ".stage .choices button")
        until(tab, "() => document.querySelector('.stage .choices button:enabled') !== null")
    said.append(tab.ask(TOLD))
    enter(tab, ".steps button:nth-child(3)")
    enter(tab, ".stage .choices button:nth-child(2)")
    said.append(until(tab, TOLD))
    tab.ask("() => { location.hash = '#v=1&at=sandbox&region=teaching' }")
    until(tab, "() => document.querySelector('.sandbox:not([aria-busy]) .answer[data-futures=\"1000\"]') !== null")
    before = tab.ask("() => document.querySelector('.answer table').textContent")
    tab.ask("() => document.querySelector('.sandbox input[type=range]').focus()")
    tab.press("Home")
    said.append(
        until(
            tab,
            """before => {
              const now = document.querySelector('.sandbox:not([aria-busy]) .answer[data-futures="1000"] table');
              return now !== null && now.textContent !== before && now.textContent;
            }""",
            before,
        )
    )
    return said


@pytest.mark.parametrize("place", ["disk", "host"])
def test_the_whole_page(
    tab: Tab, place: str, page: Page, files: dict[str, Path], server: Server, shown: dict[str, list[str]]
) -> None:
    asked = len(server.asked)
    url = files["nl"].as_uri() if place == "disk" else server.address("nl.html")
    said = visit(tab, url)
    assert all(said)
    name = f"{type(tab).__name__} {place}"
    for other, words in shown.items():
        assert said == words, f"{name} shows another page than {other}"
    shown[name] = said
    found = np.frombuffer(base64.b64decode(tab.ask(BATCH, FUTURES)))
    config = page.worlds["teaching", "history"]
    wanted = made(config, {"parochialism": 0.3, "cleavage": 0.9, "negativity": 0.55}, 0, FUTURES).ravel()
    known = ~np.isnan(wanted)
    assert np.array_equal(np.isnan(found), ~known)
    assert np.array_equal(found[known].view(np.uint64), wanted[known].view(np.uint64))
    assert [
        one for one in tab.requested() if not one.startswith(("blob:", "data:")) and one.partition("#")[0] != url
    ] == []
    assert set(server.asked[asked:]) == ({"/nl.html"} if place == "host" else set())
    assert tab.ask(FETCHED) == []
    assert tab.ask(KEPT) == []
    assert tab.ask("() => forbidden") == []
    assert tab.told() == []


def test_the_watch_sees_what_is_asked(tab: Tab, server: Server) -> None:
    """What is asked of the network, forbidden or kept is seen in both browsers: else the test above tests nothing."""
    tab.go(server.address("nl.html"))
    tab.ask("async () => { await fetch('/elsewhere').catch(() => null); localStorage.setItem('a', 'b'); }")
    assert until(tab, "() => forbidden")[0].startswith("connect-src")
    assert tab.ask(KEPT) == [["local", 1]]
    tab.ask("() => { localStorage.clear(); console.log('said'); new Image().src = '/picture.png'; }")
    until(tab, "() => forbidden.length > 1")
    assert any("said" in one for one in tab.told())
