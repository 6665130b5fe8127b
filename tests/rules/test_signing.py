from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bresim.kernel.state import AGREED, BROKEN, EXECUTING, FALLBACK, IMPOSED, KEPT, NEGOTIATING, OPEN, OUTSIDE
from bresim.rules import funding, signing
from tests.rules.plain import changes, interpreted, plain, scratch, shares

available, free_capacity, required, part_of, promise, sharing = (
    plain(f)
    for f in (
        signing.available, signing.free_capacity, signing.required_work, signing.part_of, signing.promise,
        signing.sharing,
    )
)  # fmt: skip
fte = st.floats(0.0, 100.0)
P = SimpleNamespace(
    work=0.5, work_fixed=10.0, work_absent=0.5, plan_longest=10.0, plan_shortest=5.0, promise_share=0.25,
    home_first=0.0,
    subregional_bond=0.0, bureau_efficiency=1.0, partner_effort=0.0, transaction_cost=0.1, autonomy_gain=0.5,
    capital_work=1.0, money_effort=1.0, homogeneity_gain=0.5,
)  # fmt: skip


def rules(**values: float) -> SimpleNamespace:
    """An institution under which working together is free, and nobody helps."""
    usual = {"coordination": 1.0, "alliance_autonomy": 0.0, "cross_border_focus": 0.0, "partner_seats": 0.0,
             "partner_weight": 0.0, "execution": 1.0, "cost_sharing": 1.0, "lead_share": 0.0, "cofunding": 0.0,
             "mandate": 0.0, "programme_money": 0.0, "binding": 0.6, "exit_cost": 0.3, "sanction": 0.2,
             "council_ratification": 0.8, "opt_out": 0.1, "services_by_province": 0.0}  # fmt: skip
    return SimpleNamespace(**(usual | values))


def planned(
    p: SimpleNamespace, institution: SimpleNamespace, work: float, members: int, quarters: float, money: float,
    propensity: float, diversity: float, helping: float, autonomy: float = 0.0,
) -> float:  # fmt: skip
    with interpreted(signing):  # it calls functions of other rules with records
        chi = signing.friction(p, institution, diversity, autonomy, 0.0, 0.0)
        return float(signing.planned_effort(p, institution, chi, work, members, quarters, money, propensity, helping))


def test_by_hand() -> None:
    assert available(5.0, 0.4, 0.5) == pytest.approx(4.0)
    assert free_capacity(5.0, 0.4, 0.5, 3.0) == pytest.approx(1.0)
    assert free_capacity(5.0, 0.4, 0.5, 4.5) == 0.0
    # 20 + 2 x (30 + 0.25 x 40)
    assert required(2.0, 20.0, 0.25, 30.0, 70.0) == pytest.approx(100.0)
    assert part_of(3.0, 10.0, 4, 1.0) == pytest.approx(0.3)
    assert part_of(3.0, 10.0, 4, 0.0) == pytest.approx(0.25)
    assert part_of(3.0, 10.0, 4, 0.5) == pytest.approx(0.275)
    # a share of 0.4 of what is free, from 1 (the slowest plan) to 3 (the fastest)
    assert promise(5.0, 0.4, 1.0, 3.0) == pytest.approx(2.0)
    assert promise(1.0, 0.4, 1.0, 3.0) == 1.0
    assert promise(9.0, 0.4, 1.0, 3.0) == 3.0


def test_what_a_plan_asks_by_hand() -> None:
    """60 x 1.5 for want of half of the money, x 1.15 for three members and a seat, in 10 quarters of half execution.

    Where municipalities are but 0.4 as different as can be, x 1 + 0.1 x 0.7 x 0.5 x 3 instead.
    """
    institution = rules(coordination=0.5, partner_seats=1.0, execution=0.5)
    assert planned(P, institution, 60.0, 3, 10.0, 0.5, 1.0, 1.0, 2.0) == pytest.approx(103.5 / 7.5 - 2.0)
    assert planned(P, institution, 60.0, 3, 10.0, 0.5, 1.0, 0.4, 2.0) == pytest.approx(99.45 / 7.5 - 2.0)
    assert planned(P, institution, 60.0, 3, 10.0, 0.5, 1.0, 1.0, 99.0) == 0.0
    institution.execution = 0.0
    assert planned(P, institution, 60.0, 3, 10.0, 0.5, 1.0, 1.0, 2.0) == pytest.approx(103.5 / 0.75 - 2.0)


