"""The cache of compiled code depends on all that is compiled, and on nothing else (``jit.compiled_sources``)."""

from __future__ import annotations

import ast
import dis
import importlib
import os
import shutil
import subprocess
import sys
import types
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numba.core.dispatcher import Dispatcher

import bresim
from bresim import kernel, rules, runner
from bresim.kernel import jit, state

PACKAGE = Path(bresim.__file__).parent


def modules() -> list[types.ModuleType]:
    """Every module of kernel, rules and runner."""
    return [
        importlib.import_module(f"{package.__name__}.{path.stem}")
        for package in (kernel, rules, runner)
        for path in sorted(Path(package.__path__[0]).glob("[a-z]*.py"))
    ]


def plain(value: object) -> types.FunctionType | None:
    """The Python function behind a compiled one, None if it is none. With compilation off nothing is."""
    function = value.py_func if isinstance(value, Dispatcher) else None
    return function if isinstance(function, types.FunctionType) else None


def compiled(found: Iterable[types.ModuleType]) -> set[types.FunctionType]:
    """Compiled functions that can be reached: those of the modules, and all that these name, wherever it comes from."""
    left: list[types.FunctionType] = [
        function for module in found for value in vars(module).values() if (function := plain(value)) is not None
    ]
    reached = set()
    while left:
        function = left.pop()
        if function not in reached:
            reached.add(function)
            left += [one for _, value in named(function) if (one := plain(value)) is not None]
    return reached


def codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for one in code.co_consts:
        if isinstance(one, types.CodeType):
            yield from codes(one)


def named(function: types.FunctionType) -> Iterator[tuple[tuple[str, str], Any]]:
    """((module, name), value) of all that a function reads from outside: its globals, those of modules, its cells."""
    for code in codes(function.__code__):
        module: types.ModuleType | None = None
        for step in dis.get_instructions(code):
            value: Any = None
            if step.opname == "LOAD_GLOBAL" and step.argval in function.__globals__:
                value = function.__globals__[step.argval]
                yield (function.__module__, step.argval), value
            elif module is not None and step.opname in ("LOAD_ATTR", "LOAD_METHOD") and hasattr(module, step.argval):
                value = getattr(module, step.argval)
                yield (module.__name__, step.argval), value
            module = value if isinstance(value, types.ModuleType) else None
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        yield (function.__module__, name), cell.cell_contents


def is_constant(value: object) -> bool:
    """A number or text, or several: what the compiler takes over as it is."""
    if isinstance(value, tuple | list):
        return all(is_constant(one) for one in value)
    return isinstance(value, bool | int | float | complex | str | np.generic | np.ndarray)


def defined_in(module: str, name: str) -> Path | None:
    """File in which a name of a module gets its value: the module or where that imports it from; None if not ours."""
    if module.partition(".")[0] != "bresim":
        return None
    path = Path(str(sys.modules[module].__file__))
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            for one in node.names:
                if (one.asname or one.name) == name:
                    importlib.import_module(node.module)
                    return defined_in(node.module, one.name)
    return path


def missing(found: Iterable[types.ModuleType], sources: set[Path]) -> set[str]:
    """Files outside ``sources`` that compiled code comes from, with what comes from them."""
    left_out = set()
    for function in compiled(found):
        path = Path(function.__code__.co_filename).resolve()
        if path.is_relative_to(PACKAGE) and path not in sources:
            left_out.add(f"{path.relative_to(PACKAGE)}: {function.__name__}")
        for (module, name), value in named(function):
            home = defined_in(module, name) if is_constant(value) else None
            if home is not None and home.resolve() not in sources:
                left_out.add(f"{home.relative_to(PACKAGE)}: {name} of {function.__module__}.{function.__name__}")
    return left_out


pytestmark = pytest.mark.skipif(bool(jit.numba_config.DISABLE_JIT), reason="nothing is compiled")


def test_every_compiled_function_and_constant_is_in_a_source_of_the_cache() -> None:
    found = compiled(modules())
    assert len(found) > 150
    assert missing(modules(), {path.resolve() for path in jit.compiled_sources()}) == set()


