r"""Trust after a completion or a failure

What is completed together raises trust between all members of the initiative, towards the ceiling that grievance lowers
(rule `trust`); part of the success is claimed as personal instead, more with negativity and less where successes are
celebrated together. What fails lowers it. It comes on top of what the members learned of each other's promises at the
last milestone.

Equation: where the outcome is a completion, and a failure, for every two members i and j
    \tau_{ij}' = \tau_{ij} + g_C\, v_{\mathrm{joint},a}\, \max\bigl(0,\; 1 - \omega\, \rho_{ij} - \tau_{ij}\bigr), \qquad
    \tau_{ij}' = \tau_{ij}\, (1 - l_F)
Equation: share of a success that is not claimed as personal
    v_{\mathrm{joint},a} = 1 - e_v\, \nu\, (1 - \mathrm{celebration})
Symbols:
    \tau_{ij} = s.trust; trust of i in j
    \rho_{ij} = s.grievance; grievance of i against j
    \text{outcome}_{ak} = s.outcome
    v_{\mathrm{joint},a} = share of a success that enters shared memory [share]
    \nu = s.region.negativity; negativity of the undercurrent
    \omega = trust_ceiling
    g_C = trust_completion
    l_F = trust_failure
    e_v = claiming
    \mathrm{celebration} = information.celebration
Source: BRE 4.2.1 (trust grows by booking results; celebrate successes together); BRE 2.3 (successes claimed as personal)
"""

from __future__ import annotations

from bresim.kernel.jit import njit
from bresim.kernel.state import COMPLETED, FAILED
from bresim.rules.trust import after_default, after_kept_promise, shared_success


@njit
def update_initiative(s, w, p, t, a, k):
    """What the members of initiative (a, k) completed together raises trust among them, what failed lowers it."""
    if s.outcome[a, k] != COMPLETED and s.outcome[a, k] != FAILED:
        return
    completed = s.outcome[a, k] == COMPLETED
    share = shared_success(p.claiming, s.region.negativity, s.institution[a].celebration)
    gain = p.trust_completion * share if completed else 0.0
    loss = 0.0 if completed else p.trust_failure
    trust, grievance, members = s.trust, s.grievance, s.members[a, k]
    for m in range(s.n_members[a, k]):
        i = members[m]
        for n in range(s.n_members[a, k]):
            j = members[n]
            risen = after_kept_promise(trust[i, j], grievance[i, j], gain, p.trust_ceiling)
            trust[i, j] = after_default(risen, loss)
        trust[i, i] = 0.0
