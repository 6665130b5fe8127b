from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given

from bresim.governance import load_design
from bresim.kernel.state import AGREED, COMPLETED, DEADLOCKED, FAILED, IMPOSED, LAPSED, OPEN
from bresim.rules import aggregation, steering
from tests.rules.plain import changes, interpreted, plain, shares
from tests.rules.started import started

in_force = plain(steering.steering_in_force)
P = SimpleNamespace(mandate_patience=4.0)


def test_by_hand() -> None:
    assert in_force(0.6, 1.0, 0.0, 0.0) == pytest.approx(0.6)
    assert in_force(0.6, 0.0, 0.5, 1.0) == pytest.approx(0.3)
    assert in_force(0.6, 0.0, 0.5, 0.0) == 0.0
    assert in_force(0.6, 0.5, 0.5, 1.0) == pytest.approx(0.45)


@given(shares, shares, shares, shares)
def test_bounds(a: float, b: float, c: float, d: float) -> None:
    assert 0.0 <= in_force(a, b, c, d) <= a + 1e-12
    assert in_force(a, 1.0, c, d) == pytest.approx(a)
    assert in_force(a, b, c, 0.0) <= in_force(a, b, c, 1.0) <= in_force(a, b, 1.0, 1.0) + 1e-12


def _quarter(t: int, *, waited: int = 0, mandate: float = 0.0, intervenes: bool = False, vote: bool = False) -> tuple[
    SimpleNamespace, SimpleNamespace
]:  # fmt: skip
    """State and world in quarter ``t`` of a policy that starts in quarter 2; steering 0.8, stance 0.5."""
    region = SimpleNamespace(quarters_without_agreement=waited, intervenes=intervenes, steering=-1.0, stance=0.5)
    s = SimpleNamespace(region=region, institution=[SimpleNamespace(steering=0.8, mandate=mandate)])
    return s, SimpleNamespace(policy_start=2, provincial_election=np.full(9, vote))


def test_a_mandate_works_at_once() -> None:
    s, w = _quarter(0, mandate=1.0)
    with interpreted(steering), changes(s, "region.steering"):
        steering.update(s, w, P, 0)
    assert s.region.steering == pytest.approx(0.8), "before policy start no quarter counts"


def test_without_a_mandate_the_province_waits() -> None:
    s, w = _quarter(5, waited=3)
    with interpreted(steering):
        with changes(s, "region.steering", "region.quarters_without_agreement"):
            steering.update(s, w, P, 5)
        assert (s.region.steering, s.region.quarters_without_agreement) == (0.0, 4)
        with changes(s, "region.steering", "region.quarters_without_agreement", "region.intervenes"):
            steering.update(s, w, P, 6)
    assert s.region.steering == pytest.approx(0.4)


def test_an_intervention_goes_on_after_an_agreement_and_ends_at_the_provincial_elections() -> None:
    s, w = _quarter(5, intervenes=True)
    with interpreted(steering):
        steering.update(s, w, P, 5)
    assert (s.region.intervenes, s.region.steering) == (True, pytest.approx(0.4))
    for waited, again in ((3, False), (4, True)):
        s, w = _quarter(5, waited=waited, intervenes=True, vote=True)
        with interpreted(steering):
            steering.update(s, w, P, 5)
        assert s.region.intervenes is again, "begins again if the quarters without agreement are still too many"
        assert s.region.steering == pytest.approx(0.4 * again)


def test_a_mandate_is_used_from_the_quarter_in_which_the_province_would_intervene_without_one() -> None:
    """Of policy from quarter 2 and a patience of four quarters, the fifth is quarter 6; an agreement takes it away."""
    s, w = _quarter(0, mandate=1.0)
    s.institution[0].imposition = 0.75
    s.outcome = np.full((1, 1), AGREED)
    p = SimpleNamespace(mandate_patience=4.0, ungranted_reach=0.5)
    imposes, intervenes = [], []
    with interpreted(steering), interpreted(aggregation):
        for t in range(9):
            steering.update(s, w, p, t)
            imposes.append(aggregation.imposition_chance(s, p, 0))
            intervenes.append(s.region.intervenes)
            assert aggregation.enforcement_chance(s, p, 0) == 0.75, "for promises the mandate is there at once"
        steering.update_initiative(s, w, p, 8, 0, 0)
        assert aggregation.imposition_chance(s, p, 0) == 0.0
    assert imposes == [0.0] * 6 + [0.75] * 3
    assert intervenes == [False] * 6 + [True] * 3


@pytest.mark.parametrize("arena", [0, 1])
@pytest.mark.parametrize("outcome", [OPEN, COMPLETED, FAILED, DEADLOCKED, LAPSED, AGREED, IMPOSED])
def test_only_a_regional_agreement_starts_the_count_again(arena: int, outcome: int) -> None:
    s = SimpleNamespace(region=SimpleNamespace(quarters_without_agreement=7), outcome=np.full((2, 1), outcome))
    resets = arena == 0 and outcome in (AGREED, IMPOSED)
    with interpreted(steering), changes(s, *["region.quarters_without_agreement"] * resets):
        steering.update_initiative(s, None, P, 5, arena, 0)
    assert s.region.quarters_without_agreement == (0 if resets else 7)


def test_without_a_mandate_the_province_waits_and_steps_back_after_its_elections() -> None:
    run = started(load_design("provincial_steering"))
    region = run.state.region
    region.at_once = True
    strength = []
    for t in range(36):
        run.institutions(t)
        strength.append(float(region.steering))
        assert region.intervenes == (region.steering > 0.0)
        if t == 29:
            region.quarters_without_agreement = 0  # an agreement
    stance = 0.7 * region.stance
    assert stance > 0.0
    # policy starts in quarter 20; four quarters without agreement; provincial elections in quarter 32
    assert strength == pytest.approx([0.0] * 24 + [stance] * 8 + [0.0] * 2 + [stance] * 2)
