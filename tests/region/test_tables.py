"""Regions with tables beside the file, of any size, found in any place."""

from __future__ import annotations

import copy
import csv
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from hydra import compose, initialize_config_dir

from bresim.common.errors import InputError
from bresim.common.paths import configs_dir
from bresim.config import load
from bresim.region import Region, load_region
from bresim.region.read import read_region_file
from bresim.region.synthetic import synthetic_mapping
from tests.fixtures.regions import synthetic_region

TEACHING = read_region_file(configs_dir() / "region" / "teaching.yaml")


def cell(value: Any) -> str:
    return ";".join(value) if isinstance(value, list) else str(value).lower() if isinstance(value, bool) else str(value)


def table(path: Path, entries: list[dict[str, Any]]) -> None:
    columns = list(dict.fromkeys(key for entry in entries for key in entry))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([[cell(entry[key]) if key in entry else "" for key in columns] for entry in entries])


def same(one: Region, other: Region) -> None:
    assert one.names == other.names
    assert one.collaborations == other.collaborations
    for name in ("population", "centre", "neighbours", "memberships", "support", "border"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


@pytest.fixture
def tabled(tmp_path: Path) -> Path:
    """The teaching region with its municipalities and collaborations in tables."""
    content = copy.deepcopy(TEACHING)
    table(tmp_path / "towns.csv", content["municipalities"])
    table(tmp_path / "works.csv", content["collaborations"])
    content |= {"municipalities": "towns.csv", "collaborations": "works.csv"}
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return path


def test_tables_and_lists_give_the_same_region(tabled: Path) -> None:
    same(load_region(tabled), load_region("teaching"))


def test_tables_of_a_composed_mapping(tabled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = read_region_file(tabled)
    with pytest.raises(InputError, match=r"no file 'towns\.csv'"):
        load_region(content)
    same(load_region(content, base=tmp_path), load_region("teaching"))
    same(load_region({**content, "folder": str(tmp_path)}), load_region("teaching"))
    monkeypatch.chdir(tmp_path)
    same(load_region(content), load_region("teaching"))


def test_the_folder_of_a_file_is_seen_from_the_file(
    tabled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tabs").mkdir()
    for name in ("towns.csv", "works.csv"):
        rows = (tmp_path / name).read_text(encoding="utf-8")
        (tmp_path / "tabs" / name).write_text(rows.replace(",25000,", ",26000,"), encoding="utf-8")
    assert ",26000," in (tmp_path / "tabs" / "towns.csv").read_text(encoding="utf-8")
    content = read_region_file(tabled) | {"folder": "tabs", "name": "mine"}
    tabled.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    for cwd in (tmp_path, tmp_path.parent):  # from wherever it is asked for, and before what lies beside the file
        monkeypatch.chdir(cwd)
        composed = load_region(load("region", [f"region={tabled}"]).region)
        same(load_region(tabled), composed)
        assert 26000 in composed.population
    tabled.write_text(tabled.read_text(encoding="utf-8").replace("folder: tabs", "folder: none"), encoding="utf-8")
    for ask in (lambda: load_region(tabled), lambda: load("region", [f"region={tabled}"])):
        with pytest.raises(InputError, match=r"folder: there is no folder .*none'; give it as seen from the file"):
            ask()


def test_a_region_in_a_folder_of_the_user(tabled: Path, tmp_path: Path) -> None:
    home = tmp_path / "conf" / "region"
    home.mkdir(parents=True)
    for name in ("mine.yaml", "towns.csv", "works.csv"):
        (home / name).write_bytes((tmp_path / name).read_bytes())
    same(load_region("mine", search=[tmp_path / "conf"]), load_region("teaching"))


def test_hydra_composes_a_region_and_its_overrides() -> None:
    with initialize_config_dir(str(configs_dir() / "region"), version_base="1.3"):
        content = compose("zuid_limburg", overrides=["themes.housing.money=0.1"])
    region = load_region(content)
    assert region.themes[0].money == 0.1
    assert region.memberships.shape[1:] == (124, 16)


def memberships(region: Region, solutions: int = 2) -> pd.DataFrame:
    frame = pd.DataFrame(np.tile(region.memberships[0], (solutions, 1)), columns=list(region.names)).astype(int)
    frame.insert(0, "collaboration", [work.name for work in region.collaborations] * solutions)
    frame.insert(0, "solution", np.repeat(np.arange(solutions), len(region.collaborations)))
    return frame


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_table_of_memberships(tmp_path: Path, suffix: str) -> None:
    region = load_region("teaching")
    frame = memberships(region).sample(frac=1.0, random_state=1)  # the order of rows does not matter
    path = tmp_path / f"memberships.{suffix}"
    frame.to_parquet(path) if suffix == "parquet" else frame.to_csv(path, index=False)
    found = load_region({**TEACHING, "memberships": str(path)})
    assert found.memberships.shape == (2, 11, 5)
    np.testing.assert_array_equal(found.memberships[1], region.memberships[0])


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("Torenhaven", 0, "the members of 'Veiligheidsregio De Vijfhoek' differ"),
        ("Torenhaven", 2, "neither 0 nor 1"),
        ("collaboration", "GGD De Vijfhoe", "unknown collaboration 'GGD De Vijfhoe'; did you mean 'GGD De Vijfhoek'?"),
        ("collaboration", "GGD De Vijfhoek", "exactly one row"),
    ],
)
def test_bad_memberships(tmp_path: Path, column: str, value: Any, words: str) -> None:
    frame = memberships(load_region("teaching"))
    frame.loc[0, column] = value
    path = tmp_path / "memberships.csv"
    frame.to_csv(path, index=False)
    with pytest.raises(InputError) as caught:
        load_region({**TEACHING, "memberships": str(path)})
    assert words in str(caught.value)


def test_memberships_with_other_columns(tmp_path: Path) -> None:
    path = tmp_path / "memberships.csv"
    memberships(load_region("teaching")).rename(columns={"Torenhaven": "Torenhave"}).to_csv(path, index=False)
    with pytest.raises(InputError, match="no column 'Torenhaven'") as caught:
        load_region({**TEACHING, "memberships": str(path)})
    assert "'Torenhave' that is no municipality" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "has no rows"),
        ("name,subregion\n", "has no rows"),
        ("name,name\na,b\n", "occurs twice in the header"),
        ("name,subregion\na\n", "line 2: has 1 cells, the header has 2"),
        ('name,subregion\n"a,b\n', "cannot be read"),
    ],
)
def test_bad_tables(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "towns.csv"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        load_region({**TEACHING, "municipalities": str(path)})
    assert words in str(caught.value)


def test_an_error_in_a_table_names_its_line(tabled: Path, tmp_path: Path) -> None:
    path = tmp_path / "towns.csv"
    path.write_text(path.read_text().replace("12000", "a lot"))
    with pytest.raises(InputError, match=r"towns.csv line 4 \(Rietwaard\): population: 'a lot' is not allowed"):
        load_region(tabled)


@pytest.mark.parametrize("size", [3, 4, 5, 16, 31, 60])
@pytest.mark.parametrize("subregions", [1, 2, 3])
def test_any_size(size: int, subregions: int) -> None:
    region = synthetic_region(size, subregions, seed=size)
    assert region.size == size
    assert len(region.subregions) == subregions
    assert len(region.arenas) == 1 + subregions
    assert region.memberships.any(axis=2).all()
    assert region.centre.sum() == subregions
    assert ((region.severity >= 0) & (region.severity <= 1)).all()


def test_synthetic_regions_are_reproducible_and_differ() -> None:
    same(synthetic_region(9, 2, seed=4), synthetic_region(9, 2, seed=4))
    assert synthetic_mapping(9, 2, seed=4) != synthetic_mapping(9, 2, seed=5)
    own = load_region({"name": "own", "label_en": "Ours", "synthetic": {"n": 9}})
    assert (own.label_en, own.size) == ("Ours", 9)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"n": 2}, "synthetic: n: 2 is not allowed; must be at least 3"),
        ({"n": 61}, "must be at most 60"),
        ({"n": 9, "subregions": 10}, "10 subregions need as many municipalities, not 9"),
        ({"n": 9, "sed": 1}, "did you mean 'seed'"),
        ({}, "synthetic: n: is missing"),
        (None, "synthetic: is empty"),
    ],
)
def test_what_a_synthetic_region_cannot_be(asked: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_region({"name": "synthetic", "synthetic": asked})


def test_a_region_without_collaborations() -> None:
    region = load_region({**TEACHING, "collaborations": []})
    assert region.memberships.shape == (1, 0, 5)
