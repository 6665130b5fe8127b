"""From a configuration to what the ensemble runs: a world, and one record per run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bresim import parameters, plausible
from bresim.common.rows import distinct_rows
from bresim.config.schema import ModelConfig, Undercurrent
from bresim.conventions import FOUNDINGS, UNDERCURRENT_PARTS, Founding
from bresim.governance import Design, Readings, load_design, measures, successor_of
from bresim.governance.codings import POINT
from bresim.governance.compile import Measures
from bresim.kernel.state import World
from bresim.priors import from_unit
from bresim.region import load_region
from bresim.region.types import Region
from bresim.runner.ensemble import RUN_DTYPE
from bresim.scenario import Scenario, load_scenario
from bresim.world import Rows, Setting, build_world

#: Replicates of a block that share a reading of the codings.
PER_READING = 2


@dataclass(frozen=True)
class Plan:
    """Everything a job needs: ``world`` and, for each run, a row of ``jobs`` (``ensemble.RUN_DTYPE``)."""

    config: ModelConfig
    region: Region
    scenario: Scenario
    world: World
    jobs: np.ndarray  # (R,)
    draw_ids: NDArray[np.int64]  # (P,) id of each parameter set in ``world.parameters``
    codings: NDArray[np.int64]  # (R,) which draw of the codings each run has
    labels: tuple[str, ...]  # (U,) undercurrent levels
    levels: NDArray[np.int64]  # (R,) level of each run
    names: tuple[str, ...]  # (D,) designs
    named: NDArray[np.int64]  # (R,) design of each run, in ``names``
    seeds: NDArray[np.int64]  # (R,)


@dataclass(frozen=True)
class Case:
    """A design with measures on it: measure → strength. ``name`` tells cases of one plan apart."""

    name: str
    design: Design
    measures: Mapping[str, float]


def cases_of(config: ModelConfig) -> list[Case]:
    """Each design of the configuration with its measures."""
    return [Case(design.name, design, config.measures) for design in config.designs]


def settings_of(config: ModelConfig, region: Region) -> list[Setting]:
    """The settings of :func:`cases_of`."""
    return settings_with(cases_of(config), region)


def settings_with(cases: Sequence[Case], region: Region) -> list[Setting]:
    """Each case with the successor of its design and what that falls back to."""
    shipped = measures()
    before = load_design(region.arenas[0].institution)
    taken: dict[tuple[tuple[str, float], ...], Measures] = {}  # equal measures are one object: compiled once

    def chosen(strengths: Mapping[str, float]) -> Measures:
        key = tuple((name, strength) for name, strength in strengths.items() if strength > 0.0)
        return taken.setdefault(key, [(shipped[name], strength) for name, strength in key])

    return [Setting(before, case.design, successor_of(case.design), chosen(case.measures)) for case in cases]


def blocks(config: ModelConfig, replicates: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
    """Block of each replicate: its replicates share parameters and memberships; only random draws differ."""
    return np.asarray(replicates, dtype=np.int64) // config.replicates_per_draw


def readings_of(
    coding: str | int, size: int, replicates: Sequence[int] | NDArray[np.int64], seeds: NDArray[np.int64]
) -> Readings:
    """The reading of the codings that each replicate has; ``size`` replicates share one parameter set.

    They have several readings, and each of these (if there are enough) two replicates: so what chance, mechanisms and
    the reading of the designs do can be told apart. One draw for all (``coding=7``) is the same whatever the seed.
    """
    numbers = np.asarray(replicates, dtype=np.int64)
    if coding == "drawn":
        block, place = np.divmod(numbers, size)
        return Readings(seeds, block * -(-size // PER_READING) + place // PER_READING)
    return Readings(np.zeros_like(seeds), np.full_like(numbers, POINT if coding == "point" else coding))


def parameter_sets(config: ModelConfig, wanted: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Parameter values (P, number of parameters) and their ids for the distinct blocks ``wanted``, in order.

    plausible, own: the sets of :func:`table_of` in an order keyed by the seed, each once before any is used again;
    prior: a fresh draw from the priors keyed by (seed, block); point: the documented point.
    """
    source = config.parameters.source
    if source == "point":
        values = np.repeat(parameters.defaults()[None, :], len(wanted), axis=0)
        ids = np.zeros(len(wanted), dtype=np.int64)
    elif source == "prior":
        unit = np.array([plausible.unit_draw(config.seed, int(block)) for block in wanted])
        values = from_unit(unit)
        ids = np.array(wanted)
    else:
        table = table_of(config)
        order = np.random.Generator(np.random.Philox(key=config.seed)).permutation(len(table.values))
        ids = order[wanted % len(order)]
        values = table.values[ids].copy()
    names = list(parameters.PARAMETERS)
    for name, value in config.parameters.fixed.items():
        values[:, names.index(name)] = value
    return values, ids


