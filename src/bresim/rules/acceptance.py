"""Rule: acceptance of the province
Equation: a' = a - loss a (imposed, twice for those against); a' = a + rate (baseline - a); backing = m + (1 - m) stance
Source: BRE 4.2.3 (the role must be granted), 2.1 (a changing province); Frey & Jegen 2001 (crowding out)
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
