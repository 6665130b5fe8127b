"""``World`` and ``State`` as the compiled code gets them: one pointer each, instead of a hundred arrays.

Passing named tuples of arrays copies every array header at every call, which costs more than the rules
themselves. Numba's structs are passed by reference and have the same attribute names, so the rules do
not know the difference; with compilation off they get the named tuples as they are.
"""

from __future__ import annotations

from typing import Any

import numba
from numba.core import cgutils, types
from numba.experimental import structref
from numba.extending import intrinsic

from bresim.jit import njit
from bresim.state import State, World


@intrinsic
def _borrow(typing_context: Any, fields: Any) -> Any:
    """The same arrays without reference counts: counting on every look-up costs more than the look-up.

    Python keeps the arrays alive: whoever boxes a named tuple holds on to it for as long as the box is used.
    """

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        (values,) = arguments
        kept = []
        for index, kind in enumerate(signature.args[0].types):
            value = builder.extract_value(values, index)
            if isinstance(kind, types.Array):
                array = context.make_array(kind)(context, builder, value)
                array.meminfo = cgutils.get_null_value(array.meminfo.type)
                array.parent = cgutils.get_null_value(array.parent.type)
                value = array._getvalue()
            kept.append(value)
        return context.make_tuple(builder, signature.return_type, kept)

    return fields(fields), codegen


def _plain(fields: Any) -> Any:
    return tuple((name, types.unliteral(kind)) for name, kind in fields)


@structref.register
class WorldType(types.StructRef):  # type: ignore[misc]
    """Numba's type of a boxed ``World``."""

    def preprocess_fields(self, fields: Any) -> Any:
        """Field types without literals."""
        return _plain(fields)


@structref.register
class StateType(types.StructRef):  # type: ignore[misc]
    """Numba's type of a boxed ``State``."""

    def preprocess_fields(self, fields: Any) -> Any:
        """Field types without literals."""
        return _plain(fields)


class WorldBox(structref.StructRefProxy):  # type: ignore[misc]
    """A boxed ``World``."""

    def __new__(cls, *fields: Any) -> Any:
        """Box the fields."""
        return structref.StructRefProxy.__new__(cls, *fields)


class StateBox(structref.StructRefProxy):  # type: ignore[misc]
    """A boxed ``State``; shares its arrays with the named tuple it was made from."""

    def __new__(cls, *fields: Any) -> Any:
        """Box the fields."""
        return structref.StructRefProxy.__new__(cls, *fields)


structref.define_proxy(WorldBox, WorldType, list(World._fields))
structref.define_proxy(StateBox, StateType, list(State._fields))


@njit
def _box_world(fields):
    return WorldBox(*_borrow(fields))


@njit
def _box_state(fields):
    return StateBox(*_borrow(fields))


def box(arrays: World | State) -> Any:
    """What to hand to compiled rules for these arrays (the arrays themselves with compilation off)."""
    if numba.config.DISABLE_JIT:
        return arrays
    return _box_world(tuple(arrays)) if isinstance(arrays, World) else _box_state(tuple(arrays))