def table_of(config: ModelConfig) -> plausible.PlausibleSet:
    """The table that parameter sets are taken from: the shipped one, or the user's own."""
    own = config.parameters.own if config.parameters.source == "own" else None
    return plausible.load() if own is None else own.table()


def solutions_of(seed: int, region: Region) -> NDArray[np.int64]:
    """The membership solutions (S,) in the order in which blocks of replicates take them, keyed by the seed."""
    return np.random.Generator(np.random.Philox(key=seed + 1)).permutation(region.memberships.shape[0])


def make_plan(
    config: ModelConfig,
    replicates: Sequence[int] | NDArray[np.int64],
    levels: Sequence[Undercurrent] | None = None,
    values: NDArray[np.float64] | None = None,
    codings: NDArray[np.int64] | None = None,
    cases: Sequence[Case] | None = None,
) -> Plan:
    """Lay out every design x founding x undercurrent level x replicate of a job, replicates innermost.

    ``levels`` defaults to the configuration's own. ``values`` (P, number of parameters) replaces the
    configuration's parameter sets, one set for each block of replicates; ``codings`` (P,) are then the draws of the
    codings of these sets, as ``coding=NUMBER``. ``cases`` replace the designs and measures of the configuration.
    """
    whole = load_region(config.region)
    time = config.time
    scenario = load_scenario(
        config.scenario,
        start=time.start,
        quarters=time.quarters,
        policy_start=time.policy_quarter,
        themes=[theme.name for theme in whole.themes],
    )
    region = whole.opened(scenario.opens)
    chosen = tuple(levels) if levels is not None else (config.undercurrent,)
    block = blocks(config, replicates)
    wanted, draw = np.unique(block, return_inverse=True)
    if values is None:
        values, ids = parameter_sets(config, wanted)
    else:
        ids = np.arange(len(values), dtype=np.int64)
        draw = wanted[draw] % len(values)
    order = solutions_of(config.seed, region)
    cases = cases_of(config) if cases is None else cases
    designs, foundings = len(cases), config.foundings
    if codings is None:
        read = readings_of(config.coding, config.replicates_per_draw, replicates, np.full_like(block, config.seed))
    else:
        read = Readings(np.zeros_like(block), codings[draw])
    pairs, reading = distinct_rows(read.seeds, read.numbers)
    rows = Rows(
        setting=np.repeat(np.arange(designs), len(pairs)),
        reading=np.tile(np.arange(len(pairs)), designs),
        readings=Readings(pairs[:, 0], pairs[:, 1]),
    )
    settings = settings_with(cases, region)
    world = build_world(region, scenario, settings, values, time.policy_quarter, config.variant, rows)
    named = np.arange(designs)[:, None, None, None]
    jobs = np.zeros((designs, len(foundings), len(chosen), len(block)), dtype=RUN_DTYPE)
    jobs["design"] = named * len(pairs) + reading
    jobs["at_once"] = at_once(foundings)[:, None, None]
    jobs["replicate"] = np.asarray(replicates, dtype=np.int64)
    jobs["draw"] = draw
    jobs["solution"] = order[block % len(order)]
    for part in UNDERCURRENT_PARTS:
        jobs[part] = np.array([getattr(level, part) for level in chosen])[:, None]
    at = np.broadcast_to(np.arange(len(chosen))[:, None], jobs.shape)
    return Plan(
        config=config,
        region=region,
        scenario=scenario,
        world=world,
        jobs=jobs.reshape(-1),
        draw_ids=ids,
        labels=tuple(level.label for level in chosen),
        levels=np.array(at.reshape(-1)),
        names=tuple(case.name for case in cases),
        named=np.array(np.broadcast_to(named, jobs.shape).reshape(-1)),
        codings=np.array(np.broadcast_to(read.numbers, jobs.shape).reshape(-1)),
        seeds=np.full(jobs.size, config.seed, dtype=np.int64),
    )


def at_once(foundings: Sequence[str]) -> NDArray[np.bool_]:
    """Whether each of these foundings founds a design without a vote."""
    return np.array([founding == FOUNDINGS[True] for founding in foundings], dtype=np.bool_)


def with_designs(config: ModelConfig, designs: Sequence[Design], founding: Founding) -> ModelConfig:
    """The same configuration for other designs under one founding."""
    return config.model_copy(update={"designs": tuple(designs), "founding": founding})
