"""From an exception to a message and an exit code."""

from __future__ import annotations

import errno
import os
import re
import traceback
from collections import Counter
from collections.abc import Sequence

from bresim.cli.streams import print_error
from bresim.common.errors import BresimError, InputError, Problem
from bresim.results.folder import FULL

BAD_INPUT, FAILED = 2, 1
DEBUG = "BRESIM_DEBUG"
#: Error numbers of a disk that is gone, broken or not writable, which a check beforehand may miss.
BROKEN = {errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.ESTALE}
#: Most problems of one kind that are listed.
MAX_PER_KIND = 8
#: Most problems that are listed.
MAX_SHOWN = 40
#: What differs between problems of one kind: names between quotes or brackets, and numbers.
_VALUES = re.compile(r"'[^']*'|\([^)]*\)|\d+")


def explain(command: str, error: Exception) -> int:
    """Print on stderr what went wrong and return the exit code. A traceback is shown only with ``BRESIM_DEBUG=1``."""
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
            f"the disk is full ({os.strerror(error.errno or 0)}); unfinished files are removed. "
            "Make room and give the same command again, or take another folder with out=DIR"
        )
    elif isinstance(error, OSError) and error.errno in BROKEN:
        text = f"the disk cannot be read or written ({error}); unfinished files are removed"
    elif isinstance(error, MemoryError):
        text = "there is not enough memory; take fewer replicates or keep less: record=runs"
    else:
        reason = f"{type(error).__name__}: {error}".strip(": ")
        text = f"unexpected error ({reason}); {DEBUG}=1 bresim {command} … shows where, please report it"
    for message in (text, *getattr(error, "__notes__", ())):
        print_error(f"{name}: {message}")
    return code


def listed(problems: Sequence[Problem]) -> list[str]:
    """One line per problem; of many that differ only in names and numbers the first few, and the number of the rest."""
    lines: list[str] = []
    kinds: Counter[tuple[str, ...]] = Counter()
    for problem in problems:
        kind = tuple(_VALUES.sub("", text) for text in (problem.where, problem.what))
        kinds[kind] += 1
        if kinds[kind] <= MAX_PER_KIND:
            lines.append(str(problem))
    lines = lines[:MAX_SHOWN]
    more = len(problems) - len(lines)
    return [*lines, f"… and {more} more like these"] if more else lines
