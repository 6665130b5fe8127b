"""Rule: shocks
Equation: shock' = max(q shock, scheduled, new); u' = u + jolt (shock' - q shock) (1 - u)
Source: BRE 3 (a common enemy unites; corona and the flood of 2021)
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
