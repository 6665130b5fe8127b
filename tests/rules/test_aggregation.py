from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from bresim.kernel.draws import make_key
from bresim.kernel.state import AGREED, DEADLOCKED, IMPOSED, LAPSED, OPEN
from bresim.rules import aggregation, funding, mixed_board
from tests.rules.plain import changes, interpreted, plain, shares

is_agreed, ratification = plain(aggregation.is_agreed), plain(aggregation.ratification)


def test_by_hand() -> None:
    enough = {"share": 12 / 16, "quota": 0.75, "board_share": 2 / 3, "board_quota": 0.5, "members": 12.0}
    enough |= {"min_members": 2.0, "capacity_share": 0.5, "min_capacity": 0.5}
    assert is_agreed(**enough)
    for short in ({"share": 11 / 16}, {"board_share": 1 / 3}, {"members": 1.0}, {"capacity_share": 0.49}):
        assert not is_agreed(**{**enough, **short}), short
    assert is_agreed(0.1 + 0.2, 0.3, 1.0, 0.0, 3.0, 2.0, 1.0, 0.0)
    assert is_agreed(0.3, 0.1 + 0.2, 1.0, 0.0, 3.0, 2.0, 1.0, 0.0), "rounding is no hold-out"


@given(shares, shares, shares, shares)
def test_more_commitment_never_undoes_an_agreement(share: float, more: float, quota: float, board: float) -> None:
    low, high = min(share, more), max(share, more)
    assert is_agreed(low, quota, 1.0, board, 9.0, 2.0, 1.0, 0.0) <= is_agreed(
        high, quota, 1.0, board, 9.0, 2.0, 1.0, 0.0
    )
    assert is_agreed(1.0, quota, 1.0, board, 9.0, 2.0, 1.0, 1.0)


@given(shares)
def test_a_council_that_supports_ratifies_sooner(support: float) -> None:
    p = SimpleNamespace(ratify_base=0.0, ratify_support=1.5)
    assert ratification(p, 0.5) == pytest.approx(0.5)
    assert 0.0 < ratification(p, 0.0) <= ratification(p, support) <= ratification(p, 1.0) < 1.0


def test_the_tally_by_hand() -> None:
    """Four with a vote of five, two with a seat; three committed, one with a seat."""
    state = SimpleNamespace(
        has_vote=np.array([[True, True, True, True, False]]),
        capacity=np.array([4.0, 3.0, 2.0, 1.0, 10.0]), arena_capacity=np.array([20.0]),
        eligible=np.array([[True, True, True, True, False]]), board=np.array([[True, True, False, False, True]]),
        committed=np.array([[[True, False, True, True, False]]]),
    )  # fmt: skip
    assert plain(aggregation._tally)(state, 0, 0) == (0.75, 1, 2, 3, 0.35)
    state.has_vote[0, 3] = False
    state.board[0, 1] = False
    assert plain(aggregation._tally)(state, 0, 0) == (2 / 3, 1, 1, 3, 0.35), (
        "who lost its vote is a member all the same"
    )
    state.committed[:] = False
    state.board[:] = False
    assert plain(aggregation._tally)(state, 0, 0) == (0.0, 0, 0, 0, 0.0)
    assert plain(aggregation._board_share)(None, None, 9, 0, 0, 0, 0) == 1.0, "without seats the board is no hurdle"


def test_a_council_that_does_not_ratify_keeps_its_municipality_out() -> None:
    """With councils that never agree no municipality stays; with councils that are not asked all do."""
    p = SimpleNamespace(ratify_base=-40.0, ratify_support=0.0)
    for asked, left in ((1.0, [False, False, False]), (0.0, [True, False, True])):
        s = SimpleNamespace(
            phase=np.zeros((1, 1)), capacity=np.ones(3), committed=np.array([[[True, False, True]]]),
            institution=[SimpleNamespace(council_ratification=asked)], support=np.full(3, 0.5), key=make_key(1, 0),
        )  # fmt: skip
        with interpreted(aggregation):
            aggregation._ratify(s, p, 5, 0, 0)
        assert s.committed[0, 0].tolist() == left


