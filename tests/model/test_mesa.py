"""The Mesa model: agents are live views, and Mesa's own tools work on it."""

from __future__ import annotations

import mesa
import numpy as np
import pytest

import bresim
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
