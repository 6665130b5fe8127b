"""Rule: value
Equation: x' = x + phi coverage^eta (1 - x) for members, times spill-over for the others; x' = x (1 - erosion)
Source: BRE 2.1 (direct and indirect value, footnotes 3-4); Olson 1965; RD 1 (problems shift)
"""

from __future__ import annotations

import math

from bresim.kernel.arithmetic import exp
from bresim.kernel.jit import njit
from bresim.kernel.state import AGREED, COMPLETED, FAILED, IMPOSED, LOCAL
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
def _realise(s, w, a, k, realised, share, spillover):
    """Close ``share`` of what remains of ``realised`` (N,) for the members of (a, k); others in the arena get the spill-over."""
    for i in range(realised.shape[0]):
        if w.member[a, i]:
            realised[i] = closed(realised[i], share if s.committed[a, k, i] else share * spillover)


@njit
def _notice(s, p, a, k):
    """Add a completed initiative to the visible results of its members, as far as it is shared and not claimed."""
    visible = shared_success(p.claiming, s.region.negativity, s.institution[a].celebration)
    for i in range(s.completions.shape[0]):
        if s.committed[a, k, i]:
            s.completions[i] += visible


@njit
def update_initiative(s, w, p, t, a, k):
    """An agreement yields indirect value (a strategy, one voice, means), the end of an execution direct value.

    A failed initiative yields part of what it would have brought, as far as its work was done.
    """
    outcome, scale = s.outcome[a, k], w.arena_scale[a]
    if outcome in (AGREED, IMPOSED):
        share = p.agreement_closure * coverage_effect(_coverage(s, w, a, k), p.coverage_exponent)
        _realise(s, w, a, k, s.indirect[k, scale], share, p.spillover)
    elif outcome in (COMPLETED, FAILED):
        fraction = 1.0 if outcome == COMPLETED else p.partial * s.share_done[a, k]
        share = fraction * p.closure * coverage_effect(_coverage(s, w, a, k), p.coverage_exponent)
        _realise(s, w, a, k, s.direct[k, scale], share, p.spillover)
        if outcome == COMPLETED:
            _notice(s, p, a, k)


@njit
def update(s, w, p, t):
    """Wear of what was realised."""
    themes, size = w.severity.shape
    direct, indirect = s.direct, s.indirect
    for k in range(themes):
        for scale in range(LOCAL + 1):
            for i in range(size):
                direct[k, scale, i] *= 1.0 - p.erosion_direct
        for scale in range(LOCAL):
            for i in range(size):
                indirect[k, scale, i] *= 1.0 - p.erosion_indirect
