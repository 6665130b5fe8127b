"""A user's own YAML files: ``governance=path/to/my_design.yaml``, and folders given by ``--config-dir``."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from omegaconf._utils import get_yaml_loader

from bresim.config.store import put
from bresim.errors import InputError, Problem, nearest
from bresim.governance import load_design
from bresim.paths import configs_dir
from bresim.scenario import read_scenario

#: Groups whose option may be a path, in ``group=path.yaml``.
FILE_GROUPS = ("governance", "region", "scenario", "undercurrent")
#: Groups whose options are files in ``configs``; a user's folder may add to them but not hide them.
GROUPS = (*FILE_GROUPS, "measure")

#: How the options made from a user's file begin.
FILE_OPTION = "file_"

_GIVEN = re.compile(rf"(?P<group>{'|'.join(FILE_GROUPS)})=(?P<value>.*\.ya?ml\b.*)", re.IGNORECASE | re.DOTALL)
_SUFFIXES = (".yaml", ".yml")


def is_path(value: str) -> bool:
    """Whether an option or a design is given by its path rather than its name."""
    return value.lower().endswith(_SUFFIXES)


def read_mapping(path: Path) -> dict[str, Any]:
    """Read a YAML file that holds a mapping, or raise InputError that says what is wrong with it and where."""
    try:
        text = path.read_text(encoding="utf-8")
        content = yaml.load(text, Loader=get_yaml_loader())  # also refuses a key that is given twice
    except OSError as error:
        raise InputError(Problem(str(path), f"cannot be read ({error.strerror})", _siblings(path))) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(yaml_problem(error, str(path))) from None
    if not isinstance(content, dict):
        what = "is empty" if content is None else "is not a mapping of keys to values"
        raise InputError(Problem(str(path), what, f"copy a file from {configs_dir()} and change it"))
    return content


def yaml_problem(error: Exception, where: str) -> Problem:
    """What a YAML parser complains of, with the line."""
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        name = str(mark.name).removeprefix("<").removesuffix(">")
        where = name if is_path(name) else where
        reason = getattr(error, "problem", None) or "cannot be parsed"
        what = f"line {mark.line + 1}, column {mark.column + 1}: {reason}"
    else:
        what = f"is not text in UTF-8 ({error})" if isinstance(error, UnicodeDecodeError) else str(error)
    return Problem(where, f"is not valid YAML: {what}", "check indentation, colons and quotes")


def _siblings(path: Path) -> str:
    """The nearest name among the YAML files beside a path that does not exist."""
    if not path.parent.is_dir():
        return f"there is no folder '{path.parent}'"
    names = [other.name for other in path.parent.iterdir() if is_path(other.name)]
    return nearest(path.name, names) if names else "check the path"


@dataclass
class Given:
    """Overrides with the paths in them replaced by names that Hydra can compose."""

    overrides: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def register_files(overrides: Sequence[str]) -> Given:
    """Replace ``group=path.yaml`` by ``group=name``, where Hydra composes ``name`` from that file.

    With several values (``governance=a.yaml,regiobureau``, for ``--multirun``) each is replaced. An override
    with a file that cannot be read is left out; its problem is kept.
    """
    given = Given()
    for override in overrides:
        match = _GIVEN.fullmatch(override)
        if match is None:
            given.overrides.append(override)
        else:
            _replace(match["group"], match["value"], given)
    return given


def _replace(group: str, value: str, given: Given) -> None:
    whole = value.strip("'\"")
    parts = [whole] if Path(whole).is_file() else [part.strip().strip("'\"") for part in value.split(",")]
    names = []
    for part in parts:
        try:
            names.append(_register(group, Path(part)) if is_path(part) else part)
        except InputError as error:
            given.problems.extend(error.problems)
    if len(names) == len(parts):
        given.overrides.append(f"{group}={','.join(names)}")


def _register(group: str, path: Path) -> str:
    content = read_mapping(path)
    check_file(group, path)
    if group != "undercurrent":
        content = {"name": path.stem, **content}
    if group == "region":
        content = beside(content, path)
    option = f"{FILE_OPTION}{re.sub(r'[^A-Za-z0-9]', '_', path.stem)}_{zlib.crc32(bytes(path.resolve())):08x}"
    put(group, option, content)
    return option


def check_file(group: str, path: Path) -> None:
    """Raise InputError for what is wrong with a user's file by itself, so that the problems name the file."""
    if group == "governance":
        load_design(path)
    elif group == "scenario":
        read_scenario(path)


def beside(region: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """The content of a region's file, with the folder in which its tables are."""
    return {**region, "folder": region.get("folder") or str(path.resolve().parent)}


def refuse_hidden(folders: Sequence[Path]) -> None:
    """Refuse a user's file that has the name of another one that Hydra finds first and would use instead."""
    problems = []
    for folder in folders:
        for group in GROUPS:
            for path in sorted((folder / group).glob("*.yaml")):
                shipped = configs_dir() / group / path.name
                if shipped.is_file() and not shipped.samefile(path) and shipped.read_bytes() != path.read_bytes():
                    what = f"has the name of the shipped {group} '{path.stem}', which would be used instead"
                    problems.append(Problem(str(path), what, "give the file a name of its own"))
    if problems:
        raise InputError(problems)
