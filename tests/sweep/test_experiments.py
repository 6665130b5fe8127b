"""Every named experiment is a sound job with a page, and every page is made by the one command."""

from __future__ import annotations

import io
import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from killed import each_kill
from PIL import Image

from bresim.common.paths import configs_dir
from bresim.config import load
from bresim.conventions import HEADLINE
from bresim.sweep.job import SweepJob
from bresim.sweep.run import run
from experiments.named import EXPERIMENTS, made_of, write
from experiments.named_numbers import interval
from experiments.named_pictures import LOOKS
from experiments.pages import has_own_picture, put
from tests.sweep.small import rows_of

DOCS = Path(__file__).resolve().parents[2] / "docs" / "experiments"
NAMES = sorted(path.stem for path in (configs_dir() / "experiment").glob("*.yaml"))


def test_every_experiment_has_a_page_and_a_small_picture() -> None:
    assert sorted(EXPERIMENTS) == NAMES
    for name in NAMES:
        page = (DOCS / f"{name}.md").read_text(encoding="utf-8")
        assert f"bresim sweep +experiment={name}" in page
        assert f"({name}.png)" in page
        assert 0 < (DOCS / f"{name}.png").stat().st_size < 60_000
        assert f"({name}.md)" in (DOCS / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_every_page_is_of_this_model(name: str) -> None:
    page = (DOCS / f"{name}.md").read_text(encoding="utf-8")
    assert made_of(name) in page, f"made of another model or experiment: run make experiments ARGS={name}"


@pytest.mark.parametrize("path", sorted(DOCS.glob("*.png")), ids=lambda path: path.stem)
def test_every_page_shows_the_picture_that_was_made_with_it(path: Path) -> None:
    page = path.with_suffix(".md")
    assert has_own_picture(page), f"the picture is of another run: make {path.stem} again, as its page says"


def test_what_a_page_is_made_of(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "regio_deal_term"
    before = made_of(name)
    assert made_of(name, ["lang=en", "out=elsewhere", "workers=1"]) == before  # these change no number
    assert made_of(name, ["replicates=2"]) != before
    monkeypatch.setattr("experiments.named._model", lambda: "changed")
    assert made_of(name) != before


def test_lines_differ_in_more_than_colour() -> None:
    assert len({look[1:] for look in LOOKS}) == len(LOOKS)


def test_more_points_with_the_same_random_draws_make_no_mean_more_precise() -> None:
    runs = pd.DataFrame({"parameter_draw": range(20), HEADLINE: np.linspace(0.1, 0.2, 20)})
    once, thrice = interval(runs), interval(pd.concat([runs] * 3))
    assert thrice == pytest.approx(once)
    assert once[0] - once[1] == pytest.approx(2.093 * runs[HEADLINE].std() / np.sqrt(20), rel=1e-3)


@pytest.mark.parametrize("name", NAMES)
def test_every_experiment_is_a_sound_job(name: str) -> None:
    job = SweepJob(load("sweep", overrides=[f"+experiment={name}"]))
    assert job.runs == len(job.points) * len(job.designs) * job.config.replicates


def test_a_page_is_made_of_the_runs(tmp_path: Path) -> None:
    name = "regio_deal_term"
    job = SweepJob(load("sweep", overrides=[f"+experiment={name}", "replicates=2", f"out={tmp_path / 'out'}"]))
    run(job)
    runs = rows_of(tmp_path / "out")
    runs.attrs["swept"] = job.keys
    write(name, EXPERIMENTS[name], runs, tmp_path, ["replicates=2"])
    page = (tmp_path / f"{name}.md").read_text(encoding="utf-8")
    assert f"\n\n{made_of(name, ['replicates=2'])}" in page
    assert has_own_picture(tmp_path / f"{name}.md")
    assert "16 runs: 4 points of `governance.scope.term_quarters` × 2 designs × 2 replicates" in page
    assert (tmp_path / f"{name}.png").stat().st_size < 60_000


def test_a_page_that_is_written_is_killed_before_any_operation(tmp_path: Path) -> None:
    """Each is the earlier or the new one, whole; that they are of two runs is told, and mended by the next run."""
    drawn = {}
    for colour in ("red", "blue"):
        drawn[colour] = io.BytesIO()
        Image.new("RGB", (20, 10), colour).save(drawn[colour], format="png")
    put(tmp_path / "whole", "one", drawn["blue"], "blue")
    pictures = {colour: (tmp_path / "whole" / "one.png").read_bytes() for colour in ("blue",)}
    made = itertools.count()

    def folder() -> Path:
        place = tmp_path / str(next(made))
        put(place, "one", drawn["red"], "red")
        pictures["red"] = (place / "one.png").read_bytes()
        return place

    seen = set()
    for step, place in each_kill(folder, lambda place: put(place, "one", drawn["blue"], "blue")):
        text = (place / "one.md").read_text().partition("<!--")[0]
        [colour] = [name for name, content in pictures.items() if content == (place / "one.png").read_bytes()]
        seen.add((text, colour))
        assert has_own_picture(place / "one.md") == (text == colour), step
        put(place, "one", drawn["blue"], "blue")
        assert {path.name for path in place.iterdir()} == {"one.md", "one.png"}, step
        assert (place / "one.md").read_text().startswith("blue")
        assert has_own_picture(place / "one.md"), step
    assert seen == {("red", "red"), ("red", "blue")} | ({("blue", "blue")} & seen)
