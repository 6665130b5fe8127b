"""Standard output and error as they may be: closed, full, a pipe whose reader has gone, or without our signs."""

from __future__ import annotations

import codecs
import io
import os
import sys
import unicodedata
from contextlib import suppress

#: What a shell calls a program that writes to a closed pipe: 128 + SIGPIPE. As with 130, it is nobody's mistake.
CLOSED_PIPE = 141
#: Signs that a plain terminal lacks → what stands for them.
_PLAIN = {"−": "-", "–": "-", "—": "-", "…": "...", "×": "x", "‘": "'", "’": "'", "“": '"', "”": '"'}


def prepare() -> None:
    """Make both streams fit to write to: no text is refused for its signs, and a closed stream swallows it."""
    codecs.register_error("bresim", _plainer)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by the caller, as in `bresim … >&-`
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="bresim")


def drop() -> None:
    """Send what is still to be printed nowhere, since nobody can read it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def tell(message: str) -> None:
    """Print on stderr; what nobody can read changes no exit code."""
    with suppress(OSError):
        print(message, file=sys.stderr, flush=True)


def _plainer(error: UnicodeError) -> tuple[str, int]:
    """The nearest signs that every terminal has."""
    assert isinstance(error, UnicodeEncodeError)
    text = error.object[error.start : error.end]
    plain = "".join(_PLAIN.get(sign, sign) for sign in unicodedata.normalize("NFKD", text))
    kept = (sign for sign in plain if not unicodedata.combining(sign))
    return "".join(sign if sign.isascii() else "?" for sign in kept), error.end
