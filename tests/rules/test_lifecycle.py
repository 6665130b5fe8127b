from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from bresim.kernel.state import (
    AGREED,
    COMPLETED,
    DEADLOCKED,
    EXECUTING,
    FAILED,
    IDLE,
    IMPOSED,
    LAPSED,
    NEGOTIATING,
    OPEN,
    OUTSIDE,
)
from bresim.rules import lifecycle
from tests.rules.plain import changes, interpreted, plain


def _after(outcome: int, phase: int, *fields: str) -> SimpleNamespace:
    """One of two initiatives that are alike has this outcome; only these fields change, and only for that one.

    Three members have each promised 1 fte to each of the two if these are in execution, and signed for more elsewhere.
    """
    running = phase == EXECUTING
    s = SimpleNamespace(
        outcome=np.full((1, 2), outcome), phase=np.full((1, 2), phase), clock=np.full((1, 2), 5.0),
        rest=np.full((1, 2), 9.0), committed=np.ones((1, 2, 3), np.bool_), coerced=np.ones((1, 2, 3), np.bool_),
        promised=np.full((1, 2, 3), 1.0 if running else 0.0), missed=np.full((1, 2, 3), 0.0 if running else OUTSIDE),
        applied=np.full((1, 2), 0.8), taken=np.full((1, 2), 0.6),
        signed=np.array([4.0, 3.0, 2.0]), executing=np.array([2.0 if running else 0.0]),
    )  # fmt: skip
    with interpreted(lifecycle), changes(s, *fields):
        lifecycle.update_initiative(s, None, SimpleNamespace(cooldown=3.0), 9, 0, 1)
    assert (s.phase[0, 0], s.clock[0, 0], s.rest[0, 0]) == (phase, 5.0, 9.0)
    assert s.committed[0, 0].all()
    assert s.coerced[0, 0].all()
    assert (s.promised[0, 0] == (1.0 if running else 0.0)).all()
    assert (s.missed[0, 0] == (0.0 if running else OUTSIDE)).all()
    return s


@pytest.mark.parametrize("outcome", [AGREED, IMPOSED])
def test_an_agreement_or_imposition_starts_execution(outcome: int) -> None:
    s = _after(outcome, NEGOTIATING, "phase", "clock")
    assert (s.phase[0, 1], s.clock[0, 1]) == (EXECUTING, 0.0)


@pytest.mark.parametrize(
    ("outcome", "phase", "rest"),
    [(COMPLETED, EXECUTING, 1.0), (FAILED, EXECUTING, 3.0), (DEADLOCKED, NEGOTIATING, 3.0), (LAPSED, NEGOTIATING, 0.0)],
)
def test_an_end_lets_members_go_and_the_theme_rest(outcome: int, phase: int, rest: float) -> None:
    signed = ("promised", "missed", "signed", "executing") if phase == EXECUTING else ()
    s = _after(outcome, phase, "phase", "rest", "committed", "coerced", "applied", "taken", *signed)
    assert (s.phase[0, 1], s.rest[0, 1]) == (IDLE, rest)
    assert not s.committed[0, 1].any()
    assert not s.coerced[0, 1].any()
    assert not s.promised[0, 1].any()
    assert (s.applied.tolist(), s.taken.tolist()) == ([[0.8, 0.0]], [[0.6, 0.0]]), "no claim on money is left"
    assert (s.missed[0, 1] == OUTSIDE).all()
    if phase == EXECUTING:
        assert s.signed.tolist() == [3.0, 2.0, 1.0], "what was promised to it is free again"
        assert s.executing[0] == 1.0


def test_how_long_a_theme_rests() -> None:
    """Who could not agree or failed waits; after a result a quarter; nobody was to blame for talks that lapsed."""
    rest = plain(lifecycle.rest_after)
    assert [rest(outcome, 6.0) for outcome in (FAILED, DEADLOCKED, COMPLETED, LAPSED)] == [6.0, 6.0, 1.0, 0.0]
    assert [rest(outcome, 0.0) for outcome in (FAILED, DEADLOCKED, COMPLETED, LAPSED)] == [0.0, 0.0, 1.0, 0.0]


@pytest.mark.parametrize("phase", [NEGOTIATING, EXECUTING])
def test_an_initiative_that_is_open_goes_on(phase: int) -> None:
    _after(OPEN, phase)
