"""Quarters and the horizon."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bresim.config import Time, quarter_date, quarter_number


@given(st.integers(4 * 1000, 4 * 9999))
def test_a_quarter_and_its_number(number: int) -> None:
    assert quarter_number(quarter_date(number)) == number


@pytest.mark.parametrize("text", ["2024", "2024-Q0", "2024-Q5", "24-Q1", "2024-q1", " 2024-Q1", "2024-Q1 ", ""])
def test_what_is_not_a_quarter(text: str) -> None:
    with pytest.raises(ValueError, match="write it as 2024-Q1"):
        quarter_number(text)


def test_a_horizon() -> None:
    time = Time(start="2019-Q3", policy_start="2020-Q1", end="2020-Q2")
    assert time.dates == ("2019-Q3", "2019-Q4", "2020-Q1", "2020-Q2")
    assert (time.quarters, time.policy_quarter) == (4, 2)


def test_a_horizon_in_the_wrong_order() -> None:
    with pytest.raises(ValidationError, match="must lie after"):
        Time(start="2020-Q1", policy_start="2020-Q1", end="2020-Q1")
