"""Bad region files: every problem at once, each with where, what and what to do."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bresim.common.errors import InputError
from bresim.common.paths import configs_dir
from bresim.region import load_region
from bresim.region.read import read_region_file
from bresim.region.synthetic import synthetic_mapping
from bresim.world import collaboration_arrays

TEACHING = read_region_file(configs_dir() / "region" / "teaching.yaml")
Change = Callable[[dict[str, Any]], object]


def complaint(change: Change) -> str:
    content = copy.deepcopy(TEACHING)
    change(content)
    with pytest.raises(InputError) as caught:
        load_region(content)
    return str(caught.value)


def town(content: dict[str, Any], index: int = 0) -> dict[str, Any]:
    entry: dict[str, Any] = content["municipalities"][index]
    return entry


def every(content: dict[str, Any], **values: Any) -> None:
    for theme in content["themes"].values():
        theme.update(values)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda c: c.update(thems={}), ["thems", "unknown key", "did you mean 'themes'?"]),
        (lambda c: c.pop("arenas"), ["arenas", "is missing"]),
        (lambda c: town(c).update(populaton=3), ["Torenhaven", "populaton", "did you mean 'population'?"]),
        (lambda c: town(c).update(population="many"), ["Torenhaven", "population", "'many'", "number"]),
        (lambda c: town(c).update(population=True), ["population", "true", "must be a number"]),
        (lambda c: town(c).update(population="90.000"), ["population", "at least 100", "sign between: 90000"]),
        (lambda c: c.update({1: 2}), ["1: 1 is not allowed", "put the key between quotes"]),
        (lambda c: c.update(themes=None), ["themes: is empty; write its keys below it"]),
        (lambda c: c.update(municipalities={"a": 1}), ["municipalities: this value", "or must be a list"]),
        (lambda c: town(c).update(support=1.5), ["support", "1.5", "at most 1"]),
        (lambda c: town(c).update(support=float("nan")), ["support", "nan", "finite number"]),
        (lambda c: town(c).update(border=float("inf")), ["border", "inf"]),
        (lambda c: town(c).update(latitude=123.0), ["latitude", "123.0", "90"]),
        (lambda c: town(c).pop("subregion"), ["Torenhaven", "subregion", "is missing"]),
        (lambda c: town(c).update(subregion="ouver"), ["'Torenhaven'", "'ouver'", "did you mean 'oever'?"]),
        (lambda c: town(c).update(subregion=["oever", "hoogte"]), ["exactly one subregion, not to 2"]),
        (lambda c: town(c).update(subregion="oever;hoogte"), ["exactly one subregion, not to 2"]),
        (
            lambda c: c["municipalities"].append({**town(c), "subregion": "hoogte"}),
            ["'Torenhaven'", "2 times", "2 subregions"],
        ),
        (
            lambda c: town(c).update(neighbours=["Molenkade", "Steenrug"]),
            ["'Rietwaard'", "not the other way round", "add"],
        ),
        (lambda c: town(c)["neighbours"].append("Torenhaven"), ["its own neighbour"]),
        (lambda c: town(c)["neighbours"].append("Heidekmp"), ["unknown neighbour 'Heidekmp'", "'Heidekamp'"]),
        (lambda c: c["subregions"].update(leeg="Leeg"), ["no municipality is in 'leeg'"]),
        (lambda c: [entry.update(centre=False) for entry in c["municipalities"]], ["no municipality is a centre"]),
        (lambda c: c["groups"].update(centres=["Torenhave"]), ["groups.centres", "'Torenhave'", "'Torenhaven'"]),
        (lambda c: c["groups"].update(centres=["Steenrug", "Steenrug"]), ["groups.centres", "2 times"]),
        (lambda c: c["groups"].update(centres=[]), ["groups.centres", "is empty"]),
        (lambda c: c["groups"].update(oever=["Steenrug"]), ["groups.oever", "name of a subregion"]),
        (lambda c: c["arenas"]["oever"].update(members="oevr"), ["arenas.oever.members", "'oevr'", "'oever'"]),
        (lambda c: c["arenas"]["oever"].update(scale="local"), ["arenas.oever", "scale", "'local'"]),
        (lambda c: c["arenas"].pop("region"), ["no arena 'region'"]),
        (lambda c: c["arenas"]["region"].update(members="oever"), ["arenas.region.members", "all"]),
        (
            lambda c: c["arenas"]["oever"].update(begins="2024-Q2", ends="2024-Q1"),
            ["arenas.oever: ends in 2024-Q1, before it begins in 2024-Q2", "let it end later"],
        ),
        (lambda c: c["arenas"]["oever"].update(begins="2024-Q1", ends="2024-Q1"), ["arenas.oever", "let it end later"]),
        (lambda c: c["arenas"]["oever"].update(ends="2024"), ["arenas.oever", "ends", "'2024'", "2024-Q1"]),
        (lambda c: c["arenas"]["region"].update(ends="2024-Q1"), ["arenas.region", "there through the whole run"]),
        (lambda c: c["themes"]["housing"].update(money=-0.1), ["themes.housing", "money", "-0.1"]),
        (lambda c: c["themes"]["housing"].pop("source"), ["themes.housing", "source", "is missing"]),
        (lambda c: c["themes"]["economy"]["severity"].pop("oever"), ["economy.severity", "no value for 'oever'"]),
        (lambda c: c["themes"]["economy"]["severity"].update(oevers=0.2), ["unknown subregion 'oevers'", "'oever'"]),
        (lambda c: c["themes"]["economy"]["severity"].update(oever=2), ["themes.economy", "severity", "oever", "2"]),
        (lambda c: c["themes"]["health"].update(scale={"regional": 0}), ["themes.health.scale", "all weights are 0"]),
        (lambda c: c["themes"]["health"]["scale"].update(lokal=1), ["scale.lokal", "unknown key", "'local'"]),
        (lambda c: c["themes"].update(direct=c["themes"]["health"]), ["'direct' is taken", "public_value_direct"]),
        (lambda c: c["themes"].update({"Big Theme": {}}), ["Big Theme", "lower case"]),
        (lambda c: c.update(themes={}), ["themes", "is empty"]),
        (lambda c: every(c, severity=0.0), ["themes", "the severity of every theme is 0", "above 0"]),
        (lambda c: every(c, severity={"oever": 0.0, "hoogte": 0.0}), ["the severity of every theme is 0"]),
        (lambda c: every(c, indirect_share=1.0), ["themes", "indirect_share is 1", "no direct value"]),
        (lambda c: c["collaborations"].append(c["collaborations"][0]), ["'Veiligheidsregio De Vijfhoek'", "2 times"]),
        (lambda c: c["collaborations"][0].pop("members"), ["'Veiligheidsregio De Vijfhoek'", "has no members"]),
        (lambda c: c["collaborations"][0].update(themes=["helth"]), ["unknown theme 'helth'", "'health'"]),
        (lambda c: c["collaborations"][0].update(legal_form="gr"), ["legal_form", "'gr'", "wgr_body"]),
        (lambda c: c["collaborations"][0].update(members=["Rietward"]), ["'Rietward'", "'Rietwaard'"]),
        (lambda c: c.update(municipalities=c["municipalities"][:2]), ["2 municipalities", "3 to 60"]),
        (lambda c: c.update(municipalities=["Torenhaven"]), ["municipalities[0]", "'Torenhaven'", "not a mapping"]),
        (lambda c: c.update(municipalities="nowhere.csv"), ["municipalities", "no file 'nowhere.csv'", "looked in"]),
        (lambda c: c.update(memberships="nowhere.csv"), ["memberships", "no file 'nowhere.csv'"]),
        (lambda c: c.update(boundaries="nowhere.geojson"), ["boundaries", "no file 'nowhere.geojson'"]),
        (lambda c: c.update(name="De Vijfhoek"), ["name", "'De Vijfhoek'", "lower case letters"]),
        (lambda c: town(c).update(council_seats=1e308), ["council_seats", "at most 1000000000"]),
        (lambda c: c["themes"]["health"].update(weight=1e308), ["weight", "at most 1000000000"]),
        (lambda c: town(c)["neighbours"].append("Steenrug"), ["'Torenhaven'", "'Steenrug' occurs 2 times", "2 times"]),
    ],
)  # fmt: skip
def test_one_mistake(change: Change, words: list[str]) -> None:
    text = complaint(change)
    for word in words:
        assert word in text
    assert "region 'teaching'" in text or "name" in text


def test_all_problems_at_once() -> None:
    def change(content: dict[str, Any]) -> None:
        town(content).update(support=7, populaton=1)
        content["themes"]["health"]["money"] = "free"
        content["arenas"]["oever"]["institutoin"] = "x"
        content["collaborations"][0]["themes"] = ["helth"]
        content["collaborations"][1]["scale"] = "galactic"
        content["foo"] = 1  # what is wrong at the top hides nothing
        content["subregions"] = ["oever"]
        del content["label_en"]

    text = complaint(change)
    for word in ("support", "populaton", "money", "institutoin", "galactic", "foo", "subregions", "label_en"):
        assert word in text
    assert "unknown subregion" not in text
    assert len(text.splitlines()) >= 5


def test_all_problems_of_a_kind_are_reported() -> None:
    text = complaint(lambda c: [entry.update(support=-1) for entry in c["municipalities"]])
    assert text.count("support") == 5


def test_too_many_municipalities() -> None:
    content = synthetic_mapping(60)
    extra = {**content["municipalities"][0], "name": "Town 61", "neighbours": []}
    content["municipalities"].append(extra)
    with pytest.raises(InputError, match="61 municipalities; a region has 3 to 60"):
        load_region(content)


def test_unknown_region() -> None:
    with pytest.raises(InputError, match="unknown region 'zuid_limbrug'; did you mean 'zuid_limburg'"):
        load_region("zuid_limbrug")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "is empty"),
        (b"# nothing\n", "is empty"),
        (b"just words\n", "not a mapping"),
        (b"- a\n- b\n", "not a mapping"),
        (b"name: [unclosed\n", "is not valid YAML"),
        (b"name: a\nname: b\n", "is not valid YAML"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"name: ${nowhere}\n", "name: refers to something else"),
    ],
)
def test_unreadable_files(tmp_path: Path, text: bytes, words: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes(text)
    with pytest.raises(InputError, match=r"mine\.yaml") as caught:
        load_region(path)
    assert words in str(caught.value)


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("name: x\n")
    with pytest.raises(InputError, match=r"did you mean 'mine\.yaml'"):
        load_region(tmp_path / "mien.yaml")
    with pytest.raises(InputError, match="cannot be read"):
        load_region(tmp_path / "none" / "mine.yaml")


def test_an_unknown_statistic_or_subject(tmp_path: Path) -> None:
    table = tmp_path / "published.csv"
    table.write_text("statistic,subject,value,source\ncollaboration,,1,me\ncollaborations_of,Torenhave,1,me\n")
    text = complaint(lambda c: c.update(published=str(table)))
    assert "unknown statistic 'collaboration'; did you mean 'collaborations'?" in text
    assert "did you mean 'Torenhaven'?" in text


def test_a_table_with_another_separator_is_one_problem(tmp_path: Path) -> None:
    for sign, name in ((";", "semicolons"), ("\t", "tabs")):
        table = tmp_path / "towns.csv"
        table.write_text(sign.join(["name", "subregion", "population"]) + "\n" + sign.join("abc") + "\n" * 20)
        for key in ("municipalities", "memberships"):
            change = {key: str(table)}
            (text,) = complaint(lambda c, change=change: c.update(change)).splitlines()
            assert f"towns.csv: separates its columns by {name}; save it as CSV with commas" in text


def test_no_collaborations_at_all() -> None:
    region = load_region({**TEACHING, "collaborations": []})
    assert {name: array.shape for name, array in collaboration_arrays(region).items()}["contact"] == (1, 5, 5)
