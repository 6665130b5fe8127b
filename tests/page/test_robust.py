"""What goes wrong in a browser is told in one sentence, in the page's language, and the page goes on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.fixtures.firefox import Firefox
from tests.fixtures.tab import ChromiumTab, Tab, until
from tests.fixtures.web_server import CLOSED, Server

OLD = "Deze browser is te oud voor het model."
MEMORY = "Het model past niet in het geheugen van dit apparaat."
STOPPED = "Een berekening is gestopt. Probeer het nog eens."
BARRED = "Deze browser of website laat de pagina niet rekenen."
ERRORS = "() => [...document.querySelectorAll('.errors p')].map(one => one.firstChild.textContent)"
ANSWER = "() => document.querySelector('.sandbox:not([aria-busy]) .answer[data-futures=\"1000\"] table') !== null"
#: Keeps the workers that the page makes. When one is asked to refine the first picture, of 200 futures, HOW says what
#: becomes of all: each dies loudly, is ended from outside, or nothing. A microtask comes before any worker's answer.
_WORKERS = """() => {
  window.made = [];
  window.refining = false;
  const act = () => {
    if ("HOW" === "dies") for (const one of made.slice()) one.dispatchEvent(new ErrorEvent("error"));
    if ("HOW" === "ended") for (const one of made.slice()) one.terminate();
  };
  window.Worker = class extends Worker {
    constructor(...given) { super(...given); made.push(this); }
    postMessage(...given) {
      super.postMessage(...given);
      if (refining || !(given[0].task.first >= 200)) return;
      window.refining = true;
      queueMicrotask(act);
    }
  };
}"""
REFINING = "() => refining"


def workers(how: str = "nothing") -> str:
    """The script that keeps workers."""
    return _WORKERS.replace("HOW", how)


#: Gives workers memory that does not grow, so that the browser itself refuses more.
SMALL = """() => {
  const Real = Worker, code = `{
    const { Memory } = WebAssembly;
    WebAssembly.Memory = function ({ initial }) { return new Memory({ initial, maximum: initial }); };
  }`;
  window.Worker = function () {
    const script = document.getElementById("bresim-code").textContent;
    return new Real(URL.createObjectURL(new Blob([code, script], { type: "text/javascript" })));
  };
}"""

Opens = Callable[[str | None], Tab]


@pytest.fixture(params=["chromium", "fox"])
def opens(request: pytest.FixtureRequest) -> Iterator[Opens]:
    """Opens tabs of each browser in turn, with a script that runs before the page."""
    browser: Any = request.getfixturevalue(request.param)
    tabs: list[Tab] = []

    def tab(script: str | None) -> Tab:
        tabs.append(browser.tab(script=script) if isinstance(browser, Firefox) else ChromiumTab(browser, script=script))
        return tabs[-1]

    yield tab
    for one in tabs:
        one.close()


def told(tab: Tab) -> list[str]:
    """The sentences of what went wrong, as soon as there are any."""
    return list(until(tab, ERRORS.replace("=> [", "=> { const found = [") + "; return found.length > 0 && found; }"))


def link(**values: str) -> str:
    return "#v=1&" + "&".join(f"{name}={quote(value)}" for name, value in values.items())


@pytest.mark.parametrize("lacks", ["DecompressionStream", "WebAssembly", "Worker"])
def test_an_old_browser(opens: Opens, files: dict[str, Path], lacks: str) -> None:
    tab = opens(f"() => {{ delete window.{lacks}; }}")
    tab.go(files["nl"].as_uri())
    assert [one.startswith(OLD) for one in told(tab)] == [True]
    tab.ask("() => document.querySelector('.languages [lang=en]').click()")
    assert [one.startswith("This browser is too old") for one in told(tab)] == [True]
    assert "did not start" in tab.ask("() => document.querySelector('.status').textContent")


def test_a_browser_too_old_for_the_script(opens: Opens, files: dict[str, Path]) -> None:
    """What the file says by itself stays where its script cannot go on, and goes where it can."""
    start = "() => document.getElementById('bresim-start')?.textContent ?? ''"
    tab = opens("() => { delete Intl.ListFormat; }")
    tab.go(files["nl"].as_uri())
    assert "JavaScript uit of is de browser te oud" in tab.ask(start)
    assert tab.ask("() => document.querySelector('.page')") is None
    tab = opens(None)
    tab.go(files["nl"].as_uri())
    assert tab.ask(start) == ""
    assert tab.ask("() => document.querySelectorAll('h1').length") == 1


def test_a_browser_without_simd_takes_the_plain_build(opens: Opens, files: dict[str, Path]) -> None:
    tab = opens("() => { WebAssembly.validate = () => false; }")
    tab.go(files["nl"].as_uri())
    until(tab, "() => document.querySelector('.status[data-same=true]') !== null")
    build = "async () => { const engine = await bresim.load({ workers: 1 }); return (await engine.check).build; }"
    assert tab.ask(build) == "plain"


def test_too_little_memory(opens: Opens, files: dict[str, Path]) -> None:
    tab = opens(SMALL)
    tab.go(files["nl"].as_uri())
    assert [one.startswith(MEMORY) for one in told(tab)] == [True]
    tab.ask("() => document.querySelector('.tabs button:nth-child(3)').click()")
    assert tab.ask("() => document.querySelectorAll('.cards details').length") == 7


def test_a_host_that_lets_nothing_compute(opens: Opens, server: Server) -> None:
    tab = opens(workers())
    tab.go(server.address("nl.html" + CLOSED))
    assert [one.startswith(BARRED) for one in told(tab)] == [True]
    assert tab.ask("() => made.length") < 40, "workers are made on and on"


def test_a_worker_that_dies(opens: Opens, files: dict[str, Path]) -> None:
    """One that tells so, in the midst of an answer; the next answer is there."""
    tab = opens(workers("dies"))
    tab.go(files["nl"].as_uri() + link(at="sandbox", region="teaching"))
    assert told(tab) == [STOPPED]
    assert tab.ask("() => document.querySelector('[aria-busy]')") is None
    tab.ask("() => document.querySelector('.errors button').click()")
    until(tab, ANSWER)
    assert tab.ask(ERRORS) == []


def test_a_worker_that_falls_silent(files: dict[str, Path], chromium: Any) -> None:
    """One that was ended from outside says nothing; half a minute of the page's own clock later it is replaced."""
    tab = ChromiumTab(chromium, script=workers("ended"))
    try:
        tab.page.clock.install()
        tab.go(files["nl"].as_uri() + link(at="sandbox", region="teaching"))
        until(tab, REFINING)
        tab.page.clock.run_for(35_000)
        assert told(tab) == [STOPPED]
        tab.ask("() => document.querySelector('.errors button').click()")
        until(tab, ANSWER)
    finally:
        tab.close()


