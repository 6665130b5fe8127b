"""What happens in a run, noted as it happens: events, and changes of trust and grievance with their cause.

Only a state with room for it (``kernel.state.allocate``) keeps a diary; with any other a note is one comparison. The
rules do not know of it: it compares the state after a rule with what it noted before. A rule that changes trust or
grievance is therefore followed, in ``step``, by a note that says why. Changes of a pair by the same cause are added up
until they reach ``SMALLEST_CHANGE``: what is told of a pair is never further from its state than that for each cause.
"""

from __future__ import annotations

from bresim.columns.events import CAUSES, EVENTS, INSTITUTIONAL, SMALLEST_CHANGE
from bresim.kernel import state
from bresim.kernel.jit import called, copy_to, njit
from bresim.kernel.state import CLOSED, DESIGN, EXECUTING, FALLBACK, IDLE, SUCCESSOR
from bresim.rules.adoption import meets

_KINDS = [event.name for event in EVENTS]
_CODES = [cause.code for cause in CAUSES]

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

# Places of the causes.
TRUST_KEPT, TRUST_BROKEN = _CODES.index("trust: kept_promise"), _CODES.index("trust: broken_promise")
TRUST_LEFT, TRUST_TURNOVER = _CODES.index("trust: left"), _CODES.index("trust: turnover")
TRUST_COMPLETED, TRUST_FAILED = _CODES.index("trust: completed"), _CODES.index("trust: failed")
TRUST_BASELINE = _CODES.index("trust: baseline")
GRIEVANCE_BROKEN, GRIEVANCE_LEFT = _CODES.index("grievance: broken_promise"), _CODES.index("grievance: left")
GRIEVANCE_DEADLOCKED, GRIEVANCE_IMPOSED = _CODES.index("grievance: deadlocked"), _CODES.index("grievance: imposed")
GRIEVANCE_FAILED = _CODES.index("grievance: failed")
GRIEVANCE_RETOLD, GRIEVANCE_FADED = _CODES.index("grievance: retold"), _CODES.index("grievance: faded")

#: Number of kinds of events; a row of the diary with a higher ``kind`` is a change of trust or grievance.
N_EVENTS = len(EVENTS)
_N_CAUSES = len(CAUSES)
#: Rows of ``noted_pairs`` and ``noted_themes``.
_TRUST, _GRIEVANCE = 0, 1
_SHOCK, _WINDOW = 0, 1
#: How far a municipality is in an initiative (``noted_seats``).
_OUT, _COMMITTED, _MEMBER = 0, 1, 2
#: No arena, theme or municipality.
_NONE = -1
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
def _write(s, t, kind, arena, theme, municipality, other, amount):
    """One more row."""
    row = s.diary[s.region.happened]
    row.quarter = t
    row.kind = kind
    row.arena = arena
    row.theme = theme
    row.municipality = municipality
    row.other = other
    row.amount = amount
    s.region.happened += 1


@called
def _begin(s):
    s.untold[:] = 0.0
    s.noted_seats[:] = _OUT
    s.noted_votes[:] = 0
    copy_to(s.noted_pairs[_TRUST], s.trust)
    copy_to(s.noted_pairs[_GRIEVANCE], s.grievance)
    copy_to(s.noted_themes[_SHOCK], s.shock)
    copy_to(s.noted_themes[_WINDOW], s.window)


@njit
def begin(s):
    """Note how things are at the start of a run."""
    if keeps(s):
        _begin(s)


@njit
def note_initiative(s, t, a, k, kind):
    """Note that something happened to initiative (a, k) as a whole."""
    if keeps(s):
        _write(s, t, kind, a, k, _NONE, _NONE, 0.0)


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


@called
def _note_surroundings(s, w, t):
    for k in range(s.shock.shape[0]):
        if s.shock[k] > s.noted_themes[_SHOCK, k]:
            _write(s, t, SHOCK, _NONE, k, _NONE, _NONE, s.shock[k])
        if s.window[k] > s.noted_themes[_WINDOW, k]:
            _write(s, t, WINDOW, _NONE, k, _NONE, _NONE, s.window[k])
        s.noted_themes[_SHOCK, k] = s.shock[k]
        s.noted_themes[_WINDOW, k] = s.window[k]
    if w.election[t]:
        _write(s, t, MUNICIPAL_ELECTION, _NONE, _NONE, _NONE, _NONE, 0.0)
    if w.provincial_election[t]:
        _write(s, t, PROVINCIAL_ELECTION, _NONE, _NONE, _NONE, _NONE, 0.0)


