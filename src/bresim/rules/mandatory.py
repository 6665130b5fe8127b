r"""Work by law

Mandatory collaborations run well whatever the undercurrent (BRE 2.1): a municipality delivers what the law obliges it
to with a high chance that depends on its slack only, not on trust, interest or urgency. What it delivers closes part of
the remaining direct value of each theme at the scale of the region, at home, in proportion to the mandatory
collaborations of that theme in which it is a member (the pair of theme and municipality with most of them = 1). It
comes on top of what these collaborations already keep up.

Equation: chance to deliver
    \Pr(\text{deliver}_i) = \sigma\Bigl(h_{\mathrm{law}} + h_f\, \frac{f_i}{c_i}\Bigr)
Equation: direct value at the scale of the region, of every theme
    x_{k\mathrm{R}i}' = x_{k\mathrm{R}i} + r_{\mathrm{law}}\, n_{\mathrm{law},ki}\, [U_i < \Pr(\text{deliver}_i)]\, (1 - x_{k\mathrm{R}i})
Symbols:
    x_{k\mathrm{R}i} = s.direct; realised direct value at the scale of the region
    f_i = s.slack; slack
    c_i = s.capacity; execution capacity
    n_{\mathrm{law},ki} = w.mandatory; mandatory collaborations of the theme in which the municipality is a member, relative to the largest number
    h_{\mathrm{law}} = mandatory_delivery_base
    h_f = mandatory_slack
    r_{\mathrm{law}} = mandatory_rate
Source: BRE 2.1, box (mandatory collaborations run well)
"""

from __future__ import annotations

from bresim.kernel import draws
from bresim.kernel.jit import njit
from bresim.kernel.state import REGIONAL
from bresim.rules.logit import choose
from bresim.rules.value import closed


@njit
def update(s, w, p, t):
    """Let municipalities deliver what the law obliges them to, which yields regional value at home."""
    themes, size = w.severity.shape
    collaborations, draw = w.mandatory[s.region.solution], s.draws_mandatory
    chances, share = s.scratch[0], s.scratch[1]
    draws.fill_once(s.key, draws.MANDATORY, t, 0, draw, s.drawn)
    for i in range(size):
        chances[i] = p.mandatory_delivery_base + p.mandatory_slack * (s.slack[i] / s.capacity[i])
    choose(chances, size)
    kept = 0
    for i in range(size):
        delivers = draw[i] < chances[i]
        kept += delivers
        share[i] = p.mandatory_rate * delivers
    if t >= w.policy_start:
        s.counts.mandatory_due += size
        s.counts.mandatory_done += kept
    for k in range(themes):
        direct = s.direct[k, REGIONAL]
        for i in range(size):
            direct[i] = closed(direct[i], share[i] * collaborations[k, i])
