"""What a user asks of parameter sets: which patterns, within which bounds, in which region.

A file of patterns is YAML: the number of a pattern, and its bounds if they are not the shipped ones.

    P2: {low: 0.6}            # high is as shipped
    L1: {}                    # both bounds are
    P4: {low: 1.2, high: 3}
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bresim.analysis.evidence import Evidence, Sets
from bresim.analysis.pattern import Pattern
from bresim.analysis.patterns import PATTERNS
from bresim.common.errors import InputError, Problem, inside, nearest, said
from bresim.common.progress import Silent
from bresim.common.user_files import shortened
from bresim.common.validation_messages import shown
from bresim.common.yaml_files import read_mapping
from bresim.config import load
from bresim.config.schema import PatternsConfig

BOUNDS = ("low", "high")


@dataclass(frozen=True)
class Asked:
    """The patterns that a set must show, with their bounds, and the region in which (its composed file)."""

    patterns: tuple[Pattern, ...]
    region: Mapping[str, Any]

    @property
    def bounds(self) -> dict[str, dict[str, float | None]]:
        """Number of each pattern → its bounds; None where there is none."""
        return {
            one.id: {name: value if math.isfinite(value := getattr(one, name)) else None for name in BOUNDS}
            for one in self.patterns
        }


def region_of(given: str) -> Mapping[str, Any]:
    """The region that a name or the path of a file names, checked with what a search runs in it."""
    return load("compare", [f"region={given}"]).region


def read_patterns(path: Path) -> tuple[Pattern, ...]:
    """The patterns that a file asks for; InputError with everything that is wrong with it."""
    content = read_mapping(path)
    problems: list[Problem] = []
    found = [
        _pattern(str(name), given, inside(str(path), shortened(str(name))), problems) for name, given in content.items()
    ]
    if not content:
        problems.append(
            Problem(str(path), said("asks for no pattern"), said("write {example}", example="P2: {low: 0.6}"))
        )
    if problems:
        raise InputError(problems)
    order = [pattern.id for pattern in PATTERNS]
    return tuple(sorted((one for one in found if one is not None), key=lambda one: order.index(one.id)))


def _pattern(name: str, given: Any, where: str, problems: list[Problem]) -> Pattern | None:
    """One pattern with the bounds that are asked for."""
    known = {pattern.id: pattern for pattern in PATTERNS}
    if name not in known:
        problems.append(
            Problem(where, said("there is no pattern '{name}'", name=shortened(name)), nearest(name, known))
        )
        return None
    wrong = list(_wrong(known[name], {} if given is None else given, where))
    problems.extend(wrong)
    if wrong:
        return known[name]
    asked = {"low": known[name].low, "high": known[name].high, **(given or {})}
    return replace(known[name], low=float(asked["low"]), high=float(asked["high"]))


def _wrong(pattern: Pattern, given: Any, where: str) -> Iterator[Problem]:
    """What is wrong with the bounds of a pattern."""
    if pattern.pooled:
        what = said("is a statistic of all sets together, so that no set can be asked to show it")
        yield Problem(where, what, said("leave it out"))
        return
    if not isinstance(given, Mapping):
        yield Problem(
            where,
            said("{value} are no bounds", value=shown(given)),
            said("write {example}", example="{low: 0, high: 1}"),
        )
        return
    unknown = [str(key) for key in given if key not in BOUNDS]
    for key in unknown:
        yield Problem(where, said("there is no bound '{name}'", name=shortened(key)), nearest(key, BOUNDS))
    numbers = {key: value for key, value in given.items() if key in BOUNDS}
    texts = [value for value in numbers.values() if not _is_number(value)]
    for value in texts:
        yield Problem(where, said("{value} is not a number", value=shown(value)))
    bounds = {"low": pattern.low, "high": pattern.high, **numbers}
    if not texts and bounds["low"] > bounds["high"]:
        what = said("no number is from {low} to {high}", low=f"{bounds['low']:g}", high=f"{bounds['high']:g}")
        yield Problem(where, what, said("let low be at most high"))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and not math.isnan(value)


def check_computed(config: PatternsConfig, asked: Asked, few: Sets) -> None:
    """Raise InputError for patterns about what the region does not have, tried on a ``few`` sets."""
    evidence = Evidence(config, few, 2, Silent())
    problems = []
    for pattern in asked.patterns:
        try:
            pattern.statistic(evidence)
        except (LookupError, ValueError) as error:
            what = said(
                "is about what region '{name}' does not have ({reason})", name=asked.region["name"], reason=error
            )
            problems.append(Problem(pattern.id, what, said("leave it out: --patterns FILE says which are asked for")))
    if problems:
        raise InputError(problems)
