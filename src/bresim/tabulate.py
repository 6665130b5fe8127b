"""From what the ensemble recorded to the tables of a result."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bresim.columns import STATE_OUTCOMES, Outcome, run_outcomes
from bresim.columns.events import CAUSES, EVENTS, INSTITUTIONAL
from bresim.columns.runs import BALLOT_TERMS, CAPACITY_USE, MUNICIPALITY_OUTCOMES, QUESTIONS, municipality_theme
from bresim.conventions import FOUNDINGS
from bresim.governance.codings import POINT
from bresim.kernel.state import COMPLETED, DEADLOCKED, DIARY_DTYPE, DISSOLVE, FAILED, FOUND, LAPSED
from bresim.plan import Plan, at_once
from bresim.region.types import Region
from bresim.runner import diary
from bresim.runner.ensemble import Recorded
from bresim.runner.family import MOMENTS
from bresim.story import sentences
from bresim.world import arena_names

_ENDED = {COMPLETED: "completed", FAILED: "failed", DEADLOCKED: "deadlocked", LAPSED: "lapsed"}


def outcomes_of(region: Region) -> tuple[Outcome, ...]:
    """The outcome columns of a run in this region, in order."""
    return run_outcomes(
        [(theme.name, theme.label_nl, theme.label_en) for theme in region.themes], region.subregion_labels
    )


def _category(names: list[str] | tuple[str, ...], codes: NDArray[np.int64]) -> pd.Categorical:
    return pd.Categorical.from_codes(codes, categories=pd.Index(list(names), dtype="str"))


def _table(columns: Mapping[str, Any]) -> pd.DataFrame:
    """These columns as a table. Each is in memory once: as it is, or a copy where it lies spread in records."""
    apart = {
        name: np.ascontiguousarray(column) if isinstance(column, np.ndarray) else column
        for name, column in columns.items()
    }
    return pd.DataFrame(apart, copy=False)


def _keys(plan: Plan, rows: NDArray[np.int64]) -> dict[str, Any]:
    """The columns that say which run a row is of."""
    jobs = plan.jobs
    zeros = np.zeros(len(rows), dtype=np.int64)
    return {
        "design": _category(plan.names, plan.named[rows]),
        "founding": _category(FOUNDINGS, jobs["at_once"][rows].astype(np.int64)),
        "scenario": _category([plan.scenario.name], zeros),
        "undercurrent": _category(plan.labels, plan.levels[rows]),
        "replicate": jobs["replicate"][rows],
    }


def runs_table(plan: Plan, recorded: Recorded) -> pd.DataFrame:
    """One row a run."""
    rows = np.arange(len(plan.jobs))
    columns = _keys(plan, rows)
    columns["seed"] = plan.seeds
    columns["parameter_draw"] = plan.draw_ids[plan.jobs["draw"]]
    at_point = plan.codings == POINT
    columns["coding_draw"] = np.where(at_point, np.nan, plan.codings) if at_point.any() else plan.codings
    for at, outcome in enumerate(outcomes_of(plan.region)):
        columns[outcome.name] = recorded.runs[:, at]
    return _table(columns)


def series_table(plan: Plan, recorded: Recorded) -> pd.DataFrame:
    """One row a run and quarter."""
    count, quarters = recorded.series.shape
    if count == 0:
        return pd.DataFrame()
    columns = _keys(plan, np.repeat(np.arange(count), quarters))
    quarter = np.tile(np.arange(quarters), count)
    columns["quarter"] = quarter
    columns["date"] = _category(plan.config.time.dates, quarter)
    for outcome in STATE_OUTCOMES:
        columns[outcome.name] = recorded.series[outcome.name].reshape(-1)
    return _table(columns)


def municipalities_table(plan: Plan, recorded: Recorded) -> pd.DataFrame:
    """One row a run and municipality, at the end of the run."""
    count, size = recorded.municipalities.shape
    if count == 0:
        return pd.DataFrame()
    region = plan.region
    columns = _keys(plan, np.repeat(np.arange(count), size))
    index = np.tile(np.arange(size), count)
    columns["municipality"] = _category(region.names, index)
    columns["subregion"] = _category(region.subregion_labels, region.subregion[index])
    columns["population"] = region.population[index].astype(np.int64)
    for column in MUNICIPALITY_OUTCOMES:
        columns[column.name] = recorded.municipalities[column.name].reshape(-1)
    for k, theme in enumerate(region.themes):
        columns[municipality_theme(theme.name).name] = recorded.municipality_themes[:, :, k].reshape(-1)
    return _table(columns)


def initiatives_table(plan: Plan, recorded: Recorded) -> pd.DataFrame:
    """One row an initiative, in the order of the runs and of opening."""
    if len(recorded.log) == 0:
        return pd.DataFrame()
    region = plan.region
    log = recorded.log
    columns = _keys(plan, log["run"])
    columns["theme"] = _category([theme.name for theme in region.themes], log["theme"])
    columns["arena"] = _category(arena_names(region), log["arena"])
    masks, code = np.unique(log["members"], return_inverse=True)
    columns["members"] = pd.Categorical.from_codes(
        code, categories=pd.Index([";".join(_members(int(mask), region)) for mask in masks], dtype="str")
    )
    columns["size"] = np.array([int(mask).bit_count() for mask in masks], dtype=np.int64)[code]
    for name in ("eligible", "coerced"):
        columns[name] = log[name].astype(np.int64)
    for name in ("opened", "agreed", "ended"):
        columns[name] = np.where(log[name] < 0, np.nan, log[name].astype(np.float64))
    names = ["negotiating", "executing", *_ENDED.values()]
    place = np.select([log["outcome"] == ended for ended in _ENDED], range(2, 2 + len(_ENDED)), 0)
    # what was agreed before the run began has members and no quarter of agreement
    place = np.where((place == 0) & ((log["agreed"] >= 0) | (log["inherited"] & (log["members"] > 0))), 1, place)
    columns["outcome"] = _category(names, place)
    for name in ("imposed", "funded", "inherited"):
        columns[name] = log[name]
    return _table(columns)


def capacity_table(plan: Plan, recorded: Recorded) -> pd.DataFrame:
    """What the capacity of a municipality went to: one row a run, quarter and municipality."""
    count, quarters, size = recorded.capacity.shape
    if count == 0:
        return pd.DataFrame()
    columns = _keys(plan, np.repeat(np.arange(count), quarters * size))
    quarter = np.tile(np.repeat(np.arange(quarters), size), count)
    columns["quarter"] = quarter
    columns["date"] = _category(plan.config.time.dates, quarter)
    columns["municipality"] = _category(plan.region.names, np.tile(np.arange(size), count * quarters))
    for column in CAPACITY_USE:
        columns[column.name] = recorded.capacity[column.name].reshape(-1)
    return _table(columns)


def events_runs(recorded: Recorded) -> NDArray[np.int64]:
    """The run of each row of ``events_table``."""
    return _happenings(recorded)[0]


def changes_runs(recorded: Recorded) -> NDArray[np.int64]:
    """The run of each row of ``changes_table``."""
    return _changes(recorded)[0]


def _written(recorded: Recorded, changes: bool) -> tuple[NDArray[np.int64], np.ndarray]:
    """(run, row) of what the diaries hold: either the changes of trust and grievance, or all else."""
    kept = [rows[(rows["kind"] >= diary.N_EVENTS) == changes] for rows in recorded.diaries]
    run = np.repeat(np.arange(len(kept)), [len(rows) for rows in kept])
    return run, np.concatenate(kept) if kept else np.zeros(0, DIARY_DTYPE)


def _institutional(recorded: Recorded) -> tuple[NDArray[np.int64], np.ndarray]:
    """(run, row) of what the region's institution went through, which no diary holds: runs in common differ in it."""
    bits = recorded.institutions[:, :, None] >> np.arange(len(INSTITUTIONAL)) & 1
    run, quarter, which = np.nonzero(bits)
    rows = np.zeros(len(run), DIARY_DTYPE)
    for name in ("arena", "theme", "municipality", "other"):
        rows[name] = -1
    rows["quarter"] = quarter
    names = [event.name for event in EVENTS]
    rows["kind"] = np.array([names.index(name) for name in INSTITUTIONAL], dtype=np.int8)[which]
    return run, rows


