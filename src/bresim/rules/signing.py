r"""Signing: the work of an initiative and the promise of each member

When an initiative is agreed or imposed its work is fixed: work of any initiative whatever its size, and work in
proportion to the capacity that its members have at the start of the run (a measure of their size, not of what they have
free), with part of the work of the absent, as problems shift if they are not tackled together. Capacity that shrinks
later makes the initiative late; it does not make it smaller.

Every member signs for a part of the work, by capacity, or by equal amounts as far as cost is not shared. Where centre
municipalities are members one of them leads: the one in which the theme weighs most among its own themes, so that each
leads some, as each carries out one of the pillars of ESZL (BRE 2.2). The others leave a share of their part to it (lead
share). A plan asks of all members together the staff that it takes to be done within its time, with the cost of working
together and the theme's need of central money, less what the bureau and the partners give, all as it stands now. A
member promises a share of the staff that it has free for regional work beside what it promised before; but not less
than its part of the slowest plan that is agreed, and not more than its part of the fastest. So a member without free
staff promises what it does not have, and will be late. Members sign one after the other, and each promise takes from
what is free for the next initiative (rule `turns`).

A municipality that joins in execution adds its own part of the work that is still to do, if the work does not hold it
already, as of one that left and comes back, and signs for its part of the whole with all that are then members; the
promises of the others stay. It is held to its promise from that quarter on: the quarters since the last milestone that
had passed by then do not count for it. It means to keep its promise until that is asked anew (rule `delivery`). A
municipality that leaves is let go; the work stays for the others.

An agreement keeps the rules under which it was signed: how binding it is, what leaving it costs, the sanction, whether
councils decide on their own means, how cost is shared, freedom in how to act and autonomy of the alliance. They last as
long as the agreement, also when another institution takes over. What the province adds to binding does not: it holds as
far as the province acts and has staff (rule `services`).

Equation: work, fixed when it is agreed; and what a newcomer adds
    \Omega_{ak}' = w_0 + w_c \Bigl(\sum_{i \in M_{ak}} c_{0,i} + w_n \Bigl(\sum_{i \in N_a} c_{0,i} - \sum_{i \in M_{ak}} c_{0,i}\Bigr)\Bigr), \qquad
    \Omega_{ak}' = \Omega_{ak} + w_c\, (1 - w_n)\, c_{0,i}\, (1 - \bar p_{ak})\, [i \notin \mathcal{W}_{ak}]
Equation: initiatives in execution, counted as they sign one after the other
    J_a' = J_a + 1 \quad \text{at the agreement}
Equation: municipalities of which the work holds a part: the members at the agreement, and a newcomer from then on
    \mathcal{W}_{ak}' = M_{ak} \quad \text{at the agreement}, \qquad \mathcal{W}_{ak}' = \mathcal{W}_{ak} \cup \{i\} \quad \text{in execution}
Equation: staff a quarter that a plan of T quarters asks of all members together
    \begin{aligned}
    A_{ak}(T) &= \max\Bigl(0,\; \hat A(\Omega_{ak}, \lvert M_{ak}\rvert, T) - e_B\, \frac{\Phi_a}{J_a^+} - \Xi_{\mathrm{part}}\Bigr) \\
    \hat A(\Omega, n, T) &= \frac{\Omega\, (1 + e_C\, \pi_k\, (1 - m_{ak}))\, (1 + \chi_{ak}\, \max(0,\; n + \mathrm{partner\ seats} - 1))}
    {T\, \max(0.05,\; \mathrm{execution})\, (1 + e_m\, m_{ak})}
    \end{aligned}
Equation: initiatives that share the bureau when this one is in execution, and over which the partners of a municipality divide their work
    J_a^+ = \begin{cases} J_a + 1 & \text{if it is agreed this quarter} \\ J_a & \text{if it is in execution} \end{cases}, \qquad
    J_{\mathrm{part},ai} = J_a^+ + \sum_{a:\, \text{overlaps with this one}} \; \sum_{k:\, \text{executing}_{ak}} [i \in E_a \lor i \in M_{ak}]
Equation: part of the work that a member signs for, before and after tasks are left to the lead (not for a newcomer)
    \begin{aligned}
    \tilde\beta_{iak} &= \mathrm{cost\ sharing}\, \frac{c_{0,i}}{\sum_{j \in M_{ak}} c_{0,j}} + (1 - \mathrm{cost\ sharing}) \frac{1}{\lvert M_{ak}\rvert} \\
    \beta_{iak} &= (1 - l_{ak})\, \tilde\beta_{iak} \quad (i \text{ does not lead}), \qquad
    \beta_{iak} = \tilde\beta_{iak} + l_{ak} \sum_{j \in M_{ak},\, j \ne i} \tilde\beta_{jak} \quad (i \text{ leads}) \\
    i \text{ leads} &\iff v_{ik} = \max_{j \in M_{ak} \cap \mathcal{C}} v_{jk},\; i \in M_{ak} \cap \mathcal{C}, \text{ the first of several}, \qquad
    v_{ik} = S_{ik} / \bar S_i, \qquad
    l_{ak} = \mathrm{lead\ share}\; [M_{ak} \cap \mathcal{C} \ne \varnothing]
    \end{aligned}
Equation: promise of a member
    \mathcal{P}_{iak}' = \min\bigl(\max(q_S\, \hat f_{ia},\; \beta_{iak}\, A_{ak}(T_{\mathrm{slow}})),\; \beta_{iak}\, A_{ak}(T_{\mathrm{fast}})\bigr)
Equation: staff free for regional work, with parochialism in the arena as in rule `interest`; promised to all initiatives in execution
    \hat f_{ia} = \max\bigl(0,\; f_i\, (1 - e_H\, \kappa_a) - \mathcal{P}_i\bigr), \qquad \mathcal{P}_i' = \sum_{a,k} \mathcal{P}_{iak}, \qquad
    \kappa_a = \begin{cases} \kappa\, (1 - \zeta) & \text{if all of } a \text{ is in one subregion} \\ \kappa & \text{otherwise} \end{cases}
Equation: share of the work that was done without a member, and quarters since a milestone, at the agreement
    \bar p_{0,iak}' = \begin{cases} 0 & \text{at the agreement} \\ \bar p_{ak} & \text{in execution} \end{cases}, \qquad \vartheta_{\mathrm{M},ak}' = 0, \qquad \bar p_{\mathrm{M},ak}' = \bar p_{ak}
Equation: before the first milestone of a member; and a newcomer in execution means to keep its promise
    \text{verdict}_{iak}' = \text{kept}, \qquad i \text{ broke again}' = 0, \qquad i \text{ is willing}' = 1
Equation: a municipality that has left
    \mathcal{P}_{iak}' = 0, \qquad \bar p_{0,iak}' = \text{none}, \qquad i \text{ is enforced}' = 0
Equation: what was given since the last milestone, and the quarters since then that had passed
    \Theta_{iak}' = 0, \qquad
    \vartheta_{0,iak}' = \begin{cases} 0 & \text{at the agreement} \\ \vartheta_{\mathrm{M},ak} & \text{in execution} \end{cases}
Equation: rules of the agreement, as they are when it is made
    \mathrm{exit\ cost}_{ak}' = \mathrm{exit\ cost}, \quad
    \mathrm{sanction}_{ak}' = \mathrm{sanction}, \quad \mathrm{ratified}_{ak}' = \mathrm{council\ ratification}\; [\text{agreed, not imposed}], \quad
    \mathrm{cost\ sharing}_{ak}' = \mathrm{cost\ sharing}, \quad \mathrm{opt\ out}_{ak}' = \mathrm{opt\ out}, \quad
    \mathrm{autonomy}_{ak}' = \mathrm{alliance\ autonomy}
Equation: binding without the province, what it adds if it acts in full and has the staff, and binding that counts
    \hat{\mathrm{binding}}_{ak}' = \begin{cases} \hat v & \text{if } a = 0 \land \mathrm{services\ by} = \text{province} \\ \mathrm{binding} & \text{otherwise} \end{cases}, \qquad
    \Delta_{ak}' = \Delta\, [a = 0], \qquad \mathrm{binding}_{ak} = \hat{\mathrm{binding}}_{ak} + \beta\, \Delta_{ak}
Symbols:
    \Omega_{ak} = s.work
    \mathcal{W}_{ak} = s.in_work; municipalities of which the work holds a part [set]
    \mathrm{binding}_{ak} = binding of the agreement that counts [share]
    \hat{\mathrm{binding}}_{ak} = s.agreed_binding
    \Delta_{ak} = s.agreed_supplied; what the province adds to binding if it acts in full and has the staff
    \Delta = s.region.binding_supplied
    \beta = s.region.acts
    \hat v = s.region.binding_own
    \mathrm{cost\ sharing}_{ak} = s.agreed_cost_sharing
    \mathrm{opt\ out}_{ak} = s.agreed_opt_out
    \mathrm{autonomy}_{ak} = s.agreed_autonomy
    \mathrm{opt\ out} = choice.opt_out
    \mathrm{alliance\ autonomy} = choice.alliance_autonomy
    \mathrm{services\ by} = choice.services_by
    \mathrm{exit\ cost}_{ak} = s.agreed_exit_cost
    \mathrm{sanction}_{ak} = s.agreed_sanction
    \mathrm{ratified}_{ak} = s.agreed_ratified
    \mathrm{binding} = payoff.binding
    \mathrm{exit\ cost} = boundary.exit_cost
    \mathrm{sanction} = payoff.sanction
    \mathrm{council\ ratification} = aggregation.council_ratification
    M_{ak} = s.committed; municipalities committed to the initiative, later its members [set]
    N_a = w.member; municipalities of the arena [set]
    c_{0,i} = s.base_capacity
    f_i = s.slack; slack
    \hat f_{ia} = staff free for regional work beside what is promised [fte]
    \bar p_{ak} = s.share_done
    A_{ak} = staff a quarter that a plan asks of all members together [fte]
    \hat A = staff a quarter that a plan asks of bureau, partners and members together [fte]
    T = quarters of a plan [quarters]
    n = members that carry out a plan [count]
    \beta_{iak} = part of the work that a member signs for [share]
    \tilde\beta_{iak} = part before tasks are left to the lead [share]
    \mathcal{P}_{iak} = s.promised
    \mathcal{P}_i = s.signed
    \Theta_{iak} = s.given
    \vartheta_{\mathrm{M},ak} = s.since_milestone
    \vartheta_{0,iak} = s.quarters_before
    \bar p_{0,iak} = s.missed; share of the work that was done without a member
    \bar p_{\mathrm{M},ak} = s.done_before
    \text{verdict}_{iak} = s.verdict
    i \text{ broke again} = s.broken_again
    i \text{ is willing} = s.willing; whether the member means to keep its promise [0 or 1]
    i \text{ is enforced} = s.enforced; whether the province sees to its promise: no, once it has left [0 or 1]
    J_a = s.executing; initiatives of the arena in execution, with those that signed before this one in the quarter [count]
    J_a^+ = initiatives that share the bureau [count]
    J_{\mathrm{part},ai} = initiatives that the partners of a municipality serve, here and in arenas that overlap, w.overlaps [count]
    E_a = s.eligible; municipalities eligible in the arena [set]
    \mathcal{C} = w.centre; centre municipalities [set]
    l_{ak} = share of their part that the other members leave to the lead [share]
    S_{ik} = w.severity; severity of the theme at home
    v_{ik} = how severe the theme is in the municipality, as a multiple of the mean over its themes [factor]
    \bar S_i = mean severity of the themes in the municipality [share]
    \chi_{ak} = cost of one more member for this initiative, see rule `effort`, without escalation or trust [per member]
    \pi_k = w.money; propensity of the theme for central money
    m_{ak} = money from outside for the initiative, see rule `funding` [share]
    \Phi_a = s.arena_pool; capacity in the bureau of the arena that is left for execution
    \Xi_{\mathrm{part}} = effort of partners with the members' capacity at the start, see rule `effort` [fte]
    \kappa = s.region.kappa; parochialism that counts this quarter
    \kappa_a = parochialism in the arena [share]
    w_0 = work_fixed
    w_c = p.work
    w_n = work_absent
    e_C = capital_work
    e_m = money_effort
    e_B = bureau_efficiency
    e_H = home_first
    \zeta = subregional_bond
    q_S = promise_share
    T_{\mathrm{slow}} = plan_longest
    T_{\mathrm{fast}} = plan_shortest
    \mathrm{cost\ sharing} = payoff.cost_sharing
    \mathrm{lead\ share} = position.lead_share
    \mathrm{execution} = scope.execution
    \mathrm{partner\ seats} = partner_seats
Source: BRE 5.6 (capacity is short; work comes on top); BRE 2.2, 5.6 (ESZL: tasks divided over the centres); RD 1 (problems shift);
    RD 3 (an alliance works by a plan and a budget for the year); BRE 2.1 (RD4 began with four and grows); judgement
"""

