from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bresim.kernel.state import EXECUTING, IDLE, NEGOTIATING
from bresim.rules import pledges
from tests.rules.plain import changes, interpreted, scratch, shares

P = SimpleNamespace(subregional_bond=0.5, home_first=0.4, stake_elsewhere=0.0)
W = SimpleNamespace(within_subregion=np.array([False, True]))


def _region(slack: list[float], promised: float = 2.0, kappa: float = 0.5, interest: float = 1.0) -> SimpleNamespace:
    """Two initiatives in execution in the region, one in a subregion: 0 is in all, 1 in those of the region, 2 in none.

    1 does not mean to keep its promise on theme 0. Urgency is 0.8 of theme 0 and 0.4 of theme 1.
    """
    committed = np.array([[[True, True, False], [True, True, False]], [[True, False, False], [False, False, True]]])
    willing = committed.copy()
    willing[0, 0, 1] = False
    return SimpleNamespace(
        region=SimpleNamespace(kappa=kappa, n_running=3),
        phase=np.array([[EXECUTING, EXECUTING], [EXECUTING, NEGOTIATING]]), committed=committed, willing=willing,
        eligible=np.ones((2, 3), np.bool_), promised=promised * committed, slack=np.array(slack),
        running=np.array([0, 1, 2, -9]), executing=np.array([2.0, 1.0]), urgency=np.array([[0.8] * 3, [0.4] * 3]),
        interest=np.full((2, 3), interest), arena_interest=np.ones((2, 2)), offer=np.full((2, 2, 3), -9.0),
        given=np.ones((2, 2, 3)), used=np.full(3, -9.0), completions=np.ones(3),
        **scratch(4, towns=3),
    )  # fmt: skip


FIELDS = ("offer", "given", "used", "completions")


def _update(s: SimpleNamespace, w: SimpleNamespace = W) -> SimpleNamespace:
    with interpreted(pledges), changes(s, *FIELDS):
        pledges.update(s, w, P, 9)
    return s


def test_what_is_short_goes_to_what_matters_most() -> None:
    """A fifth of slack stays at home, within the subregion a tenth; theme 0 comes first, that of the region before."""
    s = _update(_region([5.0, 3.0, 4.0]))
    assert s.offer[:, :, 0].tolist() == [[2.0, pytest.approx(0.0)], [2.0, -9.0]]
    assert s.offer[:, :, 1].tolist() == [[0.0, 2.0], [0.0, -9.0]], "nothing where it does not mean to"
    assert s.given[:, :, 0] == pytest.approx(np.array([[3.0, 1.0], [3.0, 1.0]]))
    assert not s.completions.any()
    assert s.used == pytest.approx([4.0, 2.0, 0.0]), "who promised nothing gives nothing"


def test_a_member_gives_all_that_it_promised_if_it_can_and_no_more() -> None:
    s = _update(_region([50.0, 50.0, 4.0]))
    assert s.offer[:, :, 0].tolist() == [[2.0, 2.0], [2.0, -9.0]]


def test_a_parochial_municipality_puts_its_subregion_first() -> None:
    """Own stakes of 0.2 in what the arena has a stake of 1 in: 0.2 in the region, 0.6 within the subregion."""
    s = _update(_region([2.0, 0.0, 0.0], kappa=1.0, interest=0.2))
    assert s.offer[:, :, 0].tolist() == [[0.0, 0.0], [pytest.approx(1.6), -9.0]]


def test_an_arena_across_subregions_is_not_their_own() -> None:
    """The second arena is at the scale of a subregion, as the Tripool is, and of more than one: nothing goes first."""
    across = SimpleNamespace(within_subregion=np.array([False, False]))
    s = _update(_region([2.0, 0.0, 0.0], kappa=1.0, interest=0.2), across)
    assert s.offer[:, :, 0].tolist() == [[pytest.approx(1.2), 0.0], [0.0, -9.0]]


def test_nothing_in_execution_asks_nothing() -> None:
    s = _region([5.0, 3.0, 4.0])
    s.phase[:], s.executing[:], s.region.n_running = IDLE, 0.0, 0
    with interpreted(pledges), changes(s, "used", "completions"):
        pledges.update(s, W, P, 9)
    assert not s.used.any()


@given(st.floats(0.0, 20.0), st.floats(0.0, 5.0), shares, shares)
def test_no_municipality_gives_more_than_its_slack(
    slack: float, promised: float, kappa: float, interest: float
) -> None:
    s = _region([slack] * 3, promised, kappa, interest)
    with interpreted(pledges):
        pledges.update(s, W, P, 9)
    given = s.offer[:, :, 0].copy()
    given[1, 1] = 0.0  # negotiated
    assert (given >= 0.0).all()
    assert (given <= promised).all()
    assert s.used[0] == pytest.approx(given.sum())
    assert (s.used <= slack + 1e-9).all()
