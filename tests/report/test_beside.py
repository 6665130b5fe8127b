"""Jobs beside each other: labels, what differs, sentences and tables against planted data; the page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from html_page import Page
from planted_jobs import job, strong

from bresim.common.text import language
from bresim.config.schema import Undercurrent
from bresim.report import beside, jobs, moves
from bresim.report.jobs import Jobs
from bresim.report.table import Line
from bresim.results import Result

EN, NL = language("en"), language("nl")
CALM = {"status_quo": 0.0, "regiobureau": 0.03, "joint_arrangement": 0.06, "regio_deal": 0.01}
#: The order of the first two changes, regio_deal loses most.
STORM = {"status_quo": 0.0, "regiobureau": 0.05, "joint_arrangement": 0.02, "regio_deal": -0.04}
SHARES = {"regiobureau": 0.8, "joint_arrangement": 0.2}
LESS = {"regiobureau": 0.3, "joint_arrangement": 0.1}


def put(*results: Result, lang: str = "en") -> Jobs:
    return jobs.beside(results, [Path("results") / name for name in "abcdefgh"[: len(results)]], language(lang))


@pytest.fixture(scope="module")
def two() -> Jobs:
    return put(job(CALM, SHARES), job(STORM, LESS, base=0.15, **strong()))


def test_labels_say_what_the_first_is_and_how_the_others_differ(two: Jobs) -> None:
    assert [one.label for one in two.jobs] == ["Undercurrent as in BRE 2023", "Undercurrent strong"]
    assert [one.quoted for one in two.jobs] == ["the first comparison", "“Undercurrent strong”"]
    more = put(job(CALM), job(CALM, measures={"monitoring": 1.0}), job(CALM, **strong(), measures={"thinning": 0.5}))
    assert [one.label for one in more.jobs] == [
        "Undercurrent as in BRE 2023",
        "With monitoring",
        "Undercurrent strong, with thinning (50%)",
    ]


def test_labels_of_jobs_that_do_not_differ_are_their_folders() -> None:
    assert [one.label for one in put(job(CALM), job(CALM)).jobs] == ["a", "b"]
    same = jobs.beside([job(CALM)] * 2, [Path("x/out"), Path("y/out")], EN)
    assert [one.label for one in same.jobs] == ["x/out", "y/out"]
    three = put(job(CALM), job(CALM, **strong()), job(CALM, **strong()))
    assert len({one.label for one in three.jobs}) == 3


def told(lines: Sequence[Line]) -> dict[str, list[str]]:
    return {line.name: [cell.text for cell in line.cells] for line in lines}


def test_what_differs_is_told_and_nothing_else(two: Jobs) -> None:
    found = told(jobs.differing(two))
    assert set(found) == {"Undercurrent"}
    assert [text.partition(":")[0] for text in found["Undercurrent"]] == ["As in BRE 2023", "Strong"]
    assert "Undercurrent" not in dict(jobs.same(two))
    assert "Scenario" in dict(jobs.same(two))
    assert told(jobs.differing(put(job(CALM), job(CALM)))) == {}


def test_every_choice_that_changes_a_number_is_told() -> None:
    base = job(CALM)
    config = base.config
    design = config.designs[1]
    changed = design.model_copy(update={"aggregation": design.aggregation.model_copy(update={"adoption_quota": 0.5})})
    scenario = {**config.scenario, "from_policy_start": {"shocks": 2.5}}
    others = {
        "Measures": {"measures": {"monitoring": 1.0}},
        "Scenario": {"scenario": scenario},
        "Structure of the model": {"variant": config.variant.model_copy(update={"joining": "conjunctive"})},
        "Seed": {"seed": 2},
        "Period": {"time": config.time.model_copy(update={"policy_start": "2025-Q1"})},
        "Reading": {"coding": "point"},
        "Parameters": {"parameters": config.parameters.model_copy(update={"fixed": {"trust_gain": 0.1}})},
        "Undercurrent": {"undercurrent": Undercurrent(parochialism=0.1, cleavage=0.6, negativity=0.6)},
        "Design “Regional bureau”": {"designs": (config.designs[0], changed, *config.designs[2:])},
    }
    for term, update in others.items():
        other = replace(base, config=config.model_copy(update=update))
        found = told(jobs.differing(put(base, other)))
        assert set(found) == {term}
        assert found[term][0] != found[term][1]
    assert found["Design “Regional bureau”"] == [
        "aggregation.adoption_quota: 0.6",
        "aggregation.adoption_quota: 0.5",
    ]


def test_designs_that_some_lack_are_named() -> None:
    full = job({**STORM, "regio_deal_continued": 0.08})
    mine = replace(full, config=full.config.model_copy(update={"files": {"designs.regio_deal_continued": "mine.yaml"}}))
    found = put(job(CALM), mine)
    assert told(jobs.differing(found))["Designs not in every comparison"] == [
        "–",
        "Regio Deal with continuation (own design)",
    ]
    assert found.designs[-1] == "status_quo"
    assert "With Regio Deal with continuation" in found.jobs[1].label
    assert moves.shared(found) == (
        "These are about the four designs that every comparison has. Not in every comparison, and the highest where "
        f"it is: “Regio Deal with continuation” in {found.jobs[1].quoted}."
    )


def test_a_leader_that_changes_and_one_that_stays(two: Jobs) -> None:
    assert moves.leads(two, "at_once") == [
        (
            "If founded: the design with the highest average changes: “Joint arrangement” in the first comparison; "
            "“Regional bureau” in “Undercurrent strong”."
        )
    ]
    stays = put(job(CALM), job({**CALM, "joint_arrangement": 0.2}, **strong()))
    assert moves.leads(stays, "at_once") == [
        "If founded: in every comparison “Joint arrangement” has the highest average."
    ]


def test_a_lead_within_the_noise_is_none() -> None:
    close = {"status_quo": 0.0, "regiobureau": 0.0600, "joint_arrangement": 0.0601}
    found = put(job(close, noise=0.01), job({**close, "joint_arrangement": 0.0599}, noise=0.01, **strong()))
    assert moves.leads(found, "at_once")[1] == (
        "In every comparison the highest, or not to be told apart from it: “Joint arrangement” and “Regional bureau”."
    )
    same = put(job(close, noise=0.01), job(close, noise=0.01, **strong()))
    assert moves.leads(same, "at_once")[1] == (
        "It cannot be told apart from the next in the first comparison and “Undercurrent strong”."
    )


def test_places(two: Jobs) -> None:
    assert moves.places(two, "at_once") == {
        "Undercurrent as in BRE 2023": {"joint_arrangement": 1, "regiobureau": 2, "regio_deal": 3, "status_quo": 4},
        "Undercurrent strong": {"regiobureau": 1, "joint_arrangement": 2, "status_quo": 3, "regio_deal": 4},
    }
    same = put(job(CALM), job({name: gain / 2 for name, gain in CALM.items()}, **strong()))
    assert moves.moved(same) == "The order of the designs is the same in every comparison."


def test_the_design_that_moves_furthest() -> None:
    found = {
        "x": {"a": 1, "b": 2, "c": 4, "d": 3},
        "y": {"a": 2, "b": 4, "c": 1, "d": 3},
        "z": {"a": 1, "b": 2, "c": 4},
    }
    assert moves.furthest(found) == ("c", "x", "y")
    assert moves.furthest({"x": {"a": 1, "b": 2}, "y": {"a": 1, "b": 2}}) == ("", "", "")


def test_changes_of_gains_are_counted_and_the_largest_named(two: Jobs) -> None:
    assert moves.gained(two, two.jobs[1]) == (
        "Difference from the status quo in “Undercurrent strong”, compared with the first comparison: clearly higher "
        "for one of the three designs, clearly lower for two. The largest change is that of “Regio Deal organisation”: "
        "−5.0 percentage points (95% interval −5.0). What the status quo itself realises changes by −5.0 percentage "
        "points in “Undercurrent strong” (95% interval −5.0)."
    )
    nothing = put(job(CALM), job(CALM, **strong()))
    assert moves.gained(nothing, nothing.jobs[1]) == (
        "Compared with the first comparison, no design clearly gains or loses in “Undercurrent strong”."
    )


def test_one_design_beside_the_status_quo() -> None:
    one = {"status_quo": 0.0, "regiobureau": 0.03}
    found = put(job(one), job({**one, "regiobureau": 0.01}, **strong()))
    assert moves.gained(found, found.jobs[1]).startswith(
        "Compared with the first comparison, “Regional bureau” yields clearly less in “Undercurrent strong”. "
    )
    assert moves.moved(found) == ""


def test_only_the_status_quo() -> None:
    found = put(job({"status_quo": 0.0}), job({"status_quo": 0.0}, base=0.3, **strong()))
    assert moves.what_changes(found) == [
        (
            "What the status quo itself realises changes by +10.0 percentage points in “Undercurrent strong” (95% "
            "interval +10.0)."
        )
    ]
    assert beside.draw(found, Path("nowhere")) == []


def test_chances_of_founding(two: Jobs) -> None:
    assert moves.chances(two) == (
        "The chance of founding differs most for “Regional bureau”: 80% in the first comparison and 30% in "
        "“Undercurrent strong”."
    )
    same = put(job(CALM, SHARES), job(STORM, SHARES, **strong()))
    assert moves.chances(same) == "The chance that a design is founded is about the same in every comparison."
    at_once = put(job(CALM, foundings=("at_once",)), job(STORM, **strong()))
    assert at_once.foundings == ["at_once"]
    assert moves.chances(at_once) == ""


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"seed": 2}, "another seed"), ({"replicates": 30}, "another number of futures")],
)
def test_other_futures_are_not_paired(change: dict[str, int], reason: str) -> None:
    found = put(job(CALM), job(CALM, **{**change, **strong()}))
    assert found.why_unpaired(found.jobs[1]) == reason
    assert reason in beside.futures(found)
    assert "future by future" not in beside.futures(found)
    change_there = moves.changes(found, found.jobs[1])["status_quo"]
    assert change_there.high - change_there.low > 0.005, "the luck of the futures is in it"


def test_the_same_futures_are_paired(two: Jobs) -> None:
    assert two.paired(two.jobs[1])
    assert beside.futures(two).endswith("compared future by future.")
    found = moves.changes(two, two.jobs[1])["status_quo"]
    assert found.high - found.low < 1e-9


def test_another_state_of_the_program_is_a_warning() -> None:
    old = job(CALM)
    other = replace(old, manifest={**old.manifest, "git": {"commit": "fedc", "changed": False}})
    assert any("different states of the program" in text for text in beside.warnings(put(old, other)))
    assert not beside.warnings(put(job(CALM), job(CALM, **strong())))


def test_measures_of_one_job_are_a_warning() -> None:
    found = put(job(CALM), job(CALM, measures={"monitoring": 1.0}))
    assert any("Measures also hold in the status quo" in text for text in beside.warnings(found))


def table(found: Jobs, name: str) -> dict[str, list[str]]:
    return told(next(one for one in beside.sections(found) if one.name == name).lines)


def test_tables(two: Jobs) -> None:
    gains = table(two, "gains-at_once")
    assert [text.partition(" ")[0] for text in gains["Joint arrangement"]] == ["+6.0", "+2.0"]
    assert gains["Status quo"][0].startswith("20.")
    decided = table(two, "gains-vote")
    assert [text.partition(" ")[0] for text in decided["Regional bureau"]] == ["+2.4", "+1.5"]
    assert table(two, "chances")["Joint arrangement"] == ["20%", "10%"]
    assert table(two, "places")["Joint arrangement"] == ["1", "2"]
    assert table(two, "changes")["Regio Deal organisation"] == ["−5.0 (−5.0)"]
    regional, local = table(two, "scale-regional"), table(two, "scale-local")
    assert [text.partition(" ")[0] for text in regional["Joint arrangement"]] == ["+12.0", "+4.0"]
    assert local["Joint arrangement"] == ["0.0 (0.0)", "0.0 (0.0)"]


def test_without_a_status_quo_in_one_values_are_shown() -> None:
    found = put(job({"regiobureau": 0.03}), job(CALM, **strong()))
    assert "has the status quo to compare with" in beside.unit(found)
    assert table(found, "gains-at_once")["Regional bureau"][0].startswith("23.")
    assert moves.gained(found, found.jobs[1]).startswith("Compared with the first comparison, no design")


@pytest.fixture(scope="module", params=["nl", "en"])
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    out = tmp_path_factory.mktemp("beside")
    label = {"label_nl": "<b>Eigen</b>", "label_en": "<b>Own</b>"}
    first = job(CALM, SHARES)
    designs = tuple(
        design.model_copy(update=label) if design.name == "regiobureau" else design for design in first.config.designs
    )
    first = replace(first, config=first.config.model_copy(update={"designs": designs}))
    found = put(first, job(STORM, LESS, **strong()), lang=request.param)
    text = beside.write(found, beside.draw(found, out / "figures"), out).read_text("utf-8")
    assert sorted(path.name for path in (out / "figures").iterdir()) == [
        "beside_at_once.png", "beside_at_once.svg", "beside_vote.png", "beside_vote.svg",
    ]  # fmt: skip
    return request.param, text


def test_the_page_is_valid_self_contained_and_shows_labels_as_text(page: tuple[str, str]) -> None:
    lang, text = page
    found = Page(text)
    assert found.all("html") == [{"lang": lang}]
    assert found.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(found.headings, found.headings[1:], strict=False))
    ids = [attributes["id"] for _tag, attributes in found.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _tag, attributes in found.tags:
        for key in ("aria-labelledby", "aria-describedby"):
            assert attributes.get(key) in [None, *ids]
        if str(attributes.get("href", "")).startswith("#"):
            assert str(attributes["href"])[1:] in ids
    assert len(found.all("img")) == 2
    assert not found.all("script")
    assert not found.all("link")
    assert not found.all("b")
    assert ("&lt;b&gt;Eigen" if lang == "nl" else "&lt;b&gt;Own") in text


def test_the_page_is_in_one_language(page: tuple[str, str]) -> None:
    lang, text = page
    words = unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", text, flags=re.DOTALL))
    dutch = "Wat blijft en wat verandert" in words
    assert dutch is (lang == "nl")
    assert ("comparison" in words) is (lang == "en")
    title = re.search(r"<title>(.*?)</title>", text)
    assert title is not None
    assert ("onderstroom" if dutch else "ndercurrent strong") in title[1].replace("Onderstroom", "onderstroom")
