"""Codings: what the value of a field rests on, and how it is drawn between the values that can be defended.

In a file a value is a number or a word, or says in its place what it rests on::

    payoff:
      binding: {value: 0.4, range: [0.2, 0.6], evidence: inferred, source: "“SMART-afspraken” (BRE 4.2.3)"}
      sanction: {as: regio_deal}  # the same judgement as in another shipped design: its value, and one draw for both

A range is what readers of the same source can defend, so a draw is uniform over it, and each whole number is equally
likely: weight on our own value would make the reading look better known than it is. A draw is keyed by seed, number of
the draw, design and field alone: it is the same whatever else is in the job.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from bresim.common.errors import NOTHING, Problem, Said, inside, nearest, said
from bresim.common.validation_messages import problems_of, shown
from bresim.governance.schema import RULE_TYPES, Coding, Design, Measure, Rules

#: Fields of which 0 says "none": a range that holds 0 and more would be two rules, not one.
SWITCHES = ("aggregation.adoption_quota", "scope.term_quarters")
#: Numbers of a block of Philox: how many draws one step of its counter makes.
_BLOCK = 4


#: Number of the reading under which every value is as its file has it.
POINT = -1


#: Ways to read the codings, beside the number of one draw for all.
WAYS = ("drawn", "point")


def coding_of(value: Any) -> str | int:
    """How the codings are read: ``drawn``, ``point`` or the number of a draw; ValueError for anything else."""
    if value in WAYS:
        return str(value)
    text = "" if isinstance(value, bool) else str(value)
    if not text.isdecimal() or int(text) >= 2**31:
        raise ValueError(
            said("{shown} is no coding; write drawn, point, or the number of a draw, from 0", shown=shown(value))
        )
    return int(text)


@dataclass(frozen=True)
class Readings:
    """Which reading of the codings each of C rows has: the seed (C,) and the number (C,) of its draw, or ``POINT``."""

    seeds: NDArray[np.int64]
    numbers: NDArray[np.int64]
    _drawn: dict[str, NDArray[np.float64]] = dataclasses.field(default_factory=dict, repr=False, compare=False)

    @property
    def at_point(self) -> NDArray[np.bool_]:
        """Which rows (C,) have every value as its file has it."""
        return np.asarray(self.numbers == POINT)

    def units(self, what: str) -> NDArray[np.float64]:
        """The numbers (C,) in [0, 1) of one coding, ``what``: draw n is the n-th number of a stream of its own."""
        if what not in self._drawn:  # designs and measures share many codings
            self._drawn[what] = self._draw(what)
        return self._drawn[what]

    def _draw(self, what: str) -> NDArray[np.float64]:
        name = int.from_bytes(hashlib.sha256(what.encode()).digest()[:8], "big")
        found = np.zeros(len(self.numbers))
        for seed in np.unique(self.seeds[~self.at_point]):
            mine = (self.seeds == seed) & ~self.at_point
            numbers = self.numbers[mine]
            first = int(numbers.min()) // _BLOCK
            stream = np.random.Philox(key=np.array([int(seed), name], dtype=np.uint64)).advance(first)
            found[mine] = np.random.Generator(stream).random(int(numbers.max()) + 1 - _BLOCK * first)[
                numbers - _BLOCK * first
            ]
        return found

    def of(self, entry: Design | Measure, path: str, value: float) -> NDArray[np.float64]:
        """The values (C,) of a field of a design or measure, of which ``value`` is that at the point.

        A value that was changed in Python, as by a measure, is certain: the range in the file is of another one.
        """
        coding = entry.codings.get(path)
        if coding is None or coding.range is None or not coding.is_about(value):
            return np.full(len(self.numbers), value)
        kind = "measure " if isinstance(entry, Measure) else ""
        unit = self.units(f"{kind}{coding.origin or entry.name}.{path}")
        low, high = coding.range
        read = low + np.floor(unit * (high - low + 1.0)) if is_whole(path) else low + unit * (high - low)
        return np.where(self.at_point, value, read)


def is_whole(path: str) -> bool:
    """Whether a field is a whole number."""
    section, _, field = path.partition(".")
    return RULE_TYPES[section].model_fields[field].annotation is int


def value_of(design: Design, path: str) -> Any:
    """The value of a field, given by its path (``payoff.binding``)."""
    section, _, field = path.partition(".")
    return getattr(getattr(design, section), field)


Known = Callable[[str], "Design | None"]


def split(
    content: Mapping[str, Any], where: str, names: Iterable[str], known: Known
) -> tuple[dict[str, Any], list[Problem]]:
    """The content of a design's file with plain values, and ``codings`` beside them.

    ``names`` are the designs that ``as`` can name, ``known`` gives one by its name.
    """
    plain = dict(content)
    given = content.get("codings", {})
    codings: dict[str, Any] = dict(given) if isinstance(given, Mapping) else {}
    problems: list[Problem] = []
    for section in RULE_TYPES:
        fields = content.get(section)
        if not isinstance(fields, Mapping):
            continue
        plain[section] = dict(fields)
        for field, entry in fields.items():
            if not isinstance(entry, Mapping):
                continue
            path = f"{section}.{field}"
            del plain[section][field]
            wrong = _one(plain[section], codings, path, entry, where, names, known)
            problems.extend([wrong] if wrong else [])
    return plain | ({"codings": codings} if codings and isinstance(given, Mapping) else {}), problems


def _one(
    values: dict[str, Any],
    codings: dict[str, Any],
    path: str,
    entry: Mapping[str, Any],
    where: str,
    names: Iterable[str],
    known: Known,
) -> Problem | None:
    """Take one value that says what it rests on apart; what is wrong with its form."""
    section, _, field = path.partition(".")
    place = inside(where, f"{path}")
    if "as" not in entry:
        if "value" not in entry:
            return Problem(
                inside(where, f"{path}.value"),
                said("is missing"),
                said("add it, or name another design: {{as: status_quo}}"),
            )
        values[field] = entry["value"]
        codings[path] = {key: part for key, part in entry.items() if key != "value"}
        return None
    if len(entry) > 1:
        other = next(key for key in entry if key != "as")
        return Problem(
            place,
            said("has both 'as' and '{other}'", other=other),
            said("'as' takes all from the other design: leave one out"),
        )
    name = str(entry["as"])
    other_design = known(name) if name in names else None
    if other_design is None:
        return Problem(inside(where, f"{path}.as"), said("unknown design '{name}'", name=name), nearest(name, names))
    if field not in RULE_TYPES[section].model_fields:
        values[field] = None  # an unknown key, reported with its place
        return None
    values[field] = value_of(other_design, path)
    coding = other_design.codings.get(path)
    if coding is not None:
        codings[path] = {**coding.model_dump(), "origin": coding.origin or name}
    return None


def split_measure(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a measure's file with plain targets, and ``codings`` beside them."""
    targets = content.get("targets")
    if not isinstance(targets, Mapping):
        return dict(content)
    inner = {path: entry for path, entry in targets.items() if isinstance(entry, Mapping)}
    values = {path: entry.get("value") if path in inner else entry for path, entry in targets.items()}
    codings = {path: {key: part for key, part in entry.items() if key != "value"} for path, entry in inner.items()}
    return {**content, "targets": values, **({"codings": codings} if codings else {})}


