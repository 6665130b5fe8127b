"""What a run costs that is played quarter by quarter: counted in numbers that workers send, never in time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import browser
import pytest

WAIT = 120_000
#: Runs begun, and what workers sent of runs: numbers of each message, and changes of trust and grievance told.
COUNT = """
window.sent = { begun: 0, numbers: [], changes: 0 };
const Real = Worker;
window.Worker = class extends Real {
  constructor(...args) {
    super(...args);
    this.addEventListener("message", ({ data }) => {
      const run = data.result?.run;
      if (run === undefined) return;
      const arrays = [run, run.series, run.municipalities, run.capacity].flatMap(Object.values)
        .filter(one => one instanceof Float64Array);
      window.sent.numbers.push(arrays.reduce((sum, one) => sum + one.length, 0));
      window.sent.changes += run.changes.length;
    });
  }
  postMessage(message, ...rest) {
    if (message.task?.kind === "begin") window.sent.begun += 1;
    super.postMessage(message, ...rest);
  }
};
"""
#: All numbers of a run and all texts of it, to compare two runs to the last bit.
ALL = """run => {
  const bits = array => [...new BigUint64Array(array.slice().buffer)].join();
  return JSON.stringify(run, (_, value) => (value instanceof Float64Array ? bits(value) : value));
}"""


@pytest.fixture
def counted(chromium: Any, files: dict[str, Path]) -> Any:
    with browser.screen(chromium, files["nl"], 1280) as screen:
        screen.page.add_init_script(COUNT)
        yield screen.page


def opened(page: Any, file: Path, link: str) -> None:
    page.goto("about:blank")
    page.goto(f"{file.as_uri()}#v=1{link}")


def test_a_quarter_sends_what_is_new_and_the_run_is_whole(counted: Any, files: dict[str, Path]) -> None:
    """The last step sends as much as the first, and all together are the run of one go, bit for bit."""
    opened(counted, files["nl"], "&lang=en&at=workshop")
    counted.wait_for_selector(".status[data-same]", timeout=WAIT)
    found = counted.evaluate(
        """async all => {
          const engine = await bresim.load({ workers: 1 });
          const { regions, scenarios, undercurrents, dates } = engine.catalogue;
          const request = { region: regions[0].name, scenario: scenarios[0].name, design: "regiobureau",
            founding: "vote", undercurrent: undercurrents[0].knobs, replicate: 3 };
          window.sent.numbers = [];
          const same = [], play = await engine.begin(request), early = play.run;
          while (!play.finished) {
            await play.step();
            if (play.quarter % 20 !== 0) continue;
            const whole = await engine.single(request, { quarters: play.quarter });
            same.push(all(play.run) === all(whole));
          }
          const told = [];
          for (const changes of [50, false]) {
            const some = await engine.begin(request, { changes });
            await some.step([], dates.length);
            told.push(JSON.stringify(some.run.changes));
          }
          const wanted = JSON.stringify(play.run.changes.filter(one => one.quarter >= 50));
          engine.close();
          return { steps: window.sent.numbers.slice(0, dates.length + 1), same, early: early.trust.length,
            quarters: dates.length, size: regions[0].municipalities.length,
            told: [told[0] === wanted, told[0].length > 2, told[1]] };
        }""".replace("all(", f"({ALL})(")
    )
    assert found["same"] == [True] * (found["quarters"] // 20)
    begun, *steps = found["steps"]
    assert found["early"] == found["size"] ** 2 == begun / 2
    assert len(steps) == found["quarters"]
    assert len(set(steps)) == 1
    assert found["told"] == [True, True, "[]"]


def test_looking_for_a_promise_sends_no_run_twice(counted: Any, files: dict[str, Path]) -> None:
    """Scene 3 plays many futures quarter by quarter: of each no more comes over than one whole run has."""
    opened(counted, files["nl"], "&lang=en&scene=3")
    counted.wait_for_selector(".stage .choices button", timeout=WAIT)
    found = counted.evaluate(
        """async () => {
          const sent = { ...window.sent, numbers: window.sent.numbers.reduce((sum, one) => sum + one, 0) };
          const engine = await bresim.load({ workers: 1 }), { regions, scenarios, undercurrents } = engine.catalogue;
          const whole = await engine.single({ region: regions[0].name, scenario: scenarios[0].name,
            design: "status_quo", founding: "at_once", undercurrent: undercurrents[0].knobs, replicate: 0 });
          engine.close();
          const arrays = [whole, whole.series, whole.municipalities, whole.capacity].flatMap(Object.values)
            .filter(one => one instanceof Float64Array);
          return { ...sent, whole: arrays.reduce((sum, one) => sum + one.length, 0), all: whole.changes.length };
        }"""
    )
    assert found["begun"] >= 3
    assert 0 < found["numbers"] <= found["begun"] * found["whole"]
    # changes are told of the two runs that are shown, and of these not the history
    assert 0 < found["changes"] < found["all"]
