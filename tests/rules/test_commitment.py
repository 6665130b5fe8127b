from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bresim.kernel import draws
from bresim.kernel.state import EXECUTING, IDLE, NEGOTIATING, REGIONAL, SUBREGIONAL
from bresim.rules import commitment, signing
from tests.rules.plain import changes, interpreted, plain, scratch, shares

threat, base, theme, say_of, room, followed = (
    plain(f)
    for f in (
        commitment.threat, commitment.base_inclination, commitment.theme_inclination, commitment.unequal_say,
        commitment.room, commitment.followed,
    )
)  # fmt: skip
P = SimpleNamespace(
    join_base=-2.0, join_trust=1.5, join_record=1.0, join_support=0.5, join_facilitation=0.6, join_orientation=0.4,
    join_binding=0.8, join_say=1.2, join_urgency=1.7, join_interest=2.2, join_money=1.3, join_opt_out=0.5,
    join_peers=0.8, join_room=1.0, join_rally=0.6,
)  # fmt: skip


def rules(binding: float = 0.5, facilitation: float = 0.5, opt_out: float = 0.4) -> SimpleNamespace:
    return SimpleNamespace(binding=binding, facilitation=facilitation, opt_out=opt_out)


def test_by_hand() -> None:
    assert threat(0.5, 0.8, 1.5, 1.6) == pytest.approx(0.44)  # 0.5 x (1.2 - 0.32)
    assert threat(0.5, 0.0, 1.5, 1.6) == pytest.approx(-0.8)
    assert say_of(0.6, 0.0, 0.5) == pytest.approx(0.4)
    assert say_of(0.6, 1.0, 0.5) == pytest.approx(0.2)
    # -2 + 1.5 x 0.2 + 1 x 0.5 + 0.5 x 1.5 x 0.2 + 0.6 x 0.5 + 0.4 x 0.1 + 0.3 - 0.8 x 0.5 x 0.4 - 1.2 x 0.2
    assert base(P, rules(), 0.6, 0.5, 0.6, 1.5, 0.1, 0.3, 0.2) == pytest.approx(-0.81)
    # 1.7 x 0.5 + 2.2 x 0.6 + 1.3 x 0.2 + 0.5 x 0.4 x 0.4 + 0.8 x 0.25 - 1 x 0.7, and a shock 0.6 x 0.5 more
    assert theme(P, rules(), 0.5, 0.6, 0.2, 0.75, 0.3, 0.0) == pytest.approx(2.01)
    assert theme(P, rules(), 0.5, 0.6, 0.2, 0.75, 0.3, 0.5) == pytest.approx(2.31)
    assert room(1.0, 4.0) == 0.25
    assert room(5.0, 4.0) == room(0.0, 0.0) == 1.0
    # three of four have joined, two of these from across the divide
    assert [followed(3, 2, divide, 4) for divide in (0.0, 0.5, 1.0)] == [0.75, 0.5, 0.25]
    assert followed(1, 1, 1.0, 1) == 0.5, "it is alone"


@given(shares, shares, shares)
def test_the_threat_works_through_acceptance(steering: float, low: float, high: float) -> None:
    low, high = min(low, high), max(low, high)
    assert threat(steering, low, 1.5, 1.6) <= threat(steering, high, 1.5, 1.6) + 1e-12
    assert threat(0.0, low, 1.5, 1.6) == 0.0
    assert threat(steering, 1.0, 1.5, 1.6) >= 0.0 >= threat(steering, 0.0, 1.5, 1.6)


