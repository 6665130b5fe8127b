"""How the model's memory is laid out, for the page that fills it: records, states, and the words of each entry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bresim.governance.compile import DTYPE as INSTITUTION_DTYPE
from bresim.kernel.state import (
    BALLOT_DTYPE,
    DIARY_DTYPE,
    INITIATIVE_DTYPE,
    REGION_DTYPE,
    SHARED_DRAWS,
    State,
    World,
    allocate,
)
from bresim.page.arguments import arguments, parts_of
from bresim.page.entries import CHOICE_DTYPE
from bresim.plan import Plan
from bresim.runner.ensemble import RUN_DTYPE
from bresim.runner.family import MEMBER_DTYPE
from bresim.runner.outcomes import CAPACITY_DTYPE, END_DTYPE, MUNICIPALITY_DTYPE, STATE_DTYPE

#: Records that a page writes or reads, by name.
RECORDS: Mapping[str, np.dtype[Any]] = {
    "job": RUN_DTYPE,
    "member": MEMBER_DTYPE,
    "region": REGION_DTYPE,
    "initiative": INITIATIVE_DTYPE,
    "ballot": BALLOT_DTYPE,
    "happening": DIARY_DTYPE,
    "choice": CHOICE_DTYPE,
    "state": STATE_DTYPE,
    "end": END_DTYPE,
    "municipality": MUNICIPALITY_DTYPE,
    "capacity": CAPACITY_DTYPE,
    "institution": INSTITUTION_DTYPE,
}
#: Fields of ``World`` that the page makes for each job: designs as they are read, and parameter sets.
PER_JOB = (
    "institution", "institution_values", "eligible", "board", "rotation", "in_scope", "beside", "has_successor",
    "content", "parameters",
)  # fmt: skip


def records() -> dict[str, Any]:
    """Bytes of each record, and where its fields are: name → (kind of number, bytes from its start)."""
    return {
        name: {
            "bytes": dtype.itemsize,
            "fields": {field: [dtype[field].str[1:], dtype.fields[field][1]] for field in dtype.names or ()},  # type: ignore[index]
        }
        for name, dtype in RECORDS.items()
    }


def entries(plan: Plan) -> dict[str, Any]:
    """Entry → its arguments taken apart: (path, kind, axes, bytes of an item), in the order of words."""
    return {name: [list(part) for part in parts_of(values)] for name, values in arguments(plan).items()}


def world_fields(world: World) -> list[list[Any]]:
    """Fields of the box of a world, in order: (name, axes), or -1 axes for a number."""
    values: dict[str, Any] = world._asdict()
    return [[name, -1 if isinstance(value, int) else value.ndim] for name, value in values.items()]


def state_layout(world: World, diary: bool) -> dict[str, Any]:
    """Fields of the box of a state: (name, place in its block, bytes of an item, shape), shared ones marked."""
    state = allocate(world, diary=diary)
    start = np.asarray(state.key).ctypes.data
    fields, end = [], 0
    for name in State._fields:
        array = np.asarray(getattr(state, name))
        place = array.ctypes.data - start
        fields.append([name, place, array.itemsize, list(array.shape), name in SHARED_DRAWS])
        end = max(end, place + array.nbytes)
    return {"fields": fields, "bytes": end}
