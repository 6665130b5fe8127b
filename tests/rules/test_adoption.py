from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given

from bresim.governance import load_design
from bresim.kernel.state import BEFORE, DESIGN, FALLBACK, SUCCESSOR
from bresim.kernel.structs import box
from bresim.rules import adoption
from tests.model.worlds import changed, founded
from tests.rules.plain import changes, interpreted, plain, shares
from tests.rules.started import started

loss_of, inclination = plain(adoption.autonomy_loss), plain(adoption.founding_inclination)
P = SimpleNamespace(
    adopt_base=1.0, adopt_trust=1.2, adopt_support=0.8, adopt_orientation=0.6, adopt_autonomy=1.5, adopt_say=2.0
)


def test_by_hand() -> None:
    assert loss_of(0.3, 0.03, 0.6) == pytest.approx(0.4)  # (0.3 + 0.3 + 0.6) / 3
    assert loss_of(1.0, 0.5, 1.0) == 1.0
    # 1 + 1.2 x 0.2 + 0.8 x 1.5 x 0.5 - 0.6 x 0.4 - 1.5 x 0.5 x 0.4 - 2 x 0.4 x (0.5 + 0.25)
    assert inclination(P, 0.6, 0.75, 1.5, 0.3, 0.5, 0.4, 0.4, 0.5) == pytest.approx(0.7)
    assert inclination(P, 0.5, 0.5, 1.0, 0.5, 1.0, 0.0, 0.0, 1.0) == 1.0


@given(shares, shares, shares, shares, shares, shares, shares)
def test_directions(
    trust: float, support: float, orientation: float, kappa: float, loss: float, say: float, divide: float
) -> None:
    x = inclination(P, trust, support, 1.2, orientation, kappa, loss, say, divide)
    assert inclination(P, 1.0, support, 1.2, orientation, kappa, loss, say, divide) >= x - 1e-12
    assert inclination(P, trust, 1.0, 1.2, orientation, kappa, loss, say, divide) >= x - 1e-12
    assert inclination(P, trust, support, 1.2, 1.0, kappa, loss, say, divide) >= x - 1e-12
    assert inclination(P, trust, support, 1.2, orientation, 0.0, loss, say, divide) >= x - 1e-12
    assert inclination(P, trust, support, 1.2, orientation, kappa, loss, 0.0, divide) >= x - 1e-12
    assert inclination(P, trust, support, 1.2, orientation, kappa, loss, say, 1.0) <= x + 1e-12


@given(shares, shares, shares)
def test_bounds(a: float, b: float, c: float) -> None:
    assert 0.0 <= loss_of(a, 0.5 * b, c) <= 1.0 + 1e-12


def _region(**values: object) -> SimpleNamespace:
    start = {"design": 0, "at_once": False, "slot": BEFORE, "last_slot": BEFORE, "adopted": False, "adopted_quarter": 0}
    return SimpleNamespace(region=SimpleNamespace(**(start | values)))


def _world(quota: float) -> SimpleNamespace:
    design = SimpleNamespace(adoption_quota=quota, term_quarters=4.0)
    return SimpleNamespace(policy_start=8, institution={(0, DESIGN): design}, has_successor=[True])


def test_a_design_without_a_vote_is_founded_at_policy_start() -> None:
    p = SimpleNamespace(adopt_interval=4.0)
    s = _region()
    with interpreted(adoption):
        with changes(s):
            adoption.update(s, _world(0.0), p, 7)
        with changes(s, "region.slot", "region.adopted", "region.adopted_quarter"):
            adoption.update(s, _world(0.0), p, 8)
    assert (s.region.slot, s.region.last_slot, s.region.adopted, s.region.adopted_quarter) == (DESIGN, BEFORE, True, 8)
    with interpreted(adoption), changes(s, "region.last_slot"):
        adoption.update(s, _world(0.0), p, 9)
    with interpreted(adoption), changes(s, "region.slot"):
        adoption.update(s, _world(0.0), p, 12)
    assert s.region.slot == SUCCESSOR


def test_a_vote_is_held_once_in_an_interval_until_it_is_won() -> None:
    votes: list[int] = []
    s, p = _region(), SimpleNamespace(adopt_interval=3.6)
    with interpreted(adoption), pytest.MonkeyPatch.context() as patch:
        patch.setattr(adoption, "_vote", lambda s, w, p, t: votes.append(t) or t >= 16)
        slots = []
        for t in range(8, 19):
            adoption.update(s, _world(0.5), p, t)
            slots.append(s.region.slot)
    assert votes == [8, 12, 16]
    assert slots == [FALLBACK] * 8 + [DESIGN] * 3
    assert s.region.adopted_quarter == 16


def test_a_run_founded_at_once_holds_no_vote() -> None:
    s, p = _region(at_once=True), SimpleNamespace(adopt_interval=4.0)
    with interpreted(adoption), pytest.MonkeyPatch.context() as patch:
        patch.setattr(adoption, "_vote", lambda s, w, p, t: pytest.fail("a vote"))
        for t, slot in ((7, BEFORE), (8, DESIGN), (12, SUCCESSOR)):
            adoption.update(s, _world(0.9), p, t)
            assert s.region.slot == slot
    assert s.region.adopted_quarter == 8


def test_a_term_is_followed_by_the_successor_or_by_the_status_quo() -> None:
    for name, after in (("regio_deal", FALLBACK), ("regio_deal_continued", SUCCESSOR)):
        run = started(founded(load_design(name)))
        slots = []
        for t in range(60):
            adoption.update(box(run.state), run.world, run.parameters, t)
            slots.append(int(run.state.region.slot))
        assert slots == [BEFORE] * 20 + [DESIGN] * 16 + [after] * 24, name
        assert run.state.region.adopted_quarter == 20


def test_only_the_board_gives_up_capacity_for_a_bureau_it_supplies() -> None:
    """Parochial municipalities say yes more often to a bureau that others supply."""
    votes = []
    for payer in ("all", "board"):
        run = started(changed(load_design("regio_deal"), "choice", pooled_capacity=0.1, pooled_by=payer))
        yes = 0
        for number in range(40):
            run.begin(number, parochialism=1.0)
            yes += bool(adoption._vote(box(run.state), run.world, run.parameters, 20))
        votes.append(yes)
    assert votes[0] < votes[1]