@given(shares, shares, shares, shares, shares, shares, shares, shares)
def test_what_makes_joining_likelier(
    trust: float, record: float, support: float, urgency: float, stake: float, cash: float, enough: float, shock: float
) -> None:
    x = base(P, rules(), trust, record, support, 1.2, 0.0, 0.0, 0.3)
    assert base(P, rules(), 1.0, record, support, 1.2, 0.0, 0.0, 0.3) >= x
    assert base(P, rules(), trust, 1.0, support, 1.2, 0.0, 0.0, 0.3) >= x
    assert base(P, rules(), trust, record, 1.0, 1.2, 0.0, 0.0, 0.3) >= x
    assert base(P, rules(), trust, record, support, 1.2, 0.0, 0.0, 0.0) >= x
    assert base(P, rules(facilitation=1.0), trust, record, support, 1.2, 0.0, 0.0, 0.3) >= x
    assert base(P, rules(binding=1.0), trust, record, support, 1.2, 0.0, 0.0, 0.3) <= x
    # binding deters only where support is low
    assert base(P, rules(binding=1.0), trust, record, 1.0, 1.2, 0.0, 0.0, 0.3) == pytest.approx(
        base(P, rules(binding=0.0), trust, record, 1.0, 1.2, 0.0, 0.0, 0.3)
    )
    usual = {"urgency": urgency, "interest": stake, "money": cash, "peers": 0.5, "enough_room": enough, "shock": shock}
    y = theme(P, rules(), **usual)
    for name in usual:
        assert theme(P, rules(), **{**usual, name: 1.0}) >= y >= theme(P, rules(), **{**usual, name: 0.0}), name
    assert theme(P, rules(opt_out=1.0), **usual) >= y


@given(shares, shares, st.floats(0.0, 100.0), st.floats(0.0, 100.0))
def test_shares_stay_shares(a: float, b: float, free: float, asked: float) -> None:
    assert 0.0 <= say_of(a, b, 0.5) <= 1.0 - a
    assert say_of(1.0, b, a) == 0.0
    assert 0.0 <= room(free, asked) <= room(free + 1.0, asked) <= 1.0
    assert room(free, asked) >= room(free, asked + 1.0)


@given(st.integers(2, 16), shares, shares, shares, shares)
def test_an_example_across_the_divide_counts_less_the_deeper_it_is(
    eligible: int, joining: float, crossing: float, one: float, other: float
) -> None:
    joined = round(joining * eligible)
    across = round(crossing * joined)
    shallow, deep = (followed(joined, across, divide, eligible) for divide in sorted((one, other)))
    tiny = 1e-12
    assert followed(joined, across, 1.0, eligible) - tiny <= deep <= shallow <= followed(joined, across, 0.0, eligible)
    assert followed(joined, across, 0.0, eligible) == joined / eligible, "no divide: all who joined"
    assert followed(joined, across, 1.0, eligible) == (joined - across) / eligible, "none of those across"
    assert followed(joined, 0, one, eligible) == joined / eligible, "on its own side all count"


#: Parameters with which a theme adds nothing to what a municipality brings to every table.
NEUTRAL = SimpleNamespace(
    **dict.fromkeys(vars(P), 0.0), pace=0.5, facilitation_pace=0.3, revoke=0.5, subregional_bond=0.0, crowding=0.1,
    stake_elsewhere=0.0, home_first=0.0, work=0.5, work_fixed=5.0, work_absent=0.0, plan_longest=10.0,
    bureau_efficiency=1.0, partner_effort=0.0, transaction_cost=0.0, autonomy_gain=0.0, capital_work=0.0,
    money_effort=0.0, homogeneity_gain=0.0,
)  # fmt: skip


BASE = np.array([-1.0, 0.0, 1.0, 2.0])
THEMES = {name: np.zeros(2) for name in ("money", "border_theme", "economic", "societal", "water_board")}
#: All decide at the same time, and the conditions for success add up.
SHIPPED = {"conjunctive": 0, "rounds": 1, "round_of": np.zeros(4, np.int64)}
W = SimpleNamespace(
    arena_scale=[REGIONAL],
    within_subregion=[False],
    overlaps=np.zeros((1, 1), np.bool_),
    window_shared=np.zeros((1, 1)),
    member=np.ones((1, 4), np.bool_),
    diversity=np.array([0.4]),
    centre=np.array([True, False, False, False]),
    urban=np.array([True, False, True, False]),
    **THEMES,
    **SHIPPED,
)


