"""Rule: adoption of the design itself
Equation: P(yes) = logistic(base + trust + support + orientation - kappa autonomy_loss - say); founded if share >= quota
Source: BRE 2.3, 4.2.2 (a supported follow-up), 4.2.3 (the role must be granted to the province; a year of deadlock); RD 3, 4 (term)
"""

from __future__ import annotations

from bresim.kernel import draws
from bresim.kernel.arithmetic import around_half
from bresim.kernel.jit import copy_to, njit
from bresim.kernel.state import (
    ADOPTED,
    ADOPTED_QUARTER,
    ARENAS,
    BEFORE,
    DESIGN,
    DIVIDE,
    DROUGHT,
    FALLBACK,
    INTERVENES,
    KAPPA,
    NEGOTIATING,
    SLOT,
    STANCE,
    STEERING,
    SUCCESSOR,
)
from bresim.rules.acceptance import backing
from bresim.rules.commitment import unequal_say
from bresim.rules.logit import logistic
from bresim.rules.support import council_weight


@njit
def autonomy_loss(binding, pooled_capacity, steering):
    """How much of its own say a municipality gives up, in [0, 1]; a tenth of capacity pooled counts as much as full binding."""
    return (binding + min(1.0, 10.0 * pooled_capacity) + steering) / 3.0


@njit
def steering_in_force(steering, mandate, stance, intervenes):
    """Strength of provincial steering now: a mandate obliges the province; without one its own stance decides, after a drought."""
    return steering * backing(mandate, stance * intervenes)


@njit
def founding_inclination(p, trust, support, weight, orientation, kappa, loss, unequal_say, divide):
    """Logit of a yes to founding the design. ``weight`` is that of the council; ``unequal_say`` is 0 for who sits on the board."""
    return (
        p.adopt_base
        + p.adopt_trust * around_half(trust)
        + p.adopt_support * weight * around_half(support)
        + p.adopt_orientation * around_half(orientation)
        - p.adopt_autonomy * kappa * loss
        - p.adopt_say * unequal_say * (0.5 + 0.5 * divide)
    )


@njit
def _mean_trust(s, i, mask):
    total = 0.0
    count = 0.0
    for j in range(mask.shape[0]):
        if mask[j] and j != i:
            total += s.trust[i, j]
            count += 1.0
    return total / count if count > 0.0 else 0.5


@njit
def _vote(s, w, p, t):
    """True if enough of the eligible municipalities want to found the design."""
    d = s.design[0]
    rules = w.rules[d, DESIGN]
    eligible = w.eligible[d, DESIGN]
    say = unequal_say(rules.equal_say, rules.sounding_board, p.sounding_effect)
    yes = 0.0
    count = 0.0
    for i in range(eligible.shape[0]):
        if eligible[i]:
            seated = w.board[d, DESIGN, i]
            pays = seated or rules.pooled_by_board < 0.5
            x = founding_inclination(
                p,
                _mean_trust(s, i, eligible),
                s.support[i],
                council_weight(p.council_local, w.local_party[i]),
                w.orientation[i],
                s.scalars[KAPPA],
                autonomy_loss(rules.binding, rules.pooled_capacity if pays else 0.0, rules.steering),
                0.0 if seated else say,
                s.scalars[DIVIDE],
            )
            count += 1.0
            if draws.uniform(s.key, draws.ADOPT, t, i, 0) < logistic(x):
                yes += 1.0
    return yes >= rules.adoption_quota * count - 1e-9 and yes >= min(rules.min_members, count)


@njit
def _enter(s, w, a, slot):
    """Let institution ``slot`` hold in arena ``a``; who is no longer eligible leaves the negotiations."""
    d = s.design[0]
    count = 0
    for i in range(w.member.shape[1]):
        s.eligible[a, i] = w.eligible[d, slot, i] and w.member[a, i]
        if s.eligible[a, i]:
            s.invited[a, count] = i
            count += 1
    s.n_invited[a] = count
    for k in range(s.in_scope.shape[1]):
        s.in_scope[a, k] = w.in_scope[d, slot, k]
        if s.phase[a, k] == NEGOTIATING:
            for i in range(w.member.shape[1]):
                if not s.eligible[a, i]:
                    s.committed[a, k, i] = False


