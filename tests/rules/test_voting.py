from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bresim.governance import load_design
from bresim.governance.compile import FIELDS
from bresim.kernel.draws import make_key
from bresim.kernel.state import (
    BALLOT_DTYPE,
    BEFORE,
    DESIGN,
    DISSOLVE,
    FALLBACK,
    FOUND,
    IDLE,
    NO_VOTE,
    SUCCEED,
    SUCCESSOR,
)
from bresim.kernel.structs import box
from bresim.rules import voting
from tests.model.worlds import changed
from tests.rules.plain import interpreted, plain, scratch, shares
from tests.rules.started import started

loss_of, in_sight, carried = plain(voting.autonomy_loss), plain(voting.money_in_sight), plain(voting.carried)
#: Terms of a ballot, in its order.
TERMS = BALLOT_DTYPE.names[4:17]  # type: ignore[index]
T = 24


def test_parts_by_hand() -> None:
    assert loss_of(0.3, plain(voting.cost_of_pool)(0.03, True), 0.6) == pytest.approx(0.4)  # (0.3 + 0.3 + 0.6) / 3
    assert plain(voting.cost_of_pool)(0.5, True) == 1.0
    assert plain(voting.cost_of_pool)(0.5, False) == 0.0
    assert in_sight(0.2, 0.5, 0.6, 1.0, 0.1, 0.05) == pytest.approx(0.45)  # what the lobby may bring is more
    assert in_sight(0.5, 0.5, 0.6, 0.5, 0.1, 0.2) == pytest.approx(0.7)  # half of the programme's money
    assert in_sight(1.0, 0.0, 0.6, 1.0, 0.5, 0.5) == 1.0


@given(shares, shares, shares)
def test_bounds(a: float, b: float, c: float) -> None:
    assert 0.0 <= loss_of(a, b, c) <= 1.0 + 1e-12
    assert 0.0 <= in_sight(a, b, c, 1.0, a, b) <= 1.0


@pytest.mark.parametrize(
    ("question", "yes", "count", "enough"),
    [
        (FOUND, 12, 16, True), (FOUND, 11, 16, False), (SUCCEED, 12, 16, True),
        (DISSOLVE, 9, 16, True), (DISSOLVE, 8, 16, False), (DISSOLVE, 1, 1, True),
        (FOUND, 1, 1, True),  # one municipality, of which no two can be asked
        (FOUND, 0, 0, False), (DISSOLVE, 0, 0, False),  # nobody
    ],
)  # fmt: skip
def test_what_is_enough(question: int, yes: int, count: int, enough: bool) -> None:
    assert carried(question, float(yes), float(count), 0.75, 2.0) is enough
    assert not carried(FOUND, 0.0, 16.0, 0.01, 1.0)


def test_rounds() -> None:
    rounds = plain(voting.is_round)
    assert [quarters for quarters in range(20) if rounds(quarters, 6, 4)] == [6, 10, 14, 18]


# --- a small world: three municipalities, two themes ------------------------------------------------------------


def _institution(**values: float) -> SimpleNamespace:
    return SimpleNamespace(**(dict.fromkeys(FIELDS, 0.0) | {"min_members": 2.0} | values))


def _world(design: SimpleNamespace, successor: SimpleNamespace | None = None) -> SimpleNamespace:
    """All are eligible, the last sits on the board, the second is a centre, only the first theme is in scope."""
    slots = {BEFORE: _institution(), FALLBACK: _institution(), DESIGN: design, SUCCESSOR: successor or _institution()}
    board = np.zeros((1, 4, 3), np.bool_)
    board[..., 2] = True
    scope = np.zeros((1, 4, 2), np.bool_)
    scope[..., 0] = True
    return SimpleNamespace(
        policy_start=20, institution={(0, slot): one for slot, one in slots.items()},
        has_successor=[successor is not None], eligible=np.ones((1, 4, 3), np.bool_), board=board, in_scope=scope,
        local_party=np.array([1.0, 0.5, 0.5]), centre=np.array([False, True, False]),
        orientation=np.array([0.3, 0.5, 0.5]), money=np.array([0.6, 0.6]), window_factor=np.full(60, 1.0),
        beside=np.zeros((1, 4), np.bool_), arena_beside=1, overlaps=~np.eye(2, dtype=np.bool_),
        window_shared=1.0 - np.eye(2),
    )  # fmt: skip


