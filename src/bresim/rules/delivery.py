r"""Meaning to keep a promise

After each milestone, and at the start, every member of an initiative in execution decides whether it means to keep its
promise until the next one, with a chance (logit) of its inclination. The inclination rises with trust in the fellow
members, effective interest and urgency; with binding, monitoring and the sanction of losing influence; with money; with
what the arena has booked together before; and where its own council decided on its means. Binding, sanction, sharing of
cost and the decision of councils are those of the agreement (rule `signing`); monitoring is that of the institution
now. It is lower for a member bound against its vote (crowding out), for one that has little say, the more the deeper
the divide (no ownership), and for a small member where costs are shared by equal amounts instead of by capacity. Where
the province steers, it moves a municipality that accepts it to keep its promise and one that does not to dig in. The
municipalities themselves come first (BRE 4.1): only of the members that broke their promise at the last two milestones
the province, while it steers, sees to some, which then mean to keep it until the next. Where the design has escalation,
bureau and board put an initiative in trouble (rule `effort`) on their agenda: a member that did not mean to keep its
promise is asked again every quarter, as far as the escalation goes, and may now mean to. Trust is that after turnover
(rule `urgency`): what one initiative teaches does not count for the next in the same quarter. Whether it has the capacity
is another matter (rules `pledges` and `milestones`).

Equation: inclination to keep the promise
    \begin{aligned}
    X_{iak} = {} & h_0 + h_\tau \langle\bar\tau_{iak}\rangle + h_z\, \tilde z_{iak} + h_u\, u_{ik}
    + h_b\, \mathrm{binding}_{ak} + h_v\, \mathrm{monitoring} + h_s\, \mathrm{sanction}_{ak} + h_m\, m_{ak} + h_{\mathrm{rec}}\, \mathcal{R}_a \\
    & + h_r\, \mathrm{ratified}_{ak}\, [i \notin M_{\mathrm{c},ak}] - h_c\, [i \in M_{\mathrm{c},ak}] - h_B\, b_i - h_S\, s_i\, D
    + S_{\mathrm{prov}}\, \bigl(h_P\, \hat\alpha_{ia} - h_R\, (1 - \hat\alpha_{ia})\bigr)\, [a \text{ regional}]
    \end{aligned}
Equation: the members that mean to keep their promise, decided if no quarter has passed since the last milestone
    i \text{ is willing} \iff U_{iak} < \sigma(X_{iak}), \qquad i \in M_{ak},\; \vartheta_{\mathrm{M},ak} = 0
Equation: broken promises that the province sees to; these members are willing too
    i \text{ is enforced} \iff i \text{ broke again} \land U'_{iak} < \Pr(\text{enforce}_{ak})
Equation: between milestones, a member that did not mean to keep its promise means to now, if the initiative was in trouble a quarter ago
    i \text{ is willing} \iff U''_{iak} < \epsilon_{ak}\, \sigma(X_{iak}), \qquad i \in M_{ak} \text{ not willing},\; \vartheta_{\mathrm{M},ak} > 0
Equation: mean trust in the fellow members (1/2 where there is no other)
    \bar\tau_{iak} = \frac{1}{\lvert M_{ak}\rvert - 1} \sum_{j \in M_{ak},\, j \ne i} \tau_{ij}
Equation: burden of an equal share of the cost; how little say the municipality has; acceptance with a mandate
    b_i = (1 - \mathrm{cost\ sharing}_{ak})\; \mathrm{clip}\Bigl(\frac{\bar c_{ak}}{c_i} - 1\Bigr), \quad
    \bar c_{ak} = \frac{1}{\lvert M_{ak}\rvert} \sum_{j \in M_{ak}} c_j, \quad
    s_i = (1 - \mathrm{equal\ say})(1 - e_s\, \mathrm{sounding\ board})\, [i \notin \mathcal{H}_a], \quad
    \hat\alpha_{ia} = \mathrm{clip}(\alpha_i + g_\alpha\, \mathrm{mandate})
Equation: effective interest, as in rule `interest`
    \tilde z_{iak} = \tilde z(z_{ik}, \bar z_{ak}, \kappa, e_z, \zeta)
Symbols:
    X_{iak} = inclination to keep the promise [logit]
    i \text{ is willing} = s.willing; whether the member means to keep its promise [0 or 1]
    i \text{ is enforced} = s.enforced; whether the province sees to it [0 or 1]
    i \text{ broke again} = s.broken_again; whether it broke its promise at the last two milestones [0 or 1]
    \epsilon_{ak} = s.escalation
    \Pr(\text{enforce}_{ak}) = chance that the province sees to a promise that is broken again, see rule `aggregation` [share]
    \vartheta_{\mathrm{M},ak} = s.since_milestone
    M_{ak} = s.committed; municipalities committed to the initiative, later its members [set]
    M_{\mathrm{c},ak} = s.coerced; members bound against their vote [set]
    \mathcal{H}_a = s.heard; municipalities that are heard in the arena, see rule `board` [set]
    \tau_{ij} = s.trust_received; trust of i in j before negotiation
    \bar\tau_{iak} = mean trust in the fellow members [share]
    z_{ik} = s.interest; own net stake in regional action on the theme
    \bar z_{ak} = s.arena_interest; interest of the arena as a whole
    \tilde z_{iak} = effective interest [share]
    u_{ik} = s.urgency; urgency
    c_i = s.capacity; execution capacity
    \bar c_{ak} = mean capacity of the members [fte]
    b_i = burden of an equal share of the cost [share]
    s_i = how little say the municipality has [share]
    D = s.region.divide
    m_{ak} = money from outside for the initiative, see rule `funding` [share]
    S_{\mathrm{prov}} = s.region.steering
    \alpha_i = s.acceptance; acceptance of provincial steering
    \hat\alpha_{ia} = acceptance with a mandate, see rule `acceptance` [share]
    \kappa = s.region.kappa; parochialism that counts this quarter
    h_0 = deliver_base
    h_\tau = deliver_trust
    h_z = deliver_interest
    h_u = deliver_urgency
    h_b = deliver_binding
    h_v = deliver_monitoring
    h_s = deliver_sanction
    h_m = deliver_money
    h_r = deliver_ratified
    h_{\mathrm{rec}} = deliver_record
    \mathcal{R}_a = s.track_record
    h_c = deliver_coerced
    h_B = deliver_burden
    h_S = deliver_say
    h_P = deliver_threat
    h_R = deliver_reactance
    e_z = stake_elsewhere
    e_s = sounding_effect
    g_\alpha = acceptance_mandate
    \zeta = subregional_bond
    \mathrm{binding}_{ak} = binding of the agreement that counts, see rule `signing` [share]
    \mathrm{monitoring} = information.monitoring
    \mathrm{sanction}_{ak} = s.agreed_sanction
    \mathrm{ratified}_{ak} = s.agreed_ratified
    \mathrm{cost\ sharing}_{ak} = s.agreed_cost_sharing
    \mathrm{equal\ say} = position.equal_say
    \mathrm{sounding\ board} = position.sounding_board
    \mathrm{mandate} = payoff.mandate
Source: McFadden 1974 (random utility); BRE 3 (urgency, interest, trust); BRE 2.3 (no equal partnership); BRE 4.1 (agreements are not kept: no
    hard agreements, no monitoring; the stick is for not keeping them); BRE 4.2.3; Scharpf 1997 (shadow of hierarchy); Frey & Jegen 2001
    (crowding out); RD 3 (councils decide on means; an alliance in danger goes to the bureau, then on the agenda of the board)
"""

