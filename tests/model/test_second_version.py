"""What the second version of the model repaired, on whole runs."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from bresim import parameters
from bresim.governance import Design, load_design
from bresim.kernel.draws import make_key
from bresim.kernel.state import COMPLETED, EXECUTING, FAILED, KEPT, OUTSIDE, REGIONAL, State, World, allocate
from bresim.kernel.structs import box, parameter_set
from bresim.parameters import PARAMETERS
from bresim.rules.initial import reset
from bresim.runner import step
from tests.model.worlds import (
    KNOBS,
    POLICY_START,
    QUARTERS,
    changed,
    columns_of,
    founded,
    jobs_of,
    region_named,
    run,
    same,
    world_of,
)

REGION = region_named("zuid_limburg")
REPLICATES = 60
#: Standard errors of a paired mean difference beyond which it is one.
CLEAR = 3.0


def designs() -> list[Design]:
    return [load_design("status_quo"), founded(load_design("regiobureau"))]


NUMBER = {"status_quo": 0, "regiobureau": 1}
both = pytest.mark.parametrize("design", list(NUMBER))


def ran(world: World, count: int, replicates: int = REPLICATES) -> NDArray[np.float64]:
    """Outcomes (designs, replicates, columns)."""
    return run(world, jobs_of(count, replicates), REGION).runs.reshape(count, replicates, -1)


def change(one: NDArray[np.float64], other: NDArray[np.float64], name: str) -> tuple[float, float]:
    """(mean, standard error) of the paired difference of an outcome between two sets of runs (replicates, columns)."""
    at = columns_of(REGION).index(name)
    difference = other[:, at] - one[:, at]
    return float(difference.mean()), float(difference.std(ddof=1) / np.sqrt(len(difference)))


def rises(one: NDArray[np.float64], other: NDArray[np.float64], name: str) -> bool:
    mean, error = change(one, other, name)
    return mean > CLEAR * error


# --- capacity ----------------------------------------------------------------------------------------------------


@cache
def with_capacity(factor: float) -> NDArray[np.float64]:
    """With so much of the capacity that there is, from policy start on."""
    world = world_of(designs(), REGION)
    capacity = world.capacity_factor.copy()
    capacity[POLICY_START:] *= factor
    return ran(world._replace(capacity_factor=capacity), 2)


@both
@pytest.mark.parametrize("outcome", ["public_value_direct", "public_value_regional", "completed"])
def test_more_capacity_brings_more_and_less_brings_less(design: str, outcome: str) -> None:
    half, whole, double = (with_capacity(factor)[NUMBER[design]] for factor in (0.5, 1.0, 2.0))
    assert rises(half, whole, outcome)
    assert rises(whole, double, outcome)


@both
@pytest.mark.parametrize("outcome", ["public_value_direct", "public_value_regional"])
def test_a_region_with_larger_capacity_from_the_start_realises_more(design: str, outcome: str) -> None:
    """Work grows with the size of the members as well, but not all of it, and tables and collaborations do not."""
    values = np.repeat(parameters.defaults()[None, :], 3, axis=0)
    values[:, list(PARAMETERS).index("capacity_scale")] *= [0.5, 1.0, 2.0]
    world = world_of([designs()[NUMBER[design]]], REGION, values=values)
    half, whole, double = run(world, jobs_of(1, REPLICATES, 3), REGION).runs.reshape(3, REPLICATES, -1)
    assert rises(half, whole, outcome)
    assert rises(whole, double, outcome)


# --- turnover ----------------------------------------------------------------------------------------------------


@cache
def with_turnover(factor: float) -> NDArray[np.float64]:
    world = world_of(designs(), REGION)
    return ran(world._replace(turnover_factor=factor * world.turnover_factor), 2, replicates=16 * REPLICATES)


@pytest.mark.parametrize("design", ["status_quo", "regiobureau"])
def test_turnover_of_aldermen_costs_value_and_completes_nothing_more(design: str) -> None:
    """A tenth of a standard deviation under the bureau: it takes more runs to tell."""
    once, twice = (with_turnover(factor)[NUMBER[design]] for factor in (1.0, 2.0))
    assert rises(twice, once, "public_value_direct")
    assert rises(twice, once, "public_value_regional")
    assert not rises(once, twice, "completed")


def test_turnover_of_aldermen_raises_no_trust_that_was_earned() -> None:
    """Under the bureau trust is above its baseline, by what is booked; turnover once repaired more than it cost."""
    once, twice = (with_turnover(factor)[NUMBER["regiobureau"]] for factor in (1.0, 2.0))
    assert not rises(once, twice, "trust_mean")


# --- the stick behind the door -----------------------------------------------------------------------------------


def stick(mandate: float) -> Design:
    """The status quo, in which the province may steer and impose, and nothing else."""
    steered = changed(load_design("status_quo"), "payoff", steering=0.7, mandate=mandate)
    return changed(steered, "aggregation", imposition=0.7)


def of_a_province_that_does_nothing(world: World) -> World:
    return world._replace(province_stance=np.zeros_like(world.province_stance))


def test_a_stick_that_was_granted_raises_regional_value() -> None:
    """Some 0.6 initiatives more are completed, a third of a standard deviation: it takes more runs to tell."""
    usual, granted = ran(world_of([load_design("status_quo"), stick(1.0)], REGION), 2, replicates=4 * REPLICATES)
    assert rises(usual, granted, "public_value_regional")
    assert rises(usual, granted, "completed")


@pytest.mark.parametrize("design", [stick(0.0), load_design("provincial_steering")], ids=["stick", "steering"])
def test_a_stick_that_was_not_granted_is_as_good_as_the_province_is_willing(design: Design) -> None:
    """With a stance of 0 it steers, imposes, pays and supplies nothing: the runs are those of the status quo."""
    world = of_a_province_that_does_nothing(world_of([load_design("status_quo"), design], REGION))
    jobs = jobs_of(2, 10)
    jobs["at_once"] = True  # by a vote no province takes on a role that it does not want
    recorded = run(world, jobs, REGION)
    assert (recorded.runs[:, columns_of(REGION).index("adopted")] == 1.0).all()
    usual, steered = recorded.series.reshape(2, 10, QUARTERS)
    assert same(usual, steered)


# --- what a run does, quarter by quarter -------------------------------------------------------------------------


class Walk:
    """Runs of one design, a part of a quarter at a time."""

    def __init__(self, design: Design, **values: float) -> None:
        table = parameters.defaults()[None, :].copy()
        for name, value in values.items():
            table[0, list(PARAMETERS).index(name)] = value
        self.world = world_of([design], REGION, values=table)
        self.state: State = allocate(self.world)
        self.given: tuple[Any, Any, Any] = (box(self.state), box(self.world), parameter_set(self.world.parameters, 0))
        self.parameters = self.world.parameters[0]

    def begin(self, replicate: int) -> None:
        reset(*self.given, make_key(1, replicate), 0, 0, *KNOBS)

    def prepare(self, t: int) -> None:
        step.constitution(*self.given, t)
        step.prepare(*self.given, t)


SERVICES = (
    "coordination", "facilitation", "monitoring", "lobby", "escalation", "capacity_coordination", "council_information",
    "council_group", "celebration", "binding",
)  # fmt: skip


def test_a_province_that_does_not_intervene_supplies_nothing() -> None:
    """The region then has exactly the services of the status quo, and its members supply them."""
    usual, steered = Walk(load_design("status_quo")), Walk(load_design("provincial_steering"), mandate_patience=999.0)
    for walk in (usual, steered):
        walk.begin(3)
        walk.state.region.at_once = True
    for t in range(QUARTERS):
        for walk in (usual, steered):
            walk.prepare(t)
            step.negotiate(*walk.given, t)
            step.execute(*walk.given, t)
            step.conclude(*walk.given, t)
        one, other = usual.state, steered.state
        assert not other.region.intervenes
        assert [one.institution[0][name] for name in SERVICES] == [other.institution[0][name] for name in SERVICES]
        assert other.institution[0].cofunding == 0.0
        assert one.service_fte[0] == other.service_fte[0] > 0.0
        assert same(one.direct, other.direct)
    assert steered.state.region.adopted


def test_a_member_earns_what_was_done_with_it() -> None:
    """Of what remained a member gains the less, the more it missed of what was done, and never less than one outside.

    It missed what was done when it joined and, as far as it lacked what it promised, what was done since the last
    milestone, unless it kept its promise.
    """
    open_to_all = changed(founded(load_design("joint_arrangement")), "boundary", late_joining=1.0)
    walk, were_late, broke = Walk(open_to_all), 0, 0
    s, spillover = walk.state, float(walk.parameters["spillover"])
    for replicate in range(6):
        walk.begin(replicate)
        for t in range(QUARTERS):
            walk.prepare(t)
            step.negotiate(*walk.given, t)
            member, missed, before = s.committed[0].copy(), s.missed[0].copy(), s.direct[:, REGIONAL].copy()
            running, last = s.phase[0] == EXECUTING, s.done_before[0].copy()
            given, due = s.given[0].copy(), s.promised[0] * (s.since_milestone[0][:, None] + 1.0 - s.quarters_before[0])
            step.execute(*walk.given, t)
            for k in np.flatnonzero(running & np.isin(s.outcome[0], (COMPLETED, FAILED))):
                known = ~member[k] | (missed[k] != OUTSIDE)  # those that joined this very quarter are left out
                gained = (s.direct[k, REGIONAL] - before[k]) / (1.0 - before[k])
                broken = member[k] & (s.verdict[0, k] != KEPT) & (due[k] > 0.0)  # who promised nothing lacks nothing
                lack = broken * (1.0 - np.minimum(1.0, (given[k] + s.offer[0, k]) / np.maximum(due[k], 1e-12)))
                since = np.maximum(0.0, s.share_done[0, k] - np.maximum(last[k], missed[k]))
                done = max(float(s.share_done[0, k]), 1e-9)
                absent = np.where(member[k], np.minimum(1.0, (missed[k] + lack * since) / done), 1.0)
                full = gained[known & (absent == 0.0)]
                if not len(full) or full.max() == 0.0:
                    continue
                assert gained[known] == pytest.approx(full[0] * (1.0 - absent[known] * (1.0 - spillover)))
                were_late += int((member[k] & known & (missed[k] > 0.0)).sum())
                broke += int((known & (lack > 0.0) & (since > 0.0)).sum())
            step.conclude(*walk.given, t)
    assert min(were_late, broke) > 30, (were_late, broke)


def test_work_is_fixed_at_the_agreement() -> None:
    """Halfway a run all capacity falls to a half: what was agreed asks as much as before."""
    walk = Walk(load_design("status_quo"))
    walk.world.capacity_factor[30:] *= 0.5
    s, seen = walk.state, 0
    for replicate in range(4):
        walk.begin(replicate)
        work, phase, capacity = s.work.copy(), s.phase.copy(), s.base_capacity.copy()
        for t in range(QUARTERS):
            walk.prepare(t)
            step.negotiate(*walk.given, t)
            # newcomers add work
            as_they_were = ~(s.committed & (s.missed == OUTSIDE)).any(axis=2)
            step.execute(*walk.given, t)
            step.conclude(*walk.given, t)
            go_on = (phase == EXECUTING) & (s.phase == EXECUTING) & as_they_were & (t > 0)
            assert (s.work[go_on] == work[go_on]).all()
            seen += int(go_on.sum()) if t == 30 else 0
            assert (s.base_capacity == capacity).all()
            work, phase = s.work.copy(), s.phase.copy()
    assert seen > 10


def test_who_leaves_and_comes_back_in_a_quarter_is_a_newcomer() -> None:
    """It has left its promise behind: it signs anew, and counts from the work that was done when it came back."""
    walk, came_back = Walk(changed(founded(load_design("joint_arrangement")), "boundary", late_joining=1.0)), 0
    s = walk.state
    for replicate in range(12):
        walk.begin(replicate)
        for t in range(QUARTERS):
            member = s.committed & (s.phase == EXECUTING)[:, :, None]
            walk.prepare(t)
            left = member & ~s.committed
            step.negotiate(*walk.given, t)
            back, done = left & s.committed, np.broadcast_to(s.share_done[:, :, None], left.shape).copy()
            step.execute(*walk.given, t)
            back &= (s.phase == EXECUTING)[:, :, None]
            kept = back & (s.verdict == KEPT)  # as for all as long as no milestone falls due
            assert (s.missed[kept] == done[kept]).all()
            assert (s.missed[back] >= done[back]).all()
            came_back += int(kept.sum())
            step.conclude(*walk.given, t)
    assert came_back > 8


@pytest.mark.parametrize("name", ["regiobureau", "pooled_programme", "joint_arrangement"])
def test_no_fte_is_spent_that_nobody_has(name: str) -> None:
    """With a fifth of capacity many have nothing left: bureaus and members together do no more than they have."""
    walk, nothing_left = Walk(founded(load_design(name)), capacity_scale=0.2 * PARAMETERS["capacity_scale"].default), 0
    s = walk.state
    for replicate in range(3):
        walk.begin(replicate)
        for t in range(QUARTERS):
            walk.prepare(t)
            free = s.capacity * (1.0 - s.load)  # what collaborations and tables leave
            step.negotiate(*walk.given, t)
            step.execute(*walk.given, t)
            assert (s.used <= s.slack + 1e-9).all()
            assert (s.slack <= free + 1e-9).all()
            assert s.used.sum() + s.arena_pool.sum() <= free.sum() + 1e-9
            nothing_left += int((s.slack <= 1e-12).sum())
            step.conclude(*walk.given, t)
    assert nothing_left > 100


def test_what_ends_leaves_no_more_of_the_bureau_to_the_others_in_that_quarter() -> None:
    """The first initiative of the region is done at once: the others get on as they did."""
    usual, done, seen = Walk(founded(load_design("regiobureau"))), Walk(founded(load_design("regiobureau"))), 0
    for t in range(QUARTERS - 1, POLICY_START, -4):
        for walk in (usual, done):
            walk.begin(1)
            for quarter in range(t):
                walk.prepare(quarter)
                step.negotiate(*walk.given, quarter)
                step.execute(*walk.given, quarter)
                step.conclude(*walk.given, quarter)
            walk.prepare(t)
            step.negotiate(*walk.given, t)
        running = np.flatnonzero(usual.state.phase[0] == EXECUTING)
        if len(running) < 2:
            continue
        done.state.progress[0, running[0]] = 1e6
        step.execute(*usual.given, t)
        step.execute(*done.given, t)
        assert done.state.outcome[0, running[0]] == COMPLETED
        assert same(usual.state.progress[0, running[1:]], done.state.progress[0, running[1:]])
        seen += 1
    assert seen > 3
