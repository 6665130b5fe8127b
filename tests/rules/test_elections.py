from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given

from bresim.kernel.draws import ELECTION_JOLT, make_key, uniform
from bresim.rules import elections
from tests.rules.plain import changes, drawn, interpreted, plain, shares

ELECTION = np.array([False, False, True, False, False])


def test_a_campaign_is_the_election_quarter_and_the_one_before() -> None:
    is_campaign = plain(elections.is_campaign)
    assert [bool(is_campaign(ELECTION, t)) for t in range(5)] == [False, True, True, False, False]


def _quarter(parochialism: float = 0.5) -> tuple[SimpleNamespace, SimpleNamespace]:
    """Two municipalities, two themes; elections in quarter 2."""
    s = SimpleNamespace(
        key=make_key(3, 4), drawn=drawn(2, about=2), region=SimpleNamespace(parochialism=parochialism, kappa=-1.0),
        support=np.array([0.5, 0.98]), urgency=np.array([[0.5, 0.5], [0.02, 0.98]]),
        draws_urgency=np.array([[0.5, 0.75], [0.0, 0.999]]),
    )  # fmt: skip
    return s, SimpleNamespace(election=ELECTION, severity=np.zeros((2, 2)))


P = SimpleNamespace(campaign_effect=0.4, election_jolt=0.1, urgency_jolt=0.2)


@pytest.mark.parametrize(("t", "kappa"), [(0, 0.5), (1, 0.7), (3, 0.5), (4, 0.5)])
def test_without_elections_only_parochialism_moves(t: int, kappa: float) -> None:
    s, w = _quarter()
    with interpreted(elections), changes(s, "region.kappa"):
        elections.update(s, w, P, t)
    assert s.region.kappa == pytest.approx(kappa)


def test_an_election_moves_councils_and_what_is_urgent() -> None:
    s, w = _quarter()
    with interpreted(elections), changes(s, "region.kappa", "support", "urgency"):
        elections.update(s, w, P, 2)
    jolts = [0.1 * (2.0 * uniform(s.key, ELECTION_JOLT, 2, i, 0) - 1.0) for i in (0, 1)]
    assert s.support == pytest.approx([0.5 + jolts[0], min(1.0, 0.98 + jolts[1])])
    # draws around one half times 0.2, brought back into [0, 1]
    assert s.urgency == pytest.approx(np.array([[0.5, 0.6], [0.0, 1.0]]))


@given(shares, shares)
def test_a_campaign_makes_more_parochial_up_to_the_most(parochialism: float, effect: float) -> None:
    s, w = _quarter(parochialism)
    with interpreted(elections):
        elections.update(s, w, SimpleNamespace(campaign_effect=effect), 1)
    assert parochialism <= s.region.kappa <= 1.0
