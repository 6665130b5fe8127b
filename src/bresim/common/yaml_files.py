"""Reading a YAML file that holds a mapping, with the same messages for every kind of file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from omegaconf._utils import get_yaml_loader

from bresim.common.errors import InputError, Problem, Said, nearest, said
from bresim.common.paths import configs_dir

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
        raise InputError(
            Problem(str(path), said("cannot be read ({reason})", reason=error.strerror), _siblings(path))
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(yaml_problem(error, str(path))) from None
    except RecursionError:
        raise InputError(Problem(str(path), said("is nested too deeply"), said("write plain values"))) from None
    if not isinstance(content, dict):
        what = said("is empty") if content is None else said("is not a mapping of keys to values")
        remedy = said("copy a file from {folder} and change it", folder=configs_dir())
        raise InputError(Problem(str(path), what, remedy))
    return content


def yaml_problem(error: Exception, where: str) -> Problem:
    """The YAML parser's error, with the line."""
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        name = str(mark.name).removeprefix("<").removesuffix(">")
        where = name if is_path(name) else where
        what = said(
            "is not valid YAML at line {line}, column {column} ({reason})",
            line=mark.line + 1,
            column=mark.column + 1,
            reason=getattr(error, "problem", None) or type(error).__name__,
        )
    elif isinstance(error, UnicodeDecodeError):
        return Problem(where, said("is not text in UTF-8 ({reason})", reason=error), said("save it as UTF-8"))
    else:
        what = said("is not valid YAML ({reason})", reason=error)
    return Problem(where, what, said("check indentation, colons and quotes"))


def _siblings(path: Path) -> Said:
    """The nearest name among the YAML files beside a path that does not exist."""
    if not path.parent.is_dir():
        return said("there is no folder '{folder}'", folder=path.parent)
    names = [
        other.name
        for other in path.parent.iterdir()
        if is_path(other.name) and other.is_file() and not other.name.startswith(".")  # as the settings of a tool
    ]
    return nearest(path.name, names) if names else said("check the path")
