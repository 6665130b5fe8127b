"""Rule: value
Equation: x' = x + phi coverage^eta (1 - x) for members, times spill-over for the others; x' = x (1 - erosion)
Source: BRE 2.1 (direct and indirect value, footnotes 3-4; mandatory collaborations run well); Olson 1965; RD 1 (problems shift)
"""

from __future__ import annotations

import math

from bresim.kernel import draws
from bresim.kernel.arithmetic import exp
from bresim.kernel.jit import njit
from bresim.kernel.state import LOCAL, N_MANDATORY_DONE, N_MANDATORY_DUE, NEGATIVITY, REGIONAL
from bresim.rules.logit import choose
from bresim.rules.trust import shared_success


@njit
def closed(realised, share):
    """Realised share after ``share`` of what remains is closed."""
    return realised + share * (1.0 - realised)


@njit
def coverage_effect(coverage, exponent):
    """What is left of the value when only ``coverage`` of the inhabitants take part: problems move to where they are not tackled."""
    return exp(exponent * math.log(coverage)) if coverage > 0.0 else 0.0


@njit
def _coverage(s, w, a, k):
    """Share of the arena's inhabitants, weighted by severity, that live in a member."""
    inside = 0.0
    total = 0.0
    for i in range(w.population.shape[0]):
        if w.member[a, i]:
            need = w.population[i] * w.severity[k, i]
            total += need
            if s.committed[a, k, i]:
                inside += need
    return inside / total if total > 0.0 else 0.0


@njit
def agree(s, w, p, a, k):
    """An agreement yields indirect value: a strategy, one voice, means."""
    scale = w.arena_scale[a]
    share = p.agreement_closure * coverage_effect(_coverage(s, w, a, k), p.coverage_exponent)
    for i in range(w.population.shape[0]):
        if w.member[a, i]:
            reach = share if s.committed[a, k, i] else share * p.spillover
            s.indirect[k, scale, i] = closed(s.indirect[k, scale, i], reach)


@njit
def complete(s, w, p, a, k, fraction, done):
    """The end of an execution yields direct value: all of it, or of a failed one the part it got to."""
    scale = w.arena_scale[a]
    told = shared_success(p.claiming, s.scalars[NEGATIVITY], s.rules[a].celebration)
    share = fraction * p.closure * coverage_effect(_coverage(s, w, a, k), p.coverage_exponent)
    for i in range(w.population.shape[0]):
        if w.member[a, i]:
            joined = s.committed[a, k, i]
            s.direct[k, scale, i] = closed(s.direct[k, scale, i], share if joined else share * p.spillover)
            if done and joined:
                s.harvest[i] += told


@njit
def update(s, w, p, t):
    """What municipalities do alone and by law, and the wear of what was realised."""
    themes, size = w.severity.shape
    sol = s.solution[0]
    direct, indirect = s.direct, s.indirect
    luck = s.luck_mandatory
    draws.fill_once(s.key, draws.MANDATORY, t, 0, luck, s.filled)
    slack, capacity, used = s.slack, s.capacity, s.used
    by_law, alone, mandatory = s.mixed, s.told, w.mandatory[sol]
    chances = s.chances
    for i in range(size):
        chances[i] = p.mandatory_delivery_base + p.deliver_slack * (slack[i] / capacity[i])
    choose(chances, size)
    kept = 0
    for i in range(size):
        done = luck[i] < chances[i]
        kept += done
        # shares closed this quarter: by law at the regional scale, alone at the local scale
        by_law[i] = p.mandatory_rate * done
        alone[i] = p.local_rate * max(0.0, slack[i] - used[i]) / capacity[i]
    if t >= w.policy_start:
        s.counts[N_MANDATORY_DUE] += size
        s.counts[N_MANDATORY_DONE] += kept
    for k in range(themes):
        for i in range(size):
            direct[k, REGIONAL, i] = closed(direct[k, REGIONAL, i], by_law[i] * mandatory[k, i])
            direct[k, LOCAL, i] = closed(direct[k, LOCAL, i], alone[i])
        for scale in range(LOCAL + 1):
            for i in range(size):
                direct[k, scale, i] *= 1.0 - p.erosion_direct
        for scale in range(LOCAL):
            for i in range(size):
                indirect[k, scale, i] *= 1.0 - p.erosion_indirect
