"""Tables of runs: what ``bresim compare``, ``run`` and ``sweep`` leave."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bresim.columns.events import CAUSES, EVENTS, SMALLEST_CHANGE
from bresim.columns.keys import (
    ARENA,
    DATE,
    DESIGN,
    FOUNDING,
    KEYS,
    MUNICIPALITY,
    POINT_NUMBER,
    QUARTER,
    ROW_KEYS,
    SOURCE,
    SUBREGION,
    SWEPT,
    TARGET,
    THEME,
)
from bresim.columns.outcomes import RUN_OUTCOMES, STATE_OUTCOMES, subregion_outcome, theme_outcome
from bresim.columns.schema import Column, Table, Unit, Window

OUTCOMES = (
    *STATE_OUTCOMES,
    theme_outcome("<theme>", "…", "…"),
    subregion_outcome("<subregion>", "…"),
    *RUN_OUTCOMES,
)


def _c(name: str, unit: Unit, window: Window, direction: int, meaning: str, null: str = "") -> Column:
    return Column(name, unit, meaning, window, direction, null)


def _per_quarter(columns: Iterable[Column]) -> tuple[Column, ...]:
    """The same at the end of every quarter; what is taken over the policy window, up to that quarter."""
    return tuple(_so_far(column) for column in columns)


def _so_far(column: Column) -> Column:
    if column.window == "end":
        return replace(column, window="quarter")
    return replace(column, null="the policy window has not begun") if column.unit == "fte" else column


def _mean_fte(use: Column) -> Column:
    return _c(f"fte_{use.name}", "fte", "policy", 0, f"{use.meaning}; mean over the quarters")


#: What the capacity of a municipality goes to in a quarter; all but the first add up to it.
CAPACITY_USE = (
    _c("capacity", "fte", "quarter", 0, "its execution capacity; what follows adds up to it"),
    _c("collaborations", "fte", "quarter", 0, "standing collaborations: private, public and mandatory"),
    _c("meetings", "fte", "quarter", 0, "tables of initiatives under way, as far as standing collaborations leave capacity"),
    _c("bureau", "fte", "quarter", 0, "shared bureaus, and services that it supplies in kind, as far as the former leave capacity"),
    _c("execution", "fte", "quarter", 0, "work on initiatives in execution"),
    _c("own", "fte", "quarter", 0, "what is left, for what it does alone"),
)


#: What came of a run for a municipality.
MUNICIPALITY_OUTCOMES = (
    _c("public_value_direct", "share", "end", 1, "realised share of the direct value attainable in the municipality",
       "no direct value is attainable in it"),
    _c("public_value_indirect", "share", "end", 1, "realised share of the indirect value attainable in the municipality",
       "no indirect value is attainable in it"),
    _c("public_value_regional", "share", "end", 1, "realised share of the direct value attainable in it at the scale of the region",
       "no direct value is attainable in it at this scale"),
    _c("public_value_subregional", "share", "end", 1, "realised share of the direct value attainable in it at the scale of its subregion",
       "no direct value is attainable in it at this scale"),
    _c("public_value_local", "share", "end", 1, "realised share of the direct value that it can realise alone",
       "no direct value is attainable in it at this scale"),
    _c("trust_given", "share", "end", 1, "its mean trust in the others"),
    _c("trust_received", "share", "end", 1, "mean trust of the others in it"),
    _c("grievance_received", "share", "end", -1, "mean remembered negative experience of the others with it"),
    _c("support", "share", "end", 1, "support of its council for regional collaboration"),
    _c("slack", "share", "end", 1, "share of its execution capacity that is free for regional work"),
    _c("load", "share", "end", -1, "share of its execution capacity taken by standing collaborations and by tables (initiatives under way), at most 1"),
    _c("urgency", "share", "end", 0, "its mean urgency over the themes"),
    _c("agreements", "count", "policy", 1, "agreements on an initiative, in all arenas, of which it was a member when they were made: signed, bound to it by the others, or imposed"),
    _c("pledges", "count", "policy", 0, "promises of it that fell due at a milestone, in all arenas: one for each milestone of an initiative that it is a member of; what is neither late nor broken it kept"),
    _c("delays", "count", "policy", -1, "promises of these that it announced to be late, for want of capacity"),
    _c("defaults", "count", "policy", -1, "promises of these that it broke: not given, and not said in time to be late"),
    *(_mean_fte(use) for use in CAPACITY_USE[1:]),
)


def municipality_theme(name: str) -> Column:
    """What came of a run for a municipality in one theme."""
    return _c(f"public_value_{name}", "share", "end", 1, "realised share of the direct value of the theme attainable in it, over all scales",
              "no direct value of the theme is attainable in it")


_OF_MUNICIPALITY = (*MUNICIPALITY_OUTCOMES, municipality_theme("<theme>"))
_MUNICIPALITY = (MUNICIPALITY, SUBREGION, Column("population", "count", "inhabitants, at the start"))

_INITIATIVE = (
    THEME,
    ARENA,
    Column("members", "text", "the members, separated by `;`: at the end of an initiative that was completed or failed, at the agreement of one still in execution; empty without agreement", "run"),
    Column("size", "count", "number of these members", "run"),
    Column("eligible", "count", "municipalities that could take part when it was opened; later rules may admit more", "run"),
    Column("coerced", "count", "members that the agreement, when it was made, bound although they had not committed themselves", "run"),
    Column("opened", "quarter", "quarter in which the theme was put on the agenda and negotiation began; 0 if it was under way when the run began", "run"),
    Column("agreed", "quarter", "quarter of the agreement, in which execution began", "run", 0, "there was no agreement, or it was made before the run began"),
    Column("ended", "quarter", "quarter in which it was completed, failed, ended in deadlock or lapsed", "run", 0, "it was under way when the run ended"),
    Column("outcome", "name", "how it ended, or how far it was when the run ended", "run", 0, "", (
        ("negotiating", "no agreement yet"), ("executing", "agreed, not all work done yet"), ("completed", "all work done"),
        ("failed", "ended before all work was done"), ("deadlocked", "negotiation ended without agreement"),
        ("lapsed", "negotiation ended because its arena ended"),
    )),
    Column("imposed", "flag", "whether the province imposed the agreement", "run"),
    Column("funded", "flag", "whether there was central money for it (at least 0.5 of a funding window) while it was negotiated", "run"),
    Column("inherited", "flag", "whether it was under way when the run began", "run"),
)

#: What may be put to the vote, in the order of ``kernel.state``.
QUESTIONS = (
    ("founding", "whether to found the design"), ("successor", "whether to found its successor, after its term"),
    ("dissolution", "whether to dissolve the design, or its successor, for want of results"),
)
_ON_FOUNDING, _ON_DISSOLUTION = "the vote is on founding", "the vote is on dissolution"


def _term(name: str, meaning: str, null: str = "") -> Column:
    return _c(name, "number", "quarter", 0, meaning, null)


#: What a municipality weighs in a vote; together they are the logit of its chance of a yes.
BALLOT_TERMS = (
    _term("constant", "what every municipality starts from"),
    _term("trust", "trust in the other eligible municipalities"),
    _term("support", "support of its council"),
    _term("orientation", "its regional orientation"),
    _term("urgency", "how urgent the themes in scope are to it"),
    _term("interest", "how far they are of interest to it"),
    _term("money", "money in sight for them"),
    _term("autonomy", "autonomy that it gives up"),
    _term("say", "unequal say"),
    _term("refused", "memory of an earlier refusal or dissolution", _ON_DISSOLUTION),
    _term("results", "years without results, less what the region completed together", _ON_FOUNDING),
    _term("cost", "staff that it gives to the pool", _ON_FOUNDING),
    _term("leaving", "what leaving costs", _ON_FOUNDING),
)
_VOTE = (
    QUARTER, DATE, MUNICIPALITY,
    Column("question", "name", "what is put to the vote", "quarter", values=QUESTIONS),
    _c("chance", "share", "quarter", 0, "chance that it says yes: the logistic function of the terms that follow, together"),
    *BALLOT_TERMS,
    _c("yes", "flag", "quarter", 0, "whether it said yes"),
    _c("carried", "flag", "quarter", 0, "whether the vote was carried"),
)

_PAIR = (
    _c("trust", "share", "quarter", 1, "trust of `source` in `target`"),
    _c("grievance", "share", "quarter", -1, "negative experience with `target` that `source` remembers"),
)
_MOMENT = Column("moment", "name", "when", values=(
    ("start", "before the first quarter"), ("policy", "before the first quarter under the design"), ("end", "after the last quarter"),
))

RUNS = Table("runs", ("compare", "brief", "run"), "a run: a design, a founding and a replicate", (*KEYS, *OUTCOMES))
SERIES = Table(
    "series", ("compare", "run"), "a run and quarter", (*ROW_KEYS, QUARTER, DATE, *_per_quarter(STATE_OUTCOMES)),
    when="compare: `record=series`, `record=details` or `record=all`",
)
MUNICIPALITIES = Table(
    "municipalities", ("compare",), "a run and municipality", (*ROW_KEYS, *_MUNICIPALITY, *_OF_MUNICIPALITY),
    when="`record=details` or `record=all`",
)
MUNICIPALITY_TRACE = Table(
    "municipalities", ("run",), "a quarter and municipality",
    (DESIGN, FOUNDING, QUARTER, DATE, *_MUNICIPALITY, *_per_quarter(_OF_MUNICIPALITY)),
    note="`agreements`, `pledges`, `delays` and `defaults` are counted, and `fte_…` is taken, from policy start to the quarter of the row.",
)
INITIATIVES = Table(
    "initiatives", ("compare", "run"), "an initiative, in the order of runs and of opening", (*ROW_KEYS, *_INITIATIVE),
    when="compare: `record=details` or `record=all`", note="If no run opened an initiative, there is no such file.",
)
VOTES = Table(
    "votes", ("compare", "run"), "a vote and municipality, in the order of runs and of voting", (*ROW_KEYS, *_VOTE),
    when="compare: `record=details` or `record=all`", note="The terms are in logits, and a yes to dissolution is a yes to ending it, so most terms have the other sign "
         "there. If no run held a vote, there is no such file.",
)
DYADS = Table(
    "dyads", ("compare",), "a design, founding, moment and ordered pair of municipalities",
    (DESIGN, FOUNDING, _MOMENT, SOURCE, TARGET, *_PAIR), when="`record=details` or `record=all`, or `record=series` with figures",
    note="Means over the replicates of the design under this founding.",
)
DYAD_TRACE = Table(
    "dyads", ("run",), "a moment and ordered pair of municipalities",
    (DESIGN, FOUNDING, Column("quarter", "quarter", "number of quarters that have passed: 0 before the first quarter, 1 after it; so it is one more "
                    "than `quarter` in the other tables, where a row is the end of its quarter"), SOURCE, TARGET, *_PAIR),
)
CAPACITY = Table(
    "capacity", ("compare", "run"), "a run, quarter and municipality", (*ROW_KEYS, QUARTER, DATE, MUNICIPALITY, *CAPACITY_USE),
    when="compare: `record=all`",
)
_SENTENCES = (
    Column("sentence_nl", "text", "the same as a sentence, in Dutch", "quarter"),
    Column("sentence_en", "text", "the same as a sentence, in English", "quarter"),
)
_EVENT = (
    QUARTER, DATE,
    Column("event", "name", "what happened", "quarter", 0, "", tuple((kind.name, kind.meaning) for kind in EVENTS)),
    replace(THEME, null="it is an election, or about the design"),
    replace(ARENA, null="it is not about an initiative"),
    replace(MUNICIPALITY, null="it is not about one municipality"),
    _c("size", "share", "quarter", 0, "height of the shock or of the funding window in this quarter; 1 is full strength", "it is not a shock or a funding window"),
    _c("fte", "fte", "quarter", 0, "staff a quarter that the municipality promised", "it is not `signed`"),
)
_TOLD = "`bresim.story.sentences` makes a sentence of each row, in Dutch or English."
_INHERITED = "What was under way when the run began has no event of its opening, joining and signing."
EVENTS_OF_RUNS = Table(
    "events", ("compare",), "something that happened, by run and quarter, in the order of happening", (*ROW_KEYS, *_EVENT),
    when="`record=all`", note=f"{_INHERITED} {_TOLD}",
)
EVENTS_OF_RUN = Table(
    "events", ("run",), "something that happened, by quarter, in the order of happening", (*ROW_KEYS, *_EVENT, *_SENTENCES), note=_INHERITED,
)
_CHANGE = (
    QUARTER, DATE, SOURCE, TARGET,
    Column("quantity", "name", "what changed", "quarter", values=(("trust", "trust of `source` in `target`"), ("grievance", "what `source` remembers against `target`"))),
    Column("cause", "name", "why", "quarter", values=tuple({cause.name: "; ".join(
        f"of {other.quantity}: {other.meaning}" for other in CAUSES if other.name == cause.name) for cause in CAUSES}.items())),
    _c("change", "number", "quarter", 0, "by how much, as a share; below 0 it fell"),
)
_SUMS = (
    f"Changes of one pair by one cause are recorded once they have added up to {SMALLEST_CHANGE}, so a row may hold what was too small to be recorded in "
    "the quarters before it. The rows of a pair and its value at the start add up to its value at any later quarter, but for less than that for each cause."
)
CHANGES_OF_RUNS = Table(
    "trust_changes", ("compare",), "a change of trust or grievance of one municipality towards another, by run, quarter and cause",
    (*ROW_KEYS, *_CHANGE), when="`record=all`", note=f"{_SUMS} {_TOLD}",
)
CHANGES_OF_RUN = Table(
    "trust_changes", ("run",), "a change of trust or grievance of one municipality towards another, by quarter and cause",
    (*ROW_KEYS, *_CHANGE, *_SENTENCES), note=_SUMS,
)  # fmt: skip
UNDERCURRENT_RUNS = Table(
    "undercurrent_runs", ("compare",), "a run, at each level of the undercurrent", RUNS.columns, like="runs",
    when="`undercurrent_replicates` above 0",
)

_COST = Column("<cost>", "outcome", "what the run costs: each of the [outcomes of cost](#outcomes-of-cost) with `sweep.costs=all`, those in fte with `staff`, else none",
               "outcome")
_FAILURE = Column("failure", "text", "why the run could not be made; stands last", null="the run was made")
_KEYS_TOLD = ("Keys that vary stand after the columns that say which run it is. One that is among these columns (`founding`, `scenario`, `undercurrent`, "
              "`seed`, `replicate`) gets no second column, and `governance` stands in `design`.")
_MUNICIPALITIES_TOLD = f"{_KEYS_TOLD} In a sweep over regions, a theme that the region of a run does not have is null."
SWEPT_TABLES = (
    Table(
        "runs", ("sweep",), "a run, by point, replicate and design", (*KEYS, POINT_NUMBER, SWEPT, *OUTCOMES, _COST, _FAILURE), like="runs",
        note=f"{_KEYS_TOLD} Of a run that could not be made, `parameter_draw` and all outcomes are null, and it has no rows in the other tables. "
             "In a sweep over regions, a theme or subregion that the region of a run does not have is null.",
    ),
    *(
        Table(table.name, ("sweep",), table.row, (*ROW_KEYS, POINT_NUMBER, SWEPT, *table.columns[len(ROW_KEYS) :]), like=table.name, when=when,
              note=_MUNICIPALITIES_TOLD if table is MUNICIPALITIES else _KEYS_TOLD)
        for table, when in (
            (SERIES, "`record=series`, `details` or `all`"), (MUNICIPALITIES, "`record=details` or `all`"), (INITIATIVES, "`record=details` or `all`"),
            (CAPACITY, "`record=all`"), (EVENTS_OF_RUNS, "`record=all`"), (CHANGES_OF_RUNS, "`record=all`"),
        )
    ),
)
POINTS = Table(
    "points", ("sweep",), "a point: one value for each key that varies", (SWEPT,),
    note="The rows of `runs.parquet` stand by point, replicate and design, and hold the number of their point and its values. In the points of "
         "`bresim run --multirun` the keys `governance` and `replicate` name the design and the replicate of each job.",
)  # fmt: skip

TABLES = (
    RUNS, SERIES, MUNICIPALITIES, MUNICIPALITY_TRACE, INITIATIVES, VOTES, DYADS, DYAD_TRACE, CAPACITY, EVENTS_OF_RUNS, EVENTS_OF_RUN,
    CHANGES_OF_RUNS, CHANGES_OF_RUN, UNDERCURRENT_RUNS, *SWEPT_TABLES, POINTS,
)  # fmt: skip
