"""From what Hydra composed to a checked configuration; every problem is reported at once."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bresim.common.errors import InputError, Problem, Said, nearest, said
from bresim.common.validation_messages import problems_of, shown
from bresim.common.yaml_files import is_path
from bresim.config.files import FILE_GROUPS, TABLE_GROUP, beside, check_file, file_of
from bresim.config.fits import check_designs, check_region, check_scenario
from bresim.config.hydra_store import measure_names
from bresim.config.keys import key_paths, nearest_key
from bresim.config.own_sets import read_sets
from bresim.config.schema import CONFIGS, JobConfig
from bresim.config.vary import read_vary
from bresim.governance import inspect_design, shipped_designs
from bresim.governance.library import Inspected, design_file
from bresim.parameters import PARAMETERS
from bresim.scenario import read_scenario

#: The region whose published patterns ``bresim patterns`` checks.
PATTERNS_REGION = "zuid_limburg"


def job_config(
    command: str,
    composed: Mapping[str, Any],
    choices: Mapping[str, Any],
    folders: Sequence[Path] = (),
    overrides: Sequence[str] = (),
) -> JobConfig:
    """Check a composed configuration.

    ``choices`` are Hydra's choices (group → option), ``folders`` the user's own configuration folders, ``overrides``
    what was set by hand.
    Raises InputError with every problem.
    """
    model = CONFIGS[command]
    problems: list[Problem] = []
    data: dict[str, Any] = {**composed, "command": command}
    for key in ("command", "files"):
        if key in composed:
            problems.append(Problem(key, said("is not a key"), said("remove it")))
    files = {group: file_of(group, choices.get(group), folders) for group in (*FILE_GROUPS, TABLE_GROUP)}
    data["files"] = {group: str(path) for group, path in files.items() if path is not None and group != "governance"}
    for group in ("region", "scenario"):
        if choices.get(group) is None:
            data.pop(group, None)  # taken away with ~
        elif isinstance(data.get(group), Mapping):
            data[group] = _named(group, data[group], choices.get(group), files[group], problems)
    if isinstance(data.get("out"), str) and data["out"].strip():
        data["out"] = Path(data["out"])
    if "parameters" in model.model_fields:
        data["parameters"] = _parameters(data.get("parameters"), files[TABLE_GROUP], problems)
        data["measures"] = _measures(data.get("measures"), problems)
    if "vary" in model.model_fields:
        read_vary(data, folders, overrides, problems)
        if "options" not in model.model_fields:
            del data["options"], data["sets"]
    found: list[Inspected] = []
    if "designs" in model.model_fields:
        if command == "run":
            found = _one_design(data.pop("governance", None), choices.get("governance"), files["governance"], problems)
        else:
            found = _listed_designs(data.get("designs", "all"), folders, problems)
        data["designs"] = tuple(design.design for design in found if design.design is not None)
        data["files"] |= {
            f"designs.{entry.design.name}": entry.where
            for entry in found
            if entry.design is not None and is_path(entry.where)
        }
    _together(command, data, files, found, problems)
    try:
        config = model.model_validate(data)
    except ValidationError as error:
        unknown = {".".join(map(str, item["loc"])) for item in error.errors() if item["type"] == "extra_forbidden"}
        paths = {*key_paths(composed), *model.model_fields} - {"command", "files", "options", "sets"}
        known = {path for path in paths if not any(f"{path}.".startswith(f"{key}.") for key in unknown)}
        problems.extend(problems_of(error, "", model, lambda key: nearest_key(key, known)))
    if problems:
        raise InputError(problems)
    return config


def _named(
    group: str, given: Mapping[str, Any], option: Any, own: Path | None, problems: list[Problem]
) -> dict[str, Any]:
    """The content of a region or scenario with its name; what is wrong with the user's file by itself."""
    content = {"name": option, **given}
    try:
        if own is not None:
            check_file(group, own)
        if group == "scenario":
            read_scenario(content)
    except InputError as error:
        problems.extend(error.problems)
    return beside(content, own) if group == "region" and own is not None else content


def _together(
    command: str,
    data: Mapping[str, Any],
    files: Mapping[str, Path | None],
    designs: Sequence[Inspected],
    problems: list[Problem],
) -> None:
    """Add what is wrong with the region, and between it and the rest of the job."""
    content, scenario = data.get("region"), data.get("scenario")
    if not isinstance(content, Mapping):
        return
    if command == "patterns" and content.get("name") != PATTERNS_REGION:
        what = said(
            "'{name}' has no patterns: they are those published for {region}",
            name=content.get("name"),
            region=PATTERNS_REGION,
        )
        problems.append(
            Problem(
                "region",
                what,
                said("leave region out, or set region={region}", region=PATTERNS_REGION),
            )
        )
        return
    region = check_region(content, _place(files["region"], said("region '{name}'", name=content.get("name"))), problems)
    if region is None:
        return
    check_designs(designs, region, problems)
    if isinstance(scenario, Mapping):
        check_scenario(
            scenario, _place(files["scenario"], said("scenario '{name}'", name=scenario.get("name"))), region, problems
        )


