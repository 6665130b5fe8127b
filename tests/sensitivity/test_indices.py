"""Indices against functions whose indices are known."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from bresim.sensitivity import indices
from bresim.sensitivity.convergence import judge
from bresim.sensitivity.problem import Space, sample
from bresim.sensitivity.quantities import Quantity, quantities, responses_table
from bresim.sweep.points import Range

Floats = NDArray[np.float64]
A, B = 7.0, 0.1


def ishigami(unit: Floats) -> Floats:
    x = np.pi * (2 * unit - 1)
    return np.asarray(np.sin(x[:, 0]) + A * np.sin(x[:, 1]) ** 2 + B * x[:, 2] ** 4 * np.sin(x[:, 0]))


def linear(unit: Floats) -> Floats:
    return np.asarray(3.0 * unit[:, 0] - 2.0 * unit[:, 1] + 0.0 * unit[:, 2])


def space(count: int = 3) -> Space:
    return Space({f"x{at}": Range(0.0, 1.0) for at in range(count)})


def quantity(values: Floats, replicates: int = 2, noise: float = 0.0) -> Quantity:
    luck = np.random.default_rng(5).normal(0.0, 1.0, (len(values), replicates)) * noise
    return Quantity("y", "a", None, "mean", values[:, None] + luck)


def table(rows: list[indices.Row], index: str) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    return frame[frame["index"] == index].set_index("key")


def test_sobol_finds_the_shares_of_ishigami() -> None:
    unit = sample(space(), "sobol", 2048, 1, second_order=True)
    rows = indices.sobol(space(), quantity(ishigami(unit)), 3, second_order=True)
    third = B**2 * np.pi**8 * (1 / 18 - 1 / 50)
    first, second = 0.5 * (1 + B * np.pi**4 / 5) ** 2, A**2 / 8
    total = first + second + third
    known = {"S1": [first, second, 0.0], "ST": [first + third, second, third]}
    for index, values in known.items():
        found = table(rows, index)
        np.testing.assert_allclose(found["value"], np.array(values) / total, atol=0.03)
        inside = (found["low"] - 0.02 <= np.array(values) / total) & (np.array(values) / total <= found["high"] + 0.02)
        assert inside.all(), "the intervals hold what is true"
    pairs = table(rows, "S2").reset_index().set_index("other")
    assert pairs[pairs["key"] == "x0"].loc["x2", "value"] == pytest.approx(third / total, abs=0.05)


def test_morris_finds_the_slopes_of_a_line_and_nothing_where_nothing_is() -> None:
    unit = sample(space(), "morris", 8, 1)
    rows = indices.morris(space(), unit, quantity(linear(unit)), 3)
    np.testing.assert_allclose(table(rows, "mu_star")["value"], [3.0, 2.0, 0.0], atol=1e-12)
    np.testing.assert_allclose(table(rows, "mu")["value"], [3.0, -2.0, 0.0], atol=1e-12)
    np.testing.assert_allclose(table(rows, "sigma")["value"], 0.0, atol=1e-12)
    np.testing.assert_allclose(table(rows, "luck")["value"], 0.0, atol=1e-12)


def test_the_noise_level_is_the_morris_index_of_a_key_without_effect() -> None:
    unit = sample(space(), "morris", 400, 1)
    rows = indices.morris(space(), unit, quantity(linear(unit), replicates=20, noise=1.0), 3)
    idle, luck = table(rows, "mu_star").loc["x2", "value"], table(rows, "luck")["value"]
    assert idle == pytest.approx(luck["x2"], rel=0.15)
    assert luck["x0"] == pytest.approx(luck["x2"], rel=0.15), "luck does not depend on the effect of a key"


@pytest.mark.parametrize(("method", "few", "many"), [("morris", 4, 200), ("sobol", 8, 2048)])
def test_a_small_sample_is_called_too_small_and_a_large_one_large_enough(method: str, few: int, many: int) -> None:
    verdicts = []
    for samples in (few, many):
        unit = sample(space(), method, samples, 1)
        half = len(unit) // 2

        def of(count: int, unit: Floats = unit) -> list[indices.Row]:
            part = quantity(ishigami(unit[:count]))
            if method == "morris":
                return indices.morris(space(), unit[:count], part, 3)
            return indices.sobol(space(), part, 3, second_order=False)

        verdicts.append(judge(method, samples, of(len(unit)), of(half), quantity(ishigami(unit))))
    assert [verdict["enough"] for verdict in verdicts] == [False, True]
    assert verdicts[0]["needed"] >= 2 * few
    assert verdicts[1]["needed"] == many
    assert verdicts[1]["width"] < verdicts[0]["width"]
    if method == "sobol":
        assert verdicts[0]["needed"].bit_count() == 1, "a power of two again"


def test_noise_counts_only_where_it_differs_between_points() -> None:
    unit = sample(space(), "sobol", 64, 1)
    rows = indices.sobol(space(), quantity(linear(unit)), 3, second_order=False)
    common = np.random.default_rng(1).normal(0.0, 5.0, 10)
    same = Quantity("y", "a", None, "mean", linear(unit)[:, None] + common)
    assert judge("sobol", 64, rows, rows, same)["luck"] == pytest.approx(0.0, abs=1e-12)
    noisy = judge("sobol", 64, rows, rows, quantity(linear(unit), replicates=10, noise=3.0))["luck"]
    between = np.var(linear(unit)) + 9.0 / 10
    assert noisy == pytest.approx(0.9 / between, rel=0.2)


@pytest.mark.parametrize("value", [0.3, 0.0])
def test_what_never_changes_has_no_shares_and_needs_no_larger_sample(value: float) -> None:
    unit = sample(space(), "sobol", 8, 1)
    flat = quantity(np.full(len(unit), value))
    rows = indices.sobol(space(), flat, 3, second_order=False)
    assert {row["value"] for row in rows} == {0.0}
    assert judge("sobol", 8, rows, rows, flat)["enough"]


def test_what_hardly_ever_changes_asks_for_a_larger_sample_and_the_library_says_nothing() -> None:
    unit = sample(space(), "sobol", 8, 1)
    once = np.zeros(len(unit))
    once[1] = 1.0  # at a point between the base samples, which are constant
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rows = indices.sobol(space(), quantity(once), 3, second_order=False)
    found = judge("sobol", 8, rows, rows, quantity(once))
    assert (found["enough"], found["needed"]) == (False, 16)


def test_an_outcome_that_is_missing_somewhere_has_no_indices() -> None:
    unit = sample(space(), "morris", 4, 1)
    values = linear(unit)
    values[3] = np.nan
    hole = quantity(values)
    assert indices.morris(space(), unit, hole, 3) == []
    assert not judge("morris", 4, [], [], hole)["enough"]


def function_of(unit: Floats) -> Callable[[int, int], Floats]:
    return lambda design, replicate: linear(unit) * (design + 1) + replicate


def test_differences_are_paired_by_replicate_and_come_first() -> None:
    unit = sample(space(), "discovery", 50, 1)
    made = function_of(unit)
    responses = np.stack([[made(d, r) for r in range(4)] for d in range(2)]).transpose(2, 0, 1)[..., None]
    found = list(quantities(responses, ["a", "b"], ["y"]))
    assert [(q.design, q.reference, q.statistic) for q in found] == [
        ("b", "a", "mean"), ("b", "a", "variance"),
        ("a", None, "mean"), ("b", None, "mean"), ("a", None, "variance"), ("b", None, "variance"),
    ]  # fmt: skip
    np.testing.assert_allclose(found[0].values, linear(unit))
    np.testing.assert_allclose(found[1].values, 0.0, atol=1e-12)
    np.testing.assert_allclose(found[4].values, np.var([0, 1, 2, 3], ddof=1))
    whole = responses_table(space().points(unit), responses, ["a", "b"], ["y"])
    assert list(whole["design"][:2]) == ["a", "b"]
    np.testing.assert_allclose(whole["y_mean"][::2], linear(unit) + 1.5)


def test_a_logarithmic_range_is_cut_on_its_own_scale_and_stays_within_its_bounds() -> None:
    wide = Space({"a": Range(0.9, 2.8, "log"), "b": Range(0.1, 0.3)})
    points = wide.points(np.array([[0.0, 0.0], [0.5, 0.5], [1.0, 1.0]]))
    np.testing.assert_allclose(points["a"], [0.9, np.sqrt(0.9 * 2.8), 2.8])
    assert points.max().tolist() == [2.8, 0.3]
