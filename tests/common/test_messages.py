"""Every text of an error can be said again in another language: a rule about the source, checked in the source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

SOURCE = Path(__file__).parents[2] / "src"
#: Class → places and names of its arguments that are texts.
TEXTS = {"Problem": ((1, 2), ("what", "remedy")), "BresimError": ((0,), ("text",))}
#: Packages of which a ValueError becomes a problem: pydantic hands it on.
VALIDATING = ("common", "config", "governance", "region")
#: Calls that give text which knows no other language.
PLAIN = {"_", "gettext", "format", "join", "str", "repr"}


def name_of(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def texts_in(call: ast.Call, validating: bool) -> list[ast.expr]:
    name = name_of(call)
    if name in TEXTS:
        places, names = TEXTS[name]
        given = [call.args[at] for at in places if at < len(call.args)]
        return given + [keyword.value for keyword in call.keywords if keyword.arg in names]
    return call.args[:1] if name == "ValueError" and validating else []


def bare(text: ast.expr, scopes: list[ast.AST], seen: frozenset[str] = frozenset()) -> Iterator[ast.expr]:
    """The parts of a text that are plain strings; a name is looked up in the functions around it, then the module."""
    match text:
        case ast.Constant(value=str(value)) if value:
            yield text
        case ast.JoinedStr() | ast.BinOp():
            yield text
        case ast.Call() if name_of(text) in PLAIN:
            yield text
        case ast.IfExp():
            yield from (*bare(text.body, scopes, seen), *bare(text.orelse, scopes, seen))
        case ast.BoolOp():
            for value in text.values:
                yield from bare(value, scopes, seen)
        case ast.Name(id=name) if name not in seen:
            for scope in scopes:
                if values := list(assigned(name, scope)):
                    for value in values:
                        yield from bare(value, scopes, seen | {name})
                    return


def assigned(name: str, scope: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(scope):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ASSIGNING) else []
        if any(isinstance(target, ast.Name) and target.id == name for target in targets) and node.value is not None:
            yield node.value


ASSIGNING = (ast.AnnAssign, ast.AugAssign, ast.NamedExpr)


def calls(tree: ast.Module) -> Iterator[tuple[ast.Call, list[ast.AST]]]:
    """Every call with the scopes around it, the innermost first."""

    def walk(node: ast.AST, scopes: list[ast.AST]) -> Iterator[tuple[ast.Call, list[ast.AST]]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Call):
                yield child, scopes
            inner = isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef))
            yield from walk(child, [child, *scopes] if inner else scopes)

    yield from walk(tree, [tree])


def bare_texts(source: str, validating: bool = False) -> list[str]:
    found = []
    for call, scopes in calls(ast.parse(source)):
        for text in texts_in(call, validating):
            found += [f"line {part.lineno}: {ast.unparse(part)}" for part in bare(text, scopes)]
    return found


@pytest.mark.parametrize(
    "source",
    [
        'raise InputError(Problem("x", "is wrong"))',
        'Problem("x", said("is wrong"), f"try {name}")',
        'Problem("x", said("is wrong"), remedy="try another")',
        'Problem("x", what=said("one") + said("two"))',
        'Problem("x", _("is wrong"))',
        'Problem("x", said("{n}", n=1) if one else "many")',
        'Problem("x", said("is wrong"), close or "try another")',
        'raise BresimError("{name} failed".format(name=name))',
        'def check():\n    what = "is wrong"\n    return Problem("x", what, nearest("a", known))',
        'AGAIN = "try again"\ndef check():\n    return Problem("x", said("is wrong"), AGAIN)',
    ],
)
def test_a_bare_text_is_found(source: str) -> None:
    assert len(bare_texts(source)) == 1


def test_what_can_be_translated_is_not_found() -> None:
    source = """
def check(close):
    what = said("is wrong") if close else nearest("a", ["b"])
    return Problem("x", what, AGAIN), Problem("x", error.what), Problem("x", said_by(error), "")
AGAIN = said("try again")
"""
    assert bare_texts(source) == []
    assert bare_texts('raise ValueError("is wrong")') == []
    assert len(bare_texts('raise ValueError("is wrong")', validating=True)) == 1


def test_every_text_of_an_error_can_be_translated() -> None:
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        validating = path.relative_to(SOURCE).parts[1] in VALIDATING
        place = path.relative_to(SOURCE).as_posix()
        found += [f"{place} {text}" for text in bare_texts(path.read_text("utf-8"), validating)]
    assert found == [], "write these as said(...)"


def wrong_messages(source: str) -> list[str]:
    """Calls of ``said`` without a template that a catalogue can hold, or with other fields than the template has."""
    found = []
    for call, _ in calls(ast.parse(source)):
        if name_of(call) != "said":
            continue
        template = call.args[0] if len(call.args) == 1 else None
        if not isinstance(template, ast.Constant):
            found.append(f"line {call.lineno}: no literal template")
            continue
        fields = {name for _, name, _, _ in Formatter().parse(template.value) if name is not None}
        if fields != {keyword.arg for keyword in call.keywords}:
            found.append(f"line {call.lineno}: {template.value}")
    return found


def test_every_message_has_a_template_with_its_fields() -> None:
    assert len(wrong_messages('said(f"no {name}")\nsaid("no {name}", nam=1)\nsaid("no {{name}}", name=1)')) == 3
    found = {
        path.relative_to(SOURCE).as_posix(): wrong
        for path in SOURCE.rglob("*.py")
        if path.name != "errors.py" and (wrong := wrong_messages(path.read_text("utf-8")))
    }
    assert found == {}
