"""What a pattern is: a statistic of the runs, with bounds between which it must lie."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bresim.analysis.evidence import Evidence
from bresim.analysis.summary import mean_interval

Floats = NDArray[np.float64]
Statistic = Callable[[Evidence], Floats]


@dataclass(frozen=True)
class Pattern:
    """``statistic`` gives one value per parameter set; it holds from ``low`` to ``high``.

    ``batches`` are the runs it needs. If it is known ``early``, runs that end when the report describes the region are
    enough. If ``pooled``, the statistic is one of all parameter sets together, and its
    values are the jackknife's pseudo-values: their mean is the estimate, and one by itself means nothing.
    """

    id: str
    statement: str
    source: str
    text: str
    low: float
    high: float
    statistic: Statistic
    batches: tuple[str, ...] = ("main",)
    pooled: bool = False
    early: bool = False

    @property
    def is_signed(self) -> bool:
        """Whether the pattern is that the statistic is above 0, or below 0: at 0 itself nothing happened."""
        return (self.low == 0.0 and self.high >= 1.0) or (self.high == 0.0 and self.low <= -1.0)

    def holds(self, values: Floats, slack: float = 0.0) -> NDArray[np.bool_]:
        """In which parameter sets the pattern holds; not where the statistic is not known.

        ``slack`` widens each bound by this share of itself. Where a sign is asked for, 0 has none: nothing happened.
        """
        low = self.low - slack * abs(self.low) if math.isfinite(self.low) else self.low
        high = self.high + slack * abs(self.high) if math.isfinite(self.high) else self.high
        signed = (values != 0.0) | (not self.is_signed)
        return np.asarray((values >= low) & (values <= high) & signed)

    def shown_by(self, values: Floats) -> bool:
        """Whether the 95 % interval of the mean over the parameter sets, where known, lies within the bounds.

        What of the interval lies beyond every value does not count: no mean of shares is above 1.
        """
        known = values[np.isfinite(values)]
        if len(known) < 2:
            return False
        _, low, high = mean_interval(known, np.arange(len(known)))
        if self.is_signed and low <= 0.0 <= high:
            return False
        return bool(self.holds(np.clip([low, high], known.min(), known.max())).all())


def jackknife(statistic: Callable[[NDArray[np.intp]], float], sets: int) -> Floats:
    """Pseudo-values (P,) of a statistic of all parameter sets, given the numbers of those that count (Efron 1982)."""
    everyone = np.arange(sets)
    whole = statistic(everyone)
    if sets < 3:
        return np.full(sets, whole)
    return np.array([sets * whole - (sets - 1) * statistic(np.delete(everyone, at)) for at in range(sets)])


def average(values: Floats) -> Floats:
    """Mean over the replicates, (P,); not known where no replicate has a value."""
    count = (~np.isnan(values)).sum(axis=1)
    return np.asarray(np.where(count > 0, np.nansum(values, axis=1) / np.maximum(count, 1), np.nan))


def standard_error(values: Floats) -> Floats:
    """Standard error of that mean; not known of fewer than two replicates."""
    known = (~np.isnan(values)).sum(axis=1)
    away = np.where(np.isnan(values), 0.0, values - average(values)[:, None])
    variance = (away**2).sum(axis=1) / np.maximum(known - 1, 1)
    return np.asarray(np.where(known > 1, np.sqrt(variance / np.maximum(known, 1)), np.nan))


def ratio(above: Floats, below: Floats) -> Floats:
    """``above`` / ``below``, which is not negative; large where it is 0."""
    return np.asarray(above / np.maximum(below, 1e-9))