def _place(file: Path | None, otherwise: Said) -> str:
    """Where a group was read: the user's file, if there is one."""
    return str(file) if file else otherwise


def _parameters(given: Any, table: Path | None, problems: list[Problem]) -> Any:
    """``{source: plausible, trust_gain: 0.05, …}`` → source, the values that are fixed, and the sets of a ``table``."""
    if not isinstance(given, Mapping):
        return given
    fixed: dict[str, float] = {}
    for name, value in given.items():
        parameter = PARAMETERS.get(name)
        if name == "source" or (value is None and parameter is not None):
            continue
        where = f"parameters.{name}"
        if parameter is None:
            problems.append(Problem(where, said("unknown parameter"), nearest(str(name), PARAMETERS)))
        elif not _is_number(value):
            problems.append(
                Problem(
                    where, said("{value} is not a number", value=shown(value)), _range(parameter.low, parameter.high)
                )
            )
        elif not parameter.low <= value <= parameter.high:
            problems.append(
                Problem(where, said("{value} is out of range", value=value), _range(parameter.low, parameter.high))
            )
        else:
            fixed[name] = float(value)
    found = {"source": given.get("source"), "fixed": fixed}
    if table is None or found["source"] != "own":
        return found
    try:
        return {**found, "own": read_sets(table)}
    except InputError as error:
        problems.extend(error.problems)
        return {**found, "source": "plausible"}  # so that nothing more is said of them


def _measures(given: Any, problems: list[Problem]) -> Any:
    """Measures and their strengths, without those that are off."""
    if not isinstance(given, Mapping):
        return given
    known = measure_names()
    for name in given:
        if name not in known:
            problems.append(Problem(f"measures.{name}", said("unknown measure"), nearest(str(name), known)))
    return {name: value for name, value in given.items() if name in known and value is not None and value != 0}


def _one_design(given: Any, option: Any, own: Path | None, problems: list[Problem]) -> list[Inspected]:
    """The design of ``run``: the composed group ``governance``."""
    if not isinstance(given, Mapping):
        what = said("{value} is not a design", value=shown(given))
        problems.append(Problem("governance", what, said("give the name or path of one")))
        return []
    found = inspect_design({**given, "name": given.get("name") or option})
    if own is None:
        problems.extend(found.problems)
        return [found]
    try:
        check_file("governance", own)
    except InputError as error:  # the file itself is wrong: its problems name the file
        problems.extend(error.problems)
    else:
        problems.extend(found.problems)
    return [replace(found, where=str(own))]


def _listed_designs(given: Any, folders: Sequence[Path], problems: list[Problem]) -> list[Inspected]:
    """The designs of ``compare``: names, paths, and ``all`` for every shipped one."""
    entries = [given] if isinstance(given, str) else given
    if not isinstance(entries, list) or not entries:
        what = said("{value} is not a list of designs", value=shown(given))
        problems.append(Problem("designs", what, said("write designs=[a,b] or designs=all")))
        return []
    found: list[Inspected] = []
    for entry in entries:
        if not isinstance(entry, str):
            what = said("{value} is not a design", value=shown(entry))
            problems.append(Problem("designs", what, said("give names or paths of YAML files")))
            continue
        for name in shipped_designs() if entry == "all" else [entry]:
            own = design_file(name, folders)
            found.append(inspect_design(name, folders))
            try:
                if own is not None:
                    check_file("governance", own)
                else:
                    problems.extend(found[-1].problems)
            except InputError as error:
                problems.extend(error.problems)
    for name, times in Counter(entry.design.name for entry in found if entry.design and not entry.problems).items():
        if times > 1:
            what = said("'{name}' is given {times} times", name=name, times=times)
            problems.append(Problem("designs", what, said("name each design once; give a copy a name of its own")))
    return _told_apart(found)


def _told_apart(found: Sequence[Inspected]) -> list[Inspected]:
    """The designs, those of the user's own with their name behind a label that another one has as well.

    A copy of a file often keeps its label, and two rows of one name cannot be told apart.
    """
    renamed = {index: entry.design for index, entry in enumerate(found) if entry.design is not None}
    for field in ("label_nl", "label_en"):
        times = Counter(getattr(entry.design, field) for entry in found if entry.design is not None)
        for index, design in renamed.items():
            label = getattr(design, field)
            if times[label] > 1 and is_path(found[index].where):
                renamed[index] = renamed[index].model_copy(update={field: f"{label} ({design.name})"})
    return [replace(entry, design=renamed.get(index)) for index, entry in enumerate(found)]


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _range(low: float, high: float) -> Said:
    return said("allowed: {low} to {high}", low=f"{low:g}", high=f"{high:g}")
