r"""Acceptance of the province

How far a municipality accepts that the province steers. An imposition lowers it for every eligible municipality, and twice as much for one that is
bound against its vote (crowding out). Every quarter it returns slowly to its baseline, its start. A mandate that was granted beforehand raises it
as long as it holds; rules `commitment` and `resentment` use that value. A mandate also obliges the province: how far it does what its role allows
does not depend on its stance then; rules `funding`, `steering` and `aggregation` use that.

Equation: after an imposition, for every eligible municipality
    \alpha_i' = \alpha_i\, \bigl(1 - l_\alpha\, (\tfrac12 + \tfrac12\, [i \in M_{\mathrm{c},ak}])\bigr), \qquad i \in E_a
Equation: return, every quarter
    \alpha_i' = \alpha_i + r_\alpha\, (\alpha_{0,i} - \alpha_i)
Equation: acceptance with a mandate, and how far the province does what its role allows
    \hat\alpha_{ia} = \mathrm{clip}(\alpha_i + g_\alpha\, \mathrm{mandate}), \qquad \beta_a = \mathrm{mandate} + (1 - \mathrm{mandate})\, \psi
Symbols:
    \alpha_i = s.acceptance; acceptance of provincial steering
    \alpha_{0,i} = w.acceptance; acceptance at the start
    \hat\alpha_{ia} = acceptance with a mandate [share]
    \beta_a = how far the province does what its role allows [share]
    \mathrm{mandate} = mandate in force in the arena: payoff.mandate, read by the rules that use it [share]
    \psi = stance of the province, see rule `stance` [share]
    g_\alpha = weight of a mandate: acceptance_mandate, read by the rules that use it [share]
    E_a = s.eligible; municipalities eligible in the arena [set]
    M_{\mathrm{c},ak} = s.coerced; members bound against their vote [set]
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
def update_initiative(s, w, p, t, a, k):
    """When the province imposes initiative (a, k), acceptance falls."""
    if s.outcome[a, k] != IMPOSED:
        return
    for i in range(s.acceptance.shape[0]):
        if s.eligible[a, i]:
            s.acceptance[i] = lowered(s.acceptance[i], p.acceptance_loss, s.coerced[a, k, i])


@njit
def update(s, w, p, t):
    """Acceptance slowly returns to its baseline."""
    for i in range(s.acceptance.shape[0]):
        s.acceptance[i] += p.acceptance_rate * (w.acceptance[i] - s.acceptance[i])
