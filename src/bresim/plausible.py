"""The plausible set: parameter sets from the priors under which the model shows the report's patterns.

Shipped as a small table; ``python -m bresim.analysis.search`` regenerates it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from bresim.common.errors import BresimError, said
from bresim.parameters import PARAMETERS

#: The shipped table: a column a parameter, a row a set.
TABLE = Path(__file__).parent / "data" / "plausible.parquet"


@dataclass(frozen=True)
class PlausibleSet:
    """``values`` (P, number of parameters), columns as in ``PARAMETERS``; ``draws`` (P,), their numbers in the search.

    With ``bresim patterns coding=drawn`` a set has the codings of that number: ``coding=12`` for the set of draw 12.
    """

    values: NDArray[np.float64]
    draws: NDArray[np.int64]


@cache
def load(path: Path = TABLE) -> PlausibleSet:
    """Read the shipped set; BresimError if it does not fit the model's parameters."""
    if not path.is_file():
        raise BresimError(
            said(
                "{name} is missing: generate it with 'python -m bresim.analysis.search', or use parameters=prior",
                name=path.name,
            )
        )
    table = pq.read_table(path)
    missing = [name for name in ("index", *PARAMETERS) if name not in table.column_names]
    if missing:
        raise BresimError(
            said(
                "{name} lacks {names}: regenerate it with 'python -m bresim.analysis.search'",
                name=path.name,
                names=", ".join(missing),
            )
        )
    values = np.column_stack([table.column(name).to_numpy() for name in PARAMETERS])
    values.setflags(write=False)
    return PlausibleSet(values, table.column("index").to_numpy())


def unit_draw(seed: int, index: int) -> NDArray[np.float64]:
    """The ``index``-th point of the unit cube (number of parameters,) for this seed, whatever was drawn before."""
    generator = np.random.Generator(np.random.Philox(key=[seed, 2**32 + index]))
    return generator.random(len(PARAMETERS))
