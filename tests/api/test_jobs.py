"""What the commands do, in Python: the same numbers, in memory or in a folder, and the same words of errors."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from command import bresim as command

import bresim
from bresim import jobs
from bresim.api import jobs as api
from bresim.api.results import Comparison, Run, Sensitivity, Sweep
from bresim.common.errors import InputError
from bresim.results.tables import tidy

PLACE = ["region=teaching", "parameters=point", "seed=7", "workers=2", "lang=en"]
COMPARE = [*PLACE, "designs=[status_quo,regiobureau]", "replicates=3", "undercurrent_replicates=2", "figures=false",
           "report=false"]  # fmt: skip
RUN = [*PLACE, "governance=regio_deal", "replicate=2"]
SWEEP = [*PLACE, "designs=[status_quo,regiobureau]", "replicates=3", "record=all", "+vary.scenario=[history,austerity]",
         "+vary.undercurrent.negativity=[0.0,0.5]"]  # fmt: skip
MORRIS = [*PLACE, "samples=4", "replicates=3", "figures=false", "+vary.parameters.work=prior",
          "+vary.undercurrent.negativity=prior"]  # fmt: skip
JOBS: dict[str, tuple[Callable[..., Any], list[str], type]] = {
    "compare": (bresim.compare, COMPARE, Comparison),
    "run": (bresim.run, RUN, Run),
    "sweep": (bresim.sweep, SWEEP, Sweep),
    "sensitivity": (bresim.sensitivity, MORRIS, Sensitivity),
}


def same(one: pd.DataFrame, other: pd.DataFrame, name: str) -> None:
    """The same values, whatever pandas keeps them as; a summary goes through the text of a CSV file."""
    left, right = (tidy(table, name).reset_index(drop=True) for table in (one, other))
    assert list(left) == list(right)
    for column in left:
        if pd.api.types.is_numeric_dtype(right[column].dtype) and not pd.api.types.is_bool_dtype(right[column].dtype):
            a, b = (part[column].to_numpy(dtype=float, na_value=float("nan")) for part in (left, right))
            pd.testing.assert_series_equal(pd.Series(a), pd.Series(b), rtol=1e-12)
        else:
            a, b = (part[column].astype(object).where(part[column].notna(), None).tolist() for part in (left, right))
            assert a == b, column


@pytest.mark.parametrize("name", list(JOBS))
def test_in_memory_and_in_a_folder_are_what_the_command_leaves(name: str, tmp_path: Path) -> None:
    do, overrides, kind = JOBS[name]
    in_memory = do(overrides)
    assert type(in_memory) is kind
    assert list(tmp_path.iterdir()) == [], "nothing is written"
    in_folder = do(overrides, out=tmp_path / "python")
    done = command(name, *overrides, "out=shell", "progress=off", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    read = bresim.read(tmp_path / "shell")
    assert type(in_folder) is type(read) is kind
    assert list(read.tables()) == list(in_folder.tables()) == list(in_memory.tables())
    assert len(read.tables()) > 1
    for table, rows in read.tables().items():
        same(in_memory.tables()[table], rows, table)
        same(in_folder.tables()[table], rows, table)
    assert read.region is not None
    assert len(read.points) == len(in_memory.points) == (4 if name == "sweep" else 0)


def test_a_configuration_and_its_overrides_are_the_same_job() -> None:
    config = bresim.load("run", RUN)
    pd.testing.assert_frame_equal(bresim.run(config).runs, bresim.run(RUN).runs)
    pd.testing.assert_frame_equal(bresim.run(config).runs, jobs.run(config).runs)


def test_what_is_there_is_read_and_another_job_is_refused_in_the_words_of_the_command(tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = bresim.run(RUN, out=out)
    at = (out / "runs.parquet").stat().st_mtime_ns
    again = bresim.run(RUN, out=out)
    assert (out / "runs.parquet").stat().st_mtime_ns == at, "nothing is run again"
    pd.testing.assert_frame_equal(first.runs, again.runs)
    other = [*RUN, "replicate=3"]
    with pytest.raises(InputError) as error:
        bresim.run(other, out=out)
    done = command("run", *other, f"out={out}", "lang=en", cwd=tmp_path)
    assert done.returncode == 2
    assert str(error.value) in done.stderr
    assert "replicate is 2 there and 3 here" in str(error.value)
    assert bresim.run([*other, "overwrite=true"], out=out).runs["replicate"].tolist() == [3]


@pytest.mark.parametrize("name", list(JOBS))
def test_bad_input_is_told_in_the_words_of_the_command(name: str, tmp_path: Path) -> None:
    do, overrides, _ = JOBS[name]
    bad = [*overrides, "sed=3", "undercurrent.negativity=7"]
    with pytest.raises(InputError) as error:
        do(bad)
    done = command(name, *bad, cwd=tmp_path)
    assert done.returncode == 2
    assert len(error.value.problems) > 1
    assert all(str(problem) in done.stderr for problem in error.value.problems)


def test_the_configuration_of_another_command_is_refused() -> None:
    with pytest.raises(InputError, match="config: is one of 'bresim run', not of 'bresim compare'"):
        bresim.compare(bresim.load("run", RUN))  # type: ignore[arg-type]


def test_phases_of_the_users_own_run_in_a_comparison_without_a_folder(tmp_path: Path) -> None:
    def calm(state: Any, world: Any, parameters: Any, quarter: int) -> None:
        """Nothing ever happens."""

    few = [*COMPARE, "replicates=1", "undercurrent_replicates=0", "founding=vote"]
    own = bresim.compare(few, phases={"events": calm})
    assert own.runs["public_value_direct"].tolist() != bresim.compare(few).runs["public_value_direct"].tolist()
    with pytest.raises(InputError, match="phases: a folder holds what the command leaves"):
        bresim.compare(few, phases={"events": calm}, out=tmp_path / "out")


def test_a_dry_run_runs_nothing() -> None:
    told = bresim.sweep([*SWEEP, "sweep.dry_run=true"])
    assert told.manifest["runs"] == 24
    assert told.manifest["seconds"] > 0
    assert told.runs.empty


def test_tables_are_read_as_asked(tmp_path: Path) -> None:
    out = tmp_path / "out"
    some = bresim.sweep(SWEEP, out=out, tables=("summary",))
    assert list(some.tables()) == ["summary"]
    assert list(bresim.read(out, ["runs"]).tables()) == ["runs"]


@pytest.mark.parametrize("what", ["nowhere", "empty", "region"])
def test_a_folder_without_runs(what: str, tmp_path: Path) -> None:
    folder = tmp_path / what
    if what != "nowhere":
        folder.mkdir()
    if what == "region":
        assert command("region", "region=teaching", f"out={folder}", "overwrite=true", cwd=tmp_path).returncode == 0
        assert bresim.read(folder).tables() == {}
        return
    with pytest.raises(InputError, match="give a folder that a finished job left"):
        bresim.read(folder)


def test_packages_that_are_called_stay_packages() -> None:
    import bresim.sweep.job as module

    assert module.SweepJob
    for name in ("sweep", "sensitivity"):
        assert inspect.ismodule(getattr(bresim, name))
        assert inspect.signature(getattr(bresim, name)) == inspect.signature(getattr(api, name))


def test_importing_is_quick() -> None:
    """Neither pandas nor Numba nor Matplotlib is imported before it is used."""
    script = "import sys, bresim; print(sorted({'pandas', 'numba', 'matplotlib', 'hydra', 'mesa'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
