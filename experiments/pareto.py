"""Search for designs that trade value against price; ``python -m experiments.pareto`` writes the page of it.

A worked example of a search over designs from Python: NSGA-II, as Platypus has it, over some fields of a coalition and
some measures, each generation one batch of ``bresim.evaluate``. What it finds is run again in other futures, since the
best of many noisy estimates is too good to be true (the winner's curse). A few minutes on two cores.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import bresim
from bresim.analysis.summary import mean_interval
from bresim.columns import COST_OUTCOMES
from bresim.config.schema import SweepConfig
from bresim.sensitivity.extras import load

Floats = NDArray[np.float64]

BASE = "coalition_of_the_willing"
#: What is searched: key → lowest and highest value.
VARIABLES: Mapping[str, tuple[float, float]] = {
    "governance.payoff.binding": (0.0, 1.0),
    "governance.choice.pooled_capacity": (0.0, 0.15),
    "governance.position.equal_say": (0.0, 1.0),
    "governance.position.coordination": (0.0, 1.0),
    "governance.position.facilitation": (0.0, 1.0),
    "governance.aggregation.quota": (0.1, 1.0),
    "measures.monitoring": (0.0, 1.0),
    "measures.capacity_coordination": (0.0, 1.0),
    "measures.celebrating_successes": (0.0, 1.0),
    "measures.thinning": (0.0, 1.0),
}
#: The shipped coalition needs no vote; here as many must say yes as for a regional bureau.
FIXED: Mapping[str, float] = {"governance.aggregation.adoption_quota": 0.75}
#: Shipped designs that stand beside what is found, as their files have them.
REFERENCES = ("status_quo", BASE, "regiobureau", "pooled_programme")
AT_ONCE, VOTE = "at_once", "vote"


@dataclass(frozen=True)
class Objective:
    """An outcome, the founding under which it is asked for, and whether more (1) or less (-1) of it is better."""

    outcome: str
    founding: str
    direction: int


OBJECTIVES: Mapping[str, Objective] = {
    "value": Objective("public_value_direct", AT_ONCE, 1),
    "chance": Objective("adopted", VOTE, 1),
    "fte": Objective("fte", AT_ONCE, -1),
    "worst": Objective("public_value_worst_municipality", AT_ONCE, 1),
}
DIRECTIONS = np.array([objective.direction for objective in OBJECTIVES.values()], dtype=np.float64)


@dataclass(frozen=True)
class Settings:
    """How much is searched, and in how many futures what is found is run again."""

    population: int = 64
    generations: int = 25
    replicates: int = 30
    fresh: int = 400
    seed: int = 1
    overrides: tuple[str, ...] = ()

    def config(self, fresh: bool) -> SweepConfig:
        """The futures of the search or, with another seed, fresh ones; each has a parameter set of its own."""
        seed = 2 * self.seed + fresh
        own = [f"designs=[{BASE}]", "replicates_per_draw=1", "progress=off", f"seed={seed}"]
        config = bresim.load("sweep", [*own, *self.overrides])
        assert isinstance(config, SweepConfig)
        return config


def nondominated(values: Floats, directions: Floats = DIRECTIONS) -> NDArray[np.bool_]:
    """Which rows (P, M) no other row dominates: is at least as good in every column, and better in one.

    ``directions`` (M,) is 1 where more is better and -1 where less is. Equal rows do not dominate each other.
    """
    better = values * directions
    as_good = (better[:, None] >= better[None]).all(axis=2)  # row i is at least as good as row j
    strictly = (better[:, None] > better[None]).any(axis=2)
    return np.asarray(~(as_good & strictly).any(axis=0))


def runs_of(
    points: Sequence[Mapping[str, Any]], config: SweepConfig, replicates: int, design: str = BASE
) -> pd.DataFrame:
    """Every run of these points, under both foundings; ``number`` is the place of the point."""
    both = [{**point, "founding": founding} for point in points for founding in (AT_ONCE, VOTE)]
    outcomes = [objective.outcome for objective in OBJECTIVES.values()]
    runs = bresim.evaluate(both, [design], replicates, config=config, outcomes=outcomes)
    if runs["failure"].notna().any():
        raise RuntimeError(f"a run failed: {runs['failure'].dropna().iloc[0]}")
    return runs.assign(number=runs["point"] // len((AT_ONCE, VOTE)))


def samples(runs: pd.DataFrame, objective: Objective) -> pd.Series:
    """The values of an objective, by number of the point and replicate."""
    mine = runs[runs["founding"] == objective.founding]
    return mine.set_index(["number", "replicate"])[objective.outcome].astype(float)


def estimates(runs: pd.DataFrame) -> pd.DataFrame:
    """Mean of each objective at each point, with its 95 % interval: ``value``, ``value_low``, ``value_high``, …"""
    found: dict[str, Any] = {}
    draws = runs[["number", "founding", "replicate", "parameter_draw"]]
    for name, objective in OBJECTIVES.items():
        values = samples(runs, objective).to_numpy().reshape(runs["number"].nunique(), -1)
        groups = draws.loc[draws["founding"] == objective.founding, "parameter_draw"].to_numpy().reshape(values.shape)
        rows = [mean_interval(*pair) for pair in zip(values, groups, strict=True)]
        found[name], found[f"{name}_low"], found[f"{name}_high"] = map(list, zip(*rows, strict=True))
    return pd.DataFrame(found)


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Platypus draws from Python's own generator; it is left as it was."""
    state = random.getstate()
    random.seed(seed)
    try:
        yield
    finally:
        random.setstate(state)


