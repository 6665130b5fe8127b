"""The result of a job in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from bresim.config.schema import JobConfig
from bresim.region.types import Region

#: Tables of a result; ``summary`` is written as CSV, the others as Parquet. Columns: ``bresim.columns``.
TABLES = (
    "runs",
    "series",
    "municipalities",
    "initiatives",
    "dyads",
    "events",
    "summary",
    "undercurrent_runs",
    "patterns",
    "sensitivity",
    "convergence",
    "boxes",
    "responses",
)


def _none() -> pd.DataFrame:
    return pd.DataFrame()


@dataclass(frozen=True)
class Result:
    """The tables of a job, with the configuration and region they were made from.

    A table that the job does not make, or was told not to keep, has no columns. ``runs``: one row a run;
    ``series``: one a run and quarter; ``municipalities``: one a run and municipality at the end;
    ``initiatives``: one an initiative; ``dyads``: trust and grievance between pairs at start, policy start and
    end; ``events``: what happened in the one run of ``bresim run``; ``summary``: one row a design and outcome;
    ``undercurrent_runs``: like ``runs`` for every level of the undercurrent; ``patterns``: one row a pattern;
    of ``bresim sensitivity``: ``sensitivity`` one row an index, ``convergence`` one a quantity, ``boxes`` one a bound
    of a box, ``responses`` one a point and design.
    ``engine`` says how the runs were computed, ``failures`` how many could not be.
    """

    config: JobConfig
    region: Region | None = None
    runs: pd.DataFrame = field(default_factory=_none)
    series: pd.DataFrame = field(default_factory=_none)
    municipalities: pd.DataFrame = field(default_factory=_none)
    initiatives: pd.DataFrame = field(default_factory=_none)
    dyads: pd.DataFrame = field(default_factory=_none)
    events: pd.DataFrame = field(default_factory=_none)
    summary: pd.DataFrame = field(default_factory=_none)
    undercurrent_runs: pd.DataFrame = field(default_factory=_none)
    patterns: pd.DataFrame = field(default_factory=_none)
    sensitivity: pd.DataFrame = field(default_factory=_none)
    convergence: pd.DataFrame = field(default_factory=_none)
    boxes: pd.DataFrame = field(default_factory=_none)
    responses: pd.DataFrame = field(default_factory=_none)
    engine: str = ""
    failures: int = 0
    manifest: Mapping[str, Any] = field(default_factory=dict)

    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables that this job made, by name."""
        made = {name: getattr(self, name) for name in TABLES}
        return {name: table for name, table in made.items() if len(table.columns)}
