r"""Keeping a pledge

Each member of an initiative in execution keeps its pledge this quarter or not, with a chance (logit) of its inclination. The inclination rises with
trust in the fellow members, effective interest, urgency and free capacity for each pledge; with binding, monitoring and the sanction of losing
influence; with money; and where councils decided on their own means. It is lower for a member bound against its vote (crowding out), and for a
small member where costs are shared by equal amounts instead of by capacity. Trust is that of the start of the quarter: what one initiative
teaches does not count for the next in the same quarter.

Equation: inclination to keep the pledge
    \begin{aligned}
    X_{iak} = {} & h_0 + h_\tau \langle\bar\tau_{iak}\rangle + h_z\, \tilde z_{iak} + h_u\, u_{ik} + h_f\, \bar f_i
    + h_b\, \mathrm{binding} + h_v\, \mathrm{monitoring} + h_s\, \mathrm{sanction} \\
    & + h_m\, m_{ak} + h_r\, \mathrm{council\ ratification} - h_c\, [i \in M_{\mathrm{c},ak}] - h_B\, b_i
    \end{aligned}
Equation: the members that keep their pledge
    i \in V_{ak} \iff U_{iak} < \sigma(X_{iak}), \qquad i \in M_{ak}
Equation: mean trust in the fellow members (1/2 where there is no other)
    \bar\tau_{iak} = \frac{1}{\lvert M_{ak}\rvert - 1} \sum_{j \in M_{ak},\, j \ne i} \tau_{ij}
Equation: burden of an equal share of the cost
    b_i = (1 - \mathrm{cost\ sharing})\; \mathrm{clip}\Bigl(\frac{\bar c_{ak}}{c_i} - 1\Bigr), \qquad
    \bar c_{ak} = \frac{1}{\lvert M_{ak}\rvert} \sum_{j \in M_{ak}} c_j
Equation: effective interest and parochialism in the arena
    \tilde z_{iak} = (1 - \kappa_a)\, \bar z_{ak} + \kappa_a\, z_{ik}, \qquad
    \kappa_a = \begin{cases} \kappa & \text{if } a \text{ is regional} \\ \kappa\, (1 - \zeta) & \text{if } a \text{ is a subregion} \end{cases}
Symbols:
    X_{iak} = inclination to keep the pledge [logit]
    V_{ak} = s.delivered; members that keep their pledge this quarter [set]
    M_{ak} = s.committed; municipalities committed to the initiative, later its members [set]
    M_{\mathrm{c},ak} = s.coerced; members bound against their vote [set]
    \tau_{ij} = s.trust_received; trust of i in j at the start of the quarter
    \bar\tau_{iak} = mean trust in the fellow members [share]
    z_{ik} = s.interest; own net stake in regional action on the theme
    \bar z_{ak} = s.arena_interest; interest of the arena as a whole
    \tilde z_{iak} = effective interest [share]
    u_{ik} = s.urgency; urgency
    \bar f_i = s.slack_per_pledge
    m_{ak} = money from outside for the initiative, see rule `funding` [share]
    c_i = s.capacity; execution capacity
    \bar c_{ak} = mean capacity of the members [fte]
    b_i = burden: how much heavier an equal share of the cost weighs than one by capacity [share]
    \kappa = s.region.kappa
    \kappa_a = parochialism in the arena [share]
    h_0 = deliver_base
    h_\tau = deliver_trust
    h_z = deliver_interest
    h_u = deliver_urgency
    h_f = deliver_slack
    h_b = deliver_binding
    h_v = deliver_monitoring
    h_s = deliver_sanction
    h_m = deliver_money
    h_r = deliver_ratified
    h_c = deliver_coerced
    h_B = deliver_burden
    \zeta = subregional_bond
    \mathrm{binding} = payoff.binding
    \mathrm{monitoring} = information.monitoring
    \mathrm{sanction} = payoff.sanction
    \mathrm{council\ ratification} = aggregation.council_ratification
    \mathrm{cost\ sharing} = payoff.cost_sharing
Source: McFadden 1974 (random utility); BRE 3 (urgency, interest, trust); BRE 4.1 (agreements are not kept: no coordination, no hard agreements);
    BRE 2.1, 4.2.3, 5.6; RD 1 (differences in carrying capacity); RD 3 (two decision lines); Frey & Jegen 2001 (crowding out)
"""

from __future__ import annotations

from bresim.kernel import draws
from bresim.kernel.arithmetic import around_half, clip
from bresim.kernel.jit import njit
from bresim.kernel.state import REGIONAL
from bresim.rules.commitment import effective_interest, parochialism_in
from bresim.rules.funding import outside_money
from bresim.rules.logit import choose
from bresim.rules.trust import trust_in_others


@njit
def agreement_inclination(p, institution, money):
    """What the agreement brings to every pledge under it (logit); shares in [0, 1]."""
    return (
        p.deliver_base
        + p.deliver_binding * institution.binding
        + p.deliver_monitoring * institution.monitoring
        + p.deliver_sanction * institution.sanction
        + p.deliver_money * money
        + p.deliver_ratified * institution.council_ratification
    )


@njit
def own_inclination(p, trust, interest, urgency, slack, heavier, coerced):
    """What a member adds (logit); ``slack`` is free capacity per pledge, ``heavier`` its ``burden``, shares in [0, 1]."""
    return (
        p.deliver_trust * around_half(trust)
        + p.deliver_interest * interest
        + p.deliver_urgency * urgency
        + p.deliver_slack * slack
        - p.deliver_burden * heavier
        - p.deliver_coerced * coerced
    )


@njit
def burden(capacity, mean_capacity, cost_sharing):
    """How much heavier an equal share of the cost weighs than one by capacity, in [0, 1]; 0 for a large municipality."""
    return (1.0 - cost_sharing) * clip(mean_capacity / capacity - 1.0)


@njit
def mean_over(values, party, count):
    """Mean of ``values`` (N,) over the first ``count`` of ``party``; 0 without any."""
    total = 0.0
    for m in range(count):
        total += values[party[m]]
    return total / max(count, 1)


@njit
def update_initiative(s, w, p, t, a, k):
    """Decide which members of initiative (a, k) keep their pledge this quarter.

    Every municipality's chance is worked out, as that is faster than to pick the members; only theirs count. Trust is
    that before execution: what one initiative teaches does not count for the next in the same quarter.
    """
    themes, size = s.urgency.shape
    institution, coerced, draw = s.institution[a], s.coerced[a, k], s.draws_delivery[a, k]
    own, urgency, shared = s.interest[k], s.urgency[k], s.arena_interest[a, k]
    capacity, free = s.capacity, s.slack_per_pledge
    trust, chances, party, count = s.scratch[0], s.scratch[1], s.members[a, k], s.n_members[a, k]
    kappa = parochialism_in(s.region.kappa, p.subregional_bond, w.arena_scale[a] == REGIONAL)
    mean_capacity = mean_over(capacity, party, count)
    agreed = agreement_inclination(p, institution, outside_money(s, a, k))
    trust_in_others(s.trust_received, party, count, trust)
    for i in range(size):
        chances[i] = agreed + own_inclination(
            p,
            trust[i],
            effective_interest(own[i], shared, kappa),
            urgency[i],
            free[i],
            burden(capacity[i], mean_capacity, institution.cost_sharing),
            coerced[i],
        )
    choose(chances, size)
    draws.fill_once(s.key, draws.DELIVER, t, a * themes + k, draw, s.drawn)
    for m in range(count):
        i = party[m]
        s.delivered[a, k, i] = draw[i] < chances[i]
