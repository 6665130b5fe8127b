from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bresim.kernel.state import LOCAL
from bresim.rules import local
from tests.rules.plain import changes, interpreted, scratch


def _work(used: list[float], rate: float = 0.2, changed: bool = True) -> SimpleNamespace:
    """Two themes, three municipalities; half of the local value of the first theme is there."""
    direct = np.full((2, 3, 3), 0.3)
    direct[:, LOCAL] = [[0.5] * 3, [0.0] * 3]
    s = SimpleNamespace(
        slack=np.array([5.0, 10.0, 4.0]), used=np.array(used), capacity=np.array([10.0, 10.0, 8.0]), direct=direct,
        **scratch(3),
    )  # fmt: skip
    with interpreted(local), changes(s, *["direct"] * changed):
        local.update(s, SimpleNamespace(severity=np.zeros((2, 3))), SimpleNamespace(local_rate=rate), 7)
    return s


def test_slack_that_is_left_works_at_home_by_hand() -> None:
    """0 has half of its capacity left, 1 a quarter; 2 used more than its slack, as a lead may."""
    s = _work([0.0, 7.5, 4.5])
    assert s.direct[:, LOCAL] == pytest.approx(np.array([[0.55, 0.525, 0.5], [0.1, 0.05, 0.0]]))
    assert (s.direct[:, :LOCAL] == 0.3).all(), "only at the local scale"


def test_without_slack_left_nothing_changes() -> None:
    _work([5.0, 10.0, 4.0], changed=False)


@given(st.floats(0.01, 0.5), st.floats(0.0, 0.7), st.floats(0.0, 0.7))
def test_more_work_elsewhere_leaves_less_at_home(rate: float, low: float, high: float) -> None:
    low, high = 5.0 * min(low, high), 5.0 * max(low, high)
    less, more = _work([high] * 3, rate), _work([low] * 3, rate)
    assert (less.direct <= more.direct + 1e-12).all()
    assert (more.direct <= 1.0).all()