def at_the_table(phase: int, member: list[bool], draw: list[float]) -> SimpleNamespace:
    """One arena, two themes, four municipalities of which the last is not eligible; inclinations are ``BASE``.

    0 is a centre, 1 and 3 are of the Middengebied, 2 is neither. There is no divide.
    """
    drawn = np.full((draws.N_STREAMS, 2), -1)
    drawn[draws.COMMIT, 1] = 7  # these draws are given
    own = SimpleNamespace(
        facilitation=0.0, late_joining=0.5, revocable=1.0, binding=0.0, cofunding=0.0, mandate=0.0,
        programme_money=0.0, opt_out=0.0, coordination=0.0, alliance_autonomy=0.0, cross_border_focus=0.0,
        partner_seats=0.0, partner_weight=0.0, execution=1.0,
    )  # fmt: skip
    return SimpleNamespace(
        institution=[own], phase=np.full((1, 2), phase), committed=np.array([[[False] * 4, member]]),
        n_invited=np.array([3]), eligible=np.array([[True, True, True, False]]), key=draws.make_key(1, 0), drawn=drawn,
        draws_commit=np.array([[[0.0] * 4, draw]]), region=SimpleNamespace(kappa=0.0, stance=0.0, divide=0.0),
        window=np.zeros(2),
        grant=np.zeros((1, 2)), applied=np.zeros((1, 2)), taken=np.zeros((1, 2)), diversity=np.ones(1),
        agreed_ratified=np.zeros((1, 2)), support=np.full(4, 0.5), invited=np.array([[0, 1, 2, -1]]), **scratch(4),
        interest=np.zeros((2, 4)), urgency=np.zeros((2, 4)), arena_interest=np.zeros((1, 2)),
        base_capacity=np.array([10.0, 10.0, 30.0, 50.0]), slack=np.full(4, 9.0), signed=np.zeros(4), tables=np.zeros(4),
        arena_pool=np.zeros(1), executing=np.ones(1), partner=np.zeros(2), shock=np.zeros(2),
    )  # fmt: skip


def _decide(s: SimpleNamespace, w: SimpleNamespace, p: SimpleNamespace, base: np.ndarray) -> None:
    """Joining and withdrawing on the second theme, with trust of one half and deciding at the pace of the rule."""
    pace = np.array([commitment.pace_of_deciding(p, s.institution[0], tables) for tables in s.tables])
    commitment._decide(s, w, p, 7, 0, 1, base, np.full(4, 0.5), pace, np.zeros(4))


@pytest.mark.parametrize(
    ("phase", "member", "draw", "after"),
    [
        # chances to join: half of 0.2689, 0.5, 0.7311; to leave: 1 less these
        (NEGOTIATING, [False, True, False, True], [0.134, 0.499, 0.366, 0.0], [True, False, False, True]),
        (NEGOTIATING, [False, True, False, False], [0.135, 0.501, 0.365, 0.0], [False, True, True, False]),
        # in execution a quarter of these, and nobody leaves
        (EXECUTING, [False, True, False, True], [0.067, 0.0, 0.183, 0.0], [True, True, False, True]),
        (EXECUTING, [False, True, False, False], [0.068, 0.0, 0.182, 0.0], [False, True, True, False]),
    ],
)
def test_the_eligible_join_or_leave_by_chance(
    phase: int, member: list[bool], draw: list[float], after: list[bool]
) -> None:
    s = at_the_table(phase, member, draw)
    with interpreted(signing), interpreted(commitment):
        _decide(s, W, NEUTRAL, BASE)
    assert s.committed[0, 1].tolist() == after
    assert not s.committed[0, 0].any()


@pytest.mark.parametrize(("phase", "chance"), [(NEGOTIATING, 0.25), (EXECUTING, 0.125 * (1.0 - 0.8 * 0.25))])
def test_where_councils_decide_the_council_of_a_newcomer_may_refuse(phase: int, chance: float) -> None:
    """Its council agrees with a chance of 0.75, and is asked for 0.8; in talks it is asked when they end."""
    p = SimpleNamespace(**vars(NEUTRAL) | {"ratify_base": np.log(3.0), "ratify_support": 1.0})
    for draw, joins in ((chance - 0.001, True), (chance + 0.001, False)):
        s = at_the_table(phase, [False] * 4, [1.0, draw, 1.0, 1.0])
        s.agreed_ratified[:] = 0.8
        with interpreted(signing), interpreted(commitment):
            _decide(s, W, p, BASE)
        assert s.committed[0, 1, 1] == joins