from __future__ import annotations

from bresim.kernel import draws
from bresim.kernel.arithmetic import around_half, clip, indices_of
from bresim.kernel.jit import njit
from bresim.kernel.state import REGIONAL
from bresim.rules.acceptance import with_mandate
from bresim.rules.aggregation import enforcement_chance
from bresim.rules.commitment import threat, unequal_say
from bresim.rules.funding import outside_money
from bresim.rules.interest import effective_interest, parochialism_in
from bresim.rules.logit import choose
from bresim.rules.signing import binding_of
from bresim.rules.trust import trust_in_others


@njit
def agreement_inclination(p, binding, monitoring, sanction, money, record):
    """What the agreement brings to every promise under it (logit); all are shares in [0, 1]."""
    return (
        p.deliver_base
        + p.deliver_binding * binding
        + p.deliver_monitoring * monitoring
        + p.deliver_sanction * sanction
        + p.deliver_money * money
        + p.deliver_record * record
    )


@njit
def own_inclination(p, trust, interest, urgency, heavier, ratified, coerced, say, pressure):
    """What a member adds (logit).

    ``heavier`` is its ``burden``; ``ratified`` how far its own council decided; ``say`` is unequal say times the divide, 0 for those that are heard; ``pressure`` is the
    province's ``threat`` in logits; the others are shares in [0, 1].
    """
    return (
        p.deliver_trust * around_half(trust)
        + p.deliver_interest * interest
        + p.deliver_urgency * urgency
        - p.deliver_burden * heavier
        + p.deliver_ratified * ratified
        - p.deliver_coerced * coerced
        - p.deliver_say * say
        + pressure
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
def _chances(s, w, p, a, k):
    """Set ``s.scratch[1]`` (N,): with which chance each member of (a, k) means to keep its promise.

    Every municipality's is worked out, as that is faster than to go by membership; only those of the members count.
    """
    institution, party, count = s.institution[a], s.members[a, k], s.n_members[a, k]
    trust, chances = s.scratch[0], s.scratch[1]
    regional = w.arena_scale[a] == REGIONAL
    kappa = parochialism_in(s.region.kappa, p.subregional_bond, w.within_subregion[a])
    steering = s.region.steering if regional else 0.0
    say = unequal_say(institution.equal_say, institution.sounding_board, p.sounding_effect) * s.region.divide
    mean_capacity = mean_over(s.capacity, party, count)
    agreed = agreement_inclination(
        p,
        binding_of(s, a, k),
        institution.monitoring,
        s.agreed_sanction[a, k],
        outside_money(s, w, a, k),
        s.track_record[a],
    )
    trust_in_others(s.trust_received, party, count, trust)
    for i in range(s.capacity.shape[0]):
        accepted = with_mandate(s.acceptance[i], p.acceptance_mandate, institution.mandate)
        chances[i] = agreed + own_inclination(
            p,
            trust[i],
            effective_interest(s.interest[k, i], s.arena_interest[a, k], kappa, p.stake_elsewhere),
            s.urgency[k, i],
            burden(s.capacity[i], mean_capacity, s.agreed_cost_sharing[a, k]),
            0.0 if s.coerced[a, k, i] else s.agreed_ratified[a, k],
            s.coerced[a, k, i],
            0.0 if s.heard[a, i] else say,
            threat(steering, accepted, p.deliver_threat, p.deliver_reactance),
        )
    choose(chances, s.capacity.shape[0])


@njit
def _ask_again(s, w, p, t, a, k):
    """Between milestones, ask the members of (a, k), in trouble, that do not mean to keep their promise once more."""
    cell = a * s.phase.shape[1] + k
    s.n_members[a, k] = indices_of(s.committed[a, k], s.members[a, k])
    _chances(s, w, p, a, k)
    for m in range(s.n_members[a, k]):
        i = s.members[a, k, m]
        if not s.willing[a, k, i]:
            chance = s.escalation[a, k] * s.scratch[1, i]
            s.willing[a, k, i] = draws.uniform(s.key, draws.RECALL, t, cell, i) < chance


@njit
def update_initiative(s, w, p, t, a, k):
    """After a milestone, decide which members of initiative (a, k) mean to keep their promise until the next.

    Between milestones only those of an initiative in trouble are asked again, where there is escalation.
    """
    if s.since_milestone[a, k] > 0.0:
        if s.escalation[a, k] > 0.0:
            _ask_again(s, w, p, t, a, k)
        return
    themes = s.phase.shape[1]
    s.n_members[a, k] = indices_of(s.committed[a, k], s.members[a, k])  # those of now, newcomers included
    chances, draw, stick = s.scratch[1], s.draws_delivery[a, k], enforcement_chance(s, p, a)
    _chances(s, w, p, a, k)
    draws.fill_once(s.key, draws.DELIVER, t, a * themes + k, draw, s.drawn)
    for m in range(s.n_members[a, k]):
        i = s.members[a, k, m]
        again = s.broken_again[a, k, i]
        s.enforced[a, k, i] = again and draws.uniform(s.key, draws.ENFORCE, t, a * themes + k, i) < stick
        s.willing[a, k, i] = draw[i] < chances[i] or s.enforced[a, k, i]
