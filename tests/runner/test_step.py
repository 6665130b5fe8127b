"""``runner.step`` is the only caller of rules, and calls them all: what a quarter is can be read in one file."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

import bresim

PACKAGE = Path(bresim.__file__).parent
#: What a rule is called by, and with what.
ENTRIES = {"update": ["s", "w", "p", "t"], "update_initiative": ["s", "w", "p", "t", "a", "k"]}
#: Sets the state of a run to its start, before any quarter.
START = ("initial", "reset")
#: Where else an entry is named without being called: any compiled rule shows whether the model was compiled before.
NAMED_ELSEWHERE = {("jobs.py", "shocks", "update"), ("model.py", "shocks", "update")}


class Use(NamedTuple):
    """Something of a rule module that is named outside it."""

    file: str  # relative to the package
    rule: str
    name: str
    called: bool
    within: str  # function at the top of the file in which it stands; "" outside all


def _rule_of(module: str | None, name: str) -> tuple[str, str] | None:
    """(rule, name in it) that ``from module import name`` brings; ("adoption", "") for the module itself."""
    if module == "bresim.rules":
        return name, ""
    if module is not None and module.startswith("bresim.rules."):
        return module.split(".")[2], name
    return None


def _bound(tree: ast.Module) -> dict[str, tuple[str, str]]:
    """Name here → (rule, name there), wherever in the file it is imported; ("", "") is the package of rules."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports say the whole name"
            for one in node.names:
                here = one.asname or one.name
                if node.module == "bresim" and one.name == "rules":
                    found[here] = ("", "")
                elif (bound := _rule_of(node.module, one.name)) is not None:
                    found[here] = bound
        elif isinstance(node, ast.Import):
            assert not any(one.name.startswith("bresim.rules") for one in node.names), "rules come by from ... import"
    return found


def _names(node: ast.expr, bound: Mapping[str, tuple[str, str]]) -> tuple[str, str] | None:
    """(rule, name) that an expression refers to."""
    if isinstance(node, ast.Name):
        return bound.get(node.id)
    if isinstance(node, ast.Attribute):
        base = _names(node.value, bound)
        if base == ("", ""):
            return node.attr, ""
        if base is not None and not base[1]:
            return base[0], node.attr
    return None


def _uses_in(tree: ast.Module, file: str) -> Iterator[Use]:
    bound = _bound(tree)
    for top in tree.body:
        within = top.name if isinstance(top, ast.FunctionDef | ast.ClassDef) else ""
        called = {id(node.func) for node in ast.walk(top) if isinstance(node, ast.Call)}
        for node in ast.walk(top):
            if isinstance(node, ast.Name | ast.Attribute):
                names = _names(node, bound)
                if names is not None and names[1]:
                    yield Use(file, *names, id(node) in called, within)


def _trees(package: Path, pattern: str = "**/*.py") -> dict[str, ast.Module]:
    return {
        path.relative_to(package).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(package.glob(pattern))
    }


def _functions(tree: ast.Module) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def _rules(package: Path) -> dict[str, dict[str, ast.FunctionDef]]:
    """Rule → its functions."""
    trees = _trees(package, "rules/*.py")
    return {Path(file).stem: _functions(tree) for file, tree in trees.items() if not file.endswith("__init__.py")}


def _entries(package: Path) -> set[tuple[str, str]]:
    return {(rule, name) for rule, functions in _rules(package).items() for name in functions if name in ENTRIES}


def _within_reach(functions: Mapping[str, ast.FunctionDef], starts: set[str]) -> set[str]:
    """Functions of one file that are called from some of them, directly or through others."""
    reached, left = set(), {name for name in starts if name in functions}
    while left:
        name = left.pop()
        reached.add(name)
        named = {node.id for node in ast.walk(functions[name]) if isinstance(node, ast.Name)}
        left |= (named & functions.keys()) - reached
    return reached


def assert_step_is_the_only_caller(package: Path) -> None:
    """No other file calls an entry of a rule, or hands one on."""
    called, named = set(), set()
    for file, tree in _trees(package).items():
        if file == "runner/step.py":
            continue
        for use in _uses_in(tree, file):
            if use.name in ENTRIES:
                (called if use.called else named).add((use.file, use.rule, use.name))
    assert called == set()
    assert named == NAMED_ELSEWHERE


