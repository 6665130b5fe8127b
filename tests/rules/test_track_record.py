from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given

from bresim.kernel.state import AGREED, ARENAS, CLOSED, COMPLETED, DEADLOCKED, DESIGN, FAILED, FALLBACK, LAPSED, OPEN
from bresim.rules import track_record
from tests.rules.plain import changes, interpreted, shares

P = SimpleNamespace(record_gain=0.5, record_decay=0.1, claiming=0.8)
#: The records with which the arenas begin: the region, two below it, and that of the design.
W = SimpleNamespace(arena_record=np.array([0.2, 0.7, 0.3, 0.2]), arena_beside=3)


def _arenas(outcome: int, record: float = 0.4, negativity: float = 0.5) -> SimpleNamespace:
    return SimpleNamespace(
        outcome=np.array([[OPEN], [outcome]]), track_record=np.full(2, record),
        region=SimpleNamespace(negativity=negativity), arena_slot=np.array([FALLBACK, ARENAS]), executing=np.zeros(2),
        institution=[SimpleNamespace(celebration=0.0), SimpleNamespace(celebration=0.5)],
    )  # fmt: skip


def test_by_hand() -> None:
    """Half of the 0.6 that is missing, less what is claimed as personal: 0.8 x 0.5 x 0.5."""
    s = _arenas(COMPLETED)
    with interpreted(track_record), changes(s, "track_record"):
        track_record.update_initiative(s, None, P, 9, 1, 0)
    assert s.track_record == pytest.approx([0.4, 0.4 + 0.3 * 0.8])
    with interpreted(track_record), changes(s, "track_record"):
        track_record.update(s, W, P, 9)
    assert s.track_record == pytest.approx([0.36, 0.9 * 0.64])


@pytest.mark.parametrize(
    ("slot", "executing", "record", "of_the_design"),
    [
        (CLOSED, 0.0, 0.7, 0.45),  # as it would begin: its own history, or that of the region as it is now
        (CLOSED, 1.0, 0.54, 0.54),  # it ended, but what is in execution may still be completed
        (DESIGN, 0.0, 0.54, 0.54),
        (DESIGN, 1.0, 0.54, 0.54),
    ],
)
def test_a_closed_arena_has_the_record_with_which_it_would_begin(
    slot: int, executing: float, record: float, of_the_design: float
) -> None:
    """A tenth fades: the region's 0.5 becomes 0.45, the 0.6 of the others 0.54. The third arena is there all along."""
    s = SimpleNamespace(
        track_record=np.array([0.5, 0.6, 0.6, 0.6]), executing=np.array([0.0, executing, 0.0, executing]),
        arena_slot=np.array([FALLBACK, slot, ARENAS + 1, slot]),
    )  # fmt: skip
    with interpreted(track_record), changes(s, "track_record"):
        track_record.update(s, W, P, 9)
    assert s.track_record == pytest.approx([0.45, record, 0.54, of_the_design])


@pytest.mark.parametrize("outcome", [OPEN, AGREED, FAILED, DEADLOCKED, LAPSED])
def test_only_what_is_completed_counts(outcome: int) -> None:
    s = _arenas(outcome)
    with interpreted(track_record), changes(s):
        track_record.update_initiative(s, None, P, 9, 1, 0)


@given(shares, shares)
def test_a_track_record_stays_a_share(record: float, negativity: float) -> None:
    s = _arenas(COMPLETED, record, negativity)
    with interpreted(track_record):
        track_record.update_initiative(s, None, P, 9, 1, 0)
        assert record <= s.track_record[1] <= 1.0
        track_record.update(s, W, P, 9)
    assert 0.0 <= s.track_record[0] <= record
