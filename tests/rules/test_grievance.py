from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given

from bresim.kernel.state import BROKEN, DELAYED, KEPT
from bresim.rules import grievance as grievance_rule
from tests.rules.plain import changes, interpreted, listed, plain, scratch, shares

remembered, hurt = plain(grievance_rule.remembered), plain(grievance_rule.hurt)


def test_by_hand() -> None:
    # no negativity: it fades by the rate of forgetting and nobody retells it
    assert remembered(0.5, 0.04, 0.7, 0.0, 0.12, 0.9) == pytest.approx(0.48)
    # full: fades by 0.04 x 0.3, then 0.12 of the way to what is told: 0.494 + 0.12 x (0.9 - 0.494)
    assert remembered(0.5, 0.04, 0.7, 1.0, 0.12, 0.9) == pytest.approx(0.54272)
    assert remembered(0.0, 0.04, 0.7, 0.5, 0.2, 0.4) == pytest.approx(0.04)
    assert hurt(0.2, 0.5) == pytest.approx(0.6)
    assert hurt(0.2, 0.0) == 0.2


@given(shares, shares, shares, shares, shares, shares)
def test_bounds_and_direction(
    now: float, decay: float, memory: float, nu: float, retelling: float, retold: float
) -> None:
    after = remembered(now, decay, memory, nu, retelling, retold)
    assert 0.0 <= after <= 1.0 + 1e-12
    assert after <= max(now, retold) + 1e-12
    # forgetting is slower the more negative the undercurrent
    assert remembered(now, decay, memory, nu, 0.0, retold) <= remembered(now, decay, memory, 1.0, 0.0, retold) + 1e-12
    assert remembered(now, decay, memory, nu, retelling, 0.0) <= after + 1e-12


@given(shares, shares, shares)
def test_a_hurt_adds_a_share_of_what_is_missing(now: float, share: float, more: float) -> None:
    low, high = min(share, more), max(share, more)
    assert now - 1e-12 <= hurt(now, low) <= hurt(now, high) + 1e-12 <= 1.0 + 1e-9


def test_broken_promises_are_held_against_members_by_members() -> None:
    """Members 0, 2 and 3; 2 broke its promise, of which half is seen, and 3 said in time that it would be late."""
    grievance = np.full((4, 4), 0.2)
    np.fill_diagonal(grievance, 0.0)
    s = SimpleNamespace(
        grievance=grievance, **listed([[[True, False, True, True]]]), **scratch(4),
        verdict=np.array([[[KEPT, BROKEN, BROKEN, DELAYED]]]), due=np.array([[False]]),
        institution=[SimpleNamespace(monitoring=0.0)],
    )  # fmt: skip
    before = grievance.copy()
    with interpreted(grievance_rule), changes(s):  # no milestone is due
        grievance_rule.update_initiative(s, None, SimpleNamespace(visibility=0.5, grievance_rate=0.4), 9, 0, 0)
    s.due[:] = True
    with interpreted(grievance_rule), changes(s, "grievance"):
        grievance_rule.update_initiative(s, None, SimpleNamespace(visibility=0.5, grievance_rate=0.4), 9, 0, 0)
    assert np.argwhere(grievance != before).tolist() == [[0, 2], [3, 2]]
    assert grievance[0, 2] == pytest.approx(0.36)  # 0.2 + 0.4 x 0.5 x 0.8


@pytest.mark.parametrize(
    ("retold", "own", "heard"),
    [
        (1, 0.752 - 0.1 * 0.352, 0.04),  # a tenth of the way to 0.4; others hear half of 0.8, the mean of two
        (0, 0.752, 0.0),  # only who had the experience remembers
    ],
)
def test_grievance_fades_and_is_retold(retold: int, own: float, heard: float) -> None:
    """Only 0 has a grievance, of 0.8 against 1: after a quarter it is 0.8 x (1 - 0.1 x 0.6) = 0.752."""
    grievance, expected = np.zeros((3, 3)), np.zeros((3, 3))
    grievance[0, 1] = 0.8
    s = SimpleNamespace(grievance=grievance, region=SimpleNamespace(negativity=0.5), **scratch(3))
    p = SimpleNamespace(grievance_decay=0.1, grievance_memory=0.8, retelling=0.2)
    with interpreted(grievance_rule), changes(s, "grievance"):
        grievance_rule.update(s, SimpleNamespace(retold=retold), p, 9)
    expected[0, 1], expected[2, 1] = own, heard
    assert grievance == pytest.approx(expected)