def _state(**region: Any) -> SimpleNamespace:
    start = {
        "design": 0, "at_once": False, "slot": FALLBACK, "since": 20, "ended": False, "refused": 0.5, "kappa": 0.5,
        "divide": 0.5, "stance": 0.5, "last_result": 0,
        "agreed": 0, "agreed_before": 0, "question": NO_VOTE, "carried": False,
    }  # fmt: skip
    return SimpleNamespace(
        region=SimpleNamespace(**(start | region)), key=make_key(1, 0), trust=np.full((3, 3), 0.6),
        support=np.full(3, 0.75), urgency=np.array([[0.9, 0.5, 0.5], [0.0, 0.0, 0.0]]),
        interest=np.array([[0.4, 0.5, 0.5], [0.0, 0.0, 0.0]]), arena_interest=np.array([[0.8, 0.0]]),
        window=np.array([0.2, 1.0]), phase=np.full((2, 2), IDLE), applied=np.zeros((2, 2)), taken=np.zeros((2, 2)),
        track_record=np.array([0.25, 0.75]),
        ballot=np.zeros(3, BALLOT_DTYPE).view(np.recarray), **scratch(3),
    )  # fmt: skip


P = SimpleNamespace(
    adopt_base=1.0, adopt_trust=1.2, adopt_support=0.8, adopt_orientation=0.6, adopt_urgency=0.5, adopt_interest=2.0,
    adopt_money=0.4, adopt_autonomy=1.5, adopt_say=2.0, adopt_refused=0.6, adopt_interval=4.4, dissolve_base=-0.5,
    dissolve_years=0.4, dissolve_results=2.0, dissolve_cost=0.7, dissolve_exit=0.3, dissolve_patience=7.6,
    council_local=0.5, sounding_effect=0.5, stake_elsewhere=0.5,
)  # fmt: skip
#: What it holds, and what is asked: binding 0.3, a pool of 0.03, steering 0.6.
DESIGN_TESTED = {
    "binding": 0.3, "pooled_capacity": 0.03, "steering": 0.6, "equal_say": 0.5, "sounding_board": 0.4, "lobby": 0.5,
    "adoption_quota": 0.75, "exit_cost": 0.5, "setup_quarters": 2.0, "cofunding": 0.2, "mandate": 0.5,
}  # fmt: skip


def _voted(s: SimpleNamespace, w: SimpleNamespace, t: int = T, p: SimpleNamespace = P) -> SimpleNamespace:
    with interpreted(voting):
        voting.update(s, w, p, t)
    return s


def _terms(s: SimpleNamespace, i: int) -> dict[str, float]:
    return {name: float(s.ballot[i][name]) for name in TERMS}


def test_every_term_of_a_vote_to_found_by_hand() -> None:
    s = _voted(_state(), _world(_institution(**DESIGN_TESTED)))
    assert s.region.question == FOUND
    found = _terms(s, 0)
    assert found == {name: pytest.approx(value) for name, value in {
        "constant": 1.0,
        "trust": 1.2 * 0.2,
        "support": 0.8 * 1.5 * 0.5,  # its council weighs half more: local parties hold all seats
        "orientation": 0.6 * -0.4,
        "urgency": 0.5 * 0.8,  # of the first theme only
        "interest": 2.0 * 0.0,  # half of the region's 0.8, and half of half of its own 0.4: one half
        "money": 0.4 * 0.45,  # a lobby of 0.5 for 0.6 is more than the window; co-funding 0.2 x (0.5 + 0.5 x 0.5)
        "autonomy": -1.5 * 0.5 * 0.4,
        "say": -2.0 * 0.4 * 0.75,  # half of equal say, of which sounding out makes up a fifth
        "refused": -0.6 * 0.5,
        "results": 0.0, "cost": 0.0, "leaving": 0.0,
    }.items()}  # fmt: skip
    assert s.ballot[0].chance == pytest.approx(1.0 / (1.0 + np.exp(-sum(found.values()))))
    assert [s.ballot[i].say for i in (1, 2)] == [pytest.approx(-0.6), 0.0], "a seat on the board; a centre has none"
    assert s.ballot.votes.all()


