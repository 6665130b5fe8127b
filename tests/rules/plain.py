"""What the tests of the rules share: equations as plain Python, and numbers to try them on."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

#: A share in [0, 1].
shares = st.floats(0.0, 1.0)


def plain(function: Any) -> Any:
    """The Python function behind a compiled one."""
    return getattr(function, "py_func", function)
