from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given

from bresim.kernel import draws
from bresim.kernel.draws import make_key
from bresim.kernel.state import REGIONAL
from bresim.rules import delivery
from bresim.rules.trust import trust_in_others
from tests.rules.plain import changes, drawn, interpreted, listed, plain, scratch, shares

agreed, own, burden = (plain(f) for f in (delivery.agreement_inclination, delivery.own_inclination, delivery.burden))
P = SimpleNamespace(
    deliver_base=-1.4, deliver_trust=2.0, deliver_interest=1.3, deliver_urgency=0.9, deliver_binding=1.3,
    deliver_monitoring=0.9, deliver_sanction=0.5, deliver_money=0.7, deliver_ratified=0.5, deliver_coerced=1.0,
    deliver_burden=0.4, deliver_say=1.5, deliver_record=0.8,
)  # fmt: skip


def rules(**changes: float) -> SimpleNamespace:
    return SimpleNamespace(
        **{"binding": 0.4, "monitoring": 0.5, "sanction": 0.2, "council_ratification": 0.6, **changes}
    )


def inclination(
    rules: SimpleNamespace,
    trust: float,
    interest: float,
    urgency: float,
    money: float,
    *,
    coerced: bool = False,
    heavier: float = 0.0,
    say: float = 0.0,
    pressure: float = 0.0,
    record: float = 0.0,
) -> float:
    terms = agreed(P, rules.binding, rules.monitoring, rules.sanction, money, record)
    ratified = 0.0 if coerced else rules.council_ratification
    return float(terms + own(P, trust, interest, urgency, heavier, ratified, coerced, say, pressure))


def test_by_hand() -> None:
    # -1.4 + 2 x 0.2 + 1.3 x 0.5 + 0.9 x 0.5 + 1.3 x 0.4 + 0.9 x 0.5 + 0.5 x 0.2 + 0.7 x 0.3 + 0.5 x 0.6
    assert inclination(rules(), 0.6, 0.5, 0.5, 0.3) == pytest.approx(1.68)
    assert inclination(rules(), 0.6, 0.5, 0.5, 0.3, coerced=True) == pytest.approx(0.38), (
        "and its council did not decide"
    )
    assert inclination(rules(), 0.6, 0.5, 0.5, 0.3, heavier=0.5) == pytest.approx(1.48)
    assert inclination(rules(), 0.6, 0.5, 0.5, 0.3, say=0.4) == pytest.approx(1.08)
    assert inclination(rules(), 0.6, 0.5, 0.5, 0.3, pressure=0.25) == pytest.approx(1.93)
    assert inclination(rules(), 0.6, 0.5, 0.5, 0.3, record=0.25) == pytest.approx(1.88)
    assert burden(10.0, 15.0, 0.0) == pytest.approx(0.5)
    assert burden(10.0, 15.0, 0.6) == pytest.approx(0.2)
    assert burden(10.0, 90.0, 0.0) == 1.0
    assert burden(30.0, 15.0, 0.0) == 0.0


def test_trust_in_fellow_members() -> None:
    """Municipality 0 trusts 1, 2, 3 for 0.4, 0.9, 0.6; the members are 0, 1 and 3."""
    trusted = np.array([[0.0, 0.2, 0.1, 0.8], [0.4, 0.0, 0.1, 0.2], [0.9, 0.3, 0.0, 0.5], [0.6, 0.6, 0.1, 0.0]])
    mean = np.full(4, np.nan)
    trust_in_others(trusted, np.array([0, 1, 3]), 3, mean)
    assert mean[[0, 1, 3]] == pytest.approx([0.5, 0.4, 0.5])
    trust_in_others(trusted, np.array([0, 1, 3]), 1, mean)
    assert mean.tolist() == [0.5] * 4


@given(shares, shares, shares, shares)
def test_what_makes_a_kept_promise_likelier(trust: float, interest: float, urgency: float, money: float) -> None:
    x = inclination(rules(), trust, interest, urgency, money)
    for better in ("binding", "monitoring", "sanction", "council_ratification"):
        assert inclination(rules(**{better: 1.0}), trust, interest, urgency, money) > x
    assert inclination(rules(), 1.0, interest, urgency, money) >= x
    assert inclination(rules(), trust, 1.0, urgency, money) >= x
    assert inclination(rules(), trust, interest, 1.0, money) >= x
    assert inclination(rules(), trust, interest, urgency, 1.0) >= x
    assert inclination(rules(), trust, interest, urgency, money, record=0.5) > x
    for worse in ({"coerced": True}, {"heavier": 0.5}, {"say": 0.5}, {"pressure": -0.5}):
        assert inclination(rules(), trust, interest, urgency, money, **worse) < x  # type: ignore[arg-type]


MEMBER = [True, True, False, True]


