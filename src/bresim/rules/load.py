"""Rule: load and slack
Equation: slack = capacity - pooled - collaborations - tables, capacity = c0 (population / 10,000)^gamma x factor
Source: BRE 2.1, 4.1 (124 collaborations bind hands), 5.6 (small municipalities cannot supply); RD 1 (workbenches, not tables)
"""

from __future__ import annotations

import math

from bresim.kernel.arithmetic import exp
from bresim.kernel.jit import njit
from bresim.kernel.state import IDLE
from bresim.rules.reach import reach


@njit
def execution_capacity(scale, size, exponent):
    """Capacity for regional work in fte; ``size`` in units of 10,000 inhabitants."""
    return scale * exp(exponent * math.log(size))


@njit
def collaboration_work(fte, body_load, light_voluntary, bodies_voluntary, light_mandatory, bodies_mandatory, kept):
    """Work of standing collaborations in fte; ``kept`` is the share of the voluntary work that is left."""
    voluntary = light_voluntary + body_load * bodies_voluntary
    mandatory = light_mandatory + body_load * bodies_mandatory
    return fte * (mandatory + kept * voluntary)


@njit
def pays(s, a, i):
    """Whether municipality i supplies part of the bureau of arena a: all that take part, or only the board (RD 3)."""
    return s.eligible[a, i] and (s.board[a, i] or s.institution[a].pooled_by_board < 0.5)


@njit
def _count_tables(s):
    """Set ``s.tables``: open tables each municipality sits at."""
    arenas, themes, size = s.committed.shape
    tables, own = s.tables, s.scratch[0]
    tables[:] = 0.0
    for a in range(arenas):
        idle_seat = s.institution[a].open_tables  # at an open table also municipalities that are no member sit in
        eligible = s.eligible[a]
        under_way = 0.0
        for i in range(size):
            own[i] = 0.0
        for k in range(themes):
            if s.phase[a, k] != IDLE:
                under_way += 1.0
                member = s.committed[a, k]
                for i in range(size):
                    own[i] += member[i]
        for i in range(size):
            # a municipality that is no longer eligible stays in what is executed, until that ends
            tables[i] += own[i] + (under_way - own[i] if eligible[i] else 0.0) * idle_seat


@njit
def _work(s, w, p, t):
    """Set capacity, load, and slack before pooling, which may be negative, of every municipality."""
    size = s.capacity.shape[0]
    solution = s.region.solution
    thinned, merged = s.scratch[0], s.scratch[1]
    for i in range(size):
        thinned[i] = 0.0
        merged[i] = 0.0
    for a in range(s.eligible.shape[0]):
        reach(thinned, s.eligible[a], s.institution[a].thinning)
        reach(merged, s.eligible[a], s.institution[a].merging)
    scale = w.capacity_factor[t] * execution_capacity(1.0, w.population_factor[t], p.capacity_exponent)
    for i in range(size):
        s.capacity[i] = s.base_capacity[i] * scale
        # reviewing collaborations ends some; merging structures makes the rest, and the tables, lighter
        lighter = 1.0 - p.merging_saving * merged[i]
        kept = (1.0 - p.thinning_reach * thinned[i]) * lighter
        standing = collaboration_work(
            p.collaboration_fte,
            p.body_load,
            w.light_voluntary[solution, i],
            w.body_voluntary[solution, i],
            w.light_mandatory[solution, i],
            w.body_mandatory[solution, i],
            kept,
        )
        work = standing + p.table_fte * s.tables[i] * lighter
        s.load[i] = min(1.0, work / s.capacity[i])
        s.slack[i] = s.capacity[i] - work


@njit
def _pool(s, w):
    """Sum the capacity of every arena, and take what its bureau gets from the slack of those that supply it."""
    arenas, size = s.eligible.shape
    for a in range(arenas):
        total = 0.0
        for i in range(size):
            total += s.capacity[i] if w.member[a, i] else 0.0
        s.arena_capacity[a] = total
        s.arena_pool[a] = 0.0
        share = s.institution[a].pooled_capacity
        if share > 0.0:
            for i in range(size):
                pooled = share * s.capacity[i] if pays(s, a, i) else 0.0
                s.arena_pool[a] += pooled
                s.slack[i] -= pooled
    for i in range(size):
        s.slack[i] = max(0.0, s.slack[i])


@njit
def update(s, w, p, t):
    """Set capacity, load and slack of every municipality."""
    _count_tables(s)
    _work(s, w, p, t)
    _pool(s, w)
