from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bresim.rules.reach import reach
from tests.rules.plain import plain, shares


def test_the_furthest_going_institution_of_ones_own_counts() -> None:
    felt = np.zeros(3)
    plain(reach)(felt, np.array([True, True, True]), 0.2)
    plain(reach)(felt, np.array([False, True, False]), 0.6)
    plain(reach)(felt, np.array([False, False, True]), 0.1)
    assert felt == pytest.approx([0.2, 0.6, 0.2])


@given(st.lists(st.tuples(st.booleans(), shares), min_size=1, max_size=5))
def test_the_order_of_institutions_does_not_matter(institutions: list[tuple[bool, float]]) -> None:
    one, other = np.zeros(1), np.zeros(1)
    for inside, strength in institutions:
        plain(reach)(one, np.array([inside]), strength)
    for inside, strength in reversed(institutions):
        plain(reach)(other, np.array([inside]), strength)
    assert one[0] == other[0] == max([strength for inside, strength in institutions if inside], default=0.0)
