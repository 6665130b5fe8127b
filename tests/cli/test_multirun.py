"""``bresim run --multirun``: all jobs in one dataset, with the numbers that each job has by itself."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import bresim
from bresim.cli import main
from bresim.common.paths import configs_dir

ROOT = Path(__file__).resolve().parents[2]
QUIET = ("progress=off", "lang=en")
#: A value of every kind that may vary; the last one written varies fastest.
EVERY_KIND = [
    ("governance=status_quo,regio_deal", "replicate=0,7", "region=teaching"),
    ("undercurrent=absent,strong", "undercurrent.cleavage=0.2,1", "governance=regio_deal", "region=teaching"),
    ("region=teaching,zuid_limburg", "time.end=2030-Q4,2033-Q4", "governance=regio_deal"),
    ("parameters=plausible,prior", "parameters.trust_gain=0.04,0.06", "replicate=6", "region=teaching"),
    ("measures.monitoring=0,0.5", "governance.payoff.binding=0.2,1", "governance=regio_deal", "region=teaching"),
    ("governance.scope.themes=[economy],[housing,safety]", "governance.scope.successor=null,status_quo",
     "governance=regio_deal", "region=teaching"),
    ("scenario=history,austerity", "scenario.from_policy_start.shocks=0.5,2", "governance=regio_deal",
     "region=teaching"),
    ("++undercurrent.negativity=0,1", "region=teaching"),
]  # fmt: skip

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """``bresim run -m`` in a folder of its own: exit code and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HYDRA_FULL_ERROR", "0")

    def call(*arguments: str, command: str = "run") -> tuple[int, str]:
        code = main([command, "-m", *QUIET, *arguments])
        return code, capfd.readouterr().err

    return call


def table(out: Path) -> pd.DataFrame:
    return pd.read_parquet(out / "runs.parquet")


def same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    """The same values, bit for bit, in every column of ``other``, however a missing one or a text is stored."""
    assert {"design", "seed", "parameter_draw", "public_value_direct", "adopted_quarter"} <= {*other}
    left, right = (frame[[*other]].reset_index(drop=True).astype(object) for frame in (one, other))
    pd.testing.assert_frame_equal(left.where(left.notna(), None), right.where(right.notna(), None), check_exact=True)


@pytest.mark.slow
@pytest.mark.parametrize("swept", EVERY_KIND, ids=lambda swept: swept[0])
def test_the_numbers_are_those_of_the_basic_launcher(run: Run, tmp_path: Path, swept: tuple[str, ...]) -> None:
    assert run(*swept, "out=fast") == (0, "")
    fast = table(tmp_path / "fast")
    code, told = run(*swept, "hydra/launcher=basic", "out=basic")
    assert code == 0
    folders = [tmp_path / "basic" / str(job) for job in range(len(fast))]
    assert {path for path in (tmp_path / "basic").iterdir() if path.is_dir()} == set(folders)
    for job, folder in enumerate(folders):  # one by one: regions have columns of their own
        same(fast.iloc[[job]], table(folder))
    assert told.count("job ") == len(fast)


@pytest.mark.slow
def test_the_numbers_are_those_of_one_model(run: Run, tmp_path: Path) -> None:
    assert run("governance=regio_deal", "seed=2,5", "replicate=3", "out=fast")[0] == 0
    for row in table(tmp_path / "fast").to_dict("records"):
        config = bresim.load("run", ["governance=regio_deal", f"seed={row['seed']}", "replicate=3"])
        model = bresim.RegionModel(config, replicate=config.replicate)
        while model.running:
            model.step()
        for name, value in model.outcomes().items():
            assert row[name] == value or (pd.isna(row[name]) and pd.isna(value)), name


