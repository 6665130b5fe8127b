"""Nothing is lost: killed, full, damaged or repeated, a sweep ends with the same rows."""

from __future__ import annotations

import errno
import hashlib
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from killed import each_kill

from bresim import columns
from bresim.cli import main
from bresim.common.errors import BresimError, InputError
from bresim.common.paths import configs_dir
from bresim.results.contents import Results
from bresim.results.store import SweepFolder, parts_of
from bresim.sweep import identity
from bresim.sweep import run as sweep_run
from bresim.sweep.compute import Engine, compute
from bresim.sweep.job import SweepJob
from bresim.sweep.run import run
from tests.sweep.small import SMALL, job_of, rows_of

ROOT = Path(__file__).resolve().parents[2]
VARY = ("+vary.undercurrent.negativity=[0.0,0.2,0.4,0.6,0.8,1.0]", "+vary.measures.monitoring=[0.0,0.5,1.0]")
CUT = ("sweep.chunk=9",)


def content(out: Path) -> dict[str, str]:
    """Every table that the sweep left, by its path."""
    tables = sorted([*out.glob("*.parquet/part-*"), out / "points.parquet", out / "summary.csv"])
    return {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in tables}


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("whole") / "out"
    run(job_of(*VARY, *CUT, f"out={out}"))
    return out


def started(out: Path, *overrides: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bresim", "sweep", *SMALL, *VARY, *CUT, f"out={out}", *overrides]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    return subprocess.Popen(
        command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=out.parent
    )


def test_kill_9_twice_and_again_gives_the_same_bytes(tmp_path: Path, uninterrupted: Path) -> None:
    out = tmp_path / "out"
    times: dict[str, int] = {}
    for wanted in (1, 6):
        process = started(out)
        while len(parts_of(out)) < wanted and process.poll() is None:
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        kept = {part.path.name: part.path.stat().st_mtime_ns for part in parts_of(out)}
        assert wanted <= len(kept) < len(parts_of(uninterrupted))
        assert json.loads((out / "manifest.json").read_text())["finished"] is None
        assert times.items() <= kept.items()  # not made again
        times = kept
    again = started(out)
    printed, told = again.communicate()
    assert (again.returncode, told) == (0, "")
    assert f"{len(kept)} van de {len(parts_of(uninterrupted))} delen waren er al" in printed
    assert content(out) == content(uninterrupted)
    assert {name: (out / "runs.parquet" / name).stat().st_mtime_ns for name in times} == times
    assert not list(out.rglob("*.partial"))


def test_sigterm_and_again_gives_the_same_bytes(tmp_path: Path, uninterrupted: Path) -> None:
    """As the manager of a cluster ends a job whose time is over."""
    out = tmp_path / "out"
    process = started(out, "lang=en")
    while not parts_of(out) and process.poll() is None:
        time.sleep(0.002)
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=60)
    kept = {part.path.name: part.path.stat().st_mtime_ns for part in parts_of(out)}
    assert 1 <= len(kept) < len(parts_of(uninterrupted))
    assert process.returncode == 128 + signal.SIGTERM
    assert f"the same command with out={out} resumes" in told
    assert "Traceback" not in told
    assert json.loads((out / "manifest.json").read_text())["finished"] is None
    again = started(out, "lang=en")
    printed, told = again.communicate()
    assert (again.returncode, told) == (0, "")
    assert f"{len(kept)} of {len(parts_of(uninterrupted))} parts were there already" in printed
    assert content(out) == content(uninterrupted)
    assert kept.items() <= {path.name: path.stat().st_mtime_ns for path in out.glob("runs.parquet/*")}.items()
    assert not [path for path in out.rglob("*") if path.name.startswith(".")]


#: The second chunk is one that compiled code does not leave.
STUCK = """
import sys, time
from bresim.sweep import threads

def compute(job, chunk, advance, real=threads.compute):
    if chunk.number:
        time.sleep(60)
    return real(job, chunk, advance)

threads.compute = compute
from bresim import columns
from bresim.cli import main
sys.exit(main(sys.argv[1:]))
"""
ANALYSIS = (
    "+vary.parameters.work=prior",
    "+vary.parameters.join_trust=prior",
    "method=morris",
    "samples=8",
    "figures=false",
)


