"""Futures of a brief: which replicates, in which batches, and what is said of a sample."""

from __future__ import annotations

import numpy as np
import pytest

from bresim.brief import runs
from bresim.brief.runs import MEASURED, Estimate, cases_of, draws_of, estimate, every_set, run_cases, with_name
from bresim.common.progress import Silent
from bresim.config.schema import Undercurrent
from bresim.conventions import HEADLINE, REFERENCE
from bresim.governance import load_design
from bresim.jobs import compare
from tests.brief.conftest import config_of


@pytest.mark.parametrize(
    ("replicates", "per_draw", "at_most", "expected"),
    [
        (20, 5, 100, [0, 5, 10, 15]),
        (23, 5, 100, [0, 5, 10, 15, 20]),
        (6, 2, 100, [0, 2, 4]),
        (4, 1, 100, [0, 1, 2, 3]),
        (3, 5, 100, [0]),
        (50, 5, 4, [0, 15, 30, 45]),
        (50, 5, 1, [0]),
    ],
)
def test_every_set_has_one_replicate(replicates, per_draw, at_most, expected):
    config = config_of(f"replicates={replicates}", f"replicates_per_draw={per_draw}")
    chosen = every_set(config, at_most)
    assert list(chosen) == expected
    draws = draws_of(config, chosen)
    assert len(set(draws)) == len(chosen)
    if at_most >= replicates:
        assert set(draws) == set(draws_of(config, range(replicates)))


def test_at_the_point_there_is_one_set_and_each_future_counts():
    config = config_of("parameters=point", "replicates=20")
    assert set(draws_of(config, range(20))) == {0}
    values = np.arange(20.0)
    found = estimate(values, draws_of(config, range(20)))
    assert found.high - found.mean == pytest.approx(2.0930241 * values.std(ddof=1) / np.sqrt(20))


def test_an_estimate_leaves_out_what_is_missing():
    draws = np.array([0, 0, 1, 1])
    found = estimate(np.array([1.0, np.nan, 3.0, np.nan]), draws)
    assert found.mean == 2.0
    nothing = estimate(np.full(4, np.nan), draws)
    assert np.isnan([nothing.mean, nothing.low, nothing.high]).all()
    assert not nothing.above_zero
    assert not estimate(np.ones(1), draws[:1]).above_zero  # one future has no interval


def test_what_would_be_shown_as_zero_is_not_above_it():
    assert Estimate(1.0, 0.0006, 2.0).above_zero
    assert not Estimate(1.0, 0.0004, 2.0).above_zero


def test_cases_are_told_against_today_without_measures():
    plain = cases_of(config_of())
    assert [case.name for case in plain] == [REFERENCE, "regiobureau", "regio_deal", "coalition_of_the_willing"]
    assert not any(case.measures for case in plain)
    cases = cases_of(config_of("measures.monitoring=0.5"))
    assert [case.name for case in cases[:2]] == [REFERENCE, MEASURED]
    assert [dict(case.measures) for case in cases[:3]] == [{}, {"monitoring": 0.5}, {"monitoring": 0.5}]
    assert cases[1].design == cases[0].design


@pytest.fixture(scope="module")
def alone():
    """Outcomes of every case, in batches of the usual size, with one worker."""
    config = config_of("replicates=7", "workers=1")
    return config, run_cases(config, cases_of(config), range(7), Silent())


@pytest.mark.parametrize("together", [1, 30, 10**6])
def test_outcomes_depend_on_no_batches_and_no_workers(alone, together, monkeypatch):
    config, expected = alone
    monkeypatch.setattr(runs, "TOGETHER", together)
    other = config.model_copy(update={"workers": 2})
    found = run_cases(other, cases_of(other), range(7), Silent())
    for name, values in expected.items():
        assert values.shape == (4, 2, 1, 7)
        np.testing.assert_array_equal(found[name], values)


def test_outcomes_are_those_of_a_comparison(alone):
    config, found = alone
    from bresim.config import load

    designs = "designs=[status_quo,regiobureau,regio_deal]"
    only_runs = ("report=false", "figures=false", "undercurrent_replicates=0", "record=runs")
    same = load("compare", ["region=teaching", "replicates=7", designs, *only_runs])
    table = compare(same).runs.set_index(["design", "founding", "replicate"])[HEADLINE]
    for at, design in enumerate((REFERENCE, "regiobureau", "regio_deal")):
        for founding, label in enumerate(config.foundings):
            np.testing.assert_array_equal(found[HEADLINE][at, founding, 0], table[design, label].to_numpy())


def test_levels_and_chosen_replicates_are_where_they_belong(alone):
    config, expected = alone
    levels = [Undercurrent.of_level("strong"), config.undercurrent]
    some = np.array([1, 6])
    found = run_cases(config, cases_of(config), some, Silent(), levels, (HEADLINE,))[HEADLINE]
    np.testing.assert_array_equal(found[:, :, 1], expected[HEADLINE][:, :, 0, some])
    assert (found[:, :, 0] != found[:, :, 1]).all()


def test_another_name_keeps_the_draws():
    design = load_design("regio_deal_continued")
    renamed = with_name(design, "other")
    for path, coding in design.codings.items():
        assert renamed.codings[path].origin == (coding.origin or "regio_deal_continued")
    assert {coding.origin for coding in with_name(renamed, "third").codings.values()} == {
        coding.origin for coding in renamed.codings.values()
    }