def test_an_initiative_that_is_agreed_is_one_more_to_share_the_bureau() -> None:
    s = SimpleNamespace(executing=np.array([2.0]), phase=np.array([[NEGOTIATING, EXECUTING]]))
    assert (sharing(s, 0, 0), sharing(s, 0, 1)) == (3.0, 2.0)


@given(fte, shares, fte, fte)
def test_a_promise_lies_between_the_slowest_and_the_fastest_plan(free: float, share: float, a: float, b: float) -> None:
    slowest, fastest = min(a, b), max(a, b)
    x = promise(free, share, slowest, fastest)
    assert slowest <= x <= fastest
    assert x <= promise(free + 1.0, share, slowest, fastest)
    if slowest <= share * free <= fastest:
        assert x == share * free


@given(st.lists(st.floats(0.5, 50.0), min_size=1, max_size=20), shares)
def test_all_sign_for_the_whole_work(capacity: list[float], cost_sharing: float) -> None:
    parts = [part_of(one, sum(capacity), len(capacity), cost_sharing) for one in capacity]
    assert sum(parts) == pytest.approx(1.0)
    smallest, largest = int(np.argmin(capacity)), int(np.argmax(capacity))
    assert parts[smallest] <= parts[largest] + 1e-12


@given(fte, fte, shares, shares, shares)
def test_a_plan_asks_less_with_more_time_money_likeness_or_help(
    work: float, helping: float, money: float, propensity: float, diversity: float
) -> None:
    institution = rules(coordination=0.2)
    x = planned(P, institution, work, 5, 8.0, money, propensity, diversity, helping)
    assert x >= 0.0
    assert planned(P, institution, work, 5, 12.0, money, propensity, diversity, helping) <= x
    assert planned(P, institution, work, 5, 8.0, 1.0, propensity, diversity, helping) <= x
    assert planned(P, institution, work, 5, 8.0, money, propensity, 0.0, helping) <= x
    assert planned(P, institution, work, 5, 8.0, money, propensity, diversity, helping + 1.0) <= x
    assert planned(P, institution, work, 6, 8.0, money, propensity, diversity, helping) >= x
    assert planned(P, institution, work, 5, 8.0, money, propensity, diversity, helping, autonomy=0.5) <= x


@given(fte, fte, shares)
def test_work_rises_with_the_absent(inside: float, outside: float, absent: float) -> None:
    alone = required(1.6, 25.0, 0.0, inside, inside + outside)
    assert alone <= required(1.6, 25.0, absent, inside, inside + outside) + 1e-9
    assert required(1.6, 25.0, absent, inside, inside) == pytest.approx(25.0 + 1.6 * inside)


# --- at the agreement --------------------------------------------------------------------------------------------


class Slots:
    """The institutions of one design, of which only the status quo is looked up."""

    def __init__(self, **status_quo: float):
        self.status_quo = SimpleNamespace(**status_quo)

    def __getitem__(self, place: tuple[int, int]) -> SimpleNamespace:
        assert place == (0, FALLBACK)
        return self.status_quo


