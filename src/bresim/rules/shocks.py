r"""Shocks

A shock (corona, a flood) makes a theme more severe for all municipalities (rule `urgency`) and fades. Scheduled shocks
come from the scenario; an unscheduled one strikes each theme with a small chance a quarter. In the quarter in which a
shock rises, everyone's urgency closes part of what is missing to 1: a common enemy is felt by all at once. Letting a
shock work through severity alone was tried first: urgency then follows over several quarters, and the effect on
agreement (a common enemy unites) was not significant.

Equation: height of the shock on a theme
    H_k' = \max\bigl(q_H H_k,\; \hat H_{tk},\; H_0\, [U_k < r_H F_H]\bigr)
Equation: urgency in the quarter in which the shock rises (the second factor is 0 in any other)
    u_{ik}' = u_{ik} + j_H\, (H_k' - q_H H_k)\, (1 - u_{ik})
Symbols:
    H_k = s.shock; height of the shock on the theme
    \hat H_{tk} = w.shock; height of a shock that the scenario sets for this quarter
    F_H = w.shock_factor
    u_{ik} = s.urgency; urgency
    q_H = shock_persistence
    H_0 = shock_size
    r_H = shock_rate
    j_H = shock_jolt
Source: BRE 3 (a common enemy unites; corona and the flood of 2021); judgement (sizes)
"""

from __future__ import annotations

from bresim.kernel import draws
from bresim.kernel.jit import njit


@njit
def alarmed(urgency, jolt, rise):
    """Urgency in the quarter that a shock grows by ``rise``: part of what is missing to full urgency comes at once."""
    return urgency + jolt * rise * (1.0 - urgency)


@njit
def update(s, w, p, t):
    """Let shocks fade, and scheduled and unscheduled ones strike: everyone feels the common enemy at once."""
    themes, size = w.severity.shape
    shock, scheduled, draw = s.shock, w.shock[t], s.draws_shock
    draws.fill_once(s.key, draws.SHOCK, t, 0, draw, s.drawn)
    rate = p.shock_rate * w.shock_factor[t]
    for k in range(themes):
        left = p.shock_persistence * shock[k]
        shock[k] = max(left, scheduled[k])
        if draw[k] < rate:
            shock[k] = max(shock[k], p.shock_size)
        if shock[k] > left:
            for i in range(size):
                s.urgency[k, i] = alarmed(s.urgency[k, i], p.shock_jolt, shock[k] - left)
