"""The engine in a real browser, from a loopback server under a strict policy: what ``contract.ts`` promises."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from web_page import Page, made

from bresim.plan import make_plan
from bresim.runner.ensemble import simulate
from tests.fixtures.web_server import Server

WORLD = "region: 'teaching', scenario: 'history', undercurrent: {parochialism: 0.6, cleavage: 0.6, negativity: 0.6}"
BATCH = f"{{{WORLD}, designs: ['status_quo', 'regiobureau'], foundings: ['vote', 'at_once'], first: 0, last: 130}}"
RUN = f"{{{WORLD}, design: 'regiobureau', founding: 'at_once', replicate: 5}}"


@pytest.fixture(scope="module")
def tab(server: Server, chromium: Any) -> Iterator[Any]:
    """The page in a browser, when it has checked itself."""
    opened = chromium.new_page()
    opened.goto(server.address("en.html"))
    opened.wait_for_selector(".status[data-same]", timeout=120_000)
    opened.evaluate("async () => { window.engine = await bresim.load({ workers: 2 }) }")
    yield opened
    opened.close()


def test_a_batch_over_two_workers_is_that_of_python(page: Page, tab: Any) -> None:
    found = tab.evaluate(
        f"""async () => {{
          const steps = [];
          const made = await engine.batch({BATCH}, {{ progress: (done, all) => steps.push([done, all]) }});
          const [values, sets, codings] = [made.values, made.sets, made.codings].map(one => [...one]);
          return {{ cases: made.cases, values, steps, sets, codings }};
        }}"""
    )
    config = page.worlds["teaching", "history"]
    chosen = [one for one in config.designs if one.name in ("status_quo", "regiobureau")]
    wanted = made(config.model_copy(update={"designs": tuple(chosen)}), config.undercurrent.model_dump(), 0, 130)
    assert [(one["design"], one["founding"]) for one in found["cases"]] == [
        (name, founding) for name in ("status_quo", "regiobureau") for founding in ("vote", "at_once")
    ]
    values = np.array([np.nan if value is None else value for value in found["values"]])
    assert np.array_equal(values.reshape(wanted.shape), wanted, equal_nan=True)
    assert found["steps"][-1] == [130, 130]
    assert len(found["steps"]) > 3
    assert len(set(found["sets"])) == 26
    assert len(set(found["codings"])) == 26 * 3


def test_what_a_batch_keeps_of_each_run_is_that_of_python(page: Page, tab: Any) -> None:
    """Columns over time and of each municipality, of a request that is cut into parts for two workers."""
    series, municipal = ("public_value_direct", "grievance_mean"), ("fte_meetings", "trust_received")
    found = tab.evaluate(
        f"""async ([series, municipal]) => {{
          const made = await engine.detailed({BATCH}, {{ series, municipal }});
          const list = columns => Object.fromEntries(Object.entries(columns).map(([name, one]) => [name, [...one]]));
          const same = await engine.batch({BATCH});
          const equal = made.values.every((value, at) => Object.is(value, same.values[at]));
          return {{ series: list(made.series), municipal: list(made.municipal), equal }};
        }}""",
        [series, municipal],
    )
    config = page.worlds["teaching", "history"]
    chosen = tuple(one for one in config.designs if one.name in ("status_quo", "regiobureau"))
    plan = make_plan(config.model_copy(update={"designs": chosen}), range(130), [config.undercurrent])
    recorded = simulate(plan.world, plan.jobs, config.seed, plan.region.subregion, workers=1, series=True, details=True)
    assert found["equal"]
    for kept, table in ((found["series"], recorded.series), (found["municipal"], recorded.municipalities)):
        for name, values in kept.items():
            wanted = np.asarray(table[name])
            assert np.array_equal(np.array(values, float).reshape(wanted.shape), wanted, equal_nan=True), name


def test_a_run_without_its_changes_is_the_same_run(tab: Any) -> None:
    found = tab.evaluate(
        f"""async () => {{
          const whole = await engine.single({RUN});
          const part = await engine.single({RUN}, {{ quarters: 25, changes: false }});
          const events = whole.events.filter(one => one.quarter < 25);
          return [whole.changes.length > 0, part.changes.length, part.quarters,
            JSON.stringify(part.events) === JSON.stringify(events),
            part.series.trust_mean.join() === whole.series.trust_mean.slice(0, 25).join()];
        }}"""
    )
    assert found == [True, 0, 25, True, True]


def test_the_build_without_simd_checks_itself_too(tab: Any) -> None:
    check = tab.evaluate(
        """async () => {
          const plain = await bresim.load({ workers: 1, plain: true });
          const check = await plain.check;
          plain.close();
          return check;
        }"""
    )
    assert (check["same"], check["build"], check["different"]) == (True, "plain", 0)
    assert check["compared"] > 2000


def test_a_batch_is_cancelled_and_the_next_one_runs(tab: Any) -> None:
    found = tab.evaluate(
        f"""async () => {{
          const stop = new AbortController();
          const progress = () => stop.abort(new Error('enough'));
          const long = engine.batch({{...{BATCH}, last: 20000}}, {{ signal: stop.signal, progress }});
          const reason = await long.catch(error => error.message);
          const next = await engine.batch({BATCH});
          const late = await engine.batch({BATCH}, {{ signal: stop.signal }}).catch(error => error.message);
          return [reason, next.replicates, late];
        }}"""
    )
    assert found == ["enough", 130, "enough"]


def test_two_plays_have_the_same_luck(tab: Any) -> None:
    """Played quarter by quarter they are the single run; what one does leaves the other alone."""
    found = tab.evaluate(
        f"""async () => {{
          const whole = await engine.single({RUN});
          const [one, other] = [await engine.begin({RUN}), await engine.begin({RUN})];
          while (!one.finished) await one.step();
          await other.step([], 10);
          const talks = other.seats.filter(seat => seat.phase === 'negotiating' && !seat.committed);
          const taken = await other.step(talks.map(seat => ({{ ...seat, decision: 'wait' }})));
          const [run, quarter] = [one.run, other.quarter];
          one.end(); other.end();
          const trust = [run, other.run].map(played => played.series.trust_mean.slice(0, 10).join());
          const same = JSON.stringify(run) === JSON.stringify(whole);
          return {{ same, events: run.events.length, quarter, taken, shared: trust[0] === trust[1] }};
        }}"""
    )
    assert found["same"]
    assert found["shared"]
    assert found["events"] > 200
    assert found["quarter"] == 11
    assert found["taken"]
    assert all(one["taken"] for one in found["taken"])


@pytest.mark.parametrize(
    ("change", "kind", "told"),
    [
        ("region: 'Atlantis'", "request", "no region 'Atlantis'"),
        ("scenario: 'flood'", "request", "no scenario 'flood'"),
        ("undercurrent: {parochialism: 2, cleavage: 0, negativity: 0}", "request", "between 0 and 1"),
        ("measures: {luck: 0.5}", "request", "no measure 'luck'"),
        ("designs: ['utopia']", "request", "no design 'utopia'"),
        ("seed: 0.5", "request", "whole number"),
        ("last: 0", "request", "at least one replicate"),
    ],
)
def test_a_request_that_cannot_be_run_is_refused(tab: Any, change: str, kind: str, told: str) -> None:
    found = tab.evaluate(
        f"() => engine.batch({{...{BATCH}, {change}}}).then(() => null, error => [error.kind, error.text.en])"
    )
    assert found[0] == kind
    assert told in found[1]


@pytest.mark.parametrize(
    ("rules", "where"),
    [
        ("{payoff: {binding: 1.5}}", "payoff.binding"),
        ("{payoff: {bindng: 0.5}}", "payoff.bindng"),
        ("{scope: {max_open: 2.5}}", "scope.max_open"),
        ("{position: {board: ['Atlantis']}}", "position.board"),
        ("{boundary: {eligible: []}}", "boundary.eligible"),
        ("{boundary: {min_members: 9}}", "boundary.min_members"),
        ("{choice: {pooled_by: 'board'}}", "choice.pooled_by"),
        ("{choice: {pooled_by: 'nobody'}}", "choice.pooled_by"),
        ("{boundary: {beside: true}, payoff: {steering: 0.5}}", "payoff.steering"),
        ("{scope: {successor: 'utopia'}}", "scope.successor"),
    ],
)
def test_a_design_that_does_not_fit_is_refused_with_its_place(tab: Any, rules: str, where: str) -> None:
    own = f"{{name: 'mine', label: {{nl: 'Mijn', en: 'Mine'}}, rules: {rules}}}"
    assert [one["where"] for one in tab.evaluate(f"() => engine.problems({own}, 'teaching')")] == [where]
    found = tab.evaluate(
        f"""() => engine.batch({{...{BATCH}, designs: [{own}]}})
          .then(() => null, error => [error.kind, error.problems[0].where])"""
    )
    assert found == ["design", where]


def test_shipped_designs_have_no_problems(tab: Any) -> None:
    found = tab.evaluate(
        """() => {
          const { regions, designs } = engine.catalogue;
          return regions.flatMap(region => designs.flatMap(design => engine.problems(design, region.name)));
        }"""
    )
    assert found == []
