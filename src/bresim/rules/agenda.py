r"""Agenda

In every arena idle themes are put on the agenda. The pull of a theme is the mean urgency of the eligible municipalities, weighed by inhabitants, or
the funding window, or a mix of the two, as the agenda follows need or money; a cross-border focus raises the pull of cross-border themes. A theme
that is idle, in scope and rested is a candidate with a chance that grows with its pull. Candidates open, the strongest pull first, as long as
fewer initiatives than the institution's maximum are under way in the arena. With the maximum already under way nothing is put on the agenda.
An initiative opens without commitments, progress or grant. The themes that are idle rest one quarter less.

Equation: pull of a theme, before and with a cross-border focus
    \Psi_{ak} = (1 - \mathrm{follows\ money})\, \bar u_{ak} + \mathrm{follows\ money}\; W_k, \qquad
    \hat\Psi_{ak} = \Psi_{ak} + (1 - \Psi_{ak})\; \mathrm{focus}\; \upsilon_k
Equation: mean urgency of the eligible municipalities
    \bar u_{ak} = \frac{\sum_{i \in E_a} n_i\, u_{ik}}{\sum_{i \in E_a} n_i}
Equation: chance to be a candidate; of the candidates those with the strongest pull open
    \Pr(\text{candidate}_{ak}) = 1 - e^{-r_A \hat\Psi_{ak}} \quad \text{if idle, } k \in K_a,\; R_{ak}' = 0 \text{ and } J_a < \mathrm{max\ open}
Equation: rest of an idle theme
    R_{ak}' = \max(0,\; R_{ak} - 1)
Symbols:
    \Psi_{ak} = pull of the theme without focus [share]
    \hat\Psi_{ak} = pull of the theme [share]
    \bar u_{ak} = mean urgency of the eligible municipalities [share]
    u_{ik} = s.urgency; urgency
    n_i = w.population
    W_k = s.window; height of the funding window of the theme
    \upsilon_k = w.border_theme; how far the theme is a cross-border one
    E_a = s.eligible; municipalities eligible in the arena [set]
    K_a = s.in_scope; themes in scope in the arena [set]
    J_a = initiatives under way in the arena, those that opened this quarter included [count]
    R_{ak} = s.rest
    r_A = open_rate
    \mathrm{follows\ money} = scope.follows_money
    \mathrm{focus} = scope.cross_border_focus
    \mathrm{max\ open} = scope.max_open
Source: RD 1 ("geld zoekt agenda" or "agenda zoekt geld"); BRE 2.2, 4.2.2 (choose a few themes, let go of the others)
"""

from __future__ import annotations

from bresim.kernel import draws
from bresim.kernel.arithmetic import exp
from bresim.kernel.jit import njit
from bresim.kernel.state import IDLE, NEGOTIATING, OPEN


@njit
def priority(urgency, window, follows_money):
    """Pull of a theme on the agenda: need, money, or a mix of the two."""
    return (1.0 - follows_money) * urgency + follows_money * window


@njit
def opening_chance(rate, pull):
    """Chance per quarter that an idle theme is put on the agenda."""
    return 1.0 - exp(-rate * pull)


@njit
def _open(s, a, k, t):
    """Begin to negotiate on theme k in arena a, with an empty table and a new line in the log."""
    s.phase[a, k] = NEGOTIATING
    s.clock[a, k] = 0.0
    s.progress[a, k] = 0.0
    s.grant[a, k] = 0.0
    s.share_done[a, k] = 0.0
    s.committed[a, k, :] = False
    s.coerced[a, k, :] = False
    row = s.region.initiatives
    s.region.initiatives += 1
    s.log_row[a, k] = row
    entry = s.log[row]
    entry.theme = k
    entry.arena = a
    entry.opened = t
    entry.agreed = -1
    entry.ended = -1
    entry.outcome = OPEN
    entry.eligible = int(s.n_invited[a])
    entry.coerced = 0
    entry.members = 0
    entry.imposed = False
    entry.funded = False


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
def _pull(s, w, a, k):
    """Pull of theme k on the agenda of arena a; a cross-border focus adds to that of cross-border themes."""
    institution, invited, felt = s.institution[a], s.invited[a], s.urgency[k]
    urgency = 0.0
    people = 0.0
    for m in range(s.n_invited[a]):
        people += w.population[invited[m]]
        urgency += w.population[invited[m]] * felt[invited[m]]
    pull = priority(urgency / people, s.window[k], institution.follows_money)
    return pull + (1.0 - pull) * (institution.cross_border_focus * w.border_theme[k])


@njit
def update(s, w, p, t):
    """Open initiatives in every arena, the strongest pull first, as far as the design's focus allows."""
    arenas, themes = s.phase.shape
    pulls = s.scratch[0]
    ceiling = opening_chance(p.open_rate, 1.0)
    for a in range(arenas):
        most = s.institution[a].max_open
        under_way = _rest(s, a)
        if under_way >= most:
            continue
        draw = s.draws_agenda[a]
        draws.fill_once(s.key, draws.AGENDA, t, a, draw, s.drawn)
        for k in range(themes):
            pulls[k] = -1.0  # does not open
            # no chance is above that of a full pull: most draws settle it at once
            if draw[k] < ceiling and s.phase[a, k] == IDLE and s.in_scope[a, k] and s.rest[a, k] <= 0.0:
                pull = _pull(s, w, a, k)
                if draw[k] < opening_chance(p.open_rate, pull):
                    pulls[k] = pull
        while under_way < most:
            best = -1
            for k in range(themes):
                if pulls[k] >= 0.0 and (best < 0 or pulls[k] > pulls[best]):
                    best = k
            if best < 0:
                break
            _open(s, a, best, t)
            under_way += 1
            pulls[best] = -1.0
