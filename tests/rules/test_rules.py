"""Every rule has its own test; that it describes itself is tested in ``tests/rulebook``."""

from __future__ import annotations

from pathlib import Path

import pytest

from bresim import rules

FILES = sorted(path for path in Path(rules.__path__[0]).glob("*.py") if path.stem != "__init__")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_rule_has_a_test(path: Path) -> None:
    assert (Path(__file__).parent / f"test_{path.stem}.py").is_file()
