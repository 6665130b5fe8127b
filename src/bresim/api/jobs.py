"""``bresim.compare``, ``run``, ``sweep``, ``sensitivity`` and ``read``: what the commands do, in Python.

Each takes a checked configuration (``bresim.load``), or the overrides of its command as a list of texts. Without
``out`` nothing is written and every table is in the result; with ``out`` the folder is what the command leaves, and the
result is read from it. Bad input raises ``InputError`` with the words of the command.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import nullcontext
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from bresim.api.given import Overrides, configured
from bresim.api.results import KINDS, Comparison, Run, Sensitivity, Sweep, of_kind
from bresim.common import user_files
from bresim.common.errors import InputError, Problem, Series, said
from bresim.common.progress import Progress, progress_bar
from bresim.config.schema import CompareConfig, JobConfig, RunConfig, SensitivityConfig, SweepConfig
from bresim.results.result import TABLES, Result

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from bresim.runner.own import Phase

Kind = TypeVar("Kind", bound=Result)
Place = str | Path
#: The command of ``read_result`` that leaves no tables of runs.
PAGES = ("page", "report")


def compare(
    config: CompareConfig | Overrides = (),
    progress: Progress | None = None,
    phases: Mapping[str, Phase] | None = None,
    *,
    out: Place | None = None,
    config_dir: Place | None = None,
) -> Comparison:
    """Every design × founding × replicate under one scenario, with common random numbers, as ``bresim compare``.

    ``config``: from ``load("compare", …)``, or its overrides, as ``["scenario=austerity", "replicates=50"]``.
    ``progress``: what is reported of the work; default: a bar or a line, by ``progress=auto|off`` of the configuration.
    ``phases``: functions of your own in place of phases or rules (docs/own_rules.md), without ``out``.
    ``out``: a folder for tables, figures and report, as the command leaves it; default: none.
    ``config_dir``: folder with designs, regions and scenarios of your own.

    The result has ``runs`` (designs × foundings × replicates rows; shares from 0 to 1, durations in quarters),
    ``series`` (a row per run and quarter), ``municipalities``, ``summary`` and more: ``docs/data_dictionary.md``.
    Raises InputError with every problem that there is.
    """
    job = configured(CompareConfig, config, config_dir, out)
    if out is not None and phases:
        what = said("a folder holds what the command leaves, and that has no phases of your own")
        raise InputError(Problem("phases", what, said("leave out= out, and write the tables that you need")))
    if out is not None:
        return _written(job, Comparison)
    from bresim import jobs

    with _shown(job, progress) as told:
        return of_kind(Comparison, jobs.compare(job, told, phases))


def run(
    config: RunConfig | Overrides = (),
    progress: Progress | None = None,
    *,
    out: Place | None = None,
    config_dir: Place | None = None,
) -> Run:
    """One design in one replicate with its full trace, as ``bresim run``.

    Arguments as of :func:`compare`. ``municipalities`` and ``capacity`` have a row per quarter and municipality,
    ``dyads`` one per moment and ordered pair, ``events`` and ``trust_changes`` a sentence in Dutch and English each.
    """
    job = configured(RunConfig, config, config_dir, out)
    if out is not None:
        return _written(job, Run)
    from bresim import jobs

    with _shown(job, progress) as told:
        return of_kind(Run, jobs.run(job, told))


def sweep(
    config: SweepConfig | Overrides = (),
    progress: Progress | None = None,
    *,
    out: Place | None = None,
    tables: Collection[str] | None = None,
    config_dir: Place | None = None,
) -> Sweep:
    """Points × designs × replicates, as ``bresim sweep``; with the ``out`` of a stopped sweep it goes on there.

    Arguments as of :func:`compare`; the overrides say what varies: ``["+vary.undercurrent.negativity=[0,0.5,1]"]``.
    ``tables``: those that are read back from ``out`` (default: all), as ``("summary",)`` of a sweep that memory cannot
    hold. ``runs`` has the number of the ``point`` (its row in ``points``) and a column for each key that varies.
    With ``sweep.dry_run=true`` nothing is run, and ``manifest`` says how many runs, seconds and megabytes.
    """
    job = configured(SweepConfig, config, config_dir, out)
    from bresim.sweep.batch import run_in_memory
    from bresim.sweep.estimate import estimate
    from bresim.sweep.job import SweepJob

    if out is not None and not job.sweep.dry_run:
        return _written(job, Sweep, tables)
    planned = SweepJob(job)
    if job.sweep.dry_run:
        return Sweep(config=job, region=planned.region, points=planned.points, manifest=asdict(estimate(planned)))
    with _shown(job, progress) as told:
        return of_kind(Sweep, run_in_memory(planned, told))


def sensitivity(
    config: SensitivityConfig | Overrides = (),
    progress: Progress | None = None,
    *,
    out: Place | None = None,
    config_dir: Place | None = None,
) -> Sensitivity:
    """What decides an outcome, or which of two designs does better, as ``bresim sensitivity``.

    Arguments as of :func:`compare`. With ``dry_run=true`` nothing is analysed, and ``manifest`` says what varies and
    how many points, runs and seconds. ``sensitivity`` has a row per index, ``responses`` one per point and design.
    Needs ``pip install 'bresim[sensitivity]'``, for ``method=discovery`` ``'bresim[ema]'``; InputError without.
    """
    job = configured(SensitivityConfig, config, config_dir, out)
    if out is not None and not job.dry_run:
        return _written(job, Sensitivity)
    from bresim.sensitivity.run import Analysis

    analysis = Analysis(job)
    if job.dry_run:
        return Sensitivity(config=job, region=analysis.region, manifest=analysis.planned())
    with _shown(job, progress) as told:
        return of_kind(Sensitivity, analysis.run(told))


def read(folder: Place, tables: Collection[str] | None = None) -> Result:
    """What a job left in its folder, with its region: of the kind that the function of its command gives.

    ``tables``: the tables to read (default: all that are there). A sweep that is not finished has the rows that are.
    Raises InputError for a folder that no job of bresim left, or one of another version.
    """
    from bresim.results.finished import region_of
    from bresim.results.manifest import read_manifest
    from bresim.results.tables import read_result

    where = Path(folder).expanduser()
    command = read_manifest(where).get("command")
    if command in PAGES:
        what = said("this is of 'bresim {command}', which leaves no tables of runs", command=command)
        raise InputError(Problem(str(where), what, said("give the folder of a job that runs the model")))
    result = read_result(where, TABLES if tables is None else tables)
    # what is read of a sweep that is not finished may have no failures counted yet
    points = where / "points.parquet"
    if points.is_file():
        import pandas as pd

        user_files.check_plain(points)
        result = replace(result, points=pd.read_parquet(points))
    return of_kind(KINDS.get(str(command), Result), replace(result, region=region_of(result, where)))


def _shown(config: JobConfig, progress: Progress | None) -> AbstractContextManager[Progress]:
    """The progress that was given, or one by the configuration: in a notebook a line that changes."""
    return nullcontext(progress) if progress is not None else progress_bar(config.progress)


def _written(config: JobConfig, kind: Callable[..., Kind], tables: Collection[str] | None = None) -> Kind:
    """Run the command into its folder, unless this same job is there already, and read what it left."""
    from bresim.cli import commands
    from bresim.results.earlier import UNFINISHED, differences

    different = None if config.overwrite or config.command == "sweep" else differences(config)
    if different == [UNFINISHED]:  # stopped while figures were drawn
        config, different = config.model_copy(update={"overwrite": True}), None
    if different:
        keys = Series(different)
        what = said("'{out}' exists and is not empty; it holds another job: {keys}", out=config.out, keys=keys)
        raise InputError(Problem("out", what, said("set overwrite=true or give another folder")))
    if different is None:
        commands.execute(config)
    found: Any = read(config.out, tables)
    return of_kind(kind, replace(found, config=config))
