"""The table that the brief begins with: a row a design, with all that decides."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bresim.analysis.comparison import spread
from bresim.brief.runs import cases_of
from bresim.brief.signals import bad_end
from bresim.config.schema import BriefConfig
from bresim.conventions import FOUNDINGS, HEADLINE, REFERENCE
from bresim.costs import FTE

COLUMNS = [
    "design", "gain", "gain_low", "gain_high", "chance", "quarter", "decided", "decided_low", "decided_high",
    "quota", "spread_low", "spread_high", "first_year", "fte", "worse", "bad", "dissolved", "best", "holds", "worlds",
]  # fmt: skip


def designs(
    config: BriefConfig, runs: pd.DataFrame, summary: pd.DataFrame, staff: pd.DataFrame, worlds: pd.DataFrame
) -> pd.DataFrame:
    """The designs from the highest to the lowest gain if founded; the status quo is not among them.

    ``quota``: share of the municipalities that must say yes to found a design, at the point; 0: no vote is needed.
    ``spread``: 5 to 95 % of the futures. ``bad``: the share that ends badly, as in :func:`signals.bad_end`.
    """
    headline = summary[summary["outcome"] == HEADLINE]
    by = {founding: headline[headline["founding"] == founding].set_index("design") for founding in FOUNDINGS}
    dates = config.time.dates
    rows = []
    for case in cases_of(config):
        design = case.name
        if design == REFERENCE:
            continue
        mine = runs[runs["design"] == design]
        decided, founded = (mine[mine["founding"] == founding] for founding in FOUNDINGS)
        quo = _reference(runs).reindex(founded["replicate"])
        gap = founded.set_index("replicate")[HEADLINE] - quo
        chance = float(decided["adopted"].astype("float64").mean())
        quarter = decided.loc[decided["adopted"] > 0, "adopted_quarter"].astype("float64").median()
        world = worlds[worlds["design"] == design] if len(worlds) else worlds
        rows.append(
            (
                design,
                *by["at_once"].loc[design, ["difference", "difference_low", "difference_high"]],
                chance,
                dates[round(quarter)] if np.isfinite(quarter) else None,
                *by["vote"].loc[design, ["difference", "difference_low", "difference_high"]],
                case.design.aggregation.adoption_quota,
                *spread(gap.to_numpy(dtype=np.float64)),
                first_year(founded["quarters_to_first_result"], config),
                float(staff.loc[(staff["design"] == design) & (staff["founding"] == "at_once"), FTE].mean()),
                float((gap < 0.0).mean()),
                float(bad_end(gap.to_numpy(dtype=np.float64), founded["dissolved"].to_numpy() > 0).mean()),
                float(founded["dissolved"].astype("float64").mean()),
                by["at_once"].loc[design, "probability_best"],
                int(world["holds"].sum()) if len(world) else 0,
                len(world),
            )
        )
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.sort_values("gain", ascending=False, kind="stable").reset_index(drop=True)


def _reference(runs: pd.DataFrame) -> pd.Series:
    """Today's value in each replicate; it is the same under both foundings."""
    quo = runs[(runs["design"] == REFERENCE) & (runs["founding"] == "at_once")]
    return quo.set_index("replicate")[HEADLINE]


def first_year(quarters: pd.Series, config: BriefConfig) -> float:
    """The year by which half of the futures have their first completed regional initiative; NaN if fewer ever have one.

    ``quarters`` are those from policy start to it, missing where there never was one.
    """
    typical = quarters.astype("float64").fillna(np.inf).median()
    at = config.policy_quarter + typical
    return float(config.time.dates[int(at)][:4]) if at < config.quarters else np.nan
