r"""Trust between municipalities

Trust has two layers. The first reacts. At a milestone the members of an initiative learn which of the others kept their
promise, as far as they see it (more with monitoring). A kept promise raises trust towards a ceiling that grievance
lowers, and never lowers it; part of a success is claimed as personal instead, more with negativity and less where
successes are celebrated together. A broken promise takes a larger share of trust than a kept one takes of what is left
to gain (Slovic 1993). A delay that was announced teaches nothing. What is completed or fails together counts as well
(rule `joint_result`). Nothing is learned of municipalities that are no member.

The second layer is institutional: every quarter trust returns slowly to a baseline between the two municipalities,
which is lower across the divide and where there is grievance, also if it is only retold, and higher between
municipalities whose councils are involved, as these then meet. The baseline is never quite 0 or 1, so that no value of
trust is absorbing. Multiplying trust down without such a return was not done: trust that has reached 0 would then stay
there.

Equation: a promise that is kept, and one that is broken, when a milestone is due, for every two members i and j of an initiative
    \tau_{ij}' = \tau_{ij} + g\, v_a\, v_{\mathrm{joint},a}\, \max\bigl(0,\; 1 - \omega\, \rho_{ij} - \tau_{ij}\bigr)\ (j \text{ kept}), \qquad
    \tau_{ij}' = \tau_{ij}\, \bigl(1 - \min(1,\; \lambda\, g\, v_a)\bigr)\ (j \text{ broke})
Equation: share of promises that the others see, and share of a success that is not claimed as personal
    v_a = v_0 + (1 - v_0)\, \mathrm{monitoring}, \qquad v_{\mathrm{joint},a} = 1 - e_v\, \nu\, (1 - \mathrm{celebration})
Equation: return to the baseline, every quarter for every two municipalities
    \tau_{ij}' = \mathrm{clip}\bigl(\tau_{ij} + r_\tau\, (\hat\tau_{ij} - \tau_{ij})\bigr), \qquad
    \hat\tau_{ij} = \min\bigl(0.98,\; \max(0.02,\; \theta_{ij} - D\, \delta_{ij} - \omega_B\, \rho_{ij} + \theta_Y\, \min(Y_i, Y_j))\bigr)
Symbols:
    \tau_{ij} = s.trust; trust of i in j
    \rho_{ij} = s.grievance; grievance of i against j
    j \text{ kept} = s.verdict; what became of the promise of a member [verdict]
    \text{due}_{ak} = s.due; whether a milestone is due this quarter
    v_a = share of promises, kept or broken, that the others see [share]
    v_{\mathrm{joint},a} = share of a success that enters shared memory [share]
    \hat\tau_{ij} = institutional baseline of trust [share]
    \theta_{ij} = s.base_trust
    \delta_{ij} = s.trust_gap
    D = s.region.divide
    \nu = s.region.negativity; negativity of the undercurrent
    g = trust_gain
    \lambda = trust_loss_ratio
    \omega = trust_ceiling
    \omega_B = trust_grievance
    \theta_Y = trust_councils
    Y_i = s.involvement
    r_\tau = trust_return
    v_0 = visibility
    e_v = claiming
    \mathrm{monitoring} = information.monitoring
    \mathrm{celebration} = information.celebration
Source: Slovic 1993 (asymmetry); BRE 4.2.1 (trust grows by starting small and booking results; contact between councils); Boogers, Denters
    & Sanders 2015 (councils involved: more trust); BRE 2.1 (history, contact); BRE 2.3 (no equal
    partnership; bad examples repeated; successes claimed as personal); BRE 3 (no overview), 4.2.1
"""

from __future__ import annotations

from bresim.kernel.arithmetic import clip
from bresim.kernel.jit import njit
from bresim.kernel.state import BROKEN, KEPT


@njit
def baseline(base, gap, divide, weight, grievance):
    """Institutional trust between two municipalities: lower across a divide and with grievance; never quite 0 or 1."""
    return min(max(base - divide * gap - weight * grievance, 0.02), 0.98)


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
    """Trust after a broken promise, ``loss`` = trust_gain x trust_loss_ratio x share seen; never below 0."""
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
def _learn_from_promises(s, p, a, k):
    """At a milestone the members learn of each other what became of their promises."""
    share = seen(p.visibility, s.institution[a].monitoring)
    gain = p.trust_gain * share * shared_success(p.claiming, s.region.negativity, s.institution[a].celebration)
    loss = p.trust_gain * p.trust_loss_ratio * share
    trust, grievance, verdict = s.trust, s.grievance, s.verdict[a, k]
    members, count, gains, losses = s.members[a, k], s.n_members[a, k], s.scratch[0], s.scratch[1]
    for j in range(trust.shape[0]):  # of municipalities that are no member nothing is learned
        gains[j] = 0.0
        losses[j] = 0.0
    for m in range(count):
        j = members[m]
        gains[j] = gain if verdict[j] == KEPT else 0.0
        losses[j] = loss if verdict[j] == BROKEN else 0.0
    for m in range(count):
        i = members[m]
        learn_of_all(trust[i], grievance[i], gains, losses, p.trust_ceiling)
        trust[i, i] = 0.0


@njit
def update_initiative(s, w, p, t, a, k):
    """The members of initiative (a, k) learn of each other at a milestone."""
    if s.due[a, k]:
        _learn_from_promises(s, p, a, k)


@njit
def update(s, w, p, t):
    """Trust returns slowly to its institutional baseline."""
    trust, base, gap, grievance = s.trust, s.base_trust, s.trust_gap, s.grievance
    size = trust.shape[0]
    divide = s.region.divide
    for i in range(size):
        for j in range(size):
            met = base[i, j] + p.trust_councils * min(s.involvement[i], s.involvement[j])
            rest = baseline(met, gap[i, j], divide, p.trust_grievance, grievance[i, j])
            trust[i, j] = clip(trust[i, j] + p.trust_return * (rest - trust[i, j]))
        trust[i, i] = 0.0
