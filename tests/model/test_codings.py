"""Drawn codings in jobs: common to all designs of a future, the same however the job is cut, and told in the tables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

import bresim
from benchmarks.mesa_yardstick.compare import TOLERANCE, check, plan_of
from bresim.conventions import HEADLINE
from bresim.governance.compile import FIELDS
from bresim.jobs import run as run_one
from bresim.kernel.state import ARENAS, BEFORE, DESIGN, FALLBACK
from bresim.plan import make_plan
from bresim.sweep.job import SweepJob
from bresim.sweep.planning import plan_of as plan_of_sweep
from bresim.sweep.tables import tables_of

SMALL = ("parameters=prior", "undercurrent_replicates=0", "record=runs", "figures=false", "report=false")
DESIGNS = "designs=[status_quo,regiobureau,provincial_steering]"


def runs(*overrides: str) -> pd.DataFrame:
    return bresim.compare(bresim.load("compare", [*SMALL, "replicates=10", *overrides])).runs


def of(table: pd.DataFrame, design: str) -> pd.DataFrame:
    mine = table[table["design"] == design].drop(columns="design")
    return mine.sort_values(["founding", "replicate"]).reset_index(drop=True)


@pytest.fixture(scope="module")
def three() -> pd.DataFrame:
    return runs(DESIGNS)


def test_blocks_have_readings_of_two_replicates(three: pd.DataFrame) -> None:
    quo = of(three, "status_quo")
    quo = quo[quo["founding"] == "vote"]
    assert quo["coding_draw"].tolist() == [0, 0, 1, 1, 2, 3, 3, 4, 4, 5]
    assert quo["parameter_draw"].tolist() == [0] * 5 + [1] * 5


@pytest.mark.parametrize("others", ["status_quo,regiobureau", "provincial_steering,regiobureau,lobby_construct"])
def test_a_design_has_the_same_runs_whatever_the_other_designs(three: pd.DataFrame, others: str) -> None:
    pd.testing.assert_frame_equal(of(runs(f"designs=[{others}]"), "regiobureau"), of(three, "regiobureau"))


def test_threads_do_not_matter(three: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(runs(DESIGNS, "workers=1"), three)


def test_chunks_do_not_matter(three: pd.DataFrame) -> None:
    """The runs of a sweep in two halves, cut through a block, are those of the comparison."""
    config = bresim.load(
        "sweep", ["parameters=prior", DESIGNS, "replicates=10", "founding=vote", "+vary.undercurrent.cleavage=[0.6]"]
    )
    job = SweepJob(config)
    parts = [tables_of(job, np.arange(*ends))["runs"] for ends in ((0, 10), (10, 30))]
    swept = pd.concat(parts).drop(columns=["undercurrent.cleavage", "failure"])
    wanted = three[three["founding"] == "vote"]
    keys = ["design", "replicate"]
    left, right = (table.sort_values(keys).reset_index(drop=True) for table in (swept, wanted))
    assert left["coding_draw"].tolist() == right["coding_draw"].tolist()
    assert left[HEADLINE].tolist() == right[HEADLINE].tolist()


def fields(plan_overrides: Sequence[str]) -> tuple[np.ndarray, np.ndarray, int]:
    plan = make_plan(bresim.load("compare", [*SMALL, DESIGNS, *plan_overrides]), range(10))
    return plan.world.institution_values, plan.jobs["design"].reshape(3, -1), plan.world.institution_values.shape[0]


def test_a_future_has_one_reading_of_the_status_quo_for_all_designs() -> None:
    values, rows, count = fields(())
    assert count == 3 * 6  # designs x readings
    for slot in (BEFORE, FALLBACK, ARENAS, ARENAS + 1, ARENAS + 2):
        for design in rows:
            assert (values[design, slot] == values[rows[0], slot]).all()
    assert (values[rows[0], DESIGN] == values[rows[0], BEFORE]).all()  # the status quo as design and as what was
    quota = FIELDS.index("quota")
    assert len(np.unique(values[rows[0], BEFORE, quota])) == 6
    assert (values[rows[2], DESIGN, quota] == values[rows[0], BEFORE, quota]).all()  # taken over from the status quo


def test_at_the_point_there_is_one_row_for_each_design() -> None:
    values, rows, count = fields(("coding=point",))
    assert count == 3
    assert [set(design) for design in rows.tolist()] == [{0}, {1}, {2}]
    drawn, _, _ = fields(("coding=4",))
    assert drawn.shape == values.shape
    assert (drawn != values).any()


def test_one_draw_for_all_is_the_same_under_any_seed() -> None:
    first, _, _ = fields(("coding=4",))
    second, _, _ = fields(("coding=4", "seed=9"))
    assert (first == second).all()


def test_a_single_run_is_that_of_the_comparison(three: pd.DataFrame) -> None:
    alone = run_one(bresim.load("run", ["parameters=prior", "governance=regiobureau", "replicate=7"])).runs
    seventh = of(three, "regiobureau").query("founding == 'vote' and replicate == 7")
    assert alone[HEADLINE].tolist() == seventh[HEADLINE].tolist()
    assert alone["coding_draw"].tolist() == [4]


def test_a_swept_coding_and_a_swept_field() -> None:
    base = ["parameters=prior", "designs=[regiobureau]", "replicates=2", "founding=at_once", "sweep.method=grid"]
    config = bresim.load("sweep", [*base, "+vary.coding=[point,drawn,3]", "+vary.governance.payoff.binding=[0.1,0.9]"])
    job = SweepJob(config)
    table = tables_of(job, np.arange(job.runs))["runs"]
    assert table["coding_draw"].fillna(-1).tolist() == [-1] * 4 + [0] * 4 + [3] * 4
    assert table["coding"].tolist() == [name for name in ("point", "drawn", "3") for _ in range(4)]
    plan = plan_of_sweep(job, job.scene(0), np.arange(job.runs))
    binding = plan.world.institution["binding"][plan.jobs["design"], DESIGN]
    assert binding.tolist() == [0.1, 0.1, 0.9, 0.9] * 3  # a value that is given is not drawn


def test_a_plain_mesa_model_agrees_with_drawn_codings() -> None:
    plan = plan_of(2, "parameters=prior", "designs=[regio_deal,provincial_steering_mandated]", "replicates_per_draw=1")
    assert len(plan.world.institution) == 4
    largest, lines = check(plan)
    assert lines == []
    assert largest <= TOLERANCE
