from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from bresim.analysis import comparison
from bresim.analysis.summary import mean_interval
from bresim.conventions import HEADLINE

DRAWS = pd.Series([0, 0, 1, 1, 2, 2])


def runs_of(**values: list[float]) -> pd.DataFrame:
    """Runs with the given headline values by design, one parameter draw a replicate."""
    return pd.concat(
        [
            pd.DataFrame({"design": d, "replicate": range(len(v)), "parameter_draw": range(len(v)), HEADLINE: v})
            for d, v in values.items()
        ],
        ignore_index=True,
    )


def test_half_width_is_the_student_interval() -> None:
    values = np.array([1.0, 2.0, 4.0, 7.0])
    low, high = stats.t.interval(0.95, 3, values.mean(), stats.sem(values))
    assert comparison.half_width(values) == pytest.approx((high - low) / 2)


def test_replicates_that_share_a_draw_do_not_count_twice() -> None:
    once = np.array([1.0, 2.0, 4.0])
    twice = np.repeat(once, 2)
    draws = np.repeat([0, 1, 2], 2)
    assert comparison.half_width(twice, draws) == pytest.approx(comparison.half_width(once))
    assert comparison.half_width(twice) < comparison.half_width(once)  # what ignoring the draws would claim


@pytest.mark.parametrize("draws", [[0, 0, 1, 1, 2], [0, 1, 2, 3, 4], [7, 7, 7, 7, 7]])
def test_interval_is_that_of_the_summary(draws: list[int]) -> None:
    values = np.array([0.1, 0.3, 0.2, 0.25, 0.6])
    mean, low, high = mean_interval(values, np.array(draws))
    assert comparison.half_width(values, np.array(draws)) == pytest.approx((high - low) / 2)
    assert (high + low) / 2 == pytest.approx(mean)


def test_one_draw_leaves_the_replicates() -> None:
    values = np.array([1.0, 2.0, 4.0])
    assert comparison.half_width(values, np.zeros(3, dtype=np.int64)) == pytest.approx(comparison.half_width(values))


@pytest.mark.parametrize("values", [[], [1.0], [np.nan, np.nan], [1.0, np.nan]])
def test_half_width_is_not_known_below_two_values(values: list[float]) -> None:
    assert np.isnan(comparison.half_width(np.array(values, dtype=np.float64)))


def test_half_width_leaves_missing_values_out() -> None:
    values = np.array([1.0, np.nan, 2.0, 4.0])
    assert comparison.half_width(values) == pytest.approx(comparison.half_width(np.array([1.0, 2.0, 4.0])))


def test_half_widths_does_columns_apart() -> None:
    table = np.array([[1.0, 5.0], [2.0, np.nan], [4.0, 7.0], [6.0, 8.0]])
    draws = np.array([0, 0, 1, 2])
    expected = [comparison.half_width(column, draws) for column in table.T]
    assert comparison.half_widths(table, draws) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("mean", "low", "high", "verdict"),
    [
        (0.1, 0.05, 0.15, 1),
        (-0.1, -0.15, -0.05, -1),
        (0.1, -0.01, 0.2, 0),
        (0.1, np.nan, np.nan, 0),
        (0.0, 0.0, 0.0, 0),
    ],
)
def test_verdict(mean: float, low: float, high: float, verdict: int) -> None:
    assert comparison.verdict(mean, low, high) == verdict


def test_what_would_be_shown_as_nothing_is_no_difference() -> None:
    assert comparison.verdict(0.0004, 0.0003, 0.0005) == 0


def test_order_is_from_high_to_low_then_by_name_and_missing_last() -> None:
    runs = runs_of(b=[0.2, 0.2], a=[0.2, 0.2], c=[0.5, 0.1], d=[np.nan, np.nan])
    assert comparison.order(runs) == ["c", "a", "b", "d"]


def test_compare_pairs_by_replicate() -> None:
    found = comparison.compare(pd.Series([0.1, 0.1, 0.3, np.nan]), "a", pd.Series([0, 1, 2, 3]))
    assert found.mean == pytest.approx(0.5 / 3)
    assert found.better == 1.0
    assert found.low < found.mean < found.high
    assert np.isnan(comparison.compare(pd.Series([np.nan]), "a", pd.Series([0])).mean)


def test_differences_take_their_interval_from_the_summary() -> None:
    runs = runs_of(status_quo=[0.1, 0.2, 0.3], a=[0.2, 0.2, 0.5])
    row = {
        "design": "a",
        "outcome": HEADLINE,
        "difference": 0.1,
        "difference_low": 0.02,
        "difference_high": 0.18,
    }
    (found,) = comparison.differences(runs, pd.DataFrame([row, {**row, "design": "status_quo"}]))
    assert (found.design, found.mean, found.low, found.high) == ("a", 0.1, 0.02, 0.18)
    assert found.better == pytest.approx(2 / 3)  # equal is not better
    assert comparison.differences(runs_of(a=[0.1]), pd.DataFrame()) == []


def test_one_leader_only_if_the_lead_is_clear() -> None:
    steady = [0.30, 0.31, 0.29, 0.30, 0.32]
    assert comparison.leaders(runs_of(a=steady, b=[v - 0.1 for v in steady], c=[v - 0.2 for v in steady])) == ["a"]


def test_designs_without_a_significant_difference_lead_together() -> None:
    runs = runs_of(a=[0.5, 0.1, 0.5, 0.1], b=[0.1, 0.5, 0.2, 0.3], c=[0.0, 0.0, 0.01, 0.0])
    assert comparison.leaders(runs)[:2] == ["a", "b"]
    assert comparison.leaders(runs_of(a=[0.2, 0.3], b=[0.2, 0.3])) == ["a", "b"]
    assert comparison.leaders(runs_of(a=[0.3], b=[0.2])) == ["a", "b"]  # one run tells nothing


def test_leaders_correct_for_the_number_of_comparisons() -> None:
    rng = np.random.default_rng(1)
    common = rng.normal(0.3, 0.05, 30)
    noise = rng.normal(0, 0.02, 30)
    gap = noise - noise.mean() + 0.0080  # about 2.2 standard errors: clear alone, not among ten
    alone = {"a": list(common), "b": list(common - gap)}
    others = {f"z{i}": list(common - 0.2 + rng.normal(0, 0.01, 30)) for i in range(9)}
    assert comparison.leaders(runs_of(**alone)) == ["a"]
    assert comparison.leaders(runs_of(**alone, **others)) == ["a", "b"]


def test_bands_and_calendar() -> None:
    series = pd.DataFrame(
        {
            "design": "a",
            "replicate": np.tile(np.arange(101), 2),
            "quarter": np.repeat([0, 1], 101),
            "date": np.repeat(["2019-Q4", "2020-Q1"], 101),
            "x": np.concatenate([np.arange(101.0), np.full(101, 7.0)]),
        }
    )
    band = comparison.bands(series, ["x"])["a"]
    assert band.loc[0, ["x", "x_low", "x_high"]].to_list() == pytest.approx([50, 5, 95])
    assert band.loc[1, ["x", "x_low", "x_high"]].to_list() == pytest.approx([7, 7, 7])
    assert band["year"].to_list() == [2020.0, 2020.25]
    assert comparison.quarter_start("2024-Q1") == 2024.0
