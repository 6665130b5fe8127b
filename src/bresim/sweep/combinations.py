"""The distinct combinations of the swept keys of one kind, numbered without a copy for each point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bresim.sweep.variants import kind_of

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Combinations:
    """The combinations of the swept keys of one kind: ``code`` (points,) numbers them, ``first`` is a point of each."""

    table: pd.DataFrame
    code: Ints
    first: Ints

    @classmethod
    def of(cls, points: pd.DataFrame, keys: Sequence[str], kind: str) -> Combinations:
        """Number the distinct combinations of the keys of this kind, in the order of the points."""
        table = points[[key for key in keys if kind_of(key) == kind]]
        if table.columns.empty:
            nothing = np.zeros(len(points), dtype=np.int64)
            return cls(table, nothing, nothing[:1])
        code = table.groupby(list(table.columns), sort=False, dropna=False).ngroup().to_numpy(dtype=np.int64)
        return cls(table, np.asarray(code), np.unique(code, return_index=True)[1])

    def __len__(self) -> int:
        return len(self.first)

    def __getitem__(self, number: int) -> dict[str, Any]:
        return {str(key): self.table[key].iloc[self.first[number]] for key in self.table}

    def values(self, key: str, numbers: Ints) -> Any:
        """The values of a key in these combinations."""
        return self.table[key].to_numpy()[self.first[numbers]]
