from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bresim.kernel.state import EXECUTING, IDLE, NEGOTIATING, REGIONAL, SUBREGIONAL
from bresim.rules import pledges
from tests.rules.plain import changes, interpreted, plain, shares

available, unpromised = plain(pledges.available), plain(pledges.unpromised)
P = SimpleNamespace(subregional_bond=0.5, home_first=0.4, ad_hoc_effort=0.1)


def test_by_hand() -> None:
    assert available(5.0, 0.4, 0.5) == pytest.approx(4.0)


def test_the_outer_ring_gives_what_no_pledge_claims() -> None:
    assert unpromised(5.0, 0.4, 0.5, 0.0) == pytest.approx(4.0)
    assert unpromised(5.0, 0.4, 0.5, 2.0) == pytest.approx(1.0)


@given(st.floats(0.0, 100.0), shares, shares, st.integers(0, 8))
def test_no_municipality_has_more_than_its_slack(slack: float, home: float, kappa: float, count: int) -> None:
    assert 0.0 <= available(slack, home, kappa) <= slack
    assert available(slack, home, 1.0) <= available(slack, home, kappa) <= available(slack, home, 0.0)
    assert 0.0 <= unpromised(slack, home, kappa, float(count)) <= slack
    if count > 0:
        promised = available(slack, home, kappa)
        assert promised + unpromised(slack, home, kappa, float(count)) == pytest.approx(slack)


def _regional(outer_ring: float) -> tuple[SimpleNamespace, SimpleNamespace]:
    """Three municipalities; 0 is in the arena's one initiative in execution."""
    s = SimpleNamespace(
        region=SimpleNamespace(kappa=0.5), institution=[SimpleNamespace(outer_ring=outer_ring)],
        slack=np.array([5.0, 10.0, 4.0]), pledges=np.array([2.0, 0.0, 1.0]), executing=np.array([1.0]),
        offer=np.full((1, 3), -9.0), lead_room=np.full((1, 3), -9.0), ad_hoc=np.full((1, 3), -9.0),
        phase=np.array([[EXECUTING, NEGOTIATING]]), committed=np.array([[[True, False, False], [False, True, True]]]),
    )  # fmt: skip
    return s, SimpleNamespace(arena_scale=np.array([REGIONAL]))


def test_what_everyone_offers_by_hand() -> None:
    """All keep a fifth for home; 2 has a pledge in another arena, 0 one more."""
    s, w = _regional(0.5)
    with interpreted(pledges):
        with changes(s, "offer", "lead_room"):
            pledges._offer(s, w, P, 0)
        with changes(s, "ad_hoc"):
            pledges._offer_ad_hoc(s, w, P, 0)
    assert s.offer[0] == pytest.approx([2.0, 8.0, 3.2])
    assert s.lead_room[0] == pytest.approx([0.5, 2.0, 0.8]), "what home keeps"
    assert s.ad_hoc[0] == pytest.approx([0.0, 0.4, 0.04])


def test_without_an_outer_ring_nobody_helps() -> None:
    s, w = _regional(0.0)
    with interpreted(pledges), changes(s):
        pledges._offer_ad_hoc(s, w, P, 0)


def test_slack_is_divided_over_all_pledges() -> None:
    """Two initiatives in execution in the region and one in the subregion of 0, 1 and 2; arena 2 has none.

    0 is a member of all three, 1 of the subregion's, 2 of one that is negotiated, 3 of nothing.
    """
    committed = np.zeros((3, 3, 4), np.bool_)
    committed[0, :2, 0] = committed[0, 2, 2] = True
    committed[1, 0, [0, 1]] = True
    s = SimpleNamespace(
        region=SimpleNamespace(kappa=0.5), committed=committed, slack=np.array([6.0, 10.0, 4.0, 5.0]),
        institution=[SimpleNamespace(outer_ring=ring) for ring in (1.0, 0.0, 1.0)],
        phase=np.array([[EXECUTING, EXECUTING, NEGOTIATING], [EXECUTING, IDLE, IDLE], [NEGOTIATING, IDLE, IDLE]]),
        capacity=np.array([10.0, 20.0, 10.0, 10.0]), used=np.full(4, 3.0), completions=np.ones(4),
        pledges=np.full(4, -9.0), slack_per_pledge=np.full(4, -9.0), executing=np.full(3, -9.0),
        offer=np.full((3, 4), -9.0), lead_room=np.full((3, 4), -9.0), ad_hoc=np.full((3, 4), -9.0),
        members=np.full((3, 3, 4), -9), n_members=np.full((3, 3), -9),
    )  # fmt: skip
    w = SimpleNamespace(arena_scale=np.array([REGIONAL, SUBREGIONAL, SUBREGIONAL]))
    names = ("used", "completions", "pledges", "slack_per_pledge", "executing", "offer", "lead_room", "ad_hoc")
    names += ("members", "n_members")
    with interpreted(pledges), changes(s, *names):
        pledges.update(s, w, P, 0)
    assert not s.used.any()
    assert not s.completions.any()
    assert s.pledges.tolist() == [3.0, 1.0, 0.0, 0.0]
    assert s.executing.tolist() == [2.0, 1.0, 0.0]
    assert s.n_members.tolist() == [[1, 1, -9], [2, -9, -9], [-9, -9, -9]]
    assert s.members[1, 0, :2].tolist() == [0, 1]
    assert s.slack_per_pledge == pytest.approx([0.2, 0.5, 0.4, 0.5])
    # a fifth stays at home; a tenth in the subregion, where half of parochialism is overcome
    assert s.offer[:2] == pytest.approx(np.array([[1.6, 8.0, 3.2, 4.0], [1.8, 9.0, 3.6, 4.5]]))
    assert s.lead_room[:2] == pytest.approx(np.array([[0.4, 2.0, 0.8, 1.0], [0.2, 1.0, 0.4, 0.5]]))
    # a tenth, for each of two: of what 1 left for home, and of what 2 and 3 have for the region
    assert s.ad_hoc[0] == pytest.approx([0.0, 0.1, 0.16, 0.2])
    assert (s.offer[2] == -9.0).all(), "where nothing is in execution there is nothing to offer"
