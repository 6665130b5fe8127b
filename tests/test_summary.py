"""The comparison on hand-made tables, where the answer is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bresim.analysis.summary import mean_interval, probability_best, regret, split_variance, summarise
from bresim.columns import Outcome

VALUE = Outcome("value", "share", "", "end", 1, label_nl="waarde", label_en="value")
COST = Outcome("cost", "share", "", "end", -1, label_nl="kosten", label_en="cost")
COUNT = Outcome("count", "count", "", "end", 0, label_nl="aantal", label_en="count")


def frame(**designs: list[float]) -> pd.DataFrame:
    """Runs of designs, two replicates a parameter draw; cost is the value, count is ten times it."""
    parts = [
        pd.DataFrame(
            {
                "design": name, "founding": "vote", "replicate": range(len(values)),
                "parameter_draw": np.arange(len(values)) // 2, "coding_draw": 0,
                "value": values, "cost": values, "count": 10.0 * np.array(values),
            }
        )
        for name, values in designs.items()
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def row(table: pd.DataFrame, design: str, outcome: str) -> pd.Series:
    return table[(table["design"] == design) & (table["outcome"] == outcome)].iloc[0]


def test_by_hand() -> None:
    runs = frame(status_quo=[0.1, 0.2, 0.3, 0.4], better=[0.2, 0.3, 0.4, 0.5], mixed=[0.4, 0.0, 0.1, 0.5])
    table = summarise(runs.sample(frac=1.0, random_state=0), [VALUE, COST, COUNT])
    assert len(table) == 9
    better, mixed, base = (row(table, name, "value") for name in ("better", "mixed", "status_quo"))
    assert better["difference"] == pytest.approx(0.1)
    assert better["difference_low"] == pytest.approx(
        0.1
    )  # the same in every replicate: no stochastic part in the difference
    assert better["difference_high"] == pytest.approx(0.1)
    assert mixed["difference"] == pytest.approx(0.0)
    assert mixed["difference_low"] < 0.0 < mixed["difference_high"]
    assert (base["difference"], base["difference_low"], base["difference_high"]) == (0.0, 0.0, 0.0)
    assert better["mean"] == pytest.approx(0.35)
    assert better["low"] == pytest.approx(0.215)
    assert better["high"] == pytest.approx(0.485)
    # best: mixed, better, better, and a tie, which counts for neither
    assert better["probability_best"] == pytest.approx(2 / 4)
    assert mixed["probability_best"] == pytest.approx(1 / 4)
    assert base["probability_best"] == 0.0
    assert better["expected_regret"] == pytest.approx(0.2 / 4)
    assert mixed["expected_regret"] == pytest.approx(0.6 / 4)
    assert better["worst_regret"] == pytest.approx(0.1)  # draw 0: (0.2 + 0) / 2
    assert mixed["worst_regret"] == pytest.approx(0.15)
    # less is better
    assert row(table, "status_quo", "cost")["probability_best"] == pytest.approx(0.5)
    assert row(table, "mixed", "cost")["expected_regret"] == pytest.approx((0.3 + 0.0 + 0.0 + 0.1) / 4)
    # neither is better
    assert np.isnan(row(table, "better", "count")["probability_best"])
    assert row(table, "better", "count")["difference"] == pytest.approx(1.0)


def test_best_is_better_than_every_other_and_ties_count_for_none() -> None:
    table = np.array([[1.0, 1.0, 0.0], [0.0, 2.0, 1.0], [3.0, 3.0, 3.0]])
    best = probability_best(table, 1)
    assert best.tolist() == pytest.approx([0, 1 / 3, 0])
    assert probability_best(-table, -1).tolist() == best.tolist()
    assert regret(table, 1).tolist() == [[0.0, 0.0, 1.0], [2.0, 0.0, 1.0], [0.0, 0.0, 0.0]]
    assert regret(table, -1).min(axis=1).tolist() == [0.0, 0.0, 0.0]


def test_variance_splits_into_stochastic_and_parametric() -> None:
    draws = np.repeat(np.arange(4), 2)
    between = split_variance(np.repeat([0.1, 0.2, 0.3, 0.4], 2), draws)
    assert (between.stochastic, between.parametric) == (0.0, 1.0)
    within = split_variance(np.tile([0.1, 0.3], 4), draws)
    assert (within.stochastic, within.parametric) == (1.0, 0.0)
    # within: 0.02 (each pair 0.1 up and down); between means: 0.05/3 x 2 - within
    random = np.random.default_rng(3)
    groups = np.repeat(np.arange(2_000), 5)
    half = split_variance(random.normal(0.0, 1.0, 2_000)[groups] + random.normal(0.0, 2.0, 10_000), groups)
    assert half.parametric == pytest.approx(0.2, abs=0.03)
    assert half.stochastic + half.parametric == pytest.approx(1.0)
    assert np.isnan(split_variance(np.arange(4.0), np.arange(4)).stochastic)  # one replicate a draw says nothing
    assert np.isnan(split_variance(np.ones(8), draws).stochastic)  # no variance at all


def nested(sets: int, of: tuple[float, float, float], seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(values, draws of parameters and of codings); ``of``: standard deviations of luck, reading and mechanisms."""
    random = np.random.default_rng(seed)
    draws = np.repeat(np.arange(sets), 5)
    codings = 3 * draws + np.tile([0, 0, 1, 1, 2], sets)  # as ``plan.readings_of`` makes them of blocks of five
    luck, reading, mechanisms = of
    values = mechanisms * random.normal(size=sets)[draws] + reading * random.normal(size=3 * sets)[codings]
    return values + luck * random.normal(size=len(draws)), draws, codings


