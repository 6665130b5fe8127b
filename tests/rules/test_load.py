from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.plain import plain, shares

from bresim.rules import load

capacity, work = plain(load.execution_capacity), plain(load.collaboration_work)


def test_by_hand() -> None:
    assert capacity(7.0, 1.0, 1.18) == 7.0
    assert capacity(2.0, 4.0, 1.5) == pytest.approx(16.0)
    # 0.05 x ((4 + 1.4 x 5) + 0.5 x (10 + 1.4 x 10))
    assert work(0.05, 1.4, 10.0, 10.0, 4.0, 5.0, 0.5) == pytest.approx(1.15)


@given(st.floats(0.1, 30.0), st.floats(1.08, 1.3))
def test_small_municipalities_have_less_for_each_inhabitant(size: float, exponent: float) -> None:
    assert capacity(7.0, 2.0 * size, exponent) > 2.0 * capacity(7.0, size, exponent)


@given(shares, st.floats(1.0, 2.0), st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), shares)
def test_only_voluntary_work_can_be_thinned(
    fte: float, body: float, light: int, bodies: int, mandatory: int, kept: float
) -> None:
    x = work(fte, body, light, bodies, mandatory, 0, kept)
    assert fte * mandatory - 1e-9 <= x <= work(fte, body, light, bodies, mandatory, 0, 1.0) + 1e-9
