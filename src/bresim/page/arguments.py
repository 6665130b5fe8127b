"""What the entries are called with: values of the right types, and how these lie in a row of 64-bit words.

The compiler takes arrays and named tuples apart into pointers and numbers. In the module each entry is called with the
address of these, one a word, so that its caller need not know of Numba.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numba
import numpy as np
from numba.core import types

from bresim.kernel.structs import BoxType, PoolType, box
from bresim.page.entries import CHOICE_DTYPE, Trace
from bresim.plan import Plan
from bresim.runner.cloning import Scratch
from bresim.runner.family import MOMENTS, PAIR_DTYPE, Tables, Work
from bresim.runner.outcomes import CAPACITY_DTYPE, MUNICIPALITY_DTYPE, STATE_DTYPE, blank_rows
from bresim.tabulate import outcomes_of


class Part(NamedTuple):
    """A part of an entry's arguments: an array (``axes``; ``rows`` if its rows lie apart), a number or an address."""

    name: str  # path: work.jobs
    kind: str  # "array", "rows", "number", "address"
    axes: int = 0
    item: int = 0  # bytes of one element


def _records(shape: tuple[int, ...], dtype: np.dtype[Any]) -> Any:
    return np.zeros(shape, dtype).view(np.recarray)


def arguments(plan: Plan) -> dict[str, dict[str, Any]]:
    """The arguments of each entry by name, for the sizes of a plan's world."""
    world = plan.world
    scratch = Scratch(world, 1, details=True, events=True)
    (themes, size), quarters = world.severity.shape, len(world.election)
    _, runs = blank_rows(1, len(outcomes_of(plan.region)), themes)
    tables = Tables(
        runs=runs,
        series=_records((0, quarters), STATE_DTYPE),
        municipalities=_records((0, size), MUNICIPALITY_DTYPE),
        municipality_themes=np.zeros((0, size, themes)),
        pairs=_records((0, len(MOMENTS), size, size), PAIR_DTYPE),
        capacity=_records((0, quarters, size), CAPACITY_DTYPE),
        institutions=np.zeros((0, quarters), np.int16),
    )
    work = Work(
        jobs=plan.jobs[:1].view(np.recarray),
        keys=np.zeros((1, 3), np.uint64),
        order=np.zeros(1, np.int64),
        starts=np.zeros(2, np.int64),
        subregion=np.array(plan.region.subregion, np.int64),
    )
    trace = Trace(
        runs=runs,
        series=_records((quarters,), STATE_DTYPE),
        municipalities=_records((quarters, size), MUNICIPALITY_DTYPE),
        municipality_themes=np.zeros((quarters, size, themes)),
        capacity=_records((quarters, size), CAPACITY_DTYPE),
        pairs=np.zeros((quarters + 1, 2, size, size)),
        institutions=np.zeros(quarters, np.int16),
        ballots=scratch.room.ballots,
        cast=scratch.room.cast,
        shares=scratch.room.shares,
        subregion=work.subregion,
    )
    both = {"states": scratch.pool, "world": box(world)}
    one = {**both, "jobs": work.jobs}
    return {
        "run_families": {
            **both,
            "work": work,
            "first": 0,
            "last": 1,
            "room": scratch.room,
            "tables": tables,
            "kept": scratch.pool,
            "histories": np.zeros(1, np.int64),
        },
        "begin": {**one, "keys": work.keys, "trace": trace},
        "play": {**one, "choices": _records((1,), CHOICE_DTYPE), "first": 0, "last": 1, "trace": trace},
    }


def types_of(values: dict[str, Any]) -> tuple[Any, ...]:
    """Numba's types of the arguments of an entry."""
    return tuple(numba.typeof(value) for value in values.values())  # type: ignore[no-untyped-call]


def parts_of(values: dict[str, Any]) -> list[Part]:
    """The arguments of an entry, taken apart, in the order of its words."""
    return [part for name, value in values.items() for part in _parts(name, value, numba.typeof(value))]  # type: ignore[no-untyped-call]


def _parts(name: str, value: Any, kind: Any) -> Iterator[Part]:
    if isinstance(kind, types.BaseNamedTuple):
        for field, inner in zip(value._fields, value, strict=True):
            yield from _parts(f"{name}.{field}", inner, numba.typeof(inner))  # type: ignore[no-untyped-call]
    elif isinstance(kind, types.Array):
        yield Part(name, "array" if value.flags.c_contiguous else "rows", kind.ndim, value.itemsize)
    elif isinstance(kind, (BoxType, PoolType)):
        yield Part(name, "address")
    elif isinstance(kind, types.Integer):
        yield Part(name, "number")
    else:
        raise TypeError(f"{name}: a page hands no {kind} over")
