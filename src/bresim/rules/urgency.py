"""Rule: urgency
Equation: u' = u + rate [(1 - xi) severity + xi sum_j trust_ij u_j / sum_j trust_ij - u]
Source: Friedkin & Johnsen 1990; BRE 3 (shared urgency; a common enemy unites)
"""

from __future__ import annotations

from bresim.kernel.arithmetic import clip
from bresim.kernel.jit import njit
from bresim.kernel.state import LOCAL, REGIONAL, SUBREGIONAL
from bresim.rules.trust import by_trusted


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
def shares(trusted, share):
    """Set ``share`` (N,): what everyone's trust must be multiplied by to sum to 1; 0 for who trusts nobody.

    ``trusted`` (N, N) is trust by who is trusted (row), 0 on the diagonal.
    """
    size = share.shape[0]
    for i in range(size):
        share[i] = 0.0
    for j in range(size):
        row = trusted[j]
        for i in range(size):
            share[i] += row[i]
    for i in range(size):
        share[i] = 1.0 / share[i] if share[i] > 0.0 else 0.0


@njit
def mix(trusted, share, urgency, mixed):
    """Set ``mixed`` (N,): urgency (N,) of the others for one theme as everyone trusts them; one's own for who trusts nobody."""
    size = urgency.shape[0]
    for i in range(size):
        mixed[i] = 0.0
    for j in range(size):
        felt = urgency[j]
        row = trusted[j]
        for i in range(size):
            mixed[i] += row[i] * felt
    for i in range(size):
        mixed[i] = mixed[i] * share[i] if share[i] > 0.0 else urgency[i]


@njit
def update(s, w, p, t):
    """Move the urgency of every municipality for every theme by one quarter."""
    themes, size = w.severity.shape
    others, share, factor = s.mixed, s.told, w.severity_factor[t]
    by_trusted(s.trust, s.trusted)  # stays so until execution teaches who is to be trusted
    shares(s.trusted, share)
    for k in range(themes):
        urgency, severity, shock, direct = s.urgency[k], w.severity[k], s.shock[k], s.direct[k]
        mix(s.trusted, share, urgency, others)
        for i in range(size):
            realised = (direct[REGIONAL, i] + direct[SUBREGIONAL, i] + direct[LOCAL, i]) * (1.0 / 3.0)
            felt = felt_severity(severity[i], factor, shock, p.urgency_relief, realised)
            urgency[i] = influenced(urgency[i], felt, p.urgency_influence, others[i], p.urgency_rate)
