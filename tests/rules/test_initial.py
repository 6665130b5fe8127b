from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from bresim.governance import load_design
from bresim.kernel.state import SHARED_DRAWS
from bresim.rules import initial
from tests.rules.plain import plain, shares
from tests.rules.started import started

own_interest = plain(initial.own_interest)


def test_by_hand() -> None:
    assert own_interest(0.6, 0.0, 0.0, 0.0, 0.9) == pytest.approx(0.6)
    assert own_interest(0.6, 0.5, 0.0, 0.0, 0.9) == pytest.approx(0.75)
    assert own_interest(0.6, 0.5, 0.25, 1.0, 0.9) == pytest.approx(0.5)  # half of 0.75 + 0.25
    assert own_interest(0.6, 0.5, 0.25, 0.4, 0.9) == pytest.approx(0.65)


@given(shares, shares, shares, shares, shares)
def test_a_stake_is_a_share_and_rises_with_what_concerns_one(
    severity: float, contention: float, border: float, cross: float, u: float
) -> None:
    x = own_interest(severity, contention, border, cross, u)
    assert 0.0 <= x <= 1.0 + 1e-12
    assert own_interest(1.0, contention, border, cross, u) >= x - 1e-12
    assert own_interest(severity, contention, 1.0, cross, u) >= x - 1e-12


def test_a_reset_leaves_nothing_of_the_run_before() -> None:
    """Save working memory and what a rule sets before another reads it, a run starts from a clean state."""
    run = started(load_design("status_quo"))
    clean = {name: np.array(value, copy=True) for name, value in run.state._asdict().items()}
    for name, value in run.state._asdict().items():
        if name not in ("institution", "log", "region", "counts"):
            value[...] = 1
    run.state.region.quarters_without_agreement, run.state.region.intervenes = 9, True
    run.state.counts.agreements = 9
    run.begin()
    left = {name for name, value in run.state._asdict().items() if not np.array_equal(clean[name], value)}
    set_later = {
        "trust_received", "tables", "arena_capacity", "arena_pool", "running", "verdict",
        "institution", "institution_values", "invited", "n_invited", "board", "heard", "in_scope",
        "scratch", "scratch_tables", "members", "n_members", "ballot", "taken_over", "standing", "noted_votes",
    }  # fmt: skip
    assert left <= set_later | set(SHARED_DRAWS) | {"draws_initial"}
    assert "drawn" not in left


def test_a_run_starts_as_the_region_is() -> None:
    run = started(load_design("status_quo"))
    state, world = run.state, getattr(run.world, "kept", run.world)  # what is in the box, if it is one
    assert (state.urgency == world.severity).all()
    assert (state.support == world.support).all()
    assert (state.slack == state.capacity).all()
    assert not state.phase.any()
    assert not state.direct.any()
    assert (state.track_record == world.arena_record).all()
    assert not state.promised.any()
    assert (state.region.kappa, state.region.divide, state.counts.first_result) == (0.5, 0.5, -1)
    assert (np.diag(state.trust) == 0.0).all()
    assert (np.abs(state.trust - state.trust.T) > 0.0).any(), "noise is that of each"
