from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given

from bresim.rules import events
from tests.rules.plain import plain, shares

window, turnover, alarmed = (plain(f) for f in (events.window_chance, events.turnover_chance, events.alarmed))


def test_by_hand() -> None:
    assert window(0.1, 0.5, 1.0, 0.0, 0.8, 0.0) == pytest.approx(0.05)
    assert window(0.1, 0.5, 1.0, 0.4, 0.8, 0.5) == pytest.approx(0.098)  # 0.05 x 1.4 x 1.4
    assert window(0.5, 1.0, 2.0, 1.0, 1.5, 1.0) == 1.0
    assert turnover(0.35, 0.25, 0.6, 1.0) == pytest.approx(0.5)
    assert turnover(0.35, 0.25, 0.6, 0.0) == 0.0
    assert turnover(0.35, 0.25, 0.6, 3.0) == 1.0
    assert alarmed(0.6, 0.5, 0.5) == pytest.approx(0.7)
    assert alarmed(0.6, 0.5, 0.0) == 0.6
    assert alarmed(0.2, 1.0, 1.0) == 1.0


def test_the_strongest_voice_counts_as_far_as_it_speaks_for_the_inhabitants() -> None:
    """A region of three with a lobby of 0.2 for all; the first two, 0.7 of the inhabitants, lobby with 0.5."""
    w = SimpleNamespace(population=np.array([0.4, 0.3, 0.3]))
    s = SimpleNamespace(
        eligible=np.array([[True, True, True], [True, True, False]]), n_invited=np.array([3, 2]),
        invited=np.array([[0, 1, 2], [0, 1, -1]]), rules=[SimpleNamespace(lobby=0.2), SimpleNamespace(lobby=0.5)],
    )  # fmt: skip
    assert plain(events._voice)(s, w) == pytest.approx(0.35)
    s.rules[0].lobby = 0.4
    assert plain(events._voice)(s, w) == pytest.approx(0.4)


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
