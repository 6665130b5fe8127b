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
from bresim.governance import Design
from bresim.jobs import run_plan
from bresim.plan import Case, make_plan

Floats = NDArray[np.float64]

#: Cases of one call of the kernel: more would fill the memory with their institutions, and no family is larger.
TOGETHER = 16
#: Outcomes of a run that the brief needs for every case.
NAMES = (HEADLINE, "adopted")


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


def cases_of(config: BriefConfig) -> list[Case]:
    """The status quo as it is, and every other design with the measures of the job.

    With measures the status quo with them is a case of its own: what is gained is told against what is there now.
    """
    quo = next(design for design in config.designs if design.name == REFERENCE)
    taken = {name: strength for name, strength in config.measures.items() if strength > 0.0}
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
    """Outcome → (cases, foundings, levels, R): each case in each replicate, under the foundings of ``config``."""
    parts: list[Floats] = []
    for some in _batches(cases):
        plan = make_plan(config, replicates, levels, cases=some)
        recorded = run_plan(plan, progress)
        columns = [outcome.name for outcome in tabulate.outcomes_of(plan.region)]
        shape = (len(some), len(config.foundings), len(plan.labels), len(replicates))
        parts.append(np.stack([recorded.runs[:, columns.index(name)].reshape(shape) for name in names]))
    whole = np.concatenate(parts, axis=1)
    return dict(zip(names, whole, strict=True))


def _batches(cases: Sequence[Case]) -> Iterator[Sequence[Case]]:
    for first in range(0, len(cases), TOGETHER):
        yield cases[first : first + TOGETHER]


def with_name(design: Design, name: str) -> Design:
    """The design under another name, with the draws of its codings as they were."""
    codings = {
        path: coding.model_copy(update={"origin": coding.origin or design.name})
        for path, coding in design.codings.items()
    }
    return design.model_copy(update={"name": name, "codings": codings})
