"""Pydantic's validation errors as messages for users: the same for every kind of file."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bresim.common.errors import Problem, Said, closest, inside, nearest, said, said_by

Model = TypeVar("Model", bound=BaseModel)

#: How to write a name that becomes a column of results or a key.
NAME_PATTERN = r"^[a-z][a-z0-9_]*$"
#: A name also becomes part of the name of a file.
LONGEST_NAME = 60
QUARTER_PATTERN = r"^\d{4}-Q[1-4]$"
_PATTERNS = {
    NAME_PATTERN: said("use lower case letters, digits and underscores, and begin with a letter"),
    QUARTER_PATTERN: said("write a quarter as 2024-Q1"),
}
#: Kind of error → the field of its context that holds the limit, and what to do.
_LIMITS = {
    "greater_than": ("gt", said("must be more than {limit}", limit="")),
    "greater_than_equal": ("ge", said("must be at least {limit}", limit="")),
    "less_than": ("lt", said("must be less than {limit}", limit="")),
    "less_than_equal": ("le", said("must be at most {limit}", limit="")),
    "string_too_long": ("max_length", said("must have at most {limit} characters", limit="")),
    "too_short": ("min_length", said("name at least {limit}", limit="")),
    "too_long": ("max_length", said("name at most {limit}", limit="")),
}
#: Kind of error → what to do.
_REMEDIES = {
    "int_type": said("must be a whole number"),
    "int_parsing": said("must be a whole number"),
    "int_from_float": said("must be a whole number"),
    "float_type": said("must be a number"),
    "float_parsing": said("must be a number"),
    "bool_type": said("must be true or false"),
    "bool_parsing": said("must be true or false"),
    "string_type": said("must be text"),
    "invalid_key": said("put the key between quotes"),
    "string_too_short": said("must not be empty"),
    "finite_number": said("must be a finite number"),
    "list_type": said("must be a list: [a, b]"),
    "tuple_type": said("must be a list: [a, b]"),
    "is_instance_of": said("must be the path of a folder"),
    "path_type": said("must be the path of a folder"),
}
_MAPPINGS = {"model_type", "dict_type", "model_attributes_type"}
_LONGEST = 60
#: A key that was refused leaves behind what cannot be without it, so it is looked at again.
_ROUNDS = 3


def problems_of(
    error: ValidationError, where: str, model: type[BaseModel], unknown: Callable[[str], Said] | None = None
) -> list[Problem]:
    """One problem per place. ``where`` is the file (empty: an override); ``unknown``: the remedy of an unknown key."""
    places: dict[str, list[ErrorDetails]] = {}
    for item in error.errors():
        places.setdefault(".".join(_named(item["loc"])), []).append(item)
    problems = []
    for key, items in places.items():
        if any(other.startswith(f"{key}.") for other in places) and isinstance(items[0]["input"], Mapping):
            continue  # the other allowed kind of value
        place = (inside(where, key) if key else where) if where else key
        kind = items[0]["type"]
        if kind == "extra_forbidden":
            remedy = unknown(key) if unknown else nearest(key.rpartition(".")[2], _fields(model, key.split(".")[:-1]))
            problems.append(Problem(place, said("unknown key"), remedy))
        elif kind == "missing":
            problems.append(Problem(place, said("is missing"), said("add it") if where else said("give it a value")))
        elif kind == "value_error" and not where:
            problems.append(Problem(place, said_by(items[0]["ctx"]["error"])))
        elif kind in _MAPPINGS and len(items) == 1:
            empty = items[0]["input"] is None and where
            what = said("is empty") if empty else said("{value} is not a mapping", value=shown(items[0]["input"]))
            field = model.model_fields.get(key)
            remedy = said("write its keys below it") if where else said("set one of its keys: {key}.KEY=VALUE", key=key)
            if where and field is not None and not field.is_required():
                remedy = said("{one}, or {other}", one=remedy, other=said("leave it out"))
            problems.append(Problem(place, what, remedy))
        else:
            first, *others = dict.fromkeys(_remedy(item) for item in items)
            for other in others:
                first = said("{one}, or {other}", one=first, other=other)
            problems.append(Problem(place, said("{value} is not allowed", value=shown(items[0]["input"])), first))
    return problems


def salvage(
    model: type[Model], content: Mapping[str, Any], error: ValidationError, stand_ins: Mapping[str, Any]
) -> tuple[Model | None, set[str]]:
    """The content without the keys that are wrong, so that the rest can be checked too; and these top-level keys.

    ``stand_ins`` are values for keys that must be there.
    """
    kept = copy.deepcopy(dict(content))
    wrong = {str(item["loc"][0]) if item["loc"] else "" for item in error.errors()}
    for _ in range(_ROUNDS):
        for item in error.errors():
            location = list(_named(item["loc"]))
            _remove(kept, location[:-1] if item["type"] == "missing" else location)
        try:
            return model.model_validate({**stand_ins, **kept}), wrong
        except ValidationError as left:
            error = left
    return None, wrong


def shown(value: Any) -> str:
    """A value as the user wrote it; a long one is cut off."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, Mapping):
        return said("this value")
    text = f"'{value}'" if isinstance(value, str) else str(list(value) if isinstance(value, tuple) else value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _remedy(item: ErrorDetails) -> Said:
    context = item.get("ctx", {})
    if item["type"] == "value_error":
        return said_by(context["error"])
    if item["type"] == "literal_error":
        return _option(str(item["input"]), context["expected"])
    if item["type"] == "string_pattern_mismatch":
        return _PATTERNS[context["pattern"]]
    if item["type"] in _MAPPINGS:
        return said("must be keys and values")
    if item["type"] == "string_type" and isinstance(item["input"], (bool, int, float)):
        return said("must be text; put it between quotes")
    if item["type"] in _LIMITS:
        field, message = _LIMITS[item["type"]]
        return Said(message.template, limit=f"{context[field]:.10g}")
    return _REMEDIES.get(item["type"]) or said("it is refused: {reason}", reason=item["msg"])


def _option(given: str, expected: str) -> Said:
    """The options of a key, pydantic's ``'a' or 'b'``, the nearest one first if there is one."""
    close = closest(given, re.findall("'([^']*)'", expected))
    options = expected.replace(" or ", ", ")
    if close is None:
        return said("allowed: {names}", names=options)
    return said("did you mean '{name}'? allowed: {options}", name=close, options=options)


def _named(location: Sequence[str | int]) -> Iterator[str]:
    """The keys of a location, without what pydantic adds for unions, validators and keys of a dictionary."""
    for part in map(str, location):
        if not part.endswith("]") and part not in {"str", "float", "int", "bool", "constrained-str"}:
            yield part


def _fields(model: type[BaseModel], location: Sequence[str]) -> list[str]:
    """Fields of the model at ``location``."""
    for part in location:
        field = model.model_fields.get(part)
        inner = _model_in(field.annotation) if field is not None else None
        if inner is not None:
            model = inner
    return list(model.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The class of a field that holds a mapping, or several of them."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part)) is not None), None)


def _remove(content: dict[str, Any], location: Sequence[str]) -> None:
    """Remove the key at ``location``, or the key above it that holds no keys; nothing if that is gone already."""
    for depth, part in enumerate(location):
        inner = content.get(part)
        if part not in content:
            return
        if not isinstance(inner, dict) or depth + 1 == len(location):
            del content[part]
            return
        content = inner