def test_a_play_goes_on_after_its_worker_was_lost(opens: Opens, files: dict[str, Path]) -> None:
    """It is played again, with the same choices, up to where it was: the model gives the same run."""
    tab = opens(workers())
    tab.go(files["nl"].as_uri())
    until(tab, "() => document.querySelector('.status[data-same=true]') !== null")
    found = tab.ask("""async () => {
      const engine = await bresim.load({ workers: 1 }), worker = made.at(-1);
      const request = { region: "teaching", scenario: "history", undercurrent: engine.catalogue.undercurrent,
        design: "regiobureau", founding: "vote", replicate: 3 };
      const [whole, lost] = [await engine.begin(request), await engine.begin(request)];
      const wait = play => play.seats.slice(0, 1).map(({ municipality, arena, theme }) =>
        ({ municipality, arena, theme, decision: "wait" }));
      for (const play of [whole, lost]) { await play.step([], 12); await play.step(wait(play)); }
      await whole.step([], 5);
      const step = lost.step([], 5);
      worker.dispatchEvent(new ErrorEvent("error"));
      const kind = await step.then(() => null, error => error.kind);
      await lost.step([], 5);
      const same = JSON.stringify(lost.run) === JSON.stringify(whole.run);
      engine.close();
      return { kind, same, quarter: lost.quarter };
    }""")
    assert found == {"kind": "worker", "same": True, "quarter": 18}


BAD = {"name": "x", "label": {"nl": "a", "en": "b"}, "rules": {"payoff": {"binding": {"a": 1}}, "position": 3}}


