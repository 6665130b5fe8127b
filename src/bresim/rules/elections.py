"""Rule: municipal elections
Equation: kappa = parochialism (1 + effect [campaign]); d' = d + jolt U; u' = u + jolt U, U uniform in [-1, 1]
Source: BRE 2.3 (dynamics around elections)
"""

from __future__ import annotations

from bresim.kernel import draws
from bresim.kernel.arithmetic import clip
from bresim.kernel.jit import njit


@njit
def is_campaign(election, t):
    """Whether quarter ``t`` is an election quarter or the one before; ``election`` (T,) bool."""
    return election[t] or (t + 1 < election.shape[0] and election[t + 1])


@njit
def update(s, w, p, t):
    """Campaigns make municipalities look at their own interest; elections move council support and what is urgent."""
    campaign = is_campaign(w.election, t)
    s.region.kappa = clip(s.region.parochialism * (1.0 + (p.campaign_effect if campaign else 0.0)))
    if not w.election[t]:
        return
    themes, size = w.severity.shape
    for i in range(size):
        jolt = 2.0 * draws.uniform(s.key, draws.ELECTION_JOLT, t, i, 0) - 1.0
        s.support[i] = clip(s.support[i] + p.election_jolt * jolt)
    for k in range(themes):  # campaigns put themes on the agenda and take them off
        draw = s.draws_urgency[k]
        draws.fill_once(s.key, draws.ELECTION_URGENCY, t, k, draw, s.drawn)
        for i in range(size):
            s.urgency[k, i] = clip(s.urgency[k, i] + p.urgency_jolt * (2.0 * draw[i] - 1.0))
