r"""Turnover of aldermen

Aldermen change, mayors stay (BRE 4.2.1). At an election the aldermen of a municipality change with a chance that is
higher where local parties hold more seats; in any other quarter one alderman may leave early, with the municipality's
own chance, and weighs less than a change of all. The scenario multiplies both chances. A new alderman knows nobody: of
the trust of and in the municipality that was earned above the institutional baseline a part falls away; mayors and
secretaries keep the rest. What was broken below the baseline is not repaired, as the organisation remembers it. New
aldermen may drop commitments that are not bound, and leave agreements that are not bound, the less so the more leaving
costs, by the rules of the agreement (rule `signing`). Leaving an agreement is a broken promise: those that stay learn
from it as from any other (rules `trust` and `grievance`).

Equation: chance of turnover and its weight
    \begin{aligned}
    \Pr(\text{turnover}_i) &= \mathrm{clip}\bigl((o_0 + o_1 L_i)\, F_O\bigr), & w_i &= 1 && \text{at an election} \\
    \Pr(\text{turnover}_i) &= \mathrm{clip}(\iota_i\, F_O), & w_i &= w_o && \text{in any other quarter}
    \end{aligned}
Equation: trust of and in a municipality with turnover, for every j
    \tau_{ij}' = \tau_{ij} - w_i\, g_o\, \max(0,\; \tau_{ij} - \hat\tau_{ij}), \qquad \tau_{ji}' = \tau_{ji} - w_i\, g_o\, \max(0,\; \tau_{ji} - \hat\tau_{ji})
Equation: institutional baseline of trust
    \hat\tau_{ij} = \min\bigl(0.98,\; \max(0.02,\; \theta_{ij} - D\, \delta_{ij} - \omega_B\, \rho_{ij} + \theta_Y\, \min(Y_i, Y_j))\bigr)
Equation: when i leaves an agreement, for every member j that stays
    \tau_{ji}' = \tau_{ji}\, \bigl(1 - \min(1,\; \lambda\, g\, v_a)\bigr), \qquad \rho_{ji}' = \rho_{ji} + g_\rho\, v_a\, (1 - \rho_{ji}), \qquad
    v_a = v_0 + (1 - v_0)\, \mathrm{monitoring}
Equation: promises of a municipality that leaves an agreement
    \mathcal{P}_i' = \mathcal{P}_i - \mathcal{P}_{iak}, \qquad \mathcal{P}_{iak}' = 0, \qquad \bar p_{0,iak}' = \text{none}, \qquad i \text{ is enforced}' = 0, \qquad M_{ak}' = M_{ak} \setminus \{i\}, \qquad M_{\mathrm{c},ak}' = M_{\mathrm{c},ak} \setminus \{i\}
Equation: chance that it drops a commitment under negotiation, and that it leaves an initiative in execution
    \Pr(\text{drop}_{iak}) = w_i\, g_o\, (1 - \mathrm{binding}), \qquad
    \Pr(\text{leave}_{iak}) = w_i\, e_o\, (1 - \mathrm{binding}_{ak})(1 - \mathrm{exit\ cost}_{ak}), \qquad i \in M_{ak}
Symbols:
    \tau_{ij} = s.trust; trust of i in j
    \hat\tau_{ij} = institutional baseline of trust, see rule `trust` [share]
    \theta_{ij} = s.base_trust
    \delta_{ij} = s.trust_gap
    D = s.region.divide
    \rho_{ij} = s.grievance; grievance of i against j
    \omega_B = trust_grievance
    \theta_Y = trust_councils
    Y_i = s.involvement
    \mathcal{P}_i = s.signed
    \mathcal{P}_{iak} = s.promised
    i \text{ is enforced} = s.enforced; not once it has left [0 or 1]
    \bar p_{0,iak} = s.missed; none once it has left [share]
    M_{ak} = s.committed; municipalities committed to the initiative, later its members [set]
    M_{\mathrm{c},ak} = s.coerced; members bound against their vote [set]
    w_i = weight of the turnover: 1 if all aldermen change [share]
    L_i = w.local_party; share of council seats of local parties
    \iota_i = w.instability; chance that an alderman leaves early [1/quarter]
    F_O = w.turnover_factor
    v_a = share of promises that the others see [share]
    \lambda = trust_loss_ratio
    g = trust_gain
    g_\rho = grievance_rate
    v_0 = visibility
    \mathrm{monitoring} = information.monitoring
    o_0 = turnover_base
    o_1 = turnover_local
    w_o = resignation_share
    g_o = turnover_pull
    e_o = exit_rate
    \mathrm{binding} = payoff.binding
    \mathrm{binding}_{ak} = binding of the agreement that counts, see rule `signing` [share]
    \mathrm{exit\ cost}_{ak} = s.agreed_exit_cost
Source: BRE 4.2.1 (aldermen change, mayors stay); BRE 2.3, 5.2, 5.3 (resignations; local parties); BRE 4.1 (non-commitment)
"""

