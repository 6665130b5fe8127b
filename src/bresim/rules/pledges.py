r"""Dividing capacity over promises

A municipality that means to keep its promises spends scarce capacity first on what matters most to it. It goes through
its initiatives in execution from the most to the least important, and gives each what it promised, as long as it has
capacity that it is ready to use. Importance is urgency times effective interest (rule `interest`), so a parochial
municipality puts its own subregion before the region. It keeps part of its slack at home, the more the more parochial
it is; for work in its own subregion it keeps less. To an initiative of which it does not mean to keep its promise it
gives nothing.

Equation: what a municipality gives, with its initiatives ordered by importance, the most important first
    O_{iak} = \begin{cases}
    \min\Bigl(\mathcal{P}_{iak},\; \max\bigl(0,\; f_i\, (1 - e_H\, \kappa_a) - O_{\mathrm{before},iak}\bigr)\Bigr) & \text{if } i \text{ is willing} \\
    0 & \text{otherwise} \end{cases}
Equation: importance, with effective interest as in rule `interest`; of equal importance the first by arena and theme comes first
    I_{iak} = u_{ik}\, \tilde z_{iak}, \qquad \tilde z_{iak} = \tilde z(z_{ik}, \bar z_{ak}, \kappa, e_z, \zeta)
Equation: fte given, and given since the last milestone; visible completions, which are counted anew
    Q_i' = \sum_{a,k} O_{iak}, \qquad \Theta_{iak}' = \Theta_{iak} + O_{iak}, \qquad n_{\mathrm{done},i}' = 0
Symbols:
    f_i = s.slack; slack
    \mathcal{P}_{iak} = s.promised
    O_{iak} = s.offer
    O_{\mathrm{before},iak} = given this quarter to the initiatives that matter more to it, of all arenas [fte]
    \Theta_{iak} = s.given
    i \text{ is willing} = s.willing; whether the member means to keep its promise [0 or 1]
    I_{iak} = how much the theme matters to the municipality [share]
    u_{ik} = s.urgency; urgency
    z_{ik} = s.interest; own net stake in regional action on the theme
    \bar z_{ak} = s.arena_interest; interest of the arena as a whole
    \tilde z_{iak} = effective interest [share]
    Q_i = s.used
    n_{\mathrm{done},i} = s.completions
    \kappa = s.region.kappa; parochialism that counts this quarter
    \kappa_a = parochialism in the arena, see rule `interest` [share]
    e_H = home_first
    e_z = stake_elsewhere
    \zeta = subregional_bond
Source: BRE 2.3, 4.1 (own interest first); BRE 5.6 (regional tasks come on top of the regular work); BRE 4.2.1 (prioritise); judgement
"""

from __future__ import annotations

from bresim.kernel.jit import njit
from bresim.rules.interest import effective_interest, importance, parochialism_in
from bresim.rules.signing import available


@njit
def _weigh(s, w, p, a, k, weight):
    """Set ``weight`` (N,): how much initiative (a, k) matters to each that means to keep its promise; -1 for the others."""
    kappa = parochialism_in(s.region.kappa, p.subregional_bond, w.within_subregion[a])
    member, willing, urgency, interest = s.committed[a, k], s.willing[a, k], s.urgency[k], s.interest[k]
    for i in range(weight.shape[0]):
        stake = effective_interest(interest[i], s.arena_interest[a, k], kappa, p.stake_elsewhere)
        weight[i] = importance(urgency[i], stake) if member[i] & willing[i] else -1.0


@njit
def _place(weights, r, running, place):
    """Set ``place`` (N,): how many of the initiatives matter more to each than initiative ``r``, or as much and come before.

    ``weights`` (A K, N) has a row for each of those ``running``.
    """
    size = weights.shape[1]
    for i in range(size):
        place[i] = 0.0
    for before in range(r):
        for i in range(size):
            place[i] += 1.0 if weights[before, i] >= weights[r, i] else 0.0
    for after in range(r + 1, running):
        for i in range(size):
            place[i] += 1.0 if weights[after, i] > weights[r, i] else 0.0


@njit
def _rank(s, w, p):
    """Order the running initiatives for each municipality by importance, last those that it does not serve.

    Their cells are in ``s.scratch_tables[1]`` (A K, N), and in ``s.scratch[0]`` (N,) is how many it serves.
    """
    themes, size = s.urgency.shape
    running = s.region.n_running
    count, place, weights, ranked = s.scratch[0], s.scratch[1], s.scratch_tables[0], s.scratch_tables[1]
    for i in range(size):
        count[i] = 0.0
    for r in range(running):
        a, k = s.running[r] // themes, s.running[r] % themes
        _weigh(s, w, p, a, k, weights[r])
        for i in range(size):
            count[i] += 1.0 if weights[r, i] >= 0.0 else 0.0
    for r in range(running):
        _place(weights, r, running, place)
        for i in range(size):
            ranked[int(place[i]), i] = s.running[r]


@njit
def _give(s, w, p, i, count):
    """Let municipality i give, in the order of importance, what it promised, as far as its capacity goes."""
    themes, ranked = s.phase.shape[1], s.scratch_tables[1]
    used = 0.0
    for r in range(count):
        a, k = int(ranked[r, i]) // themes, int(ranked[r, i]) % themes
        kappa = parochialism_in(s.region.kappa, p.subregional_bond, w.within_subregion[a])
        left = max(0.0, available(s.slack[i], p.home_first, kappa) - used)
        given = min(s.promised[a, k, i], left)
        s.offer[a, k, i] = given
        s.given[a, k, i] += given
        used += given
    s.used[i] = used


@njit
def update(s, w, p, t):
    """Let every municipality divide what it has over what it promised; no municipality gives its slack twice."""
    themes = s.phase.shape[1]
    for r in range(s.region.n_running):
        s.offer[s.running[r] // themes, s.running[r] % themes, :] = 0.0
    _rank(s, w, p)
    for i in range(s.slack.shape[0]):
        s.completions[i] = 0.0
        _give(s, w, p, i, int(s.scratch[0, i]))
