"""The runs on which the patterns are checked, with one value per parameter set for each statistic.

V variants (designs under test, or levels of the undercurrent) x P parameter sets x R replicates of each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bresim import parameters
from bresim.analysis.changes import (
    Change,
    equal_rules,
    equal_towns,
    from_policy_start,
    one_arena_each,
    province_withdraws,
    unchanged,
    until,
    without_elections,
    without_shocks,
)
from bresim.analysis.matched import Matched, matched, money_used
from bresim.common.progress import Progress
from bresim.config.schema import ModelConfig, Undercurrent
from bresim.conventions import UNDERCURRENT_PARTS
from bresim.governance import Design, load_design, measures, shipped_designs, with_measures
from bresim.governance.codings import POINT
from bresim.kernel.state import DEADLOCKED, LAPSED
from bresim.plan import Plan, make_plan, with_designs
from bresim.runner.ensemble import Recorded, simulate
from bresim.tabulate import outcomes_of

Floats = NDArray[np.float64]

#: When the report describes the region.
DESCRIBED = "2023-Q1"
#: Measures of the report that bridge the undercurrent (BRE 4.2.1-4.2.2).
BRIDGING = ("facilitation", "equal_partnership", "celebrating_successes", "council_involvement", "letting_go")
#: The status quo with one measure at full strength.
MEASURES_TESTED = ("binding_agreements", "monitoring", "thinning", *BRIDGING)
#: Designs as they work once founded: the pattern is about a granted mandate, a running Regio Deal.
DESIGNS_TESTED = ("provincial_steering", "provincial_steering_mandated", "regio_deal", "regiobureau")
#: The status quo under which municipalities have granted the province the stick, and nothing else.
STICK = "granted_stick"
#: The parameter that sets trust before anything happens.
TRUST = "baseline_trust"
#: Two places in its range with the mean and the variance of all of it (Gauss-Legendre nodes).
NODES = (0.5 - 0.5 / 3.0**0.5, 0.5 + 0.5 / 3.0**0.5)
#: Over how many municipalities the region's inhabitants are spread.
COUNTS = (4, 8, 16)
#: The design after the programme that was dissolved (BRE 2.2).
POOLED = "pooled_programme"
#: Times the replicates of runs in which what is looked at is rare: one programme in ten is dissolved so soon.
RARE = 8
#: Parts of the undercurrent at 0 and at 1, the others as configured.
PARTS = tuple((part, strength) for part in UNDERCURRENT_PARTS for strength in (0.0, 1.0))


@dataclass(frozen=True)
class Sets:
    """P parameter sets (P, number of parameters), each with the draw of the codings (P,) that it is judged with."""

    values: Floats
    codings: NDArray[np.int64]

    @staticmethod
    def at_point(values: Floats) -> Sets:
        """These sets, every value of a design as its file has it."""
        return Sets(values, np.full(len(values), POINT))

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, which: NDArray[np.intp] | NDArray[np.bool_] | slice) -> Sets:
        return Sets(self.values[which], self.codings[which])


@dataclass(frozen=True)
class Batch:
    """Runs of some variants: arrays are (V, P, R, ...)."""

    plan: Plan
    recorded: Recorded
    variants: tuple[str, ...]
    sets: int
    replicates: int

    def quarter(self, date: str) -> int:
        """The number of a quarter such as ``2023-Q1``."""
        return self.plan.config.time.dates.index(date)

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


def agreed_before(log: NDArray[np.void]) -> NDArray[np.bool_]:
    """Which initiatives were agreed before the run began: of what it inherited, all that did not wait for agreement."""
    return np.asarray(log["inherited"] & (log["agreed"] < 0) & ~np.isin(log["outcome"], (DEADLOCKED, LAPSED)))


def _with_stick(base: Design) -> Design:
    granted = load_design("provincial_steering_mandated")
    payoff = base.payoff.model_copy(update={"steering": granted.payoff.steering, "mandate": granted.payoff.mandate})
    aggregation = base.aggregation.model_copy(update={"imposition": granted.aggregation.imposition})
    return base.model_copy(update={"payoff": payoff, "aggregation": aggregation})


def designs_tested() -> list[tuple[str, Design]]:
    """(name, design): the status quo with measures on, with the granted stick, and designs once founded."""
    base = load_design("status_quo")
    shipped = measures()
    found = [(name, with_measures(base, [(shipped[name], 1.0)])) for name in MEASURES_TESTED]
    found += [(name, load_design(name)) for name in DESIGNS_TESTED]
    return [*found, (STICK, _with_stick(base))]


def _shipped() -> list[tuple[str, Design]]:
    return [(name, load_design(name)) for name in shipped_designs()]


def _voluntary_and_mandated() -> list[tuple[str, Design]]:
    """A regional bureau that works for a majority, which binds nobody else or everybody: the services are the same."""
    base = load_design("regiobureau")
    rules = {
        name: base.aggregation.model_copy(update={"quota": 0.5, "binds_dissenters": binds})
        for name, binds in (("voluntary", 0.0), ("mandated", 1.0))
    }
    return [(name, base.model_copy(update={"aggregation": rule})) for name, rule in rules.items()]


def _levels(config: ModelConfig) -> dict[str, Undercurrent]:
    now = config.undercurrent.model_dump()
    parts = {part: now[part] for part in UNDERCURRENT_PARTS}
    found = {"absent": Undercurrent.of_level("absent"), "strong": Undercurrent.of_level("strong")}
    return found | {f"{part} {strength:g}": Undercurrent(**{**parts, part: strength}) for part, strength in PARTS}


def plan_of(
    config: ModelConfig,
    designs: Sequence[tuple[str, Design]],
    levels: Sequence[Undercurrent] | None,
    sets: Sets,
    first: int,
    replicates: int,
    which: NDArray[np.intp] | None = None,
) -> Plan:
    """The runs of these designs or levels, each parameter set with the random draws of its number.

    ``which``: only of these sets, with the random draws that they have among all.
    """
    count = len(sets)
    # At once: a pattern tells what a design does, not whether it is founded.
    founded = with_designs(config, [design for _, design in designs], "at_once")
    settled = founded.model_copy(update={"replicates_per_draw": replicates})
    chosen = np.arange(count) if which is None else which
    numbers = ((first + chosen)[:, None] * replicates + np.arange(replicates)).reshape(-1)
    rolled = sets[np.roll(np.arange(count), first % count)]  # block b takes set b mod P
    return make_plan(settled, numbers, levels, rolled.values, rolled.codings)


@dataclass(frozen=True)
class Setup:
    """How a batch is run: ``config``, parameter ``sets``, and which random draws.

    ``switch`` changes the world of every batch, after what the batch itself changes. Only the sets ``which`` are run.
    """

    config: ModelConfig
    sets: Sets
    first: int
    replicates: int
    progress: Progress
    switch: Change = unchanged
    which: NDArray[np.intp] | None = None

    @property
    def count(self) -> int:
        """Number of parameter sets that are run."""
        return len(self.sets) if self.which is None else len(self.which)

    def plan(
        self,
        designs: Sequence[tuple[str, Design]],
        change: Change = unchanged,
        levels: dict[str, Undercurrent] | None = None,
    ) -> Plan:
        """The runs of designs, or levels of the undercurrent, on the world as it is or changed."""
        chosen = list(levels.values()) if levels else None
        plan = plan_of(self.config, designs, chosen, self.sets, self.first, self.replicates, self.which)
        return replace(plan, world=self.switch(change(plan.world)))

    def run(
        self,
        designs: Sequence[tuple[str, Design]],
        change: Change = unchanged,
        levels: dict[str, Undercurrent] | None = None,
        details: bool = True,
    ) -> Batch:
        """Simulate these runs; without ``details`` there are outcomes and series only."""
        plan = self.plan(designs, change, levels)
        recorded = simulate(
            plan.world,
            plan.jobs,
            self.config.seed,
            plan.region.subregion,
            workers=self.config.threads,
            series=True,
            details=details,
            progress=self.progress.advance,
        )
        names = tuple(levels) if levels else tuple(name for name, _ in designs)
        return Batch(plan, recorded, names, self.count, self.replicates)

    def at(self, name: str, unit: float) -> Setup:
        """The same with parameter ``name`` at this place of its range, in [0, 1], in every set."""
        parameter, values = parameters.PARAMETERS[name], self.sets.values.copy()
        values[:, list(parameters.PARAMETERS).index(name)] = parameter.low + unit * (parameter.high - parameter.low)
        return replace(self, sets=Sets(values, self.sets.codings))


def _status_quo() -> list[tuple[str, Design]]:
    return [("status_quo", load_design("status_quo"))]


def _both() -> list[tuple[str, Design]]:
    return [*_status_quo(), ("regiobureau", load_design("regiobureau"))]


def _towns(count: int) -> Callable[[Setup], Batch]:
    return lambda s: s.run(_status_quo(), equal_towns(count), details=False)


#: Name of a batch -> how it is run.
BATCHES: Mapping[str, Callable[[Setup], Batch]] = {
    "main": lambda s: s.run(_status_quo()),
    "described": lambda s: s.run(_status_quo(), until(s.config.time.dates.index(DESCRIBED))),
    "calm": lambda s: s.run(_status_quo(), without_shocks),
    "no_elections": lambda s: s.run(_status_quo(), without_elections),
    "undercurrent": lambda s: s.run(_status_quo(), levels=_levels(s.config)),
    "equal": lambda s: s.run(_status_quo(), equal_rules),
    "one_arena_each": lambda s: s.run(_status_quo(), one_arena_each),
    "capacity_half": lambda s: s.run(_both(), from_policy_start("capacity_factor", 0.5, gradual=True)),
    "capacity_double": lambda s: s.run(_both(), from_policy_start("capacity_factor", 2.0, gradual=True)),
    "turnover_double": lambda s: s.run(_status_quo(), from_policy_start("turnover_factor", 2.0, gradual=False)),
    "withdraws": lambda s: s.run([("provincial_steering", load_design("provincial_steering"))], province_withdraws),
    "designs": lambda s: s.run(designs_tested()),
    "low_trust": lambda s: s.at(TRUST, NODES[0]).run(_shipped(), details=False),
    "high_trust": lambda s: s.at(TRUST, NODES[1]).run(_shipped(), details=False),
    "least_trust": lambda s: s.at(TRUST, 0.0).run(_voluntary_and_mandated(), details=False),
    "most_trust": lambda s: s.at(TRUST, 1.0).run(_voluntary_and_mandated(), details=False),
    **{f"towns_{count}": _towns(count) for count in COUNTS},
    "pooled": lambda s: replace(s, replicates=RARE * s.replicates).run([(POOLED, load_design(POOLED))]),
}


class Evidence:
    """The runs that statistics are made from, batch by batch, each run when it is first asked for."""

    def __init__(
        self,
        config: ModelConfig,
        sets: Sets,
        replicates: int,
        progress: Progress,
        first: int = 0,
        switch: Change = unchanged,
        which: NDArray[np.intp] | None = None,
    ) -> None:
        self.values = sets.values if which is None else sets.values[which]  # (P, number of parameters)
        self._setup = Setup(config, sets, first, replicates, progress, switch, which)
        self._batches: dict[str, Batch] = {}

    def batch(self, name: str) -> Batch:
        """The batch of ``BATCHES`` with this name."""
        if name not in self._batches:
            self._batches[name] = BATCHES[name](self._setup)
        return self._batches[name]

    @property
    def main(self) -> Batch:
        """The status quo under the configured undercurrent."""
        return self.batch("main")

    @cached_property
    def matched(self) -> Matched:
        """The status quo with one event forced in a copy of every run."""
        return matched(self._setup.plan(_status_quo()), len(self.values), self._setup.progress.advance)

    @cached_property
    def money_used(self) -> Floats:
        """Share of central money that is used, (2, P): status quo, regional bureau."""
        plan = self._setup.plan(_both())
        return money_used(plan, len(_both()), len(self.values), self._setup.progress.advance)

    def parameter(self, name: str) -> Floats:
        """A parameter's value in each set, (P,)."""
        return self.values[:, list(parameters.PARAMETERS).index(name)]


__all__ = [
    "BATCHES",
    "BRIDGING",
    "COUNTS",
    "DESCRIBED",
    "POOLED",
    "STICK",
    "Batch",
    "Evidence",
    "Sets",
    "agreed_before",
    "plan_of",
]
