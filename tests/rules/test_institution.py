from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bresim.kernel.state import BEFORE, DESIGN, EXECUTING, FALLBACK, IDLE, NEGOTIATING, REGIONAL, SUBREGIONAL
from bresim.rules import institution
from tests.rules.plain import changes, interpreted, plain

built_up = plain(institution.built_up)
FIELDS = np.dtype([(name, np.float64) for name in ("setup_quarters", "programme_money", "binding", "quota")])
RAMPS = np.array([False, False, True, False])


def _built(t: int, setup: float, slot: int = DESIGN) -> float:
    s = SimpleNamespace(region=SimpleNamespace(design=0, slot=slot, adopted_quarter=20))
    w = SimpleNamespace(institution={(0, DESIGN): SimpleNamespace(setup_quarters=setup)})
    return float(built_up(s, w, t))


def test_a_design_grows_over_its_set_up_time() -> None:
    assert [_built(t, 3.0) for t in (20, 21, 22, 23, 40)] == [0.25, 0.5, 0.75, 1.0, 1.0]
    assert _built(20, 0.0) == 1.0
    assert _built(20, 3.0, FALLBACK) == 1.0, "no other institution has to be set up"


@given(st.integers(20, 60), st.integers(0, 12))
def test_growth_is_a_share_that_rises_with_time_and_falls_with_set_up(t: int, setup: int) -> None:
    assert 0.0 < _built(t, float(setup)) <= _built(t + 1, float(setup)) <= 1.0
    assert _built(t, float(setup + 1)) <= _built(t, float(setup))


def _world(factor: float = 1.0) -> SimpleNamespace:
    """Four municipalities, two themes; the first three are the subregion, whose institution is slot 4."""
    values = np.array([[
        [0.0, 0.1, 0.1, 0.1],  # before policy start
        [0.0, 0.2, 0.2, 0.9],  # status quo
        [3.0, 0.4, 0.8, 0.6],  # design
        [0.0, 0.0, 0.0, 0.0],  # successor
        [0.0, 0.5, 0.5, 0.5],  # subregion
    ]])  # fmt: skip
    eligible = np.ones((1, 5, 4), np.bool_)
    eligible[0, DESIGN] = [True, False, True, True]
    in_scope = np.ones((1, 5, 2), np.bool_)
    in_scope[0, DESIGN] = [True, False]
    return SimpleNamespace(
        institution_values=values, institution=values.view(FIELDS)[..., 0].view(np.recarray), ramps=RAMPS,
        window_factor=np.full(40, factor), eligible=eligible, in_scope=in_scope,
        member=np.array([[True] * 4, [True, True, True, False]]), arena_scale=np.array([REGIONAL, SUBREGIONAL]),
    )  # fmt: skip


def _state(slot: int, last_slot: int) -> SimpleNamespace:
    values = np.zeros((2, 4))
    committed = np.zeros((2, 2, 4), np.bool_)
    committed[0] = True
    return SimpleNamespace(
        region=SimpleNamespace(design=0, slot=slot, last_slot=last_slot, adopted_quarter=20), committed=committed,
        institution_values=values, institution=values.view(FIELDS)[:, 0].view(np.recarray),
        eligible=np.ones((2, 4), np.bool_), invited=np.full((2, 4), -1), n_invited=np.zeros(2, np.int64),
        in_scope=np.zeros((2, 2), np.bool_), phase=np.array([[NEGOTIATING, EXECUTING], [IDLE, IDLE]]),
    )  # fmt: skip


@pytest.mark.parametrize(("factor", "money"), [(0.5, 0.2), (1.0, 0.4), (3.0, 0.4)])
def test_fields_in_force_while_a_design_is_set_up(factor: float, money: float) -> None:
    """Halfway binding is between 0.2 and 0.8; all else holds at once; money falls with the central windows."""
    s = _state(DESIGN, DESIGN)
    with interpreted(institution), changes(s, "institution_values", "institution"):
        institution.update(s, _world(factor), None, 21)
    assert s.institution_values[0] == pytest.approx([3.0, money, 0.5, 0.6])
    assert (s.institution_values[1] == 0.0).all()
    assert s.institution[0].binding == s.institution_values[0, 2], "the same memory"


def test_a_municipality_no_longer_eligible_leaves_the_negotiation_and_stays_in_execution() -> None:
    s = _state(DESIGN, FALLBACK)
    masks = ("eligible", "invited", "n_invited", "in_scope", "committed")
    with interpreted(institution), changes(s, "institution_values", "institution", *masks):
        institution.update(s, _world(), None, 20)
    assert s.eligible[0].tolist() == [True, False, True, True]
    assert s.invited[0, : s.n_invited[0]].tolist() == [0, 2, 3]
    assert s.in_scope[0].tolist() == [True, False]
    assert s.committed[0].tolist() == [[True, False, True, True], [True] * 4]
    assert (s.eligible[1].all(), s.n_invited[1]) == (True, 0), "the subregion keeps what it has"


def test_at_the_start_every_arena_gets_its_own_institution() -> None:
    s = _state(BEFORE, BEFORE)
    with (
        interpreted(institution),
        changes(s, "institution_values", "institution", "eligible", "invited", "n_invited", "in_scope"),
    ):
        institution.update(s, _world(), None, 0)
    assert s.institution_values.tolist() == [[0.0, 0.1, 0.1, 0.1], [0.0, 0.5, 0.5, 0.5]]
    assert s.eligible.tolist() == [[True] * 4, [True, True, True, False]]
    assert s.n_invited.tolist() == [4, 3]
    assert s.in_scope.all()
