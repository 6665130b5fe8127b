r"""Completion and failure

An initiative in execution is completed when its work is done. It fails when it is overdue or when no member is left,
and goes on otherwise. Escalation in the quarter in which it would be overdue lets failure come later.

Equation: outcome of the quarter
    \text{outcome}_{ak} = \begin{cases}
    \text{completed} & \text{if } \bar p_{ak} = 1 \\
    \text{failed} & \text{else, if } \vartheta_{ak} \ge T_E + T_X\, \epsilon_{ak} \text{ or } M_{ak} = \varnothing \\
    \text{open} & \text{otherwise}
    \end{cases}
Symbols:
    \bar p_{ak} = s.share_done
    \vartheta_{ak} = s.clock
    \epsilon_{ak} = s.escalation
    M_{ak} = s.committed; municipalities committed to the initiative, later its members [set]
    T_E = overrun
    T_X = escalation_time
Source: RD 3 (escalation); judgement
"""

from __future__ import annotations

from bresim.kernel.jit import njit
from bresim.kernel.state import COMPLETED, FAILED, OPEN


@njit
def update_initiative(s, w, p, t, a, k):
    """Complete initiative (a, k) when its work is done, let it fail when it is overdue or deserted, else let it go on."""
    overdue = s.clock[a, k] >= p.overrun + p.escalation_time * s.escalation[a, k]
    if s.share_done[a, k] >= 1.0:
        s.outcome[a, k] = COMPLETED
    else:
        s.outcome[a, k] = FAILED if overdue or s.n_members[a, k] == 0 else OPEN
