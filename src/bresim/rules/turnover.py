r"""Turnover of aldermen

Aldermen change, mayors stay (BRE 4.2.1). At an election the aldermen of a municipality change with a chance that is higher where local parties
hold more seats; in any other quarter one alderman may leave early, with the municipality's own chance, and weighs less than a change of all. The
scenario multiplies both chances. New aldermen do not share the past: trust of and in their municipality falls back towards its institutional
baseline. They may drop commitments that are not bound, and leave agreements that are not bound, the less so the more leaving costs.

Equation: chance of turnover and its weight
    \begin{aligned}
    \Pr(\text{turnover}_i) &= \mathrm{clip}\bigl((o_0 + o_1 L_i)\, F_O\bigr), & w_i &= 1 && \text{at an election} \\
    \Pr(\text{turnover}_i) &= \mathrm{clip}(\iota_i\, F_O), & w_i &= w_o && \text{in any other quarter}
    \end{aligned}
Equation: trust of and in a municipality with turnover, for every j
    \tau_{ij}' = \tau_{ij} + w_i\, g_o\, (\hat\tau_{ij} - \tau_{ij}), \qquad \tau_{ji}' = \tau_{ji} + w_i\, g_o\, (\hat\tau_{ji} - \tau_{ji})
Equation: institutional baseline of trust
    \hat\tau_{ij} = \min\bigl(0.98,\; \max(0.02,\; \theta_{ij} - D\, \delta_{ij})\bigr)
Equation: chance that it drops a commitment under negotiation, and that it leaves an initiative in execution
    \Pr(\text{drop}_{iak}) = w_i\, g_o\, (1 - \mathrm{binding}), \qquad
    \Pr(\text{leave}_{iak}) = w_i\, e_o\, (1 - \mathrm{binding})(1 - \mathrm{exit\ cost}), \qquad i \in M_{ak}
Symbols:
    \tau_{ij} = s.trust; trust of i in j
    \hat\tau_{ij} = institutional baseline of trust, see rule `trust` [share]
    \theta_{ij} = s.base_trust
    \delta_{ij} = s.trust_gap
    D = s.region.divide
    M_{ak} = s.committed; municipalities committed to the initiative, later its members [set]
    w_i = weight of the turnover: 1 if all aldermen change [share]
    L_i = w.local_party; share of council seats of local parties
    \iota_i = w.instability; chance that an alderman leaves early [1/quarter]
    F_O = w.turnover_factor
    o_0 = turnover_base
    o_1 = turnover_local
    w_o = resignation_share
    g_o = turnover_pull
    e_o = exit_rate
    \mathrm{binding} = payoff.binding
    \mathrm{exit\ cost} = boundary.exit_cost
Source: BRE 4.2.1 (aldermen change, mayors stay); BRE 2.3, 5.2, 5.3 (resignations; local parties); BRE 4.1 (non-commitment)
"""

from __future__ import annotations

from bresim.kernel import draws
from bresim.kernel.arithmetic import clip
from bresim.kernel.jit import njit
from bresim.kernel.state import EXECUTING, NEGOTIATING
from bresim.rules.trust import baseline


@njit
def turnover_chance(base, local_extra, local_party, factor):
    """Chance that an election brings other aldermen; more where local parties are strong."""
    return clip((base + local_extra * local_party) * factor)


@njit
def _forget(s, i, pull):
    """Trust of and in municipality i falls back, by ``pull``, to its institutional baseline."""
    trust, base, gap, divide = s.trust, s.base_trust, s.trust_gap, s.region.divide
    for j in range(trust.shape[0]):
        trust[i, j] += pull * (baseline(base[i, j], gap[i, j], divide) - trust[i, j])
    for j in range(trust.shape[0]):
        trust[j, i] += pull * (baseline(base[j, i], gap[j, i], divide) - trust[j, i])
    trust[i, i] = 0.0


@njit
def _reconsider(s, p, t, i, weight):
    """New aldermen of i may drop unbound commitments and leave unbound agreements."""
    arenas, themes, _ = s.committed.shape
    for a in range(arenas):
        unbound = 1.0 - s.institution[a].binding
        for k in range(themes):
            if s.committed[a, k, i]:
                if s.phase[a, k] == NEGOTIATING:
                    chance = weight * p.turnover_pull * unbound
                    if draws.uniform(s.key, draws.DROP_COMMITMENT, t, a * themes + k, i) < chance:
                        s.committed[a, k, i] = False
                elif s.phase[a, k] == EXECUTING:
                    chance = weight * p.exit_rate * unbound * (1.0 - s.institution[a].exit_cost)
                    if draws.uniform(s.key, draws.EXIT, t, a * themes + k, i) < chance:
                        s.committed[a, k, i] = False
                        s.coerced[a, k, i] = False


@njit
def update(s, w, p, t):
    """Change aldermen after an election; in other quarters one of them may leave early, and weighs less."""
    election, factor, draw = w.election[t], w.turnover_factor[t], s.draws_turnover
    draws.fill_once(s.key, draws.TURNOVER, t, 0, draw, s.drawn)
    for i in range(w.population.shape[0]):
        if election:
            chance = turnover_chance(p.turnover_base, p.turnover_local, w.local_party[i], factor)
        else:
            chance = clip(w.instability[i] * factor)
        if draw[i] < chance:
            weight = 1.0 if election else p.resignation_share
            _forget(s, i, weight * p.turnover_pull)
            _reconsider(s, p, t, i, weight)
