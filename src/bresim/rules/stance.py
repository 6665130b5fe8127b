r"""Stance of the province

The province's readiness to act changes with its executive: a provincial election moves it by a draw, unless the
scenario sets it in that quarter. It starts at its own parameter (rule `initial`). Under a full mandate it has no
effect, as a mandate obliges the province.

Equation: stance
    \psi' = \begin{cases}
    \hat\psi_t & \text{if the scenario sets it} \\
    \mathrm{clip}\bigl(\psi + j_\psi\, (2U - 1)\bigr) & \text{else, if } Z_t \\
    \psi & \text{otherwise}
    \end{cases}
Symbols:
    \psi = s.region.stance
    \hat\psi_t = w.province_stance
    Z_t = w.provincial_election; there is a provincial election [0 or 1]
    j_\psi = turbulence_step
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
