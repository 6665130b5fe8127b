r"""Municipal elections

Campaigns make municipalities look at their own interest in an election quarter and the one before. An election jolts
the support of every council, and the urgency of every theme in every municipality, each by a draw of its own: campaigns
put themes on the agenda and take them off. Aldermen change by rule `turnover`.

Equation: parochialism that counts this quarter
    \kappa = \mathrm{clip}\bigl(\kappa_0\, (1 + e_\kappa\, [Z_t \lor Z_{t+1}])\bigr)
Equation: council support and urgency, at an election
    d_i' = \mathrm{clip}\bigl(d_i + j_d\, (2 U_i - 1)\bigr), \qquad u_{ik}' = \mathrm{clip}\bigl(u_{ik} + j_u\, (2 U_{ik} - 1)\bigr)
Symbols:
    \kappa = s.region.kappa
    \kappa_0 = s.region.parochialism; parochialism of the undercurrent
    Z_t = w.election; there are municipal elections [0 or 1]
    d_i = s.support; council support
    u_{ik} = s.urgency; urgency
    e_\kappa = campaign_effect
    j_d = election_jolt
    j_u = urgency_jolt
Source: BRE 2.3 (dynamics around elections); judgement
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
