from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bresim.kernel.state import CLOSED, FALLBACK, REGIONAL, SUBREGIONAL
from bresim.rules import divide
from tests.rules.plain import changes, interpreted, plain, shares

target, inequality = plain(divide.target), plain(divide.carrying_inequality)


def test_by_hand() -> None:
    assert target(0.6, 0.5, 0.6, 0.5, 0.2) == pytest.approx(0.48)  # 0.6 x (0.5 + 0.2 + 0.1)
    assert target(1.0, 0.8, 0.0, 0.8, 1.0) == 1.0
    assert inequality(0.3, 0.1) == pytest.approx(0.5)
    assert inequality(0.0, 0.0) == 0.0


@given(shares, shares, shares, shares, shares)
def test_directions(cleavage: float, say: float, equal: float, weight: float, unequal: float) -> None:
    x = target(cleavage, say, equal, weight, unequal)
    assert 0.0 <= x <= 1.0
    assert target(cleavage, say, 1.0, weight, unequal) <= x + 1e-12
    assert target(cleavage, say, equal, weight, 0.0) <= x + 1e-12
    assert target(0.0, say, equal, weight, unequal) == 0.0


@given(st.floats(0.0, 10.0), st.floats(0.0, 10.0))
def test_inequality(first: float, second: float) -> None:
    assert 0.0 <= inequality(first, second) <= 1.0
    assert inequality(first, second) == inequality(second, first)
    assert inequality(first, first) == 0.0


def _quarter(
    centre: list[bool],
    say: tuple[float, ...] = (0.5,),
    scale: tuple[int, ...] = (REGIONAL,),
    closed: tuple[int, ...] = (),
) -> SimpleNamespace:
    """Three municipalities that used 0.4, 0 and 0.1 of their capacity this quarter; arenas with this say and scale."""
    s = SimpleNamespace(
        region=SimpleNamespace(divide=0.2, cleavage=0.8), institution=[SimpleNamespace(equal_say=one) for one in say],
        arena_slot=np.array([CLOSED if a in closed else FALLBACK for a in range(len(say))]),
        used=np.array([4.0, 0.0, 1.0]), capacity=np.full(3, 10.0), recent_effort=np.array([0.2, 0.2, 0.1]),
    )  # fmt: skip
    p = SimpleNamespace(results_memory=0.5, divide_say=0.4, divide_carrying=0.3, divide_rate=0.25)
    with interpreted(divide), changes(s, "region.divide", "recent_effort"):
        divide.update(s, SimpleNamespace(centre=np.array(centre), arena_scale=scale), p, 9)
    return s


def test_the_divide_moves_to_its_goal() -> None:
    s = _quarter([True, False, False])
    assert s.recent_effort == pytest.approx([0.3, 0.1, 0.1])
    goal = 0.8 * (0.5 + 0.4 * 0.5 + 0.3 * 0.5)  # carrying differs by 0.2 of 0.4
    assert s.region.divide == pytest.approx(0.2 + 0.25 * (goal - 0.2))


@pytest.mark.parametrize("centre", [[True] * 3, [False] * 3])
def test_carrying_does_not_count_where_there_is_one_group_only(centre: list[bool]) -> None:
    assert _quarter(centre).region.divide == pytest.approx(0.2 + 0.25 * (0.8 * 0.7 - 0.2))


@pytest.mark.parametrize(
    ("say", "scale", "closed", "equal"),
    [
        ((0.4, 0.8), (REGIONAL, REGIONAL), (), 0.6),  # the mean of two tables of the region
        ((0.8, 0.4), (REGIONAL, REGIONAL), (), 0.6),
        ((0.4, 0.8), (REGIONAL, REGIONAL), (1,), 0.4),  # the second is not there
        ((0.4, 0.8), (REGIONAL, SUBREGIONAL), (), 0.4),  # or is that of a subregion
        ((0.3, 1.0, 0.9), (REGIONAL, SUBREGIONAL, REGIONAL), (), 0.6),
    ],
)
def test_say_is_the_mean_of_the_tables_of_the_region(
    say: tuple[float, ...], scale: tuple[int, ...], closed: tuple[int, ...], equal: float
) -> None:
    goal = 0.8 * (0.5 + 0.4 * (1.0 - equal))
    assert _quarter([True] * 3, say, scale, closed).region.divide == pytest.approx(0.2 + 0.25 * (goal - 0.2))