def test_a_municipality_that_is_alone_has_nobody_to_follow() -> None:
    """Corner: one eligible municipality, whose chance to join would be tiny if nobody else made it shy."""
    s = at_the_table(NEGOTIATING, [False] * 4, [0.134, 0.0, 0.0, 0.0])
    s.n_invited[:] = 1
    s.eligible[:, 1:] = False
    with interpreted(signing), interpreted(commitment):
        _decide(s, W, SimpleNamespace(**{**vars(NEUTRAL), "join_peers": 8.0}), BASE)
    assert s.committed[0, 1].tolist() == [True, False, False, False]


@given(
    st.lists(st.tuples(shares, shares, shares, st.booleans(), st.booleans()), min_size=1, max_size=6), shares, shares
)
def test_where_nobody_may_change_no_chance_makes_anyone_change(
    towns: list[tuple[float, float, float, bool, bool]], open_to: float, withdrawal: float
) -> None:
    draw, pace, chance, member, eligible = (np.array(column) for column in zip(*towns, strict=True))
    may = plain(commitment._may_change)(draw, member, eligible, pace, open_to, withdrawal)
    turns = draw < np.where(member, withdrawal * (1.0 - chance), open_to * pace * chance)
    assert may or not (turns & eligible).any()
    assert may == (eligible & (draw < np.where(member, withdrawal, open_to * pace))).any(), "and no more often"


def test_nothing_is_drawn_when_nobody_is_left_to_join() -> None:
    s = at_the_table(EXECUTING, [True, True, True, False], [0.0] * 4)
    s.drawn[:] = -1
    with interpreted(signing), interpreted(commitment):
        _decide(s, W, NEUTRAL, BASE)
    assert s.committed[0, 1].tolist() == [True, True, True, False]
    assert (s.drawn == -1).all()


def test_the_pace_of_deciding_and_of_withdrawing() -> None:
    p = SimpleNamespace(pace=0.5, facilitation_pace=0.3, revoke=0.2, crowding=0.1)
    institution = SimpleNamespace(facilitation=0.5, revocable=0.5, binding=0.6)
    assert plain(commitment.pace_of_deciding)(p, institution, 0.0) == pytest.approx(0.575)
    assert plain(commitment.pace_of_deciding)(p, institution, 10.0) == pytest.approx(0.2875), "crowding"
    assert plain(commitment.withdrawal_rate)(p, institution) == pytest.approx(0.08)  # 2 x 0.2 x 0.5 x 0.4
    institution.facilitation, p.facilitation_pace = 1.0, 9.0
    assert plain(commitment.pace_of_deciding)(p, institution, 0.0) == 1.0


def _quarter(phase: list[int], scale: int, **rules: float) -> tuple[SimpleNamespace, SimpleNamespace]:
    """As ``at_the_table``, with nobody in and draws of 0: all that may decide and can join do."""
    s = at_the_table(NEGOTIATING, [False] * 4, [0.0] * 4)
    own = {"equal_say": 1.0, "sounding_board": 0.0, "form_quarters": 2.0}
    vars(s.institution[0]).update(own | rules)
    s.drawn[:] = 7
    vars(s).update(
        phase=np.array([phase]), clock=np.array([[1.0, 2.0]]), trust_received=np.zeros((4, 4)),
        heard=np.zeros((1, 4), np.bool_), acceptance=np.full(4, 0.5), capacity=np.ones(4), track_record=np.zeros(1),
    )  # fmt: skip
    vars(s.region).update(steering=0.5, divide=0.5)
    w = SimpleNamespace(
        **(vars(W) | {"arena_scale": [scale]}), local_party=np.full(4, 0.5), orientation=np.full(4, 0.5)
    )
    return s, w


