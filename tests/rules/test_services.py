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
asked_of_members = plain(services.asked_of_members)
SERVICES = (
    "coordination", "facilitation", "monitoring", "lobby", "escalation", "council_information", "council_group",
    "celebration",
)  # fmt: skip
#: What asks staff too, and only the municipalities can do.
OWN_WORK = ("capacity_coordination", "cross_border_focus", "sounding_board", "thinning", "merging")
P = SimpleNamespace(
    coordination_fte=0.1, facilitation_fte=0.2, monitoring_fte=0.3, lobby_fte=0.4, escalation_fte=0.5,
    secretaries_fte=0.6,
    council_fte=0.7, celebration_fte=0.8, binding_fte=0.9, focus_fte=1.0, sounding_fte=1.1, review_fte=1.2,
    province_staff=10.0,
)  # fmt: skip


def rules(strength: float, **values: float) -> SimpleNamespace:
    usual = dict.fromkeys(SERVICES, strength) | {
        "binding": strength,
        **dict.fromkeys(OWN_WORK, 0.0),
        "cofunding": 0.0,
        "mandate": 0.0,
        "steering": 0.7,
        "imposition": 0.7,
        "services_by_province": 0.0,
    }
    return SimpleNamespace(**(usual | values))


def test_by_hand() -> None:
    # 10 x (0.1 + 0.2 + 0.3 + 0.4 + 0.5 + 2 x 0.7 + 0.8, and 0.9 for binding) x 0.5
    assert asked(P, rules(0.5), 10) == pytest.approx(23.0)
    assert asked(P, rules(0.0, lobby=0.1), 16) == pytest.approx(0.64)
    # 2 x 0.9 x 0.5, and 2 x (0.6 x 0.5 + 0.2 + 1.1 x 0.4 + 1.2 x (0.1 + 0.3))
    work = {
        "binding": 0.5,
        "capacity_coordination": 0.5,
        "cross_border_focus": 0.2,
        "sounding_board": 0.4,
        "thinning": 0.1,
        "merging": 0.3,
    }
    assert asked(P, rules(0.0, **work), 2) == pytest.approx(0.9)
    assert asked_of_members(P, rules(0.0, **work), 2) == pytest.approx(2.84)
    assert supplied(0.1, 0.5, 0.25, 1.0) == pytest.approx(0.2)
    assert supplied(0.1, 0.5, 0.0, 1.0) == 0.1
    assert supplied(0.1, 0.5, 0.25, 0.5) == pytest.approx(0.15), "half of what there was before has staff"


@pytest.mark.parametrize("name", [*SERVICES, "binding", *OWN_WORK])
def test_all_that_is_done_asks_staff_of_everyone_that_takes_part(name: str) -> None:
    staff, other = (asked_of_members, asked) if name in OWN_WORK else (asked, asked_of_members)
    one = staff(P, rules(0.0, **{name: 0.5}), 1)
    assert one > 0.0 == staff(P, rules(0.0), 1)
    assert staff(P, rules(0.0, **{name: 1.0}), 8) == pytest.approx(16.0 * one)
    assert other(P, rules(0.0, **{name: 1.0}), 8) == 0.0


def _region(
    mandate: float, stance: float, intervenes: bool, province: float = 1.0, **role: float
) -> tuple[SimpleNamespace, SimpleNamespace]:
    """Services of 0.1 in the status quo, 0.6 by the province, for ten municipalities; in a second arena 0.2, for two.

    The province's part asks 23 fte, and it has 11.5.
    """
    now = rules(0.6, mandate=mandate, cofunding=0.4, services_by_province=province, **role)
    known = np.full((1, 4), None)
    known[0, FALLBACK] = rules(0.1)
    s = SimpleNamespace(
        institution=[now, rules(0.2)], n_invited=np.array([10, 2]), service_fte=np.full(2, -9.0),
        staffed=np.ones(2),
        region=SimpleNamespace(design=0, slot=2, stance=stance, intervenes=intervenes, acts=0.9,
                               binding_own=0.9, binding_supplied=0.9),
    )  # fmt: skip
    return s, SimpleNamespace(institution=known)


def _update(mandate: float, stance: float, intervenes: bool, **role: float) -> SimpleNamespace:
    s, w = _region(mandate, stance, intervenes, **role)
    p = SimpleNamespace(**(vars(P) | {"province_staff": 11.5}))
    with interpreted(services):
        services.update(s, w, p, 9)
    return s


def test_members_supply_what_their_institution_asks() -> None:
    s, w = _region(0.0, 0.5, False, province=0.0)
    with (
        interpreted(services),
        changes(s, "service_fte", "region.acts", "region.binding_own", "region.binding_supplied"),
    ):
        services.update(s, w, P, 9)
    assert s.service_fte == pytest.approx([27.6, 1.84])
    assert (s.region.acts, s.region.binding_own, s.region.binding_supplied) == (0.0, 0.0, 0.0), (
        "nothing: the province supplies nothing"
    )
    assert s.institution[0].monitoring == 0.6


@pytest.mark.parametrize(
    ("mandate", "stance", "intervenes", "acts"),
    [(1.0, 0.0, False, 1.0), (0.0, 0.8, True, 0.8), (0.5, 0.4, True, 0.7), (0.5, 0.4, False, 0.5)],
)
def test_the_province_supplies_as_far_as_it_acts_and_has_staff(
    mandate: float, stance: float, intervenes: bool, acts: float
) -> None:
    """It has staff for half of what it would do, binding too; members go on with the status quo."""
    s = _update(mandate, stance, intervenes)
    assert [getattr(s.institution[0], name) for name in SERVICES] == pytest.approx(
        [0.1 + 0.5 * acts * 0.5] * len(SERVICES)
    )
    assert s.institution[0].binding == pytest.approx(0.1 + 0.5 * acts * 0.5)
    assert s.institution[0].cofunding == 0.4
    assert (s.region.acts, s.region.binding_supplied) == pytest.approx((0.5 * acts, 0.5))
    assert s.service_fte == pytest.approx([4.6, 1.84])


