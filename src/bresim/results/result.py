"""The result of a job in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from bresim.columns import STATE_OUTCOMES
from bresim.config.schema import JobConfig
from bresim.conventions import HEADLINE, Founding
from bresim.region.types import Region
from bresim.results.cubes import cube_of
from bresim.results.shown import as_html, as_text

if TYPE_CHECKING:
    import xarray

#: Tables of a result; ``summary`` is written as CSV, the others as Parquet. Columns: ``bresim.columns``.
TABLES = (
    "runs",
    "series",
    "municipalities",
    "initiatives",
    "votes",
    "dyads",
    "capacity",
    "events",
    "trust_changes",
    "summary",
    "undercurrent_runs",
    "patterns",
    "sensitivity",
    "convergence",
    "boxes",
    "responses",
)


#: Large tables that no picture or sentence of a comparison shows.
NOT_SHOWN = ("initiatives", "votes", "capacity", "events", "trust_changes")
#: The outcomes of ``series`` that a picture or sentence of a comparison shows.
SERIES_SHOWN = (HEADLINE, "trust_mean", "grievance_mean")


def _none() -> pd.DataFrame:
    return pd.DataFrame()


@dataclass(frozen=True)
class Result:
    """The tables of a job, with the configuration and region they were made from.

    A table that the job does not make or keep has no columns. ``runs``: one row per run; ``series``: one per run and
    quarter; ``municipalities``: one per run and municipality, at the end; ``initiatives``: one per initiative;
    ``votes``: one per vote and municipality; ``dyads``: trust and grievance between pairs at the start, at policy
    start and at the end; ``capacity``: what the capacity of a municipality went to, every quarter; ``events``: what
    happened; ``trust_changes``: changes of trust and grievance, with their cause; ``summary``: one row per design,
    founding and outcome; ``undercurrent_runs``: like ``runs``, for every level of the undercurrent; ``patterns``: one
    row per pattern. Of ``bresim sensitivity``: ``sensitivity`` has one row per index, ``convergence`` one per
    quantity, ``boxes`` one per bound of a box, ``responses`` one per point and design. Of ``bresim sweep``
    ``points`` has one row per point. ``engine`` says how the runs
    were computed, ``failures`` how many runs failed,
    ``not_judged`` why its parameter sets were not judged with what ran (``judged.Reason``).
    """

    config: JobConfig
    region: Region | None = None
    runs: pd.DataFrame = field(default_factory=_none)
    series: pd.DataFrame = field(default_factory=_none)
    municipalities: pd.DataFrame = field(default_factory=_none)
    initiatives: pd.DataFrame = field(default_factory=_none)
    votes: pd.DataFrame = field(default_factory=_none)
    dyads: pd.DataFrame = field(default_factory=_none)
    capacity: pd.DataFrame = field(default_factory=_none)
    events: pd.DataFrame = field(default_factory=_none)
    trust_changes: pd.DataFrame = field(default_factory=_none)
    summary: pd.DataFrame = field(default_factory=_none)
    undercurrent_runs: pd.DataFrame = field(default_factory=_none)
    patterns: pd.DataFrame = field(default_factory=_none)
    sensitivity: pd.DataFrame = field(default_factory=_none)
    convergence: pd.DataFrame = field(default_factory=_none)
    boxes: pd.DataFrame = field(default_factory=_none)
    responses: pd.DataFrame = field(default_factory=_none)
    points: pd.DataFrame = field(default_factory=_none)
    engine: str = ""
    failures: int = 0
    not_judged: tuple[str, ...] = ()
    manifest: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return as_text(self)

    def _repr_html_(self) -> str:
        return as_html(self)

    def to_xarray(self, table: str = "runs") -> xarray.Dataset:
        """A table as a cube with named axes: ``design``, ``founding``, ``replicate``, and as far as the table has them
        ``quarter``, ``municipality``, and of a sweep ``point`` or, where its points are a grid, each key that varies.

        Each variable and axis has ``long_name``, ``description`` and ``units`` from the data dictionary. Raises
        InputError if the rows of the table have no axes (``events``), and if xarray is not installed
        (``pip install 'bresim[netcdf]'``).
        """
        return cube_of(self, table)

    def under(self, founding: Founding, without: Collection[str] = ()) -> Result:
        """The rows of one founding in each table that has them by founding, and none of the tables ``without``."""
        kept: dict[str, Any] = {
            name: _none() if name in without else table[table["founding"] == founding].reset_index(drop=True)
            for name, table in self.tables().items()
            if "founding" in table
        }
        return replace(self, **kept)

    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables that this job made, by name."""
        made = {name: getattr(self, name) for name in TABLES}
        return {name: table for name, table in made.items() if len(table.columns)}


def as_shown(result: Result) -> Result:
    """The result with of ``series`` only the columns that are shown, and those that say whose they are."""
    left_out = [one.name for one in STATE_OUTCOMES if one.name not in SERIES_SHOWN]
    return replace(result, series=result.series.drop(columns=left_out, errors="ignore"))


def without_tables(result: Result, names: Collection[str]) -> Result:
    """The result without these tables."""
    empty: dict[str, Any] = {name: _none() for name in names}
    return replace(result, **empty)
