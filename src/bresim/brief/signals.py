"""What to watch in the first two years: early values below which a design usually ends badly.

For each indicator the threshold is sought that best tells bad ends from others (Youden 1950, *Index for rating
diagnostic tests*) in half of the parameter sets; the other half says whether it does.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bresim.analysis.comparison import corrected, half_width
from bresim.brief.runs import Floats, estimate
from bresim.columns import RUN_OUTCOMES, STATE_OUTCOMES
from bresim.conventions import CONFIDENCE
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
    before, after = recorded.series[runs, max(first - 1, 0)], recorded.series[runs, last]
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
    """The decile of ``values`` (R,) that best tells ``bad`` ends (R,) from others; with direction 1 low is bad.

    A decile is a value that occurs, so a threshold of counts is a whole number.
    """
    found, best = np.nan, 0.0
    for one in np.quantile(values, QUANTILES, method="inverted_cdf"):
        flagged = values < one if direction > 0 else values > one
        youden = flagged[bad].mean() - flagged[~bad].mean()
        if youden > best:
            found, best = float(one), float(youden)
    return found


def bad_end(gain: Floats, dissolved: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which futures (R,) end badly: the design was dissolved, or its ``gain`` there is less than half of its mean.

    A gain is over today's way in the same future, so that a future with bad luck for all is no bad end. If the mean is
    not above zero, a bad end is a loss.
    """
    return np.asarray(dissolved | (gain < max(0.0, float(gain.mean())) / 2))


def signals(
    design: str,
    early_values: pd.DataFrame,
    bad: NDArray[np.bool_],
    draws: NDArray[np.int64],
    effects: dict[str, Floats],
) -> pd.DataFrame:
    """The indicators that tell ``bad`` ends (R,) from others, the best first.

    ``effects`` of each measure (R,) is what it adds to the design if founded. Thresholds and the measure that helps
    most are chosen in one half of the parameter sets; what is reported of them is of the other half.
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
                remedy = _remedy(flagged, half, draws, effects)
                rows.append((design, name, directions[name], limit, float(flagged[~half].mean()), *row, *remedy))
    found = pd.DataFrame(rows, columns=COLUMNS)
    found["apart"] = found["bad_flagged"] - found["bad_otherwise"]
    return found.sort_values("apart", ascending=False, kind="stable").drop(columns="apart").reset_index(drop=True)


def _judged(
    flagged: NDArray[np.bool_], bad: NDArray[np.bool_], half: NDArray[np.bool_], draws: NDArray[np.int64]
) -> tuple[float, float, float, float] | None:
    """(share of bad ends where flagged, elsewhere, interval of the difference) in the other half of the parameter sets.

    None if the difference is not clear, or too few futures or almost all are flagged: then it says nothing. As all
    indicators are looked at, it is clear if an interval with Bonferroni's correction for their number lies above zero.
    """
    inside, outside = ~half & flagged, ~half & ~flagged
    if not FEWEST <= inside.sum() <= MOST_FLAGGED * (~half).sum() or outside.sum() < FEWEST:
        return None
    ends = bad.astype(np.float64)
    there, elsewhere = float(ends[inside].mean()), float(ends[outside].mean())
    apart = there - elsewhere

    def width(confidence: float) -> float:
        one, other = (half_width(ends[part], draws[part], confidence) for part in (inside, outside))
        return float(np.hypot(one, other))

    if not apart > width(corrected(len(INDICATORS))):
        return None
    return there, elsewhere, apart - width(CONFIDENCE), apart + width(CONFIDENCE)


def _remedy(
    flagged: NDArray[np.bool_], half: NDArray[np.bool_], draws: NDArray[np.int64], effects: dict[str, Floats]
) -> tuple[str | None, float, float, float]:
    """The measure that adds most in the futures of ``half`` that were flagged, if it clearly does so in the others."""
    chosen, judged = flagged & half, flagged & ~half
    best = max(effects, key=lambda name: float(effects[name][chosen].mean()), default=None) if chosen.any() else None
    if best is None:
        return None, np.nan, np.nan, np.nan
    found = estimate(effects[best][judged], draws[judged])
    return (best, found.mean, found.low, found.high) if found.above_zero else (None, np.nan, np.nan, np.nan)
