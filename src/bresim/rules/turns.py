r"""Turns

Initiatives take their turn one after the other: what one takes of central money, of free staff or of trust is no longer
there for the next. To give no table and no theme the first choice, the order is drawn anew each quarter: by arena and
theme, or the other way round.

Equation: whether the order of this quarter is the other way round
    \text{reversed} \iff U < \tfrac12
Equation: what has the n-th turn of so many
    \mathrm{turn}(n) = \begin{cases} \mathrm{count} - 1 - n & \text{if reversed} \\ n & \text{otherwise} \end{cases}
Symbols:
    \text{reversed} = s.region.turned
    \mathrm{count} = arenas, or themes of an arena [count]
    \mathrm{turn}(n) = number of the arena, or of the theme, counted from 0 [count]
Source: Axtell 2001 (the order in which agents act decides results); judgement
"""

from __future__ import annotations

from bresim.kernel import draws
from bresim.kernel.jit import njit


@njit
def turn(s, n, count):
    """Which of ``count`` arenas or themes has turn ``n`` this quarter, all counted from 0."""
    return count - 1 - n if s.region.turned else n


@njit
def in_execution(s, n):
    """(arena, theme) of the initiative in execution that has turn ``n`` this quarter, counted from 0."""
    themes = s.phase.shape[1]
    cell = s.running[turn(s, n, s.region.n_running)]
    return cell // themes, cell % themes


@njit
def update(s, w, p, t):
    """Draw in which order initiatives take their turn this quarter."""
    s.region.turned = draws.uniform(s.key, draws.TURNS, t, 0, 0) < 0.5
