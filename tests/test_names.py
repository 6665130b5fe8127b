"""Names that made readers stumble, and have a better one, do not come back."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import bresim

PACKAGE = Path(bresim.__file__).parent
#: Old name → what such a thing is called now.
RETIRED = {
    "ALIKE": "MAX_PER_KIND",
    "DROUGHT": "QUARTERS_WITHOUT_AGREEMENT",
    "JOB_DTYPE": "RUN_DTYPE",
    "LEAST": "MIN_ and of what",
    "MOST": "MAX_ and of what",
    "SELDOM": "GC_THRESHOLDS",
    "USUAL": "DEFAULT and of what",
    "_alike": "same_ and what",
    "_put_on": "load_member",
    "_stand": "base_inclination",
    "by_trusted": "transpose_trust",
    "field_path": "section.field",
    "going_on": "with_resume_hint",
    "harvest": "completions",
    "kin": "shares_draws_with",
    "scalars": "region",
    "way_on": "resume_hint",
    "work_off": "run_missing",
}


def names(text: str) -> Iterator[tuple[int, str]]:
    """(line, name) of all that a file names: variables, attributes, arguments, functions, classes, imports."""
    for node in ast.walk(ast.parse(text)):
        for field in ("id", "attr", "arg", "name", "asname"):
            name = getattr(node, field, None)
            if isinstance(name, str):
                yield getattr(node, "lineno", 0), name.rpartition(".")[2]


def retired(text: str) -> list[str]:
    return [f"line {line}: {name}, now {RETIRED[name]}" for line, name in names(text) if name in RETIRED]


def test_no_retired_name_comes_back() -> None:
    files = sorted(PACKAGE.glob("**/*.py"))
    assert len(files) > 200
    found = {str(path.relative_to(PACKAGE)): retired(path.read_text(encoding="utf-8")) for path in files}
    assert {path: told for path, told in found.items() if told} == {}


@pytest.mark.parametrize(
    "line",
    ["MOST = 8", "x = own.MOST", "s.scalars[0] = 1.0", "def _alike(): pass", "f(kin=True)", "from a import b as USUAL"],
)
def test_a_retired_name_is_seen(line: str) -> None:
    assert len(retired(line)) == 1


@pytest.mark.parametrize("line", ["MOST_JOBS = 8", "# MOST", "x = 'USUAL'", "alike = 1"])
def test_another_name_is_left_alone(line: str) -> None:
    assert retired(line) == []
