from __future__ import annotations

import pytest
from hypothesis import given
from tests.rules.plain import plain, shares

from bresim.rules import events

window, turnover = plain(events.window_chance), plain(events.turnover_chance)


def test_by_hand() -> None:
    assert window(0.1, 0.5, 1.0, 0.0, 0.8, 0.0) == pytest.approx(0.05)
    assert window(0.1, 0.5, 1.0, 0.4, 0.8, 0.5) == pytest.approx(0.098)  # 0.05 x 1.4 x 1.4
    assert window(0.5, 1.0, 2.0, 1.0, 1.5, 1.0) == 1.0
    assert turnover(0.35, 0.25, 0.6, 1.0) == pytest.approx(0.5)
    assert turnover(0.35, 0.25, 0.6, 0.0) == 0.0
    assert turnover(0.35, 0.25, 0.6, 3.0) == 1.0


@given(shares, shares, shares, shares)
def test_lobby_and_a_strategy_help(rate: float, propensity: float, lobby: float, indirect: float) -> None:
    chance = window(rate, propensity, 1.0, lobby, 0.8, indirect)
    assert 0.0 <= chance <= 1.0
    assert window(rate, propensity, 1.0, 0.0, 0.8, indirect) <= chance
    assert window(rate, propensity, 1.0, lobby, 0.8, 0.0) <= chance
    # the quick test of the rule: no chance is above that of a full lobby with everything planned
    assert chance <= window(rate, propensity, 1.0, 1.0, 0.8, 1.0)


@given(shares, shares, shares)
def test_local_parties_bring_more_turnover(base: float, extra: float, local: float) -> None:
    assert 0.0 <= turnover(base, extra, 0.0, 1.0) <= turnover(base, extra, local, 1.0) <= 1.0
