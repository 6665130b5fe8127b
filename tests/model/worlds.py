"""Small ensembles for tests: worlds, jobs and what a run leaves, without the command line."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bresim import parameters, tabulate
from bresim.config import load
from bresim.config.schema import Variant
from bresim.governance import Design, load_design
from bresim.kernel.state import World
from bresim.region import load_region
from bresim.region.types import Region
from bresim.runner.ensemble import RUN_DTYPE, Recorded, simulate
from bresim.scenario import Scenario, load_scenario
from bresim.world import Setting, build_world

KNOBS = (0.6, 0.6, 0.6)
POLICY_START = 20
QUARTERS = 60


@cache
def region_named(name: str) -> Region:
    return load_region(name)


@cache
def shipped_variant() -> Variant:
    return load("compare").variant


def scenario_for(region: Region, name: Any = "history", quarters: int = QUARTERS) -> Scenario:
    names = [theme.name for theme in region.themes]
    return load_scenario(name, start="2019-Q1", quarters=quarters, policy_start=POLICY_START, themes=names)


def founded(design: Design) -> Design:
    """The design without a vote on it."""
    return changed(design, "aggregation", adoption_quota=0.0)


def changed(design: Design, section: str, **values: Any) -> Design:
    """The design with other (checked) values in one section."""
    old = getattr(design, section)
    new = type(old).model_validate({**old.model_dump(), **values})
    return design.model_copy(update={section: new})


def setting(design: Design) -> Setting:
    status_quo = load_design("status_quo")
    successor = load_design(design.scope.successor) if design.scope.successor else None
    return Setting(status_quo, design, successor)


def world_of(
    designs: Sequence[Design],
    region: Region,
    *,
    values: NDArray[np.float64] | None = None,
    scenario: Any = "history",
    quarters: int = QUARTERS,
    variant: Variant | None = None,
) -> World:
    """A world of these designs; ``values`` (P, number of parameters), default the documented point."""
    return build_world(
        region,
        scenario if isinstance(scenario, Scenario) else scenario_for(region, scenario, quarters),
        [setting(design) for design in designs],
        parameters.defaults()[None, :] if values is None else values,
        POLICY_START,
        variant or shipped_variant(),
    )


def jobs_of(
    designs: int, replicates: int, draws: int = 1, knobs: Sequence[float] = KNOBS, solutions: int = 1
) -> np.ndarray:
    """One job a design, parameter set and replicate (innermost), in that order."""
    jobs = np.zeros((designs, draws, replicates), RUN_DTYPE)
    jobs["design"] = np.arange(designs)[:, None, None]
    jobs["draw"] = np.arange(draws)[None, :, None]
    jobs["replicate"] = np.arange(replicates)
    jobs["solution"] = np.arange(replicates) % solutions
    for name, value in zip(("parochialism", "cleavage", "negativity"), knobs, strict=True):
        jobs[name] = value
    return jobs.reshape(-1)


def run(
    world: World, jobs: np.ndarray, region: Region, *, seed: int = 1, workers: int = 2, events: bool = False
) -> Recorded:
    return simulate(world, jobs, seed, region.subregion, workers=workers, series=True, details=True, events=events)


def columns_of(region: Region) -> list[str]:
    return [outcome.name for outcome in tabulate.outcomes_of(region)]


def same(first: np.ndarray, second: np.ndarray) -> bool:
    """Equal bit for bit, NaN where the other is NaN; records by field: the bytes between fields say nothing."""
    if first.dtype.names is not None:
        return first.dtype == second.dtype and all(same(first[name], second[name]) for name in first.dtype.names)
    return bool(np.array_equal(first, second, equal_nan=True))


def outcomes_differ(recorded: Recorded, first: Sequence[int], second: Sequence[int]) -> bool:
    """Whether two sets of runs differ in any outcome of the tables."""
    return any(
        not same(table[list(first)], table[list(second)])
        for table in (recorded.runs, recorded.series, recorded.municipalities)
    )
