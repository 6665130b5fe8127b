"""Rule: partners
Equation: completed: P' = P + gain share (1 - P); broken: P' = P - loss share P; P' -= drift open; P' += return (start - P)
Source: BRE 2.1, 2.2 (partners lose trust when the course is not kept; too many focus areas), 4.2.3; RD 1 (front bench, ownership)
"""

from __future__ import annotations

from bresim.kernel.arithmetic import clip
from bresim.kernel.jit import njit
from bresim.kernel.state import COMPLETED, DEADLOCKED, ECONOMIC, FAILED, NEGOTIATING, REGIONAL, SOCIETAL


@njit
def gained(trust, gain, share, seats):
    """Partner trust after a completed initiative; partners with seats own the success more."""
    return trust + min(1.0, gain * share * (1.0 + 0.5 * seats)) * (1.0 - trust)


@njit
def lost(trust, loss, share):
    """Partner trust after a deadlock or failure."""
    return trust * (1.0 - loss * share)


@njit
def update_initiative(s, w, p, t, a, k):
    """A completed initiative of a theme that is theirs raises partner trust; a deadlock or failure lowers it.

    Partners judge the region as a partner, not the subregions.
    """
    if w.arena_scale[a] != REGIONAL:
        return
    partner, outcome = s.partner, s.outcome[a, k]
    if outcome == COMPLETED:
        seats = s.institution[a].partner_seats
        partner[ECONOMIC] = gained(partner[ECONOMIC], p.partner_gain, w.economic[k], seats)
        partner[SOCIETAL] = gained(partner[SOCIETAL], p.partner_gain, w.societal[k], seats)
    elif outcome in (FAILED, DEADLOCKED):
        partner[ECONOMIC] = lost(partner[ECONOMIC], p.partner_loss, w.economic[k])
        partner[SOCIETAL] = lost(partner[SOCIETAL], p.partner_loss, w.societal[k])


@njit
def update(s, w, p, t):
    """Drift while much is being negotiated, and the slow return to the starting trust."""
    themes = s.phase.shape[1]
    talking = 0.0
    for k in range(themes):
        if s.phase[0, k] == NEGOTIATING:
            talking += 1.0
    for side in range(s.partner.shape[0]):
        drifted = s.partner[side] - p.partner_drift * talking / themes
        s.partner[side] = clip(drifted + p.partner_return * (p.partner_start - drifted))