def _negotiation(committed: list[bool], **rules: float) -> SimpleNamespace:
    """Two arenas with the same initiative after three quarters; municipality 3 is not eligible.

    The region is in its fifth quarter without agreement, of which four are borne (``_decide``).
    """
    usual = {"quota": 1.0, "board_quota": 0.0, "min_members": 2.0, "min_capacity": 0.0, "council_ratification": 0.0,
             "binds_dissenters": 0.0, "form_quarters": 1.0, "imposition": 1.0, "mandate": 1.0,
             "board_partners": 0.0, "board_province": 0.0}  # fmt: skip
    return SimpleNamespace(
        key=make_key(1, 0), outcome=np.full((2, 1), -1), clock=np.full((2, 1), 3.0), phase=np.ones((2, 1)),
        n_invited=np.array([3, 3]), eligible=np.array([[True, True, True, False]] * 2), support=np.full(4, 0.5),
        has_vote=np.array([[True, True, True, False]] * 2),
        board=np.zeros((2, 4), np.bool_), capacity=np.ones(4), arena_capacity=np.full(2, 4.0),
        committed=np.array([[[*committed, False]]] * 2), coerced=np.zeros((2, 1, 4), np.bool_),
        institution=[SimpleNamespace(**(usual | rules))] * 2,
        region=SimpleNamespace(steering=0.0, stance=0.0, intervenes=False, quarters_without_agreement=5),
    )  # fmt: skip


def _decide(s: SimpleNamespace, *fields: str, arena: int = 0, patience: float = 3.0, w: Any = None) -> int:
    p = SimpleNamespace(
        patience=patience, ratify_base=-40.0, ratify_support=0.0, ungranted_reach=0.5, mandate_patience=4.0
    )
    with interpreted(aggregation), changes(s, "outcome", *fields):
        aggregation.update_initiative(s, w, p, 9, arena, 0)
    assert s.outcome[1 - arena, 0] == -1
    return int(s.outcome[arena, 0])


def test_an_agreement_leaves_out_or_binds_dissenters() -> None:
    assert _decide(_negotiation([True, True, True])) == AGREED
    assert _decide(_negotiation([True, True, False], quota=0.6)) == AGREED
    s = _negotiation([True, True, False], quota=0.6, binds_dissenters=1.0)
    assert _decide(s, "committed", "coerced") == AGREED
    assert s.committed[0, 0].tolist() == [True, True, True, False]
    assert s.coerced[0, 0].tolist() == [False, False, True, False]


def test_who_lost_its_vote_blocks_nobody_and_does_not_help_a_share() -> None:
    """Two of three want it, all three are asked: without the third's vote they can; a yes of its own is not counted."""
    assert _decide(_negotiation([True, True, False]), "clock") == OPEN
    s = _negotiation([True, True, False])
    s.has_vote[0, 2] = False
    assert _decide(s) == AGREED
    s = _negotiation([True, False, True], quota=0.6)
    assert _decide(s) == AGREED
    s.has_vote[0, 2] = False
    assert _decide(s, "outcome", "clock") == OPEN, "one of the two whose vote counts"
    s = _negotiation([True, False, True], min_members=2.0, quota=1.0)
    s.has_vote[0, 1:] = False
    assert _decide(s) == AGREED, "it counts for the least number of members"


def test_partners_and_province_count_on_a_board_of_municipalities_only() -> None:
    """One of two municipalities on the board wants it: a half; with two partners and the province for it, 4 of 5."""
    w = SimpleNamespace(
        economic=[1.0],
        societal=[0.0],
        arena_scale=np.zeros(2),
        overlaps=np.zeros((2, 2), np.bool_),
        window_shared=np.zeros((2, 2)),
    )
    for trust, seats, quota, outcome in (
        (1.0, {}, 0.5, AGREED),
        (1.0, {}, 0.51, OPEN),
        (1.0, {"board_partners": 2.0, "board_province": 1.0}, 0.8, AGREED),
        (1.0, {"board_partners": 2.0, "board_province": 1.0}, 0.81, OPEN),
        (0.0, {"board_partners": 2.0, "board_province": 1.0}, 0.4, AGREED),
        (0.0, {"board_partners": 2.0, "board_province": 1.0}, 0.41, OPEN),
        (0.0, {"board_partners": 2.0, "board_province": 0.0}, 0.26, OPEN),
    ):
        s = _negotiation([True, True, False], quota=0.0, board_quota=quota, **seats)
        s.board[0, [0, 2]] = True
        s.partner, s.window, s.grant = np.array([trust, 0.5]), np.zeros(1), np.zeros((2, 1))
        s.applied = s.taken = np.zeros((2, 1))
        for institution in s.institution:
            institution.cofunding = institution.programme_money = 0.0
        with interpreted(mixed_board, funding):
            assert _decide(s, *([] if outcome == AGREED else ["clock"]), w=w) == outcome, (trust, seats, quota)
    s = _negotiation([True, True, False], quota=0.0, board_quota=1.0, board_partners=8.0)
    assert _decide(s) == AGREED, "without municipalities on it there is no board"


