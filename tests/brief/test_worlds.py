"""Worlds: which there are, what holds in them, and that the job's own world is the comparison."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import yaml

from bresim.brief.worlds import _world, levels, scenarios
from bresim.common.paths import configs_dir
from bresim.config.presets import LEVELS
from bresim.conventions import HEADLINE, REFERENCE
from bresim.scenario import scenario_names
from tests.brief.conftest import config_of


def test_every_scenario_with_every_level_and_design(small):
    keys = list(small.worlds[["scenario", "undercurrent", "design"]].itertuples(index=False, name=None))
    assert len(keys) == len(set(keys)) == len(scenario_names()) * len(LEVELS) * 3
    assert {key[0] for key in keys} == set(scenario_names())
    assert keys[0][0] == small.config.scenario["name"]
    assert REFERENCE not in {key[2] for key in keys}


def test_own_world_has_the_numbers_of_the_comparison(small):
    own = small.worlds[(small.worlds["scenario"] == "history") & (small.worlds["undercurrent"] == "report")]
    told = small.summary[(small.summary["outcome"] == HEADLINE) & (small.summary["founding"] == "at_once")]
    for row in own.to_dict("records"):
        theirs = told[told["design"] == row["design"]].iloc[0]
        numbers = theirs[["difference", "difference_low", "difference_high"]].to_numpy(dtype=float)
        np.testing.assert_array_equal([row["gain"], row["low"], row["high"]], numbers)
        first = small.designs[small.designs["design"] == row["design"]].iloc[0]
        np.testing.assert_array_equal(first[["gain", "gain_low", "gain_high"]].to_numpy(dtype=float), numbers)


def test_what_a_design_realises_is_todays_way_and_its_gain(small):
    own = small.worlds[(small.worlds["scenario"] == "history") & (small.worlds["undercurrent"] == "report")]
    told = small.summary[(small.summary["outcome"] == HEADLINE) & (small.summary["founding"] == "at_once")]
    means = told.set_index("design")["mean"]
    for row in own.to_dict("records"):
        assert row["today"] == pytest.approx(means[REFERENCE])
        assert row["today"] + row["gain"] == pytest.approx(means[row["design"]])
    assert (small.worlds.groupby(["scenario", "undercurrent"])["today"].nunique() == 1).all()
    assert small.worlds["today"].nunique() > len(LEVELS)


def test_levels_that_are_not_shipped_come_on_top():
    assert [level.label for level in levels(config_of("undercurrent=mild"))] == list(LEVELS)
    own = config_of("undercurrent.parochialism=0.35")
    found = levels(own)
    assert [level.label for level in found[:-1]] == list(LEVELS)
    assert found[-1] == own.undercurrent
    assert found[-1].label.startswith("0.35/")


def test_own_scenario_comes_first_and_those_shipped_follow(tmp_path):
    content = yaml.safe_load((configs_dir() / "scenario" / "austerity.yaml").read_text(encoding="utf-8"))
    path = tmp_path / "lean_years.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    config = config_of(f"scenario={path}")
    found = list(scenarios(config))
    assert [one.scenario["name"] for one in found] == ["lean_years", *scenario_names()]
    assert found[0] is config
    assert all(one.designs == config.designs and one.seed == config.seed for one in found)
    assert len({str(one.scenario) for one in found}) == len(found)


@pytest.mark.parametrize("name", ["water_crisis", "history"])
def test_a_shipped_scenario_stands_once(name):
    found = [one.scenario["name"] for one in scenarios(config_of(f"scenario={name}"))]
    assert found[0] == name
    assert sorted(found) == sorted(scenario_names())


def planted(gaps: dict[str, list[float]]) -> pd.DataFrame:
    """A world in which the designs gain this in each of the futures."""
    quo = np.array([0.1, 0.2, 0.3, 0.4])
    table = np.array([quo, *(quo + gap for gap in gaps.values())])
    return _world("s", "l", [REFERENCE, *gaps], table, np.arange(4))


def test_holds_and_ranks():
    world = planted(
        {"worse": [-0.1] * 4, "sure": [0.1, 0.11, 0.09, 0.1], "wild": [0.9, -0.3, 0.4, -0.2], "zero": [0.0] * 4}
    )
    rows = world.set_index("design")
    assert list(rows["holds"]) == [False, True, False, False]
    assert rows["rank"].to_dict() == {"wild": 1, "sure": 2, "zero": 3, "worse": 4}
    assert rows.loc["sure", "gain"] == pytest.approx(0.1)


def test_a_gain_that_is_shown_as_zero_does_not_hold():
    world = planted({"tiny": [0.0003] * 4, "small": [0.001] * 4}).set_index("design")
    assert list(world["holds"]) == [False, True]


def test_one_future_is_not_enough_to_hold():
    world = _world("s", "l", [REFERENCE, "a"], np.array([[0.1], [0.9]]), np.zeros(1, dtype=np.int64))
    assert not world["holds"].any()
    assert np.isnan(world["low"]).all()