@njit
def _seat_board(s, w, a, slot, t):
    """Fixed seats, and the rotating ones that pass on every year (RD 3: 3 + 1)."""
    d = s.design[0]
    copy_to(s.board[a], w.board[d, slot])
    candidates = 0
    for i in range(w.member.shape[1]):
        if w.rotation[d, slot, i]:
            candidates += 1
    seats = min(int(s.rules[a].rotating_seats), candidates)
    has_board = False
    for i in range(w.member.shape[1]):
        has_board = has_board or s.board[a, i]
    if not has_board:
        return
    for seat in range(seats):
        turn = (t // 4 * seats + seat) % candidates
        for i in range(w.member.shape[1]):
            if w.rotation[d, slot, i]:
                if turn == 0:
                    s.board[a, i] = True
                turn -= 1


@njit
def found(s, w, p, t):
    """Found the design if it is time to; return the institution slot whose rules hold this quarter."""
    if t < w.policy_start:
        return BEFORE
    d = s.design[0]
    rules = w.rules[d, DESIGN]
    if s.scalars[ADOPTED] == 0.0:
        waited = (t - w.policy_start) % int(round(p.adopt_interval)) == 0  # noqa: RUF046 (compiled, round gives a float)
        if rules.adoption_quota <= 0.0 or (waited and _vote(s, w, p, t)):
            s.scalars[ADOPTED] = 1.0
            s.scalars[ADOPTED_QUARTER] = t
    if s.scalars[ADOPTED] == 0.0:
        return FALLBACK
    if rules.term_quarters > 0.0 and t - s.scalars[ADOPTED_QUARTER] >= rules.term_quarters:
        return SUCCESSOR if w.has_successor[d] else FALLBACK
    return DESIGN


@njit
def built_up(s, w, t, slot):
    """How far the institution is built up, in (0, 1]: a design grows over its set-up time."""
    setup = w.rules[s.design[0], DESIGN].setup_quarters
    if slot != DESIGN or setup <= 0.0:
        return 1.0
    return min(1.0, (t - s.scalars[ADOPTED_QUARTER] + 1.0) / (setup + 1.0))


@njit
def govern(s, w, p, t, slot):
    """Let the rules of institution ``slot`` hold this quarter in the region, and those of the other arenas there."""
    d = s.design[0]
    old = int(s.scalars[SLOT])
    ramp = built_up(s, w, t, slot)
    now, goal, start, ramps = s.rule_values[0], w.rule_values[d, slot], w.rule_values[d, FALLBACK], w.ramps
    for f in range(now.shape[0]):
        now[f] = start[f] + ramp * (goal[f] - start[f]) if ramps[f] and slot == DESIGN else goal[f]
    s.rules[0].programme_money *= min(1.0, w.window_factor[t])  # it is central money too
    if t == 0 or slot != old:
        s.scalars[SLOT] = slot
        _enter(s, w, 0, slot)
    if t % 4 == 0 or slot != old:  # rotating seats pass on at new year
        _seat_board(s, w, 0, slot, t)
    if t == 0:
        for a in range(1, w.member.shape[0]):
            copy_to(s.rule_values[a], w.rule_values[d, ARENAS + a - 1])
            _enter(s, w, a, ARENAS + a - 1)
    if t % 4 == 0:
        for a in range(1, w.member.shape[0]):
            _seat_board(s, w, a, ARENAS + a - 1, t)
    # the stick behind the door: at once with a mandate, else from a drought of regional agreements on until the
    # provincial elections bring another executive
    if w.provincial_election[t]:
        s.scalars[INTERVENES] = 0.0
    if s.scalars[DROUGHT] >= p.mandate_patience:
        s.scalars[INTERVENES] = 1.0
    mandate = s.rules[0].mandate
    s.scalars[STEERING] = steering_in_force(s.rules[0].steering, mandate, s.scalars[STANCE], s.scalars[INTERVENES])
    if t >= w.policy_start:
        s.scalars[DROUGHT] += 1.0


@njit
def update(s, w, p, t):
    """Found, build up or end the design, and set the rules in force in every arena."""
    govern(s, w, p, t, found(s, w, p, t))
