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
from types import FrameType, TracebackType
from typing import Any

from bresim.common.errors import InputError, Problem, said
from bresim.results.manifest import MANIFEST, is_ours, read_manifest, write_manifest

#: Prefix of the hidden folder with the unfinished files of a job.
PARTIAL = ".partial-"
#: Name of the hidden folder that is kept when a job is stopped.
KEPT = f"{PARTIAL}runs"

_open: set[JobFolder] = set()
_lock = threading.RLock()


def check_folder(out: Path, overwrite: bool) -> list[Problem]:
    """What is wrong with ``out`` as the folder of a job; nothing is written."""
    try:
        problem = _folder_problem(out, overwrite)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        problem = Problem(
            "out", said("'{out}' cannot be used ({reason})", out=out, reason=reason), said("give another folder")
        )
    return [problem] if problem is not None else []


def _folder_problem(out: Path, overwrite: bool) -> Problem | None:
    if out.exists() and not out.is_dir():
        return Problem("out", said("'{out}' is a file", out=out), said("give a folder"))
    held = [path.name for path in out.iterdir()] if out.is_dir() else []
    if held:
        if all(name.startswith(PARTIAL) for name in held):  # left by a job that was killed: nothing in it is complete
            busy = any(_at_work(name) for name in held)
            return (
                Problem("out", said("another job is at work in '{out}'", out=out), said("give another folder"))
                if busy
                else None
            )
        ours = is_ours(out)
        if overwrite and not ours:
            what = said(
                "'{out}' holds files that are not of bresim, and overwrite=true replaces only what bresim left", out=out
            )
            return Problem("out", what, said("give another folder"))
        if not overwrite:
            remedy = said("set overwrite=true or give another folder") if ours else said("give another folder")
            return Problem("out", said("'{out}' exists and is not empty", out=out), remedy)
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


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Delay Ctrl-C until the block has ended, so that a series of renames is not interrupted."""
    if threading.current_thread() is not threading.main_thread():  # other threads do not receive it
        yield
        return
    pressed: list[tuple[int, FrameType | None]] = []
    before = signal.signal(signal.SIGINT, lambda *press: pressed.append(press))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if pressed and callable(before):
            before(*pressed[0])


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


def _at_work(partial: str) -> bool:
    """Whether the process in the name of this unfinished folder still runs and is not this one."""
    number = partial.removeprefix(PARTIAL)
    if not number.isdigit() or int(number) == os.getpid():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # it runs, under another user
    return True


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
        self.stage = out / f"{PARTIAL}{os.getpid()}"

    def __enter__(self) -> JobFolder:
        problems = check_folder(self.out, self._overwrite)
        if problems:
            raise InputError(problems)
        with _lock:
            _open.add(self)
        try:
            with making(self.out):
                self._make(self.stage)
        except (OSError, InputError):
            self.discard()
            raise
        for path in self.out.glob(f"{PARTIAL}*"):  # left by a job that was killed
            if path not in self._spared and not _at_work(path.name):
                shutil.rmtree(path, ignore_errors=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.discard()

    def publish(self, manifest: Mapping[str, Any]) -> None:
        """Move everything staged into ``out`` and write the manifest, which lists the files and their bytes."""
        files = {
            path.relative_to(self.stage).as_posix(): path.stat().st_size
            for path in sorted(self.stage.rglob("*"))
            if path.is_file()
        }
        # written before anything moves: if the disk is full, it is full now
        write_manifest(self.stage, {**manifest, "files": {**self._published, **files}})
        with _undisturbed(), _lock:  # discard_all waits for this lock, too
            if self not in _open:  # it came before
                raise KeyboardInterrupt
            if not self._published:
                self._remove_earlier()
            moved: list[Path] = []
            try:
                for name in files:
                    target = self.out / name
                    target.parent.mkdir(parents=True, exist_ok=True)
                    moved.append((self.stage / name).replace(target))
                (self.stage / MANIFEST).replace(self.out / MANIFEST)
            except BaseException:  # publish all files or none
                for path in moved:
                    path.unlink(missing_ok=True)
                raise
            self._published.update(files)
        shutil.rmtree(self.kept, ignore_errors=True)

    def discard(self) -> None:
        """Remove unpublished files, and folders that stayed empty."""
        with _lock:
            _open.discard(self)
        shutil.rmtree(self.stage, ignore_errors=True)
        for path in reversed(self._made):
            with suppress(OSError):
                path.rmdir()  # only if empty

    @property
    def _spared(self) -> set[Path]:
        return {self.stage, self.kept} if self._keeps else {self.stage}

    def _make(self, path: Path) -> None:
        """Make a folder and its parents, and remember which were new."""
        if path.is_dir():
            return
        self._make(path.parent)
        path.mkdir(exist_ok=True)
        self._made.append(path)

    def _remove_earlier(self) -> None:
        """Remove the files that an earlier job's manifest lists, and no other; the manifest first."""
        earlier = read_manifest(self.out).get("files", {})
        (self.out / MANIFEST).unlink(missing_ok=True)
        root = self.out.resolve()
        folders = set()
        for name in earlier:
            path = (self.out / name).resolve()
            if path.is_relative_to(root) and path.is_file():
                path.unlink()
                folders.add(path.parent)
        for folder in folders - {root}:
            with suppress(OSError):
                folder.rmdir()


#: What the system says when there is no room left: full disk, quota, largest file.
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def discard_all() -> None:
    """Remove the unpublished files of open jobs, which cannot publish afterwards; for a process that must end."""
    with _lock:
        for folder in list(_open):
            folder.discard()
