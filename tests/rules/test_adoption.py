from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given

from bresim.governance import Design, load_design
from bresim.kernel.draws import make_key
from bresim.kernel.state import (
    ADOPTED_QUARTER,
    BEFORE,
    DESIGN,
    DROUGHT,
    FALLBACK,
    INTERVENES,
    SLOT,
    STANCE,
    STEERING,
    SUCCESSOR,
    State,
    World,
    allocate,
)
from bresim.kernel.structs import box, parameter_set
from bresim.rules import adoption
from bresim.rules.initial import reset
from tests.model.worlds import changed, founded, region_named, world_of
from tests.rules.plain import plain, shares

loss_of, in_force, inclination = (
    plain(f) for f in (adoption.autonomy_loss, adoption.steering_in_force, adoption.founding_inclination)
)
P = SimpleNamespace(
    adopt_base=1.0, adopt_trust=1.2, adopt_support=0.8, adopt_orientation=0.6, adopt_autonomy=1.5, adopt_say=2.0
)


def test_by_hand() -> None:
    assert loss_of(0.3, 0.03, 0.6) == pytest.approx(0.4)  # (0.3 + 0.3 + 0.6) / 3
    assert loss_of(1.0, 0.5, 1.0) == 1.0
    assert in_force(0.6, 1.0, 0.0, 0.0) == pytest.approx(0.6)
    assert in_force(0.6, 0.0, 0.5, 1.0) == pytest.approx(0.3)
    assert in_force(0.6, 0.0, 0.5, 0.0) == 0.0
    assert in_force(0.6, 0.5, 0.5, 1.0) == pytest.approx(0.45)
    # 1 + 1.2 x 0.2 + 0.8 x 1.5 x 0.5 - 0.6 x 0.4 - 1.5 x 0.5 x 0.4 - 2 x 0.4 x (0.5 + 0.25)
    assert inclination(P, 0.6, 0.75, 1.5, 0.3, 0.5, 0.4, 0.4, 0.5) == pytest.approx(0.7)
    assert inclination(P, 0.5, 0.5, 1.0, 0.5, 1.0, 0.0, 0.0, 1.0) == 1.0


@given(shares, shares, shares, shares, shares, shares, shares)
def test_directions(
    trust: float, support: float, orientation: float, kappa: float, loss: float, say: float, divide: float
) -> None:
    x = inclination(P, trust, support, 1.2, orientation, kappa, loss, say, divide)
    assert inclination(P, 1.0, support, 1.2, orientation, kappa, loss, say, divide) >= x - 1e-12
    assert inclination(P, trust, 1.0, 1.2, orientation, kappa, loss, say, divide) >= x - 1e-12
    assert inclination(P, trust, support, 1.2, 1.0, kappa, loss, say, divide) >= x - 1e-12
    assert inclination(P, trust, support, 1.2, orientation, 0.0, loss, say, divide) >= x - 1e-12
    assert inclination(P, trust, support, 1.2, orientation, kappa, loss, 0.0, divide) >= x - 1e-12
    assert inclination(P, trust, support, 1.2, orientation, kappa, loss, say, 1.0) <= x + 1e-12


@given(shares, shares, shares, shares)
def test_bounds(a: float, b: float, c: float, d: float) -> None:
    assert 0.0 <= loss_of(a, 0.5 * b, c) <= 1.0 + 1e-12
    assert 0.0 <= in_force(a, b, c, d) <= a + 1e-12
    assert in_force(a, 1.0, c, d) == pytest.approx(a)


def _started(design: Design) -> tuple[State, World, object]:
    """The state of a run of one design on the real region before its first quarter, its world and its parameters."""
    world = world_of([design], region_named("zuid_limburg"))
    state, place = allocate(world), box(world)
    parameters = parameter_set(world.parameters, 0)
    reset(box(state), place, parameters, make_key(1, 0), 0, 0, 0.5, 0.5, 0.5)
    return state, place, parameters


def test_a_term_is_followed_by_the_successor_or_by_what_was() -> None:
    for name, after in (("regio_deal", FALLBACK), ("regio_deal_continued", SUCCESSOR)):
        state, world, parameters = _started(founded(load_design(name)))
        slots = []
        for t in range(60):
            adoption.update(box(state), world, parameters, t)
            slots.append(int(state.scalars[SLOT]))
        assert slots == [BEFORE] * 20 + [DESIGN] * 16 + [after] * 24, name
        assert state.scalars[ADOPTED_QUARTER] == 20


def test_the_rotating_seat_passes_on_every_year() -> None:
    state, world, parameters = _started(founded(load_design("regio_deal")))
    region = region_named("zuid_limburg")
    standing = region.groups["steering_group"]
    guests = []
    for t in range(36):
        adoption.update(box(state), world, parameters, t)
        if t >= 20:
            seated = np.flatnonzero(state.board[0] & ~standing)
            assert (state.board[0] & standing).sum() == 3
            assert len(seated) == 1
            assert region.groups["regio_deal"][seated[0]], "only who takes part"
            guests.append(int(seated[0]))
    assert all(len(set(guests[year : year + 4])) == 1 for year in range(0, 16, 4))
    assert len(set(guests)) == 4, "four years, four guests"


def test_without_a_mandate_the_province_waits_for_a_drought_and_steps_back_after_its_elections() -> None:
    state, world, parameters = _started(load_design("provincial_steering"))
    steering = []
    for t in range(36):
        adoption.update(box(state), world, parameters, t)
        steering.append(float(state.scalars[STEERING]))
        assert state.scalars[INTERVENES] == (state.scalars[STEERING] > 0.0)
        if t == 29:
            state.scalars[DROUGHT] = 0.0  # an agreement
    stance = 0.7 * state.scalars[STANCE]
    assert stance > 0.0
    # policy starts in quarter 20; four quarters without agreement; provincial elections in quarter 32
    assert steering == pytest.approx([0.0] * 24 + [stance] * 8 + [0.0] * 2 + [stance] * 2)


def test_only_the_board_gives_up_capacity_for_a_bureau_it_supplies() -> None:
    """Parochial municipalities say yes more often to a bureau that others supply."""
    votes = []
    for who in ("all", "board"):
        design = changed(load_design("regio_deal"), "choice", pooled_capacity=0.1, pooled_by=who)
        yes = 0
        for number in range(40):
            state, world, parameters = _started(design)
            reset(box(state), world, parameters, make_key(1, number), 0, 0, 1.0, 0.5, 0.5)
            yes += bool(adoption._vote(box(state), world, parameters, 20))
        votes.append(yes)
    assert votes[0] < votes[1]
