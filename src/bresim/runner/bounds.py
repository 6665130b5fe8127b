"""What every array and record of a state stays within, whatever the rules; checked after phases of a user's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from bresim.conventions import UNDERCURRENT_PARTS
from bresim.kernel.state import BROKEN, CLOSED, EXECUTING, LAPSED, NO_ROW, OUTSIDE, State, World

#: Fields that are shares: in [0, 1].
SHARES = (
    "trust", "trust_received", "grievance", "urgency", "interest", "thinned", "merged",
    "load", "support", "involvement", "acceptance", "recent_results", "shock", "window", "partner", "direct",
    "indirect", "arena_interest", "diversity", "staffed", "track_record", "grant", "applied", "taken",
    "share_done", "escalation",
)  # fmt: skip
#: Numbers of the region that are shares.
REGION_SHARES = (*UNDERCURRENT_PARTS, "kappa", "divide", "stance", "steering", "acts", "binding_own", "refused")
#: Fields that bounds say nothing about: random numbers, memory without a meaning, and what only a diary reads.
NOT_CHECKED = (
    "key", "drawn", "scratch", "scratch_tables", "ballot", "log", "diary", "noted_pairs", "untold", "noted_seats",
    "noted_votes", "noted_themes", "region", "counts", "institution",
)  # fmt: skip
#: Pairs of a municipality with itself: no trust, no grievance.
WITHOUT_SELF = ("trust", "grievance")


class Excess(NamedTuple):
    """A field that left its bounds: where it is worst, what it is there, and what it may be."""

    field: str
    place: tuple[int, ...]
    value: float
    low: float
    high: float


def bounds(state: State, world: World) -> dict[str, tuple[float, float]]:
    """Lowest and highest value of each field of a state that is a number or an index; infinite where there is none."""
    arenas, themes, size = state.committed.shape
    found = {
        name: (0.0, np.inf)
        for name in State._fields
        if name not in NOT_CHECKED and not name.startswith("draws_") and getattr(state, name).dtype != np.bool_
    }
    found |= dict.fromkeys(SHARES, (0.0, 1.0))
    # an index beyond its array would be read all the same, from whatever lies there
    found |= dict.fromkeys(("members", "invited"), (0, size - 1)) | dict.fromkeys(("n_members", "n_invited"), (0, size))
    found |= {
        "phase": (0, EXECUTING),
        "outcome": (0, LAPSED),
        "verdict": (0, BROKEN),
        "missed": (OUTSIDE, 1.0),
        "running": (0, arenas * themes - 1),
        "log_row": (NO_ROW, len(state.log) - 1),
        "arena_slot": (CLOSED, world.institution.shape[1] - 1),
        "held_content": (CLOSED, int(world.content.max())),
        "vote_back": (-np.inf, np.inf),
        "agreed_supplied": (-1.0, 1.0),  # beside the binding of the status quo: it may be less
    }
    return found


def excesses(state: State, world: World) -> Iterator[Excess]:
    """Every field of a state that is outside its bounds, or no number, with its worst place."""
    for name, (low, high) in bounds(state, world).items():
        yield from _excess(name, np.asarray(getattr(state, name)), low, high)
    for name in WITHOUT_SELF:
        itself = np.diagonal(getattr(state, name))
        yield from ((one._replace(place=one.place * 2)) for one in _excess(name, itself, 0.0, 0.0))
    indices = {
        "design": world.institution.shape[0], "solution": world.light_voluntary.shape[0],
        "slot": world.institution.shape[1], "initiatives": len(state.log) + 1, "happened": len(state.diary) + 1,
        "n_running": len(state.running) + 1,
    }  # fmt: skip
    for name in state.region.dtype.names:
        low, high = (0.0, 1.0) if name in REGION_SHARES else (-np.inf, np.inf)
        if name in indices:
            low, high = 0.0, indices[name] - 1.0
        yield from _excess(f"region.{name}", np.asarray(state.region[name]), low, high)
    for name in state.counts.dtype.names:
        yield from _excess(f"counts.{name}", np.asarray(state.counts[name]), -1.0, np.inf)


def _excess(name: str, values: np.ndarray, low: float, high: float) -> Iterator[Excess]:
    """The field if it is outside its bounds; in the middle of all an infinity is no number either."""
    finite = np.isfinite(values)
    inside = finite & (values >= low) & (values <= high)
    if inside.all():
        return
    known = np.where(finite & ~inside, values, min(max(0.0, low), high))
    beyond = np.where(finite, np.maximum(low - known, known - high), np.inf)
    place = np.unravel_index(int(np.argmax(beyond)), values.shape)
    yield Excess(name, tuple(int(at) for at in place), float(values[place]), low, high)
