r"""Capacity, load and slack

Capacity for regional work grows faster than the number of inhabitants, so small municipalities have less of it per
inhabitant; the scenario may change inhabitants and capacity. It is taken by the standing collaborations and by the
tables of initiatives. A body (private, or public under the law on joint arrangements) asks more work than a light form.
Reviewing collaborations (thinning) ends part of the voluntary ones: what was ended comes back only slowly when nobody
reviews any more. Merging structures makes the rest of the voluntary ones, and the tables, lighter; what was merged
comes apart again as slowly. Of the institutions in which a municipality is eligible the one that goes furthest counts
(rule `reach`); they do not add up.

A larger municipality sends more people and carries more of the work of a collaboration and at a table, but by less than
in proportion to its inhabitants (the centres do most of the work of the subregions that have one).

A municipality sits at the table of every initiative of which it is a member, and, where tables are open, in part at
those of all other initiatives under way in an arena in which it is eligible. One that is no longer eligible stays in
what is executed until that ends. Slack is what collaborations, tables, the shared bureau and the services leave. All
eligible municipalities supply the bureau, or only those on the board (RD 3). The bureau does the services (rule
`services`) first; with what is left it executes as far as the design lets it. Where execution is up to the
municipalities (BRE 2.1, 5.6) it asks no more staff than the services need. Services beyond the bureau are supplied in
kind, in proportion to capacity, by all eligible municipalities or only by those on the board. No municipality supplies
more than it has left: if bureaus and services of all its arenas together ask more, each gets the same share of what it
asks. A bureau that lacks staff executes less; services that lack it hold in part from the next quarter on (rule
`services`).

Equation: capacity
    c_i = c_{0,i}\, F_n^{\,\gamma}\, F_c, \qquad c_a = \sum_{i \in N_a} c_i
Equation: tables
    T_i = \sum_a \bigl(J_{ai} + \mathrm{open\ tables}\; [i \in E_a]\, (J_a - J_{ai})\bigr)
Equation: share of table work, and of voluntary work, that is left
    f_{\mathrm{merge},i} = 1 - e_{\mathrm{merge}}\, \mathcal{Y}_i', \qquad
    f_{\mathrm{keep},i} = f_{\mathrm{merge},i}\, (1 - e_{\mathrm{thin}}\, \mathcal{X}_i')
Equation: how far voluntary collaborations have been ended, and structures merged
    \mathcal{X}_i' = \max\bigl((1 - r_{\mathrm{thin}})\, \mathcal{X}_i,\; \max_{a:\, i \in E_a} \mathrm{thinning}\bigr), \qquad
    \mathcal{Y}_i' = \max\bigl((1 - r_{\mathrm{thin}})\, \mathcal{Y}_i,\; \max_{a:\, i \in E_a} \mathrm{merging}\bigr)
Equation: work of collaborations and tables
    \Omega_i = \varsigma_i\, h_C \bigl(n_{\mathrm{lm},i} + e_b\, n_{\mathrm{bm},i} + f_{\mathrm{keep},i}\, (n_{\mathrm{lv},i} + e_b\, n_{\mathrm{bv},i})\bigr)
    + \varsigma_i\, h_T\, T_i\, f_{\mathrm{merge},i}
Equation: of this, work of standing collaborations
    \Omega_{\mathrm{C},i} = \varsigma_i\, h_C \bigl(n_{\mathrm{lm},i} + e_b\, n_{\mathrm{bm},i} + f_{\mathrm{keep},i}\, (n_{\mathrm{lv},i} + e_b\, n_{\mathrm{bv},i})\bigr)
Equation: load, and what bureaus and services ask of a municipality (nothing is asked where nobody supplies)
    \begin{aligned}
    \ell_i &= \min\Bigl(1,\; \frac{\Omega_i}{c_i}\Bigr), \qquad
    \Phi_{ai} = \mathrm{pooled\ capacity}\; c_i\, \bigl[i \in E_a \land (i \in \hat B_a \lor \mathrm{pooled\ by} \ne \text{board})\bigr] \\
    \hat\Phi_{ai} &= \frac{\Phi_{ai}}{\sum_j \Phi_{aj}} \Bigl(F_{\mathrm{in},a} + \mathrm{bureau\ executes}\;
    \max\Bigl(0,\; \sum_j \Phi_{aj} - F_a\Bigr)\Bigr), \qquad F_{\mathrm{in},a} = \min\Bigl(\sum_j \Phi_{aj},\; F_a\Bigr) \\
    F_{ai} &= \max\Bigl(0,\; F_a - \sum_j \Phi_{aj}\Bigr) \frac{c_i\, [i \in S_a]}{\sum_{j \in S_a} c_j}, \qquad
    S_a = \{i \in E_a : i \in \hat B_a \lor \mathrm{services\ by} \ne \text{board}\}
    \end{aligned}
Equation: what it gives of that, pool of the shared bureau, part of the services that is staffed (1 where they ask nothing), and slack
    \begin{aligned}
    q_{\mathrm{f},i} &= \min\Bigl(1,\; \frac{\max(0,\; c_i - \Omega_i)}{\sum_a (\hat\Phi_{ai} + F_{ai})}\Bigr), \qquad
    \Phi_a = \max\Bigl(0,\; \sum_i q_{\mathrm{f},i}\, \hat\Phi_{ai} - F_{\mathrm{in},a}\Bigr) \\
    q_{\mathrm{s},a}' &= \frac{1}{F_a} \Bigl(\min\Bigl(F_{\mathrm{in},a},\; \sum_i q_{\mathrm{f},i}\, \hat\Phi_{ai}\Bigr) + \sum_i q_{\mathrm{f},i}\, F_{ai}\Bigr), \qquad
    f_i = \max(0,\; c_i - \Omega_i) - q_{\mathrm{f},i} \sum_a (\hat\Phi_{ai} + F_{ai})
    \end{aligned}
Symbols:
    c_i = s.capacity; execution capacity
    c_a = s.arena_capacity
    c_{0,i} = s.base_capacity; capacity at the start, by inhabitants (rule `initial`)
    F_n = w.population_factor
    F_c = w.capacity_factor
    N_a = w.member; municipalities of the arena [set]
    E_a = s.eligible; municipalities eligible in the arena [set]
    \hat B_a = s.seated; municipalities with a seat on the board of the arena [set]
    T_i = s.tables; tables at which the municipality sits [count]
    J_a = initiatives under way in the arena, negotiating or executing [count]
    J_{ai} = those of them of which the municipality is a member: s.committed [count]
    n_{\mathrm{lm},i} = w.light_mandatory; light mandatory collaborations [count]
    n_{\mathrm{bm},i} = w.body_mandatory; mandatory bodies [count]
    n_{\mathrm{lv},i} = w.light_voluntary; light voluntary collaborations [count]
    n_{\mathrm{bv},i} = w.body_voluntary; voluntary bodies [count]
    f_{\mathrm{merge},i} = share of table work that merging leaves [share]
    f_{\mathrm{keep},i} = share of voluntary work that thinning and merging leave [share]
    \Omega_i = work of standing collaborations and tables [fte]
    \Omega_{\mathrm{C},i} = s.standing
    \ell_i = s.load; administrative load
    \Phi_{ai} = capacity that the municipality has set aside for the bureau of the arena [fte]
    \hat\Phi_{ai} = what the bureau asks of the municipality, for services and execution [fte]
    q_{\mathrm{f},i} = part of what is asked of it that a municipality gives [share]
    q_{\mathrm{s},a} = s.staffed
    F_{\mathrm{in},a} = staff of the bureau that does the services [fte]
    \Phi_a = s.arena_pool; capacity in the bureau of the arena that is left for execution
    F_a = s.service_fte
    F_{ai} = what the services of the arena ask of the municipality in kind [fte]
    S_a = municipalities that supply services in kind [set]
    f_i = s.slack; slack
    \varsigma_i = s.meeting_size
    \gamma = capacity_exponent
    h_C = collaboration_fte
    e_b = body_load
    h_T = table_fte
    e_{\mathrm{thin}} = thinning_reach
    r_{\mathrm{thin}} = thinning_return
    \mathcal{X}_i = s.thinned
    \mathcal{Y}_i = s.merged
    e_{\mathrm{merge}} = merging_saving
    \mathrm{open\ tables} = choice.open_tables
    \mathrm{merging} = scope.merging
    \mathrm{thinning} = scope.thinning
    \mathrm{pooled\ capacity} = choice.pooled_capacity
    \mathrm{bureau\ executes} = choice.bureau_executes
    \mathrm{pooled\ by} = choice.pooled_by
    \mathrm{services\ by} = choice.services_by
Source: BRE 2.1, 4.1 (124 collaborations bind hands); BRE 5.6 (small municipalities cannot supply); RD 1 (workbenches, not tables)
"""