@pytest.mark.parametrize(
    ("hash_", "sentence"),
    [
        ("#v=99&at=sandbox&region=teaching", "Deze link is gemaakt met een andere versie van de pagina."),
        ("#v=1&m=00000000&scene=2", "Deze link is gemaakt met een andere versie van het model."),
        ("#at=sandbox&region=teaching", "Deze link is niet te lezen."),
        (link(at="story", scene="77", town="x"), "Een deel van deze link is niet te lezen (scene en town)."),
        (link(at="moon"), "Een deel van deze link is niet te lezen (at)."),
        (link(at="sandbox", region="teaching", own="{", knobs="2_x"), "(own en knobs)"),
        (link(at="sandbox", region="atlantis", designs="utopia", measures="luck-1"), "(region, designs en measures)"),
    ],
)
def test_a_link_that_cannot_be_read(files: dict[str, Path], chromium: Any, hash_: str, sentence: str) -> None:
    tab = ChromiumTab(chromium)
    try:
        tab.go(files["nl"].as_uri() + hash_)
        until(tab, "() => document.querySelector('.section') !== null")
        [said] = told(tab)
        assert sentence in said
        until(tab, "() => document.querySelectorAll('h2').length > 0")
        assert tab.told() == []
    finally:
        tab.close()


def test_a_design_of_a_link_that_is_none(files: dict[str, Path], chromium: Any) -> None:
    tab = ChromiumTab(chromium)
    try:
        tab.go(files["nl"].as_uri() + link(at="sandbox", region="teaching", designs="own", own=json.dumps(BAD)))
        until(tab, ANSWER)
        said = tab.ask("() => document.querySelector('.unfit').textContent")
        assert said.startswith(
            "Uw eigen vorm doet niet mee, want hij past niet in deze regio. position: 3 bestaat niet"
        )
        tab.ask("() => document.querySelector('.tabs button:nth-child(3)').click()")
        wrong = tab.ask("() => [...document.querySelectorAll('.problems p')].map(one => one.textContent)")
        assert [one.partition(":")[0] for one in wrong] == ["position", "Bindende afspraken"]
        assert tab.told() == []
    finally:
        tab.close()


def test_a_link_of_the_page_itself_is_read_in_full(files: dict[str, Path], chromium: Any) -> None:
    """In every section what the page writes is what it reads: no sentence about a link."""
    tab = ChromiumTab(chromium)
    try:
        tab.go(files["nl"].as_uri())
        until(tab, "() => document.querySelector('.section') !== null")
        sections = tab.ask("() => document.querySelectorAll('.tabs button').length")
        for at in (*range(1, sections + 1), 1):
            tab.ask("at => document.querySelector(`.tabs button:nth-child(${at})`).click()", at)
            until(tab, "() => document.querySelector('.section h2') !== null")
        tab.ask("() => document.querySelector('.steps button:nth-child(6)').click()")
        hash_ = until(tab, "() => location.hash.includes('scene=6') && location.hash")
        assert all(f"{name}=" in hash_ for name in ("at", "scene", "region", "knobs", "designs"))
        tab.go("about:blank")
        tab.go(files["nl"].as_uri() + hash_)
        until(tab, "() => document.querySelector('.section') !== null")
        assert tab.ask(ERRORS) == []
    finally:
        tab.close()


PLAYING = "() => document.querySelector('.player button').textContent"


def test_a_hidden_tab(files: dict[str, Path], fox: Firefox) -> None:
    """Playing stops, an answer that was asked for comes all the same, and nothing is lost when it is shown again."""
    tab = fox.tab()
    tab.go(files["nl"].as_uri() + link(at="story", scene="5"))
    until(tab, "() => document.querySelector('.predict button') !== null")
    tab.ask("""() => {
      for (const one of document.querySelectorAll(".predict input")) one.dispatchEvent(new Event("input"));
      document.querySelector(".predict button").click();
    }""")
    until(tab, "() => document.querySelector('.player button') !== null")
    tab.ask("() => document.querySelector('.player button').click()")
    assert tab.ask(PLAYING) == "Pauze"
    other = fox.tab()
    try:
        assert tab.ask("() => document.hidden")
        assert tab.ask(PLAYING) == "Speel af"
        tab.ask("hash => { location.hash = hash }", link(at="sandbox", region="teaching"))
    finally:
        other.close()
    fox.send("browsingContext.activate", context=tab.context)
    until(tab, ANSWER)
    assert tab.ask("() => document.hidden") is False
    assert tab.ask(ERRORS) == []
    tab.close()


def test_a_machine_that_slept(files: dict[str, Path], chromium: Any) -> None:
    """For an hour, in the midst of an answer, as when a lid is closed: the workers are not taken for lost."""
    tab = ChromiumTab(chromium, script=workers())
    try:
        tab.page.clock.install()
        tab.go(files["nl"].as_uri() + link(at="sandbox", region="teaching"))
        until(tab, REFINING)
        tab.page.clock.fast_forward(3_600_000)
        until(tab, ANSWER)
        assert tab.ask("() => performance.now()") > 3_600_000
        assert tab.ask(ERRORS) == []
    finally:
        tab.close()
