from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def made() -> object:
    """A synthetic result of all designs, 40 replicates."""
    import synthetic_result

    return synthetic_result.result()
