"""From an exception to a message and an exit code."""

from __future__ import annotations

import os
import sys
import traceback

from bresim.errors import BresimError, InputError
from bresim.results.folder import FULL

BAD_INPUT, FAILED = 2, 1
DEBUG = "BRESIM_DEBUG"


def explain(command: str, error: Exception) -> int:
    """Tell on stderr what went wrong; the exit code. The traceback shows only with ``BRESIM_DEBUG=1``."""
    if os.environ.get(DEBUG) == "1":
        traceback.print_exception(error)
    name = f"bresim {command}"
    code = FAILED
    if isinstance(error, InputError):
        code = BAD_INPUT
        lines = [str(problem) for problem in error.problems]
        text = lines[0] if len(lines) == 1 else "\n  ".join([f"{len(lines)} problems", *lines])
    elif isinstance(error, BresimError):
        text = str(error)
    elif isinstance(error, OSError) and error.errno in FULL:
        text = (
            f"the disk is full ({os.strerror(error.errno or 0)}); what was not whole is removed. "
            "Make room or give another folder: out=DIR"
        )
    elif isinstance(error, MemoryError):
        text = "there is not enough memory; take fewer replicates or keep less: record=runs"
    else:
        reason = f"{type(error).__name__}: {error}".strip(": ")
        text = f"unexpected error ({reason}); {DEBUG}=1 bresim {command} … shows where, please report it"
    print(f"{name}: {text}", file=sys.stderr)
    for note in getattr(error, "__notes__", ()):
        print(f"{name}: {note}", file=sys.stderr)
    return code
