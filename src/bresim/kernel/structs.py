"""``World``, ``State`` and a parameter set for the compiled code: one pointer each, instead of a hundred arrays.

Passing named tuples of arrays copies every array header at every call, which costs more than the rules
themselves. A box holds the headers in one block of memory, with the same attribute names, so the rules
do not know the difference; with compilation off they get the named tuples as they are.

The headers never change while a box lives, and Python keeps the arrays alive, so the compiled code
neither counts references nor reads a header twice. For the sizes on which nearly all work is done
(``DEFAULT_SIZES``) the compiler also knows the shapes of a state and where its own arrays lie in their block: a sixth
faster, the same bits, and one more compilation for a user who works on other sizes too, which all share one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple, NoReturn

import numba
import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba.core import cgutils, types
from numba.core.datamodel import models, register_default
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    NativeValue,
    infer_getattr,
    intrinsic,
    lower_getattr_generic,
    overload,
    typeof_impl,
    unbox,
)
from numba.np.arrayobj import make_array, populate_array

from bresim.kernel.jit import copy_to
from bresim.kernel.state import DIARY_FIELDS, INITIATIVE_DTYPE, SHARED_DRAWS, State, World
from bresim.parameters import DTYPE as PARAMETERS_DTYPE

#: Arenas, themes and municipalities of the region that is the default (a test compares).
DEFAULT_SIZES = (6, 8, 16)


class Field(NamedTuple):
    """Where one field is, and what the compiler may take for granted of it."""

    kind: Any  # Numba's type
    place: int  # word of the box at which its header (or the number itself) starts
    shape: tuple[int, ...] | None = None  # if it is always this
    offset: int | None = 0  # if so, bytes from the array that comes first in the box; None: not always the same


class BoxType(types.Type):  # type: ignore[misc]
    """Numba's type of a box. Its name is a digest of its fields: names end up in every compiled symbol."""

    def __init__(self, fields: dict[str, Field]) -> None:
        self.fields = fields
        described = repr([(name, str(field.kind), *field[1:]) for name, field in fields.items()])
        super().__init__(f"Box{hashlib.sha256(described.encode()).hexdigest()[:12]}")


@register_default(BoxType)
class _BoxModel(models.OpaqueModel):  # type: ignore[misc]
    """A bare pointer."""


#: A parameter set is its own box: one number a word.
PARAMETER_SET = BoxType({name: Field(types.float64, place) for place, name in enumerate(PARAMETERS_DTYPE.names or ())})


class Box:
    """A block of words for the compiled rules, and what it refers to, kept alive."""

    def __init__(self, kind: BoxType | PoolType, block: np.ndarray, kept: Any) -> None:
        self.kind = kind
        self.block = block
        self.address = block.ctypes.data
        self.kept = kept

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        """A copy would hold the addresses of arrays that it does not keep alive, or of another process."""
        raise TypeError("a box of compiled code cannot be copied or pickled; copy what it was made of, and box that")


class _Look(NamedTuple):
    """What decides the type of a field: ``dtype`` is None for a number.

    Not whether NumPy may write to it, which compiled code then could: for that the whole model would be compiled once
    more, and no rule writes to a world.
    """

    name: str
    dtype: np.dtype[Any] | None = None
    axes: int = 0
    shape: tuple[int, ...] | None = None
    offset: int | None = 0


def _kind_of(arrays: World | State) -> BoxType:
    default = isinstance(arrays, State) and arrays.committed.shape == DEFAULT_SIZES
    looks = []
    for name, value in zip(arrays._fields, arrays, strict=True):
        look = _Look(name)
        if not isinstance(value, int):
            array = np.asarray(value)  # of a record: what it lies in, without an axis
            look = _Look(name, array.dtype, array.ndim)
            if default and name not in ("log", *DIARY_FIELDS):  # how long these are depends on the job
                offset = None if name in SHARED_DRAWS else array.ctypes.data - arrays[0].ctypes.data
                look = look._replace(shape=array.shape, offset=offset)
        looks.append(look)
    return _kind(tuple(looks))


