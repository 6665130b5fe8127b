r"""What each rule type contributes to a design: Shapley values over all hybrids of today's way and the design.

A hybrid has some of Ostrom's seven rule types from the design and the others from today's way of working. The value
of a rule type is the mean, over all orders in which the seven could be taken over, of what it adds when its turn comes
(Shapley 1953, *A value for n-person games*):

    \phi_i = \sum_{S \subseteq T \setminus \{i\}} \frac{|S|!\,(|T| - |S| - 1)!}{|T|!} \bigl(v(S \cup \{i\}) - v(S)\bigr)

All 128 hybrids are run, so it is exact; in each future the seven values add up to what the design gains there, compared
with today's way under the same measures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np
import pandas as pd

from bresim.brief.runs import MEASURED, Floats, estimate, run_cases, taken_measures, with_name
from bresim.common.progress import Progress
from bresim.config.schema import BriefConfig
from bresim.conventions import FOUNDINGS, HEADLINE, REFERENCE
from bresim.costs import FTE
from bresim.governance import Design
from bresim.governance.schema import RULE_TYPES
from bresim.plan import Case

Taken = frozenset[str]
#: Every choice of rule types, from none to all.
CHOICES: tuple[Taken, ...] = tuple(
    frozenset(chosen) for size in range(len(RULE_TYPES) + 1) for chosen in combinations(RULE_TYPES, size)
)


@dataclass(frozen=True)
class Hybrids:
    """What came of every hybrid: choice of rule types → (foundings, R)."""

    design: str
    value: Mapping[Taken, Floats]
    adopted: Mapping[Taken, Floats]
    fte: Mapping[Taken, Floats]


def hybrid(design: Design, today: Design, taken: Taken) -> Design:
    """Today's way with the rule types ``taken`` from a design; it takes as many votes to found as the design does.

    What only a board supplies is supplied by all that take part where there is no board.
    """
    source = {name: with_name(design if name in taken else today, "hybrid") for name in RULE_TYPES}
    sections = {name: getattr(one, name) for name, one in source.items()}
    codings = {path: one.codings[path] for name, one in source.items() for path in one.codings if _is_of(path, name)}
    quota = "aggregation.adoption_quota"
    sections["aggregation"] = sections["aggregation"].model_copy(
        update={"adoption_quota": design.aggregation.adoption_quota}
    )
    codings.pop(quota, None)
    if quota in design.codings:
        codings[quota] = with_name(design, "hybrid").codings[quota]
    if sections["position"].board == "none":
        without = {"pooled_by": "all", "services_by": "members"}
        held = {field: other for field, other in without.items() if getattr(sections["choice"], field) == "board"}
        sections["choice"] = sections["choice"].model_copy(update=held)
    name = f"{design.name} {'+'.join(name for name in RULE_TYPES if name in taken)}"
    return design.model_copy(update={"name": name, **sections, "codings": codings})


def _is_of(path: str, section: str) -> bool:
    return path.partition(".")[0] == section


def differing(design: Design, today: Design) -> list[str]:
    """The rule types in which a design is not as today: those that are the same add nothing."""
    return [name for name in RULE_TYPES if getattr(design, name) != getattr(today, name)]


def run_hybrids(
    config: BriefConfig,
    design: Design,
    today: Design,
    main: dict[str, Floats],
    names: Sequence[str],
    progress: Progress,
) -> Hybrids:
    """Run every hybrid in all futures of the comparison; none and all taken are in ``main`` (cases, foundings, R).

    Every hybrid has the measures of the job, so that what adds up is the rules of the design alone.
    """
    own = set(differing(design, today))
    needed = [choice for choice in CHOICES if choice <= own and choice and choice != own]
    measures = taken_measures(config)
    cases = [Case(str(number), hybrid(design, today, choice), measures) for number, choice in enumerate(needed)]
    found: dict[str, dict[Taken, Floats]] = {name: {} for name in main}
    run = run_cases(config, cases, range(config.replicates), progress, names=tuple(main)) if cases else {}
    for name, outcome in main.items():
        known = {choice: run[name][at, :, 0] for at, choice in enumerate(needed)}
        known[frozenset()] = outcome[names.index(MEASURED if measures else REFERENCE)]
        known[frozenset(own)] = outcome[names.index(design.name)]
        found[name] = {choice: known[choice & own] for choice in CHOICES}
    return Hybrids(design.name, found[HEADLINE], found["adopted"], found[FTE])


def shapley(value: Mapping[Taken, Floats], players: Sequence[str]) -> dict[str, Floats]:
    """The Shapley value of each player, of the shape of the values; every set of players must have a value."""
    count = len(players)
    found = {}
    for player in players:
        others = [name for name in players if name != player]
        total = np.zeros_like(value[frozenset()])
        for size in range(count):
            weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            for chosen in combinations(others, size):
                before = frozenset(chosen)
                total = total + weight * (value[before | {player}] - value[before])
        found[player] = total
    return found


def contributions(hybrids: Hybrids, draws: np.ndarray) -> pd.DataFrame:
    """What each rule type contributes to the gain if founded, in all futures: a row a rule type."""
    at = FOUNDINGS.index("at_once")
    parts, staff = (
        shapley({choice: value[at] for choice, value in values.items()}, list(RULE_TYPES))
        for values in (hybrids.value, hybrids.fte)
    )
    rows = []
    for name, gap in parts.items():
        found = estimate(gap, draws)
        rows.append((hybrids.design, name, found.mean, found.low, found.high, float(staff[name].mean())))
    return pd.DataFrame(rows, columns=["design", "rule_type", "value", "low", "high", FTE])
