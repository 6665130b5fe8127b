"""Too little memory is told before anything begins; compiled code would end the process without a word."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from bresim.cli import memory
from bresim.common.errors import BresimError


def group(folder: Path, most: str, used: int, cached: int) -> Path:
    (folder / "memory.max").write_text(f"{most}\n")
    (folder / "memory.current").write_text(f"{used}\n")
    (folder / "memory.stat").write_text(f"anon 5\ninactive_file {cached}\n")
    return folder


def test_what_bounds_a_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a group of 2 GB that uses 1.9 GB, half of it files that are given back, 1.05 GB are free."""
    monkeypatch.setattr(memory, "GROUP", group(tmp_path, "2000000000", 1_900_000_000, 950_000_000))
    about = tmp_path / "meminfo"
    about.write_text("MemTotal: 9 kB\nMemAvailable:  3000000 kB\n")
    monkeypatch.setattr(memory, "AVAILABLE", about)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert [(bound.by, round(bound.there)) for bound in memory.bounds()] == [("cgroup", 1050), ("MemAvailable", 3072)]
    memory.check()
    group(tmp_path, "2000000000", 1_900_000_000, 0)
    with pytest.raises(BresimError, match=r"100 MB \(cgroup\), and the smallest job needs some 450 MB"):
        memory.check()
    group(tmp_path, "max", 1_900_000_000, 0)
    memory.check()
    about.write_text("MemAvailable:  300000 kB\n")
    with pytest.raises(BresimError, match=r"307 MB \(MemAvailable\)"):
        memory.check()


def test_a_system_that_tells_nothing_bounds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "GROUP", tmp_path)
    monkeypatch.setattr(memory, "AVAILABLE", tmp_path / "nothing")
    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert list(memory.bounds()) == []


def test_a_process_with_few_addresses_ends_with_a_message(tmp_path: Path) -> None:
    limit = 1_000_000_000
    done = subprocess.run(
        [sys.executable, "-m", "bresim", "compare", "lang=en", "out=there"], cwd=tmp_path, env=os.environ,
        capture_output=True, text=True, timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("bresim compare: there is too little memory: 1000 MB (ulimit -v)")
    assert len(done.stderr.splitlines()) == 1
    assert not list(tmp_path.iterdir())
