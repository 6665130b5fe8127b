"""The comparison of designs: paired by replicate, with the three kinds of uncertainty kept apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit  # Student's t; scipy.stats takes seconds to import

from bresim.columns import Outcome
from bresim.common.rows import distinct_rows
from bresim.conventions import CONFIDENCE, REFERENCE, SPREAD
from bresim.governance.codings import POINT


@dataclass(frozen=True)
class Split:
    """Shares of the variance of an outcome, which add up to 1.

    ``stochastic`` (aleatory): between replicates with the same parameter set and reading of the codings.
    ``coding``: between readings, with the same parameter set. ``parametric`` (epistemic): between parameter sets.
    In tables they are ``…_luck``, ``…_coding`` and ``…_knowledge``. NaN: not known.
    """

    stochastic: float
    parametric: float
    coding: float

    @classmethod
    def unknown(cls) -> Split:
        """Of an outcome whose variance cannot be split."""
        return cls(np.nan, np.nan, np.nan)


def split_variance(
    values: NDArray[np.float64], draws: NDArray[np.int64], codings: NDArray[np.int64] | None = None
) -> Split:
    """Nested random-effects analysis of variance: replicates within readings within parameter sets.

    ``values`` (R,) without missing; ``draws`` (R,) the parameter draw of each, ``codings`` (R,) its draw of the codings
    (none, or one for all: nothing of the variance is theirs). The components are those of the law of total variance:
    the mean variance within a reading; the mean, over parameter sets, of the variance between readings, with what
    a reading does in one set only (interaction); and the variance of the mean of a set. Each is the usual unbiased
    estimate for unequal groups (Searle, Casella & McCulloch 1992, *Variance Components*, 5.2), truncated at zero.
    Where each set has one reading, what the two do cannot be told apart, and only the stochastic share is known.
    """
    sets = np.unique(draws, return_inverse=True)[1]
    one = codings is None or len(np.unique(codings)) == 1
    cells = sets if one or codings is None else distinct_rows(sets, codings)[1]
    total, set_count, cell_count = len(values), int(sets.max(initial=-1)) + 1, int(cells.max(initial=-1)) + 1
    if set_count < 2 or total <= cell_count:
        return Split.unknown()
    in_set, in_cell = np.bincount(sets), np.bincount(cells)
    set_of = np.zeros(cell_count, dtype=np.int64)
    set_of[cells] = sets
    set_means, cell_means = np.bincount(sets, values) / in_set, np.bincount(cells, values) / in_cell
    within = float(((values - cell_means[cells]) ** 2).sum() / (total - cell_count))
    # how often the component between readings is in the sums of squares within and between sets
    squares = float((np.bincount(set_of, in_cell.astype(np.float64) ** 2) / in_set).sum())
    coding = 0.0
    if cell_count > set_count:
        mean_square = float((in_cell * (cell_means - set_means[set_of]) ** 2).sum() / (cell_count - set_count))
        coding = (mean_square - within) * (cell_count - set_count) / (total - squares)
    mean_square = float((in_set * (set_means - values.mean()) ** 2).sum() / (set_count - 1))
    extra = (squares - float((in_cell**2).sum()) / total) / (set_count - 1)
    effective = (total - float((in_set**2).sum()) / total) / (set_count - 1)
    between = max(0.0, (mean_square - within - extra * coding) / effective)
    coding = max(0.0, coding)
    variance = within + between + coding
    if variance <= 0.0:
        return Split.unknown()
    if not one and cell_count == set_count:
        return Split(within / variance, np.nan, np.nan)
    return Split(within / variance, between / variance, coding / variance)


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
    futures = runs.drop_duplicates("replicate").sort_values("replicate")
    draws = futures["parameter_draw"].to_numpy()
    codings = futures["coding_draw"].fillna(POINT).to_numpy(dtype=np.int64)
    name_of = ordered["design"].astype(str).to_numpy()
    rows: list[dict[str, object]] = []
    for outcome in outcomes:
        column = ordered[outcome.name].to_numpy(dtype=np.float64)
        table = np.column_stack([column[name_of == design] for design in designs])
        rows += summary_rows(outcome, founding, designs, table, draws, codings)
    return rows


def summary_rows(
    outcome: Outcome,
    founding: str,
    designs: Sequence[str],
    table: NDArray[np.float64],
    draws: NDArray[np.int64],
    codings: NDArray[np.int64],
) -> list[dict[str, object]]:
    """One row per design: ``table`` (R, D) outcomes, NaN where not known; (R,) draws of parameters and of codings.

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
        paired = Split.unknown()
        if reference is not None:
            gap = values - reference
            both = ~np.isnan(gap)
            if both.any():
                mean, low, high = mean_interval(gap[both], draws[both])
                row["difference"], row["difference_low"], row["difference_high"] = mean, low, high
                paired = split_variance(gap[both], draws[both], codings[both])
        row["probability_best"] = float(best[at]) if best is not None else np.nan
        row["expected_regret"] = float(losses[:, at].mean()) if losses is not None else np.nan
        row["worst_regret"] = _worst(losses[:, at], draws[whole]) if losses is not None else np.nan
        of_outcome = split_variance(values[known], draws[known], codings[known])
        for what, split in (("variance", of_outcome), ("difference", paired)):
            row[f"{what}_luck"], row[f"{what}_coding"] = split.stochastic, split.coding
            row[f"{what}_knowledge"] = split.parametric
        row["replicates"] = int(known.sum())
        rows.append(row)
    return rows


def _worst(losses: NDArray[np.float64], draws: NDArray[np.int64]) -> float:
    _, index, counts = np.unique(draws, return_inverse=True, return_counts=True)
    return float((np.bincount(index, losses) / counts).max())