def _table(outcome: int, member: list[bool], **values: float) -> tuple[SimpleNamespace, SimpleNamespace]:
    """Of four municipalities 0 is a centre and has promised 2 fte; there is no capacity but that at the start."""
    s = SimpleNamespace(
        outcome=np.array([[outcome]]), phase=np.array([[NEGOTIATING]]), committed=np.array([[member]]),
        base_capacity=np.array([10.0, 6.0, 4.0, 20.0]), slack=np.array([8.0, 1.0, 10.0, 8.0]),
        signed=np.array([2.0, 0.0, 0.0, 0.0]), institution=[rules(**values)], region=SimpleNamespace(kappa=0.5,
        stance=0.0, design=0, turned=False, n_running=-9, acts=0.0, binding_own=0.0, binding_supplied=0.0),
        diversity=np.ones(1),
        applied=np.zeros((1, 1)), taken=np.zeros((1, 1)), agreed_supplied=np.full((1, 1), -9.0),
        window=np.zeros(1), grant=np.zeros((1, 1)), arena_pool=np.zeros(1), executing=np.zeros(1), partner=np.zeros(2),
        work=np.full((1, 1), -9.0), share_done=np.zeros((1, 1)), promised=np.full((1, 1, 4), -9.0),
        given=np.full((1, 1, 4), -9.0), quarters_before=np.full((1, 1, 4), -9.0), in_work=np.zeros((1, 1, 4), np.bool_),
        missed=np.full((1, 1, 4), -9.0), verdict=np.full((1, 1, 4), BROKEN),
        broken_again=np.ones((1, 1, 4), np.bool_), done_before=np.full((1, 1), -9.0),
        willing=np.zeros((1, 1, 4), np.bool_), enforced=np.zeros((1, 1, 4), np.bool_), since_milestone=np.full((1, 1),
        3.0),
        members=np.full((1, 1, 4), -9), n_members=np.full((1, 1), -9), running=np.full(1, -9),
        eligible=np.ones((1, 4), np.bool_),
        **{name: np.full((1, 1), -9.0) for name in TERMS}, **scratch(4),
    )  # fmt: skip
    w = SimpleNamespace(
        member=np.ones((1, 4), np.bool_), centre=np.array([True, False, False, False]), within_subregion=[False],
        overlaps=np.zeros((1, 1), np.bool_), window_shared=np.zeros((1, 1)),
        money=np.zeros(1), border_theme=np.zeros(1), economic=np.zeros(1), societal=np.zeros(1),
        water_board=np.zeros(1), institution=Slots(binding=0.1), population=np.array([0.4, 0.3, 0.2, 0.1]),
        severity=np.array([[0.5, 0.5, 0.5, 0.5]]),
    )  # fmt: skip
    return s, w


#: Rules of the agreement, with the field of the institution that they are taken from.
TERMS = {"agreed_binding": "binding", "agreed_exit_cost": "exit_cost", "agreed_sanction": "sanction",
         "agreed_ratified": "council_ratification", "agreed_cost_sharing": "cost_sharing",
         "agreed_opt_out": "opt_out", "agreed_autonomy": "alliance_autonomy"}  # fmt: skip
#: What they are in these tests.
USUAL = [0.6, 0.3, 0.2, 0.8, 1.0, 0.1, 0.0]
SIGNED = (*TERMS, "agreed_supplied", "work", "in_work", "executing", "promised", "signed", "given", "quarters_before",
          "missed", "verdict", "broken_again", "since_milestone", "done_before", "members", "n_members")  # fmt: skip
#: What is listed when execution begins.
LISTED = ("members", "n_members", "executing", "running", "region.n_running")


def _agree(
    outcome: int = AGREED, member: tuple[bool, ...] = (True, True, True, False), **values: float
) -> SimpleNamespace:
    s, w = _table(outcome, list(member), **values)
    with interpreted(signing, funding), changes(s, *SIGNED):
        signing.update_initiative(s, w, P, 9, 0, 0)
    return s


