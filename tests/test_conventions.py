"""Names and levels that many modules share are written once, in ``bresim.conventions``."""

from __future__ import annotations

import ast
import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import bresim
from bresim import conventions
from bresim.columns.outcomes import STATE_OUTCOMES
from bresim.config.schema import Undercurrent
from bresim.governance import shipped_designs
from bresim.kernel.state import REGION_DTYPE
from bresim.region import load_region
from bresim.rules.initial import reset
from bresim.runner.ensemble import RUN_DTYPE

PACKAGE = Path(bresim.__file__).parent
SHARED = {name: value for name, value in vars(conventions).items() if name.isupper()}
#: Not 0.05 of ``SPREAD``, which is also a usual level of significance.
TOGETHER = [value for value in SHARED.values() if isinstance(value, tuple)]
ALONE = [value for value in SHARED.values() if not isinstance(value, tuple)]


def literal(node: ast.expr | None) -> object:
    """What is written out, None if that is no constant."""
    try:
        value = ast.literal_eval(node) if node is not None else None
    except ValueError:
        return None
    return tuple(value) if isinstance(value, list) else value


def holds(written: tuple[object, ...], values: tuple[object, ...]) -> bool:
    """Whether values stand one after the other in what is written."""
    return any(written[at : at + len(values)] == values for at in range(len(written)))


def again(text: str) -> Iterator[str]:
    """Where a file writes out what is shared: as a name of its own, a default, an option, or what it compares with.

    To name a design or an outcome where just that one is meant is something else: ``load_design("status_quo")``.
    """
    for node in ast.walk(ast.parse(text)):
        values: list[ast.expr | None] = []
        names: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            values, names = [node.value], node.targets if literal(node.value) is not None else []
        elif isinstance(node, ast.AnnAssign):
            values, names = [node.value], [node.target] if literal(node.value) is not None else []
        elif isinstance(node, ast.arguments):
            values = [*node.defaults, *node.kw_defaults]
        elif isinstance(node, ast.keyword):
            values = [node.value]
        elif isinstance(node, ast.Compare):
            values = [node.left, *node.comparators]
        elif isinstance(node, ast.IfExp):
            values = [node.body, node.orelse]
        elif isinstance(node, ast.BoolOp):
            values = list(node.values)
        line = getattr(node, "lineno", None) or next((one.lineno for one in values if one is not None), 0)
        yield from (f"line {line}: {value!r}" for value in map(literal, values) if value in ALONE)
        yield from (f"line {line}: {one.id}" for one in names if isinstance(one, ast.Name) and one.id in SHARED)
        written = literal(node) if isinstance(node, ast.Tuple | ast.List) else None
        if isinstance(written, tuple) and any(holds(written, values) for values in TOGETHER):
            yield f"line {node.lineno}: {written}"


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("**/*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_what_is_shared_is_written_once(path: Path) -> None:
    found = list(again(path.read_text(encoding="utf-8")))
    if path.name == "conventions.py":
        assert len(found) > len(SHARED)  # the check sees them
    else:
        assert found == []


@pytest.mark.parametrize(
    "line",
    ["LEVEL = 0.95", "CONFIDENCE: float = 0.9", 'parts = ["parochialism", "cleavage", "negativity"]',
     'shares = ("parochialism", "cleavage", "negativity", "kappa")',
     "np.quantile(x, (0.05, 0.95))", "def f(x, level=0.95): pass", "def f(*, level=0.95): pass",
     'f(outcome="public_value_direct")', 'x = "status_quo" if y else z', 'x = y or "status_quo"',
     'if design == "status_quo": pass'],
)  # fmt: skip
def test_a_second_place_is_seen(line: str) -> None:
    assert list(again(line))


@pytest.mark.parametrize(
    "line",
    ['load_design("status_quo")', "SIGNIFICANT = 0.05", 'REFERENCE = Column("reference")', 'row("x", 0.7, 0.4, 0.95)'],
)
def test_what_is_meant_by_itself_is_left_alone(line: str) -> None:
    assert list(again(line)) == []


def test_what_they_name_exists() -> None:
    assert conventions.REFERENCE in shipped_designs()
    assert conventions.HEADLINE in {outcome.name for outcome in STATE_OUTCOMES}
    low, high = conventions.SPREAD
    assert low + high == pytest.approx(1.0)


def test_the_parts_of_the_undercurrent_come_in_one_order() -> None:
    """Configuration, jobs, and the start of a run, which takes them by place."""
    parts = list(conventions.UNDERCURRENT_PARTS)
    assert list(Undercurrent.model_fields) == parts
    assert [name for name in RUN_DTYPE.names or () if name in parts] == parts
    assert set(parts) <= set(REGION_DTYPE.names or ())
    assert list(inspect.signature(getattr(reset, "py_func", reset)).parameters)[-len(parts) :] == parts


def test_the_page_has_the_same_names_and_levels_and_writes_them_once() -> None:
    sources = PACKAGE.parents[1] / "page" / "src"
    shared = sources / "engine" / "conventions.ts"
    found = re.findall(r"^export const (\w+) = (.+?)(?: as const)?;$", shared.read_text("utf-8"), re.MULTILINE)
    written = {name: json.loads(value) for name, value in found if not value.startswith("(")}
    assert written.pop("USUAL") == load_region("zuid_limburg").size
    assert written == {
        "NOW": conventions.REFERENCE,
        "VALUE": conventions.HEADLINE,
        "CONFIDENCE": conventions.CONFIDENCE,
        "SPREAD": list(conventions.SPREAD),
        "KNOBS": list(conventions.UNDERCURRENT_PARTS),
    }
    names = re.compile("|".join(f'"{name}"' for name in (conventions.REFERENCE, conventions.HEADLINE)))
    others = [path for path in sources.rglob("*.ts") if path != shared]
    assert [path.name for path in others if names.search(path.read_text("utf-8"))] == []
