from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bresim.kernel.draws import make_key
from bresim.kernel.state import EXECUTING, IDLE, NEGOTIATING
from bresim.rules import agenda, funding
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
    """Four themes: 0 negotiated, 1 to 3 idle and rested; urgency of theme k is k / 4 for both municipalities."""
    s = SimpleNamespace(
        key=make_key(1, 0), drawn=drawn(6), draws_agenda=np.array([draw]),
        phase=np.array([[NEGOTIATING, IDLE, IDLE, IDLE]]),
        rest=np.array([[5.0, 0.0, 0.0, 0.0]]), in_scope=np.ones((1, 4), np.bool_), clock=np.full((1, 4), 9.0),
        progress=np.full((1, 4), 9.0), grant=np.full((1, 4), 9.0), share_done=np.full((1, 4), 9.0),
        applied=np.zeros((1, 4)), taken=np.zeros((1, 4)),
        committed=np.ones((1, 4, 2), np.bool_), coerced=np.ones((1, 4, 2), np.bool_), n_invited=np.array([2]),
        invited=np.array([[0, 1]]), urgency=np.arange(4.0)[:, None] / 4.0 * np.ones(2), window=np.zeros(4),
        region=SimpleNamespace(kappa=0.5, turned=False), interest=np.ones((4, 2)), arena_interest=np.ones((1, 4)),
        institution=[SimpleNamespace(max_open=most, follows_money=0.0, cross_border_focus=0.0, breadth=0.0)],
        **scratch(4),
    )  # fmt: skip
    vars(s).update(state)
    return s, SimpleNamespace(
        population=np.array([0.5, 0.5]), border_theme=np.array([0.0, 1.0, 0.0, 0.0]),
        overlaps=np.zeros((1, 1), np.bool_), window_shared=np.zeros((1, 1)), within_subregion=np.zeros(1, np.bool_),
    )  # fmt: skip


OPENED = ("phase", "clock", "progress", "grant", "share_done", "committed", "coerced")
P = SimpleNamespace(open_rate=np.log(2.0), subregional_bond=0.0, stake_elsewhere=0.0)


def _update(s: SimpleNamespace, w: SimpleNamespace, *fields: str) -> list[int]:
    """Idle themes that open this quarter."""
    before = s.phase.copy()
    with interpreted(agenda, funding), changes(s, *fields):
        agenda.update(s, w, P, 6)
    return np.flatnonzero(s.phase[0] != before[0]).tolist()


def test_themes_open_the_strongest_pull_first_as_far_as_there_is_room() -> None:
    for most, opened in ((1.0, []), (2.0, [3]), (3.0, [2, 3]), (9.0, [1, 2, 3])):
        s, w = _arena([0.0] * 4, most)
        assert _update(s, w, *OPENED * bool(opened)) == opened
    s, w = _arena([0.0] * 4, 9.0, rest=np.array([[5.0, 1.4, 1.0, 0.4]]))
    for left, opened in (([5.0, 0.4, 0.0, 0.0], []), ([5.0, 0.0, 0.0, 0.0], [2, 3])):
        assert _update(s, w, "rest", *OPENED * bool(opened)) == opened, "a rest of one quarter is one quarter"
        assert s.rest[0].tolist() == pytest.approx(left), "idle themes rest a quarter less"
    assert _update(s, w, *OPENED) == [1]


def _beside(
    s: SimpleNamespace, w: SimpleNamespace, *, overlap: bool, committed: tuple[int, ...] = (), theme: int = 3
) -> None:
    """A second table with nobody invited; these municipalities are committed there to what it negotiates."""
    rows = ("clock", "progress", "share_done", "coerced", "rest", "invited", "draws_agenda", "in_scope",
            "arena_interest")  # fmt: skip
    vars(s).update({name: np.repeat(getattr(s, name), 2, axis=0) for name in rows})
    s.phase = np.array([s.phase[0], [IDLE] * 4])
    s.committed = np.array([s.committed[0], np.zeros((4, 2), np.bool_)])
    s.grant = np.array([s.grant[0], np.zeros(4)])
    s.applied, s.taken = np.zeros((2, 4)), np.zeros((2, 4))
    if committed:
        s.phase[1, theme] = NEGOTIATING
        s.committed[1, theme, list(committed)] = True
    s.n_invited, s.institution = np.array([2, 0]), s.institution * 2
    w.overlaps = np.array([[False, overlap], [overlap, False]])
    w.window_shared = 1.0 * w.overlaps
    w.within_subregion = np.zeros(2, np.bool_)


