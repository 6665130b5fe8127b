"""The folder of a job: only complete files appear, and files of the user are not touched."""

from __future__ import annotations

import errno
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from killed import each_kill

from bresim.common.errors import BresimError, InputError
from bresim.results import JobFolder, check_folder, discard_all
from bresim.results.contents import Results
from bresim.results.manifest import read_manifest
from bresim.results.publishing import settle
from bresim.results.store import SweepFolder

MANIFEST = {"bresim": "1", "config": {}, "config_hash": "x"}


def job(out: Path, files: dict[str, str], overwrite: bool = False) -> None:
    with JobFolder(out, overwrite) as folder:
        fill(folder, files)
        folder.publish(MANIFEST)


def fill(folder: JobFolder, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder.stage / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


def visible(out: Path) -> dict[str, str]:
    """Every file but the manifest that is not hidden."""
    return {name: text for name, text in content(out).items() if not name.startswith(".")}


def content(out: Path) -> dict[str, str]:
    """Every file but the manifest, whatever its name begins with."""
    paths = [path for path in out.rglob("*") if path.is_file() and path.name != "manifest.json"]
    return {path.relative_to(out).as_posix(): path.read_text() for path in paths}


def test_files_show_when_they_are_published(tmp_path: Path) -> None:
    out = tmp_path / "a" / "b"
    with JobFolder(out) as folder:
        fill(folder, {"runs.parquet": "1234", "figures/x.svg": "5"})
        assert all(path.name.startswith(".") for path in out.iterdir())
        folder.publish(MANIFEST)
        assert visible(out) == {"runs.parquet": "1234", "figures/x.svg": "5"}
        fill(folder, {"report.html": "678"})
        folder.publish({**MANIFEST, "finished": True})
    assert content(out) == {"runs.parquet": "1234", "figures/x.svg": "5", "report.html": "678"}
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["files"] == {"figures/x.svg": 1, "runs.parquet": 4, "report.html": 3}
    assert manifest["finished"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, OSError])
def test_what_is_not_published_goes(tmp_path: Path, error: type[BaseException]) -> None:
    def stop(out: Path, publish: bool) -> None:
        with JobFolder(out) as folder:
            fill(folder, {"runs.parquet": "whole"})
            if publish:
                folder.publish(MANIFEST)
            fill(folder, {"report.html": "half"})
            raise error

    with pytest.raises(error):
        stop(tmp_path / "a" / "b", publish=False)
    assert list(tmp_path.iterdir()) == []  # nor folders made for nothing
    with pytest.raises(error):
        stop(tmp_path / "a" / "b", publish=True)
    assert content(tmp_path / "a" / "b") == {"runs.parquet": "whole"}
    (tmp_path / "mine").mkdir()
    with pytest.raises(error):
        stop(tmp_path / "mine", publish=False)
    assert (tmp_path / "mine").is_dir()  # but what was there stays


def test_an_error_while_files_are_put_in_place_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    move, moved = Path.replace, []

    def broken(self: Path, target: Path) -> Path:
        if target.parent == tmp_path / "out" and not target.name.startswith("."):
            moved.append(target.name)
            if len(moved) == 2:
                raise OSError(errno.EIO, "the disk is broken")
        return move(self, target)

    monkeypatch.setattr(Path, "replace", broken)
    with pytest.raises(OSError, match="broken"):
        job(tmp_path / "out", {"a": "1", "b": "2", "c": "3"})
    assert moved == ["a", "b"]
    monkeypatch.undo()
    assert settle(tmp_path / "out")
    assert content(tmp_path / "out") == {"a": "1", "b": "2", "c": "3"}
    assert not settle(tmp_path / "out")


