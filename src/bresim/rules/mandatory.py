"""Rule: mandatory collaboration
Equation: x' = x + rate m [delivered] (1 - x) at the regional scale; P(deliver) = logistic(base + weight slack / capacity)
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
        chances[i] = p.mandatory_delivery_base + p.deliver_slack * (s.slack[i] / s.capacity[i])
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
