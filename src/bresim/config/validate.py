"""From what Hydra composed to a checked configuration; every problem is reported at once."""

from __future__ import annotations

import difflib
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bresim.config.files import beside, check_file
from bresim.config.schema import CONFIGS, JobConfig
from bresim.config.store import measure_names
from bresim.errors import InputError, Problem, nearest
from bresim.governance import Design, load_design, shipped_designs
from bresim.mapping import is_path
from bresim.parameters import PARAMETERS
from bresim.scenario import read_scenario


def job_config(
    command: str,
    composed: Mapping[str, Any],
    choices: Mapping[str, Any],
    folders: Sequence[Path] = (),
) -> JobConfig:
    """Check a composed configuration.

    ``choices`` are Hydra's choices (group → option), ``folders`` the user's own configuration folders.
    Raises InputError with every problem.
    """
    model = CONFIGS[command]
    problems: list[Problem] = []
    data: dict[str, Any] = {**composed, "command": command}
    if "command" in composed:
        problems.append(Problem("command", "is not a key", "remove it"))
    for group in ("region", "scenario"):
        if choices.get(group) is None:
            data.pop(group, None)  # taken away with ~
        elif isinstance(data.get(group), Mapping):
            data[group] = _file(group, data[group], choices.get(group), folders, problems)
    if isinstance(data.get("out"), str) and data["out"].strip():
        data["out"] = Path(data["out"])
    if "parameters" in model.model_fields:
        data["parameters"] = _parameters(data.get("parameters"), problems)
        data["measures"] = _measures(data.get("measures"), problems)
    if "designs" in model.model_fields:
        if command == "run":
            given = data.pop("governance", None)
            data["designs"] = _one_design(given, choices.get("governance"), folders, problems)
        else:
            data["designs"] = _listed_designs(data.get("designs", "all"), folders, problems)
    try:
        config = model.model_validate(data)
    except ValidationError as error:
        unknown = {_where(item) for item in error.errors() if item["type"] == "extra_forbidden"}
        known = {*key_paths(composed), *model.model_fields} - unknown - {"command"}
        problems.extend(_problem(item, known) for item in error.errors())
    if problems:
        raise InputError(problems)
    return config


def _file(
    group: str, given: Mapping[str, Any], option: Any, folders: Sequence[Path], problems: list[Problem]
) -> dict[str, Any]:
    """The content of a region or scenario with its name; a scenario is checked here, a region when it is loaded."""
    content = {"name": option, **given}
    own = [path for folder in folders if (path := folder / group / f"{option}.yaml").is_file()]
    if group == "region":
        return beside(content, own[0]) if own else content
    try:
        for path in own:
            check_file(group, path)
        read_scenario(content)
    except InputError as error:
        problems.extend(error.problems)
    return content


def _parameters(given: Any, problems: list[Problem]) -> Any:
    """``{source: plausible, trust_gain: 0.05, …}`` → source and the values that are fixed."""
    if not isinstance(given, Mapping):
        return given
    fixed: dict[str, float] = {}
    for name, value in given.items():
        parameter = PARAMETERS.get(name)
        if name == "source" or (value is None and parameter is not None):
            continue
        where = f"parameters.{name}"
        if parameter is None:
            problems.append(Problem(where, "unknown parameter", nearest(str(name), PARAMETERS)))
        elif not _is_number(value):
            problems.append(Problem(where, f"{_shown(value)} is not a number", _range(parameter.low, parameter.high)))
        elif not parameter.low <= value <= parameter.high:
            problems.append(Problem(where, f"{value} is out of range", _range(parameter.low, parameter.high)))
        else:
            fixed[name] = float(value)
    return {"source": given.get("source"), "fixed": fixed}


def _measures(given: Any, problems: list[Problem]) -> Any:
    """Measures and their strengths, without those that are off."""
    if not isinstance(given, Mapping):
        return given
    known = measure_names()
    for name in given:
        if name not in known:
            problems.append(Problem(f"measures.{name}", "unknown measure", nearest(str(name), known)))
    return {name: value for name, value in given.items() if name in known and value is not None and value != 0}


def _one_design(given: Any, option: Any, folders: Sequence[Path], problems: list[Problem]) -> tuple[Design, ...]:
    """The design of ``run``: the composed group ``governance``."""
    if not isinstance(given, Mapping):
        problems.append(Problem("governance", f"{_shown(given)} is not a design", "give the name or path of one"))
        return ()
    files = [folder / "governance" / f"{option}.yaml" for folder in folders]
    own = [path for path in files if path.is_file()]
    if len(_load(own, folders, problems)) < len(own):
        return ()  # the file itself is wrong: its problems name the file
    return _load([{**given, "name": given.get("name") or option}], folders, problems)


