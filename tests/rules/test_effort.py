from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bresim.kernel.state import EXECUTING, IDLE
from bresim.rules import effort, funding
from tests.rules.plain import changes, interpreted, listed, plain, scratch, shares

cost, friction, capital, in_trouble, partners_effort, by_trust, mean_trust = (
    plain(f)
    for f in (
        effort.transaction_cost, effort.friction, effort.capital_need, effort.in_trouble, effort.partners_effort,
        effort.by_trust, effort.mean_trust,
    )
)  # fmt: skip


def rules(coordination: float, focus: float, partner_weight: float = 0.0) -> SimpleNamespace:
    return SimpleNamespace(coordination=coordination, cross_border_focus=focus, partner_weight=partner_weight)


def test_by_hand() -> None:
    assert cost(0.06, 16) == pytest.approx(1.9)
    assert cost(0.03, 16) == pytest.approx(1.45)
    assert cost(0.0, 16) == cost(0.06, 1) == cost(0.06, 0) == 1.0
    p = SimpleNamespace(transaction_cost=0.1, autonomy_gain=0.5, homogeneity_gain=0.4, partner_effort=0.5)
    # 0.1 x 0.6 x (1 - 0.5 x 0.4) x (1 - 0.5 x 0.5)
    assert friction(p, rules(0.4, 0.5), 1.0, 0.4, 0.5, 0.0) == pytest.approx(0.036)
    assert friction(p, rules(0.4, 0.5), 1.0, 0.4, 0.5, 0.5) == pytest.approx(0.018)
    assert friction(p, rules(0.0, 0.0), 1.0, 0.0, 1.0, 0.0) == pytest.approx(0.1)
    # of one kind, or a quarter as different as can be: x (1 - 0.4), x (1 - 0.4 x 0.75)
    assert friction(p, rules(0.0, 0.0), 0.0, 0.0, 1.0, 0.0) == pytest.approx(0.06)
    assert friction(p, rules(0.4, 0.5), 0.25, 0.4, 0.5, 0.0) == pytest.approx(0.0252)
    assert capital(1.5, 0.8, 0.5) == pytest.approx(1.6)
    # 0.5 x 10 x (0.5 x (0.5 x 0.8 + 0.25 x 0.4) + 0.1)
    assert partners_effort(p, rules(0.0, 0.0, 0.5), np.array([0.8, 0.4]), 0.5, 0.25, 0.1, 10.0) == pytest.approx(1.75)
    assert in_trouble(7.0, 14.0, 0.4)
    assert not in_trouble(6.0, 14.0, 0.4)
    assert in_trouble(13.0, 14.0, 0.9)
    assert not in_trouble(7.0, 14.0, 0.5)
    assert in_trouble(13.0, 14.0, 0.95), "the last quarter, and not done"
    assert not in_trouble(12.0, 14.0, 0.95)


FIELDS = ("progress", "clock", "since_milestone", "share_done")


def _working(
    *,
    clock: float = 1.0,
    escalation: float = 0.0,
    capacity: float = 1.0,
    beside: list[bool] | None = None,
    overlap: bool = True,
    weakest_link: int = 0,
    trust: float = 0.5,
) -> SimpleNamespace:
    """A quarter of work on theme 0 by three of four municipalities, of a mean ``trust`` in each other.

    Money from outside is 0.5; the initiative has 4 fte quarters behind it, and is one of two in execution. Another
    arena, of the municipalities ``beside`` (none), has three.
    """
    p = SimpleNamespace(
        bureau_efficiency=1.5, capacity_coordination_gain=0.5, opt_out_loss=0.5, partner_effort=0.5, autonomy_gain=0.5,
        transaction_cost=0.1, money_effort=1.0, capital_work=1.0, overrun=10.0, homogeneity_gain=0.4, trust_cost=0.5,
    )  # fmt: skip
    w = SimpleNamespace(
        economic=np.array([0.5]), societal=np.array([0.25]), water_board=np.array([0.0]), border_theme=np.array([0.0]),
        money=np.array([1.0]), weakest_link=weakest_link, overlaps=~np.eye(2, dtype=np.bool_) & overlap,
        window_shared=(1.0 - np.eye(2)) * overlap,
    )  # fmt: skip
    own = SimpleNamespace(
        coordination=0.5, cross_border_focus=0.0, capacity_coordination=0.4,
        partner_weight=0.5, partner_seats=1.0, execution=0.5, cofunding=0.4, mandate=0.0,
        programme_money=0.1, escalation=escalation,
    )  # fmt: skip
    s = SimpleNamespace(
        institution=[own], region=SimpleNamespace(stance=0.5), window=np.array([0.0]), grant=np.array([[0.2], [0.0]]),
        phase=np.full((2, 1), EXECUTING), applied=np.zeros((2, 1)), taken=np.zeros((2, 1)), diversity=np.array([0.5]),
        agreed_autonomy=np.zeros((1, 1)), agreed_opt_out=np.full((1, 1), 0.2),
        eligible=np.array([[True] * 4, beside or [False] * 4]),
        **listed([[[True, True, True, False]], [[False] * 4]]), capacity=np.array([10.0, 6.0, 4.0, 20.0]) * capacity,
        trust=np.full((4, 4), trust), offer=np.array([[[3.0, 2.0, 0.0, 9.0]]]),
        promised=np.array([[[4.0, 5.0, 0.0, 9.0]]]), arena_pool=np.array([2.0]), partner=np.array([0.8, 0.4]),
        executing=np.array([2.0, 3.0]), work=np.array([[40.0]]), progress=np.array([[4.0]]), clock=np.array([[clock]]),
        since_milestone=np.array([[2.0]]), share_done=np.array([[0.1]]), escalation=np.zeros((1, 1)), **scratch(4),
    )  # fmt: skip
    s.trust[3], s.trust[:, 3] = 1.0, 1.0
    s.trust[[0, 1], [1, 2]] += [-0.1, 0.1]
    np.fill_diagonal(s.trust, 9.0)  # in itself: not asked
    steps_in = escalation > 0.0 and bool(in_trouble(clock, 10.0, 0.1))
    with interpreted(effort, funding), changes(s, *FIELDS, *["escalation"] * steps_in):
        effort.update_initiative(s, w, p, 9, 0, 0)
    return s


