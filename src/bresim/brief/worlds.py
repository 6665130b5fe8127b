"""In which worlds a design holds: every scenario with every level of the undercurrent."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from bresim.brief.runs import cases_of, draws_of, estimate, every_set, run_cases
from bresim.common.progress import Progress
from bresim.config.presets import LEVELS
from bresim.config.schema import BriefConfig, Undercurrent
from bresim.conventions import HEADLINE, REFERENCE
from bresim.scenario import read_scenario, scenario_names

#: Most parameter sets of one world.
SETS = 100
COLUMNS = ["scenario", "undercurrent", "design", "gain", "low", "high", "holds", "rank"]


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

    ``main`` are the runs of the comparison: the job's own world is told by them, so that a number stands once.
    """
    cases, replicates, chosen = cases_of(config), every_set(config, SETS), levels(config)
    names = [case.name for case in cases]
    parts = []
    for one in scenarios(config):
        values = run_cases(
            one.model_copy(update={"founding": "at_once"}), cases, replicates, progress, chosen, (HEADLINE,)
        )[HEADLINE][:, 0]  # (cases, levels, R)
        draws = draws_of(config, replicates)
        for at, level in enumerate(chosen):
            table, sets = values[:, at], draws
            if one is config and level == config.undercurrent:
                table, sets = _own(main, names)
            parts.append(_world(str(one.scenario["name"]), level.label, names, table, sets))
    return pd.concat(parts, ignore_index=True)


def _own(main: pd.DataFrame, names: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Values (cases, R) and parameter sets (R,) of the comparison itself, if founded."""
    founded = main[main["founding"] == "at_once"]
    table = founded.pivot(index="design", columns="replicate", values=HEADLINE).loc[names]
    draws = founded.drop_duplicates("replicate").set_index("replicate")["parameter_draw"]
    return table.to_numpy(dtype=np.float64), draws.loc[table.columns].to_numpy()


def _world(scenario: str, level: str, names: list[str], table: np.ndarray, draws: np.ndarray) -> pd.DataFrame:
    """The designs of one world from the highest gain to the lowest; one holds if its interval lies above zero."""
    gains = table - table[names.index(REFERENCE)]
    rows = []
    for name, gap in zip(names, gains, strict=True):
        if name != REFERENCE:
            found = estimate(gap, draws)
            rows.append((scenario, level, name, found.mean, found.low, found.high, found.above_zero))
    world = pd.DataFrame(rows, columns=COLUMNS[:-1])
    world["rank"] = world["gain"].rank(ascending=False, method="first").astype(np.int64)
    return world
