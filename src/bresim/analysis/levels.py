"""Levels of the status quo: how many agreements and results there are, and how trust and load stand.

Each statistic has one value per parameter set, a mean over its replicates; the table is in ``patterns``.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from bresim.analysis.evidence import DESCRIBED, Batch, Evidence, agreed_before
from bresim.analysis.pattern import Floats, Statistic, average, ratio
from bresim.kernel.state import COMPLETED


def _counted(batch: Batch, which: NDArray[np.int64], chosen: NDArray[np.bool_]) -> Floats:
    """Number of initiatives a run, mean over the replicates, (P,)."""
    return np.bincount(which[chosen], minlength=batch.sets) / batch.replicates


def regional_agreements(e: Evidence) -> Floats:
    """Number of agreements in the regional arena until the report."""
    which, log = e.main.log("status_quo")
    known = (log["arena"] == 0) & (log["agreed"] >= 0) & (log["agreed"] <= e.main.quarter(DESCRIBED))
    return _counted(e.main, which, known)


def _in_execution(e: Evidence, log: NDArray[np.void], first: str, last: str) -> NDArray[np.bool_]:
    begun = (log["agreed"] >= 0) | agreed_before(log)
    running = (log["agreed"] <= e.main.quarter(last)) & ((log["ended"] < 0) | (log["ended"] >= e.main.quarter(first)))
    return np.asarray((log["arena"] == 0) & begun & running)


def in_action(e: Evidence) -> Floats:
    """Number of regional initiatives in execution in 2022."""
    which, log = e.main.log("status_quo")
    return _counted(e.main, which, _in_execution(e, log, "2022-Q1", "2022-Q4"))


def with_money(e: Evidence) -> Floats:
    """Share of these that had a funding window while they were negotiated."""
    which, log = e.main.log("status_quo")
    running = _in_execution(e, log, "2022-Q1", "2022-Q4")
    return ratio(_counted(e.main, which, running & log["funded"]), _counted(e.main, which, running))


def _completed_in_each_run(e: Evidence) -> Floats:
    """Completed regional initiatives in each run, (P, R)."""
    log = e.main.recorded.log
    done = (log["arena"] == 0) & (log["outcome"] == COMPLETED) & (log["ended"] <= e.main.quarter(DESCRIBED))
    counts = np.bincount(log["run"][done], minlength=e.main.sets * e.main.replicates)
    return np.asarray(counts.reshape(e.main.sets, e.main.replicates), dtype=np.float64)


def completed_by_then(e: Evidence) -> Floats:
    """Number of completed regional initiatives until the report."""
    return average(_completed_in_each_run(e))


def none_completed_by_then(e: Evidence) -> Floats:
    """Share of replicates without any."""
    return average(1.0 * (_completed_in_each_run(e) == 0.0))


def plans_over_results(when: str) -> Statistic:
    """Realised share of indirect over that of direct value at the scale of the region, in a quarter or at the end."""

    def statistic(e: Evidence) -> Floats:
        at = e.main.quarter(when) if when != "end" else -1
        indirect = average(e.main.state("status_quo", "public_value_regional_indirect", at))
        return ratio(indirect, average(e.main.state("status_quo", "public_value_regional", at)))

    return statistic


def change(name: str) -> Statistic:
    """Change of a state from the first quarter to when the report describes the region."""

    def statistic(e: Evidence) -> Floats:
        state = e.main.state
        return average(state("status_quo", name, e.main.quarter(DESCRIBED)) - state("status_quo", name, 0))

    return statistic


def fall(name: str) -> Statistic:
    """By how much it falls until then."""
    rise = change(name)
    return lambda e: -rise(e)


def mean_load(e: Evidence) -> Floats:
    """Mean load over the municipalities when the report describes the region."""
    return average(e.main.state("status_quo", "load_mean", e.main.quarter(DESCRIBED)))


def load(over: Callable[..., Floats]) -> Statistic:
    """A statistic, such as ``np.max``, over the municipalities of their mean load at the time of the report."""
    return lambda e: over(e.batch("described").towns("status_quo", "load").mean(axis=1), axis=1)


__all__ = [
    "DESCRIBED",
    "change",
    "completed_by_then",
    "fall",
    "in_action",
    "load",
    "mean_load",
    "none_completed_by_then",
    "plans_over_results",
    "regional_agreements",
    "with_money",
]
