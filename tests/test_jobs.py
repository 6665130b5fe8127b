"""The jobs behind the commands: which replicates they run."""

from __future__ import annotations

import pytest

from bresim.jobs import spread_over


@pytest.mark.parametrize(
    ("replicates", "wanted", "found"),
    [
        (500, 100, list(range(0, 500, 5))),  # one of every parameter set
        (20, 10, list(range(0, 20, 2))),
        (10, 4, [0, 2, 5, 7]),
        (3, 3, [0, 1, 2]),
        (2, 4, [0, 1, 2, 3]),
        (7, 0, []),
    ],
)
def test_some_replicates_are_spread_over_all(replicates: int, wanted: int, found: list[int]) -> None:
    assert spread_over(replicates, wanted) == found
