from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given

from bresim.kernel.draws import make_key
from bresim.rules import shocks
from tests.rules.plain import changes, drawn, interpreted, plain, shares

alarmed = plain(shocks.alarmed)


def test_by_hand() -> None:
    assert alarmed(0.6, 0.5, 0.5) == pytest.approx(0.7)
    assert alarmed(0.6, 0.5, 0.0) == 0.6
    assert alarmed(0.2, 1.0, 1.0) == 1.0


@given(shares, shares, shares, shares)
def test_a_rise_never_lowers_urgency(urgency: float, jolt: float, rise: float, more: float) -> None:
    low, high = min(rise, more), max(rise, more)
    assert urgency - 1e-12 <= alarmed(urgency, jolt, low) <= alarmed(urgency, jolt, high) + 1e-12
    assert alarmed(urgency, jolt, high) <= 1.0 + 1e-12


def _quarter(
    scheduled: list[float], draw: list[float], factor: float = 1.0
) -> tuple[SimpleNamespace, SimpleNamespace, SimpleNamespace]:
    """Two themes, two municipalities; the first theme has a shock of 0.5, of which 0.4 is left this quarter."""
    s = SimpleNamespace(
        key=make_key(1, 0), drawn=drawn(0), draws_shock=np.array(draw), shock=np.array([0.5, 0.0]),
        urgency=np.array([[0.2, 0.6], [0.4, 1.0]]),
    )  # fmt: skip
    w = SimpleNamespace(severity=np.zeros((2, 2)), shock=np.array([scheduled]), shock_factor=np.array([factor]))
    return s, w, SimpleNamespace(shock_rate=0.1, shock_persistence=0.8, shock_size=0.7, shock_jolt=0.5)


@pytest.mark.parametrize(("scheduled", "draw", "factor"), [
    ([0.0, 0.0], [0.11, 0.11], 1.0),
    ([0.3, 0.0], [0.11, 0.11], 1.0),  # weaker than what is left
    ([0.0, 0.0], [0.0, 0.0], 0.0),  # the scenario has none
])  # fmt: skip
def test_a_shock_fades_without_alarm(scheduled: list[float], draw: list[float], factor: float) -> None:
    s, w, p = _quarter(scheduled, draw, factor)
    with interpreted(shocks), changes(s, "shock"):
        shocks.update(s, w, p, 0)
    assert s.shock == pytest.approx([0.4, 0.0])


def test_a_scheduled_shock_is_felt_by_all_at_once() -> None:
    s, w, p = _quarter([0.0, 0.6], [0.9, 0.9])
    with interpreted(shocks), changes(s, "shock", "urgency"):
        shocks.update(s, w, p, 0)
    assert s.shock == pytest.approx([0.4, 0.6])
    # half of 0.6 of what is missing
    assert s.urgency == pytest.approx(np.array([[0.2, 0.6], [0.58, 1.0]]))


def test_an_unscheduled_shock_raises_what_is_left_of_an_older_one() -> None:
    s, w, p = _quarter([0.0, 0.9], [0.15, 0.15], 2.0)
    with interpreted(shocks), changes(s, "shock", "urgency"):
        shocks.update(s, w, p, 0)
    assert s.shock == pytest.approx([0.7, 0.9]), "of two shocks the greater counts"
    # half of the rise of 0.3, and half of 0.9, of what is missing
    assert s.urgency == pytest.approx(np.array([[0.32, 0.66], [0.67, 1.0]]))