STAFF = (5.0 + 1.5) * 1.2 * 0.9  # the members' 3 and 2 fte, the bureau 2 x 1.5 / 2
PARTNERS = 0.5 * 20.0 * 0.5 * (0.5 * 0.8 + 0.25 * 0.4) / 2.0
FRICTION = 0.1 * 0.8 * 0.5  # half as different as can be takes away 0.4 x 0.5, the convener half


def test_the_work_of_a_quarter_by_hand() -> None:
    s = _working()
    done = 0.5 * (STAFF + PARTNERS) * 1.5 / (1.0 + FRICTION * 3.0)
    assert s.progress[0, 0] == pytest.approx(4.0 + done)
    assert s.share_done[0, 0] == pytest.approx((4.0 + done) / (40.0 * 1.5)), "half of the money is not there"
    assert (s.clock[0, 0], s.since_milestone[0, 0]) == (2.0, 3.0)


@pytest.mark.parametrize(("trust", "factor"), [(0.9, 0.6), (0.5, 1.0), (0.1, 1.4), (0.2, 1.3)])
def test_members_that_trust_each_other_lose_less_to_working_together(trust: float, factor: float) -> None:
    """Trust of 0.9 among the three takes 0.5 x 0.8 of friction away, 0.1 adds as much; who trusts 3 is no matter."""
    s = _working(trust=trust)
    done = 0.5 * (STAFF + PARTNERS) * 1.5 / (1.0 + FRICTION * factor * 3.0)
    assert s.progress[0, 0] == pytest.approx(4.0 + done)


def test_trust_of_members_in_each_other_by_hand() -> None:
    """Of 0 and 2 in each other; of all three the mean of six; nobody to trust is neither trust nor distrust."""
    trust = np.array([[9.0, 0.2, 0.6], [0.4, 9.0, 0.8], [0.9, 0.1, 9.0]])
    assert mean_trust(trust, np.array([0, 2, -9]), 2) == pytest.approx(0.75)
    assert mean_trust(trust, np.array([0, 1, 2]), 3) == pytest.approx(0.5)
    assert mean_trust(trust, np.array([1, -9, -9]), 1) == mean_trust(trust, np.full(3, -9), 0) == 0.5
    assert by_trust(0.75, 0.4) == pytest.approx(0.8)
    assert by_trust(0.25, 0.4) == pytest.approx(1.2)
    assert by_trust(0.5, 0.4) == by_trust(0.9, 0.0) == 1.0


@given(shares, shares, shares, st.integers(1, 60))
def test_more_trust_never_makes_working_together_dearer(one: float, other: float, weight: float, members: int) -> None:
    less, more = min(one, other), max(one, other)
    assert 0.0 <= by_trust(more, weight) <= by_trust(less, weight) <= 2.0
    assert 1.0 <= cost(0.1 * by_trust(more, weight), members) <= cost(0.1 * by_trust(less, weight), members)