@pytest.mark.parametrize(
    ("command", "kept"),
    [
        (("sweep", *VARY, *CUT), "finished parts in '{out}' are kept; the same command with out={out} resumes"),
        (
            ("sweep", *VARY, *CUT, "overwrite=true"),
            "finished parts in '{out}' are kept; the same command with out={out} resumes",
        ),
        (("sensitivity", *ANALYSIS), "finished runs are kept; the same command with out={out} resumes"),
    ],
)
def test_ctrl_c_that_cannot_be_raised_prints_how_to_resume(tmp_path: Path, command: tuple[str, ...], kept: str) -> None:
    out = tmp_path / "out"
    job = [
        command[0],
        *(text for text in SMALL if not text.startswith("parameters")),
        *command[1:],
        f"out={out}",
        "lang=en",
    ]
    process = subprocess.Popen(
        [sys.executable, "-c", STUCK, *job], env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    while not list(out.rglob("part-*.parquet")) and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _printed, told = process.communicate(timeout=30)
    assert process.returncode == 130
    assert kept.format(out=out) in told
    assert list(out.rglob("part-*.parquet"))


def test_the_same_job_again_does_nothing_and_another_cut_keeps_what_is_there(uninterrupted: Path) -> None:
    before = content(uninterrupted)
    result = run(job_of(*VARY, "sweep.chunk=50", "workers=1", f"out={uninterrupted}"))
    assert result.manifest["resumed_chunks"] == result.manifest["chunks"] == 12
    assert content(uninterrupted) == before


def test_a_finished_sweep_starts_no_cluster(tmp_path: Path) -> None:
    given = ("+vary.seed=[1,2]", f"out={tmp_path / 'out'}")
    run(job_of(*given))
    nowhere = ("engine=dask", "engine.scheduler=tcp://127.0.0.1:9")
    assert run(job_of(*given, *nowhere)).manifest["resumed_chunks"] == 1
    parts_of(tmp_path / "out")[0].path.unlink()
    with pytest.raises(InputError, match=r"engine\.scheduler: no scheduler answers|Dask is not installed"):
        run(job_of(*given, *nowhere))


def test_numbers_and_paths_may_be_written_in_another_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = f"out={tmp_path / 'out'}"
    run(job_of("+vary.undercurrent.negativity=[0,1]", "lang=nl", out))
    assert run(job_of("+vary.undercurrent.negativity=[0.0,1.0]", "lang=en", out)).manifest["resumed_chunks"] == 1
    with pytest.raises(InputError, match=r"holds another sweep: scenario.name is history there and austerity here;"):
        run(job_of("+vary.undercurrent.negativity=[0,1]", "scenario=austerity", "lang=en", out))
    (tmp_path / "a.csv").write_text("undercurrent.negativity\n0\n1\n")
    (tmp_path / "b.csv").write_text("undercurrent.negativity\n0.0\n1e0\n")
    monkeypatch.chdir(tmp_path)
    resumed = [
        run(job_of("sweep.method=list", f"sweep.points={path}", "out=listed")).manifest["resumed_chunks"]
        for path in ("a.csv", tmp_path / "a.csv", "b.csv")
    ]
    assert resumed == [0, 1, 1]
    term = "+vary.designs.regiobureau.scope.term_quarters"
    for number, given in enumerate((f"{term}=[8,16]", f"{term}=[8.0,16.0]", f"{term}=[8,16.0]")):
        assert run(job_of("+vary.seed=[1.0,2]", given, "out=whole")).manifest["resumed_chunks"] == (number > 0)
    assert [*rows_of(tmp_path / "whole")["seed"].unique()] == [1, 2]


def test_another_job_is_refused_with_what_differs(uninterrupted: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before = content(uninterrupted)
    assert main(["sweep", *SMALL, *VARY, f"out={uninterrupted}", "measures.thinning=0.5"]) == 2
    told = capfd.readouterr().err
    assert "holds another sweep: measures.thinning is not given there and 0.5 here" in told
    assert "overwrite=true" in told
    measures = (
        "thinning",
        "binding_agreements",
        "facilitation",
        "letting_go",
        "merging_structures",
        "equal_partnership",
    )
    many = [f"measures.{name}=0.5" for name in measures]
    assert main(["sweep", *SMALL, *VARY, f"out={uninterrupted}", *many]) == 2
    assert " and 1 more" in capfd.readouterr().err
    assert content(uninterrupted) == before
    assert main(["compare", *SMALL, f"out={uninterrupted}", "figures=false", "report=false"]) == 2
    assert "exists and is not empty; it holds another job" in capfd.readouterr().err


def test_a_job_of_another_model_is_refused(uninterrupted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bresim.sweep.job.model_hash", lambda: "changed")
    with pytest.raises(InputError, match=r"the model is .* there and .* changed here"):
        run(job_of(*VARY, f"out={uninterrupted}"))


def test_the_model_is_all_that_makes_a_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = {name for name, _ in identity._files()}
    assert names >= {"sweep/planning.py", "rules/trust.py", "data/plausible.parquet", "configs/measure/thinning.yaml"}
    assert not any(name.startswith(("plots/", "cli/", "report/")) for name in names)
    before = identity.model_hash()
    shutil.copytree(configs_dir(), tmp_path / "configs")
    monkeypatch.setattr(identity, "configs_dir", lambda: tmp_path / "configs")
    identity.model_hash.cache_clear()
    assert identity.model_hash() == before
    with (tmp_path / "configs" / "measure" / "thinning.yaml").open("a") as file:
        file.write("# changed")
    identity.model_hash.cache_clear()
    assert identity.model_hash() != before
    identity.model_hash.cache_clear()


def test_other_columns_are_another_model_and_other_words_about_them_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    before = identity.model_hash()
    table = columns.table_of("runs", "sweep")
    first, *rest = table.columns
    for change, same in (({"meaning": "changed"}, True), ({"name": "changed"}, False), ({"unit": "count"}, False)):
        other = replace(table, columns=(replace(first, **change), *rest))  # type: ignore[arg-type]
        monkeypatch.setattr(columns, "TABLES", [other if one is table else one for one in columns.TABLES])
        identity.model_hash.cache_clear()
        assert (identity.model_hash() == before) == same
        monkeypatch.undo()
    identity.model_hash.cache_clear()


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"")])
def test_without_its_manifest_a_sweep_goes_on(tmp_path: Path, damage: Callable[[Path], object]) -> None:
    vary, out = "+vary.undercurrent.negativity=[0.0,1.0]", tmp_path / "out"
    run(job_of(vary, *CUT, f"out={out}"))
    before = content(out)
    damage(out / "manifest.json")
    with pytest.raises(InputError, match="give another folder"):  # nothing tells that these parts are not another's
        run(job_of(vary, *CUT, "seed=8", f"out={out}"))
    assert content(out) == before
    assert run(job_of(vary, *CUT, f"out={out}")).manifest["resumed_chunks"] == len(parts_of(out))
    assert content(out) == before
    damage(out / "manifest.json")
    assert run(job_of(vary, *CUT, "overwrite=true", f"out={out}")).manifest["resumed_chunks"] == 0
    assert content(out) == before


