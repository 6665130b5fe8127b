r"""Track record of an arena

What an arena has booked together makes it easier to begin again: the flywheel of which Parkstad speaks. A completed
initiative raises the track record of its arena by a share of what is missing to 1, as far as the success is not claimed
as personal; it fades slowly. The record with which an arena begins is its history (the region's file). An arena that a
design opens beside the region's begins with that of the region: the same municipalities.

Equation: an initiative is completed
    \mathcal{R}_a' = \mathcal{R}_a + g_R\, v_{\mathrm{joint},a}\, (1 - \mathcal{R}_a), \qquad v_{\mathrm{joint},a} = 1 - e_v\, \nu\, (1 - \mathrm{celebration})
Equation: every quarter
    \mathcal{R}_a' = (1 - r_R)\, \mathcal{R}_a
Equation: an arena without an institution that holds and with nothing in execution
    \mathcal{R}_a' = \begin{cases} \mathcal{R}_0 & \text{if } a \text{ is the arena of the design} \\ \mathcal{R}_{0,a} & \text{otherwise} \end{cases}
Symbols:
    \mathcal{R}_a = s.track_record
    \mathcal{R}_{0,a} = w.arena_record; record with which the arena begins [share]
    \text{institution that holds} = s.arena_slot
    \text{arena of the design} = w.arena_beside
    \text{in execution} = s.executing
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
from bresim.kernel.state import CLOSED, COMPLETED
from bresim.rules.trust import shared_success


@njit
def update_initiative(s, w, p, t, a, k):
    """A completed initiative adds to the track record of its arena."""
    if s.outcome[a, k] == COMPLETED:
        share = shared_success(p.claiming, s.region.negativity, s.institution[a].celebration)
        s.track_record[a] += p.record_gain * share * (1.0 - s.track_record[a])


@njit
def update(s, w, p, t):
    """Track records fade; an arena that has yet to begin has the one with which it will."""
    for a in range(s.track_record.shape[0]):
        s.track_record[a] *= 1.0 - p.record_decay
        if s.arena_slot[a] == CLOSED and s.executing[a] == 0.0:
            s.track_record[a] = s.track_record[0] if a == w.arena_beside else w.arena_record[a]
