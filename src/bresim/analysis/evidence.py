"""The ensemble on which the patterns are checked, with one value per parameter set for each statistic.

V variants of the status quo and designs under test x P parameter sets x R replicates of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bresim import parameters
from bresim.common.progress import Progress
from bresim.config.schema import ModelConfig, Undercurrent
from bresim.governance import Design, load_design, measures, with_measures
from bresim.plan import Plan, make_plan
from bresim.runner.ensemble import Recorded, simulate
from bresim.tabulate import outcomes_of

Floats = NDArray[np.float64]

#: The status quo with one measure at full strength.
MEASURES_TESTED = ("binding_agreements", "monitoring", "thinning")
#: Designs as they work once founded: the pattern is about a granted mandate, a running Regio Deal.
DESIGNS_TESTED = ("provincial_steering", "provincial_steering_mandated", "regio_deal")


@dataclass(frozen=True)
class Batch:
    """Runs of some variants: arrays are (V, P, R, ...)."""

    plan: Plan
    recorded: Recorded
    variants: tuple[str, ...]
    sets: int
    replicates: int

    def outcome(self, variant: str, name: str) -> Floats:
        """An outcome at the end of the run, (P, R)."""
        at = [outcome.name for outcome in outcomes_of(self.plan.region)].index(name)
        return self._shape(self.recorded.runs[:, at], variant)

    def state(self, variant: str, name: str, quarter: int) -> Floats:
        """A state outcome at the end of a quarter, (P, R)."""
        return self._shape(self.recorded.series[name][:, quarter], variant)

    def towns(self, variant: str, name: str) -> Floats:
        """A column of the municipalities at the end, (P, R, N)."""
        return self._shape(self.recorded.municipalities[name], variant)

    def log(self, variant: str) -> tuple[NDArray[np.int64], NDArray[np.void]]:
        """(parameter set of each initiative, records of ``kernel.state.INITIATIVE_DTYPE``) of a variant."""
        run = self.recorded.log["run"]
        per_variant = self.sets * self.replicates
        keep = run // per_variant == self.variants.index(variant)
        return run[keep] % per_variant // self.replicates, self.recorded.log[keep]

    def _shape(self, values: Floats, variant: str) -> Floats:
        shaped = values.reshape(len(self.variants), self.sets, self.replicates, *values.shape[1:])
        return np.asarray(shaped[self.variants.index(variant)])


def _founded(design: Design) -> Design:
    return design.model_copy(update={"aggregation": design.aggregation.model_copy(update={"adoption_quota": 0.0})})


def designs_tested() -> tuple[list[tuple[str, Design]], list[tuple[str, Design]]]:
    """(name, design): the status quo; and the measures and designs of the dearer patterns."""
    base = load_design("status_quo")
    shipped = measures()
    others = [(name, with_measures(base, [(shipped[name], 1.0)])) for name in MEASURES_TESTED]
    others += [(name, _founded(load_design(name))) for name in DESIGNS_TESTED]
    return [("status_quo", base)], others


def plan_of(
    config: ModelConfig,
    designs: Sequence[tuple[str, Design]],
    level: str | None,
    values: Floats,
    first: int,
    replicates: int,
) -> Plan:
    """The runs of these designs, each parameter set with the random draws of its number."""
    count = len(values)
    settled = config.model_copy(
        update={"designs": tuple(design for _, design in designs), "replicates_per_draw": replicates}
    )
    numbers = range(first * replicates, (first + count) * replicates)
    rolled = np.roll(values, first % count, axis=0)  # block b takes set b mod P
    return make_plan(settled, numbers, [Undercurrent.of_level(level)] if level else None, rolled)


def _simulate(
    config: ModelConfig,
    designs: Sequence[tuple[str, Design]],
    level: str | None,
    values: Floats,
    first: int,
    replicates: int,
    progress: Progress,
    shocks: bool = True,
) -> Batch:
    plan = plan_of(config, designs, level, values, first, replicates)
    world = plan.world if shocks else plan.world._replace(shock=np.zeros_like(plan.world.shock))
    recorded = simulate(
        world,
        plan.jobs,
        config.seed,
        plan.region.subregion,
        workers=config.threads,
        series=True,
        details=True,
        progress=progress.advance,
    )
    return Batch(plan, recorded, tuple(name for name, _ in designs), len(values), replicates)


@dataclass(frozen=True)
class Evidence:
    """What the statistics are made from: the configured undercurrent, no undercurrent, no scheduled shocks."""

    main: Batch
    absent: Batch
    calm: Batch
    more: Batch | None  # measures and designs
    values: Floats  # (P, number of parameters)

    def parameter(self, name: str) -> Floats:
        """A parameter's value in each set, (P,)."""
        return self.values[:, list(parameters.PARAMETERS).index(name)]


def gather(
    config: ModelConfig, values: Floats, replicates: int, progress: Progress, *, first: int = 0, more: bool = True
) -> Evidence:
    """Run what the patterns need for each of the parameter sets ``values`` (P, number of parameters).

    ``first`` is the number of the first set, which keys its random draws; ``more`` adds the measures and designs.
    """
    status, others = designs_tested()
    args = (values, first, replicates, progress)
    return Evidence(
        main=_simulate(config, status, None, *args),
        absent=_simulate(config, status, "absent", *args),
        calm=_simulate(config, status, None, *args, shocks=False),
        more=_simulate(config, others, None, *args) if more else None,
        values=values,
    )