def test_every_term_of_a_vote_to_dissolve_by_hand() -> None:
    """The same reasons turned around; 12 quarters after 22, in which it was built up, 4 more than patience."""
    asked = _voted(_state(), _world(_institution(**DESIGN_TESTED)))
    s = _voted(_state(slot=DESIGN), _world(_institution(**DESIGN_TESTED)), 34)
    assert s.region.question == DISSOLVE
    found, reasons = _terms(s, 0), _terms(asked, 0)
    for name in ("trust", "support", "orientation", "urgency", "interest", "money", "autonomy", "say"):
        assert found.pop(name) == pytest.approx(-reasons[name]), name
    assert found == {name: pytest.approx(value) for name, value in {
        "constant": -0.5, "refused": 0.0, "results": 0.4 * 1.0 - 2.0 * 0.25, "cost": 0.7 * 0.3, "leaving": -0.3 * 0.5,
    }.items()}  # fmt: skip


def test_a_design_beside_the_region_is_judged_by_its_own_record() -> None:
    """Of the arena in which it holds: 0.75 there, where the region has 0.25; a year without results."""
    w = _world(_institution(**DESIGN_TESTED))
    w.beside[0, DESIGN] = True
    s = _voted(_state(slot=DESIGN), w, 34)
    assert s.ballot[0].results == pytest.approx(0.4 * 1.0 - 2.0 * 0.75)


def test_a_board_that_supplies_the_pool_pays_alone() -> None:
    design = _institution(**(DESIGN_TESTED | {"pooled_by_board": 1.0}))
    s = _voted(_state(slot=DESIGN), _world(design), 34)
    assert [s.ballot[i].cost for i in range(3)] == pytest.approx([0.0, 0.0, 0.21])
    assert s.ballot[2].autonomy > s.ballot[0].autonomy > 0.0


@pytest.mark.parametrize(
    ("seats", "eligible", "centres", "heard"),
    [
        ([1], [0, 1, 2], [1], [1]),
        ([], [0, 1, 2], [1], [1]),  # no board: as if the centre had been named
        ([0, 2], [0, 1, 2], [1], [0, 2]),  # a board without the centre
        ([], [0, 2], [1], [0, 2]),  # the centre does not take part: all are
        ([], [0, 1, 2], [], [0, 1, 2]),  # a region without centres
    ],
)  # fmt: skip
@pytest.mark.parametrize("dissolving", [False, True])
def test_unequal_say_deters_those_that_would_not_be_heard(
    dissolving: bool, seats: list[int], eligible: list[int], centres: list[int], heard: list[int]
) -> None:
    """2 x 0.4 x 0.75 by the fixed seats of what is voted on; the other institutions have all on their board."""
    w = _world(_institution(**DESIGN_TESTED))
    w.board[:] = True
    w.board[0, DESIGN], w.eligible[0, DESIGN] = np.isin(range(3), seats), np.isin(range(3), eligible)
    w.centre = np.isin(range(3), centres)
    s = _voted(_state(slot=DESIGN if dissolving else FALLBACK), w, 34 if dissolving else T)
    assert s.region.question == (DISSOLVE if dissolving else FOUND)
    felt = 0.6 if dissolving else -0.6
    for i in eligible:
        assert s.ballot[i].say == (0.0 if i in heard else pytest.approx(felt)), i


@pytest.mark.parametrize(
    ("region", "design", "last", "quarters"),
    [
        ({"slot": BEFORE, "since": 0}, {}, 30, [20]),  # at policy start
        ({}, {}, 30, [20, 24, 28]),
        ({"slot": FALLBACK, "since": 23}, {}, 33, [27, 31]),  # dissolved in 23
        ({"at_once": True}, {}, 30, []),
        ({}, {"adoption_quota": 0.0}, 30, []),
    ],
)  # fmt: skip
def test_when_a_vote_to_found_is_held(
    region: dict[str, Any], design: dict[str, float], last: int, quarters: list[int]
) -> None:
    w = _world(_institution(**(DESIGN_TESTED | design)))
    first = 24 if region.get("since") == 23 else 18
    held = []
    for t in range(first, last + 1):
        if region.get("slot") == BEFORE and t > 20:
            break
        held += [t] if _voted(_state(**region), w, t).region.question == FOUND else []
    assert held == quarters


