"""The two forms of every figure, for a page and for a slide: words are legible, whole and apart from each other."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import pytest
import synthetic_result
from figure_texts import texts
from matplotlib.figure import Figure as Canvas
from matplotlib.text import Text

from bresim.common.text import language
from bresim.plots import beside, differences, draw_all, heatmap, network, themes, view
from bresim.plots.style import NARROW, SLIDE, SMALL, styled
from bresim.plots.view import View
from bresim.results import Result

#: Figure → its two forms.
Forms = dict[str, dict[str, Canvas]]
#: Points on a slide of 13.3 inches, of the smallest letters.
MIN_SIZE = 8.0


def caught(monkeypatch: pytest.MonkeyPatch) -> Forms:
    """What would be saved from here on."""
    found: Forms = {}

    def keep(page: Canvas, out: Path, name: str, *, slide: Canvas, **_told: Any) -> tuple[Path, Path]:
        found[name] = {"page": page, "slide": slide}
        for figure in found[name].values():
            figure.draw_without_rendering()
        return out / f"{name}.svg", out / f"{name}.png"

    for module in (view, network, beside):
        monkeypatch.setattr(module, "save", keep)
    return found


@pytest.fixture(scope="module", params=["nl", "en"])
def forms(request: pytest.FixtureRequest, made: Result) -> Forms:
    lang, nowhere = request.param, Path("nowhere")
    with pytest.MonkeyPatch.context() as patch:
        found = caught(patch)
        draw_all(made, nowhere, lang)
        one = found.pop("differences")
        both = View(synthetic_result.result(foundings=("vote", "at_once")), language(lang))
        with styled():
            differences.draw(both, nowhere)
        label = "Scenario: geschiedenis; onderstroom: sterk ({})"
        jobs = [beside.Panel(label.format(at), both.differences) for at in "abcdefgh"]
        names = [both.name(row.design) for row in both.differences]
        beside.draw(both, "at_once", jobs, names, "", nowhere)
        folders = [beside.Panel(f"2026-11-29_{at}_031762", both.differences) for at in ("202707", "202857")]
        beside.draw(both, "vote", [*jobs[:2], *folders], names, "", nowhere)
    return {**found, "differences of one": one}


def boxes(found: list[Text]) -> list[Any]:
    return [box for text in found if (box := Text.get_window_extent(text)).width > 1.0]


@pytest.mark.parametrize("form", ["page", "slide"])
def test_no_word_is_cut_off(forms: Forms, form: str) -> None:
    assert len(forms) == 14
    for name, pair in forms.items():
        frame, found = pair[form].bbox, texts(pair[form])
        assert len(found) > 10, name
        for text in found:
            box = Text.get_window_extent(text)
            if box.width > 1.0:
                assert box.x0 > -2.0, (name, text)
                assert box.x1 < frame.x1 + 2.0, (name, text)
                assert box.y0 > -2.0, (name, text)
                assert box.y1 < frame.y1 + 2.0, (name, text)


def test_letters_are_legible(forms: Forms) -> None:
    for name, pair in forms.items():
        assert pair["page"].get_figwidth() == NARROW, name
        assert min(text.get_fontsize() for text in texts(pair["page"])) >= SMALL, name
        enlarged = SLIDE[0] / 192 * 0.96 / pair["slide"].get_figwidth()
        assert min(text.get_fontsize() for text in texts(pair["slide"])) * enlarged >= MIN_SIZE, name


@pytest.mark.parametrize("form", ["page", "slide"])
def test_titles_and_names_do_not_cover_each_other(forms: Forms, form: str) -> None:
    for name, pair in forms.items():
        axes = pair[form].axes
        titles = boxes([axis.title if axis.get_title() else axis._left_title for axis in axes])  # type: ignore[attr-defined]
        labels = boxes([axis.xaxis.label for axis in axes])
        columns = [boxes(list(axis.get_xticklabels())) for axis in axes if name in {"themes", "municipalities"}]
        rows = [boxes(list(axis.get_yticklabels())) for axis in axes]
        slanted = form == "slide"  # then their boxes overlap, not their letters
        for group in (titles, labels, *rows, *([] if slanted else columns)):
            for one, other in itertools.combinations(group, 2):
                across = min(one.x1, other.x1) - max(one.x0, other.x0)
                along = min(one.y1, other.y1) - max(one.y0, other.y0)
                assert across <= 2.0 or along <= 2.0, (name, one, other)


@pytest.mark.parametrize("count", [0, 1, 6, 7, 12, 13])
def test_parts_hold_every_column_once(count: int) -> None:
    names = [str(at) for at in range(count)]
    parts = heatmap.parts(names, 6)
    assert [name for part in parts for name in part] == names
    assert parts
    assert max(map(len, parts)) <= 6
    assert max(map(len, parts)) - min(map(len, parts)) <= 2


def test_every_cell_is_on_both_forms(forms: Forms) -> None:
    """A page has the cells in parts; those of the status quo again in each."""
    cells = {
        form: [text.get_text() for axis in forms["municipalities"][form].axes for text in axis.texts]
        for form in ("page", "slide")
    }
    numbers = {form: [text for text in found if re.search(r"\d[.,]\d", text)] for form, found in cells.items()}
    assert len(numbers["slide"]) == 16 * 11
    assert len(numbers["page"]) == 16 * 12
    assert set(numbers["page"]) == set(numbers["slide"])


@pytest.mark.parametrize("count", [1, 3, 4, 5, 8, 9])
def test_the_yardstick_keeps_its_names(count: int, made: Result) -> None:
    """Also where it stands alone below the last cells; each theme has its column once."""
    shown = View(made, language("en"))
    names = [theme.name for theme in shown.region.themes][:count]
    level = shown.runs.groupby("design", observed=True)[[themes.column(name) for name in names]].mean()
    level.columns = names
    aim = themes.Aim(names[0], 0.25, 2030)
    with styled():
        figure = themes._picture(shown, (level, level * float("nan"), level > 0), {n: n for n in names}, aim, False)
    *cells, panel = figure.axes
    columns = [label.get_text() for axis in cells for label in axis.get_xticklabels()]
    assert columns == names
    first = min(axis.get_subplotspec().colspan.start for axis in figure.axes if _row(axis) == _row(panel))
    named = any(label.get_text() for label in panel.get_yticklabels())
    assert named is (panel.get_subplotspec().colspan.start == first)


def _row(axis: Any) -> int:
    return int(axis.get_subplotspec().rowspan.start)
