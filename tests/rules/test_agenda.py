from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bresim.rules import agenda
from tests.rules.plain import plain, shares

priority, chance = plain(agenda.priority), plain(agenda.opening_chance)


def test_by_hand() -> None:
    assert priority(0.8, 0.2, 0.0) == 0.8
    assert priority(0.8, 0.2, 1.0) == 0.2
    assert priority(0.8, 0.2, 0.25) == pytest.approx(0.65)
    assert chance(0.5, 0.0) == 0.0
    assert chance(1.0, np.log(2.0)) == pytest.approx(0.5)


@given(shares, shares, shares, st.floats(0.1, 0.7))
def test_directions(urgency: float, window: float, follows: float, rate: float) -> None:
    pull = priority(urgency, window, follows)
    assert min(urgency, window) - 1e-12 <= pull <= max(urgency, window) + 1e-12
    assert 0.0 <= chance(rate, pull) < 1.0
    assert chance(rate, pull) <= chance(rate, 1.0)


@pytest.mark.parametrize("members", [[], [0], [1, 3], [0, 59], list(range(60))])
def test_members_as_bits(members: list[int]) -> None:
    committed = np.zeros((1, 1, 60), np.bool_)
    committed[0, 0, members] = True
    bits = int(plain(agenda.member_bits)(SimpleNamespace(committed=committed), 0, 0))
    assert [i for i in range(64) if bits >> i & 1] == members
