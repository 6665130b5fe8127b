"""The folder of a job: only complete files appear in it, and files of the user are never touched."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from bresim.common.errors import BresimError, InputError, Problem, said
from bresim.results.leftovers import leftovers
from bresim.results.locking import LOCKS, FolderLock, busy, is_locked
from bresim.results.manifest import is_ours, read_manifest, write_manifest
from bresim.results.publishing import KEPT, PUBLISHING, commit, files_of, finish

#: Prefix of the hidden folder with the unfinished files of a job.
PARTIAL = ".partial-"
#: The hidden folder with the sweep that is to replace the one in the folder, until it is finished.
FOLLOWING = f"{PARTIAL}sweep"
#: What asks a process to stop: Ctrl-C, the manager of a cluster, a terminal that is closed.
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_open: set[JobFolder] = set()
_lock = threading.RLock()


def check_folder(out: Path, overwrite: bool, keeps: bool = False, held: bool = False) -> list[Problem]:
    """What is wrong with ``out`` as the folder of a job; nothing is written.

    ``keeps``: as of :class:`JobFolder`. ``held``: the caller has its lock.
    """
    try:
        locked = not held and out.is_dir() and is_locked(out)
        problem = busy(out) if locked else _folder_problem(out, overwrite, keeps)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        problem = Problem(
            "out", said("'{out}' cannot be used ({reason})", out=out, reason=reason), said("give another folder")
        )
    return [problem] if problem is not None else []


def _folder_problem(out: Path, overwrite: bool, keeps: bool) -> Problem | None:
    if out.exists() and not out.is_dir():
        return Problem("out", said("'{out}' is a file", out=out), said("give a folder"))
    held = [path.name for path in out.iterdir()] if out.is_dir() else []
    visible = [name for name in held if not (name.startswith(PARTIAL) or name in {*LOCKS, PUBLISHING})]
    if visible and (problem := _taken(out, overwrite)):
        return problem
    if keeps_work(out) and not keeps and not overwrite:
        what = said("'{out}' keeps the finished runs of a job that was stopped", out=out)
        return Problem("out", what, said("finish it with the same command, give another folder, or overwrite=true"))
    there = next(path for path in (out, *out.absolute().parents) if path.exists())
    if not there.is_dir():
        return Problem(
            "out",
            said("'{out}' cannot be made: '{there}' is a file", out=out, there=there),
            said("give another folder"),
        )
    reason = not_writable(there)
    return (
        Problem("out", said("'{out}' cannot be written: {reason}", out=out, reason=reason), said("give another folder"))
        if reason
        else None
    )


def _taken(out: Path, overwrite: bool) -> Problem | None:
    """Why a folder that holds something visible cannot be used."""
    ours = is_ours(out)
    killed = not ours and bool(leftovers(out))
    if overwrite and not (ours or killed):
        what = said(
            "'{out}' holds files that are not of bresim, and overwrite=true replaces only what bresim left", out=out
        )
        return Problem("out", what, said("give another folder"))
    if overwrite:
        return None
    remedy = said("set overwrite=true or give another folder") if ours or killed else said("give another folder")
    if killed:
        what = said("'{out}' holds results without a manifest, as a job leaves them that was killed", out=out)
        return Problem("out", what, remedy)
    return Problem("out", said("'{out}' exists and is not empty", out=out), remedy)


def keeps_work(out: Path) -> bool:
    """Whether a job that was stopped keeps finished work in ``out``."""
    return any(path.is_file() for name in (KEPT, FOLLOWING) for path in (out / name).rglob("*.parquet"))


@contextmanager
def undisturbed() -> Iterator[None]:
    """Delay what asks to stop until the block has ended, so that a series of renames is not interrupted."""
    if threading.current_thread() is not threading.main_thread():  # other threads do not receive it
        yield
        return
    asked: list[int] = []
    before = {number: signal.getsignal(number) for number in STOPS}
    heard = {number: was for number, was in before.items() if was not in {signal.SIG_IGN, None}}
    for number in heard:
        signal.signal(number, lambda number, _frame: asked.append(number))
    try:
        yield
    finally:
        for number, was in heard.items():
            signal.signal(number, was)
        if asked:
            signal.raise_signal(asked[0])


@contextmanager
def making(out: Path) -> Iterator[None]:
    """A folder that cannot be made is bad input, unless the disk is full."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise
        what = said("'{out}' cannot be made ({reason})", out=out, reason=error.strerror or error)
        raise InputError(Problem("out", what, said("give another folder"))) from None


