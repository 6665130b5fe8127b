r"""Agenda

In every arena idle themes are put on the agenda. The pull of a theme is the mean urgency of the eligible
municipalities, weighed by inhabitants, or the funding window, or a mix of the two, as the agenda follows need or money.
Where two tables overlap, as with a design that stands beside the region's own institution, only need that is not served
and money that is not taken at the other one pulls: the urgency of a municipality that is committed to the theme there
does not count, and the window is what there is of it for this table (rule `funding`). As far as the design chooses
themes on which agreement is broad, the pull is less, the more the eligible municipalities differ in how much the theme
matters to them (rule `interest`). A cross-border focus raises the pull of cross-border themes. A theme that is idle, in
scope and rested is a candidate with a chance that grows with its pull. Candidates open, the strongest pull first, as
long as fewer initiatives than the institution's maximum are under way in the arena. With the maximum already under way
nothing is put on the agenda. An initiative opens without commitments, progress or grant. The other idle themes rest one
quarter less. Two tables that overlap may still take up the same theme: it then costs work and meetings at both.

Equation: pull of a theme, before and with a cross-border focus
    \Psi_{ak} = \bigl((1 - \mathrm{follows\ money})\, \bar u_{ak} + \mathrm{follows\ money}\; W_{ak}\bigr)
    \bigl(1 - \mathrm{breadth}\; (1 - B_{ak})\bigr), \qquad
    \hat\Psi_{ak} = \Psi_{ak} + (1 - \Psi_{ak})\; \mathrm{focus}\; \upsilon_k
Equation: mean urgency of the eligible municipalities that is not served at another table
    \bar u_{ak} = \frac{\sum_{i \in E_a \setminus M_{\mathrm{else},ak}} n_i\, u_{ik}}{\sum_{i \in E_a} n_i}
Equation: breadth of agreement: 1 less the coefficient of variation, over the eligible municipalities, of how much the theme matters
    B_{ak} = \max\Bigl(0,\; 1 - \frac{1}{\bar I_{ak}} \bigl(\textstyle\frac{1}{\lvert E_a\rvert} \sum_{i \in E_a} I_{iak}^2 - \bar I_{ak}^2\bigr)^{1/2}\Bigr), \qquad
    \bar I_{ak} = \frac{1}{\lvert E_a\rvert} \sum_{i \in E_a} I_{iak}
Equation: how much the theme matters, as in rule `interest`
    I_{iak} = u_{ik}\, \tilde z_{iak}, \qquad \tilde z_{iak} = \tilde z(z_{ik}, \bar z_{ak}, \kappa, e_z, \zeta)
Equation: chance to be a candidate; of the candidates those with the strongest pull open
    \Pr(\text{candidate}_{ak}) = 1 - e^{-r_A \hat\Psi_{ak}} \quad \text{if idle, } k \in K_a,\; R_{ak} = 0,\; J_a < \mathrm{max\ open}
Equation: what opens is under negotiation, with an empty table
    \vartheta_{ak}' = p_{ak}' = \bar p_{ak}' = G_{ak}' = 0, \qquad M_{ak}' = M_{\mathrm{c},ak}' = \varnothing
Equation: rest of an idle theme
    R_{ak}' = \max(0,\; R_{ak} - 1)
Symbols:
    \Psi_{ak} = pull of the theme without focus [share]
    \hat\Psi_{ak} = pull of the theme [share]
    \bar u_{ak} = mean urgency of the eligible municipalities [share]
    u_{ik} = s.urgency; urgency
    I_{iak} = how much the theme matters to the municipality [share]
    \bar I_{ak} = mean of that over the eligible municipalities [share]
    \tilde z_{iak} = effective interest [share]
    z_{ik} = s.interest; own net stake in regional action on the theme
    \bar z_{ak} = s.arena_interest; interest of the arena as a whole
    \kappa = s.region.kappa; parochialism that counts this quarter
    e_z = stake_elsewhere
    \zeta = subregional_bond
    B_{ak} = breadth of agreement on the theme [share]
    n_i = w.population
    W_{ak} = what there is of the funding window for this table, see rule `funding` [share]
    M_{\mathrm{else},ak} = municipalities committed to the theme in an arena that overlaps with this one, w.overlaps: s.committed [set]
    \upsilon_k = w.border_theme; how far the theme is a cross-border one
    E_a = s.eligible; municipalities eligible in the arena [set]
    K_a = s.in_scope; themes in scope in the arena [set]
    J_a = initiatives under way in the arena, those that opened this quarter included [count]
    R_{ak} = s.rest
    \vartheta_{ak} = s.clock
    p_{ak} = s.progress
    \bar p_{ak} = s.share_done
    G_{ak} = s.grant
    M_{ak} = s.committed; municipalities committed to the initiative, later its members [set]
    M_{\mathrm{c},ak} = s.coerced; members bound against their vote [set]
    r_A = open_rate
    \mathrm{follows\ money} = scope.follows_money
    \mathrm{focus} = scope.cross_border_focus
    \mathrm{breadth} = scope.breadth
    \mathrm{max\ open} = scope.max_open
Source: RD 1 ("geld zoekt agenda" or "agenda zoekt geld"; "vrees voor dubbelingen"); BRE 2.2, 4.2.2 (choose a few themes, let go of the others)
"""