def _happenings(recorded: Recorded) -> tuple[NDArray[np.int64], np.ndarray]:
    """(run, row) of all events, by run and quarter; what the institution goes through comes first in a quarter."""
    parts = (_institutional(recorded), _written(recorded, changes=False))
    run = np.concatenate([part[0] for part in parts])
    rows = np.concatenate([part[1] for part in parts])
    order = np.lexsort((rows["quarter"], run))
    return run[order], rows[order]


def _changes(recorded: Recorded) -> tuple[NDArray[np.int64], np.ndarray]:
    """(run, row) of all changes of trust and grievance, by run and quarter."""
    return _written(recorded, changes=True)


def events_table(plan: Plan, recorded: Recorded) -> pd.DataFrame:
    """What happened: one row an event, by run and quarter."""
    if len(recorded.diaries) == 0:
        return pd.DataFrame()
    region = plan.region
    run, rows = _happenings(recorded)
    names = [event.name for event in EVENTS]
    columns = _dated(plan, run, rows)
    columns["event"] = _category(names, rows["kind"])
    columns["theme"] = _category([theme.name for theme in region.themes], rows["theme"])
    columns["arena"] = _category(arena_names(region), rows["arena"])
    columns["municipality"] = _category(region.names, rows["municipality"])
    sized = np.isin(rows["kind"], [diary.SHOCK, diary.WINDOW])
    columns["size"] = np.where(sized, rows["amount"], np.nan)
    columns["fte"] = np.where(rows["kind"] == diary.SIGNED, rows["amount"], np.nan)
    return _table(columns)


