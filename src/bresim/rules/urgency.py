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
def weigh(trust, weights):
    """Turn ``trust`` (N, N) of i (row) in j into ``weights`` (N, N) of j (row) for i: each i's weights sum to 1.

    Who trusts nobody gets weight 1 for itself. By who is trusted, because then sums over the others
    run through memory in order.
    """
    size = trust.shape[0]
    for i in range(size):
        total = 0.0
        for j in range(size):
            total += trust[i, j]
        share = 1.0 / total if total > 0.0 else 0.0
        for j in range(size):
            weights[j, i] = trust[i, j] * share
        if total <= 0.0:
            weights[i, i] = 1.0


@njit
def mix(weights, urgency, mixed):
    """``mixed`` (N,) = urgency (N,) of the others for one theme, each i with its own ``weights`` (see ``weigh``)."""
    size = urgency.shape[0]
    for i in range(size):
        mixed[i] = 0.0
    for j in range(size):
        felt = urgency[j]
        row = weights[j]
        for i in range(size):
            mixed[i] += row[i] * felt


@njit
def update(s, w, p, t):
    """Move the urgency of every municipality for every theme by one quarter."""
    themes, size = w.severity.shape
    others, factor = s.mixed, w.severity_factor[t]
    weigh(s.trust, s.trusted)
    for k in range(themes):
        urgency, severity, shock, direct = s.urgency[k], w.severity[k], s.shock[k], s.direct[k]
        mix(s.trusted, urgency, others)
        for i in range(size):
            realised = (direct[REGIONAL, i] + direct[SUBREGIONAL, i] + direct[LOCAL, i]) * (1.0 / 3.0)
            felt = felt_severity(severity[i], factor, shock, p.urgency_relief, realised)
            urgency[i] = influenced(urgency[i], felt, p.urgency_influence, others[i], p.urgency_rate)
