"""Standard output and error, which may be closed, full, a broken pipe, or unable to encode our characters."""

from __future__ import annotations

import codecs
import io
import os
import sys
import unicodedata
from contextlib import suppress
from typing import TextIO

#: Exit code for writing to a closed pipe, as shells give it: 128 + SIGPIPE.
CLOSED_PIPE = 141
#: Characters that an ASCII terminal lacks → replacement.
_PLAIN = {"−": "-", "–": "-", "—": "-", "…": "...", "×": "x", "‘": "'", "’": "'", "“": '"', "”": '"'}


def prepare() -> None:
    """Make both streams safe to write to: characters are replaced where needed, and a closed stream discards text."""
    codecs.register_error("bresim", _plainer)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by the caller, as in `bresim … >&-`
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="bresim")


def drop() -> None:
    """Discard what is still to be printed, since nothing reads it."""
    _discard(sys.stdout)


def print_error(message: str) -> None:
    """Print on stderr; a failure to print does not change the exit code."""
    try:
        print(message, file=sys.stderr, flush=True)
    except OSError:
        with suppress(OSError):  # it may be no file
            _discard(sys.stderr)  # else Python tries once more as it ends, and its exit code is 120


def _discard(stream: TextIO) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _plainer(error: UnicodeError) -> tuple[str, int]:
    """The text in characters that every terminal has."""
    assert isinstance(error, UnicodeEncodeError)
    text = error.object[error.start : error.end]
    plain = "".join(_PLAIN.get(sign, sign) for sign in unicodedata.normalize("NFKD", text))
    kept = (sign for sign in plain if not unicodedata.combining(sign))
    return "".join(sign if sign.isascii() else "?" for sign in kept), error.end
