"""What has changed in a run since its diary noted it last: memberships, votes, shocks, money, trust and grievance.

It compares the state after a rule with what was noted before. A rule that changes trust or grievance is therefore
followed, in ``step``, by a note that says why. Changes of a pair by the same cause are added up until they reach
``SMALLEST_CHANGE``: what is reported of a pair is never further from its state than that for each cause.
"""

from __future__ import annotations

from bresim.columns.events import CAUSES, SMALLEST_CHANGE
from bresim.kernel import state
from bresim.kernel.jit import called, copy_to, njit
from bresim.kernel.state import CLOSED, EXECUTING, IDLE
from bresim.runner.diary import (
    BOUND,
    COUNCIL_REFUSED,
    EXCLUDED,
    JOINED,
    LEFT,
    LOST_VOTE,
    MUNICIPAL_ELECTION,
    N_EVENTS,
    NONE,
    PROVINCIAL_ELECTION,
    REGAINED_VOTE,
    SHOCK,
    SIGNED,
    WINDOW,
    WITHDREW,
    keeps,
    write,
)

_CODES = [cause.code for cause in CAUSES]

# Places of the causes.
TRUST_KEPT, TRUST_BROKEN = _CODES.index("trust: kept_promise"), _CODES.index("trust: broken_promise")
TRUST_LEFT, TRUST_TURNOVER = _CODES.index("trust: left"), _CODES.index("trust: turnover")
TRUST_COMPLETED, TRUST_FAILED = _CODES.index("trust: completed"), _CODES.index("trust: failed")
TRUST_BASELINE = _CODES.index("trust: baseline")
GRIEVANCE_BROKEN, GRIEVANCE_LEFT = _CODES.index("grievance: broken_promise"), _CODES.index("grievance: left")
GRIEVANCE_DEADLOCKED, GRIEVANCE_IMPOSED = _CODES.index("grievance: deadlocked"), _CODES.index("grievance: imposed")
GRIEVANCE_FAILED = _CODES.index("grievance: failed")
GRIEVANCE_RETOLD, GRIEVANCE_FADED = _CODES.index("grievance: retold"), _CODES.index("grievance: faded")

_N_CAUSES = len(CAUSES)
#: Rows of ``noted_pairs`` and ``noted_themes``.
_TRUST, _GRIEVANCE = 0, 1
_SHOCK, _WINDOW = 0, 1
#: How far a municipality is in an initiative (``noted_seats``).
_OUT, _COMMITTED, _MEMBER = 0, 1, 2


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


@called
def _note_surroundings(s, w, t):
    for k in range(s.shock.shape[0]):
        if s.shock[k] > s.noted_themes[_SHOCK, k]:
            write(s, t, SHOCK, NONE, k, NONE, NONE, s.shock[k])
        if s.window[k] > s.noted_themes[_WINDOW, k]:
            write(s, t, WINDOW, NONE, k, NONE, NONE, s.window[k])
        s.noted_themes[_SHOCK, k] = s.shock[k]
        s.noted_themes[_WINDOW, k] = s.window[k]
    if w.election[t]:
        write(s, t, MUNICIPAL_ELECTION, NONE, NONE, NONE, NONE, 0.0)
    if w.provincial_election[t]:
        write(s, t, PROVINCIAL_ELECTION, NONE, NONE, NONE, NONE, 0.0)


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
    """Whether initiative (a, k) has ended, or its arena has during the talks: only their end is reported then."""
    return s.phase[a, k] == IDLE or (s.arena_slot[a] == CLOSED and s.phase[a, k] != EXECUTING)


@njit
def _note_seat(s, t, a, k, i):
    """Note whether municipality i came in or went out of initiative (a, k); when it is over, all are out."""
    inside, noted = s.committed[a, k, i], s.noted_seats[a, k, i] != _OUT
    if inside == noted:
        return
    if not _is_over(s, a, k):
        write(s, t, JOINED if inside else _went(s, a, k, i), a, k, i, NONE, 0.0)
    s.noted_seats[a, k, i] = _COMMITTED if inside else _OUT


@called
def _note_seats(s, t, first, last):
    themes, size = s.phase.shape[1], s.committed.shape[2]
    for cell in range(first, last):
        for i in range(size):
            _note_seat(s, t, cell // themes, cell % themes, i)


@njit
def note_seats(s, t):
    """Note which municipalities joined or went since the last note."""
    if keeps(s):
        _note_seats(s, t, 0, s.phase.size)


@called
def _note_decision(s, t, a, k):
    for i in range(s.committed.shape[2]):
        # before the decision nobody is bound: a municipality that is now, and had committed, was refused by its council
        inside, bound = s.committed[a, k, i], s.coerced[a, k, i]
        if s.noted_seats[a, k, i] != _OUT and (bound or not inside):
            write(s, t, COUNCIL_REFUSED, a, k, i, NONE, 0.0)
        if bound:
            write(s, t, BOUND, a, k, i, NONE, 0.0)
        s.noted_seats[a, k, i] = _COMMITTED if inside else _OUT


@njit
def note_decision(s, t, a, k):
    """Note which councils refused when initiative (a, k) was decided on, and which members were bound to it.

    To be called right after the decision, once joining and leaving before it are noted.
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
    """Take memberships of what was under way when the run began as they are: they are no event."""
    if keeps(s):
        _note_inherited(s)


@called
def _note_promises(s, t, a, k):
    for i in range(s.committed.shape[2]):
        if s.committed[a, k, i] and s.noted_seats[a, k, i] == _COMMITTED:
            write(s, t, SIGNED, a, k, i, NONE, s.promised[a, k, i])
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
def _note_vote(s, t, a, k, i):
    """Note whether municipality i has lost its vote in arena ``a``, for what it did on theme ``k``, or has it back.

    Where it no longer takes part, as in an arena that has ended, it gets nothing back.
    """
    without = t < s.vote_back[a, i]
    if without and s.noted_votes[a, i] == 0:
        write(s, t, LOST_VOTE, a, k, i, NONE, 0.0)
    elif s.noted_votes[a, i] == 1 and not without and s.eligible[a, i]:
        write(s, t, REGAINED_VOTE, a, NONE, i, NONE, 0.0)
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
            _note_vote(s, t, a, NONE, i)


@njit
def note_votes(s, t):
    """Note which municipalities have their vote back at the start of a quarter."""
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
        elif outcome in (state.IMPOSED, state.AGREED):
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
                    write(s, t, N_EVENTS + cause, NONE, NONE, i, j, s.untold[cause, i, j])
                    s.untold[cause, i, j] = 0.0


@njit
def tell_changes(s, t):
    """Write down, at the end of a quarter, the changes of trust and grievance that are large enough by now."""
    if keeps(s):
        _tell_changes(s, t)
