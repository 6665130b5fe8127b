"""The search for designs over value and price: what dominates, a small search from start to page, and the page."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import bresim
from bresim.common.errors import InputError
from experiments import pareto, pareto_page
from experiments.pareto import BASE, FIXED, OBJECTIVES, VARIABLES, Found, Settings, nondominated

PAGE = pareto_page.DOCS / "pareto.md"
TINY = Settings(population=8, generations=2, replicates=4, fresh=6, overrides=("region=teaching", "workers=2"))


def test_what_dominates_by_hand() -> None:
    values = np.array([
        [3.0, 5.0],  # the first column is best high, the second low
        [2.0, 5.0],  # less for the same: dominated by the first
        [2.0, 4.0],  # less for less: stays
        [2.0, 4.0],  # its equal stays too
        [3.0, 6.0],  # the same for more: dominated
        [9.0, 9.0],  # most for most: stays
    ])  # fmt: skip
    assert nondominated(values, np.array([1.0, -1.0])).tolist() == [True, False, True, True, False, True]
    assert nondominated(values, np.array([1.0, 1.0])).tolist() == [False, False, False, False, False, True]
    assert nondominated(np.zeros((3, 4))).tolist() == [True] * 3


def test_what_dominates_is_what_platypus_says() -> None:
    platypus = pytest.importorskip("platypus")
    values = np.random.default_rng(3).integers(0, 5, (60, 4)).astype(float)
    problem = platypus.Problem(1, 4)
    problem.directions[:] = [
        platypus.Direction.MAXIMIZE if direction > 0 else platypus.Direction.MINIMIZE for direction in pareto.DIRECTIONS
    ]
    solutions = []
    for row in values:
        solution = platypus.Solution(problem)
        solution.objectives[:] = row.tolist()
        solution.evaluated = True
        solutions.append(solution)
    theirs = {tuple(solution.objectives) for solution in platypus.nondominated(solutions)}
    mine = {tuple(row) for row in values[nondominated(values)].tolist()}
    assert mine == theirs
    assert 0 < len(mine) < 60


def test_every_variable_and_shipped_design_can_be_run() -> None:
    middle = {key: (low + high) / 2 for key, (low, high) in VARIABLES.items()}
    runs = pareto.runs_of([{**FIXED, **middle}], TINY.config(fresh=True), 2)
    assert runs["founding"].tolist() == ["at_once"] * 2 + ["vote"] * 2
    assert len(TINY.config(fresh=True).designs) == 1
    assert TINY.config(fresh=True).seed != TINY.config(fresh=False).seed


@pytest.fixture(scope="module")
def front() -> pd.DataFrame:
    pytest.importorskip("platypus")
    return pareto.search(TINY)


def test_the_search_has_its_objectives_from_evaluate(front: pd.DataFrame) -> None:
    row = front.iloc[-1]
    point = {**FIXED, **{key: float(row[key]) for key in VARIABLES}}
    config = TINY.config(fresh=False)
    founded = bresim.evaluate({**point, "founding": "at_once"}, [BASE], 4, config=config, costs=True, statistic="mean")
    voted = bresim.evaluate({**point, "founding": "vote"}, [BASE], 4, config=config, statistic="mean")
    assert row["value_searched"] == pytest.approx(founded["public_value_direct"].iloc[0])
    assert row["worst_searched"] == pytest.approx(founded["public_value_worst_municipality"].iloc[0])
    assert row["fte_searched"] == pytest.approx(founded["fte"].iloc[0])
    assert row["chance_searched"] == pytest.approx(voted["adopted"].iloc[0])
    assert nondominated(front[[f"{name}_searched" for name in OBJECTIVES]].to_numpy()).all()
    for key, (low, high) in VARIABLES.items():
        assert front[key].between(low, high).all(), key


def test_a_search_is_the_same_again_and_leaves_pythons_luck_alone(front: pd.DataFrame) -> None:
    random.seed(11)
    before = random.getstate()
    pd.testing.assert_frame_equal(pareto.search(TINY), front)
    assert random.getstate() == before


def test_a_small_search_from_start_to_page(front: pd.DataFrame, tmp_path: Path) -> None:
    found = pareto.again(front, TINY)
    assert found.references["design"].tolist() == list(pareto.REFERENCES)
    assert found.front["holds"].tolist() == nondominated(found.front[list(OBJECTIVES)].to_numpy()).tolist()
    assert (found.front["value_low"] <= found.front["value"]).all()
    pareto_page.write(found, TINY, tmp_path)
    text = (tmp_path / "pareto.md").read_text(encoding="utf-8")
    assert f"The search found {len(front)} designs" in text
    assert not re.search(r"\bnan\b", text), "every number is one"
    assert 0 < (tmp_path / "pareto.png").stat().st_size < 60_000


def _found(searched: list[float], fresh: list[float]) -> Found:
    columns: dict[str, Any] = dict.fromkeys(OBJECTIVES, fresh)
    columns |= {f"{name}_searched": searched for name in OBJECTIVES}
    # futures of the search were worse for the references by 1
    references = pd.DataFrame({name: [5.0] for name in OBJECTIVES} | {f"{name}_searched": [4.0] for name in OBJECTIVES})
    return Found(pd.DataFrame(columns), references, pd.DataFrame(), pd.DataFrame())


def test_the_winners_curse_by_hand() -> None:
    fooled = pareto_page.fooled(_found(searched=[9.0, 6.0], fresh=[7.0, 7.0]))
    # beyond the luck of −1: 9 − 7 + 1 = 3 too high for the best, 6 − 7 + 1 = 0 for the other
    assert fooled["value"] == pytest.approx((3.0, 1.5))
    assert fooled["fte"] == pytest.approx((0.0, -1.5)), "of staff, less is better"


def test_the_ends_of_a_front_by_hand() -> None:
    front = pd.DataFrame(
        {"value": [9, 1, 5, 5], "chance": [0, 1, 0.6, 0.5], "fte": [30, 20, 10, 25], "worst": [1, 2, 3, 9]}
    )
    # scaled to the front, least of the four: 0, 0, 0.25 (worst), 0.25 (fte)
    assert pareto.ends(front) == {"A": 0, "B": 1, "C": 2, "D": 3, "E": 2}


def test_without_platypus_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "platypus", None)
    with pytest.raises(InputError, match=r"Platypus is not installed; install it: pip install 'bresim\[ema\]'"):
        pareto.search(TINY)


def test_the_page_is_of_this_model_and_has_its_picture() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert f"{pareto_page.made_of(Settings())}\n" in page, "run python -m experiments.pareto"
    assert "(pareto.png)" in page
    assert 0 < PAGE.with_suffix(".png").stat().st_size < 60_000
    assert "(pareto.md)" in (pareto_page.DOCS / "README.md").read_text(encoding="utf-8")
