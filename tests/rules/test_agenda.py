from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bresim.kernel.draws import make_key
from bresim.kernel.state import EXECUTING, IDLE, NEGOTIATING, REGIONAL, SUBREGIONAL
from bresim.rules import agenda
from tests.rules.plain import changes, drawn, interpreted, plain, scratch, shares

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


def _arena(draw: list[float], most: float, **state: object) -> tuple[SimpleNamespace, SimpleNamespace]:
    """Four themes: 0 negotiated, 1 to 3 idle; urgency of theme k is k / 4 for both municipalities."""
    s = SimpleNamespace(
        key=make_key(1, 0), drawn=drawn(6), draws_agenda=np.array([draw]),
        phase=np.array([[NEGOTIATING, IDLE, IDLE, IDLE]]),
        rest=np.array([[5.0, 0.0, 1.0, 0.0]]), in_scope=np.ones((1, 4), np.bool_), clock=np.full((1, 4), 9.0),
        progress=np.full((1, 4), 9.0), grant=np.full((1, 4), 9.0), share_done=np.full((1, 4), 9.0),
        committed=np.ones((1, 4, 2), np.bool_), coerced=np.ones((1, 4, 2), np.bool_), n_invited=np.array([2]),
        invited=np.array([[0, 1]]), urgency=np.arange(4.0)[:, None] / 4.0 * np.ones(2), window=np.zeros(4),
        region=SimpleNamespace(kappa=0.5), interest=np.ones((4, 2)), arena_interest=np.ones((1, 4)),
        institution=[SimpleNamespace(max_open=most, follows_money=0.0, cross_border_focus=0.0, breadth=0.0)],
        **scratch(4),
    )  # fmt: skip
    vars(s).update(state)
    return s, SimpleNamespace(
        population=np.array([0.5, 0.5]), border_theme=np.array([0.0, 1.0, 0.0, 0.0]), arena_scale=[REGIONAL]
    )


OPENED = ("phase", "clock", "progress", "grant", "share_done", "committed", "coerced")
P = SimpleNamespace(open_rate=np.log(2.0), subregional_bond=0.0, stake_elsewhere=0.0)


def _update(s: SimpleNamespace, w: SimpleNamespace, *fields: str) -> list[int]:
    """Idle themes that open this quarter."""
    before = s.phase.copy()
    with interpreted(agenda), changes(s, *fields):
        agenda.update(s, w, P, 6)
    return np.flatnonzero(s.phase[0] != before[0]).tolist()


def test_themes_open_the_strongest_pull_first_as_far_as_there_is_room() -> None:
    for most, opened in ((1.0, []), (2.0, [3]), (3.0, [2, 3]), (9.0, [1, 2, 3])):
        s, w = _arena([0.0] * 4, most)
        assert _update(s, w, "rest", *OPENED * bool(opened)) == opened
        assert s.rest.tolist() == [[5.0, 0.0, 0.0, 0.0]], "idle themes rest a quarter less"


def test_what_is_under_way_at_one_table_of_the_region_is_no_candidate_at_another() -> None:
    """Theme 3 is in execution at a second table; only at a regional one that is the same value and money."""
    for scale, opened in ((REGIONAL, [1, 2]), (SUBREGIONAL, [1, 2, 3])):
        s, w = _arena([0.0] * 4, 9.0)
        s.phase = np.array([s.phase[0], [IDLE, IDLE, IDLE, EXECUTING]])
        at_another_table = plain(agenda.at_another_table)
        assert [at_another_table(s, SimpleNamespace(arena_scale=[REGIONAL, scale]), 0, k) for k in range(4)] == [
            False, False, False, scale == REGIONAL,
        ]  # fmt: skip
        two = {
            name: np.repeat(getattr(s, name), 2, axis=0) for name in (*OPENED[1:], "rest", "invited", "draws_agenda")
        }
        vars(s).update(two, n_invited=np.array([2, 0]), institution=s.institution * 2)
        w.arena_scale = [REGIONAL, scale]
        assert _update(s, w, "rest", *OPENED) == opened


def test_an_initiative_opens_empty() -> None:
    s, w = _arena([0.0] * 4, 2.0)
    _update(s, w, "rest", *OPENED)
    assert (s.phase[0, 3], s.clock[0, 3], s.progress[0, 3], s.grant[0, 3], s.share_done[0, 3]) == (
        NEGOTIATING,
        0,
        0,
        0,
        0,
    )
    assert not s.committed[0, 3].any()
    assert not s.coerced[0, 3].any()
    assert s.committed[0, :3].all(), "nothing else is touched"


