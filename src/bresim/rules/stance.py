"""Rule: stance of the province
Equation: stance' = clip(stance + step U) at a provincial election, U uniform in [-1, 1]
Source: BRE 2.1 (a changing province, more and more facilitating)
"""

from __future__ import annotations

from bresim.kernel import draws
from bresim.kernel.arithmetic import clip
from bresim.kernel.jit import njit


@njit
def update(s, w, p, t):
    """Move the province's readiness to act at its elections, unless the scenario sets it."""
    if w.province_stance[t] >= 0.0:
        s.region.stance = w.province_stance[t]
    elif w.provincial_election[t]:
        step = p.turbulence_step * (2.0 * draws.uniform(s.key, draws.PROVINCIAL_ELECTION, t, 0, 0) - 1.0)
        s.region.stance = clip(s.region.stance + step)
