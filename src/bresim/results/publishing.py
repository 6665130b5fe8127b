"""Results are put in place as a whole, however often the process is killed on the way.

What is to be put in place is complete in one hidden folder before anything visible changes. One renaming commits it:
before, the earlier results stand as they were; after it, the new ones are whole, and whoever looks next puts the rest
in place (:func:`settle`). The manifest goes first and comes last, so that a mixture never passes for results.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from bresim.common import user_files
from bresim.common.errors import InputError, Problem, said
from bresim.results.locking import FolderLock
from bresim.results.manifest import MANIFEST

#: The hidden folder with results that are complete and not all in place.
PUBLISHING = ".publishing"
#: Within it: what goes for them, and the start of the names of folders that are moved aside.
PLAN = ".plan.json"
ASIDE = ".aside-"
#: Name of the hidden folder with the finished work of a job that was stopped; what is published makes it useless.
KEPT = ".partial-runs"


def commit(out: Path, stage: Path, goes: Iterable[str]) -> None:
    """Put in place what is in ``stage``: files or tables in parts, and the manifest. The caller holds the lock.

    Each takes the place of what has its name. Of the other files of the earlier results those go that are named in
    ``goes``; no others are touched.
    """
    new = [path.relative_to(stage).as_posix() for path in stage.rglob("*") if path.is_file()]
    going = [name for name in goes if name not in new]
    if blocking := next(_blocking(out, new, going), None):
        what = said("'{path}' is a folder where a file belongs", path=blocking)
        raise InputError(Problem("out", what, said("remove it")))
    # if nothing that the earlier manifest speaks for changes, it stays until it is replaced: its results are whole
    changes = bool(going) or any((out / name).is_file() for name in new if name != MANIFEST) or _has_table(stage)
    (stage / PLAN).write_text(json.dumps({"remove": going, "changes": changes}), encoding="utf-8")
    for name in (*new, PLAN):
        on_disk(stage / name)
    stage.replace(out / PUBLISHING)
    finish(out)


def settle(out: Path) -> bool:
    """Put in place what a job that was killed had committed; whether there was something to do.

    Left alone where a job is at work, or where nothing can be written.
    """
    lock = FolderLock(out)
    try:
        if not (out / PUBLISHING).is_dir():
            return False
        lock.take()
    except (InputError, OSError):
        return False
    try:
        return finish(out)
    except OSError:
        return False
    finally:
        lock.release()


def finish(out: Path) -> bool:
    """As :func:`settle`, for the holder of the lock. Each step can be done again, so it may be killed anywhere."""
    journal = out / PUBLISHING
    if not journal.is_dir():
        return False
    if (journal / MANIFEST).is_file():
        plan = json.loads(user_files.read_text(journal / PLAN, user_files.JSON))
        if plan["changes"]:
            (out / MANIFEST).unlink(missing_ok=True)
        _remove(out, plan["remove"])
        for entry in sorted(journal.iterdir()):
            if _is_table(entry):
                _exchange(entry, out / entry.name)
            elif entry.name != MANIFEST and not entry.name.startswith("."):
                _move(entry, out / entry.name)
        (journal / MANIFEST).replace(out / MANIFEST)
    shutil.rmtree(out / KEPT, ignore_errors=True)
    shutil.rmtree(journal, ignore_errors=True)
    return True


def files_of(out: Path, manifest: Mapping[str, Any]) -> list[str]:
    """The files that a manifest in ``out`` speaks for; of a sweep they have no list."""
    if manifest.get("command") != "sweep":
        return [str(name) for name in manifest.get("files", {})]
    parts = [*out.glob("*.parquet/part-*.parquet"), *out.glob("*.parquet/.part-*.partial")]
    return [*(path.relative_to(out).as_posix() for path in parts), "points.parquet", "summary.csv"]


def on_disk(path: Path) -> None:
    """Wait until the disk has a file, so that a power cut cannot leave it empty."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _remove(out: Path, names: Iterable[str]) -> None:
    """Remove files of ``out``, and the folders that they leave empty; a name cannot lead out of it."""
    root = out.resolve()
    folders = set()
    for name in names:
        path = (out / name).resolve()
        if path.is_relative_to(root) and path.is_file():
            path.unlink()
        if path.parent.is_relative_to(root):  # also if the file went before a kill
            folders.add(path.parent)
    for folder in folders - {root}:
        with suppress(OSError):
            folder.rmdir()


def _move(entry: Path, target: Path) -> None:
    """Move a file, or the files in a folder."""
    if entry.is_dir():
        target.mkdir(exist_ok=True)
        for below in sorted(entry.iterdir()):
            _move(below, target / below.name)
    else:
        entry.replace(target)


def _exchange(entry: Path, target: Path) -> None:
    """Put a folder in place of another, which is moved aside: their files must never stand together."""
    if target.exists():
        target.replace(entry.with_name(f"{ASIDE}{entry.name}"))
    entry.replace(target)


def _is_table(entry: Path) -> bool:
    """Whether this is a table in parts, which is replaced as one."""
    return entry.suffix == ".parquet" and not entry.name.startswith(".") and entry.is_dir()


def _has_table(stage: Path) -> bool:
    return any(_is_table(entry) for entry in stage.iterdir())


def _blocking(out: Path, new: Iterable[str], going: Iterable[str]) -> Iterator[Path]:
    """Folders where files are to be put, but for those that become empty before."""
    goes = {out / name for name in going}
    for name in new:
        there = out / name
        if there.is_dir() and not {*there.iterdir()} <= goes:
            yield there