@pytest.mark.parametrize("outcome", [AGREED, IMPOSED])
def test_an_agreement_by_hand(outcome: int) -> None:
    """Work 10 + 0.5 x (20 + 0.5 x 20); plans of 2.5 and 5 fte, of which members sign for 0.5, 0.3 and 0.2."""
    s = _agree(outcome)
    assert s.work[0, 0] == pytest.approx(25.0)
    # a quarter of the 6 fte left; the slowest plan's 0.75 where there is but 1; the fastest's 1 where there are 10
    assert s.promised[0, 0] == pytest.approx([1.5, 0.75, 1.0, 0.0])
    assert s.signed == pytest.approx([3.5, 0.75, 1.0, 0.0])
    assert s.missed[0, 0].tolist() == [0.0, 0.0, 0.0, OUTSIDE]
    assert (s.since_milestone[0, 0], s.done_before[0, 0]) == (0.0, 0.0)
    assert not s.given.any()
    assert not s.quarters_before.any()
    assert (s.verdict == KEPT).all()
    assert not s.broken_again.any(), "what it did in an initiative before this one is past"


def test_what_was_done_before_an_agreement_is_nobodys_absence() -> None:
    """What a run inherits is a quarter done when it signs: its first milestone counts from there."""
    s, w = _table(AGREED, [True, True, True, False])
    s.share_done[0, 0] = 0.25
    with interpreted(signing, funding):
        signing.update_initiative(s, w, P, 0, 0, 0)
    assert s.done_before[0, 0] == 0.25
    assert s.missed[0, 0].tolist() == [0.0, 0.0, 0.0, OUTSIDE]


@pytest.mark.parametrize("outcome", [AGREED, IMPOSED])
def test_an_agreement_keeps_the_rules_under_which_it_was_made(outcome: int) -> None:
    """Each from its own field; they stay when others hold, also when somebody joins or leaves later."""
    s, w = _table(outcome, [True, True, True, False])
    with interpreted(signing, funding):
        signing.update_initiative(s, w, P, 9, 0, 0)
        kept = [
            0.0 if name == "agreed_ratified" and outcome == IMPOSED else value
            for name, value in zip(TERMS, USUAL, strict=True)
        ]
        assert [getattr(s, name)[0, 0] for name in TERMS] == kept, "no council decided on what was imposed"
        for field in TERMS.values():
            setattr(s.institution[0], field, 0.0)
        s.outcome[:], s.phase[:] = OPEN, EXECUTING
        s.committed[0, 0] = [True, False, True, True]
        signing.update(s, w, P, 10)
        assert s.promised[0, 0, 3] > 0.0 == s.promised[0, 0, 1]
        assert [getattr(s, name)[0, 0] for name in TERMS] == kept
        s.outcome[:], s.phase[:] = outcome, NEGOTIATING
        signing.update_initiative(s, w, P, 11, 0, 0)  # the next one is made under the rules of then
    assert [getattr(s, name)[0, 0] for name in TERMS] == [0.0] * len(TERMS)


def test_what_the_province_supplies_of_binding_holds_as_far_as_it_acts() -> None:
    """The status quo binds 0.1 and the province adds 0.5: 0.35 when it acts by half, 0.1 when it has gone."""
    s, w = _table(AGREED, [True, True, True, False], services_by_province=1.0, binding=0.35)
    s.region.acts, s.region.binding_own, s.region.binding_supplied = 0.5, 0.1, 0.5
    with interpreted(signing, funding):
        signing.update_initiative(s, w, P, 9, 0, 0)
        assert (s.agreed_binding[0, 0], s.agreed_supplied[0, 0]) == (0.1, 0.5)
        assert signing.binding_of(s, 0, 0) == pytest.approx(0.35)
        s.region.acts, s.region.binding_supplied = 0.0, 0.0
        assert signing.binding_of(s, 0, 0) == 0.1
        s.institution[0].services_by_province = 0.0  # the next one is made without it
        signing.update_initiative(s, w, P, 10, 0, 0)
    assert (s.agreed_binding[0, 0], s.agreed_supplied[0, 0]) == (0.35, 0.0)


def test_nothing_is_signed_without_agreement() -> None:
    s, w = _table(OPEN, [True, True, True, False])
    with interpreted(signing, funding), changes(s):
        signing.update_initiative(s, w, P, 9, 0, 0)