@pytest.mark.parametrize(
    ("phase", "late", "joined"),
    [
        ([NEGOTIATING, NEGOTIATING], 0.5, [0, 3]),  # the first still talks about form
        ([EXECUTING, IDLE], 0.5, [3, 0]),
        ([EXECUTING, IDLE], 0.0, [0, 0]),
    ],
)
def test_initiatives_that_are_open_are_joined(phase: list[int], late: float, joined: list[int]) -> None:
    s, w = _quarter(phase, REGIONAL, late_joining=late)
    p = SimpleNamespace(**vars(NEUTRAL), council_local=0.0, sounding_effect=0.0, acceptance_mandate=0.0,
                        join_threat=0.0, join_reactance=0.0)  # fmt: skip
    with interpreted(signing), interpreted(commitment), changes(s, *["committed"] * any(joined)):
        commitment.update(s, w, p, 7)
    assert s.committed[0].sum(axis=1).tolist() == joined
    assert not s.committed[0, :, 3].any()


@pytest.mark.parametrize(("shock", "joined"), [(0.4, [0, 3]), (0.5, [3, 3])])
def test_a_shock_leaves_less_time_for_form(shock: float, joined: list[int]) -> None:
    """Of 2 quarters of form 1.2 or 1 are left; the first initiative is in its second quarter."""
    s, w = _quarter([NEGOTIATING, NEGOTIATING], REGIONAL)
    s.shock[0] = shock
    p = SimpleNamespace(**vars(NEUTRAL), council_local=0.0, sounding_effect=0.0, acceptance_mandate=0.0,
                        join_threat=0.0, join_reactance=0.0)  # fmt: skip
    with interpreted(signing), interpreted(commitment):
        commitment.update(s, w, p, 7)
    assert s.committed[0].sum(axis=1).tolist() == joined


@pytest.mark.parametrize(("scale", "expected"), [(REGIONAL, 0.46), (SUBREGIONAL, -0.29)])
def test_what_a_municipality_brings_to_every_table(scale: int, expected: float) -> None:
    """Steering and orientation count at the scale of the region only; 1 is heard, so say does not deter it."""
    s, w = _quarter([NEGOTIATING, NEGOTIATING], scale, equal_say=0.5)
    s.trust_received[:] = 0.75
    np.fill_diagonal(s.trust_received, 0.0)
    s.heard[0, 1] = True
    w.orientation[:] = 0.75
    s.track_record[:] = 0.5
    p = SimpleNamespace(**(vars(NEUTRAL) | vars(P) | {"join_base": -1.29, "join_record": 1.0}), council_local=0.0,
                        sounding_effect=0.0, acceptance_mandate=0.0, join_threat=3.0, join_reactance=0.8)  # fmt: skip
    p.join_say = 1.0
    inclinations = np.full(4, np.nan)
    with interpreted(commitment):
        commitment._base_inclinations(s, w, p, 0, inclinations, np.zeros(4))
    # -1.29 + 1.5 x 0.5 + 1 x 0.5 + (0.4 x 0.5 + 0.5 x (0.5 x 3 - 0.5 x 0.8)) - 1 x 0.5 x 0.5
    assert inclinations[:3] == pytest.approx([expected, expected + 0.25, expected])


def _chances(**values: float) -> tuple[np.ndarray, SimpleNamespace, SimpleNamespace]:
    """Chances of all to be in initiative 1 without peers or money, with nothing but these parameters."""
    s = at_the_table(NEGOTIATING, [False] * 4, [0.0] * 4)
    p = SimpleNamespace(**(vars(NEUTRAL) | values))
    return np.zeros(4), s, p


def test_who_cannot_carry_what_is_asked_holds_back() -> None:
    """Work 5 + 0.5 x 50 in 10 quarters: 0.6, 0.6 and 1.8 fte of the eligible; 1 has 0.3 left, 2 nothing."""
    chances, s, p = _chances(join_room=4.0)
    s.signed[:] = [0.0, 8.7, 10.0, 0.0]
    with interpreted(signing), interpreted(commitment):
        assert commitment._asked(s, W, p, 0, 1) == pytest.approx(3.0 / 50.0)
        commitment._chances(s, W, p, 0, 1, 0, np.zeros(4), np.full(4, 0.5), chances)
    logit = np.log(chances / (1.0 - chances))
    assert logit[:3] == pytest.approx([0.0, -2.0, -4.0])


