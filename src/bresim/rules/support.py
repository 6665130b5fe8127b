r"""Council support

How far a council backs regional work. Support moves to a goal: its start, more with visible recent results at home and
with involvement of the council, less with administrative load. Results at home are completions of initiatives of which
the municipality is a member, as far as their arena tells them as shared (rule `value`), and are remembered for some
time. Councils are involved when they are informed, have a working group or decide on their own means; two of the three
in full count as full involvement. Of the institutions in which a municipality is eligible, the one that goes furthest
counts (rule `reach`). A deadlock takes a share of the support of every eligible municipality, a failure of that of
every member, and an imposition of that of every member bound against its vote: its council contests it.

A council weighs more in what its municipality decides where local parties hold more of its seats; rules `commitment`
and `voting` use that weight.

Equation: support, every quarter
    d_i' = \mathrm{clip}\bigl(d_i + r_d\, (\hat d_i - d_i)\bigr), \qquad
    \hat d_i = \mathrm{clip}\bigl(d_{0,i} + w_R\, \bar n_{\mathrm{done},i}' + w_Y\, Y_i - w_\ell\, \ell_i\bigr)
Equation: visible recent results
    \bar n_{\mathrm{done},i}' = q_R\, \bar n_{\mathrm{done},i} + (1 - q_R)\, \min(1,\; n_{\mathrm{done},i})
Equation: involvement of the council
    Y_i = \max_{a:\, i \in E_a}
    \mathrm{clip}\Bigl(\tfrac12 \bigl(\mathrm{council\ information} + \mathrm{council\ group} + \mathrm{council\ ratification}\bigr)\Bigr)
Equation: after a deadlock of an initiative (the eligible), its failure (the members), or its imposition (those bound against their vote)
    d_i' = \mathrm{clip}\bigl((1 - l_d)\, d_i\bigr), \qquad i \in E_a,\; i \in M_{ak} \text{ or } i \in M_{\mathrm{c},ak}
Symbols:
    d_i = s.support; council support
    \hat d_i = goal of council support [share]
    d_{0,i} = w.support; council support at the start
    n_{\mathrm{done},i} = s.completions
    \bar n_{\mathrm{done},i} = s.recent_results
    Y_i = s.involvement
    \ell_i = s.load; administrative load
    E_a = s.eligible; municipalities eligible in the arena [set]
    M_{ak} = s.committed; municipalities committed to the initiative, later its members [set]
    M_{\mathrm{c},ak} = s.coerced; members bound against their vote [set]
    r_d = support_rate
    w_R = support_results
    w_Y = support_involvement
    w_\ell = support_load
    l_d = support_failure
    q_R = results_memory
    \mathrm{council\ information} = information.council_information
    \mathrm{council\ group} = position.council_group
    \mathrm{council\ ratification} = aggregation.council_ratification
Source: BRE 2.1 (RD4, WML: results shared, councils informed); BRE 2.3, 4.1, 4.2.1; BRE 5.3 (local parties); BRE 5.7
"""

from __future__ import annotations

from bresim.kernel.arithmetic import around_half, clip
from bresim.kernel.jit import njit
from bresim.kernel.state import DEADLOCKED, FAILED, IMPOSED
from bresim.rules.reach import reach


@njit
def target(start, results_weight, recent, involvement_weight, involvement, load_weight, load):
    """Where council support tends to, in [0, 1]."""
    return clip(start + results_weight * recent + involvement_weight * involvement - load_weight * load)


@njit
def involvement(institution):
    """How far councils are involved: informed, in a working group, or deciding on their own means."""
    return clip((institution.council_information + institution.council_group + institution.council_ratification) / 2.0)


@njit
def council_weight(extra, local_party):
    """Weight of a council's support in what its municipality decides; more where local parties hold more of its seats."""
    return 1.0 + extra * around_half(local_party)


@njit
def after_failure(support, loss):
    """Support at home after a deadlock or failure."""
    return clip(support - loss * support)


@njit
def _disappoint(s, p, chosen):
    """Lower support in the municipalities that are ``chosen`` (N,)."""
    for i in range(s.support.shape[0]):
        if chosen[i]:
            s.support[i] = after_failure(s.support[i], p.support_failure)


@njit
def update_initiative(s, w, p, t, a, k):
    """Support at home falls: after a deadlock where it could take part, a failure as a member, an imposition if bound."""
    outcome = s.outcome[a, k]
    if outcome == DEADLOCKED:
        _disappoint(s, p, s.eligible[a])
    elif outcome == FAILED:
        _disappoint(s, p, s.committed[a, k])
    elif outcome == IMPOSED:
        _disappoint(s, p, s.coerced[a, k])


@njit
def update(s, w, p, t):
    """Update visible recent results and council support of every municipality."""
    involved = s.scratch[0]
    for i in range(s.support.shape[0]):
        involved[i] = 0.0
    for a in range(s.eligible.shape[0]):
        reach(involved, s.eligible[a], involvement(s.institution[a]))
    for i in range(s.support.shape[0]):
        s.involvement[i] = involved[i]
        now = min(1.0, s.completions[i])
        s.recent_results[i] = p.results_memory * s.recent_results[i] + (1.0 - p.results_memory) * now
        goal = target(
            w.support[i],
            p.support_results,
            s.recent_results[i],
            p.support_involvement,
            involved[i],
            p.support_load,
            s.load[i],
        )
        s.support[i] = clip(s.support[i] + p.support_rate * (goal - s.support[i]))
