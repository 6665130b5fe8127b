from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given

from bresim.kernel import draws
from bresim.kernel.state import EXECUTING, NEGOTIATING
from bresim.rules import commitment
from tests.rules.plain import interpreted, plain, shares

interest, kappa_in, threat, money, standing, theme, acceptance, say_of = (
    plain(f)
    for f in (
        commitment.effective_interest, commitment.parochialism_in, commitment.threat, commitment.money_for,
        commitment.standing_inclination, commitment.theme_inclination, commitment.acceptance, commitment.unequal_say,
    )
)  # fmt: skip
P = SimpleNamespace(
    join_base=-2.0, join_trust=1.5, join_slack=1.0, join_support=0.5, join_facilitation=0.6, join_orientation=0.4,
    join_binding=0.8, join_say=1.2, join_urgency=1.7, join_interest=2.2, join_money=1.3, join_opt_out=0.5,
    join_peers=0.8,
)  # fmt: skip


def rules(binding: float = 0.5, facilitation: float = 0.5, opt_out: float = 0.4) -> SimpleNamespace:
    return SimpleNamespace(binding=binding, facilitation=facilitation, opt_out=opt_out)


def test_by_hand() -> None:
    assert interest(0.2, 0.8, 0.25) == pytest.approx(0.65)
    assert kappa_in(0.6, 0.5, True) == 0.6
    assert kappa_in(0.6, 0.5, False) == pytest.approx(0.3)
    assert threat(0.5, 0.8, 1.5, 1.6) == pytest.approx(0.44)  # 0.5 x (1.2 - 0.32)
    assert threat(0.5, 0.0, 1.5, 1.6) == pytest.approx(-0.8)
    assert money(0.3, 0.2, 0.1) == pytest.approx(0.6)
    assert money(0.9, 0.3, 0.3) == 1.0
    assert acceptance(0.5, 0.3, 0.5) == pytest.approx(0.65)
    assert acceptance(0.9, 0.5, 1.0) == 1.0
    assert say_of(0.6, 0.0, 0.5) == pytest.approx(0.4)
    assert say_of(0.6, 1.0, 0.5) == pytest.approx(0.2)
    # -2 + 1.5 x 0.2 + 1 x 0.5 + 0.5 x 1.5 x 0.2 + 0.6 x 0.5 + 0.4 x 0.1 + 0.3 - 0.8 x 0.5 x 0.4 - 1.2 x 0.2
    assert standing(P, rules(), 0.6, 0.5, 0.6, 1.5, 0.1, 0.3, 0.2) == pytest.approx(-0.81)
    # 1.7 x 0.5 + 2.2 x 0.6 + 1.3 x 0.2 + 0.5 x 0.4 x 0.4 + 0.8 x 0.25
    assert theme(P, rules(), 0.5, 0.6, 0.2, 0.75) == pytest.approx(2.71)


@given(shares, shares, shares, shares)
def test_the_threat_works_through_acceptance(steering: float, low: float, high: float, share: float) -> None:
    low, high = min(low, high), max(low, high)
    assert threat(steering, low, 1.5, 1.6) <= threat(steering, high, 1.5, 1.6) + 1e-12
    assert threat(0.0, low, 1.5, 1.6) == 0.0
    assert threat(steering, 1.0, 1.5, 1.6) >= 0.0 >= threat(steering, 0.0, 1.5, 1.6)
    assert acceptance(low, 0.3, share) >= low


@given(shares, shares, shares, shares, shares, shares)
def test_what_makes_joining_likelier(
    trust: float, slack: float, support: float, urgency: float, stake: float, cash: float
) -> None:
    x = standing(P, rules(), trust, slack, support, 1.2, 0.0, 0.0, 0.3)
    assert standing(P, rules(), 1.0, slack, support, 1.2, 0.0, 0.0, 0.3) >= x
    assert standing(P, rules(), trust, 1.0, support, 1.2, 0.0, 0.0, 0.3) >= x
    assert standing(P, rules(), trust, slack, 1.0, 1.2, 0.0, 0.0, 0.3) >= x
    assert standing(P, rules(), trust, slack, support, 1.2, 0.0, 0.0, 0.0) >= x
    assert standing(P, rules(facilitation=1.0), trust, slack, support, 1.2, 0.0, 0.0, 0.3) >= x
    assert standing(P, rules(binding=1.0), trust, slack, support, 1.2, 0.0, 0.0, 0.3) <= x
    # binding deters only where support is low
    assert standing(P, rules(binding=1.0), trust, slack, 1.0, 1.2, 0.0, 0.0, 0.3) == pytest.approx(
        standing(P, rules(binding=0.0), trust, slack, 1.0, 1.2, 0.0, 0.0, 0.3)
    )
    y = theme(P, rules(), urgency, stake, cash, 0.5)
    assert theme(P, rules(), 1.0, stake, cash, 0.5) >= y
    assert theme(P, rules(), urgency, 1.0, cash, 0.5) >= y
    assert theme(P, rules(), urgency, stake, 1.0, 0.5) >= y
    assert theme(P, rules(), urgency, stake, cash, 1.0) >= y >= theme(P, rules(), urgency, stake, cash, 0.0)
    assert theme(P, rules(opt_out=1.0), urgency, stake, cash, 0.5) >= y


