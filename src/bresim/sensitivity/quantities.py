"""What is explained: the mean and the variance over replicates of an outcome, or of the difference of two designs.

A difference is paired by replicate, so with common random numbers. Its mean says which design does better on average;
its variance says how much that depends on stochastic uncertainty.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Statistic = Literal["mean", "variance"]
STATISTICS: tuple[Statistic, ...] = ("mean", "variance")


@dataclass(frozen=True)
class Quantity:
    """One number a point; ``reference`` is None for the outcome of ``design`` itself."""

    outcome: str
    design: str
    reference: str | None
    statistic: Statistic
    runs: Floats  # (P, R) what the statistic is taken of

    @property
    def names(self) -> dict[str, str | None]:
        """The columns that say which quantity a row of a table is about."""
        return {
            "outcome": self.outcome,
            "design": self.design,
            "reference": self.reference,
            "statistic": self.statistic,
        }

    @property
    def values(self) -> Floats:
        """(P,) over the replicates that have the outcome; NaN where fewer than two have it."""
        known = ~np.isnan(self.runs)
        count = known.sum(axis=1)
        filled = np.where(known, self.runs, 0.0)
        enough = count >= 2
        mean = filled.sum(axis=1) / np.maximum(count, 1)
        if self.statistic == "mean":
            return np.where(enough, mean, np.nan)
        squares = np.where(known, (self.runs - mean[:, None]) ** 2, 0.0).sum(axis=1)
        return np.where(enough, squares / np.maximum(count - 1, 1), np.nan)


def quantities(responses: Floats, designs: Sequence[str], outcomes: Sequence[str]) -> Iterator[Quantity]:
    """Every quantity of responses (P, D, R, O): differences to the first design, then the designs themselves."""
    for at, outcome in enumerate(outcomes):
        values = responses[..., at]
        for statistic in STATISTICS:
            for number, design in enumerate(designs[1:], 1):
                yield Quantity(outcome, design, designs[0], statistic, values[:, number] - values[:, 0])
        for statistic in STATISTICS:
            for number, design in enumerate(designs):
                yield Quantity(outcome, design, None, statistic, values[:, number])


def responses_table(
    points: pd.DataFrame, responses: Floats, designs: Sequence[str], outcomes: Sequence[str]
) -> pd.DataFrame:
    """One row per point and design: the swept keys, and mean and variance of each outcome over replicates."""
    count = len(designs)
    table = points.loc[points.index.repeat(count)].reset_index(drop=True)
    table.insert(0, "point", np.repeat(np.arange(len(points)), count))
    table.insert(1, "design", np.tile(np.array(designs, dtype=object), len(points)))
    columns = {}
    for at, outcome in enumerate(outcomes):
        flat = responses[..., at].reshape(len(points) * count, -1)
        for statistic in STATISTICS:
            columns[f"{outcome}_{statistic}"] = Quantity(outcome, "", None, statistic, flat).values
    return pd.concat([table, pd.DataFrame(columns)], axis=1)
