"""Jobs are kept apart on a disk that has no locks of the system, and a claim of the dead holds nobody up."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from command import environment

from bresim.common.errors import InputError
from bresim.results import JobFolder, claims
from bresim.results.folder import check_folder
from bresim.results.locking import FolderLock, is_locked

MANIFEST = {"bresim": "0", "command": "compare", "config": {}}


@pytest.fixture(autouse=True, params=[errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP])
def no_locks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    def flock(_file: int, _how: int) -> None:
        raise OSError(request.param, os.strerror(request.param))

    monkeypatch.setattr("fcntl.flock", flock)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def claimed(folder: Path, owner: claims.Owner) -> None:
    (folder / ".lock.claim").write_text(json.dumps(asdict(owner)))


def test_one_job_at_a_time(tmp_path: Path) -> None:
    one, other = FolderLock(tmp_path), FolderLock(tmp_path)
    one.take()
    assert one.holds
    assert names(tmp_path) == {".lock.claim"}
    told = rf"\.lock\.claim' says that process {os.getpid()} on .* is at work; wait for it; if it has ended, remove"
    with pytest.raises(InputError, match=told):
        other.take()
    assert is_locked(tmp_path)
    assert "is at work" in str(check_folder(tmp_path, overwrite=True)[0])
    other.release()
    assert one.holds
    one.release()
    assert names(tmp_path) == set()
    other.take()
    other.release()


def test_a_job_leaves_nothing_but_its_results(tmp_path: Path) -> None:
    with JobFolder(tmp_path / "out") as folder:
        (folder.stage / "runs.parquet").write_text("1")
        folder.publish(MANIFEST)
    assert names(tmp_path / "out") == {"runs.parquet", "manifest.json"}


def test_a_claim_of_a_process_that_was_killed_is_taken_over(tmp_path: Path) -> None:
    code = (
        "import fcntl, sys, time, errno; from pathlib import Path; from bresim.results.locking import FolderLock\n"
        "def flock(*_): raise OSError(errno.ENOLCK, '')\n"
        "fcntl.flock = flock; FolderLock(Path(sys.argv[1])).take(); print('in', flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment()) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "in\n"
        with pytest.raises(InputError, match=f"process {process.pid} on"):
            FolderLock(tmp_path).take()
        process.kill()
    assert not is_locked(tmp_path)
    lock = FolderLock(tmp_path)
    lock.take()
    lock.release()
    assert names(tmp_path) == set()


@pytest.mark.parametrize("change", [{"began": "1"}, {"process": 2**22 + 1}])
def test_a_process_with_the_same_number_that_began_later_is_another(tmp_path: Path, change: dict[str, object]) -> None:
    claimed(tmp_path, replace(claims._me(), **change))
    lock = FolderLock(tmp_path)
    lock.take()
    assert lock.holds


def test_of_another_machine_or_start_nobody_here_knows(tmp_path: Path) -> None:
    claimed(tmp_path, claims.Owner("node7", "node7 another-start", 1, "1"))
    with pytest.raises(InputError, match=r"says that process 1 on node7 is at work"):
        FolderLock(tmp_path).take()
    (tmp_path / ".lock.claim").write_text("")  # its maker was killed at that moment
    with pytest.raises(InputError, match=r"if it has ended, remove that file"):
        FolderLock(tmp_path).take()
    (tmp_path / ".lock.claim").unlink()
    FolderLock(tmp_path).take()


def test_two_that_find_a_dead_one_do_not_both_take_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second saw the dead claim before the first took over, and goes on after that."""
    dead = replace(claims._me(), began="1")
    claimed(tmp_path, dead)
    first, second = FolderLock(tmp_path), FolderLock(tmp_path)
    real = claims._bury

    def late(lock: Path, owner: claims.Owner) -> bool:
        monkeypatch.setattr(claims, "_bury", real)
        first.take()
        return real(lock, owner)

    monkeypatch.setattr(claims, "_bury", late)
    with pytest.raises(InputError, match="is at work"):
        second.take()
    assert first.holds


def test_one_that_was_killed_while_it_took_over_leaves_nothing_for_good(tmp_path: Path) -> None:
    claimed(tmp_path, replace(claims._me(), began="1"))
    (tmp_path / ".lock.taking").touch()
    with pytest.raises(InputError, match="remove that file"):
        FolderLock(tmp_path).take()
    (tmp_path / ".lock.claim").unlink()
    lock = FolderLock(tmp_path)
    lock.take()
    lock.release()
    assert names(tmp_path) == set()


def test_without_proc_the_number_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "_began", lambda _process: "")
    claimed(tmp_path, claims._me())
    assert is_locked(tmp_path)
    claimed(tmp_path, replace(claims._me(), process=2**22 + 1))
    assert not is_locked(tmp_path)