from __future__ import annotations

from bresim.kernel.arithmetic import exp, log
from bresim.kernel.jit import njit
from bresim.kernel.state import IDLE
from bresim.rules.reach import reach


@njit
def execution_capacity(scale, size, exponent):
    """Capacity for regional work in fte; ``size`` in units of 10,000 inhabitants."""
    return scale * exp(exponent * log(size))


@njit
def collaboration_work(fte, body_load, light_voluntary, bodies_voluntary, light_mandatory, bodies_mandatory, kept):
    """Work of standing collaborations in fte; ``kept`` is the share of the voluntary work that is left."""
    voluntary = light_voluntary + body_load * bodies_voluntary
    mandatory = light_mandatory + body_load * bodies_mandatory
    return fte * (mandatory + kept * voluntary)


@njit
def pays(s, a, i, by_board):
    """Whether municipality i supplies part of the bureau or services of arena a: all that take part, or only the board (RD 3)."""
    return s.eligible[a, i] and (s.seated[a, i] or by_board < 0.5)


@njit
def _given(s, a, fte, by_board, claims, gives):
    """What those that supply arena ``a`` give of ``fte``, asked by capacity, if each gives the part ``gives`` (N,) of it.

    What is asked of each is added to ``claims`` (N,).
    """
    if fte == 0.0:  # in most arenas
        return 0.0
    total = 0.0
    given = 0.0
    for i in range(s.capacity.shape[0]):
        total += s.capacity[i] if pays(s, a, i, by_board) else 0.0
    if total > 0.0:
        for i in range(s.capacity.shape[0]):
            if pays(s, a, i, by_board):
                part = fte * s.capacity[i] / total
                claims[i] += part
                given += gives[i] * part
    return given


