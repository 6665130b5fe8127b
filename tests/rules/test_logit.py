from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bresim.rules import logit
from tests.rules.plain import plain, shares

clip, around_half = plain(logit.clip), plain(logit.around_half)
logistic, exp = plain(logit.logistic), plain(logit.exp)


@pytest.mark.parametrize(("x", "p"), [(0.0, 0.5), (math.log(3.0), 0.75), (-math.log(3.0), 0.25), (math.log(9.0), 0.9)])
def test_by_hand(x: float, p: float) -> None:
    assert logistic(x) == pytest.approx(p, rel=1e-14)


@settings(deadline=None)  # the first call compiles
@given(st.floats(-1e300, 1e300), st.floats(-1e300, 1e300))
def test_a_chance_that_rises(x: float, y: float) -> None:
    assert 0.0 < logistic(x) <= 1.0
    assert x > y or logistic(x) <= logistic(y) * (1.0 + 4e-16)
    assert logistic(min(max(x, -30), 30)) + logistic(-min(max(x, -30), 30)) == pytest.approx(1.0)


@settings(deadline=None)
@given(st.floats(-700.0, 700.0))
def test_the_exponential_function(x: float) -> None:
    """Against the library's, which is right to about half a unit in the last place."""
    assert exp(x) == pytest.approx(math.exp(x), rel=2.0 * np.finfo(float).eps, abs=0.0)
    assert logit.exp(x) == exp(x), "compiled and plain give the same bits"
    assert exp(-1e300) == exp(-700.0) < 1e-300
    assert exp(1e300) == exp(700.0) < np.inf


def test_choosing_for_many_is_choosing_for_each() -> None:
    x = np.random.default_rng(1).normal(0.0, 5.0, 37)
    chances = x.copy()
    logit.choose(chances, 30)
    assert chances[:30].tolist() == [float(logistic(float(one))) for one in x[:30]]
    assert chances[30:].tolist() == x[30:].tolist()


@given(st.floats(allow_nan=False), shares)
def test_clip_and_centre(x: float, share: float) -> None:
    assert 0.0 <= clip(x) <= 1.0
    assert clip(share) == share
    assert -1.0 <= around_half(share) <= 1.0
    assert (around_half(0.0), around_half(0.5), around_half(0.75), around_half(1.0)) == (-1.0, 0.0, 0.5, 1.0)
