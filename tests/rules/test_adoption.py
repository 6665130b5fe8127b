from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bresim.governance import load_design
from bresim.kernel.state import (
    AGREED,
    BEFORE,
    COMPLETED,
    DESIGN,
    DISSOLVE,
    FAILED,
    FALLBACK,
    FOUND,
    IMPOSED,
    NO_VOTE,
    SUCCEED,
    SUCCESSOR,
)
from bresim.rules import adoption
from tests.model.worlds import changed
from tests.rules.plain import changes, interpreted, plain, shares
from tests.rules.started import started

P = SimpleNamespace(refusal_decay=0.25)
START = {
    "design": 0, "at_once": False, "slot": BEFORE, "last_slot": BEFORE, "adopted": False, "adopted_quarter": 0,
    "since": 0, "ended": False, "dissolved": False, "dissolved_quarter": 0, "refused": 0.0, "refusals": 0,
    "question": NO_VOTE, "carried": False, "last_result": 0, "agreed": 0, "agreed_before": 0, "followed": False,
    "stance": 0.3,
}  # fmt: skip


def _region(**values: object) -> SimpleNamespace:
    return SimpleNamespace(region=SimpleNamespace(**(START | values)))


def _world(
    quota: float,
    term: float = 4.0,
    successor: bool = True,
    quota_after: float = 0.0,
    condition: str = "always",
    steering: float = 0.0,
    mandate: float = 0.0,
) -> SimpleNamespace:
    design = SimpleNamespace(
        adoption_quota=quota, term_quarters=term, successor_agreements=2.0,
        successor_if_agreed=float(condition == "agreed"), successor_if_not_agreed=float(condition == "not_agreed"),
        steering=steering, mandate=mandate,
    )  # fmt: skip
    after = SimpleNamespace(adoption_quota=quota_after, term_quarters=2.0, steering=0.0, mandate=0.0)
    none = SimpleNamespace(adoption_quota=0.0, term_quarters=0.0)
    table = {(0, DESIGN): design, (0, SUCCESSOR): after, (0, BEFORE): none, (0, FALLBACK): none}
    return SimpleNamespace(policy_start=8, institution=table, has_successor=[successor])


def _slots(s: SimpleNamespace, w: SimpleNamespace, votes: dict[int, tuple[int, bool]], last: int) -> list[int]:
    """What holds in each quarter from 7 to ``last``; ``votes`` are (question, carried) by quarter."""
    found = []
    with interpreted(adoption):
        for t in range(7, last + 1):
            s.region.question, s.region.carried = votes.get(t, (NO_VOTE, False))
            adoption.update(s, w, P, t)
            found.append(s.region.slot)
    return found


def test_a_design_without_a_vote_is_founded_at_policy_start() -> None:
    s = _region()
    with interpreted(adoption):
        with changes(s):
            adoption.update(s, _world(0.0), P, 7)
        with changes(s, "region.slot", "region.since", "region.adopted", "region.adopted_quarter"):
            adoption.update(s, _world(0.0), P, 8)
    assert (s.region.slot, s.region.last_slot, s.region.adopted, s.region.adopted_quarter) == (DESIGN, BEFORE, True, 8)
    with interpreted(adoption), changes(s, "region.last_slot"):
        adoption.update(s, _world(0.0), P, 9)
    with interpreted(adoption), changes(s, "region.slot", "region.since", "region.ended", "region.followed"):
        adoption.update(s, _world(0.0), P, 12)
    assert (s.region.slot, s.region.since) == (SUCCESSOR, 12)


@pytest.mark.parametrize(
    ("steering", "mandate", "stance", "taken_on"),
    [
        (0.0, 0.0, 0.0, True),  # the province has no role
        (0.1, 0.0, 0.5, False), (0.1, 0.0, 0.51, True), (0.9, 0.0, 0.49, False),
        (0.9, 0.2, 0.37, False), (0.9, 0.2, 0.38, True),  # .2 + .8 x .375 is one half
        (0.9, 1.0, 0.0, True),  # it is obliged
    ],
)  # fmt: skip
def test_the_province_takes_on_what_more_than_half_of_its_council_backs(
    steering: float, mandate: float, stance: float, taken_on: bool
) -> None:
    with interpreted(adoption):
        assert adoption.takes_on(steering, mandate, stance) == taken_on


def test_steering_that_was_not_granted_waits_for_the_provincial_council() -> None:
    """Until it backs it; what it decided then holds, however few back it later."""
    w, s, found = _world(0.0, term=0.0, steering=0.7), _region(), []
    for t, stance in ((8, 0.4), (9, 0.5), (10, 0.6), (11, 0.2)):
        s.region.stance = stance
        with interpreted(adoption):
            adoption.update(s, w, P, t)
        found.append(s.region.slot)
    assert found == [FALLBACK, FALLBACK, DESIGN, DESIGN]
    assert (s.region.adopted_quarter, s.region.refusals, s.region.refused) == (10, 0, 0.0)


