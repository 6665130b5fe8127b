"""Rule: trust
Equation: kept: tau' = tau + g seen max(0, 1 - omega rho - tau); default: tau' = tau - lambda g seen tau; tau' += r (baseline - tau)
Source: Slovic 1993 (asymmetry); BRE 2.1 (history, contact), 2.3 (no equal partnership; successes claimed as personal), 4.2.1
"""

from __future__ import annotations

from bresim.kernel.arithmetic import clip, indices_of
from bresim.kernel.jit import njit


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
def transpose_trust(trust, trust_received):
    """Set ``trust_received`` (N, N), trust in j (row) of i, from ``trust`` (N, N) of i (row) in j: sums over j then run in order."""
    for j in range(trust.shape[0]):
        for i in range(trust.shape[0]):
            trust_received[j, i] = trust[i, j]


@njit
def trust_in_others(trust_received, party, count, mean):
    """Set ``mean`` (N,): everyone's trust in the others among the first ``count`` of ``party``; 1/2 where there is no other.

    ``trust_received`` (N, N) is trust in j (row) of i (column), 0 on the diagonal; only the means of municipalities in
    ``party`` are means over others.
    """
    size = trust_received.shape[0]
    for i in range(size):
        mean[i] = 0.0
    for n in range(count):
        row = trust_received[party[n]]
        for i in range(size):
            mean[i] += row[i]
    share = 1.0 / (count - 1.0) if count > 1 else 0.0
    for i in range(size):
        mean[i] = mean[i] * share if count > 1 else 0.5


@njit
def learn_of_all(trust, grievance, gains, losses, omega):
    """Change one member's trust in everyone, (N,), by what it learned of each, (N,)."""
    for j in range(trust.shape[0]):
        risen = after_kept_promise(trust[j], grievance[j], gains[j], omega)
        trust[j] = after_default(risen, losses[j])


@njit
def update_initiative(s, w, p, t, a, k):
    """The members of initiative (a, k) learn from which of them kept their pledge this quarter."""
    share = seen(p.visibility, s.institution[a].monitoring)
    gain = p.trust_gain * share * shared_success(p.claiming, s.region.negativity, s.institution[a].celebration)
    loss = p.trust_gain * p.trust_loss_ratio * share
    trust, grievance, member, delivered = s.trust, s.grievance, s.committed[a, k], s.delivered[a, k]
    gains, losses, party = s.scratch[0], s.scratch[1], s.scratch_index
    count = indices_of(member, party)
    # of municipalities that are no member nothing is learned; no branch in the loop over pairs, which nobody could predict
    for j in range(trust.shape[0]):
        gains[j] = gain if delivered[j] else 0.0
        losses[j] = loss if member[j] & (not delivered[j]) else 0.0
    for m in range(count):
        i = party[m]
        learn_of_all(trust[i], grievance[i], gains, losses, p.trust_ceiling)
        trust[i, i] = 0.0


@njit
def update(s, w, p, t):
    """Trust returns slowly to its institutional baseline."""
    trust, base, gap = s.trust, s.base_trust, s.trust_gap
    size = trust.shape[0]
    divide = s.region.divide
    for i in range(size):
        for j in range(size):
            rest = baseline(base[i, j], gap[i, j], divide)
            trust[i, j] = clip(trust[i, j] + p.trust_return * (rest - trust[i, j]))
        trust[i, i] = 0.0