from __future__ import annotations

from bresim.kernel.arithmetic import indices_of
from bresim.kernel.jit import njit
from bresim.kernel.state import AGREED, EXECUTING, IMPOSED, KEPT, OUTSIDE
from bresim.rules.effort import (
    capacity_behind_partners,
    capital_need,
    friction,
    partners_effort,
    served_by_partners,
    transaction_cost,
)
from bresim.rules.funding import outside_money
from bresim.rules.interest import parochialism_in
from bresim.rules.turns import in_execution

#: An institution that organises less execution than this is planned with as if it did this much.
LEAST_EXECUTION = 0.05


@njit
def available(slack, home_first, kappa):
    """Slack in fte that a municipality is ready to use for regional work."""
    return slack * (1.0 - home_first * kappa)


@njit
def free_capacity(slack, home_first, kappa, signed):
    """What a municipality is ready to use beside what it has ``signed`` for, in fte."""
    return max(0.0, available(slack, home_first, kappa) - signed)


@njit
def required_work(work, fixed, absent, members_capacity, arena_capacity):
    """Work of an initiative in fte quarters; part of the absentees' share falls on the members."""
    return fixed + work * (members_capacity + absent * (arena_capacity - members_capacity))


@njit
def sharing(s, a, k):
    """Initiatives that share the bureau and the partners of arena ``a`` once (a, k) is in execution."""
    return s.executing[a] + (0.0 if s.phase[a, k] == EXECUTING else 1.0)


