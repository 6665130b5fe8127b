"""The comparison with every design founded at policy start, and the Regio Deal without its money.

Run ``python experiments/founded_at_once.py``; it prints the paired differences to the status quo in percentage points.
"""

from __future__ import annotations

import bresim
from bresim.conventions import HEADLINE
from bresim.governance import Design


def without_money(design: Design) -> Design:
    """A copy of a design under another name, without programme money."""
    payoff = design.payoff.model_copy(update={"programme_money": 0.0})
    return design.model_copy(update={"name": f"{design.name}_without_money", "payoff": payoff})


def main() -> None:
    """Compare every shipped design as if it were founded at once, and two designs without programme money."""
    small = ["replicates=200", "undercurrent_replicates=0", "record=runs", "figures=false"]
    config = bresim.load("compare", overrides=["founding=at_once", *small])
    changed = [without_money(one) for one in config.designs if one.name in ("regio_deal", "regio_deal_continued")]
    summary = bresim.compare(config.model_copy(update={"designs": (*config.designs, *changed)})).summary
    rows = summary[summary["outcome"] == HEADLINE].set_index("design")
    for name, row in rows.sort_values("difference", ascending=False).iterrows():
        low, high = 100 * row["difference_low"], 100 * row["difference_high"]
        gap = f"{100 * row['difference']:+.1f} ({low:+.1f} to {high:+.1f})"
        print(f"{name:40s} {gap}  best in {row['probability_best']:.0%}")


if __name__ == "__main__":
    main()
