"""Structural variants: each moves the outcomes, none is on unless asked for, and a result says which it has."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import bresim
from bresim.config import load
from bresim.config.schema import Variant
from bresim.governance import load_design
from bresim.plan import make_plan
from bresim.results.manifest import config_hash
from bresim.runner.ensemble import Recorded, simulate
from bresim.sweep.job import SweepJob
from bresim.sweep.variants import AS_IS, one_variant
from bresim.world import rounds_of_deciding
from tests.model.worlds import (
    founded,
    jobs_of,
    region_named,
    run,
    same,
    shipped_variant,
    world_of,
)  # fmt: skip

REGION = "zuid_limburg"
REPLICATES = 3
#: Every option that is not that of the model as shipped.
CHANGES = [(name, option) for name, options in Variant.options().items() for option in options[1:]]
#: Of each variant such an option.
ALL = {name: options[-1] for name, options in Variant.options().items()}


def changed(**options: str) -> Variant:
    return Variant.model_validate({**shipped_variant().model_dump(), **options})


def test_the_model_as_shipped_has_the_first_option_of_each() -> None:
    assert shipped_variant().model_dump() == {name: options[0] for name, options in Variant.options().items()}
    for command in ("run", "sweep", "sensitivity", "patterns"):
        assert load(command).variant == shipped_variant(), command
    world = world_of([load_design("status_quo")], region_named(REGION))
    assert (world.conjunctive, world.retold, world.rounds, world.coverage_power, world.weakest_link) == (0, 1, 1, 1, 0)
    assert not world.round_of.any()
    assert np.array_equal(world.window_shared, 1.0 * world.overlaps)


@cache
def _runs(change: tuple[str, str] | None = None) -> Recorded:
    region = region_named(REGION)
    variant = changed(**dict([change])) if change else None
    designs = [load_design("status_quo"), founded(load_design("regiobureau"))]
    return run(world_of(designs, region, variant=variant), jobs_of(len(designs), REPLICATES), region)


@pytest.mark.parametrize("change", CHANGES, ids="=".join)
def test_every_variant_moves_the_outcomes(change: tuple[str, str]) -> None:
    one, other = _runs(), _runs(change)
    for design in range(2):
        rows = range(design * REPLICATES, (design + 1) * REPLICATES)
        assert any(not same(one.runs[row], other.runs[row]) for row in rows)
    assert not same(one.series, other.series)


def test_the_largest_decide_first() -> None:
    people = np.array([3.0, 9.0, 3.0, 5.0])
    assert rounds_of_deciding("simultaneous", people).tolist() == [0, 0, 0, 0]
    assert rounds_of_deciding("largest_first", people).tolist() == [2, 0, 3, 1], "of equal size the first in the region"


def test_a_run_in_mesa_has_the_bits_of_the_ensemble_under_all_variants() -> None:
    options = [f"variant.{name}={option}" for name, option in ALL.items()]
    config = load("run", overrides=["governance=regio_deal", "parameters=point", "replicate=2", *options])
    plan = make_plan(config, [2])
    recorded = simulate(plan.world, plan.jobs, config.seed, plan.region.subregion, workers=1, series=True)
    model = bresim.RegionModel(config, replicate=2)
    while model.running:
        model.step()
    mine = np.array(list(model.outcomes().values()), dtype=np.float64)
    assert same(mine, recorded.runs[0])


def test_a_variant_is_part_of_the_configuration() -> None:
    one, other = load("compare"), load("compare", overrides=["variant.joining=conjunctive"])
    assert config_hash(one) != config_hash(other)
    assert other.model_dump(mode="json")["variant"]["joining"] == "conjunctive"


def test_a_sweep_takes_one_variant_at_a_time_or_each_by_its_key() -> None:
    small = ["region=teaching", "designs=[status_quo]", "parameters=point", "replicates=1"]
    one = SweepJob(load("sweep", overrides=[*small, "+vary.variant=[as_is,joining.conjunctive,delivery.weakest_link]"]))
    found = [one.scene(number).config.variant for number in range(3)]
    assert found == [shipped_variant(), changed(joining="conjunctive"), changed(delivery="weakest_link")]
    keys = ["+vary.variant.joining=[additive,conjunctive]", "variant.delivery=weakest_link"]
    by_key = SweepJob(load("sweep", overrides=[*small, *keys]))
    assert [by_key.scene(number).config.variant for number in range(2)] == [
        changed(delivery="weakest_link"),
        changed(delivery="weakest_link", joining="conjunctive"),
    ]


def test_the_experiment_takes_every_variant() -> None:
    swept = load("sweep", ["+experiment=structural_variants"]).vary["variant"]
    assert swept == [AS_IS, *(".".join(change) for change in CHANGES)]
    assert set(swept) <= set(one_variant())
