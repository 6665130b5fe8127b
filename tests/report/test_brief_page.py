"""The page of the brief in cases in which parts of it are missing, and what a label may do to it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import planted_brief as planted
import pytest
from html_page import Page, Tables
from planted_brief import NORMAL, Design

from bresim.common.text import language
from bresim.report.brief.page import PAGE
from bresim.report.brief.words import Words
from bresim.report.page import css_string

#: All but what the answer and the first table need: such a page is quick to make.
REST = ("rule_types", "packages", "signals", "measures", "votes", "worlds", "absence")


def made(brief: planted.Brief, out: Path) -> str:
    return (planted.written(brief, out) / PAGE).read_text("utf-8")


@pytest.mark.parametrize("measured", [None, Design(0.02, 1.0)])
def test_only_the_status_quo(measured: Design | None, tmp_path: Path) -> None:
    """A page without parts that would be empty, and no link to one."""
    taken = ("measures.monitoring=1",) if measured else ()
    text = made(planted.brief({}, *taken, measured=measured), tmp_path)
    page = Page(text)
    assert set(page.headings) == {1, 2, 3, 4}
    ids = {attributes.get("id") for _, attributes in page.tags}
    links = {str(attributes["href"]) for attributes in page.all("a")}
    assert links <= {f"#{found}" for found in ids}
    assert ("t-designs" in Tables(text).found) == bool(measured)
    for gone in ("risks", "decide", "why", "worlds", "measures", "votes", "members"):
        assert gone not in ids
    csvs = {path.stem for path in (tmp_path / "tables").iterdir()}
    assert csvs == {"local_values", "municipalities", *({"designs", "years"} if measured else set())}


def test_with_the_measures_of_the_job(tmp_path: Path) -> None:
    text = made(planted.brief(NORMAL, "measures.monitoring=1", measured=Design(0.02, 1.0), without=REST), tmp_path)
    rows = [row[:2] for row in Tables(text).found["t-designs"][1:]]
    assert ["Status quo with the measures chosen", "+2.0"] in rows
    assert "measures: Monitoring" in text


def test_nobody_can_stay_out(tmp_path: Path) -> None:
    """Then there is a table of dashes and no picture."""
    brief = planted.brief(without=REST[:-1])
    nothing = dict.fromkeys(("change", "low", "high", "own", "own_low", "own_high", "chance"), float("nan"))
    nobody = brief.absence.assign(**nothing)
    text = made(replace(brief, absence=nobody), tmp_path)
    assert all(row[3:] == ["–"] * 5 for row in Tables(text).found["members"][1:])
    assert {path.stem for path in (tmp_path / "figures").iterdir()} == {"founding_map"}


def test_nothing_is_founded_more_than_now(tmp_path: Path) -> None:
    """The picture of what founding yields says so too."""
    unclear = {"regio_deal": Design(0.001, 0.5, half=0.01)}
    text = made(planted.brief(unclear, without=REST), tmp_path)
    assert text.count("Even once it is founded, no way of working together yields clearly more than now.") == 2
    assert "yields most" not in text


@pytest.mark.parametrize("text", ['a"b', "a\\b", "</style>", "a\nb", "é·–’", "{x}", "url(javascript:x)"])
def test_a_string_of_css_cannot_be_ended(text: str) -> None:
    """It has no quote, angle bracket, brace, line end or backslash of the label, and reads back as it was."""
    told = css_string(text)
    inside = told[1:-1]
    assert told[0] == told[-1] == '"'
    assert not set(inside) & set('"<>{}\n')
    read, rest = "", inside
    while rest:
        size = 7 if rest[0] == "\\" else 1
        read, rest = read + (chr(int(rest[1:7], 16)) if size == 7 else rest[0]), rest[size:]
    assert read == text


def test_a_scenario_of_the_user_with_the_label_of_another_says_its_name() -> None:
    brief = planted.brief()
    own = {**brief.config.scenario, "name": "mine"}
    words = Words(replace(brief, config=brief.config.model_copy(update={"scenario": own})), language("en"))
    assert words.scenario("mine") == f"{words.scenario('history')} (mine)"
