"""Reading a YAML file that holds a mapping, with the same messages for every kind of file.

A file of a user holds plain values: no tags, no interpolations, and no more than a person writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from omegaconf._utils import get_yaml_loader

from bresim.common import user_files
from bresim.common.errors import InputError, Problem, Said, inside, nearest, said
from bresim.common.paths import configs_dir
from bresim.common.user_files import has_controls, shortened

_SUFFIXES = (".yaml", ".yml")
#: Most values in a file, those of an alias counted each time, and most levels of nesting.
MOST_VALUES, DEEPEST = 10_000, 30
#: Longest key, and largest whole number that the model can hold.
LONGEST_KEY, LARGEST = 200, 2**63 - 1


def is_path(value: str) -> bool:
    """Whether an option or a design is given by its path rather than its name."""
    return value.lower().endswith(_SUFFIXES)


def read_mapping(path: Path, home: Path | None = None, *, may_be_empty: bool = False) -> dict[str, Any]:
    """Read a YAML file that holds a mapping, or raise InputError that says what is wrong with it and where.

    ``home``: the folder that it must not be a link out of, if that is not the one it is in.
    """
    try:
        text = user_files.read_text(path, user_files.YAML, home)
        content = plain(text, str(path))
    except OSError as error:
        raise InputError(
            Problem(str(path), said("cannot be read ({reason})", reason=error.strerror), _siblings(path))
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(yaml_problem(error, str(path))) from None
    if content is None and may_be_empty:
        return {}
    if not isinstance(content, dict):
        what = said("is empty") if content is None else said("is not a mapping of keys to values")
        remedy = said("copy a file from {folder} and change it", folder=configs_dir())
        raise InputError(Problem(str(path), what, remedy))
    return content


def plain(text: str, where: str) -> Any:
    """The values that a YAML text holds; InputError if it holds anything but plain values, YAMLError if it is none."""
    try:
        _check_shape(text, where)
        content = yaml.load(text, Loader=get_yaml_loader())  # also refuses a key that is given twice
    except RecursionError:
        raise _refused(where, said("is nested too deeply")) from None
    except (ValueError, OverflowError, TypeError, AttributeError) as error:
        if isinstance(error, InputError | UnicodeError):
            raise
        raise _refused(where, said("holds a value that cannot be read ({reason})", reason=_first_line(error))) from None
    _check_values(content, where)
    return content


@dataclass
class _Open:
    """A list or mapping that is being read: how many values it holds so far, and what an alias of it is called."""

    anchor: str | None
    values: int = 1


def _check_shape(text: str, where: str) -> None:
    """Refuse tags, aliases that multiply or hold themselves, depth and size, before any value is made."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one takes a tenth of the time
    above = [_Open(None)]
    sizes: dict[str, int] = {}
    for event in yaml.parse(text, Loader=loader):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in sizes:  # the parser of events takes any; one that is open holds itself
                raise _refused(where, said("has an alias of itself or of nothing at line {line}", line=line))
            above[-1].values += sizes[event.anchor]
        elif isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            if event.tag is not None:
                raise _refused(where, said("has a tag at line {line} ({tag})", line=line, tag=shortened(event.tag)))
            if isinstance(event, yaml.CollectionStartEvent):
                above.append(_Open(event.anchor))
            else:
                above[-1].values += 1
                if event.anchor:
                    sizes[event.anchor] = 1
        elif isinstance(event, yaml.CollectionEndEvent):
            done = above.pop()
            above[-1].values += done.values
            if done.anchor:
                sizes[done.anchor] = done.values
        if len(above) > DEEPEST:
            raise _refused(where, said("is nested too deeply"))
        if above[-1].values > MOST_VALUES:
            raise _refused(where, said("holds more than {most} values", most=MOST_VALUES))


def _check_values(content: Any, where: str) -> None:
    """Refuse what is no plain value, and numbers and keys that nothing can hold."""
    for path, key, value in _entries(content, ""):
        place = inside(where, shortened(path)) if path else where
        if not isinstance(key, str | int | float | bool):
            raise _refused(where, said("has a key that is no word ({key})", key=shortened(str(key))))
        if isinstance(key, str) and len(key) > LONGEST_KEY:
            raise _refused(where, said("has a key of {count} characters", count=len(key)))
        if any("${" in text for text in (key, value) if isinstance(text, str)):
            raise _refused(place, said("refers to something else by '${{…}}', which a file cannot"))
        if any(has_controls(text) for text in (key, value) if isinstance(text, str)):
            raise _refused(place, said("has a sign that cannot be seen"))
        if isinstance(value, int) and abs(value) > LARGEST:
            raise _refused(place, said("is a number of more than {most} digits", most=18))


def _entries(content: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    """(path, key, value) of everything below; the shape has been checked, so that this ends soon."""
    if isinstance(content, dict):
        for key, value in content.items():
            below = f"{path}.{key}" if path else str(key)[: LONGEST_KEY + 1]
            yield below, key, value
            yield from _entries(value, below)
    elif isinstance(content, list | tuple):
        for at, value in enumerate(content):
            yield f"{path}[{at}]", at, value
            yield from _entries(value, f"{path}[{at}]")


def _refused(where: str, what: Said) -> InputError:
    return InputError(Problem(where, what, said("write plain values")))


def _first_line(error: BaseException) -> str:
    return shortened(str(error).partition("\n")[0])


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
        what = said("is not valid YAML ({reason})", reason=str(error).partition("\n")[0])
    return Problem(where, what, said("check indentation, colons and quotes"))


def _siblings(path: Path) -> Said:
    """The nearest name among the YAML files beside a path that does not exist."""
    if not user_files.is_folder(path.parent):
        return said("there is no folder '{folder}'", folder=shortened(str(path.parent), 300))
    names = [
        other.name
        for other in path.parent.iterdir()
        if is_path(other.name) and other.is_file() and not other.name.startswith(".")  # as the settings of a tool
    ]
    return nearest(path.name, names) if names else said("check the path")
