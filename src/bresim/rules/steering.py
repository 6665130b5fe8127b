"""Rule: provincial steering
Equation: steering in force = steering (m + (1 - m) stance [intervenes])
Source: BRE 4.2.3 (a stick behind the door; a year without regional agreement; the role must be granted)
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
