"""Differences between jobs: what a gain is in one job more than in another, paired where both had the same futures."""

from __future__ import annotations

import math

import pandas as pd

from bresim.analysis import comparison
from bresim.analysis.comparison import Difference


def same_futures(runs: pd.DataFrame, others: pd.DataFrame) -> bool:
    """Whether replicate by replicate two tables of ``runs`` have the same seed, parameter draw and coding draw."""
    keys = [key for key in ("replicate", "seed", "parameter_draw", "coding_draw") if key in runs and key in others]
    one, two = (
        table[keys].drop_duplicates("replicate").set_index("replicate").sort_index().astype("Int64")
        for table in (runs, others)
    )
    return one.equals(two)


def changes(
    before: pd.DataFrame, after: pd.DataFrame, column: str, reference: str | None, *, paired: bool
) -> dict[str, Difference]:
    """Design → how its ``column`` differs in ``after`` from ``before``, for the designs that both have.

    Against the ``reference`` of the same job, which itself is by its level; without one all are by their level.
    ``before`` and ``after`` are tables of runs of one founding. Paired: interval of the differences by replicate,
    cluster-robust over parameter draws. Else that of two independent means, the root of the summed squares of
    their half widths; then ``spread_…``, ``better`` and ``worse`` are not known.
    """
    tables = [_against(comparison.wide(runs, column), reference) for runs in (before, after)]
    draws = [comparison.draws_of(runs) for runs in (before, after)]
    found = {}
    for design in tables[0].columns.intersection(tables[1].columns):
        one, two = (table[design] for table in tables)
        if paired:
            found[str(design)] = comparison.compare(two - one, str(design), draws[0])
            continue
        halves = [
            comparison.half_width(values.to_numpy(), draw.reindex(values.index).to_numpy())
            for values, draw in zip((one, two), draws, strict=True)
        ]
        mean, half = float(two.mean() - one.mean()), math.hypot(*halves)
        found[str(design)] = Difference(str(design), mean, mean - half, mean + half, *[float("nan")] * 4)
    return found


def _against(table: pd.DataFrame, reference: str | None) -> pd.DataFrame:
    """Each column minus that of the reference, which stays as it is."""
    table = table.set_axis(table.columns.astype(str), axis="columns")  # read from Parquet they are categories
    if reference is None:
        return table
    others = [design for design in table if design != reference]
    return table[[reference]].join(table[others].sub(table[reference], axis="index"))


def ranks(means: dict[str, float]) -> dict[str, int]:
    """The place of each design, 1 for the highest; designs whose means would be shown alike share the higher place."""
    rounded = pd.Series(means, dtype="float64").dropna().round(4)
    return {str(design): int(rank) for design, rank in rounded.rank(ascending=False, method="min").items()}
