from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from bresim.governance import load_design
from bresim.kernel.draws import make_key
from bresim.kernel.state import AGREED, COUNTS_DTYPE, EXECUTING, IDLE, NEGOTIATING, OPEN
from bresim.kernel.structs import box
from bresim.rules import inheritance
from bresim.runner import step
from bresim.runner.logbook import member_bits
from tests.rules.plain import changes, interpreted, plain
from tests.rules.started import started

THEMES = 2000
FIELDS = ("phase", "outcome", "committed", "clock", "share_done", "draws_initial")


def _begun(least: float = 2.0, most: float = 1e9, turned: bool = False, **values: float) -> SimpleNamespace:
    """Many themes in one arena of which five of six municipalities are eligible; the last theme is out of scope."""
    usual = {
        "start_executing": 0.2,
        "start_negotiating": 0.5,
        "start_members": 1.0,
        "plan_longest": 10.0,
        "patience": 6.0,
    }
    s = SimpleNamespace(
        key=make_key(1, 0), phase=np.full((1, THEMES), IDLE), outcome=np.full((1, THEMES), OPEN), in_scope=np.ones((1,
        THEMES), np.bool_),
        eligible=np.array([[True] * 5 + [False]]), n_invited=np.array([5]), committed=np.zeros((1, THEMES, 6),
        np.bool_),
        clock=np.zeros((1, THEMES)), share_done=np.zeros((1, THEMES)), draws_initial=np.zeros(8),
        institution=[SimpleNamespace(min_members=least, max_open=most)], region=SimpleNamespace(turned=turned),
    )  # fmt: skip
    s.in_scope[0, -1] = False
    with interpreted(inheritance):
        inheritance.update(s, None, SimpleNamespace(**(usual | values)), 0)
    return s


def _close(found: np.ndarray, chance: float) -> bool:
    """Whether a share is what it should be, within four of its sampling errors."""
    return abs(found.mean() - chance) <= 4.0 * np.sqrt(chance * (1.0 - chance) / found.size)


def test_how_often_a_theme_is_under_way() -> None:
    s = _begun()
    assert _close(s.outcome == AGREED, 0.2)
    assert _close(s.phase == NEGOTIATING, 0.2 + 0.8 * 0.5), "what was agreed is put in execution when its work is known"
    assert (s.phase[0, -1], s.outcome[0, -1]) == (IDLE, OPEN)
    idle = s.phase[0] == IDLE
    assert not s.committed[0, idle].any()
    assert not s.clock[0, idle].any()
    assert not s.committed[0, :, 5].any(), "not eligible"


@pytest.mark.parametrize(("turned", "first"), [(False, slice(None, 3)), (True, slice(-3, None))])
def test_the_themes_that_come_first_this_quarter_fill_what_the_institution_allows(turned: bool, first: slice) -> None:
    allowed = np.flatnonzero(_begun().phase[0] != IDLE)[first]
    s = _begun(most=3.0, turned=turned)
    assert np.flatnonzero(s.phase[0] != IDLE).tolist() == allowed.tolist()
    assert np.flatnonzero(s.committed[0].any(axis=1)).tolist() == allowed.tolist()
    assert (_begun(most=0.0).phase == IDLE).all()


def test_who_takes_part() -> None:
    s = _begun(start_members=0.6)
    agreed = s.outcome[0] == AGREED
    talking = (s.phase[0] == NEGOTIATING) & ~agreed
    assert (s.committed[0, agreed].sum(axis=1) >= 2).all()
    everyone = _begun(least=1.0, start_members=0.6, start_executing=1.0 - 1e-12)
    assert _close(everyone.committed[0, :-1, :5], 0.6)
    few = _begun(start_members=0.6, start_executing=0.0)
    assert _close(few.committed[0, few.phase[0] == NEGOTIATING, :5], 0.3)
    assert s.clock[0, talking].max() == 5.0


