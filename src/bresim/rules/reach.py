"""Rule: reach of an institution
Equation: strength felt by i = max over the arenas a in which i takes part of the strength in a
Source: BRE 2.1 (Parkstad informs its councils and reviews its structures for its own members only); RD 3 (rings)
"""

from __future__ import annotations

from bresim.kernel.jit import njit


@njit
def reach(felt, eligible, strength):
    """Raise ``felt`` (N,) to ``strength`` for those that take part in an institution (``eligible`` (N,))."""
    for i in range(eligible.shape[0]):
        felt[i] = max(felt[i], strength * eligible[i])