@njit
def _asked(s, a):
    """Staff that arena ``a`` asks: of its bureau for services and for execution, and in kind for services beyond it."""
    pooled = 0.0
    institution = s.institution[a]
    if institution.pooled_capacity > 0.0:
        for i in range(s.capacity.shape[0]):
            pooled += institution.pooled_capacity * s.capacity[i] if pays(s, a, i, institution.pooled_by_board) else 0.0
    # the bureau does the services first, and asks for no staff that is neither for these nor for execution
    services, left = min(pooled, s.service_fte[a]), max(0.0, pooled - s.service_fte[a])
    return services, institution.bureau_executes * left, max(0.0, s.service_fte[a] - pooled)


@njit
def staffed(given, asked):
    """Part of the staff that is asked and that is there; what is asked is a sum, so nearly all of it is all (also of little)."""
    return 1.0 if given >= (1.0 - 1e-9) * asked else given / asked


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
    """Set capacity, load, and slack before pooling, of every municipality."""
    size = s.capacity.shape[0]
    solution = s.region.solution
    for i in range(size):
        s.thinned[i] *= 1.0 - p.thinning_return  # what was ended comes back slowly, what was merged comes apart
        s.merged[i] *= 1.0 - p.thinning_return
    for a in range(s.eligible.shape[0]):
        reach(s.thinned, s.eligible[a], s.institution[a].thinning)
        reach(s.merged, s.eligible[a], s.institution[a].merging)
    scale = w.capacity_factor[t] * execution_capacity(1.0, w.population_factor[t], p.capacity_exponent)
    for i in range(size):
        s.capacity[i] = s.base_capacity[i] * scale
        # reviewing collaborations ends some; merging structures makes the rest, and the tables, lighter
        lighter = 1.0 - p.merging_saving * s.merged[i]
        kept = (1.0 - p.thinning_reach * s.thinned[i]) * lighter
        standing = collaboration_work(
            p.collaboration_fte,
            p.body_load,
            w.light_voluntary[solution, i],
            w.body_voluntary[solution, i],
            w.light_mandatory[solution, i],
            w.body_mandatory[solution, i],
            kept,
        )
        s.standing[i] = s.meeting_size[i] * standing
        work = s.meeting_size[i] * (standing + p.table_fte * s.tables[i] * lighter)
        s.load[i] = min(1.0, work / s.capacity[i])
        s.slack[i] = max(0.0, s.capacity[i] - work)


@njit
def _pool(s, w):
    """Sum the capacity of every arena, and take what bureaus and services get from the slack of those that supply them."""
    arenas, size = s.eligible.shape
    claims, gives, claimed = s.scratch[0], s.scratch[1], s.scratch[2]
    for i in range(size):
        claims[i] = 0.0
        gives[i] = 1.0
    for a in range(arenas):
        total = 0.0
        for i in range(size):
            total += s.capacity[i] if w.member[a, i] else 0.0
        s.arena_capacity[a] = total
        services, execution, in_kind = _asked(s, a)
        _given(s, a, services + execution, s.institution[a].pooled_by_board, claims, gives)
        _given(s, a, in_kind, s.institution[a].services_by_board, claims, gives)
    for i in range(size):
        gives[i] = staffed(s.slack[i], claims[i])
    for a in range(arenas):
        services, execution, in_kind = _asked(s, a)
        bureau = _given(s, a, services + execution, s.institution[a].pooled_by_board, claimed, gives)
        in_kind = _given(s, a, in_kind, s.institution[a].services_by_board, claimed, gives)
        s.arena_pool[a] = max(0.0, bureau - services)
        s.staffed[a] = staffed(min(bureau, services) + in_kind, s.service_fte[a])
    for i in range(size):
        s.slack[i] = max(0.0, s.slack[i] - gives[i] * claims[i])


@njit
def update(s, w, p, t):
    """Set capacity, load and slack of every municipality."""
    _count_tables(s)
    _work(s, w, p, t)
    _pool(s, w)
