"""Rule: divide
Equation: D' = D + rate [c (1/2 + say (1 - equal say) + carrying inequality) - D]
Source: BRE 2.3, 4.2.1 (no equal partnership: centres against the Middengebied), 3 (execution ends up with the centres)
"""

from __future__ import annotations

from bresim.kernel.arithmetic import clip
from bresim.kernel.jit import njit


@njit
def target(cleavage, say_weight, equal_say, carrying_weight, inequality):
    """Where the divide tends to: the cleavage of the undercurrent, fed by unequal say and unequal carrying."""
    return clip(cleavage * (0.5 + say_weight * (1.0 - equal_say) + carrying_weight * inequality))


@njit
def carrying_inequality(first, second):
    """How unequally two groups carry, in [0, 1]: difference over sum of their effort per capacity."""
    total = first + second
    return abs(first - second) / total if total > 1e-9 else 0.0


@njit
def _inequality(s, w):
    """How unequally centres and the others recently carried; 0 where there is only one of the two groups."""
    centre = 0.0
    n_centre = 0.0
    other = 0.0
    n_other = 0.0
    for i in range(s.recent_effort.shape[0]):
        if w.centre[i]:
            centre += s.recent_effort[i]
            n_centre += 1.0
        else:
            other += s.recent_effort[i]
            n_other += 1.0
    return carrying_inequality(centre / n_centre, other / n_other) if n_centre > 0.0 and n_other > 0.0 else 0.0


@njit
def update(s, w, p, t):
    """Remember what each municipality carried, and move the divide by a quarter."""
    region = s.region
    for i in range(s.used.shape[0]):
        s.recent_effort[i] = (
            p.results_memory * s.recent_effort[i] + (1.0 - p.results_memory) * s.used[i] / s.capacity[i]
        )
    goal = target(region.cleavage, p.divide_say, s.institution[0].equal_say, p.divide_carrying, _inequality(s, w))
    region.divide += p.divide_rate * (goal - region.divide)