def test_what_is_asked_falls_with_the_bureau_and_rises_with_the_absent() -> None:
    _, s, p = _chances()
    s.arena_pool[:] = 2.0
    with interpreted(signing), interpreted(commitment):
        assert commitment._asked(s, W, p, 0, 1) == pytest.approx((3.0 - 1.0) / 50.0)
        s.phase[:] = EXECUTING  # it is the one that is in execution
        assert commitment._asked(s, W, p, 0, 1) == pytest.approx((3.0 - 2.0) / 50.0)
        p.work_absent = 0.4  # of the 50 of the one that is not eligible
        assert commitment._asked(s, W, p, 0, 1) == pytest.approx((4.0 - 2.0) / 50.0)


def test_what_is_asked_rises_with_friction_and_less_among_municipalities_of_one_kind() -> None:
    """30 x (1 + 0.1 x (1 - 0.5 x 0.6) x 2) in 10 quarters; where likeness takes nothing away x (1 + 0.1 x 2)."""
    _, s, p = _chances(transaction_cost=0.1, homogeneity_gain=0.5)
    s.diversity[:] = 0.4
    with interpreted(signing), interpreted(commitment):
        assert commitment._asked(s, W, p, 0, 1) == pytest.approx(3.42 / 50.0)
        p.homogeneity_gain = 0.0
        assert commitment._asked(s, W, p, 0, 1) == pytest.approx(3.6 / 50.0)


def test_a_shock_makes_joining_likelier() -> None:
    """0.8 x 0.5 to every logit, for the theme that it hits only."""
    chances, s, p = _chances(join_rally=0.8)
    s.shock[:] = [9.0, 0.5]
    with interpreted(signing), interpreted(commitment):
        commitment._chances(s, W, p, 0, 1, 0, np.zeros(4), np.full(4, 0.5), chances)
    assert np.log(chances / (1.0 - chances)) == pytest.approx([0.4] * 4)


@pytest.mark.parametrize(
    ("members", "eligible", "divide", "peers"),
    [
        ([0, 1, 3], [0, 1, 2, 3], 0.0, [3 / 4, 3 / 4, 3 / 4, 3 / 4]),
        ([0, 1, 3], [0, 1, 2, 3], 0.5, [2 / 4, 2.5 / 4, 3 / 4, 2.5 / 4]),  # half of 1 and 3; half of 0; all of each
        ([0, 1, 3], [0, 1, 2, 3], 1.0, [1 / 4, 2 / 4, 3 / 4, 2 / 4]),
        ([1, 2], [0, 1, 2, 3], 0.5, [1.5 / 4, 2 / 4, 2 / 4, 2 / 4]),  # 2 is across from nobody
        ([0, 1, 3], [0, 1, 2], 0.5, [1.5 / 3, 1.5 / 3, 2 / 3]),  # 3, not eligible any more, is no example
        ([0, 1, 3], [1, 2, 3], 0.5, [2 / 3, 2 / 3, 2 / 3]),  # nor is 0
    ],
)
def test_the_middengebied_does_not_simply_follow_the_centres_nor_they_it(
    members: list[int], eligible: list[int], divide: float, peers: list[float]
) -> None:
    """0 is a centre, 1 and 3 are of the Middengebied; 2, which is neither, follows all of them."""
    chances, s, p = _chances(join_peers=8.0)
    s.committed[0, 1], s.region.divide = np.isin(range(4), members), divide
    s.eligible[0], s.n_invited[:] = np.isin(range(4), eligible), len(eligible)
    joined = len(set(members) & set(eligible))
    with interpreted(signing), interpreted(commitment):
        commitment._chances(s, W, p, 0, 1, joined, np.zeros(4), np.full(4, 0.5), chances)
    logit = np.log(chances / (1.0 - chances))[eligible]
    assert logit == pytest.approx(8.0 * (np.array(peers) - 0.5))


