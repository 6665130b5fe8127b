"""In which worlds a design holds: every scenario with every level of the undercurrent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from bresim.brief.runs import Floats, cases_of, draws_of, estimate, every_set, run_cases
from bresim.common.progress import Progress
from bresim.config.presets import LEVELS
from bresim.config.schema import BriefConfig, Undercurrent
from bresim.conventions import HEADLINE, REFERENCE
from bresim.plan import Case
from bresim.scenario import read_scenario, scenario_names

#: Most parameter sets of one world.
SETS = 100
World = tuple[BriefConfig, Undercurrent, Floats, np.ndarray]
#: ``today``: what today's way realises in that world, on top of which ``gain`` comes.
COLUMNS = ["scenario", "undercurrent", "design", "today", "gain", "low", "high", "holds", "rank"]


def scenarios(config: BriefConfig) -> Iterator[BriefConfig]:
    """The job under each scenario, its own first."""
    yield config
    for name in scenario_names():
        if name != config.scenario.get("name"):
            yield config.model_copy(update={"scenario": read_scenario(name).model_dump()})


def levels(config: BriefConfig) -> list[Undercurrent]:
    """The levels of the undercurrent: those shipped, and that of the job if it is none of them."""
    shipped = [Undercurrent.of_level(level) for level in LEVELS]
    return shipped if config.undercurrent in shipped else [*shipped, config.undercurrent]


def worlds(config: BriefConfig, main: pd.DataFrame, progress: Progress) -> pd.DataFrame:
    """The gain of each design if founded, in each world: a row a scenario, level and design.

    ``main`` are the runs of the comparison: the job's own world is reported by them, so that a number stands once.
    """
    cases = cases_of(config)
    names = [case.name for case in cases]
    parts = []
    for one, level, values, draws in tried(config, cases, progress):
        told = _own(main, names) if is_own(one, level, config) else (values, draws)
        parts.append(_world(str(one.scenario["name"]), level.label, names, *told))
    return pd.concat(parts, ignore_index=True)


def tried(config: BriefConfig, cases: Sequence[Case], progress: Progress) -> Iterator[World]:
    """The cases if founded in each world: (job under its scenario, level, values (cases, R), parameter sets (R,))."""
    replicates, chosen = every_set(config, SETS), levels(config)
    draws = draws_of(config, replicates)
    for one in scenarios(config):
        founded = one.model_copy(update={"founding": "at_once"})
        values = run_cases(founded, cases, replicates, progress, chosen, (HEADLINE,))[HEADLINE][:, 0]
        for at, level in enumerate(chosen):
            yield one, level, values[:, at], draws


def is_own(one: BriefConfig, level: Undercurrent, config: BriefConfig) -> bool:
    """Whether this is the world of the job itself."""
    return one is config and level == config.undercurrent


def _own(main: pd.DataFrame, names: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Values (cases, R) and parameter sets (R,) of the comparison itself, if founded."""
    founded = main[main["founding"] == "at_once"]
    table = founded.pivot(index="design", columns="replicate", values=HEADLINE).loc[names]
    draws = founded.drop_duplicates("replicate").set_index("replicate")["parameter_draw"]
    return table.to_numpy(dtype=np.float64), draws.loc[table.columns].to_numpy()


def _world(scenario: str, level: str, names: list[str], table: np.ndarray, draws: np.ndarray) -> pd.DataFrame:
    """The designs of one world from the highest gain to the lowest; one holds if its interval lies above zero."""
    quo = table[names.index(REFERENCE)]
    gains = table - quo
    rows = []
    for name, gap in zip(names, gains, strict=True):
        if name != REFERENCE:
            found = estimate(gap, draws)
            rows.append((scenario, level, name, quo.mean(), found.mean, found.low, found.high, found.above_zero))
    world = pd.DataFrame(rows, columns=COLUMNS[:-1])
    world["rank"] = world["gain"].rank(ascending=False, method="first").astype(np.int64)
    return world
