"""Find, read and check design and measure files; every problem of a file is reported at once."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bresim.common import user_files
from bresim.common.errors import InputError, Problem, inside, nearest, said
from bresim.common.paths import configs_dir
from bresim.common.validation_messages import problems_of, salvage
from bresim.common.yaml_files import is_path, read_mapping
from bresim.conventions import REFERENCE
from bresim.governance.codings import problems_in, split, split_measure, told, value_of
from bresim.governance.compile import NUMBERS
from bresim.governance.schema import RULE_TYPES, Design, Measure


def design_names(search: Sequence[Path] = ()) -> list[str]:
    """Names of all designs found in the shipped and the given folders (each holding ``governance/``)."""
    return sorted({path.stem for folder in (configs_dir(), *search) for path in (folder / "governance").glob("*.yaml")})


def shipped_designs() -> list[str]:
    """Names of the shipped designs that are compared by default, ``status_quo`` first."""
    names = [name for name in design_names() if load_design(name).compare]
    return sorted(names, key=lambda name: (name != REFERENCE, name))


@dataclass(frozen=True)
class Inspected:
    """A design, where it was found and its problems. With problems: the valid part of the design, or None."""

    design: Design | None
    where: str
    problems: tuple[Problem, ...] = ()


def inspect_design(source: str | Path | Mapping[str, Any], search: Sequence[Path] = ()) -> Inspected:
    """Find, read and check a design, given by its name, the path of a YAML file, or an already composed mapping."""
    if isinstance(source, Mapping):
        return _inspected(dict(source), said("design '{name}'", name=source.get("name", "?")))
    path = design_file(source, search)
    if path is not None:
        try:
            return _inspected({"name": path.stem, **read_mapping(path)}, str(path))
        except InputError as error:
            return Inspected(None, str(path), error.problems)
    if source in design_names():
        return _shipped_design(str(source))
    problem = Problem(
        "designs", said("unknown design '{name}'", name=source), nearest(str(source), design_names(search))
    )
    return Inspected(None, "designs", (problem,))


def load_design(source: str | Path | Mapping[str, Any], search: Sequence[Path] = ()) -> Design:
    """As :func:`inspect_design`; raises InputError with every problem."""
    found = inspect_design(source, search)
    if found.design is None or found.problems:
        raise InputError(found.problems)
    return found.design


def design_file(source: str | Path, search: Sequence[Path] = ()) -> Path | None:
    """The user's own file that ``source`` means; None for the name of a shipped design."""
    if is_path(str(source)):
        return Path(source)
    own = (path for folder in search for path in user_files.files_in(folder / "governance", ".yaml"))
    return next((path for path in own if path.stem == source), None)


def successor_of(design: Design, where: str | None = None) -> Design | None:
    """The design that continues after the term of this one: a shipped one, since a configuration holds no other."""
    name = design.scope.successor
    if not name:
        return None
    if name not in design_names():
        what = said(
            "unknown design '{name}': a successor is one of the shipped designs, not a file of your own", name=name
        )
        where = where or said("design '{name}'", name=design.name)
        raise InputError(Problem(inside(where, "scope.successor"), what, nearest(name, design_names())))
    return load_design(name)


@functools.cache
def _shipped_design(name: str) -> Inspected:
    path = configs_dir() / "governance" / f"{name}.yaml"
    return _inspected({"name": name, **read_mapping(path)}, said("design '{name}'", name=name))


def _inspected(content: dict[str, Any], where: str) -> Inspected:
    plain, problems = split(content, where, design_names(), _known)
    try:
        design = Design.model_validate(plain)
    except ValidationError as error:
        stand_ins = {"name": "unnamed", "label_nl": "-", "label_en": "-"}
        sound, _ = salvage(Design, plain, error, stand_ins)
        problems += [told(problem) for problem in problems_of(error, where, Design)]
        return Inspected(sound, where, tuple(problems))
    paths = [f"{section}.{field}" for section, rules in RULE_TYPES.items() for field in rules.model_fields]
    problems += problems_in(design.codings, {path: value_of(design, path) for path in paths}, where)
    return Inspected(_with_origins(design), where, tuple(problems))


def _with_origins(design: Design) -> Design:
    """A design of the user's own, whose codings that are those of a shipped one have its draws.

    So a copy of which one field is changed differs from the original in that field alone.
    """
    if not design.codings or design.name in design_names():
        return design
    shipped = [found for found in map(_known, design_names()) if found is not None]
    codings = {}
    for path, coding in design.codings.items():
        same = (
            one.name
            for one in shipped
            if one.codings.get(path) == coding and value_of(one, path) == value_of(design, path)
        )
        origin = coding.origin or next(same, "")
        codings[path] = coding.model_copy(update={"origin": origin})
    return design.model_copy(update={"codings": codings})


def _known(name: str) -> Design | None:
    return _shipped_design(name).design


@functools.cache
def design_labels(name: str) -> tuple[str, str]:
    """(Dutch, English) display name of a design; the name itself for a design that is not shipped."""
    try:
        design = load_design(name)
    except InputError:
        return name, name
    return design.label_nl, design.label_en


@functools.cache
def design_descriptions(name: str) -> tuple[str, str]:
    """(Dutch, English) description of a shipped design; empty for one that is not shipped."""
    try:
        design = load_design(name)
    except InputError:
        return "", ""
    return design.description_nl, design.description_en


@functools.cache
def measures() -> dict[str, Measure]:
    """The shipped measures by name, each checked to move only fields that exist."""
    known = [f"{section}.{field}" for section, field in NUMBERS]
    found: dict[str, Measure] = {}
    for path in sorted((configs_dir() / "measure").glob("*.yaml")):
        try:
            measure = Measure.model_validate({"name": path.stem, **split_measure(read_mapping(path))})
        except ValidationError as error:
            raise InputError([told(problem) for problem in problems_of(error, path.name, Measure)]) from None
        problems = [
            Problem(f"{path.name}: targets.{key}", said("unknown field"), nearest(key, known))
            for key in measure.targets
            if key not in known
        ]
        problems = problems or problems_in(measure.codings, measure.targets, path.name)
        if problems:
            raise InputError(problems)
        found[measure.name] = measure
    return found
