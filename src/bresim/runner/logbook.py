"""What a run notes down of its initiatives, for its tables and counts. It changes nothing in the run."""

from __future__ import annotations

from bresim.kernel.jit import njit
from bresim.kernel.state import (
    AGREED,
    BROKEN,
    COMPLETED,
    DEADLOCKED,
    DELAYED,
    FAILED,
    IDLE,
    IMPOSED,
    NO_ROW,
    NO_VOTE,
    OPEN,
    REGIONAL,
)
from bresim.kernel.structs import copy_record
from bresim.rules.funding import window_for
from bresim.runner import changes, diary

#: Height of a funding window from which an initiative counts as funded.
FUNDED = 0.5


@njit
def member_bits(member):
    """Members (N,) bool as a bit mask, municipality i in bit i."""
    members = 0
    for i in range(member.shape[0]):
        if member[i]:
            members |= 1 << i
    return members


@njit
def note_openings(s, t, inherited):
    """Begin a line in the log for every initiative that has none yet: it was opened, or ``inherited``, this quarter."""
    arenas, themes = s.phase.shape
    for a in range(arenas):
        for k in range(themes):
            if s.phase[a, k] == IDLE or s.log_row[a, k] != NO_ROW:
                continue
            s.log_row[a, k] = s.region.initiatives
            s.region.initiatives += 1
            entry = s.log[s.log_row[a, k]]
            entry.theme = k
            entry.arena = a
            entry.opened = t
            entry.agreed = -1
            entry.ended = -1
            entry.outcome = OPEN
            entry.eligible = s.n_invited[a]
            entry.coerced = 0
            entry.members = 0
            entry.imposed = False
            entry.funded = False
            entry.inherited = inherited
            if not inherited:
                diary.note_initiative(s, t, a, k, diary.OPENED)


@njit
def note_inherited(s, a, k):
    """Note the members of initiative (a, k), which was agreed before the run began."""
    s.log[s.log_row[a, k]].members = member_bits(s.committed[a, k])


@njit
def note_funding(s, w, a, k):
    """Note if there is a funding window for initiative (a, k) while it is negotiated."""
    if window_for(s, w, a, k) >= FUNDED:
        s.log[s.log_row[a, k]].funded = True


@njit
def note_pledges(s, w, t, a, k):
    """Count the promises that fall due this quarter, and of these the delayed and the broken ones."""
    diary.note_milestone(s, t, a, k)
    changes.note_lost_votes(s, t, a, k)
    if t < w.policy_start or not s.due[a, k]:
        return
    count = s.n_members[a, k]
    delays = 0
    defaults = 0
    enforced = 0
    for m in range(count):
        i = s.members[a, k, m]
        delayed, broken = s.verdict[a, k, i] == DELAYED, s.verdict[a, k, i] == BROKEN
        s.pledged[i] += 1.0
        s.delayed[i] += delayed
        s.defaulted[i] += broken
        delays += delayed
        defaults += broken
        enforced += s.enforced[a, k, i]
    if w.arena_scale[a] == REGIONAL:
        s.counts.enforced += enforced
        s.counts.pledges += count
        s.counts.delays += delays
        s.counts.defaults += defaults


@njit
def _note_agreement(s, w, a, k, t, counts):
    """Note an agreement or imposition; ``counts`` says whether it counts for the outcomes of the region."""
    entry, imposed = s.log[s.log_row[a, k]], s.outcome[a, k] == IMPOSED
    entry.agreed = t
    entry.imposed = imposed
    entry.members = member_bits(s.committed[a, k])
    coerced = 0
    for i in range(s.coerced.shape[2]):
        coerced += s.coerced[a, k, i]
    entry.coerced = coerced
    diary.note_initiative(s, t, a, k, diary.IMPOSED if imposed else diary.AGREED)
    changes.note_promises(s, t, a, k)
    if t >= w.policy_start:
        for i in range(s.agreements.shape[0]):
            s.agreements[i] += s.committed[a, k, i]
    if counts:
        s.counts.agreements += 1
        s.counts.quarters_waited += t - entry.opened
        s.counts.imposed += imposed


@njit
def _note_end(s, w, a, k, t, counts):
    """Note a completion, failure, deadlock or lapse; ``counts`` says whether it counts for the outcomes."""
    entry, outcome = s.log[s.log_row[a, k]], s.outcome[a, k]
    entry.ended = t
    entry.outcome = outcome
    if outcome in (COMPLETED, FAILED):
        entry.members = member_bits(s.committed[a, k])
    s.log_row[a, k] = NO_ROW
    diary.note_end(s, t, a, k)
    if counts:
        s.counts.deadlocks += outcome == DEADLOCKED
        s.counts.completed += outcome == COMPLETED
        s.counts.failed += outcome == FAILED
        if outcome == COMPLETED and s.counts.first_result < 0 and entry.opened >= w.policy_start:
            s.counts.first_result = t - w.policy_start


@njit
def note_outcome(s, w, t, a, k):
    """Note what became of initiative (a, k) this quarter, before ``rules.lifecycle`` puts an ended one away."""
    # outcomes are about the scale of the region
    counts = w.arena_scale[a] == REGIONAL and t >= w.policy_start
    if s.outcome[a, k] in (AGREED, IMPOSED):
        _note_agreement(s, w, a, k, t, counts)
    else:
        _note_end(s, w, a, k, t, counts)


@njit
def note_ballots(s, t, run, ballots, used):
    """Copy this quarter's ballots behind the ``used`` rows of ``ballots``; returns how many are used then."""
    if s.region.question == NO_VOTE:
        return used
    for i in range(s.ballot.shape[0]):
        if s.ballot[i].votes:
            entry = ballots[used]
            copy_record(entry, s.ballot[i])
            entry.run = run
            entry.quarter = t
            entry.municipality = i
            entry.question = s.region.question
            entry.carried = s.region.carried
            used += 1
    return used
