"""What a configuration holds, and that it does not change."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hydra.core.global_hydra import GlobalHydra
from pydantic import ValidationError

import bresim
from bresim.common.errors import InputError
from bresim.common.paths import configs_dir
from bresim.config import CompareConfig, RegionConfig, RunConfig, Undercurrent, undercurrent_levels
from bresim.config.hydra_store import measure_names
from bresim.conventions import UNDERCURRENT_PARTS
from bresim.governance import measures, shipped_designs
from bresim.parameters import PARAMETERS

ONE = next(iter(PARAMETERS.values()))


def test_defaults_of_compare() -> None:
    config = bresim.load("compare")
    assert isinstance(config, CompareConfig)
    assert (config.replicates, config.replicates_per_draw, config.seed, config.workers) == (500, 5, 1, None)
    assert (config.lang, config.progress, config.record, config.overwrite) == ("nl", "auto", "details", False)
    assert (config.time.start, config.time.policy_start, config.time.end) == ("2019-Q1", "2024-Q1", "2033-Q4")
    assert (config.quarters, config.policy_quarter) == (60, 20)
    assert [design.name for design in config.designs] == shipped_designs()
    assert config.designs[0].name == "status_quo"
    assert config.foundings == ("vote", "at_once")
    assert config.undercurrent.label == "report"
    assert config.parameters.source == "plausible"
    assert config.parameters.fixed == config.measures == {}
    assert config.region["name"] == "zuid_limburg"
    assert config.scenario["name"] == "history"
    assert config.out.parts[:2] == ("results", "compare")
    assert config.threads >= 1


def test_loading_again_in_one_process_is_the_same_and_leaves_hydra_as_it_was() -> None:
    first = bresim.load("region")
    second = bresim.load("region")
    assert isinstance(first, RegionConfig)
    assert first.model_dump(exclude={"out"}) == second.model_dump(exclude={"out"})
    assert first.out != second.out  # each default folder is new
    assert not GlobalHydra.instance().is_initialized()


def test_overrides_reach_the_configuration() -> None:
    config = bresim.load(
        "compare",
        [
            "scenario=water_crisis", "designs=[regio_deal,status_quo]", "undercurrent.parochialism=0.3", "replicates=7",
            "parameters=point", f"parameters.{ONE.name}={ONE.high}", "measures.monitoring=0.5", "measures.thinning=0",
            "time.policy_start=2025-Q3", "workers=3", "out=some/where",
        ],
    )  # fmt: skip
    assert isinstance(config, CompareConfig)
    assert config.scenario["name"] == "water_crisis"
    assert [design.name for design in config.designs] == ["regio_deal", "status_quo"]  # the user's order
    assert config.undercurrent.label == "0.3/0.6/0.6"
    assert config.parameters.source == "point"
    assert config.parameters.fixed == {ONE.name: ONE.high}
    assert config.measures == {"monitoring": 0.5}  # what is off is left out
    assert config.policy_quarter == 26
    assert config.threads == 3
    assert config.out == Path("some/where")


def test_run_takes_one_design_and_any_of_its_fields() -> None:
    config = bresim.load("run", ["governance=regiobureau", "governance.payoff.binding=0.9", "replicate=4"])
    assert isinstance(config, RunConfig)
    assert (config.design.name, config.design.payoff.binding, config.replicate) == ("regiobureau", 0.9, 4)
    shipped = bresim.load("run", ["governance=regiobureau"])
    assert isinstance(shipped, RunConfig)
    assert shipped.design.payoff.binding != 0.9
    # what the file does not set can be set too, in a design and in a scenario
    config = bresim.load("run", ["governance.payoff.sanction=0.2", "scenario.from_policy_start.shocks=2.0"])
    assert isinstance(config, RunConfig)
    assert config.design.payoff.sanction == 0.2
    assert config.scenario["from_policy_start"]["shocks"] == 2.0


def test_a_composed_design_is_the_shipped_one() -> None:
    compared = bresim.load("compare", ["designs=[regio_deal]"])
    run = bresim.load("run", ["governance=regio_deal"])
    assert isinstance(compared, CompareConfig)
    assert isinstance(run, RunConfig)
    assert compared.designs == run.designs


def test_nothing_changes_after_the_check() -> None:
    config = bresim.load("region")
    with pytest.raises(ValidationError, match="frozen"):
        config.seed = 2  # type: ignore[misc]
    with pytest.raises(ValidationError, match="extra"):
        RegionConfig(**{**config.model_dump(), "sed": 2})


def test_a_configuration_survives_json() -> None:
    config = bresim.load(
        "compare", ["designs=[status_quo,regio_deal]", "measures.monitoring=0.5", f"parameters.{ONE.name}={ONE.low}"]
    )
    again = CompareConfig.model_validate_json(config.model_dump_json())
    assert again == config


@pytest.mark.parametrize("level", ["absent", "mild", "report", "strong"])
def test_levels_of_the_undercurrent_have_their_names(level: str) -> None:
    values = undercurrent_levels()[level]
    parts = yaml.safe_load((configs_dir() / "undercurrent" / f"{level}.yaml").read_text())
    assert tuple(parts.values()) == values
    assert tuple(parts) == UNDERCURRENT_PARTS == tuple(Undercurrent.model_fields)
    assert Undercurrent.of_level(level).label == level


def test_levels_of_the_undercurrent_grow() -> None:
    levels = list(undercurrent_levels().values())
    assert levels[0] == (0.0, 0.0, 0.0)
    assert levels[-1] == (1.0, 1.0, 1.0)
    assert all(weak[part] < strong[part] for weak, strong in pairwise(levels) for part in range(3))
    assert {path.stem for path in (configs_dir() / "undercurrent").glob("*.yaml")} == set(undercurrent_levels())


def test_every_measure_and_parameter_can_be_set() -> None:
    assert set(measure_names()) == set(measures())
    half = [f"parameters.{name}={(p.low + p.high) / 2}" for name, p in PARAMETERS.items()]
    config = bresim.load("patterns", [*half, *(f"measures.{name}=0.25" for name in measure_names())])
    assert set(config.parameters.fixed) == set(PARAMETERS)  # type: ignore[attr-defined]
    assert set(config.measures) == set(measure_names())  # type: ignore[attr-defined]


def test_unknown_command() -> None:
    with pytest.raises(InputError, match="did you mean 'compare'"):
        bresim.load("comparee")


def test_a_folder_at_home_that_no_shell_has_filled_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert bresim.load("compare", ["out='~/results'"]).out == tmp_path / "results"
    with pytest.raises(InputError, match="'~nobody-of-that-name/results' cannot be used"):
        bresim.load("compare", ["out='~nobody-of-that-name/results'"])
