"""The type of a swept key by the schema, and lists and nulls as text in a table of points.

A list of names is JSON, ``["water_climate","housing"]``, and no value is ``null``, so that tables stay flat.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from bresim.config.schema import Variant
from bresim.governance.schema import RULE_TYPES
from bresim.region.schema import ArenaEntry, RegionFile, Synthetic, ThemeEntry
from bresim.scenario import ScenarioFile

#: Text for no value in a table.
NULL = "null"
#: Table of a region → the class of its entries.
_ENTRIES = {"themes": ThemeEntry, "arenas": ArenaEntry}


@cache
def kinds_of(key: str) -> tuple[Any, ...]:
    """Every type that a key of a design, a region or a scenario may have; none for other keys."""
    section, *path = key.split(".")
    annotation: Any = None
    if section in {"governance", "designs"} and len(path) > 1:
        annotation, path = RULE_TYPES.get(path[-2]), path[-1:]
    elif section == "region" and path[:1] == ["synthetic"]:
        annotation, path = Synthetic, path[1:]
    elif section == "region" and path and path[0] in _ENTRIES:
        annotation, path = _ENTRIES[path[0]], path[2:]
    elif section in {"region", "scenario"}:
        annotation = RegionFile if section == "region" else ScenarioFile
    elif section == "variant":
        annotation = Variant
    for part in path:
        annotation = _inner(annotation, part)
    return tuple(_kinds(annotation))


def _inner(annotation: Any, part: str) -> Any:
    """The type of a key within a table."""
    for kind in _kinds(annotation):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            field = kind.model_fields.get(part)
            return field.annotation if field is not None else None
        if get_origin(kind) is dict:
            return get_args(kind)[1]
    return None


def _kinds(annotation: Any) -> Iterator[Any]:
    """The types of a union, each without what pydantic adds to it."""
    if get_origin(annotation) is Annotated:
        yield from _kinds(get_args(annotation)[0])
    elif get_origin(annotation) in {Union, UnionType}:
        for part in get_args(annotation):
            yield from _kinds(part)
    elif annotation is not None:
        yield annotation


@cache
def takes_list(key: str) -> bool:
    """Whether a list of names may be its value."""
    lists = [kind for kind in kinds_of(key) if get_origin(kind) in {list, tuple}]
    return any(str in _kinds(get_args(kind)[0]) for kind in lists)


@cache
def takes_null(key: str) -> bool:
    """Whether it may have no value."""
    return NoneType in kinds_of(key)


def takes_no_number(key: str) -> bool:
    """Whether the schema says that no number can be its value."""
    kinds = kinds_of(key)
    return bool(kinds) and not {int, float} & set(kinds)


def as_text(key: str, value: Any) -> Any:
    """A value for a table: lists and null as text where the key takes them, everything else unchanged."""
    if value is None and takes_null(key):
        return NULL
    if isinstance(value, (list, tuple)) and takes_list(key):
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return value


def from_text(key: str, value: Any) -> Any:
    """The value that :func:`as_text` wrote; ValueError for text that begins as a list and is none."""
    if value == NULL and takes_null(key):
        return None
    if isinstance(value, str) and value.lstrip().startswith("[") and takes_list(key):
        return json.loads(value)
    return value


def written_alike(key: str, value: Any) -> Any:
    """A value as it stands in a table, equal lists as the same text; invalid text is kept, and reported later."""
    try:
        return as_text(key, from_text(key, value))
    except ValueError:
        return value
