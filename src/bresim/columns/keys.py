"""Columns that say what a row is about, described once for every table that has them."""

from __future__ import annotations

from bresim.columns.schema import Column

DESIGN = Column("design", "name", "governance design ([designs.md](designs.md))")
FOUNDING = Column("founding", "name", "how the design comes to hold. Compare designs within a founding; both have the same futures", values=(
    ("vote", "when a vote of the municipalities, or of the provincial council on a role of its own, founds it, at policy start or later, or never"), ("at_once", "from policy start on, without a vote"),
))
SCENARIO = Column("scenario", "name", "scenario: events and expectations ([designs.md](designs.md#scenarios))")
UNDERCURRENT = Column("undercurrent", "name", "level of the undercurrent, `absent`, `mild`, `report` or `strong`; of other strengths "
                      "the three themselves, `0.3/0.6/0.6`: parochialism, cleavage, negativity")
REPLICATE = Column("replicate", "id", "number of the replicate, from 0: rows with the same seed and replicate have the same random draws under every "
                   "design (common random numbers), so compare designs within a replicate")
SEED = Column("seed", "id", "seed of all random draws")
PARAMETER_DRAW = Column("parameter_draw", "id", "which parameter set: its row in the plausible set (`parameters=plausible`) or in a table of your own "
                        "(`parameters=FILE`), the number of the draw under this seed (`parameters=prior`), or 0 (`parameters=point`); "
                        "replicates with the same seed and draw have the same parameters")
CODING_DRAW = Column("coding_draw", "id", "which draw of the codings of designs and measures, under this seed (`coding=drawn`), or under any "
                     "(`coding=NUMBER`). Replicates with the same seed and draw have the same codings",
                     null="every value is as its file has it (`coding=point`)")

#: Columns that say of which run a row is, in tables with several rows a run.
ROW_KEYS = (DESIGN, FOUNDING, SCENARIO, UNDERCURRENT, REPLICATE)
#: Columns that say which run a row of ``runs`` is.
KEYS = (*ROW_KEYS, SEED, PARAMETER_DRAW, CODING_DRAW)
#: Their names.
RUN_KEYS = tuple(column.name for column in KEYS)

QUARTER = Column("quarter", "quarter", "the quarter")
DATE = Column("date", "date", "the quarter as a date")
THEME = Column("theme", "name", "theme ([odd.md](odd.md#6-input-data))")
ARENA = Column("arena", "name", "where it is negotiated: `region` is the regional arena, with all municipalities; the others are parts of the region, mostly a subregion")
MUNICIPALITY = Column("municipality", "name", "municipality")
SUBREGION = Column("subregion", "name", "the subregion in which it lies")
SOURCE = Column("source", "name", "the municipality that trusts or remembers")
TARGET = Column("target", "name", "the other municipality")

POINT_NUMBER = Column("point", "id", "number of the point, from 0: its row in `points.parquet`")
#: Its name.
POINT = POINT_NUMBER.name
#: What varies from point to point.
SWEPT = Column("<key>", "key", "value of a key that varies; a list is JSON text (`[\"housing\",\"safety\"]`), nothing is the text `null`")
OUTCOME = Column("outcome", "name", "an outcome: a column of `runs.parquet`")
REFERENCE = Column("reference", "name", "the design that `design` is compared with, replicate by replicate", null="the row is about `design` by itself")
STATISTIC = Column("statistic", "name", "what is taken over the replicates of a point", values=(("mean", ""), ("variance", "")))
#: Columns that say what a sensitivity analysis explains.
QUANTITY_KEYS = (OUTCOME, DESIGN, REFERENCE, STATISTIC)
#: The same in the tables of an analysis, which is of one founding.
TOLD_KEYS = (OUTCOME, DESIGN, FOUNDING, REFERENCE, STATISTIC)
#: Names of ``QUANTITY_KEYS``; a list, as pandas groups by.
QUANTITY = [column.name for column in QUANTITY_KEYS]
