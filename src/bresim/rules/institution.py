r"""Institutions in force

The rules in force this quarter, as numbers. The region has the institution that rule `adoption` chose. One that stands
beside the region's own, with an arena of itself, leaves the status quo in force in the region: then there are two
tables, and the arena of the design is there as long as the design or its successor holds. Every other arena has an
institution of its own from the quarter in which it begins until the one in which it ends; most are there through the
whole run. The fields of the design under test, and of its successor, that are marked "grows over set-up" rise linearly
from the status quo's value to the design's own over the set-up time; all its other fields, and all fields of any other
institution, hold at once. Programme money is central money too, so a scenario with fewer funding windows lowers it in
proportion; one with more does not raise it.

Another institution is one with other rules: one under another name, or in another slot, changes nothing. When another
takes over, the eligible municipalities and the themes in scope become those of the new one, and with them how mixed the
arena is. A municipality that is no longer eligible leaves the negotiations; it stays a member of what is in execution,
until that ends. When an arena ends, nobody is eligible in it any more and no theme is in its scope; what is under
negotiation there lapses (rule `aggregation`). What is in execution goes on under the rules of the agreement and the
arena's last ones, but for what grows over set-up, services among them: that falls back to its value under the status
quo, and as nobody is eligible, no staff is asked for it. Programme money ends too.

Equation: institution that holds in an arena
    \mathrm{slot}_a = \begin{cases}
    \mathrm{slot} & \text{if } a \text{ is the region and } \lnot\, \mathrm{beside} \\
    \text{the status quo} & \text{if } a \text{ is the region and } \mathrm{beside} \\
    \mathrm{slot} & \text{if } a \text{ is the arena of the design and } \mathrm{beside} \\
    \text{its own} & \text{if } a \text{ is another arena and } f_a \le t < u_a \\
    \text{none} & \text{otherwise}
    \end{cases}
Equation: another institution takes over (and in the first quarter): one with other rules
    \text{takes over}_a = (t = 0) \lor (g_a' \ne g_a), \qquad
    g_a' = \begin{cases} \mathrm{content} & \text{of the institution } \mathrm{slot}_a \\ -1 & \text{where no institution holds} \end{cases}
Equation: value of a field of the region's institution, of those that grow over set-up and of the others
    v' = \begin{cases} v_0 + b\,(v_1 - v_0) & \text{if the design or its successor is in force and } G_v \\ v_1 & \text{otherwise} \end{cases}
Equation: the same in an arena that has ended
    v' = v_0 \quad \text{if } G_v, \qquad \mathrm{programme\ money}' = 0
Equation: how far the design is built up (1 without set-up time)
    b = \min\Bigl(1,\; \frac{t - t_X + 1}{\mathrm{setup} + 1}\Bigr)
Equation: programme money in force
    \mathrm{programme\ money}' = \min(1, F_W)\; \mathrm{programme\ money}
Equation: when another institution takes over, for the arena and for every initiative under negotiation
    E_a' = E \cap N_a, \qquad K_a' = K, \qquad M_{ak}' = M_{ak} \cap E_a'
Equation: how mixed the arena is, by the share of the inhabitants of the eligible that do not live in a rural municipality
    V_a' = 4\, \bar n_{\mathcal{U},a} (1 - \bar n_{\mathcal{U},a}), \qquad \bar n_{\mathcal{U},a} = \frac{\sum_{i \in E_a' \cap \mathcal{U}} n_i}{\sum_{i \in E_a'} n_i}
Symbols:
    \mathrm{slot}_a = s.arena_slot
    \text{takes over}_a = s.taken_over
    g_a = s.held_content; number of the institution that holds, the same for the same rules [index]
    \mathrm{content} = w.content; number of an institution, the same for the same rules [index]
    \mathrm{slot} = s.region.slot; institution that rule `adoption` chose [slot]
    \mathrm{beside} = w.beside; the institution holds in an arena of its own [0 or 1]
    \text{arena of the design} = w.arena_beside
    f_a = w.arena_from
    u_a = w.arena_until
    v = s.institution_values; value in force of a field [unit of the field]
    v_0 = w.institution_values; value of the field in the status quo [unit of the field]
    v_1 = w.institution_values; value of the field in the institution that holds [unit of the field]
    G_v = w.ramps; the field grows over set-up [0 or 1]
    b = how far the design is built up [share]
    t_X = s.region.since
    F_W = w.window_factor
    E = w.eligible; municipalities eligible under the institution [set]
    E_a = s.eligible; municipalities eligible in the arena [set]
    N_a = w.member; municipalities of the arena [set]
    K = w.in_scope; themes in the scope of the institution [set]
    K_a = s.in_scope; themes in scope in the arena [set]
    M_{ak} = s.committed; municipalities committed to the initiative [set]
    V_a = s.diversity; how mixed the arena is: 0 all of one kind, 1 half and half
    \bar n_{\mathcal{U},a} = share of inhabitants outside rural municipalities [share]
    \mathcal{U} = w.urban; municipalities that are not rural [set]
    n_i = w.population
    \mathrm{setup} = scope.setup_quarters
    \mathrm{programme\ money} = payoff.programme_money
Source: RD 3, 4 (set-up and term of the Regio Deal organisation); BRE 2.1 (Parkstad: likeness of its municipalities); Feiock 2007 (likeness);
    BRE 4.2.2; judgement (linear growth)
"""

