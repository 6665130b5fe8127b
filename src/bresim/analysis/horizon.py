"""Whether a run holds the quarters that the patterns are about."""

from __future__ import annotations

from bresim.analysis.levels import DESCRIBED
from bresim.analysis.mechanisms import SHOCKS
from bresim.common.errors import InputError, Problem, said
from bresim.config.schema import PatternsConfig

#: The quarters that the patterns are about, in order.
DATES = (*(date for _, date in SHOCKS), DESCRIBED)


def check_horizon(config: PatternsConfig) -> None:
    """Raise InputError if one of the quarters lies outside the run."""
    missing = [date for date in DATES if date not in config.time.dates]
    if missing:
        what = said(
            "{start} to {end} does not hold {names}, which patterns are about",
            start=config.time.start,
            end=config.time.end,
            names=", ".join(missing),
        )
        remedy = said("let time.start be {first} or earlier, time.end {last} or later", first=DATES[0], last=DATES[-1])
        raise InputError(Problem("time", what, remedy))
