"""What the tests of the rules share: equations as plain Python, numbers to try them on, and what a rule changes."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from bresim.kernel.draws import N_STREAMS
from bresim.kernel.state import SCRATCH_ROWS

#: A share in [0, 1].
shares = st.floats(0.0, 1.0)
#: Working memory, which means nothing after a rule.
SCRATCH = {"scratch", "scratch_tables"}


def plain(function: Any) -> Any:
    """The Python function behind a compiled one."""
    return getattr(function, "py_func", function)


def _with_called(modules: Iterable[ModuleType]) -> list[ModuleType]:
    """These modules, and the rules of which they use a function, and so on."""
    found: list[ModuleType] = []
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.append(module)
            homes = {getattr(plain(function), "__module__", "") for function in vars(module).values()}
            waiting += [sys.modules[home] for home in homes if (home or "").startswith("bresim.rules.")]
    return found


@contextmanager
def interpreted(*modules: ModuleType) -> Iterator[None]:
    """Within it rules run as plain Python, also where they call other rules: their state may be any object."""
    with pytest.MonkeyPatch.context() as patch:
        for module in _with_called(modules):
            for name, function in vars(module).copy().items():
                patch.setattr(module, name, plain(function))
        yield


def scratch(size: int, left: float = np.nan, towns: int | None = None) -> dict[str, Any]:
    """Working memory of a state of ``size`` municipalities or initiatives, full of what another rule left there.

    ``towns`` is the number of municipalities, if it is another one.
    """
    return {"scratch": np.full((SCRATCH_ROWS, size), left), "scratch_tables": np.full((2, size, towns or size), left)}


def drawn(t: int, about: int = 1) -> np.ndarray:
    """``State.drawn`` of a state whose draws of quarter ``t`` are given: no rule makes them again."""
    return np.full((N_STREAMS, about), t)


def _flat(s: SimpleNamespace) -> dict[str, Any]:
    """The fields of a state by name, those of its records by dotted name, without working memory."""
    fields = {}
    for name, value in vars(s).items():
        if isinstance(value, SimpleNamespace):
            fields |= {f"{name}.{inner}": one for inner, one in vars(value).items()}
        elif name not in SCRATCH:
            fields[name] = value
    return deepcopy(fields)


@contextmanager
def changes(s: SimpleNamespace, *names: str) -> Iterator[None]:
    """Fail unless exactly these fields of a state (``region.kappa`` for one of a record) change within it."""
    before = _flat(s)
    yield
    after = _flat(s)
    assert {name for name in after if not np.array_equal(before[name], after[name])} == set(names)


def listed(committed: Any) -> dict[str, Any]:
    """The members (A, K, N) bool of initiatives, as ``pledges`` lists them when execution begins."""
    member = np.array(committed, np.bool_)
    members = np.full(member.shape, -9)
    for a, k in np.ndindex(member.shape[:2]):
        found = np.flatnonzero(member[a, k])
        members[a, k, : len(found)] = found
    return {"committed": member, "members": members, "n_members": member.sum(axis=2)}
