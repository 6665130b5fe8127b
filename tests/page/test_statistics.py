"""The statistics of a page are those of ``summary.csv``."""

from __future__ import annotations

from pathlib import Path

import node
import pandas as pd
import pytest
from web_page import Page, made, request_of

from bresim import tabulate
from bresim.analysis.summary import summarise
from bresim.plan import make_plan
from bresim.runner.ensemble import simulate

COLUMNS = ["mean", "low", "high", "difference", "difference_low", "difference_high", "probability_best"]


def test_statistics_are_those_of_the_summary(page: Page, tmp_path: Path) -> None:
    config = page.worlds["teaching", "history"]
    knobs = config.undercurrent.model_dump()
    asked = [(request_of(config, knobs, 0, 45), made(config, knobs, 0, 45))]
    found = pd.DataFrame(node.answer("statistics.mjs", page.ask(tmp_path, asked)))
    plan = make_plan(config, range(45))
    recorded = simulate(plan.world, plan.jobs, config.seed, plan.region.subregion, workers=1)
    wanted = summarise(tabulate.runs_table(plan, recorded), tabulate.outcomes_of(plan.region))
    keys = ["design", "founding", "outcome"]
    both = wanted.merge(found, on=keys, suffixes=("", "_page"), validate="one_to_one")
    assert len(both) == len(wanted) == len(found) == 24 * len(tabulate.outcomes_of(plan.region))
    assert both["probability_best"].max() > 0.1
    for name in COLUMNS:
        mine = both[f"{name}_page"].astype(float)
        pd.testing.assert_series_equal(mine, both[name], check_names=False, rtol=1e-9, atol=1e-12)
    pd.testing.assert_series_equal(
        found["between"].astype(float), found["difference_high"].astype(float), check_names=False, rtol=1e-15
    )


@pytest.mark.parametrize("freedom", [1, 2, 3, 8, 40, 199, 10_000])
def test_students_t(freedom: int, tmp_path: Path) -> None:
    from scipy.special import stdtrit

    (tmp_path / "freedom.json").write_text(str(freedom))
    assert node.answer("student.mjs", tmp_path) == pytest.approx(float(stdtrit(freedom, 0.975)), rel=1e-11)
