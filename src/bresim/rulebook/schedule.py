"""The order in which a quarter runs the rules, from the source of ``runner/step.py``."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bresim.rulebook.description import RulebookError, rule_files

STEP = Path(__file__).parents[1] / "runner" / "step.py"


@dataclass(frozen=True)
class Call:
    """A rule runs here: ``entry`` is the function of it that is called."""

    rule: str
    entry: str


@dataclass(frozen=True)
class Phase:
    """A part of a quarter: what it is, and what runs in it in turn."""

    name: str
    text: str
    parts: tuple[Phase | Call, ...]

    def calls(self) -> Iterator[Call]:
        """Every call in turn."""
        for part in self.parts:
            if isinstance(part, Call):
                yield part
            else:
                yield from part.calls()


@functools.cache
def schedule(path: Path = STEP) -> Phase:
    """The quarter, as ``step`` runs it; raises RulebookError."""
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    rules = {
        one.asname or one.name: one.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "bresim.rules"
        for one in node.names
    }
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    if "step" not in functions:
        raise RulebookError(f"{path}: has no function 'step'")

    def phase(node: ast.FunctionDef) -> Phase:
        parts: list[Phase | Call] = []
        for call in _in_order(node):
            if isinstance(call.func, ast.Name) and call.func.id in functions:
                parts.append(phase(functions[call.func.id]))
            elif isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name):
                module = rules.get(call.func.value.id)
                parts += [Call(module, call.func.attr)] if module else []
        return Phase(node.name, (ast.get_docstring(node) or "").partition("\n")[0], tuple(parts))

    return phase(functions["step"])


def _in_order(node: ast.AST) -> Iterator[ast.Call]:
    """Calls in the order in which they run: what a call is given before the call."""
    for child in ast.iter_child_nodes(node):
        yield from _in_order(child)
    if isinstance(node, ast.Call):
        yield node


@functools.cache
def order() -> tuple[str, ...]:
    """Every rule: those that run once a quarter where they do, others where they first run, and helpers after these."""
    calls = list(schedule().calls())
    once = {call.rule for call in calls if call.entry == "update"}
    ordered = dict.fromkeys(call.rule for call in calls if call.entry == "update" or call.rule not in once)
    return (*ordered, *(path.stem for path in rule_files() if path.stem not in ordered))
