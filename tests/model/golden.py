"""Numbers that only a change marked [results] may change: ``python -m tests.model.golden`` regenerates them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

import bresim

TABLE = Path(__file__).with_suffix(".csv")
OVERRIDES = {
    "zuid_limburg": (
        "designs=[status_quo,coalition_of_the_willing,regio_deal_continued,provincial_steering,lobby_construct]",
    ),
    "teaching": ("designs=[status_quo,lead_municipality,joint_arrangement]", "undercurrent=strong"),
}
OUTCOMES = (
    "public_value_direct", "public_value_indirect", "public_value_worst_municipality", "trust_mean", "grievance_mean",
    "urgency_mean", "support_mean", "province_acceptance", "partner_trust_economic", "slack_mean", "agreements",
    "completed", "default_rate", "adopted_quarter",
)  # fmt: skip


def runs() -> pd.DataFrame:
    """Two replicates of a few designs at the documented point, in both regions."""
    tables = []
    for region, overrides in OVERRIDES.items():
        small = ("replicates=2", "undercurrent_replicates=0", "record=runs", "figures=false", "report=false")
        given = [f"region={region}", "parameters=point", "coding=point", "founding=vote", *small, *overrides]
        config = bresim.load("compare", given)
        table = bresim.compare(config).runs[["design", "replicate", *OUTCOMES]]
        tables.append(table.astype({"design": str}).assign(region=region))
    return pd.concat(tables, ignore_index=True)


if __name__ == "__main__":
    runs().to_csv(TABLE, index=False, float_format="%.12g")
