"""For the whole suite: with several workers (`-n 2`) the model is compiled before they start, and once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.fixtures import browser

ROOT = Path(__file__).resolve().parents[1]
#: What the suite needs compiled: the model for the sizes of the default region and for any other, and for pages.
MODEL = """
import sys
sys.path.insert(0, sys.argv[1])
from bresim import load
from bresim.jobs import run_plan
from bresim.plan import make_plan
from bresim.common.progress import Silent
config = load("compare", overrides=["region={}", "designs=[status_quo]", "parameters=point", "workers=1"])
run_plan(make_plan(config, range(1)), Silent(), series=True, details=True)
"""
PAGE = """
import sys
sys.path.insert(0, sys.argv[1])
from bresim.common.progress import Silent
from bresim.common.text import language
from bresim.page.build import modules
modules(["any", "default"], Silent(), language("en"))
"""
MODELS = [MODEL.format(region) for region in ("zuid_limburg", "teaching")]

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
    workers = getattr(config.option, "numprocesses", None)  # unset within a worker and without -n
    if not workers:
        return
    tests = ROOT / "tests"
    pages = any((config.invocation_params.dir / text) in (tests, tests / "page") for text in config.args)
    with ThreadPoolExecutor(workers) as executor:
        if pages:
            executor.submit(_compiled, PAGE)  # if it fails, the tests of pages say so
        failed = [said for said in executor.map(_compiled, MODELS) if said]
    if failed:
        raise pytest.UsageError("the model does not compile or run:\n" + "\n".join(failed))


def _compiled(code: str) -> str:
    """Run this in a process of its own; what it says if it fails."""
    call = [sys.executable, "-c", code, str(ROOT / "src")]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    return done.stderr or f"exit code {done.returncode}" if done.returncode else ""
