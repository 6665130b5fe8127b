r"""Work done

The work of one quarter on an initiative in execution. Its members give what rule `pledges` found that they have for it;
the shared bureau is divided equally over the arena's initiatives in execution. Coordination of capacity by the
municipal secretaries makes more of the staff; members that act in different ways lose effort. Partners add work in
proportion to the members' capacity, as far as the theme is theirs, they trust the region and they have a place; the
water board adds to water themes whatever its place. The partners of a municipality divide their work over all that is
executed at the same scale in arenas in which it is eligible, and beside these, as in an arena that has ended, over what
it is a member of. Money pays for extra work. An institution that does not organise execution has less of all this.

Working together costs effort, more with every member and with every seat of the partners. The friction is taken away by
the convener, by autonomous alliances and by a focus on cross-border themes; it is less where municipalities are of one
kind, and less the more the members trust each other (Klok et al. 2018: trust matters for cost). A plan reckons with
neither trust nor distrust. Delivery is independent in the model as shipped: what one member gives counts, whatever the
others do. In the structural variant `variant.delivery` with a weakest link, the work of all is of use only as far as
the member that gives the least of its promise gives of it. An initiative in its last quarter, or past half of the time
for execution with less of its work done than of its time gone, is in trouble: as far as the design has escalation,
bureau and board then step in, which lowers friction while it lasts, lets failure come later (rule `completion`) and
makes members reconsider (rule `delivery`).

The work that an initiative needs was fixed when it was agreed (rule `signing`). For a theme that depends on central
money there is more to do as far as the money is not there.

Equation: staff
    \Xi_{\mathrm{staff}} = \Bigl(O_{ak} + e_B\, \frac{\Phi_a}{J_a}\Bigr)
    (1 + e_K\, \mathrm{capacity\ coordination})(1 - l_o\, \mathrm{opt\ out}_{ak})
Equation: what the members give, by the structural variant of delivery (of those that promised something)
    O_{ak} = \begin{cases} \sum_{i \in M_{ak}} O_{iak} & \text{if independent} \\
    \sum_{i \in M_{ak}} \mathcal{P}_{iak}\; \min_{i \in M_{ak}} \frac{O_{iak}}{\mathcal{P}_{iak}} & \text{if there is a weakest link} \end{cases}
Equation: partners; where they sit decides how much of their effort comes in, and how many seats they take
    \Xi_{\mathrm{part}} = e_P
    \bigl(\mathrm{partner\ weight}\, (w_{\mathrm{E}k} P_{\mathrm{E}} + w_{\mathrm{S}k} P_{\mathrm{S}}) + w_{\mathrm{W}k}\bigr)
    \sum_{i \in M_{ak}} \frac{c_i}{J_a + J_{\mathrm{else},ai}}, \qquad
    J_{\mathrm{else},ai} = \sum_{a:\, \text{overlaps with this one}} \; \sum_{k:\, \text{executing}_{ak}} [i \in E_a \lor i \in M_{ak}]
Equation: friction, with escalation as far as the initiative is in trouble
    \chi_{ak} = \chi\, (1 - e_Z\, (1 - V_a))(1 - \mathrm{coordination})(1 - e_A\, \mathrm{autonomy}_{ak})(1 - \mathrm{focus}\; \upsilon_k)(1 - \epsilon_{ak})
    (1 - e_\tau \langle\bar\tau_{ak}\rangle)
Equation: mean trust of the members in each other (1/2 where there is no other)
    \bar\tau_{ak} = \frac{1}{\lvert M_{ak}\rvert\, (\lvert M_{ak}\rvert - 1)} \sum_{i \in M_{ak}} \sum_{j \in M_{ak},\, j \ne i} \tau_{ij}
Equation: escalation
    \epsilon_{ak} = \mathrm{escalation}\; \Bigl[\vartheta_{ak} + 1 \ge T_E \;\lor\;
    \Bigl(\vartheta_{ak} \ge \tfrac12 T_E \land \bar p_{ak} < \frac{\vartheta_{ak}}{T_E}\Bigr)\Bigr]
Equation: effort of the quarter
    \Xi_{ak} = \mathrm{execution}\; (\Xi_{\mathrm{staff}} + \Xi_{\mathrm{part}})\,
    \frac{1 + e_m\, m_{ak}}{1 + \chi_{ak}\, \max\bigl(0,\; \lvert M_{ak}\rvert + \mathrm{partner\ seats} - 1\bigr)}
Equation: progress, quarters in execution and since the last milestone, and share of the work that is done
    p_{ak}' = p_{ak} + \Xi_{ak}, \qquad \vartheta_{ak}' = \vartheta_{ak} + 1, \qquad
    \vartheta_{\mathrm{M},ak}' = \vartheta_{\mathrm{M},ak} + 1, \qquad
    \bar p_{ak}' = \mathrm{clip}\Bigl(\frac{p_{ak}'}{\Omega_{ak}\, (1 + e_C\, \pi_k\, (1 - m_{ak}))}\Bigr)
Symbols:
    M_{ak} = s.committed; municipalities committed to the initiative, later its members [set]
    E_a = s.eligible; municipalities eligible in the arena [set]
    O_{iak} = s.offer
    O_{ak} = what the members give [fte]
    \mathcal{P}_{iak} = s.promised
    \text{weakest link} = w.weakest_link
    \Phi_a = s.arena_pool; capacity in the bureau of the arena that is left for execution
    J_a = s.executing; initiatives of the arena in execution [count]
    J_{\mathrm{else},ai} = initiatives in execution in the other arenas that overlap with a, w.overlaps, in which the municipality is eligible, s.eligible, or of which it is a member, s.committed, s.phase [count]
    \Xi_{\mathrm{staff}} = effort of staff [fte]
    \Xi_{\mathrm{part}} = effort of partners [fte]
    \Xi_{ak} = effort of the quarter [fte]
    P_{\mathrm{E}} = s.partner; trust of economic partners
    P_{\mathrm{S}} = s.partner; trust of societal partners
    w_{\mathrm{E}k} = w.economic; how much economic partners can add to the theme
    w_{\mathrm{S}k} = w.societal; how much societal partners can add to the theme
    w_{\mathrm{W}k} = w.water_board; how much the water board adds to the theme
    m_{ak} = money from outside for the initiative, see rule `funding` [share]
    \pi_k = w.money; propensity of the theme for central money
    \upsilon_k = w.border_theme; how far the theme is a cross-border one
    \chi_{ak} = friction: cost of one more member for this initiative [per member]
    \epsilon_{ak} = s.escalation
    \tau_{ij} = s.trust; trust of i in j
    \bar\tau_{ak} = mean trust of the members in each other [share]
    e_\tau = trust_cost
    \vartheta_{ak} = s.clock
    \vartheta_{\mathrm{M},ak} = s.since_milestone
    p_{ak} = s.progress
    \bar p_{ak} = s.share_done
    \Omega_{ak} = s.work
    c_i = s.capacity; execution capacity
    e_B = bureau_efficiency
    e_K = capacity_coordination_gain
    l_o = opt_out_loss
    e_P = partner_effort
    \chi = transaction_cost
    V_a = s.diversity; how mixed the arena is
    e_Z = homogeneity_gain
    e_A = autonomy_gain
    e_m = money_effort
    e_C = capital_work
    T_E = overrun
    \mathrm{partner\ weight} = partner_weight
    \mathrm{partner\ seats} = partner_seats
    \mathrm{capacity\ coordination} = scope.capacity_coordination
    \mathrm{opt\ out}_{ak} = s.agreed_opt_out; that of the agreement (rule `signing`)
    \mathrm{coordination} = position.coordination
    \mathrm{autonomy}_{ak} = s.agreed_autonomy; that of the agreement
    \mathrm{focus} = scope.cross_border_focus
    \mathrm{escalation} = choice.escalation
    \mathrm{execution} = scope.execution
Source: Williamson 1985; Feiock 2013 (transaction cost); Klok, Denters, Boogers & Sanders 2018 (trust matters for cost); BRE 2.1 (Parkstad's bureau; means as oil); BRE 2.2 (partners); BRE 4.2.2, 4.2.3, 5.6;
    RD 1 (partners); RD 3 (alliances, escalation); judgement
"""

