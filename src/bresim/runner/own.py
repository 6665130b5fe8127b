"""Phases and rules of a user's own in place of shipped ones: slow, as they are Python, and exact.

A phase is one of ``step.PHASES`` and is called once a quarter with (state, world, parameters, quarter). A rule is named
as the ODD names it, ``trust.update`` or ``trust.update_initiative``; the latter gets (…, arena, theme) too. What is not
replaced stays the compiled rule, called at the same place. The user's function changes the arrays of the state; the
world and the parameters cannot be written to. After each function of the user's own, and after each phase, the state is
held to ``runner.bounds``.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bresim.common.errors import InputError, Problem, nearest, said
from bresim.kernel import draws as kernel_draws
from bresim.kernel.draws import room_for
from bresim.kernel.state import State, World
from bresim.kernel.structs import box, parameter_set
from bresim.runner import step
from bresim.runner.bounds import Excess, excesses

#: A phase (state, world, parameters, quarter), or a rule of one initiative (…, arena, theme).
Phase = Callable[..., Any]
#: Entries of a rule.
ENTRIES = ("update", "update_initiative")
#: Streams of random numbers from here on are a user's own.
OWN_STREAMS = 2**31


class Own(NamedTuple):
    """Phases and rules of a user's own by name, and the quarters' names, to tell where one went wrong."""

    phases: Mapping[str, Phase]
    dates: Sequence[str]  # (T,)


class PhaseError(InputError):
    """A phase left the state outside its bounds."""


def names() -> list[str]:
    """What may be replaced: the phases of a quarter, in order, and every rule that is called in one."""
    return [*dict(step.PHASES), *_rules()]


def _rules() -> dict[str, Phase]:
    """Rule → its compiled function, for all that ``step`` calls."""
    modules = [value for value in vars(step).values() if isinstance(value, ModuleType)]
    return {
        f"{module.__name__.rpartition('.')[2]}.{entry}": getattr(module, entry)
        for module in modules
        for entry in ENTRIES
        if module.__name__.startswith("bresim.rules.") and hasattr(module, entry)
    }


def check(own: Mapping[str, Phase]) -> None:
    """Raise InputError unless each name is that of a phase or rule and stands for a function."""
    known = names()
    unknown = [name for name in own if name not in known]
    if unknown:
        raise InputError(
            [
                Problem("phases", said("unknown phase '{name}'", name=name), nearest(str(name), known))
                for name in unknown
            ]
        )
    idle = [name for name, function in own.items() if not callable(function)]
    if idle:
        raise InputError(
            [
                Problem(f"phases: {name}", said("this is no function"), said("give one that takes what the phase gets"))
                for name in idle
            ]
        )


def shipped(name: str) -> Phase:
    """The shipped phase or rule of this name, to be called from one of your own, with what that was given.

    ::

        learn = shipped("learning")

        def without_forgetting(state, world, parameters, quarter):
            before = state.grievance.copy()
            learn(state, world, parameters, quarter)
            np.maximum(state.grievance, before, out=state.grievance)

    A changed copy of the parameters (``parameters.copy()``) may be given in their place.
    """
    known: dict[str, Phase] = {**dict(step.PHASES), **_rules()}
    if name not in known:
        raise InputError(Problem("shipped", said("unknown phase '{name}'", name=name), nearest(name, known)))

    def call(state: State, world: World, parameters: Any, *where: int) -> None:
        known[name](*(_boxed(value) for value in (state, world, parameters)), *where)

    return call


def draws(state: State, quarter: int, name: str, count: int) -> NDArray[np.float64]:
    """``count`` uniform random numbers in [0, 1) for a rule of your own, named so that no two rules share them.

    They follow from seed, replicate, ``name`` and quarter alone: the same for every design (common random numbers),
    and nobody else's draws change.
    """
    numbers = np.zeros(room_for(count))
    stream = OWN_STREAMS + zlib.crc32(name.encode()) % OWN_STREAMS
    kernel_draws.fill(state.key, stream, quarter, 0, numbers)
    return numbers[:count]


class Walk:
    """A quarter of one run with some of its phases and rules replaced.

    ``plain`` is (state, world, parameters) as arrays and record, ``boxed`` the same as the compiled rules take them.
    """

    def __init__(self, plain: tuple[State, World, Any], boxed: tuple[Any, Any, Any], own: Own):
        state, world, _parameters = plain
        self._given = (state, _read_only(world), _read_only_row(plain[2]))
        self._boxes = {id(value): one for value, one in zip((*self._given, *plain), boxed * 2, strict=True)}
        self._kept = plain  # so that no other object gets the id of one of these
        self._own, self._dates = own.phases, own.dates
        self._quarter = 0
        functions = self._functions() if set(own.phases) & set(_rules()) else {}
        self._phases = [(name, self._phase(name, rule, functions)) for name, rule in step.PHASES]

    def pass_quarter(self, quarter: int) -> None:
        """Let the run pass a quarter; PhaseError if a phase leaves something outside its bounds."""
        self._quarter = quarter
        token = _CURRENT.set(self)
        try:
            for name, phase in self._phases:
                phase(quarter)
                self._hold(name)
        finally:
            _CURRENT.reset(token)

    def boxed(self, value: Any) -> Any:
        """What compiled rules take for this state, world or parameter set of the run; None for another."""
        return self._boxes.get(id(value))

    def _phase(self, name: str, rule: Any, functions: Mapping[str, Any]) -> Callable[[int], None]:
        own = self._own.get(name)
        if own is None:  # some phases are one rule
            own = self._own.get(f"{rule.__module__.rpartition('.')[2]}.{rule.__name__}")
        if own is None and rule.__name__ in functions:
            own = functions[rule.__name__]
        if own is None:
            boxed = [self._boxes[id(value)] for value in self._given]
            return lambda quarter: rule(*boxed, quarter)
        return lambda quarter: own(*self._given, quarter)

    def _functions(self) -> dict[str, Any]:
        """The functions of ``step`` in Python, with the user's rules in them and all else compiled as it is."""
        namespace: dict[str, Any] = {}
        for name, value in vars(step).items():
            if isinstance(value, ModuleType):
                short = value.__name__.rpartition(".")[2]
                inside = {key: self._compiled(item) for key, item in vars(value).items() if not key.startswith("__")}
                inside |= {
                    entry: self._held(f"{short}.{entry}") for entry in ENTRIES if f"{short}.{entry}" in self._own
                }
                namespace[name] = SimpleNamespace(**inside)
            elif getattr(value, "__module__", "") == step.__name__ and callable(value):
                python = getattr(value, "py_func", value)
                namespace[name] = FunctionType(python.__code__, namespace, python.__name__, python.__defaults__)
            else:
                namespace[name] = self._compiled(value)
        return namespace

    def _compiled(self, function: Any) -> Any:
        """A compiled function that takes the run as arrays; anything else as it is."""
        if not hasattr(function, "py_func"):
            return function
        return lambda *given: function(*(self._boxes.get(id(value), value) for value in given))

    def _held(self, name: str) -> Phase:
        """A rule of the user's own, after which the state is held to its bounds."""
        own = self._own[name]

        def call(*given: Any) -> None:
            own(*given)
            self._hold(name)

        return call

    def _hold(self, phase: str) -> None:
        state, world, _ = self._given
        if not self._own:
            return
        excess = next(excesses(state, world), None)
        if excess is not None:
            raise _left_bounds(phase, excess, self._dates[self._quarter])


