"""Shapley values of games whose solution is known."""

from __future__ import annotations

from itertools import chain, combinations, permutations

import numpy as np
import pytest

from bresim.brief.rule_types import CHOICES, Hybrids, contributions, shapley
from bresim.conventions import FOUNDINGS
from bresim.governance.schema import RULE_TYPES

PLAYERS = ("a", "b", "c", "d")


def game(worth, players=PLAYERS):
    """The value (1,) of every coalition."""
    coalitions = chain.from_iterable(combinations(players, size) for size in range(len(players) + 1))
    return {frozenset(chosen): np.array([float(worth(frozenset(chosen)))]) for chosen in coalitions}


def solved(worth, players=PLAYERS):
    return {name: value.item() for name, value in shapley(game(worth, players), list(players)).items()}


def test_additive_game_gives_each_its_own():
    own = {"a": 1.5, "b": -2.0, "c": 0.0, "d": 4.0}
    assert solved(lambda chosen: sum(own[name] for name in chosen)) == pytest.approx(own)


def test_glove_game():
    # a has a left glove, b and c a right one: only a pair is worth 1 (Shapley & Shubik 1969)
    found = solved(lambda chosen: "a" in chosen and bool(chosen & {"b", "c"}), ("a", "b", "c"))
    assert found == pytest.approx({"a": 2 / 3, "b": 1 / 6, "c": 1 / 6})


def test_unanimity_game_is_shared_by_those_it_needs():
    found = solved(lambda chosen: chosen >= {"a", "b", "c"})
    assert found == pytest.approx({"a": 1 / 3, "b": 1 / 3, "c": 1 / 3, "d": 0.0})


def test_one_who_adds_nothing_gets_nothing_and_equals_get_the_same():
    found = solved(lambda chosen: len(chosen - {"d"}) ** 2)
    assert found["d"] == pytest.approx(0.0)
    assert found["a"] == pytest.approx(found["b"]) == pytest.approx(found["c"]) == pytest.approx(3.0)


def test_it_is_the_mean_over_all_orders():
    values = game(lambda chosen: 0.0)
    rng = np.random.default_rng(3)
    values = {chosen: rng.normal(size=6) for chosen in values}
    total = {name: np.zeros(6) for name in PLAYERS}
    orders = list(permutations(PLAYERS))
    for order in orders:
        for at, name in enumerate(order):
            before = frozenset(order[:at])
            total[name] += (values[before | {name}] - values[before]) / len(orders)
    found = shapley(values, list(PLAYERS))
    for name in PLAYERS:
        np.testing.assert_allclose(found[name], total[name], atol=1e-12)


def test_the_seven_add_up_in_each_future_and_so_do_the_means():
    rng = np.random.default_rng(1)
    value = {choice: rng.normal(size=(2, 40)) for choice in CHOICES}
    draws = np.repeat(np.arange(8), 5)
    whole = value[frozenset(RULE_TYPES)] - value[frozenset()]
    for founding in range(2):
        parts = shapley({choice: values[founding] for choice, values in value.items()}, list(RULE_TYPES))
        np.testing.assert_allclose(sum(parts.values()), whole[founding], atol=1e-12)
    table = contributions(Hybrids("x", value, value, value), draws)
    assert table["value"].sum() == pytest.approx(whole[FOUNDINGS.index("at_once")].mean(), abs=1e-12)
    assert list(table["rule_type"]) == list(RULE_TYPES)
    assert (table["low"] < table["value"]).all()
    assert (table["value"] < table["high"]).all()


def test_the_interval_of_a_contribution_is_over_parameter_sets():
    # one rule type adds 0 in one half of the sets, 1 in the other, whatever the chance: four sets, not twenty futures
    draws = np.repeat(np.arange(4), 5)
    adds = (draws % 2).astype(float)
    value = {choice: np.tile(adds * ("payoff" in choice), (2, 1)) for choice in CHOICES}
    row = contributions(Hybrids("x", value, value, value), draws).set_index("rule_type").loc["payoff"]
    error = np.std([0.0, 1.0, 0.0, 1.0], ddof=1) / 2.0
    assert row["value"] == pytest.approx(0.5)
    assert row["high"] - row["value"] == pytest.approx(3.1824463 * error)  # Student, 3 degrees of freedom