def test_variance_splits_in_three_by_hand() -> None:
    """Two sets of two readings of two replicates: mean squares 0.5 within, 4 between readings, 200 between sets."""
    values = np.array([0.0, 1.0, 2.0, 3.0, 10.0, 11.0, 12.0, 13.0])
    draws, codings = np.repeat([0, 1], 4), np.repeat([0, 1, 2, 3], 2)
    within, reading, mechanisms = 0.5, (4.0 - 0.5) / 2, (200.0 - 4.0) / 4
    total = within + reading + mechanisms
    split = split_variance(values, draws, codings)
    assert split.stochastic == pytest.approx(within / total)
    assert split.coding == pytest.approx(reading / total)
    assert split.parametric == pytest.approx(mechanisms / total)


def test_the_three_parts_are_those_that_were_put_in() -> None:
    split = split_variance(*nested(4_000, (1.0, 2.0, 3.0), seed=4))
    assert split.stochastic == pytest.approx(1 / 14, abs=0.01)
    assert split.coding == pytest.approx(4 / 14, abs=0.02)
    assert split.parametric == pytest.approx(9 / 14, abs=0.02)
    few = [split_variance(*nested(100, (1.0, 1.0, 1.0), seed=seed)) for seed in range(200)]
    for part in ("stochastic", "coding", "parametric"):
        shares = np.array([getattr(one, part) for one in few])
        assert shares.mean() == pytest.approx(1 / 3, abs=0.02), part  # 100 sets, as a default comparison has


def test_readings_without_effect_have_no_share() -> None:
    shares = [split_variance(*nested(100, (1.0, 0.0, 1.0), seed=seed)).coding for seed in range(100)]
    assert np.mean(shares) < 0.05
    values, draws, codings = nested(100, (1.0, 0.0, 1.0), seed=1)
    assert split_variance(values, draws, np.zeros_like(codings)) == split_variance(values, draws)
    assert split_variance(values, draws).coding == 0.0


def test_one_reading_a_set_cannot_be_told_from_the_set() -> None:
    values, draws, _ = nested(50, (1.0, 1.0, 1.0), seed=2)
    split = split_variance(values, draws, draws + 7)
    assert split.stochastic == split_variance(values, draws).stochastic
    assert np.isnan(split.coding)
    assert np.isnan(split.parametric)


def test_the_interval_allows_for_correlated_replicates_of_one_parameter_draw() -> None:
    values = np.repeat([0.0, 1.0, 0.0, 1.0], 50)
    together = mean_interval(values, np.repeat(np.arange(4), 50))
    apart = mean_interval(values, np.arange(200))
    assert together[0] == apart[0] == 0.5
    assert together[2] - together[1] > 5.0 * (apart[2] - apart[1])
    # four cluster means: standard error 0.2887, Student's t with 3 degrees of freedom 3.1824
    assert together[2] - together[0] == pytest.approx(3.1824 * np.sqrt(1.0 / 12.0), rel=1e-3)


def test_the_interval_covers_as_often_as_it_says() -> None:
    random = np.random.default_rng(5)
    groups = np.repeat(np.arange(20), 5)
    hits = 0
    for _ in range(400):
        _, low, high = mean_interval(random.normal(0, 1, 20)[groups] + random.normal(0, 1, 100), groups)
        hits += low <= 0.0 <= high
    assert 0.91 <= hits / 400 <= 0.985


def test_missing_values_are_left_out_and_a_missing_reference_gives_no_difference() -> None:
    runs = frame(status_quo=[0.1, np.nan, 0.3, 0.4], better=[0.2, 0.3, np.nan, 0.5])
    better = row(summarise(runs, [VALUE]), "better", "value")
    assert better["replicates"] == 3
    assert better["difference"] == pytest.approx(0.1)
    assert better["probability_best"] == 1.0
    alone = row(summarise(frame(better=[0.2, 0.3]), [VALUE]), "better", "value")
    assert np.isnan(alone["difference"])
    assert np.isnan(alone["probability_best"])


def test_the_difference_has_a_split_of_its_own() -> None:
    """Parameters shift both designs alike, so that what is left of the difference is stochastic."""
    level = 0.1 * np.repeat(np.arange(6), 2)
    noise = np.tile([0.001, 0.003], 6)
    table = summarise(frame(status_quo=list(level), other=list(level + noise)), [VALUE])
    other = row(table, "other", "value")
    assert other["variance_knowledge"] > 0.99
    assert (other["difference_luck"], other["difference_knowledge"]) == (pytest.approx(1.0), pytest.approx(0.0))
    assert np.isnan(row(table, "status_quo", "value")["difference_luck"])


def test_each_founding_is_compared_with_its_own_status_quo() -> None:
    vote = frame(status_quo=[0.1, 0.2, 0.3, 0.4], other=[0.1, 0.2, 0.4, 0.5])
    at_once = frame(status_quo=[0.1, 0.2, 0.3, 0.4], other=[0.3, 0.4, 0.5, 0.6]).assign(founding="at_once")
    table = summarise(pd.concat([vote, at_once], ignore_index=True), [VALUE])
    assert table[["design", "founding"]].duplicated().sum() == 0
    for founding, alone in (("vote", vote), ("at_once", at_once)):
        found = table[table["founding"] == founding].reset_index(drop=True)
        pd.testing.assert_frame_equal(found, summarise(alone, [VALUE]), check_exact=True)
    gaps = table[table["design"] == "other"].set_index("founding")["difference"]
    assert gaps["vote"] == pytest.approx(0.05)
    assert gaps["at_once"] == pytest.approx(0.2)
    assert row(table[table["founding"] == "vote"], "other", "value")["probability_best"] == 0.5
    assert row(table[table["founding"] == "at_once"], "other", "value")["probability_best"] == 1.0
