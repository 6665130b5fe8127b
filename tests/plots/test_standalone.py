"""What a figure says by itself and of the job it is drawn from: ticks, marks, captions, metadata."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import synthetic_result
from matplotlib.figure import Figure as Canvas
from PIL import Image

import bresim
from bresim.common.text import Language, language
from bresim.plots import (
    heatmap,
    municipalities,
    regional,
    robustness,
    themes,
    ticks,
    trajectories,
    trust,
    trust_network,
    undercurrent,
)
from bresim.plots.calendar import marks
from bresim.plots.style import HEADING, SLIDE, SOURCE, canvas, save, styled
from bresim.plots.view import View
from bresim.results import Result
from bresim.scenario import Event

NL, EN = language("nl"), language("en")


@pytest.mark.parametrize(
    ("formatter", "values", "labels"),
    [
        (ticks.percent(NL), [0.0, 0.025, 0.05], ["0,0%", "2,5%", "5,0%"]),
        (ticks.percent(EN), [0.0, 0.1, 0.2], ["0%", "10%", "20%"]),
        (ticks.percent(NL), [0.0, 0.0025, 0.005], ["0,00%", "0,25%", "0,50%"]),
        (ticks.percent(NL), [0.1 * 3, 0.1 * 6], ["30%", "60%"]),
        (ticks.number(NL), [0.0, 0.25, 0.5], ["0,00", "0,25", "0,50"]),
        (ticks.signed(EN), [-2.5, 0.0, 2.5], ["−2.5", "0.0", "+2.5"]),
        (ticks.signed(NL), [-1.0, 0.0, 1.0], ["−1", "0", "+1"]),
    ],
)
def test_ticks_are_never_rounded_to_another_value(
    formatter: ticks.Ticks, values: list[float], labels: list[str]
) -> None:
    assert formatter.format_ticks(values) == labels


def test_marks_are_the_dated_events_of_the_region(made: Result) -> None:
    found = View(made, EN).marks
    assert found.shocks == (2021.625,), "the shock of a theme that the region lacks has no mark"
    assert found.windows == (2021.875,)
    assert len(found.municipal) == 3
    assert found.between("municipal", 2023.0, 2027.0) == [found.municipal[1]]
    assert marks([Event(kind="window", quarter="2024-Q1", theme="all", size=0.0)]).windows == ()


def test_money_that_does_not_come_has_no_mark(made: Result) -> None:
    later = {"kind": "window", "quarter": "2025-Q1", "theme": "all", "size": 0.5}
    scenario = {**synthetic_result.SCENARIO, "events": [*synthetic_result.SCENARIO["events"], later]}
    dry = {**scenario, "from_policy_start": {"windows": 0.0}}
    views = [View(replace(made, config=made.config.model_copy(update={"scenario": s})), EN) for s in (scenario, dry)]
    assert [len(view.marks.windows) for view in views] == [2, 1]


def test_the_legend_names_only_the_marks_that_are_drawn(made: Result, tmp_path: Path) -> None:
    with styled():
        drawn = trajectories.draw(View(made, NL), tmp_path)
        quiet = {**synthetic_result.SCENARIO, "events": []}
        other = replace(made, config=made.config.model_copy(update={"scenario": quiet}))
        plain = trajectories.draw(View(other, NL), tmp_path / "plain")
    assert drawn is not None
    assert plain is not None
    for word in ("schok", "rijksgeld", "gemeenteraadsverkiezingen"):
        assert word in drawn.svg.read_text("utf-8").split("</metadata>")[1]
        assert word not in plain.svg.read_text("utf-8")


def test_the_png_stands_alone(made: Result, tmp_path: Path) -> None:
    with styled():
        figure = regional.draw(View(made, NL), tmp_path)
    with Image.open(figure.png) as image:
        image.load()
        assert image.info["Title"] == View(made, NL).headed(figure.title)
        assert figure.sentence in image.info["Description"]
        assert figure.caption in image.info["Description"]
        pixels = np.asarray(image.convert("L"))
    assert pixels.shape == SLIDE[::-1]
    assert (pixels[: round(HEADING * SLIDE[1])] < 100).any(), "the title stands above the figure"
    assert (pixels[-round(SOURCE * SLIDE[1]) :] < 150).any(), "the source stands below it"
    assert figure.title in figure.svg.read_text("utf-8"), "as metadata"


def test_a_slide_says_what_its_numbers_come_from(made: Result) -> None:
    result = replace(made, manifest={**made.manifest, "started": "2025-11-29T13:03:56+00:00"})
    start = f"bresim {bresim.__version__} · Zuid-Limburg · Scenario: "
    dutch, english = "; onderstroom: als in BRE 2023", "; undercurrent: as in BRE 2023"
    assert View(result, NL).source == f"{start}geschiedenis{dutch} · 29 november 2025 · startgetal 1"
    undated = replace(made, manifest={key: value for key, value in made.manifest.items() if key != "started"})
    assert View(undated, EN).source == f"{start}history{english} · seed 1", "no date is known"


def test_a_long_title_and_source_fit_on_a_slide(tmp_path: Path) -> None:
    long = "Wat elke samenwerkingsvorm oplevert voor elke gemeente, " * 4
    with styled():
        figure = canvas(3.0)
        figure.subplots()
        _svg, png = save(figure, tmp_path, "long", title=long, description="", source=long)
    with Image.open(png) as image:
        assert image.size == SLIDE
        dark = np.argwhere(np.asarray(image.convert("L")) < 150)[:, 1]
    assert 0.01 * SLIDE[0] < dark.min()
    assert dark.max() < 0.99 * SLIDE[0]


@pytest.mark.parametrize("slide", [False, True])
def test_one_row_of_panels_does_not_cut_its_label(slide: bool) -> None:
    from bresim.plots.panels import label_y, panels

    with styled():
        for titles in (["a"], ["a", "b", "c", "d", "e"], list("abcdef")):
            figure, axes = panels(titles, slide=slide)
            label_y(figure, axes, NL.gettext("trust and grievance, 0 (none) to 1 (complete)"), slide=slide)
            figure.canvas.draw()
            box = figure._supylabel.get_window_extent()  # type: ignore[attr-defined]
            assert box.height < 0.95 * figure.bbox.height, titles


@pytest.mark.parametrize("slide", [False, True])
@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 8, 12])
def test_titles_of_panels_do_not_touch(count: int, slide: bool) -> None:
    from bresim.plots.panels import panels

    longest = ("Exploration, then regional bureau", "Gemeenschappelijke regeling, MET MANDAAT", "Wonen WWWWWWWW")
    with styled():
        figure, axes = panels([longest[at % 3] for at in range(count)], slide=slide)
        figure.canvas.draw()
        boxes = [axis._left_title.get_window_extent() for axis in axes]  # type: ignore[attr-defined]
    assert all(box.width > 0.0 for box in boxes)
    assert all(box.x0 >= 0.0 and box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1 for box in boxes)
    space = 0.06 * figure.dpi  # inches between them
    for left, right in itertools.combinations(boxes, 2):
        if left.y0 < right.y1 and right.y0 < left.y1:
            assert left.x1 + space < right.x0


@pytest.mark.parametrize("words", [NL, EN])
def test_the_levels_of_the_undercurrent_do_not_run_into_each_other(
    words: Language, made: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Canvas] = []
    monkeypatch.setattr(undercurrent, "publish", lambda _view, *told, slide: drawn.extend([told[0], slide]))
    with styled():
        undercurrent.draw(View(made, words), tmp_path)
    page, slide = drawn
    page.draw_without_rendering()
    slide.draw_without_rendering()
    for axis in (*page.axes, *slide.axes):
        boxes = [label.get_window_extent() for label in axis.get_xticklabels() if label.get_visible()]
        boxes = [box for box in boxes if box.width > 1]
        for left, right in itertools.pairwise(boxes):
            assert right.x0 - left.x1 >= 3, (words.code, left, right)


@pytest.mark.parametrize("designs", [("regio_deal",), ("regio_deal", "regiobureau")])
def test_captions_name_the_status_quo_only_if_it_is_there(designs: tuple[str, ...], tmp_path: Path) -> None:
    view = View(synthetic_result.result(designs=designs, replicates=5), EN)
    with styled():
        drawn = [themes.draw(view, tmp_path), municipalities.draw(view, tmp_path)]
        other = trust.draw(view, tmp_path)
    assert other is not None
    assert "status quo" not in other.caption
    for figure in drawn:
        assert figure is not None
        assert "status quo" not in figure.caption
        assert figure.caption.startswith("Cells: the level at the end")
    alone = heatmap.caption(View(synthetic_result.result(designs=("status_quo",), replicates=5), EN), "%")
    assert alone == "Grey cells: the level under the status quo at the end, %."


@pytest.mark.parametrize(("end", "judged"), [("2029-Q4", False), ("2030-Q3", False), ("2030-Q4", True)])
def test_the_aim_is_judged_only_when_its_year_is_over(made: Result, end: str, judged: bool, tmp_path: Path) -> None:
    time = made.config.time.model_copy(update={"end": end})
    view = View(replace(made, config=made.config.model_copy(update={"time": time})), NL)
    assert (themes.aim_of(view) is not None) is judged
    with styled():
        figure = themes.draw(view, tmp_path)
    assert ("Trendbreuk" in figure.caption + figure.sentence + figure.svg.read_text("utf-8")) is judged


def test_there_is_no_empty_panel_when_nothing_is_known_of_the_spread(made: Result, tmp_path: Path) -> None:
    runs = made.runs.assign(parameter_draw=0)
    summary = made.summary.assign(variance_luck=np.nan, variance_coding=np.nan, variance_knowledge=np.nan)
    with styled():
        one = robustness.draw(View(replace(made, runs=runs, summary=summary), EN), tmp_path)
        many = robustness.draw(View(made, EN), tmp_path / "many")
    assert one is not None
    assert many is not None
    for figure, there in ((one, False), (many, True)):
        picture = figure.svg.read_text("utf-8").split("</metadata>")[1]
        picture = " ".join(re.sub(r"<[^>]*>", " ", picture).split())
        assert ("% of the variance" in picture) is there
        assert ("worst case" in picture) is there
        assert ("what the spread comes from" in figure.title) is there


def test_trust_has_one_scale_in_every_report(made: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scales = []

    def spy(*_args: object, **options: object) -> tuple[Path, Path]:
        scales.append(options["limits"])
        return tmp_path / "a.svg", tmp_path / "a.png"

    monkeypatch.setattr(trust_network, "draw_network", spy)
    circles = trust_network.draw(View(made, EN), tmp_path)
    assert set(scales) == {(0.0, 1.0)}
    assert circles[0].caption.startswith("Each circle is a municipality")
    assert made.region is not None
    mapped = replace(made, region=replace(made.region, boundaries="outlines.geojson"))
    assert trust_network.draw(View(mapped, EN), tmp_path)[0].caption.startswith("Each dot is a municipality on the map")


def test_canvas_of_one_design_has_room_for_its_headings(tmp_path: Path) -> None:
    view = View(synthetic_result.result(designs=("regio_deal",), replicates=5), NL)
    with styled():
        figure = themes.draw(view, tmp_path)
    (height,) = re.findall(r'<svg [^>]*height="([\d.]+)pt"', figure.svg.read_text("utf-8"))
    assert float(height) > 72 * 2.5
