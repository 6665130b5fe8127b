r"""Reach of an institution

Some rules of an institution work on the municipalities that are eligible in it, wherever they work: it informs its
councils (rule `support`), or reviews and merges structures (rule `load`). A municipality that is eligible in several
arenas feels the institution that goes furthest; they do not add up.

Equation: strength that a municipality feels, of a strength v that each arena has
    v_i = \max\Bigl(0,\; \max_{a:\, i \in E_a} v_a\Bigr)
Symbols:
    v_a = strength in the arena: thinning, merging or involvement of councils [share]
    v_i = strength that the municipality feels [share]
    E_a = municipalities eligible in the arena: s.eligible [set]
Source: BRE 2.1 (Parkstad informs its councils and reviews its structures for its own members only); RD 3 (rings)
"""

from __future__ import annotations

from bresim.kernel.jit import njit


@njit
def reach(felt, eligible, strength):
    """Raise ``felt`` (N,) to ``strength`` for those that take part in an institution (``eligible`` (N,))."""
    for i in range(eligible.shape[0]):
        felt[i] = max(felt[i], strength * eligible[i])
