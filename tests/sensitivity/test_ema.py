"""The EMA Workbench runs the model, in batches or one by one, and gets the numbers that we get."""

from __future__ import annotations

import numpy as np
import pytest

import bresim
from bresim import ema
from bresim.common.errors import InputError
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

    def failing(*given):  # type: ignore[no-untyped-def]
        tables = tables_of(*given)
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
