r"""Pledges

Each member of an initiative in execution has pledged to work on it. At the start of execution every municipality's slack is divided equally over
its pledges, also those of agreements made this quarter: no municipality gives its slack twice, and what one initiative takes does not depend
on the order of themes. A parochial municipality keeps part of its slack at home; within the own subregion it is less parochial (rule
`commitment`). What is kept at home is the room that a lead municipality has to take over work from others.

Where the institution has an outer ring (RD 3), a municipality that is a member of none of the arena's initiatives in execution helps each of them
ad hoc, with part of the slack that no pledge has a claim on: what it is ready to use for regional work if it has no pledge anywhere, else what its
pledges left for home.

Equation: at the start of execution
    Q_i' = 0, \qquad n_{\mathrm{done},i}' = 0
Equation: free share of capacity for each pledge
    \bar f_i = \frac{f_i}{c_i\, \max(1, J_i)}
Equation: fte for each initiative of the arena on which the municipality delivers, and its room on top as a lead
    O_{ai} = \frac{f_i\, (1 - e_H \kappa_a)}{\max(1, J_i)}, \qquad O_{\mathrm{lead},ai} = \frac{f_i}{\max(1, J_i)} - O_{ai}
Equation: fte of ad hoc help to each initiative of the arena
    O_{\mathrm{ring},ai} = \frac{\mathrm{outer\ ring}\; e_R}{J_a}\; [i \notin M_{ak} \text{ for all } k \text{ in execution}]\;
    \begin{cases} f_i\, (1 - e_H \kappa_a) & \text{if } J_i = 0 \\ f_i\, e_H \kappa_a & \text{otherwise} \end{cases}
Equation: parochialism in the arena
    \kappa_a = \begin{cases} \kappa & \text{if } a \text{ is regional} \\ \kappa\, (1 - \zeta) & \text{if } a \text{ is a subregion} \end{cases}
Symbols:
    f_i = s.slack; slack
    c_i = s.capacity; execution capacity
    M_{ak} = s.committed; municipalities committed to the initiative, later its members [set]
    J_i = s.pledges; initiatives in execution, of all arenas, of which the municipality is a member [count]
    J_a = s.executing; initiatives of the arena in execution [count]
    \bar f_i = s.slack_per_pledge
    O_{ai} = s.offer
    O_{\mathrm{lead},ai} = s.lead_room
    O_{\mathrm{ring},ai} = s.ad_hoc
    Q_i = s.used
    n_{\mathrm{done},i} = s.completions
    \kappa = s.region.kappa
    \kappa_a = parochialism in the arena [share]
    e_H = home_first
    e_R = ad_hoc_effort
    \zeta = subregional_bond
    \mathrm{outer\ ring} = boundary.outer_ring
Source: BRE 2.3 (parochialism); BRE 5.6; RD 3 (the outer ring helps ad hoc); judgement
"""

from __future__ import annotations

from bresim.kernel.arithmetic import indices_of
from bresim.kernel.jit import njit
from bresim.kernel.state import EXECUTING, REGIONAL
from bresim.rules.commitment import parochialism_in


@njit
def available(slack, home_first, kappa):
    """Slack in fte that a municipality is ready to use for regional work."""
    return slack * (1.0 - home_first * kappa)


@njit
def unpromised(slack, home_first, kappa, pledges):
    """Slack in fte that no pledge has a claim on: what is ready for regional work, or what pledges left for home."""
    ready = available(slack, home_first, kappa)
    return ready if pledges == 0.0 else slack - ready


@njit
def _count(s):
    """List the members of every initiative in execution; count these by arena, and by municipality as its pledges."""
    arenas, themes, size = s.committed.shape
    pledges = s.pledges
    pledges[:] = 0.0
    for a in range(arenas):
        s.executing[a] = 0.0
        for k in range(themes):
            if s.phase[a, k] == EXECUTING:
                s.executing[a] += 1.0
                member = s.committed[a, k]
                s.n_members[a, k] = indices_of(member, s.members[a, k])
                for i in range(size):
                    pledges[i] += member[i]


@njit
def _offer(s, w, p, a):
    """Set what each municipality has for each initiative of arena ``a`` that it delivers on, as a member and as a lead."""
    kappa = parochialism_in(s.region.kappa, p.subregional_bond, w.arena_scale[a] == REGIONAL)
    slack, pledges, offer, lead_room = s.slack, s.pledges, s.offer[a], s.lead_room[a]
    for i in range(slack.shape[0]):
        share = 1.0 / max(1.0, pledges[i])
        offer[i] = available(slack[i], p.home_first, kappa) * share
        lead_room[i] = slack[i] * share - offer[i]


@njit
def _offer_ad_hoc(s, w, p, a):
    """Set what each municipality in none of the initiatives of arena ``a`` gives to each of them, if there is an outer ring."""
    ring = s.institution[a].outer_ring
    if ring == 0.0:
        return
    kappa = parochialism_in(s.region.kappa, p.subregional_bond, w.arena_scale[a] == REGIONAL)
    slack, pledges, ad_hoc = s.slack, s.pledges, s.ad_hoc[a]
    size = slack.shape[0]
    for i in range(size):
        ad_hoc[i] = ring * p.ad_hoc_effort * unpromised(slack[i], p.home_first, kappa, pledges[i])
    for k in range(s.phase.shape[1]):
        if s.phase[a, k] == EXECUTING:
            for i in range(size):
                ad_hoc[i] *= not s.committed[a, k, i]
    for i in range(size):
        ad_hoc[i] /= s.executing[a]


@njit
def update(s, w, p, t):
    """Divide everyone's slack over its pledges, also those made this quarter: no municipality gives its slack twice."""
    s.used[:] = 0.0
    s.completions[:] = 0.0
    _count(s)
    slack, capacity, pledges, free = s.slack, s.capacity, s.pledges, s.slack_per_pledge
    for i in range(slack.shape[0]):
        free[i] = slack[i] / (capacity[i] * max(1.0, pledges[i]))
    for a in range(s.phase.shape[0]):
        if s.executing[a] > 0.0:
            _offer(s, w, p, a)
            _offer_ad_hoc(s, w, p, a)