def assert_step_calls_all(package: Path) -> None:
    """``step`` calls every entry, by way of the functions of its file; so do the phases, and each entry once."""
    tree = _trees(package, "runner/step.py")["runner/step.py"]
    uses = [use for use in _uses_in(tree, "runner/step.py") if use.name in ENTRIES]
    functions = _functions(tree)
    phases = next(
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "PHASES"
    )
    bound = _bound(tree)
    listed = {_names(node, bound) for node in ast.walk(phases) if isinstance(node, ast.Attribute)}
    by_step = _within_reach(functions, {"step"})
    by_phases = _within_reach(functions, {node.id for node in ast.walk(phases) if isinstance(node, ast.Name)})
    entries = _entries(package)
    assert {(use.rule, use.name) for use in uses if use.called and use.within in by_step} == entries
    assert {(use.rule, use.name) for use in uses if use.called and use.within in by_phases} | listed == entries


def assert_entries_are_alike(package: Path) -> None:
    """An entry has the parameters of its kind; nothing else public in a rule gets all of state, world, parameters."""
    for rule, functions in _rules(package).items():
        for name, node in functions.items():
            arguments = node.args
            given = [one.arg for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
            where = f"rules/{rule}.py:{node.lineno}: {name}"
            if name in ENTRIES:
                assert given == ENTRIES[name], where
                assert [*arguments.defaults, *arguments.kw_defaults, arguments.vararg, arguments.kwarg] == [
                    None,
                    None,
                ], where
            elif not name.startswith("_") and (rule, name) != START:
                assert not {"s", "w", "p"} <= set(given), f"{where} is an entry by another name"
                assert not name.startswith("update"), f"{where} is no entry by its name"


def _stores(function: ast.FunctionDef, functions: Mapping[str, ast.FunctionDef]) -> bool:
    """Whether a function of one file, or one of the file that it calls, stores in an array or a record."""
    return any(
        isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del)
        for name in _within_reach(functions, {function.name})
        for node in ast.walk(functions[name])
    )


def _given_state(function: ast.FunctionDef) -> bool:
    return "s" in [one.arg for one in function.args.args]


def _hands_on(function: ast.FunctionDef, functions: Mapping[str, ast.FunctionDef]) -> bool:
    """Whether the state may leave the file: it goes to a function of another one, or where it gets another name."""
    takers = {
        call.func.id if isinstance(call.func, ast.Name) else ""
        for call in ast.walk(function)
        if isinstance(call, ast.Call)
        for argument in (*call.args, *(keyword.value for keyword in call.keywords))
        if isinstance(argument, ast.Name) and argument.id == "s"
    }
    return any(
        name not in functions or not _given_state(functions[name]) or _hands_on(functions[name], functions)
        for name in takers
    )


def _changes_state(function: ast.FunctionDef, functions: Mapping[str, ast.FunctionDef]) -> bool:
    """Whether a function that is given the state may change it: it stores in something, or hands the state on."""
    return _given_state(function) and (_hands_on(function, functions) or _stores(function, functions))


def assert_rules_share_helpers_only(package: Path) -> None:
    """A rule takes from another only functions that change nothing of the state, by name."""
    rules = _rules(package)
    for file, tree in _trees(package, "rules/*.py").items():
        for here, (rule, name) in _bound(tree).items():
            where = f"{file}: {here} from {rule or 'rules'}"
            assert name, f"{where} is a whole module"
            assert name in rules[rule], f"{where} is no function"
            assert not name.startswith(("_", "update")), where
            assert (rule, name) != START, where
            assert not _changes_state(rules[rule][name], rules[rule]), f"{where} may change the state"


def test_step_is_the_only_caller_of_rules() -> None:
    assert_step_is_the_only_caller(PACKAGE)


def test_step_calls_every_rule() -> None:
    assert len(_entries(PACKAGE)) > 30
    assert_step_calls_all(PACKAGE)


def test_entries_have_the_same_parameters() -> None:
    assert_entries_are_alike(PACKAGE)