@njit
def planned_effort(p, institution, chi, work, members, quarters, money, propensity, helping):
    """Staff in fte a quarter that ``members`` have to give together to do ``work`` in so many ``quarters``.

    ``chi`` is the ``friction``, ``propensity`` that of the theme; ``helping`` is the fte of the bureau and the partners.
    """
    asked = work * capital_need(p.capital_work, propensity, money)
    asked *= transaction_cost(chi, members + institution.partner_seats)
    asked /= quarters * max(institution.execution, LEAST_EXECUTION) * (1.0 + p.money_effort * money)
    return max(0.0, asked - helping)


@njit
def part_of(capacity, total, members, cost_sharing):
    """Part of the work that a member signs for: by capacity, or an equal part as far as cost is not shared."""
    return cost_sharing * capacity / total + (1.0 - cost_sharing) / members


@njit
def promise(free, share, slowest, fastest):
    """What a member promises in fte a quarter: a share of what it has free, between the slowest and the fastest plan."""
    return min(max(share * free, slowest), fastest)


@njit
def _capacity(s, w, a, k):
    """(starting capacity of the members of (a, k), of all in the arena, number of members)."""
    inside = 0.0
    total = 0.0
    members = 0
    for i in range(s.base_capacity.shape[0]):
        total += s.base_capacity[i] if w.member[a, i] else 0.0
        inside += s.base_capacity[i] if s.committed[a, k, i] else 0.0
        members += s.committed[a, k, i]
    return inside, total, members