def test_founded_at_once_or_by_the_municipalities_it_does_not_wait_for_the_council() -> None:
    assert _slots(_region(at_once=True, stance=0.0), _world(0.0, steering=0.7), {}, 8) == [BEFORE, DESIGN]
    assert _slots(_region(stance=0.0), _world(0.5, steering=0.7), {8: (FOUND, True)}, 8) == [BEFORE, DESIGN]


def test_what_is_refused_is_remembered_and_what_is_carried_holds() -> None:
    s = _region()
    slots = _slots(s, _world(0.5), {8: (FOUND, False), 12: (FOUND, True)}, 15)
    assert slots == [BEFORE] + [FALLBACK] * 4 + [DESIGN] * 4
    assert (s.region.adopted_quarter, s.region.since, s.region.refusals) == (12, 12, 1)
    assert s.region.refused == pytest.approx(0.75**7), "after 8, a quarter less each quarter"


@given(shares, st.floats(0.01, 0.5), st.integers(1, 30))
def test_a_refusal_is_forgotten(refused: float, decay: float, quarters: int) -> None:
    s = _region(refused=refused, slot=FALLBACK, since=8)
    with interpreted(adoption):
        for t in range(9, 9 + quarters):
            adoption.update(s, _world(0.5), SimpleNamespace(refusal_decay=decay), t)
    assert s.region.refused == pytest.approx(refused * (1.0 - decay) ** quarters)
    with interpreted(adoption):
        s.region.question = FOUND
        adoption.update(s, _world(0.5), SimpleNamespace(refusal_decay=decay), 50)
    assert s.region.refused == 1.0


@pytest.mark.parametrize("quota_after", [0.0, 0.9])
def test_a_run_founded_at_once_founds_design_and_successor_at_once(quota_after: float) -> None:
    s = _region(at_once=True)
    assert _slots(s, _world(0.9, quota_after=quota_after), {}, 14) == [BEFORE] + [DESIGN] * 4 + [SUCCESSOR] * 3
    assert (s.region.adopted_quarter, s.region.since) == (8, 12)


def test_until_the_successor_is_founded_the_status_quo_holds() -> None:
    s = _region()
    votes = {8: (FOUND, True), 12: (SUCCEED, False), 16: (SUCCEED, True)}
    assert _slots(s, _world(0.5, quota_after=0.5), votes, 18) == (
        [BEFORE] + [DESIGN] * 4 + [FALLBACK] * 4 + [SUCCESSOR] * 3
    )
    assert (s.region.adopted_quarter, s.region.since, s.region.refusals) == (8, 16, 1)


#: Condition of the successor, agreements under the design (two are enough), and whether there may be a successor.
CONDITIONS = [
    ("always", 0, True), ("always", 5, True), ("agreed", 0, False), ("agreed", 1, False), ("agreed", 2, True),
    ("agreed", 3, True), ("not_agreed", 0, True), ("not_agreed", 1, True), ("not_agreed", 2, False),
    ("not_agreed", 3, False),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "agreed", "followed"), CONDITIONS)
def test_a_successor_needs_its_condition_when_it_is_founded_at_once(
    condition: str, agreed: int, followed: bool
) -> None:
    """What was agreed before the design was founded, five, is none of its own."""
    s = _region(at_once=True, slot=DESIGN, adopted=True, since=8, agreed=5 + agreed, agreed_before=5)
    slots = _slots(s, _world(0.9, quota_after=0.9, condition=condition), {}, 30)
    assert slots == [DESIGN] * 5 + [SUCCESSOR if followed else FALLBACK] * 19
    assert (s.region.ended, s.region.followed) == (True, followed)


@pytest.mark.parametrize("condition", ["always", "agreed", "not_agreed"])
@pytest.mark.parametrize("agreed", [0, 2])
def test_without_a_successor_a_condition_founds_none(condition: str, agreed: int) -> None:
    s = _region(at_once=True, agreed=agreed)
    slots = _slots(s, _world(0.5, successor=False, condition=condition), {}, 15)
    assert slots == [BEFORE] + [DESIGN] * 4 + [FALLBACK] * 4


def test_without_a_successor_the_status_quo_returns_for_good() -> None:
    s = _region(at_once=True)
    assert _slots(s, _world(0.5, successor=False), {}, 30) == [BEFORE] + [DESIGN] * 4 + [FALLBACK] * 19
    assert (s.region.ended, s.region.dissolved) == (True, False), "the end of a term is no dissolution"


