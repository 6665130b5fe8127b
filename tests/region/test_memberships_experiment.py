"""experiments/memberships.py: reproducible, needs its extra, and what it makes is what is shipped."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from bresim.region import load_region

SCRIPT = Path(__file__).resolve().parents[2] / "experiments" / "memberships.py"

pytestmark = pytest.mark.skipif(not SCRIPT.is_file(), reason="no experiments beside the tests")


@pytest.fixture(scope="module")
def experiment() -> ModuleType:
    pytest.importorskip("ortools")
    spec = importlib.util.spec_from_file_location("memberships_experiment", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_without_or_tools_it_names_the_extra() -> None:
    code = f"import sys, runpy; sys.modules['ortools'] = None; runpy.run_path({str(SCRIPT)!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
    assert "bresim[memberships]" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_shipped_legal_forms_are_what_it_finds(experiment: ModuleType) -> None:
    shipped = [work.legal_form for work in load_region("zuid_limburg").collaborations]
    assert experiment.legal_forms(experiment.read()) == shipped


@pytest.mark.slow
def test_another_solution_is_new_valid_and_reproducible(experiment: ModuleType) -> None:
    problem = experiment.read()
    model = experiment.Model(problem)
    start = np.array(load_region("zuid_limburg").memberships[0])
    one, again = model.another(start, 7), model.another(start, 7)
    np.testing.assert_array_equal(one, again)
    assert (one != start).sum() > 100
    for row in experiment.reached(problem, [start, one]):
        if row["published"] is not None:
            assert row["least"] == pytest.approx(row["published"], abs=0.05), row["figure"]
            assert row["most"] == pytest.approx(row["published"], abs=0.05), row["figure"]
    for row, members in enumerate(problem.known):
        if members is not None:
            assert set(np.flatnonzero(one[row])) == members
