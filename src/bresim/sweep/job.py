"""A sweep as numbered runs: every point x design x replicate, in chunks that can be computed apart and in any order.

Run r is design r mod D in replicate (r div D) mod R at point r div (D R); a point that names its own design
(``governance``) or ``replicate`` runs only that one. Designs are innermost because those of one replicate share their
history (``bresim.cloning``). Replicate numbers key the luck, so it is the same at every point and for every design, and
a chunk has the same content wherever and whenever it is made.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import bresim
from bresim import frames, parameters
from bresim.columns import Outcome
from bresim.config.fits import check_designs
from bresim.config.presets import PARTS, undercurrent_label
from bresim.config.schema import SweepConfig
from bresim.ensemble import JOB_DTYPE, Recorded, simulate
from bresim.errors import InputError, Problem
from bresim.governance.load import Inspected
from bresim.jit import source_hash
from bresim.plan import Plan, blocks, parameter_sets, settings_of, solutions_of
from bresim.region import load_region
from bresim.region.types import Region
from bresim.results.manifest import config_hash, region_hash
from bresim.scenario import Scenario, load_scenario
from bresim.sweep.checks import check_keys, check_values, designs_to_try
from bresim.sweep.combinations import Combinations
from bresim.sweep.points import make_points
from bresim.sweep.store import Chunk, cut
from bresim.sweep.variants import kind_of, varied_design, varied_measures, varied_world
from bresim.world import build_world

Ints = NDArray[np.int64]

#: Columns of a run that say which it is, before the swept keys.
KEYS = ("design", "scenario", "undercurrent", "replicate", "seed", "parameter_draw")
#: A small sweep is cut finer than ``sweep.chunk``, so that every thread has work and a stop costs little; down to this.
PARTS_OF_SMALL, LEAST = 64, 128
#: Worlds that are kept; the next chunk mostly needs those of the last.
SCENES = 32


@dataclass(frozen=True)
class Scene:
    """A world without designs and parameters: what the points of one region, scenario and horizon share."""

    config: SweepConfig
    region: Region
    scenario: Scenario


@dataclass(frozen=True)
class Rows:
    """A table, and the run of each of its rows."""

    table: pd.DataFrame
    run: Ints


class SweepJob:
    """A checked sweep: raises InputError, with every problem, before anything is run."""

    def __init__(self, config: SweepConfig, points: pd.DataFrame | None = None) -> None:
        self.config = config
        self.points = make_points(config) if points is None else points
        self.keys = [str(key) for key in self.points.columns]
        self._lock = Lock()
        self._scenes: dict[int, Scene] = {}
        self._regions: dict[tuple[Any, ...], Region] = {}
        problems = check_keys(config, self.keys) or list(check_values(config, self.points))
        if problems:
            raise InputError(problems)
        self._worlds = Combinations.of(self.points, self.keys, "world")
        self._variants = Combinations.of(self.points, self.keys, "design")
        self._sets = Combinations.of(self.points, self.keys, "parameter")
        self._check()
        self.designs = tuple(design.name for design in config.designs)
        self.runs = len(self.points) * self.crossed[0] * self.crossed[1]

    def _varied(self, config: SweepConfig, values: Mapping[str, Any]) -> SweepConfig:
        designs = tuple(varied_design(design, values) for design in config.designs)
        return config.model_copy(update={"designs": designs, "measures": varied_measures(config, values)})

    def _check(self) -> None:
        """Every world and every value of a design's fields, in each region."""
        problems: list[Problem] = []
        for number in range(len(self._worlds)):
            try:
                self._scene(number)
            except InputError as error:
                problems.extend(error.problems)
        for values in designs_to_try(self.points, [key for key in self.keys if kind_of(key) == "design"]):
            try:
                designs = self._varied(self.config, values).designs
            except InputError as error:
                problems.extend(error.problems)
                continue
            for region in self._regions.values():
                check_designs([Inspected(design, f"design '{design.name}'") for design in designs], region, problems)
        if problems:
            raise InputError(problems)

    def _scene(self, number: int) -> Scene:
        """The region and scenario of one combination of world keys; the last few are kept, for all threads."""
        with self._lock:
            scene = self._scenes.get(number)
            if scene is None:
                config = varied_world(self.config, self._worlds[number])
                region = self._region(number, config)
                scenario = load_scenario(
                    config.scenario,
                    start=config.time.start,
                    quarters=config.time.quarters,
                    policy_start=config.time.policy_quarter,
                    themes=[theme.name for theme in region.themes],
                )
                scene = Scene(config, region, scenario)
                if len(self._scenes) >= SCENES:
                    self._scenes.pop(next(iter(self._scenes)))
                self._scenes[number] = scene
            return scene

    def _region(self, number: int, config: SweepConfig) -> Region:
        """The region of one combination of world keys: few are different, and each takes long to read."""
        key = tuple(value for name, value in self._worlds[number].items() if name.partition(".")[0] == "region")
        if key not in self._regions:
            self._regions[key] = load_region(config.region)
        return self._regions[key]

    # --- what is computed ---------------------------------------------------------------------------------------
    @cached_property
    def identity(self) -> str:
        """SHA-256 of everything that changes a number: configuration, points, content of the regions, the model."""
        digest = hashlib.sha256(config_hash(self.config).encode())
        digest.update(json.dumps([self.keys, self.model, *map(region_hash, self._regions.values())]).encode())
        digest.update(pd.util.hash_pandas_object(self.points, index=False).to_numpy().tobytes())
        return digest.hexdigest()

    @property
    def model(self) -> str:
        """Version of bresim and digest of the code that the numbers come from."""
        return f"{bresim.__version__} {source_hash()}"

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Outcome columns: those of every region in the sweep."""
        found: dict[str, Outcome] = {}
        for region in self._regions.values():
            for outcome in frames.outcomes_of(region):
                found.setdefault(outcome.name, outcome)
        return tuple(found.values())

    @property
    def region(self) -> Region:
        """The region of the first point."""
        return self._scene(0).region

    @property
    def swept(self) -> list[str]:
        """Swept keys that get a column of their own."""
        return [key for key in self.keys if key not in {*KEYS, "governance"}]

    @property
    def size(self) -> int:
        """Runs in a chunk: ``sweep.chunk``, and in a small sweep fewer."""
        return min(self.config.sweep.chunk, max(LEAST, -(-self.runs // PARTS_OF_SMALL)))

    def chunks(self, size: int | None = None) -> list[Chunk]:
        """The chunks of the job, in order, of ``size`` runs."""
        return cut(self.identity, self.runs, size or self.size)

    def tables(self, chunk: Chunk, advance: Callable[[int], None] | None = None) -> dict[str, pd.DataFrame]:
        """Run a chunk on this thread."""
        return self.tables_of(np.arange(chunk.first, chunk.last), 1, advance)

    def tables_of(
        self, run: Ints, workers: int = 1, advance: Callable[[int], None] | None = None
    ) -> dict[str, pd.DataFrame]:
        """Run these runs, in ascending order: ``runs`` (one row a run), and what ``record`` asks besides."""
        point, _, _ = self.places(run)
        worlds = self._worlds.code[point]
        found: dict[str, list[Rows]] = {}
        for code in dict.fromkeys(worlds.tolist()):
            for name, rows in self._part(code, run[worlds == code], workers, advance):
                found.setdefault(name, []).append(rows)
        return {name: self._together(name, parts) for name, parts in found.items()}

    def places(self, run: Ints) -> tuple[Ints, Ints, Ints]:
        """(point, design, replicate) of each run."""
        designs, replicates = self.crossed
        pair, design = np.divmod(run, designs)
        point, replicate = np.divmod(pair, replicates)
        if "governance" in self.keys:
            numbers = pd.Index(self.designs).get_indexer(pd.Index(self.points["governance"]))
            design = numbers[point].astype(np.int64)
        if "replicate" in self.keys:
            replicate = self.points["replicate"].to_numpy(dtype=np.int64)[point]
        return point, design, replicate

    @property
    def crossed(self) -> tuple[int, int]:
        """Designs and replicates that every point is run with; what a point names itself is not crossed with it."""
        designs = 1 if "governance" in self.keys else len(self.designs)
        return designs, 1 if "replicate" in self.keys else self.config.replicates

    def futures(self, run: Ints) -> Ints:
        """A number (R,) that is the same for runs which differ in nothing but the design."""
        designs, replicates = self.crossed
        point = run // (designs * replicates)
        others = [key for key in self.keys if key != "governance"]
        if "governance" in self.keys:
            code = self.points.groupby(others, sort=False).ngroup() if others else np.zeros(len(self.points))
            point = np.asarray(code, dtype=np.int64)[point]
        return np.asarray(point * replicates + run // designs % replicates)

    def _together(self, name: str, parts: Sequence[Rows]) -> pd.DataFrame:
        """Rows of several worlds in the order of their runs, with the swept keys of each."""
        run = np.concatenate([rows.run for rows in parts])
        table = pd.concat([rows.table for rows in parts], ignore_index=True) if len(parts) > 1 else parts[0].table
        order = np.argsort(run, kind="stable")
        table, run = table.iloc[order].reset_index(drop=True), run[order]
        if name == "runs":
            table = table.reindex(columns=[*KEYS, *(outcome.name for outcome in self.outcomes), "failure"])
        first = sum(key in table for key in KEYS)
        point = self.places(run)[0]
        swept = pd.DataFrame(
            {key: self.points[key].to_numpy()[point] for key in self.keys if key not in {*table, "governance"}}
        )
        return pd.concat([table.iloc[:, :first], swept, table.iloc[:, first:]], axis=1)

    def _part(
        self, world: int, run: Ints, workers: int, advance: Callable[[int], None] | None
    ) -> Iterator[tuple[str, Rows]]:
        """Runs of one world; what cannot be run at all is halved until only the runs that fail are left."""
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
        except (ArithmeticError, ValueError, LookupError, InputError) as error:
            if len(run) > 1:
                for half in np.array_split(run, 2):
                    yield from self._part(world, half, workers, advance)
            else:
                yield "runs", Rows(self._failed(scene, run, f"{type(error).__name__}: {error}"), run)
            return
        yield "runs", Rows(self._runs(plan, recorded), run)
        if record != "runs":
            yield "series", Rows(frames.series_table(plan, recorded), np.repeat(run, scene.config.quarters))
        if record == "all":
            yield "municipalities", Rows(frames.municipalities_table(plan, recorded), np.repeat(run, scene.region.size))
            if len(recorded.log):
                yield "initiatives", Rows(frames.initiatives_table(plan, recorded), run[recorded.log[:, 0].astype(int)])

    def _plan(self, scene: Scene, run: Ints) -> Plan:
        """World and jobs of these runs (R,)."""
        config = scene.config
        point, design, replicate = self.places(run)
        seed = self._seeds(point)
        # rows of the world's table of designs: each design at each combination of design keys
        pairs, at = np.unique(np.column_stack([self._variants.code[point], design]), axis=0, return_inverse=True)
        settings = []
        for code in np.unique(pairs[:, 0]):
            varied = settings_of(self._varied(config, self._variants[code]), scene.region)
            settings += [varied[number] for number in pairs[pairs[:, 0] == code, 1]]
        # parameter sets: each combination of swept parameters with each draw
        block = blocks(config, replicate)
        sets, draw = np.unique(np.column_stack([self._sets.code[point], seed, block]), axis=0, return_inverse=True)
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
        chosen = self.config.parameters
        swept = [str(key) for key in self._sets.table]
        named = "parameters" in swept
        source = self._sets.values("parameters", sets[:, 0]) if named else np.full(len(sets), chosen.source)
        for seed, name in sorted(set(zip(sets[:, 1].tolist(), source.tolist(), strict=True))):
            mine = np.flatnonzero((sets[:, 1] == seed) & (source == name))
            wanted, back = np.unique(sets[mine, 2], return_inverse=True)
            update = {"seed": seed, "parameters": chosen.model_copy(update={"source": name})}
            drawn, drawn_ids = parameter_sets(self.config.model_copy(update=update), wanted)
            values[mine], ids[mine] = drawn[back], drawn_ids[back]
        names = list(parameters.PARAMETERS)
        for key in swept:
            if key != "parameters":
                values[:, names.index(key.partition(".")[2])] = self._sets.values(key, sets[:, 0])
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

    def _runs(self, plan: Plan, recorded: Recorded) -> pd.DataFrame:
        """The table of runs, with the reason where a run failed."""
        table = frames.runs_table(plan, recorded)
        names = [outcome.name for outcome in frames.outcomes_of(plan.region)]
        infinite = np.isinf(table[names].to_numpy(dtype=np.float64)).any(axis=1)
        if infinite.any():  # to set nothing takes long too
            table.loc[infinite, names] = np.nan
        reasons = ["an outcome is not finite" if wrong else None for wrong in infinite]
        return table.assign(failure=pd.array(reasons, dtype="string"))

    def _failed(self, scene: Scene, run: Ints, reason: str) -> pd.DataFrame:
        """Rows of runs that could not be made: which they are, and why there is no more."""
        point, design, replicate = self.places(run)
        levels, labels = self._knobs(point, np.zeros(len(run), dtype=JOB_DTYPE))
        return pd.DataFrame(
            {
                "design": np.array(self.designs)[design],
                "scenario": scene.scenario.name,
                "undercurrent": np.array(labels)[levels],
                "replicate": replicate,
                "seed": self._seeds(point),
                "failure": pd.array([reason] * len(run), dtype="string"),
            }
        )
