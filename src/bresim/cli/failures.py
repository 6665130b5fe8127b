"""From an exception to a message and an exit code."""

from __future__ import annotations

import errno
import os
import re
import traceback
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bresim.cli.streams import print_error
from bresim.common.errors import BresimError, InputError, Problem, Said, said
from bresim.common.text import LOCALES, Language, language, told, translated
from bresim.config.defaults import default_language
from bresim.results.folder import FULL
from bresim.results.manifest import read_manifest

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


def spoken(arguments: Sequence[str], default: str | None = None) -> Language:
    """The language of a call: its ``lang=``, else ``default`` or that of ``configs/job.yaml``."""
    parts = (text.lstrip("+").partition("=") for text in arguments)
    given = [value.strip("'\"") for key, _, value in parts if key == "lang"]
    return language(next((code for code in reversed(given) if code in LOCALES), default or default_language()))


def as_given(code: object, otherwise: Language) -> Language:
    """The language of a code, if it is one."""
    return language(str(code)) if code in LOCALES else otherwise


def job_language(folder: Path, otherwise: Language) -> Language:
    """The language of the job in ``folder``, if one is there."""
    config = read_manifest(folder).get("config")
    return as_given(config.get("lang") if isinstance(config, dict) else None, otherwise)


def explain(command: str, error: Exception, words: Language, out: object = None) -> int:
    """Print on stderr what went wrong and return the exit code. A traceback is shown only with ``BRESIM_DEBUG=1``.

    ``out`` is the folder that the job writes in. That the reader of the output has left is no failure: it is raised
    again, for whoever ends the process.
    """
    if isinstance(error, BrokenPipeError):
        raise error
    if os.environ.get(DEBUG) == "1":
        traceback.print_exception(error)
    name, _ = f"bresim {command}".strip(), words.gettext
    code = FAILED
    if isinstance(error, InputError):
        code = BAD_INPUT
        lines = listed(error.problems, words)
        head = _("{count} problems").format(count=words.number(len(error.problems), 0))
        text = lines[0] if len(lines) == 1 else "\n  ".join([head, *lines])
    elif isinstance(error, BresimError):
        text = translated(error.args[0], words)
    elif isinstance(error, OSError) and error.errno in FULL:
        text = translated(_full(command, error, out), words)
    elif isinstance(error, OSError) and error.errno in BROKEN:
        text = _("the disk cannot be read or written ({reason}); unfinished files are removed").format(reason=error)
    elif isinstance(error, MemoryError):
        text = _("there is not enough memory; take fewer replicates or keep less: record=runs")
    else:
        reason = f"{type(error).__name__}: {error}".strip(": ")
        text = _("unexpected error ({reason}); {debug}=1 bresim {command} … shows where, please report it").format(
            reason=reason, debug=DEBUG, command=command
        )
    for message in (text, *getattr(error, "__notes__", ())):
        print_error(f"{name}: {translated(message, words)}")
    return code


def _full(command: str, error: OSError, out: object) -> Said:
    """That a disk is full, where, and how to go on."""
    where = out or (Path(error.filename).parent if isinstance(error.filename, str) else None)
    reason = os.strerror(error.errno or 0)
    if where:
        reason = said("{reason}, at '{where}'", reason=reason, where=where)
    if command == "results":
        return said(
            "the disk is full ({reason}); unfinished files are removed. Make room and give the same command again",
            reason=reason,
        )
    return said(
        "the disk is full ({reason}); unfinished files are removed. Make room and give the same command again, or "
        "take another folder with out=DIR",
        reason=reason,
    )


def listed(problems: Sequence[Problem], words: Language) -> list[str]:
    """One line per problem; of many that differ only in names and numbers the first few, and the number of the rest."""
    lines: list[str] = []
    kinds: Counter[tuple[str, ...]] = Counter()
    for problem in problems:
        kind = tuple(_VALUES.sub("", text) for text in (problem.where, problem.what))
        kinds[kind] += 1
        if kinds[kind] <= MAX_PER_KIND:
            lines.append(told(problem, words))
    lines = lines[:MAX_SHOWN]
    more = len(problems) - len(lines)
    rest = words.gettext("… and {more} more like these").format(more=words.number(more, 0))
    return [*lines, rest] if more else lines
