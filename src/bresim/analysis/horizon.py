"""Whether a run holds the quarters that the patterns are about."""

from __future__ import annotations

from bresim.analysis.levels import DESCRIBED
from bresim.analysis.mechanisms import SHOCKS
from bresim.common.errors import InputError, Problem
from bresim.config.schema import PatternsConfig

#: The quarters that the patterns are about, in order.
DATES = (*(date for _, date in SHOCKS), DESCRIBED)


def check_horizon(config: PatternsConfig) -> None:
    """Raise InputError if one of the quarters lies outside the run."""
    missing = [date for date in DATES if date not in config.time.dates]
    if missing:
        what = f"{config.time.start} to {config.time.end} does not hold {', '.join(missing)}, which patterns are about"
        remedy = f"let time.start be {DATES[0]} or earlier, time.end {DATES[-1]} or later"
        raise InputError(Problem("time", what, remedy))