def test_what_is_dissolved_gives_way_to_the_status_quo_and_is_remembered() -> None:
    s = _region()
    votes = {8: (FOUND, True), 10: (DISSOLVE, False), 11: (DISSOLVE, True), 15: (FOUND, True), 17: (DISSOLVE, True)}
    slots = _slots(s, _world(0.5, term=0.0), votes, 18)
    assert slots == [BEFORE] + [DESIGN] * 3 + [FALLBACK] * 4 + [DESIGN] * 2 + [FALLBACK] * 2
    assert (s.region.adopted_quarter, s.region.dissolved_quarter, s.region.dissolved) == (8, 11, True)
    assert s.region.refused == 0.75
    assert s.region.refusals == 0, "no vote to found was lost"


@pytest.mark.parametrize(("at_once", "quota"), [(True, 0.5), (False, 0.0)])
def test_what_needed_no_vote_is_not_founded_again(at_once: bool, quota: float) -> None:
    s = _region(at_once=at_once)
    assert _slots(s, _world(quota, term=0.0), {11: (DISSOLVE, True)}, 40) == [BEFORE] + [DESIGN] * 3 + [FALLBACK] * 30


def _places(*beside: int) -> SimpleNamespace:
    """Two designs. Of the second these slots hold in arena 2, beside the region's own institution."""
    table = np.zeros((2, 4), np.bool_)
    table[1, list(beside)] = True
    return SimpleNamespace(beside=table, arena_beside=2)


@pytest.mark.parametrize(
    ("design", "slot", "beside", "arena"),
    [
        (1, DESIGN, [DESIGN], 2),
        (0, DESIGN, [DESIGN], 0),  # that is another design
        (1, SUCCESSOR, [DESIGN], 0),  # what follows takes the place of the region's own
        (1, SUCCESSOR, [DESIGN, SUCCESSOR], 2),
        (1, FALLBACK, [DESIGN, SUCCESSOR], 0),  # not founded, or no more
        (1, BEFORE, [DESIGN, SUCCESSOR], 0),
    ],
)
def test_where_what_was_chosen_holds(design: int, slot: int, beside: list[int], arena: int) -> None:
    with interpreted(adoption):
        assert adoption.place(_region(design=design, slot=slot), _places(*beside)) == arena


@pytest.mark.parametrize(
    ("slot", "arena", "outcome", "noted"),
    [
        (FALLBACK, 0, COMPLETED, 9), (FALLBACK, 0, FAILED, 3), (FALLBACK, 1, COMPLETED, 3), (FALLBACK, 2, COMPLETED, 3),
        (DESIGN, 2, COMPLETED, 9), (DESIGN, 2, FAILED, 3), (DESIGN, 0, COMPLETED, 3), (DESIGN, 1, COMPLETED, 3),
    ],
)  # fmt: skip
def test_what_is_completed_where_the_institution_holds_is_a_result(
    slot: int, arena: int, outcome: int, noted: int
) -> None:
    s = _region(design=1, slot=slot, last_result=3)
    s.outcome = np.full((3, 1), outcome)
    with interpreted(adoption):
        adoption.update_initiative(s, _places(DESIGN), P, 9, arena, 0)
    assert s.region.last_result == noted


@pytest.mark.parametrize(
    ("slot", "arena", "outcome", "counted"),
    [
        (DESIGN, 2, AGREED, 4), (DESIGN, 2, IMPOSED, 3), (DESIGN, 2, COMPLETED, 3), (DESIGN, 0, AGREED, 3),
        (FALLBACK, 0, AGREED, 3), (BEFORE, 0, AGREED, 3), (SUCCESSOR, 0, AGREED, 3),
    ],
)  # fmt: skip
def test_what_municipalities_agree_on_under_the_design_counts(
    slot: int, arena: int, outcome: int, counted: int
) -> None:
    s = _region(design=1, slot=slot, agreed=3)
    s.outcome = np.full((3, 1), outcome)
    with interpreted(adoption):
        adoption.update_initiative(s, _places(DESIGN), P, 9, arena, 0)
    assert s.region.agreed == counted


def test_next_in_line() -> None:
    after: Any = plain(adoption.next_in_line)
    assert [after(*of) for of in ((False, True), (True, True), (True, False))] == [DESIGN, SUCCESSOR, BEFORE]


def test_a_term_is_followed_by_the_successor_or_by_the_status_quo() -> None:
    """Founded at once; set up so slowly that nothing is dissolved yet, the successor included."""
    for name, after in (("regio_deal", FALLBACK), ("regio_deal_continued", SUCCESSOR)):
        run = started(changed(load_design(name), "scope", setup_quarters=20))
        run.state.region.at_once = True
        slots = []
        for t in range(52):
            run.constitution(t)
            slots.append(int(run.state.region.slot))
        assert slots == [BEFORE] * 20 + [DESIGN] * 16 + [after] * 16, name
        assert run.state.region.adopted_quarter == 20