from __future__ import annotations

from bresim.kernel import draws
from bresim.kernel.arithmetic import clip
from bresim.kernel.jit import njit
from bresim.kernel.state import EXECUTING, NEGOTIATING, OUTSIDE
from bresim.rules.grievance import hurt
from bresim.rules.signing import binding_of
from bresim.rules.trust import after_default, baseline, seen


@njit
def turnover_chance(base, local_extra, local_party, factor):
    """Chance that an election brings other aldermen; more where local parties are strong."""
    return clip((base + local_extra * local_party) * factor)


@njit
def fallen_back(trust, rest, pull):
    """Trust after a turnover: part of what was earned above the baseline ``rest`` is lost; nothing is repaired."""
    return trust - pull * max(0.0, trust - rest)


@njit
def _forget(s, p, i, pull):
    """Trust of and in municipality i falls back, by ``pull``, where it was above its institutional baseline."""
    trust, base, gap, divide, grievance = s.trust, s.base_trust, s.trust_gap, s.region.divide, s.grievance
    for j in range(trust.shape[0]):
        met = p.trust_councils * min(s.involvement[i], s.involvement[j])
        rest = baseline(base[i, j] + met, gap[i, j], divide, p.trust_grievance, grievance[i, j])
        trust[i, j] = fallen_back(trust[i, j], rest, pull)
    for j in range(trust.shape[0]):
        met = p.trust_councils * min(s.involvement[i], s.involvement[j])
        rest = baseline(base[j, i] + met, gap[j, i], divide, p.trust_grievance, grievance[j, i])
        trust[j, i] = fallen_back(trust[j, i], rest, pull)
    trust[i, i] = 0.0


@njit
def _breach(s, p, a, k, i):
    """Leaving an agreement is a broken promise to those that stay."""
    share = seen(p.visibility, s.institution[a].monitoring)
    loss = p.trust_gain * p.trust_loss_ratio * share
    for j in range(s.trust.shape[0]):
        if s.committed[a, k, j]:
            s.trust[j, i] = after_default(s.trust[j, i], loss)
            s.grievance[j, i] = hurt(s.grievance[j, i], p.grievance_rate * share)


@njit
def _reconsider(s, p, t, i, weight):
    """New aldermen of i may drop unbound commitments and leave unbound agreements."""
    arenas, themes, _ = s.committed.shape
    for a in range(arenas):
        for k in range(themes):
            if s.committed[a, k, i]:
                if s.phase[a, k] == NEGOTIATING:
                    chance = weight * p.turnover_pull * (1.0 - s.institution[a].binding)
                    if draws.uniform(s.key, draws.DROP_COMMITMENT, t, a * themes + k, i) < chance:
                        s.committed[a, k, i] = False
                elif s.phase[a, k] == EXECUTING:
                    unbound = (1.0 - binding_of(s, a, k)) * (1.0 - s.agreed_exit_cost[a, k])
                    chance = weight * p.exit_rate * unbound
                    if draws.uniform(s.key, draws.EXIT, t, a * themes + k, i) < chance:
                        s.committed[a, k, i] = False
                        s.coerced[a, k, i] = False
                        s.enforced[a, k, i] = False
                        s.signed[i] = max(0.0, s.signed[i] - s.promised[a, k, i])  # not below 0 by rounding
                        s.promised[a, k, i] = 0.0
                        s.missed[a, k, i] = OUTSIDE  # if it comes back this quarter it is a newcomer
                        _breach(s, p, a, k, i)


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
            _forget(s, p, i, weight * p.turnover_pull)
            _reconsider(s, p, t, i, weight)
