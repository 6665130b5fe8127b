"""Rule: institutions in force
Equation: a field that grows over set-up: v = v_0 + min(1, (t - t_founded + 1) / (setup + 1)) (v_design - v_0)
Source: RD 3, 4 (term, set-up); BRE 4.2.2
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
