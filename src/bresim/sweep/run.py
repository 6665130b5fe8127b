"""Run a sweep into its folder, or resume one that was stopped; a summary of the headline is made at the end."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from numpy.typing import NDArray

from bresim.analysis.summary import summary_rows
from bresim.common.errors import NOTHING, InputError, Said, said
from bresim.common.progress import COMPILING, Progress, Silent
from bresim.common.rows import distinct_rows
from bresim.common.text import language
from bresim.conventions import HEADLINE
from bresim.judged import Reason, not_judged
from bresim.plan import at_once
from bresim.results.folder import not_writable, removed
from bresim.results.manifest import make_manifest, read_manifest, times, write_manifest
from bresim.results.publishing import settle
from bresim.results.replacing import make_room, take_place, workplace
from bresim.results.result import Result
from bresim.results.store import SweepFolder, parts_of
from bresim.results.tables import write_table
from bresim.sweep.compute import Engine
from bresim.sweep.engine import engine_of
from bresim.sweep.job import SweepJob
from bresim.sweep.planning import readings_at, seeds_of
from bresim.sweep.tables import make_ready
from bresim.sweep.threads import threads


def run(job: SweepJob, progress: Progress | None = None) -> Result:
    """Compute the chunks that are missing in ``out`` and summarise; raises InputError if ``out`` holds another job."""
    progress = progress or Silent()
    config = job.config
    _ = language(config.lang).gettext
    folder = SweepFolder(config.out, job.identity)
    settle(config.out)
    finished = _finished(job, folder)
    if finished is not None:
        return finished
    _check(job, folder)  # before anything is made
    started = datetime.now(UTC)
    with _engine(job, folder, progress) as engine, folder.held(), _kept(job, folder):
        _check(job, folder)  # another process may have written in it until now
        place = workplace(folder, config.overwrite)
        if place is not folder:
            make_room(folder, place)
        cut = place.chunk(job.size)
        begun = _manifest(job, started, cut)
        place.begin(begun, job.points)
        whole, bad = fill(job, place, engine, progress, cut)
        progress.stage(_("Tables"))
        result = summed_up(job, _rows(place))
        write_table(place.out, "summary", result.summary)
        manifest = {
            **begun,
            **times(started, datetime.now(UTC)),
            "failures": result.failures,
            "resumed_chunks": len(whole),
            "recomputed_parts": [path.relative_to(place.out).as_posix() for path in bad],
        }
        write_manifest(place.out, manifest)
        if place is not folder:
            take_place(folder, place)
    return replace(result, manifest=manifest)


def _finished(job: SweepJob, folder: SweepFolder) -> Result | None:
    """The result of this same sweep where it is whole and nothing can be written, as on a disk that is read-only."""
    earlier = read_manifest(folder.out)
    if job.config.overwrite or not earlier.get("finished") or earlier.get("sweep") != job.identity:
        return None
    chunks = {chunk.name: chunk for chunk in job.chunks(folder.chunk(job.size))}
    if not not_writable(folder.out) or folder.look(chunks) != (set(chunks), []):
        return None
    manifest = {**earlier, "resumed_chunks": len(chunks), "recomputed_parts": []}
    return replace(summed_up(job, _rows(folder)), manifest=manifest)


def _engine(job: SweepJob, folder: SweepFolder, progress: Progress) -> AbstractContextManager[Engine]:
    """The engine that the job asks for; no cluster is started when every part is there."""
    place = workplace(folder, job.config.overwrite)
    made = {part.name for part in parts_of(place.out)}
    if made.issuperset(chunk.name for chunk in job.chunks(place.chunk(job.size))):
        return threads(job, progress.advance)  # parts may be damaged
    return engine_of(job, progress.advance)


def _check(job: SweepJob, folder: SweepFolder) -> None:
    """Raise InputError for a folder that cannot be used, or holds another job."""
    config = job.config
    chunks = {chunk.name for chunk in job.chunks()}
    problems = folder.check(config.model_dump(mode="json"), job.model, config.overwrite, chunks)
    if problems:
        raise InputError(problems)


def fill(
    job: SweepJob, folder: SweepFolder, engine: Engine, progress: Progress, cut: int | None = None, stage: str = ""
) -> tuple[set[str], list[Path]]:
    """Compute the chunks that are missing in a folder; what :meth:`SweepFolder.done` found in it before."""
    _ = language(job.config.lang).gettext
    chunks = {chunk.name: chunk for chunk in job.chunks(cut)}
    whole, bad = folder.done(chunks)
    missing = [chunk for name, chunk in chunks.items() if name not in whole]
    if missing and job.config.engine.name == "local":
        make_ready(job, lambda: progress.wait(_(COMPILING)))
    progress.stage(stage or _("Runs"), sum(chunk.last - chunk.first for chunk in missing))
    for chunk, tables in engine(missing):
        folder.write(chunk.number, chunk.name, tables)
    return whole, bad


def kept(job: SweepJob) -> Said:
    """What a sweep that was stopped keeps, and how it goes on; nothing if no part was finished."""
    out, place = job.config.out, _place(job)
    if not parts_of(place.out):
        return NOTHING
    return said("finished parts in '{out}' are kept; {resume}", out=out, resume=_resume(job, place))


def _resume(job: SweepJob, place: SweepFolder) -> Said:
    if place.out == job.config.out:
        return said("the same command with out={out} resumes", out=job.config.out)
    return said("the same command with out={out} resumes; until it ends, the earlier results stay", out=job.config.out)


def _place(job: SweepJob) -> SweepFolder:
    """Where the parts of a sweep are while it runs."""
    return workplace(SweepFolder(job.config.out, job.identity), job.config.overwrite)


@contextmanager
def _kept(job: SweepJob, folder: SweepFolder) -> Iterator[None]:
    """Whatever stops the job: add a note that says what is kept and how to resume."""
    try:
        yield
    except InputError:
        raise  # it belongs to another job
    except FileNotFoundError:
        if folder.is_there:
            raise
        raise removed(folder.out) from None
    except BaseException as error:  # also Ctrl-C
        place = _place(job)
        chunks = {chunk.name for chunk in job.chunks(place.chunk(job.size))}
        error.add_note(
            said(
                "{count} of {total} parts are finished in '{out}'; {resume}",
                count=len(chunks & {part.name for part in parts_of(place.out)}),
                total=len(chunks),
                out=folder.out,
                resume=_resume(job, place),
            )
        )
        raise


def _first_word(job: SweepJob) -> Result:
    return Result(
        config=job.config,
        region=job.region,
        engine=job.config.engine.name,
        not_judged=_not_judged(job),
    )


def _manifest(job: SweepJob, started: datetime, cut: int) -> dict[str, Any]:
    """The manifest of an unfinished job."""
    return {
        **make_manifest(_first_word(job), started, None),
        "runs": job.runs,
        "points": len(job.points),
        "points_digest": job.points_digest,
        "swept": job.keys,
        "chunks": len(job.chunks(cut)),
        "chunk": cut,
        "model": job.model,
        "sweep": job.identity,
    }


def _not_judged(job: SweepJob) -> tuple[Reason, ...]:
    """Why sets of the job were not judged with what it runs, of each source that a point names."""
    if "parameters" not in job.keys:
        return not_judged(job.config, swept=job.keys)
    sources = [job.config.parameters_at(name) for name in dict.fromkeys(job.points["parameters"])]
    each = [not_judged(job.config.model_copy(update={"parameters": one}), swept=job.keys) for one in sources]
    return tuple(dict.fromkeys(itertools.chain(*each)))


#: Columns of the runs that the summary needs.
SUMMED_UP = ("seed", "parameter_draw", HEADLINE, "failure")


def _rows(folder: SweepFolder) -> Iterator[pd.DataFrame]:
    """These columns of the runs in a folder, a part at a time."""
    for part in parts_of(folder.out):
        yield pq.ParquetFile(part.path).read(columns=list(SUMMED_UP)).to_pandas()


def summed_up(job: SweepJob, parts: Iterable[pd.DataFrame]) -> Result:
    """The headline by design and founding over all points, paired by point and replicate; and how many runs failed.

    ``parts`` are the runs in their order, the columns ``SUMMED_UP`` of them.
    """
    table = np.full((len(job.foundings), job.future_count, len(job.designs)), np.nan)
    made = np.zeros((len(job.foundings), len(job.designs)), dtype=np.bool_)
    sets = np.full((job.future_count, 3), -1, dtype=np.int64)
    readings = np.zeros((job.future_count, 2), dtype=np.int64)
    failures = first = 0
    for rows in parts:
        run = np.arange(first, first + len(rows))
        founding = np.searchsorted(at_once(job.foundings), job.at_once(run))
        future, (point, design, replicate) = job.futures(run), job.places(run)
        made[founding, design] = True
        table[founding, future, design] = rows[HEADLINE].to_numpy()
        draw = rows["parameter_draw"].fillna(-1).to_numpy(dtype=np.int64)
        sets[future[draw >= 0]] = np.column_stack([_sources(job, point), rows["seed"].to_numpy(), draw])[draw >= 0]
        read = readings_at(job, point, replicate, seeds_of(job, point))
        readings[future] = np.column_stack([read.seeds, read.numbers])
        failures += int(rows["failure"].notna().sum())
        first += len(rows)
    clusters, codings = _clusters(job, sets), distinct_rows(*readings.T)[1]
    headline = next(outcome for outcome in job.outcomes if outcome.name == HEADLINE)
    summary: list[dict[str, object]] = []
    for number, name in enumerate(job.foundings):
        at = np.flatnonzero(made[number])
        summary += summary_rows(
            headline, name, [job.designs[one] for one in at], table[number][:, at], clusters, codings
        )
    return Result(
        config=job.config,
        region=job.region,
        summary=pd.DataFrame(summary),
        engine=job.config.engine.name,
        failures=failures,
        not_judged=_not_judged(job),
    )


def _sources(job: SweepJob, point: NDArray[np.int64]) -> NDArray[np.int64]:
    """A number for where the parameters of each run (R,) come from, by its point."""
    if "parameters" not in job.keys:
        return np.zeros_like(point)
    return np.asarray(pd.factorize(job.points["parameters"])[0], dtype=np.int64)[point]


def _clusters(job: SweepJob, sets: NDArray[np.int64]) -> NDArray[np.int64]:
    """The number (F,) of each parameter set (source, seed, draw): two sources or seeds of priors share no set."""
    source, seed, draw = sets.T
    drawn = job.config.parameters.source == "prior" or "parameters" in job.keys
    return distinct_rows(source, seed if "seed" in job.keys and drawn else np.zeros_like(seed), draw)[1]
