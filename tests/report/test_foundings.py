"""A comparison of both foundings: what the page leads with, and that nothing on it mixes the two."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import synthetic_result

from bresim import report
from bresim.analysis import comparison
from bresim.cli import terminal
from bresim.common.text import language
from bresim.conventions import HEADLINE
from bresim.plots import draw_all
from bresim.plots.view import View
from bresim.report import cards, table
from bresim.report.answer import answer
from bresim.results import Result

NL, EN = language("nl"), language("en")


@pytest.fixture(scope="module")
def both() -> Result:
    return synthetic_result.result(foundings=("vote", "at_once"))


def with_adopted(result: Result, design: str, adopted: float) -> Result:
    """The same with one design founded by vote in all futures or in none."""
    runs = result.runs.copy()
    runs.loc[(runs["design"] == design) & (runs["founding"] == "vote"), "adopted"] = adopted
    return replace(result, runs=runs)


def test_a_view_is_of_one_founding(both: Result) -> None:
    view = View(both, EN)
    assert view.founded is not None
    for one, founding in ((view, "vote"), (view.founded, "at_once")):
        assert one.founding == founding
        assert all(set(made["founding"]) == {founding} for made in one.result.tables().values())
    assert View(synthetic_result.result(), EN).founded is None
    with pytest.raises(ValueError, match="several foundings"):
        comparison.means(both.runs, HEADLINE)
    with pytest.raises(ValueError, match="several foundings"):
        comparison.wide(both.runs, HEADLINE)


def test_the_answer_leads_with_both(both: Result) -> None:
    view = View(both, EN)
    assert view.founded is not None
    top = view.founded.differences[0]
    first, second, last = answer(view).lead
    assert first.startswith(f"If every design is founded at the policy start, {view.quoted()[top.design]} yields most")
    assert f"{100 * top.mean:+.1f} percentage points" in first
    share = comparison.means(view.runs, "adopted")[top.design]
    assert f"{view.quoted()[top.design]} is founded in {share:.0%} of the futures" in second
    assert last.startswith("If nothing changes (the status quo)")
    assert [part.title for part in answer(view).parts] == ["If founded", "As decided by vote"]
    seldom = [" ".join(part.paragraphs) for part in answer(View(with_adopted(both, top.design, 0.0), EN)).parts]
    assert "Not every design comes about" not in seldom[0]
    assert "Not every design comes about" in seldom[1]


def test_a_design_that_is_never_founded_is_said_to_be_so(both: Result) -> None:
    view = View(both, EN)
    assert view.founded is not None
    top = view.founded.differences[0].design
    assert "is founded in none of the futures." in answer(View(with_adopted(both, top, 0.0), EN)).lead[1]


@pytest.mark.parametrize("designs", [("status_quo",), ("regio_deal", "regiobureau")])
def test_without_anything_to_compare_the_lead_says_what_is_realised(designs: tuple[str, ...]) -> None:
    made = synthetic_result.result(designs=designs, replicates=5, foundings=("vote", "at_once"))
    first, second = answer(View(made, EN)).lead
    assert first.startswith("If founded: ")
    assert second.startswith("As decided by vote: ")


def test_the_table_has_the_main_numbers_of_both(both: Result) -> None:
    view = View(both, EN)
    assert view.founded is not None
    lines = table.lines(view)
    assert [line.name for line in lines] == [view.name(design) for design in view.founded.order]
    labels = [cell.label for cell in lines[0].cells]
    assert labels[0] == "If founded"
    assert labels[3:5] == ["Is founded in", "As decided"]
    for one, place in ((view.founded, 0), (view, 4)):
        expected = {one.name(row.design): EN.points(row.mean) for row in one.differences}
        assert {line.name: line.cells[place].text for line in lines if line.name in expected} == expected
    (status_quo,) = (line for line in lines if line.name == "Status quo")
    assert {status_quo.cells[place].text for place in (0, 3, 4)} == {"–"}


def test_a_card_has_the_value_of_both(both: Result) -> None:
    found = {card.design: dict(card.facts) for card in cards.cards(View(both, EN))}
    assert "The same, if founded" not in found["status_quo"]  # needs no founding
    facts = found["regio_deal"]
    assert facts["The same, if founded"] != facts["Direct public value"]


@pytest.mark.slow
@pytest.mark.parametrize("words", [NL, EN], ids=["nl", "en"])
def test_every_figure_says_what_it_shows(both: Result, tmp_path: Path, words: object) -> None:
    lang = words.code  # type: ignore[attr-defined]
    figures = draw_all(both, tmp_path, lang)
    told = View(both, language(lang)).told
    assert [figure.name for figure in figures if not figure.caption.endswith(told)] == ["differences"]
    both_titles = {
        "nl": ("Eenmaal opgericht", "Zoals de gemeenten besluiten"), "en": ("If founded", "As decided by vote"),
    }  # fmt: skip
    titles = both_titles[lang]
    svg = figures[0].svg.read_text(encoding="utf-8")
    assert all(title in svg and title in figures[0].sentence for title in titles)
    page = report.write(both, figures, tmp_path, lang).read_text(encoding="utf-8")
    assert all(f"<h3>{title}</h3>" in page for title in titles)


def test_the_closing_table_leads_with_both(both: Result, capsys: pytest.CaptureFixture[str]) -> None:
    summary = both.summary
    config = both.config.model_copy(update={"lang": "en"})
    terminal.show_comparison(replace(both, config=config))
    shown = capsys.readouterr().out
    assert all(heading in shown for heading in ("if founded", "is founded in", "as decided"))
    rows = summary[(summary["outcome"] == HEADLINE) & (summary["design"] == "regiobureau")].set_index("founding")
    line, of_scales = (line for line in shown.splitlines() if "Regional bureau" in line)
    for scale in ("regional", "subregional", "local"):
        of_scale = summary[(summary["outcome"] == f"public_value_{scale}") & (summary["design"] == "regiobureau")]
        assert EN.points(of_scale.set_index("founding")["difference"]["at_once"]) in of_scales
    assert line.index(EN.points(rows["difference"]["at_once"])) < line.rindex(EN.points(rows["difference"]["vote"]))
    assert "If founded. The spread between the futures" in shown
    alone = synthetic_result.result()
    terminal.show_comparison(replace(alone, config=alone.config.model_copy(update={"lang": "en"})))
    shown = capsys.readouterr().out
    assert "as decided by vote" in shown
    assert "At each scale: difference to the status quo as decided by vote" in shown
    assert "If founded." not in shown


@pytest.mark.parametrize("foundings", [("vote",), ("vote", "at_once")])
def test_the_report_has_the_scales_apart(foundings: tuple[str, ...], tmp_path: Path) -> None:
    """Under the main table, of both foundings if founded: each design's difference at each scale with its interval."""
    result = synthetic_result.result(foundings=foundings)
    page = report.write(result, [], tmp_path, "en").read_text(encoding="utf-8")
    told = "if founded" if len(foundings) > 1 else "as decided by vote"
    part = page[page.index(f"At each scale: difference to the status quo {told}") :]
    part = part[: part.index("</table>")]
    summary = result.summary[result.summary["founding"] == foundings[-1]].set_index(["outcome", "design"])
    for design in ("regiobureau", "regio_deal"):
        row = part[part.index(View(result, EN).name(design)) :]
        for scale in ("regional", "subregional", "local"):
            one = summary.loc[(f"public_value_{scale}", design)]
            text = f"{EN.points(one['difference'])} ({EN.points_range(one['difference_low'], one['difference_high'])})"
            assert text in row[: row.index("</tr>")], (design, scale)
    realised = [100.0 * summary.loc[(f"public_value_{scale}", "status_quo"), "mean"] for scale in ("regional", "local")]
    assert all(f"{EN.number(share)}%" in page for share in realised)
    assert "Status quo" not in part[part.index("<tbody>") :]


def test_without_a_status_quo_the_report_has_no_scales(tmp_path: Path) -> None:
    made = synthetic_result.result(designs=("regio_deal",), replicates=5)
    assert "At each scale" not in report.write(made, [], tmp_path, "en").read_text(encoding="utf-8")


def test_without_a_status_quo_each_founding_has_a_table_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    made = synthetic_result.result(designs=("regio_deal",), replicates=5, foundings=("vote", "at_once"))
    terminal.show_comparison(replace(made, config=made.config.model_copy(update={"lang": "en"})))
    shown = capsys.readouterr().out
    assert shown.index("as decided by vote") < shown.index("attainable, if founded")
    assert "At each scale" not in shown, "there is nothing to differ from"