def test_rules_share_no_entries() -> None:
    assert_rules_share_helpers_only(PACKAGE)


# --- the checks see what they are for -----------------------------------------------------------------
RULE = "\n\ndef {name}({given}):\n    return 0.0\n"


@pytest.mark.parametrize(
    ("check", "file", "old", "new"),
    [
        (assert_step_is_the_only_caller, "runner/family.py", "from bresim.rules import institution",
         "from bresim.rules import institution, load\n\ndef more(s):\n    load.update(s, s, s, 1)\n"),
        (assert_step_is_the_only_caller, "runner/logbook.py", "FUNDED = 0.5",
         "FUNDED = 0.5\n\ndef more(s):\n    from bresim.rules.load import update as go\n    go(s, s, s, 1)\n"),
        (assert_step_is_the_only_caller, "model.py", "PHASES\n",
         "PHASES\nfrom bresim import rules\nmore = rules.load.update\n"),
        (assert_step_calls_all, "runner/step.py", "    urgency.update(s, w, p, t)\n", ""),
        (assert_step_calls_all, "runner/step.py", "    divide.update(s, w, p, t)\n", ""),
        (assert_step_calls_all, "runner/step.py", "    execute(s, w, p, t)\n", ""),
        (assert_step_calls_all, "runner/step.py", "    voting.update(s, w, p, t)\n", ""),
        (assert_step_calls_all, "runner/step.py", '    ("learning", learning),\n', ""),
        (assert_step_calls_all, "rules/reach.py", "", RULE.format(name="update", given="s, w, p, t")),
        (assert_entries_are_alike, "rules/trust.py", "def update(s, w, p, t):", "def update(s, w, p, t, more=1):"),
        (assert_entries_are_alike, "rules/trust.py", "def update(s, w, p, t):", "def update(s, w, p, quarter):"),
        (assert_entries_are_alike, "rules/trust.py", "def update_initiative(s, w, p, t, a, k):",
         "def update_initiative(s, w, p, t, k, a):"),
        (assert_entries_are_alike, "rules/reach.py", "", RULE.format(name="spread", given="s, w, p")),
        (assert_entries_are_alike, "rules/reach.py", "", RULE.format(name="update_pair", given="s, i, j")),
        (assert_rules_share_helpers_only, "rules/local.py", "from bresim.rules.value import closed",
         "from bresim.rules.value import closed, update_initiative"),
        (assert_rules_share_helpers_only, "rules/local.py", "from bresim.rules.value import closed",
         "from bresim.rules import value\nfrom bresim.rules.value import closed"),
        (assert_rules_share_helpers_only, "rules/funding.py", "def outside_money(s, w, a, k):\n",
         "def outside_money(s, w, a, k):\n    s.rest[a, k] = 1.0\n"),
        (assert_rules_share_helpers_only, "rules/funding.py", "def outside_money(s, w, a, k):\n",
         "def outside_money(s, w, a, k):\n    spend(s)\n"),
        (assert_rules_share_helpers_only, "rules/funding.py", "def outside_money(s, w, a, k):\n",
         "def keep(s):\n    spend(s)\n\ndef outside_money(s, w, a, k):\n    keep(s)\n"),
        (assert_rules_share_helpers_only, "rules/funding.py", "def outside_money(s, w, a, k):\n",
         "def keep(state):\n    spend(state)\n\ndef outside_money(s, w, a, k):\n    keep(s)\n"),
        (assert_rules_share_helpers_only, "rules/funding.py", "def outside_money(s, w, a, k):\n",
         "def spend(rest):\n    rest[0] = 1.0\n\ndef outside_money(s, w, a, k):\n    spend(s.rest)\n"),
    ],
)  # fmt: skip
def test_a_planted_mistake_is_seen(tmp_path: Path, check: object, file: str, old: str, new: str) -> None:
    assert callable(check)
    for path in PACKAGE.glob("**/*.py"):
        copy = tmp_path / path.relative_to(PACKAGE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    check(tmp_path)
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new, 1) if old else text + new, encoding="utf-8")
    with pytest.raises(AssertionError):
        check(tmp_path)
