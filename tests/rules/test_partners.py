from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given

from bresim.kernel.state import (
    AGREED,
    COMPLETED,
    DEADLOCKED,
    EXECUTING,
    FAILED,
    IDLE,
    LAPSED,
    NEGOTIATING,
    REGIONAL,
    SUBREGIONAL,
)
from bresim.rules import partners
from tests.rules.plain import changes, interpreted, plain, shares

gained, lost = plain(partners.gained), plain(partners.lost)


def test_by_hand() -> None:
    assert gained(0.6, 0.1, 0.5, 0.0) == pytest.approx(0.62)
    assert gained(0.6, 0.1, 0.5, 2.0) == pytest.approx(0.64)
    assert lost(0.6, 0.1, 0.5) == pytest.approx(0.57)


@given(shares, shares, shares, shares)
def test_bounds_and_ownership(trust: float, gain: float, share: float, seats: float) -> None:
    assert trust - 1e-12 <= gained(trust, gain, share, 0.0) <= gained(trust, gain, share, 2.0 * seats) + 1e-12
    assert gained(trust, gain, share, 2.0 * seats) <= 1.0 + 1e-12
    assert 0.0 <= lost(trust, gain, share) <= trust
    assert lost(trust, gain, 0.0) == gained(trust, gain, 0.0, seats) == trust


@pytest.mark.parametrize(
    ("outcome", "scale", "after"),
    [
        (COMPLETED, REGIONAL, [0.64, 0.4]),  # 0.1 x 0.5 x 2 of what is missing; the theme is not theirs
        (FAILED, REGIONAL, [0.54, 0.4]),
        (DEADLOCKED, REGIONAL, [0.54, 0.4]),
        (AGREED, REGIONAL, [0.6, 0.4]),
        (LAPSED, REGIONAL, [0.6, 0.4]),  # nobody held out
        (COMPLETED, SUBREGIONAL, [0.6, 0.4]),
        (FAILED, SUBREGIONAL, [0.6, 0.4]),
    ],
)
def test_partners_judge_the_region(outcome: int, scale: int, after: list[float]) -> None:
    s = SimpleNamespace(
        outcome=np.array([[outcome]]), partner=np.array([0.6, 0.4]), institution=[SimpleNamespace(partner_seats=2.0)]
    )
    w = SimpleNamespace(arena_scale=[scale], economic=np.array([0.5]), societal=np.array([0.0]))
    p = SimpleNamespace(partner_gain=0.1, partner_loss=0.2)
    with interpreted(partners), changes(s, *["partner"] * (after[0] != 0.6)):
        partners.update_initiative(s, w, p, 9, 0, 0)
    assert s.partner == pytest.approx(after)


def _drifted(phase: list[list[int]], scale: list[int]) -> np.ndarray:
    """Trust of partners, 0.6 and 0.02 before, after a quarter with these initiatives on four themes."""
    s = SimpleNamespace(phase=np.array(phase), partner=np.array([0.6, 0.02]))
    p = SimpleNamespace(partner_drift=0.2, partner_return=0.25, partner_start=0.5)
    with interpreted(partners), changes(s, "partner"):
        partners.update(s, SimpleNamespace(arena_scale=scale), p, 9)
    return s.partner


def test_many_lines_open_make_trust_drift() -> None:
    """Two of four themes are negotiated in the region; what the subregion negotiates does not count."""
    phase = [[NEGOTIATING, NEGOTIATING, EXECUTING, IDLE], [NEGOTIATING] * 4]
    assert _drifted(phase, [REGIONAL, SUBREGIONAL]) == pytest.approx([0.5, 0.065])  # 0.6 - 0.1; -0.08 + 0.25 x 0.58


def test_all_tables_of_the_region_count() -> None:
    """Two themes at one, two at the other, one of them at both: 0.6 - 0.2, and a quarter of the way to 0.5."""
    two = [[NEGOTIATING, NEGOTIATING, EXECUTING, IDLE], [NEGOTIATING, IDLE, NEGOTIATING, EXECUTING]]
    assert _drifted(two, [REGIONAL, REGIONAL]) == pytest.approx([0.425, 0.0])
    alone = [two[0], [IDLE, EXECUTING, IDLE, IDLE]]
    assert _drifted(alone, [REGIONAL, REGIONAL]) == pytest.approx(_drifted(two, [REGIONAL, SUBREGIONAL]))
