"""Runs of a sweep as tables; a run that fails is a row with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bresim import costs, tabulate
from bresim.columns import POINT, RUN_KEYS
from bresim.columns.runs import municipality_theme
from bresim.common.errors import InputError
from bresim.conventions import FOUNDINGS
from bresim.plan import Plan
from bresim.runner.ensemble import RUN_DTYPE, Recorded, is_ready, simulate
from bresim.sweep.job import Ints, Scene, SweepJob
from bresim.sweep.planning import knobs_of, plan_of, seeds_of, world_of

#: Exceptions after which a run is a row with the reason of its failure.
FAILURES = (ArithmeticError, ValueError, LookupError, InputError)


@dataclass(frozen=True)
class Rows:
    """A table, and the run of each of its rows."""

    table: pd.DataFrame
    run: Ints


def make_ready(job: SweepJob, wait: Callable[[], None]) -> None:
    """Compile the model for the sizes of the regions, unless it was before; ``wait`` is called first."""
    for run in job.one_of_each_kernel.tolist():
        try:
            ready = is_ready(world_of(job, run))
        except FAILURES:  # its row has the reason
            continue
        if not ready:
            wait()
            tables_of(job, np.array([run]))


def tables_of(
    job: SweepJob,
    run: Ints,
    workers: int = 1,
    advance: Callable[[int], None] | None = None,
    priced: Sequence[str] = (),
) -> dict[str, pd.DataFrame]:
    """Run these runs, in ascending order: ``runs`` (one row a run), and what ``record`` asks besides.

    ``priced`` are outcomes of ``columns.COST_OUTCOMES`` that ``runs`` has too.
    """
    point, _, _ = job.places(run)
    worlds = job.worlds.code[point]
    found: dict[str, list[Rows]] = {}
    for code in dict.fromkeys(worlds.tolist()):
        for name, rows in _part(job, code, run[worlds == code], workers, advance, priced):
            found.setdefault(name, []).append(rows)
    return {name: _together(job, name, parts, priced) for name, parts in found.items()}


def _together(job: SweepJob, name: str, parts: Sequence[Rows], priced: Sequence[str]) -> pd.DataFrame:
    """Rows of several worlds in the order of their runs, with the swept keys of each."""
    run = np.concatenate([rows.run for rows in parts])
    table = pd.concat([rows.table for rows in parts], ignore_index=True) if len(parts) > 1 else parts[0].table
    order = np.argsort(run, kind="stable")
    table, run = table.iloc[order].reset_index(drop=True), run[order]
    if name == "runs":
        table = table.reindex(columns=[*RUN_KEYS, *(outcome.name for outcome in job.outcomes), *priced, "failure"])
    if name == "municipalities":
        themes = [municipality_theme(theme).name for theme in job.themes]
        table = table.reindex(columns=[*(column for column in table if column not in themes), *themes])
    first = sum(key in table for key in RUN_KEYS)
    point = job.places(run)[0]
    swept = pd.DataFrame(
        {POINT: point}
        | {key: job.points[key].to_numpy()[point] for key in job.keys if key not in {*table, "governance"}}
    )
    return pd.concat([table.iloc[:, :first], swept, table.iloc[:, first:]], axis=1)


def _part(
    job: SweepJob,
    world: int,
    run: Ints,
    workers: int,
    advance: Callable[[int], None] | None,
    priced: Sequence[str],
) -> Iterator[tuple[str, Rows]]:
    """Runs of one world; a batch that fails is halved until only the failing runs are left out."""
    scene = job.scene(world)
    record = job.config.record
    try:
        plan = plan_of(job, scene, run)
        recorded = simulate(
            plan.world,
            plan.jobs,
            plan.seeds,
            plan.region.subregion,
            workers=workers,
            series=record != "runs",
            details=record in ("details", "all") or bool(priced),
            events=record == "all" or costs.AUTONOMY in priced,
            progress=advance,
        )
    except FAILURES as error:
        if len(run) > 1:
            for half in np.array_split(run, 2):
                yield from _part(job, world, half, workers, advance, priced)
        else:
            yield "runs", Rows(_failed(job, scene, run, f"{type(error).__name__}: {error}"), run)
        return
    yield "runs", Rows(_runs(plan, recorded, priced), run)
    if record != "runs":
        yield "series", Rows(tabulate.series_table(plan, recorded), np.repeat(run, scene.config.quarters))
    if record in ("details", "all"):
        yield "municipalities", Rows(tabulate.municipalities_table(plan, recorded), np.repeat(run, scene.region.size))
        if len(recorded.log):
            yield "initiatives", Rows(tabulate.initiatives_table(plan, recorded), run[recorded.log["run"]])
    if record == "all":
        rows = scene.config.quarters * scene.region.size
        yield "capacity", Rows(tabulate.capacity_table(plan, recorded), np.repeat(run, rows))
        yield "events", Rows(tabulate.events_table(plan, recorded), run[tabulate.events_runs(recorded)])
        yield "trust_changes", Rows(tabulate.changes_table(plan, recorded), run[tabulate.changes_runs(recorded)])


def _runs(plan: Plan, recorded: Recorded, priced: Sequence[str]) -> pd.DataFrame:
    """The table of runs with what they cost, and with the reason where a run failed."""
    table = tabulate.runs_table(plan, recorded)
    table = table.assign(**{name: costs.outcome(name, plan, recorded) for name in priced})
    names = [*(outcome.name for outcome in tabulate.outcomes_of(plan.region)), *priced]
    infinite = np.isinf(table[names].to_numpy(dtype=np.float64)).any(axis=1)
    if infinite.any():  # an empty assignment is slow, too
        table.loc[infinite, names] = np.nan
    reasons = ["an outcome is not finite" if wrong else None for wrong in infinite]
    return table.assign(failure=pd.array(reasons, dtype="string"))


def _failed(job: SweepJob, scene: Scene, run: Ints, reason: str) -> pd.DataFrame:
    """Rows of runs that failed: their keys and the reason."""
    point, design, replicate = job.places(run)
    levels, labels = knobs_of(job, point, np.zeros(len(run), dtype=RUN_DTYPE))
    return pd.DataFrame(
        {
            "design": np.array(job.designs)[design],
            "founding": np.array(FOUNDINGS)[job.at_once(run).astype(np.int64)],
            "scenario": scene.scenario.name,
            "undercurrent": np.array(labels)[levels],
            "replicate": replicate,
            "seed": seeds_of(job, point),
            "failure": pd.array([reason] * len(run), dtype="string"),
        }
    )
