"""Find, read and check design and measure files; every problem of a file is reported at once."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from bresim.errors import InputError, Problem, nearest
from bresim.governance.compile import NUMBERS
from bresim.governance.schema import RULE_TYPES, Design, Measure
from bresim.paths import configs_dir


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML mapping or raise InputError that names the file (and line, if the parser knows it)."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(Problem(str(path), f"cannot be read ({error.strerror})", "check the path")) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" at line {mark.line + 1}" if mark is not None else ""
        raise InputError(Problem(str(path), f"is not valid YAML{line}", "check indentation, colons and quotes")) from None
    if content is None:
        raise InputError(Problem(str(path), "is empty", "copy a shipped file and change it"))
    if not isinstance(content, dict):
        raise InputError(Problem(str(path), "is not a mapping of keys to values", "copy a shipped file and change it"))
    return content


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
    path = Path(source)
    if path.suffix not in {".yaml", ".yml"}:
        for folder in (*search, configs_dir()):
            candidate = folder / "governance" / f"{source}.yaml"
            if candidate.is_file():
                return _design({"name": candidate.stem, **read_yaml(candidate)}, candidate.name)
        raise InputError(Problem("designs", f"unknown design '{source}'", nearest(str(source), design_names(search))))
    return _design({"name": path.stem, **read_yaml(path)}, str(path))


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
            measure = Measure.model_validate({"name": path.stem, **read_yaml(path)})
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
