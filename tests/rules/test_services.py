from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bresim.kernel.state import FALLBACK
from bresim.rules import services
from tests.rules.plain import changes, interpreted, plain, shares

asked, supplied = plain(services.asked), plain(services.supplied)
SERVICES = (
    "coordination", "facilitation", "monitoring", "lobby", "escalation", "capacity_coordination", "council_information",
    "council_group", "celebration",
)  # fmt: skip
P = SimpleNamespace(
    coordination_fte=0.1, facilitation_fte=0.2, monitoring_fte=0.3, lobby_fte=0.4, escalation_fte=0.5,
    secretaries_fte=0.6,
    council_fte=0.7, celebration_fte=0.8, province_staff=10.0,
)  # fmt: skip


def rules(strength: float, **values: float) -> SimpleNamespace:
    usual = dict.fromkeys(SERVICES, strength) | {
        "binding": strength,
        "cofunding": 0.0,
        "mandate": 0.0,
        "services_by_province": 0.0,
    }
    return SimpleNamespace(**(usual | values))


def test_by_hand() -> None:
    # 10 x (0.1 + 0.2 + 0.3 + 0.4 + 0.5 + 0.6 + 2 x 0.7 + 0.8) x 0.5
    assert asked(P, rules(0.5), 10) == pytest.approx(21.5)
    assert asked(P, rules(0.0, lobby=0.1), 16) == pytest.approx(0.64)
    assert supplied(0.1, 0.5, 0.25) == pytest.approx(0.2)
    assert supplied(0.1, 0.5, 0.0) == 0.1


def _region(
    mandate: float, stance: float, intervenes: bool, province: float = 1.0
) -> tuple[SimpleNamespace, SimpleNamespace]:
    """Services of 0.1 in the status quo, 0.6 by the province, for ten municipalities; in a second arena 0.2, for two.

    The province's part asks 21.5 fte, and it has 10.75.
    """
    now = rules(0.6, mandate=mandate, cofunding=0.4, services_by_province=province)
    known = np.full((1, 4), None)
    known[0, FALLBACK] = rules(0.1)
    s = SimpleNamespace(
        institution=[now, rules(0.2)], n_invited=np.array([10, 2]), service_fte=np.full(2, -9.0),
        region=SimpleNamespace(design=0, slot=2, stance=stance, intervenes=intervenes, acts=0.9,
                               binding_supplied=0.9),
    )  # fmt: skip
    return s, SimpleNamespace(institution=known)


def _update(mandate: float, stance: float, intervenes: bool, province: float = 1.0) -> SimpleNamespace:
    s, w = _region(mandate, stance, intervenes, province)
    p = SimpleNamespace(**(vars(P) | {"province_staff": 10.75}))
    with interpreted(services):
        services.update(s, w, p, 9)
    return s


def test_members_supply_what_their_institution_asks() -> None:
    s, w = _region(0.0, 0.5, False, province=0.0)
    with interpreted(services), changes(s, "service_fte", "region.acts", "region.binding_supplied"):
        services.update(s, w, P, 9)
    assert s.service_fte == pytest.approx([25.8, 1.72])
    assert (s.region.acts, s.region.binding_supplied) == (0.0, 0.0), "nothing: the province supplies nothing"
    assert s.institution[0].monitoring == 0.6


@pytest.mark.parametrize(
    ("mandate", "stance", "intervenes", "acts"),
    [(1.0, 0.0, False, 1.0), (0.0, 0.8, True, 0.8), (0.5, 0.4, True, 0.7), (0.5, 0.4, False, 0.5)],
)
def test_the_province_supplies_as_far_as_it_acts_and_has_staff(
    mandate: float, stance: float, intervenes: bool, acts: float
) -> None:
    """It has staff for half of what it would do; binding asks none; members go on with the status quo."""
    s = _update(mandate, stance, intervenes)
    assert [getattr(s.institution[0], name) for name in SERVICES] == pytest.approx(
        [0.1 + 0.5 * acts * 0.5] * len(SERVICES)
    )
    assert s.institution[0].binding == pytest.approx(0.1 + acts * 0.5)
    assert s.institution[0].cofunding == 0.4
    assert (s.region.acts, s.region.binding_supplied) == pytest.approx((acts, 0.5))
    assert s.service_fte == pytest.approx([4.3, 1.72])


@pytest.mark.parametrize(("stance", "intervenes"), [(1.0, False), (0.0, True)])
def test_nothing_is_supplied_by_a_province_that_may_not_or_will_not(stance: float, intervenes: bool) -> None:
    s = _update(0.0, stance, intervenes)
    assert [getattr(s.institution[0], name) for name in (*SERVICES, "binding")] == [0.1] * (len(SERVICES) + 1)
    assert s.institution[0].cofunding == (
        0.4 if intervenes else 0.0
    )  # a stance of 0 is no money either, by rule funding
    assert s.service_fte == pytest.approx([4.3, 1.72])


def test_a_province_that_is_asked_nothing_more_has_staff_enough() -> None:
    s, w = _region(1.0, 0.0, False)
    for name in SERVICES:
        setattr(s.institution[0], name, 0.1)
    with interpreted(services):
        services.update(s, w, P, 9)
    assert s.institution[0].binding == 0.6
    assert s.institution[0].lobby == pytest.approx(0.1)


@given(shares, shares, st.booleans(), shares)
def test_services_lie_between_the_status_quo_and_the_design(
    mandate: float, stance: float, intervenes: bool, more: float
) -> None:
    s = _update(mandate, stance, intervenes)
    values = [getattr(s.institution[0], name) for name in (*SERVICES, "binding")]
    assert all(0.1 - 1e-12 <= value <= 0.6 + 1e-12 for value in values)
    further = _update(max(mandate, more), max(stance, more), True)
    assert all(
        getattr(further.institution[0], name) >= value - 1e-12 for name, value in zip(SERVICES, values, strict=False)
    )
    assert asked(P, rules(mandate), 3) <= asked(P, rules(max(mandate, more)), 3) <= asked(P, rules(1.0), 4)
