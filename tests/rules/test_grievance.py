from __future__ import annotations

import pytest
from hypothesis import given
from tests.rules.plain import plain, shares

from bresim.rules import grievance

remembered = plain(grievance.remembered)


def test_by_hand() -> None:
    # no negativity: it fades by the rate of forgetting and nobody retells it
    assert remembered(0.5, 0.04, 0.7, 0.0, 0.12, 0.9) == pytest.approx(0.48)
    # full: fades by 0.04 x 0.3, then 0.12 of the way to what is told: 0.494 + 0.12 x (0.9 - 0.494)
    assert remembered(0.5, 0.04, 0.7, 1.0, 0.12, 0.9) == pytest.approx(0.54272)
    assert remembered(0.0, 0.04, 0.7, 0.5, 0.2, 0.4) == pytest.approx(0.04)


@given(shares, shares, shares, shares, shares, shares)
def test_bounds_and_direction(
    now: float, decay: float, memory: float, nu: float, retelling: float, told: float
) -> None:
    after = remembered(now, decay, memory, nu, retelling, told)
    assert 0.0 <= after <= 1.0 + 1e-12
    assert after <= max(now, told) + 1e-12
    # forgetting is slower the more negative the undercurrent
    assert remembered(now, decay, memory, nu, 0.0, told) <= remembered(now, decay, memory, 1.0, 0.0, told) + 1e-12
    assert remembered(now, decay, memory, nu, retelling, 0.0) <= after + 1e-12
