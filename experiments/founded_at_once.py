"""The comparison without founding (every design holds at once), and the Regio Deal without its money.

Run ``python experiments/founded_at_once.py``; it prints the paired differences to the status quo in percentage points.
"""

from __future__ import annotations

import bresim
from bresim.conventions import HEADLINE, REFERENCE
from bresim.governance import Design, load_design, shipped_designs


def changed(design: Design, name: str, section: str, **fields: object) -> Design:
    """A copy of a design under another name with other fields in one section."""
    rules = getattr(design, section).model_copy(update=fields)
    return design.model_copy(update={"name": name, section: rules})


def main() -> None:
    """Compare every shipped design as if it were founded at once, and two designs without programme money."""
    config = bresim.load(
        "compare", overrides=["replicates=200", "undercurrent_replicates=0", "record=runs", "figures=false"]
    )
    designs = [
        changed(load_design(name), name, "aggregation", adoption_quota=0.0) if name != REFERENCE else load_design(name)
        for name in shipped_designs()
    ]
    for name in ("regio_deal", "regio_deal_continued"):
        founded = next(design for design in designs if design.name == name)
        designs.append(changed(founded, f"{name}_without_money", "payoff", programme_money=0.0))
    summary = bresim.compare(config.model_copy(update={"designs": tuple(designs)})).summary
    rows = summary[summary["outcome"] == HEADLINE].set_index("design")
    for name, row in rows.sort_values("difference", ascending=False).iterrows():
        low, high = 100 * row["difference_low"], 100 * row["difference_high"]
        gap = f"{100 * row['difference']:+.1f} ({low:+.1f} to {high:+.1f})"
        print(f"{name:40s} {gap}  best in {row['probability_best']:.0%}")


if __name__ == "__main__":
    main()
