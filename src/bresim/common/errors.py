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

    def __add__(self, other: str) -> Said:
        """Both after each other, each still to be translated."""
        return Said("{one}{two}", one=self, two=other)

    def __reduce__(self) -> tuple[Any, ...]:
        return _said_again, (self.template, dict(self.values))


def _said_again(template: str, values: Mapping[str, object]) -> Said:
    return Said(template, **values)


def said(template: str, **values: object) -> Said:
    """A message for users; a test holds that its template is in the catalogues of ``bresim.locale``."""
    return Said(template, **values)


@dataclass(frozen=True)
class Problem:
    """One thing wrong with what the user gave.

    ``where`` is a file and key (``my_design.yaml: payoff.binding``) or an override (``replicates``);
    ``what`` says what is wrong with the value; ``remedy`` says what to do (may be empty).
    """

    where: str
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}"
        return f"{text}; {self.remedy}" if self.remedy else text


class BresimError(Exception):
    """Base of every error that bresim raises on purpose."""


class InputError(BresimError):
    """Bad input (exit code 2). Carries every problem found, not only the first."""

    def __init__(self, problems: Sequence[Problem] | Problem):
        found = [problems] if isinstance(problems, Problem) else problems
        self.problems: tuple[Problem, ...] = tuple(dict.fromkeys(found))  # without repeats
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)  # keeps its problems when a worker sends it


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ``did you mean 'x'?`` for the known name closest to ``name``, else list what is known."""
    known = sorted(set(known))
    close = difflib.get_close_matches(str(name), known, n=1, cutoff=0.6)
    if close:
        return said("did you mean '{name}'?", name=close[0])
    return said("known: {names}", names=", ".join(known)) if known else ""
