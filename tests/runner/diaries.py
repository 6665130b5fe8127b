"""What the tests of a diary share: a small state that keeps one, and what was written in it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from bresim.columns.events import CAUSES, EVENTS
from bresim.kernel.state import DIARY_DTYPE, IDLE
from bresim.runner import changes
from tests.rules.plain import interpreted

NAMES = [event.name for event in EVENTS]


def noting(**state: Any) -> SimpleNamespace:
    """A state with room for a diary: one arena, two themes, three municipalities, nothing under way."""
    s = SimpleNamespace(
        region=SimpleNamespace(happened=0), diary=np.zeros(99, DIARY_DTYPE).view(np.recarray),
        noted_pairs=np.zeros((2, 3, 3)), untold=np.full((len(CAUSES), 3, 3), 9.0),
        noted_seats=np.full((1, 2, 3), 9, np.int8), noted_themes=np.full((2, 2), 9.0),
        noted_votes=np.full((1, 3), 9, np.int8), vote_back=np.zeros((1, 3), np.int64),
        trust=np.full((3, 3), 0.5), grievance=np.full((3, 3), 0.1), shock=np.zeros(2), window=np.zeros(2),
        committed=np.zeros((1, 2, 3), np.bool_), coerced=np.zeros((1, 2, 3), np.bool_),
        eligible=np.ones((1, 3), np.bool_), phase=np.full((1, 2), IDLE), promised=np.zeros((1, 2, 3)),
        outcome=np.zeros((1, 2)), arena_slot=np.zeros(1, np.int64),
    )  # fmt: skip
    with interpreted(changes):
        changes.begin(s)
    vars(s).update(state)
    return s


def told(s: SimpleNamespace) -> list[tuple[Any, ...]]:
    """(quarter, event, arena, theme, municipality, amount) of what was written, and forget it."""
    rows = s.diary[: s.region.happened]
    s.region.happened = 0
    return [(row.quarter, NAMES[row.kind], row.arena, row.theme, row.municipality, row.amount) for row in rows]
