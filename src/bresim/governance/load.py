"""Find, read and check design and measure files; every problem of a file is reported at once."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from bresim.errors import InputError, Problem, nearest
from bresim.governance.compile import NUMBERS
from bresim.governance.schema import RULE_TYPES, Design, Measure
from bresim.mapping import is_path, read_mapping
from bresim.paths import configs_dir


def problems_of(error: ValidationError, where: str, model: type[BaseModel]) -> list[Problem]:
    """Translate pydantic's errors to ours, with the nearest valid key where one is unknown."""
    problems = []
    for item in error.errors():
        location = [str(part) for part in item["loc"]]
        key = ".".join(location)
        if item["type"] == "extra_forbidden":
            fields: Iterable[str] = model.model_fields
            if len(location) > 1 and location[0] in RULE_TYPES:
                fields = RULE_TYPES[location[0]].model_fields
            problems.append(Problem(f"{where}: {key}", "unknown key", nearest(location[-1], fields)))
        elif item["type"] == "missing":
            problems.append(Problem(f"{where}: {key}", "is missing", "add it"))
        else:
            value = item.get("input")
            shown = f"{value!r} " if not isinstance(value, Mapping) else ""
            problems.append(Problem(f"{where}: {key}", f"{shown}is not allowed", item["msg"]))
    return problems


def design_names(search: Sequence[Path] = ()) -> list[str]:
    """Names of all designs found in the shipped and the given folders (each holding ``governance/``)."""
    return sorted({path.stem for folder in (configs_dir(), *search) for path in (folder / "governance").glob("*.yaml")})


def shipped_designs() -> list[str]:
    """Names of the shipped designs that are compared by default, ``status_quo`` first."""
    names = [name for name in design_names() if load_design(name).compare]
    return sorted(names, key=lambda name: (name != "status_quo", name))


def load_design(source: str | Path | Mapping[str, Any], search: Sequence[Path] = ()) -> Design:
    """Load a design from a name, a path to a YAML file, or an already composed mapping."""
    if isinstance(source, Mapping):
        return _design(dict(source), f"design '{source.get('name', '?')}'")
    if is_path(str(source)):
        path = Path(source)
        return _design({"name": path.stem, **read_mapping(path)}, str(path))
    for folder in search:
        own = folder / "governance" / f"{source}.yaml"
        if own.is_file():
            return _design({"name": own.stem, **read_mapping(own)}, own.name)
    if source in design_names():
        return _shipped_design(str(source))
    raise InputError(Problem("designs", f"unknown design '{source}'", nearest(str(source), design_names(search))))


@functools.cache
def _shipped_design(name: str) -> Design:
    path = configs_dir() / "governance" / f"{name}.yaml"
    return _design({"name": name, **read_mapping(path)}, path.name)


def _design(content: dict[str, Any], where: str) -> Design:
    try:
        return Design.model_validate(content)
    except ValidationError as error:
        raise InputError(problems_of(error, where, Design)) from None


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
            measure = Measure.model_validate({"name": path.stem, **read_mapping(path)})
        except ValidationError as error:
            raise InputError(problems_of(error, path.name, Measure)) from None
        problems = [
            Problem(f"{path.name}: targets.{key}", "unknown field", nearest(key, known))
            for key in measure.targets
            if key not in known
        ]
        if problems:
            raise InputError(problems)
        found[measure.name] = measure
    return found