def test_services_for_which_there_was_no_staff_last_quarter_hold_in_part() -> None:
    """In the region staff was there for half, in the second arena for a fifth; what they ask stays what it is."""
    s, w = _region(0.0, 0.5, False, province=0.0)
    s.staffed[:] = 0.5, 0.2
    with interpreted(services):
        services.update(s, w, P, 9)
    assert [getattr(s.institution[0], name) for name in (*SERVICES, "binding")] == [0.3] * (len(SERVICES) + 1)
    assert s.institution[1].lobby == pytest.approx(0.04)
    assert s.service_fte == pytest.approx([27.6, 1.84])


def test_of_what_the_province_supplies_only_the_part_of_the_members_lacks_staff() -> None:
    s, w = _region(1.0, 0.0, False)
    s.staffed[0] = 0.5
    with interpreted(services):
        services.update(s, w, SimpleNamespace(**(vars(P) | {"province_staff": 11.5})), 9)
    assert s.institution[0].monitoring == s.institution[0].binding == pytest.approx(0.5 * 0.1 + 0.5 * 0.5)
    assert (s.region.binding_own, s.region.binding_supplied) == pytest.approx((0.05, 0.5)), (
        "for the agreements the same"
    )


@pytest.mark.parametrize(
    ("value", "part", "staffed", "there"),
    [(0.6, 0.5, 1.0, 0.35), (0.6, 0.5, 0.5, 0.3), (0.0, 0.5, 1.0, 0.05), (0.0, 1.0, 0.5, 0.0), (0.05, 1.0, 0.4, 0.02)],
)
def test_less_than_the_status_quo_is_less_of_what_there_is_staff_for(
    value: float, part: float, staffed: float, there: float
) -> None:
    with interpreted(services):
        assert services.supplied(0.1, value, part, staffed) == pytest.approx(there)


@given(shares, shares, shares, shares)
def test_no_service_is_negative_or_above_one(before: float, value: float, part: float, staffed: float) -> None:
    with interpreted(services):
        assert -1e-12 <= services.supplied(before, value, part, staffed) <= max(before, value) + 1e-12


def test_what_has_ended_asks_for_no_staff_and_stays_as_it_is() -> None:
    s, w = _region(0.0, 0.5, False, province=0.0)
    s.staffed[:] = 0.5, 0.2
    s.n_invited[1] = 0
    with interpreted(services):
        services.update(s, w, P, 9)
    assert (s.service_fte[1], s.institution[1].lobby) == (0.0, 0.2)


@pytest.mark.parametrize("acts", [0.0, 1.0])
def test_what_only_municipalities_can_do_is_theirs_whatever_the_province_does(acts: float) -> None:
    """A review of 0.5 asks 10 x 1.2 x 0.5 fte of them, beside the services of the status quo; the province none."""
    s = _update(acts, 0.0, False, thinning=0.5)
    assert s.institution[0].thinning == 0.5
    assert s.institution[0].lobby == pytest.approx(0.1 + acts * 0.5 * 0.5)
    assert s.service_fte == pytest.approx([10.6, 1.84])


@pytest.mark.parametrize(
    ("steering", "imposition", "acts"),
    [(0.0, 0.0, 0.0), (0.1, 0.0, 0.0), (0.0, 0.1, 0.0), (0.1, 0.1, 0.7), (1.0, 1.0, 0.7)],
)
def test_the_province_supplies_nothing_unless_it_may_steer_and_impose(
    steering: float, imposition: float, acts: float
) -> None:
    """How strong its role is does not count, only whether it has one."""
    s = _update(0.5, 0.4, True, steering=steering, imposition=imposition)
    assert (s.region.acts, s.institution[0].binding) == pytest.approx((0.5 * acts, 0.1 + 0.25 * acts))
    assert s.institution[0].cofunding == (0.4 if acts else 0.0)
    assert [getattr(s.institution[0], name) for name in SERVICES] == pytest.approx([0.1 + 0.25 * acts] * len(SERVICES))
    assert s.service_fte == pytest.approx([4.6, 1.84])


@pytest.mark.parametrize(("stance", "intervenes"), [(1.0, False), (0.0, True)])
def test_nothing_is_supplied_by_a_province_that_may_not_or_will_not(stance: float, intervenes: bool) -> None:
    s = _update(0.0, stance, intervenes)
    assert [getattr(s.institution[0], name) for name in (*SERVICES, "binding")] == [0.1] * (len(SERVICES) + 1)
    assert s.institution[0].cofunding == (
        0.4 if intervenes else 0.0
    )  # a stance of 0 is no money either, by rule funding
    assert s.service_fte == pytest.approx([4.6, 1.84])


def test_a_province_that_is_asked_no_more_staff_has_enough() -> None:
    """What the status quo has of celebrating asks more than the lobby and the binding of the province."""
    s, w = _region(1.0, 0.0, False)
    w.institution[0, FALLBACK].celebration = 1.0
    for name in SERVICES:
        setattr(s.institution[0], name, 0.1)
    s.institution[0].lobby = 0.2
    s.institution[0].binding = 0.2
    p = SimpleNamespace(**(vars(P) | {"province_staff": 0.001}))
    with interpreted(services):
        services.update(s, w, p, 9)
    assert s.institution[0].binding == pytest.approx(0.2)
    assert s.institution[0].lobby == pytest.approx(0.2)


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
