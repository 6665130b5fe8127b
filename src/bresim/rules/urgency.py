r"""Urgency

A municipality's urgency for a theme moves to a mix of the severity that it feels at home and the urgency of the others,
weighed by its trust in them (Friedkin and Johnsen 1990). A shock adds to severity what is missing to 1; realised direct
value, averaged over the three scales, takes part of severity away; the scenario may let severity grow. A municipality
that trusts no other looks at its own urgency instead. All urgencies of a theme move at once, from their values after the
events of the quarter.

The trust that counts is that of this moment, after turnover. It counts through the whole quarter, in negotiation and in
execution too: what is learned this quarter counts in the next.

Equation: felt severity
    \hat S_{ik} = 1 - \bigl(1 - \mathrm{clip}(S_{ik} F_S)\, (1 - e_x \bar x_{ik})\bigr)(1 - H_k), \qquad
    \bar x_{ik} = \tfrac13\, (x_{k\mathrm{R}i} + x_{k\mathrm{S}i} + x_{k\mathrm{L}i})
Equation: urgency
    u_{ik}' = u_{ik} + r_u \bigl((1 - \xi)\, \hat S_{ik} + \xi\, \bar u_{ik} - u_{ik}\bigr), \qquad
    \bar u_{ik} = \frac{\sum_{j \ne i} \tau_{ij}\, u_{jk}}{\sum_{j \ne i} \tau_{ij}}
Symbols:
    u_{ik} = s.urgency; urgency
    \bar u_{ik} = urgency of the others weighed by trust; its own for a municipality that trusts no other [share]
    \tau_{ij} = s.trust; trust of i in j
    S_{ik} = w.severity; severity of the theme at home
    \hat S_{ik} = felt severity [share]
    F_S = w.severity_factor
    H_k = s.shock; height of the shock on the theme
    x_{k\mathrm{R}i} = s.direct; realised direct value at the regional (R), subregional (S) and local (L) scale
    x_{k\mathrm{S}i} = s.direct; the same at the subregional scale
    x_{k\mathrm{L}i} = s.direct; the same at the local scale
    \bar x_{ik} = mean realised direct value over the scales [share]
    r_u = urgency_rate
    \xi = urgency_influence
    e_x = urgency_relief
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
