from __future__ import annotations

from contextlib import nullcontext
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given

from bresim.kernel.draws import make_key
from bresim.kernel.state import LOCAL, REGIONAL
from bresim.rules import mandatory
from tests.rules.plain import changes, drawn, interpreted, scratch, shares


def _work(draw: list[float], t: int = 3, slack: float = 0.5) -> SimpleNamespace:
    """Two themes, three municipalities; the policy starts in quarter 3; a chance of 1 / (1 + 1 / 3) = 0.75 each."""
    direct = np.zeros((2, 3, 3))
    direct[0, REGIONAL] = 0.5
    s = SimpleNamespace(
        key=make_key(1, 0), drawn=drawn(t), draws_mandatory=np.array(draw), region=SimpleNamespace(solution=1),
        slack=np.array([10.0, 20.0, 30.0]) * slack, capacity=np.array([10.0, 20.0, 30.0]), direct=direct,
        counts=SimpleNamespace(mandatory_due=6, mandatory_done=4), **scratch(3),
    )  # fmt: skip
    w = SimpleNamespace(
        severity=np.zeros((2, 3)), policy_start=3,
        mandatory=np.array([np.full((2, 3), 9.0), [[1.0, 1.0, 0.5], [0.0, 1.0, 0.5]]]),
    )  # fmt: skip
    p = SimpleNamespace(mandatory_delivery_base=np.log(3.0) - 1.0, mandatory_slack=2.0, mandatory_rate=0.1)
    kept = min(draw) < 0.5  # for sure, as without slack the chance is 0.53
    fields = ["direct"] * kept + ["counts.mandatory_due"] * (t >= 3) + ["counts.mandatory_done"] * (kept and t >= 3)
    with interpreted(mandatory), changes(s, *fields) if kept else nullcontext():
        mandatory.update(s, w, p, t)
    return s


def test_by_hand() -> None:
    """0 and 2 deliver; a tenth of what remains, for as far as they take part in the collaborations of the theme."""
    s = _work([0.74, 0.76, 0.0])
    assert s.direct[:, REGIONAL] == pytest.approx(np.array([[0.55, 0.5, 0.525], [0.0, 0.0, 0.05]]))
    assert not s.direct[:, REGIONAL + 1 :].any()
    assert vars(s.counts) == {"mandatory_due": 9, "mandatory_done": 6}


def test_before_policy_start_work_is_done_and_not_counted() -> None:
    s = _work([0.0] * 3, t=2)
    assert vars(s.counts) == {"mandatory_due": 6, "mandatory_done": 4}
    assert s.direct[0, REGIONAL] == pytest.approx([0.55, 0.55, 0.525])


@given(shares, shares, shares)
def test_slack_helps_and_value_stays_a_share(draw: float, low: float, high: float) -> None:
    low, high = min(low, high), max(low, high)
    less, more = _work([draw] * 3, slack=low), _work([draw] * 3, slack=high)
    assert (less.direct <= more.direct).all()
    assert less.counts.mandatory_done <= more.counts.mandatory_done <= more.counts.mandatory_due
    assert more.direct.max() <= 1.0
    assert not more.direct[:, LOCAL].any()
