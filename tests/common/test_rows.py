"""The different rows of a table are those that NumPy finds."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from bresim.common.rows import distinct_rows


@given(hnp.arrays(np.int64, st.tuples(st.integers(0, 40), st.integers(1, 4)), elements=st.integers(-2, 2)))
def test_as_numpy_has_it(table: np.ndarray) -> None:
    rows, number = distinct_rows(*table.T)
    wanted, inverse = np.unique(table, axis=0, return_inverse=True)
    assert rows.tolist() == wanted.tolist()
    assert number.tolist() == inverse.reshape(-1).tolist()


def test_numbers_with_a_fraction() -> None:
    rows, number = distinct_rows(np.array([0.5, 0.25, 0.5]), np.array([1.0, 2.0, 1.0]))
    assert rows.tolist() == [[0.25, 2.0], [0.5, 1.0]]
    assert number.tolist() == [1, 0, 1]
