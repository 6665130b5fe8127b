from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import synthetic_result
from PIL import Image

from bresim.columns import RUN_OUTCOMES, STATE_OUTCOMES
from bresim.common.text import language
from bresim.plots import differences, draw_all, themes
from bresim.plots.style import styled
from bresim.plots.view import Figure, View
from bresim.results import Result
from bresim.results.result import SERIES_SHOWN, as_shown

EXPECTED = [
    "differences",
    "trajectories",
    "regional",
    "themes",
    "municipalities",
    "trust",
    "undercurrent",
    "robustness",
    "network_start",
    "network_end_status_quo",
    "network_end_regio_deal_continued",
]
#: What must stand in a picture, in Dutch and in English.
WORDS = {
    "differences": ("gemiddeld beter", "better on average"),
    "trajectories": ("gemeenteraadsverkiezingen", "municipal elections"),
    "regional": ("indirecte waarde, regionale schaal", "indirect value, regional scale"),
    "themes": ("veiligheid", "safety"),
    "municipalities": ("Trekkende gemeente per", "Lead municipality"),
    "trust": ("oud zeer", "grievance"),
    "undercurrent": ("sterkte van de onderstroom", "strength of the undercurrent"),
    "robustness": ("slechtste geval", "worst case"),
    "network_start": ("Vertrouwen aan het begin", "Trust at the start"),
}


@pytest.fixture(scope="module", params=["nl", "en"])
def drawn(
    request: pytest.FixtureRequest, made: Result, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, list, Path]:
    out = tmp_path_factory.mktemp(request.param)
    return request.param, draw_all(made, out, request.param), out


def test_every_figure_is_whole(drawn: tuple[str, list, Path]) -> None:
    _lang, figures, out = drawn
    assert [figure.name for figure in figures] == EXPECTED
    for figure in figures:
        assert figure.svg.read_text("utf-8").rstrip().endswith("</svg>")
        with Image.open(figure.png) as image:
            image.load()
            assert image.size == (2560, 1440)
            assert len(set(image.convert("L").resize((64, 64)).tobytes())) > 5  # not a blank sheet
        assert figure.title
        assert figure.caption.endswith(".")
        assert figure.sentence.endswith(".")
        assert "nan" not in figure.sentence.lower().split()
        assert "{" not in figure.sentence
    assert len(list(out.iterdir())) == 2 * len(figures), "nothing half-written is left"


def told(svg: Path) -> str:
    """Title and all words of a picture; those that stand on several lines are joined."""
    return " ".join(re.sub(r"<[^>]*>", " ", svg.read_text("utf-8")).split())


def test_pictures_speak_the_language(drawn: tuple[str, list, Path]) -> None:
    lang, figures, _out = drawn
    for figure in figures:
        for words, shown in zip(WORDS.get(figure.name, ()), (lang == "nl", lang == "en"), strict=False):
            assert (words in told(figure.svg)) is shown, (figure.name, words)


def test_elections_and_policy_start_stand_on_the_axis(drawn: tuple[str, list, Path]) -> None:
    """Three municipal and two provincial elections and the start in each of ten panels."""
    _lang, figures, _out = drawn
    text = next(f for f in figures if f.name == "trajectories").svg.read_text("utf-8")
    assert all(year in text for year in ("2020", "2025", "2030"))
    vertical = re.findall(r'<path d="M ([\d.]+) [\d.]+ \nL \1 [\d.]+ \n" clip-path', text)
    assert len(vertical) == 10 * 6


def test_same_result_same_bytes(drawn: tuple[str, list, Path], made: Result, tmp_path: Path) -> None:
    lang, _figures, out = drawn
    if lang == "en":
        draw_all(made, tmp_path, lang)
        for path in sorted(tmp_path.iterdir()):
            assert path.read_bytes() == (out / path.name).read_bytes(), path.name


def test_what_a_command_lets_go_is_in_no_figure(drawn: tuple[str, list, Path], made: Result, tmp_path: Path) -> None:
    lang, figures, out = drawn
    told_all = replace(
        made, series=made.series.assign(**{one.name: 0.5 for one in STATE_OUTCOMES if one.name not in made.series})
    )
    shown = as_shown(told_all)
    assert {*told_all.series.columns} - {*shown.series.columns} == {one.name for one in STATE_OUTCOMES} - {
        *SERIES_SHOWN
    }
    if lang == "en":
        assert len(draw_all(shown, tmp_path, lang)) == len(figures)
        for path in sorted(tmp_path.iterdir()):
            assert path.read_bytes() == (out / path.name).read_bytes(), path.name


def draw_themes(result: Result, out: Path, lang: str) -> Figure:
    with styled():
        return themes.draw(View(result, language(lang)), out)


def test_only_the_status_quo(tmp_path: Path) -> None:
    figures = draw_all(synthetic_result.result(designs=("status_quo",), replicates=5), tmp_path, "nl")
    names = {figure.name for figure in figures}
    assert {"trajectories", "themes", "municipalities", "trust", "regional", "undercurrent", "network_start"} <= names
    assert not {"differences", "robustness"} & names


def test_without_the_status_quo(tmp_path: Path) -> None:
    figures = draw_all(synthetic_result.result(designs=("regiobureau", "regio_deal"), replicates=5), tmp_path, "en")
    assert "differences" not in {figure.name for figure in figures}
    assert all("status quo" not in figure.sentence for figure in figures)


def test_one_replicate_claims_nothing(tmp_path: Path) -> None:
    with styled():
        figure = differences.draw(View(synthetic_result.result(replicates=1), language("en")), tmp_path)
    assert "not to be told apart: ten" in figure.sentence


def test_tables_that_were_not_recorded_are_left_out(made: Result, tmp_path: Path) -> None:
    nothing = pd.DataFrame()
    bare = replace(made, series=nothing, municipalities=nothing, dyads=nothing, undercurrent_runs=nothing)
    names = [figure.name for figure in draw_all(bare, tmp_path, "nl")]
    assert names == ["differences", "regional", "themes", "robustness"]


def test_missing_values_are_not_drawn_as_numbers(made: Result, tmp_path: Path) -> None:
    runs = made.runs.copy()
    runs.loc[runs["design"] == "regiobureau", "public_value_health"] = np.nan
    summary = made.summary.copy()
    row = (summary["design"] == "regiobureau") & (summary["outcome"] == "public_value_health")
    summary.loc[row, ["mean", "difference", "difference_low", "difference_high"]] = np.nan
    figure = draw_themes(replace(made, runs=runs, summary=summary), tmp_path, "en")
    assert ">nan" not in figure.svg.read_text("utf-8").lower()


def test_other_regions_have_no_trendbreuk(made: Result, tmp_path: Path) -> None:
    assert made.region is not None
    figure = draw_themes(replace(made, region=replace(made.region, name="teaching")), tmp_path, "nl")
    assert "Trendbreuk" not in figure.svg.read_text("utf-8") + figure.sentence


def test_every_fixed_outcome_exists() -> None:
    """Every outcome column that a figure or the report names is one of columns (themes are built by name)."""
    known = {outcome.name for outcome in (*STATE_OUTCOMES, *RUN_OUTCOMES)}
    source = Path(__file__).parents[2] / "src" / "bresim"
    pattern = re.compile(r'"((?:public_value|trust|grievance|support|slack|load|partner_trust)_[a-z_]+)"')
    for folder in ("plots", "report"):
        for path in (source / folder).glob("*.py"):
            assert set(pattern.findall(path.read_text("utf-8"))) <= known, path.name
