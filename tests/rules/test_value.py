from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.plain import plain, shares

from bresim.rules import value

closed, coverage = plain(value.closed), plain(value.coverage_effect)


def test_by_hand() -> None:
    assert closed(0.2, 0.25) == pytest.approx(0.4)
    assert closed(0.0, 0.19) == 0.19
    assert coverage(0.25, 1.5) == pytest.approx(0.125)
    assert coverage(0.0, 1.3) == 0.0
    assert coverage(1.0, 1.3) == 1.0


@given(shares, shares, st.floats(1.0, 1.8))
def test_bounds_and_directions(realised: float, share: float, exponent: float) -> None:
    assert realised - 1e-12 <= closed(realised, share) <= 1.0 + 1e-12
    # closing twice brings less than twice as much
    assert (
        closed(closed(realised, share), share) - closed(realised, share) <= closed(realised, share) - realised + 1e-12
    )
    assert 0.0 <= coverage(share, exponent) <= share + 1e-12, (
        "a part of the inhabitants never yields more than its part"
    )
    assert coverage(share, 1.8) <= coverage(share, exponent) + 1e-12