def search(settings: Settings) -> pd.DataFrame:
    """The last generation's designs that no other one dominates: their variables, and what the search believed."""
    platypus = load("platypus", "experiments.pareto")
    config, keys = settings.config(fresh=False), list(VARIABLES)
    known: dict[tuple[float, ...], list[float]] = {}

    class Batch(platypus.Evaluator):  # type: ignore[misc, name-defined]
        """A generation in one batch; Platypus then looks its values up one by one."""

        def evaluate_all(self, jobs: Sequence[Any], **options: Any) -> list[Any]:
            asked = [tuple(job.solution.variables) for job in jobs]
            new = [variables for variables in dict.fromkeys(asked) if variables not in known]
            if new:
                points = [{**FIXED, **dict(zip(keys, variables, strict=True))} for variables in new]
                means = estimates(runs_of(points, config, settings.replicates))[list(OBJECTIVES)]
                known.update(zip(new, means.to_numpy().tolist(), strict=True))
            for job in jobs:
                job.run()
            return list(jobs)

    problem = platypus.Problem(len(keys), len(OBJECTIVES), function=lambda variables: known[tuple(variables)])
    problem.types[:] = [platypus.Real(low, high) for low, high in VARIABLES.values()]
    more, less = platypus.Direction.MAXIMIZE, platypus.Direction.MINIMIZE
    problem.directions[:] = [more if objective.direction > 0 else less for objective in OBJECTIVES.values()]
    with _seeded(settings.seed):
        algorithm = platypus.NSGAII(problem, population_size=settings.population, evaluator=Batch())
        algorithm.run(settings.population * settings.generations)
    rows = dict.fromkeys((*one.variables, *one.objectives) for one in algorithm.result)
    found = pd.DataFrame(list(rows), columns=[*keys, *(f"{name}_searched" for name in OBJECTIVES)])
    best = nondominated(found[[f"{name}_searched" for name in OBJECTIVES]].to_numpy())
    return found[best].sort_values("fte_searched", ignore_index=True)


def ends(front: pd.DataFrame) -> dict[str, int]:
    """Letter → row: the best in each objective, and the one that is nowhere far from the best (fresh futures)."""
    values = front[list(OBJECTIVES)].to_numpy() * DIRECTIONS
    spans = np.ptp(values, axis=0)
    scaled = (values - values.min(axis=0)) / np.where(spans > 0, spans, 1.0)
    rows = [*scaled.argmax(axis=0).tolist(), int(scaled.min(axis=1).argmax())]
    return dict(zip("ABCDE", rows, strict=True))


@dataclass(frozen=True)
class Found:
    """The front and the references, each with its estimates in fresh futures, and the runs of the front there.

    ``prices`` are the means of what the designs of ``ends``, and then the references, cost if founded.
    """

    front: pd.DataFrame
    references: pd.DataFrame
    runs: pd.DataFrame
    prices: pd.DataFrame


def _point(row: pd.Series) -> dict[str, Any]:
    return {**FIXED, **{key: float(row[key]) for key in VARIABLES}}


def again(front: pd.DataFrame, settings: Settings) -> Found:
    """What the search found, and the references, in fresh futures; the references also in those of the search."""
    fresh, old = settings.config(fresh=True), settings.config(fresh=False)
    runs = runs_of([_point(row) for _, row in front.iterrows()], fresh, settings.fresh)
    parts = []
    for name in REFERENCES:
        mine = estimates(runs_of([_fixed(name)], fresh, settings.fresh, name))
        searched = estimates(runs_of([_fixed(name)], old, settings.replicates, name))[list(OBJECTIVES)]
        parts.append(mine.join(searched.add_suffix("_searched")).assign(design=name))
    estimated = front.join(estimates(runs))
    holds = nondominated(estimated[list(OBJECTIVES)].to_numpy())
    return Found(estimated.assign(holds=holds), pd.concat(parts, ignore_index=True), runs, _prices(estimated, settings))


def _prices(front: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Means of every outcome of cost, if founded, in the fresh futures."""
    config, names = settings.config(fresh=True), [outcome.name for outcome in COST_OUTCOMES]
    asked = [(_point(front.iloc[row]), BASE) for row in dict.fromkeys(ends(front).values())]
    asked += [(_fixed(name), name) for name in REFERENCES]
    parts = [
        bresim.evaluate({**point, "founding": AT_ONCE}, [name], settings.fresh, config=config, outcomes=names)
        for point, name in asked
    ]
    return pd.DataFrame([part[names].mean() for part in parts])


def _fixed(design: str) -> dict[str, Any]:
    return dict(FIXED) if design == BASE else {}


def main(arguments: Sequence[str]) -> int:
    from experiments.pareto_page import write

    settings = Settings(overrides=tuple(arguments))
    write(again(search(settings), settings), settings)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
