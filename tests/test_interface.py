"""The names that users and checks rely on, written out: renaming one breaks their work, and this test."""

from __future__ import annotations

import importlib

import pandas as pd
import pytest

import bresim
from bresim import jobs
from bresim.common.errors import InputError
from bresim.config.schema import CompareConfig, RunConfig
from bresim.results import Result, make_manifest

THEMES = (
    "housing", "economy", "social_domain", "climate_energy", "liveability", "health", "safety", "cross_border",
)  # fmt: skip
SUBREGIONS = ("parkstad_limburg", "maastricht_heuvelland", "westelijke_mijnstreek")
STATES = (
    "public_value_direct", "public_value_indirect", "public_value_regional", "public_value_subregional", "trust_mean",
    "trust_centre_rural", "grievance_mean", "urgency_mean", "urgency_spread", "support_mean", "province_acceptance",
    "partner_trust_economic", "partner_trust_societal", "slack_mean", "load_mean",
)  # fmt: skip
COUNTS = ("agreements", "deadlocks", "completed", "failed", "imposed", "promises", "enforced", "refused")
RUNS = (
    "design", "scenario", "undercurrent", "replicate", "seed", "parameter_draw", "coding_draw", *STATES,
    *(f"public_value_{name}" for name in (*THEMES, *SUBREGIONS)), "public_value_worst_municipality",
    "public_value_gini", *COUNTS, "default_rate", "delay_rate", "quarters_to_agreement",
    "quarters_to_first_result", "adopted",
    "adopted_quarter", "dissolved", "dissolved_quarter", "followed",
)  # fmt: skip
TABLES = {
    "runs": RUNS,
    "series": ("design", "replicate", "quarter", "date", *STATES),
    "municipalities": ("design", "replicate", "municipality"),
    "initiatives": ("theme", "arena", "members", "opened", "agreed", "ended", "outcome", "funded"),
    "summary": (
        "design", "mean", "low", "high", "difference", "difference_low", "difference_high", "probability_best",
        "expected_regret", "worst_regret", "variance_luck", "variance_coding", "variance_knowledge",
        "difference_luck", "difference_coding", "difference_knowledge",
    ),
}  # fmt: skip
AGENT = (
    "name", "subregion", "population", "trust", "grievance", "urgency", "interest", "execution_capacity", "load",
    "slack", "support",
)  # fmt: skip
#: Every common key with a value of its own, as users give them.
KEYS = [
    "region=zuid_limburg", "scenario=austerity", "undercurrent=mild", "undercurrent.parochialism=0.1",
    "undercurrent.cleavage=0.2", "undercurrent.negativity=0.3", "parameters=prior", "parameters.trust_gain=0.05",
    "measures.monitoring=0.5", "seed=2", "workers=1", "out=there", "progress=off", "overwrite=true", "lang=en",
]  # fmt: skip


@pytest.fixture(scope="module")
def made() -> Result:
    config = bresim.load(
        "compare",
        overrides=[
            "designs=[status_quo,regio_deal]", "replicates=2", "undercurrent_replicates=0", "parameters=point",
        ],
    )  # fmt: skip
    assert isinstance(config, CompareConfig)
    return bresim.compare(config)


@pytest.mark.parametrize("name", list(TABLES))
def test_the_columns_of_a_table(name: str, made: Result) -> None:
    table = made.tables()[name]
    assert [column for column in TABLES[name] if column not in table.columns] == []
    assert len(table)


def test_shares_are_shares_and_what_is_missing_is_null(made: Result) -> None:
    outcomes = made.runs[[name for name in RUNS if name not in {"design", "scenario", "undercurrent"}]]
    shares = outcomes.drop(columns=["replicate", "seed", "parameter_draw", "coding_draw", *COUNTS]).drop(
        columns=[name for name in outcomes if "quarter" in name]
    )
    assert shares.stack().between(0.0, 1.0).all()
    assert (outcomes.select_dtypes("number").min().dropna() >= 0).all(), "a magic number stands for what is missing"


def test_the_manifest(made: Result) -> None:
    told = make_manifest(made, pd.Timestamp.now("UTC").to_pydatetime(), None)
    wanted = {
        "bresim", "packages", "python", "platform", "git", "config", "config_hash", "seed", "engine", "runs",
        "failures", "wall_time",
    }  # fmt: skip
    assert wanted <= set(told)


@pytest.mark.parametrize("command", ["compare", "run", "sweep", "patterns"])
def test_common_keys(command: str) -> None:
    own = {"compare": ["replicates=3", "designs=[regio_deal]"], "run": ["governance=regio_deal"]}
    assert bresim.load(command, [*KEYS, *own.get(command, [])]).lang == "en"


@pytest.mark.parametrize(
    ("preset", "values"), [("absent", {0.0}), ("mild", {0.3}), ("report", {0.6}), ("strong", {1.0})]
)
def test_presets_of_the_undercurrent(preset: str, values: set[float]) -> None:
    config = bresim.load("compare", [f"undercurrent={preset}"])
    assert isinstance(config, CompareConfig)
    knobs = config.undercurrent
    assert {knobs.parochialism, knobs.cleavage, knobs.negativity} == values
    assert bresim.load("compare").undercurrent.label == "report"  # type: ignore[attr-defined]


def test_a_run_leaves_its_full_trace() -> None:
    config = bresim.load("run", ["governance=regio_deal", "parameters=point"])
    assert isinstance(config, RunConfig)
    tables = jobs.run(config).tables()
    assert {
        "runs",
        "series",
        "municipalities",
        "dyads",
        "initiatives",
        "votes",
        "events",
        "trust_changes",
        "capacity",
    } <= set(tables)
    assert len(tables["municipalities"]) == 60 * 16
    assert set(tables["dyads"]["quarter"]) == set(range(61))
    assert {"shock", "funding_window", "municipal_election", "agreed", "broken", "joined"} <= set(
        tables["events"]["event"]
    )
    assert len(tables["capacity"]) == 60 * 16
    for name in ("events", "trust_changes"):
        assert (tables[name]["sentence_nl"].str.len() > 20).all()


def test_all_that_happens_is_kept_of_so_many_runs_as_memory_has_room_for() -> None:
    config = bresim.load("compare", ["record=all", "replicates=1001", "designs=[status_quo]"])
    with pytest.raises(InputError, match=r"record: .*at most 2000 runs, and these are 2002; take fewer replicates"):
        bresim.compare(config)  # type: ignore[arg-type]


def test_the_mesa_model() -> None:
    model = bresim.RegionModel(bresim.load("compare", ["parameters=point"]), replicate=0)  # type: ignore[arg-type]
    agent = model.agents[0]
    assert all(hasattr(agent, name) for name in AGENT)
    model.step()
    assert {name for name in RUNS[7:] if name not in model.outcomes()} == set()
    assert model.running


@pytest.mark.parametrize("package", ["bresim", "bresim.config", "bresim.results"])
def test_every_exported_name_is_found(package: str) -> None:
    module = importlib.import_module(package)
    assert [name for name in module.__all__ if not hasattr(module, name)] == []
