"""The folder of a long job that keeps its finished work when it is stopped, and goes on with it the next time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from shutil import rmtree

from bresim.cli.interrupt import with_resume_hint
from bresim.common.errors import NOTHING, InputError, Problem, Said, Series, said
from bresim.config.schema import JobConfig
from bresim.results import JobFolder
from bresim.results.earlier import differing, first_of
from bresim.results.manifest import result_keys
from bresim.results.publishing import on_disk

#: File beside the kept work that says which job it is of.
JOB = "job.json"


@contextmanager
def resumable(config: JobConfig) -> Iterator[JobFolder]:
    """The folder of a job. Finished work stays in ``folder.kept``; if the job is stopped, a note says so."""

    def resume_hint() -> Said:
        kept = said("finished runs are kept; the same command with out={out} resumes", out=config.out)
        return kept if _keeps_work(folder) else NOTHING

    with JobFolder(config.out, config.overwrite, keeps=True) as folder, with_resume_hint(resume_hint):
        _claim(folder, config)
        try:
            yield folder
        except BaseException as error:  # also Ctrl-C
            if hint := resume_hint():
                error.add_note(hint)
            else:
                rmtree(folder.kept, ignore_errors=True)
            raise


def _keeps_work(folder: JobFolder) -> bool:
    return any(folder.kept.rglob("*.parquet"))


def _claim(folder: JobFolder, config: JobConfig) -> None:
    """Raise InputError if the folder keeps work of another job that was stopped; else note that it is ours."""
    from bresim.sweep.identity import model_hash

    note = folder.kept / JOB
    mine = {**result_keys(config.model_dump(mode="json")), "model": model_hash()}
    if _keeps_work(folder):
        theirs = mine
        with suppress(OSError, ValueError):  # a power cut can leave it empty
            theirs = json.loads(note.read_text(encoding="utf-8"))
        differs = Series(first_of(list(differing(theirs, mine))))
        if differs and not config.overwrite:
            what = said(
                "'{out}' keeps the runs of another job, which was stopped: {differences}",
                out=config.out,
                differences=differs,
            )
            raise InputError(Problem("out", what, said("give another folder, or overwrite=true")))
        if differs:  # of this same job they are never removed: the command to go on with may have overwrite=true too
            rmtree(folder.kept)
    folder.kept.mkdir(parents=True, exist_ok=True)
    partial = note.with_suffix(".partial")
    partial.write_text(json.dumps(mine), encoding="utf-8")
    on_disk(partial)
    partial.replace(note)
