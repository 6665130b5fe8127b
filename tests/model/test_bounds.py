"""Every state stays in its bounds, whatever the parameters, knobs, design and region."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bresim import parameters
from bresim.columns import STATE_OUTCOMES
from bresim.columns.runs import MUNICIPALITY_OUTCOMES
from bresim.governance import Design, load_design
from bresim.governance.compile import PARTNER_SEATS
from bresim.governance.schema import RULE_TYPES
from bresim.kernel.draws import make_key
from bresim.kernel.state import State, World, allocate
from bresim.kernel.structs import box, parameter_set
from bresim.priors import from_unit
from bresim.region import Region, load_region
from bresim.rules.initial import reset
from bresim.runner.bounds import excesses
from bresim.runner.step import step
from bresim.tabulate import outcomes_of
from tests.fixtures.regions import small_content, synthetic_region
from tests.model.worlds import columns_of, founded, jobs_of, region_named, run, world_of

#: Null where there is nothing of the kind: no pair across the divide, nothing attainable, nothing happened.
MAY_BE_MISSING = {
    "trust_centre_rural", "public_value_subregional", "public_value_subregional_indirect", "default_rate", "delay_rate",
    "quarters_to_agreement", "quarters_to_first_result", "adopted_quarter", "dissolved_quarter",
}  # fmt: skip


def random_design(random: np.random.Generator, number: int, size: int) -> Design:
    """Each field anywhere in its range, or at one of its ends."""
    content: dict[str, Any] = {"name": f"random_{number}", "label_nl": "x", "label_en": "x"}
    choices = {
        "board": ["none", "steering_group", "centres"], "eligible": ["all", "regio_deal"],
        "partners": list(PARTNER_SEATS), "pooled_by": ["all", "board"],
        "services_by": ["members", "board", "province"],
        "themes": ["all", ("health", "housing")], "successor": [None, "joint_arrangement"],
        "beside": [False],  # such a design has no provincial fields
        "successor_if": ["always", "agreed", "not_agreed"],
    }  # fmt: skip
    for section, model in RULE_TYPES.items():
        values: dict[str, Any] = {}
        for field, info in model.model_fields.items():
            if field in choices:
                values[field] = choices[field][int(random.integers(len(choices[field])))]
                continue
            limits = {type(limit).__name__: limit for limit in info.metadata}
            low, high = limits["Ge"].ge, limits["Le"].le
            if field == "min_members":
                high = max(1, size // 3)
            if info.annotation is int:
                values[field] = int(random.integers(low, min(high, 40) + 1))
            else:
                values[field] = float(random.choice([low, high, random.uniform(low, high), random.uniform(low, high)]))
        content[section] = values
    if content["position"]["board"] == "none" or content["boundary"]["eligible"] != "all":
        content["position"] |= {"board_partners": 0, "board_province": 0}  # others only beside municipalities
        content["choice"]["pooled_by"] = "all"  # a board without seats cannot supply a bureau, and is refused
        content["choice"]["services_by"] = str(random.choice(["members", "province"]))  # nor services
    return load_design(content)


def random_sets(random: np.random.Generator, count: int) -> np.ndarray:
    """Draws from the priors, random corners of them, and the two corners with everything low or high."""
    dimensions = len(parameters.PARAMETERS)
    unit = np.vstack(
        [
            np.zeros(dimensions), np.ones(dimensions), random.integers(0, 2, (count, dimensions)),
            random.random((count, dimensions)),
        ]
    )  # fmt: skip
    return from_unit(unit)


def _regions() -> dict[str, Region]:
    return {
        "zuid_limburg": region_named("zuid_limburg"), "teaching": region_named("teaching"),
        "three": synthetic_region(3, 1), "three apart": synthetic_region(3, 3), "five": synthetic_region(5, 2, 1),
        "one subregion": synthetic_region(12, 1, 2), "sixty": synthetic_region(60, 7, 3),
        "severe": load_region(small_content([5, 4], every_theme={"severity": 1.0, "contention": 0.0})),
    }  # fmt: skip


REGIONS = _regions()


@pytest.mark.parametrize("name", list(REGIONS))
def test_outcomes_stay_in_bounds(name: str) -> None:
    region = REGIONS[name]
    random = np.random.default_rng(sum(name.encode()))
    big = region.size > 30
    designs = [random_design(random, number, region.size) for number in range(3 if big else 12)]
    values = random_sets(random, 3 if big else 10)
    jobs = jobs_of(len(designs), 2, len(values))
    for knob in ("parochialism", "cleavage", "negativity"):
        jobs[knob] = random.choice([0.0, 1.0, 0.3, 0.7], len(jobs))
    scenario = str(random.choice(["history", "political_turmoil", "shrinkage"]))
    recorded = run(
        world_of(designs, region, values=values, scenario=scenario), jobs, region, seed=int(random.integers(9))
    )
    for outcome in STATE_OUTCOMES:
        seen = recorded.series[outcome.name]
        if outcome.name in MAY_BE_MISSING:
            assert np.isnan(seen).all() or not np.isnan(seen).any()
            seen = seen[~np.isnan(seen)]
        assert ((seen >= 0.0) & (seen <= 1.0)).all(), outcome.name
    for column, outcome in enumerate(outcomes_of(region)):
        seen = recorded.runs[:, column]
        known = seen[~np.isnan(seen)]
        if outcome.name not in MAY_BE_MISSING:
            assert len(known) == len(seen), outcome.name
        assert (known >= 0.0).all(), outcome.name
        if outcome.unit in {"share", "flag"}:
            assert (known <= 1.0).all(), outcome.name
        if outcome.unit == "quarters":
            assert (known <= 60.0).all(), outcome.name
    assert columns_of(region) == [outcome.name for outcome in outcomes_of(region)]
    for field in ("trust", "grievance"):
        assert ((recorded.pairs[field] >= 0.0) & (recorded.pairs[field] <= 1.0)).all(), field
    for outcome in MUNICIPALITY_OUTCOMES:
        seen = recorded.municipalities[outcome.name]
        if outcome.unit != "share":
            assert (seen >= 0.0).all(), outcome.name
            continue
        shares = recorded.municipalities[outcome.name]
        if name not in {"three apart"}:
            assert not np.isnan(shares).any(), outcome.name
        assert (np.nan_to_num(shares) >= 0.0).all(), outcome.name
        assert (np.nan_to_num(shares) <= 1.0).all(), outcome.name
    pledges, delays, defaults = (recorded.municipalities[name] for name in ("pledges", "delays", "defaults"))
    assert ((delays >= 0.0) & (defaults >= 0.0) & (delays + defaults <= pledges)).all()


def _check(state: State, world: World, t: int) -> None:
    assert list(excesses(state, world)) == [], t
    for record in (state.region, state.counts):
        assert all(np.isfinite(record[name]) for name in record.dtype.names), (record, t)
    assert (state.slack <= state.capacity).all()
    assert (~state.committed | world.member[:, None, :]).all(), "a member from outside the arena"
    assert (~state.coerced | state.committed).all(), "coerced without being a member"
    assert state.region.initiatives <= len(state.log)


@pytest.mark.parametrize("name", ["zuid_limburg", "three", "three apart", "sixty", "severe"])
def test_states_stay_in_bounds_every_quarter(name: str) -> None:
    region = REGIONS[name]
    random = np.random.default_rng(7)
    designs = [random_design(random, number, region.size) for number in range(4)]
    world = world_of(designs, region, values=random_sets(random, 1))
    state = allocate(world)
    boxed, boxed_world = box(state), box(world)
    for design in range(len(designs)):
        p = parameter_set(world.parameters, design)
        knobs = random.choice([0.0, 0.5, 1.0], 3)
        reset(boxed, boxed_world, p, make_key(5, design), design, 0, knobs[0], knobs[1], knobs[2])
        for t in range(60):
            step(boxed, boxed_world, p, t)
            _check(state, world, t)


@pytest.mark.parametrize("name", ["status_quo", "regio_deal", "joint_arrangement", "lead_municipality"])
def test_nobody_delivers_more_than_the_slack_it_has(name: str) -> None:
    """Slack is shared over all pledges of the quarter, also those agreed or joined in this very quarter."""
    design = founded(load_design(name))
    world = world_of([design], region_named("zuid_limburg"))
    state = allocate(world)
    boxed, boxed_world = box(state), box(world)
    p = parameter_set(world.parameters, 0)
    beyond, delivered = 0.0, 0.0
    for replicate in range(5):
        reset(boxed, boxed_world, p, make_key(1, replicate), 0, 0, 0.6, 0.6, 0.6)
        for t in range(60):
            step(boxed, boxed_world, p, t)
            beyond += float(np.maximum(0.0, state.used - state.slack).sum())
            delivered += float(state.used.sum())
    assert beyond <= 1e-9 * delivered, f"{beyond / delivered:.1%} of all work comes from slack that is not there"
