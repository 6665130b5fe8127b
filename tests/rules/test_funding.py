from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bresim.kernel.draws import make_key
from bresim.kernel.state import EXECUTING, IDLE, NEGOTIATING
from bresim.rules import funding
from tests.rules.plain import changes, drawn, interpreted, plain, shares

window, money, left = (plain(f) for f in (funding.window_chance, funding.money_for, funding.window_left))
#: One table.
ALONE = SimpleNamespace(window_shared=np.zeros((1, 1)))
P = SimpleNamespace(window_rate=0.1, window_persistence=0.5, lobby_effect=1.0, indirect_effect=0.8)


def test_by_hand() -> None:
    assert window(0.1, 0.5, 1.0, 0.0, 0.8, 0.0) == pytest.approx(0.05)
    assert window(0.1, 0.5, 1.0, 0.4, 0.8, 0.5) == pytest.approx(0.098)  # 0.05 x 1.4 x 1.4
    assert window(0.5, 1.0, 2.0, 1.0, 1.5, 1.0) == 1.0
    assert money(0.3, 0.2, 0.1) == pytest.approx(0.6)
    assert money(0.9, 0.3, 0.3) == 1.0


@given(shares, shares, shares, shares)
def test_lobby_and_a_strategy_help(rate: float, propensity: float, lobby: float, indirect: float) -> None:
    chance = window(rate, propensity, 1.0, lobby, 0.8, indirect)
    assert 0.0 <= chance <= 1.0
    assert window(rate, propensity, 1.0, 0.0, 0.8, indirect) <= chance
    assert window(rate, propensity, 1.0, lobby, 0.8, 0.0) <= chance
    # the quick test of the rule: no chance is above that of a full lobby with everything planned
    assert chance <= window(rate, propensity, 1.0, 1.0, 0.8, 1.0)


@given(shares, shares, shares)
def test_money_is_a_share(a: float, b: float, c: float) -> None:
    assert 0.0 <= money(a, b, c) <= 1.0
    assert money(a, b, 0.0) <= money(a, b, c)


def test_the_strongest_lobby_counts_as_far_as_it_speaks_for_the_inhabitants() -> None:
    """A region of three with a lobby of 0.2 for all; the first two, 0.7 of the inhabitants, lobby with 0.5."""
    w = SimpleNamespace(population=np.array([0.4, 0.3, 0.3]))
    s = SimpleNamespace(
        eligible=np.array([[True, True, True], [True, True, False]]), n_invited=np.array([3, 2]),
        invited=np.array([[0, 1, 2], [0, 1, -1]]),
        institution=[SimpleNamespace(lobby=0.2), SimpleNamespace(lobby=0.5)],
    )  # fmt: skip
    assert plain(funding._lobby)(s, w) == pytest.approx(0.35)
    s.institution[0].lobby = 0.4
    assert plain(funding._lobby)(s, w) == pytest.approx(0.4)


def test_the_money_of_an_initiative() -> None:
    """The grant or the window, whichever is more; of co-funding the stance of the province, or all under a mandate."""
    own = SimpleNamespace(cofunding=0.4, mandate=0.0, programme_money=0.1)
    s = SimpleNamespace(
        institution=[own], region=SimpleNamespace(stance=0.5), window=np.array([0.3, 0.0]),
        grant=np.array([[0.0, 0.2]]), applied=np.zeros((1, 2)), taken=np.zeros((1, 2)),
        phase=np.full((1, 2), EXECUTING),
    )  # fmt: skip
    with interpreted(funding):
        assert [funding.outside_money(s, ALONE, 0, k) for k in (0, 1)] == pytest.approx([0.6, 0.5])
        own.mandate = 1.0
        assert [funding.outside_money(s, ALONE, 0, k) for k in (0, 1)] == pytest.approx([0.8, 0.7])


def test_what_is_left_of_a_window_by_hand() -> None:
    assert left(0.6, 1.0, 0.0) == 0.6
    assert left(0.6, 2.0, 0.0) == pytest.approx(0.3)
    assert left(0.6, 3.0, 0.1) == pytest.approx(0.2)
    assert left(0.6, 2.0, 0.5) == pytest.approx(0.1), "the other holds more than half"
    assert left(0.4, 2.0, 0.5) == left(0.0, 2.0, 0.0) == 0.0, "nobody pays back"


