"""The C translation that the speed is measured against is one of the rules as they are."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler")
def test_the_c_translation_gives_the_same_bits() -> None:
    command = [sys.executable, "benchmarks/yardstick/compare.py", "--check", "60", "--rounds", "1", "--replicates", "1"]
    done = subprocess.run([*command, "--parameters", "prior"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("660 of 660 runs equal Numba's in every bit") == 2