@lru_cache(maxsize=64)
def _kind(looks: tuple[_Look, ...]) -> BoxType:
    """Kept, as a sweep asks for it in every chunk and it takes as long as five runs."""
    fields: dict[str, Field] = {}
    place = 0
    for look in looks:
        kind: Any = types.int64
        if look.dtype is not None:
            kind = numba.from_dtype(look.dtype)
            if look.axes:
                kind = types.Array(kind, look.axes, "C")
        fields[look.name] = Field(kind, place, look.shape, look.offset)
        place += 1 if look.dtype is None else 1 + look.axes
    return BoxType(fields)


def box(arrays: World | State, kind: BoxType | None = None) -> Any:
    """What to hand to compiled rules for these arrays (the arrays themselves with compilation off).

    ``kind`` is that of other arrays of the same names, types and shapes, if there are: to find it out takes long.
    """
    if numba.config.DISABLE_JIT:
        return arrays
    words: list[int] = []
    value: Any
    for name, value in zip(arrays._fields, arrays, strict=True):
        if isinstance(value, int):
            words.append(value)
            continue
        array = np.asarray(value)
        if not array.flags.c_contiguous:
            raise ValueError(f"{name} is not contiguous")
        words += [array.ctypes.data, *array.shape]
    return Box(kind or _kind_of(arrays), np.array(words, np.int64), arrays)


def parameter_set(sets: Any, draw: int) -> Any:
    """Row ``draw`` of ``World.parameters``, as the rules get it; to be called from compiled code too."""
    return sets[draw] if numba.config.DISABLE_JIT else Box(PARAMETER_SET, sets[draw : draw + 1], sets)


class PoolType(types.Type):  # type: ignore[misc]
    """Numba's type of a pool: boxes of one type."""

    def __init__(self, item: BoxType) -> None:
        self.item = item
        super().__init__(f"Pool{item.name}")


register_default(PoolType)(_BoxModel)


def pool(states: Sequence[State]) -> Any:
    """Several states of one world, of which compiled code takes one by its number (``one_of``)."""
    if numba.config.DISABLE_JIT:
        return list(states)
    kind = _kind_of(states[0])
    boxes = [box(state, kind) for state in states]
    return Box(PoolType(kind), np.array([one.address for one in boxes], np.int64), boxes)


def one_of(states: Any, number: int) -> Any:
    """State ``number`` of a ``pool``; to be called from compiled code too."""
    return states[number]


def copy_state(target: Any, source: Any) -> None:
    """Make ``target`` the same as ``source``, of log and diary the rows in use; to be called from compiled code too.

    Left out are the draws that the two share (``SHARED_DRAWS``).
    """
    for name in State._fields:
        if name in SHARED_DRAWS:
            continue
        to, fro = np.asarray(getattr(target, name)), np.asarray(getattr(source, name))
        used = {"log": source.region.initiatives, "diary": source.region.happened}
        rows = slice(used[name]) if name in used else ...
        to[rows] = fro[rows]


@typeof_impl.register(Box)
def _typeof(value: Box, context: Any) -> BoxType | PoolType:
    return value.kind


@unbox(PoolType)
@unbox(BoxType)
def _unbox(kind: Any, value: Any, c: Any) -> NativeValue:
    address = c.pyapi.object_getattr_string(value, "address")
    native = c.pyapi.long_as_longlong(address)
    c.pyapi.decref(address)
    pointer = c.builder.inttoptr(native, c.context.get_value_type(kind))
    return NativeValue(pointer, is_error=cgutils.is_not_null(c.builder, c.pyapi.err_occurred()))


@infer_getattr
class _Fields(AttributeTemplate):  # type: ignore[misc]
    key = BoxType

    def generic_resolve(self, box: BoxType, name: str) -> Any:  # type: ignore[override]
        return box.fields[name].kind if name in box.fields else None


