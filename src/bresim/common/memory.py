"""Memory that a finished step no longer needs, given back to the system."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Give back what Arrow's pool and the C library hold free; neither does so by itself between large tables.

    The C library only where it is glibc, which keeps what lies between blocks still in use; no other needs it.
    """
    pyarrow = sys.modules.get("pyarrow")
    if pyarrow is not None:
        pyarrow.default_memory_pool().release_unused()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
