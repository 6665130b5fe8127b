"""Rule: choice
Equation: P(yes) = 1 / (1 + exp(-x))
Source: McFadden 1974 (logit choice)
"""

from __future__ import annotations

import math

from bresim.jit import njit


@njit
def logistic(x):
    """Chance of saying yes at inclination ``x`` (logit); safe for any finite ``x``."""
    return 1.0 / (1.0 + math.exp(-min(max(x, -30.0), 30.0)))


@njit
def clip(x):
    """``x`` brought back into [0, 1]."""
    return min(max(x, 0.0), 1.0)


@njit
def around_half(x):
    """A share in [0, 1] centred: 2x - 1, in [-1, 1]."""
    return 2.0 * x - 1.0
