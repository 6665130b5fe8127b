"""``bresim brief`` as a user meets it: a process with the real model, in a small region and few futures."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import browser
import pandas as pd
import pytest
from command import bresim, environment
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
BRIEF = ("brief", "region=teaching", "designs=[status_quo,regiobureau]", "replicates=4", "lang=en", "progress=off")
COMMAND = [sys.executable, "-m", "bresim"]
FIGURES = ("absence", "contributions", "founding_map", "measures", "packages", "votes", "worlds")
TABLES = (
    "absence", "designs", "later", "measures", "local_values", "municipalities", "package_local", "package_worlds",
    "packages", "rule_types", "votes",
    "worlds", "years",
)  # fmt: skip


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def manifest(folder: Path) -> dict[str, object]:
    return dict(json.loads((folder / "manifest.json").read_text()))


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int, str]:
    """A brief that was stopped with Ctrl-C after its first part: (folder, exit code, what it said)."""
    cwd = tmp_path_factory.mktemp("brief")
    kept = cwd / "out" / ".partial-runs" / "votes.parquet"
    process = subprocess.Popen(
        [*COMMAND, *BRIEF, "out=out"], cwd=cwd, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    try:
        end = time.monotonic() + 240
        while not kept.exists() and process.poll() is None and time.monotonic() < end:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        told = process.communicate(timeout=60)[1]
    finally:
        process.kill()
    return cwd / "out", process.returncode, told


@pytest.mark.slow
def test_a_brief_that_was_stopped_goes_on(stopped: tuple[Path, int, str]) -> None:
    """Finished parts stay, are not run again, and are gone from the folder in the end; nothing else is in it."""
    out, code, told = stopped
    assert code == 130
    assert "finished runs are kept; the same command with out=out resumes" in told
    assert "Traceback" not in told
    left = files(out)
    assert {name.split("/")[0] for name in left} == {".partial-runs"}
    other = bresim(*BRIEF, "seed=2", "out=out", cwd=out.parent)
    assert other.returncode == 2
    assert "'out' keeps the runs of another job, which was stopped: seed is 1 there and 2 here" in other.stderr
    assert files(out) == left
    times = {path.name: path.stat().st_mtime_ns for path in (out / ".partial-runs").glob("*.parquet")}

    done = bresim(*BRIEF, "out=out", cwd=out.parent)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "Brief: out/brief.html" in done.stdout
    assert manifest(out)["kept_parts"] >= 3  # type: ignore[operator]
    assert times
    pictures = {f"figures/{name}.{kind}" for name in FIGURES for kind in ("svg", "png")}
    expected = {
        "brief.html", "tables.xlsx", "runs.parquet", "summary.csv", "manifest.json", *pictures,
        *(f"tables/{name}.csv" for name in TABLES),
    }  # fmt: skip
    assert files(out) - {"tables/signals.csv"} == expected  # signs in four futures: by chance
    for name in FIGURES:
        with Image.open(out / "figures" / f"{name}.png") as picture:
            assert picture.size == (2560, 1440)
    assert len(pd.read_parquet(out / "runs.parquet")) == manifest(out)["runs"] == 16
    assert set(manifest(out)["files"]) == files(out) - {"manifest.json"}  # type: ignore[call-overload]

    before = (out / "brief.html").stat().st_mtime_ns
    again = bresim(*BRIEF, "out=out", cwd=out.parent)
    assert again.returncode == 0
    assert "'out' holds the results of this same job; nothing is run again" in again.stderr
    assert (out / "brief.html").stat().st_mtime_ns == before


@pytest.mark.slow
def test_one_municipality_and_a_printer_that_fails(tmp_path: Path) -> None:
    """The message names the program; then the same command, with a browser that works, prints what was computed."""
    path = browser.program()
    broken = tmp_path / "bin" / "chromium"
    broken.parent.mkdir()
    broken.write_text("#!/bin/sh\necho no screen >&2\nexit 1\n")
    broken.chmod(0o755)
    asked = (*BRIEF, "municipality=Molenkade", "pdf=true", "out=out")
    done = bresim(*asked, cwd=tmp_path, PATH=str(broken.parent))
    assert done.returncode == 1
    assert f"the brief could not be printed with '{broken}' (no screen)" in done.stderr
    assert "the same command with out=out resumes" in done.stderr
    assert "Traceback" not in done.stderr

    done = bresim(*asked, cwd=tmp_path, PATH=str(Path(path).parent))
    assert done.returncode == 0, done.stderr
    assert files(tmp_path / "out") == {
        "brief.html", "brief.pdf", "tables.xlsx", "tables/municipality.csv", "tables/local_values.csv",
        "runs.parquet", "summary.csv", "manifest.json",
    }  # fmt: skip
    assert manifest(tmp_path / "out")["kept_parts"] == 4
    assert (tmp_path / "out" / "brief.pdf").read_bytes().startswith(b"%PDF")
    page = (tmp_path / "out" / "brief.html").read_text("utf-8")
    assert "What it means for this municipality" in page
    assert "Torenhaven" not in page


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ("designs=[regiobureau,regio_deal]", "explain=regio", "municipality=Molenkad"),
            (
                "3 problems",
                (
                    "designs: the brief tells what a design gains compared with the status quo, which is not among "
                    "the designs; add status_quo"
                ),
                "explain: 'regio' is not among the designs; did you mean 'regio_deal'?",
                "municipality: the region 'teaching' has no municipality 'Molenkad'; did you mean 'Molenkade'?",
            ),
        ),
        (("explain=status_quo",), ("explain: the status quo is what the others are compared with",)),
        (("out=taken",), ("out: 'taken' exists and is not empty; give another folder",)),
        (("founding=vote",), ("founding",)),
    ],
)
def test_what_cannot_be_made_is_said_at_once(tmp_path: Path, arguments: tuple[str, ...], told: tuple[str, ...]) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "thesis.txt").write_text("mine")
    out = () if "out=taken" in arguments else ("out=out",)
    done = bresim(*BRIEF, *out, *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    for text in told:
        assert text in done.stderr
    assert "Traceback" not in done.stderr
    assert files(tmp_path) == {"taken/thesis.txt"}
    assert not (tmp_path / "out").exists()


def test_without_a_browser_to_print_with(tmp_path: Path) -> None:
    """One message that says what to do, before anything is run."""
    done = bresim(*BRIEF, "pdf=true", "out=out", cwd=tmp_path, PATH=str(tmp_path))
    if "could not be printed" in done.stderr or done.returncode == 0:
        pytest.skip("this machine has a browser where it is found without the PATH")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        (
            "bresim brief: pdf: no Chromium, Chrome or Edge was found on this machine; leave pdf=true out, open "
            "brief.html in any browser and choose print, save as PDF"
        )
    ]
    assert list(tmp_path.iterdir()) == []