def test_cost_that_is_not_shared_is_divided_equally() -> None:
    """A third of 2.5 to 5 fte for each, also for the smallest; 1 promises what it does not have."""
    s = _agree(cost_sharing=0.0)
    assert s.promised[0, 0] == pytest.approx([1.5, 2.5 / 3.0, 5.0 / 3.0, 0.0])


def test_an_agreement_asks_more_where_municipalities_differ() -> None:
    """1 signs for 0.3 of the slowest plan of 2.5 fte, x 1 + 0.1 x (1 - 0.5 x (1 - V)) x 2 for three members."""
    for diversity, more in ((0.0, 1.1), (0.4, 1.14), (1.0, 1.2)):
        s, w = _table(AGREED, [True, True, True, False], coordination=0.0)
        s.diversity[:] = diversity
        with interpreted(signing, funding):
            signing.update_initiative(s, w, P, 9, 0, 0)
        assert s.promised[0, 0, 1] == pytest.approx(0.75 * more)


def test_tasks_are_left_to_the_lead() -> None:
    """1 and 2 leave half of 0.3 and 0.2, so 0 signs for 0.75 of the plan: 1.875 to 3.75 fte."""
    s = _agree(lead_share=0.5)
    assert s.promised[0, 0] == pytest.approx([1.875, 0.375, 0.5, 0.0])
    unled = _agree(member=(False, True, True, False), lead_share=0.5)
    assert unled.promised[0, 0] == pytest.approx(_agree(member=(False, True, True, False)).promised[0, 0])


@pytest.mark.parametrize(
    ("severity", "member", "leads"),
    [
        ([0.6, 0.5, 0.9], [True, True, True], 0),  # 0.6 / 0.45 = 1.33, 0.5 / 0.55 = 0.91, and 2 is no centre
        ([0.3, 0.9, 0.9], [True, True, True], 1),  # 0.3 / 0.3 = 1, 0.9 / 0.75 = 1.2
        ([0.3, 0.6, 0.9], [True, True, True], 0),  # 1 both: the first
        ([0.6, 0.5, 0.9], [False, True, True], 1),  # 0 is no member
        ([0.6, 0.5, 0.9], [False, False, True], -1),
        ([0.0, 0.0, 0.9], [False, True, True], 1),  # a centre leads also what weighs nothing with it
    ],
)
def test_the_centre_leads_in_which_the_theme_weighs_most(severity: list[float], member: list[bool], leads: int) -> None:
    """Each of the centres carries out one of the pillars (BRE 2.2): a theme has one lead, not always the largest."""
    centre = np.array([True, True, False])
    themes = np.array([severity, [0.3, 0.6, 0.1]])
    with interpreted(signing):
        assert signing.leader(np.array(member), centre, themes, 0) == leads


def test_other_centres_leave_their_part_too() -> None:
    """As above with 1 a centre too: it is not the one that leads."""
    s, w = _table(AGREED, [True, True, True, False], lead_share=0.5)
    w.centre[1] = True
    with interpreted(signing, funding):
        signing.update_initiative(s, w, P, 9, 0, 0)
    assert s.promised[0, 0] == pytest.approx(_agree(lead_share=0.5).promised[0, 0])


def test_an_initiative_signed_later_finds_less_free() -> None:
    s, w = _table(AGREED, [True, False, False, False])
    s.slack[0] = 14.0
    with interpreted(signing, funding):
        signing.update_initiative(s, w, P, 9, 0, 0)
        first = s.promised[0, 0, 0]
        signing.update_initiative(s, w, P, 9, 0, 0)
    assert s.promised[0, 0, 0] < first == 3.0


# --- in execution ------------------------------------------------------------------------------------------------


