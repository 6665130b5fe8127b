from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given

from bresim.kernel.state import AGREED, COMPLETED, DEADLOCKED, FAILED, OPEN
from bresim.rules import track_record
from tests.rules.plain import changes, interpreted, shares

P = SimpleNamespace(record_gain=0.5, record_decay=0.1, claiming=0.8)


def _arenas(outcome: int, record: float = 0.4, negativity: float = 0.5) -> SimpleNamespace:
    return SimpleNamespace(
        outcome=np.array([[OPEN], [outcome]]), track_record=np.full(2, record),
        region=SimpleNamespace(negativity=negativity),
        institution=[SimpleNamespace(celebration=0.0), SimpleNamespace(celebration=0.5)],
    )  # fmt: skip


def test_by_hand() -> None:
    """Half of the 0.6 that is missing, less what is claimed as personal: 0.8 x 0.5 x 0.5."""
    s = _arenas(COMPLETED)
    with interpreted(track_record), changes(s, "track_record"):
        track_record.update_initiative(s, None, P, 9, 1, 0)
    assert s.track_record == pytest.approx([0.4, 0.4 + 0.3 * 0.8])
    with interpreted(track_record), changes(s, "track_record"):
        track_record.update(s, None, P, 9)
    assert s.track_record == pytest.approx([0.36, 0.9 * 0.64])


@pytest.mark.parametrize("outcome", [OPEN, AGREED, FAILED, DEADLOCKED])
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
        track_record.update(s, None, P, 9)
    assert 0.0 <= s.track_record[0] <= record
