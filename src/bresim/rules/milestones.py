r"""Milestones: promises kept, late and broken

What is promised is milestones, not a share of every quarter. A milestone falls due once in so many quarters of
execution, and when the initiative ends. A member that meant to keep its promise and has given what it promised since
the last milestone, but for a tolerance, has kept it. One that meant to keep it and had not the capacity is late. If it
says so in time, which is more likely with monitoring or a process guide, the delay is no broken promise; if not, it is
one. So is the promise of a member that did not mean to keep it. As far as a member did not give what it promised, and
did not keep its promise, what was done meanwhile was done without it, whether it said so or not, as what was done
before a newcomer joined: it counts and earns for the rest only (rule `value`).

Equation: a milestone is due
    \text{due}_{ak} \iff \vartheta_{\mathrm{M},ak} \ge \mathrm{round}(T_M) \;\lor\; \text{outcome}_{ak} \ne \text{open}
Equation: what became of the promise of a member, at a milestone
    \text{verdict}_{iak}' = \begin{cases}
    \text{kept} & \text{if } i \text{ is willing and } \Theta_{iak} \ge (1 - e_T)\, \mathcal{P}_{iak}\, (\vartheta_{\mathrm{M},ak} - \vartheta_{0,iak}) \\
    \text{delayed} & \text{else, if } i \text{ is willing and } U_{iak} < e_N + (1 - e_N)\, \max(\mathrm{monitoring}, \mathrm{facilitation}) \\
    \text{broken} & \text{otherwise}
    \end{cases} \qquad i \in M_{ak}
Equation: share of the work that was done without a member, as far as it lacked what it promised (if that was something); and whether it had broken the last one too
    \bar p_{0,iak}' = \bar p_{0,iak} + \Bigl(1 - \min\bigl(1,\; \frac{\Theta_{iak}}{\mathcal{P}_{iak}\, (\vartheta_{\mathrm{M},ak} - \vartheta_{0,iak})}\bigr)\Bigr)
    \max\bigl(0,\; \bar p_{ak} - \max(\bar p_{\mathrm{M},ak},\; \bar p_{0,iak})\bigr)
    \quad \text{if } \text{verdict}_{iak}' \ne \text{kept}, \qquad
    i \text{ broke again}' \iff \text{verdict}_{iak} = \text{verdict}_{iak}' = \text{broken}
Equation: after a milestone
    \vartheta_{\mathrm{M},ak}' = 0, \qquad \vartheta_{0,iak}' = 0, \qquad \Theta_{iak}' = 0, \qquad \bar p_{\mathrm{M},ak}' = \bar p_{ak}
Symbols:
    \vartheta_{\mathrm{M},ak} = s.since_milestone
    \vartheta_{0,iak} = s.quarters_before
    \text{verdict}_{iak} = s.verdict
    \text{due}_{ak} = s.due; whether a milestone is due this quarter
    \bar p_{ak} = s.share_done
    \bar p_{\mathrm{M},ak} = s.done_before
    \bar p_{0,iak} = s.missed; share of the work that was done without a member
    i \text{ broke again} = s.broken_again
    \Theta_{iak} = s.given
    M_{ak} = members of the initiative when execution began this quarter: s.members [set]
    \mathcal{P}_{iak} = s.promised
    i \text{ is willing} = s.willing; whether the member means to keep its promise [0 or 1]
    \text{outcome}_{ak} = s.outcome
    T_M = milestone_quarters
    e_T = milestone_tolerance
    e_N = announce
    \mathrm{monitoring} = information.monitoring
    \mathrm{facilitation} = position.facilitation
Source: BRE 4.2.1 (book concrete results; be open about what is not done, so that others are not surprised); BRE 4.1 (agreements are not kept:
    no overview, no insight); RD 3 (year plan and account of each alliance); judgement
"""

from __future__ import annotations

from bresim.kernel import draws
from bresim.kernel.jit import njit
from bresim.kernel.state import BROKEN, DELAYED, KEPT, OPEN


@njit
def has_delivered(given, promised, quarters, tolerance):
    """Whether a member has given what it promised for these quarters, but for the tolerance."""
    return given >= (1.0 - tolerance) * promised * quarters - 1e-9


@njit
def announcing(openness, monitoring, facilitation):
    """Chance that a delay is said in time; monitoring leaves less room to keep silent, a process guide more room to speak."""
    return openness + (1.0 - openness) * max(monitoring, facilitation)


@njit
def lacking(given, promised, quarters):
    """Share of what a member promised for these quarters that it did not give."""
    due = promised * quarters
    return 1.0 - min(1.0, given / due) if due > 0.0 else 0.0


@njit
def without(missed, before, now, lack):
    """Share of the work that was done without a member that ``lack`` of its promise, once this milestone is past.

    ``before`` was done at the last milestone, ``now`` is; a newcomer had ``missed`` more than was done before.
    """
    return missed + lack * max(0.0, now - max(before, missed))


@njit
def update_initiative(s, w, p, t, a, k):
    """At a milestone of initiative (a, k), say which members kept their promise, were late, or broke it."""
    since = s.since_milestone[a, k]
    s.due[a, k] = since >= round(p.milestone_quarters) or s.outcome[a, k] != OPEN
    if not s.due[a, k]:
        return
    cell = a * s.phase.shape[1] + k
    says_so = announcing(p.announce, s.institution[a].monitoring, s.institution[a].facilitation)
    for m in range(s.n_members[a, k]):
        i = s.members[a, k, m]
        quarters = since - s.quarters_before[a, k, i]  # of a newcomer, those since it signed
        broke_before = s.verdict[a, k, i] == BROKEN
        s.verdict[a, k, i] = BROKEN
        if s.willing[a, k, i]:
            if has_delivered(s.given[a, k, i], s.promised[a, k, i], quarters, p.milestone_tolerance):
                s.verdict[a, k, i] = KEPT
            elif draws.uniform(s.key, draws.ANNOUNCE, t, cell, i) < says_so:
                s.verdict[a, k, i] = DELAYED
        s.broken_again[a, k, i] = broke_before and s.verdict[a, k, i] == BROKEN
        if s.verdict[a, k, i] != KEPT:
            lack = lacking(s.given[a, k, i], s.promised[a, k, i], quarters)
            s.missed[a, k, i] = without(s.missed[a, k, i], s.done_before[a, k], s.share_done[a, k], lack)
        s.given[a, k, i] = 0.0
        s.quarters_before[a, k, i] = 0.0
    s.since_milestone[a, k] = 0.0
    s.done_before[a, k] = s.share_done[a, k]