def _initiative(draw: list[float], steering: float = 0.0, **values: float) -> tuple[SimpleNamespace, SimpleNamespace]:
    """A milestone of members 0, 1 and 3 in the region has passed; 1 was coerced, 3 has half of the mean capacity.

    The rules of the agreement are 0.4 binding, 0.2 sanction and 0.6 ratified; those of now cannot be looked up, nor can
    how long the region is without agreement.
    """
    own = SimpleNamespace(monitoring=0.5, cofunding=0.0, mandate=0.0, programme_money=0.0,
                          equal_say=1.0, sounding_board=0.0, imposition=0.0, **values)  # fmt: skip
    s = SimpleNamespace(
        key=make_key(1, 0), drawn=drawn(9), draws_delivery=np.array([[draw]]), phase=np.zeros((1, 1)),
        region=SimpleNamespace(kappa=0.5, stance=0.5, steering=steering, divide=0.5, acts=0.0, intervenes=False),
        institution=[own], **listed([[MEMBER]]), coerced=np.array([[[False, True, False, False]]]),
        willing=np.zeros((1, 1, 4), np.bool_), enforced=np.zeros((1, 1, 4), np.bool_),
        broken_again=np.zeros((1, 1, 4), np.bool_),
        since_milestone=np.zeros((1, 1)), interest=np.zeros((1, 4)),
        urgency=np.zeros((1, 4)), arena_interest=np.zeros((1, 1)), capacity=np.array([12.0, 10.0, 99.0, 5.0]),
        window=np.zeros(1), trust_received=np.full((4, 4), 0.5), grant=np.zeros((1, 1)), acceptance=np.full(4, 0.5),
        applied=np.zeros((1, 1)), taken=np.zeros((1, 1)), escalation=np.zeros((1, 1)),
        heard=np.zeros((1, 4), np.bool_), track_record=np.zeros(1), **scratch(4),
        agreed_cost_sharing=np.zeros((1, 1)), agreed_supplied=np.zeros((1, 1)),
        agreed_binding=np.full((1, 1), 0.4), agreed_sanction=np.full((1, 1), 0.2), agreed_ratified=np.full((1, 1), 0.6),
    )  # fmt: skip
    return s, SimpleNamespace(
        arena_scale=[REGIONAL],
        within_subregion=[False],
        overlaps=np.zeros((1, 1), np.bool_),
        window_shared=np.zeros((1, 1)),
    )


def _parameters(**values: float) -> SimpleNamespace:
    """A chance of 0.75 to mean it, without what follows."""
    zero = dict.fromkeys((*vars(P), "subregional_bond", "stake_elsewhere", "acceptance_mandate", "sounding_effect",
                          "ungranted_reach", "deliver_threat", "deliver_reactance"), 0.0)  # fmt: skip
    return SimpleNamespace(**(zero | {"deliver_base": float(np.log(3.0))} | values))


def test_members_mean_to_keep_their_promise_by_chance() -> None:
    """Members at log 3 (chance 0.75), the coerced less 1 (0.525), the small one less 0.5 x 0.8 (0.668)."""
    for draw, kept in (
        ([0.74, 0.52, 0.0, 0.667], MEMBER),
        ([0.76, 0.53, 0.0, 0.669], [False] * 4),
    ):
        s, w = _initiative(draw)
        with interpreted(delivery), changes(s, *["willing"] * any(kept)):
            delivery.update_initiative(s, w, _parameters(deliver_coerced=1.0, deliver_burden=0.5), 9, 0, 0)
        assert s.willing[0, 0].tolist() == kept
    assert plain(delivery.mean_over)(s.capacity, np.array([0, 1, 3]), 3) == 9.0
    assert plain(delivery.mean_over)(s.capacity, np.array([0, 1, 3]), 0) == 0.0


def test_they_decide_once_for_the_time_to_the_next_milestone() -> None:
    s, w = _initiative([0.0] * 4)
    s.since_milestone[:] = 1.0
    with interpreted(delivery), changes(s):
        delivery.update_initiative(s, w, _parameters(), 9, 0, 0)


@pytest.mark.parametrize(
    ("weight", "agreed_as"),
    [("deliver_binding", "agreed_binding"), ("deliver_sanction", "agreed_sanction"),
     ("deliver_ratified", "agreed_ratified")],
)  # fmt: skip
def test_the_rules_of_the_agreement_count(weight: str, agreed_as: str) -> None:
    """1 x 0.5 more: a chance of 3 e^0.5 / (1 + 3 e^0.5) = 0.8318 for all; without it 0.75."""
    for value, willing in ((0.5, [True, False, False, True]), (0.0, [False] * 4)):
        s, w = _initiative([0.831, 0.833, 0.0, 0.831])
        getattr(s, agreed_as)[:] = value
        with interpreted(delivery):
            delivery.update_initiative(s, w, _parameters(**{weight: 1.0}), 9, 0, 0)
        assert s.willing[0, 0].tolist() == willing


def test_who_has_little_say_owns_it_less() -> None:
    """Those that are not heard less 2 x 0.5 x 0.5: chance 0.6458."""
    s, w = _initiative([0.70, 0.70, 0.0, 0.70])
    s.institution[0].equal_say = 0.5
    s.heard[0, 0] = True
    with interpreted(delivery):
        delivery.update_initiative(s, w, _parameters(deliver_say=2.0), 9, 0, 0)
    assert s.willing[0, 0].tolist() == [True, False, False, False]


