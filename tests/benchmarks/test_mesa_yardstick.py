"""The Mesa model to which bresim's speed is compared is the same model: run by run, outcome by outcome."""

from __future__ import annotations

import numpy as np

from benchmarks.mesa_yardstick import outcomes
from benchmarks.mesa_yardstick.compare import TOLERANCE, by_bresim, by_mesa, check, difference, plan_of
from benchmarks.mesa_yardstick.data import read

SHORT = ("designs=[status_quo]", "time.policy_start=2019-Q3", "time.end=2020-Q4")


def test_runs_agree() -> None:
    # in this replicate the one is founded, has failures and its successor; under the other the province imposes
    plan = plan_of(1, "designs=[regio_deal_continued,provincial_steering]", "founding=both")
    assert sorted(set(plan.jobs["at_once"].tolist())) == [False, True]
    largest, lines = check(plan)
    assert lines == []
    assert largest <= TOLERANCE


def test_a_changed_rule_is_noticed() -> None:
    plan = plan_of(1, *SHORT)
    data, recorded = read(plan), by_bresim(plan)
    assert difference(by_mesa(data, plan, 0), plan, recorded, 0)[0] <= TOLERANCE
    data.parameters[0].trust_return *= 1.001
    gap, where = difference(by_mesa(data, plan, 0), plan, recorded, 0)
    assert gap > TOLERANCE
    assert "trust" in where


def test_its_own_draws_are_other_luck() -> None:
    plan = plan_of(1, *SHORT)
    data = read(plan)
    keyed, own, again = (
        np.array(outcomes.at_the_end(by_mesa(data, plan, 0, keyed), len(plan.region.subregions)))
        for keyed in (True, False, False)
    )
    assert np.array_equal(own, again, equal_nan=True)
    assert not np.array_equal(own, keyed, equal_nan=True)
