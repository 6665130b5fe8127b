"""The comparison of designs: paired by replicate, with stochastic and parametric uncertainty kept apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit  # Student's t; scipy.stats takes seconds to import

from bresim.columns import Outcome
from bresim.conventions import CONFIDENCE, REFERENCE, SPREAD


@dataclass(frozen=True)
class Split:
    """Shares of the variance of an outcome, which add up to 1.

    ``stochastic`` (aleatory): between replicates with the same parameter set. ``parametric`` (epistemic): between
    parameter sets. In tables they are ``…_luck`` and ``…_knowledge``.
    """

    stochastic: float
    parametric: float


def split_variance(values: NDArray[np.float64], draws: NDArray[np.int64]) -> Split:
    """One-way random-effects analysis of variance; NaN where no draw has two replicates.

    ``values`` (R,) without missing, ``draws`` (R,) the parameter draw of each. The component between
    draws is the usual unbiased estimate, truncated at zero.
    """
    groups, index, counts = np.unique(draws, return_inverse=True, return_counts=True)
    total = len(values)
    if len(groups) < 2 or total <= len(groups):
        return Split(np.nan, np.nan)
    means = np.bincount(index, values) / counts
    within = float(((values - means[index]) ** 2).sum() / (total - len(groups)))
    between_mean_square = float((counts * (means - values.mean()) ** 2).sum() / (len(groups) - 1))
    effective = (total - (counts**2).sum() / total) / (len(groups) - 1)
    between = max(0.0, (between_mean_square - within) / effective)
    if within + between <= 0.0:
        return Split(np.nan, np.nan)
    return Split(within / (within + between), between / (within + between))


def mean_interval(values: NDArray[np.float64], groups: NDArray[np.int64]) -> tuple[float, float, float]:
    """Mean and its 95 % interval when replicates of one parameter draw are correlated (cluster means, Student's t)."""
    ids, index = np.unique(groups, return_inverse=True)
    mean = float(values.mean())
    if len(ids) < 2:
        ids = index = np.arange(len(values))
    if len(ids) < 2:
        return mean, np.nan, np.nan
    sums = np.bincount(index, values - mean)
    clusters = len(ids)
    error = np.sqrt(clusters / (clusters - 1) * (sums**2).sum()) / len(values)
    half = float(stdtrit(clusters - 1, 0.5 + CONFIDENCE / 2)) * float(error)
    return mean, mean - half, mean + half


def probability_best(table: NDArray[np.float64], direction: int) -> NDArray[np.float64]:
    """Share of replicates (R, D) in which each design does better than every other one.

    A replicate in which the best outcome is shared counts for none of them (designs that are not founded there are
    all the status quo), so the shares add up to one or less.
    """
    best = table.max(axis=1) if direction >= 0 else table.min(axis=1)
    hit = table == best[:, None]
    return np.asarray((hit & (hit.sum(axis=1, keepdims=True) == 1)).mean(axis=0))


def regret(table: NDArray[np.float64], direction: int) -> NDArray[np.float64]:
    """Regret of each design (R, D): how far it is from the best design in the same replicate; never negative."""
    signed = table if direction >= 0 else -table
    return np.asarray(signed.max(axis=1, keepdims=True) - signed)


def summarise(runs: pd.DataFrame, outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """One row per design, founding and outcome (``columns.analyses``), each founding by itself.

    Paired differences are to ``status_quo``.
    """
    parts = runs.groupby("founding", observed=True, sort=False)
    return pd.DataFrame([row for name, part in parts for row in _of_one_founding(str(name), part, outcomes)])


def _of_one_founding(founding: str, runs: pd.DataFrame, outcomes: Sequence[Outcome]) -> list[dict[str, object]]:
    designs = list(dict.fromkeys(runs["design"].astype(str)))
    ordered = runs.sort_values(["design", "replicate"])
    draws = runs.drop_duplicates("replicate").sort_values("replicate")["parameter_draw"].to_numpy()
    name_of = ordered["design"].astype(str).to_numpy()
    rows: list[dict[str, object]] = []
    for outcome in outcomes:
        column = ordered[outcome.name].to_numpy(dtype=np.float64)
        table = np.column_stack([column[name_of == design] for design in designs])
        rows += summary_rows(outcome, founding, designs, table, draws)
    return rows


def summary_rows(
    outcome: Outcome, founding: str, designs: Sequence[str], table: NDArray[np.float64], draws: NDArray[np.int64]
) -> list[dict[str, object]]:
    """One row per design: ``table`` (R, D) outcomes, NaN where not known; ``draws`` (R,) parameter draws.

    All runs are of the one ``founding``.
    Worst-case regret is the largest, over parameter sets, of the regret averaged over the replicates of a set.
    """
    rows = []
    whole = ~np.isnan(table).any(axis=1)
    best = losses = None
    if outcome.direction != 0 and whole.any() and len(designs) > 1:
        best = probability_best(table[whole], outcome.direction)
        losses = regret(table[whole], outcome.direction)
    reference = table[:, designs.index(REFERENCE)] if REFERENCE in designs else None
    for at, design in enumerate(designs):
        values = table[:, at]
        known = ~np.isnan(values)
        row: dict[str, object] = {"design": design, "founding": founding, "outcome": outcome.name}
        row["mean"] = float(values[known].mean()) if known.any() else np.nan
        low, high = np.quantile(values[known], SPREAD) if known.any() else (np.nan, np.nan)
        row["low"], row["high"] = float(low), float(high)
        row["difference"] = row["difference_low"] = row["difference_high"] = np.nan
        paired = Split(np.nan, np.nan)
        if reference is not None:
            gap = values - reference
            both = ~np.isnan(gap)
            if both.any():
                mean, low, high = mean_interval(gap[both], draws[both])
                row["difference"], row["difference_low"], row["difference_high"] = mean, low, high
                paired = split_variance(gap[both], draws[both])
        row["probability_best"] = float(best[at]) if best is not None else np.nan
        row["expected_regret"] = float(losses[:, at].mean()) if losses is not None else np.nan
        row["worst_regret"] = _worst(losses[:, at], draws[whole]) if losses is not None else np.nan
        split = split_variance(values[known], draws[known])
        row["variance_luck"], row["variance_knowledge"] = split.stochastic, split.parametric
        row["difference_luck"], row["difference_knowledge"] = paired.stochastic, paired.parametric
        row["replicates"] = int(known.sum())
        rows.append(row)
    return rows


def _worst(losses: NDArray[np.float64], draws: NDArray[np.int64]) -> float:
    _, index, counts = np.unique(draws, return_inverse=True, return_counts=True)
    return float((np.bincount(index, losses) / counts).max())