def test_what_was_booked_together_makes_a_promise_likelier_to_be_kept() -> None:
    """1 x 0.5 more: a chance of 3 e^0.5 / (1 + 3 e^0.5) = 0.8318 for all."""
    s, w = _initiative([0.831, 0.833, 0.0, 0.831])
    s.track_record[:] = 0.5
    with interpreted(delivery):
        delivery.update_initiative(s, w, _parameters(deliver_record=1.0), 9, 0, 0)
    assert s.willing[0, 0].tolist() == [True, False, False, True]


@pytest.mark.parametrize(("acceptance", "willing"), [(1.0, True), (0.0, False)])
def test_steering_moves_who_accepts_it_and_makes_others_dig_in(acceptance: float, willing: bool) -> None:
    """More or less 0.5 x 1: a chance of 0.832 or 0.645."""
    s, w = _initiative([0.76, 0.76, 0.0, 0.76] if willing else [0.74, 0.74, 0.0, 0.74], steering=0.5)
    s.acceptance[:] = acceptance
    with interpreted(delivery):
        delivery.update_initiative(s, w, _parameters(deliver_threat=1.0, deliver_reactance=1.0), 9, 0, 0)
    assert s.willing[0, 0].tolist() == [willing, willing, False, willing]


@pytest.mark.parametrize(("steering", "enforced"), [(0.5, [True, False, False, False]), (0.0, [False] * 4)])
def test_the_province_sees_to_promises_broken_twice_in_a_row_while_it_steers(
    steering: float, enforced: list[bool]
) -> None:
    """0 broke its last two promises and means to break the next one as well; so do 1 and 3, which did not break both.

    2, which is no member any more, once did; and to 3 the province saw before, until this milestone.
    """
    s, w = _initiative([0.99] * 4, steering=steering)
    s.institution[0].imposition, s.institution[0].mandate = 1.0, 1.0
    s.broken_again[0, 0] = [True, False, True, False]
    s.enforced[0, 0, 3] = s.willing[0, 0, 3] = True
    with interpreted(delivery), changes(s, "willing", "enforced"):
        delivery.update_initiative(s, w, _parameters(), 9, 0, 0)
    assert s.enforced[0, 0].tolist() == enforced
    assert s.willing[0, 0].tolist() == enforced, "it keeps this one"


@pytest.mark.parametrize(
    ("mandate", "intervenes", "of_imposition"),
    [(1.0, False, 1.0), (0.5, False, 0.5), (0.5, True, 0.6), (0.0, True, 0.2)],  # a legal route of 0.4 x 0.5
)
def test_the_province_sees_to_it_by_chance(mandate: float, intervenes: bool, of_imposition: float) -> None:
    """Of 0 and 3, which both broke two in a row, with a chance between their two numbers to the one with the lower."""
    luck = [float(draws.uniform(make_key(1, 0), draws.ENFORCE, 9, 0, i)) for i in (0, 3)]
    s, w = _initiative([0.99] * 4, steering=0.5)
    s.institution[0].imposition, s.institution[0].mandate = sum(luck) / 2.0 / of_imposition, mandate
    s.region.intervenes = intervenes
    s.broken_again[0, 0, [0, 3]] = True
    with interpreted(delivery):
        delivery.update_initiative(s, w, _parameters(ungranted_reach=0.4), 9, 0, 0)
    assert s.enforced[0, 0, [0, 3]].tolist() == [luck[0] < luck[1], luck[1] < luck[0]]


def test_who_does_not_mean_to_keep_its_promise_is_asked_again_where_it_is_in_trouble() -> None:
    """Between milestones, with half escalation: a chance of 0.5 x 0.75; it does not make anybody change its mind."""
    kept = np.zeros(4)
    for t in range(600):
        s, w = _initiative([0.0] * 4)
        s.since_milestone[:], s.willing[0, 0] = 2.0, [True, False, False, False]
        s.key = make_key(1, t)
        with interpreted(delivery), changes(s):
            delivery.update_initiative(s, w, _parameters(), 9, 0, 0)  # without escalation, or in no trouble
        s.escalation[:] = 0.5
        with interpreted(delivery):
            delivery.update_initiative(s, w, _parameters(), 9, 0, 0)
        kept += s.willing[0, 0]
        assert not s.enforced.any()
    assert kept[0] == 600
    assert kept[[1, 3]] / 600.0 == pytest.approx([0.375, 0.375], abs=0.06)
    assert kept[2] == 0, "no member"


def test_the_council_of_a_member_that_is_bound_did_not_decide() -> None:
    """Half of 2.0 for ratification in full of members 0 and 3; 1 was bound against its vote."""
    s, w = _initiative([0.0] * 4)
    s.agreed_ratified[:] = 0.5
    with interpreted(delivery):
        delivery._chances(s, w, _parameters(deliver_base=0.0, deliver_ratified=2.0), 0, 0)
    chances = s.scratch[1, [0, 1, 3]]
    assert np.log(chances / (1.0 - chances)) == pytest.approx([1.0, 0.0, 1.0])
