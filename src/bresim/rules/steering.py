r"""Provincial steering

The strength with which the province steers in the region this quarter: the shadow of hierarchy. With a granted mandate
it is in force at once; a full mandate obliges the province, so that its own stance plays no part. Without a mandate the
province intervenes only once a number of quarters has passed without a regional agreement, counted from policy start,
and then as far as its stance goes. It goes on, even when an agreement follows, until the next provincial elections
bring another executive; if the quarters without agreement are then still too many, it begins again. An agreement or an
imposition in the region sets the count back to 0. Its stance is that of the quarter before: rule `stance` runs later in
the quarter.

Equation: whether the province intervenes, once a quarter
    I' = \bigl[\, n_A \ge T_S \;\lor\; (I \land \lnot Z_t) \,\bigr]
Equation: steering in force
    S_{\mathrm{prov}} = \mathrm{steering}\,\bigl(\mathrm{mandate} + (1 - \mathrm{mandate})\, \psi\, I'\bigr)
Equation: quarters without regional agreement: in each quarter once steering is set, and after an agreement or imposition in the region
    n_A' = n_A + [t \ge t_P], \qquad n_A' = 0
Symbols:
    S_{\mathrm{prov}} = s.region.steering
    I = s.region.intervenes; whether the province steers without a mandate [0 or 1]
    n_A = s.region.quarters_without_agreement
    T_S = mandate_patience
    Z_t = w.provincial_election; there is a provincial election [0 or 1]
    \psi = s.region.stance
    t_P = w.policy_start; quarter of the policy start [quarter]
    \mathrm{steering} = payoff.steering
    \mathrm{mandate} = payoff.mandate
Source: BRE 4.2.3 ("stok achter de deur"; a year without regional agreement; the role must be granted); Scharpf 1997
"""

from __future__ import annotations

from bresim.kernel.jit import njit
from bresim.kernel.state import AGREED, IMPOSED
from bresim.rules.acceptance import backing


@njit
def steering_in_force(steering, mandate, stance, intervenes):
    """Strength of provincial steering now: a mandate obliges the province; without one its stance decides, once it intervenes."""
    return steering * backing(mandate, stance * intervenes)


@njit
def update_initiative(s, w, p, t, a, k):
    """A regional agreement takes away the reason to intervene."""
    if a == 0 and (s.outcome[a, k] == AGREED or s.outcome[a, k] == IMPOSED):
        s.region.quarters_without_agreement = 0


@njit
def update(s, w, p, t):
    """Set provincial steering: at once with a mandate, else once too many quarters have passed without regional agreement.

    An intervention without mandate ends with the provincial elections, which bring another executive.
    """
    region, institution = s.region, s.institution[0]
    if w.provincial_election[t]:
        region.intervenes = False
    if region.quarters_without_agreement >= p.mandate_patience:
        region.intervenes = True
    region.steering = steering_in_force(institution.steering, institution.mandate, region.stance, region.intervenes)
    if t >= w.policy_start:
        region.quarters_without_agreement += 1
