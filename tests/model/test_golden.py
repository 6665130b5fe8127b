"""The model's numbers do not change unnoticed."""

from __future__ import annotations

import pandas as pd

from tests.model.golden import TABLE, runs


def test_the_numbers_are_those_written_down() -> None:
    """To ten digits: the last ones may differ between machines. A change is marked in the changelog."""
    pd.testing.assert_frame_equal(runs(), pd.read_csv(TABLE), check_dtype=False, rtol=1e-10, atol=1e-12)
