"""A result in a few lines of text, and as a small table for a notebook."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from bresim.results.result import Result

#: Most characters of a name, and most rows of the table.
LONGEST, MOST_ROWS = 40, 12
#: Columns of the summary that a notebook shows, as far as it has them.
SHOWN = (
    "outcome", "design", "founding", "mean", "low", "high", "difference", "difference_low", "difference_high",
    "reference", "statistic", "key", "index", "value",
)  # fmt: skip


def about(result: Result) -> str:
    """What the job was, in a line: command, region, scenario, designs, replicates, seed."""
    config = result.config
    parts = [f"bresim {config.command}", _short(config.region.get("name", ""))]
    scenario: Any = getattr(config, "scenario", None)
    if scenario:
        parts.append(_short(scenario.get("name", "")))
    designs: Any = getattr(config, "designs", ())
    if designs:
        parts.append(designs[0].name if len(designs) == 1 else f"{len(designs)} designs")
    if hasattr(config, "replicates"):
        parts.append(f"{config.replicates} replicates")
    if len(result.points):
        parts.append(f"{len(result.points)} points")
    return ", ".join([*filter(None, parts), f"seed {config.seed}"])


def _short(text: object) -> str:
    line = " ".join(str(text).split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def extents(result: Result) -> dict[str, str]:
    """The size of each table that is there: rows × columns."""
    tables = {**result.tables(), **({"points": result.points} if len(result.points) else {})}
    return {name: f"{len(table):,} × {len(table.columns)}" for name, table in tables.items()}


def as_text(result: Result) -> str:
    """Three lines at most."""
    tables = ", ".join(f"{name} ({size})" for name, size in extents(result).items())
    lines = [about(result), f"tables: {tables or 'none'}"]
    if result.failures:
        lines.append(f"{result.failures:,} runs failed")
    return "<" + "\n ".join(lines) + ">"


def as_html(result: Result) -> str:
    """The same, and the first rows of the summary; every label is text, whatever is in it."""
    sizes = "".join(f"<li><code>{escape(name)}</code> {size}</li>" for name, size in extents(result).items())
    failed = f"<p>{result.failures:,} runs failed</p>" if result.failures else ""
    return f"<p>{escape(about(result))}</p>{failed}{_table(result.summary)}<ul>{sizes}</ul>"


def _table(summary: pd.DataFrame) -> str:
    rows = summary[[name for name in SHOWN if name in summary]]
    if "outcome" in rows:  # the first one is the headline
        rows = rows[rows["outcome"] == rows["outcome"].iloc[0]] if len(rows) else rows
    rows = rows.head(MOST_ROWS)
    return str(rows.to_html(index=False, escape=True, na_rep="", float_format="{:.3f}".format)) if len(rows) else ""
