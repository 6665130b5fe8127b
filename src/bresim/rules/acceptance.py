"""Rule: acceptance of the province
Equation: a' = a - loss a (imposed, twice for who was against); a' = a + rate (baseline - a); backing = m + (1 - m) stance
Source: BRE 4.2.3 (the role must be granted), 2.1 (a changing province); Frey & Jegen 2001 (crowding out)
"""

from __future__ import annotations

from bresim.kernel.jit import njit


@njit
def backing(mandate, stance):
    """How far the province does what its role allows, in [0, 1]: a mandate obliges it, without one its own stance decides."""
    return mandate + (1.0 - mandate) * stance


@njit
def lowered(acceptance, loss, against):
    """Acceptance after an imposition: everyone loses some, who was against loses it twice."""
    return acceptance * (1.0 - (loss if against else 0.5 * loss))


@njit
def after_imposition(s, p, a, k):
    """The province imposes initiative (a, k): acceptance falls."""
    for i in range(s.acceptance.shape[0]):
        if s.eligible[a, i]:
            s.acceptance[i] = lowered(s.acceptance[i], p.acceptance_loss, not s.committed[a, k, i])


@njit
def recover(s, w, p):
    """Acceptance slowly returns to its baseline."""
    for i in range(s.acceptance.shape[0]):
        s.acceptance[i] += p.acceptance_rate * (w.acceptance[i] - s.acceptance[i])
