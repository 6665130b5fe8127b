r"""Which symbols stand in LaTeX: enough of a reader to hold equations and lists of symbols together.

A symbol is compared without primes, powers and indices: ``\tau_{ij}'`` and ``\tau_{ji}`` are both ``\tau``, while
``r_{\mathrm{law}}`` and ``d_{0,i}`` keep what is no index.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

#: Indices, which tell one element of a symbol from another: municipalities i and j, theme k, arena a, quarter t, scale
#: q, partner e.
INDICES = frozenset("ijkatqe")
#: Commands that put something on the symbol that follows.
_ACCENTS = frozenset({r"\bar", r"\hat", r"\tilde", r"\mathrm", r"\mathcal"})


def _commands(words: str) -> frozenset[str]:
    return frozenset("\\" + word for word in words.split())


#: Greek letters, of which each is a symbol.
GREEK = _commands(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho sigma "
    "varpi varsigma tau upsilon phi varphi chi psi omega ell Gamma Delta Theta Lambda Xi Pi Phi Psi Omega"
)
#: Commands that are no symbol. All of them are known to GitHub, which refuses ``\operatorname`` and macros.
COMMANDS = _commands(
    "frac tfrac sum max min Pr begin end text textstyle quad qquad in notin ne le ge lor land lnot iff cup cap "
    "setminus varnothing lvert rvert langle rangle lfloor rfloor bmod bigl bigr Bigl Bigr mathrm mathcal bar hat tilde"
)
#: Symbols that the head of the ODD's section 7 explains: the logistic function, random numbers, numbers of
#: municipalities and themes, e, and cutting off.
COMMON = frozenset({r"\sigma", "U", "N", "K", "e", r"\mathrm{clip}", r"\mathrm{round}", *INDICES})
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)
_PART_OF_SUBSCRIPT = re.compile(r"\\mathrm\{[^{}]*\}|\\[A-Za-z]+|\\.|.", re.DOTALL)


def symbols_in(latex: str) -> set[str]:
    """The symbols in a piece of LaTeX, without primes, powers and indices."""
    return set(_Scanner(latex).symbols())


def undeclared(latex: str, declared: set[str]) -> set[str]:
    """Symbols in ``latex`` that are neither in ``declared`` (as from ``symbols_in``) nor common to all rules."""
    return symbols_in(latex) - declared - COMMON


class _Scanner:
    """A position in the tokens of a piece of LaTeX."""

    def __init__(self, latex: str) -> None:
        self.tokens: list[str] = [token for token in _TOKEN.findall(latex) if not token.isspace()]
        self.at = 0

    def symbols(self) -> Iterator[str]:
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            if token == r"\text":
                self.group()
                self.scripts()
            elif token in (r"\begin", r"\end"):
                self.group()
            elif token in _ACCENTS:
                yield self.whole(f"{token}{{{self.argument()}}}")
            elif token in GREEK or token.isalpha():
                yield self.whole(token)

    def whole(self, base: str) -> str:
        """A symbol with what is no index of its subscripts, without its powers."""
        kept = "".join(self.scripts())
        return f"{base}_{kept}" if kept else base

    def scripts(self) -> list[str]:
        """The subscripts that follow, without indices."""
        found = []
        while self.at < len(self.tokens) and self.tokens[self.at] in ("_", "^", "'"):
            mark = self.tokens[self.at]
            self.at += 1
            if mark == "'":
                continue
            if mark == "^":  # a power is read on as part of the equation
                break
            inside = re.sub(r"[+-]\d", "", self.argument())
            parts = _PART_OF_SUBSCRIPT.findall(inside)
            found.append("".join(part for part in parts if part not in INDICES and part not in {",", r"\,"}))
        return found

    def argument(self) -> str:
        """The group or single token that follows, without its outer braces."""
        if self.tokens[self.at] == "{":
            return self.group()
        token = self.tokens[self.at]
        self.at += 1
        return token

    def group(self) -> str:
        """The text between the braces that open here."""
        start, depth = self.at, 0
        for end in range(start, len(self.tokens)):
            depth += {"{": 1, "}": -1}.get(self.tokens[end], 0)
            if depth == 0:
                self.at = end + 1
                return "".join(self.tokens[start + 1 : end])
        raise ValueError("a brace is not closed")
