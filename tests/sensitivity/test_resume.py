"""An analysis that was stopped resumes, and its runs may be made anywhere: the numbers stay the same."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from bresim.cli import kept
from bresim.common.errors import InputError
from bresim.config import load
from bresim.results import JobFolder

ROOT = Path(__file__).resolve().parents[2]
JOB = (
    "region=teaching",
    "replicates=5",
    "workers=1",  # long enough to be stopped, also on a quick machine
    "+vary.parameters.work=prior",
    "+vary.parameters.join_trust=prior",
    "+vary.undercurrent.negativity=prior",
    "method=sobol",
    "samples=64",
    "second_order=false",
    "screened=2",
    "screening=600",
    "figures=false",
    "progress=off",
    "lang=en",
)
SCREENING = 2 * 5 * 600 * 4
RUNS = SCREENING + 2 * 5 * 64 * 4
TABLES = ("sensitivity", "convergence", "responses")


def started(out: Path, *overrides: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bresim", "sensitivity", *JOB, f"out={out}", *overrides]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    return subprocess.Popen(
        command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # if ours is started to ignore it
    )  # fmt: skip


def finished(out: Path, *overrides: str) -> dict[str, int]:
    """Run it to its end; its manifest."""
    process = started(out, *overrides)
    printed, told = process.communicate(timeout=300)
    assert process.returncode == 0, (printed, told)
    assert not list(out.glob(".*")), "nothing of the work is left"
    manifest: dict[str, int] = json.loads((out / "manifest.json").read_text())
    assert ("were there already" in printed) == (manifest["resumed_runs"] > 0)
    return manifest


def assert_same(one: Path, two: Path) -> None:
    for name in TABLES:
        pd.testing.assert_frame_equal(*(pd.read_parquet(out / f"{name}.parquet") for out in (one, two)))
    assert (one / "findings.txt").read_text() == (two / "findings.txt").read_text()


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("whole") / "out"
    manifest = finished(out)
    assert (manifest["runs"], manifest["resumed_runs"]) == (RUNS, 0)
    return out


@pytest.mark.parametrize(("sent", "stage"), [(signal.SIGINT, 1), (signal.SIGKILL, 2)])
def test_stopped_and_again_is_the_same(tmp_path: Path, uninterrupted: Path, sent: signal.Signals, stage: int) -> None:
    """Stage 1 is the screening, stage 2 the sample of what it left."""
    out = tmp_path / "out"
    process = started(out)
    while process.poll() is None and len({part.parent for part in out.rglob("part-*.parquet")}) < stage:
        time.sleep(0.002)
    assert process.poll() is None, "it was done before it could be stopped"
    process.send_signal(sent)
    _printed, told = process.communicate(timeout=60)
    assert process.returncode == (-sent if sent == signal.SIGKILL else 130)
    assert not (out / "manifest.json").exists()
    if sent == signal.SIGINT:
        assert f"finished runs are kept; the same command with out={out} resumes" in told
    other = started(out, "replicates=6")  # what is there stays whatever is asked in between
    assert "keeps the runs of another job, which was stopped: replicates is 5" in other.communicate(timeout=60)[1]
    manifest = finished(out)
    least = 0 if stage == 1 else SCREENING
    assert least < manifest["resumed_runs"] < manifest["runs"] == RUNS
    assert_same(out, uninterrupted)


def test_where_no_run_is_kept_another_analysis_may_begin(tmp_path: Path) -> None:
    """Killed before the first part, or with its note cut short by a power cut."""
    config = load("sensitivity", ["region=teaching", f"out={tmp_path / 'out'}"])
    other = config.model_copy(update={"replicates": config.replicates + 1})
    with JobFolder(config.out, keeps=True) as folder:
        kept._claim(folder, config)
        kept._claim(folder, other)
        (folder.kept / "some").mkdir()
        (folder.kept / "some" / "part-1.parquet").touch()
        with pytest.raises(InputError, match="keeps the runs of another job, which was stopped: replicates is"):
            kept._claim(folder, config)
        same = other.model_copy(update={"overwrite": True})
        kept._claim(folder, same)
        assert kept._keeps_work(folder), "the advice is to give the same command again, whatever it has"
        (folder.kept / kept.JOB).write_text("")
        kept._claim(folder, config)
        kept._claim(folder, same)
        assert not kept._keeps_work(folder), "of another job, which is overwritten"


@pytest.mark.slow
def test_dask_gives_the_same(tmp_path: Path, uninterrupted: Path) -> None:
    pytest.importorskip("distributed")
    out = tmp_path / "out"
    assert finished(out, "engine=dask", "workers=2")["runs"] == RUNS
    assert_same(out, uninterrupted)
