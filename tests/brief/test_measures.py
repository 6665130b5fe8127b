"""Measures: none is the comparison, and what each adds is to the same design."""

from __future__ import annotations

import numpy as np
import pytest

from bresim.brief.measures import NONE, measured_cases, measures
from bresim.brief.runs import MEASURED, cases_of, draws_of, run_cases
from bresim.common.progress import Silent
from bresim.conventions import FOUNDINGS, HEADLINE, REFERENCE
from bresim.governance import measures as shipped_measures
from tests.brief.conftest import config_of


def test_a_row_for_every_measure_design_and_founding(small):
    keys = list(small.measures[["measure", "design", "founding"]].itertuples(index=False, name=None))
    assert len(keys) == len(set(keys)) == (1 + len(shipped_measures())) * 4 * 2


def test_none_is_the_comparison(small):
    mine = small.measures[small.measures["measure"] == NONE].set_index(["design", "founding"])
    told = small.summary[small.summary["outcome"] == HEADLINE].set_index(["design", "founding"])
    adopted = small.runs.groupby(["design", "founding"], observed=True)["adopted"].mean()
    for key, row in mine.iterrows():
        theirs = told.loc[key, ["difference", "difference_low", "difference_high"]].to_numpy(dtype=float)
        np.testing.assert_array_equal(row[["gain", "low", "high"]].to_numpy(dtype=float), theirs)
        assert row["effect"] == row["effect_low"] == row["effect_high"] == 0.0
        assert row["chance"] == adopted[key]


def test_effects_are_what_the_table_says_and_what_the_runs_say(small):
    rows = small.measures[(small.measures["design"] == small.explained) & (small.measures["founding"] == "at_once")]
    rows = rows.set_index("measure")
    assert (rows["effect"].drop(NONE) != 0.0).sum() > 5
    gains = rows["gain"] - rows.loc[NONE, "gain"]
    np.testing.assert_allclose(rows["effect"], gains, atol=1e-12)


def test_with_measures_in_the_job_today_has_none_and_each_comes_on_top():
    config = config_of("designs=[status_quo,regiobureau]", "measures.monitoring=0.5", "replicates=6")
    cases = measured_cases(config)["monitoring"]
    assert [dict(case.measures) for case in cases] == [{"monitoring": 1.0}] * 3
    other = measured_cases(config)["thinning"]
    assert [dict(case.measures) for case in other] == [{"thinning": 1.0}, *[{"monitoring": 0.5, "thinning": 1.0}] * 2]
    names = [case.name for case in cases]
    assert names == [REFERENCE, MEASURED, "regiobureau"]

    run = run_cases(config, cases_of(config), range(6), Silent())
    main = {name: outcome[:, :, 0] for name, outcome in run.items()}
    draws = draws_of(config, range(6))
    table, effects = measures(config, main, draws, "regiobureau", Silent())
    rows = table.set_index(["measure", "design", "founding"])
    quo = main[HEADLINE][0, FOUNDINGS.index("at_once")]
    found = run_cases(config, other, range(6), Silent())[HEADLINE][:, FOUNDINGS.index("at_once"), 0]
    for at, name in enumerate(names):
        row = rows.loc[("thinning", name, "at_once")]
        assert row["gain"] == pytest.approx((found[at] - quo).mean(), abs=1e-15)
        assert row["effect"] == pytest.approx(
            (found[at] - main[HEADLINE][at, FOUNDINGS.index("at_once")]).mean(), abs=1e-15
        )
    np.testing.assert_array_equal(effects["thinning"], found[2] - main[HEADLINE][2, FOUNDINGS.index("at_once")])
    assert list(effects.columns) == list(shipped_measures())
    # the full measure comes in the place of half of it: to the status quo with measures it adds the other half
    assert (
        rows.loc[("monitoring", MEASURED, "at_once"), "gain"] == rows.loc[("monitoring", REFERENCE, "at_once"), "gain"]
    )
    assert rows.loc[(NONE, REFERENCE, "at_once"), "gain"] == 0.0
    assert rows.loc[(NONE, MEASURED, "at_once"), "gain"] != 0.0
