"""From an exception to a message and an exit code."""

from __future__ import annotations

import errno
import os
import re
import traceback
from collections import Counter
from collections.abc import Sequence

from bresim.cli.streams import tell
from bresim.common.errors import BresimError, InputError, Problem
from bresim.results.folder import FULL

BAD_INPUT, FAILED = 2, 1
DEBUG = "BRESIM_DEBUG"
#: What the system says of a disk that is gone, broken or not ours, and that a check beforehand may miss.
BROKEN = {errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.ESTALE}
#: Problems of one kind that are told in full.
ALIKE = 8
#: Problems that are told in full.
MOST = 40
#: What differs between problems of one kind: names between quotes or brackets, and numbers.
_VALUES = re.compile(r"'[^']*'|\([^)]*\)|\d+")


def explain(command: str, error: Exception) -> int:
    """Tell on stderr what went wrong; the exit code. The traceback shows only with ``BRESIM_DEBUG=1``."""
    if os.environ.get(DEBUG) == "1":
        traceback.print_exception(error)
    name = f"bresim {command}"
    code = FAILED
    if isinstance(error, InputError):
        code = BAD_INPUT
        lines = listed(error.problems)
        text = lines[0] if len(lines) == 1 else "\n  ".join([f"{len(error.problems)} problems", *lines])
    elif isinstance(error, BresimError):
        text = str(error)
    elif isinstance(error, OSError) and error.errno in FULL:
        text = (
            f"the disk is full ({os.strerror(error.errno or 0)}); what was not whole is removed. "
            "Make room and give the same command again, or take another folder with out=DIR"
        )
    elif isinstance(error, OSError) and error.errno in BROKEN:
        text = f"the disk cannot be read or written ({error}); what was not whole is removed"
    elif isinstance(error, MemoryError):
        text = "there is not enough memory; take fewer replicates or keep less: record=runs"
    else:
        reason = f"{type(error).__name__}: {error}".strip(": ")
        text = f"unexpected error ({reason}); {DEBUG}=1 bresim {command} … shows where, please report it"
    for message in (text, *getattr(error, "__notes__", ())):
        tell(f"{name}: {message}")
    return code


def listed(problems: Sequence[Problem]) -> list[str]:
    """A line a problem; of many that differ only in names and numbers the first few, and how many more there are."""
    lines: list[str] = []
    kinds: Counter[tuple[str, ...]] = Counter()
    for problem in problems:
        kind = tuple(_VALUES.sub("", text) for text in (problem.where, problem.what))
        kinds[kind] += 1
        if kinds[kind] <= ALIKE:
            lines.append(str(problem))
    lines = lines[:MOST]
    more = len(problems) - len(lines)
    return [*lines, f"… and {more} more like these"] if more else lines
