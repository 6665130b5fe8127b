from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bresim.rules import effort
from tests.rules.plain import changes, interpreted, listed, plain, scratch, shares

cost, coordination, required, capital, escalated, in_trouble = (
    plain(f)
    for f in (
        effort.transaction_cost, effort.coordination_of, effort.required_work, effort.capital_need, effort.escalated,
        effort.in_trouble,
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
    assert escalated(0.5, 0.4) == pytest.approx(0.7)
    assert in_trouble(7.0, 14.0, 0.4)
    assert not in_trouble(6.0, 14.0, 0.4)
    assert in_trouble(13.0, 14.0, 0.9)
    assert not in_trouble(7.0, 14.0, 0.5)
    assert in_trouble(13.0, 14.0, 0.95), "the last quarter, and not done"
    assert not in_trouble(12.0, 14.0, 0.95)


FIELDS = ("used", "progress", "clock", "share_done")


def _working(
    delivered: list[bool], lead_share: float, *, clock: float = 1.0, escalation: float = 0.0
) -> SimpleNamespace:
    """A quarter of work on theme 0 by three of four municipalities: 0 is a centre, 3 the outer ring.

    Money from outside is 0.5; the initiative has 4 fte quarters behind it, and is one of two in execution.
    """
    p = SimpleNamespace(
        bureau_efficiency=1.5, capacity_coordination_gain=0.5, opt_out_loss=0.5, partner_effort=0.5, autonomy_gain=0.5,
        transaction_cost=0.1, money_effort=1.0, work=2.0, work_fixed=10.0, work_absent=0.5, capital_work=1.0,
        overrun=10.0,
    )  # fmt: skip
    w = SimpleNamespace(
        centre=np.array([True, False, False, False]), economic=np.array([0.5]), societal=np.array([0.25]),
        water_board=np.array([0.0]), border_theme=np.array([0.0]), money=np.array([1.0]),
    )  # fmt: skip
    own = SimpleNamespace(
        outer_ring=1.0, lead_share=lead_share, coordination=0.5, alliance_autonomy=0.0, cross_border_focus=0.0,
        capacity_coordination=0.4, opt_out=0.2, partner_weight=0.5, partner_seats=1.0, execution=0.5,
        cofunding=0.4, mandate=0.0, programme_money=0.1, escalation=escalation,
    )  # fmt: skip
    s = SimpleNamespace(
        institution=[own], region=SimpleNamespace(stance=0.5), window=np.array([0.0]), grant=np.array([[0.2]]),
        **listed([[[True, True, True, False]]]), capacity=np.array([10.0, 6.0, 4.0, 20.0]),
        delivered=np.array([[delivered]]), used=np.zeros(4), n_invited=np.array([4]), invited=np.array([[0, 1, 2, 3]]),
        ad_hoc=np.array([[0.0, 0.0, 0.0, 0.5]]), offer=np.array([[3.0, 2.0, 1.0, 9.0]]),
        lead_room=np.array([[0.6, 9.0, 9.0, 9.0]]), arena_pool=np.array([2.0]), arena_capacity=np.array([40.0]),
        partner=np.array([0.8, 0.4]), executing=np.array([2.0]), progress=np.array([[4.0]]),
        clock=np.array([[clock]]), share_done=np.array([[0.1]]), escalation=np.zeros((1, 1)), **scratch(4),
    )  # fmt: skip
    steps_in = escalation > 0.0 and bool(in_trouble(clock, 10.0, 0.1))
    with interpreted(effort), changes(s, *FIELDS, *["escalation"] * steps_in):
        effort.update_initiative(s, w, p, 9, 0, 0)
    return s


STAFF = (5.0 + 0.5 + 1.5) * 1.2 * 0.9  # two of three deliver 3 and 2 fte, the outer ring half, the bureau 2 x 1.5 / 2
PARTNERS = 0.5 * 20.0 * 0.5 * (0.5 * 0.8 + 0.25 * 0.4) / 2.0
WORK = (10.0 + 2.0 * (20.0 + 0.5 * 20.0)) * 1.5


def test_the_work_of_a_quarter_by_hand() -> None:
    s = _working([True, True, False, False], 0.0)
    done = 0.5 * (STAFF + PARTNERS) * 1.5 / (1.0 + 0.1 * 0.5 * 3.0)
    assert s.used == pytest.approx([3.0, 2.0, 0.0, 0.5])
    assert s.progress[0, 0] == pytest.approx(4.0 + done)
    assert s.share_done[0, 0] == pytest.approx((4.0 + done) / WORK)
    assert s.clock[0, 0] == 2.0


def test_escalation_takes_friction_away_from_an_initiative_in_trouble() -> None:
    s = _working([True, True, False, False], 0.0, clock=5.0, escalation=0.6)
    assert s.escalation[0, 0] == 0.6
    assert s.progress[0, 0] == pytest.approx(4.0 + 0.5 * (STAFF + PARTNERS) * 1.5 / (1.0 + 0.1 * 0.5 * 0.4 * 3.0))
    calm = _working([True, True, False, False], 0.0, clock=4.0, escalation=0.6)
    assert calm.escalation[0, 0] == 0.0
    assert calm.progress[0, 0] < s.progress[0, 0]


def test_the_lead_does_what_the_others_leave_to_it_as_far_as_it_has_room() -> None:
    taken_over = plain(effort.taken_over)
    assert taken_over(0.4, 1.0) == 0.4
    assert taken_over(2.0, 1.0) == 1.0
    led = _working([True, True, True, False], 0.1)  # 0.3 is left, the lead has room for 0.6
    assert led.used == pytest.approx([3.3, 1.8, 0.9, 0.5])
    less = _working([True, True, True, False], 0.5)  # 1.5 is left
    assert less.used == pytest.approx([3.6, 1.0, 0.5, 0.5])
    unled = _working([False, True, True, False], 0.5)
    assert unled.used == pytest.approx([0.0, 1.0, 0.5, 0.5])
    assert unled.progress[0, 0] < less.progress[0, 0], "the others count on a lead that does not deliver"


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
def test_work_rises_with_the_absent_and_money_relieves(
    inside: float, outside: float, absent: float, money: float
) -> None:
    alone = required(1.6, 25.0, 0.0, inside, inside + outside)
    assert alone <= required(1.6, 25.0, absent, inside, inside + outside) + 1e-9
    assert required(1.6, 25.0, absent, inside, inside) == pytest.approx(25.0 + 1.6 * inside)
    assert 1.0 <= capital(1.5, absent, money) <= capital(1.5, absent, 0.0)
    assert capital(1.5, absent, 1.0) == 1.0
