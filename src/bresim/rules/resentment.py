r"""Resentment after a deadlock, a decision against one's vote, or a failure

What happens to an initiative is held against the municipalities that caused it, and becomes grievance (rule
`grievance`). After a deadlock those that had committed resent the eligible municipalities that held out. After an
imposition those bound against their vote resent those that wanted it, the less they accept the province; a granted
mandate raises acceptance. Those bound by a majority resent the majority, the less they trust it: outvoted members accept
a decision as far as they trust those that took it (Scharpf 1999). After a failure the members hold it against each
other. Each adds a share of what is missing to 1.

Equation: grievance of i against j
    \rho_{ij}' = \rho_{ij} + h_{ij}\, (1 - \rho_{ij})
Equation: share that is added
    h_{ij} = \begin{cases}
    g_h & \text{deadlock: } i \in M_{ak},\; j \in E_a \setminus M_{ak} \\
    g_c\, (1 - \hat\alpha_{ia}) & \text{imposition: } i \in M_{\mathrm{c},ak},\; j \in M_{ak} \setminus M_{\mathrm{c},ak} \\
    g_c\, (1 - \tau_{ij}) & \text{agreement: } i \in M_{\mathrm{c},ak},\; j \in M_{ak} \setminus M_{\mathrm{c},ak} \\
    g_f & \text{failure: } i, j \in M_{ak},\; i \ne j
    \end{cases}
Equation: acceptance with a mandate
    \hat\alpha_{ia} = \mathrm{clip}(\alpha_i + g_\alpha\, \mathrm{mandate})
Symbols:
    \rho_{ij} = s.grievance; grievance of i against j
    h_{ij} = share of what is missing to 1 that is added [share]
    M_{ak} = s.committed; municipalities committed to the initiative, later its members [set]
    M_{\mathrm{c},ak} = s.coerced; members bound against their vote [set]
    \tau_{ij} = s.trust; trust of i in j
    E_a = s.eligible; municipalities eligible in the arena [set]
    \alpha_i = s.acceptance; acceptance of provincial steering
    \hat\alpha_{ia} = acceptance with a mandate, see rule `acceptance` [share]
    g_h = holdout_grievance
    g_c = overruling_grievance
    g_f = overrun_grievance
    g_\alpha = acceptance_mandate
    \mathrm{mandate} = payoff.mandate
Source: BRE 2.3 (bad examples are repeated; merger debates are where bad memories come from); Brehm 1966 (reactance);
    Scharpf 1999 (a majority binds legitimately as far as there is trust)
"""

from __future__ import annotations

from bresim.kernel.jit import njit
from bresim.kernel.state import AGREED, DEADLOCKED, FAILED, IMPOSED
from bresim.rules.acceptance import with_mandate
from bresim.rules.grievance import hurt, hurt_by_all


@njit
def _after_deadlock(s, p, a, k):
    """Municipalities that had committed resent those that held out."""
    grievance, committed, eligible, hurts = s.grievance, s.committed[a, k], s.eligible[a], s.scratch[0]
    for j in range(grievance.shape[0]):
        hurts[j] = p.holdout_grievance if eligible[j] & (not committed[j]) else 0.0
    for i in range(grievance.shape[0]):
        if committed[i]:
            hurt_by_all(grievance[i], hurts)


@njit
def _after_overrun(s, p, a, k):
    """Members of a failed initiative hold it against each other."""
    grievance, member, hurts = s.grievance, s.committed[a, k], s.scratch[0]
    for j in range(grievance.shape[0]):
        hurts[j] = p.overrun_grievance if member[j] else 0.0
    for i in range(grievance.shape[0]):
        if member[i]:
            hurt_by_all(grievance[i], hurts)
            grievance[i, i] = 0.0


@njit
def _after_overruling(s, p, a, k):
    """Municipalities bound by the province resent those that wanted it, the less they accept the province."""
    mandate = s.institution[a].mandate
    for i in range(s.grievance.shape[0]):
        if s.coerced[a, k, i]:
            share = p.overruling_grievance * (1.0 - with_mandate(s.acceptance[i], p.acceptance_mandate, mandate))
            for j in range(s.grievance.shape[0]):
                if s.committed[a, k, j] and not s.coerced[a, k, j]:
                    s.grievance[i, j] = hurt(s.grievance[i, j], share)


@njit
def _after_outvoting(s, p, a, k):
    """Municipalities bound by a majority against their will resent it, the less they trust it."""
    for i in range(s.grievance.shape[0]):
        if s.coerced[a, k, i]:
            for j in range(s.grievance.shape[0]):
                if s.committed[a, k, j] and not s.coerced[a, k, j]:
                    share = p.overruling_grievance * (1.0 - s.trust[i, j])
                    s.grievance[i, j] = hurt(s.grievance[i, j], share)


@njit
def update_initiative(s, w, p, t, a, k):
    """A deadlock, a decision against the vote of some, or a failure of (a, k) is held against those that caused it."""
    outcome = s.outcome[a, k]
    if outcome == DEADLOCKED:
        _after_deadlock(s, p, a, k)
    elif outcome == IMPOSED:
        _after_overruling(s, p, a, k)
    elif outcome == AGREED:
        _after_outvoting(s, p, a, k)
    elif outcome == FAILED:
        _after_overrun(s, p, a, k)
