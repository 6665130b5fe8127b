"""Whether a job can start at all: compiled code asks for memory in a way that ends the process if there is none."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from bresim.common.errors import BresimError, said

MEGABYTE = 1_000_000
#: Megabytes of addresses (``ulimit -v``) and of memory that a small job needs to import and compile the model.
ADDRESSES, MEMORY = 3400, 450
#: Of a control group, as of a container: what it may use, what it uses, and of this what is given back on demand.
GROUP = Path("/sys/fs/cgroup")
AVAILABLE = Path("/proc/meminfo")


class Bound(NamedTuple):
    """Megabytes that are there, that are needed, and what sets the bound."""

    there: float
    needed: float
    by: str


def check() -> None:
    """Raise BresimError with what is there and what is needed, if that is more."""
    for bound in bounds():
        if bound.there < bound.needed:
            raise BresimError(
                said(
                    "there is too little memory: {there} MB ({by}), and the smallest job needs some {needed} MB; "
                    "close other programs, or raise that limit",
                    there=round(bound.there),
                    by=bound.by,
                    needed=bound.needed,
                )
            )


def bounds() -> Iterator[Bound]:
    """What bounds the memory of this process, as far as the system tells."""
    if sys.platform != "win32":
        import resource

        limit, _ = resource.getrlimit(resource.RLIMIT_AS)
        if limit != resource.RLIM_INFINITY:
            yield Bound(limit / MEGABYTE, ADDRESSES, "ulimit -v")
    with suppress(OSError, ValueError):  # "max" where there is no limit
        most = int((GROUP / "memory.max").read_text(encoding="ascii"))
        used = int((GROUP / "memory.current").read_text(encoding="ascii"))
        yield Bound((most - used + _cached()) / MEGABYTE, MEMORY, "cgroup")
    with suppress(OSError, ValueError, StopIteration):
        lines = AVAILABLE.read_text(encoding="ascii").splitlines()
        kilobytes = next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable"))
        yield Bound(kilobytes * 1024 / MEGABYTE, MEMORY, "MemAvailable")


def _cached() -> int:
    """Bytes of a control group that only hold files."""
    with suppress(OSError, ValueError, IndexError):
        for line in (GROUP / "memory.stat").read_text(encoding="ascii").splitlines():
            name, number = line.split()
            if name == "inactive_file":
                return int(number)
    return 0