def _listed_designs(given: Any, folders: Sequence[Path], problems: list[Problem]) -> tuple[Design, ...]:
    """The designs of ``compare``: names, paths, and ``all`` for every shipped one."""
    entries = [given] if isinstance(given, str) else given
    if not isinstance(entries, list) or not entries:
        what = f"{_shown(given)} is not a list of designs"
        problems.append(Problem("designs", what, "write designs=[a,b] or designs=all"))
        return ()
    sources: list[str | Path] = []
    for entry in entries:
        if entry == "all":
            sources.extend(shipped_designs())
        elif isinstance(entry, str):
            sources.append(Path(entry) if is_path(entry) else entry)
        else:
            problems.append(Problem("designs", f"{_shown(entry)} is not a design", "give names or paths of YAML files"))
    designs = _load(sources, folders, problems)
    for name, times in Counter(design.name for design in designs).items():
        if times > 1:
            what = f"'{name}' is given {times} times"
            problems.append(Problem("designs", what, "name each design once; give a copy a name of its own"))
    return designs


def _load(
    sources: Sequence[str | Path | Mapping[str, Any]], folders: Sequence[Path], problems: list[Problem]
) -> tuple[Design, ...]:
    """The designs of ``sources`` that have no problem."""
    designs = []
    for source in sources:
        try:
            designs.append(load_design(source, folders))
        except InputError as error:
            problems.extend(error.problems)
    return tuple(designs)


def _where(item: ErrorDetails) -> str:
    return ".".join(str(part) for part in item["loc"])


def _problem(item: ErrorDetails, known: Iterable[str]) -> Problem:
    """Say in a user's words what pydantic found."""
    where = _where(item)
    kind, context = item["type"], item.get("ctx", {})
    shown = _shown(item["input"])
    allowed = {
        "literal_error": f"allowed: {context.get('expected')}",
        "int_type": "must be a whole number",
        "int_from_float": "must be a whole number",
        "float_type": "must be a number",
        "bool_type": "must be true or false",
        "string_type": "must be text",
        "finite_number": "must be a finite number",
        "greater_than_equal": f"must be at least {context.get('ge')}",
        "less_than_equal": f"must be at most {context.get('le')}",
        "is_instance_of": "must be the path of a folder",
        "path_type": "must be the path of a folder",
    }
    if kind == "extra_forbidden":
        return Problem(where, "unknown key", nearest_key(where, known))
    if kind == "missing":
        return Problem(where, "is missing", "give it a value")
    if kind == "value_error":
        return Problem(where, str(context["error"]))
    if kind in {"model_type", "dict_type", "model_attributes_type"}:
        return Problem(where, f"{shown} is not a mapping", f"set one of its keys: {where}.KEY=VALUE")
    return Problem(where, f"{shown} is not allowed", allowed.get(kind, item["msg"]))


def nearest_key(key: str, known: Iterable[str]) -> str:
    """The full path of the known key nearest to ``key``, also if only its last part was given."""
    known = sorted(set(known))
    last = key.rpartition(".")[2]
    same = [path for path in known if path.rpartition(".")[2] == last]
    by_last = {path.rpartition(".")[2]: path for path in known}
    for candidates in (
        same,
        difflib.get_close_matches(key, known, n=1, cutoff=0.7),
        [by_last[match] for match in difflib.get_close_matches(last, by_last, n=1, cutoff=0.7)],
    ):
        if candidates:
            return f"did you mean '{candidates[0]}'?"
    return "known: " + ", ".join(path for path in known if "." not in path)


def key_paths(tree: Mapping[str, Any], prefix: str = "") -> list[str]:
    """Every key of nested mappings by its full path."""
    paths = []
    for key, value in tree.items():
        path = f"{prefix}{key}"
        paths.append(path)
        if isinstance(value, Mapping):
            paths.extend(key_paths(value, f"{path}."))
    return paths


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _range(low: float, high: float) -> str:
    return f"allowed: {low:g} to {high:g}"


def _shown(value: Any) -> str:
    """A value as the user wrote it."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return f"'{value}'" if isinstance(value, str) else str(value)
