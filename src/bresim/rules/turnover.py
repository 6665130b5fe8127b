"""Rule: turnover of aldermen
Equation: P(turnover) = (base + local share) factor at an election, else instability factor; tau' = tau + weight pull (baseline - tau)
Source: BRE 4.2.1 (aldermen change, mayors stay), 2.3, 5.2, 5.3 (local parties), 4.1 (non-commitment)
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
    trust[i, i] = 0.0
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
