"""Checking one entry of a region file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from bresim.common.errors import Problem, said
from bresim.common.validation_messages import Model, problems_of, shown


def checked(model: type[Model], content: Any, where: str, problems: list[Problem]) -> Model | None:
    """Return ``content`` as a ``model``, or add every problem of it to ``problems`` and return None."""
    if not isinstance(content, Mapping):
        what = (
            said("is empty")
            if content is None
            else said("{shown} is not a mapping of keys to values", shown=shown(content))
        )
        problems.append(Problem(where, what, said("write one 'key: value' a line")))
        return None
    try:
        return model.model_validate(dict(content))
    except ValidationError as error:
        problems.extend(problems_of(error, where, model))
        return None