def test_the_same_partners_divide_their_work_over_all_that_overlaps() -> None:
    """The members have 10, 6 and 4 fte. The bureau is that of the arena, and goes on as it did."""
    for beside, fte in (
        ([False] * 4, 20.0 / 2.0),
        ([True] * 4, 20.0 / 5.0),  # over five initiatives instead of two
        ([False, True, False, True], 10.0 / 2.0 + 6.0 / 5.0 + 4.0 / 2.0),
    ):
        s = _working(beside=beside)
        done = 0.5 * (STAFF + PARTNERS * fte / 10.0) * 1.5 / (1.0 + FRICTION * 3.0)
        assert s.progress[0, 0] == pytest.approx(4.0 + done)
    apart = _working(beside=[True] * 4, overlap=False)
    assert apart.progress[0, 0] == pytest.approx(_working(beside=[False] * 4).progress[0, 0])


def _tables(executing: list[int], eligible: np.ndarray) -> SimpleNamespace:
    """Arenas with so many of ten initiatives in execution, and no member in any of these."""
    count = np.array(executing)
    return SimpleNamespace(  # in the order in which they are asked
        executing=count.astype(np.float64),
        eligible=eligible,
        phase=np.where(np.arange(10) < count[:, None], EXECUTING, IDLE),
        committed=np.zeros((len(count), 10, eligible.shape[1]), np.bool_),
    )


def test_what_is_in_execution_elsewhere_by_hand() -> None:
    """0 overlaps with 1 (5 in execution) and 3 (6), not with 2 (4); municipality 0 is in 1 and 2, and 1 in 1 and 3.

    2 is eligible in neither, but a member of two of what 3 executes, and of two that are not in execution.
    """
    member = np.array([[True, True, True], [True, True, False], [True, False, False], [False, True, False]])
    s = _tables([3, 5, 4, 6], member)
    s.committed[3, [0, 5, 6, 9], 2] = True
    s.committed[3, 0, 1] = s.committed[2, 0, 2] = True  # eligible there; no overlap

    def served(a: int, running: float) -> list[float]:
        found = np.full(3, np.nan)
        plain(effort.served_by_partners)(*vars(s).values(), w.overlaps[a], running, found)
        return [float(one) for one in found]

    overlaps = np.zeros((4, 4), np.bool_)
    overlaps[0, [1, 3]] = overlaps[[1, 3], 0] = True
    w = SimpleNamespace(overlaps=overlaps)
    assert served(0, 0.0) == [5.0, 11.0, 2.0]
    assert served(0, 3.0) == [8.0, 14.0, 5.0], "with those of the arena itself"
    assert served(1, 0.0) == [3.0, 3.0, 3.0]
    assert served(2, 0.0)[0] == 0.0


def _behind(
    running: int, other: int, fte: list[float], beside: list[bool], taking_part: list[bool], a: int = 0
) -> float:
    """What is behind the partners of one of ``running`` initiatives of arena ``a``; the other of two has ``other``."""
    w = SimpleNamespace(overlaps=~np.eye(2, dtype=np.bool_), window_shared=1.0 - np.eye(2))
    s = _tables([running, other] if a == 0 else [other, running], np.array([[True] * len(fte), beside]))
    party, served = np.append(np.flatnonzero(taking_part), -9), np.full(len(fte), np.nan)
    plain(effort.served_by_partners)(*vars(s).values(), w.overlaps[a], running, served)
    return float(plain(effort.capacity_behind_partners)(np.array(fte), served, party, sum(taking_part)))


def test_the_capacity_behind_partners_by_hand() -> None:
    fte, part = [10.0, 6.0, 4.0, 20.0], [True, True, True, False]
    assert _behind(2, 3, fte, [False] * 4, part) == pytest.approx(10.0), "no overlap: their sum over its own"
    assert _behind(2, 3, fte, [True] * 4, part) == pytest.approx(4.0), "as one table with both"
    assert _behind(2, 0, fte, [True] * 4, part) == pytest.approx(10.0), "nothing is carried out there"
    assert _behind(2, 3, fte, [False, True, False, True], part) == pytest.approx(5.0 + 1.2 + 2.0)
    assert _behind(2, 3, fte, [True] * 4, [False] * 4) == 0.0


@given(
    st.integers(1, 9), st.integers(0, 9),
    st.lists(st.tuples(st.floats(0.1, 50.0), st.booleans(), st.booleans()), min_size=1, max_size=8),
)  # fmt: skip
def test_overlap_by_municipality_lies_between_none_and_all(
    running: int, other: int, towns: list[tuple[float, bool, bool]]
) -> None:
    fte, beside, part = (list(column) for column in zip(*towns, strict=True))
    none, some, full = (
        _behind(running, other, fte, one, part) for one in ([False] * len(fte), beside, [True] * len(fte))
    )  # type: ignore[arg-type]
    inside = sum(one for one, joins in zip(fte, part, strict=True) if joins)
    assert none == pytest.approx(inside / running)
    assert full == pytest.approx(inside / (running + other))
    assert full - 1e-9 <= some <= none + 1e-9


