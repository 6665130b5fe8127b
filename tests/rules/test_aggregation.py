from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given

from bresim.kernel.draws import make_key
from bresim.rules import aggregation
from tests.rules.plain import interpreted, plain, shares

is_agreed, ratification = plain(aggregation.is_agreed), plain(aggregation.ratification)


def test_by_hand() -> None:
    enough = {"share": 12 / 16, "quota": 0.75, "board_share": 2 / 3, "board_quota": 0.5, "members": 12.0}
    enough |= {"min_members": 2.0, "capacity_share": 0.5, "min_capacity": 0.5}
    assert is_agreed(**enough)
    for short in ({"share": 11 / 16}, {"board_share": 1 / 3}, {"members": 1.0}, {"capacity_share": 0.49}):
        assert not is_agreed(**{**enough, **short}), short
    assert is_agreed(0.1 + 0.2, 0.3, 1.0, 0.0, 3.0, 2.0, 1.0, 0.0)
    assert is_agreed(0.3, 0.1 + 0.2, 1.0, 0.0, 3.0, 2.0, 1.0, 0.0), "rounding is no hold-out"


@given(shares, shares, shares, shares)
def test_more_commitment_never_undoes_an_agreement(share: float, more: float, quota: float, board: float) -> None:
    low, high = min(share, more), max(share, more)
    assert is_agreed(low, quota, 1.0, board, 9.0, 2.0, 1.0, 0.0) <= is_agreed(
        high, quota, 1.0, board, 9.0, 2.0, 1.0, 0.0
    )
    assert is_agreed(1.0, quota, 1.0, board, 9.0, 2.0, 1.0, 1.0)


@given(shares)
def test_a_council_that_supports_ratifies_sooner(support: float) -> None:
    p = SimpleNamespace(ratify_base=0.0, ratify_support=1.5)
    assert ratification(p, 0.5) == pytest.approx(0.5)
    assert 0.0 < ratification(p, 0.0) <= ratification(p, support) <= ratification(p, 1.0) < 1.0


def test_the_tally_by_hand() -> None:
    """Four invited of five, two with a seat; three committed, one with a seat."""
    state = SimpleNamespace(
        n_invited=np.array([4]), capacity=np.array([4.0, 3.0, 2.0, 1.0, 10.0]), arena_capacity=np.array([20.0]),
        eligible=np.array([[True, True, True, True, False]]), board=np.array([[True, True, False, False, True]]),
        committed=np.array([[[True, False, True, True, False]]]),
    )  # fmt: skip
    assert plain(aggregation._tally)(state, 0, 0) == (0.75, 0.5, 3, 0.35)
    state.committed[:] = False
    state.board[:] = False
    assert plain(aggregation._tally)(state, 0, 0) == (0.0, 1.0, 0, 0.0), "without seats the board is no hurdle"


def test_a_council_that_does_not_ratify_keeps_its_municipality_out() -> None:
    """With councils that never agree nobody who is asked stays; with councils that are not asked everyone does."""
    p = SimpleNamespace(ratify_base=-40.0, ratify_support=0.0)
    for asked, left in ((1.0, [False, False, False]), (0.0, [True, False, True])):
        s = SimpleNamespace(
            phase=np.zeros((1, 1)), capacity=np.ones(3), committed=np.array([[[True, False, True]]]),
            rules=[SimpleNamespace(council_ratification=asked)], support=np.full(3, 0.5), key=make_key(1, 0),
        )  # fmt: skip
        with interpreted(aggregation):
            aggregation._ratify(s, None, p, 5, 0, 0)
        assert s.committed[0, 0].tolist() == left
