"""Runs that are copied and go on in two ways: the copies are whole, the event happens, and nothing else differs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import bresim
from bresim import parameters
from bresim.analysis import matched as module
from bresim.analysis.evidence import Sets, Setup
from bresim.analysis.matched import Matched, Walker, matched, money_used
from bresim.common.progress import Silent
from bresim.config.schema import PatternsConfig
from bresim.governance import load_design
from bresim.kernel.state import ARENAS, BROKEN, COMPLETED, FAILED, KEPT, SHARED_DRAWS, State
from bresim.plan import Plan
from bresim.rulebook.readers import SCRATCH
from bresim.runner.ensemble import simulate

SETS, REPLICATES = 3, 4


def plan(*overrides: str, **values: float) -> Plan:
    """The status quo at the documented point, but for some parameters, in a few blocks of replicates."""
    config = bresim.load("patterns", ["parameters=point", "seed=11", *overrides])
    assert isinstance(config, PatternsConfig)
    sets = np.repeat(parameters.defaults()[None, :], SETS, axis=0)
    for name, value in values.items():
        sets[:, list(parameters.PARAMETERS).index(name)] = value
    return Setup(config, Sets.at_point(sets), 0, REPLICATES, Silent()).plan([("status_quo", load_design("status_quo"))])


def run(**values: float) -> Matched:
    return matched(plan(**values), SETS, lambda _steps: None)


def same(one: State, other: State) -> bool:
    """Whether two states are the same, but for draws and working memory."""
    rows, left_out = one.region.initiatives, (*SHARED_DRAWS, *SCRATCH, "region", "counts", "institution", "log")
    pairs = [(getattr(one, name), getattr(other, name)) for name in State._fields if name not in left_out]
    pairs += [(one.log[:rows], other.log[:rows]), (one.region.divide, other.region.divide)]
    return one.region.initiatives == other.region.initiatives and all(np.array_equal(*pair) for pair in pairs)


def event(walker: Walker, row: int) -> tuple[int, tuple[int, int]] | None:
    walker.begin(row)
    walker.walk(0, 0, walker.plan.config.policy_quarter)
    return module._search(walker, module._regional, 1 + module.LONG)


def known_event(walker: Walker, row: int) -> tuple[int, tuple[int, int]]:
    found = event(walker, row)
    assert found is not None
    return found


def test_a_walk_is_the_run_of_the_ensemble() -> None:
    made = plan()
    walker = Walker(made, 1)
    recorded = simulate(made.world, made.jobs, made.seeds, made.region.subregion, workers=1, series=True, details=True)
    for row in (0, 5):
        walker.begin(row)
        walker.walk(0, 0, made.config.quarters)
        assert np.array_equal(walker.states[0].trust, recorded.pairs[row, 2]["trust"])
        log = walker.states[0].log[: walker.states[0].region.initiatives]
        ours = recorded.log[recorded.log["run"] == row]
        for name in ("opened", "agreed", "ended", "outcome", "members"):
            assert np.array_equal(log[name], ours[name])


def test_a_copy_goes_on_as_the_original_also_when_it_goes_later() -> None:
    walker = Walker(plan(), 3)
    walker.begin(1)
    walker.walk(0, 0, 24)
    walker.copy(1)
    walker.copy(2, 1)
    assert same(walker.states[0], walker.states[2])
    walker.walk(0, 24, 40)
    walker.walk(2, 24, 40)  # draws are shared, and those of quarter 40 lie there: they must be drawn again
    assert same(walker.states[0], walker.states[2])
    assert not same(walker.states[0], walker.states[1])


@pytest.mark.parametrize("outcome", [COMPLETED, FAILED])
def test_an_end_is_forced_in_the_copy_only(outcome: int) -> None:
    walker = Walker(plan(), 3)
    t, place = known_event(walker, 2)
    before = walker.copy(2)
    row = int(before.log_row[place])
    assert module._end(walker, 1, t, place, outcome) is not None
    assert walker.states[1].log[row]["outcome"] == outcome
    assert walker.states[1].log[row]["ended"] == t
    assert same(walker.states[0], before), "the original has not moved"


@pytest.mark.parametrize("outcome", [COMPLETED, FAILED])
def test_the_theme_rests_as_long_whatever_the_end(outcome: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cooldown of its own after a failure would leave fewer quarters to agree on it again."""
    walker = Walker(plan(cooldown=6.0), 3)
    t, place = known_event(walker, 2)
    seen, walk = {}, walker.walk

    def noting(number: int, first: int, last: int) -> None:
        seen[first] = float(walker.states[number].rest[place])
        walk(number, first, last)

    monkeypatch.setattr(walker, "walk", noting)
    assert module._end(walker, 1, t, place, outcome) is not None
    assert seen[t + 1] == module.RESTED


def test_an_end_that_comes_by_itself_is_no_match() -> None:
    walker = Walker(plan(), 2)
    t, place = known_event(walker, 2)
    walker.states[0].progress[place] = 1e9  # it is done this quarter, whatever is forced
    assert module._end(walker, 1, t, place, FAILED) is None


def test_mutual_trust_is_that_of_the_members_in_each_other() -> None:
    trust = np.array([[0.0, 0.2, 0.9], [0.4, 0.0, 0.9], [0.9, 0.9, 0.0]])
    assert module._mutual(trust, np.array([0, 1])) == pytest.approx(0.3)
    assert module._mutual(trust, np.array([0, 1, 2])) == pytest.approx(0.7)


