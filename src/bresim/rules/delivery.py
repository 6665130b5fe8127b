"""Rule: delivery
Equation: P(deliver) = logistic(r0 + trust + interest + urgency + slack + binding + monitoring + sanction + money + ratified - burden - coerced)
Source: McFadden 1974; BRE 4.1 (agreements are not kept: no coordination, no hard agreements), 4.2.3, 5.6; RD 3; Frey & Jegen 2001
"""

from __future__ import annotations

from bresim.kernel import draws
from bresim.kernel.arithmetic import around_half, clip, indices_of
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
    institution, member, coerced, draw = s.institution[a], s.committed[a, k], s.coerced[a, k], s.draws_delivery[a, k]
    own, urgency, shared = s.interest[k], s.urgency[k], s.arena_interest[a, k]
    capacity, free = s.capacity, s.slack_per_pledge
    trust, chances, party = s.scratch[0], s.scratch[1], s.scratch_index
    kappa = parochialism_in(s.region.kappa, p.subregional_bond, w.arena_scale[a] == REGIONAL)
    count = indices_of(member, party)
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
    delivered = s.delivered[a, k]
    for i in range(size):
        delivered[i] = member[i] & (draw[i] < chances[i])
