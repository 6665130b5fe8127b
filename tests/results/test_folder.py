"""The folder of a job: only complete files appear, and files of the user are not touched."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bresim.common.errors import InputError
from bresim.results import JobFolder, check_folder, discard_all

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


def content(out: Path) -> dict[str, str]:
    """Every file but the manifest, whatever its name begins with."""
    paths = [path for path in out.rglob("*") if path.is_file() and path.name != "manifest.json"]
    return {path.relative_to(out).as_posix(): path.read_text() for path in paths}


def test_files_show_when_they_are_published(tmp_path: Path) -> None:
    out = tmp_path / "a" / "b"
    with JobFolder(out) as folder:
        fill(folder, {"runs.parquet": "1234", "figures/x.svg": "5"})
        assert [path.name for path in out.iterdir()] == [folder.stage.name]
        folder.publish(MANIFEST)
        assert content(out) == {"runs.parquet": "1234", "figures/x.svg": "5"}
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


def test_publishing_is_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    move, moved = Path.replace, []

    def interrupted(self: Path, target: Path) -> Path:
        moved.append(target)
        if len(moved) == 3:  # 1: the manifest in the stage
            raise KeyboardInterrupt
        return move(self, target)

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        job(tmp_path / "out", {"a": "1", "b": "2", "c": "3"})
    assert len(moved) == 3
    assert not (tmp_path / "out").exists()


@pytest.fixture
def heeding() -> Iterator[None]:
    """Ctrl-C is heard, also where the suite was started to ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeding")
@pytest.mark.parametrize("last", ["a.txt", "manifest.json"])
def test_ctrl_c_waits_until_all_is_published(tmp_path: Path, last: str, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_a_job_begins_again_where_another_was_killed_but_not_where_one_is_at_work(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    at_work = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        for process, busy in ((at_work, True), (done, False)):
            left = out / f".partial-{process.pid}"
            left.mkdir(parents=True)
            (left / "runs.parquet").write_text("half")
            if busy:
                with pytest.raises(InputError, match="another job is at work"):
                    job(out, {"runs.parquet": "new"})
                (left / "runs.parquet").unlink()
                left.rmdir()
        job(out, {"runs.parquet": "new"})
    finally:
        at_work.kill()
        at_work.wait()
    assert content(out) == {"runs.parquet": "new"}


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