def _executing(member: list[bool]) -> tuple[SimpleNamespace, SimpleNamespace]:
    """As agreed above by 0, 1 and 2, three quarters after a milestone and with 0.4 of the work done."""
    s, w = _table(OPEN, member)
    s.phase[:], s.work[:], s.share_done[:] = EXECUTING, 25.0, 0.4
    s.promised[0, 0], s.missed[0, 0] = [1.5, 0.75, 1.0, 0.0], [0.0, 0.0, 0.0, OUTSIDE]
    s.given[:], s.quarters_before[:], s.verdict[:], s.done_before[:] = 0.5, 0.0, KEPT, 0.3
    s.broken_again[0, 0] = [True, False, False, True]
    s.enforced[0, 0, 1] = True
    s.in_work[0, 0, :3] = True
    s.agreed_cost_sharing[:], s.agreed_autonomy[:] = 1.0, 0.0
    return s, w


def test_a_newcomer_adds_work_and_signs_for_it() -> None:
    """It adds 0.5 x 0.5 x 20 of which 0.6 is left, and is half of all: from 1.4 to 2.8 fte, and a quarter of 8 free."""
    s, w = _executing([True, True, True, True])
    fields = ("work", "in_work", "promised", "signed", "given", "quarters_before", "missed", "willing", "broken_again")
    with interpreted(signing, funding), changes(s, *fields, *LISTED):
        signing.update(s, w, P, 9)
    assert s.work[0, 0] == pytest.approx(28.0)
    assert s.promised[0, 0] == pytest.approx([1.5, 0.75, 1.0, 2.0])
    assert s.signed == pytest.approx([1.5, 0.75, 1.0, 2.0])
    assert s.missed[0, 0].tolist() == [0.0, 0.0, 0.0, 0.4]
    assert s.given[0, 0].tolist() == [0.5, 0.5, 0.5, 0.0]
    assert s.quarters_before[0, 0].tolist() == [0.0, 0.0, 0.0, 3.0], "held to its promise from now on"
    assert s.willing[0, 0].tolist() == [False, False, False, True]
    assert s.broken_again[0, 0].tolist() == [True, False, False, False], "what it broke before it left is past"
    assert (s.members[0, 0].tolist(), s.n_members[0, 0]) == ([0, 1, 2, 3], 4)
    assert (s.executing[0], s.running[0]) == (1.0, 0)
    with interpreted(signing, funding), changes(s):
        signing.update(s, w, P, 10)  # it is no newcomer any more


def test_a_member_that_left_and_comes_back_adds_no_work_again() -> None:
    s, w = _executing([True, True, True, True])
    s.in_work[0, 0, 3] = True
    with interpreted(signing, funding):
        signing.update(s, w, P, 9)
    assert s.work[0, 0] == 25.0
    assert (s.promised[0, 0, 3] > 0.0, s.missed[0, 0, 3]) == (True, 0.4), "but it signs as a newcomer does"


def test_initiatives_that_sign_one_after_the_other_share_the_bureau_in_their_plans() -> None:
    """Each counts those before it, as it will have to share with them; what was signed before it is counted once."""
    s, w = _table(AGREED, [True, True, True, False])
    s.arena_pool[:] = 1.0
    with interpreted(signing, funding):
        signing.update_initiative(s, w, P, 9, 0, 0)
        alone = s.promised[0, 0].copy()
        assert s.executing.tolist() == [1.0]
        s.signed[:] = 2.0, 0.0, 0.0, 0.0
        signing.update_initiative(s, w, P, 9, 0, 0)
    assert s.executing.tolist() == [2.0]
    assert s.promised[0, 0, 1] > alone[1], "half of the bureau is left for this one"


def test_who_leaves_is_let_go_and_the_work_stays() -> None:
    s, w = _executing([True, False, True, False])
    fields = ("promised", "signed", "missed", "enforced")
    with interpreted(signing, funding), changes(s, *fields, *LISTED):
        signing.update(s, w, P, 9)
    assert s.promised[0, 0].tolist() == [1.5, 0.0, 1.0, 0.0]
    assert s.missed[0, 0].tolist() == [0.0, OUTSIDE, 0.0, OUTSIDE]
    assert s.signed.tolist() == [1.5, 0.0, 1.0, 0.0]
    assert s.members[0, 0, :2].tolist() == [0, 2]
    assert not s.enforced.any()
