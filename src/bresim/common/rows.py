"""The different rows of a table of numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def distinct_rows(*columns: Any) -> tuple[np.ndarray, NDArray[np.int64]]:
    """The different rows of these columns (R,), in ascending order, and for each row (R,) which of them it is.

    As ``np.unique`` of the rows does, which compares them as wholes and takes four times as long.
    """
    table = np.column_stack(columns)
    order = np.lexsort(table.T[::-1])
    ordered = table[order]
    new = np.ones(len(table), dtype=bool)
    new[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    number = np.empty(len(table), dtype=np.int64)
    number[order] = np.cumsum(new) - 1
    return ordered[new], number