@njit
def note_surroundings(s, w, t):
    """Note the shocks, central money and elections of this quarter."""
    if keeps(s):
        _note_surroundings(s, w, t)


@njit
def _went(s, a, k, i):
    """How a municipality went out of initiative (a, k)."""
    if s.phase[a, k] == EXECUTING:
        return LEFT
    return WITHDREW if s.eligible[a, i] else EXCLUDED


@njit
def _is_over(s, a, k):
    """Whether initiative (a, k) has ended, or its arena has during the talks: only their end is told then."""
    return s.phase[a, k] == IDLE or (s.arena_slot[a] == CLOSED and s.phase[a, k] != EXECUTING)


@njit
def _note_seat(s, t, a, k, i):
    """Note whether municipality i came in or went out of initiative (a, k); when it is over, all are out."""
    inside, noted = s.committed[a, k, i], s.noted_seats[a, k, i] != _OUT
    if inside == noted:
        return
    if not _is_over(s, a, k):
        _write(s, t, JOINED if inside else _went(s, a, k, i), a, k, i, _NONE, 0.0)
    s.noted_seats[a, k, i] = _COMMITTED if inside else _OUT


@called
def _note_seats(s, t, first, last):
    themes, size = s.phase.shape[1], s.committed.shape[2]
    for cell in range(first, last):
        for i in range(size):
            _note_seat(s, t, cell // themes, cell % themes, i)


@njit
def note_seats(s, t):
    """Note who joined or went since the last note."""
    if keeps(s):
        _note_seats(s, t, 0, s.phase.size)


@called
def _note_decision(s, t, a, k):
    for i in range(s.committed.shape[2]):
        # before the decision nobody is bound: who is now, and had committed, was refused by its council first
        inside, bound = s.committed[a, k, i], s.coerced[a, k, i]
        if s.noted_seats[a, k, i] != _OUT and (bound or not inside):
            _write(s, t, COUNCIL_REFUSED, a, k, i, _NONE, 0.0)
        if bound:
            _write(s, t, BOUND, a, k, i, _NONE, 0.0)
        s.noted_seats[a, k, i] = _COMMITTED if inside else _OUT


@njit
def note_decision(s, t, a, k):
    """Note which councils refused when initiative (a, k) was decided on, and who was bound to it.

    To be called right after the decision, with all who joined or went before it noted.
    """
    if keeps(s):
        _note_decision(s, t, a, k)


@called
def _note_inherited(s):
    for a in range(s.phase.shape[0]):
        for k in range(s.phase.shape[1]):
            for i in range(s.committed.shape[2]):
                inside = _MEMBER if s.phase[a, k] == EXECUTING else _COMMITTED
                s.noted_seats[a, k, i] = inside if s.committed[a, k, i] else _OUT


@njit
def note_inherited(s):
    """Take who is in what was under way when the run began as it is: that is no event."""
    if keeps(s):
        _note_inherited(s)


@called
def _note_promises(s, t, a, k):
    for i in range(s.committed.shape[2]):
        if s.committed[a, k, i] and s.noted_seats[a, k, i] == _COMMITTED:
            _write(s, t, SIGNED, a, k, i, _NONE, s.promised[a, k, i])
            s.noted_seats[a, k, i] = _MEMBER


@njit
def note_promises(s, t, a, k):
    """Note what the members of initiative (a, k) that are new have promised."""
    if keeps(s):
        _note_promises(s, t, a, k)


@njit
def note_newcomers(s, t):
    """Note what newcomers to what is in execution have promised."""
    if keeps(s):
        for a in range(s.phase.shape[0]):
            for k in range(s.phase.shape[1]):
                if s.phase[a, k] == EXECUTING:
                    _note_promises(s, t, a, k)


@njit
def note_enforced(s, t, a, k):
    """Note to whose promises the province sees from now on; that is decided where a milestone has just passed."""
    if keeps(s) and s.since_milestone[a, k] == 0.0:
        for m in range(s.n_members[a, k]):
            i = s.members[a, k, m]
            if s.enforced[a, k, i]:
                _write(s, t, ENFORCED, a, k, i, _NONE, 0.0)


@called
def _note_milestone(s, t, a, k):
    for m in range(s.n_members[a, k]):
        i = s.members[a, k, m]
        verdict = s.verdict[a, k, i]
        kind = DELIVERED if verdict == state.KEPT else (LATE if verdict == state.DELAYED else BROKEN)
        _write(s, t, kind, a, k, i, _NONE, 0.0)


@njit
def note_milestone(s, t, a, k):
    """Note what became of the promises at a milestone of initiative (a, k)."""
    if keeps(s) and s.due[a, k]:
        _note_milestone(s, t, a, k)


@njit
def _note_vote(s, t, a, k, i):
    """Note whether municipality i has lost its vote in arena ``a``, for what it did on theme ``k``, or has it back.

    Where it no longer takes part, as in an arena that has ended, it gets nothing back.
    """
    without = t < s.vote_back[a, i]
    if without and s.noted_votes[a, i] == 0:
        _write(s, t, LOST_VOTE, a, k, i, _NONE, 0.0)
    elif s.noted_votes[a, i] == 1 and not without and s.eligible[a, i]:
        _write(s, t, REGAINED_VOTE, a, _NONE, i, _NONE, 0.0)
    s.noted_votes[a, i] = without


@called
def _note_lost_votes(s, t, a, k):
    for m in range(s.n_members[a, k]):
        _note_vote(s, t, a, k, s.members[a, k, m])


@njit
def note_lost_votes(s, t, a, k):
    """Note which members lost their vote at a milestone of initiative (a, k), or have it back."""
    if keeps(s) and s.due[a, k]:
        _note_lost_votes(s, t, a, k)


@called
def _note_votes(s, t):
    for a in range(s.vote_back.shape[0]):
        for i in range(s.vote_back.shape[1]):
            _note_vote(s, t, a, _NONE, i)


@njit
def note_votes(s, t):
    """Note who has its vote back at the start of a quarter."""
    if keeps(s):
        _note_votes(s, t)


@called
def _note_changes(s, now, quantity, rose, fell):
    noted = s.noted_pairs[quantity]
    for i in range(now.shape[0]):
        for j in range(now.shape[0]):
            change = now[i, j] - noted[i, j]
            if change != 0.0:
                s.untold[rose if change > 0.0 else fell, i, j] += change
                noted[i, j] = now[i, j]


@njit
def note_trust(s, rose, fell):
    """Note the change of trust since the last note, and its cause where it rose and where it fell."""
    if keeps(s):
        _note_changes(s, s.trust, _TRUST, rose, fell)


@njit
def note_grievance(s, rose, fell):
    """Note the change of grievance since the last note, and its cause where it rose and where it fell."""
    if keeps(s):
        _note_changes(s, s.grievance, _GRIEVANCE, rose, fell)


@njit
def note_resentment(s, a, k):
    """Note the grievance that what became of initiative (a, k) left."""
    if keeps(s):
        outcome = s.outcome[a, k]
        cause = GRIEVANCE_FAILED
        if outcome == state.DEADLOCKED:
            cause = GRIEVANCE_DEADLOCKED
        elif outcome == state.IMPOSED:
            cause = GRIEVANCE_IMPOSED
        _note_changes(s, s.grievance, _GRIEVANCE, cause, cause)


@njit
def _left_behind(s, j, i):
    """Whether municipality i has just left an initiative in execution in which j stays."""
    for a in range(s.phase.shape[0]):
        for k in range(s.phase.shape[1]):
            gone = s.noted_seats[a, k, i] != _OUT and not s.committed[a, k, i] and s.phase[a, k] == EXECUTING
            if gone and s.committed[a, k, j]:
                return True
    return False


@called
def _note_turnover(s, t):
    for i in range(s.trust.shape[0]):
        for j in range(s.trust.shape[0]):
            if s.trust[j, i] != s.noted_pairs[_TRUST, j, i]:
                cause = TRUST_LEFT if _left_behind(s, j, i) else TRUST_TURNOVER
                s.untold[cause, j, i] += s.trust[j, i] - s.noted_pairs[_TRUST, j, i]
                s.noted_pairs[_TRUST, j, i] = s.trust[j, i]
    _note_changes(s, s.grievance, _GRIEVANCE, GRIEVANCE_LEFT, GRIEVANCE_LEFT)
    _note_seats(s, t, 0, s.phase.size)


@njit
def note_turnover(s, t):
    """Note what new aldermen dropped and left, and what that did to trust and grievance."""
    if keeps(s):
        _note_turnover(s, t)


@called
def _tell_changes(s, t):
    for cause in range(_N_CAUSES):
        for i in range(s.trust.shape[0]):
            for j in range(s.trust.shape[0]):
                if abs(s.untold[cause, i, j]) >= SMALLEST_CHANGE:
                    _write(s, t, N_EVENTS + cause, _NONE, _NONE, i, j, s.untold[cause, i, j])
                    s.untold[cause, i, j] = 0.0


@njit
def tell_changes(s, t):
    """Write down, at the end of a quarter, the changes of trust and grievance that are large enough by now."""
    if keeps(s):
        _tell_changes(s, t)


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
