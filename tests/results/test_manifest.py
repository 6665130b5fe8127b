"""The manifest: the hash changes when, and only when, a number can change."""

from __future__ import annotations

import dataclasses
import json
import platform
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import bresim
from bresim.config import JobConfig
from bresim.results import Result, config_hash, make_manifest, manifest, write_manifest
from bresim.results.manifest import git_state, region_hash

BASE = ["designs=[status_quo,regio_deal]"]


@pytest.fixture(scope="module")
def config() -> JobConfig:
    return bresim.load("compare", BASE)


@pytest.mark.parametrize(
    "overrides",
    [["workers=3", "overwrite=true", "progress=off", "lang=en", "figures=false", "report=false", "out=elsewhere"], []],
)
def test_what_changes_no_number_does_not_change_the_hash(config: JobConfig, overrides: list[str]) -> None:
    assert config_hash(bresim.load("compare", [*BASE, *overrides])) == config_hash(config)


@pytest.mark.parametrize(
    "override",
    [
        "seed=2", "replicates=7", "replicates_per_draw=3", "scenario=austerity", "undercurrent.negativity=0.61",
        "parameters=point", "measures.monitoring=0.1", "time.policy_start=2024-Q2", "designs=[regio_deal,status_quo]",
        "designs=[status_quo]", "region=teaching",
    ],
)  # fmt: skip
def test_what_changes_a_number_changes_the_hash(config: JobConfig, override: str) -> None:
    assert config_hash(bresim.load("compare", [*BASE, override])) != config_hash(config)


def test_the_content_of_a_design_is_in_the_hash_not_only_its_name(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    hashes = set()
    for binding in (0.1, 0.2):
        path.write_text(f"label_nl: a\nlabel_en: a\npayoff: {{binding: {binding}}}\n")
        hashes.add(config_hash(bresim.load("compare", [f"designs=[{path}]"])))
    assert len(hashes) == 2


def test_what_a_manifest_says(config: JobConfig, tmp_path: Path) -> None:
    started = datetime(2026, 1, 1, tzinfo=UTC)
    result = Result(config=config, runs=pd.DataFrame({"design": ["a", "b"]}), engine="numba", failures=1)
    content = make_manifest(result, started, started + timedelta(seconds=2.5))
    assert content["wall_time"] == 2.5
    assert (content["runs"], content["failures"], content["rows"]) == (2, 1, {"runs": 2})
    assert (content["engine"], content["seed"], content["command"]) == ("numba", 1, "compare")
    assert content["python"] == platform.python_version()
    assert content["packages"]["numpy"] == np.__version__
    assert content["bresim"] == bresim.__version__
    assert content["config"]["designs"][1]["name"] == "regio_deal"
    assert content["config"]["designs"][1]["scope"]["term_quarters"] > 0  # the content, not a name
    assert make_manifest(result, started, None)["finished"] is None
    write_manifest(tmp_path, content)
    assert json.loads((tmp_path / "manifest.json").read_text()) == content
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


def test_git_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest, "source_tree", lambda: tmp_path)
    assert git_state() is None

    def git(*arguments: str) -> str:
        who = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "init.defaultBranch=main"]
        command = ["git", "-C", str(tmp_path), *who, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    git("init")
    assert git_state() is None  # no commit yet
    (tmp_path / "file").write_text("a")
    git("add", "file")
    git("commit", "--no-gpg-sign", "-m", "first")
    assert git_state() == {"commit": git("rev-parse", "HEAD"), "changed": False}
    (tmp_path / "file").write_text("b")
    assert git_state() == {"commit": git("rev-parse", "HEAD"), "changed": True}


def test_the_region_has_a_hash_of_its_content() -> None:
    from bresim.region import load_region

    region = load_region("teaching")
    assert region_hash(region) == region_hash(load_region("teaching"))
    other = dataclasses.replace(region, population=region.population + 1)
    assert region_hash(other) != region_hash(region)
