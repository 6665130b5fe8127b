"""Packages: every one is tried, the best is found, and its price is that of the rules."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
import pytest

from bresim.brief import packages
from bresim.brief.packages import Package, Search, autonomy, best_of_each, every_package
from bresim.brief.rule_types import differing, hybrid
from bresim.brief.runs import cases_of, draws_of, estimate, run_cases
from bresim.common.progress import Silent
from bresim.conventions import FOUNDINGS, HEADLINE, REFERENCE
from bresim.governance import load_design
from bresim.governance import measures as shipped_measures
from bresim.governance.schema import RULE_TYPES
from bresim.plan import Case
from tests.brief.conftest import config_of


def test_every_combination_is_tried_once():
    found = list(every_package(tuple(RULE_TYPES), tuple(shipped_measures()), 4))
    assert len(found) == len(set(found)) == sum(comb(18, size) for size in (1, 2, 3, 4)) == 4047
    changes = (*RULE_TYPES, *shipped_measures())
    assert {frozenset(package.parts) for package in found} == {
        frozenset(chosen) for size in (1, 2, 3, 4) for chosen in combinations(changes, size)
    }


@pytest.mark.parametrize(("rules", "measures"), [((), ("a",)), (("x",), ()), (("x",), ("a", "b"))])
def test_fewer_changes_than_a_package_may_have(rules, measures):
    found = list(every_package(rules, measures, 4))
    assert len(found) == 2 ** len((*rules, *measures)) - 1


def test_kinds():
    assert Package((), ("a",)).kind == "measures"
    assert Package(("x",), ()).kind == "rule_types"
    assert Package(("x",), ("a",)).kind == "mixed"


def test_the_best_of_each_kind_and_size_go_on_and_ties_to_the_smallest():
    some = [Package((), ("a",)), Package((), ("b",)), Package((), ("c",)), Package((), ("a", "b")), Package(("x",), ())]
    values = np.array([[1.0, 2.0], [3.0, 3.0], [0.0, 0.0], [3.0, 3.0], [-1.0, -1.0]])
    # a and b together come to what b does alone: a does nothing there; rule types compete among themselves
    assert best_of_each(some, values, 1) == [Package((), ("b",)), Package(("x",), ())]
    assert best_of_each(some, values, 2) == [Package((), ("a",)), Package((), ("b",)), Package(("x",), ())]
    # equal means, other futures: both stay, in their order
    tied = best_of_each(some[:2], np.array([[1.0, 3.0], [3.0, 1.0]]), 2)
    assert tied == some[:2]


@pytest.mark.parametrize(
    ("design", "measures", "expected"),
    [
        # (binding + steering + ten times the pool, at most 1) / 3, whatever the design's file has
        ("joint_arrangement", (), (0.1 + 0.0 + 0.8) / 3),
        ("status_quo", ("binding_agreements",), 0.9 / 3),
        ("status_quo", ("binding_agreements", "monitoring"), 0.9 / 3),
        # its board alone supplies the pool: a municipality gives up none
        ("regio_deal", (), None),
    ],
)
def test_autonomy_is_that_of_a_vote(design, measures, expected):
    given = load_design(design)
    if design == "joint_arrangement":
        payoff = given.payoff.model_copy(update={"binding": 0.1, "steering": 0.0})
        choice = given.choice.model_copy(update={"pooled_capacity": 0.08})
        given = given.model_copy(update={"payoff": payoff, "choice": choice})
    if expected is None:
        assert given.choice.pooled_by == "board"
        expected = (given.payoff.binding + given.payoff.steering) / 3
    assert autonomy(given, measures) == pytest.approx(expected)


def test_a_large_pool_counts_as_full_binding_and_no_more():
    today = load_design(REFERENCE)
    for pooled, expected in ((0.05, 0.5), (0.1, 1.0), (0.3, 1.0)):
        choice = today.choice.model_copy(update={"pooled_capacity": pooled})
        own = today.model_copy(update={"choice": choice})
        assert autonomy(own) - autonomy(today) == pytest.approx(expected / 3)


@pytest.fixture(scope="module")
def case():
    """(configuration, design, today, value of today (R,), parameter sets (R,)) of a small search."""
    config = config_of("designs=[status_quo,informal_centre]", "replicates=40")
    quo = run_cases(config, cases_of(config)[:1], range(40), Silent(), names=(HEADLINE,))[HEADLINE]
    value = quo[0, FOUNDINGS.index("at_once"), 0]
    return config, load_design("informal_centre"), load_design(REFERENCE), value, draws_of(config, range(40))


def test_the_search_finds_what_trying_all_in_all_futures_finds(case, monkeypatch):
    monkeypatch.setattr(packages, "LARGEST", 2)
    monkeypatch.setattr(packages, "STAGES", ((4, 20), (8, 8)))
    config, design, today, quo, draws = case
    table = packages.packages(config, design, today, quo, 0.0, draws, Silent())
    changes = (*differing(design, today), *shipped_measures())
    every = [frozenset(chosen) for size in (1, 2) for chosen in combinations(changes, size)]
    cases = []
    for number, chosen in enumerate(every):
        rules = chosen & set(RULE_TYPES)
        one = hybrid(design, today, rules) if rules else today
        cases.append(Case(str(number), one, dict.fromkeys(sorted(chosen - rules), 1.0)))
    found = run_cases(config, cases, range(40), Silent())
    at, vote = FOUNDINGS.index("at_once"), FOUNDINGS.index("vote")
    gains = found[HEADLINE][:, at, 0] - quo
    for (kind, size), rows in table.groupby(["kind", "size"]):
        mine = [
            number
            for number, chosen in enumerate(every)
            if len(chosen) == size
            and Package(tuple(chosen & set(RULE_TYPES)), tuple(chosen - set(RULE_TYPES))).kind == kind
        ]
        best = max(mine, key=lambda number: gains[number].mean())
        first = rows.iloc[0]
        assert frozenset(first["parts"].split(";")) == every[best]
        expected = estimate(gains[best], draws)
        assert (first["gain"], first["low"], first["high"]) == (expected.mean, expected.low, expected.high)
        assert first["better"] == (gains[best] > 0.0).mean()
        adopted = found["adopted"][best, vote, 0].mean()
        np.testing.assert_equal(first["chance"], np.nan if kind == "measures" else adopted)
        assert list(rows["place"]) == [1, 2][: len(rows)]
        assert rows["gain"].is_monotonic_decreasing
    assert set(table["kind"]) == {"measures", "rule_types", "mixed"}


def test_packages_begin_from_today_without_the_measures_of_the_job(case, monkeypatch):
    monkeypatch.setattr(packages, "LARGEST", 1)
    config, design, today, quo, draws = case
    measured = config.model_copy(update={"measures": {**config.measures, "binding_agreements": 1.0}})
    same, other = (
        packages.packages(one, design, today, quo, 0.0, draws, Silent()).drop(columns="chance")
        for one in (config, measured)
    )
    assert same.equals(other)


def test_each_stage_sees_more_futures_and_keeps_the_best(case, monkeypatch):
    config, design, today, _, _ = case
    monkeypatch.setattr(packages, "LARGEST", 1)
    monkeypatch.setattr(packages, "STAGES", ((4, 3), (8, 2)))
    search = Search(config, design, today, Silent())
    seen = []
    original = search.outcome
    monkeypatch.setattr(
        search, "outcome", lambda left, some, *rest: seen.append((len(left), len(some))) or original(left, some, *rest)
    )
    left = search.finalists()
    assert seen == [(15, 4), (6, 8)]  # eleven measures and four rule types, then three of each
    assert len(left) == 4


def test_a_stage_that_would_see_no_more_futures_is_left_out(case, monkeypatch):
    config, design, today, _, _ = case
    monkeypatch.setattr(packages, "LARGEST", 1)
    search = Search(config.model_copy(update={"replicates": 1}), design, today, Silent())
    monkeypatch.setattr(search, "outcome", None)
    assert len(search.finalists()) == 15
