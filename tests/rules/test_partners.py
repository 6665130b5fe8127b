from __future__ import annotations

import pytest
from hypothesis import given

from bresim.rules import partners
from tests.rules.plain import plain, shares

gained, lost = plain(partners.gained), plain(partners.lost)


def test_by_hand() -> None:
    assert gained(0.6, 0.1, 0.5, 0.0) == pytest.approx(0.62)
    assert gained(0.6, 0.1, 0.5, 2.0) == pytest.approx(0.64)
    assert lost(0.6, 0.1, 0.5) == pytest.approx(0.57)


@given(shares, shares, shares, shares)
def test_bounds_and_ownership(trust: float, gain: float, share: float, seats: float) -> None:
    assert trust - 1e-12 <= gained(trust, gain, share, 0.0) <= gained(trust, gain, share, 2.0 * seats) + 1e-12
    assert gained(trust, gain, share, 2.0 * seats) <= 1.0 + 1e-12
    assert 0.0 <= lost(trust, gain, share) <= trust
    assert lost(trust, gain, 0.0) == gained(trust, gain, 0.0, seats) == trust
