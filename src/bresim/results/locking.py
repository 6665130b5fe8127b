"""One job at a time in a folder: a lock of the system, which ends with its process, however that ends."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from contextlib import suppress
from pathlib import Path

from bresim.common.errors import InputError, Problem, Said, said
from bresim.results import claims

LOCK = ".lock"
#: Every file of the lock of a folder.
LOCKS = {LOCK, f"{LOCK}{claims.CLAIM}", f"{LOCK}{claims.TAKING}"}
#: What the system says of a disk that has no locks, as some network disks.
NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP}


class FolderLock:
    """The lock on a folder that is there: ``take`` it, and ``release`` it.

    Its file is made if need be and never written, and goes with the lock. A file that is left by a process that was
    killed holds nobody up: the system let its lock go. What counts is the lock, no number of a process. With another
    ``name`` it is a lock on something else in the folder.
    """

    def __init__(self, out: Path, name: str = LOCK) -> None:
        self.out = out
        self._path = out / name
        self._file: int | None = None
        self._claims = False

    def take(self) -> None:
        """Raises InputError if another job has it, or if what has the name of its file is no plain file."""
        while True:
            file = _opened(self._path)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                os.close(file)
                if error.errno not in NO_LOCKS:
                    raise InputError(busy(self.out)) from None
                self._claim()
                return
            if _is_at(file, self._path):
                self._file = file
                return
            os.close(file)  # its last holder removed it between the two calls

    def _claim(self) -> None:
        """The same on a disk that has no locks (``bresim.results.claims``)."""
        with suppress(OSError):  # nobody can lock it there
            if self._path.lstat().st_size == 0:
                self._path.unlink()
        self._file, self._claims = claims.take(self._path), True

    @property
    def holds(self) -> bool:
        """Whether the folder is still the one that was locked: a user may have removed it, and another job made it."""
        path = claims.claim_of(self._path) if self._claims else self._path
        return self._file is not None and _is_at(self._file, path)

    def release(self) -> None:
        """Let it go, if it was taken; may be called again."""
        held = self.holds
        file, self._file = self._file, None
        if file is None:
            return
        if self._claims and held:
            claims.release(self._path)
        # while it is held: nobody can have taken the lock of this very file; one with content is not ours
        if _is_at(file, self._path) and os.fstat(file).st_size == 0:
            with suppress(OSError):  # the disk may have become read-only
                self._path.unlink()
        os.close(file)


def is_locked(out: Path) -> bool:
    """Whether a job is at work in a folder; nothing is made."""
    if claims.is_held(out / LOCK):
        return True
    try:
        file = os.open(out / LOCK, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in NO_LOCKS
    finally:
        os.close(file)
    return False


def busy(out: Path) -> Problem:
    """Another job is at work in a folder."""
    if claims.claim_of(out / LOCK).exists():
        return claims.held(out / LOCK)
    return Problem(
        "out", said("another job is at work in '{out}'", out=out), said("wait for it, or give another folder")
    )


def _opened(path: Path) -> int:
    """The lock's file, open. A link is not followed, so that nothing else is touched."""
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o666)
    except OSError as error:
        if error.errno not in {errno.ELOOP, errno.EISDIR, errno.ENXIO}:
            raise
        raise InputError(_no_plain_file(path)) from None
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise InputError(_no_plain_file(path))
    return file


def _no_plain_file(path: Path) -> Problem:
    kind: Said = said("'{path}' is a link", path=path) if path.is_symlink() else said("'{path}' is no file", path=path)
    return Problem("out", kind, said("remove it"))


def _is_at(file: int, path: Path) -> bool:
    try:
        there = path.lstat()
    except OSError:
        return False
    return os.path.samestat(os.fstat(file), there)