from __future__ import annotations

from bresim.kernel.arithmetic import around_half, clip
from bresim.kernel.jit import njit
from bresim.kernel.state import ECONOMIC, EXECUTING, SOCIETAL
from bresim.rules.funding import outside_money


@njit
def transaction_cost(chi, members):
    """Factor >= 1 by which working together costs effort; 1 for a single member or without friction ``chi``."""
    return 1.0 + chi * max(0.0, members - 1.0)


@njit
def alike(diversity, gain):
    """Factor on transaction cost: less where municipalities are of one kind; ``diversity`` in [0, 1]."""
    return 1.0 - gain * (1.0 - diversity)


@njit
def friction(p, institution, diversity, autonomy, border_theme, escalation):
    """Cost of one more member: less by the convener, ``autonomy`` of the alliance, a focus on cross-border themes, escalation (RD 3)."""
    left = p.transaction_cost * alike(diversity, p.homogeneity_gain) * (1.0 - institution.coordination)
    left *= 1.0 - p.autonomy_gain * autonomy
    return left * (1.0 - institution.cross_border_focus * border_theme) * (1.0 - escalation)


@njit
def by_trust(trust, weight):
    """Factor on transaction cost: less where members trust each other, more where they do not; 1 at a trust of 1/2."""
    return 1.0 - weight * around_half(trust)