@given(
    st.integers(1, 9), st.integers(1, 9),
    st.lists(st.tuples(st.floats(0.1, 50.0), st.booleans()), min_size=1, max_size=8),
)  # fmt: skip
def test_no_capacity_is_behind_partners_twice(here: int, there: int, towns: list[tuple[float, bool]]) -> None:
    """Over all initiatives of both tables, with all that can take part, every municipality counts once."""
    fte, beside = (list(column) for column in zip(*towns, strict=True))
    all_here = here * _behind(here, there, fte, beside, [True] * len(fte))  # type: ignore[arg-type]
    all_there = there * _behind(there, here, fte, beside, beside, a=1)  # type: ignore[arg-type]
    assert all_here + all_there == pytest.approx(sum(fte))


def test_work_does_not_shrink_with_capacity() -> None:
    """Of all that is done only the partners' part follows capacity: what is to be done was fixed at the agreement."""
    s, less = _working(), _working(capacity=0.5)
    assert less.progress[0, 0] < s.progress[0, 0]
    assert less.share_done[0, 0] / less.progress[0, 0] == pytest.approx(s.share_done[0, 0] / s.progress[0, 0])


def test_escalation_takes_friction_away_from_an_initiative_in_trouble() -> None:
    s = _working(clock=5.0, escalation=0.6)
    assert s.escalation[0, 0] == 0.6
    assert s.progress[0, 0] == pytest.approx(4.0 + 0.5 * (STAFF + PARTNERS) * 1.5 / (1.0 + FRICTION * 0.4 * 3.0))
    calm = _working(clock=4.0, escalation=0.6)
    assert calm.escalation[0, 0] == 0.0
    assert calm.progress[0, 0] < s.progress[0, 0]


@given(shares, shares, shares, shares, shares, shares, shares, st.integers(1, 60))
def test_working_together_costs_effort_and_less_the_more_is_done_about_it(
    a: float, b: float, c: float, gain: float, likeness: float, diversity: float, border: float, members: int
) -> None:
    p = SimpleNamespace(transaction_cost=0.2, autonomy_gain=gain, homogeneity_gain=likeness)
    x = friction(p, rules(a, c), diversity, b, border, 0.0)
    assert friction(p, rules(a, c), diversity, b, border, 1.0) == 0.0 <= x <= 0.2
    for more in (rules(1.0, c), rules(a, 1.0)):
        assert friction(p, more, diversity, b, border, 0.0) <= x + 1e-12
    assert friction(p, rules(a, c), diversity, 1.0, border, 0.0) <= x + 1e-12
    assert friction(p, rules(a, c), 0.0, b, border, 0.0) <= x + 1e-12
    assert x <= friction(p, rules(a, c), 1.0, b, border, 0.0) + 1e-12
    assert 1.0 <= cost(x, members) <= cost(x, members + 1) <= cost(0.2, members + 1) + 1e-12


@given(shares, shares)
def test_money_relieves_a_theme_that_lives_on_it(propensity: float, money: float) -> None:
    assert 1.0 <= capital(1.5, propensity, money) <= capital(1.5, propensity, 0.0)
    assert capital(1.5, propensity, 1.0) == 1.0


def test_a_weakest_link_by_hand() -> None:
    """Members promised 4, 5 and nothing, and gave 3, 2 and nothing: all 9 count as far as the second, 2 / 5."""
    s = _working(weakest_link=1)
    staff = (0.4 * 9.0 + 1.5) * 1.2 * 0.9
    done = 0.5 * (staff + PARTNERS) * 1.5 / (1.0 + FRICTION * 3.0)
    assert s.progress[0, 0] == pytest.approx(4.0 + done)


@given(st.lists(shares, min_size=4, max_size=4))
def test_a_weakest_link_is_never_stronger(kept: list[float]) -> None:
    promised = np.array([[[4.0, 5.0, 1.0, 0.0]]])
    s = SimpleNamespace(**listed([[[True] * 4]]), promised=promised, offer=promised * np.array(kept))
    alone, least = (plain(effort.given_by_all)(s, SimpleNamespace(weakest_link=link), 0, 0) for link in (0, 1))
    assert least <= alone + 1e-9
    assert least == pytest.approx(10.0 * min(kept[:3]))
