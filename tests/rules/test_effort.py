from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bresim.kernel.state import EXECUTING, KAPPA, NEGOTIATING, REGIONAL
from bresim.rules import effort
from tests.rules.plain import interpreted, plain, shares

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
        scalars=scalars, rules=[SimpleNamespace(outer_ring=0.5)], slack=np.array([5.0, 10.0, 4.0]),
        pledges=np.array([2.0, 0.0, 1.0]), offer=np.zeros(3), lead_room=np.zeros(3), help=np.zeros(3),
        phase=np.array([[EXECUTING, NEGOTIATING]]), committed=np.array([[[True, False, False], [False, True, True]]]),
    )  # fmt: skip
    plain(effort._offer)(s, w, p, 0, 1.0)
    assert s.offer == pytest.approx([2.0, 8.0, 3.2])
    assert s.lead_room == pytest.approx([0.5, 2.0, 0.8]), "what home keeps"
    assert s.help == pytest.approx([0.0, 0.4, 0.04])


def _working(delivered: list[bool], lead_share: float) -> tuple[SimpleNamespace, float, float]:
    """One initiative of three of four municipalities (0 is a centre, 3 the outer ring): its state, effort and work."""
    p = SimpleNamespace(
        bureau_efficiency=1.5, capacity_coordination_gain=0.5, opt_out_loss=0.5, partner_effort=0.5, autonomy_gain=0.5,
        transaction_cost=0.1, money_effort=1.0, work=2.0, work_fixed=10.0, work_absent=0.5, capital_work=1.0,
    )  # fmt: skip
    w = SimpleNamespace(
        centre=np.array([True, False, False, False]), economic=np.array([0.5]), societal=np.array([0.25]),
        water_board=np.array([0.0]), border_theme=np.array([0.0]), money=np.array([1.0]),
    )  # fmt: skip
    own = SimpleNamespace(
        outer_ring=1.0, lead_share=lead_share, coordination=0.5, alliance_autonomy=0.0, cross_border_focus=0.0,
        capacity_coordination=0.4, opt_out=0.2, partner_weight=0.5, partner_seats=1.0, execution=0.5,
    )  # fmt: skip
    s = SimpleNamespace(
        rules=[own], party=np.array([0, 1, 2, -1]), capacity=np.array([10.0, 6.0, 4.0, 20.0]),
        delivered=np.array(delivered), used=np.zeros(4), n_invited=np.array([4]), invited=np.array([[0, 1, 2, 3]]),
        help=np.array([0.0, 0.0, 0.0, 0.5]), offer=np.array([3.0, 2.0, 1.0, 9.0]),
        lead_room=np.array([0.6, 9.0, 9.0, 9.0]), arena_pool=np.array([2.0]), arena_capacity=np.array([40.0]),
        partner=np.array([0.8, 0.4]),
    )  # fmt: skip
    with interpreted(effort):
        done, work = effort._work_done(s, w, p, 0, 0, 0.5, 3, 2.0, 0.0)
    return s, done, work


def test_the_work_of_a_quarter_by_hand() -> None:
    """Two of three deliver 3 and 2 fte, the outer ring half an fte, the bureau 2 x 1.5 / 2."""
    s, done, work = _working([True, True, False, False], 0.0)
    assert s.used == pytest.approx([3.0, 2.0, 0.0, 0.5])
    staff = (5.0 + 0.5 + 1.5) * 1.2 * 0.9
    partners = 0.5 * 20.0 * 0.5 * (0.5 * 0.8 + 0.25 * 0.4) / 2.0
    assert done == pytest.approx(0.5 * (staff + partners) * 1.5 / (1.0 + 0.1 * 0.5 * 3.0))
    assert work == pytest.approx((10.0 + 2.0 * (20.0 + 0.5 * 20.0)) * 1.5)


def test_what_the_others_leave_to_the_lead_is_done_by_it_as_far_as_it_has_room() -> None:
    taken_over = plain(effort.taken_over)
    assert taken_over(0.4, 1.0) == 0.4
    assert taken_over(2.0, 1.0) == 1.0
    led, _, _ = _working([True, True, True, False], 0.1)  # 0.3 is left, the lead has room for 0.6
    assert led.used == pytest.approx([3.3, 1.8, 0.9, 0.5])
    led, less, _ = _working([True, True, True, False], 0.5)  # 1.5 is left
    assert led.used == pytest.approx([3.6, 1.0, 0.5, 0.5])
    _, nobody, _ = _working([False, True, True, False], 0.5)
    assert nobody < less, "the others count on a lead that does not deliver"


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
