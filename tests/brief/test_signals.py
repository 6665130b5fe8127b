"""Early signs: planted thresholds are found, nothing is said of noise, and what is told is of the other half."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bresim import tabulate
from bresim.brief import signals as module
from bresim.brief.runs import cases_of
from bresim.brief.signals import COUNTS, FEWEST, INDICATORS, STATE_CHANGES, WATCHED, bad_end, early, signals, threshold
from bresim.common.progress import Silent
from bresim.jobs import run_plan
from bresim.plan import make_plan
from tests.brief.conftest import config_of

FUTURES, SETS = 500, 100
DRAWS = np.repeat(np.arange(SETS), FUTURES // SETS)
#: The futures whose parameter sets choose the thresholds: every second set.
HALF = DRAWS % 2 == 0


def planted(rng, **given):
    """Indicators (R,): noise, but for those given."""
    columns = {name: rng.normal(size=FUTURES) for name in STATE_CHANGES}
    columns |= {name: rng.integers(0, 6, FUTURES).astype(float) for name in COUNTS}
    return pd.DataFrame({**columns, **given})


def test_a_known_threshold_is_found_on_the_side_that_is_bad():
    values = np.random.default_rng(0).permutation(np.arange(100.0))
    assert threshold(values, values < 30, 1) == 30 or threshold(values, values < 30, 1) == 29
    assert threshold(values, values > 69, -1) in (69, 70)
    # low is bad, and all bad ends are high: no threshold tells them
    assert np.isnan(threshold(values, values > 69, 1))
    assert np.isnan(threshold(np.ones(50), np.arange(50) < 9, 1))


@pytest.mark.parametrize("direction", [1, -1])
def test_a_threshold_of_counts_is_a_count(direction):
    rng = np.random.default_rng(2)
    values = rng.poisson(1.5, 333).astype(float)
    bad = values < 2 if direction > 0 else values > 2
    assert threshold(values, bad, direction) == 2.0


def test_bad_ends_are_dissolved_or_below_half_of_the_mean_gain():
    gain = np.array([0.009, 0.011, 0.05, 0.01])  # their mean is 0.02
    assert list(bad_end(gain, np.array([False, False, True, False]))) == [True, False, True, False]


def test_where_nothing_is_gained_on_average_a_bad_end_is_a_loss():
    gain = np.array([-0.03, -0.001, 0.001, 0.0])
    assert list(bad_end(gain, np.zeros(4, bool))) == [True, True, False, False]


def test_a_planted_sign_comes_first_with_its_numbers():
    rng = np.random.default_rng(4)
    trust, deadlocks = rng.uniform(-1, 1, FUTURES), rng.integers(0, 10, FUTURES).astype(float)
    # trust that falls by more than 0.4 ends badly in 90 %, else in 5 %; deadlocks add a little
    chance = np.where(trust < -0.4, 0.9, 0.05) + np.where(deadlocks > 6, 0.05, 0.0)
    bad = rng.random(FUTURES) < chance
    table = signals("d", planted(rng, trust_mean=trust, deadlocks=deadlocks), bad, DRAWS, {})
    first = table.iloc[0]
    assert (first["design"], first["indicator"], first["direction"]) == ("d", "trust_mean", 1)
    assert first["threshold"] == pytest.approx(-0.4, abs=0.12)
    flagged = trust < first["threshold"]
    # what is told is of the half that did not choose the threshold
    assert first["flagged"] == pytest.approx(flagged[~HALF].mean())
    assert first["bad_flagged"] == pytest.approx(bad[~HALF & flagged].mean())
    assert first["bad_otherwise"] == pytest.approx(bad[~HALF & ~flagged].mean())
    apart = first["bad_flagged"] - first["bad_otherwise"]
    assert first["low"] < apart < first["high"]
    assert first["low"] > 0.5


def test_a_high_count_can_be_the_bad_side():
    rng = np.random.default_rng(5)
    deadlocks = rng.integers(0, 10, FUTURES).astype(float)
    table = signals("d", planted(rng, deadlocks=deadlocks), deadlocks > 6, DRAWS, {})
    row = table.set_index("indicator").loc["deadlocks"]
    assert (row["direction"], row["threshold"]) == (-1, 6.0)
    assert (row["bad_flagged"], row["bad_otherwise"]) == (1.0, 0.0)


def test_what_chooses_the_threshold_does_not_judge_it():
    """A sign that holds in the choosing half only is none."""
    rng = np.random.default_rng(6)
    trust = rng.uniform(-1, 1, FUTURES)
    bad = np.where(HALF, trust < -0.4, rng.random(FUTURES) < 0.3)
    assert "trust_mean" not in set(signals("d", planted(rng, trust_mean=trust), bad, DRAWS, {})["indicator"])


def test_of_noise_hardly_ever_a_sign_is_told():
    """At most one table in twenty names an indicator that tells nothing, with all eight looked at."""
    rng = np.random.default_rng(7)
    tables = 200
    named = sum(len(signals("d", planted(rng), rng.random(FUTURES) < 0.3, DRAWS, {})) > 0 for _ in range(tables))
    assert named <= 0.05 * tables  # without a correction for their number: 0.09


@pytest.mark.parametrize("bad", [np.zeros(FUTURES, bool), np.ones(FUTURES, bool), HALF, DRAWS == 0])
def test_without_good_and_bad_ends_in_both_halves_there_is_nothing_to_tell(bad):
    rng = np.random.default_rng(8)
    table = signals("d", planted(rng), bad, DRAWS, {"m": np.ones(FUTURES)})
    assert table.empty
    assert list(table.columns) == module.COLUMNS


def test_one_parameter_set_cannot_be_halved():
    rng = np.random.default_rng(9)
    trust = rng.uniform(-1, 1, FUTURES)
    assert signals("d", planted(rng, trust_mean=trust), trust < 0, np.zeros(FUTURES, dtype=np.int64), {}).empty


def test_too_few_or_too_many_futures_are_no_sign():
    rng = np.random.default_rng(10)
    trust = rng.uniform(-1, 1, FUTURES)
    half = np.zeros(FUTURES, bool)
    few = np.zeros(FUTURES, bool)
    few[: FEWEST - 1] = True
    assert module._judged(few, few, half, DRAWS) is None
    many = trust < 0.5  # three of four
    assert module._judged(many, many, half, DRAWS) is None
    some = trust < 0.0
    assert module._judged(some, some, half, DRAWS) is not None
    assert module._judged(some, ~some, half, DRAWS) is None


def test_the_measure_that_helps_is_chosen_in_one_half_and_told_of_the_other():
    rng = np.random.default_rng(11)
    trust = rng.uniform(-1, 1, FUTURES)
    noise = rng.normal(0.0, 0.01, FUTURES)
    effects = {
        "helps": np.where(trust < 0, 0.05, -1.0) + noise,  # only where it is needed
        "elsewhere": np.where(trust < 0, 0.0, 9.0) + noise,
        "lucky": np.where(HALF, 0.04, 0.0) + noise,
    }
    row = signals("d", planted(rng, trust_mean=trust), trust < 0, DRAWS, effects).iloc[0]
    flagged = (trust < row["threshold"]) & ~HALF
    assert row["measure"] == "helps"
    assert row["remedy"] == pytest.approx(effects["helps"][flagged].mean())
    assert row["remedy_low"] < row["remedy"] < row["remedy_high"]
    lucky = signals("d", planted(rng, trust_mean=trust), trust < 0, DRAWS, {"lucky": np.where(HALF, 0.04, 0.0) + noise})
    assert lucky.iloc[0]["measure"] is None or pd.isna(lucky.iloc[0]["measure"])
    assert np.isnan(lucky.iloc[0]["remedy"])


@pytest.mark.parametrize("start", ["2019-Q1", "2024-Q1"])
def test_early_values_are_those_of_series_and_initiatives(start):
    config = config_of("designs=[status_quo,regiobureau,regio_deal]", "replicates=4", f"time.start={start}")
    plan = make_plan(config, range(4), cases=cases_of(config))
    recorded = run_plan(plan, Silent(), series=True, details=True)
    table = early(plan, recorded)
    assert len(table) == 3 * 4
    first, last = config.policy_quarter, config.policy_quarter + WATCHED - 1
    series = tabulate.series_table(plan, recorded).astype({"design": str, "founding": str})
    series = series[series["founding"] == "at_once"].set_index(["design", "replicate", "quarter"])
    log = tabulate.initiatives_table(plan, recorded).astype(
        {"design": str, "founding": str, "arena": str, "outcome": str}
    )
    log = log[(log["founding"] == "at_once") & log["arena"].isin(["zuid_limburg", "region", "beside"])]
    for row in table.to_dict("records"):
        run = row["design"], row["replicate"]
        for name in STATE_CHANGES:
            change = series.loc[(*run, last), name] - series.loc[(*run, max(first - 1, 0)), name]
            assert row[name] == change
        mine = log[(log["design"] == run[0]) & (log["replicate"] == run[1])]
        assert row["agreements"] == mine["agreed"].between(first, last).sum()
        within = mine["ended"].between(first, last)
        assert row["deadlocks"] == (within & (mine["outcome"] == "deadlocked")).sum()
        assert row["completed"] == (within & (mine["outcome"] == "completed")).sum()
    assert (table[list(INDICATORS)].abs().sum() > 0).sum() >= 6
