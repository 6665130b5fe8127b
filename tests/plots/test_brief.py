"""Pictures of the brief: on made-up tables, what stands in them, where, and that nothing covers anything."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from figure_texts import texts
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation, Text
from PIL import Image
from synthetic_result import LABELS, MUNICIPALITIES

from bresim.common.text import Language, language
from bresim.plots import brief
from bresim.plots.style import ROOM, SLIDE, SLIDE_DPI, SQUEEZED, styled

NL, EN = language("nl"), language("en")
DESIGNS = [dutch for dutch, _english in LABELS.values()]
NARROW_PHONE = 390 / 72 / brief.NARROW  # pixels a point where a picture fills a phone of 390 pixels


def spread(table: pd.DataFrame, column: str = "gain", half: float = 0.004) -> pd.DataFrame:
    return table.assign(low=table[column] - half, high=table[column] + half)


def founding() -> pd.DataFrame:
    gain = np.array([0.0, 0.035, 0.012, -0.004, 0.031, 0.002, 0.016, 0.051, 0.012, 0.024, 0.026])
    chance = np.array([1.0, 0.62, 1.0, 0.3, 0.02, 0.9, 0.97, 0.03, 0.99, 0.71, 0.69])
    half = np.where(gain == 0.0, 0.0, 0.008)
    return pd.DataFrame(
        {
            "label": DESIGNS,
            "gain": gain,
            "gain_low": gain - half,
            "gain_high": gain + half,
            "chance": chance,
            "reference": gain == 0.0,
        }
    )


def rule_types(count: int = 3) -> pd.DataFrame:
    rules = ["positie", "grens", "keuze", "besluit", "informatie", "opbrengst", "reikwijdte"]
    rows = [
        (d, r, 0.004 * i - 0.008 + 0.002 * j) for j, d in enumerate(DESIGNS[1 : count + 1]) for i, r in enumerate(rules)
    ]
    return spread(pd.DataFrame(rows, columns=["design_label", "rule_label", "value"]), "value")


def packages() -> pd.DataFrame:
    parts = [
        "bindende (SMART) afspraken", "capaciteit afgestemd door gemeentesecretarissen", "grensoverschrijdende focus",
        "onafhankelijke procesbegeleiding",
    ]  # fmt: skip
    rows = [
        (" + ".join([*parts[:size], *([DESIGNS[7]] if kind else [])]), size, ("zonder", "met oprichting")[kind],
         0.006 * size + 0.01 * kind - 0.002 * second)
        for size in range(1, 5) for kind in (0, 1) for second in (0, 1)
    ]  # fmt: skip
    return spread(pd.DataFrame(rows, columns=["label", "size", "kind", "gain"]))


def worlds() -> pd.DataFrame:
    scenarios = [
        "geschiedenis",
        "watercrisis",
        "bezuinigingen",
        "politieke onrust",
        "provincie trekt zich terug",
        "rust",
        "geld",
    ]
    levels = ["afwezig", "mild", "zoals in BRE 2023", "sterk"]
    rows = [
        (design, scenario, level, 0.01 * at - 0.04 - 0.003 * deep, float(len(DESIGNS) - at))
        for scenario in scenarios for deep, level in enumerate(levels) for at, design in enumerate(DESIGNS)
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["label", "world_scenario", "world_undercurrent", "gain", "rank"])
    return table.assign(holds=table["gain"] > 0.005)


def measures() -> pd.DataFrame:
    rows = [
        (measure, design, 0.004 * i + 0.003 * j - 0.003)
        for j, measure in enumerate(["geen", "monitoring", "bindende afspraken"]) for i, design in enumerate(DESIGNS)
    ]  # fmt: skip
    return spread(pd.DataFrame(rows, columns=["measure_label", "label", "gain"]))


def votes() -> pd.DataFrame:
    rows = [(m, d, (i + j) % 11 / 10) for i, m in enumerate(MUNICIPALITIES) for j, d in enumerate(DESIGNS[1:])]
    return pd.DataFrame(rows, columns=["municipality", "label", "chance"])


def gains() -> pd.DataFrame:
    return spread(pd.DataFrame({"label": DESIGNS, "gain": np.linspace(-0.02, 0.03, len(DESIGNS))}))


def absent() -> pd.DataFrame:
    who = [*MUNICIPALITIES, "alle gemeenten buiten Parkstad"]
    return spread(pd.DataFrame({"who": who, "change": np.linspace(-0.03, 0.01, len(who))}), "change")


TABLES: dict[str, Callable[[], pd.DataFrame]] = {
    "founding_map": founding,
    "contributions": rule_types,
    "packages": packages,
    "worlds": worlds,
    "measures": measures,
    "votes": votes,
    "municipality": gains,
    "absence": absent,
}


def drawn(name: str, words: Language = NL, table: pd.DataFrame | None = None, slide: bool = False) -> Canvas:
    with styled():
        figure = getattr(brief, name)(TABLES[name]() if table is None else table, words, slide=slide)
        figure.draw_without_rendering()
    return figure


def shown(axis: Axes) -> list[str]:
    return [text.get_text() for text in axis.texts]


@pytest.mark.parametrize("slide", [False, True])
@pytest.mark.parametrize("words", [NL, EN], ids=["nl", "en"])
@pytest.mark.parametrize("name", TABLES)
def test_no_text_is_cut_off_and_letters_read_on_a_phone(name: str, words: Language, slide: bool) -> None:
    figure = drawn(name, words, slide=slide)
    for text in texts(figure):
        box = Text.get_window_extent(text)
        if box.width <= 1.0:
            continue
        assert box.x0 > -2.0, text
        assert box.x1 < figure.bbox.x1 + 2.0, text
        assert box.y0 > -2.0, text
        assert box.y1 < figure.bbox.y1 + 2.0, text
        # a slide of 13.3 inches, of which a figure fills what the title leaves
        enlarged = ROOM[1] / SLIDE_DPI / (SQUEEZED * figure.get_figheight()) if slide else NARROW_PHONE
        assert text.get_fontsize() * enlarged >= 8.0, text


@pytest.mark.parametrize("name", TABLES)
def test_names_of_rows_do_not_touch(name: str) -> None:
    for axis in drawn(name).axes:
        boxes = sorted((t.get_window_extent() for t in axis.get_yticklabels() if t.get_text()), key=lambda box: box.y0)
        for low, high in itertools.pairwise(boxes):
            assert low.y1 <= high.y0 + 2.0, name


@pytest.mark.parametrize("slide", [False, True])
def test_names_on_the_map_cover_neither_each_other_nor_a_mark(slide: bool) -> None:
    figure = drawn("founding_map", slide=slide)
    axis = figure.axes[0]
    notes = [text for text in axis.texts if isinstance(text, Annotation)]
    assert [note.get_text().replace("-\n", "-").replace("\n", " ") for note in notes] == DESIGNS
    boxes = [Text.get_window_extent(note) for note in notes]
    for one, other in itertools.combinations(boxes, 2):
        assert not one.overlaps(other)
    table = founding()
    marks = axis.transData.transform(100 * table[["chance", "gain"]].to_numpy())
    for box, (x, y) in itertools.product(boxes, marks):
        assert not box.contains(x, y)


def test_lines_of_equal_expected_gain_are_that() -> None:
    axis = drawn("founding_map").axes[0]
    lines = [line.get_xydata() for line in axis.lines if len(line.get_xdata()) > 10]
    products = [set(np.round(np.asarray(line).prod(axis=1) / 100, 9)) for line in lines]
    assert len(products) >= 2
    assert all(len(product) == 1 for product in products), "gain × chance is the same all along"
    (right,) = axis.child_axes
    assert sorted(product.pop() for product in products) == sorted(right.get_yticks())


def test_a_package_that_is_not_the_best_of_its_kind_is_lighter() -> None:
    axis = drawn("packages").axes[0]
    dots = {(line.get_xdata()[0], line.get_alpha()) for line in axis.lines if line.get_marker() not in ("", "None")}
    light = {round(float(x), 6) for x, alpha in dots if alpha == 0.45}
    names = [label.get_text() for label in axis.get_yticklabels()]
    assert light == {0.4, 1.4}, "the first of each kind that is lighter"
    assert [name for name in names if "verandering" in name] == [
        "Eén verandering", "Twee veranderingen", "Drie veranderingen", "Vier veranderingen",
    ]  # fmt: skip
    assert not any(line.startswith("+") for name in names for line in name.split("\n"))


def test_worlds_hatch_what_does_not_hold_and_frame_the_best() -> None:
    table = worlds()
    patches = [patch for axis in drawn("worlds").axes for patch in axis.patches if isinstance(patch, Rectangle)]
    assert sum(bool(patch.get_hatch()) for patch in patches) == (~table["holds"]).sum()
    assert sum(not patch.get_hatch() for patch in patches) == (table["rank"] == 1).sum() == 28
    assert sorted(text for axis in drawn("worlds").axes for text in shown(axis)) == sorted(
        NL.points(gain) for gain in table["gain"]
    )


def test_a_world_without_a_value_stays_empty() -> None:
    table = worlds()
    table.loc[0, ["gain", "rank"]] = np.nan
    figure = drawn("worlds", table=table)
    assert len(shown(figure.axes[0])) == 4 * len(DESIGNS) - 1


def test_measures_bracket_what_cannot_be_told_apart_from_nothing() -> None:
    (axis,) = drawn("measures").axes
    table = measures().set_index(["label", "measure_label"])
    expected = [
        NL.points(row.gain) if row.low > 0 or row.high < 0 else f"({NL.points(row.gain)})"
        for row in (table.loc[(d, m)] for d in DESIGNS for m in ("geen", "monitoring", "bindende afspraken"))
    ]
    assert shown(axis) == expected
    assert any(text.startswith("(") for text in expected)


def test_votes_are_chances_of_a_yes() -> None:
    (axis,) = drawn("votes", EN).axes
    assert shown(axis)[:4] == ["0%", "10%", "20%", "30%"]


@pytest.mark.parametrize("name", ["worlds", "measures", "votes"])
def test_numbers_in_cells_are_read_on_their_colour(name: str) -> None:
    """4.5 : 1 or more (WCAG 2.2 AA), computed here by itself."""

    def luminance(colour: str) -> float:
        parts = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in to_rgb(colour)]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    for axis in drawn(name).axes:
        fills = axis.collections[0].get_facecolors()
        assert len(fills) == len(axis.texts)
        for text, fill in zip(axis.texts, fills, strict=True):
            light, dark = sorted((luminance(text.get_color()), luminance(tuple(fill[:3]))), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, text


def test_contributions_of_more_than_three_designs_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 3"):
        drawn("contributions", table=rule_types(4))


def test_without_an_interval_there_is_a_dot_only() -> None:
    table = gains().assign(low=np.nan, high=np.nan)
    (axis,) = drawn("municipality", table=table).axes
    dots = [x for line in axis.lines if line.get_marker() == "o" for x in line.get_xdata()]
    assert sorted(dots) == pytest.approx(sorted(100 * table["gain"]))


@pytest.mark.parametrize("name", ["founding_map", "worlds"])
def test_published_as_a_page_and_a_slide(name: str, tmp_path: Path) -> None:
    figures = [
        brief.publish(
            getattr(brief, name),
            TABLES[name](),
            NL,
            tmp_path / folder,
            name,
            title="T",
            caption="C.",
            sentence="S.",
            source="B",
        )
        for folder in ("a", "b")
    ]
    assert figures[0].svg.read_bytes() == figures[1].svg.read_bytes()
    assert figures[0].png.read_bytes() == figures[1].png.read_bytes()
    with Image.open(figures[0].png) as image:
        assert image.size == SLIDE
        assert image.info["Description"] == "S. C."