def changes_table(plan: Plan, recorded: Recorded) -> pd.DataFrame:
    """Changes of trust and grievance: one row a run, quarter, pair and cause."""
    if len(recorded.diaries) == 0:
        return pd.DataFrame()
    run, rows = _changes(recorded)
    columns = _dated(plan, run, rows)
    columns["source"] = _category(plan.region.names, rows["municipality"])
    columns["target"] = _category(plan.region.names, rows["other"])
    cause = rows["kind"] - diary.N_EVENTS
    for name in ("quantity", "name"):
        values = [getattr(one, name) for one in CAUSES]
        known = list(dict.fromkeys(values))
        codes = np.array([known.index(value) for value in values], dtype=np.int8)
        columns["cause" if name == "name" else name] = _category(known, codes[cause])
    columns["change"] = rows["amount"]
    return _table(columns)


def _dated(plan: Plan, run: NDArray[np.int64], rows: np.ndarray) -> dict[str, Any]:
    """The columns that say of which run and quarter a row of a diary is."""
    columns = _keys(plan, run)
    columns["quarter"] = rows["quarter"]
    columns["date"] = _category(plan.config.time.dates, rows["quarter"])
    return columns


def with_sentences(plan: Plan, table: pd.DataFrame) -> pd.DataFrame:
    """The table with a sentence for each row in both languages."""
    told = {
        f"sentence_{lang}": pd.array(sentences(table, plan.region, plan.config.designs, lang), dtype="str")
        for lang in ("nl", "en")
    }
    return table.assign(**told)


def votes_table(plan: Plan, recorded: Recorded) -> pd.DataFrame:
    """One row a vote and municipality, in the order of the runs and of voting."""
    ballots = recorded.ballots
    if len(ballots) == 0:
        return pd.DataFrame()
    columns = _keys(plan, ballots["run"])
    columns["quarter"] = ballots["quarter"]
    columns["date"] = _category(plan.config.time.dates, ballots["quarter"])
    columns["municipality"] = _category(plan.region.names, ballots["municipality"])
    columns["question"] = _category([name for name, _ in QUESTIONS], ballots["question"] - FOUND)
    columns["chance"] = ballots["chance"]
    dissolving = ballots["question"] == DISSOLVE
    absent = {"refused": dissolving, "results": ~dissolving, "cost": ~dissolving, "leaving": ~dissolving}
    for term in BALLOT_TERMS:
        columns[term.name] = np.where(absent.get(term.name, False), np.nan, ballots[term.name])
    for name in ("yes", "carried"):
        columns[name] = ballots[name]
    return _table(columns)


def _members(mask: int, region: Region) -> list[str]:
    return [name for i, name in enumerate(region.names) if mask >> i & 1]


def dyads_table(plan: Plan, recorded: Recorded) -> pd.DataFrame:
    """Mean trust and grievance of each ordered pair at start, policy start and end, by design and founding."""
    if recorded.pairs.shape[0] == 0:
        return pd.DataFrame()
    names = [design.name for design in plan.config.designs]
    size = plan.region.size
    source, target = (index[~np.eye(size, dtype=np.bool_)] for index in np.indices((size, size)))
    parts = []
    for at, founding in product(range(len(names)), plan.config.foundings):
        same = (plan.named == at) & (plan.jobs["at_once"] == at_once([founding]))
        pairs = recorded.pairs[same]
        means = {name: pairs[name].mean(axis=0) for name in ("trust", "grievance")}
        for moment in range(len(MOMENTS)):
            parts.append(
                pd.DataFrame(
                    {
                        "design": _category(names, np.full(len(source), at)),
                        "founding": _category(FOUNDINGS, np.full(len(source), FOUNDINGS.index(founding))),
                        "moment": _category(MOMENTS, np.full(len(source), moment)),
                        "source": _category(plan.region.names, source),
                        "target": _category(plan.region.names, target),
                        **{name: mean[moment, source, target] for name, mean in means.items()},
                    }
                )
            )
    return pd.concat(parts, ignore_index=True)
