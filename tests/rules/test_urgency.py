from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given

from bresim.rules import urgency
from tests.rules.plain import changes, interpreted, plain, scratch, shares

felt, influenced = plain(urgency.felt_severity), plain(urgency.influenced)


def test_by_hand() -> None:
    assert felt(0.6, 1.0, 0.0, 0.5, 0.0) == pytest.approx(0.6)
    assert felt(0.6, 1.0, 0.0, 0.5, 0.4) == pytest.approx(0.48)  # a fifth of the need is met
    assert felt(0.6, 1.0, 0.5, 0.5, 0.0) == pytest.approx(0.8)  # half of what was missing to 1
    assert felt(0.6, 2.0, 0.0, 0.5, 0.0) == 1.0
    # (3/4 own 0.8 + 1/4 others 0.4) = 0.7; a third of the way from 0.4
    assert influenced(0.4, 0.8, 0.25, 0.4, 1.0 / 3.0) == pytest.approx(0.5)


def test_the_trusted_others_weigh_by_trust() -> None:
    trust = np.array([[0.0, 0.5, 0.25], [0.1, 0.0, 0.2], [0.0, 0.0, 0.0]])
    received = np.ascontiguousarray(trust.T)
    inverse, others = np.full(3, np.nan), np.full(3, np.nan)
    urgency.inverse_sums(received, inverse)
    assert inverse == pytest.approx([4 / 3, 10 / 3, 0.0])
    urgency.urgency_of_others(received, inverse, np.array([0.3, 0.6, 0.9]), others)
    # 2/3 of 0.6 and 1/3 of 0.9; 1/3 of 0.3 and 2/3 of 0.9; a municipality that trusts no other looks at itself
    assert others == pytest.approx([0.7, 0.7, 0.9])


@given(shares, shares, shares, shares)
def test_a_shock_raises_and_results_relieve(severity: float, shock: float, relief: float, realised: float) -> None:
    value = felt(severity, 1.0, shock, relief, realised)
    assert 0.0 <= value <= 1.0
    assert value >= felt(severity, 1.0, 0.0, relief, realised) - 1e-12
    assert value <= felt(severity, 1.0, shock, relief, 0.0) + 1e-12
    assert felt(severity, 1.0, 1.0, relief, realised) == 1.0


@given(shares, shares, shares, shares, shares)
def test_it_stays_between_what_pulls(now: float, own: float, xi: float, others: float, rate: float) -> None:
    after = influenced(now, own, xi, others, rate)
    assert min(now, own, others) - 1e-12 <= after <= max(now, own, others) + 1e-12
    assert influenced(now, own, 0.0, others, 1.0) == pytest.approx(own)
    assert influenced(now, own, 1.0, others, 1.0) == pytest.approx(others)


def test_all_urgencies_of_a_theme_move_at_once() -> None:
    """Both trust each other; a theme of severity 0.8; a third of it is realised for 0, and nothing for 1."""
    s = SimpleNamespace(
        trust=np.array([[0.0, 0.5], [0.4, 0.0]]), trust_received=np.full((2, 2), -9.0), shock=np.array([0.5]),
        urgency=np.array([[0.2, 0.6]]), direct=np.array([[[0.3, 0.0], [0.3, 0.0], [0.4, 0.0]]]), **scratch(2),
    )  # fmt: skip
    w = SimpleNamespace(severity=np.array([[0.4, 0.4]]), severity_factor=np.array([2.0]))
    p = SimpleNamespace(urgency_relief=0.75, urgency_influence=0.25, urgency_rate=0.5)
    with interpreted(urgency), changes(s, "urgency", "trust_received"):
        urgency.update(s, w, p, 0)
    assert s.trust_received.tolist() == [[0.0, 0.4], [0.5, 0.0]]
    # felt: 1 - (1 - 0.8 x 0.75) x 0.5 = 0.8 and 1 - 0.2 x 0.5 = 0.9; half of the way to 3/4 of it and 1/4 of the other
    assert s.urgency == pytest.approx(np.array([[0.5 * (0.2 + 0.6 + 0.15), 0.5 * (0.6 + 0.675 + 0.05)]]))
