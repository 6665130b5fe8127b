"""From numbers of runs to a plan: a world with the institutions and parameter sets they need, and a record for each."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bresim import parameters
from bresim.common.rows import distinct_rows
from bresim.config.presets import undercurrent_label
from bresim.conventions import UNDERCURRENT_PARTS
from bresim.governance import Readings
from bresim.governance.codings import coding_of
from bresim.kernel.state import World
from bresim.plan import Plan, blocks, parameter_sets, readings_of, settings_of, solutions_of
from bresim.runner.ensemble import RUN_DTYPE
from bresim.sweep.job import Ints, Scene, SweepJob
from bresim.world import Rows, build_world


def plan_of(job: SweepJob, scene: Scene, run: Ints) -> Plan:
    """World and records of these runs (R,)."""
    config = scene.config
    point, design, replicate = job.places(run)
    seed = seeds_of(job, point)
    read = readings_at(job, point, replicate, seed)
    # rows of the world's table of designs: each design at each combination of design keys, under each reading
    rows, at = distinct_rows(job.variants.code[point], design, read.seeds, read.numbers)
    # parameter sets: each combination of swept parameters with each draw
    block = blocks(config, replicate)
    sets, draw = distinct_rows(job.sets.code[point], seed, block)
    values, ids = _parameter_values(job, sets)
    jobs = np.zeros(len(run), dtype=RUN_DTYPE)
    jobs["design"], jobs["replicate"], jobs["draw"] = at, replicate, draw
    jobs["at_once"] = job.at_once(run)
    for number in np.unique(seed):
        order = solutions_of(int(number), scene.region)
        mine = seed == number
        jobs["solution"][mine] = order[block[mine] % len(order)]
    levels, labels = knobs_of(job, point, jobs)
    return Plan(
        config=config,
        region=scene.region,
        scenario=scene.scenario,
        world=_world(job, scene, rows, values),
        jobs=jobs,
        draw_ids=ids,
        codings=read.numbers,
        labels=labels,
        levels=levels,
        names=job.designs,
        named=design,
        seeds=seed,
    )


def world_of(job: SweepJob, run: int) -> World:
    """The world of one run."""
    one = np.array([run])
    return plan_of(job, job.scene(job.worlds.code[job.places(one)[0][0]]), one).world


def readings_at(job: SweepJob, point: Ints, replicate: Ints, seed: Ints) -> Readings:
    """The reading of the codings of each run (R,), given by its point, replicate and seed."""
    size = job.config.replicates_per_draw
    if "coding" not in job.keys:
        return readings_of(job.config.coding, size, replicate, seed)
    asked = job.points["coding"].to_numpy()[point]
    found = Readings(np.zeros_like(seed), np.zeros_like(seed))
    for given in pd.unique(asked):
        mine = asked == given
        part = readings_of(coding_of(given), size, replicate[mine], seed[mine])
        found.seeds[mine], found.numbers[mine] = part.seeds, part.numbers
    return found


def _world(job: SweepJob, scene: Scene, rows: Ints, values: NDArray[np.float64]) -> World:
    """The world with each (combination of design keys, design, seed and number of a reading) of ``rows``.

    ``values`` are its parameter sets.
    """
    name = rows.tobytes()
    laid_out = scene.laid_out.get(name)
    if laid_out is not None:
        return laid_out._replace(parameters=parameters.records(values))
    pairs, setting = distinct_rows(rows[:, 0], rows[:, 1])
    readings, reading = distinct_rows(rows[:, 2], rows[:, 3])
    settings = []
    for code in np.unique(pairs[:, 0]):
        varied = settings_of(job.varied(scene.config, job.variants[code]), scene.region)
        settings += [varied[number] for number in pairs[pairs[:, 0] == code, 1]]
    world = build_world(
        scene.region,
        scene.scenario,
        settings,
        values,
        scene.config.time.policy_quarter,
        scene.config.variant,
        Rows(setting, reading, Readings(readings[:, 0], readings[:, 1])),
    )
    scene.laid_out.clear()
    scene.laid_out[name] = world
    return world


def seeds_of(job: SweepJob, point: Ints) -> Ints:
    """Seed of each run: swept, or that of the job."""
    if "seed" in job.keys:
        return job.points["seed"].to_numpy(dtype=np.int64)[point]
    return np.full(len(point), job.config.seed, dtype=np.int64)


def _parameter_values(job: SweepJob, sets: Ints) -> tuple[NDArray[np.float64], Ints]:
    """Values (P, number of parameters) and draw ids (P,) of (combination, seed, block) rows."""
    values = np.empty((len(sets), len(parameters.PARAMETERS)))
    ids = np.empty(len(sets), dtype=np.int64)
    chosen = job.config.parameters
    swept = [str(key) for key in job.sets.table]
    named = "parameters" in swept
    source = job.sets.values("parameters", sets[:, 0]) if named else np.full(len(sets), chosen.source)
    for seed, name in sorted(set(zip(sets[:, 1].tolist(), source.tolist(), strict=True))):
        mine = np.flatnonzero((sets[:, 1] == seed) & (source == name))
        wanted, back = np.unique(sets[mine, 2], return_inverse=True)
        update = {"seed": seed, "parameters": job.config.parameters_at(name) if named else chosen}
        drawn, drawn_ids = parameter_sets(job.config.model_copy(update=update), wanted)
        values[mine], ids[mine] = drawn[back], drawn_ids[back]
    names = list(parameters.PARAMETERS)
    for key in swept:
        if key != "parameters":
            values[:, names.index(key.partition(".")[2])] = job.sets.values(key, sets[:, 0])
    return values, ids


def knobs_of(job: SweepJob, point: Ints, jobs: np.ndarray) -> tuple[Ints, tuple[str, ...]]:
    """Set the knobs of the undercurrent of each run; (level of each run, names of the levels)."""
    for part in UNDERCURRENT_PARTS:
        jobs[part] = getattr(job.config.undercurrent, part)
        if "undercurrent" in job.keys:
            option = job.config.options["undercurrent"]
            jobs[part] = [option[name][part] for name in job.points["undercurrent"].iloc[point]]
        key = f"undercurrent.{part}"
        if key in job.keys:
            jobs[part] = job.points[key].to_numpy(dtype=np.float64)[point]
    distinct, levels = distinct_rows(*(jobs[part] for part in UNDERCURRENT_PARTS))
    labels = [undercurrent_label(*map(float, row)) for row in distinct]
    unique = list(dict.fromkeys(labels))  # two levels may get the same rounded label
    return np.array([unique.index(label) for label in labels])[levels], tuple(unique)
