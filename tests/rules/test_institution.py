from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bresim.kernel.state import (
    ARENAS,
    BEFORE,
    CLOSED,
    DESIGN,
    EXECUTING,
    FALLBACK,
    IDLE,
    NEGOTIATING,
    SUCCESSOR,
)
from bresim.rules import institution
from tests.rules.plain import changes, interpreted, plain

built_up, slot_of = plain(institution.built_up), plain(institution.slot_of)
FIELDS = np.dtype([(name, np.float64) for name in ("setup_quarters", "programme_money", "binding", "quota")])
RAMPS = np.array([False, False, True, False])


def _built(t: int, setup: float, slot: int = DESIGN) -> float:
    s = SimpleNamespace(region=SimpleNamespace(design=0, slot=slot, since=20))
    w = SimpleNamespace(institution={(0, slot): SimpleNamespace(setup_quarters=setup)})
    return float(built_up(s, w, t))


def test_a_design_grows_over_its_set_up_time() -> None:
    assert [_built(t, 3.0) for t in (20, 21, 22, 23, 40)] == [0.25, 0.5, 0.75, 1.0, 1.0]
    assert _built(20, 0.0) == 1.0
    assert [_built(t, 3.0, SUCCESSOR) for t in (20, 23)] == [0.25, 1.0], "what follows it too: nothing for free"
    assert _built(20, 3.0, FALLBACK) == _built(20, 3.0, BEFORE) == 1.0, "no other institution has to be set up"


@given(st.integers(20, 60), st.integers(0, 12))
def test_growth_is_a_share_that_rises_with_time_and_falls_with_set_up(t: int, setup: int) -> None:
    assert 0.0 < _built(t, float(setup)) <= _built(t + 1, float(setup)) <= 1.0
    assert _built(t, float(setup + 1)) <= _built(t, float(setup))


FROM, UNTIL, WHOLE_RUN = 10, 30, 60


