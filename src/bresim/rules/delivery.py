"""Rule: delivery
Equation: P(deliver) = logistic(r0 + trust + interest + urgency + slack + binding + monitoring + sanction + money + ratified - burden - coerced)
Source: McFadden 1974; BRE 4.1 (agreements are not kept: no coordination, no hard agreements), 4.2.3, 5.6; RD 3; Frey & Jegen 2001
"""

from __future__ import annotations

from bresim.kernel import draws
from bresim.kernel.arithmetic import around_half, clip
from bresim.kernel.jit import njit
from bresim.kernel.state import KAPPA, N_DEFAULTS, N_PLEDGES, REGIONAL
from bresim.rules.commitment import effective_interest, parochialism_in
from bresim.rules.logit import choose
from bresim.rules.trust import trust_in_others


@njit
def agreement_inclination(p, rules, money):
    """What the agreement brings to every pledge under it (logit); shares in [0, 1]."""
    return (
        p.deliver_base
        + p.deliver_binding * rules.binding
        + p.deliver_monitoring * rules.monitoring
        + p.deliver_sanction * rules.sanction
        + p.deliver_money * money
        + p.deliver_ratified * rules.council_ratification
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
    """How much heavier an equal share of the cost weighs than one by capacity, in [0, 1]; 0 for who is large."""
    return (1.0 - cost_sharing) * clip(mean_capacity / capacity - 1.0)


@njit
def gather(s, a, k):
    """Set ``s.party`` to the members of initiative (a, k) and return how many they are."""
    member, party = s.committed[a, k], s.party
    count = 0
    for i in range(member.shape[0]):
        party[count] = i  # stays if i is a member, else the next takes its place
        count += member[i]
    return count


@njit
def decide(s, w, p, t, a, k, money, count):
    """Set ``s.delivered`` for the ``count`` members of initiative (a, k): who keeps its pledge this quarter.

    Everyone's chance is worked out, as that is faster than picking the members; only theirs count. Trust
    (``s.trusted``) is that before execution: what one initiative teaches is no help to the next.
    """
    themes, size = s.urgency.shape
    rules = s.rules[a]
    party, coerced, delivered, luck, chances = s.party, s.coerced[a, k], s.delivered, s.luck_deliver[a, k], s.chances
    own, urgency, capacity, trust, spare = s.interest[k], s.urgency[k], s.capacity, s.mixed, s.spare
    shared = s.arena_interest[a, k]
    kappa = parochialism_in(s.scalars[KAPPA], p.subregional_bond, w.arena_scale[a] == REGIONAL)
    draws.fill_once(s.key, draws.DELIVER, t, a * themes + k, luck, s.filled)
    mean_capacity = 0.0
    for m in range(count):
        mean_capacity += capacity[party[m]]
    mean_capacity /= max(count, 1)
    agreed = agreement_inclination(p, rules, money)
    trust_in_others(s.trusted, party, count, trust)
    for i in range(size):
        chances[i] = agreed + own_inclination(
            p,
            trust[i],
            effective_interest(own[i], shared, kappa),
            urgency[i],
            spare[i],
            burden(capacity[i], mean_capacity, rules.cost_sharing),
            coerced[i],
        )
    choose(chances, size)
    kept = 0
    for m in range(count):
        i = party[m]
        delivered[i] = luck[i] < chances[i]
        kept += delivered[i]
    if t >= w.policy_start:
        for m in range(count):
            s.pledged[party[m]] += 1.0
            s.defaulted[party[m]] += 1.0 - delivered[party[m]]
        if a == 0:
            s.counts[N_PLEDGES] += count
            s.counts[N_DEFAULTS] += count - kept
