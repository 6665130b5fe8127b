"""Where compiled code is kept, and what happens when it cannot be."""

from __future__ import annotations

import errno
import fcntl
import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bresim.common.errors import BresimError
from bresim.kernel import jit


def test_what_older_versions_compiled_goes_after_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRESIM_CACHE", str(tmp_path))
    long_ago = time.time() - (jit.KEPT_DAYS + 1) * 86_400
    for name, when in (("compiled-old", long_ago), ("compiled-new", time.time()), ("else", long_ago)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "kernel.nbc").touch()
        os.utime(tmp_path / name, (when, when))
    made = jit._cache_folder()
    assert {path.name for path in tmp_path.iterdir()} == {"compiled-new", "else", made.name}
    os.utime(made, (long_ago, long_ago))
    assert jit._cache_folder() == made
    assert time.time() - made.stat().st_mtime < 60  # in use


def test_a_full_disk_stops_no_run_and_is_told_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def save(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(jit, "_told", [])
    attempt = jit._if_there_is_room(save)
    attempt("signature", "code")
    attempt("signature", "code")
    assert capsys.readouterr().err.count("BRESIM_CACHE") == 1


def test_no_place_for_compiled_code_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("BRESIM_CACHE", str(tmp_path / "file"))

    def nowhere(**_: object) -> str:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(jit.tempfile, "mkdtemp", nowhere)
    with pytest.raises(BresimError, match="BRESIM_CACHE") as caught:
        jit._cache_folder()
    assert "out=" not in str(caught.value)


def test_every_compiled_function_is_kept_only_if_there_is_room() -> None:
    if not jit.numba_config.DISABLE_JIT:
        assert jit.copy_to._cache.save_overload.__qualname__.startswith("_if_there_is_room")


#: Compiles a function for one type of argument, and says when it is about to wait for the lock, what the function makes
#: of the argument, and how often the code was there already.
TWICE = """
import numpy as np
from bresim.kernel import jit

take = jit._take

def told(file):
    print("waits", flush=True)
    take(file)

jit._take = told
from doubled import twice
print(twice(np.array([{number}])), sum(twice.stats.cache_hits.values()))
"""


class Doubled:
    """A function in a cache of its own, compiled by processes of their own."""

    def __init__(self, folder: Path) -> None:
        text = "from bresim.kernel.jit import njit\n\n@njit\ndef twice(x):\n    return 2 * x[0]\n"
        (folder / "doubled.py").write_text(text)
        self.cache = folder / "cache"
        self.environment = os.environ | {
            "BRESIM_CACHE": str(self.cache),
            "PYTHONPATH": os.pathsep.join([str(folder), *sys.path]),
            "NUMBA_DISABLE_JIT": "0",
        }

    def started(self, number: str) -> subprocess.Popen[str]:
        call = [sys.executable, "-c", TWICE.format(number=number)]
        return subprocess.Popen(call, env=self.environment, stdout=subprocess.PIPE, text=True)

    def said(self, number: str) -> list[str]:
        return self.started(number).communicate(timeout=120)[0].splitlines()

    @property
    def index(self) -> Path:
        (found,) = self.cache.rglob("*.nbi")
        return found


@pytest.fixture
def doubled(tmp_path: Path) -> Doubled:
    return Doubled(tmp_path)


def test_two_processes_that_compile_at_once_keep_both(doubled: Doubled) -> None:
    """Each waits to write until the other has: else both take the same number, and the index tells of one."""
    assert doubled.said("1") == ["waits", "2 0"]
    before, index = doubled.index.read_bytes(), doubled.index
    (folder,) = doubled.cache.iterdir()
    with (folder / jit.LOCK).open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with doubled.started("1.5") as other:
            assert other.stdout is not None
            assert other.stdout.readline() == "waits\n"
            with pytest.raises(subprocess.TimeoutExpired):
                other.wait(timeout=2)
            assert index.read_bytes() == before
            fcntl.flock(lock, fcntl.LOCK_UN)
            assert other.stdout.read() == "3.0 0\n"
    assert doubled.said("1") == ["2 1"]
    assert doubled.said("1.5") == ["3.0 1"]


def test_a_process_that_never_lets_go_holds_nobody_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(jit, "_told", [])
    monkeypatch.setattr(jit, "PATIENCE", 0.1)
    monkeypatch.setattr(jit, "CACHE_FOLDER", tmp_path / "cache")
    saved: list[object] = []
    with jit._alone():
        jit._if_there_is_room(saved.append)("code")
    assert saved == []
    assert "BRESIM_CACHE" in capsys.readouterr().err
    jit._if_there_is_room(saved.append)("code")
    assert saved == ["code"]


def test_code_that_is_made_again_after_damage_leaves_none_under_its_number(doubled: Doubled) -> None:
    """Numba tells of code in the index before it writes it: a kill between would give the old code for the new."""
    doubled.said("1")
    doubled.said("1.5")
    (kept,) = {path.parent for path in doubled.cache.rglob("*.nbc")}
    assert len(list(kept.glob("*.nbc"))) == 2
    doubled.index.write_bytes(b"damaged")
    assert doubled.said("1")[-1] == "2 0"
    assert len(list(kept.glob("*.nbc"))) == 1


def test_what_another_copy_of_the_same_files_compiled_is_not_compiled_here(tmp_path: Path) -> None:
    for copy in ("one", "other"):
        path = tmp_path / copy / "twice.py"
        path.parent.mkdir()
        path.write_text("from bresim.kernel.jit import njit\n\n@njit\ndef twice(x):\n    return 2 * x\n")
        spec = importlib.util.spec_from_file_location("twice", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        if not jit.numba_config.DISABLE_JIT:
            assert not jit.is_compiled(module.twice, 2)
        assert module.twice(2) == 4
        assert jit.is_compiled(module.twice, 2)
        if not jit.numba_config.DISABLE_JIT:
            assert not jit.is_compiled(module.twice, 2.5)  # for numbers of another type it must be compiled again


def test_another_version_of_python_makes_the_same_bits_and_keeps_its_own_code(monkeypatch: pytest.MonkeyPatch) -> None:
    before, folder = jit.source_hash(), jit._cache_folder()
    monkeypatch.setattr(jit.platform, "python_version", lambda: "3.99.0")
    assert jit.source_hash() == before
    assert jit._cache_folder() != folder
    jit._cache_folder().rmdir()


def test_a_temporary_cache_is_told_of_once_and_goes_with_its_process(tmp_path: Path) -> None:
    code = (
        "from bresim.kernel import jit\n"
        "@jit.njit\n"
        "def one(x):\n"
        "    return x + 1.0\n"
        "@jit.njit\n"
        "def two(x):\n"
        "    return x + 2.0\n"
        "print(one(1.0), two(1.0), jit.CACHE_FOLDER, jit.CACHE_FOLDER.is_dir())\n"
    )
    (tmp_path / "cache").touch()  # a file, where nothing can be made
    (tmp_path / "code.py").write_text(code)
    source = str(Path(jit.__file__).parents[2])
    environment = {
        **os.environ, "BRESIM_CACHE": str(tmp_path / "cache"), "TMPDIR": str(tmp_path), "PYTHONPATH": source,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, str(tmp_path / "code.py")], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith(f"2.0 3.0 {tmp_path / 'bresim-compiled-'}")
    assert done.stdout.endswith("True\n")
    assert done.stderr.count("compiled code cannot be kept") == 1
    assert {path.name for path in tmp_path.iterdir()} <= {"cache", "code.py", "__pycache__"}


CALL = """
import numpy as np
from bresim.kernel import draws
print(draws.uniform(np.array([1, 2, 3], np.uint64), 1, 2, 3, 4))
"""


def _call(cache: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    found = {**os.environ, "BRESIM_CACHE": str(cache), **environment}
    return subprocess.run([sys.executable, "-c", CALL], env=found, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("content", [b"", b"\x80\x05", bytes(500), b"nothing that can be read"])
@pytest.mark.parametrize("kind", ["nbi", "nbc"])
def test_damaged_compiled_code_is_made_again(kind: str, content: bytes, tmp_path: Path) -> None:
    """As a power cut leaves it."""
    first = _call(tmp_path)
    for path in tmp_path.rglob(f"*.{kind}"):
        path.write_bytes(content)
    second, third = _call(tmp_path), _call(tmp_path)
    assert first.stdout == second.stdout == third.stdout != ""
    assert second.stderr.count("is damaged and is made again") == 1, second.stderr
    assert (first.stderr, third.stderr) == ("", "")


def test_a_user_without_a_home_needs_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A container with any user id: no HOME and no entry in the list of users."""

    def home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", home)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(jit, "TEMPORARY", [])
    monkeypatch.setenv("BRESIM_CACHE", str(tmp_path))
    assert jit._cache_folder().parent == tmp_path
    monkeypatch.delenv("BRESIM_CACHE")
    made = jit._cache_folder()
    assert [made] == jit.TEMPORARY
    jit.remove_temporary()
    assert not made.exists()
