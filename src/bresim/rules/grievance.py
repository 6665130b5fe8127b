r"""Grievance between municipalities

The negative collective memory: what a municipality remembers of bad experience with another. A promise that a member
broke at a milestone is held against it by its fellow members, as far as they see it (more with monitoring); deadlocks,
impositions and failures leave grievance by rule `resentment`. Each experience adds a share of what is missing to 1.

Every quarter grievance fades, slower under negativity, and moves to the mean grievance of all against the same
municipality, faster under negativity: bad examples are retold. It lowers the ceiling of trust and its baseline (rule
`trust`), so a bad experience has a lasting effect, also where it was only heard of. Without retelling (structural
variant `variant.retelling`) it fades only.

Equation: a promise that is broken, when a milestone is due, for every two members i and j of an initiative
    \rho_{ij}' = \rho_{ij} + g_\rho\, v_a\, (1 - \rho_{ij}) \qquad (j \text{ broke})
Equation: share of promises that the others see
    v_a = v_0 + (1 - v_0)\, \mathrm{monitoring}
Equation: fading and retelling, every quarter
    \rho_{ij}' = \mathrm{clip}\bigl(\tilde\rho_{ij} + \hat r_n\, \nu\, (\bar\rho_j - \tilde\rho_{ij})\bigr), \qquad
    \tilde\rho_{ij} = \rho_{ij}\, \bigl(1 - r_\rho\, (1 - e_\rho\, \nu)\bigr), \qquad
    \bar\rho_j = \frac{1}{N - 1} \sum_{i \ne j} \rho_{ij}, \qquad
    \hat r_n = \begin{cases} r_n & \text{with retelling} \\ 0 & \text{without} \end{cases}
Symbols:
    \rho_{ij} = s.grievance; grievance of i against j
    \tilde\rho_{ij} = grievance after fading [share]
    \bar\rho_j = mean grievance of all others against the municipality [share]
    j \text{ broke} = s.verdict; what became of the promise of a member [verdict]
    \text{due}_{ak} = s.due; whether a milestone is due this quarter
    v_a = share of promises, kept or broken, that the others see [share]
    \nu = s.region.negativity; negativity of the undercurrent
    g_\rho = grievance_rate
    v_0 = visibility
    r_\rho = grievance_decay
    e_\rho = grievance_memory
    r_n = retelling
    \hat r_n = pace at which grievance moves to what is retold, by the structural variant [share]
    \text{with retelling} = w.retold
    \mathrm{monitoring} = information.monitoring
Source: BRE 2.3 (bad examples are repeated; no positive collective memory); BRE 3
"""

from __future__ import annotations

from bresim.kernel.arithmetic import clip
from bresim.kernel.jit import njit
from bresim.kernel.state import BROKEN
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
    """At a milestone the members of initiative (a, k) hold against each other the promises that they saw broken."""
    if not s.due[a, k]:
        return
    grievance, verdict, hurts = s.grievance, s.verdict[a, k], s.scratch[0]
    members, count = s.members[a, k], s.n_members[a, k]
    share = p.grievance_rate * seen(p.visibility, s.institution[a].monitoring)
    for j in range(grievance.shape[0]):
        hurts[j] = 0.0
    for m in range(count):
        j = members[m]
        hurts[j] = share if verdict[j] == BROKEN else 0.0
    for m in range(count):
        i = members[m]
        hurt_by_all(grievance[i], hurts)
        grievance[i, i] = 0.0


@njit
def update(s, w, p, t):
    """Fading and retelling for every pair."""
    grievance, retold = s.grievance, s.scratch[0]
    size = grievance.shape[0]
    negativity, retelling = s.region.negativity, p.retelling * w.retold
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
                remembered(grievance[i, j], p.grievance_decay, p.grievance_memory, negativity, retelling, retold[j])
            )
        grievance[i, i] = 0.0
