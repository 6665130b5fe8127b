from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given

from bresim.kernel.draws import make_key
from bresim.kernel.state import REGIONAL
from bresim.rules import delivery
from bresim.rules.trust import trust_in_others
from tests.rules.plain import changes, drawn, interpreted, listed, plain, scratch, shares

agreed, own, burden = (plain(f) for f in (delivery.agreement_inclination, delivery.own_inclination, delivery.burden))
P = SimpleNamespace(
    deliver_base=-1.4, deliver_trust=2.0, deliver_interest=1.3, deliver_urgency=0.9, deliver_slack=0.8,
    deliver_binding=1.3, deliver_monitoring=0.9, deliver_sanction=0.5, deliver_money=0.7, deliver_ratified=0.5,
    deliver_coerced=1.0, deliver_burden=0.4,
)  # fmt: skip


def rules(**changes: float) -> SimpleNamespace:
    return SimpleNamespace(
        **{"binding": 0.4, "monitoring": 0.5, "sanction": 0.2, "council_ratification": 0.6, **changes}
    )


def inclination(
    p: SimpleNamespace,
    rules: SimpleNamespace,
    trust: float,
    interest: float,
    urgency: float,
    slack: float,
    money: float,
    coerced: bool,
    heavier: float = 0.0,
) -> float:
    return float(agreed(p, rules, money) + own(p, trust, interest, urgency, slack, heavier, coerced))


def test_by_hand() -> None:
    # -1.4 + 2 x 0.2 + 1.3 x 0.5 + 0.9 x 0.5 + 0.8 x 0.25 + 1.3 x 0.4 + 0.9 x 0.5 + 0.5 x 0.2 + 0.7 x 0.3 + 0.5 x 0.6
    assert inclination(P, rules(), 0.6, 0.5, 0.5, 0.25, 0.3, False) == pytest.approx(1.88)
    assert inclination(P, rules(), 0.6, 0.5, 0.5, 0.25, 0.3, True) == pytest.approx(0.88)
    assert burden(10.0, 15.0, 0.0) == pytest.approx(0.5)
    assert burden(10.0, 15.0, 0.6) == pytest.approx(0.2)
    assert burden(10.0, 90.0, 0.0) == 1.0
    assert burden(30.0, 15.0, 0.0) == 0.0
    assert inclination(P, rules(), 0.6, 0.5, 0.5, 0.25, 0.3, False, heavier=0.5) == pytest.approx(1.68)


def test_trust_in_fellow_members() -> None:
    """Municipality 0 trusts 1, 2, 3 for 0.4, 0.9, 0.6; the members are 0, 1 and 3."""
    trusted = np.array([[0.0, 0.2, 0.1, 0.8], [0.4, 0.0, 0.1, 0.2], [0.9, 0.3, 0.0, 0.5], [0.6, 0.6, 0.1, 0.0]])
    mean = np.full(4, np.nan)
    trust_in_others(trusted, np.array([0, 1, 3]), 3, mean)
    assert mean[[0, 1, 3]] == pytest.approx([0.5, 0.4, 0.5])
    trust_in_others(trusted, np.array([0, 1, 3]), 1, mean)
    assert mean.tolist() == [0.5] * 4


@given(shares, shares, shares, shares, shares)
def test_what_makes_a_kept_promise_likelier(
    trust: float, interest: float, urgency: float, slack: float, money: float
) -> None:
    x = inclination(P, rules(), trust, interest, urgency, slack, money, False)
    for better in ("binding", "monitoring", "sanction", "council_ratification"):
        assert inclination(P, rules(**{better: 1.0}), trust, interest, urgency, slack, money, False) > x
    assert inclination(P, rules(), 1.0, interest, urgency, slack, money, False) >= x
    assert inclination(P, rules(), trust, 1.0, urgency, slack, money, False) >= x
    assert inclination(P, rules(), trust, interest, 1.0, slack, money, False) >= x
    assert inclination(P, rules(), trust, interest, urgency, 1.0, money, False) >= x
    assert inclination(P, rules(), trust, interest, urgency, slack, 1.0, False) >= x
    assert inclination(P, rules(), trust, interest, urgency, slack, money, True) < x


def test_members_keep_their_pledge_by_chance() -> None:
    """Members 0, 1 and 3 at log 3 (chance 0.75), the coerced less 1 (0.525), the small one less 0.5 x 0.8 (0.668)."""
    p = SimpleNamespace(**dict.fromkeys(vars(P), 0.0), subregional_bond=0.0)
    p.deliver_base, p.deliver_coerced, p.deliver_burden = np.log(3.0), 1.0, 0.5
    own = rules(cost_sharing=0.0, cofunding=0.0, mandate=0.0, programme_money=0.0)
    member = [True, True, False, True]
    for draw, kept in (
        ([0.74, 0.52, 0.0, 0.667], [True, True, False, True]),
        ([0.76, 0.53, 0.0, 0.669], [False, False, False, False]),
    ):
        s = SimpleNamespace(
            key=make_key(1, 0), drawn=drawn(9), draws_delivery=np.array([[draw]]),
            region=SimpleNamespace(kappa=0.5, stance=0.5),
            institution=[own], **listed([[member]]), coerced=np.array([[[False, True, False, False]]]),
            delivered=~np.array([[kept]]), interest=np.zeros((1, 4)), urgency=np.zeros((1, 4)),
            arena_interest=np.zeros((1, 1)), capacity=np.array([12.0, 10.0, 99.0, 5.0]), window=np.zeros(1),
            slack_per_pledge=np.zeros(4), trust_received=np.full((4, 4), 0.5), grant=np.zeros((1, 1)), **scratch(4),
        )  # fmt: skip
        with interpreted(delivery), changes(s, "delivered"):
            delivery.update_initiative(s, SimpleNamespace(arena_scale=[REGIONAL]), p, 9, 0, 0)
        assert (s.delivered[0, 0] & member).tolist() == kept
        assert s.delivered[0, 0, 2], "of a municipality that is no member nothing is decided"
    assert plain(delivery.mean_over)(s.capacity, np.array([0, 1, 3]), 3) == 9.0
    assert plain(delivery.mean_over)(s.capacity, np.array([0, 1, 3]), 0) == 0.0
