from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "fixtures"))


@pytest.fixture(scope="session")
def made() -> object:
    """A synthetic result of all designs, 40 replicates."""
    import synthetic_result

    return synthetic_result.result()
