from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.plain import plain, shares

from bresim.rules import logit

logistic, clip, around_half = (plain(f) for f in (logit.logistic, logit.clip, logit.around_half))


@pytest.mark.parametrize(("x", "p"), [(0.0, 0.5), (math.log(3.0), 0.75), (-math.log(3.0), 0.25), (math.log(9.0), 0.9)])
def test_by_hand(x: float, p: float) -> None:
    assert logistic(x) == pytest.approx(p, rel=1e-14)


@given(st.floats(-1e300, 1e300), st.floats(-1e300, 1e300))
def test_a_chance_that_rises(x: float, y: float) -> None:
    assert 0.0 < logistic(x) <= 1.0
    assert (x <= y) <= (logistic(x) <= logistic(y))
    assert logistic(min(max(x, -30), 30)) + logistic(-min(max(x, -30), 30)) == pytest.approx(1.0)


@given(st.floats(allow_nan=False), shares)
def test_clip_and_centre(x: float, share: float) -> None:
    assert 0.0 <= clip(x) <= 1.0
    assert clip(share) == share
    assert -1.0 <= around_half(share) <= 1.0
    assert (around_half(0.0), around_half(0.5), around_half(0.75), around_half(1.0)) == (-1.0, 0.0, 0.5, 1.0)
