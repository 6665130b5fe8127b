"""Rule: local work
Equation: x' = x + rate unused slack / capacity (1 - x) at the local scale
Source: BRE 2.1 (what municipalities do alone); judgement
"""

from __future__ import annotations

from bresim.kernel.jit import njit
from bresim.kernel.state import LOCAL
from bresim.rules.value import closed


@njit
def update(s, w, p, t):
    """Let municipalities use at home the slack that working together left."""
    themes, size = w.severity.shape
    share = s.scratch[0]
    for i in range(size):
        share[i] = p.local_rate * max(0.0, s.slack[i] - s.used[i]) / s.capacity[i]
    for k in range(themes):
        direct = s.direct[k, LOCAL]
        for i in range(size):
            direct[i] = closed(direct[i], share[i])
