from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.plain import plain, shares

from bresim.rules import effort
from bresim.state import EXECUTING, KAPPA, NEGOTIATING, REGIONAL

cost, coordination, required, capital, available, escalated, in_trouble = (
    plain(f)
    for f in (
        effort.transaction_cost, effort.coordination_of, effort.required_work, effort.capital_need, effort.available,
        effort.escalated, effort.in_trouble,
    )
)  # fmt: skip


def rules(coordination: float, autonomy: float, focus: float) -> SimpleNamespace:
    return SimpleNamespace(coordination=coordination, alliance_autonomy=autonomy, cross_border_focus=focus)


def test_by_hand() -> None:
    assert cost(0.06, 0.0, 16) == pytest.approx(1.9)
    assert cost(0.06, 0.5, 16) == pytest.approx(1.45)
    assert cost(0.06, 1.0, 16) == cost(0.06, 0.0, 1) == cost(0.06, 0.0, 0) == 1.0
    # friction 0.6 x (1 - 0.5 x 0.4) x (1 - 0.5 x 0.5) = 0.36
    assert coordination(rules(0.4, 0.4, 0.5), 0.5, 0.5) == pytest.approx(0.64)
    assert coordination(rules(0.0, 0.0, 0.0), 0.5, 1.0) == 0.0
    # 20 + 2 x (30 + 0.25 x 40)
    assert required(2.0, 20.0, 0.25, 30.0, 70.0) == pytest.approx(100.0)
    assert capital(1.5, 0.8, 0.5) == pytest.approx(1.6)
    assert available(5.0, 0.4, 0.5) == pytest.approx(4.0)
    assert escalated(0.5, 0.4) == pytest.approx(0.7)
    assert in_trouble(7.0, 14.0, 0.4)
    assert not in_trouble(6.0, 14.0, 0.4)
    assert in_trouble(13.0, 14.0, 0.9)
    assert not in_trouble(7.0, 14.0, 0.5)
    assert in_trouble(13.0, 14.0, 0.95), "the last quarter, and not done"
    assert not in_trouble(12.0, 14.0, 0.95)


def test_the_outer_ring_gives_what_no_pledge_claims() -> None:
    unpromised = plain(effort.unpromised)
    assert unpromised(5.0, 0.4, 0.5, 0.0) == pytest.approx(4.0)
    assert unpromised(5.0, 0.4, 0.5, 2.0) == pytest.approx(1.0)


def test_what_everyone_offers_by_hand() -> None:
    """Three municipalities keep a fifth for home; 0 is in the one initiative, 2 in one elsewhere."""
    p = SimpleNamespace(subregional_bond=0.5, home_first=0.4, ad_hoc_effort=0.1)
    w = SimpleNamespace(arena_scale=np.array([REGIONAL]))
    scalars = np.zeros(20)
    scalars[KAPPA] = 0.5
    s = SimpleNamespace(
        scalars=scalars, rules=[SimpleNamespace(lead_share=1.0, outer_ring=0.5)], slack=np.array([5.0, 10.0, 4.0]),
        pledges=np.array([2.0, 0.0, 1.0]), offer=np.zeros(3), lead_offer=np.zeros(3), help=np.zeros(3),
        phase=np.array([[EXECUTING, NEGOTIATING]]), committed=np.array([[[True, False, False], [False, True, True]]]),
    )  # fmt: skip
    plain(effort._offer)(s, w, p, 0, 1.0)
    assert s.offer == pytest.approx([2.0, 8.0, 3.2])
    assert s.lead_offer == pytest.approx([2.5, 10.0, 4.0])
    assert s.help == pytest.approx([0.0, 0.4, 0.04])


@given(st.floats(0.0, 0.2), shares, shares, st.integers(1, 60))
def test_transaction_cost_is_at_least_one_and_falls_with_coordination(
    chi: float, low: float, high: float, members: int
) -> None:
    low, high = min(low, high), max(low, high)
    assert 1.0 <= cost(chi, high, members) <= cost(chi, low, members) <= cost(chi, low, members + 1) + 1e-12


@given(shares, shares, shares, shares, shares)
def test_coordination_is_a_share_and_nothing_takes_it_away(
    a: float, b: float, c: float, gain: float, border: float
) -> None:
    x = coordination(rules(a, b, c), gain, border)
    assert a - 1e-12 <= x <= 1.0 + 1e-12
    assert x <= escalated(x, c) + 1e-12 <= 1.0 + 1e-9
    assert escalated(x, 1.0) == 1.0


@given(st.floats(0.0, 100.0), st.floats(0.0, 100.0), shares, shares)
def test_work_rises_with_who_is_absent_and_money_relieves(
    inside: float, outside: float, absent: float, money: float
) -> None:
    alone = required(1.6, 25.0, 0.0, inside, inside + outside)
    assert alone <= required(1.6, 25.0, absent, inside, inside + outside) + 1e-9
    assert required(1.6, 25.0, absent, inside, inside) == pytest.approx(25.0 + 1.6 * inside)
    assert 1.0 <= capital(1.5, absent, money) <= capital(1.5, absent, 0.0)
    assert capital(1.5, absent, 1.0) == 1.0
    assert 0.0 <= available(inside, absent, money) <= inside
