r"""Acceptance of the province

How far a municipality accepts that the province steers. An imposition lowers it for every eligible municipality, and
twice as much for one that is bound against its vote; seeing to it that a municipality means to keep its promise lowers
it for that one, once the milestone falls due, unless that role was granted (crowding out). A municipality that accepts
the province loses less, so a granted mandate softens it. A year of steering without a mandate costs as much as one
intervention. Every quarter it returns slowly to its baseline, its start. A mandate that was granted beforehand raises
it as long as it holds. A mandate also obliges the province: how far it does what its role allows does not depend on its
stance then.

Equation: after an imposition, for every eligible municipality
    \alpha_i' = \alpha_i\, \bigl(1 - l_\alpha\, (1 - \hat\alpha_{ia})\, (\tfrac12 + \tfrac12\, [i \in M_{\mathrm{c},ak}])\bigr), \qquad i \in E_a
Equation: when a milestone falls due in the region, for a municipality of which the province saw to the promise
    \alpha_i' = \alpha_i\, \bigl(1 - l_\alpha\, (1 - \hat\alpha_{ia})(1 - \mathrm{mandate})\bigr) \qquad \text{if } \text{due}_{ak} \land i \text{ is enforced}, \qquad i \text{ is enforced}' = \text{due}_{ak}' = 0
Equation: steering without a mandate, and return, every quarter
    \alpha_i' = \tilde\alpha_i + r_\alpha\, (\alpha_{0,i} - \tilde\alpha_i), \qquad
    \tilde\alpha_i = \alpha_i\, \bigl(1 - \tfrac14\, l_\alpha\, (1 - \hat\alpha_{ia})\, S_{\mathrm{prov}}\, (1 - \mathrm{mandate})\bigr)
Equation: acceptance with a mandate, and how far the province does what its role allows
    \hat\alpha_{ia} = \mathrm{clip}(\alpha_i + g_\alpha\, \mathrm{mandate}), \qquad \beta_a = \mathrm{mandate} + (1 - \mathrm{mandate})\, \psi
Symbols:
    \alpha_i = s.acceptance; acceptance of provincial steering
    \alpha_{0,i} = w.acceptance; acceptance at the start
    \tilde\alpha_i = acceptance after a quarter of steering [share]
    S_{\mathrm{prov}} = s.region.steering
    \hat\alpha_{ia} = acceptance with a mandate [share]
    \beta_a = how far the province does what its role allows [share]
    \mathrm{mandate} = payoff.mandate
    \psi = stance of the province, see rule `stance` [share]
    g_\alpha = acceptance_mandate
    E_a = s.eligible; municipalities eligible in the arena [set]
    M_{\mathrm{c},ak} = s.coerced; members bound against their vote [set]
    i \text{ is enforced} = s.enforced; whether the province sees to its promise; not any more after the milestone [0 or 1]
    \text{due}_{ak} = s.due; whether a milestone is due this quarter
    l_\alpha = acceptance_loss
    r_\alpha = acceptance_rate
Source: BRE 4.2.3 (the role must be granted); BRE 2.1 (a changing province); Frey & Jegen 2001 (crowding out)
"""

from __future__ import annotations

from bresim.kernel.arithmetic import clip
from bresim.kernel.jit import njit
from bresim.kernel.state import IMPOSED


@njit
def backing(mandate, stance):
    """How far the province does what its role allows, in [0, 1]: a mandate obliges it, without one its own stance decides."""
    return mandate + (1.0 - mandate) * stance


@njit
def with_mandate(acceptance, gain, mandate):
    """Acceptance of provincial steering now: a granted mandate raises it (BRE 4.2.3: the role must be granted)."""
    return clip(acceptance + gain * mandate)


@njit
def lowered(acceptance, loss, against):
    """Acceptance after an imposition: everyone loses some, a municipality that was against loses it twice."""
    return acceptance * (1.0 - (loss if against else 0.5 * loss))


@njit
def _loss(s, p, a, i):
    """Share of acceptance that a full intervention costs: less where it is accepted, with a mandate or without."""
    return p.acceptance_loss * (1.0 - with_mandate(s.acceptance[i], p.acceptance_mandate, s.institution[a].mandate))


@njit
def contested(loss, steering, mandate):
    """Share of acceptance that a quarter of steering costs without a mandate: in a year as much as an intervention."""
    return 0.25 * loss * steering * (1.0 - mandate)


@njit
def update_initiative(s, w, p, t, a, k):
    """When the province imposes initiative (a, k), acceptance falls."""
    if s.outcome[a, k] != IMPOSED:
        return
    for i in range(s.acceptance.shape[0]):
        if s.eligible[a, i]:
            s.acceptance[i] = lowered(s.acceptance[i], _loss(s, p, a, i), s.coerced[a, k, i])


@njit
def update(s, w, p, t):
    """Acceptance falls in those that were made to keep a promise, and slowly returns to its baseline."""
    _, themes, size = s.enforced.shape
    for k in range(themes):
        if s.due[0, k]:
            for i in range(size):
                if s.enforced[0, k, i]:
                    unasked = 1.0 - s.institution[0].mandate  # with a mandate it is what was agreed
                    s.acceptance[i] = lowered(s.acceptance[i], unasked * _loss(s, p, 0, i), True)
                    s.enforced[0, k, i] = False
            s.due[0, k] = False
    for i in range(s.acceptance.shape[0]):
        s.acceptance[i] *= 1.0 - contested(_loss(s, p, 0, i), s.region.steering, s.institution[0].mandate)
        s.acceptance[i] += p.acceptance_rate * (w.acceptance[i] - s.acceptance[i])