def test_a_job_that_was_quicker_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    quick, slow = (job_of("+vary.undercurrent.negativity=[0.0]", f"seed={seed}", f"out={out}") for seed in (1, 2))
    real = sweep_run.engine_of

    @contextmanager
    def late(job: SweepJob, advance: Callable[[int], None]) -> Iterator[Engine]:
        if job is slow:
            run(quick)  # from beginning to end, after the slow one saw an empty folder
        with real(job, advance) as engine:
            yield engine

    monkeypatch.setattr(sweep_run, "engine_of", late)
    with pytest.raises(InputError, match="seed is 1 there and 2 here"):
        run(slow)
    assert json.loads((out / "manifest.json").read_text())["finished"]
    assert len(parts_of(out)) == 1


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("damage", [cut_short, flipped, Path.unlink, lambda path: path.write_bytes(b"")])
@pytest.mark.parametrize("table", ["runs", "series"])
def test_a_damaged_part_is_named_and_made_again(tmp_path: Path, damage: Callable[[Path], object], table: str) -> None:
    job = job_of("+vary.undercurrent.negativity=[0.0,1.0]", "sweep.chunk=4", "record=series", f"out={tmp_path / 'out'}")
    run(job)
    before = content(tmp_path / "out")
    path = parts_of(tmp_path / "out", table)[1].path
    damage(path)
    result = run(job)
    assert content(tmp_path / "out") == before
    assert result.manifest["resumed_chunks"] == 2
    gone = damage is Path.unlink and table == "runs"  # then nothing is left that knows its name
    assert result.manifest["recomputed_parts"] == ([] if gone else [f"{table}.parquet/{path.name}"])


