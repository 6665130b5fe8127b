"""GeoJSON files that users give."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bresim.common.errors import InputError
from bresim.common.paths import configs_dir
from bresim.region import load_region
from bresim.region.boundaries import read_boundaries
from bresim.region.read import read_region_file

TEACHING = read_region_file(configs_dir() / "region" / "teaching.yaml")
NAMES = [town["name"] for town in TEACHING["municipalities"]]


def square(east: float, north: float, size: float = 0.04) -> list[list[float]]:
    return [[east, north], [east + size, north], [east + size, north + size], [east, north + size], [east, north]]


def collection(key: str = "gemeentenaam") -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"id": index, key: town["name"]},
                "geometry": {"type": "Polygon", "coordinates": [square(town["longitude"], town["latitude"])]},
            }
            for index, town in enumerate(TEACHING["municipalities"])
        ],
    }


def write(path: Path, content: Any) -> Path:
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def complaint(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_boundaries(path, NAMES)
    return str(caught.value)


def test_the_name_may_stand_in_any_property(tmp_path: Path) -> None:
    content = collection("statnaam")
    content["features"][0]["geometry"] = {"type": "MultiPolygon", "coordinates": [[square(0, 0)], [square(1, 1)]]}
    shapes = read_boundaries(write(tmp_path / "b.geojson", content), NAMES)
    assert list(shapes) == NAMES
    assert [len(rings) for rings in shapes.values()] == [2, 1, 1, 1, 1]
    assert shapes[NAMES[1]][0].shape == (5, 2)


def test_codes_do_too(tmp_path: Path) -> None:
    content = collection()
    for index, feature in enumerate(content["features"]):
        feature["properties"] = {"statcode": f"GM{index}"}
    shapes = read_boundaries(write(tmp_path / "b.geojson", content), NAMES, [f"GM{index}" for index in range(5)])
    assert list(shapes) == NAMES


def test_more_municipalities_than_the_region_has(tmp_path: Path) -> None:
    content = collection()
    content["features"].append({"properties": {"gemeentenaam": "Elsewhere"}, "geometry": None})
    assert list(read_boundaries(write(tmp_path / "b.geojson", content), NAMES)) == NAMES


def test_a_name_that_is_missing(tmp_path: Path) -> None:
    content = collection()
    content["features"][2]["properties"]["gemeentenaam"] = "Rietward"
    text = complaint(write(tmp_path / "b.geojson", content))
    assert "has no boundary for 'Rietwaard'; did you mean 'Rietward'?" in text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"type": "Point"}, "not a GeoJSON FeatureCollection"),
        ([1, 2], "not a GeoJSON FeatureCollection"),
        ({"features": []}, "names none"),
        ({"features": [{"properties": ["naam"]}]}, "not a GeoJSON FeatureCollection"),
        ({"features": [{"properties": {"name": "Elsewhere"}}]}, "names none"),
    ],
)
def test_other_json(tmp_path: Path, content: Any, words: str) -> None:
    assert words in complaint(write(tmp_path / "b.geojson", content))


def test_unreadable_files(tmp_path: Path) -> None:
    path = tmp_path / "b.geojson"
    assert "cannot be read" in complaint(path)
    path.write_text("{not json")
    assert "not valid JSON" in complaint(path)
    path.write_bytes(b"\xff\xfe\xff")
    assert "not valid JSON" in complaint(path)
    path.write_text("[" * 100_000)
    assert "not valid JSON" in complaint(path)


def test_shapes_that_are_none(tmp_path: Path) -> None:
    content = collection()
    content["features"][0]["geometry"] = {"type": "Point", "coordinates": [0, 0]}
    content["features"][1]["geometry"] = {"type": "Polygon", "coordinates": [[["a", "b"]]]}
    text = complaint(write(tmp_path / "b.geojson", content))
    assert text.count("is no polygon") == 2


def test_another_projection(tmp_path: Path) -> None:
    content = collection()
    content["features"][0]["geometry"]["coordinates"] = [square(185_000, 320_000, 1_000)]
    assert "EPSG:4326" in complaint(write(tmp_path / "b.geojson", content))


def test_they_are_checked_when_the_region_is_loaded(tmp_path: Path) -> None:
    path = write(tmp_path / "b.geojson", collection())
    assert load_region({**TEACHING, "boundaries": str(path)}).boundaries == str(path)
    path.write_text("{}")
    with pytest.raises(InputError, match="FeatureCollection"):
        load_region({**TEACHING, "boundaries": str(path)})


@pytest.mark.parametrize(("shift", "swap", "hint"), [(0.0, True, "longitude first"), (9.0, False, "the right file")])
def test_shapes_that_lie_elsewhere(tmp_path: Path, shift: float, swap: bool, hint: str) -> None:
    region = load_region("zuid_limburg")
    features = []
    for name, east, north in zip(region.names, region.longitude, region.latitude, strict=True):
        ring = [point[::-1] if swap else point for point in square(float(east) + shift, float(north))]
        features.append({"properties": {"naam": name}, "geometry": {"type": "Polygon", "coordinates": [ring]}})
    path = write(tmp_path / "b.geojson", {"type": "FeatureCollection", "features": features})
    places = list(zip(region.longitude, region.latitude, strict=True))
    with pytest.raises(InputError, match=f"16 of 16 boundaries lie elsewhere.*{hint}"):
        read_boundaries(path, region.names, places=places)
