"""From the tables of a job to the few numbers a picture needs: means, intervals, paired differences.

All tables are pandas frames as ``bresim.results.result`` describes them. An *interval of the mean* is a 95 %
Student interval over replicates (how well the mean is known); a *spread* is the 5–95 % range over
replicates (how different the futures are, by stochastic and parametric uncertainty).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bresim.columns import RUN_OUTCOMES, STATE_OUTCOMES, Outcome
from bresim.conventions import CONFIDENCE, HEADLINE, REFERENCE, SPREAD

if TYPE_CHECKING:
    from bresim.region.types import Region

_OUTCOMES = {outcome.name: outcome for outcome in (*STATE_OUTCOMES, *RUN_OUTCOMES)}


def outcome(name: str) -> Outcome:
    """The outcome of a fixed column (theme and subregion columns take their labels from the region)."""
    return _OUTCOMES[name]


def of_one_founding(table: pd.DataFrame) -> pd.DataFrame:
    """The table, whose rows must be of one founding: a mean over both would be of nothing that happens."""
    if "founding" in table and table["founding"].nunique() > 1:
        raise ValueError("the rows are of several foundings; take those of one: Result.under")
    return table


def order(runs: pd.DataFrame) -> list[str]:
    """Designs from the highest to the lowest mean headline value."""
    means = of_one_founding(runs).groupby("design", observed=True)[HEADLINE].mean()
    return sorted(means.index, key=lambda design: (-means[design] if means[design] == means[design] else 1.0, design))


def means(runs: pd.DataFrame, column: str) -> dict[str, float]:
    """Mean of one column by design, those without any value left out."""
    found = of_one_founding(runs).groupby("design", observed=True)[column].mean().astype("float64").dropna()
    return {str(design): float(value) for design, value in found.items()}


def intervals(runs: pd.DataFrame, column: str) -> dict[str, tuple[float, float]]:
    """95 % interval of the mean of one column by design; NaN where it is not known."""
    table = wide(runs, column)
    halves = half_widths(table.to_numpy(), draws_of(runs).reindex(table.index).to_numpy())
    found = zip(table.columns, table.mean(), halves, strict=True)
    return {str(design): (float(mean - half), float(mean + half)) for design, mean, half in found}


def wide(runs: pd.DataFrame, column: str) -> pd.DataFrame:
    """Replicate × design table of one outcome (rows of equal index share random draws and parameters)."""
    return of_one_founding(runs).pivot(index="replicate", columns="design", values=column).astype("float64")


def half_widths(
    values: NDArray[np.float64], draws: NDArray[np.int64] | None = None, confidence: float = CONFIDENCE
) -> NDArray[np.float64]:
    """Half the Student interval of the mean of each column of ``values`` (n, m); NaN where it is not known.

    Replicates that share a parameter draw are not independent: with ``draws`` (n,) the interval is the
    cluster-robust one over draws (Liang & Zeger 1986), unless there is one draw only. Missing values are left out.
    """
    from scipy.special import stdtrit

    known = np.isfinite(values)
    counts = known.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        left = np.where(known, values - np.where(known, values, 0.0).sum(axis=0) / counts, 0.0)
        codes = np.unique(draws, return_inverse=True)[1] if draws is not None else np.zeros(len(values), dtype=np.int64)
        if codes.size and codes.max() > 0:
            left, known = (_sum_by(part, codes) for part in (left, known))
        groups = (known > 0).sum(axis=0)
        variance = groups / (groups - 1) * (left * left).sum(axis=0) / counts**2
        return np.where(groups > 1, stdtrit(groups - 1, 0.5 + confidence / 2) * np.sqrt(variance), np.nan)


def _sum_by(values: NDArray[Any], codes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Sums of the rows of ``values`` (n, m) that share a code."""
    sums = np.zeros((int(codes.max()) + 1, values.shape[1]))
    np.add.at(sums, codes, values)
    return sums


def half_width(
    values: NDArray[np.float64], draws: NDArray[np.int64] | None = None, confidence: float = CONFIDENCE
) -> float:
    """:func:`half_widths` of one column, ``values`` (n,)."""
    return float(half_widths(values[:, None], draws, confidence)[0])


def spread(values: NDArray[np.float64]) -> tuple[float, float]:
    """5–95 % range of ``values``, missing ones left out; NaN if there are none."""
    known = values[np.isfinite(values)]
    if known.size == 0:
        return float("nan"), float("nan")
    low, high = np.quantile(known, SPREAD)
    return float(low), float(high)


@dataclass(frozen=True)
class Difference:
    """A design against another, paired by replicate, in shares of attainable value.

    ``low``–``high``: 95 % interval of the mean; ``spread_low``–``spread_high``: 5–95 % of the replicates;
    ``better``, ``worse``: share of the replicates in which the design does better, worse. The rest are equal: there
    the design was not founded and the status quo continues.
    """

    design: str
    mean: float
    low: float
    high: float
    spread_low: float
    spread_high: float
    better: float
    worse: float

    @property
    def verdict(self) -> int:
        """1: better on average, -1: worse, 0: no significant difference."""
        return verdict(self.mean, self.low, self.high)


