"""Quarters of the calendar: ``2024-Q1``."""

from __future__ import annotations

import re

from bresim.common.errors import said

_QUARTER = re.compile(r"(\d{4})-Q([1-4])")


def quarter_number(date: str) -> int:
    """``2019-Q1`` → quarters since year 0, so that differences are numbers of quarters."""
    match = _QUARTER.fullmatch(date)
    if match is None:
        raise ValueError(said("'{date}' is not a quarter; write it as 2024-Q1", date=date))
    return 4 * int(match[1]) + int(match[2]) - 1


def quarter_date(number: int) -> str:
    """The inverse of :func:`quarter_number`."""
    return f"{number // 4}-Q{number % 4 + 1}"