@njit
def _planned(s, w, p, a, k, members):
    """Staff in fte a quarter that the slowest and the fastest plan ask of all members of (a, k) together."""
    institution, running, money = s.institution[a], sharing(s, a, k), outside_money(s, w, a, k)
    served_by_partners(s.executing, s.eligible, s.phase, s.committed, w.overlaps[a], running, s.scratch[0])
    helping = s.arena_pool[a] * p.bureau_efficiency / running + partners_effort(
        p,
        institution,
        s.partner,
        w.economic[k],
        w.societal[k],
        w.water_board[k],
        capacity_behind_partners(s.base_capacity, s.scratch[0], s.members[a, k], members),
    )
    chi = friction(p, institution, s.diversity[a], s.agreed_autonomy[a, k], w.border_theme[k], 0.0)
    work, propensity = s.work[a, k], w.money[k]
    return (
        planned_effort(p, institution, chi, work, members, p.plan_longest, money, propensity, helping),
        planned_effort(p, institution, chi, work, members, p.plan_shortest, money, propensity, helping),
    )


@njit
def _sign(s, w, p, a, k, i, slowest, fastest):
    """Let member i promise; ``slowest`` and ``fastest`` are what the slowest and the fastest plan ask of it."""
    kappa = parochialism_in(s.region.kappa, p.subregional_bond, w.within_subregion[a])
    free = free_capacity(s.slack[i], p.home_first, kappa, s.signed[i])
    s.promised[a, k, i] = promise(free, p.promise_share, slowest, fastest)
    s.signed[i] += s.promised[a, k, i]


