"""Arrays for a page, one behind the other in one block of bytes; what is the same is there once."""

from __future__ import annotations

from typing import Any

import numpy as np


class Store:
    """Takes arrays and tells where they are: (place in bytes, kind of number, shape)."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._length = 0
        self._known: dict[tuple[str, bytes], int] = {}

    def put(self, array: np.ndarray) -> list[Any]:
        """Where ``array`` is."""
        packed = np.ascontiguousarray(array)
        key = packed.dtype.str, packed.tobytes()
        if key not in self._known:
            self._known[key] = self._length
            padded = key[1] + bytes(-len(key[1]) % 8)
            self._parts.append(padded)
            self._length += len(padded)
        return [self._known[key], packed.dtype.str[1:], list(packed.shape)]

    def bytes(self) -> bytes:
        """All arrays."""
        return b"".join(self._parts)