def test_who_is_committed_to_it_at_a_table_that_overlaps_is_served_there() -> None:
    """Only a commitment to this theme, at another table, that overlaps."""

    def served(s: SimpleNamespace, w: SimpleNamespace, a: int, k: int) -> list[float]:
        found = np.full(4, np.nan)
        plain(agenda.served_elsewhere)(s, w, a, k, found)
        return [float(one) for one in found[:2]]

    for overlap in (True, False):
        s, w = _arena([0.0] * 4, 9.0)
        _beside(s, w, overlap=overlap, committed=(1,))
        assert [served(s, w, 0, k) for k in (2, 3)] == [[0.0, 0.0], [0.0, float(overlap)]]
        assert served(s, w, 1, 2)[0] == float(overlap), "in the first arena all are committed to everything"
    s, w = _arena([0.0] * 4, 9.0)
    assert served(s, w, 0, 3)[1] == 0.0, "what it does at this table is nothing else"


def test_need_that_is_served_at_another_table_does_not_pull() -> None:
    """Urgency of 0.75 for two of equal size; with 1 served elsewhere half of it is left, with both nothing."""
    for overlap, committed, pull in (
        (True, (), 0.75), (True, (1,), 0.375), (True, (0, 1), 0.0), (False, (0, 1), 0.75),
    ):  # fmt: skip
        s, w = _arena([0.0] * 4, 9.0)
        _beside(s, w, overlap=overlap, committed=committed)
        with interpreted(agenda):
            assert agenda._pull(s, w, P, 0, 3) == pytest.approx(pull)
            assert agenda._pull(s, w, P, 0, 2) == pytest.approx(0.5), "another theme"
    s, w = _arena([0.0] * 4, 9.0)
    w.population[:] = [0.8, 0.2]
    _beside(s, w, overlap=True, committed=(1,))
    with interpreted(agenda):
        assert agenda._pull(s, w, P, 0, 3) == pytest.approx(0.8 * 0.75), "by inhabitants"


def test_two_tables_that_overlap_may_take_up_the_same_theme() -> None:
    """With room for one, what is half served comes after theme 2; with room for all it opens, unless all are served."""
    for overlap, committed, most, opened in (
        (True, (1,), 2.0, [2]), (False, (1,), 2.0, [3]), (True, (1,), 9.0, [1, 2, 3]), (True, (0, 1), 9.0, [1, 2]),
    ):  # fmt: skip
        s, w = _arena([0.0] * 4, most)
        _beside(s, w, overlap=overlap, committed=committed)
        assert _update(s, w, "rest", *OPENED) == opened


def test_money_that_is_taken_at_another_table_does_not_pull() -> None:
    """Of a window of 0.8 half is for who executes the theme too, or what it holds already, if that is more."""
    for overlap, held, pull in ((False, 0.7, 0.8), (True, 0.0, 0.4), (True, 0.7, 0.1), (True, 0.9, 0.0)):
        s, w = _arena([0.0] * 4, 9.0, window=np.array([0.0, 0.0, 0.0, 0.8]))
        s.institution[0].follows_money = 1.0
        _beside(s, w, overlap=overlap, committed=(0,))
        s.phase[1, 3], s.taken[1, 3] = EXECUTING, held
        with interpreted(agenda, funding):
            assert agenda._pull(s, w, P, 0, 3) == pytest.approx(pull)


def test_an_initiative_opens_empty() -> None:
    s, w = _arena([0.0] * 4, 2.0)
    _update(s, w, *OPENED)
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
    assert _update(s, w, *OPENED) == [1]
    s, w = _arena([0.0, 0.16, 0.29, 0.40], 9.0)
    assert _update(s, w, *OPENED) == [2, 3]
    s, w = _arena(
        [0.0] * 4, 9.0, in_scope=np.array([[True, False, True, False]]), rest=np.array([[0.0, 0.0, 1.5, 0.0]])
    )
    assert _update(s, w, "rest") == []


def test_money_and_a_cross_border_focus_pull_too() -> None:
    s, w = _arena([0.0] * 4, 2.0, window=np.array([0.0, 0.0, 0.9, 0.0]))
    s.institution[0].follows_money = 1.0
    assert _update(s, w, *OPENED) == [2]
    s, w = _arena([0.0] * 4, 2.0)
    s.institution[0].cross_border_focus = 0.8  # 0.25 + 0.75 x 0.8
    assert _update(s, w, *OPENED) == [1]


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
        assert _update(s, w, *OPENED) == opened


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
