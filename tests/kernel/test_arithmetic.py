"""Arithmetic of our own, beside the library's."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bresim.kernel import arithmetic
from tests.rules.plain import plain, shares

clip, around_half, exp = plain(arithmetic.clip), plain(arithmetic.around_half), plain(arithmetic.exp)


@settings(deadline=None)
@given(st.floats(-700.0, 700.0))
def test_the_exponential_function(x: float) -> None:
    """Against the library's, which is right to about half a unit in the last place."""
    assert exp(x) == pytest.approx(math.exp(x), rel=2.0 * np.finfo(float).eps, abs=0.0)
    assert arithmetic.exp(x) == exp(x), "compiled and plain give the same bits"
    assert exp(-1e300) == exp(-700.0) < 1e-300
    assert exp(1e300) == exp(700.0) < np.inf


@given(st.floats(allow_nan=False), shares)
def test_clip_and_centre(x: float, share: float) -> None:
    assert 0.0 <= clip(x) <= 1.0
    assert clip(share) == share
    assert -1.0 <= around_half(share) <= 1.0
    assert (around_half(0.0), around_half(0.5), around_half(0.75), around_half(1.0)) == (-1.0, 0.0, 0.5, 1.0)
