"""What to watch in the first two years: early values below which a design usually ends badly.

For each indicator the threshold is sought that best tells bad ends from others (Youden 1950, *Index for rating
diagnostic tests*) in half of the parameter sets; the other half says whether it does.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bresim.brief.runs import Floats, estimate
from bresim.columns import RUN_OUTCOMES, STATE_OUTCOMES
from bresim.kernel.state import COMPLETED, DEADLOCKED
from bresim.plan import Plan
from bresim.runner.ensemble import Recorded

#: Quarters after policy start at which the indicators are read.
WATCHED = 8
#: Indicators: by how much these changed in the two years …
STATE_CHANGES = ("trust_mean", "support_mean", "grievance_mean", "load_mean", "public_value_regional")
#: … and how often this happened in the region.
COUNTS = ("agreements", "deadlocks", "completed")
INDICATORS = (*STATE_CHANGES, *COUNTS)
#: Fewest futures on either side of a threshold, and the largest share that may be flagged.
FEWEST, MOST_FLAGGED = 20, 2 / 3
#: Thresholds that are tried: the deciles.
QUANTILES = np.linspace(0.1, 0.9, 9)
COLUMNS = [
    "design", "indicator", "direction", "threshold", "flagged", "bad_flagged", "bad_otherwise", "low", "high",
    "measure", "remedy", "remedy_low", "remedy_high",
]  # fmt: skip


def early(plan: Plan, recorded: Recorded) -> pd.DataFrame:
    """The indicators two years after policy start, if founded: a row a design and replicate."""
    first = plan.config.policy_quarter
    last = min(first + WATCHED, plan.config.quarters) - 1
    runs = np.flatnonzero(plan.jobs["at_once"])
    before, after = recorded.series[runs, first - 1], recorded.series[runs, last]
    columns = {name: after[name] - before[name] for name in STATE_CHANGES}
    log = recorded.log[_of_the_region(plan, recorded.log)]
    within = {
        "agreements": (log["agreed"] >= first) & (log["agreed"] <= last),
        "deadlocks": (log["outcome"] == DEADLOCKED) & (log["ended"] >= first) & (log["ended"] <= last),
        "completed": (log["outcome"] == COMPLETED) & (log["ended"] >= first) & (log["ended"] <= last),
    }
    for name, rows in within.items():
        columns[name] = np.bincount(log["run"][rows], minlength=len(plan.jobs))[runs].astype(np.float64)
    return pd.DataFrame(
        {"design": np.array(plan.names)[plan.named[runs]], "replicate": plan.jobs["replicate"][runs], **columns}
    )


def _of_the_region(plan: Plan, log: np.ndarray) -> NDArray[np.bool_]:
    """Which rows of a log are of the region's own arena, or of that of a design that stands beside it."""
    return np.asarray((log["arena"] == 0) | (log["arena"] == plan.world.arena_beside))


def threshold(values: Floats, bad: NDArray[np.bool_], direction: int) -> float:
    """The decile of ``values`` (R,) that best tells ``bad`` ends (R,) from others; with direction 1 low is bad."""
    found, best = np.nan, 0.0
    for one in np.quantile(values, QUANTILES):
        flagged = values < one if direction > 0 else values > one
        youden = flagged[bad].mean() - flagged[~bad].mean()
        if youden > best:
            found, best = float(one), float(youden)
    return found


def bad_end(value: Floats, today: Floats, dissolved: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which futures (R,) end badly: the design was dissolved, or its ``value`` is below the mean of ``today``."""
    return np.asarray(dissolved | (value < today.mean()))


def signals(
    design: str,
    early_values: pd.DataFrame,
    bad: NDArray[np.bool_],
    draws: NDArray[np.int64],
    effects: dict[str, Floats],
) -> pd.DataFrame:
    """The indicators that tell ``bad`` ends (R,) from others, the best first.

    ``effects`` of each measure (R,) is what it adds to the design if founded.
    """
    rows: list[tuple[object, ...]] = []
    half = np.unique(draws, return_inverse=True)[1] % 2 == 0
    directions = {outcome.name: outcome.direction for outcome in (*STATE_OUTCOMES, *RUN_OUTCOMES)}
    if all(both.any() for part in (half, ~half) for both in (bad[part], ~bad[part])):
        for name in INDICATORS:
            values = early_values[name].to_numpy(dtype=np.float64)
            limit = threshold(values[half], bad[half], directions[name])
            flagged = values < limit if directions[name] > 0 else values > limit
            row = _judged(flagged, bad, half, draws)
            if row is not None:
                remedy = _remedy(flagged, draws, effects)
                rows.append((design, name, directions[name], limit, float(flagged.mean()), *row, *remedy))
    found = pd.DataFrame(rows, columns=COLUMNS)
    found["apart"] = found["bad_flagged"] - found["bad_otherwise"]
    return found.sort_values("apart", ascending=False, kind="stable").drop(columns="apart").reset_index(drop=True)


def _judged(
    flagged: NDArray[np.bool_], bad: NDArray[np.bool_], half: NDArray[np.bool_], draws: NDArray[np.int64]
) -> tuple[float, float, float, float] | None:
    """(share of bad ends where flagged, elsewhere, interval of the difference) in the other half of the parameter sets.

    None if the difference is not clear, or too few futures or almost all are flagged: then it says nothing.
    """
    inside, outside = ~half & flagged, ~half & ~flagged
    if not FEWEST <= inside.sum() <= MOST_FLAGGED * (~half).sum() or outside.sum() < FEWEST:
        return None
    there = estimate(bad[inside].astype(np.float64), draws[inside])
    elsewhere = estimate(bad[outside].astype(np.float64), draws[outside])
    apart = there.mean - elsewhere.mean
    half_width = float(np.hypot(there.high - there.mean, elsewhere.high - elsewhere.mean))
    if not apart > half_width:
        return None
    return there.mean, elsewhere.mean, apart - half_width, apart + half_width


def _remedy(
    flagged: NDArray[np.bool_], draws: NDArray[np.int64], effects: dict[str, Floats]
) -> tuple[str | None, float, float, float]:
    """The measure that adds most in the futures that were flagged, if it clearly adds something."""
    found = {name: estimate(effect[flagged], draws[flagged]) for name, effect in effects.items()}
    best = max(found, key=lambda name: found[name].mean, default=None)
    if best is None or not found[best].above_zero:
        return None, np.nan, np.nan, np.nan
    return best, found[best].mean, found[best].low, found[best].high
