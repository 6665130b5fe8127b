"""What the tests of the rules share: equations as plain Python, and numbers to try them on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import pytest
from hypothesis import strategies as st

#: A share in [0, 1].
shares = st.floats(0.0, 1.0)


def plain(function: Any) -> Any:
    """The Python function behind a compiled one."""
    return getattr(function, "py_func", function)


@contextmanager
def interpreted(module: ModuleType) -> Iterator[None]:
    """Within it a rule runs as plain Python, also where it calls other rules: its state may be any object."""
    with pytest.MonkeyPatch.context() as patch:
        for name, function in vars(module).copy().items():
            patch.setattr(module, name, plain(function))
        yield