@pytest.fixture
def heeding() -> Iterator[None]:
    """Ctrl-C is heard, also where the suite was started to ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeding")
@pytest.mark.parametrize("last", ["a.txt", "manifest.json"])
def test_a_stop_waits_until_all_is_published(tmp_path: Path, last: str, monkeypatch: pytest.MonkeyPatch) -> None:
    job(tmp_path / "out", {"a.txt": "earlier", "old.txt": "earlier"})
    move = Path.replace

    def moved_and_pressed(path: Path, target: Path) -> Path:
        there = move(path, target)
        if there.name == last and there.parent == tmp_path / "out":
            signal.raise_signal(signal.SIGINT)
        return there

    monkeypatch.setattr(Path, "replace", moved_and_pressed)
    with pytest.raises(KeyboardInterrupt):
        job(tmp_path / "out", {"a.txt": "new", "b.txt": "new"}, overwrite=True)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"a.txt", "b.txt", "manifest.json"}
    assert (tmp_path / "out" / "a.txt").read_text() == "new"
    assert {*json.loads((tmp_path / "out" / "manifest.json").read_text())["files"]} == {"a.txt", "b.txt"}
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_discard_all_is_for_a_process_that_must_end(tmp_path: Path) -> None:
    folder = JobFolder(tmp_path / "out").__enter__()
    fill(folder, {"runs.parquet": "half"})
    discard_all()
    assert not (tmp_path / "out").exists()


def test_nothing_is_published_while_the_process_ends(tmp_path: Path) -> None:
    """Another thread ends it: what an earlier job left is not removed for results that are not there any more."""
    out = tmp_path / "out"
    job(out, {"runs.parquet": "old"})
    with pytest.raises(KeyboardInterrupt), JobFolder(out, overwrite=True) as folder:  # noqa: PT012 (it ends with the folder)
        discard_all()
        folder.stage.mkdir()  # as if it was discarded a moment later
        fill(folder, {"runs.parquet": "new"})
        folder.publish({})
    assert content(out) == {"runs.parquet": "old"}


def test_a_taken_folder_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "out"
    job(out, {"runs.parquet": "old"})
    with pytest.raises(InputError, match="not empty; set overwrite=true"):
        job(out, {"runs.parquet": "new"})
    assert content(out) == {"runs.parquet": "old"}


def test_overwrite_replaces_what_bresim_left_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "out"
    job(out, {"runs.parquet": "old", "series.parquet": "old", "figures/x.svg": "old", "figures/y.svg": "old"})
    (out / "notes.txt").write_text("mine")
    (out / "figures" / "mine.svg").write_text("mine")
    job(out, {"runs.parquet": "new", "figures/x.svg": "new"}, overwrite=True)
    assert content(out) == {
        "runs.parquet": "new", "figures/x.svg": "new", "notes.txt": "mine", "figures/mine.svg": "mine",
    }  # fmt: skip
    assert set(json.loads((out / "manifest.json").read_text())["files"]) == {"runs.parquet", "figures/x.svg"}


def test_overwrite_never_touches_a_folder_that_is_not_of_bresim(tmp_path: Path) -> None:
    for name, text in (("thesis.docx", "mine"), ("manifest.json", '{"name": "my web site"}'), ("manifest.json", "[1")):
        out = tmp_path / str(len(list(tmp_path.iterdir())))
        out.mkdir()
        (out / name).write_text(text)
        with pytest.raises(InputError, match="not of bresim"):
            job(out, {"runs.parquet": "new"}, overwrite=True)
        assert [path.name for path in out.iterdir()] == [name]


def test_a_manifest_cannot_make_us_remove_files_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("mine")
    out = tmp_path / "out"
    out.mkdir()
    (out / "manifest.json").write_text(
        json.dumps({**MANIFEST, "files": {"../precious": 4, str(tmp_path / "precious"): 4}})
    )
    job(out, {"runs.parquet": "new"}, overwrite=True)
    assert (tmp_path / "precious").read_text() == "mine"


@pytest.mark.parametrize("number", [1, os.getpid()], ids=["first", "own"])
def test_a_number_of_a_process_that_lives_blocks_nothing(tmp_path: Path, number: int) -> None:
    """A number is given again, and means another process in another container or on another machine."""
    left = tmp_path / "out" / f".partial-{number}"
    left.mkdir(parents=True)
    (left / "half.parquet").write_text("half")
    (tmp_path / "out" / ".lock").touch()
    job(tmp_path / "out", {"runs.parquet": "new"})
    assert content(tmp_path / "out") == {"runs.parquet": "new"}


def test_two_jobs_do_not_work_in_one_folder(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for overwrite in (False, True):
        with JobFolder(out, overwrite) as folder:
            fill(folder, {"runs.parquet": "first"})
            for again in (False, True):
                with pytest.raises(InputError, match=f"another job is at work in '{out}'; wait for it, or give"):
                    job(out, {"runs.parquet": "second"}, overwrite=again)
            folder.publish(MANIFEST)
        assert content(out) == {"runs.parquet": "first"}


def test_the_lock_of_a_process_that_was_killed_is_gone(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from bresim.results import JobFolder;"
        "folder = JobFolder(Path(sys.argv[1])).__enter__(); print('in', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "out")], stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "in\n"
        assert "another job is at work" in str(check_folder(tmp_path / "out", overwrite=True)[0])
        process.kill()
    assert check_folder(tmp_path / "out", overwrite=False) == []
    job(tmp_path / "out", {"runs.parquet": "1"})
    assert content(tmp_path / "out") == {"runs.parquet": "1"}


@pytest.mark.parametrize("make", [lambda path, to: path.symlink_to(to), lambda path, _: os.mkfifo(path)])
def test_a_lock_that_is_no_file_is_refused(tmp_path: Path, make: Callable[[Path, Path], object]) -> None:
    (tmp_path / "precious").write_text("mine")
    (tmp_path / "out").mkdir()
    make(tmp_path / "out" / ".lock", tmp_path / "precious")
    for work in (lambda: job(tmp_path / "out", {"a": "1"}), SweepFolder(tmp_path / "out", "x").held().__enter__):
        with pytest.raises(InputError, match=r"\.lock' is .*; remove it"):
            work()
    assert (tmp_path / "precious").read_text() == "mine"


def test_a_lock_with_content_is_not_removed(tmp_path: Path) -> None:
    (tmp_path / ".lock").write_text("of another program")
    job(tmp_path, {"a": "1"})
    assert content(tmp_path) == {"a": "1", ".lock": "of another program"}


@pytest.mark.parametrize("again", [False, True])
def test_a_folder_that_is_removed_meanwhile(tmp_path: Path, again: bool) -> None:
    """Also where another job has made it again: what is published there is of that job."""
    out = tmp_path / "out"
    with pytest.raises(BresimError, match="was removed while the job was at work"), JobFolder(out) as folder:  # noqa: PT012
        shutil.rmtree(out)
        if again:
            job(out, {"runs.parquet": "other"})
            folder.stage.mkdir()
        (folder.stage / "runs.parquet").write_text("mine")
        folder.publish(MANIFEST)
    assert not out.exists() or visible(out) == {"runs.parquet": "other"}


EARLIER = {"runs.parquet": "old", "series.parquet": "old", "figures/x.svg": "old", "figures/y.svg": "old"}
NEW = {"runs.parquet": "new", "boxes.parquet": "new", "figures/x.svg": "new"}


def looked_at(out: Path) -> dict[str, str] | None:
    """The results that the manifest in ``out`` speaks for, which must be whole; None without one."""
    manifest = read_manifest(out)
    if not manifest:
        return None
    found = {name: (out / name).read_text() for name in manifest["files"]}
    assert {name: len(text) for name, text in found.items()} == manifest["files"]
    return found


@pytest.mark.parametrize("earlier", [{}, EARLIER])
def test_killed_before_any_operation(tmp_path: Path, earlier: dict[str, str]) -> None:
    """What is there is the earlier result or the new one, whole; the next job of the same kind ends as one in peace."""
    made = itertools.count()

    def folder() -> Path:
        out = tmp_path / str(next(made))
        if earlier:
            job(out, earlier)
            (out / "notes.txt").write_text("mine")
        return out

    def work(out: Path) -> None:
        with JobFolder(out, overwrite=True, keeps=True) as folder:
            (folder.kept / "some").mkdir(parents=True, exist_ok=True)
            (folder.kept / "some" / "part.parquet").write_text("work")
            fill(folder, {name: text for name, text in NEW.items() if "figures" not in name})
            folder.publish({**MANIFEST, "finished": None})
            fill(folder, {name: text for name, text in NEW.items() if "figures" in name})
            folder.publish({**MANIFEST, "finished": "now"})

    first = {name: text for name, text in NEW.items() if "figures" not in name}
    seen = []
    for step, out in each_kill(folder, work):
        before = looked_at(out)
        assert before in (None, earlier, first, NEW), step
        settle(out)
        after = looked_at(out) or {}
        seen.append(after)
        assert after in (earlier, first, NEW), step
        work(out)
        notes = {"notes.txt": "mine"} if earlier else {}
        assert content(out) == {**NEW, **notes}, step
        assert looked_at(out) == NEW, step
        assert not [path for path in out.rglob("*") if path.name.startswith(".")], step
    assert [seen.count(one) > 0 for one in (earlier, first, NEW)] == [True, True, True]
    assert len(seen) > 25


def orphaned(out: Path) -> None:
    """As an earlier version was killed between two renames."""
    job(out, {"series.parquet": "old", "figures/x.svg": "old"})
    pd.DataFrame({"design": ["a"], "founding": ["vote"]}).to_parquet(out / "runs.parquet")
    (out / "manifest.json").unlink()


def test_results_without_a_manifest_are_replaced(tmp_path: Path) -> None:
    out = tmp_path / "out"
    orphaned(out)
    with pytest.raises(InputError, match=r"holds results without a manifest.*; set overwrite=true or give another"):
        job(out, {"runs.parquet": "new"})
    job(out, {"runs.parquet": "new"}, overwrite=True)
    assert content(out) == {"runs.parquet": "new"}


@pytest.mark.parametrize("name", ["thesis.docx", "figures/mine.txt", "data/a.csv"])
def test_what_may_be_of_the_user_is_not_taken_for_such_results(tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    orphaned(out)
    (out / name).parent.mkdir(exist_ok=True)
    (out / name).write_text("mine")
    before = sorted(out.rglob("*"))
    with pytest.raises(InputError, match="not of bresim"):
        job(out, {"runs.parquet": "new"}, overwrite=True)
    assert sorted(out.rglob("*")) == before


def test_a_users_own_table_is_not_taken_for_ours_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "summary.csv").write_text("respondent,answer\n1,2\n")
    pd.DataFrame({"runner": ["a"]}).to_parquet(tmp_path / "runs.parquet")
    with pytest.raises(InputError, match="not of bresim"):
        job(tmp_path, {"runs.parquet": "new"}, overwrite=True)


def test_kept_work_is_not_removed_by_another_command(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt), JobFolder(out, keeps=True) as folder:  # noqa: PT012
        folder.kept.mkdir()
        (folder.kept / "part.parquet").write_text("done")
        raise KeyboardInterrupt
    with pytest.raises(InputError, match="keeps the finished runs of a job that was stopped; finish it with the same"):
        job(out, {"runs.parquet": "1"})
    with pytest.raises(KeyboardInterrupt), JobFolder(out, overwrite=True):
        raise KeyboardInterrupt
    assert content(out) == {".partial-runs/part.parquet": "done"}, "not before something takes its place"
    job(out, {"runs.parquet": "1"}, overwrite=True)
    assert content(out) == {"runs.parquet": "1"}


@pytest.mark.parametrize("keeps", [True, False])
def test_what_a_job_keeps_is_there_for_the_next_call_until_it_is_done(tmp_path: Path, keeps: bool) -> None:
    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt), JobFolder(out, keeps=True) as folder:  # noqa: PT012 (it ends with the folder)
        folder.kept.mkdir()
        (folder.kept / "part").write_text("done")
        raise KeyboardInterrupt
    assert check_folder(out, overwrite=False) == []
    with JobFolder(out, keeps=keeps) as folder:
        assert (folder.kept / "part").exists() == keeps, "another kind of job has no use for it"
        fill(folder, {"runs.parquet": "1"})
        folder.publish(MANIFEST)
    assert content(out) == {"runs.parquet": "1"}


def test_places_where_no_folder_can_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for out, fragment in (
        (tmp_path / "file", "is a file"),
        (tmp_path / "file" / "below", "is a file"),
        (tmp_path / ("x" * 300), "cannot be used"),
        (Path("/proc/nowhere/out"), "cannot be made"),
    ):
        with pytest.raises(InputError, match=fragment) as caught:
            job(out, {})
        assert caught.value.problems[0].where == "out"
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert "no permission" in str(check_folder(tmp_path / "out", overwrite=False)[0])
    tmp_path.chmod(0o700)


SWEEP = {"command": "sweep", "sweep": "x", "runs": 10, "chunk": 5, "swept": [], "points_digest": ""}


@pytest.mark.parametrize(
    "changed",
    [{"files": 5}, {"files": {"runs.parquet": "x"}}, {"finished": 1}, {"runs": "many"}, {"config": []},
     {"command": ["x"]}, {"command": "sweep"}, {**SWEEP, "runs": 10**30}, {**SWEEP, "chunk": 0}],
)  # fmt: skip
def test_a_manifest_of_another_form_is_none_of_ours(tmp_path: Path, changed: dict[str, object]) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps(MANIFEST))
    assert read_manifest(tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps({**MANIFEST, **changed}))
    assert read_manifest(tmp_path) == {}
    with pytest.raises(InputError, match="holds no manifest"):
        Results(tmp_path)
