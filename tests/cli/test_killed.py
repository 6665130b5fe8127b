"""Commands that are killed before any of their file operations, with and without results that they overwrite."""

from __future__ import annotations

import hashlib
import itertools
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from killed import each_kill

from bresim.brief.store import Store
from bresim.cli import commands
from bresim.cli.application import KEEPING
from bresim.config import load
from bresim.config.schema import JobConfig
from bresim.region import load_region
from bresim.results import Result, read_result
from bresim.results.contents import Results
from bresim.results.earlier import UNFINISHED, differences
from bresim.results.folder import check_folder
from bresim.results.manifest import read_manifest

TINY = ("region=teaching", "progress=off", "lang=en", "designs=[status_quo]")
COMMANDS = {
    "run": TINY[:3],
    "compare": (*TINY, "replicates=2", "figures=false"),
    "sensitivity": (*TINY, "+vary.parameters.work=prior", "figures=false"),
    "brief": (*TINY, "replicates=2"),
}


def table(value: float) -> pd.DataFrame:
    return pd.DataFrame({"design": ["status_quo"], "founding": ["vote"], "value": [value]})


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand-ins for what computes and draws: the tables hold the seed of the job."""

    def made(config: JobConfig, *_: object) -> Result:
        seed = float(config.seed)
        region = load_region(config.region)
        return Result(config, region, table(seed), table(seed), summary=table(seed), engine="numba")

    class Analysis:
        def __init__(self, config: JobConfig) -> None:
            self.config = config

        def run(self, _progress: object, kept: Path) -> Result:
            (kept / "some").mkdir(parents=True, exist_ok=True)
            for number in range(2):
                table(number).to_parquet(kept / "some" / f"part-{number}.parquet")
            return made(self.config)

    def write(_result: Result, _figures: object, stage: Path, _lang: str) -> None:
        (stage / "report.html").write_text("report", encoding="utf-8")

    def brief(config: JobConfig, _region: object, _progress: object, kept: Path) -> SimpleNamespace:
        store = Store(kept)
        for names in (("runs", "summary"), ("votes",)):  # parts of several tables, and of one
            store.part(names, lambda names=names: tuple(table(float(config.seed)) for _ in names))
        result = made(config)
        return SimpleNamespace(runs=result.runs, summary=result.summary, explained=None, kept_parts=store.kept)

    def write_brief(made: SimpleNamespace, _manifest: object, stage: Path, _today: object) -> Path:
        for name in ("brief.html", "tables.xlsx", "tables/votes.csv", "figures/votes.svg"):
            (stage / name).parent.mkdir(exist_ok=True)
            (stage / name).write_text(str(made.runs["value"][0]), encoding="utf-8")
        return stage / "brief.html"

    for place in ("manifest", "earlier"):  # asks for it many times
        monkeypatch.setattr(f"bresim.results.{place}.git_state", lambda: None)
    monkeypatch.setattr("bresim.judged.not_judged", lambda _: ())  # computes too
    monkeypatch.setattr("bresim.jobs.run", made)
    monkeypatch.setattr("bresim.jobs.compare", made)
    monkeypatch.setattr("bresim.report.write", write)
    monkeypatch.setattr("bresim.sensitivity.run.Analysis", Analysis)
    monkeypatch.setattr("bresim.cli.sensitivity._findings", lambda _: ["found"])
    monkeypatch.setattr("bresim.brief.job.brief", brief)
    monkeypatch.setattr("bresim.report.brief.page.write", write_brief)


def again(config: JobConfig) -> None:
    """The same command once more, as ``cli.application`` decides: done, run again, or run."""
    different = differences(config)
    if different == [] and not config.overwrite:
        return
    if different == [UNFINISHED]:
        config = config.model_copy(update={"overwrite": True})
    assert check_folder(config.out, config.overwrite, keeps=config.command in KEEPING) == []
    commands.execute(config)


def content(out: Path) -> dict[str, str]:
    """Every file but the manifest, which holds times, and the empty one of the lock, if its last holder was killed."""
    paths = [path for path in out.rglob("*") if path.is_file() and path.name not in {"manifest.json", ".lock"}]
    return {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("overwrites", [False, True])
def test_killed_before_any_operation(tmp_path: Path, command: str, overwrites: bool) -> None:
    old, new = (load(command, [*COMMANDS[command], f"seed={seed}"]) for seed in (1, 2))
    commands.execute(new.model_copy(update={"out": tmp_path / "peace"}))
    whole = content(tmp_path / "peace")
    made = itertools.count()

    def folder() -> Path:
        out = tmp_path / str(next(made))
        if overwrites:
            commands.execute(old.model_copy(update={"out": out}))
        return out

    def config(out: Path) -> JobConfig:
        return new.model_copy(update={"out": out, "overwrite": overwrites})

    seeds = set()
    for step, out in each_kill(folder, lambda out: commands.execute(config(out))):
        if out.is_dir() and (read_manifest(out) or (out / ".publishing").exists()):
            seeds.add(read_result(out).runs["value"][0])
            assert Results(out).check() == [], step
            for path in (*out.glob("brief.html"), *out.glob("tables/*"), *out.glob("figures/*.svg")):
                assert float(path.read_text()) == read_result(out).runs["value"][0], step
            for told in (read_result(out).series, read_result(out).summary):
                assert {*told.get("value", [])} <= {read_result(out).runs["value"][0]}, step
        again(config(out))
        assert content(out) == whole, step
    assert seeds == ({1.0, 2.0} if overwrites else {2.0})
