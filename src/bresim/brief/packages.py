"""The smallest package: the best one to four changes of today's way of working, all tried.

A change is a measure at full strength, or one of the rule types in which a design differs from today, taken over from
it. A package of measures alone is taken without founding anything; one with rule types is founded. So there are three
kinds: measures, rule types, and both (mixed).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from bresim.analysis.comparison import spread
from bresim.brief.rule_types import differing, hybrid
from bresim.brief.runs import Floats, estimate, every_set, run_cases
from bresim.common.progress import Progress
from bresim.config.schema import BriefConfig
from bresim.conventions import HEADLINE
from bresim.costs import FTE, given_up
from bresim.governance import Design, with_measures
from bresim.governance import measures as shipped_measures
from bresim.plan import Case

#: Most changes in a package.
LARGEST = 4
#: The search, for each kind and size: (futures, each with other parameters; how many packages go on to the next).
#: Of 600 such searches, of two designs in 100 futures, at most 1.3 % missed the best package of any kind and size; what
#: they found in its place was never clearly worse: at most 0.07 percentage points.
STAGES = ((10, 60), (50, 10))
COLUMNS = [
    "kind", "size", "place", "parts", "gain", "low", "high", "spread_low", "spread_high", "better", "chance",
    "autonomy", FTE,
]  # fmt: skip
#: Kinds, in the order of the table.
KINDS = ("measures", "rule_types", "mixed")


@dataclass(frozen=True)
class Package:
    """Rule types taken over from a design, and measures."""

    rule_types: tuple[str, ...]
    measures: tuple[str, ...]

    @property
    def kind(self) -> str:
        """One of ``KINDS``."""
        return "measures" if not self.rule_types else "mixed" if self.measures else "rule_types"

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of its changes."""
        return (*self.rule_types, *self.measures)


def every_package(rule_types: Sequence[str], measures: Sequence[str], largest: int) -> Iterator[Package]:
    """Every package of one to ``largest`` changes; those with the same measures one after the other.

    Runs with the same measures are one run until the design is founded, which makes them quicker.
    """
    for count in range(min(largest, len(measures)) + 1):
        for taken in combinations(measures, count):
            for more in range(largest - count + 1):
                for rules in combinations(rule_types, more):
                    if rules or taken:
                        yield Package(rules, taken)


def changed(package: Package, design: Design, today: Design) -> Design:
    """Today's way with the rule types of a package, without its measures."""
    return hybrid(design, today, frozenset(package.rule_types)) if package.rule_types else today


def autonomy(design: Design, measures: tuple[str, ...] = ()) -> float:
    """Autonomy that a municipality gives up under a design with measures, at the point (rule ``voting``)."""
    known = shipped_measures()
    moved = with_measures(design, [(known[name], 1.0) for name in measures])
    by_board = moved.choice.pooled_by == "board"
    return given_up(moved.payoff.binding, moved.payoff.steering, moved.choice.pooled_capacity, by_board)


class Search:
    """The packages of one design, in the futures of the job; they begin from today's way without any measure."""

    def __init__(self, config: BriefConfig, design: Design, today: Design, progress: Progress):
        self.config, self.design, self.today, self.progress = config, design, today, progress

    def outcome(
        self, packages: Sequence[Package], replicates: np.ndarray, name: str = HEADLINE, founding: str = "at_once"
    ) -> Floats:
        """An outcome (packages, R) of each."""
        cases = [
            Case(str(number), changed(package, self.design, self.today), dict.fromkeys(package.measures, 1.0))
            for number, package in enumerate(packages)
        ]
        config = self.config.model_copy(update={"founding": founding})
        return run_cases(config, cases, replicates, self.progress, names=(name,))[name][:, 0, 0]

    def finalists(self) -> list[Package]:
        """Those of each kind and size that are left after ``STAGES``."""
        left = list(every_package(differing(self.design, self.today), tuple(shipped_measures()), LARGEST))
        tried = 0
        for futures, keep in STAGES:
            some = every_set(self.config, futures)
            if tried < len(some) < self.config.replicates:
                left = best_of_each(left, self.outcome(left, some), keep)
                tried = len(some)
        return left


def best_of_each(packages: Sequence[Package], values: Floats, keep: int) -> list[Package]:
    """The ``keep`` packages of each kind and size with the highest mean of ``values`` (packages, R), in their order.

    Of those that come to the same in every future only the smallest goes on: in the others a change does nothing.
    """
    means = values.mean(axis=1)
    seen: set[bytes] = set()
    ranked: dict[tuple[str, int], list[int]] = {}
    for at in sorted(range(len(packages)), key=lambda at: (len(packages[at].parts), at)):
        bits = values[at].tobytes()
        if bits not in seen:
            seen.add(bits)
            ranked.setdefault((packages[at].kind, len(packages[at].parts)), []).append(at)
    best = [at for group in ranked.values() for at in sorted(group, key=lambda at: -means[at])[:keep]]
    return [packages[at] for at in sorted(best)]


def packages(
    config: BriefConfig, design: Design, today: Design, quo: Floats, fte: float, draws: np.ndarray, progress: Progress
) -> pd.DataFrame:
    """The best and the second-best package of each kind and size.

    ``quo`` (R,) is today's value without measures, ``fte`` the staff it takes on average. Every package is tried in
    some futures, each with other parameters; the best of each kind and size in more, and the best of these in all:
    these decide.
    """
    search, every = Search(config, design, today, progress), np.arange(config.replicates)
    left = search.finalists()
    gains = search.outcome(left, every) - quo
    two = best_of_each(left, gains, 2)
    founded = [package for package in two if package.rule_types]
    adopted = search.outcome(founded, every, "adopted", "vote").mean(axis=1) if founded else []
    chances = dict(zip(founded, adopted, strict=True))
    staff = dict(zip(two, search.outcome(two, every, FTE).mean(axis=1), strict=True))
    rows: list[tuple[object, ...]] = []
    for package in two:
        gain = gains[left.index(package)]
        found = estimate(gain, draws)
        price = autonomy(changed(package, design, today), package.measures)
        rows.append(
            (package.kind, len(package.parts), 0, ";".join(package.parts), found.mean, found.low, found.high,
             *spread(gain), float((gain > 0.0).mean()), float(chances.get(package, np.nan)), price,
             staff[package] - fte)
        )  # fmt: skip
    return _ranked(pd.DataFrame(rows, columns=COLUMNS))


def _ranked(table: pd.DataFrame) -> pd.DataFrame:
    """The rows by kind and size, the best first."""
    order = table["kind"].map(KINDS.index)
    table = table.assign(order=order).sort_values(
        ["order", "size", "gain"], ascending=[True, True, False], kind="stable"
    )
    table["place"] = table.groupby(["order", "size"]).cumcount() + 1
    return table[COLUMNS].reset_index(drop=True)
