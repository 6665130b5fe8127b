r"""The divide

How divided centres and the other municipalities are. The divide starts at the cleavage of the undercurrent and moves to
a goal: half of the cleavage where say is equal and all carry alike, more with unequal say in the region (the mean of
its tables, if there are two), and more where one of the two groups carried more of the work per capacity. What was
carried is remembered with the memory of results. Inequality is 0 where there is only one of the groups, or where
nothing was carried.

Equation: divide
    D' = D + r_D\, (\hat D - D), \qquad
    \hat D = \mathrm{clip}\bigl(\Gamma\, (\tfrac12 + w_s\, (1 - \bar s) + w_Q\, \Delta_Q)\bigr)
Equation: how equal say is in the region: the mean over the arenas at its scale in which an institution holds
    \bar s = \frac{1}{\lvert A_{\mathrm{R}}\rvert} \sum_{a \in A_{\mathrm{R}}} \mathrm{equal\ say}_a
Equation: recent effort per capacity, and inequality of carrying
    \bar Q_i' = q_R\, \bar Q_i + (1 - q_R)\, \frac{Q_i}{c_i}, \qquad
    \Delta_Q = \frac{\lvert \bar Q_{\mathrm{C}} - \bar Q_{\mathrm{O}} \rvert}{\bar Q_{\mathrm{C}} + \bar Q_{\mathrm{O}}}
Equation: mean recent effort of centres and of the others
    \bar Q_{\mathrm{C}} = \frac{1}{\lvert\mathcal{C}\rvert} \sum_{i \in \mathcal{C}} \bar Q_i', \qquad
    \bar Q_{\mathrm{O}} = \frac{1}{N - \lvert\mathcal{C}\rvert} \sum_{i \notin \mathcal{C}} \bar Q_i'
Symbols:
    D = s.region.divide
    \hat D = goal of the divide [share]
    \Gamma = s.region.cleavage; cleavage of the undercurrent
    \bar Q_i = s.recent_effort
    Q_i = s.used
    c_i = s.capacity; execution capacity
    \mathcal{C} = w.centre; centre municipalities [set]
    \bar Q_{\mathrm{C}} = mean recent effort per capacity of centres [share]
    \bar Q_{\mathrm{O}} = mean recent effort per capacity of the other municipalities [share]
    \Delta_Q = inequality of carrying: difference over sum [share]
    r_D = divide_rate
    w_s = divide_say
    w_Q = divide_carrying
    q_R = results_memory
    \mathrm{equal\ say} = position.equal_say
    \bar s = how equal say is in the region [share]
    A_{\mathrm{R}} = arenas at the scale of the region, w.arena_scale, in which an institution holds: s.arena_slot [set]
Source: BRE 2.3, 4.2.1 (no equal partnership: centres against the Middengebied); BRE 3 (execution ends up with the centres)
"""

from __future__ import annotations

from bresim.kernel.arithmetic import clip
from bresim.kernel.jit import njit
from bresim.kernel.state import CLOSED, REGIONAL


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
def _say(s, w):
    """How equal say is in the region, the mean over its tables."""
    total = 0.0
    tables = 0
    for a in range(s.arena_slot.shape[0]):
        if w.arena_scale[a] == REGIONAL and s.arena_slot[a] != CLOSED:
            total += s.institution[a].equal_say
            tables += 1
    return total / tables  # the region itself always has an institution


@njit
def update(s, w, p, t):
    """Remember what each municipality carried, and move the divide by a quarter."""
    region = s.region
    for i in range(s.used.shape[0]):
        s.recent_effort[i] = (
            p.results_memory * s.recent_effort[i] + (1.0 - p.results_memory) * s.used[i] / s.capacity[i]
        )
    goal = target(region.cleavage, p.divide_say, _say(s, w), p.divide_carrying, _inequality(s, w))
    region.divide += p.divide_rate * (goal - region.divide)