def test_a_broken_and_a_kept_promise_are_what_the_equations_say() -> None:
    """With one theme in one arena, and no return to the baseline: rules `trust` and `grievance` by hand."""
    made = plan(trust_return=0.0, grievance_decay=0.0, turnover_base=0.0, turnover_local=0.0, resignation_share=0.0)
    in_scope = np.zeros_like(made.world.in_scope)
    in_scope[:, :ARENAS, 0] = True
    walker = Walker(replace(made, world=made.world._replace(in_scope=in_scope)), 2)
    t, place = next(found for row in range(len(made.jobs)) if (found := event(walker, row)) is not None)
    state, p = walker.copy(1), made.world.parameters[0]
    town, fellow, *_ = (int(member) for member in np.flatnonzero(state.committed[place]))
    trust, grievance = state.trust[fellow, town], state.grievance[fellow, town]
    state.region.negativity = 0.0
    state.progress[place], state.clock[place] = 0.0, 1.0
    module._minded(state, place, town, False)
    module._milestone(state, place)
    walker.walk(1, t, t + 1)
    assert state.verdict[(*place, town)] == BROKEN
    assert state.verdict[(*place, fellow)] == KEPT
    seen = p.visibility + (1.0 - p.visibility) * state.institution[0].monitoring
    hurt = grievance + p.grievance_rate * seen * (1.0 - grievance)
    lost = trust * (1.0 - p.trust_loss_ratio * p.trust_gain * seen)
    assert state.trust[fellow, town] == pytest.approx(lost, abs=1e-12)
    assert state.grievance[fellow, town] == pytest.approx(hurt, abs=1e-12)
    module._minded(state, place, town, True)
    module._milestone(state, place)
    walker.walk(1, t + 1, t + 2)
    assert state.verdict[(*place, town)] == KEPT
    gained = lost + p.trust_gain * seen * (1.0 - p.trust_ceiling * hurt - lost)
    assert state.trust[fellow, town] == pytest.approx(gained, abs=1e-12)


def test_without_a_default_no_milestone_falls_due() -> None:
    walker = Walker(plan(), 2)
    t, place = known_event(walker, 0)
    state = walker.copy(1)
    state.progress[place], state.clock[place] = 0.0, 1.0
    module._hold_off(state, place)
    walker.walk(1, t, t + 1)
    assert state.since_milestone[place] == pytest.approx(1.1)


def test_matched_has_a_value_for_each_run_and_the_same_again() -> None:
    first, second = run(), run()
    for name in Matched.__dataclass_fields__:
        values = getattr(first, name)
        assert values.shape == (SETS, REPLICATES)
        assert np.array_equal(values, getattr(second, name), equal_nan=True)
    assert np.isfinite(first.trust_of_success).mean() > 0.5
    assert np.isfinite(first.trust_of_default).mean() > 0.5
    compared = np.isfinite(first.agreed_after_success)  # a run in which nothing can be forced has no value
    assert np.array_equal(compared, np.isfinite(first.others_after_success))
    assert (first.others_after_success <= first.agreed_after_success)[compared].all()


def test_signs_at_the_documented_point_and_without_the_mechanism() -> None:
    """On fixed draws: what is forced is the only difference, so a few runs have the sign, but for what follows."""
    shown = run()
    assert np.nanmean(shown.trust_of_default) < -0.005
    assert (shown.trust_of_default < 0.0).sum() >= 11
    assert np.nanmean(shown.heard_with) > np.nanmean(shown.heard_without)
    assert np.nanmean(shown.trust_of_success) > 0.0
    harmless = run(trust_loss_ratio=0.0, grievance_rate=0.0)
    assert np.nanmin(harmless.trust_of_default) >= 0.0
    assert np.nanmax(np.abs(harmless.heard_with)) < np.nanmean(shown.heard_with) / 10
    not_told = run(retelling=0.0)
    assert np.nanmax(np.abs(not_told.heard_with)) < np.nanmean(shown.heard_with) / 10, "who was not there heard nothing"
    silent = run(trust_completion=0.0, trust_failure=0.0, record_gain=0.0, overrun_grievance=0.0)
    assert np.nanmean(silent.trust_of_success) < np.nanmean(shown.trust_of_success) / 2


def test_without_any_mark_of_success_both_ends_are_followed_by_the_same_agreements() -> None:
    marks = (
        "record_gain", "trust_completion", "trust_failure", "overrun_grievance", "support_results", "support_failure",
        "partner_gain", "partner_loss",
    )  # fmt: skip
    both = run(**dict.fromkeys(marks, 0.0), closure=0.0, partial=0.0)
    assert np.array_equal(both.agreed_after_success, both.agreed_after_failure, equal_nan=True)


def test_money_used_is_a_share_of_what_is_offered() -> None:
    made = plan()
    share = money_used(made, 1, SETS, lambda _steps: None)
    assert share.shape == (1, SETS)
    assert (share > 0.0).all()
    assert (share < 1.5).all()
    closed = np.zeros_like(made.world.window)
    world = made.world._replace(window=closed, window_factor=closed[:, 0].copy())
    assert np.isnan(money_used(replace(made, world=world), 1, SETS, lambda _steps: None)).all(), "nothing is offered"


def test_what_needs_more_quarters_than_are_left_is_not_known() -> None:
    found = matched(plan("time.policy_start=2023-Q1", "time.end=2023-Q1"), SETS, lambda _steps: None)
    assert np.isnan(found.trust_of_success).all()
    assert np.isnan(found.trust_of_default).all()
