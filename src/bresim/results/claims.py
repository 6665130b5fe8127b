"""A lock for disks on which the system has none: a file that says which process has it.

It is made only if it is not there, which every disk does for one process at a time. One that is left by a process that
was killed is taken over if that was on this machine, where it can be told from a living one: by the machine, its start,
the process and when that began. Of another machine nobody here knows, so the message says what to look at.
"""

from __future__ import annotations

import json
import os
import socket
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from bresim.common import user_files
from bresim.common.errors import InputError, Problem, said

#: What comes after the name of the lock: the file of the process that has it, and that of the one
#: that takes it over from a dead one.
CLAIM, TAKING = ".claim", ".taking"
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True)
class Owner:
    """A process: where it runs, its number there, and when it began."""

    host: str
    machine: str
    process: int
    began: str


def claim_of(lock: Path) -> Path:
    """The file of a claim."""
    return lock.with_name(f"{lock.name}{CLAIM}")


def take(lock: Path) -> int:
    """Claim a lock; the file, open. Raises InputError if a process has it that may be alive."""
    path = claim_of(lock)
    while True:
        try:
            file = os.open(path, _NEW, 0o666)
        except FileExistsError:
            owner = _read(path)
            if owner is None or _may_live(owner) or not _bury(lock, owner):
                raise InputError(held(lock)) from None
            continue
        os.write(file, json.dumps(asdict(_me())).encode())
        os.fsync(file)
        return file


def release(lock: Path) -> None:
    """Give up a claim that is held, with what a process that was killed left when it took over another's."""
    for name in (TAKING, CLAIM):  # while it is held nobody takes over anything
        with suppress(OSError):
            lock.with_name(f"{lock.name}{name}").unlink()


def is_held(lock: Path) -> bool:
    """Whether there is a claim of a process that may be alive."""
    path = claim_of(lock)
    owner = _read(path)
    return path.exists() if owner is None else _may_live(owner)


def held(lock: Path) -> Problem:
    """A process has the lock, or may have it."""
    path = claim_of(lock)
    owner = _read(path) or Owner("?", "", 0, "")
    what = said(
        "'{path}' says that process {process} on {host} is at work", path=path, process=owner.process, host=owner.host
    )
    return Problem("out", what, said("wait for it; if it has ended, remove that file"))


def _read(path: Path) -> Owner | None:
    """Who made a claim; None if there is none, or it was never finished."""
    try:
        content = json.loads(user_files.read_text(path, user_files.JSON))
        return Owner(str(content["host"]), str(content["machine"]), int(content["process"]), str(content["began"]))
    except (OSError, ValueError, TypeError, KeyError, InputError):
        return None


def _me() -> Owner:
    return Owner(socket.gethostname(), _machine(), os.getpid(), _began(os.getpid()))


def _may_live(owner: Owner) -> bool:
    if owner.machine != _machine():
        return True
    if owner.began:
        return _began(owner.process) == owner.began
    try:
        os.kill(owner.process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is another user's
        return True
    return True


def _bury(lock: Path, owner: Owner) -> bool:
    """Remove the claim of a process that has ended; False if another is about to.

    One at a time does, and looks once more: else the second would remove the new claim of the first.
    """
    taking = lock.with_name(f"{lock.name}{TAKING}")
    try:
        os.close(os.open(taking, _NEW, 0o666))
    except FileExistsError:
        return False
    try:
        if _read(claim_of(lock)) == owner:
            claim_of(lock).unlink(missing_ok=True)
    finally:
        taking.unlink(missing_ok=True)
    return True


@cache
def _machine() -> str:
    """What tells machines, their starts and containers apart, as far as the system says."""
    found = [socket.gethostname()]
    with suppress(OSError):
        found.append(Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip())
    with suppress(OSError):
        found.append(str(Path("/proc/self/ns/pid").readlink()))  # numbers of processes mean something within it
    return " ".join(found)


def _began(process: int) -> str:
    """When a process began, in ticks since the start of the machine; empty if it is gone or nobody says."""
    try:
        about = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return about.rpartition(")")[2].split()[19]
