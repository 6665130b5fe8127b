"""Arithmetic of our own, beside the library's."""

from __future__ import annotations

import ast
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bresim.kernel import arithmetic
from tests.rules.plain import plain, shares

clip, around_half = plain(arithmetic.clip), plain(arithmetic.around_half)
exp, log = plain(arithmetic.exp), plain(arithmetic.log)


@given(st.floats(-700.0, 700.0))
def test_the_exponential_function(x: float) -> None:
    """Against the library's, which is right to about half a unit in the last place."""
    assert exp(x) == pytest.approx(math.exp(x), rel=2.0 * np.finfo(float).eps, abs=0.0)
    assert arithmetic.exp(x) == exp(x), "compiled and plain give the same bits"
    assert exp(-1e300) == exp(-700.0) < 1e-300
    assert exp(1e300) == exp(700.0) < np.inf


@given(st.floats(allow_nan=False), shares)
def test_clip_and_centre(x: float, share: float) -> None:
    assert 0.0 <= clip(x) <= 1.0
    assert clip(share) == share
    assert -1.0 <= around_half(share) <= 1.0
    assert (around_half(0.0), around_half(0.5), around_half(0.75), around_half(1.0)) == (-1.0, 0.0, 0.5, 1.0)


@given(st.floats(2.3e-308, 1e308) | st.floats(0.5, 2.0) | st.floats(1.0 - 1e-9, 1.0 + 1e-9))
def test_the_logarithm(x: float) -> None:
    """Against the library's, which is right to about half a unit in the last place."""
    assert log(x) == pytest.approx(math.log(x), rel=2.0 * np.finfo(float).eps, abs=0.0)
    assert arithmetic.log(x) == log(x), "compiled and plain give the same bits"


def test_the_bits_of_exponential_and_logarithm() -> None:
    """Written down: on any machine, with any library, these very bits."""
    found = [float(function(x)).hex() for function in (log, exp) for x in (0.1, 0.75, 1.18, 2.0, 12.1)]
    assert found == [
        "-0x1.26bb1bbb55515p+1",
        "-0x1.269621134db92p-2",
        "0x1.52f93be237422p-3",
        "0x1.62e42fefa39efp-1",
        "0x1.3f215b3491982p+1",
        "0x1.1aec7b35a00d4p+0",
        "0x1.0ef9db467dcf7p+1",
        "0x1.a08f55792db8ep+1",
        "0x1.d8e64b8d4ddaep+2",
        "0x1.5f4fee5e54b6cp+17",
    ]


def test_no_result_rests_on_the_mathematics_library_of_the_system() -> None:
    """Only square root and floor, which every machine rounds alike, and NaN are taken from it where a run is made."""
    package = Path(arithmetic.__file__).parents[1]
    files = [path for folder in ("kernel", "rules", "runner") for path in (package / folder).glob("*.py")]
    files += [package / f"{name}.py" for name in ("world", "priors", "scenario", "parameters")]
    used = set()
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in {"math", "np"}:
                used.add(f"{node.value.id}.{node.attr}")
            assert not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and "priors" in path.name)
    assert {name for name in used if name.startswith("math.")} == {"math.floor", "math.isnan", "math.nan", "math.sqrt"}
    unsafe = ["exp", "log", "log2", "log10", "log1p", "expm1", "power", "sin", "cos", "tan", "tanh", "sum", "mean"]
    assert not {f"np.{name}" for name in unsafe} & used
