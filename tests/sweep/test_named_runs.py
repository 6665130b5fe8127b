"""Points that name their design and their replicate: a list of single runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bresim.common.errors import InputError
from bresim.sweep.job import SweepJob
from bresim.sweep.run import run
from bresim.sweep.tables import tables_of
from tests.sweep.small import config_of, job_of, rows_of

VALUE = "public_value_direct"


def test_each_point_is_run_once_with_what_it_names() -> None:
    points = pd.DataFrame(
        {"governance": ["regiobureau", "status_quo", "regiobureau"], "replicate": [2, 0, 0], "seed": [7, 7, 9]}
    )
    single = SweepJob(config_of("replicates=1"), points)
    assert single.runs == 3
    found = tables_of(single, np.arange(3))["runs"]
    assert "governance" not in found
    assert found["design"].astype(str).tolist() == points["governance"].tolist()
    crossed = job_of("+vary.seed=[7,9]")
    whole = tables_of(crossed, np.arange(crossed.runs))["runs"].astype({"design": str})
    keys = ["design", "replicate", "seed"]
    there = whole.set_index(keys).loc[
        list(zip(*(points[key] for key in ("governance", *keys[1:])), strict=True)), VALUE
    ]
    assert found[VALUE].tolist() == there.tolist()


def test_only_futures_that_both_designs_have_are_paired(tmp_path: Path) -> None:
    points = pd.DataFrame({"governance": ["status_quo", "regiobureau", "status_quo"], "seed": [7, 7, 9]})
    config = config_of("replicates=1", f"out={tmp_path / 'out'}")
    summary = run(SweepJob(config, points)).summary.set_index("design")
    value = rows_of(tmp_path / "out")[VALUE]
    assert summary.loc["regiobureau", "difference"] == value[1] - value[0]
    assert summary["replicates"].to_dict() == {"status_quo": 2, "regiobureau": 1}


@pytest.mark.parametrize(
    ("overrides", "fragment"),
    [
        (("+vary.replicate=[0,1]",), "vary.replicate: names each replicate, and replicates=3 asks for several"),
        (("+vary.replicate=[0,-1]", "replicates=1"), "vary.replicate: -1 is out of range"),
        (("+vary.replicate=[0,0.5]", "replicates=1"), "vary.replicate: holds numbers that are not whole"),
        (("+vary.governance=[status_quo,regio_deal]",), "vary.governance: there is no design 'regio_deal'"),
    ],
)
def test_what_cannot_be_named(overrides: tuple[str, ...], fragment: str) -> None:
    with pytest.raises(InputError, match=fragment):
        job_of(*overrides)
