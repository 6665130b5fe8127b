"""A sweep as numbered runs: every point x design x replicate, in chunks that can be computed apart and in any order.

Run r is replicate r mod R of design (r div R) mod D at point r div (D R). Replicate numbers key the luck, so it
is the same at every point and for every design, and a chunk has the same content wherever and whenever it is made.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bresim import frames, parameters
from bresim.columns import Outcome
from bresim.config.presets import PARTS, undercurrent_label
from bresim.config.schema import SweepConfig
from bresim.ensemble import JOB_DTYPE, Recorded, simulate
from bresim.errors import InputError, Problem
from bresim.governance import compile_design
from bresim.plan import Plan, blocks, parameter_sets, settings_of, solutions_of
from bresim.region import load_region
from bresim.region.types import Region
from bresim.results.manifest import config_hash
from bresim.scenario import Scenario, load_scenario
from bresim.sweep.points import make_points
from bresim.sweep.variants import check_keys, kind_of, varied_design, varied_measures, varied_world
from bresim.world import build_world

Ints = NDArray[np.int64]

#: Columns of a run that say which it is, before the swept keys.
KEYS = ("design", "scenario", "undercurrent", "replicate", "seed", "parameter_draw")
#: A small sweep is cut finer than ``sweep.chunk``, so that every thread has work and a stop costs little; down to this.
PARTS_OF_SMALL, LEAST = 64, 128
#: Most problems of points that are told; one mistake is often made in every row.
MOST_PROBLEMS = 20


@dataclass(frozen=True)
class Scene:
    """A world without designs and parameters: what the points of one region, scenario and horizon share."""

    config: SweepConfig
    region: Region
    scenario: Scenario


@dataclass(frozen=True)
class Chunk:
    """Runs ``first`` up to ``last``; ``name`` is made of what is computed, so no two different chunks share it."""

    number: int
    first: int
    last: int
    name: str


class SweepJob:
    """A checked sweep: raises InputError, with every problem, before anything is run."""

    def __init__(self, config: SweepConfig, points: pd.DataFrame | None = None) -> None:
        self.config = config
        self.points = make_points(config) if points is None else points
        self.keys = [str(key) for key in self.points.columns]
        self._scenes: dict[int, Scene] = {}
        problems = check_keys(config, self.keys)
        if problems:
            raise InputError(problems)
        self._world_code, self._worlds = self._distinct("world")
        self._design_code, self._variants = self._distinct("design")
        self._set_code, self._sets = self._distinct("parameter")
        self._check()
        self.designs = tuple(design.name for design in config.designs)
        self.runs = len(self.points) * len(self.designs) * config.replicates

    def _distinct(self, kind: str) -> tuple[Ints, list[dict[str, Any]]]:
        """(number of the combination at each point, the combinations) of the swept keys of one kind."""
        keys = [key for key in self.keys if kind_of(key) == kind]
        if not keys:
            return np.zeros(len(self.points), dtype=np.int64), [{}]
        rows = self.points[keys]
        code = rows.groupby(keys, sort=False, dropna=False).ngroup().to_numpy(dtype=np.int64)
        first = np.unique(code, return_index=True)[1]
        combinations = rows.iloc[first].itertuples(index=False)
        return np.asarray(code), [dict(zip(keys, values, strict=True)) for values in combinations]

    # --- checks -----------------------------------------------------------------------------------------------
    def _check(self) -> None:
        problems: dict[str, Problem] = {}

        def note(error: InputError) -> None:
            for problem in error.problems:
                problems.setdefault(str(problem), problem)

        for problem in self._check_values():
            problems.setdefault(str(problem), problem)
        scenes = []
        for number in range(len(self._worlds)):
            try:
                scenes.append(self._scene(number))
            except InputError as error:
                note(error)
        for values in self._designs_to_try():
            try:
                config = self._varied(self.config, values)
            except InputError as error:
                note(error)
                continue
            for scene in scenes:
                try:
                    for design in config.designs:
                        compile_design(design, scene.region)
                except InputError as error:
                    note(error)
        if problems:
            told = list(problems.values())
            if len(told) > MOST_PROBLEMS:
                rest = Problem("vary", f"and {len(told) - MOST_PROBLEMS} problems more", "mend these first")
                told = [*told[:MOST_PROBLEMS], rest]
            raise InputError(told)

    def _check_values(self) -> Iterator[Problem]:
        """Parameters, knobs, measures and seeds out of their range, the first of each column."""
        for key in self.keys:
            section, _, name = key.partition(".")
            column = self.points[key]
            if section == "parameters":
                known = parameters.PARAMETERS[name]
                low, high, whole = known.low, known.high, False
            elif section == "measures" or (section == "undercurrent" and name):
                low, high, whole = 0.0, 1.0, False
            elif key == "seed":
                low, high, whole = 0, 2**63 - 1, True
            elif key in self.config.options:
                unknown = [value for value in column.unique() if value not in self.config.options[key]]
                yield from (Problem(f"vary.{key}", f"there is no {key} '{value}'", "name one") for value in unknown)
                continue
            else:
                continue
            where = f"vary.{key}"
            if not pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_bool_dtype(column.dtype):
                wrong = next(value for value in column if not isinstance(value, (int, float)) or value is True)
                yield Problem(where, f"'{wrong}' is not a number", f"allowed: {low:g} to {high:g}")
                continue
            outside = column[(column < low) | (column > high)]
            if len(outside):
                yield Problem(where, f"{outside.iloc[0]:g} is out of range", f"allowed: {low:g} to {high:g}")
            elif whole and (column != column.round()).any():
                yield Problem(where, "must be whole numbers")

    def _designs_to_try(self) -> Iterator[dict[str, Any]]:
        """Values of design keys: each alone, and together where one field decides whether another one fits."""
        names = {"eligible", "min_members", "board", "pooled_by", "themes", "successor"}
        alone = {key for values in self._variants for key in values if not key.startswith("measures.")}
        for key in sorted(alone):
            for value in self.points[key].unique():
                yield {key: value}
        joint = {key for key in alone if key.rpartition(".")[2] in names}
        if len(joint) > 1:
            seen = self.points[sorted(joint)].drop_duplicates()
            yield from ({str(key): value for key, value in row.items()} for row in seen.to_dict("records"))
        yield {}

    def _varied(self, config: SweepConfig, values: Mapping[str, Any]) -> SweepConfig:
        designs = tuple(varied_design(design, values) for design in config.designs)
        return config.model_copy(update={"designs": designs, "measures": varied_measures(config, values)})

    def _scene(self, number: int) -> Scene:
        """The region and scenario of one combination of world keys; the last few are kept."""
        if number not in self._scenes:
            config = varied_world(self.config, self._worlds[number])
            region = load_region(config.region)
            scenario = load_scenario(
                config.scenario,
                start=config.time.start,
                quarters=config.time.quarters,
                policy_start=config.time.policy_quarter,
                themes=[theme.name for theme in region.themes],
            )
            while len(self._scenes) >= 32:
                self._scenes.pop(next(iter(self._scenes)))
            self._scenes[number] = Scene(config, region, scenario)
        return self._scenes[number]

    # --- what is computed ---------------------------------------------------------------------------------------
    @cached_property
    def identity(self) -> str:
        """SHA-256 of everything that changes a number: the configuration, the points, the model."""
        digest = hashlib.sha256(config_hash(self.config).encode())
        digest.update(json.dumps(self.keys).encode())
        digest.update(pd.util.hash_pandas_object(self.points, index=False).to_numpy().tobytes())
        return digest.hexdigest()

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Outcome columns: those of every region in the sweep."""
        found: dict[str, Outcome] = {}
        for number in range(len(self._worlds)):
            for outcome in frames.outcomes_of(self._scene(number).region):
                found.setdefault(outcome.name, outcome)
        return tuple(found.values())

    @property
    def region(self) -> Region:
        """The region of the first point."""
        return self._scene(0).region

    @property
    def swept(self) -> list[str]:
        """Swept keys that get a column of their own."""
        return [key for key in self.keys if key not in KEYS]

    def chunks(self, size: int | None = None) -> list[Chunk]:
        """The chunks of the job, in order, of at most ``size`` runs (default: ``sweep.chunk``)."""
        size = min(size or self.config.sweep.chunk, max(LEAST, -(-self.runs // PARTS_OF_SMALL)))
        found = []
        for number, first in enumerate(range(0, self.runs, size)):
            last = min(first + size, self.runs)
            name = hashlib.sha256(f"{self.identity} {first} {last}".encode()).hexdigest()[:12]
            found.append(Chunk(number, first, last, name))
        return found

    def tables(self, chunk: Chunk, advance: Callable[[int], None] | None = None) -> dict[str, pd.DataFrame]:
        """Run a chunk on this thread."""
        return self.tables_of(np.arange(chunk.first, chunk.last), 1, advance)

    def tables_of(
        self, run: Ints, workers: int = 1, advance: Callable[[int], None] | None = None
    ) -> dict[str, pd.DataFrame]:
        """Run these runs, in ascending order: ``runs`` (one row a run), and what ``record`` asks besides."""
        point = run // (len(self.designs) * self.config.replicates)
        worlds = self._world_code[point]
        codes = list(dict.fromkeys(worlds.tolist()))
        parts = [self._part(code, run[worlds == code], workers, advance) for code in codes]
        if len(parts) == 1:
            return parts[0]
        tables = {name: pd.concat([part[name] for part in parts], ignore_index=True) for name in parts[0]}
        order = np.argsort(np.concatenate([run[worlds == code] for code in codes]))
        return {**tables, "runs": tables["runs"].iloc[order].reset_index(drop=True)}

    def _part(
        self, world: int, run: Ints, workers: int, advance: Callable[[int], None] | None
    ) -> dict[str, pd.DataFrame]:
        """Runs of one world; if they cannot be made at all, rows with the reason."""
        scene = self._scene(world)
        record = self.config.record
        try:
            plan = self._plan(scene, run)
            recorded = simulate(
                plan.world,
                plan.jobs,
                plan.seeds,
                plan.region.subregion,
                workers=workers,
                series=record != "runs",
                details=record == "all",
                progress=advance,
            )
        except (ArithmeticError, ValueError, LookupError) as error:
            return {"runs": self._failed(scene, run, f"{type(error).__name__}: {error}")}
        tables = {"runs": self._runs(plan, recorded, run)}
        if record != "runs":
            tables["series"] = frames.series_table(plan, recorded)
        if record == "all":
            tables["municipalities"] = frames.municipalities_table(plan, recorded)
            tables["initiatives"] = frames.initiatives_table(plan, recorded)
        return tables

    def _plan(self, scene: Scene, run: Ints) -> Plan:
        """World and jobs of these runs (R,)."""
        config = scene.config
        replicate = run % config.replicates
        design = run // config.replicates % len(self.designs)
        point = run // (config.replicates * len(self.designs))
        seed = self._seeds(point)
        # rows of the world's table of designs: each design at each combination of design keys
        pairs, at = np.unique(np.column_stack([self._design_code[point], design]), axis=0, return_inverse=True)
        settings = []
        for code in np.unique(pairs[:, 0]):
            varied = settings_of(self._varied(config, self._variants[code]), scene.region)
            settings += [varied[number] for number in pairs[pairs[:, 0] == code, 1]]
        # parameter sets: each combination of swept parameters with each draw
        block = blocks(config, replicate)
        sets, draw = np.unique(np.column_stack([self._set_code[point], seed, block]), axis=0, return_inverse=True)
        values, ids = self._parameter_values(sets)
        jobs = np.zeros(len(run), dtype=JOB_DTYPE)
        jobs["design"], jobs["replicate"], jobs["draw"] = at.reshape(-1), replicate, draw.reshape(-1)
        for number in np.unique(seed):
            order = solutions_of(int(number), scene.region)
            mine = seed == number
            jobs["solution"][mine] = order[block[mine] % len(order)]
        levels, labels = self._knobs(point, jobs)
        return Plan(
            config=config,
            region=scene.region,
            scenario=scene.scenario,
            world=build_world(scene.region, scene.scenario, settings, values, config.time.policy_quarter),
            jobs=jobs,
            draw_ids=ids,
            labels=labels,
            levels=levels,
            names=self.designs,
            named=design,
            seeds=seed,
        )

    def _seeds(self, point: Ints) -> Ints:
        """Seed of each run: swept, or that of the job."""
        if "seed" in self.keys:
            return self.points["seed"].to_numpy(dtype=np.int64)[point]
        return np.full(len(point), self.config.seed, dtype=np.int64)

    def _parameter_values(self, sets: Ints) -> tuple[NDArray[np.float64], Ints]:
        """Values (P, number of parameters) and draw ids (P,) of (combination, seed, block) rows."""
        values = np.empty((len(sets), len(parameters.PARAMETERS)))
        ids = np.empty(len(sets), dtype=np.int64)
        for seed in np.unique(sets[:, 1]):
            mine = np.flatnonzero(sets[:, 1] == seed)
            wanted, back = np.unique(sets[mine, 2], return_inverse=True)
            drawn, drawn_ids = parameter_sets(self.config.model_copy(update={"seed": int(seed)}), wanted)
            values[mine], ids[mine] = drawn[back], drawn_ids[back]
        names = list(parameters.PARAMETERS)
        for key in self._sets[0]:
            swept = np.array([one[key] for one in self._sets], dtype=np.float64)
            values[:, names.index(key.partition(".")[2])] = swept[sets[:, 0]]
        return values, ids

    def _knobs(self, point: Ints, jobs: np.ndarray) -> tuple[Ints, tuple[str, ...]]:
        """Set the knobs of the undercurrent of each run; (level of each run, names of the levels)."""
        for part in PARTS:
            jobs[part] = getattr(self.config.undercurrent, part)
            if "undercurrent" in self.keys:
                option = self.config.options["undercurrent"]
                jobs[part] = [option[name][part] for name in self.points["undercurrent"].iloc[point]]
            key = f"undercurrent.{part}"
            if key in self.keys:
                jobs[part] = self.points[key].to_numpy(dtype=np.float64)[point]
        knobs = np.column_stack([jobs[part] for part in PARTS])
        distinct, levels = np.unique(knobs, axis=0, return_inverse=True)
        labels = [undercurrent_label(*map(float, row)) for row in distinct]
        unique = list(dict.fromkeys(labels))  # two levels may be named alike when their digits run out
        return np.array([unique.index(label) for label in labels])[levels.reshape(-1)], tuple(unique)

    def _runs(self, plan: Plan, recorded: Recorded, run: Ints) -> pd.DataFrame:
        """The table of runs with the swept keys, every outcome of the sweep, and why a run failed."""
        table = frames.runs_table(plan, recorded)
        missing = {outcome.name: np.nan for outcome in self.outcomes if outcome.name not in table}
        table = table.assign(**missing)
        names = [outcome.name for outcome in self.outcomes]
        infinite = np.isinf(table[names].to_numpy(dtype=np.float64)).any(axis=1)
        table.loc[infinite, names] = np.nan
        failure = ["an outcome is not finite" if wrong else None for wrong in infinite]
        return self._with_keys(table[[*KEYS, *names]], run).assign(failure=pd.array(failure, dtype="string"))

    def _with_keys(self, table: pd.DataFrame, run: Ints) -> pd.DataFrame:
        point = run // (self.config.replicates * len(self.designs))
        swept = self.points[self.swept].iloc[point].set_axis(table.index)  # all at once: there may be hundreds
        return pd.concat([table.iloc[:, : len(KEYS)], swept, table.iloc[:, len(KEYS) :]], axis=1)

    def _failed(self, scene: Scene, run: Ints, reason: str) -> pd.DataFrame:
        """Rows of runs that could not be made."""
        design = run // self.config.replicates % len(self.designs)
        point = run // (self.config.replicates * len(self.designs))
        jobs = np.zeros(len(run), dtype=JOB_DTYPE)
        levels, labels = self._knobs(point, jobs)
        table = pd.DataFrame(
            {
                "design": np.array(self.designs)[design],
                "scenario": scene.scenario.name,
                "undercurrent": np.array(labels)[levels],
                "replicate": run % self.config.replicates,
                "seed": self._seeds(point),
                "parameter_draw": -1,
                **{outcome.name: np.nan for outcome in self.outcomes},
            }
        )
        return self._with_keys(table, run).assign(failure=pd.array([reason] * len(run), dtype="string"))
