"""The real model through the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import command
import pandas as pd
import pytest

from bresim.results import read_result

ROOT = Path(__file__).resolve().parents[2]
COMMON = ["parameters=point", "seed=3", "lang=en"]


def bresim(*arguments: str, cwd: Path) -> str:
    done = command.bresim(*arguments, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_a_replicate_of_run_is_that_replicate_of_compare(tmp_path: Path) -> None:
    bresim(
        "compare", *COMMON, "designs=[status_quo,regio_deal]", "replicates=3", "undercurrent_replicates=0",
        "founding=vote", "figures=false", "report=false", "out=compared", cwd=tmp_path,
    )  # fmt: skip
    compared = read_result(tmp_path / "compared")
    assert len(compared.runs) == 6
    assert len(compared.series) == 6 * 60
    assert set(compared.tables()) >= {"runs", "series", "municipalities", "initiatives", "dyads", "summary"}
    manifest = json.loads((tmp_path / "compared" / "manifest.json").read_text())
    assert manifest["region_hash"]
    assert manifest["engine"]
    out = bresim("run", *COMMON, "governance=regio_deal", "replicate=2", "out=run", cwd=tmp_path)
    assert "Direct public value" in out
    row = compared.runs[(compared.runs["design"] == "regio_deal") & (compared.runs["replicate"] == 2)]
    run = read_result(tmp_path / "run").runs
    pd.testing.assert_frame_equal(
        run.reset_index(drop=True).astype(object), row.reset_index(drop=True).astype(object), check_exact=True
    )


@pytest.mark.slow
def test_a_comparison_of_both_foundings_leads_with_both(tmp_path: Path) -> None:
    out = bresim(
        "compare", *COMMON, "region=teaching", "designs=[status_quo,joint_arrangement]", "replicates=4",
        "undercurrent_replicates=2", "out=both", cwd=tmp_path,
    )  # fmt: skip
    assert "if founded" in out
    assert "as decided" in out
    both = read_result(tmp_path / "both")
    for name in ("runs", "series", "municipalities", "initiatives", "dyads", "summary", "undercurrent_runs"):
        assert set(getattr(both, name)["founding"]) == {"vote", "at_once"}, name
    assert not both.runs.duplicated(["design", "founding", "replicate"]).any()
    page = (tmp_path / "both" / "report.html").read_text(encoding="utf-8")
    assert "If every design is founded at the policy start" in page
    assert "As decided by vote" in page
    assert "undercurrent_runs" in bresim("results", "both", "check=true", cwd=tmp_path)
    again = bresim("compare", *COMMON, "region=teaching", "designs=[status_quo,joint_arrangement]", "replicates=4",
                   "undercurrent_replicates=2", "out=both", cwd=tmp_path)  # fmt: skip
    assert "as decided" in again  # of the folder; nothing is run again
    bresim("report", "both", "out=again", cwd=tmp_path)
    for path in (tmp_path / "both" / "figures").iterdir():
        assert path.read_bytes() == (tmp_path / "again" / "figures" / path.name).read_bytes(), path.name
    pages = [(tmp_path / name / "report.html").read_text(encoding="utf-8") for name in ("both", "again")]
    assert len({re.sub("<dt>Duration.*", "", page) for page in pages}) == 1


@pytest.mark.slow
def test_the_teaching_region(tmp_path: Path) -> None:
    out = bresim("region", "region=teaching", "lang=en", "out=region", cwd=tmp_path)
    assert "Results: region\n" in out
    assert {"manifest.json", "region.csv"} <= {path.name for path in (tmp_path / "region").iterdir()}
    assert json.loads((tmp_path / "region" / "manifest.json").read_text())["config"]["region"]["name"] == "teaching"