@given(shares, st.integers(1, 5), st.floats(0.0, 2.0), shares)
def test_more_tables_or_more_held_leave_no_more_of_a_window(
    height: float, tables: int, held: float, more: float
) -> None:
    x = left(height, float(tables), held)
    assert 0.0 <= x <= height
    assert left(height, tables + 1.0, held) <= x
    assert left(height, float(tables), held + more) <= x <= left(max(height, more), float(tables), held)
    assert left(height, 1.0, 0.0) == height


def test_what_there_is_of_a_window_for_a_table_by_hand() -> None:
    """Table 1 overlaps with 0 and 2; who only talks takes nothing from the others, and applied for a higher window."""
    w = SimpleNamespace(window_shared=np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 0.0]]))
    s = SimpleNamespace(
        window=np.array([0.9, 0.6]), applied=np.array([[0.0, 0.8], [1.0, 0.0], [0.0, 0.0]]),
        taken=np.array([[0.0, 0.3], [0.0, 0.0], [0.7, 0.5]]),
        phase=np.array([[NEGOTIATING, EXECUTING], [NEGOTIATING, IDLE], [EXECUTING, EXECUTING]]),
    )  # fmt: skip
    with interpreted(funding):
        found = np.array([[funding.window_for(s, w, a, k) for k in (0, 1)] for a in range(3)])
    # 1: half of 1.0, but 2 holds 0.7 of it; a third of 0.6, but 0 and 2 hold 0.8. 0 and 2 do not meet
    assert found == pytest.approx(np.array([[0.9, 0.8], [0.3, 0.0], [0.9, 0.6]]))


@given(
    st.lists(st.lists(st.sampled_from([IDLE, NEGOTIATING, EXECUTING]), min_size=3, max_size=3), max_size=8),
    st.booleans(),
)
def test_a_window_is_paid_once(quarters: list[list[int]], overlap: bool) -> None:
    """Three tables on one theme that talk, execute and end while a window fades; apart each has all that it met."""
    w = SimpleNamespace(window_shared=1.0 * (~np.eye(3, dtype=np.bool_) & overlap))
    s = SimpleNamespace(
        window=np.ones(1), grant=np.zeros((3, 1)), applied=np.zeros((3, 1)), taken=np.zeros((3, 1)),
        phase=np.full((3, 1), IDLE),
    )  # fmt: skip
    met = np.zeros(3)
    for phases in quarters:
        s.phase[:, 0] = phases
        idle = s.phase[:, 0] == IDLE
        for claim in (s.grant, s.applied, s.taken):  # rule `lifecycle`, and `agenda`
            claim[idle] = 0.0
        met = np.where(idle, 0.0, np.maximum(met, s.window[0]))
        with interpreted(funding):
            for a in np.flatnonzero(~idle):
                funding.update_initiative(s, w, P, 0, a, 0)
        assert (s.grant[s.phase[:, 0] == NEGOTIATING, 0] == s.taken[s.phase[:, 0] == NEGOTIATING, 0]).all()
        if overlap:
            assert s.taken.sum() <= 1.0 + 1e-9
        else:
            executed = s.phase[:, 0] == EXECUTING
            assert s.grant[executed, 0] == pytest.approx(met[executed])
        s.window[0] *= 0.5


def test_who_talks_holds_nothing_and_the_first_to_agree_takes_all() -> None:
    """Two tables talk while a window is open; the second agrees first, when it is almost over, and ends."""
    w = SimpleNamespace(window_shared=1.0 * ~np.eye(2, dtype=np.bool_))
    s = SimpleNamespace(
        window=np.array([1.0]), grant=np.zeros((2, 1)), applied=np.zeros((2, 1)), taken=np.zeros((2, 1)),
        phase=np.full((2, 1), NEGOTIATING),
    )  # fmt: skip
    with interpreted(funding):
        for a in (0, 1):
            funding.update_initiative(s, w, P, 0, a, 0)
            assert funding.window_for(s, w, a, 0) == 1.0
        assert s.grant.tolist() == s.taken.tolist() == [[0.0], [0.0]]
        s.window[0], s.phase[1, 0] = 0.1, EXECUTING
        with changes(s, "grant", "taken"):
            for a in (0, 1):
                funding.update_initiative(s, w, P, 1, a, 0)
        assert s.grant.tolist() == s.taken.tolist() == [[0.0], [1.0]]
        assert funding.window_for(s, w, 0, 0) == 0.0
        # the next window is new money: who still talks may have half of it beside who executes
        funding._open(s, 0, 0.6)
        assert s.taken.tolist() == [[0.0], [0.0]]
        assert funding.window_for(s, w, 0, 0) == pytest.approx(0.5)


