"""The Mesa model: agents are live views, and Mesa's own tools work on it."""

from __future__ import annotations

import copy
import inspect
import pickle
from typing import Any

import mesa
import numpy as np
import pytest

import bresim
from bresim import model as module
from bresim.common.errors import InputError
from bresim.model import Municipality, RegionModel


@pytest.fixture(scope="module")
def model() -> RegionModel:
    made = RegionModel(bresim.load("run", ["parameters=point", "governance=regio_deal", "seed=2"]), replicate=1)
    for _ in range(5):
        made.step()
    return made


def test_a_fresh_model_has_its_numbers() -> None:
    fresh = RegionModel(bresim.load("run", ["parameters=point"]))
    assert all(agent.execution_capacity > 0.0 for agent in fresh.municipalities)
    assert 0.0 < fresh.outcomes()["slack_mean"] <= 1.0


def test_agents_are_the_municipalities_in_order(model: RegionModel) -> None:
    assert isinstance(model, mesa.Model)
    assert len(model.agents) == 16
    assert [agent.name for agent in model.municipalities] == list(model.region.names)
    assert [agent.index for agent in model.municipalities] == list(range(16))
    assert {agent.subregion for agent in model.municipalities} == set(model.region.subregion_labels)
    assert sum(agent.population for agent in model.municipalities) == int(model.region.population.sum())
    assert sum(agent.is_centre for agent in model.municipalities) == int(model.region.centre.sum())


def test_shapes_are_as_documented(model: RegionModel) -> None:
    for agent in model.municipalities:
        assert agent.trust.shape == agent.grievance.shape == (16,)
        assert agent.urgency.shape == agent.interest.shape == (8,)
        assert agent.trust[agent.index] == 0.0
        assert agent.execution_capacity > 0.0
        assert 0.0 <= agent.slack <= agent.execution_capacity
        for share in (agent.load, agent.support, agent.acceptance):
            assert 0.0 <= share <= 1.0


def test_agents_show_what_is_now_and_cannot_be_written_to(model: RegionModel) -> None:
    agent = model.municipalities[3]
    trust, urgency = agent.trust, agent.urgency
    before = trust.copy()
    for values in (trust, urgency, agent.grievance, agent.interest):
        with pytest.raises(ValueError, match="read-only"):
            values[0] = 0.5
    with pytest.raises(AttributeError):
        agent.support = 0.9  # type: ignore[misc]
    model.step()
    assert np.array_equal(before, trust), "what was read stays what it was"
    assert not np.array_equal(before, agent.trust)
    assert np.array_equal(agent.trust, model.state.trust[3])
    assert np.array_equal(agent.urgency, model.state.urgency[:, 3])


def test_a_collected_array_is_that_of_its_quarter() -> None:
    model = RegionModel(bresim.load("run", ["parameters=point", "region=teaching"]))
    collector = mesa.DataCollector(
        agent_reporters={name: name for name in ("trust", "grievance", "urgency", "interest")}
    )
    seen = []
    for _ in range(24):
        model.step()
        collector.collect(model)
        seen.append(model.state.trust.copy())
    table = collector.get_agent_vars_dataframe()
    for quarter, trust in enumerate(seen, start=1):
        np.testing.assert_array_equal(np.array(table.loc[quarter, "trust"].tolist()), trust)
    assert not np.array_equal(seen[0], seen[-1])


def test_the_tools_of_mesa_work(model: RegionModel) -> None:
    collector = mesa.DataCollector(
        model_reporters={"value": lambda m: m.outcomes()["public_value_direct"]},
        agent_reporters={"support": "support", "slack": "slack"},
    )
    collector.collect(model)
    assert collector.get_model_vars_dataframe()["value"].iloc[0] == model.outcomes()["public_value_direct"]
    frame = collector.get_agent_vars_dataframe()
    assert frame["support"].tolist() == [agent.support for agent in model.municipalities]
    centres = model.agents.select(lambda agent: agent.is_centre)
    assert 0 < len(centres) < 16
    assert all(isinstance(agent, Municipality) for agent in centres)
    assert model.agents.get("load") == [agent.load for agent in model.municipalities]


def test_it_runs_for_sixty_quarters_and_stops() -> None:
    model = RegionModel(bresim.load("run", ["parameters=point", "governance=status_quo"]))
    steps = 0
    while model.running:
        model.step()
        steps += 1
    assert steps == model.quarter == 60
    end = model.outcomes()
    model.step()
    assert model.quarter == 60
    np.testing.assert_equal(model.outcomes(), end)
    assert model.date == "2033-Q4"


# --- mesa.batch_run --------------------------------------------------------------------------------------------------
VALUE = "public_value_direct"


