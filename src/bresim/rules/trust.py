"""Rule: trust
Equation: kept: tau' = tau + g seen max(0, 1 - omega rho - tau); default: tau' = tau - lambda g seen tau; tau' += r (baseline - tau)
Source: Slovic 1993 (asymmetry); BRE 2.1 (history, contact), 2.3 (no equal partnership; successes claimed as personal), 4.2.1
"""

from __future__ import annotations

from bresim.kernel.arithmetic import clip
from bresim.kernel.jit import njit
from bresim.kernel.state import DIVIDE, NEGATIVITY


@njit
def baseline(base, gap, divide):
    """Institutional trust between two municipalities: lower across a divide; never quite 0 or 1, so nothing absorbs."""
    return min(max(base - divide * gap, 0.02), 0.98)


@njit
def seen(visibility, monitoring):
    """Share of deliveries and defaults that the others see."""
    return visibility + (1.0 - visibility) * monitoring


@njit
def shared_success(claiming, negativity, celebration):
    """Share of a success that enters shared memory instead of being claimed as personal."""
    return 1.0 - claiming * negativity * (1.0 - celebration)


@njit
def after_kept_promise(trust, grievance, gain, omega):
    """Trust after a (seen) kept promise: towards a ceiling that grievance lowers; never down."""
    ceiling = 1.0 - omega * grievance
    return trust + gain * max(0.0, ceiling - trust)


@njit
def after_default(trust, loss):
    """Trust after a (seen) default, ``loss`` = lambda times the gain of a kept promise."""
    return trust * (1.0 - min(1.0, loss))


@njit
def by_trusted(trust, trusted):
    """Turn ``trust`` (N, N) of i (row) in j into ``trusted`` (N, N) of j (row) by i: sums over j then run through memory in order."""
    for j in range(trust.shape[0]):
        for i in range(trust.shape[0]):
            trusted[j, i] = trust[i, j]


@njit
def trust_in_others(trusted, party, count, mean):
    """Set ``mean`` (N,): everyone's trust in the others among the ``count`` who are in ``party``; 1/2 where there is no other.

    ``trusted`` (N, N) is trust by who is trusted (row), 0 on the diagonal; only the means of who is in ``party`` are
    means over others.
    """
    size = mean.shape[0]
    for i in range(size):
        mean[i] = 0.0
    for n in range(count):
        row = trusted[party[n]]
        for i in range(size):
            mean[i] += row[i]
    share = 1.0 / (count - 1.0) if count > 1 else 0.0
    for i in range(size):
        mean[i] = mean[i] * share if count > 1 else 0.5


@njit
def learn_of_all(trust, grievance, gains, losses, hurts, omega):
    """One member's trust in and grievance against everyone, (N,), after what it learned of each, (N,)."""
    for j in range(trust.shape[0]):
        risen = after_kept_promise(trust[j], grievance[j], gains[j], omega)
        trust[j] = after_default(risen, losses[j])
        grievance[j] += hurts[j] * (1.0 - grievance[j])


@njit
def learn(s, p, a, count):
    """The ``count`` members of an initiative (``s.party``) learn from what each did this quarter (``s.delivered``)."""
    share = seen(p.visibility, s.rules[a].monitoring)
    good = p.trust_gain * share * shared_success(p.claiming, s.scalars[NEGATIVITY], s.rules[a].celebration)
    bad = p.trust_gain * p.trust_loss_ratio * share
    hurt = p.grievance_rate * share
    trust, grievance, delivered, party = s.trust, s.grievance, s.delivered, s.party
    gains, losses, hurts = s.chances, s.told, s.standing
    # what is learned of each; nothing of who is no member. Without a branch in the loop over pairs, which nobody could predict
    for j in range(trust.shape[0]):
        gains[j] = 0.0
        losses[j] = 0.0
        hurts[j] = 0.0
    for n in range(count):
        j = party[n]
        kept = delivered[j]
        gains[j] = good if kept else 0.0
        losses[j] = 0.0 if kept else bad
        hurts[j] = 0.0 if kept else hurt
    omega = p.trust_ceiling
    for m in range(count):
        i = party[m]
        learn_of_all(trust[i], grievance[i], gains, losses, hurts, omega)
        trust[i, i] = 0.0
        grievance[i, i] = 0.0


@njit
def settle(s, p):
    """Trust returns slowly to its institutional baseline."""
    trust, base, gap = s.trust, s.base_trust, s.trust_gap
    size = trust.shape[0]
    divide = s.scalars[DIVIDE]
    for i in range(size):
        for j in range(size):
            rest = baseline(base[i, j], gap[i, j], divide)
            trust[i, j] = clip(trust[i, j] + p.trust_return * (rest - trust[i, j]))
        trust[i, i] = 0.0
