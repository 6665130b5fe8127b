"""Rule: phases of an initiative
Equation: agreed: executing, clock = 0; ended: idle, rest = cooldown (1 after a completed one)
Source: BRE 5.6 (richten - inrichten - verrichten); judgement
"""

from __future__ import annotations

from bresim.kernel.jit import njit
from bresim.kernel.state import AGREED, COMPLETED, EXECUTING, IDLE, IMPOSED, OPEN


@njit
def update_initiative(s, w, p, t, a, k):
    """Start the execution of an agreed initiative; put an ended one away and let its theme rest."""
    outcome = s.outcome[a, k]
    if outcome == OPEN:
        return
    if outcome in (AGREED, IMPOSED):
        s.phase[a, k] = EXECUTING
        s.clock[a, k] = 0.0
        return
    s.phase[a, k] = IDLE
    s.rest[a, k] = 1.0 if outcome == COMPLETED else p.cooldown
    s.committed[a, k, :] = False
    s.coerced[a, k, :] = False