@pytest.mark.slow
def test_globs_and_ranges_and_a_design_of_ones_own(run: Run, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("label_nl: a\nlabel_en: b\npayoff: {binding: 0.4}\n")
    assert run("governance=glob(regio_deal*)", "seed=range(4,10,3)", "out=all")[0] == 0
    runs = table(tmp_path / "all")
    designs = ["regio_deal", "regio_deal_continued", "regio_deal_successor"]
    assert list(zip(runs["design"], runs["seed"], strict=True)) == [(name, seed) for name in designs for seed in (4, 7)]
    assert run("governance=own.yaml,status_quo", "undercurrent.negativity=0,1", "out=own")[0] == 0
    runs = table(tmp_path / "own")
    assert runs["design"].tolist() == ["own", "own", "status_quo", "status_quo"]
    assert runs["undercurrent.negativity"].tolist() == [0.0, 1.0] * 2
    manifest = json.loads((tmp_path / "own" / "manifest.json").read_text())
    assert manifest["config"]["files"] == {"designs.own": "own.yaml"}
    assert (manifest["runs"], manifest["failures"]) == (4, 0)
    paired = pd.read_csv(tmp_path / "own" / "summary.csv").set_index("design")
    wide = runs.pivot(index="undercurrent.negativity", columns="design", values="public_value_direct")
    assert paired.loc["own", "difference"] == pytest.approx((wide["own"] - wide["status_quo"]).mean())


@pytest.mark.slow
def test_without_a_folder_it_makes_one(run: Run, tmp_path: Path) -> None:
    """As Hydra users type it: every job would have a folder named after its own moment."""
    swept = ("governance=glob(*,exclude=file_*)", "undercurrent.negativity=0,0.5,1", "seed=range(2)")
    assert run(*swept, "parameters=point") == (0, "")
    [out] = (tmp_path / "results" / "run").iterdir()
    designs = [path.stem for path in (configs_dir() / "governance").glob("*.yaml")]
    runs = table(out)
    assert sorted(set(runs["design"])) == sorted(designs)
    assert len(runs) == len(designs) * 3 * 2
    code, told = run("governance=glob(*,exclude=file_*)", "nonsense=3")
    assert code == 2
    assert "nonsense: unknown key of 'bresim run'" in told


BAD: list[tuple[tuple[str, ...], tuple[str, ...]]] = [
    # one of many values, whatever its place; those of each key are reported at once
    (
        ("undercurrent.negativity=0,0.5,2", "seed=1,-1,3.5", "governance=status_quo,regio_deal"),
        ("undercurrent.negativity: 2 is not allowed", "seed: -1 is not allowed", "seed: 3.5 is not allowed"),
    ),
    (("parameters.trust_gain=0.03,abc",), ("parameters.trust_gain: 'abc' is not a number",)),
    (("governance.payoff.binding=0.1,7,0.2",), ("payoff.binding: 7 is not allowed",)),
    (("measures.monitoring=0,true",), ("measures.monitoring: true is not allowed",)),
    (("time.end=2033-Q4,2020-Q1",), ("time.policy_start=2024-Q1 must lie within the horizon",)),
    (("governance=status_quo,regio_dael", "seed=1,2"), ("unknown design 'regio_dael'; did you mean 'regio_deal'?",)),
    (("sed=1,2",), ("sed: unknown key of 'bresim run'; did you mean 'seed'?",)),
    (
        ("region=zuid_limburg,teaching", "region.themes.cross_border.weight=1,2"),
        ("region.themes.cross_border.weight: unknown key",),
    ),
    (("seed=3,3",), ("two of them are the same",)),
    (("seed=interval(0,3)",), ("seed: 'interval(0,3)' does not say which values",)),
    # what only the basic launcher can do is refused by name
    (("lang=nl,en",), ("lang: is a key that", "hydra/launcher=basic")),
    (("governance.name=a,b",), ("governance.name: is a key that", "hydra/launcher=basic")),
    (("parameters.work=null,1.5",), ("parameters.work: 'null'", "hydra/launcher=basic")),
    (("governance.scope.themes=[economy],[econmy]",), ("unknown theme 'econmy'",)),
    (("governance.scope.themes=[economy],[economy]",), ("two of them are the same",)),
    (("governance.payoff.binding=[0.1],0.2",), ("governance.payoff.binding: '[0.1]'", "hydra/launcher=basic")),
    (("governance.scope={a:1},{a:2}",), ("governance.scope: '{a:1}'", "hydra/launcher=basic")),
    (("governance=glob(zzz*)",), ("governance: 'glob(zzz*)' holds no value",)),
    (("seed=range(0)",), ("seed: 'range(0)' holds no value",)),
    (("measures.thinning=0,1", "measures={thinning: 0.5}"), ("measures.thinning: varies, and measures sets the same",)),
    (("governance.payoff={binding:0.3}", "governance.payoff.binding=0.1,0.2"), ("varies, and governance.payoff sets",)),
    (("seed=1,2", "replicate=${seed}"), ("replicate: is computed from other keys (${seed})", "hydra/launcher=basic")),
    (("seed=1,2", "hydra/sweeper=basic"), ("'basic' does not list its jobs at once", "hydra/sweeper=ensemble")),
    (("seed=1,2", "hydra.launcher.record=some"), ("hydra.launcher.record: 'some' is not allowed",)),
    (("hydra/launcher=basic,ensemble",), ("hydra/launcher: is Hydra's own and cannot vary",)),
]


@pytest.mark.parametrize(("swept", "fragments"), BAD, ids=lambda given: given[0])
def test_bad_input_is_reported_before_anything_runs(
    run: Run, tmp_path: Path, swept: tuple[str, ...], fragments: tuple[str, ...]
) -> None:
    code, told = run(*swept, "out=here")
    assert code == 2
    assert "Traceback" not in told
    assert all(fragment in told for fragment in fragments), told
    assert not (tmp_path / "here").exists()


def test_it_is_for_run_only(run: Run, tmp_path: Path) -> None:
    code, told = run("seed=1,2", "hydra/launcher=ensemble", "out=here", command="compare")
    assert code == 2
    assert "'ensemble' runs the jobs of 'bresim run', not of 'bresim compare'" in told
    assert not (tmp_path / "here").exists()


def test_a_name_means_one_thing_in_a_dataset(run: Run, tmp_path: Path) -> None:
    for folder, binding in (("one", 0.2), ("two", 0.3)):
        (tmp_path / folder).mkdir()
        content = f"name: mine\nlabel_nl: a\nlabel_en: b\npayoff: {{binding: {binding}}}\n"
        (tmp_path / folder / "own.yaml").write_text(content)
    code, told = run("governance=one/own.yaml,two/own.yaml", "out=here")
    assert code == 2
    assert "governance: 'mine' is not the same in every job; give each a name of its own" in told


@pytest.mark.slow
def test_a_killed_multirun_goes_on(run: Run, tmp_path: Path) -> None:
    swept = ("governance=status_quo,regio_deal", "seed=range(300)", "region=teaching", "hydra.launcher.chunk=64")
    command = [sys.executable, "-m", "bresim", "run", "-m", *QUIET, *swept, "workers=1", "out=killed"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL)
    parts = tmp_path / "killed" / "runs.parquet"
    deadline = time.monotonic() + 240
    while not list(parts.glob("part-*")) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    there = {path.name: path.stat().st_mtime_ns for path in parts.glob("part-*")}
    assert 0 < len(there) < 10
    assert run(*swept, "out=killed")[0] == 0
    now = {path.name: path.stat().st_mtime_ns for path in parts.glob("part-*")}
    assert len(now) == 10
    assert there.items() <= now.items()
    manifest: dict[str, Any] = json.loads((tmp_path / "killed" / "manifest.json").read_text())
    assert manifest["resumed_chunks"] == len(there)
    assert run(*swept, "out=whole")[0] == 0
    pd.testing.assert_frame_equal(table(tmp_path / "killed"), table(tmp_path / "whole"), check_exact=True)
    code, told = run(*swept[:1], "seed=range(301)", *swept[2:], "out=killed")
    assert code == 2
    assert "holds another sweep" in told
