from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from tests.rules.plain import plain, shares

from bresim.rules import adoption

loss_of, in_force, inclination = (
    plain(f) for f in (adoption.autonomy_loss, adoption.steering_in_force, adoption.founding_inclination)
)
P = SimpleNamespace(
    adopt_base=1.0, adopt_trust=1.2, adopt_support=0.8, adopt_orientation=0.6, adopt_autonomy=1.5, adopt_say=2.0
)


def test_by_hand() -> None:
    assert loss_of(0.3, 0.03, 0.6) == pytest.approx(0.4)  # (0.3 + 0.3 + 0.6) / 3
    assert loss_of(1.0, 0.5, 1.0) == 1.0
    assert in_force(0.6, 1.0, 0.0, 0.0) == pytest.approx(0.6)
    assert in_force(0.6, 0.0, 0.5, 1.0) == pytest.approx(0.3)
    assert in_force(0.6, 0.0, 0.5, 0.0) == 0.0
    assert in_force(0.6, 0.5, 0.5, 1.0) == pytest.approx(0.45)
    # 1 + 1.2 x 0.2 + 0.8 x 0 - 0.6 x 0.4 - 1.5 x 0.5 x 0.4 - 2 x 0.4 x (0.5 + 0.25)
    assert inclination(P, 0.6, 0.5, 0.3, 0.5, 0.4, 0.4, 0.5) == pytest.approx(0.1)
    assert inclination(P, 0.5, 0.5, 0.5, 1.0, 0.0, 0.0, 1.0) == 1.0


@given(shares, shares, shares, shares, shares, shares, shares)
def test_directions(
    trust: float, support: float, orientation: float, kappa: float, loss: float, say: float, divide: float
) -> None:
    x = inclination(P, trust, support, orientation, kappa, loss, say, divide)
    assert inclination(P, 1.0, support, orientation, kappa, loss, say, divide) >= x - 1e-12
    assert inclination(P, trust, 1.0, orientation, kappa, loss, say, divide) >= x - 1e-12
    assert inclination(P, trust, support, 1.0, kappa, loss, say, divide) >= x - 1e-12
    assert inclination(P, trust, support, orientation, 0.0, loss, say, divide) >= x - 1e-12
    assert inclination(P, trust, support, orientation, kappa, loss, 0.0, divide) >= x - 1e-12
    assert inclination(P, trust, support, orientation, kappa, loss, say, 1.0) <= x + 1e-12


@given(shares, shares, shares, shares)
def test_bounds(a: float, b: float, c: float, d: float) -> None:
    assert 0.0 <= loss_of(a, 0.5 * b, c) <= 1.0 + 1e-12
    assert 0.0 <= in_force(a, b, c, d) <= a + 1e-12
    assert in_force(a, 1.0, c, d) == pytest.approx(a)