def test_too_few_members_are_still_negotiating() -> None:
    """Corner: the institution asks for more members than are eligible; then all of these are enough."""
    assert _close(_begun(least=9.0).outcome == AGREED, 0.2)
    s = _begun(least=9.0, start_members=0.5, start_executing=1.0 - 1e-12)
    assert _close(s.outcome[0, :-1] == AGREED, 0.5**5)
    assert (s.phase[0, :-1] == NEGOTIATING).all()
    assert s.clock[0, s.outcome[0] != AGREED].max() == 5.0, "within patience"


def test_how_long_and_how_much() -> None:
    s = _begun()
    agreed = s.outcome[0] == AGREED
    clock, done = s.clock[0, agreed], s.share_done[0, agreed]
    assert set(clock) == set(range(10))
    assert (done <= clock / 10.0).all()
    assert done.mean() == pytest.approx(0.5 * 0.45, abs=0.03)
    assert not s.share_done[0, ~agreed].any()


def test_what_was_agreed_is_in_execution() -> None:
    """A quarter is done of 40 x (1 + 1.5 x 0.8 x (1 - 0.5)), as half of the money is there."""
    own = SimpleNamespace(cofunding=0.0, mandate=0.0, programme_money=0.1)
    s = SimpleNamespace(
        phase=np.array([[NEGOTIATING]]), outcome=np.array([[AGREED]]), progress=np.zeros((1, 1)),
        share_done=np.array([[0.25]]),
        work=np.array([[40.0]]), institution=[own], region=SimpleNamespace(stance=0.0),
        window=np.array([0.3]), grant=np.array([[0.4]]), applied=np.zeros((1, 1)), taken=np.zeros((1, 1)),
    )  # fmt: skip
    with interpreted(inheritance), changes(s, "phase", "outcome", "progress"):
        w = SimpleNamespace(money=np.array([0.8]), overlaps=np.zeros((1, 1), np.bool_), window_shared=np.zeros((1, 1)))
        p = SimpleNamespace(capital_work=1.5)
        inheritance.update_initiative(s, w, p, 0, 0, 0)
    assert (s.phase[0, 0], s.outcome[0, 0]) == (EXECUTING, OPEN)
    assert s.progress[0, 0] == pytest.approx(16.0)


def test_a_run_begins_with_it_and_counts_no_agreement() -> None:
    run = started(load_design("status_quo"))
    executing = 0
    for replicate in range(20):
        run.begin(replicate)
        step.constitution(box(run.state), run.world, run.parameters, 0)
        step.prepare(box(run.state), run.world, run.parameters, 0)
        s = run.state
        log = s.log[: s.region.initiatives]
        assert (len(log), log.inherited.all()) == ((s.phase != IDLE).sum(), True)
        assert ((log.opened == 0) & (log.agreed == -1) & (log.ended == -1)).all()
        assert not any(s.counts[name] for name in COUNTS_DTYPE.names or () if name != "first_result")
        for a, k in np.argwhere(s.phase == EXECUTING):
            executing += 1
            member = s.committed[a, k]
            assert s.work[a, k] > 0.0
            assert (s.promised[a, k] >= 0.0).all()
            assert not s.promised[a, k, ~member].any()
            assert s.missed[a, k].tolist() == np.where(member, 0.0, -1.0).tolist()
            assert s.done_before[a, k] == s.share_done[a, k], "its first milestone is about what is done from now on"
            assert not s.broken_again[a, k].any()
            assert log[s.log_row[a, k]].members == plain(member_bits)(member)
        signed = s.promised.sum(axis=(0, 1))
        assert s.signed == pytest.approx(signed)
        assert (s.outcome == OPEN).all()
        assert s.executing.tolist() == (s.phase == EXECUTING).sum(axis=1).tolist()
        before = s.phase.copy()
        step.constitution(box(s), run.world, run.parameters, 1)
        step.prepare(box(s), run.world, run.parameters, 1)
        assert (s.phase == before).all(), "in the first quarter only"
    assert executing > 20
