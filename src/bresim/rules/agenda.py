"""Rule: agenda
Equation: P(open) = 1 - exp(-rate [(1 - m) mean urgency + m window]), highest first, until max_open are under way
Source: RD 1 ("geld zoekt agenda" or "agenda zoekt geld"); BRE 2.2, 4.2.2 (choose a few themes, let go of the others)
"""

from __future__ import annotations

from bresim.kernel import draws
from bresim.kernel.arithmetic import exp
from bresim.kernel.jit import njit
from bresim.kernel.state import (
    IDLE,
    L_AGREED,
    L_ARENA,
    L_COERCED,
    L_ELIGIBLE,
    L_ENDED,
    L_FUNDED,
    L_IMPOSED,
    L_OPENED,
    L_OUTCOME,
    L_THEME,
    NEGOTIATING,
    OPEN,
)


@njit
def priority(urgency, window, follows_money):
    """Pull of a theme on the agenda: need, money, or a mix of the two."""
    return (1.0 - follows_money) * urgency + follows_money * window


@njit
def opening_chance(rate, pull):
    """Chance per quarter that an idle theme is put on the agenda."""
    return 1.0 - exp(-rate * pull)


@njit
def member_bits(s, a, k):
    """Members of initiative (a, k) as a bit mask, municipality i in bit i."""
    members = 0
    for i in range(s.committed.shape[2]):
        if s.committed[a, k, i]:
            members |= 1 << i
    return members


@njit
def _open(s, a, k, t):
    s.phase[a, k] = NEGOTIATING
    s.clock[a, k] = 0.0
    s.progress[a, k] = 0.0
    s.grant[a, k] = 0.0
    s.share[a, k] = 0.0
    s.committed[a, k, :] = False
    s.coerced[a, k, :] = False
    row = s.log_size[0]
    s.log_size[0] += 1
    s.log_row[a, k] = row
    s.log[row, :] = -1.0
    s.log[row, L_THEME] = k
    s.log[row, L_ARENA] = a
    s.log[row, L_OPENED] = t
    s.log[row, L_OUTCOME] = OPEN
    s.log[row, L_IMPOSED] = 0.0
    s.log[row, L_FUNDED] = 0.0
    s.log[row, L_COERCED] = 0.0
    s.log[row, L_ELIGIBLE] = s.n_invited[a]
    s.log_members[row] = 0
    s.log[row, L_AGREED] = -1.0
    s.log[row, L_ENDED] = -1.0


@njit
def _rest(s, a):
    """Let the idle themes of arena ``a`` rest a quarter; returns how many initiatives are under way."""
    under_way = 0
    phase, rest = s.phase[a], s.rest[a]
    for k in range(phase.shape[0]):
        idle = phase[k] == IDLE
        under_way += not idle
        rest[k] = max(0.0, rest[k] - idle)
    return under_way


@njit
def update(s, w, p, t):
    """Open initiatives in every arena, the strongest pull first, as far as the design's focus allows."""
    arenas, themes = s.phase.shape
    pulls, population, felt = s.pulls, w.population, s.urgency
    ceiling = opening_chance(p.open_rate, 1.0)
    for a in range(arenas):
        rules = s.rules[a]
        under_way = _rest(s, a)
        if under_way >= rules.max_open:
            continue
        invited, count = s.invited[a], s.n_invited[a]
        luck = s.luck_agenda[a]
        draws.fill_once(s.key, draws.AGENDA, t, a, luck, s.filled)
        candidates = 0
        for k in range(themes):
            pulls[k] = -1.0
            # no chance is above that of a full pull: most draws settle it at once
            if luck[k] < ceiling and s.phase[a, k] == IDLE and s.in_scope[a, k] and s.rest[a, k] <= 0.0:
                urgency = 0.0
                people = 0.0
                for m in range(count):
                    people += population[invited[m]]
                    urgency += population[invited[m]] * felt[k, invited[m]]
                focus = rules.cross_border_focus * w.border_theme[k]
                pull = priority(urgency / people, s.window[k], rules.follows_money)
                pull += (1.0 - pull) * focus
                if luck[k] < opening_chance(p.open_rate, pull):
                    pulls[k] = pull
                    candidates += 1
        for _ in range(candidates):
            if under_way >= rules.max_open:
                break
            best = -1
            for k in range(themes):
                if pulls[k] >= 0.0 and (best < 0 or pulls[k] > pulls[best]):
                    best = k
            if best < 0:
                break
            _open(s, a, best, t)
            under_way += 1.0
            pulls[best] = -1.0
