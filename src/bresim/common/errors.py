"""Errors that a user can act on: what was wrong, where, and what to do about it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


class Said(str):
    """A message that knows its template and values, so that it can be said again in another language.

    It is the English text. Make one with :func:`said`; ``common.text.translated`` says it again.
    """

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, **values: object) -> Said:
        """The template with its fields filled in."""
        text = super().__new__(cls, template.format(**values))
        text.template, text.values = template, values
        return text

    def __reduce__(self) -> tuple[Any, ...]:
        return _said_again, (self.template, dict(self.values))


class Series(tuple[str, ...]):
    """Texts after each other, as a value of a message; each is translated by itself."""

    __slots__ = ()

    def __str__(self) -> str:
        return ", ".join(self)

    __format__ = object.__format__


def _said_again(template: str, values: Mapping[str, object]) -> Said:
    return Said(template, **values)


def said(template: str, **values: object) -> Said:
    """A message for users; a test holds that its template is in the catalogues of ``bresim.locale``."""
    return Said(template, **values)


#: Of a problem that needs no more words.
NOTHING = Said("")


def inside(where: str, key: str) -> Said:
    """The place of a key within a file or an entry."""
    return said("{where}: {key}", where=where, key=key)


@dataclass(frozen=True)
class Problem:
    """One thing wrong with what the user gave.

    ``where`` is a file and key (``my_design.yaml: payoff.binding``), an override (``replicates``) or empty;
    ``what`` says what is wrong with the value; ``remedy`` says what to do (may be empty).
    """

    where: str
    what: Said
    remedy: Said = NOTHING

    def __str__(self) -> str:
        return in_one_line(self.where, self.what, self.remedy)


def in_one_line(where: str, what: str, remedy: str) -> str:
    """``where: what; remedy``, without what is empty."""
    text = f"{where}: {what}" if where else what
    return f"{text}; {remedy}" if remedy else text


class BresimError(Exception):
    """Base of every error that bresim raises on purpose."""

    def __init__(self, text: Said):
        super().__init__(text)


class InputError(BresimError):
    """Bad input (exit code 2). Carries every problem found, not only the first."""

    def __init__(self, problems: Sequence[Problem] | Problem):
        found = [problems] if isinstance(problems, Problem) else problems
        self.problems: tuple[Problem, ...] = tuple(dict.fromkeys(found))  # without repeats
        Exception.__init__(self, "\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)  # keeps its problems when a worker sends it


def said_by(error: BaseException) -> Said:
    """What an error says: our own message if it carries one, else that of the library it came from."""
    message = error.args[0] if error.args else ""
    return message if isinstance(message, Said) else said("is not allowed ({reason})", reason=str(error))


def closest(name: str, known: Iterable[str]) -> str | None:
    """The known name that looks most like ``name``; None if none does."""
    return next(iter(difflib.get_close_matches(str(name), sorted(set(known)), n=1, cutoff=0.6)), None)


def nearest(name: str, known: Iterable[str]) -> Said:
    """Return ``did you mean 'x'?`` for the known name closest to ``name``, else list what is known."""
    known = sorted(set(known))
    close = closest(name, known)
    if close is not None:
        return said("did you mean '{name}'?", name=close)
    return said("known: {names}", names=", ".join(known)) if known else NOTHING
