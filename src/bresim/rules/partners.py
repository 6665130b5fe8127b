r"""Trust of partners

Economic and societal partners judge the region as a partner; what happens in the subregions does not move their trust,
though the subregions use it. A completed regional initiative raises their trust as far as its theme is theirs, and more
where they have seats, since they own the success more. A deadlock or a failure lowers it. Every quarter trust drifts
down with what is under negotiation at the scale of the region, at all its tables, for each theme (many lines open, few
finished) and returns slowly to its start.

Equation: a regional initiative is completed, or it fails or is deadlocked; for e = E, S (economic, societal)
    P_e' = P_e + \min\bigl(1,\; g_P\, w_{ek}\, (1 + \tfrac12\, \mathrm{partner\ seats})\bigr)(1 - P_e), \qquad
    P_e' = P_e\, (1 - l_P\, w_{ek})
Equation: drift and return, every quarter
    P_e' = \mathrm{clip}\bigl(\tilde P_e + r_P\, (P_0 - \tilde P_e)\bigr), \qquad \tilde P_e = P_e - \delta_P\, \frac{J_{\mathrm{neg}}}{K}
Symbols:
    P_e = s.partner; trust of economic or societal partners
    \tilde P_e = trust of partners after drift [share]
    w_{ek} = how much the partners can add to the theme: w.economic, w.societal [share]
    J_{\mathrm{neg}} = initiatives under negotiation in the arenas at the scale of the region [count]
    K = number of themes [count]
    P_0 = partner_start
    g_P = partner_gain
    l_P = partner_loss
    \delta_P = partner_drift
    r_P = partner_return
    \mathrm{partner\ seats} = partner_seats
Source: BRE 2.1, 2.2 (partners lose trust when the course is not kept; too many focus areas); BRE 4.2.3; RD 1 (front bench, ownership)
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
    for a in range(s.phase.shape[0]):
        if w.arena_scale[a] == REGIONAL:
            for k in range(themes):
                talking += s.phase[a, k] == NEGOTIATING
    for side in range(s.partner.shape[0]):
        drifted = s.partner[side] - p.partner_drift * talking / themes
        s.partner[side] = clip(drifted + p.partner_return * (p.partner_start - drifted))
