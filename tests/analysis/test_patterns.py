"""What ``bresim patterns`` refuses before it runs anything, and what the model must show."""

from __future__ import annotations

import pandas as pd
import pytest

import bresim
from bresim import jobs
from bresim.analysis.horizon import check_horizon
from bresim.analysis.patterns import PATTERNS
from bresim.analysis.search import FINDINGS
from bresim.common.errors import InputError
from bresim.config.schema import PatternsConfig
from bresim.plausible import TABLE

#: Parameter sets on which the patterns are checked here, of the shipped ones.
SETS = 60


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


@pytest.fixture(scope="module")
def seen() -> pd.DataFrame:
    """Every pattern over a part of the shipped sets, with other random draws than those of the shipped table."""
    config = bresim.load("patterns", [f"replicates={5 * SETS}", "seed=2"])
    assert isinstance(config, PatternsConfig)
    return jobs.patterns(config).patterns.set_index("pattern")


@pytest.mark.pattern
@pytest.mark.slow
@pytest.mark.parametrize("short", [pattern.id for pattern in PATTERNS if pattern.id not in FINDINGS])
def test_the_model_shows_what_the_report_says(short: str, seen: pd.DataFrame) -> None:
    """Clearly, where the shipped table says it so clearly that fewer sets must show it too; else not the contrary."""
    shipped, row = pd.read_csv(TABLE.with_name("patterns.csv")).set_index("pattern").loc[short], seen.loc[short]
    margin = 2.0 * (shipped["mean"] - shipped["low"]) * (300 / SETS) ** 0.5
    clear = shipped["mean"] - margin >= shipped["threshold"]
    assert (row["low"] if clear else row["high"]) >= row["threshold"], row.to_dict()


@pytest.mark.pattern
@pytest.mark.slow
def test_most_patterns_are_clear(seen: pd.DataFrame) -> None:
    assert (seen["low"] >= seen["threshold"]).mean() >= 0.75
