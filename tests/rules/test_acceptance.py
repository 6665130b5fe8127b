from __future__ import annotations

import pytest
from hypothesis import given

from bresim.rules import acceptance
from tests.rules.plain import plain, shares

lowered, backing = plain(acceptance.lowered), plain(acceptance.backing)


def test_by_hand() -> None:
    assert lowered(0.5, 0.2, True) == pytest.approx(0.4)
    assert lowered(0.5, 0.2, False) == pytest.approx(0.45)
    assert backing(1.0, 0.0) == 1.0, "a mandate obliges"
    assert backing(0.0, 0.3) == 0.3
    assert backing(0.5, 0.4) == pytest.approx(0.7)


@given(shares, shares)
def test_who_was_against_loses_twice_as_much(now: float, loss: float) -> None:
    assert 0.0 <= lowered(now, loss, True) <= lowered(now, loss, False) <= now
    assert now - lowered(now, loss, True) == pytest.approx(2.0 * (now - lowered(now, loss, False)), abs=1e-12)