@njit
def mean_trust(trust, party, count):
    """Mean ``trust`` (N, N) of the first ``count`` of ``party`` in each other; 1/2 where there is no other."""
    if count < 2:
        return 0.5
    total = 0.0
    for m in range(count):
        for n in range(count):
            if m != n:
                total += trust[party[m], party[n]]
    return total / (count * (count - 1))


@njit
def capital_need(capital_work, propensity, money):
    """Factor >= 1 on the work of a theme that lives on central money, as far as that money is not there."""
    return 1.0 + capital_work * propensity * (1.0 - money)


@njit
def in_trouble(clock, overrun, share):
    """Whether the goal is in danger: in its last quarter, or past half its time with less work done than time gone."""
    return clock + 1.0 >= overrun or (clock >= 0.5 * overrun and share < clock / overrun)


@njit
def given_by_all(s, w, a, k):
    """Fte of the members of (a, k); with a weakest link that of all, at the least share of a promise that one gives."""
    given = 0.0
    promised = 0.0
    least = 1.0
    for m in range(s.n_members[a, k]):
        i = s.members[a, k, m]
        given += s.offer[a, k, i]
        if w.weakest_link and s.promised[a, k, i] > 0.0:
            promised += s.promised[a, k, i]
            least = min(least, s.offer[a, k, i] / s.promised[a, k, i])
    return least * promised if w.weakest_link else given


@njit
def served_by_partners(executing, eligible, phase, committed, overlaps, running, served):
    """Set ``served`` (N,): among how many initiatives the partners of each municipality divide their work for an arena.

    ``running`` are those of the arena itself; to these come those ``executing`` (A,), by ``phase`` (A, K), in the arenas
    that it ``overlaps`` (A,) with, where it is ``eligible`` (A, N) or, ``committed`` (A, K, N), a member.
    """
    arenas, themes, size = committed.shape
    for i in range(size):
        served[i] = running
    for other in range(arenas):
        if overlaps[other] and executing[other] > 0.0:
            for i in range(size):
                if eligible[other, i]:
                    served[i] += executing[other]
                else:
                    for k in range(themes):
                        served[i] += phase[other, k] == EXECUTING and committed[other, k, i]


@njit
def capacity_behind_partners(fte, served, party, count):
    """Sum over the first ``count`` of ``party`` of ``fte`` (N,) for each of the initiatives that their partners serve (N,)."""
    total = 0.0
    for m in range(count):
        total += fte[party[m]] / served[party[m]]
    return total


@njit
def partners_effort(p, institution, partner, economic, societal, water_board, capacity):
    """Fte of partners and the water board for an initiative; ``capacity`` as in ``capacity_behind_partners``.

    ``partner`` (2,) is the partners' trust; the next three say how much they and the water board can add to the theme.
    """
    trusted = economic * partner[ECONOMIC] + societal * partner[SOCIETAL]
    return p.partner_effort * capacity * (institution.partner_weight * trusted + water_board)


@njit
def update_initiative(s, w, p, t, a, k):
    """Do the work of one quarter on initiative (a, k), and note which share of all its work is done."""
    institution, members = s.institution[a], s.n_members[a, k]
    money = outside_money(s, w, a, k)

    served_by_partners(s.executing, s.eligible, s.phase, s.committed, w.overlaps[a], s.executing[a], s.scratch[0])

    # an alliance in trouble escalates to the bureau, then to the board (RD 3)
    trouble = in_trouble(s.clock[a, k], p.overrun, s.share_done[a, k])
    s.escalation[a, k] = institution.escalation if trouble else 0.0

    staff = (
        (given_by_all(s, w, a, k) + s.arena_pool[a] * p.bureau_efficiency / s.executing[a])
        * (1.0 + p.capacity_coordination_gain * institution.capacity_coordination)
        * (1.0 - p.opt_out_loss * s.agreed_opt_out[a, k])
    )
    partners = partners_effort(
        p,
        institution,
        s.partner,
        w.economic[k],
        w.societal[k],
        w.water_board[k],
        capacity_behind_partners(s.capacity, s.scratch[0], s.members[a, k], members),
    )
    chi = friction(p, institution, s.diversity[a], s.agreed_autonomy[a, k], w.border_theme[k], s.escalation[a, k])
    chi *= by_trust(mean_trust(s.trust, s.members[a, k], members), p.trust_cost)
    cost = transaction_cost(chi, members + institution.partner_seats)
    effort = institution.execution * (staff + partners) * (1.0 + p.money_effort * money) / cost
    work = s.work[a, k] * capital_need(p.capital_work, w.money[k], money)

    s.progress[a, k] += effort
    s.clock[a, k] += 1.0
    s.since_milestone[a, k] += 1.0
    s.share_done[a, k] = clip(s.progress[a, k] / work)
