"""``bresim report`` as a process: pages from finished jobs, and one clear message about what cannot be compared."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from command import Done, bresim
from planted_jobs import job, strong, written

from bresim.common.errors import InputError
from bresim.common.paths import configs_dir
from bresim.common.text import language
from bresim.config import load
from bresim.region import load_region
from bresim.region.read import read_region_file
from bresim.results.finished import read_jobs
from bresim.results.manifest import region_hash

ROOT = Path(__file__).resolve().parents[2]

CALM = {"status_quo": 0.0, "regiobureau": 0.03, "joint_arrangement": 0.06}
STORM = {"status_quo": 0.0, "regiobureau": 0.05, "joint_arrangement": 0.02}


def report(*arguments: str, cwd: Path) -> Done:
    return bresim("report", *arguments, cwd=cwd)


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders of jobs: two that can be compared, and one for each reason why not."""
    top = tmp_path_factory.mktemp("jobs")
    calm = job(CALM)
    config = calm.config
    jobs = {
        "calm": calm,
        "storm": job(STORM, **strong()),
        "short": job(CALM, time=config.time.model_copy(update={"end": "2030-Q4"})),
        "elsewhere": job(CALM, region=load("compare", overrides=["region=teaching"]).region),
        "voted": job(CALM, foundings=("vote",)),
        "at_once": job(CALM, foundings=("at_once",)),
        "bureau": job({"regiobureau": 0.03}),
        "deal": job({"regio_deal": 0.03}),
        "old": calm,
        "older": calm,
        "cut": calm,
        "broken": calm,
        "gone": calm,
    }
    for name, result in jobs.items():
        written(result, top / name)
    written(replace(calm, config=load("run")), top / "run")
    themes = {f"public_value_{theme.name}": 0.2 for theme in load_region(config.region).themes}
    written(
        replace(calm, runs=calm.runs.assign(**themes)), top / "unfinished", finished=False
    )  # its figures failed; its tables are complete
    _change(top / "old", bresim="0.1.0")
    _change(top / "older", config={"command": "compare"})
    (top / "empty").mkdir()
    (top / "cut" / "runs.parquet").write_bytes((top / "cut" / "runs.parquet").read_bytes()[:100])
    size = (top / "broken" / "runs.parquet").stat().st_size
    (top / "broken" / "runs.parquet").write_bytes(b"x" * size)
    (top / "gone" / "summary.csv").unlink()
    return top


def _change(folder: Path, **changes: object) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **changes}), encoding="utf-8")


NL, EN = "lang=nl", "lang=en"
REFUSED = [
    (["calm", "calm/", NL], "calm: dit is twee keer dezelfde map"),
    (["calm", "empty", NL], "empty: hierin staat geen afgeronde vergelijking"),
    (["calm", "nowhere", EN], "nowhere: no finished job of bresim is in it"),
    (["calm", "run", NL], "run: dit is van 'bresim run'"),
    (["run", EN], "run: this is of 'bresim run', and a report is made of 'bresim compare'"),
    (["calm", "elsewhere", NL], "deze gaan over verschillende regio’s: Zuid-Limburg, De Vijfhoek"),
    (["calm", "short", EN], "these end at different moments, and value grows with time: 4th quarter 2033, 4th quarter"),
    (["voted", "at_once", NL], "maak een van beide opnieuw met founding=both"),
    (["bureau", "deal", EN], "bureau, deal: these jobs have no design in common"),
    (["calm", "old", NL], "verschillende versies van het model, waarvan de getallen niet te vergelijken zijn: 0."),
    (["calm", "older", EN], "older: its configuration is of another version of bresim"),
    (["calm", "cut", "gone", NL], "cut, gone: tabellen van deze vergelijking zijn weg of veranderd"),
    (["calm", "broken", EN], "broken: its tables cannot be read ("),
    (["calm", "storm", "out=calm", NL], "out: in 'calm' staat een vergelijking waarvan de pagina wordt gemaakt"),
    (["calm", "storm", "out=calm/inside", EN], "out: 'calm/inside' holds a job that the page is made of"),
    (["calm", "out=run", "overwrite=true", EN], "out: 'run' holds the results of 'bresim run'; give another folder"),
    (["calm", "lagn=en"], "lagn=en: is geen sleutel van 'bresim report'; bedoelt u 'lang'?"),
    (["calm", "lang=de"], "lang: 'de' kan niet; toegestaan: nl, en"),
    ([EN], "DIR: no folder is given"),
]