@lower_getattr_generic(BoxType)
def _field(context: Any, builder: Any, box: BoxType, value: Any, name: str) -> Any:
    kind, place, known, offset = box.fields[name]

    def load(at: int, word: Any) -> Any:
        block = builder.bitcast(value, word.as_pointer())
        loaded = builder.load(builder.gep(block, [ir.IntType(64)(at)], inbounds=True))
        loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
        return loaded

    word = ir.IntType(64)
    if isinstance(kind, types.Number):
        return load(place, context.get_value_type(kind))
    start = builder.add(load(0, word), word(offset)) if known is not None and offset is not None else load(place, word)
    if isinstance(kind, types.Record):
        return builder.inttoptr(start, context.get_value_type(kind))
    array = make_array(kind)(context, builder)
    item = context.get_abi_sizeof(context.get_data_type(kind.dtype))
    shape = [word(known[axis]) if known else load(place + 1 + axis, word) for axis in range(kind.ndim)]
    strides = [word(item)]
    for extent in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], extent))
    data = builder.inttoptr(start, context.get_data_type(kind.dtype).as_pointer())
    populate_array(array, data=data, shape=shape, strides=strides, itemsize=item, meminfo=None)
    return array._getvalue()


@intrinsic
def _row(context: Any, sets: Any, draw: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = make_array(signature.args[0])(context, builder, arguments[0]).data
        return builder.bitcast(builder.gep(data, [arguments[1]]), context.get_value_type(PARAMETER_SET))

    return PARAMETER_SET(sets, types.int64), codegen


@intrinsic
def _item(context: Any, states: Any, number: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        words = builder.bitcast(arguments[0], ir.IntType(64).as_pointer())
        address = builder.load(builder.gep(words, [arguments[1]], inbounds=True))
        return builder.inttoptr(address, context.get_value_type(states.item))

    return states.item(states, types.int64), codegen


@overload(one_of)
def _one_of(states: Any, number: Any) -> Any:
    def pick(states: Any, number: Any) -> Any:
        return _item(states, number)

    return pick


@intrinsic
def _copy_block(context: Any, target: Any, source: Any, rows: Any) -> Any:
    item = numba.from_dtype(INITIATIVE_DTYPE).size

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        word = ir.IntType(64)

        def address(block: Any, name: str) -> Any:
            place = builder.gep(builder.bitcast(block, word.as_pointer()), [word(source.fields[name].place)])
            return builder.load(place)

        start = address(arguments[1], "key")
        length = builder.add(builder.sub(address(arguments[1], "log"), start), builder.mul(arguments[2], word(item)))
        byte = ir.IntType(8).as_pointer()
        to, fro = (builder.inttoptr(at, byte) for at in (address(arguments[0], "key"), start))
        cgutils.raw_memcpy(builder, to, fro, length, 1)
        return context.get_dummy_value()

    return types.none(target, source, types.int64), codegen


@overload(copy_state)
def _copy_state(target: Any, source: Any) -> Any:
    def copy(target: Any, source: Any) -> Any:
        if source.diary.shape[0] > 0:
            copy_to(target.noted_pairs, source.noted_pairs)
            copy_to(target.untold, source.untold)
            copy_to(target.noted_seats, source.noted_seats)
            copy_to(target.noted_votes, source.noted_votes)
            copy_to(target.noted_themes, source.noted_themes)
            for row in range(source.region.happened):
                copy_record(target.diary[row], source.diary[row])
        _copy_block(target, source, source.region.initiatives)

    return copy


def copy_record(target: Any, source: Any) -> None:
    """Make a record the same as another of its type; to be called from compiled code too.

    Compiled, an assignment of records goes byte by byte.
    """
    for name in source.dtype.names:
        setattr(target, name, getattr(source, name))


@intrinsic
def _copy_bytes(context: Any, target: Any, source: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        byte = ir.IntType(8).as_pointer()
        to, fro = (builder.bitcast(record, byte) for record in arguments)
        cgutils.raw_memcpy(builder, to, fro, ir.IntType(64)(source.size), 1)
        return context.get_dummy_value()

    return types.none(target, source), codegen


@overload(copy_record)
def _copy_record(target: Any, source: Any) -> Any:
    def copy(target: Any, source: Any) -> Any:
        _copy_bytes(target, source)

    return copy


@overload(parameter_set)
def _parameter_set(sets: Any, draw: Any) -> Any:
    def pick(sets: Any, draw: Any) -> Any:
        return _row(sets, draw)

    return pick
