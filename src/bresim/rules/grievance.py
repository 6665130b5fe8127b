"""Rule: grievance
Equation: default: rho' = rho + g seen (1 - rho); each quarter rho' = rho (1 - decay (1 - memory nu)) + retelling nu (mean rho against j - rho)
Source: BRE 2.3 (bad examples are repeated; no positive collective memory), 3
"""

from __future__ import annotations

from bresim.kernel.arithmetic import clip
from bresim.kernel.jit import njit
from bresim.kernel.state import NEGATIVITY
from bresim.rules.commitment import acceptance


@njit
def remembered(grievance, decay, memory, negativity, retelling, told):
    """Grievance a quarter later: it fades, slower under negativity, and moves to what is told about the other."""
    kept = grievance * (1.0 - decay * (1.0 - memory * negativity))
    return kept + retelling * negativity * (told - kept)


@njit
def after_deadlock(s, p, a, k):
    """Who had committed resents who held out."""
    size = s.grievance.shape[0]
    committed, eligible = s.committed[a, k], s.eligible[a]
    for i in range(size):
        if not committed[i]:
            continue
        grievance = s.grievance[i]
        for j in range(size):
            holdout = eligible[j] & (not committed[j])
            grievance[j] += (p.holdout_grievance if holdout else 0.0) * (1.0 - grievance[j])


@njit
def after_overrun(s, p, a, k):
    """Members of a failed initiative hold it against each other."""
    size = s.grievance.shape[0]
    committed = s.committed[a, k]
    for i in range(size):
        if not committed[i]:
            continue
        grievance = s.grievance[i]
        for j in range(size):
            grievance[j] += (p.overrun_grievance if committed[j] else 0.0) * (1.0 - grievance[j])
        grievance[i] = 0.0


@njit
def after_overruling(s, p, a, k):
    """Who is bound by the province against its will resents who wanted it, the less it accepts the province (Brehm 1966)."""
    size = s.grievance.shape[0]
    for i in range(size):
        if not s.eligible[a, i] or s.committed[a, k, i]:
            continue
        hurt = p.overruling_grievance * (1.0 - acceptance(s.acceptance[i], p.acceptance_mandate, s.rules[a].mandate))
        for j in range(size):
            if s.committed[a, k, j]:
                s.grievance[i, j] += hurt * (1.0 - s.grievance[i, j])


@njit
def update(s, p):
    """Fading and retelling for every pair."""
    grievance, told = s.grievance, s.told
    size = grievance.shape[0]
    nu = s.scalars[NEGATIVITY]
    told[:] = 0.0
    for i in range(size):
        for j in range(size):
            told[j] += grievance[i, j]
    for j in range(size):
        told[j] /= size - 1.0
    for i in range(size):
        for j in range(size):
            grievance[i, j] = clip(
                remembered(grievance[i, j], p.grievance_decay, p.grievance_memory, nu, p.retelling, told[j])
            )
        grievance[i, i] = 0.0
