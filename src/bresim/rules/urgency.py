"""Rule: urgency
Equation: u' = u + rate [(1 - xi) severity + xi sum_j trust_ij u_j / sum_j trust_ij - u]
Source: Friedkin & Johnsen 1990; BRE 3 (shared urgency; a common enemy unites)
"""

from __future__ import annotations

from bresim.kernel.arithmetic import clip
from bresim.kernel.jit import njit
from bresim.kernel.state import LOCAL, REGIONAL, SUBREGIONAL
from bresim.rules.trust import transpose_trust


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
def inverse_sums(trust_received, inverse):
    """Set ``inverse`` (N,): one over the trust that each municipality has in all others; 0 if it trusts no other.

    ``trust_received`` (N, N) is trust in j (row) of i (column), 0 on the diagonal.
    """
    size = trust_received.shape[0]
    for i in range(size):
        inverse[i] = 0.0
    for j in range(size):
        row = trust_received[j]
        for i in range(size):
            inverse[i] += row[i]
    for i in range(size):
        inverse[i] = 1.0 / inverse[i] if inverse[i] > 0.0 else 0.0


@njit
def urgency_of_others(trust_received, inverse, urgency, others):
    """Set ``others`` (N,): urgency (N,) of the others weighed by trust; its own for a municipality that trusts no other."""
    size = urgency.shape[0]
    for i in range(size):
        others[i] = 0.0
    for j in range(size):
        felt = urgency[j]
        row = trust_received[j]
        for i in range(size):
            others[i] += row[i] * felt
    for i in range(size):
        others[i] = others[i] * inverse[i] if inverse[i] > 0.0 else urgency[i]


@njit
def update(s, w, p, t):
    """Move the urgency of every municipality for every theme by one quarter."""
    themes, size = w.severity.shape
    others, inverse, factor = s.scratch[0], s.scratch[1], w.severity_factor[t]
    transpose_trust(s.trust, s.trust_received)  # stays so until the next quarter: what is learned now counts then
    inverse_sums(s.trust_received, inverse)
    for k in range(themes):
        urgency, severity, shock, direct = s.urgency[k], w.severity[k], s.shock[k], s.direct[k]
        urgency_of_others(s.trust_received, inverse, urgency, others)
        for i in range(size):
            realised = (direct[REGIONAL, i] + direct[SUBREGIONAL, i] + direct[LOCAL, i]) * (1.0 / 3.0)
            felt = felt_severity(severity[i], factor, shock, p.urgency_relief, realised)
            urgency[i] = influenced(urgency[i], felt, p.urgency_influence, others[i], p.urgency_rate)