#: The walk under way in this thread: with it, ``shipped`` needs no boxes of its own.
_CURRENT: ContextVar[Walk | None] = ContextVar("_CURRENT", default=None)


def _boxed(value: Any) -> Any:
    """A state, world or parameter set as compiled rules take it: that of the run under way, or a box of its own."""
    current = _CURRENT.get()
    known = current.boxed(value) if current is not None else None
    if known is not None:
        return known
    if isinstance(value, World):  # a rule of a user may hand over one that it changed
        whole: dict[str, Any] = {name: np.ascontiguousarray(item) for name, item in _arrays(value).items()}
        return box(value._replace(**whole))
    return box(value) if isinstance(value, State) else parameter_set(np.array([value]), 0)


def _read_only(world: World) -> World:
    """The same arrays, which a phase cannot write to: other runs read them too."""
    shown = {name: item.view() for name, item in _arrays(world).items()}
    for item in shown.values():
        item.setflags(write=False)
    return world._replace(**shown)


def _arrays(world: World) -> dict[str, Any]:
    return {name: item for name, item in world._asdict().items() if isinstance(item, np.ndarray)}


def _read_only_row(parameters: Any) -> Any:
    kept = np.array([parameters]).view(np.recarray)
    kept.setflags(write=False)
    return next(iter(kept))


def _left_bounds(phase: str, excess: Excess, date: str) -> PhaseError:
    """What is reported to a user of a phase that left a field outside its bounds."""
    field = excess.field + (f"[{', '.join(map(str, excess.place))}]" if excess.place else "")
    if not np.isfinite(excess.value):
        what = said(
            "left {field} at {value}, which is no number, in {date}", field=field, value=excess.value, date=date
        )
        return PhaseError(Problem(f"phases: {phase}", what, said("let the phase write numbers only")))
    what = said(
        "left {field} at {value} in {date}, and it may be from {low} to {high}",
        field=field, value=f"{excess.value:g}", date=date, low=f"{excess.low:g}", high=f"{excess.high:g}",
    )  # fmt: skip
    return PhaseError(Problem(f"phases: {phase}", what, said("keep it there, for example with numpy.clip")))
