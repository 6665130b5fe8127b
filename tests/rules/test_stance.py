from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bresim.kernel.draws import PROVINCIAL_ELECTION, make_key, uniform
from bresim.rules import stance
from tests.rules.plain import changes, interpreted, shares


def _after(now: float, scheduled: float, *, election: bool, step: float = 0.3, replicate: int = 0) -> float:
    s = SimpleNamespace(key=make_key(1, replicate), region=SimpleNamespace(stance=now, steering=0.5))
    w = SimpleNamespace(province_stance=np.array([scheduled]), provincial_election=np.array([election]))
    moves = election or scheduled >= 0.0
    with interpreted(stance), changes(s, *["region.stance"] * moves):
        stance.update(s, w, SimpleNamespace(turbulence_step=step), 0)
    return float(s.region.stance)


def test_it_stays_between_elections() -> None:
    assert _after(0.4, -1.0, election=False) == 0.4


def test_the_scenario_sets_it_also_at_elections() -> None:
    assert _after(0.4, 0.9, election=False) == 0.9
    assert _after(0.4, 0.0, election=True) == 0.0


def test_elections_move_it_by_a_draw() -> None:
    moved = [_after(0.5, -1.0, election=True, replicate=r) for r in range(8)]
    draw = [uniform(make_key(1, r), PROVINCIAL_ELECTION, 0, 0, 0) for r in range(8)]
    assert moved == pytest.approx([0.5 + 0.3 * (2.0 * u - 1.0) for u in draw])
    assert min(moved) < 0.5 < max(moved)


@given(st.floats(0.01, 0.99), shares, st.integers(0, 1000))
def test_it_stays_a_share_and_moves_by_a_step_at_most(now: float, step: float, replicate: int) -> None:
    s = SimpleNamespace(key=make_key(1, replicate), region=SimpleNamespace(stance=now))
    w = SimpleNamespace(province_stance=np.array([-1.0]), provincial_election=np.array([True]))
    with interpreted(stance):
        stance.update(s, w, SimpleNamespace(turbulence_step=step), 0)
    assert 0.0 <= s.region.stance <= 1.0
    assert abs(s.region.stance - now) <= step + 1e-12
