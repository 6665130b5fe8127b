"""The EMA Workbench runs the model, in batches or one by one, and gets the numbers that we get."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import bresim
from bresim import ema
from bresim.common.errors import InputError
from bresim.config.schema import CompareConfig
from bresim.parameters import PARAMETERS
from bresim.sensitivity.extras import load
from bresim.sensitivity.problem import sweep_config
from bresim.sweep.job import SweepJob
from bresim.sweep.tables import tables_of

OUTCOMES = ("public_value_direct", "grievance_mean", "urgency_mean")
NAMES = ("work", "join_trust", "undercurrent_negativity")


def model(**changed: object) -> ema.RegionModel:
    config = bresim.load(
        "compare",
        ["region=teaching", "designs=[status_quo,regiobureau]", "replicates=3", "parameters=point"],
    )
    return ema.RegionModel(config, **{"outcomes": OUTCOMES, "uncertainties": NAMES, **changed})


@pytest.mark.filterwarnings("ignore")  # of the workbench, about its own use of pandas
def test_perform_experiments_gives_our_own_rows_in_batches_and_one_by_one() -> None:
    perform = load("ema_workbench").perform_experiments
    region = model(measures=["monitoring"])
    experiments, batched = perform(region, scenarios=4, policies=3, evaluator=ema.Evaluator(region))
    assert len(experiments) == 12
    assert set(experiments["design"]) == {"status_quo", "regiobureau"}
    keys = region.bresim_keys
    points = experiments[list(keys)].astype(float).rename(columns=keys).reset_index(drop=True)
    job = SweepJob(sweep_config(region_config(), {}), points)
    run = np.arange(job.runs)
    runs = tables_of(job, run)["runs"].assign(experiment=job.places(run)[0])
    means = runs.groupby(["experiment", "design"])[list(OUTCOMES)].mean()
    assert runs.groupby(["experiment", "design"])["replicate"].nunique().eq(3).all()
    mine = list(zip(range(12), experiments["design"], strict=True))
    for name in OUTCOMES:
        np.testing.assert_allclose(batched[name], means.loc[mine, name], rtol=1e-12)
    row = experiments.iloc[5]
    alone = region.run_experiment({name: row[name] for name in (*keys, "design")})
    assert alone == {name: batched[name][5] for name in OUTCOMES}


def region_config() -> bresim.config.schema.CompareConfig:
    return bresim.load(
        "compare", ["region=teaching", "designs=[status_quo,regiobureau]", "replicates=3", "parameters=point"]
    )


@pytest.mark.filterwarnings("ignore")
def test_the_workbenchs_own_evaluator_gives_the_same() -> None:
    workbench = load("ema_workbench")
    region = model()
    experiments, outcomes = workbench.perform_experiments(region, scenarios=2, policies=1)
    rows = region.run_batch([dict(row) for row in experiments[[*NAMES, "design"]].to_dict("records")])
    for name in OUTCOMES:
        assert list(outcomes[name]) == [row[name] for row in rows]


def test_runs_that_fail_are_reported_and_left_out_of_the_means(monkeypatch: pytest.MonkeyPatch) -> None:
    region = model()
    whole = region.run_batch([{}])[0]

    def failing(*given, **named):  # type: ignore[no-untyped-def]
        tables = tables_of(*given, **named)
        tables["runs"].loc[1, list(OUTCOMES)] = np.nan
        tables["runs"].loc[1, "failure"] = "ZeroDivisionError: no one there"
        return tables

    monkeypatch.setattr(ema, "tables_of", failing)
    with pytest.warns(RuntimeWarning, match="1 runs failed .* the first: ZeroDivisionError: no one there"):
        left = region.run_batch([{}])[0]
    assert all(np.isfinite(left[name]) and left[name] != whole[name] for name in OUTCOMES)


def test_uncertainties_are_the_priors_and_outcomes_have_their_direction() -> None:
    region = model(uncertainties=None)
    assert len(region.uncertainties) == len(PARAMETERS) + 3
    bounds = {each.name: (each.lower_bound, each.upper_bound) for each in region.uncertainties}
    for name in ("work", "trust_gain"):
        assert bounds[name] == pytest.approx((PARAMETERS[name].low, PARAMETERS[name].high))
    assert bounds["undercurrent_negativity"] == (0.0, 1.0)
    scalar = load("ema_workbench").ScalarOutcome
    assert [each.kind for each in region.outcomes] == [scalar.MAXIMIZE, scalar.MINIMIZE, scalar.INFO]
    work = next(each for each in region.uncertainties if each.name == "work")
    assert work.dist.ppf(0.5) == pytest.approx(np.sqrt(PARAMETERS["work"].low * PARAMETERS["work"].high))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"outcomes": ["public_value_dirct"]}, "outcomes: there is no 'public_value_dirct'; did you mean"),
        ({"uncertainties": ["wrk"]}, "uncertainties: there is no 'wrk'; did you mean 'work'"),
        ({"measures": ["monitring"]}, "measures: there is no 'monitring'; did you mean 'monitoring'"),
    ],
)
def test_names_that_are_not_there(changed: dict[str, object], told: str) -> None:
    with pytest.raises(InputError, match=told.replace("'", "'")):
        model(**changed)


def config_of(*overrides: str) -> CompareConfig:
    return bresim.load("compare", ["region=teaching", "replicates=3", "parameters=point", *overrides])


def test_a_design_is_a_lever_only_where_there_is_a_choice() -> None:
    two = config_of("designs=[status_quo,regiobureau]")
    asked = {"uncertainties": ["work"], "measures": ["monitoring"]}
    assert [lever.name for lever in ema.RegionModel(two, **asked).levers] == ["design", "measure_monitoring"]
    fixed = ema.RegionModel(two, design="regiobureau", **asked)
    assert [lever.name for lever in fixed.levers] == ["measure_monitoring"]
    alone = ema.RegionModel(config_of("designs=[regiobureau]"), **asked)
    assert [lever.name for lever in alone.levers] == ["measure_monitoring"]
    assert fixed.run_batch([{"work": 0.7}]) == alone.run_batch([{"work": 0.7}])
    assert fixed.run_batch([{}]) == ema.RegionModel(two, **asked).run_batch([{"design": "regiobureau"}])
    with pytest.raises(InputError, match="design: there is no 'regiobureu'; did you mean 'regiobureau'"):
        ema.RegionModel(two, design="regiobureu")


def test_fields_of_a_design_are_levers() -> None:
    config = config_of("designs=[regio_deal]", "founding=at_once")
    fields = {"payoff.binding": (0.1, 0.9), "scope.term_quarters": (8, 16)}
    region = ema.RegionModel(config, uncertainties=[], fields=fields)
    kinds = {lever.name: (type(lever).__name__, lever.lower_bound, lever.upper_bound) for lever in region.levers}
    assert kinds == {
        "payoff_binding": ("RealParameter", 0.1, 0.9),
        "scope_term_quarters": ("IntegerParameter", 8, 16),
    }
    asked = [{"payoff_binding": 0.1, "scope_term_quarters": 8}, {"payoff_binding": 0.9, "scope_term_quarters": 16}]
    points = [{"governance.payoff.binding": 0.1, "governance.scope.term_quarters": 8},
              {"governance.payoff.binding": 0.9, "governance.scope.term_quarters": 16}]  # fmt: skip
    means = bresim.evaluate(points, config=config, outcomes="public_value_direct", statistic="mean")
    found = [row["public_value_direct"] for row in region.run_batch(asked)]
    assert found == pytest.approx(means["public_value_direct"].tolist(), rel=1e-12)
    assert found[0] != found[1]
    with pytest.raises(InputError, match=r"vary\.governance\.payoff\.bindng: is no key"):
        ema.RegionModel(config, fields={"payoff.bindng": (0.0, 1.0)})
    with pytest.raises(InputError, match=r"governance\.payoff\.binding"):
        ema.RegionModel(config, fields={"payoff.binding": (0.0, 7.0)})


def test_what_runs_cost_is_an_outcome() -> None:
    config = config_of("designs=[regiobureau]", "founding=at_once")
    region = ema.RegionModel(config, ["public_value_direct", "fte"], uncertainties=[])
    assert [each.kind for each in region.outcomes] == [region.outcomes[0].MAXIMIZE, region.outcomes[0].MINIMIZE]
    means = bresim.evaluate(config=config, outcomes=["public_value_direct", "fte"], statistic="mean")
    [found] = region.run_batch([{}])
    assert found == pytest.approx(means[["public_value_direct", "fte"]].iloc[0].to_dict(), rel=1e-12)


@pytest.mark.filterwarnings("ignore")  # of the workbench, about its own use of pandas
def test_series_are_outcomes_by_quarter() -> None:
    config = config_of("designs=[status_quo,regiobureau]", "founding=vote", "undercurrent_replicates=0")
    region = ema.RegionModel(config, uncertainties=["work"], series=["trust_mean", "public_value_direct"])
    _, outcomes = load("ema_workbench").perform_experiments(
        region, scenarios=2, policies=1, evaluator=ema.Evaluator(region)
    )
    assert outcomes["series_trust_mean"].shape == (2, config.quarters)
    [found] = region.run_batch([{"design": "regiobureau"}])
    whole = bresim.compare(config.model_copy(update={"record": "series"})).series
    mine = whole[whole["design"] == "regiobureau"].groupby("quarter")["trust_mean"].mean()
    np.testing.assert_allclose(found["series_trust_mean"], mine, rtol=1e-12)
    assert found["series_public_value_direct"][-1] == pytest.approx(found["public_value_direct"], rel=1e-12)
    with pytest.raises(InputError, match="series: there is no 'trust'; did you mean 'trust_mean'"):
        ema.RegionModel(config, series=["trust"])


def searched(region: ema.RegionModel, over: str, nfe: int, folder: Path) -> pd.DataFrame:
    """What a search finds; version 3 of the workbench gives its convergence too."""
    with ema.Evaluator(region) as evaluator:
        found = evaluator.optimize(
            nfe=nfe,
            searchover=over,
            epsilons=[0.001],
            population_size=20,
            directory=str(folder),
            filename="a.tar.gz",
        )
    table: pd.DataFrame = found[0] if isinstance(found, tuple) else found
    return table


@pytest.mark.filterwarnings("ignore")
def test_a_search_over_uncertainties_is_of_the_default_design(tmp_path: Path) -> None:
    """Version 3 of the workbench draws what is not searched over, another value for every candidate, if it may."""
    config = config_of("designs=[status_quo,regiobureau]", "founding=at_once")
    region = ema.RegionModel(config, uncertainties=["work"], measures=["monitoring"])
    table = searched(region, "uncertainties", 40, tmp_path)
    again = region.run_batch([{"work": work} for work in table["work"]])
    assert [row["public_value_direct"] for row in again] == pytest.approx(table["public_value_direct"].tolist())


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("choice", [True, False])
def test_the_workbench_searches_over_levers(choice: bool, tmp_path: Path) -> None:
    config = config_of("designs=[status_quo,regiobureau,regio_deal]", "founding=at_once")
    one = {} if choice else {"design": "regiobureau"}
    region = ema.RegionModel(config, uncertainties=["work"], measures=["monitoring"], **one)
    table = searched(region, "levers", 60, tmp_path)
    best = table["public_value_direct"].max()
    rows = table.to_dict("records")
    again = region.run_batch(
        [{key: row[key] for key in ("design", "measure_monitoring") if key in row} for row in rows]
    )
    assert [row["public_value_direct"] for row in again] == pytest.approx(table["public_value_direct"].tolist())
    if choice:
        assert set(table["design"]) <= {"status_quo", "regiobureau", "regio_deal"}
        means = bresim.evaluate(config=config, outcomes="public_value_direct", statistic="mean")
        assert best >= means["public_value_direct"].max() - 0.001, "the best design, with the measure or without"
        assert type(next(iter(region.levers))).__name__ == "CategoricalParameter", "it is as it was"
    else:
        assert "design" not in table


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_examples_of_the_guide_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = Path(__file__).parents[2] / "docs" / "sensitivity.md"
    text = page.read_text(encoding="utf-8").replace('"replicates=20"', '"replicates=2", "region=teaching"')
    first, search = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    names: dict[str, Any] = {}
    exec(first.replace("scenarios=500", "scenarios=3"), names)
    assert len(names["experiments"]) == 12
    exec(search.replace("nfe=1000", "nfe=20, population_size=10"), names)
    table = names["found"][0] if isinstance(names["found"], tuple) else names["found"]
    assert set(table["design"]) <= {"status_quo", "regiobureau"}
    assert table["payoff_binding"].between(0.0, 1.0).all()
