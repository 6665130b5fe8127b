"""Rule: partners
Equation: completed: P' = P + gain share (1 - P); broken: P' = P - loss share P; P' -= drift open; P' += return (start - P)
Source: BRE 2.1, 2.2 (partners lose trust when the course is not kept; too many focus areas), 4.2.3; RD 1 (front bench, ownership)
"""

from __future__ import annotations

from bresim.kernel.arithmetic import clip
from bresim.kernel.jit import njit
from bresim.kernel.state import EXECUTING, IDLE

ECONOMIC, SOCIETAL = 0, 1


@njit
def gained(trust, gain, share, seats):
    """Partner trust after a completed initiative; partners with seats own the success more."""
    return trust + min(1.0, gain * share * (1.0 + 0.5 * seats)) * (1.0 - trust)


@njit
def lost(trust, loss, share):
    """Partner trust after a deadlock or failure."""
    return trust * (1.0 - loss * share)


@njit
def after_success(s, w, p, a, k):
    """A completed initiative of a theme that is theirs raises partner trust."""
    seats = s.rules[a].partner_seats
    s.partner[ECONOMIC] = gained(s.partner[ECONOMIC], p.partner_gain, w.economic[k], seats)
    s.partner[SOCIETAL] = gained(s.partner[SOCIETAL], p.partner_gain, w.societal[k], seats)


@njit
def after_breakdown(s, w, p, k):
    """A deadlock or failure lowers partner trust."""
    s.partner[ECONOMIC] = lost(s.partner[ECONOMIC], p.partner_loss, w.economic[k])
    s.partner[SOCIETAL] = lost(s.partner[SOCIETAL], p.partner_loss, w.societal[k])


@njit
def update(s, w, p):
    """Drift while much is being negotiated, and the slow return to the starting trust."""
    themes = s.phase.shape[1]
    talking = 0.0
    for k in range(themes):
        if s.phase[0, k] != IDLE and s.phase[0, k] != EXECUTING:
            talking += 1.0
    for side in range(2):
        drifted = s.partner[side] - p.partner_drift * talking / themes
        s.partner[side] = clip(drifted + p.partner_return * (p.partner_start - drifted))
