"""A sweep as numbered runs: every point x design x replicate, in chunks that can be computed apart and in any order.

Run r is design r mod D in replicate (r div D) mod R at point r div (D R); a point that names its own design
(``governance``) or ``replicate`` runs only that one. Designs are innermost because those of one replicate share their
history (``bresim.runner.cloning``). Replicate numbers key the random draws, so they are the same at every point and for
every design (common random numbers), and a chunk has the same content wherever and whenever it is made.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import bresim
from bresim import tabulate
from bresim.columns import COSTS, RUN_KEYS, Outcome
from bresim.common.errors import InputError, Problem, said
from bresim.config.fits import check_designs
from bresim.config.schema import SweepConfig
from bresim.conventions import FOUNDINGS, Founding
from bresim.governance.library import Inspected
from bresim.kernel.state import World
from bresim.kernel.structs import DEFAULT_SIZES
from bresim.plan import at_once
from bresim.region import load_region
from bresim.region.types import Region
from bresim.results.manifest import config_hash, region_hash
from bresim.results.store import Chunk, cut, digest_of, encode
from bresim.scenario import Scenario, load_scenario
from bresim.sweep.checks import check_columns, in_row, in_rows, joint_keys, values_to_try
from bresim.sweep.combinations import Combinations
from bresim.sweep.identity import model_hash
from bresim.sweep.listed import Points
from bresim.sweep.points import as_stored, lay_out
from bresim.sweep.variants import varied_design, varied_measures, varied_world
from bresim.world import arena_names

Ints = NDArray[np.int64]

#: A small sweep is cut in smaller chunks than ``sweep.chunk``, so that every thread has work and a stop costs little:
#: in at least this many parts, of at least this many runs. With more threads than parts, set a smaller ``sweep.chunk``.
MIN_PARTS, MIN_CHUNK = 32, 128
#: Number of worlds in the cache; the next chunk usually needs those of the previous one.
SCENES = 32


@dataclass(frozen=True)
class Scene:
    """A world without designs and parameters: what the points of one region, scenario and horizon share."""

    config: SweepConfig
    region: Region
    scenario: Scenario
    #: The world with the designs of the last chunk, by their numbers; the next chunk usually has the same.
    laid_out: dict[bytes, World] = field(default_factory=dict)


class SweepJob:
    """A checked sweep: raises InputError, with every problem, before anything is run."""

    def __init__(self, config: SweepConfig, points: pd.DataFrame | Points | None = None) -> None:
        self.config = config
        if isinstance(points, pd.DataFrame):
            points = Points(points, {str(key): points[key] for key in points})
        found = lay_out(config) if points is None else points
        # 0 and 0.0 are the same sweep
        stored = {key: as_stored(str(key), found.table[key]) for key in found.table}
        self.points = pd.DataFrame(stored, index=found.table.index)
        self.keys = [str(key) for key in self.points.columns]
        self._lock = Lock()
        self._scenes: dict[int, Scene] = {}
        self._regions: dict[tuple[Any, ...], Region] = {}
        self._first_worlds: dict[bool, int] = {}  # with a region of the usual sizes, and with one of others
        problems = [*found.problems, *check_columns(config, found.tried)]
        wrong = {problem.where for problem in problems}
        if config.sweep.points is not None:
            problems = in_rows(problems, found.tried, config)
        sound = [key for key in self.keys if f"vary.{key}" not in wrong]
        # the distinct worlds, designs with measures, and parameter sets of the points
        self.worlds = Combinations.of(self.points, sound, "world")
        self.variants = Combinations.of(self.points, sound, "design")
        self.sets = Combinations.of(self.points, sound, "parameter")
        if len(self.points):  # else `found` has said that there are none
            problems.extend(self._unfit({key: found.tried[key] for key in sound}))
        if problems:
            raise InputError(problems)
        self.designs = tuple(design.name for design in config.designs)
        self.runs = len(self.points) * self.crossed[0] * self.crossed[1]

    def varied(self, config: SweepConfig, values: Mapping[str, Any]) -> SweepConfig:
        """The configuration with the designs and measures of a point's design keys."""
        designs = tuple(varied_design(design, values) for design in config.designs)
        return config.model_copy(update={"designs": designs, "measures": varied_measures(config, values)})

    def _unfit(self, tried: Mapping[str, Any]) -> list[Problem]:
        """What is wrong with the worlds of these keys and with the values of a design's fields, in each region."""
        problems: list[Problem] = []
        for number in range(len(self.worlds)):
            try:
                self.scene(number)
            except InputError as error:
                problems.extend(error.problems)
        for values in values_to_try(tried):
            problems.extend(self._place(problem, values) for problem in self._not_allowed(values))
        for row, values in self._together(joint_keys(list(tried))):
            found = self._not_allowed(values, self._region_at(row), self._design_at(row))
            problems.extend(self._place(problem, values, row) for problem in found)
        return problems

    def _together(self, joint: Sequence[str]) -> Iterator[tuple[int, dict[str, Any]]]:
        """(first point, values) of each combination of these keys that some point has, in each region."""
        regions = [key for key in self.worlds.table if str(key).partition(".")[0] == "region"]
        columns = [*joint, *regions, *(["governance"] if "governance" in self.points else [])]
        if not columns:
            yield 0, {}
            return
        for first in self.points[columns].reset_index(drop=True).drop_duplicates().index:
            yield int(first), {key: self.points[key].iloc[first] for key in joint}

    def _region_at(self, row: int) -> Region:
        """The region of a point; that of the configuration if its world cannot be made."""
        try:
            number = int(self.worlds.code[row]) if len(self.worlds.code) else 0
            return self._region(number, varied_world(self.config, self.worlds[number]))
        except InputError:
            return load_region(self.config.region)

    def _design_at(self, row: int) -> str | None:
        """The design that a point names; None if it is run with all of them."""
        named = "governance" in self.points and not self.points.empty
        return str(self.points["governance"].iloc[row]) if named else None

    def _not_allowed(
        self, values: Mapping[str, Any], region: Region | None = None, only: str | None = None
    ) -> list[Problem]:
        """What is wrong with the designs, or only one of them, with these values, and with having them in a region."""
        designs = [design for design in self.config.designs if only in (None, design.name)]
        try:
            designs = [varied_design(design, values) for design in designs]
        except InputError as error:
            return list(error.problems)
        problems: list[Problem] = []
        if region is not None:
            inspected = [Inspected(design, said("design '{name}'", name=design.name)) for design in designs]
            check_designs(inspected, region, problems)
        return problems

    def _place(self, problem: Problem, values: Mapping[str, Any], row: int | None = None) -> Problem:
        """The problem with the row of the list of points that has these values."""
        if self.config.sweep.points is None or self.points.empty:
            return problem
        if row is None:
            [(key, value)] = values.items()
            row = int(np.argmax((self.points[key] == value).to_numpy()))
        return replace(problem, where=in_row(row, problem.where.removeprefix("vary.")))

    def scene(self, number: int) -> Scene:
        """The region and scenario of one combination of world keys; the last few are kept, for all threads."""
        with self._lock:
            scene = self._scenes.get(number)
            if scene is None:
                config = varied_world(self.config, self.worlds[number])
                whole = self._region(number, config)
                scenario = load_scenario(
                    config.scenario,
                    start=config.time.start,
                    quarters=config.time.quarters,
                    policy_start=config.time.policy_quarter,
                    themes=[theme.name for theme in whole.themes],
                )
                region = whole.opened(scenario.opens)
                usual = (len(arena_names(region)), len(region.themes), region.size) == DEFAULT_SIZES
                self._first_worlds.setdefault(usual, number)
                scene = Scene(config, region, scenario)
                if len(self._scenes) >= SCENES:
                    self._scenes.pop(next(iter(self._scenes)))
                self._scenes[number] = scene
            return scene

    def _region(self, number: int, config: SweepConfig) -> Region:
        """The region of one combination of world keys: there are few, and reading one is slow."""
        key = tuple(value for name, value in self.worlds[number].items() if name.partition(".")[0] == "region")
        if key not in self._regions:
            self._regions[key] = load_region(config.region)
        return self._regions[key]

    # --- what is computed ---------------------------------------------------------------------------------------
    @cached_property
    def identity(self) -> str:
        """SHA-256 of everything that changes a number: configuration, points, content of the regions, the model."""
        # the points say what varies, however the user wrote it
        sweep = self.config.sweep.model_copy(update={"points": None})
        digest = hashlib.sha256(config_hash(self.config.model_copy(update={"vary": {}, "sweep": sweep})).encode())
        digest.update(json.dumps([self.keys, self.model, *map(region_hash, self._regions.values())]).encode())
        digest.update(pd.util.hash_pandas_object(self.points, index=False).to_numpy().tobytes())
        return digest.hexdigest()

    @cached_property
    def points_digest(self) -> str:
        """Digest of the table of points as it is written."""
        return digest_of(encode(self.points, "points"))

    @property
    def model(self) -> str:
        """Version of bresim and digest of the model that the numbers come from."""
        return f"{bresim.__version__} {model_hash()}"

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Outcome columns: those of every region in the sweep."""
        found: dict[str, Outcome] = {}
        for region in self._regions.values():
            for outcome in tabulate.outcomes_of(region):
                found.setdefault(outcome.name, outcome)
        return tuple(found.values())

    @property
    def priced(self) -> tuple[str, ...]:
        """Outcomes of cost that the runs have too."""
        return tuple(outcome.name for outcome in COSTS[self.config.sweep.costs])

    @cached_property
    def themes(self) -> tuple[str, ...]:
        """The names of the themes of every region in the sweep."""
        return tuple(dict.fromkeys(theme.name for region in self._regions.values() for theme in region.themes))

    @property
    def region(self) -> Region:
        """The region of the first point."""
        return self.scene(0).region

    @property
    def one_of_each_kernel(self) -> Ints:
        """A run for each time that the model may have to be compiled (see ``structs.DEFAULT_SIZES``)."""
        designs, replicates = self.crossed
        return np.asarray(self.worlds.first[list(self._first_worlds.values())] * designs * replicates)

    @property
    def swept(self) -> list[str]:
        """Swept keys that get a column of their own."""
        return [key for key in self.keys if key not in {*RUN_KEYS, "governance"}]

    @property
    def size(self) -> int:
        """Runs in a chunk: ``sweep.chunk``, and in a small sweep fewer."""
        return min(self.config.sweep.chunk, max(MIN_CHUNK, -(-self.runs // MIN_PARTS)))

    def chunks(self, size: int | None = None) -> list[Chunk]:
        """The chunks of the job, in order, of ``size`` runs."""
        return cut(self.identity, self.runs, size or self.size)

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

    @cached_property
    def foundings(self) -> tuple[Founding, ...]:
        """The foundings of the runs."""
        if "founding" not in self.keys:
            return self.config.foundings
        return tuple(founding for founding in FOUNDINGS if (self.points["founding"] == founding).any())

    def at_once(self, run: Ints) -> NDArray[np.bool_]:
        """Whether the design of each run is founded without a vote."""
        if "founding" not in self.keys:
            return np.repeat(at_once(self.config.foundings), len(run))
        return at_once(self.points["founding"].to_list())[self.places(run)[0]]

    def futures(self, run: Ints) -> Ints:
        """The number (R,), from 0, of each run's future: equal for runs that differ in the design or founding only."""
        designs, replicates = self.crossed
        return np.asarray(self._point_futures[run // (designs * replicates)] * replicates + run // designs % replicates)

    @property
    def future_count(self) -> int:
        """The number of futures."""
        return (int(self._point_futures.max()) + 1) * self.crossed[1]

    @cached_property
    def _point_futures(self) -> Ints:
        """A number (points,) that is equal for points that differ in the design or founding only."""
        others = [key for key in self.keys if key not in {"governance", "founding"}]
        if len(others) == len(self.keys):
            return np.arange(len(self.points), dtype=np.int64)
        if not others:
            return np.zeros(len(self.points), dtype=np.int64)
        return np.asarray(self.points.groupby(others, sort=False).ngroup(), dtype=np.int64)