def verdict(mean: float, low: float, high: float) -> int:
    """1 above zero, -1 below, 0 if the interval, as it is shown, holds zero or is not known.

    Shown are tenths of a percentage point: an interval from 0,0 to +0,1 is not called better.
    """
    if not np.isfinite([mean, low, high]).all():
        return 0
    return 1 if above_zero(low) else -1 if below_zero(high) else 0


def above_zero(share: float) -> bool:
    """Whether a share, as it is shown in tenths of a percentage point, is above zero."""
    return bool(round(100 * share, 1) > 0)


def below_zero(share: float) -> bool:
    """Whether a share, as it is shown in tenths of a percentage point, is below zero."""
    return bool(round(100 * share, 1) < 0)


def draws_of(runs: pd.DataFrame) -> pd.Series:
    """The parameter draw of each replicate."""
    return runs.drop_duplicates("replicate").set_index("replicate")["parameter_draw"]


def compare(values: pd.Series, design: str, draws: pd.Series, confidence: float = CONFIDENCE) -> Difference:
    """Judge paired differences (one a replicate, indexed by replicate) of a design to another."""
    known = values.dropna()
    if known.empty:
        return Difference(design, *[float("nan")] * 7)
    data = known.to_numpy(dtype=np.float64)
    mean, half = float(data.mean()), half_width(data, draws.reindex(known.index).to_numpy(), confidence)
    shares = float(np.mean(data > 0)), float(np.mean(data < 0))
    return Difference(design, mean, mean - half, mean + half, *spread(data), *shares)


def differences(
    runs: pd.DataFrame, summary: pd.DataFrame, column: str = HEADLINE, reference: str = REFERENCE
) -> list[Difference]:
    """Every design against the reference, from high to low; empty if the reference is not in the job.

    Mean and interval are those of ``summary.csv``, so that figures and table say the same.
    """
    table = wide(runs, column)
    if reference not in table:
        return []
    others = [design for design in order(runs) if design != reference]
    columns = ["difference", "difference_low", "difference_high"]
    known = summary_of(summary, column).reindex(others)[columns].to_numpy(dtype=np.float64)
    values = table[others].to_numpy() - table[[reference]].to_numpy()
    found = []
    for at, design in enumerate(others):
        gaps = values[:, at][np.isfinite(values[:, at])]
        shares = (float(np.mean(gaps > 0)), float(np.mean(gaps < 0))) if gaps.size else (float("nan"), float("nan"))
        mean, low, high = (float(number) for number in known[at])
        found.append(Difference(design, mean, low, high, *spread(gaps), *shares))
    return found


def corrected(count: int) -> float:
    """The confidence of one of ``count`` intervals that must hold together (Bonferroni)."""
    return 1 - (1 - CONFIDENCE) / max(count, 1)


def leaders(runs: pd.DataFrame, column: str = HEADLINE) -> list[str]:
    """The design with the highest mean, first, and those that do not differ significantly from it.

    Each is compared with the highest by a paired interval with Bonferroni's correction for their number
    (comparison with the best; Hsu 1996), so that a small lead does not make a winner.
    """
    table = wide(runs, column)
    means = table.mean().dropna()
    if means.empty:
        return []
    ranked = sorted(means.index, key=lambda design: (-means[design], design))
    best, others = ranked[0], ranked[1:]
    confidence, draws = corrected(len(others)), draws_of(runs)
    return [
        best,
        *(other for other in others if compare(table[best] - table[other], best, draws, confidence).verdict != 1),
    ]


def bands(series: pd.DataFrame, columns: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Per design a frame by quarter: ``year`` (its end), then per column the mean, ``_low`` and ``_high``."""
    names = list(columns)
    groups = of_one_founding(series).groupby(["design", "quarter"], observed=True, sort=True)
    frame = groups[names].mean()
    for label, share in zip(("low", "high"), SPREAD, strict=True):
        frame = frame.join(groups[names].quantile(share).add_suffix(f"_{label}"))
    first = series.drop_duplicates("quarter")
    years = {quarter: year_end(date) for quarter, date in zip(first["quarter"], first["date"], strict=True)}
    frame["year"] = [years[quarter] for quarter in frame.index.get_level_values("quarter")]
    return {str(design): part.droplevel("design") for design, part in frame.groupby(level="design", observed=True)}


def year_end(date: str) -> float:
    """``2024-Q1`` → 2024.25: the moment a quarter ends, as a decimal year."""
    year, quarter = date.split("-Q")
    return int(year) + int(quarter) / 4


def quarter_start(date: str) -> float:
    """``2024-Q1`` → 2024.0: the moment a quarter begins, as a decimal year."""
    return year_end(date) - 0.25


def summary_of(summary: pd.DataFrame, column: str = HEADLINE) -> pd.DataFrame:
    """The rows of ``summary.csv`` of one outcome and founding, by design."""
    return of_one_founding(summary[summary["outcome"] == column]).set_index("design")


def municipality_table(municipalities: pd.DataFrame, region: Region, designs: Iterable[str]) -> pd.DataFrame:
    """Mean direct value, municipality (in the region's order) × design."""
    means = (
        of_one_founding(municipalities).groupby(["municipality", "design"], observed=True)[HEADLINE].mean().unstack()
    )
    return means.reindex(index=list(region.names), columns=list(designs))