from __future__ import annotations

from bresim.kernel.arithmetic import indices_of
from bresim.kernel.jit import njit
from bresim.kernel.state import ARENAS, CLOSED, DESIGN, FALLBACK, NEGOTIATING, SUCCESSOR


@njit
def is_set_up(slot):
    """Whether an institution has to be set up: what is founded has, what was there has not."""
    return slot in (DESIGN, SUCCESSOR)


@njit
def built_up(s, w, t):
    """How far the institution in force is built up, in (0, 1]: a design or successor grows over its set-up time."""
    region = s.region
    setup = w.institution[region.design, region.slot].setup_quarters
    if not is_set_up(region.slot) or setup <= 0.0:
        return 1.0
    return min(1.0, (t - region.since + 1.0) / (setup + 1.0))


@njit
def slot_of(s, w, t, a):
    """Institution slot that holds in arena ``a`` this quarter, CLOSED if there is none."""
    slot = s.region.slot
    beside = w.beside[s.region.design, slot]
    if a == 0:
        return FALLBACK if beside else slot
    if a == w.arena_beside:
        return slot if beside else CLOSED
    return ARENAS + a - 1 if w.arena_from[a] <= t < w.arena_until[a] else CLOSED


@njit
def mixed(urban):
    """How mixed an arena is, in [0, 1], with a share ``urban`` of inhabitants outside rural municipalities."""
    return 4.0 * urban * (1.0 - urban)


@njit
def _diversity(s, w, a):
    """How mixed the eligible municipalities of arena ``a`` are; 0 without any."""
    people = 0.0
    urban = 0.0
    for m in range(s.n_invited[a]):
        i = s.invited[a, m]
        people += w.population[i]
        urban += w.population[i] * w.urban[i]
    return mixed(urban / people) if people > 0.0 else 0.0


@njit
def _enter(s, w, a, slot):
    """Let institution ``slot`` hold in arena ``a``; a municipality that is no longer eligible leaves the negotiations."""
    d = s.region.design
    for i in range(w.member.shape[1]):
        s.eligible[a, i] = slot != CLOSED and w.eligible[d, slot, i] and w.member[a, i]
    s.n_invited[a] = indices_of(s.eligible[a], s.invited[a])
    if s.n_invited[a] > 0:  # what is still executed when an arena has ended is as mixed as it was
        s.diversity[a] = _diversity(s, w, a)
    for k in range(s.in_scope.shape[1]):
        s.in_scope[a, k] = slot != CLOSED and w.in_scope[d, slot, k]
        if s.phase[a, k] == NEGOTIATING:
            for i in range(w.member.shape[1]):
                if not s.eligible[a, i]:
                    s.committed[a, k, i] = False


@njit
def _set_rules(s, w, t, a):
    """Set the rules in force in arena ``a``; those of the design under test may still grow."""
    d, slot = s.region.design, s.arena_slot[a]
    now, goal, start = s.institution_values[a], w.institution_values[d, slot], w.institution_values[d, FALLBACK]
    share = built_up(s, w, t) if is_set_up(slot) else 1.0
    for f in range(now.shape[0]):
        now[f] = start[f] + share * (goal[f] - start[f]) if w.ramps[f] and is_set_up(slot) else goal[f]
    s.institution[a].programme_money *= min(1.0, w.window_factor[t])  # it is central money too


@njit
def _end_services(s, w, a):
    """Take from arena ``a``, which has ended, what grows over set-up: it is as under the status quo."""
    now, start = s.institution_values[a], w.institution_values[s.region.design, FALLBACK]
    for f in range(now.shape[0]):
        if w.ramps[f]:
            now[f] = start[f]
    s.institution[a].programme_money = 0.0  # it lasts as long as the term


@njit
def update(s, w, p, t):
    """Set which institution holds in every arena, its rules, and to whom and what it is open."""
    for a in range(w.member.shape[0]):
        slot, before = slot_of(s, w, t, a), s.arena_slot[a]
        content = w.content[s.region.design, slot] if slot != CLOSED else CLOSED
        s.taken_over[a] = t == 0 or content != s.held_content[a]
        s.arena_slot[a], s.held_content[a] = slot, content
        if s.taken_over[a]:
            _enter(s, w, a, slot)
        if slot != CLOSED:
            _set_rules(s, w, t, a)
        elif before != CLOSED:
            _end_services(s, w, a)
