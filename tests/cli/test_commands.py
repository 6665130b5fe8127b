"""What commands do with good and bad input, in this process and with stand-ins for model, figures and report."""

from __future__ import annotations

import importlib.util
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pandas as pd
import pytest
from hydra.core.hydra_config import HydraConfig

import bresim as package
from bresim.cli import application, commands, main, terminal

DESIGNS = "designs=[status_quo,regio_deal]"


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


class Run(Protocol):
    def __call__(self, *arguments: str, fake: str = "ok") -> Done: ...


@pytest.fixture
def bresim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run the command in a folder of its own; ``fake`` as in ``fake_bresim.py``."""
    spec = importlib.util.spec_from_file_location("fake_bresim", Path(__file__).with_name("fake_bresim.py"))
    assert spec is not None
    assert spec.loader is not None
    stand_ins = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(stand_ins)
    for name, module in stand_ins.modules().items():
        monkeypatch.setitem(sys.modules, name, module)
        monkeypatch.setattr(package, name.rpartition(".")[2], module, raising=False)
    monkeypatch.setattr(commands, "write_tables", stand_ins.write_tables)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HYDRA_FULL_ERROR", "0")

    def run(*arguments: str, fake: str = "ok") -> Done:
        monkeypatch.setenv("FAKE", fake)
        code = main(arguments)
        return Done(code, *capfd.readouterr())

    return run


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (["designs=[a,", "b,", "c]", "seed=1"], ["designs=[a, b, c]", "seed=1"]),
        (["designs=[a,b]", "-m"], ["designs=[a,b]", "-m"]),
        (["designs=[a", "seed=1"], ["designs=[a", "seed=1"]),  # never closed: refused as it stands
        (["[a", "b]"], ["[a", "b]"]),
    ],
)
def test_a_list_that_the_shell_cut_at_its_spaces_is_one_argument(given: list[str], found: list[str]) -> None:
    assert application.joined(given) == found


def test_the_default_folder_and_dutch(bresim: Run, tmp_path: Path) -> None:
    done = bresim("compare", DESIGNS, "replicates=4", "record=runs", "figures=false", "report=false")
    assert done.returncode == 0, done.stderr
    (out,) = (tmp_path / "results" / "compare").iterdir()
    assert files(out) == {"runs.parquet", "summary.csv", "manifest.json"}
    assert "Regio Deal-organisatie" in done.stdout
    assert "21,2" in done.stdout


def test_run_and_patterns(bresim: Run, tmp_path: Path) -> None:
    for command, more in (("run", "governance=regio_deal"), ("patterns", "replicates=3")):
        done = bresim(command, more, f"out={command}", "lang=en")
        assert done.returncode == 0, done.stderr
        assert f"Results: {command}\n" in done.stdout
        assert {"runs.parquet", "manifest.json"} <= files(tmp_path / command)
        if command == "patterns":
            assert "…" not in done.stdout, "no word is cut off"
        if command == "run":
            assert "2024-Q1" in done.stdout, "the quarter of founding is a date, not a number"


@pytest.mark.parametrize(
    ("fake", "fragments", "left"),
    [
        ("crash", ("ZeroDivisionError: a mistake of ours", "BRESIM_DEBUG=1"), set()),
        ("memory", ("not enough memory", "record=runs"), set()),
        ("full", ("disk is full", "out=DIR"), set()),
        (
            "figures",
            ("a mistake in a figure", "tables are complete in out"),
            {"runs.parquet", "summary.csv", "manifest.json"},
        ),
        ("report_full", ("disk is full", "tables are complete"), {"runs.parquet", "summary.csv", "manifest.json"}),
    ],
)
def test_what_goes_wrong_later(
    bresim: Run, tmp_path: Path, fake: str, fragments: tuple[str, ...], left: set[str]
) -> None:
    """Exit code 1, one message, nothing half-written; complete tables are kept."""
    done = bresim("compare", DESIGNS, "replicates=2", "record=runs", "out=out", fake=fake)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert all(fragment in done.stderr for fragment in fragments), done.stderr
    assert files(tmp_path) == {f"out/{name}" for name in left}
    if left:
        assert json.loads((tmp_path / "out" / "manifest.json").read_text())["finished"] is None


def test_multirun_gives_each_job_a_folder(bresim: Run, tmp_path: Path) -> None:
    done = bresim("compare", "-m", DESIGNS, "replicates=2,0,3", "out=sweep")
    assert done.returncode == 2  # one of the three is bad input; the others are done
    assert done.stderr.count("replicates: 0 is not allowed") == 1
    assert {path.name for path in (tmp_path / "sweep").iterdir()} == {"0", "2", "multirun.yaml"}
    assert [len(pd.read_parquet(tmp_path / "sweep" / job / "runs.parquet")) for job in "02"] == [4, 6]
    again = bresim("compare", "-m", DESIGNS, "replicates=2,3", "out=sweep")
    assert again.returncode == 2
    assert "not empty" in again.stderr
    wrong = bresim("compare", "-m", "undercurrent=mild,stong", "sed=1,2", "out=other")
    assert wrong.returncode == 2
    assert "'strong'" in wrong.stderr
    assert "'seed'" in wrong.stderr
    assert not (tmp_path / "other").exists()


def test_a_bad_file_anywhere_in_a_sweep_stops_it_before_the_first_job(bresim: Run, tmp_path: Path) -> None:
    for group, shipped in (("region", "teaching"), ("scenario", "history")):
        (tmp_path / f"{group}.yaml").write_text("label_nl: a\nlabel_en: b\nfoo: 1\n")
        done = bresim("compare", "-m", f"{group}={shipped},{group}.yaml", DESIGNS, "replicates=2", "out=sweep")
        assert done.returncode == 2
        assert f"{group}.yaml: foo: unknown key" in done.stderr
        assert "JOB" not in done.stdout


def test_a_design_of_ones_own(bresim: Run, tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "cfg" / "governance"):
        folder.mkdir(parents=True, exist_ok=True)
    design = "label_nl: Mijn\nlabel_en: My {}\n"
    (tmp_path / "by_path.yaml").write_text(design.format("path"))
    (tmp_path / "cfg" / "governance" / "in_folder.yaml").write_text(design.format("folder"))
    done = bresim(
        "compare", "designs=[status_quo,by_path.yaml,in_folder]", "--config-dir", "cfg", "replicates=2", "out=out",
        "lang=en",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "My path" in done.stdout
    assert "My folder" in done.stdout
    done = bresim("run", "-m", "governance=by_path.yaml,status_quo", "out=runs")
    assert done.returncode == 0, done.stderr
    names = pd.read_parquet(tmp_path / "runs" / "runs.parquet")["design"].tolist()
    assert names == ["by_path", "status_quo"]


def test_a_folder_in_hydras_search_path(bresim: Run, tmp_path: Path) -> None:
    (tmp_path / "cfg" / "governance").mkdir(parents=True)
    (tmp_path / "cfg" / "governance" / "mine.yaml").write_text("label_nl: Mijn\nlabel_en: My own\n")
    searchpath = f"hydra.searchpath=[file://{tmp_path / 'cfg'}]"
    done = bresim("compare", searchpath, "designs=[status_quo,mine]", "replicates=2", "lang=en", "out=out")
    assert done.returncode == 0, done.stderr
    assert "My own" in done.stdout


def test_a_file_of_the_users_cannot_ask_hydra_for_several_jobs(bresim: Run, tmp_path: Path) -> None:
    (tmp_path / "cfg" / "experiment").mkdir(parents=True)
    text = "# @package _global_\nhydra: {mode: MULTIRUN, sweeper: {params: {seed: '1,2'}}}\n"
    (tmp_path / "cfg" / "experiment" / "seeds.yaml").write_text(text)
    for several in ([], ["--multirun"]):
        done = bresim("compare", *several, "--config-dir", "cfg", "+experiment=seeds", DESIGNS, "lang=en", "out=runs")
        assert done.returncode == 2
        assert "seeds.yaml: hydra: does not belong in a file" in done.stderr
        assert not (tmp_path / "runs").exists()


def test_hydras_own_keys_can_be_referred_to_and_do_not_outlive_the_job(bresim: Run, tmp_path: Path) -> None:
    before = HydraConfig.instance().cfg
    done = bresim("compare", DESIGNS, "replicates=2", "out=${hydra:runtime.output_dir}/${hydra:job.name}_out")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "compare_out" / "manifest.json").is_file()
    assert HydraConfig.instance().cfg is before


def test_flags_that_are_not_known_and_a_folder_that_is_not_there(bresim: Run) -> None:
    assert bresim("compare", "--nonsense").returncode == 2
    for flag in ("--config-name", "--config-path", "--experimental-rerun"):
        done = bresim("compare", flag, "run")
        assert done.returncode == 2
        assert f"{flag}: is not supported" in done.stderr
    done = bresim("compare", "seed=-1", "--config-dir", "nowhere", DESIGNS)
    assert done.returncode == 2
    assert "'nowhere' is not a folder" in done.stderr


def test_where_it_went_wrong_shows_when_asked_for(bresim: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRESIM_DEBUG", "1")
    assert "Traceback" in bresim("compare", "--config-dir", "nowhere").stderr


def test_the_same_job_is_not_done_again(bresim: Run, tmp_path: Path) -> None:
    """In the same folder: the same job is shown again; another job is refused, with what differs."""
    job = ("compare", DESIGNS, "replicates=2", "report=false", "region=teaching", "lang=en", "out=out")
    first = bresim(*job)
    assert first.returncode == 0, first.stderr
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")}
    again = bresim(*job, "workers=1", "progress=off", fake="crash")
    assert again.returncode == 0, again.stderr
    assert again.stdout == "".join(line for line in first.stdout.splitlines(keepends=True) if "JOB" not in line)
    assert "'out' holds the results of this same job; nothing is run again" in again.stderr
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")} == before
    other = bresim(*job, "seed=2", "undercurrent.negativity=0.9", "designs=[status_quo]")
    assert other.returncode == 2
    for fragment in ("seed is 1 there and 2 here", "undercurrent.negativity is", "designs is", "overwrite=true"):
        assert fragment in other.stderr
    (tmp_path / "out" / "runs.parquet").unlink()
    broken = bresim(*job)
    assert broken.returncode == 2
    assert "runs.parquet is gone or changed" in broken.stderr
    assert bresim(*job, "overwrite=true").returncode == 0


def test_a_job_whose_figures_failed_is_done_again(bresim: Run) -> None:
    job = ("compare", DESIGNS, "replicates=2", "region=teaching", "out=out")
    assert bresim(*job, fake="figures").returncode == 1
    again = bresim(*job)
    assert again.returncode == 0
    assert "without all its figures; running it again" in again.stderr
    assert "holds the results of this same job" in bresim(*job).stderr


def test_many_problems_of_one_kind_are_counted(bresim: Run, tmp_path: Path) -> None:
    rows = "\n".join(f"town {number},x" for number in range(30))
    (tmp_path / "towns.csv").write_text(f"name,subregion,population\n{rows}\n")
    done = bresim("region", "region=teaching", "region.municipalities=towns.csv", "seed=-1", "out=out")
    assert done.returncode == 2
    assert "31 problems" in done.stderr
    assert "… and 22 more like these" in done.stderr
    assert "seed: -1" in done.stderr
    assert len(done.stderr.splitlines()) == 11


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_closing_table_cuts_no_word_on_a_narrow_terminal(
    lang: str, bresim: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal, "PLAIN_WIDTH", 80)
    done = bresim("compare", "designs=all", f"lang={lang}", "replicates=4", "figures=false", "report=false")
    assert done.returncode == 0, done.stderr
    assert "…" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    rows = [line.split("│")[1].strip() for line in done.stdout.splitlines() if line.startswith("│")]
    label = "Gemeenschappelijkeregeling" if lang == "nl" else "Provincialsteeringwithoutmandate"
    assert label in "".join(rows).replace(" ", "")