def problems_in(codings: Mapping[str, Coding], values: Mapping[str, Any], where: str) -> list[Problem]:
    """What is wrong with codings beside the values (field path -> value) that they are of."""
    problems: list[Problem] = []
    for path, coding in codings.items():
        place = inside(where, f"{path}")
        if path not in values:
            problems.append(Problem(place, said("says what a value rests on, and there is no such field")))
            continue
        if coding.evidence != "judgement" and not coding.source:
            problems.append(
                Problem(
                    inside(where, f"{path}.source"),
                    said("is missing"),
                    said("'{evidence}' names a passage: add it", evidence=coding.evidence),
                )
            )
        if coding.range is not None:
            problems.extend(_wrong_range(path, coding.range, values[path], inside(where, f"{path}.range")))
    return problems


def _wrong_range(path: str, given: tuple[float, float], value: Any, place: str) -> Iterator[Problem]:
    low, high = given
    told = f"[{low:g}, {high:g}]"
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        yield Problem(
            place, said("{shown} is no number, so it has no range", shown=shown(value)), said("leave the range out")
        )
        return
    if not low <= value <= high:
        what = said("{told} does not hold the value {value}", told=told, value=f"{value:g}")
        yield Problem(place, what, said("write [low, high], with the value between them"))
    section, _, field = path.partition(".")
    for end in (low, high):
        wrong = _outside(RULE_TYPES[section], field, int(end) if end.is_integer() and is_whole(path) else end)
        if wrong:
            yield Problem(place, said("{value} is not allowed", value=f"{end:g}"), wrong)
    if path in SWITCHES and low == 0.0 < high:
        yield Problem(place, said("{told} holds 0, which means none", told=told), said("begin above 0"))


def _outside(rules: type[Rules], field: str, value: float) -> Said:
    """Why a field cannot have a value; empty if it can."""
    try:
        rules.model_validate({field: value})
    except ValidationError as error:
        wrong = problems_of(error, "", rules)[0]
        return wrong.remedy or wrong.what
    return NOTHING


def told(problem: Problem) -> Problem:
    """A problem of ``codings.payoff.binding.range`` at the place where a file has it."""
    place = problem.where
    if isinstance(place, Said) and "key" in place.values:
        place = inside(str(place.values["where"]), str(place.values["key"]).replace("codings.", "", 1))
    return Problem(place, problem.what, problem.remedy)
