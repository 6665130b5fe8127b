from __future__ import annotations

import pytest
from hypothesis import given

from bresim.rules import interest
from tests.rules.plain import plain, shares

effective, kappa_in, importance = (
    plain(f) for f in (interest.effective_interest, interest.parochialism_in, interest.importance)
)


def test_by_hand() -> None:
    assert effective(0.2, 0.8, 0.25, 0.0) == pytest.approx(0.65)
    assert effective(0.2, 0.8, 0.25, 0.5) == pytest.approx(0.625)  # half of the own stake lands elsewhere
    assert effective(1.0, 0.0, 1.0, 0.4) == pytest.approx(0.6)
    assert kappa_in(0.6, 0.5, False) == 0.6
    assert kappa_in(0.6, 0.5, True) == pytest.approx(0.3), "within one subregion"
    assert importance(0.5, 0.4) == pytest.approx(0.2)


@given(shares, shares, shares, shares)
def test_shares_stay_shares(own: float, shared: float, kappa: float, elsewhere: float) -> None:
    x = effective(own, shared, kappa, elsewhere)
    assert 0.0 <= x <= max(own, shared) + 1e-12
    assert effective(own, shared, 0.0, elsewhere) == shared, "without parochialism the whole counts"
    assert effective(own, shared, kappa, 1.0) <= x + 1e-12 <= effective(own, shared, kappa, 0.0) + 2e-12
    assert 0.0 <= kappa_in(kappa, own, True) <= kappa_in(kappa, own, False) == kappa
