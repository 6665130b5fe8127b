r"""Phases of an initiative

An initiative on a theme in an arena is idle, then negotiating, then executing (set the course, set up, carry out: BRE
5.6). An agreement or an imposition starts its execution with the clock at 0. When it has ended, all other rules having
taken what follows from it, its members and its claim on money are let go and its theme rests: the cooldown after a
deadlock or a failure, one quarter after a completion, none where talks lapsed because their arena ended. Rule `agenda`
opens it again.

Equation: phase
    \text{phase}_{ak}' = \begin{cases}
    \text{executing}, \text{ with } \vartheta_{ak}' = 0 & \text{if agreed or imposed} \\
    \text{idle}, \text{ with } M_{ak}' = M_{\mathrm{c},ak}' = \varnothing,\ \mathcal{P}_i' = \mathcal{P}_i - \mathcal{P}_{iak},\ \mathcal{P}_{iak}' = 0,\ \bar p_{0,iak}' = \text{none},\ B_{ak}' = \lambda_{ak}' = 0 & \text{if completed, failed, deadlocked or lapsed} \\
    \text{phase}_{ak} & \text{otherwise}
    \end{cases}
Equation: initiatives in execution, when an execution ends
    J_a' = J_a - 1 \quad \text{if completed or failed}
Equation: rest of the theme after the end
    R_{ak}' = \begin{cases} 1 & \text{if completed} \\ T_R & \text{if failed or deadlocked} \\ 0 & \text{if lapsed} \end{cases}
Symbols:
    \vartheta_{ak} = s.clock
    M_{ak} = s.committed; municipalities committed to the initiative, later its members [set]
    M_{\mathrm{c},ak} = s.coerced; members bound against their vote [set]
    \mathcal{P}_{iak} = s.promised
    \mathcal{P}_i = s.signed; less what was promised to it
    J_a = s.executing
    B_{ak} = s.applied
    \lambda_{ak} = s.taken
    \bar p_{0,iak} = s.missed; none for a municipality that is no member [share]
    R_{ak} = s.rest
    T_R = cooldown
Source: BRE 5.6 (richten - inrichten - verrichten); judgement
"""

from __future__ import annotations

from bresim.kernel.jit import njit
from bresim.kernel.state import AGREED, COMPLETED, EXECUTING, FAILED, IDLE, IMPOSED, LAPSED, OPEN, OUTSIDE


@njit
def rest_after(outcome, cooldown):
    """Quarters that a theme rests once an initiative on it has ended."""
    if outcome == COMPLETED:
        return 1.0
    return 0.0 if outcome == LAPSED else cooldown


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
    s.rest[a, k] = rest_after(outcome, p.cooldown)
    if outcome in (COMPLETED, FAILED):
        s.executing[a] -= 1.0
        for i in range(s.signed.shape[0]):
            s.signed[i] = max(0.0, s.signed[i] - s.promised[a, k, i])  # not below 0 by rounding
    s.applied[a, k] = 0.0
    s.taken[a, k] = 0.0
    s.committed[a, k, :] = False
    s.coerced[a, k, :] = False
    s.promised[a, k, :] = 0.0
    s.missed[a, k, :] = OUTSIDE
