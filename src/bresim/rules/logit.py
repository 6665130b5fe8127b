r"""Choice

Every yes or no in the model is a draw against a chance that is the logistic function of an inclination, in logits
(random utility). Inclinations are cut off at 30 on both sides, where the chance differs from 0 or 1 by no more than the
last digits of a number.

Equation: chance of a yes at an inclination x
    \sigma(x) = \frac{1}{1 + e^{-x}}, \qquad -30 \le x \le 30
Symbols:
    x = inclination to say yes [logit]
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