def batch(parameters: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
    asked = {"max_steps": 60, "display_progress": False, **options}
    return mesa.batch_run(RegionModel, parameters=parameters, **asked)


def test_a_batch_of_mesa_gives_the_rows_of_runs() -> None:
    config = bresim.load("compare", ["region=teaching", "parameters=point", "designs=[status_quo,regiobureau]"])
    asked = {"config": config, "replicate": [0, 1], "design": ["status_quo", "regiobureau"]}
    rows = batch(asked)
    assert len(rows) == 4
    runs = bresim.evaluate(replicates=2, config=config)
    for row in rows:
        mine = runs[(runs["design"] == row["design"]) & (runs["replicate"] == row["replicate"])].iloc[0]
        assert row["date"] == "2033-Q4"
        for name in (VALUE, "trust_mean", "agreements", "adopted"):
            assert row[name] == mine[name], name


def test_every_quarter_of_a_batch() -> None:
    rows = batch({"config": [["region=teaching", "parameters=point"]]}, data_collection_period=1)
    model = RegionModel(["region=teaching", "parameters=point"])
    while model.running:
        model.step()
    series = model.result().series
    assert [row["date"] for row in rows] == series["date"].tolist()
    assert [row["trust_mean"] for row in rows] == series["trust_mean"].tolist()


@pytest.mark.parametrize("name", ["seed", "rng"])
def test_other_seeds_give_other_runs_and_the_same_one_the_same(name: str) -> None:
    asked, seeds = {"config": [["region=teaching", "parameters=point"]]}, [1, 2, 3, 1]
    own = name in inspect.signature(mesa.batch_run).parameters  # from Mesa 3.4 on: rng
    rows = batch(asked, **{name: seeds}) if own else batch({**asked, name: seeds})
    values = [row[VALUE] for row in rows]
    assert len(set(values)) == 3
    assert values[0] == values[3]
    run = bresim.run(["region=teaching", "parameters=point", "governance=status_quo", "seed=2"])
    first = bresim.load("compare").designs[0].name
    assert first == "status_quo"
    assert values[1] == run.runs[VALUE].iloc[0]


def test_seeds_of_a_batch_are_not_overwritten() -> None:
    """From Mesa 3.4 on a parameter ``seed``, or else ``rng``, of every run is what ``batch_run`` has as ``rng``."""
    assert "seed" not in inspect.signature(RegionModel).parameters
    assert {"config", "replicate", "design", "rng"} <= set(inspect.signature(RegionModel).parameters)
    assert RegionModel(["region=teaching", "parameters=point"], seed=7).config.seed == 7


def test_random_generators_of_numpy_are_seeds_too() -> None:
    config = bresim.load("compare", ["region=teaching", "parameters=point"])
    seeds = [RegionModel(config, rng=np.random.SeedSequence(one)).config.seed for one in (1, 2, 1)]
    assert seeds[0] == seeds[2] != seeds[1]
    seeds = [RegionModel(config, rng=np.random.default_rng(one)).config.seed for one in (1, 2, 1)]
    assert seeds[0] == seeds[2] != seeds[1]
    assert RegionModel(config).config.seed == config.seed


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"seed": 1, "rng": 2}, "seed: is given, and so is rng; give one of the two"),
        ({"seed": -1}, "seed: -1 is not a whole number from 0 to"),
        ({"rng": "a"}, "seed: a is not a whole number"),
        ({"config": "scenaro=austerity"}, "scenaro: unknown key of 'bresim compare'; did you mean 'scenario'"),
    ],
)
def test_seeds_and_overrides_that_are_wrong(given: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError) as error:
        RegionModel(**{"config": "region=teaching", **given})
    assert told in str(error.value)


def test_a_collector_of_the_users_own_is_left_to_the_user() -> None:
    class Own(RegionModel):
        def __init__(self, **given: Any) -> None:
            super().__init__(**given)
            self.datacollector = mesa.DataCollector(model_reporters={"trust": lambda one: one.outcomes()["trust_mean"]})

        def step(self) -> None:
            super().step()
            self.datacollector.collect(self)

    model = Own(config=["region=teaching", "parameters=point"])
    for _ in range(3):
        model.step()
    assert len(model.datacollector.get_model_vars_dataframe()) == 3


def test_what_was_collected_goes_along_with_a_copy() -> None:
    model = RegionModel(["region=teaching", "parameters=point"])
    for _ in range(3):
        model.step()
    for copied in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        copied.step()
        table = copied.datacollector.get_model_vars_dataframe()
        assert table["date"].tolist() == ["2019-Q1", "2019-Q2", "2019-Q3", "2019-Q4"]
    assert len(model.datacollector.get_model_vars_dataframe()) == 3


def test_the_first_step_says_that_it_compiles(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "_READY", set())
    monkeypatch.setattr(module, "is_ready", lambda *given: False)
    for _ in range(2):
        RegionModel(["region=teaching", "parameters=point", "lang=en"]).step()
    assert capsys.readouterr().err.count("Preparing the model") == 1
    monkeypatch.setattr(module, "_READY", set())
    RegionModel(["region=teaching", "parameters=point", "progress=off"]).step()
    assert capsys.readouterr().err == ""
