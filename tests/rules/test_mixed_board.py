from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given

from bresim.kernel import draws
from bresim.kernel.state import REGIONAL, SUBREGIONAL
from bresim.rules import mixed_board
from tests.rules.plain import changes, interpreted, plain, shares

partners_agree, province_agrees = plain(mixed_board.partners_agree), plain(mixed_board.province_agrees)


def test_by_hand() -> None:
    assert partners_agree(0.8, 0.4, 0.6, 0.2) == pytest.approx(0.7)
    assert partners_agree(0.8, 0.4, 0.0, 0.5) == 0.4, "the theme is of societal partners only"
    assert partners_agree(0.8, 0.4, 0.0, 0.0) == pytest.approx(0.6), "of neither"
    assert province_agrees(0.7, True, 0.0) == 0.7
    assert province_agrees(0.7, False, 0.5) == pytest.approx(0.35)
    assert province_agrees(0.7, False, 0.0) == 0.0


@given(shares, shares, shares, shares, shares)
def test_more_trust_and_more_backing_never_say_no(one: float, other: float, rest: float, e: float, s: float) -> None:
    low, high = min(one, other), max(one, other)
    assert 0.0 <= partners_agree(low, rest, e, s) <= partners_agree(high, rest, e, s) + 1e-12 <= 1.0 + 2e-12
    assert (
        0.0 <= province_agrees(low, False, e) <= province_agrees(high, False, e) <= province_agrees(high, True, e) <= 1
    )


def _board(partners: float, province: float, trust: float, stance: float) -> SimpleNamespace:
    """The second theme of two arenas of which only the first is regional; the theme is of economic partners."""
    rules = SimpleNamespace(board_partners=partners, board_province=province, mandate=0.25)
    return SimpleNamespace(
        key=draws.make_key(1, 0), phase=np.zeros((2, 2)), institution=[rules, rules], partner=np.array([trust, 0.0]),
        region=SimpleNamespace(stance=stance),
    )  # fmt: skip


def _ask(s: SimpleNamespace, arena: int = 0, t: int = 9, money: float = 0.0) -> tuple[int, int]:
    w = SimpleNamespace(
        economic=np.array([0.0, 0.5]), societal=np.zeros(2), arena_scale=np.array([REGIONAL, SUBREGIONAL])
    )
    with interpreted(mixed_board), changes(s):
        found: tuple[int, int] = mixed_board.others_on_board(s, w, t, arena, 1, money)
    return found


def test_seats_of_partners_each_say_their_own() -> None:
    luck = [float(draws.uniform(draws.make_key(1, 0), draws.PARTNER_SEAT, 9, 1, seat)) for seat in range(3)]
    for trust in (0.0, *(number + 1e-9 for number in luck), 1.0):
        assert _ask(_board(3.0, 0.0, trust, 0.0)) == (3, sum(number < trust for number in luck))
    assert _ask(_board(0.0, 0.0, 1.0, 1.0)) == (0, 0)


def test_the_province_has_one_voice() -> None:
    """Backing is 0.25 + 0.75 x stance, in a subregion times the money in it."""
    for arena, cell, money, part in ((0, 1, 0.0, 1.0), (1, 3, 0.8, 0.8), (1, 3, 0.0, 0.0)):
        luck = [float(draws.uniform(draws.make_key(1, 0), draws.PROVINCE_SEAT, t, cell, 0)) for t in range(40)]
        for stance in (0.0, 0.4, 1.0):
            chance = part * (0.25 + 0.75 * stance)
            found = [_ask(_board(1.0, 2.0, 0.0, stance), arena, t, money) for t in range(40)]
            assert found == [(3, 2 * (number < chance)) for number in luck]
