"""Which rule reads which parameter, field of a design, and array of state or world, and which state it changes.

Derived from the syntax trees of the rules. A rule gets ``s``, ``w``, ``p`` (state, world, parameters) and hands parts
of them on: a local name for an array, a row or an institution is followed, and so is what a function does with an
array that it is given. A name that looks like a field of a design but is read from something unknown is an error.
"""

from __future__ import annotations

import ast
import functools
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bresim.governance.compile import FIELDS, NUMBERS
from bresim.rulebook.description import RulebookError, rule_files
from bresim.rulebook.glossary import DERIVED, MASKS

#: Where something comes from: ``("s", "region", "divide")``, ``("p", "pace")``, or an argument and what is below it.
Path_ = tuple[str, ...]
ROOTS = ("s", "w", "p")
#: Arguments of this name are an institution's record.
INSTITUTIONS = ("institution", "design")
INSTITUTION: Path_ = ("s", "institution")
#: Working memory, which means nothing to another rule.
SCRATCH = ("scratch", "scratch_tables")
KERNEL = Path(__file__).parents[1] / "kernel"
_FULL = {name: f"{section}.{name}" for section, name in NUMBERS} | {name: made[0] for name, made in DERIVED.items()}


@dataclass(frozen=True)
class Uses:
    """Name → the rules that read or change it, in alphabetical order.

    ``parameters`` by name, ``fields`` by ``section.field``, ``state`` and ``world`` by array or ``region.member``.
    """

    parameters: Mapping[str, tuple[str, ...]]
    fields: Mapping[str, tuple[str, ...]]
    world: Mapping[str, tuple[str, ...]]
    state: Mapping[str, tuple[str, ...]]
    changed: Mapping[str, tuple[str, ...]]

    def of_rule(self, rule: str) -> tuple[set[str], set[str]]:
        """(parameters, fields) that one rule reads."""
        return (
            {name for name, rules in self.parameters.items() if rule in rules},
            {name for name, rules in self.fields.items() if rule in rules},
        )


@functools.cache
def shipped_uses() -> Uses:
    """Uses of the model's rules; raises RulebookError."""
    return uses_of(rule_files())


def uses_of(files: Iterable[Path]) -> Uses:
    """Uses of some rules; raises RulebookError with file and line."""
    modules = [_Module(path) for path in files]
    helpers = [_Module(path, helper=True) for path in sorted(KERNEL.glob("*.py"))]
    functions = {(m.name, name): found for m in [*helpers, *modules] for name, found in m.functions.items()}
    while True:  # until what a function does with its arguments changes nothing for those that call it
        before = sum(len(one.reads) + len(one.writes) for one in functions.values())
        for one in functions.values():
            one.look(functions)
        if sum(len(one.reads) + len(one.writes) for one in functions.values()) == before:
            break
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for module in modules:
        for one in module.functions.values():
            for path in one.reads:
                for kind, name in _names(path):
                    found[kind][name].add(module.name)
            for path in one.writes:
                if path[0] == "s" and len(path) > 1 and path[1] not in SCRATCH:
                    found["changed"][_array(path)].add(module.name)
    ordered = {kind: {name: tuple(sorted(rules)) for name, rules in names.items()} for kind, names in found.items()}
    return Uses(*(ordered.get(kind, {}) for kind in ("parameters", "fields", "world", "state", "changed")))


def _names(path: Path_) -> Iterable[tuple[str, str]]:
    """(kind, name) of what is read at a path."""
    root = path[0]
    if root not in ROOTS or len(path) < 2 or path[1] in SCRATCH:
        return
    if root == "p":
        yield "parameters", path[1]
        return
    if path[1] == "institution" and len(path) > 2:
        yield "fields", _FULL[path[2]]
    if path[1] in MASKS:
        yield "fields", MASKS[path[1]]
    yield "world" if root == "w" else "state", _array(path)


def _array(path: Path_) -> str:
    return ".".join(path[1:3]) if path[1] in ("region", "counts") else path[1]


class _Module:
    """One source file: what it imports and the functions in it. Helpers of the kernel know of no institution."""

    def __init__(self, path: Path, *, helper: bool = False) -> None:
        self.path, self.name, self.helper = path, path.stem, helper
        self.tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
        self.imported: dict[str, tuple[str, str]] = {}  # name here → (module, name there)
        self.modules: dict[str, str] = {}
        for node in self.tree.body:
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("bresim."):
                for one in node.names:
                    here = one.asname or one.name
                    self.imported[here] = (node.module.rpartition(".")[2], one.name)
                    self.modules[here] = one.name
        self.functions = {
            node.name: _Function(self, node) for node in self.tree.body if isinstance(node, ast.FunctionDef)
        }

    def called(self, node: ast.expr) -> tuple[str, str] | None:
        """(module, function) that a call names, None if it is none of ours."""
        if isinstance(node, ast.Name):
            return (self.name, node.id) if node.id in self.functions else self.imported.get(node.id)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in self.modules:
            return self.modules[node.value.id], node.attr
        return None


