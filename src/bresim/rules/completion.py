"""Rule: completion
Equation: completed if share done = 1; else failed if clock >= overrun + time escalation, or no member is left
Source: RD 3 (escalation); judgement
"""

from __future__ import annotations

from bresim.kernel.jit import njit
from bresim.kernel.state import COMPLETED, FAILED, OPEN


@njit
def update_initiative(s, w, p, t, a, k):
    """Complete initiative (a, k) when its work is done, let it fail when it is overdue or deserted, else let it go on."""
    deserted = True
    for i in range(s.committed.shape[2]):
        deserted = deserted & (not s.committed[a, k, i])
    overdue = s.clock[a, k] >= p.overrun + p.escalation_time * s.escalation[a, k]
    if s.share_done[a, k] >= 1.0:
        s.outcome[a, k] = COMPLETED
    else:
        s.outcome[a, k] = FAILED if overdue or deserted else OPEN