@given(shares, shares, shares, shares)
def test_shares_stay_shares(a: float, b: float, c: float, d: float) -> None:
    assert min(a, b) - 1e-12 <= interest(a, b, c) <= max(a, b) + 1e-12
    assert 0.0 <= kappa_in(a, b, False) <= kappa_in(a, b, True) == a
    assert 0.0 <= money(a, b, c) <= 1.0
    assert 0.0 <= say_of(a, b, c) <= 1.0 - a
    assert say_of(1.0, b, d) == 0.0


#: Parameters with which a theme adds nothing to what everyone brings to the table.
AS_IT_STANDS = SimpleNamespace(
    **dict.fromkeys(vars(P), 0.0), pace=0.5, facilitation_pace=0.3, revoke=0.5, subregional_bond=0.0
)


def at_the_table(phase: int, member: list[bool], luck: list[float]) -> SimpleNamespace:
    """One arena, two themes, four municipalities of which the last is not eligible; inclinations are -1, 0, 1, 2."""
    filled = np.full((draws.N_STREAMS, 2), -1)
    filled[draws.COMMIT, 1] = 7  # what luck is given is not drawn
    return SimpleNamespace(
        rules=[SimpleNamespace(facilitation=0.0, late_joining=0.5, revocable=1.0, binding=0.0, cofunding=0.0,
                               mandate=0.0, programme_money=0.0, opt_out=0.0)],
        phase=np.full((1, 2), phase), committed=np.array([[[False] * 4, member]]), n_invited=np.array([3]),
        eligible=np.array([[True, True, True, False]]), standing=np.array([-1.0, 0.0, 1.0, 2.0]), chances=np.zeros(4),
        luck_commit=np.array([[[0.0] * 4, luck]]), filled=filled, key=draws.make_key(1, 0), scalars=np.zeros(20),
        window=np.zeros(2), grant=np.zeros((1, 2)), interest=np.zeros((2, 4)), urgency=np.zeros((2, 4)),
        arena_interest=np.zeros((1, 2)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("phase", "member", "luck", "after"),
    [
        # chances to join: half of 0.2689, 0.5, 0.7311; to leave: 1 less these
        (NEGOTIATING, [False, True, False, True], [0.134, 0.499, 0.366, 0.0], [True, False, False, True]),
        (NEGOTIATING, [False, True, False, False], [0.135, 0.501, 0.365, 0.0], [False, True, True, False]),
        # in execution a quarter of these, and nobody leaves
        (EXECUTING, [False, True, False, True], [0.067, 0.0, 0.183, 0.0], [True, True, False, True]),
        (EXECUTING, [False, True, False, False], [0.068, 0.0, 0.182, 0.0], [False, True, True, False]),
    ],
)
def test_who_is_eligible_joins_or_leaves_by_chance(
    phase: int, member: list[bool], luck: list[float], after: list[bool]
) -> None:
    s = at_the_table(phase, member, luck)
    with interpreted(commitment):
        commitment._decide(s, SimpleNamespace(arena_scale=[0]), AS_IT_STANDS, 7, 0, 1)
    assert s.committed[0, 1].tolist() == after
    assert not s.committed[0, 0].any()


def test_nothing_is_drawn_when_nobody_is_left_to_join() -> None:
    s = at_the_table(EXECUTING, [True, True, True, False], [0.0] * 4)
    s.filled[:] = -1
    with interpreted(commitment):
        commitment._decide(s, SimpleNamespace(arena_scale=[0]), AS_IT_STANDS, 7, 0, 1)
    assert s.committed[0, 1].tolist() == [True, True, True, False]
    assert (s.filled == -1).all()