@njit
def weight_among(severity, k, i):
    """How severe theme k is in municipality i, as a multiple of the mean over its themes; ``severity`` is (K, N)."""
    total = 0.0
    for other in range(severity.shape[0]):
        total += severity[other, i]
    return severity[k, i] * severity.shape[0] / total if total > 0.0 else 0.0


@njit
def leader(member, centre, severity, k):
    """The municipality that leads: of the centres that are members that in which the theme weighs most; -1 without any."""
    lead, most = -1, -1.0
    for i in range(member.shape[0]):
        if member[i] and centre[i] and weight_among(severity, k, i) > most:
            lead, most = i, weight_among(severity, k, i)
    return lead


@njit
def _divide(s, w, p, a, k, slowest, fastest, total, members):
    """Let each member sign for its part; the others leave part of theirs to the lead.

    ``slowest`` and ``fastest`` are the fte a quarter that the slowest and the fastest plan ask of all together.
    """
    institution, size = s.institution[a], s.base_capacity.shape[0]
    lead = leader(s.committed[a, k], w.centre, w.severity, k)
    leaves = institution.lead_share if lead >= 0 else 0.0
    left = 0.0
    for i in range(size):
        if s.committed[a, k, i] and i != lead:
            left += leaves * part_of(s.base_capacity[i], total, members, s.agreed_cost_sharing[a, k])
    for i in range(size):
        s.promised[a, k, i] = 0.0
        if s.committed[a, k, i]:
            part = part_of(s.base_capacity[i], total, members, s.agreed_cost_sharing[a, k])
            part = part + left if i == lead else part * (1.0 - leaves)
            _sign(s, w, p, a, k, i, part * slowest, part * fastest)


@njit
def _join_in_execution(s, w, p, a, k, i):
    """A newcomer adds its part of the work that is left, and signs for it; it is held to it from now on."""
    if not s.in_work[a, k, i]:
        s.work[a, k] += p.work * (1.0 - p.work_absent) * s.base_capacity[i] * (1.0 - s.share_done[a, k])
        s.in_work[a, k, i] = True
    s.missed[a, k, i] = s.share_done[a, k]
    s.verdict[a, k, i] = KEPT
    s.broken_again[a, k, i] = False
    s.willing[a, k, i] = True
    inside, _, members = _capacity(s, w, a, k)
    part = part_of(s.base_capacity[i], inside, members, s.agreed_cost_sharing[a, k])
    slowest, fastest = _planned(s, w, p, a, k, members)
    _sign(s, w, p, a, k, i, part * slowest, part * fastest)
    s.given[a, k, i] = 0.0
    s.quarters_before[a, k, i] = s.since_milestone[a, k]


@njit
def _let_go(member, promised, missed, enforced):
    """Take from municipalities that are no ``member`` (N,) of an initiative what it holds of them, each (N,).

    Written for all, as that is faster than to ask of each whether it is a member.
    """
    for i in range(member.shape[0]):
        promised[i] = promised[i] if member[i] else 0.0
        missed[i] = missed[i] if member[i] else OUTSIDE
        enforced[i] &= member[i]


