"""Rule: aggregation
Equation: agreed if committed >= quota eligible, board share >= board quota, members >= minimum, capacity >= minimum
Source: Ostrom 2005 (aggregation rules); BRE 4.2.3 (imposition after deadlock); RD 3 (regiegroep, two decision lines)
"""

from __future__ import annotations

from bresim.kernel import draws
from bresim.kernel.arithmetic import around_half
from bresim.kernel.jit import njit
from bresim.kernel.state import (
    DEADLOCKED,
    DROUGHT,
    EXECUTING,
    IDLE,
    L_AGREED,
    L_COERCED,
    L_ENDED,
    L_FUNDED,
    L_IMPOSED,
    L_OPENED,
    L_OUTCOME,
    N_AGREEMENTS,
    N_DEADLOCKS,
    N_IMPOSED,
    NEGOTIATING,
    REGIONAL,
    STANCE,
    STEERING,
    SUM_WAIT,
)
from bresim.rules.acceptance import after_imposition, backing
from bresim.rules.agenda import member_bits
from bresim.rules.grievance import after_deadlock, after_overruling
from bresim.rules.logit import logistic
from bresim.rules.partners import after_breakdown
from bresim.rules.support import after_failure
from bresim.rules.value import agree

#: Height of a funding window from which an initiative counts as funded in the tables (it has no effect on the run).
FUNDED = 0.5


@njit
def is_agreed(share, quota, board_share, board_quota, members, min_members, capacity_share, min_capacity):
    """Whether the design's aggregation rule is met; shares in [0, 1], counts as numbers."""
    tiny = 1e-9
    return (
        share >= quota - tiny
        and board_share >= board_quota - tiny
        and members >= min_members
        and capacity_share >= min_capacity - tiny
    )


@njit
def ratification(p, support):
    """Chance that a council, asked for its own means, agrees."""
    return logistic(p.ratify_base + p.ratify_support * around_half(support))


@njit
def _tally(s, a, k):
    """(share committed, share of the board committed, members, share of capacity) of a negotiation."""
    invited = s.n_invited[a]
    joined = 0
    seats = 0
    seated = 0
    capacity = 0.0
    fte, eligible, board, committed = s.capacity, s.eligible[a], s.board[a], s.committed[a, k]
    for i in range(fte.shape[0]):  # only who is eligible is ever committed
        joined += committed[i]
        seats += board[i] & eligible[i]
        seated += board[i] & committed[i]
    for i in range(fte.shape[0]):  # apart: whole numbers are counted several at once, a sum in its order is not
        capacity += fte[i] * committed[i]
    return (
        joined / invited if invited > 0 else 0.0,
        seated / seats if seats > 0 else 1.0,
        joined,
        capacity / s.arena_capacity[a],
    )


@njit
def _ratify(s, w, p, t, a, k):
    """Second decision line: a council that does not ratify keeps its municipality out (RD 3)."""
    themes = s.phase.shape[1]
    for i in range(s.capacity.shape[0]):
        if s.committed[a, k, i]:
            refuse = s.rules[a].council_ratification * (1.0 - ratification(p, s.support[i]))
            if draws.uniform(s.key, draws.RATIFY, t, a * themes + k, i) < refuse:
                s.committed[a, k, i] = False


@njit
def _start_execution(s, w, p, t, a, k, imposed):
    rules = s.rules[a]
    row = s.log_row[a, k]
    coerced = 0.0
    for i in range(s.capacity.shape[0]):
        s.coerced[a, k, i] = False
        if s.eligible[a, i] and not s.committed[a, k, i] and (imposed or rules.binds_dissenters >= 0.5):
            s.committed[a, k, i] = True
            s.coerced[a, k, i] = True
            coerced += 1.0
    s.phase[a, k] = EXECUTING
    s.clock[a, k] = 0.0
    s.log[row, L_AGREED] = t
    s.log[row, L_IMPOSED] = 1.0 if imposed else 0.0
    s.log[row, L_COERCED] = coerced
    s.log_members[row] = member_bits(s, a, k)
    if a == 0:
        s.scalars[DROUGHT] = 0.0
        if t >= w.policy_start:
            s.counts[N_AGREEMENTS] += 1.0
            s.counts[SUM_WAIT] += t - s.log[row, L_OPENED]
            if imposed:
                s.counts[N_IMPOSED] += 1.0
    agree(s, w, p, a, k)


@njit
def _end_in_deadlock(s, w, p, t, a, k):
    after_deadlock(s, p, a, k)
    for i in range(s.capacity.shape[0]):
        if s.eligible[a, i]:
            after_failure(s, p, i)
    if w.arena_scale[a] == REGIONAL:
        after_breakdown(s, w, p, k)
    s.phase[a, k] = IDLE
    s.rest[a, k] = p.cooldown
    s.committed[a, k, :] = False
    row = s.log_row[a, k]
    s.log[row, L_ENDED] = t
    s.log[row, L_OUTCOME] = DEADLOCKED
    if a == 0 and t >= w.policy_start:
        s.counts[N_DEADLOCKS] += 1.0


@njit
def update(s, w, p, t):
    """Turn commitments into agreements, past patience into deadlock or imposition."""
    arenas, themes = s.phase.shape
    for a in range(arenas):
        rules = s.rules[a]
        for k in range(themes):
            if s.phase[a, k] != NEGOTIATING:
                continue
            if s.window[k] >= FUNDED:  # "funded": a window was open for it while it was negotiated
                s.log[s.log_row[a, k], L_FUNDED] = 1.0
            share, board, members, capacity = _tally(s, a, k)
            if is_agreed(
                share, rules.quota, board, rules.board_quota, members, rules.min_members, capacity, rules.min_capacity
            ):
                if rules.council_ratification > 0.0:
                    _ratify(s, w, p, t, a, k)
                    share, board, members, capacity = _tally(s, a, k)
                # after ratification fewer may be left: then the remaining ones go on only if the minimum holds
                if members >= rules.min_members and capacity >= rules.min_capacity - 1e-9:
                    _start_execution(s, w, p, t, a, k, False)
                    continue
            s.clock[a, k] += 1.0
            if s.clock[a, k] > p.patience + rules.form_quarters:
                steers = a == 0 and s.scalars[STEERING] > 0.0
                chance = rules.imposition * backing(rules.mandate, s.scalars[STANCE]) if steers else 0.0
                if draws.uniform(s.key, draws.IMPOSE, t, a, k) < chance:
                    after_overruling(s, p, a, k)
                    after_imposition(s, p, a, k)
                    _start_execution(s, w, p, t, a, k, True)
                else:
                    _end_in_deadlock(s, w, p, t, a, k)
