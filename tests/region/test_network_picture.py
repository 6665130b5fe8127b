"""The network on the map: nothing overlaps, strong ties are dark, words are in the reader's language."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from bresim.plots import network
from bresim.plots.cartogram import cartogram, places
from bresim.region import Region, load_region
from bresim.region.statistics import shared_collaborations
from tests.fixtures.regions import synthetic_region


def regions() -> list[Region]:
    return [load_region("zuid_limburg"), load_region("teaching"), *(synthetic_region(n, 3, n) for n in (3, 16, 60))]


def draw(region: Region, out: Path, **options: object) -> tuple[Path, Path]:
    weights = shared_collaborations(region).mean(axis=0)
    given = {"title": "Netwerk", "legend": "gedeeld", "path_stem": out / "net", **options}
    return network.draw_network(region, weights, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("index", range(5))
def test_circles_do_not_overlap_and_stay_near_home(index: int) -> None:
    region = regions()[index]
    centre, radius = cartogram(region)
    distance = np.hypot(*(centre[:, None, :] - centre[None, :, :]).transpose(2, 0, 1))
    np.fill_diagonal(distance, np.inf)
    assert (distance >= (radius[:, None] + radius[None, :]) * 0.999).all()
    np.testing.assert_allclose(radius**2 / region.population, (radius**2 / region.population)[0])
    moved = np.hypot(*(centre - places(region)).T)
    assert moved.max() < 0.5 * np.ptp(places(region), axis=0).max()


def test_municipalities_at_one_place_part() -> None:
    region = load_region("teaching")
    object.__setattr__(region, "latitude", np.zeros(5))
    object.__setattr__(region, "longitude", np.zeros(5))
    centre, radius = cartogram(region)
    assert np.isfinite(centre).all()
    assert np.isfinite(radius).all()


def test_places_are_kilometres() -> None:
    region = load_region("zuid_limburg")
    at = dict(zip(region.names, places(region), strict=True))
    assert np.hypot(*(at["Maastricht"] - at["Heerlen"])) == pytest.approx(19.5, abs=1.0)
    assert at["Sittard-Geleen"][1] > at["Vaals"][1]  # north
    assert at["Kerkrade"][0] > at["Maastricht"][0]  # east


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """Figures just before they are saved."""
    kept: list[Figure] = []
    save = network.save

    def keep(figure: Figure, out: Path, name: str, **told: Any) -> tuple[Path, Path]:
        kept.append(figure)
        return save(figure, out, name, **told)

    monkeypatch.setattr(network, "save", keep)
    return kept


@pytest.fixture
def slides(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """Wide forms just before they are saved."""
    kept: list[Figure] = []
    save = network.save

    def keep(figure: Figure, out: Path, name: str, *, slide: Figure, **told: Any) -> tuple[Path, Path]:
        kept.append(slide)
        return save(figure, out, name, slide=slide, **told)

    monkeypatch.setattr(network, "save", keep)
    return kept


def names_of(figure: Figure, region: Region) -> list[Text]:
    texts = [
        text for text in figure.axes[0].texts if text.get_text().replace("\n", " ").replace("- ", "-") in region.names
    ]
    assert len(texts) == region.size
    return texts


@pytest.mark.parametrize("which", ["zuid_limburg", "teaching"])
def test_names_do_not_overlap(which: str, drawn: list[Figure], slides: list[Figure], tmp_path: Path) -> None:
    region = load_region(which)
    draw(region, tmp_path)
    for figure in (drawn[0], slides[0]):
        boxes = [text.get_window_extent() for text in names_of(figure, region)]
        for one, other in itertools.combinations(boxes, 2):
            assert not one.overlaps(other)
        frame = figure.bbox
        for box in boxes:
            assert frame.x0 <= box.x0 < box.x1 <= frame.x1
            assert frame.y0 <= box.y0 < box.y1 <= frame.y1


def test_the_strongest_tie_is_darkest_thickest_and_on_top(drawn: list[Figure], tmp_path: Path) -> None:
    region = load_region("teaching")
    weights = np.zeros((5, 5))
    weights[1, 3] = weights[3, 1] = 9.0
    weights[0, 2] = 4.0  # one way only: counts for half
    weights[4, :] = np.nan
    network.draw_network(region, weights, title="t", legend="l", path_stem=tmp_path / "net")
    lines = drawn[0].axes[0].collections[0]
    assert len(lines.get_paths()) == 6  # pairs of the four that are known
    widths, brightness = np.asarray(lines.get_linewidths()), np.asarray(lines.get_colors())[:, :3].mean(axis=1)
    assert widths.argmax() == brightness.argmin() == 5
    assert (np.diff(widths) >= 0).all()
    assert (np.diff(brightness) <= 1e-12).all()
    centre, _ = cartogram(region)
    np.testing.assert_allclose(lines.get_paths()[5].vertices, centre[[1, 3]])
    assert widths[4] == pytest.approx(float(network.width_of(np.array([2.0 / 9.0]), 5)[0]))


def test_limits_make_pictures_comparable(drawn: list[Figure], tmp_path: Path) -> None:
    region = load_region("teaching")
    for level in (0.2, 0.8):
        weights = np.full((5, 5), level)
        network.draw_network(region, weights, title="t", legend="l", path_stem=tmp_path / "net", limits=(0.0, 1.0))
    low, high = (figure.axes[0].collections[0].get_linewidths()[0] for figure in drawn)
    assert low < high


@pytest.mark.parametrize(
    ("lang", "word", "number"), [("nl", "centrumgemeente", "0,50"), ("en", "centre municipality", "0.50")]
)
def test_words_in_the_readers_language(lang: str, word: str, number: str, tmp_path: Path) -> None:
    region = load_region("zuid_limburg")
    svg, png = network.draw_network(
        region, np.eye(16) + 0.5, title="Wie vertrouwt wie", legend="trust", path_stem=tmp_path / "net", lang=lang
    )
    text = svg.read_text(encoding="utf-8")
    assert word in text
    assert number in text
    assert "Wie vertrouwt wie" in text.split("</metadata>")[0], "the page has its own title"
    assert "Wie vertrouwt wie" not in text.split("</metadata>")[1]
    for label in region.subregion_labels:
        assert label in text
    assert png.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_the_same_picture_twice(tmp_path: Path) -> None:
    region = load_region("teaching")
    (tmp_path / "b").mkdir()
    one, other = draw(region, tmp_path), draw(region, tmp_path / "b")
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in other]


@pytest.mark.parametrize("index", range(5))
def test_any_size_draws(index: int, tmp_path: Path) -> None:
    svg, png = draw(regions()[index], tmp_path)
    assert svg.stat().st_size > 1_000
    assert png.stat().st_size > 10_000


def test_boundaries_of_the_user(tmp_path: Path, drawn: list[Figure]) -> None:
    region = load_region("teaching")
    features = []
    for name, east, north in zip(region.names, region.longitude, region.latitude, strict=True):
        ring = [
            [east - 0.05, north - 0.05],
            [east + 0.05, north - 0.05],
            [east, north + 0.05],
            [east - 0.05, north - 0.05],
        ]
        features.append({"properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": [ring]}})
    path = tmp_path / "b.geojson"
    path.write_text(json.dumps({"features": features}))
    draw(region, tmp_path, boundaries=path)
    shapes = [patch for patch in drawn[0].axes[0].patches if len(patch.get_path().vertices) == 4]
    assert len(shapes) == 5
    names_of(drawn[0], region)


def test_weights_of_another_shape(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"weights must be \(5, 5\)"):
        network.draw_network(load_region("teaching"), np.zeros((4, 4)), title="", legend="", path_stem=tmp_path / "n")