from __future__ import annotations

import math

from bresim.kernel import draws
from bresim.kernel.arithmetic import exp
from bresim.kernel.jit import njit
from bresim.kernel.state import IDLE, NEGOTIATING
from bresim.rules.funding import window_for
from bresim.rules.interest import effective_interest, importance, parochialism_in
from bresim.rules.turns import turn


@njit
def priority(urgency, window, follows_money):
    """Pull of a theme on the agenda: need, money, or a mix of the two."""
    return (1.0 - follows_money) * urgency + follows_money * window


@njit
def opening_chance(rate, pull):
    """Chance per quarter that an idle theme is put on the agenda."""
    return 1.0 - exp(-rate * pull)


@njit
def _open(s, a, k):
    """Begin to negotiate on theme k in arena a, with an empty table."""
    s.phase[a, k] = NEGOTIATING
    s.clock[a, k] = 0.0
    s.progress[a, k] = 0.0
    s.grant[a, k] = 0.0
    s.share_done[a, k] = 0.0
    s.committed[a, k, :] = False
    s.coerced[a, k, :] = False


@njit
def _is_rested(s, a, rested):
    """Set ``rested`` (K,): 1 for each idle theme of arena ``a`` that may open; the others rest a quarter.

    Returns how many initiatives are under way.
    """
    under_way = 0
    phase, rest = s.phase[a], s.rest[a]
    for k in range(phase.shape[0]):
        idle = phase[k] == IDLE
        under_way += not idle
        rested[k] = idle and rest[k] <= 0.0
        rest[k] = max(0.0, rest[k] - idle)
    return under_way


@njit
def broad(mean, spread):
    """How broad agreement on a theme is, in [0, 1]: less, the more municipalities differ in how much it matters to them."""
    return max(0.0, 1.0 - spread / mean) if mean > 0.0 else 0.0


@njit
def _breadth(s, w, p, a, k):
    """How broad agreement on theme k is among the eligible municipalities of arena a, in [0, 1]."""
    kappa = parochialism_in(s.region.kappa, p.subregional_bond, w.within_subregion[a])
    total = 0.0
    squares = 0.0
    count = s.n_invited[a]
    for m in range(count):
        i = s.invited[a, m]
        stake = effective_interest(s.interest[k, i], s.arena_interest[a, k], kappa, p.stake_elsewhere)
        value = importance(s.urgency[k, i], stake)
        total += value
        squares += value * value
    mean = total / count
    return broad(mean, math.sqrt(max(0.0, squares / count - mean * mean)))


@njit
def served_elsewhere(s, w, a, k, served):
    """Set ``served`` (N,): 1 where a municipality is committed to theme k at another table at the scale of arena ``a``, else 0."""
    arenas, _, size = s.committed.shape
    for i in range(size):
        served[i] = 0.0
    for b in range(arenas):
        if w.overlaps[a, b]:
            for i in range(size):
                served[i] = 1.0 if s.committed[b, k, i] else served[i]


@njit
def _pull(s, w, p, a, k):
    """Pull of theme k on the agenda of arena a; a cross-border focus adds to that of cross-border themes."""
    institution, invited, felt, served = s.institution[a], s.invited[a], s.urgency[k], s.scratch[1]
    served_elsewhere(s, w, a, k, served)
    urgency = 0.0
    people = 0.0
    for m in range(s.n_invited[a]):
        i = invited[m]
        people += w.population[i]
        urgency += (1.0 - served[i]) * w.population[i] * felt[i]
    pull = priority(urgency / people, window_for(s, w, a, k), institution.follows_money)
    if institution.breadth > 0.0:
        pull *= 1.0 - institution.breadth * (1.0 - _breadth(s, w, p, a, k))
    return pull + (1.0 - pull) * (institution.cross_border_focus * w.border_theme[k])


@njit
def update(s, w, p, t):
    """Open initiatives in every arena, the strongest pull first, as far as the design's focus allows."""
    arenas, themes = s.phase.shape
    pulls, rested = s.scratch[0], s.scratch[2]
    ceiling = opening_chance(p.open_rate, 1.0)
    for x in range(arenas):
        a = turn(s, x, arenas)
        most = s.institution[a].max_open
        under_way = _is_rested(s, a, rested)
        if under_way >= most or s.n_invited[a] == 0:
            continue
        draw = s.draws_agenda[a]
        draws.fill_once(s.key, draws.AGENDA, t, a, draw, s.drawn)
        for k in range(themes):
            pulls[k] = -1.0  # does not open
            # no chance is above that of a full pull: most draws settle it at once
            if draw[k] < ceiling and rested[k] > 0.0 and s.in_scope[a, k]:
                pull = _pull(s, w, p, a, k)
                if draw[k] < opening_chance(p.open_rate, pull):
                    pulls[k] = pull
        while under_way < most:
            best = -1
            for k in range(themes):
                if pulls[k] >= 0.0 and (best < 0 or pulls[k] > pulls[best]):
                    best = k
            if best < 0:
                break
            _open(s, a, best)
            under_way += 1
            pulls[best] = -1.0
