"""What a folder holds, compared with a job."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from bresim.config import load
from bresim.config.schema import CompareConfig
from bresim.plan import make_plan
from bresim.results import JobFolder, Result, make_manifest
from bresim.results.earlier import differences


def finished(config: CompareConfig) -> CompareConfig:
    """The job, with its manifest in ``out`` as a run leaves it: with the region that the plan has."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    result = Result(config=config, region=make_plan(config, [0]).region, runs=pd.DataFrame({"replicate": [0]}))
    with JobFolder(config.out, overwrite=False) as folder:
        folder.publish(make_manifest(replace(result, engine="numba"), now, now))
    return config


@pytest.mark.parametrize("region", ["teaching", "zuid_limburg"])
def test_a_finished_job_differs_in_nothing_from_itself(region: str, tmp_path: Path) -> None:
    """Also where a run leaves out arenas that its scenario does not open, as in Zuid-Limburg."""
    config = load("compare", [f"region={region}", "designs=[status_quo]", f"out={tmp_path / 'out'}"])
    assert differences(finished(config)) == []


def test_other_tables_of_the_region_are_seen(tmp_path: Path) -> None:
    config = finished(load("compare", ["region=teaching", "designs=[status_quo]", f"out={tmp_path / 'out'}"]))
    manifest = tmp_path / "out" / "manifest.json"
    text = manifest.read_text(encoding="utf-8")
    start = text.index('"region_hash": "') + len('"region_hash": "')
    manifest.write_text(text[:start] + "0" * 8 + text[start + 8 :], encoding="utf-8")
    assert differences(config) == ["the tables of the region have changed"]
