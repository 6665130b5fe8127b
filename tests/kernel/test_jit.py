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


def test_two_processes_that_compile_at_once_keep_both(tmp_path: Path) -> None:
    """Each waits to write until the other has: else both take the same number, and the index tells of one."""
    (tmp_path / "doubled.py").write_text(
        "from bresim.kernel.jit import njit\n\n@njit\ndef twice(x):\n    return 2 * x[0]\n"
    )
    environment = os.environ | {
        "BRESIM_CACHE": str(tmp_path / "cache"),
        "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path]),
        "NUMBA_DISABLE_JIT": "0",
    }

    def started(number: str) -> subprocess.Popen[str]:
        code = "import numpy as np\nfrom doubled import twice\n"
        code += f"print(twice(np.array([{number}])), len(twice.stats.cache_hits))"
        return subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)

    assert started("1").communicate()[0] == "2 0\n"  # the folder is there
    (folder,) = (tmp_path / "cache").glob("compiled-*")
    index = next(folder.rglob("*.nbi"))
    before = index.read_bytes()
    with (folder / jit.LOCK).open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        other = started("1.5")
        with pytest.raises(subprocess.TimeoutExpired):
            other.wait(timeout=7)
        assert index.read_bytes() == before
    assert other.communicate(timeout=60)[0] == "3.0 0\n"
    assert started("1").communicate()[0] == "2 1\n"
    assert started("1.5").communicate()[0] == "3.0 1\n"


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
