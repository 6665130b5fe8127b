"""For the whole suite: with several workers (`-n 2`) the model is compiled once, before they start."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.fixtures import browser

ROOT = Path(__file__).resolve().parents[1]
COMPILE = """
import sys
sys.path.insert(0, sys.argv[1])
from bresim import load
from bresim.jobs import run_plan
from bresim.plan import make_plan
from bresim.common.progress import Silent
config = load("compare", overrides=["designs=[status_quo]", "parameters=point", "workers=1"])
for details in (False, True):
    run_plan(make_plan(config, range(1)), Silent(), series=details, details=details)
"""

# how long a machine takes says nothing about the model
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def english_errors() -> Iterator[None]:
    """A command called in this process says errors in English, unless it is asked for another language."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bresim.cli.failures.default_language", lambda: "en")
        yield


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A real Chromium or Chrome, started once."""
    with browser.opened() as opened:
        yield opened


def pytest_configure(config: pytest.Config) -> None:
    """Fill the cache of compiled code, so that the workers find it instead of each making it."""
    if getattr(config.option, "numprocesses", None):  # unset within a worker and without -n
        done = subprocess.run(
            [sys.executable, "-c", COMPILE, str(ROOT / "src")], capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise pytest.UsageError(f"the model does not compile or run:\n{done.stderr}")
