r"""Track record of an arena

What an arena has booked together makes it easier to begin again: the flywheel of which Parkstad speaks. A completed initiative
raises the track record of its arena by a share of what is missing to 1, as far as the success is not claimed as personal; it fades
slowly. Rules `commitment` and `delivery` use it. The record at the start is the arena's history (the region's file).

Equation: an initiative is completed
    \mathcal{R}_a' = \mathcal{R}_a + g_R\, v_{\mathrm{joint},a}\, (1 - \mathcal{R}_a), \qquad v_{\mathrm{joint},a} = 1 - e_v\, \nu\, (1 - \mathrm{celebration})
Equation: every quarter
    \mathcal{R}_a' = (1 - r_R)\, \mathcal{R}_a
Symbols:
    \mathcal{R}_a = s.track_record
    v_{\mathrm{joint},a} = share of a success that enters shared memory [share]
    \nu = s.region.negativity; negativity of the undercurrent
    g_R = record_gain
    r_R = record_decay
    e_v = claiming
    \mathrm{celebration} = information.celebration
Source: BRE 2.1 (Parkstad: "een vliegwieleffect dat volgt op het behalen van gemeenschappelijke successen"); BRE 2.3 (successes claimed as
    personal); BRE 4.2.1 (celebrate successes together)
"""

from __future__ import annotations

from bresim.kernel.jit import njit
from bresim.kernel.state import COMPLETED
from bresim.rules.trust import shared_success


@njit
def update_initiative(s, w, p, t, a, k):
    """A completed initiative adds to the track record of its arena."""
    if s.outcome[a, k] == COMPLETED:
        share = shared_success(p.claiming, s.region.negativity, s.institution[a].celebration)
        s.track_record[a] += p.record_gain * share * (1.0 - s.track_record[a])


@njit
def update(s, w, p, t):
    """Track records fade."""
    for a in range(s.track_record.shape[0]):
        s.track_record[a] *= 1.0 - p.record_decay
