"""Scenarios: dated events and factors laid out over the quarters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bresim.common.errors import InputError
from bresim.scenario import Scenario, load_scenario, read_scenario, scenario_names

THEMES = ["health", "climate_energy", "housing"]
OWN: dict[str, Any] = {"name": "own", "label_nl": "Eigen", "label_en": "Own"}


def laid_out(source: Any, quarters: int = 60, policy_start: int = 20) -> Scenario:
    return load_scenario(source, start="2019-Q1", quarters=quarters, policy_start=policy_start, themes=THEMES)


def own(*events: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**OWN, "events": list(events), **more}


def test_history_has_the_elections_that_were_and_will_be() -> None:
    history = laid_out("history")
    assert np.flatnonzero(history.election).tolist() == [12, 28, 44]  # 2022-Q1, 2026-Q1, 2030-Q1
    assert {16, 32} <= set(np.flatnonzero(history.provincial_election).tolist())  # 2023-Q1, 2027-Q1
    assert (history.shock[:20] > 0.0).any()
    for factor in (
        history.shock_factor,
        history.window_factor,
        history.capacity_factor,
        history.severity_factor,
        history.population_factor,
    ):
        assert (factor == 1.0).all()


def test_events_fall_in_their_quarter_and_theme() -> None:
    events = [
        {"kind": "shock", "quarter": "2019-Q3", "theme": "housing", "size": 0.4},
        {"kind": "shock", "quarter": "2019-Q3", "theme": "all", "size": 0.3},
        {"kind": "window", "quarter": "2020-Q1", "theme": "health"},
        {"kind": "province_stance", "quarter": "2021-Q4", "size": 0.9},
        {"kind": "municipal_election", "quarter": "2018-Q4"},
        {"kind": "municipal_election", "quarter": "2040-Q1"},
    ]
    scenario = laid_out(own(*events))
    assert scenario.shock[2].tolist() == [0.3, 0.3, 0.4]
    assert scenario.shock.sum() == pytest.approx(1.0)
    assert scenario.window[4].tolist() == [1.0, 0.0, 0.0]
    assert scenario.province_stance[11] == 0.9
    assert (np.delete(scenario.province_stance, 11) < 0.0).all()
    assert not scenario.election.any(), "outside the run"


def test_changes_build_up_from_policy_start_to_the_horizon() -> None:
    scenario = laid_out(
        own(
            from_policy_start={
                "capacity_change": -0.2,
                "shocks": 2.0,
                "severity_change": 0.5,
                "population_change": -0.1,
            }
        )
    )
    assert (scenario.capacity_factor[:20] == 1.0).all()
    assert scenario.capacity_factor[20] == pytest.approx(1.0 - 0.2 / 40)
    assert scenario.capacity_factor[-1] == pytest.approx(0.8)
    assert scenario.severity_factor[-1] == pytest.approx(1.5)
    assert scenario.population_factor[-1] == pytest.approx(0.9)
    assert (np.diff(scenario.capacity_factor[19:]) < 0.0).all()
    assert scenario.shock_factor.tolist() == [1.0] * 20 + [2.0] * 40


def test_a_scenario_of_ones_own_adds_to_history() -> None:
    event = {"kind": "shock", "quarter": "2030-Q4", "theme": "health", "size": 1.0}
    both, history = laid_out(own(event, history="history")), laid_out("history")
    assert both.shock[47, 0] == 1.0
    assert np.array_equal(both.election, history.election)
    assert np.array_equal(np.delete(both.shock, 47, axis=0), np.delete(history.shock, 47, axis=0))


@pytest.mark.parametrize("name", scenario_names())
def test_every_shipped_scenario_loads(name: str) -> None:
    scenario = laid_out(name)
    assert scenario.label_nl
    assert scenario.label_en
    for values in (scenario.shock, scenario.window):
        assert ((values >= 0.0) & (values <= 1.0)).all()
    for values in (scenario.capacity_factor, scenario.severity_factor, scenario.turnover_factor):
        assert (values > 0.0).all()


def test_bad_scenarios_say_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"unknown scenario 'histroy'.*did you mean 'history'"):
        read_scenario("histroy")
    with pytest.raises(InputError, match=r"unknown theme 'helth'.*did you mean 'health'"):
        laid_out(own({"kind": "shock", "quarter": "2024-Q1", "theme": "helth"}))
    bad = own({"kind": "shok", "quarter": "2024-Q5", "size": 3.0}, from_policy_start={"shocks": -1.0}, evnts=[])
    with pytest.raises(InputError) as caught:
        read_scenario(bad)
    assert len(caught.value.problems) == 5
    for expected in ("kind", "quarter", "size", "from_policy_start.shocks", "evnts: unknown key"):
        assert expected in str(caught.value)
    empty = tmp_path / "mine.yaml"
    empty.write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="is empty"):
        read_scenario(empty)


def test_a_misspelt_theme_is_an_error_also_on_top_of_history() -> None:
    with pytest.raises(InputError, match=r"unknown theme 'helth'.*did you mean 'health'"):
        laid_out(own({"kind": "shock", "quarter": "2024-Q1", "theme": "helth"}, history="history"))


def test_without_central_money_what_was_announced_does_not_come_either() -> None:
    themes = ["social_domain", "liveability"]
    history, austerity = (
        load_scenario(name, start="2019-Q1", quarters=60, policy_start=20, themes=themes)
        for name in ("history", "austerity")
    )
    assert (austerity.window[:20] == history.window[:20]).all()
    assert history.window[20:].any()
    assert not austerity.window[20:].any()
    assert (austerity.window_factor[20:] == 0.0).all()
