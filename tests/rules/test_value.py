from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bresim.kernel.state import N_SCALARS, NEGATIVITY, REGIONAL
from bresim.rules import value
from tests.rules.plain import interpreted, plain, shares

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


def _initiative() -> tuple[SimpleNamespace, SimpleNamespace, SimpleNamespace]:
    """A regional arena of the first three of four municipalities; the first two, 0.6 of its need, are members."""
    scalars = np.zeros(N_SCALARS)
    scalars[NEGATIVITY] = 0.5
    s = SimpleNamespace(
        committed=np.array([[[True, True, False, False]]]), scalars=scalars, rules=[SimpleNamespace(celebration=0.5)],
        direct=np.zeros((1, 3, 4)), indirect=np.full((1, 2, 4), 0.5), harvest=np.zeros(4),
    )  # fmt: skip
    w = SimpleNamespace(
        arena_scale=np.array([REGIONAL]), population=np.array([0.2, 0.2, 0.4, 0.2]),
        severity=np.array([[0.5, 1.0, 0.5, 1.0]]), member=np.array([[True, True, True, False]]),
    )  # fmt: skip
    p = SimpleNamespace(agreement_closure=0.4, closure=0.2, coverage_exponent=1.0, spillover=0.25, claiming=0.8)
    return s, w, p


def test_an_agreement_by_hand() -> None:
    """Coverage 0.3 / 0.5 of 0.4 is closed, a quarter of it spills over, nothing outside the arena."""
    s, w, p = _initiative()
    with interpreted(value):
        value.agree(s, w, p, 0, 0)
    assert s.indirect[0, REGIONAL] == pytest.approx([0.62, 0.62, 0.53, 0.5])
    assert (s.direct == 0.0).all()


def test_a_completed_and_a_failed_initiative_by_hand() -> None:
    s, w, p = _initiative()
    with interpreted(value):
        value.complete(s, w, p, 0, 0, 1.0, True)
    assert s.direct[0, REGIONAL] == pytest.approx([0.12, 0.12, 0.03, 0.0])
    assert s.harvest == pytest.approx([0.8, 0.8, 0.0, 0.0]), "1 - 0.8 x 0.5 x (1 - 0.5) of it is told as joint"
    s, w, p = _initiative()
    with interpreted(value):
        value.complete(s, w, p, 0, 0, 0.5, False)
    assert s.direct[0, REGIONAL] == pytest.approx([0.06, 0.06, 0.015, 0.0])
    assert (s.harvest == 0.0).all()
