"""Rule: choice
Equation: P(yes) = 1 / (1 + exp(-x))
Source: McFadden 1974 (logit choice)
"""

from __future__ import annotations

from bresim.kernel.arithmetic import exp_ratio
from bresim.kernel.jit import njit


@njit
def logistic(x):
    """Chance of saying yes at inclination ``x`` (logit); safe for any finite ``x``."""
    above, below, power = exp_ratio(-min(max(x, -30.0), 30.0))
    return below / (below + above * power)  # 1 / (1 + exp(-x)) with one division


@njit
def choose(chances, count):
    """Turn the first ``count`` inclinations of an array into chances of saying yes."""
    for m in range(count):
        chances[m] = logistic(chances[m])
