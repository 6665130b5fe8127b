"""The smallest package: the best one to four changes of today's way, all tried.

Two kinds of change: measures, for which nothing is founded, and rule types taken over from a design, which is founded.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from bresim.brief.rule_types import Hybrids, hybrid
from bresim.brief.runs import Floats, estimate, every_set, run_cases
from bresim.common.progress import Progress
from bresim.config.schema import BriefConfig
from bresim.conventions import FOUNDINGS, HEADLINE, REFERENCE
from bresim.governance import Design, with_measures
from bresim.governance import measures as shipped_measures
from bresim.plan import Case
from bresim.rules.voting import autonomy_loss, cost_of_pool

#: Most changes in a package.
LARGEST = 4
#: Parameter sets in which every package of measures is tried, and how many of each size go on to all futures.
SETS, FINALISTS = 50, 12
COLUMNS = ["kind", "size", "place", "parts", "gain", "low", "high", "better", "chance", "autonomy"]


def autonomy(design: Design, measures: tuple[str, ...] = ()) -> float:
    """Autonomy that a municipality gives up under a design with measures, at the point (rule ``voting``)."""
    known = shipped_measures()
    moved = with_measures(design, [(known[name], 1.0) for name in measures])
    pool = cost_of_pool(moved.choice.pooled_capacity, moved.choice.pooled_by != "board")
    return float(autonomy_loss(moved.payoff.binding, pool, moved.payoff.steering))


def packages(config: BriefConfig, quo: Floats, draws: np.ndarray, progress: Progress) -> pd.DataFrame:
    """The best and the second-best package of measures of each size, nothing founded.

    ``quo`` (R,) is today's value without measures. Every package is tried in up to ``SETS`` futures, each with other
    parameters; the best of each size in all of them, and these decide.
    """
    today = next(design for design in config.designs if design.name == REFERENCE)
    one = config.model_copy(update={"founding": "at_once"})
    some = every_set(config, SETS)
    rows: list[tuple[object, ...]] = []
    for size in range(1, LARGEST + 1):
        chosen = list(combinations(shipped_measures(), size))
        tried = _value(one, today, chosen, some, progress) if len(chosen) > FINALISTS else None
        if tried is not None:
            best = np.argsort(-(tried - quo[some]).mean(axis=1), kind="stable")[:FINALISTS]
            chosen = [chosen[at] for at in best]
        values = _value(one, today, chosen, np.arange(config.replicates), progress)
        rows += _two_best("measures", size, chosen, values - quo, draws, today)
    return pd.DataFrame(rows, columns=COLUMNS)


def _value(
    config: BriefConfig, today: Design, packages: list[tuple[str, ...]], replicates: np.ndarray, progress: Progress
) -> Floats:
    """The value (packages, R) of today's way with the measures of each package."""
    cases = [Case("+".join(names), today, dict.fromkeys(names, 1.0)) for names in packages]
    return run_cases(config, cases, replicates, progress, names=(HEADLINE,))[HEADLINE][:, 0, 0]


def _two_best(
    kind: str, size: int, packages: list[tuple[str, ...]], gains: Floats, draws: np.ndarray, today: Design
) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for place, at in enumerate(np.argsort(-gains.mean(axis=1), kind="stable")[:2], 1):
        found, names = estimate(gains[at], draws), packages[at]
        better = float((gains[at] > 0.0).mean())
        price = autonomy(today, names)
        rows.append((kind, size, place, ";".join(names), found.mean, found.low, found.high, better, 1.0, price))
    return rows


def of_rule_types(hybrids: Hybrids, design: Design, today: Design, draws: np.ndarray) -> pd.DataFrame:
    """The best and the second-best package of one to four rule types of a design, founded; from all its hybrids."""
    at, by_vote = FOUNDINGS.index("at_once"), FOUNDINGS.index("vote")
    quo = hybrids.value[frozenset()][at]
    rows: list[tuple[object, ...]] = []
    for size in range(1, LARGEST + 1):
        distinct: dict[bytes, frozenset[str]] = {}
        for choice, value in hybrids.value.items():
            if len(choice) == size:
                distinct.setdefault(value[at].tobytes(), choice)  # of those that differ in nothing the first
        ranked = sorted(distinct.values(), key=lambda choice: -float(hybrids.value[choice][at].mean()))
        for place, choice in enumerate(ranked[:2], 1):
            gap = hybrids.value[choice][at] - quo
            found = estimate(gap, draws)
            chance = float(hybrids.adopted[choice][by_vote].mean())
            price = autonomy(hybrid(design, today, choice))
            rows.append(
                ("rule_types", size, place, ";".join(sorted(choice)), found.mean, found.low, found.high,
                 float((gap > 0.0).mean()), chance, price)
            )  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)
