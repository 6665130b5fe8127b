"""The package that the brief recommends: in every world, in each municipality, and begun later."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bresim.analysis.comparison import above_zero
from bresim.brief.rows import Row, highest, rows
from bresim.brief.runs import LOCAL, MEASURED, Estimate, Floats, estimate, run_cases, taken_measures
from bresim.brief.worlds import is_own, tried
from bresim.common.progress import Progress
from bresim.config.schema import BriefConfig
from bresim.conventions import HEADLINE, REFERENCE
from bresim.governance import Design
from bresim.plan import Case

#: Quarters after policy start at which everything begins in the runs that begin later.
LATER = 12
WORLD_COLUMNS = ["scenario", "undercurrent", "gain", "low", "high", "holds"]
LOCAL_COLUMNS = ["municipality", "gain", "low", "high"]
LATER_COLUMNS = ["what", "gain", "low", "high"]
#: What is begun later: the design that is explained, founded; and the package.
EXPLAINED, PACKAGE = "explained", "package"


def recommended(packages: pd.DataFrame, designs: pd.DataFrame) -> Row | None:
    """The row of the fewest measures that yield no less than the best design does if founded.

    If no measures do, it is the best of them; None if no package of measures clearly yields anything.
    """
    ways = designs[designs["design"] != MEASURED]
    if packages.empty or ways.empty:
        return None
    mine = packages[(packages["kind"] == "measures") & (packages["place"] == 1) & packages["low"].map(above_zero)]
    if mine.empty:
        return None
    enough = mine[mine["gain"] >= float(ways["gain"].max())]
    return rows(enough.sort_values("size"))[0] if len(enough) else highest(mine, "gain")


def case_of(package: Row, today: Design) -> Case:
    """Today's way with a package of measures."""
    return Case(PACKAGE, today, dict.fromkeys(str(package["parts"]).split(";"), 1.0))


def _both(config: BriefConfig, package: Row, today: Design) -> tuple[BriefConfig, list[Case]]:
    """Today's way and the package, of which neither needs a vote."""
    return config.model_copy(update={"founding": "at_once"}), [Case(REFERENCE, today, {}), case_of(package, today)]


def package_worlds(config: BriefConfig, package: Row, today: Design, progress: Progress) -> pd.DataFrame:
    """The gain of the package in each world; that of the job's own by all its futures, as in the packages."""
    alone, cases = _both(config, package, today)
    found = []
    for one, level, values, draws in tried(alone, cases, progress):
        gain = estimate(values[1] - values[0], draws)
        if is_own(one, level, alone):
            gain = Estimate(*(float(package[name]) for name in ("gain", "low", "high")))
        label = str(one.scenario["name"]), level.label
        found.append((*label, gain.mean, gain.low, gain.high, gain.above_zero))
    return pd.DataFrame(found, columns=WORLD_COLUMNS)


def package_local(
    config: BriefConfig,
    package: Row,
    today: Design,
    names: tuple[str, ...],
    draws: np.ndarray,
    progress: Progress,
) -> pd.DataFrame:
    """What the package gains each municipality (``names``)."""
    alone, cases = _both(config, package, today)
    values = run_cases(alone, cases, range(config.replicates), progress, names=(LOCAL,))[LOCAL][:, 0, 0]
    gains = [estimate(values[1, :, at] - values[0, :, at], draws) for at in range(len(names))]
    return pd.DataFrame(
        [(name, gain.mean, gain.low, gain.high) for name, gain in zip(names, gains, strict=True)], columns=LOCAL_COLUMNS
    )


def later(
    config: BriefConfig,
    package: Row | None,
    design: Design,
    today: Design,
    draws: np.ndarray,
    progress: Progress,
) -> pd.DataFrame:
    """What the design, if founded, and the package gain if they begin ``LATER`` quarters after policy start.

    No rows if too little of the period is left then: less than ``LATER`` quarters.
    """
    starts = config.policy_quarter + LATER
    if starts + LATER > config.quarters:
        return pd.DataFrame(columns=LATER_COLUMNS)
    time = config.time.model_copy(update={"policy_start": config.time.dates[starts]})
    alone = config.model_copy(update={"time": time, "founding": "at_once"})
    cases = [Case(REFERENCE, today, {}), Case(EXPLAINED, design, taken_measures(config))]
    if package is not None:
        cases.append(case_of(package, today))
    values: Floats = run_cases(alone, cases, range(config.replicates), progress, names=(HEADLINE,))[HEADLINE][:, 0, 0]
    found = []
    for case, value in zip(cases[1:], values[1:], strict=True):
        gain = estimate(value - values[0], draws)
        found.append((case.name, gain.mean, gain.low, gain.high))
    return pd.DataFrame(found, columns=LATER_COLUMNS)