@dataclass
class _Function(ast.NodeVisitor):
    """One function: what it reads and writes, of state, world and parameters and of its arguments."""

    module: _Module
    node: ast.FunctionDef
    reads: set[Path_] = field(default_factory=set)
    writes: set[Path_] = field(default_factory=set)

    def look(self, functions: Mapping[tuple[str, str], _Function]) -> None:
        """Walk through the body, knowing so far what ``functions`` do with their arguments."""
        self.functions = functions
        self.arguments = [one.arg for one in self.node.args.args]
        self.known: dict[str, set[Path_]] = {
            name: {INSTITUTION if name in INSTITUTIONS else (name,)} for name in self.arguments
        }
        for statement in self.node.body:
            self.visit(statement)

    # --- where an expression comes from -----------------------------------------------------------------
    def paths(self, node: ast.expr) -> set[Path_]:
        """Where a chain of names, attributes and indices comes from; empty for anything else."""
        if isinstance(node, ast.Name):
            return self.known.get(node.id, set())
        if isinstance(node, ast.Subscript):
            return self.paths(node.value)
        if isinstance(node, ast.Attribute):
            if node.attr == "shape":
                return set()
            found = self.paths(node.value)
            self.check(node, found)
            return {(*path, node.attr) for path in found}
        return set()

    def check(self, node: ast.Attribute, found: set[Path_]) -> None:
        """A field of a design must be read from an institution, and only fields from that."""
        if self.module.helper:
            return
        of_institution = {path for path in found if path[1:] == ("institution",)}
        if of_institution and node.attr not in FIELDS:
            raise RulebookError(f"{self.module.path}:{node.lineno}: '{node.attr}' is no field of an institution")
        known = {path for path in found if path[0] in ROOTS}
        if node.attr in FIELDS and not known and not self.is_module(node.value):
            what = f"'.{node.attr}' looks like a field of an institution, but not what it is read from"
            raise RulebookError(f"{self.module.path}:{node.lineno}: {what}: name that 'institution'")

    def is_module(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id in self.module.modules

    def is_chain(self, node: ast.expr) -> bool:
        return isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)) and bool(self.paths(node))

    # --- statements --------------------------------------------------------------------------------------
    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                for one, value in zip(target.elts, node.value.elts, strict=True):
                    self.assign(one, value)
            else:
                self.assign(target, node.value)

    def assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name) and self.is_chain(value):  # another name for it
            found = self.paths(value)
            self.indices(value)
            self.known[target.id] = found
            # of an array or a record nothing is read yet
            self.reads |= {path for path in found if path[0] == "p" or (path[1:2] == ("institution",) and path[2:])}
            return
        self.visit(value)
        self.store(target)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.visit(node.value)
        self.store(node.target)
        self.reads |= self.paths(node.target)

    def visit_For(self, node: ast.For) -> None:
        if isinstance(node.target, ast.Name) and isinstance(node.iter, (ast.Tuple, ast.List)):
            self.known[node.target.id] = set().union(*map(self.paths, node.iter.elts))
        else:
            self.visit(node.iter)
        for statement in (*node.body, *node.orelse):
            self.visit(statement)

    def store(self, target: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self.known.pop(target.id, None)
        elif isinstance(target, ast.Tuple):
            for one in target.elts:
                self.store(one)
        else:
            self.indices(target)
            self.writes |= self.paths(target)

    # --- expressions -------------------------------------------------------------------------------------
    def visit_Name(self, node: ast.Name) -> None:
        self.reads |= self.paths(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if self.is_chain(node):
            self.indices(node)
            self.reads |= self.paths(node)
        elif node.attr != "shape" and not self.is_module(node.value):
            self.check(node, self.paths(node.value))
            self.visit(node.value)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if self.is_chain(node):
            self.indices(node)
            self.reads |= self.paths(node)
        else:
            self.generic_visit(node)

    def indices(self, node: ast.expr) -> None:
        """What is read to say which element is meant."""
        while isinstance(node, (ast.Attribute, ast.Subscript)):
            if isinstance(node, ast.Subscript):
                self.visit(node.slice)
            node = node.value

    def visit_Call(self, node: ast.Call) -> None:
        called = self.module.called(node.func)
        function = self.functions.get(called) if called else None
        if function is None:
            self.visit(node.func)
        names = function.node.args.args if function is not None else []
        for number, argument in enumerate(node.args):
            if not self.is_chain(argument):
                self.visit(argument)
                continue
            self.indices(argument)
            given = self.paths(argument)
            if function is None:
                self.reads |= given
            elif names[number].arg not in (*ROOTS, *INSTITUTIONS):  # of these the function itself tells what it reads
                self.reads |= _handed_on(function.reads, names[number].arg, given)
                self.writes |= _handed_on(function.writes, names[number].arg, given)
        for keyword in node.keywords:
            self.visit(keyword.value)


def _handed_on(paths: set[Path_], argument: str, given: set[Path_]) -> set[Path_]:
    """What a function does with one of its arguments, as done with what it was given."""
    return {(*start, *path[1:]) for path in paths if path[0] == argument for start in given}
