from __future__ import annotations

import pytest
from hypothesis import given

from bresim.rules import initial
from tests.rules.plain import plain, shares

own_interest = plain(initial.own_interest)


def test_by_hand() -> None:
    assert own_interest(0.6, 0.0, 0.0, 0.0, 0.9) == pytest.approx(0.6)
    assert own_interest(0.6, 0.5, 0.0, 0.0, 0.9) == pytest.approx(0.75)
    assert own_interest(0.6, 0.5, 0.25, 1.0, 0.9) == pytest.approx(0.5)  # half of 0.75 + 0.25
    assert own_interest(0.6, 0.5, 0.25, 0.4, 0.9) == pytest.approx(0.65)


@given(shares, shares, shares, shares, shares)
def test_a_stake_is_a_share_and_rises_with_what_concerns_one(
    severity: float, contention: float, border: float, cross: float, u: float
) -> None:
    x = own_interest(severity, contention, border, cross, u)
    assert 0.0 <= x <= 1.0 + 1e-12
    assert own_interest(1.0, contention, border, cross, u) >= x - 1e-12
    assert own_interest(severity, contention, 1.0, cross, u) >= x - 1e-12
