r"""From the docstring at the head of a rule to a record: title, sentences, equations, symbols and sources.

The docstring has this form; lines that belong to a part are indented, and a line may go on on the next one::

    Trust between municipalities

    Sentences: what happens, and why in this form.

    Equation: a promise that is kept
        \tau_{ij}' = \tau_{ij} + g\, v_a\, \max(0,\; 1 - \omega\, \rho_{ij} - \tau_{ij})
    Symbols:
        \tau_{ij} = s.trust; trust of i in j
        g = trust_gain
        v_a = share of pledges that the others see [share]
    Source: Slovic 1993 (asymmetry); BRE 2.1

The right side of a symbol is a name that :mod:`bresim.rulebook.glossary` knows, after which words may say more, or
words of its own with a unit in brackets.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bresim.common.errors import BresimError

RULES = Path(__file__).parents[1] / "rules"
_PART = re.compile(r"(Equation|Symbols|Source):\s*(.*)")
_NAME = re.compile(r"(?P<name>[a-z]\w*(?:\.[a-z]\w*)*)(?:;\s*(?P<words>.*?))?(?:\s*\[(?P<unit>[^\]]+)\])?")
_WORDS = re.compile(r"(?P<words>.*?)(?:\s*\[(?P<unit>[^\]]+)\])?")


class RulebookError(BresimError):
    """A rule does not describe itself in the form above, or its source cannot be understood; says file and line.

    For authors of rules, so in English only.
    """

    def __init__(self, text: str):
        Exception.__init__(self, text)


@dataclass(frozen=True)
class Equation:
    """An equation in LaTeX, and what it is of."""

    name: str
    latex: str


@dataclass(frozen=True)
class Symbol:
    """A symbol in LaTeX; ``name`` is that in the code, None for one of the equations alone; ``line`` of the file."""

    latex: str
    name: str | None
    words: str
    unit: str
    line: int


@dataclass(frozen=True)
class Rule:
    """What a rule says of itself; ``name`` is that of its file."""

    name: str
    path: Path
    title: str
    text: tuple[str, ...]
    equations: tuple[Equation, ...]
    symbols: tuple[Symbol, ...]
    sources: tuple[str, ...]


def rule_files(folder: Path = RULES) -> list[Path]:
    """The files of the rules, by name."""
    return sorted(path for path in folder.glob("*.py") if path.stem != "__init__")


@functools.cache
def shipped_rules() -> Mapping[str, Rule]:
    """Every rule of the model by name; raises RulebookError."""
    return {path.stem: read_rule(path) for path in rule_files()}


def read_rule(path: Path) -> Rule:
    """The description of one rule; raises RulebookError with file and line."""
    return _Reader(path).rule()


def paragraphs(lines: list[str]) -> tuple[str, ...]:
    """Lines as paragraphs, which empty lines part."""
    text = "\n".join(line.strip() for line in lines).strip()
    return tuple(" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part)


class _Reader:
    """One file while it is read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        head = ast.parse(path.read_text(encoding="utf-8"), str(path)).body[:1]
        text = head[0].value if head and isinstance(head[0], ast.Expr) else None
        if not (isinstance(text, ast.Constant) and isinstance(text.value, str)):
            raise self.error(1, "has no docstring at its head")
        self.first = text.lineno
        self.lines = text.value.splitlines()

    def error(self, line: int, what: str) -> RulebookError:
        return RulebookError(f"{self.path}:{line}: {what}")

    def rule(self) -> Rule:
        title, text, parts = self.parts()
        equations = [self.equation(*part) for part in parts["Equation"]]
        symbols = [symbol for _, at, lines in parts["Symbols"] for symbol in self.symbols(at, lines)]
        for name, found in (("Equation", equations), ("Symbols", symbols), ("Source", parts["Source"])):
            if not found:
                raise self.error(self.first, f"its docstring has no part '{name}:'")
        twice = {one.latex for n, one in enumerate(symbols) if one.latex in {other.latex for other in symbols[:n]}}
        if twice:
            raise self.error(self.first, f"symbols are declared twice: {', '.join(sorted(twice))}")
        sources = " ".join(" ".join([head, *lines]) for head, _, lines in parts["Source"])
        return Rule(
            self.path.stem, self.path, title, text, tuple(equations), tuple(symbols),
            tuple(re.split(r";\s+(?![^()]*\))", " ".join(sources.split()))),
        )  # fmt: skip

    def parts(self) -> tuple[str, tuple[str, ...], dict[str, list[tuple[str, int, list[str]]]]]:
        """Title, paragraphs, and the parts by their name: what stands behind it, its line and the lines below it."""
        title, *rest = self.lines or [""]
        if not title.strip() or title.startswith(("Equation:", "Rule:")):
            raise self.error(self.first, "its docstring does not begin with a title")
        text: list[str] = []
        parts: dict[str, list[tuple[str, int, list[str]]]] = {"Equation": [], "Symbols": [], "Source": []}
        inside: list[str] | None = None
        for number, line in enumerate(rest, self.first + 1):
            part = _PART.fullmatch(line)
            if part is not None:
                inside = []
                parts[part[1]].append((part[2], number, inside))
            elif inside is None:
                text.append(line)
            elif line.startswith(" ") or not line.strip():
                inside.append(line)
            else:
                raise self.error(number, f"'{line[:40]}' belongs to no part: indent it, or put it before the equations")
        if not paragraphs(text):
            raise self.error(self.first, "its docstring has no sentences below the title")
        return title.strip(), paragraphs(text), parts

    def equation(self, name: str, at: int, lines: list[str]) -> Equation:
        latex = "\n".join(line.strip() for line in lines if line.strip())
        if not name or not latex:
            raise self.error(at, "an equation needs a name behind 'Equation:' and LaTeX on indented lines below it")
        return Equation(name, latex)

    def symbols(self, at: int, lines: list[str]) -> list[Symbol]:
        found = []
        for number, line in enumerate(lines, at + 1):
            if line.strip():
                latex, equals, right = line.strip().partition(" = ")
                if not equals:
                    raise self.error(number, f"'{line.strip()}' is no symbol: write SYMBOL = NAME, or = words [unit]")
                found.append(self.symbol(latex.strip(), right.strip(), number))
        return found

    def symbol(self, latex: str, right: str, line: int) -> Symbol:
        named = _NAME.fullmatch(right)
        if named is not None:
            return Symbol(latex, named["name"], named["words"] or "", named["unit"] or "", line)
        match = _WORDS.fullmatch(right)
        if match is None or not match["unit"]:
            raise self.error(line, f"the symbol {latex} needs a unit: put it in brackets at the end, as in [share]")
        return Symbol(latex, None, match["words"], match["unit"], line)