def test_a_theme_opens_by_chance_if_it_is_idle_in_scope_and_rested() -> None:
    """Chances 1 - 2 ** -pull: 0.159, 0.293 and 0.405 for pulls of 1/4, 1/2 and 3/4."""
    s, w = _arena([0.0, 0.15, 0.30, 0.41], 9.0)
    assert _update(s, w, "rest", *OPENED) == [1]
    s, w = _arena([0.0, 0.16, 0.29, 0.40], 9.0)
    assert _update(s, w, "rest", *OPENED) == [2, 3]
    s, w = _arena(
        [0.0] * 4, 9.0, in_scope=np.array([[True, False, True, False]]), rest=np.array([[0.0, 0.0, 1.5, 0.0]])
    )
    assert _update(s, w, "rest") == []


def test_money_and_a_cross_border_focus_pull_too() -> None:
    s, w = _arena([0.0] * 4, 2.0, window=np.array([0.0, 0.0, 0.9, 0.0]))
    s.institution[0].follows_money = 1.0
    assert _update(s, w, "rest", *OPENED) == [2]
    s, w = _arena([0.0] * 4, 2.0)
    s.institution[0].cross_border_focus = 0.8  # 0.25 + 0.75 x 0.8
    assert _update(s, w, "rest", *OPENED) == [1]


def test_breadth_by_hand() -> None:
    """0.5 and 0.3 of urgency, times stakes of 1 and 0.6: mean 0.34, deviation 0.16; a theme that all share alike.

    The mean urgency of 0.4 is pulled down by half of 0.16 / 0.34 if half is made of breadth.
    """
    s, w = _arena([0.0] * 4, 9.0)
    s.urgency[2] = [0.5, 0.3]
    s.interest[2] = [1.0, 0.2]
    with interpreted(agenda):
        assert agenda._breadth(s, w, P, 0, 2) == pytest.approx(1.0 - 8.0 / 17.0)
        assert agenda._breadth(s, w, P, 0, 3) == pytest.approx(1.0)
        s.institution[0].breadth = 0.5
        assert agenda._pull(s, w, P, 0, 2) == pytest.approx(0.4 * (1.0 - 0.5 * 8.0 / 17.0))
        assert agenda._pull(s, w, P, 0, 3) == pytest.approx(0.75), "what all share alike keeps its pull"
    assert plain(agenda.broad)(0.2, 0.3) == plain(agenda.broad)(0.0, 0.0) == 0.0
    assert plain(agenda.broad)(0.4, 0.1) == pytest.approx(0.75)


def test_themes_on_which_agreement_is_broad_come_first() -> None:
    """Theme 3 is the most urgent, and matters to one municipality only (breadth 0): 0.75, 0.375 or 0, against 0.5."""
    for breadth, opened in ((0.0, [3]), (0.5, [2]), (1.0, [2])):
        s, w = _arena([0.0] * 4, 2.0)
        s.urgency[3] = [1.0, 0.5]
        s.interest[3], s.arena_interest[0, 3], s.region.kappa = [1.0, 0.0], 0.5, 1.0
        s.institution[0].breadth = breadth
        assert _update(s, w, "rest", *OPENED) == opened


@given(st.floats(0.01, 1.0), st.floats(0.01, 1.0), shares, shares)
def test_breadth_of_two_is_the_smaller_over_their_mean(a: float, b: float, own: float, kappa: float) -> None:
    """Of two, the deviation is half their difference; how urgent it is to both makes agreement no broader."""
    s, w = _arena([0.0] * 4, 9.0)
    s.urgency[1], s.interest[1], s.region.kappa = [a, b], [1.0, own], kappa
    one, other = a, b * (1.0 - kappa + kappa * own)
    with interpreted(agenda):
        found = agenda._breadth(s, w, P, 0, 1)
        assert 0.0 <= found <= 1.0
        assert found == pytest.approx(2.0 * min(one, other) / (one + other), abs=1e-6)
        s.urgency[1] /= 2.0
        assert agenda._breadth(s, w, P, 0, 1) == pytest.approx(found, abs=1e-6)
