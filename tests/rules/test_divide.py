from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bresim.rules import divide
from tests.rules.plain import plain, shares

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
