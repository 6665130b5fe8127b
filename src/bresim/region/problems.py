"""From pydantic's complaints to ours: where, what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bresim.errors import Problem, nearest

Model = TypeVar("Model", bound=BaseModel)


def checked(model: type[Model], content: Any, where: str, problems: list[Problem]) -> Model | None:
    """Return ``content`` as a ``model``, or add every problem of it to ``problems`` and return None."""
    if not isinstance(content, Mapping):
        problems.append(
            Problem(where, f"{content!r} is not a mapping of keys to values", "write one 'key: value' a line")
        )
        return None
    try:
        return model.model_validate(dict(content))
    except ValidationError as error:
        seen = set()
        for item in error.errors():
            problem = _problem(item, where, model)
            if str(problem) not in seen:
                seen.add(str(problem))
                problems.append(problem)
        return None


def _problem(item: Any, where: str, model: type[BaseModel]) -> Problem:
    """One complaint of pydantic. Words that pydantic adds for unions and dictionary keys are left out."""
    location = [str(part) for part in item["loc"]]
    names = [part for part in location if not part.startswith(("list[", "str", "float", "dict[", "[key]", "function-"))]
    place = f"{where}: {'.'.join(names)}" if names else where
    if item["type"] == "extra_forbidden":
        known = model.model_fields if len(location) == 1 else _fields(model, location)
        return Problem(place, "unknown key", nearest(location[-1], known))
    if item["type"] == "missing":
        return Problem(place, "is missing", "add it")
    value = item.get("input")
    shown = "this value" if isinstance(value, (Mapping, list)) else f"{value!r}"
    remedy = str(item["msg"]).removeprefix("Value error, ").removeprefix("Input ")
    if "[key]" in location:
        return Problem(place, "is not a valid name here", "use lower case letters, digits and underscores")
    return Problem(place, f"{shown} is not allowed", remedy)


def _fields(model: type[BaseModel], location: list[str]) -> list[str]:
    """Fields of the model that ``location`` leads into (one level down is all that region files have)."""
    field = model.model_fields.get(location[0])
    inner = field.annotation if field is not None else None
    return list(inner.model_fields) if isinstance(inner, type) and issubclass(inner, BaseModel) else []
