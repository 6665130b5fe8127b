from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import synthetic_result
from html_page import Page

from bresim import report
from bresim.analysis.names import about
from bresim.common.text import language
from bresim.plots import differences, regional
from bresim.plots.style import styled
from bresim.plots.view import Figure, View
from bresim.report import answer, assumptions, certainty, table
from bresim.results import Result


def pictures(result: Result, out: Path, lang: str) -> list[Figure]:
    view = View(result, language(lang))
    with styled():
        return [figure for module in (differences, regional) if (figure := module.draw(view, out))]


@pytest.fixture(scope="module", params=["nl", "en"])
def page(request: pytest.FixtureRequest, made: Result, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    out = tmp_path_factory.mktemp("report")
    path = report.write(made, pictures(made, out / "figures", request.param), out, request.param)
    assert sorted(p.name for p in out.iterdir()) == ["figures", "report.html"]
    return request.param, path.read_text("utf-8")


def test_valid_and_accessible(page: tuple[str, str]) -> None:
    lang, text = page
    assert text.startswith("<!DOCTYPE html>")
    found = Page(text)
    assert found.all("html") == [{"lang": lang}]
    assert found.headings[0] == 1
    assert found.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(found.headings, found.headings[1:], strict=False))
    ids = [attributes["id"] for _tag, attributes in found.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _tag, attributes in found.tags:
        for key in ("aria-labelledby", "aria-describedby"):
            assert attributes.get(key) in [None, *ids]
        if str(attributes.get("href", "")).startswith("#"):
            assert str(attributes["href"])[1:] in ids
    images = found.all("img")
    assert len(images) == 2
    assert all(image["alt"] and len(str(image["alt"])) > 40 for image in images)
    assert all(cell.get("scope") in {"col", "row"} for cell in found.all("th"))


def test_self_contained(page: tuple[str, str]) -> None:
    _lang, text = page
    found = Page(text)
    assert not found.all("script")
    assert not found.all("link")
    assert all(str(image["src"]).startswith("data:image/svg+xml;base64,") for image in found.all("img"))
    assert "http" not in re.sub(r"http-equiv|base64,[A-Za-z0-9+/=]+", "", text)
    assert "default-src 'none'" in text


def test_leads_with_the_answer(page: tuple[str, str]) -> None:
    lang, text = page
    answer = text.index("Het antwoord in het kort" if lang == "nl" else "The answer in short")
    assert answer < text.index("<figure")
    words = {
        "nl": [
            "Zeven van de tien samenwerkingsvormen",
            "Meer dan de huidige samenwerking",
            "Minder dan",
            "procentpunt",
        ],
        "en": ["Seven of the ten designs", "More than the status quo", "Less than the status quo", "percentage points"],
    }
    for word in words[lang]:
        assert answer < text.index(word) < text.index("<figure")


def test_says_what_was_assumed_and_how_to_repeat(page: tuple[str, str]) -> None:
    lang, text = page
    for words in (
        "replicates=40",
        "BRE 2023: “Het Bestuurlijk",
        "3f1c9a7be2d04c55",
        "numpy 2.4.6",
        "0123abcd",
        "bresim compare",
    ):
        assert words in text
    expected = (
        ("kerktorendenken 0,60", "Wat Regiobureau is.")
        if lang == "nl"
        else ("parochialism 0.60", "What Regional bureau is.")
    )
    for words in expected:
        assert words in text


def test_speaks_one_language(page: tuple[str, str]) -> None:
    lang, text = page
    foreign = (
        r"\b(the|which|with|futures)\b" if lang == "nl" else r"\b(het|een|samenwerkingsvormen|toekomsten|gemeenten)\b"
    )
    shown = re.sub(r"<style>.*?</style>|<[^>]+>", " ", text, flags=re.DOTALL)
    assert re.findall(foreign, shown) == []


def test_names_are_escaped(made: Result, tmp_path: Path) -> None:
    wild = synthetic_result.result(designs=("status_quo", "regio_deal"), replicates=5)
    base, deal = wild.config.designs
    named = deal.model_copy(update={"label_nl": "<b>Deal</b> & co"})
    wild = replace(wild, config=wild.config.model_copy(update={"designs": (base, named)}))
    text = report.write(wild, [], tmp_path, "nl").read_text("utf-8")
    assert "&lt;b&gt;Deal&lt;/b&gt; &amp; co" in text
    assert "<b>" not in text


@pytest.mark.parametrize("designs", [("status_quo",), ("regio_deal",), ("regio_deal", "regiobureau")])
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_small_jobs(designs: tuple[str, ...], lang: str, tmp_path: Path) -> None:
    result = synthetic_result.result(designs=designs, replicates=3)
    text = report.write(result, [], tmp_path, lang).read_text("utf-8")
    Page(text)
    assert ">nan" not in text
    assert " nan " not in text


def test_tables_that_were_not_recorded(made: Result, tmp_path: Path) -> None:
    bare = replace(
        made,
        series=pd.DataFrame(),
        municipalities=pd.DataFrame(),
        dyads=pd.DataFrame(),
        undercurrent_runs=pd.DataFrame(),
    )
    Page(report.write(bare, [], tmp_path, "en").read_text("utf-8"))


def test_an_earlier_report_stays_until_the_new_one_is_whole(made: Result, tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("earlier")
    broken = replace(made, runs=made.runs.drop(columns="adopted"))
    with pytest.raises(KeyError):
        report.write(broken, [], tmp_path, "nl")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    assert (tmp_path / "report.html").read_text() == "earlier"


@pytest.mark.parametrize(
    ("source", "words"),
    [("plausible", "plausibele parameters"), ("prior", "volle bandbreedten"), ("point", "even sterk")],
)
def test_the_text_on_not_knowing_fits_the_parameters(made: Result, source: str, words: str) -> None:
    chosen = made.config.parameters.model_copy(update={"source": source})
    result = replace(made, config=made.config.model_copy(update={"parameters": chosen}))
    text = " ".join(certainty.uncertainty(View(result, language("nl"))))
    assert words in text
    assert ("plausibele" in text) is (source == "plausible")


def test_another_region_is_not_said_to_be_what_the_reports_describe(made: Result) -> None:
    assert made.region is not None
    home = dict(assumptions.assumed(View(made, language("en"))))
    elsewhere = replace(made, region=replace(made.region, name="other"), not_judged=("region",))
    away = dict(assumptions.assumed(View(elsewhere, language("en"))))
    assert "what really happened" in home["Period"]
    assert "what really happened" not in away["Period"]
    assert away["Parameters"].endswith("Whether the parameter sets fit this region was not tested.")
    assert away["Sources"].endswith("not about this region.")


def test_a_shared_first_place_is_said_at_the_table(made: Result) -> None:
    summary = made.summary.assign(probability_best=made.summary["probability_best"] * 0.5)
    view = View(replace(made, summary=summary), language("en"))
    assert "50% of the futures several designs share the first place" in table.shared(view)
    assert table.shared(View(made, language("en"))) == ""


def test_the_table_says_whether_each_design_differs_from_the_highest(made: Result) -> None:
    view = View(made, language("en"))
    found = {row.name: row.top for row in table.rows(view)}
    assert [name for name, top in found.items() if top == "the highest"] == [view.name(view.leaders[0])]
    alike = {name for name, top in found.items() if top == "cannot be told apart"}
    assert alike == {view.name(design) for design in view.leaders[1:]}
    assert "lower" in found.values()


def with_measures(result: Result, **strengths: float) -> Result:
    return replace(result, config=result.config.model_copy(update={"measures": strengths}))


@pytest.mark.parametrize("code", ["nl", "en"])
def test_measures_are_named_and_the_status_quo_that_has_them_is_not_what_is_there_now(made: Result, code: str) -> None:
    plain, view = (
        View(made, language(code)),
        View(with_measures(made, monitoring=1.0, facilitation=0.5), language(code)),
    )
    names = {
        "nl": "Monitoring en Onafhankelijke procesbegeleiding (50%)",
        "en": "Monitoring and Independent facilitation (50%)",
    }[code]
    assert names in about(view.config, view.language)
    assert names not in about(plain.config, plain.language)
    assert view.name("status_quo") not in {plain.name("status_quo"), view.name("regiobureau")}
    assert view.quoted()["status_quo"] != plain.quoted()["status_quo"]
    assert names in view.noted("x")
    assert names in view.source
    told, before = answer.answer(view), answer.answer(plain)
    assert any(names in text for text in told.cautions)
    assert told.lead[-1] != before.lead[-1], "what is realised with measures is not what is realised if nothing changes"


def test_a_page_and_its_pictures_say_what_the_job_was_about(page: tuple[str, str], made: Result) -> None:
    lang, text = page
    title = re.search(r"<title>(.*)</title>", text)
    assert title is not None
    assert about(made.config, language(lang)) in title[1]


def test_a_screen_reader_hears_the_sentence_of_a_figure_once(
    page: tuple[str, str], made: Result, tmp_path: Path
) -> None:
    lang, text = page
    alts = [image["alt"] or "" for image in Page(text).all("img")]
    figures = pictures(made, tmp_path, lang)
    assert len(alts) == len(set(alts)) == len(figures)
    for alt, figure in zip(alts, figures, strict=True):
        assert figure.title in alt
        assert figure.sentence not in alt
        assert text.count(html.escape(figure.sentence, quote=False)) <= 1


@pytest.mark.parametrize(("code", "told"), [("en", "joining = conjunctive"), ("nl", "variant met andere regels")])
def test_a_report_says_that_the_model_is_not_as_shipped(made: Result, code: str, told: str) -> None:
    variant = made.config.variant.model_copy(update={"joining": "conjunctive"})
    other = replace(made, config=made.config.model_copy(update={"variant": variant}))
    for result, expected in ((made, False), (other, True)):
        view = View(result, language(code))
        assert any(told in text for _, text in assumptions.assumed(view)) is expected
        assert about(view.config, view.language).count(";") == 1 + expected
