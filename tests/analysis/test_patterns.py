"""What ``bresim patterns`` refuses before it runs anything."""

from __future__ import annotations

import pytest

import bresim
from bresim.analysis.horizon import check_horizon
from bresim.errors import InputError


@pytest.mark.parametrize(
    ("overrides", "missing"),
    [
        (["time.policy_start=2021-Q1", "time.end=2022-Q4"], "2023-Q1"),
        (["time.start=2020-Q3"], "2020-Q2"),
    ],
)
def test_the_horizon_holds_what_the_patterns_are_about(overrides: list[str], missing: str) -> None:
    config = bresim.load("patterns", ["replicates=5", *overrides])
    with pytest.raises(InputError, match=f"does not hold {missing}.*2020-Q2 or earlier.*2023-Q1 or later"):
        check_horizon(config)