def test_the_minima_hold_as_far_as_the_eligible_reach_them() -> None:
    """Corner: fewer are eligible than ``min_members``, or together they have less than ``min_capacity``."""
    alone = _negotiation([True, False, False], min_capacity=1.0)
    alone.n_invited[:] = 1
    alone.eligible[:, 1:] = alone.has_vote[:, 1:] = False
    assert _decide(alone) == AGREED, "a municipality that is alone, of two that are asked"
    assert _decide(_negotiation([True, True, True], min_members=5.0, min_capacity=0.8)) == AGREED, "all that can"
    for rules in ({"min_members": 5.0}, {"min_capacity": 0.8}):
        short = _negotiation([True, True, False], quota=0.0, **rules)
        assert _decide(short, "clock") == OPEN, "one that can is missing"
    nobody = _negotiation([False, False, False], quota=0.0, min_members=1.0)
    assert _decide(nobody, "clock") == OPEN, "no initiative without members"


def test_without_agreement_it_goes_on_until_patience_is_over() -> None:
    s = _negotiation([True, True, False])
    assert _decide(s, "clock") == OPEN, "patience of three quarters, after one on form"
    assert s.clock[0, 0] == 4.0
    assert _decide(s, "clock") == DEADLOCKED
    s = _negotiation([True, True, True], council_ratification=1.0)
    assert _decide(s, "clock", "committed") == OPEN, "councils refused"
    assert not s.committed[0].any()


def test_what_is_under_negotiation_in_an_arena_that_ended_lapses() -> None:
    """At once, before and after patience is over, also where nobody would be enough to agree or all could be bound."""
    for rules in ({"quota": 1.0}, {"quota": 0.0, "min_members": 0.0, "binds_dissenters": 1.0}):
        for patience in (0.0, 9.0):
            s = _negotiation([False, False, False], **rules)
            s.n_invited[1] = 0
            s.eligible[1] = False
            assert _decide(s, arena=1, patience=patience) == LAPSED


def test_past_patience_the_province_imposes_in_the_region_while_it_steers() -> None:
    for steering, arena, outcome in ((0.0, 0, DEADLOCKED), (0.5, 0, IMPOSED), (0.5, 1, DEADLOCKED)):
        s = _negotiation([True, False, False])
        s.region.steering = steering
        bound = ("committed", "coerced") if outcome == IMPOSED else ()
        assert _decide(s, "clock", *bound, arena=arena, patience=0.0) == outcome
        assert s.coerced[0, 0].tolist() == [False, outcome == IMPOSED, outcome == IMPOSED, False]


def test_a_mandate_is_not_used_before_a_year_has_passed_without_any_agreement() -> None:
    """In the fourth quarter without agreement it is a deadlock, however full the mandate; in the fifth it imposes."""
    for waited, outcome in ((0, DEADLOCKED), (4, DEADLOCKED), (5, IMPOSED)):
        s = _negotiation([True, False, False])
        s.region.steering, s.region.quarters_without_agreement = 0.5, waited
        bound = ("committed", "coerced") if outcome == IMPOSED else ()
        assert _decide(s, "clock", *bound, patience=0.0) == outcome


@pytest.mark.parametrize(
    ("mandate", "waited", "intervenes", "imposes", "enforces"),
    [
        # a full mandate obliges the province: its stance plays no part, nor whether it would intervene of itself
        (1.0, 4, False, 0.0, 0.5), (1.0, 5, False, 0.5, 0.5), (1.0, 5, True, 0.5, 0.5),
        # none: half of its stance of 0.4, by the legal route, once it intervenes; then how long does not count
        (0.0, 9, False, 0.0, 0.0), (0.0, 5, True, 0.1, 0.1), (0.0, 0, True, 0.1, 0.1),
        # half of each: 0.5 x 0.5 for the mandate, 0.5 x 0.5 x 0.2 by the legal route
        (0.5, 4, False, 0.0, 0.25), (0.5, 4, True, 0.05, 0.3), (0.5, 5, False, 0.25, 0.25), (0.5, 5, True, 0.3, 0.3),
    ],
)  # fmt: skip
def test_the_chance_that_the_province_imposes_and_that_it_sees_to_a_promise_by_hand(
    mandate: float, waited: int, intervenes: bool, imposes: float, enforces: float
) -> None:
    """What it may impose is a half; only imposing takes more than four quarters without agreement to use a mandate."""
    s = _negotiation([True, False, False], imposition=0.5, mandate=mandate)
    vars(s.region).update(steering=0.1, stance=0.4, intervenes=intervenes, quarters_without_agreement=waited)
    p = SimpleNamespace(ungranted_reach=0.5, mandate_patience=4.0)
    with interpreted(aggregation):
        chances = [chance(s, p, 0) for chance in (aggregation.imposition_chance, aggregation.enforcement_chance)]
        assert chances == pytest.approx([imposes, enforces])
        assert aggregation.imposition_chance(s, p, 1) == aggregation.enforcement_chance(s, p, 1) == 0.0, "a subregion"
        s.region.steering = 0.0
        assert aggregation.imposition_chance(s, p, 0) == aggregation.enforcement_chance(s, p, 0) == 0.0