def not_writable(folder: Path) -> str:
    """Why nothing can be made in a folder; empty if something can."""
    if os.access(folder, os.W_OK | os.X_OK):
        return ""
    if os.statvfs(folder).f_flag & os.ST_RDONLY:
        return said("the disk of '{folder}' is read-only", folder=folder)
    return said("no permission in '{folder}'", folder=folder)


def removed(out: Path) -> BresimError:
    """What a job says whose folder was removed."""
    return BresimError(said("'{out}' was removed while the job was at work, so nothing is left; run it again", out=out))


class JobFolder:
    """``with JobFolder(out, overwrite) as folder``: write in ``folder.stage``, then ``folder.publish(manifest)``.

    Publishing moves the staged files into ``out``, the manifest last; it may be done more than once. Files that are not
    published when the block ends, for whatever reason, are removed. With ``keeps`` the files in ``folder.kept`` stay
    until something is published: a stopped job finds its finished work there.
    """

    def __init__(self, out: Path, overwrite: bool = False, keeps: bool = False):
        self.out = out
        self.kept = out / KEPT
        self._keeps = keeps
        self._overwrite = overwrite
        self._made: list[Path] = []
        self._published: dict[str, int] = {}
        self._lock = FolderLock(out)
        self.stage = out / f"{PARTIAL}{os.getpid()}"

    def __enter__(self) -> JobFolder:
        problems = check_folder(self.out, self._overwrite, self._keeps)
        if problems:
            raise InputError(problems)
        with _lock:
            _open.add(self)
        try:
            with making(self.out):
                self._make(self.out)
                self._lock.take()
                finish(self.out)  # what a job that was killed had committed
            if problem := _folder_problem(self.out, self._overwrite, self._keeps):  # another may have been quicker
                raise InputError(problem)
            self._clear()
            with making(self.out):
                self.stage.mkdir()
        except BaseException:
            self.discard()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        gone = isinstance(error, FileNotFoundError) and not self._lock.holds
        self.discard()
        if gone:
            raise removed(self.out) from None

    def publish(self, manifest: Mapping[str, Any]) -> None:
        """Put everything staged in ``out``, all or nothing; the manifest lists the files and their bytes."""
        self._check_open()
        files = {
            path.relative_to(self.stage).as_posix(): path.stat().st_size
            for path in sorted(self.stage.rglob("*"))
            if path.is_file()
        }
        # written before anything moves: if the disk is full, it is full now
        write_manifest(self.stage, {**manifest, "files": {**self._published, **files}})
        with undisturbed(), _lock:  # discard_all waits for this lock, too
            self._check_open()
            commit(self.out, self.stage, self._replaced())
            self._published.update(files)
            self.stage.mkdir()

    def discard(self) -> None:
        """Remove unpublished files, and folders that stayed empty."""
        with _lock:
            _open.discard(self)
        if self._lock.holds or not is_locked(self.out):  # else it may be of another job by now
            shutil.rmtree(self.stage, ignore_errors=True)
        self._lock.release()
        for path in reversed(self._made):
            with suppress(OSError):
                path.rmdir()  # only if empty

    def _check_open(self) -> None:
        if self not in _open:  # discard_all came before
            raise KeyboardInterrupt
        if not self._lock.holds:
            raise removed(self.out)

    def _replaced(self) -> list[str]:
        """The files that the results take the place of; none of what this job published itself."""
        earlier = files_of(self.out, read_manifest(self.out)) if is_ours(self.out) else leftovers(self.out)
        return [name for name in earlier if name not in self._published]

    def _clear(self) -> None:
        """Remove what jobs left that were killed: nobody else is at work here. Work that is kept stays."""
        for path in self.out.glob(f"{PARTIAL}*"):
            if path != self.kept or not (self._keeps or keeps_work(self.out)):
                shutil.rmtree(path, ignore_errors=True)

    def _make(self, path: Path) -> None:
        """Make a folder and its parents, and remember which were new."""
        if path.is_dir():
            return
        self._make(path.parent)
        path.mkdir(exist_ok=True)
        self._made.append(path)


#: What the system says when there is no room left: full disk, quota, largest file.
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def discard_all() -> None:
    """Remove the unpublished files of open jobs, which cannot publish afterwards; for a process that must end."""
    with _lock:
        for folder in list(_open):
            folder.discard()
