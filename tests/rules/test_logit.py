from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bresim.rules import logit
from tests.rules.plain import plain

logistic = plain(logit.logistic)


@pytest.mark.parametrize(("x", "p"), [(0.0, 0.5), (math.log(3.0), 0.75), (-math.log(3.0), 0.25), (math.log(9.0), 0.9)])
def test_by_hand(x: float, p: float) -> None:
    assert logistic(x) == pytest.approx(p, rel=1e-14)


@given(st.floats(-1e300, 1e300), st.floats(-1e300, 1e300))
def test_a_chance_that_rises(x: float, y: float) -> None:
    assert 0.0 < logistic(x) <= 1.0
    assert x > y or logistic(x) <= logistic(y) * (1.0 + 4e-16)
    assert logistic(min(max(x, -30), 30)) + logistic(-min(max(x, -30), 30)) == pytest.approx(1.0)


def test_choosing_for_many_is_choosing_for_each() -> None:
    x = np.random.default_rng(1).normal(0.0, 5.0, 37)
    chances = x.copy()
    logit.choose(chances, 30)
    assert chances[:30].tolist() == [float(logistic(float(one))) for one in x[:30]]
    assert chances[30:].tolist() == x[30:].tolist()
