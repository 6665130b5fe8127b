"""Tables that overlap, and arenas that end, in whole runs."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import pytest

from bresim.governance import Design, load_design
from bresim.kernel.state import EXECUTING, IDLE, LAPSED, NEGOTIATING, NO_ROW, State
from bresim.kernel.structs import box
from bresim.runner import step
from bresim.world import BESIDE, arena_names
from tests.model.worlds import POLICY_START, changed, founded, region_named
from tests.rules.started import Run, started

ARENAS = arena_names(region_named("zuid_limburg"))
#: What negotiations that end without agreement can cost: grievance and trust, support, partners, the province.
FELT = ("grievance", "trust", "support", "acceptance", "partner", "direct", "indirect", "track_record", "counts")


def _walk(run: Run, quarters: int) -> None:
    for t in range(quarters):
        step.step(box(run.state), run.world, run.parameters, t)


def _to_decide(run: Run, t: int) -> None:
    """All of quarter t that comes before what is under negotiation is agreed or ends."""
    step.constitution(box(run.state), run.world, run.parameters, t)
    step.prepare(box(run.state), run.world, run.parameters, t)
    step.opening(box(run.state), run.world, run.parameters, t)
    step.deciding(box(run.state), run.world, run.parameters, t)


def _beside(term: int) -> Design:
    """The Regio Deal at once, at a table beside the region's, for so many quarters."""
    return changed(founded(load_design("regio_deal")), "scope", term_quarters=term)


def _log(s: State) -> np.recarray:
    return s.log[: s.region.initiatives]


@pytest.mark.parametrize(
    ("design", "arena", "end"),
    [
        (load_design("status_quo"), "regio_deal_parkstad", 28),  # 2026-Q1, seven years after the start
        (_beside(6), BESIDE, POLICY_START + 6),
    ],
    ids=["Regio Deal Parkstad", "a design beside the region"],
)
def test_talks_in_an_arena_that_ends_lapse_and_nobody_is_blamed(design: Design, arena: str, end: int) -> None:
    """What everyone else decides this quarter is the same as if these talks had never been."""
    run, a = started(design), ARENAS.index(arena)
    _walk(run, end)
    assert not (_log(run.state).outcome == LAPSED).any(), "no arena ended before"
    assert run.state.n_invited[a] > 0
    _to_decide(run, end)
    s = run.state
    talks = np.flatnonzero(s.phase[a] == NEGOTIATING)
    assert len(talks) > 0, "of an arena without talks nothing is shown"
    assert (s.n_invited[a], s.committed[a, talks].any()) == (0, False)
    rows = s.log_row[a, talks].copy()
    without = deepcopy(s)
    without.phase[a, talks] = IDLE
    step.decisions(box(s), run.world, run.parameters, end)
    step.decisions(box(without), run.world, run.parameters, end)
    for name in FELT:
        assert getattr(s, name).tobytes() == getattr(without, name).tobytes(), name
    assert (s.phase[a, talks] == IDLE).all()
    assert (s.rest[a, talks] == 0.0).all()
    assert (s.log_row[a, talks] == NO_ROW).all()
    assert (_log(s)[rows].outcome == LAPSED).all()
    assert (_log(s)[rows].ended == end).all()
    assert (_log(s).outcome == LAPSED).sum() == len(talks)


def test_an_agreement_outlives_the_institution_that_made_it() -> None:
    """The region's own rules give way to those of the Regiobureau; what was in execution keeps its terms."""
    run = started(founded(load_design("regiobureau")))
    _walk(run, POLICY_START)
    before = {
        name: getattr(run.state, name)[0].copy() for name in ("agreed_binding", "agreed_exit_cost", "agreed_sanction")
    }
    rules = run.state.institution_values[0].copy()
    _to_decide(run, POLICY_START)
    going_on = run.state.phase[0] == EXECUTING
    assert going_on.any()
    assert not np.array_equal(run.state.institution_values[0], rules), "another institution holds"
    for name, values in before.items():
        assert np.array_equal(getattr(run.state, name)[0, going_on], values[going_on]), name