def test_across_a_full_divide_the_middengebied_decides_as_if_the_centre_had_not_joined() -> None:
    """The centre is in, of three: a chance to join of half of 1 / (1 + e^0.5) for 2; of 1 / (1 + e^1.5) for 1."""
    p = SimpleNamespace(**{**vars(NEUTRAL), "join_peers": 3.0})
    for divide, draw, after in ((0.0, 0.188, [True, True, True]), (1.0, 0.188, [True, False, True]),
                                (1.0, 0.091, [True, True, True])):  # fmt: skip
        s = at_the_table(NEGOTIATING, [True, False, False, False], [1.0, draw, 0.188, 0.0])
        s.region.divide = divide
        with interpreted(signing), interpreted(commitment):
            _decide(s, W, p, np.zeros(4))
        assert s.committed[0, 1, :3].tolist() == after


def test_crowding_slows_deciding() -> None:
    """Of three that want the same, those at five and at no other tables decide sooner and later."""
    s = at_the_table(NEGOTIATING, [False] * 4, [0.2] * 4)
    s.tables[:] = [0.0, 10.0, 5.0, 0.0]  # a chance to decide of 0.5, 0.25 and 0.333, to join half of that
    with interpreted(signing), interpreted(commitment):
        _decide(s, W, NEUTRAL, np.zeros(4))
    assert s.committed[0, 1].tolist() == [True, False, False, False]


def test_what_is_lost_if_all_three_conditions_are_needed() -> None:
    """Urgency .8, interest .6 and trust .5, the least: 1.7 x .3 + 2.2 x .1 + 1.5 x 2 x 0."""
    lost = plain(commitment.lost_if_all_are_needed)
    assert lost(P, 0.8, 0.6, 0.5) == pytest.approx(0.73)
    assert lost(P, 0.2, 0.6, 0.5) == pytest.approx(2.2 * 0.4 + 1.5 * 2.0 * 0.3)
    assert lost(P, 0.4, 0.4, 0.4) == 0.0


def test_conjunctive_joining_weighs_each_condition_as_the_least() -> None:
    """The three are 0, 1, 1 and 1, 1, 0 and 0.5, 1, 0.5: added up all weigh 2.5, by the least of them not."""
    chances, s, p = _chances(join_urgency=1.0, join_interest=2.0, join_trust=0.5)
    s.urgency[1], s.arena_interest[:] = [0.0, 1.0, 0.5, 0.0], 1.0
    trust = np.array([1.0, 0.0, 0.5, 0.0])
    brought = p.join_trust * (2.0 * trust - 1.0)
    found = {}
    for conjunctive in (0, 1):
        w = SimpleNamespace(**vars(W) | {"conjunctive": conjunctive})
        with interpreted(signing), interpreted(commitment):
            commitment._chances(s, w, p, 0, 1, 0, brought, trust, chances)
        found[conjunctive] = np.log(chances / (1.0 - chances))[:3]
    assert found[0] == pytest.approx([2.5, 2.5, 2.5])
    assert found[1] == pytest.approx([-0.5, -0.5, 1.5])


@pytest.mark.parametrize(
    ("order", "after"),
    [
        ([0, 0, 0, 0], [True, False, False]),  # nobody is in when they decide: a chance of a quarter each
        ([0, 1, 2, 3], [True, True, True]),  # 1 sees one in, 2 sees two in
        ([2, 1, 0, 3], [True, False, False]),  # 0 decides last: the others see nobody
    ],
)
def test_who_decides_later_sees_what_the_others_did(order: list[int], after: list[bool]) -> None:
    """Chances of half of 1 / (1 + e) without peers, of 0.5 x 0.4174 with one, of 0.5 x 0.5826 with two of three."""
    s = at_the_table(NEGOTIATING, [False] * 4, [0.13, 0.2, 0.29, 0.0])
    w = SimpleNamespace(**vars(W) | {"rounds": max(order) + 1, "round_of": np.array(order)})
    p = SimpleNamespace(**{**vars(NEUTRAL), "join_peers": 2.0})
    with interpreted(signing), interpreted(commitment):
        _decide(s, w, p, np.zeros(4))
    assert s.committed[0, 1, :3].tolist() == after
