"""What happens in a run, noted as it happens: the rows of its diary, and what stands in the state when it happens.

Only a state with room for it (``kernel.state.allocate``) keeps a diary; with any other a note is one comparison. The
rules do not know of it. What is seen only by comparing with what was noted before stands in ``runner.changes``.
"""

from __future__ import annotations

from bresim.columns.events import EVENTS, INSTITUTIONAL
from bresim.kernel import state
from bresim.kernel.jit import called, njit
from bresim.kernel.state import DESIGN, FALLBACK, SUCCESSOR
from bresim.rules.adoption import meets

_KINDS = [event.name for event in EVENTS]

# Places of the kinds of events.
SHOCK, WINDOW = _KINDS.index("shock"), _KINDS.index("funding_window")
MUNICIPAL_ELECTION, PROVINCIAL_ELECTION = _KINDS.index("municipal_election"), _KINDS.index("provincial_election")
OPENED, JOINED, WITHDREW = _KINDS.index("opened"), _KINDS.index("joined"), _KINDS.index("withdrew")
COUNCIL_REFUSED, EXCLUDED = _KINDS.index("council_refused"), _KINDS.index("excluded")
BOUND, LEFT = _KINDS.index("bound"), _KINDS.index("left")
AGREED, IMPOSED, DEADLOCKED = _KINDS.index("agreed"), _KINDS.index("imposed"), _KINDS.index("deadlocked")
SIGNED, ENFORCED, DELIVERED = _KINDS.index("signed"), _KINDS.index("enforced"), _KINDS.index("delivered")
LOST_VOTE, REGAINED_VOTE = _KINDS.index("lost_vote"), _KINDS.index("regained_vote")
LATE, BROKEN = _KINDS.index("announced_late"), _KINDS.index("broken")
COMPLETED, FAILED, LAPSED = _KINDS.index("completed"), _KINDS.index("failed"), _KINDS.index("lapsed")

#: Number of kinds of events; a row of the diary with a higher ``kind`` is a change of trust or grievance.
N_EVENTS = len(EVENTS)
#: No arena, theme or municipality.
NONE = -1
# Bits of ``institution_events``.
_BITS = {name: 1 << bit for bit, name in enumerate(INSTITUTIONAL)}
_TERM_ENDED, _DISSOLVED, _SUCCESSOR_DISSOLVED = _BITS["term_ended"], _BITS["dissolved"], _BITS["successor_dissolved"]
_REFUSED, _SUCCESSOR_REFUSED = _BITS["refused"], _BITS["successor_refused"]
_NOT_FOLLOWED, _FOUNDED, _SUCCESSOR_FOUNDED = _BITS["not_followed"], _BITS["founded"], _BITS["successor_founded"]


@njit
def keeps(s):
    """Whether this state keeps a diary."""
    return s.diary.shape[0] > 0


@njit
def write(s, t, kind, arena, theme, municipality, other, amount):
    """One more row, of an event or of a change (``runner.changes``)."""
    row = s.diary[s.region.happened]
    row.quarter = t
    row.kind = kind
    row.arena = arena
    row.theme = theme
    row.municipality = municipality
    row.other = other
    row.amount = amount
    s.region.happened += 1


@njit
def note_initiative(s, t, a, k, kind):
    """Note that something happened to initiative (a, k) as a whole."""
    if keeps(s):
        write(s, t, kind, a, k, NONE, NONE, 0.0)


@njit
def note_end(s, t, a, k):
    """Note how initiative (a, k) ended."""
    outcome = s.outcome[a, k]
    ended = DEADLOCKED
    if outcome == state.COMPLETED:
        ended = COMPLETED
    elif outcome == state.FAILED:
        ended = FAILED
    elif outcome == state.LAPSED:
        ended = LAPSED
    note_initiative(s, t, a, k, ended)


@njit
def note_enforced(s, t, a, k):
    """Note to whose promises the province sees from now on; that is decided where a milestone has just passed."""
    if keeps(s) and s.since_milestone[a, k] == 0.0:
        for m in range(s.n_members[a, k]):
            i = s.members[a, k, m]
            if s.enforced[a, k, i]:
                write(s, t, ENFORCED, a, k, i, NONE, 0.0)


@called
def _note_milestone(s, t, a, k):
    for m in range(s.n_members[a, k]):
        i = s.members[a, k, m]
        verdict = s.verdict[a, k, i]
        kind = DELIVERED if verdict == state.KEPT else (LATE if verdict == state.DELAYED else BROKEN)
        write(s, t, kind, a, k, i, NONE, 0.0)


@njit
def note_milestone(s, t, a, k):
    """Note what became of the promises at a milestone of initiative (a, k)."""
    if keeps(s) and s.due[a, k]:
        _note_milestone(s, t, a, k)


@njit
def institution_events(s, w):
    """What the region's institution goes through this quarter: a bit for each of ``INSTITUTIONAL``.

    To be called when it has been decided which institution holds. A design whose rules are those of the status quo is
    not founded.
    """
    region, content = s.region, w.content[s.region.design]
    slot, before, lost = region.slot, region.last_slot, not region.carried
    changes = slot != before
    found = 0
    if changes and before in (DESIGN, SUCCESSOR) and content[before] != content[FALLBACK]:
        if region.question != state.DISSOLVE:
            found |= _TERM_ENDED  # only a design has a term, not its successor
        else:
            found |= _DISSOLVED if before == DESIGN else _SUCCESSOR_DISSOLVED
    if lost and region.question == state.FOUND:
        found |= _REFUSED
    if lost and region.question == state.SUCCEED:
        found |= _SUCCESSOR_REFUSED
    ended, d = changes and before == DESIGN and region.ended, region.design
    if ended and w.has_successor[d] and not meets(w.institution[d, DESIGN], region.agreed - region.agreed_before):
        found |= _NOT_FOLLOWED
    if changes and slot in (DESIGN, SUCCESSOR) and content[slot] != content[FALLBACK]:
        found |= _FOUNDED if slot == DESIGN else _SUCCESSOR_FOUNDED
    return found