@pytest.mark.parametrize("name", ["runs.parquet", "points.parquet", "manifest.json"])
def test_a_file_in_the_place_of_a_folder_is_reported(tmp_path: Path, name: str) -> None:
    job = job_of("+vary.seed=[1,2]", f"out={tmp_path / 'out'}")
    path = tmp_path / "out" / name
    path.parent.mkdir()
    path.touch() if name == "runs.parquet" else path.mkdir()
    with pytest.raises(InputError, match=f"'{path}' is a .* where a .* belongs; remove it"):
        run(job)


def test_a_name_that_is_too_long_is_reported(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    long = tmp_path / ("x" * 300)
    assert main(["sweep", *SMALL, *VARY, f"out={long}"]) == 2
    assert "cannot be used (File name too long)" in capfd.readouterr().err
    assert main(["results", str(long)]) == 2
    assert "cannot be read (File name too long)" in capfd.readouterr().err


@pytest.mark.parametrize("number", [0, 2])
@pytest.mark.parametrize("table", ["runs", "series"])
def test_a_copy_of_a_part_is_named_and_removed(tmp_path: Path, number: int, table: str) -> None:
    given = ("+vary.undercurrent.negativity=[0.0,1.0]", "sweep.chunk=4", "record=series")
    job = job_of(*given, f"out={tmp_path / 'out'}")
    run(job)
    before = content(tmp_path / "out")
    path = parts_of(tmp_path / "out", table)[1].path
    copy = path.with_name(path.name.replace("000001", f"{number:06d}"))
    shutil.copy(path, copy)
    named = [problem.where for problem in Results(tmp_path / "out").check()]
    assert named == [f"{table}.parquet/{copy.name}"]
    result = run(job)
    assert result.manifest["resumed_chunks"] == 3
    assert result.manifest["recomputed_parts"] == named
    assert content(tmp_path / "out") == before


def test_a_folder_where_a_part_belongs_is_reported(tmp_path: Path) -> None:
    given = ("+vary.undercurrent.negativity=[0.0,1.0]", "sweep.chunk=4", f"out={tmp_path / 'out'}")
    run(job_of(*given))
    path = parts_of(tmp_path / "out")[1].path
    path.unlink()
    path.mkdir()
    for more in ((), ("overwrite=true",)):
        with pytest.raises(InputError, match=f"'{path}' is a folder where a file belongs"):
            run(job_of(*given, *more))
    path.rmdir()
    assert run(job_of(*given)).failures == 0


def test_overwrite_makes_everything_again_and_leaves_foreign_files(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(job_of("+vary.undercurrent.negativity=[0.0,1.0]", "record=series", f"out={out}"))
    (out / "notes.txt").write_text("mine")
    result = run(job_of("+vary.undercurrent.cleavage=[0.0,1.0]", "overwrite=true", f"out={out}"))
    assert result.manifest["resumed_chunks"] == 0
    assert "undercurrent.cleavage" in rows_of(out)
    assert not (out / "series.parquet").exists()
    assert (out / "notes.txt").read_text() == "mine"


def test_stopped_before_there_was_a_manifest(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / ".lock").touch()
    (out / ".manifest.json.partial").write_text("{")
    run(job_of("+vary.seed=[1,2]", f"out={out}"))
    assert {path.name for path in out.iterdir()} == {
        "manifest.json", "points.parquet", "runs.parquet", "summary.csv",
    }  # fmt: skip


def test_two_processes_do_not_work_in_one_folder(tmp_path: Path) -> None:
    job = job_of("+vary.seed=[1,2]", f"out={tmp_path / 'out'}")
    with (
        SweepFolder(tmp_path / "out", job.identity).held(),
        pytest.raises(InputError, match="another job is at work"),
    ):
        run(job)


def test_a_stop_with_overwrite_keeps_the_earlier_results_and_what_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    out, real, written = tmp_path / "out", SweepFolder.write, []
    job = ["sweep", *SMALL, *VARY, *CUT, f"out={out}", "progress=off"]
    assert main([*job, "seed=8"]) == 0
    before = content(out)

    def stopped(folder: SweepFolder, *given: object) -> None:
        real(folder, *given)  # type: ignore[arg-type]
        written.append(given)
        if len(written) == 3:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(SweepFolder, "write", stopped)
    assert main([*job, "overwrite=true"]) == 1
    told = capfd.readouterr().err
    assert f"3 of 12 parts are finished in '{out}'; the same command with out={out} resumes; until it ends, the" in told
    monkeypatch.undo()
    assert content(out) == before
    assert Results(out).check() == []
    assert main([*job, "seed=8"]) == 0, "the earlier sweep is there, and what is to replace it is kept"
    assert main(job) == 2
    assert "holds another sweep: seed is 8 there and 7 here" in capfd.readouterr().err
    assert main([*job, "overwrite=true"]) == 0
    assert "3 van de 12 delen waren er al" in capfd.readouterr().out
    assert {*rows_of(out)["seed"]} == {7}
    assert {path.name for path in out.iterdir()} == {
        "manifest.json", "points.parquet", "runs.parquet", "summary.csv",
    }  # fmt: skip


def test_what_another_sweep_kept_goes_when_a_third_overwrites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    given = ("+vary.undercurrent.negativity=[0.0,1.0]", "sweep.chunk=4", f"out={out}")
    run(job_of(*given))
    for seed in (8, 9):
        monkeypatch.setattr("bresim.sweep.run.summed_up", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run(job_of(*given, f"seed={seed}", "overwrite=true"))
        monkeypatch.undo()
        assert {*rows_of(out / ".partial-sweep")["seed"]} == {seed}
    assert {*rows_of(out)["seed"]} == {7}


def test_a_sweep_that_overwrites_is_killed_before_any_operation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever looks finds the earlier sweep or the new one, whole; files of the user stay, also among the parts."""
    given = ("+vary.undercurrent.negativity=[0.0,1.0]", "sweep.chunk=6", "progress=off")
    earlier, whole = tmp_path / "earlier", tmp_path / "whole"
    run(job_of(*given, "record=series", f"out={earlier}"))
    run(job_of(*given, "seed=8", f"out={whole}"))
    (earlier / "notes.txt").write_text("mine")
    (earlier / "runs.parquet" / "_index").write_text("mine")
    (earlier / "series.parquet" / "_index").write_text("mine")
    ends = {7: content(earlier), 8: content(whole)}
    job = job_of(*given, "seed=8", "overwrite=true")
    parts = {chunk.name: compute(job, chunk) for chunk in job.chunks()}
    made = itertools.count()

    @contextmanager
    def engine(*_: object) -> Iterator[Engine]:  # a process that was forked had better not compute
        yield lambda chunks: ((chunk, parts[chunk.name]) for chunk in chunks)

    def folder() -> Path:
        return Path(shutil.copytree(earlier, tmp_path / str(next(made))))

    def again(place: Path) -> None:
        run(SweepJob(job.config.model_copy(update={"out": place})))

    monkeypatch.setattr(sweep_run, "engine_of", engine)
    monkeypatch.setattr("bresim.results.manifest.git_state", lambda: None)
    seeds = set()
    for step, place in each_kill(folder, again):
        Results(place)  # puts in place what was committed
        (seed,) = {*rows_of(place)["seed"]}
        seeds.add(seed)
        assert content(place) == ends[seed], step
        assert Results(place).check() == [], step
        again(place)
        assert content(place) == ends[8], step
        assert {path.name for path in place.iterdir() if path.name.startswith(".")} == set(), step
        assert (place / "notes.txt").read_text() == (place / "runs.parquet" / "_index").read_text() == "mine"
        assert (place / "series.parquet" / "_index").read_text() == "mine"
        shutil.rmtree(place)
    assert seeds == {7, 8}


def test_a_full_disk_loses_nothing(
    tmp_path: Path, uninterrupted: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    out, real, written = tmp_path / "out", SweepFolder.put, []

    def full(path: Path, data: bytes) -> None:
        written.append(path)
        if len(written) > 5:
            raise OSError(28, "No space left on device")
        real(path, data)

    monkeypatch.setattr(SweepFolder, "put", staticmethod(full))
    assert main(["sweep", *SMALL, *VARY, *CUT, f"out={out}"]) == 1
    told = capfd.readouterr().err
    assert told.startswith("bresim sweep: the disk is full")
    assert f"bresim sweep: 4 of 12 parts are finished in '{out}'; the same command with out={out} resumes" in told
    assert told.count("\n") == 2
    assert len(parts_of(out)) == 4  # the points were the fifth
    monkeypatch.undo()
    assert main(["sweep", *SMALL, *VARY, *CUT, f"out={out}"]) == 0
    assert content(out) == content(uninterrupted)


def test_a_folder_that_is_removed_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, real = tmp_path / "out", SweepFolder.write

    def removed(folder: SweepFolder, *given: object) -> None:
        shutil.rmtree(out)
        real(folder, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(SweepFolder, "write", removed)
    with pytest.raises(BresimError, match=f"'{out}' was removed while the job was at work"):
        run(job_of("+vary.seed=[1,2]", f"out={out}"))


def test_a_finished_sweep_on_a_disk_that_is_read_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = job_of("+vary.seed=[1,2]", "sweep.chunk=4", f"out={tmp_path / 'out'}")
    first = run(job)
    monkeypatch.setattr("bresim.sweep.run.not_writable", lambda _: "it is read-only")
    monkeypatch.setattr("bresim.results.folder.not_writable", lambda _: "it is read-only")
    monkeypatch.setattr(SweepFolder, "held", None)
    again = run(job)
    assert again.manifest["resumed_chunks"] == again.manifest["chunks"] == 3
    assert again.manifest["finished"] == first.manifest["finished"]
    pd.testing.assert_frame_equal(again.summary, first.summary)
    parts_of(tmp_path / "out")[0].path.unlink()
    with pytest.raises(InputError, match="cannot be written: it is read-only"):
        run(job)


@pytest.mark.parametrize("launcher", ["ensemble", "basic"])
def test_a_full_disk_under_multirun_is_told_with_the_folder_and_the_way_on(
    tmp_path: Path, launcher: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The system names no file if one is full that is open."""

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    where = "bresim.results.store.write_manifest" if launcher == "ensemble" else "omegaconf.OmegaConf.save"
    monkeypatch.setattr(where, full)
    out = tmp_path / "out"
    job = ["run", "-m", f"hydra/launcher={launcher}", "governance=status_quo,regiobureau", *SMALL[:1], f"out={out}"]
    assert main([*job, "parameters=point"]) == 1
    told = capfd.readouterr().err
    assert told.count("the disk is full") == 1
    assert "the output" not in told
    assert f"'{out}'" in told
    assert "the same command" in told
    monkeypatch.undo()
    assert main([*job, "parameters=point"]) == 0
    assert main([*job, "parameters=point"]) == 0, "a folder of several jobs is not refused, each looks for itself"


@pytest.mark.parametrize(("flags", "told"), [(0, "no permission in '"), (os.ST_RDONLY, "is read-only")])
def test_a_folder_that_cannot_be_written(
    tmp_path: Path, flags: int, told: str, uninterrupted: Path, monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(os, "access", lambda *_: False)  # as for a user without root's rights
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_flag=flags))
    for command in (
        ["sweep", *SMALL, *VARY, f"out={tmp_path / 'out'}"],
        ["results", str(uninterrupted), "compact=true", "lang=en"],
        ["results", str(uninterrupted), "export=csv", f"to={tmp_path / 'a.csv'}", "lang=en"],
    ):
        assert main(command) == 2
        error = capfd.readouterr().err
        assert "cannot be written: " in error
        assert told in error
        assert error.count("\n") == 1


@pytest.mark.parametrize("command", [["sweep", *SMALL, *VARY], ["compare", *SMALL]])
def test_a_folder_that_the_system_does_not_make(command: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert main([*command, "out=/proc/bresim/out"]) == 2  # not even root can make one there
    error = capfd.readouterr().err
    assert "out: '/proc/bresim/out' cannot be made (No such file or directory); give another folder" in error
    assert error.count("\n") == 1


def test_a_disk_that_turns_read_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(path: Path, data: bytes) -> None:
        raise OSError(30, "Read-only file system", str(path))

    monkeypatch.setattr(SweepFolder, "put", staticmethod(broken))
    assert main(["sweep", *SMALL, *VARY, *CUT, f"out={tmp_path / 'out'}"]) == 1
    assert "bresim sweep: the disk cannot be read or written ([Errno 30] Read-only file" in capfd.readouterr().err


def test_the_summary_is_that_of_all_runs(uninterrupted: Path) -> None:
    rows = rows_of(uninterrupted)
    summary = pd.read_csv(uninterrupted / "summary.csv").set_index("design")
    means = rows.groupby("design")["public_value_direct"].mean()
    assert summary["mean"].to_dict() == pytest.approx(means.to_dict(), abs=1e-12)
    gaps = means["regiobureau"] - means["status_quo"]
    assert summary.loc["regiobureau", "difference"] == pytest.approx(gaps, abs=1e-12)
