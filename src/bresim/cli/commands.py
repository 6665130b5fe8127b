"""What each command does with a checked configuration: run the job, write its results, print them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import singledispatch
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bresim.cli import brief, sensitivity, terminal
from bresim.cli.interrupt import with_resume_hint
from bresim.common.errors import said
from bresim.common.progress import Progress, progress_bar
from bresim.common.text import language
from bresim.config.schema import (
    BriefConfig,
    CompareConfig,
    JobConfig,
    PageConfig,
    PatternsConfig,
    RegionConfig,
    RunConfig,
    SensitivityConfig,
    SweepConfig,
)
from bresim.results import JobFolder, Result, make_manifest, read_result, write_tables
from bresim.results.manifest import times
from bresim.results.result import NOT_SHOWN, as_shown, without_tables

if TYPE_CHECKING:
    from bresim.sweep.job import SweepJob

Config = TypeVar("Config", bound=JobConfig)

#: Tables of a comparison that are not written, by ``record``; figures may still use them.
LEFT_OUT = {
    "runs": {"series", "municipalities", "initiatives", "votes", "dyads"},
    "series": {"municipalities", "initiatives", "votes"},
    "details": set[str](),
    "all": set[str](),
}


#: Command → the function that prints its result.
SHOWN: dict[str, Callable[[Result], None]] = {
    "compare": terminal.show_comparison,
    "brief": terminal.show_brief,
    "page": terminal.show_page,
    "run": terminal.show_run,
    "patterns": terminal.show_patterns,
    "region": terminal.show_region,
    "sweep": terminal.show_sweep,
    "sensitivity": sensitivity.show,
}


@singledispatch
def execute(config: JobConfig) -> Result:
    """Run the job of a configuration; each command below registers its own kind."""
    raise NotImplementedError(config.command)


def show(result: Result) -> None:
    """Print the result, after it is written in ``out``."""
    with terminal.printing(result.config):
        SHOWN[result.config.command](result)


def earlier(config: JobConfig) -> Result:
    """What an earlier call of the same job left in ``out``."""
    from bresim.region import load_region

    return replace(read_result(config.out), config=config, region=load_region(config.region))


@execute.register
def compare(config: CompareConfig) -> Result:
    """Every design with common random numbers. Tables are written in ``out`` before figures and report are made."""
    from bresim import jobs

    started = datetime.now(UTC)
    with JobFolder(config.out, config.overwrite) as folder, progress_bar(config.progress) as progress:
        result = jobs.compare(config, progress)
        result = replace(result, manifest=make_manifest(result, started, None))
        result = _write_and_let_go(folder.stage, result, LEFT_OUT[config.record])
        folder.publish(result.manifest)
        try:
            pictures(config, result, folder, progress)
            folder.publish({**result.manifest, **times(started, datetime.now(UTC))})
        except BaseException as error:  # also Ctrl-C
            error.add_note(
                said("the tables are complete in {out}, but figures or report could not be made", out=config.out)
            )
            raise
    return result


def _write_and_let_go(stage: Path, result: Result, left_out: Collection[str]) -> Result:
    """Write the tables but for those ``left_out``; the result without what nothing shows, whole tables first."""
    for name in sorted(result.tables(), key=lambda name: name not in NOT_SHOWN):
        if name not in left_out:
            write_tables(stage, {name: getattr(result, name)})
        if name in NOT_SHOWN:
            result = without_tables(result, (name,))
    return as_shown(result)


def pictures(config: CompareConfig, result: Result, folder: JobFolder, progress: Progress) -> None:
    """Draw the figures and write the report in the stage of ``folder``."""
    _ = language(config.lang).gettext
    figures = []
    if config.figures:
        from bresim.plots import draw_all

        progress.stage(_("Figures"))
        (folder.stage / "figures").mkdir()
        figures = draw_all(result, folder.stage / "figures", config.lang)
    if config.report:
        from bresim import report

        progress.stage(_("Report"))
        report.write(result, figures, folder.stage, config.lang)


@execute.register
def write_brief(config: BriefConfig) -> Result:
    """The document for a conference, with its tables and figures."""
    return brief.run(config)


@execute.register
def write_page(config: PageConfig) -> Result:
    """One file that runs the model in a browser."""
    from bresim.page.job import page

    started = datetime.now(UTC)
    with JobFolder(config.out, config.overwrite) as folder, progress_bar(config.progress) as progress:
        result = page(config, progress, folder.stage)
        folder.publish(make_manifest(result, started, datetime.now(UTC)))
    return result


@execute.register
def run(config: RunConfig) -> Result:
    """One design, one replicate, full trace."""
    from bresim import jobs

    return _tables(config, jobs.run)


@execute.register
def patterns(config: PatternsConfig) -> Result:
    """The patterns of the report, each with statistic, threshold and verdict."""
    from bresim import jobs

    return _tables(config, jobs.patterns)


def _tables(config: Config, job: Callable[[Config, Progress], Result]) -> Result:
    """Run a job that leaves tables and a manifest."""
    started = datetime.now(UTC)
    with JobFolder(config.out, config.overwrite) as folder:
        with progress_bar(config.progress) as progress:
            result = job(config, progress)
        write_tables(folder.stage, result.tables())
        manifest = make_manifest(result, started, datetime.now(UTC))
        folder.publish(manifest)
    return replace(result, manifest=manifest)


@execute.register
def region(config: RegionConfig) -> Result:
    """The region beside the published figures, and its network on the map."""
    from bresim.region import load_region
    from bresim.report.region import describe

    started = datetime.now(UTC)
    with JobFolder(config.out, config.overwrite) as folder:
        place = load_region(config.region)
        describe(place, folder.stage, config.lang)
        result = Result(config=config, region=place)
        folder.publish(make_manifest(result, started, datetime.now(UTC)))
    return result


@execute.register
def sweep(config: SweepConfig) -> Result:
    """Every point x design x replicate that is not in ``out`` yet."""
    from bresim.sweep.estimate import estimate
    from bresim.sweep.job import SweepJob

    job = SweepJob(config)
    if config.sweep.dry_run:
        return Result(config=config, region=job.region, manifest=asdict(estimate(job)))
    return run_missing(job)


def run_missing(job: SweepJob) -> Result:
    """Run the chunks of a checked sweep that are missing in its folder."""
    from bresim.sweep.run import kept, run

    with progress_bar(job.config.progress) as progress, with_resume_hint(lambda: kept(job)):
        return run(job, progress)


@execute.register
def analyse(config: SensitivityConfig) -> Result:
    """What decides, with figures and the sentences that say it."""
    return sensitivity.run(config)
