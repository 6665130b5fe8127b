"""Every rule says what it is, and has its own test."""

from __future__ import annotations

from pathlib import Path

import pytest

from bresim import rules

FILES = sorted(path for path in Path(rules.__path__[0]).glob("*.py") if path.stem != "__init__")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_rule_has_an_equation_a_source_and_a_test(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith('"""Rule: ')
    assert sum(line.startswith("Equation: ") for line in lines) == 1
    assert sum(line.startswith("Source: ") for line in lines) == 1
    assert (Path(__file__).parent / f"test_{path.stem}.py").is_file()