@pytest.mark.parametrize(
    ("design", "slot", "region", "of_the_design"),
    [
        (0, BEFORE, BEFORE, CLOSED), (0, FALLBACK, FALLBACK, CLOSED), (0, DESIGN, DESIGN, CLOSED),
        (0, SUCCESSOR, SUCCESSOR, CLOSED),
        (1, BEFORE, BEFORE, CLOSED), (1, FALLBACK, FALLBACK, CLOSED), (1, DESIGN, FALLBACK, DESIGN),
        (1, SUCCESSOR, SUCCESSOR, CLOSED),  # what comes after it takes the place of the region's own
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("t", "of_the_other"),
    [(0, CLOSED), (FROM - 1, CLOSED), (FROM, ARENAS + 1), (UNTIL - 1, ARENAS + 1), (UNTIL, CLOSED), (59, CLOSED)],
)
def test_which_institution_holds_in_an_arena(
    design: int, slot: int, region: int, of_the_design: int, t: int, of_the_other: int
) -> None:
    """The region, an arena through the whole run, one from 10 until 30, and that of design 1, which stands beside."""
    beside = np.zeros((2, 6), np.bool_)
    beside[1, DESIGN] = True
    w = SimpleNamespace(
        beside=beside, arena_beside=3, arena_from=np.array([0, 0, FROM, 0]),
        arena_until=np.array([WHOLE_RUN, WHOLE_RUN, UNTIL, WHOLE_RUN]),
    )  # fmt: skip
    s = SimpleNamespace(region=SimpleNamespace(design=design, slot=slot))
    assert [slot_of(s, w, t, a) for a in range(4)] == [region, ARENAS, of_the_other, of_the_design]


#: Numbers of the institutions; a successor with the rules of the design has its number.
CONTENT = np.array([[7, 8, 9, 9, 5]])


def _world(factor: float = 1.0, beside: bool = False, until: int = WHOLE_RUN) -> SimpleNamespace:
    """Four municipalities, two themes; the first three are the subregion, whose institution is slot 4.

    The last arena is that of the design, if it stands beside the region's own institution.
    """
    values = np.array([[
        [0.0, 0.1, 0.1, 0.1],  # before policy start
        [0.0, 0.2, 0.2, 0.9],  # status quo
        [3.0, 0.4, 0.8, 0.6],  # design
        [0.0, 0.0, 0.0, 0.0],  # successor
        [0.0, 0.5, 0.5, 0.5],  # subregion
    ]])  # fmt: skip
    eligible = np.ones((1, 5, 4), np.bool_)
    eligible[0, DESIGN] = [True, False, True, True]
    in_scope = np.ones((1, 5, 2), np.bool_)
    in_scope[0, DESIGN] = [True, False]
    return SimpleNamespace(
        institution_values=values, institution=values.view(FIELDS)[..., 0].view(np.recarray), ramps=RAMPS,
        window_factor=np.full(40, factor), eligible=eligible, in_scope=in_scope,
        member=np.array([[True] * 4, [True, True, True, False], [True] * 4]), arena_beside=2,
        arena_from=np.zeros(3, np.int64), arena_until=np.array([WHOLE_RUN, until, WHOLE_RUN]),
        beside=np.array([[False, False, beside, False, False]]), content=CONTENT,
        population=np.array([0.4, 0.1, 0.1, 0.4]), urban=np.array([True, False, True, False]),
    )  # fmt: skip


def _state(slot: int, *last: int) -> SimpleNamespace:
    """What was chosen now, and what held in the region, the subregion and the arena of the design a quarter ago.

    In the region and the subregion one theme is under negotiation and one in execution, both by all that may.
    """
    values = np.zeros((3, 4))
    committed = np.zeros((3, 2, 4), np.bool_)
    committed[0] = True
    committed[1, :, :3] = True
    inside = np.array([[True] * 4, [True, True, True, False], [True] * 4]) & (np.array(last) != CLOSED)[:, None]
    return SimpleNamespace(
        region=SimpleNamespace(design=0, slot=slot, since=20), committed=committed,
        arena_slot=np.array(last), taken_over=np.zeros(3, np.bool_),
        held_content=np.array([CLOSED if slot == CLOSED else CONTENT[0, slot] for slot in last]),
        institution_values=values, institution=values.view(FIELDS)[:, 0].view(np.recarray),
        eligible=inside, invited=np.full((3, 4), -1), n_invited=inside.sum(axis=1),
        in_scope=np.repeat((np.array(last) != CLOSED)[:, None], 2, axis=1), diversity=np.full(3, -1.0),
        phase=np.array([[NEGOTIATING, EXECUTING], [NEGOTIATING, EXECUTING], [IDLE, IDLE]]),
    )  # fmt: skip


#: What changes in an arena in which another institution takes over, besides its rules.
ENTERS = ("arena_slot", "taken_over", "held_content", "eligible", "invited", "n_invited", "diversity")
RULES = ("institution_values", "institution")


@pytest.mark.parametrize(("factor", "money"), [(0.5, 0.2), (1.0, 0.4), (3.0, 0.4)])
def test_fields_in_force_while_a_design_is_set_up(factor: float, money: float) -> None:
    """Halfway binding is between 0.2 and 0.8; all else holds at once; money falls with the central windows."""
    s = _state(DESIGN, DESIGN, ARENAS, CLOSED)
    with interpreted(institution), changes(s, *RULES):
        institution.update(s, _world(factor), None, 21)
    assert s.institution_values[0] == pytest.approx([3.0, money, 0.5, 0.6])
    assert s.institution_values[1] == pytest.approx([0.0, 0.5 * min(1.0, factor), 0.5, 0.5]), "its own, at once"
    assert (s.institution_values[2] == 0.0).all(), "there is none"
    assert s.institution[0].binding == s.institution_values[0, 2], "the same memory"


def test_what_follows_a_design_is_set_up_in_its_own_time() -> None:
    """A third of the way with two quarters of set-up: 0.2 + (0.8 - 0.2) / 3; all else holds at once."""
    s, w = _state(SUCCESSOR, SUCCESSOR, ARENAS, CLOSED), _world()
    w.institution_values[0, SUCCESSOR] = [2.0, 0.4, 0.8, 0.6]
    with interpreted(institution):
        institution.update(s, w, None, 20)
    assert s.institution_values[0] == pytest.approx([2.0, 0.4, 0.4, 0.6])


def test_a_municipality_no_longer_eligible_leaves_the_negotiation_and_stays_in_execution() -> None:
    s = _state(DESIGN, FALLBACK, ARENAS, CLOSED)
    with interpreted(institution), changes(s, *RULES, *ENTERS, "in_scope", "committed"):
        institution.update(s, _world(), None, 20)
    assert s.taken_over.tolist() == [True, False, False]
    assert s.eligible[0].tolist() == [True, False, True, True]
    assert s.invited[0, : s.n_invited[0]].tolist() == [0, 2, 3]
    assert s.in_scope[0].tolist() == [True, False]
    assert s.committed[0].tolist() == [[True, False, True, True], [True] * 4]
    assert s.committed[1].tolist() == [[True, True, True, False]] * 2
    assert (s.invited[1] == -1).all(), "the subregion keeps what it has"


def test_another_institution_is_one_with_other_rules() -> None:
    """The status quo as a design, then a design in the same slot: taken over. A successor with its rules: not."""
    for held, slot, taken_over in ((8, DESIGN, True), (9, SUCCESSOR, False), (9, DESIGN, False), (9, FALLBACK, True)):
        s = _state(slot, DESIGN, ARENAS, CLOSED)
        s.held_content[0] = held
        with interpreted(institution):
            institution.update(s, _world(), None, 25)
        assert s.taken_over.tolist() == [taken_over, False, False]
        assert s.held_content.tolist() == [CONTENT[0, slot], 5, CLOSED]


def test_a_design_beside_the_region_opens_an_arena_of_its_own_and_leaves_the_other() -> None:
    """The status quo held in the region, and goes on; the binding of the design has grown halfway."""
    s = _state(DESIGN, FALLBACK, ARENAS, CLOSED)
    with interpreted(institution), changes(s, *RULES, *ENTERS, "in_scope"):
        institution.update(s, _world(beside=True), None, 21)
    assert s.arena_slot.tolist() == [FALLBACK, ARENAS, DESIGN]
    assert s.taken_over.tolist() == [False, False, True]
    assert s.institution_values[0] == pytest.approx([0.0, 0.2, 0.2, 0.9]), "the status quo, in full"
    assert s.institution_values[2] == pytest.approx([3.0, 0.4, 0.5, 0.6])
    assert s.invited[2, : s.n_invited[2]].tolist() == [0, 2, 3]
    assert s.in_scope.tolist() == [[True, True], [True, True], [True, False]]


def test_how_mixed_those_are_that_take_part() -> None:
    """0.4 and 0.1 of the inhabitants live in two urban municipalities, as many in rural ones; all of one kind is 0."""
    s, w = _state(DESIGN, DESIGN, ARENAS, CLOSED), _world()
    for eligible, mixed in (([0, 1, 2, 3], 1.0), ([0, 2], 0.0), ([1, 3], 0.0), ([0, 1], 4.0 * 0.8 * 0.2), ([], 0.0)):
        s.invited[0, : len(eligible)], s.n_invited[0] = eligible, len(eligible)
        with interpreted(institution):
            assert institution._diversity(s, w, 0) == pytest.approx(mixed)


def test_when_an_arena_ends_nobody_negotiates_there_any_more_and_execution_goes_on() -> None:
    s = _state(FALLBACK, FALLBACK, ARENAS, CLOSED)
    s.institution_values[1] = [0.0, 0.5, 0.5, 0.5]
    with interpreted(institution), changes(s, *RULES):
        institution.update(s, _world(until=30), None, 29)
    with (
        interpreted(institution),
        changes(s, *RULES, *ENTERS[:-1], "in_scope", "committed"),
    ):
        institution.update(s, _world(until=30), None, 30)
    assert (s.arena_slot[1], s.taken_over[1], s.n_invited[1]) == (CLOSED, True, 0)
    assert not s.eligible[1].any()
    assert not s.in_scope[1].any()
    assert s.committed[1].tolist() == [[False] * 4, [True, True, True, False]], "what is in execution keeps its members"
    assert s.institution_values[1].tolist() == [0.0, 0.0, 0.2, 0.5], (
        "its last rules, but what grows is the status quo's, and programme money has ended"
    )
    with interpreted(institution), changes(s, "taken_over"):
        institution.update(s, _world(until=30), None, 31)
    assert not s.taken_over.any()


def test_at_the_start_every_arena_gets_its_own_institution() -> None:
    """At first nobody is eligible anywhere; the arena of the design is taken over too, by none."""
    s = _state(BEFORE, CLOSED, CLOSED, CLOSED)
    with (
        interpreted(institution),
        changes(s, *RULES, *ENTERS, "in_scope"),
    ):
        institution.update(s, _world(), None, 0)
    assert s.arena_slot.tolist() == [BEFORE, ARENAS, CLOSED]
    assert s.taken_over.all()
    assert s.institution_values.tolist() == [[0.0, 0.1, 0.1, 0.1], [0.0, 0.5, 0.5, 0.5], [0.0] * 4]
    assert s.eligible.tolist() == [[True] * 4, [True, True, True, False], [False] * 4]
    assert s.n_invited.tolist() == [4, 3, 0]
    assert s.in_scope.tolist() == [[True] * 2, [True] * 2, [False] * 2]
