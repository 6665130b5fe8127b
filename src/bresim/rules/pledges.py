"""Rule: pledges
Equation: slack per pledge = slack / (capacity max(1, pledges)); offer = slack (1 - home_first kappa') / max(1, pledges)
Source: BRE 2.3 (parochialism), 5.6; RD 3 (the outer ring helps ad hoc)
"""

from __future__ import annotations

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
    """Set ``s.executing`` and ``s.pledges``: initiatives in execution, of each arena and of each municipality as a member."""
    arenas, themes, size = s.committed.shape
    pledges = s.pledges
    pledges[:] = 0.0
    for a in range(arenas):
        s.executing[a] = 0.0
        for k in range(themes):
            if s.phase[a, k] == EXECUTING:
                s.executing[a] += 1.0
                member = s.committed[a, k]
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
