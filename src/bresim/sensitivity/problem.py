"""What varies: the keys and their ranges, and the sample of points.

Samples are drawn and analysed in the unit cube; a point of the model is its image, on the scale of each prior. So an
effect is always that of moving over the whole range, also where the range is logarithmic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import qmc

from bresim.common.errors import InputError, Problem, said
from bresim.config.schema import Engine, ModelConfig, SensitivityConfig, SweepConfig, SweepSettings
from bresim.config.vary import PRIOR
from bresim.parameters import PARAMETERS
from bresim.sensitivity.extras import load
from bresim.sweep.points import Range, ranges_of, scaled

Floats = NDArray[np.float64]

#: Levels of a Morris grid: the usual four.
LEVELS = 4
#: Smallest sample of a method; the half sample it is compared with must be usable too.
FEWEST = {"morris": 4, "sobol": 8, "discovery": 50}
#: Runs in a chunk.
CHUNK = 4096


@dataclass(frozen=True)
class Space:
    """Keys and their ranges, in order."""

    ranges: Mapping[str, Range]

    @property
    def keys(self) -> list[str]:
        """What varies."""
        return list(self.ranges)

    @property
    def salib(self) -> dict[str, Any]:
        """The unit cube as SALib wants it."""
        return {"num_vars": len(self.keys), "names": self.keys, "bounds": [[0.0, 1.0]] * len(self.keys)}

    def only(self, keys: list[str]) -> Space:
        """The space of some of the keys, in their order here."""
        return Space({key: given for key, given in self.ranges.items() if key in keys})

    def points(self, unit: Floats) -> pd.DataFrame:
        """Points of the unit cube (P, K) as values of the keys."""
        columns = {}
        for at, (key, given) in enumerate(self.ranges.items()):
            columns[key] = np.clip(scaled(unit[:, at], given), given.low, given.high)  # rounding
        return pd.DataFrame(columns)


def space_of(config: SensitivityConfig) -> Space:
    """The checked space of a job; every parameter that is not fixed if the job names no keys."""
    problems = list(_wrong_numbers(config))
    fixed = config.parameters.fixed
    vary = config.vary or {f"parameters.{name}": PRIOR for name in PARAMETERS if name not in fixed}
    ranges = ranges_of(sweep_config(config, vary), problems)
    if config.method == "sobol" and not config.vary and config.screened is None:
        remedy = said("name a few (+vary.parameters.work=prior), or the most important of all: screened=8")
        problems.append(
            Problem("vary", said("is empty, and Sobol indices of every parameter take too many runs"), remedy)
        )
    if config.screened is not None and config.method == "morris":
        problems.append(
            Problem("screened", said("method=morris is the screening itself"), said("leave it out, or method=sobol"))
        )
    elif config.screened is not None and not 2 <= config.screened <= len(vary):
        problems.append(
            Problem(
                "screened",
                said("{value} is out of range", value=config.screened),
                said("allowed: {low} to {high}", low=2, high=len(vary)),
            )
        )
    own = config.parameters.own
    if own is not None and all(f"parameters.{name}" in vary for name in PARAMETERS if name not in fixed):
        what = said("'{name}' would not be used: every parameter varies", name=own.name)
        problems.append(Problem("parameters", what, said("leave it out, or say what varies: +vary.KEY=prior")))
    if problems:
        raise InputError(problems)
    if len(ranges) < 2:
        raise InputError(
            Problem("vary", said("holds one key only"), said("vary at least two; for one key use bresim sweep"))
        )
    return Space(ranges)


def _wrong_numbers(config: SensitivityConfig) -> list[Problem]:
    problems = []
    samples, fewest = config.samples, FEWEST[config.method]
    if samples < fewest:
        problems.append(
            Problem(
                "samples",
                said("{samples} is too small for method={method}", samples=samples, method=config.method),
                said("give at least {fewest}", fewest=fewest),
            )
        )
    elif config.method == "sobol" and samples & (samples - 1):
        low = 2 ** (samples.bit_length() - 1)
        what = said("{samples} is not a power of two", samples=samples)
        problems.append(
            Problem(
                "samples", what, said("a Sobol sequence has a power of two: {low} or {high}", low=low, high=2 * low)
            )
        )
    if config.replicates < 2:
        problems.append(
            Problem("replicates", said("one run shows no variance"), said("give at least {fewest}", fewest=2))
        )
    if config.method == "discovery" and len(config.designs) < 2:
        what = said("discovery asks where one design does better than another")
        problems.append(Problem("designs", what, said("name two: designs=[status_quo,regiobureau]")))
    return problems


def sweep_config(config: ModelConfig, vary: Mapping[str, Any], replicates: int = 1) -> SweepConfig:
    """The sweep that runs the points of an analysis; of both foundings the first."""
    shared = {name: getattr(config, name) for name in ModelConfig.model_fields}
    return SweepConfig(
        **{**shared, "command": "sweep", "founding": config.foundings[0]},
        replicates=getattr(config, "replicates", replicates),
        record="runs",
        sweep=SweepSettings(method="list", samples=1, points=None, chunk=CHUNK, dry_run=False),
        engine=getattr(config, "engine", Engine(name="local", scheduler=None)),
        vary=dict(vary),
        options={},
    )


def seed_of(seed: int, use: int) -> int:
    """A seed for a library's own generator: never 0, which SALib reads as none; ``use`` keeps uses apart."""
    return int(np.random.SeedSequence([seed, use]).generate_state(1)[0] % (2**31 - 2)) + 1


def sample(space: Space, method: str, samples: int, seed: int, *, second_order: bool = False) -> Floats:
    """Points of the unit cube (P, K), in the order in which the method's analysis wants their outcomes."""
    if method == "morris":
        morris = load("SALib.sample.morris")
        return np.asarray(morris.sample(space.salib, samples, num_levels=LEVELS, seed=seed_of(seed, 1)))
    if method == "sobol":
        sobol = load("SALib.sample.sobol")
        return np.asarray(
            sobol.sample(space.salib, samples, calc_second_order=second_order, seed=seed_of(seed, 2)), dtype=np.float64
        )
    sampler = qmc.LatinHypercube(d=len(space.keys), rng=np.random.default_rng(seed_of(seed, 3)))
    return np.asarray(sampler.random(samples))
