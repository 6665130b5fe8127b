"""The jobs behind the commands: each runs the model and returns tables. Nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from bresim import tabulate
from bresim.analysis.summary import summarise
from bresim.common.errors import InputError, Problem, said
from bresim.common.progress import COMPILING, Progress, Silent
from bresim.common.text import language
from bresim.config.presets import LEVELS
from bresim.config.schema import CompareConfig, ModelConfig, PatternsConfig, RunConfig, Undercurrent
from bresim.judged import not_judged
from bresim.plan import Plan, make_plan
from bresim.results.result import Result
from bresim.rules import shocks
from bresim.runner.cloning import run_families
from bresim.runner.ensemble import Recorded, is_ready, simulate
from bresim.runner.own import Own, Phase
from bresim.runner.own import check as check_own

ENGINE = "numba"
#: Most runs of which a comparison keeps all that happens: some gigabytes of memory.
MOST_TOLD = 2000


def _say_if_compiling(progress: Progress, config: ModelConfig, function: Any) -> bool:
    """Whether the model must be compiled first for this region's sizes; if so, say so."""
    _ = language(config.lang).gettext
    if is_ready(make_plan(config, range(1)).world, function):
        return False
    progress.wait(_(COMPILING))
    return True


def prepare(config: ModelConfig, progress: Progress) -> None:
    """Compile the model if it is not yet, so that stages that count runs count nothing else."""
    if _say_if_compiling(progress, config, run_families):
        run_plan(make_plan(config, range(1)), Silent())


def run_plan(
    plan: Plan,
    progress: Progress,
    *,
    series: bool = False,
    details: bool = False,
    events: bool = False,
    phases: Mapping[str, Phase] | None = None,
) -> Recorded:
    """Run every job of a plan on the configuration's threads; with a user's own ``phases`` one after another."""
    return simulate(
        plan.world,
        plan.jobs,
        plan.config.seed,
        plan.region.subregion,
        workers=plan.config.threads,
        series=series,
        details=details,
        events=events,
        progress=progress.advance,
        own=Own(phases, plan.config.time.dates) if phases else None,
    )


def compare(
    config: CompareConfig, progress: Progress | None = None, phases: Mapping[str, Phase] | None = None
) -> Result:
    """Every design x founding x one scenario x ``replicates``, with common random numbers.

    ``phases`` replaces phases of a quarter, or single rules, with functions of your own (docs/own_rules.md): in Python,
    so some hundred times slower.
    """
    check_own(phases or {})
    progress = progress or Silent()
    _ = language(config.lang).gettext
    _check_told(config)
    plan = make_plan(config, range(config.replicates))
    prepare(config, progress)
    progress.stage(_("Runs"), len(plan.jobs))
    recorded = run_plan(
        plan,
        progress,
        series=config.record != "runs" or config.figures,
        details=config.record in ("details", "all") or config.figures,
        events=config.record == "all",
        phases=phases,
    )
    runs = tabulate.runs_table(plan, recorded)
    levels = _levels(config, progress, phases)
    progress.stage(_("Tables"))
    # first: the pairs are the largest array and the smallest table
    dyads, recorded = tabulate.dyads_table(plan, recorded), recorded.without("pairs")
    events, trust_changes = tabulate.events_table(plan, recorded), tabulate.changes_table(plan, recorded)
    series, recorded = tabulate.series_table(plan, recorded), recorded.without("series")
    municipalities = tabulate.municipalities_table(plan, recorded)
    recorded = recorded.without("municipalities", "municipality_themes")
    votes, recorded = tabulate.votes_table(plan, recorded), recorded.without("ballots")
    initiatives, recorded = tabulate.initiatives_table(plan, recorded), recorded.without("log")
    return Result(
        config=config,
        region=plan.region,
        runs=runs,
        series=series,
        municipalities=municipalities,
        initiatives=initiatives,
        votes=votes,
        dyads=dyads,
        capacity=tabulate.capacity_table(plan, recorded),
        events=events,
        trust_changes=trust_changes,
        summary=summarise(runs, tabulate.outcomes_of(plan.region)),
        undercurrent_runs=levels,
        engine=ENGINE,
        not_judged=not_judged(config, own=bool(phases)),
    )


def _check_told(config: CompareConfig) -> None:
    """Refuse to keep all that happens in more runs than memory has room for."""
    runs = config.replicates * len(config.designs) * len(config.foundings)
    if config.record == "all" and runs > MOST_TOLD:
        what = said(
            "'all' keeps all that happens, of at most {most_told} runs, and these are {runs}",
            most_told=MOST_TOLD,
            runs=runs,
        )
        raise InputError(Problem("record", what, said("take fewer replicates or designs, or record=details")))


def _levels(config: CompareConfig, progress: Progress, phases: Mapping[str, Phase] | None) -> pd.DataFrame:
    """The same designs and random draws under every shipped level of the undercurrent."""
    if config.undercurrent_replicates == 0:
        return pd.DataFrame()
    _ = language(config.lang).gettext
    levels = [Undercurrent.of_level(level) for level in LEVELS]
    plan = make_plan(config, spread_over(config.replicates, config.undercurrent_replicates), levels)
    progress.stage(_("Undercurrent"), len(plan.jobs))
    return tabulate.runs_table(plan, run_plan(plan, progress, phases=phases))


def spread_over(replicates: int, wanted: int) -> list[int]:
    """``wanted`` of the job's replicates, at equal distances, so that they have all its parameter sets, if they can.

    The first ones would share a few sets. Where more are wanted than the job has, those after its own are added.
    """
    if wanted >= replicates:
        return list(range(wanted))
    return [at * replicates // wanted for at in range(wanted)]


def run(config: RunConfig, progress: Progress | None = None) -> Result:
    """One design, one replicate, full trace."""
    from bresim.model import RegionModel

    progress = progress or Silent()
    _say_if_compiling(progress, config, shocks.update)
    model = RegionModel(config, replicate=config.replicate)
    model.says_when_compiling = False  # said above
    progress.stage(language(config.lang).gettext("Runs"), config.quarters)
    while model.running:
        model.step()
        progress.advance()
    return replace(model.result(), not_judged=not_judged(config, alone=True))


def patterns(config: PatternsConfig, progress: Progress | None = None) -> Result:
    """The patterns of the report, each with its statistic, threshold and verdict."""
    from bresim.analysis.horizon import check_horizon
    from bresim.analysis.verdicts import check

    check_horizon(config)
    progress = progress or Silent()
    if not _say_if_compiling(progress, config, run_families):
        progress.stage(language(config.lang).gettext("Patterns"))
    table, region = check(config, progress)
    return Result(config=config, region=region, patterns=table, engine=ENGINE)
