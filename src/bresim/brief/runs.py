"""Runs of many cases in the futures of one comparison, and what the brief says of a sample: mean and interval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bresim import tabulate
from bresim.analysis.comparison import above_zero
from bresim.analysis.summary import mean_interval
from bresim.common.progress import Progress
from bresim.config.schema import BriefConfig, Undercurrent
from bresim.conventions import HEADLINE, REFERENCE
from bresim.costs import FTE, staff
from bresim.governance import Design
from bresim.jobs import run_plan
from bresim.plan import Case, Plan, make_plan
from bresim.runner.ensemble import Recorded

Floats = NDArray[np.float64]

#: Runs of one call of the kernel, about: more would fill memory with their institutions, fewer take long to plan.
TOGETHER = 16_000
#: Outcomes of a run that the brief needs for every case.
NAMES = (HEADLINE, "adopted")
#: The headline of each municipality (N,): an outcome with one more axis.
LOCAL = "local"


@dataclass(frozen=True)
class Estimate:
    """A mean and its 95 % interval; NaN where it is not known."""

    mean: float
    low: float
    high: float

    @property
    def above_zero(self) -> bool:
        """Whether the whole interval lies above zero, also as it is shown."""
        return above_zero(self.low)


def estimate(values: Floats, draws: NDArray[np.int64]) -> Estimate:
    """The mean of ``values`` (R,), missing ones left out; ``draws`` (R,) are the parameter sets, each a cluster."""
    known = np.isfinite(values)
    if not known.any():
        return Estimate(np.nan, np.nan, np.nan)
    return Estimate(*mean_interval(values[known], draws[known]))


def taken_measures(config: BriefConfig) -> dict[str, float]:
    """The measures of the job, with their strengths."""
    return {name: strength for name, strength in config.measures.items() if strength > 0.0}


def cases_of(config: BriefConfig) -> list[Case]:
    """The status quo as it is, and every other design with the measures of the job.

    With measures the status quo with them is a case of its own: what is gained is reported against what is there now.
    """
    quo = next(design for design in config.designs if design.name == REFERENCE)
    taken = taken_measures(config)
    measured = [Case(MEASURED, quo, taken)] if taken else []
    others = [Case(design.name, design, taken) for design in config.designs if design.name != REFERENCE]
    return [Case(REFERENCE, quo, {}), *measured, *others]


#: Name of the status quo with the measures of the job.
MEASURED = "status_quo_with_measures"


def every_set(config: BriefConfig, at_most: int) -> NDArray[np.int64]:
    """Replicates of the comparison, one of each parameter set, spread evenly if there are more than ``at_most``."""
    firsts = np.arange(0, config.replicates, config.replicates_per_draw)
    if len(firsts) <= at_most:
        return firsts
    return firsts[np.linspace(0, len(firsts) - 1, at_most).round().astype(np.int64)]


def draws_of(config: BriefConfig, replicates: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
    """The parameter set (R,) of each replicate."""
    plan = make_plan(config.model_copy(update={"designs": config.designs[:1], "founding": "vote"}), replicates)
    return np.asarray(plan.draw_ids[plan.jobs["draw"]])


def run_cases(
    config: BriefConfig,
    cases: Sequence[Case],
    replicates: Sequence[int] | NDArray[np.int64],
    progress: Progress,
    levels: Sequence[Undercurrent] | None = None,
    names: Sequence[str] = NAMES,
) -> dict[str, Floats]:
    """Outcome, ``FTE`` or ``LOCAL`` → (cases, foundings, levels, R[, N]): each case in each replicate and founding."""
    parts: dict[str, list[Floats]] = {name: [] for name in names}
    runs = len(config.foundings) * (1 if levels is None else len(levels)) * len(replicates)
    for some in _batches(cases, max(1, TOGETHER // runs)):
        plan = make_plan(config, replicates, levels, cases=some)
        recorded = run_plan(plan, progress, details=FTE in names or LOCAL in names)
        shape = (len(some), len(config.foundings), len(plan.labels), len(replicates))
        for name in names:
            values = _recorded(name, plan, recorded)
            parts[name].append(values.reshape(*shape, *values.shape[1:]))
    return {name: np.concatenate(found) for name, found in parts.items()}


def _recorded(name: str, plan: Plan, recorded: Recorded) -> Floats:
    """An outcome, ``FTE`` or ``LOCAL`` of every run."""
    if name == FTE:
        return staff(recorded)
    if name == LOCAL:
        return np.array(recorded.municipalities[HEADLINE])
    columns = [outcome.name for outcome in tabulate.outcomes_of(plan.region)]
    return np.asarray(recorded.runs[:, columns.index(name)])


def _batches(cases: Sequence[Case], size: int) -> Iterator[Sequence[Case]]:
    for first in range(0, len(cases), size):
        yield cases[first : first + size]


def with_name(design: Design, name: str) -> Design:
    """The design under another name, with the draws of its codings as they were."""
    codings = {
        path: coding.model_copy(update={"origin": coding.origin or design.name})
        for path, coding in design.codings.items()
    }
    return design.model_copy(update={"name": name, "codings": codings})