@pytest.mark.parametrize(
    ("region", "design", "quarters"),
    [
        ({}, {}, [30, 34, 38]),  # built up in 22, eight quarters of patience, once in four
        ({"last_result": 27}, {}, [35, 39]),  # a result sets it back
        ({"last_result": 15}, {}, [30, 34, 38]),  # one of before does not
        ({"since": 24}, {}, [34, 38]),
        ({"at_once": True}, {}, [30, 34, 38]),  # dissolution is put to the vote in both foundings
        ({}, {"adoption_quota": 0.0}, [30, 34, 38]),  # it pools
        ({}, {"pooled_capacity": 0.0}, [30, 34, 38]),  # it was voted on
        ({}, {"adoption_quota": 0.0, "pooled_capacity": 0.0}, []),  # there is nothing of theirs in it
        ({}, {"services_by_province": 1.0}, []),  # nor here
        ({}, {"term_quarters": 12.0}, [30]),  # after that its term is over
    ],
)  # fmt: skip
def test_when_a_vote_to_dissolve_is_held(region: dict[str, Any], design: dict[str, float], quarters: list[int]) -> None:
    w = _world(_institution(**(DESIGN_TESTED | design)))
    start = {"slot": DESIGN} | region
    held = [t for t in range(25, 41) if _voted(_state(**start), w, t).region.question == DISSOLVE]
    assert held == quarters


def test_a_successor_is_put_to_the_vote_when_the_term_is_over() -> None:
    design, quota = _institution(**(DESIGN_TESTED | {"term_quarters": 6.0})), {"adoption_quota": 0.6, "binding": 1.0}
    w = _world(design, _institution(**quota))
    s = _state(slot=DESIGN)
    assert [_voted(s, w, t).region.question for t in (25, 26)] == [NO_VOTE, SUCCEED]
    assert s.ballot[0].autonomy == pytest.approx(-1.5 * 0.5 / 3.0), "what is weighed is the successor"
    after = {"ended": True, "since": 26}
    assert [t for t in range(27, 40) if _voted(_state(**after), w, t).region.question == SUCCEED] == [30, 34, 38]
    for none in (_world(design), _world(design, _institution(adoption_quota=0.0))):
        assert _voted(_state(slot=DESIGN), none, 26).region.question == NO_VOTE
    assert _voted(_state(slot=DESIGN, at_once=True), w, 26).region.question == NO_VOTE


@pytest.mark.parametrize(
    ("condition", "agreed", "held"),
    [
        ("agreed", 1, []), ("agreed", 2, [26, 30, 34, 38]), ("not_agreed", 2, []), ("not_agreed", 1, [26, 30, 34, 38]),
    ],
)  # fmt: skip
def test_a_successor_whose_condition_is_not_met_is_never_put_to_the_vote(
    condition: str, agreed: int, held: list[int]
) -> None:
    values = {"term_quarters": 6.0, f"successor_if_{condition}": 1.0, "successor_agreements": 2.0}
    w = _world(_institution(**(DESIGN_TESTED | values)), _institution(adoption_quota=0.6))
    found = [26] if _voted(_state(slot=DESIGN, agreed=agreed), w, 26).region.question == SUCCEED else []
    for t in range(27, 40):
        s = _voted(_state(ended=True, since=26, agreed=agreed), w, t)
        assert s.region.question in (NO_VOTE, SUCCEED)
        found += [t] if s.region.question == SUCCEED else []
    assert found == held


def test_alone_in_the_region() -> None:
    w = _world(_institution(**DESIGN_TESTED))
    w.eligible[:] = [True, False, False]
    s = _voted(_state(), w, p=SimpleNamespace(**(vars(P) | {"adopt_base": 30.0})))
    assert s.ballot.votes.tolist() == [True, False, False]
    assert s.ballot[0].trust == 0.0
    assert s.region.carried
    w.eligible[:] = False
    assert not _voted(_state(), w).region.carried, "nobody cannot found it"


# --- directions -------------------------------------------------------------------------------------------------


