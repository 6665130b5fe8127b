"""Scenario discovery finds the box that was put there, and says how sure it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import bresim
from bresim.analysis.decisive import Reader, findings
from bresim.common.text import language
from bresim.plots import box as picture
from bresim.plots.style import styled
from bresim.plots.view import View
from bresim.region import load_region
from bresim.results import Result
from bresim.sensitivity import discovery


def case(count: int = 800, sharp: float = 0.95) -> tuple[pd.DataFrame, np.ndarray]:
    random = np.random.default_rng(7)
    points = pd.DataFrame(random.random((count, 6)), columns=[f"x{at}" for at in range(6)])
    inside = (points["x0"] > 0.5) & (points["x3"] < 0.6)
    return points, (inside & (random.random(count) < sharp)).to_numpy()


@pytest.mark.parametrize("method", list(discovery.METHODS))
def test_the_box_is_found_with_its_bounds(method: str) -> None:
    points, wins = case()
    box = discovery.METHODS[method](points, wins, 0.9, 0.05, 1)
    assert {"x0", "x3"} <= set(box.bounds)
    assert box.bounds["x0"][0] == pytest.approx(0.5, abs=0.06)
    assert box.bounds["x3"][1] == pytest.approx(0.6, abs=0.06)
    coverage, density, mass = box.judged(points, wins)
    assert density >= 0.9
    assert coverage > {"prim": 0.9, "cart": 0.3}[method], "a leaf of a tree is cut more often than it should"
    assert mass == pytest.approx(coverage * wins.mean() / density)
    assert all(p <= discovery.SIGNIFICANT for p in box.quasi_p.values())


def test_every_version_of_the_workbench_finds_the_same_box() -> None:
    """Versions 2 and 3 differ in what they want and in what they call what they found."""
    points, wins = case(300, 0.9)
    prim, cart = (discovery.METHODS[method](points, wins, 0.8, 0.05, 1) for method in ("prim", "cart"))
    assert list(prim.bounds) == ["x0", "x3"]
    assert np.array(list(prim.bounds.values())) == pytest.approx(
        np.array([[0.49710207, np.inf], [-np.inf, 0.65809954]])
    )
    assert prim.quasi_p == pytest.approx({"x0": 1.1131272e-17, "x3": 4.2988665e-09})
    assert list(cart.bounds) == ["x0", "x3", "x5"]
    assert np.array(list(cart.bounds.values())) == pytest.approx(
        np.array([[0.50174635, np.inf], [0.20030709, 0.59741345], [-np.inf, 0.48950690]])
    )


def test_scores_put_the_keys_that_decide_first_and_add_up() -> None:
    points, wins = case()
    scores = discovery.scores(points, wins, 1)
    assert set(list(scores)[:2]) == {"x0", "x3"}
    assert sum(scores.values()) == pytest.approx(1.0)


def test_the_same_seed_gives_the_same_and_leaves_numpys_own_numbers_alone() -> None:
    points, wins = case(200)
    before = np.random.get_state()[1]  # noqa: NPY002
    one, two = (discovery.discover(points, wins, 0.8, 0.05, 3) for _ in range(2))
    assert pd.DataFrame(one).equals(pd.DataFrame(two))
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002


@pytest.mark.parametrize("value", [True, False])
def test_a_design_that_always_or_never_wins_has_no_box(value: bool) -> None:
    points, _ = case(100)
    rows = discovery.discover(points, np.full(100, value), 0.8, 0.05, 1)
    assert [row["key"] for row in rows] == [None, None]
    assert {row["wins"] for row in rows} == {float(value)}
    assert set(discovery.scores(points, np.full(100, value), 1).values()) == {0.0}


def test_no_box_where_no_cut_leaves_enough_points() -> None:
    points, wins = case(100)
    for method in discovery.METHODS.values():
        assert method(points, wins, 1.0, 0.9, 1).bounds == {}


def test_an_outcome_that_most_points_miss_is_reported_as_missing() -> None:
    points, wins = case(100)
    names = {"outcome": "quarters_to_first_result", "design": "regiobureau", "reference": "status_quo"}
    rows = discovery.discover(points[:10], wins[:10], 0.8, 0.05, 1)
    boxes = pd.DataFrame([{**names, "statistic": "mean", **row} for row in rows])
    config = bresim.load("sensitivity", ["region=teaching", "method=discovery"])
    reader = Reader(config, load_region(config.region), language("en"))
    (text,) = findings(reader, boxes, boxes, pd.DataFrame(), boxes)
    assert text.endswith("the outcome is missing at some points, so there is nothing to compute.")


def test_a_box_made_of_noise_does_not_hold_among_unseen_points() -> None:
    points, _ = case(120)
    wins = np.random.default_rng(2).random(120) < 0.3
    rows = discovery.discover(points, wins, 0.8, 0.05, 1)
    cart = next(row for row in rows if row["found_by"] == "cart")
    assert cart["density"] > cart["unseen"] + 0.1


def test_a_picture_and_a_sentence_of_the_box(tmp_path: Path) -> None:
    points, wins = case(400)
    points = points.rename(columns={"x0": "parameters.work", "x3": "undercurrent.negativity"})
    config = bresim.load(
        "sensitivity", ["region=teaching", "method=discovery", "designs=[regiobureau,coalition_of_the_willing]"]
    )
    one, two = "regiobureau", "coalition_of_the_willing"
    names = {"outcome": "public_value_direct", "design": two, "reference": one, "statistic": "mean"}
    boxes = pd.DataFrame([{**names, **row} for row in discovery.discover(points, wins, 0.8, 0.05, 1)])
    values = {one: np.zeros(400), two: np.where(wins, 0.1, -0.1)}
    responses = pd.concat([points.assign(design=name, public_value_direct_mean=mean) for name, mean in values.items()])
    scored = pd.DataFrame([{**names, "key": key, "index": "score", "value": 0.1} for key in points.columns])
    region = load_region(config.region)
    result = Result(config=config, region=region, boxes=boxes, responses=responses, summary=scored)
    with styled():
        (figure,) = picture.draw(View(result, language("en")), Reader(config, region, language("en")), tmp_path)
    assert figure.svg.is_file()
    assert "“Coalition of the willing” does better than “Regional bureau” when" in figure.sentence
    work = "“work of an initiative, in quarters of its members' whole starting capacity” (work)"
    assert f"{work} is above" in figure.sentence
    assert "“negative collective memory” (undercurrent.negativity) is below" in figure.sentence
