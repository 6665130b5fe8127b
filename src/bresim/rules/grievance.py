"""Rule: grievance
Equation: default: rho' = rho + g seen (1 - rho); each quarter rho' = rho (1 - decay (1 - memory nu)) + retelling nu (mean rho against j - rho)
Source: BRE 2.3 (bad examples are repeated; no positive collective memory), 3; Brehm 1966
"""

from __future__ import annotations

from bresim.kernel.arithmetic import clip, indices_of
from bresim.kernel.jit import njit
from bresim.rules.trust import seen


@njit
def hurt(grievance, share):
    """Grievance after a bad experience: ``share`` of what is missing to 1 is added."""
    return grievance + share * (1.0 - grievance)


@njit
def remembered(grievance, decay, memory, negativity, retelling, retold):
    """Grievance a quarter later: it fades, slower under negativity, and moves to what is retold about the other."""
    kept = grievance * (1.0 - decay * (1.0 - memory * negativity))
    return kept + retelling * negativity * (retold - kept)


@njit
def hurt_by_all(grievance, hurts):
    """Change one municipality's grievance against everyone, (N,), by the share ``hurts`` (N,) that each adds."""
    for j in range(grievance.shape[0]):
        grievance[j] = hurt(grievance[j], hurts[j])


@njit
def update_initiative(s, w, p, t, a, k):
    """The members of initiative (a, k) hold against each other the pledges that they saw broken this quarter."""
    grievance, member, delivered = s.grievance, s.committed[a, k], s.delivered[a, k]
    hurts, party = s.scratch[0], s.scratch_index
    count = indices_of(member, party)
    share = p.grievance_rate * seen(p.visibility, s.institution[a].monitoring)
    for j in range(grievance.shape[0]):
        hurts[j] = share if member[j] & (not delivered[j]) else 0.0
    for m in range(count):
        i = party[m]
        hurt_by_all(grievance[i], hurts)
        grievance[i, i] = 0.0


@njit
def update(s, w, p, t):
    """Fading and retelling for every pair."""
    grievance, retold = s.grievance, s.scratch[0]
    size = grievance.shape[0]
    negativity = s.region.negativity
    for j in range(size):
        retold[j] = 0.0
    for i in range(size):
        for j in range(size):
            retold[j] += grievance[i, j]
    for j in range(size):
        retold[j] /= size - 1.0
    for i in range(size):
        for j in range(size):
            grievance[i, j] = clip(
                remembered(grievance[i, j], p.grievance_decay, p.grievance_memory, negativity, p.retelling, retold[j])
            )
        grievance[i, i] = 0.0