def _chance(state: dict[str, Any], region: dict[str, float], design: dict[str, float], dissolving: bool) -> float:
    s = _state(slot=DESIGN if dissolving else FALLBACK, **region)
    for name, value in state.items():
        getattr(s, name)[:] = value
    _voted(s, _world(_institution(**(DESIGN_TESTED | design))), 30 if dissolving else T)
    assert s.region.question == (DISSOLVE if dissolving else FOUND)
    return float(s.ballot[0].chance)


@pytest.mark.parametrize("dissolving", [False, True])
@pytest.mark.parametrize("name", ["trust", "support", "urgency", "interest", "arena_interest", "window"])
@given(shares, shares)
def test_what_speaks_for_it(name: str, dissolving: bool, one: float, other: float) -> None:
    low, high = (_chance({name: value}, {}, {}, dissolving) for value in sorted((one, other)))
    tiny = 1e-12  # a stake of nearly nothing is lost in rounding
    assert high <= low + tiny if dissolving else high >= low - tiny


@pytest.mark.parametrize("dissolving", [False, True])
@pytest.mark.parametrize(
    ("name", "sign"),
    [("binding", -1), ("steering", -1), ("pooled_capacity", -1), ("equal_say", 1), ("sounding_board", 1), ("lobby", 1)],
)
@given(shares, shares)
def test_what_of_the_design_counts(name: str, sign: int, dissolving: bool, one: float, other: float) -> None:
    low, high = (_chance({}, {}, {name: value}, dissolving) for value in sorted((one, other)))
    assert sign * (high - low) * (-1 if dissolving else 1) >= 0.0


@given(shares, shares)
def test_a_refusal_makes_a_yes_less_likely_and_so_does_parochialism(one: float, other: float) -> None:
    for name in ("refused", "divide"):
        low, high = (_chance({}, {name: value}, {}, False) for value in sorted((one, other)))
        assert high <= low, name


@given(st.integers(0, 5), shares, shares)
def test_results_keep_what_was_founded_and_years_without_wear_it(rounds: int, one: float, other: float) -> None:
    low, high = (_chance({"track_record": value}, {}, {}, True) for value in sorted((one, other)))
    assert high <= low
    w = _world(_institution(**DESIGN_TESTED))
    chances = [_voted(_state(slot=DESIGN), w, 30 + 4 * number).ballot[0].chance for number in (rounds, rounds + 1)]
    assert chances[0] < chances[1]
    costly, cheap = (_chance({}, {}, {"exit_cost": cost}, True) for cost in sorted((one, other), reverse=True))
    assert costly <= cheap


# --- on the real region -----------------------------------------------------------------------------------------


def _yes(design: Any, parochialism: float, count: int = 30) -> int:
    """Number of yes votes, over some runs, at policy start."""
    run = started(design)
    yes = 0
    for number in range(count):
        run.begin(number, parochialism=parochialism)
        voting.update(box(run.state), run.world, run.parameters, 20)
        yes += int((run.state.ballot["yes"] & run.state.ballot["votes"]).sum())
    return yes


def test_only_the_board_gives_up_capacity_for_a_bureau_it_supplies() -> None:
    """Parochial municipalities say yes more often to a bureau that others supply."""
    all_pay, board_pays = (
        _yes(changed(load_design("regio_deal"), "choice", pooled_capacity=0.1, pooled_by=payer), 1.0)
        for payer in ("all", "board")
    )
    assert all_pay < board_pays


def test_what_takes_no_autonomy_is_founded_more_often_than_what_takes_all() -> None:
    free = changed(changed(load_design("regiobureau"), "payoff", binding=0.0), "choice", pooled_capacity=0.0)
    bound = changed(changed(load_design("regiobureau"), "payoff", binding=1.0), "choice", pooled_capacity=0.2)
    assert _yes(free, 0.9) > _yes(bound, 0.9)


def test_a_design_that_all_want_is_founded_and_one_that_nobody_trusts_is_not() -> None:
    run = started(load_design("regiobureau"))
    carried = []
    for trust in (0.95, 0.02):
        for number in range(20):
            run.begin(number, parochialism=0.2)
            run.state.trust[:] = trust
            run.state.support[:] = trust
            voting.update(box(run.state), run.world, run.parameters, 20)
            carried.append(bool(run.state.region.carried))
    assert carried == [True] * 20 + [False] * 20
