r"""Work that municipalities do alone

The slack that a municipality did not use for regional work this quarter closes part of what remains of the direct value
of every theme at the local scale, at home.

Equation: direct value at the local scale, of every theme
    x_{k\mathrm{L}i}' = x_{k\mathrm{L}i} + r_{\mathrm{loc}}\, \frac{\max(0,\; f_i - Q_i)}{c_i}\, (1 - x_{k\mathrm{L}i})
Symbols:
    x_{k\mathrm{L}i} = s.direct; realised direct value at the local scale
    f_i = s.slack; slack
    Q_i = s.used
    c_i = s.capacity; execution capacity
    r_{\mathrm{loc}} = local_rate
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