def _quarter(
    draw: list[float], granted: list[float], factor: float = 1.0, focus: float = 0.0
) -> tuple[SimpleNamespace, SimpleNamespace]:
    """Two themes; half of indirect value is realised and all lobby with 0.2: a chance of 0.05 x 1.2 x 1.4 = 0.084."""
    s = SimpleNamespace(
        key=make_key(1, 0), drawn=drawn(0), draws_window=np.array(draw), window=np.array([0.8, 0.0]),
        taken=np.full((1, 2), 0.3),
        eligible=np.ones((1, 2), np.bool_), n_invited=np.array([2]), invited=np.array([[0, 1]]),
        institution=[SimpleNamespace(lobby=0.2, cross_border_focus=focus)],
        indirect=np.array([[[0.0, 1.0], [1.0, 1.0]], [[0.5, 0.5], [0.0, 0.0]]]),
    )  # fmt: skip
    w = SimpleNamespace(
        severity=np.zeros((2, 2)), window=np.array([granted]), window_factor=np.array([factor]),
        money=np.array([0.5, 0.5]), population=np.array([0.5, 0.5]), border_theme=np.array([0.0, 1.0]),
    )  # fmt: skip
    return s, w


@pytest.mark.parametrize(
    ("draw", "granted", "factor", "focus", "after"),
    [
        ([0.085, 0.085], [0.0, 0.0], 1.0, 0.0, [0.4, 0.0]),
        ([0.083, 0.083], [0.0, 0.0], 1.0, 0.0, [1.0, 1.0]),
        ([0.9, 0.9], [0.3, 0.3], 1.0, 0.0, [0.4, 0.3]),  # as the scenario says, if that is more than what is left
        ([0.041, 0.043], [0.0, 0.0], 0.5, 0.0, [1.0, 0.0]),
        ([0.0, 0.0], [0.0, 0.6], 0.0, 0.0, [0.4, 0.6]),
        # a lobby of 0.7 for the cross-border theme: 0.05 x 1.7 x 1.4 = 0.119
        ([0.085, 0.118], [0.0, 0.0], 1.0, 0.5, [0.4, 1.0]),
        ([0.085, 0.120], [0.0, 0.0], 1.0, 0.5, [0.4, 0.0]),
    ],
)
def test_windows_close_and_open(
    draw: list[float], granted: list[float], factor: float, focus: float, after: list[float]
) -> None:
    s, w = _quarter(draw, granted, factor, focus)
    with interpreted(funding):
        funding.update(s, w, P, 0)
    assert s.window == pytest.approx(after)
    opened = [height > kept for height, kept in zip(after, [0.4, 0.0], strict=True)]
    assert s.taken.tolist() == [[0.0 if new else 0.3 for new in opened]], "a window that opens is new money"


def test_a_grant_stays_when_the_window_closes() -> None:
    s = SimpleNamespace(
        grant=np.array([[0.0, 0.5]]), window=np.array([0.8, 0.3]), applied=np.zeros((1, 2)), taken=np.zeros((1, 2)),
        phase=np.full((1, 2), EXECUTING),
    )  # fmt: skip
    with interpreted(funding):
        with changes(s, "grant", "applied", "taken"):
            for k in (0, 1):
                funding.update_initiative(s, ALONE, P, 0, 0, k)
        assert (s.grant.tolist(), s.taken.tolist()) == ([[0.8, 0.5]], [[0.8, 0.0]])
        s.window[:] = 0.1
        with changes(s):
            for k in (0, 1):
                funding.update_initiative(s, ALONE, P, 1, 0, k)