def test_every_source_of_the_cache_is_compiled_or_says_how() -> None:
    """A file that compiled code does not need would make every change of it a new compilation."""
    needed = {Path(function.__code__.co_filename).resolve() for function in compiled(modules())}
    for function in compiled(modules()):
        for (module, name), value in named(function):
            home = defined_in(module, name) if is_constant(value) else None
            needed |= {home.resolve()} if home is not None else set()
    # the layout of arrays and boxes, and the compiler itself
    needed |= {
        Path(str(module.__file__)).resolve()
        for module in (jit, state, importlib.import_module("bresim.kernel.structs"))
    }
    unneeded = {path.name for path in jit.compiled_sources() if path.resolve() not in needed}
    assert unneeded == {"__init__.py"}


@pytest.mark.parametrize("name", ["runner/step.py", "kernel/state.py", "kernel/arithmetic.py", "rules/trust.py"])
def test_a_source_that_is_left_out_is_noticed(name: str) -> None:
    """``kernel.state`` compiles nothing: it is there for the constants that are compiled in."""
    sources = {path.resolve() for path in jit.compiled_sources()} - {(PACKAGE / name).resolve()}
    assert any(one.startswith(f"{name}: ") for one in missing(modules(), sources))


def test_a_constant_from_elsewhere_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bresim_planted.py").write_text(
        "from bresim import parameters\n"
        "from bresim.conventions import CONFIDENCE as LEVEL\n"
        "from bresim.kernel.jit import njit\n\n"
        "@njit\ndef doubled(x):\n    return 2.0 * x * LEVEL + len(parameters._JUDGEMENT)\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    planted = importlib.import_module("bresim_planted")
    planted.doubled.py_func.__module__ = planted.__name__ = "bresim.planted"
    monkeypatch.setitem(sys.modules, "bresim.planted", planted)
    sources = {path.resolve() for path in jit.compiled_sources()}
    told = missing([planted], sources)
    assert {one.partition(" of ")[0] for one in told} == {"conventions.py: LEVEL", "parameters.py: _JUDGEMENT"}


def test_code_is_what_is_left_without_remarks(tmp_path: Path) -> None:
    path = tmp_path / "rule.py"
    path.write_text(
        '"""A rule.\n\nOf two lines.\n"""\n\nimport math  # why\n\n\ndef f(x):\n    """One."""\n    # not this\n'
        '    return "#1", x\n\n\nclass A:\n    """Two\n    lines."""\n\n    name = """not a\n    docstring"""\n'
    )
    assert jit.code_of(path) == (
        'import math\ndef f(x):\n    return "#1", x\nclass A:\n    name = """not a\n    docstring"""'
    )


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package's code."""
    copy = tmp_path_factory.mktemp("copy") / "bresim"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def hash_of(package: Path, cache: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", "from bresim.kernel import jit; print(jit.source_hash(), jit.__file__)"],
        env={**os.environ, "PYTHONPATH": str(package.parent), "BRESIM_CACHE": str(cache)},
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    digest, file = done.stdout.split()
    assert Path(file).is_relative_to(package)
    return digest


def test_the_cache_is_another_when_what_is_compiled_changes_and_only_then(package: Path, tmp_path: Path) -> None:
    before = hash_of(package, tmp_path)
    assert before == jit.source_hash()
    for name, old, new, same in (
        ("common/text.py", "import", "import re\nimport", True),
        ("jobs.py", "import", "import re\nimport", True),
        ("rules/trust.py", "    return visibility + ", "    return 2.0 * visibility + ", False),
        ("runner/step.py", "    trust.update(s, w, p, t)\n", "", False),
        # neither a comment nor a sentence about a rule is compiled
        ("rules/trust.py", "    return visibility + ", "    # how far\n\n    return visibility + ", True),
        ("rules/trust.py", " * monitoring\n", " * monitoring  # how far\n", True),
        ("rules/trust.py", "Trust has two layers.", "Trust has layers.", True),
        ("rules/trust.py", '"""Share of deliveries and defaults', '"""How many of the deliveries', True),
    ):  # fmt: skip
        path = package / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        assert (hash_of(package, tmp_path) == before) is same, (name, new)
        path.write_text(text, encoding="utf-8")
    assert hash_of(package, tmp_path) == before
