r"""Institutions in force

The rules in force this quarter, as numbers. The region has the institution that rule `adoption` chose; each subregion keeps its own through the
whole run. The fields of the design under test that are marked "grows over set-up" rise linearly from the status quo's value to the design's own
over the set-up time; all its other fields, and all fields of any other institution, hold at once. Programme money is central money too, so a
scenario with fewer funding windows lowers that of the region in proportion; one with more does not raise it.

When another institution takes over, the eligible municipalities and the themes in scope become those of the new one. A municipality that is
no longer eligible leaves the negotiations; it stays a member of what is in execution, until that ends.

Equation: value of a field of the region's institution, of those that grow over set-up and of the others
    v' = \begin{cases} v_0 + b\,(v_1 - v_0) & \text{if the design is in force and } G_v \\ v_1 & \text{otherwise} \end{cases}
Equation: how far the design is built up (1 without set-up time)
    b = \min\Bigl(1,\; \frac{t - t_F + 1}{\mathrm{setup} + 1}\Bigr)
Equation: programme money in force
    \mathrm{programme\ money}' = \min(1, F_W)\; \mathrm{programme\ money}
Equation: when another institution takes over, for the arena and for every initiative under negotiation
    E_a' = E \cap N_a, \qquad K_a' = K, \qquad M_{ak}' = M_{ak} \cap E_a'
Symbols:
    v = s.institution_values; value in force of a field [unit of the field]
    v_0 = w.institution_values; value of the field in the status quo [unit of the field]
    v_1 = w.institution_values; value of the field in the institution that holds [unit of the field]
    G_v = w.ramps; the field grows over set-up [0 or 1]
    b = how far the design is built up [share]
    t_F = s.region.adopted_quarter
    F_W = w.window_factor
    E = w.eligible; municipalities eligible under the institution [set]
    E_a = s.eligible; municipalities eligible in the arena [set]
    N_a = w.member; municipalities of the arena [set]
    K = w.in_scope; themes in the scope of the institution [set]
    K_a = s.in_scope; themes in scope in the arena [set]
    M_{ak} = s.committed; municipalities committed to the initiative [set]
    \mathrm{setup} = scope.setup_quarters
    \mathrm{programme\ money} = payoff.programme_money
Source: RD 3, 4 (set-up and term of the Regio Deal organisation); BRE 4.2.2; judgement (linear growth)
"""

from __future__ import annotations

from bresim.kernel.arithmetic import indices_of
from bresim.kernel.jit import copy_to, njit
from bresim.kernel.state import ARENAS, DESIGN, FALLBACK, NEGOTIATING


@njit
def built_up(s, w, t):
    """How far the institution in force is built up, in (0, 1]: a design grows over its set-up time."""
    region = s.region
    setup = w.institution[region.design, DESIGN].setup_quarters
    if region.slot != DESIGN or setup <= 0.0:
        return 1.0
    return min(1.0, (t - region.adopted_quarter + 1.0) / (setup + 1.0))


@njit
def _enter(s, w, a, slot):
    """Let institution ``slot`` hold in arena ``a``; a municipality that is no longer eligible leaves the negotiations."""
    d = s.region.design
    for i in range(w.member.shape[1]):
        s.eligible[a, i] = w.eligible[d, slot, i] and w.member[a, i]
    s.n_invited[a] = indices_of(s.eligible[a], s.invited[a])
    for k in range(s.in_scope.shape[1]):
        s.in_scope[a, k] = w.in_scope[d, slot, k]
        if s.phase[a, k] == NEGOTIATING:
            for i in range(w.member.shape[1]):
                if not s.eligible[a, i]:
                    s.committed[a, k, i] = False


@njit
def update(s, w, p, t):
    """Set the rules in force: in the region those of the institution of this quarter, in the other arenas their own."""
    d, slot = s.region.design, s.region.slot
    share = built_up(s, w, t)
    now, goal, start = s.institution_values[0], w.institution_values[d, slot], w.institution_values[d, FALLBACK]
    for f in range(now.shape[0]):
        now[f] = start[f] + share * (goal[f] - start[f]) if w.ramps[f] and slot == DESIGN else goal[f]
    s.institution[0].programme_money *= min(1.0, w.window_factor[t])  # it is central money too
    if t == 0 or slot != s.region.last_slot:
        _enter(s, w, 0, slot)
    if t == 0:
        for a in range(1, w.member.shape[0]):
            copy_to(s.institution_values[a], w.institution_values[d, ARENAS + a - 1])
            _enter(s, w, a, ARENAS + a - 1)
