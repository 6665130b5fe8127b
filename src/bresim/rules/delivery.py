"""Rule: delivery
Equation: P(deliver) = logistic(r0 + trust + interest + urgency + slack + binding + monitoring + sanction + money + ratified - coerced)
Source: McFadden 1974; BRE 4.1 (agreements are not kept: no coordination, no hard agreements), 4.2.3, 5.6; RD 3; Frey & Jegen 2001
"""

from __future__ import annotations

from bresim import draws
from bresim.jit import njit
from bresim.rules.commitment import effective_interest, parochialism_in
from bresim.rules.logit import around_half, clip, logistic
from bresim.state import KAPPA, N_DEFAULTS, N_PLEDGES, REGIONAL


@njit
def inclination(p, rules, trust, interest, urgency, slack, money, coerced):
    """Logit of keeping a pledge this quarter; ``slack`` is free capacity per pledge, shares in [0, 1]."""
    x = (
        p.deliver_base
        + p.deliver_trust * around_half(trust)
        + p.deliver_interest * interest
        + p.deliver_urgency * urgency
        + p.deliver_slack * slack
        + p.deliver_binding * rules.binding
        + p.deliver_monitoring * rules.monitoring
        + p.deliver_sanction * rules.sanction
        + p.deliver_money * money
        + p.deliver_ratified * rules.council_ratification
    )
    return x - p.deliver_coerced if coerced else x


@njit
def burden(capacity, mean_capacity, cost_sharing):
    """How much heavier an equal share of the cost weighs than one by capacity, in [0, 1]; 0 for who is large."""
    return (1.0 - cost_sharing) * clip(mean_capacity / capacity - 1.0)


@njit
def trust_in_members(trust, party, count):
    """Mean trust of one municipality (its row (N,) of trust, 0 in itself) in its fellow members; 1/2 for who is alone."""
    total = 0.0
    for n in range(count):
        total += trust[party[n]]
    return total / (count - 1.0) if count > 1 else 0.5


@njit
def gather(s, a, k):
    """Set ``s.party`` to the members of initiative (a, k) and return how many they are."""
    member, party = s.committed[a, k], s.party
    count = 0
    for i in range(member.shape[0]):
        if member[i]:
            party[count] = i
            count += 1
    return count


@njit
def decide(s, w, p, t, a, k, money, count):
    """Set ``s.delivered`` for the ``count`` members of initiative (a, k): who keeps its pledge this quarter."""
    themes = s.urgency.shape[0]
    rules = s.rules[a]
    trust, party, coerced, delivered, luck = s.trust, s.party, s.coerced[a, k], s.delivered, s.luck
    own, urgency, shared = s.interest[k], s.urgency[k], s.arena_interest[a, k]
    kappa = parochialism_in(s.scalars[KAPPA], p.subregional_bond, w.arena_scale[a] == REGIONAL)
    slack, capacity, pledges, pledged, defaulted = s.slack, s.capacity, s.pledges, s.pledged, s.defaulted
    draws.fill_at(s.key, draws.DELIVER, t, a * themes + k, party, count, luck)
    mean_capacity = 0.0
    for m in range(count):
        mean_capacity += capacity[party[m]] / count
    kept = 0.0
    for m in range(count):
        i = party[m]
        x = inclination(
            p,
            rules,
            trust_in_members(trust[i], party, count),
            effective_interest(own[i], shared, kappa),
            urgency[i],
            slack[i] / capacity[i] / max(1.0, pledges[i]),
            money,
            coerced[i],
        ) - p.deliver_burden * burden(capacity[i], mean_capacity, rules.cost_sharing)
        delivered[i] = luck[m] < logistic(x)
        kept += 1.0 if delivered[i] else 0.0
        if t >= w.policy_start:
            pledged[i] += 1.0
            defaulted[i] += 0.0 if delivered[i] else 1.0
    if a == 0 and t >= w.policy_start:
        s.counts[N_PLEDGES] += count
        s.counts[N_DEFAULTS] += count - kept