@pytest.mark.parametrize(("arguments", "message"), REFUSED, ids=[" ".join(arguments) for arguments, _ in REFUSED])
def test_what_cannot_be_shown_is_refused_in_one_message(made: Path, arguments: list[str], message: str) -> None:
    before = files(made)
    done = report(*arguments, cwd=made)
    assert done.returncode == 2, done.stderr
    assert message in done.stderr
    assert done.stderr.startswith("bresim report: ")
    assert done.stderr.count("\n") == 1, "one message"
    assert done.stdout == ""
    assert files(made) == before


def test_jobs_beside_each_other(made: Path, tmp_path: Path) -> None:
    folders = [str(made / name) for name in ("calm", "storm")]
    done = report(*folders, "out=page", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "Rapport: page/report.html\n"), done.stderr
    assert files(tmp_path / "page") == {
        "report.html", "manifest.json", "figures/beside_at_once.svg", "figures/beside_at_once.png",
        "figures/beside_vote.svg", "figures/beside_vote.png",
    }  # fmt: skip
    page = (tmp_path / "page" / "report.html").read_text("utf-8")
    assert "Onderstroom sterk" in page
    manifest = json.loads((tmp_path / "page" / "manifest.json").read_text("utf-8"))
    assert (manifest["command"], manifest["config"]) == ("report", {"lang": "nl", "jobs": folders})
    assert len(manifest["jobs"]) == 2
    again = report(*folders, "out=page", cwd=tmp_path)
    assert again.returncode == 2
    (tmp_path / "page" / "mine.txt").write_text("mine")
    again = report(*folders, "out=page", "overwrite=true", "lang=en", cwd=tmp_path)
    assert (again.returncode, again.stdout) == (0, "Report: page/report.html\n"), again.stderr
    assert (tmp_path / "page" / "mine.txt").read_text() == "mine"


def test_without_out_the_folder_says_what_the_jobs_were_about(made: Path, tmp_path: Path) -> None:
    done = report(*(str(made / name) for name in ("calm", "storm")), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (folder,) = (tmp_path / "results" / "report").iterdir()
    assert folder.name.endswith("_history_report_strong")


def test_the_report_of_one_job_is_made_again(made: Path, tmp_path: Path) -> None:
    """From the tables that are there; what needs others is left out. The tables of an unfinished job are enough."""
    done = report(str(made / "unfinished"), "out=again", "lang=en", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "Report: again/report.html\n"), done.stderr
    page = (tmp_path / "again" / "report.html").read_text("utf-8")
    assert "The answer in short" in page
    assert "+6.0" in page
    drawn = {path.stem for path in (tmp_path / "again" / "figures").glob("*.svg")}
    assert "differences" in drawn
    assert not {"trajectories", "municipalities", "trust"} & drawn, "their tables were not kept"
    assert "Worst-off municipality" not in page
    assert not (tmp_path / "again" / "runs.parquet").exists()


def test_help(tmp_path: Path) -> None:
    done = report(cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("bresim report DIR")


def test_the_region_of_a_strangers_job_is_read_only_if_it_is_the_one_that_it_ran_with(tmp_path: Path) -> None:
    """A manifest can name any folder; what is in a file there is neither shown nor told."""
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "secret.csv").write_text("s3cret-canary\nvalue\n")
    content = read_region_file(configs_dir() / "region" / "teaching.yaml")
    sound = {**content, "name": "teaching", "folder": str(mine)}
    for at, region in enumerate((sound, {**sound, "municipalities": "secret.csv"})):
        out = written(job({"status_quo": 0.0}, region=region), tmp_path / str(at))
        with pytest.raises(InputError) as caught:
            read_jobs([out], language("en"))  # the planted region is another one
        assert "the tables of its region are gone or changed" in str(caught.value)
        assert "s3cret" not in str(caught.value)
    right = replace(job({"status_quo": 0.0}, region=sound), region=load_region(sound))
    [read] = read_jobs([written(right, tmp_path / "right")], language("en"))
    assert read.region is not None
    assert region_hash(read.region) == region_hash(load_region(sound))
