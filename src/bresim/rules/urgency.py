"""Rule: urgency
Equation: u' = u + rate [(1 - xi) severity + xi sum_j trust_ij u_j / sum_j trust_ij - u]
Source: Friedkin & Johnsen 1990; BRE 3 (shared urgency; a common enemy unites)
"""

from __future__ import annotations

from bresim.jit import njit
from bresim.rules.logit import clip
from bresim.state import LOCAL, REGIONAL, SUBREGIONAL


@njit
def felt_severity(severity, factor, shock, relief, realised):
    """Severity of a theme now: a shock adds what is missing to 1, realised value takes part of it away."""
    unmet = clip(severity * factor) * (1.0 - relief * realised)
    return 1.0 - (1.0 - unmet) * (1.0 - shock)


@njit
def influenced(urgency, severity, influence, others, rate):
    """One step of Friedkin-Johnsen: towards own severity and the trusted others' urgency."""
    return urgency + rate * ((1.0 - influence) * severity + influence * others - urgency)


@njit
def mix(trust, urgency, mixed):
    """``mixed`` (K, N) = urgency (K, N) of the others, summed with trust (N, N) as weights.

    Four themes at a time keep four sums in flight; each sum runs over j in order, so the bits do not change.
    """
    themes, size = urgency.shape
    for i in range(size):
        for k in range(0, themes - 3, 4):
            first = 0.0
            second = 0.0
            third = 0.0
            fourth = 0.0
            for j in range(size):
                weight = trust[i, j]
                first += weight * urgency[k, j]
                second += weight * urgency[k + 1, j]
                third += weight * urgency[k + 2, j]
                fourth += weight * urgency[k + 3, j]
            mixed[k, i] = first
            mixed[k + 1, i] = second
            mixed[k + 2, i] = third
            mixed[k + 3, i] = fourth
        for k in range(themes - themes % 4, themes):
            first = 0.0
            for j in range(size):
                first += trust[i, j] * urgency[k, j]
            mixed[k, i] = first


@njit
def update(s, w, p, t):
    """Move the urgency of every municipality for every theme by one quarter."""
    themes, size = w.severity.shape
    trust, urgency, mixed, direct = s.trust, s.urgency, s.mixed, s.direct  # read once: a look-up in a loop costs
    severity, shock, factor = w.severity, s.shock, w.severity_factor[t]
    mix(trust, urgency, mixed)
    for i in range(size):
        weight = 0.0
        for j in range(size):
            weight += trust[i, j]
        share = 1.0 / weight if weight > 0.0 else 0.0
        for k in range(themes):
            others = mixed[k, i] * share if weight > 0.0 else urgency[k, i]
            realised = (direct[k, REGIONAL, i] + direct[k, SUBREGIONAL, i] + direct[k, LOCAL, i]) * (1.0 / 3.0)
            felt = felt_severity(severity[k, i], factor, shock[k], p.urgency_relief, realised)
            urgency[k, i] = influenced(urgency[k, i], felt, p.urgency_influence, others, p.urgency_rate)