@njit
def _add(signed, promised):
    """Add what each municipality promised to one initiative to what it has ``signed`` for, both (N,)."""
    for i in range(signed.shape[0]):
        signed[i] += promised[i]


@njit
def _list(s):
    """List the initiatives in execution and their members, without those that left; sum what each promised to them."""
    arenas, themes = s.phase.shape
    running = 0
    s.signed[:] = 0.0
    for a in range(arenas):
        s.executing[a] = 0.0
        for k in range(themes):
            if s.phase[a, k] == EXECUTING:
                _let_go(s.committed[a, k], s.promised[a, k], s.missed[a, k], s.enforced[a, k])
                s.executing[a] += 1.0
                s.running[running] = a * themes + k
                running += 1
                s.n_members[a, k] = indices_of(s.committed[a, k], s.members[a, k])
                _add(s.signed, s.promised[a, k])
    s.region.n_running = running


@njit
def _has_newcomers(member, missed):
    """Whether any ``member`` (N,) has yet to sign: nothing is known of what it ``missed`` (N,)."""
    newcomers = 0
    for i in range(member.shape[0]):
        newcomers += member[i] & (missed[i] == OUTSIDE)
    return newcomers > 0


@njit
def binding_of(s, a, k):
    """Binding of the agreement (a, k) that counts this quarter: what the province adds holds as far as it acts and has staff."""
    return s.agreed_binding[a, k] + s.region.acts * s.agreed_supplied[a, k]


@njit
def _keep_terms(s, a, k, agreed):
    """Let the agreement (a, k) keep the rules of now; of what the province supplies it keeps that it is owed.

    Of what was imposed, and not ``agreed``, no council decided on its own means.
    """
    institution = s.institution[a]
    supplies = a == 0 and institution.services_by_province > 0.5
    s.agreed_binding[a, k] = s.region.binding_own if supplies else institution.binding
    s.agreed_supplied[a, k] = s.region.binding_supplied if supplies else 0.0
    s.agreed_exit_cost[a, k] = institution.exit_cost
    s.agreed_sanction[a, k] = institution.sanction
    s.agreed_ratified[a, k] = institution.council_ratification * agreed
    s.agreed_cost_sharing[a, k] = institution.cost_sharing
    s.agreed_opt_out[a, k] = institution.opt_out
    s.agreed_autonomy[a, k] = institution.alliance_autonomy


@njit
def update_initiative(s, w, p, t, a, k):
    """Fix the work of an initiative that was agreed or imposed, and what each member promises."""
    if s.outcome[a, k] != AGREED and s.outcome[a, k] != IMPOSED:
        return
    _keep_terms(s, a, k, s.outcome[a, k] == AGREED)
    s.n_members[a, k] = indices_of(s.committed[a, k], s.members[a, k])
    inside, total, members = _capacity(s, w, a, k)
    s.work[a, k] = required_work(p.work, p.work_fixed, p.work_absent, inside, total)
    slowest, fastest = _planned(s, w, p, a, k, members)
    _divide(s, w, p, a, k, slowest, fastest, inside, members)
    for i in range(s.base_capacity.shape[0]):
        s.missed[a, k, i] = 0.0 if s.committed[a, k, i] else OUTSIDE
        s.in_work[a, k, i] = s.committed[a, k, i]
    s.executing[a] += 1.0
    s.given[a, k, :] = 0.0
    s.quarters_before[a, k, :] = 0.0
    s.verdict[a, k, :] = KEPT
    s.broken_again[a, k, :] = False
    s.done_before[a, k] = s.share_done[a, k]
    s.since_milestone[a, k] = 0.0


@njit
def update(s, w, p, t):
    """Let go municipalities that have left what is in execution, list the members, and let newcomers sign too."""
    _list(s)
    for n in range(s.region.n_running):
        a, k = in_execution(s, n)
        if _has_newcomers(s.committed[a, k], s.missed[a, k]):
            for m in range(s.n_members[a, k]):
                if s.missed[a, k, s.members[a, k, m]] == OUTSIDE:
                    _join_in_execution(s, w, p, a, k, s.members[a, k, m])
