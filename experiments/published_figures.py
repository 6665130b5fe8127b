"""The table of docs/region.md: every published figure of Zuid-Limburg beside the model's, computed from the data.

python experiments/published_figures.py            # prints the table
python experiments/published_figures.py --write    # puts it into docs/region.md
"""

from __future__ import annotations

import sys
from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

from bresim.common.text import language
from bresim.region import load_region, published_figures

PAGE = Path(__file__).resolve().parent.parent / "docs" / "region.md"
spoken = language("en")
BEGIN, END = "<!-- published figures: begin -->\n", "<!-- published figures: end -->"


def digits(row: Mapping[Hashable, Any]) -> int:
    return 1 if row["unit"] == "mean" or row["model"] != round(row["model"]) else 0


def shown(value: float, row: Mapping[Hashable, Any]) -> str:
    return spoken.percent(value, 1) if row["unit"] == "share" else spoken.number(value, digits(row))


def table() -> str:
    """The published figures as a Markdown table."""
    lines = ["| figure | published | model | difference | source | note |", "|---|---:|---:|---:|---|---|"]
    figures = published_figures(load_region("zuid_limburg"), "en")
    for row in figures[figures["published"].notna()].to_dict("records"):
        low, high = shown(row["model_low"], row), shown(row["model_high"], row)
        share = row["unit"] == "share"
        difference = spoken.points(row["difference"]) if share else spoken.signed(row["difference"], digits(row))
        model = low if low == high else f"{low} – {high}"
        cells = [row["figure"], shown(row["published"], row), model, difference, row["source"], row["note"]]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def page(text: str) -> str:
    """The page with the table in its place."""
    before, rest = text.split(BEGIN)
    return before + BEGIN + table() + END + rest.split(END)[1]


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print(table(), end="")
