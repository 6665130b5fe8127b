"""Rule: starting state
Equation: trust = baseline +- noise; interest = (1 - contention) severity + contention U, blended with the border
Source: BRE 2.1, 2.3, 5.7 (what the region starts from); judgement for the noise
"""

from __future__ import annotations

from bresim.kernel import draws
from bresim.kernel.arithmetic import clip
from bresim.kernel.jit import called, copy_to, njit
from bresim.kernel.state import IDLE, OPEN
from bresim.rules.load import execution_capacity
from bresim.rules.trust import baseline


@njit
def own_interest(severity, contention, border, border_theme, u):
    """Own net stake of a municipality in regional action on a theme, in [0, 1].

    A contested theme scatters interests (BRE 4.1: interests differ per theme); a cross-border theme
    concerns, for half of its stake, who lies on the border.
    """
    stake = (1.0 - contention) * severity + contention * u
    return (1.0 - border_theme) * stake + border_theme * 0.5 * (stake + border)


@njit
def _region(s, p, design, solution, parochialism, cleavage, negativity):
    """The numbers of the region as a whole, and the counts."""
    region = s.region
    region.design = design
    region.solution = solution
    region.slot = 0
    region.last_slot = 0
    region.adopted_quarter = 0
    region.quarters_without_agreement = 0
    region.initiatives = 0
    region.parochialism = parochialism
    region.cleavage = cleavage
    region.negativity = negativity
    region.kappa = parochialism
    region.divide = cleavage
    region.stance = p.stance
    region.steering = 0.0
    region.adopted = False
    region.intervenes = False
    counts = s.counts
    counts.agreements = 0
    counts.deadlocks = 0
    counts.completed = 0
    counts.failed = 0
    counts.imposed = 0
    counts.pledges = 0
    counts.defaults = 0
    counts.quarters_waited = 0
    counts.first_result = -1
    counts.mandatory_due = 0
    counts.mandatory_done = 0


@njit
def _trust(s, w, p):
    """Trust near its institutional baseline, and the grievance of the region's history."""
    size = s.trust.shape[0]
    region = s.region
    for i in range(size):
        draws.fill(s.key, draws.INITIAL_TRUST, 0, i, s.draws_initial)
        for j in range(size):
            s.base_trust[i, j] = (
                p.baseline_trust
                + p.baseline_subregion * w.same_subregion[i, j]
                + p.baseline_contact * w.contact[region.solution, i, j]
            )
            bond = p.subregional_bond * w.same_subregion[i, j]  # neighbours in a subregion are less divided (BRE 2.1)
            s.trust_gap[i, j] = (1.0 - bond) * (
                p.baseline_divide * w.divided[i, j] + p.baseline_rivalry * w.rivals[i, j]
            )
            noise = p.trust_noise * (2.0 * s.draws_initial[j] - 1.0)
            s.trust[i, j] = clip(baseline(s.base_trust[i, j], s.trust_gap[i, j], region.divide) + noise)
            s.grievance[i, j] = p.grievance_start * region.negativity * w.history[i, j]
        s.trust[i, i] = 0.0
        s.grievance[i, i] = 0.0


@njit
def _interest(s, w):
    """Own interest of every municipality, and that of every arena as a whole."""
    themes, size = w.severity.shape
    for k in range(themes):
        draws.fill(s.key, draws.INITIAL_INTEREST, 0, k, s.draws_initial)
        for i in range(size):
            s.interest[k, i] = own_interest(
                w.severity[k, i], w.contention[k], w.border[i], w.border_theme[k], s.draws_initial[i]
            )
    for a in range(w.member.shape[0]):
        for k in range(themes):
            total = 0.0
            people = 0.0
            for i in range(size):
                if w.member[a, i]:
                    total += w.population[i] * w.severity[k, i]
                    people += w.population[i]
            s.arena_interest[a, k] = total / people


@njit
def _capacity(s, w, p):
    """Capacity of every municipality, all of it free."""
    for i in range(s.capacity.shape[0]):
        s.base_capacity[i] = execution_capacity(p.capacity_scale, w.size[i], p.capacity_exponent)
        s.capacity[i] = s.base_capacity[i]
        s.slack[i] = s.capacity[i]
        s.load[i] = 0.0


@njit
def _nothing_yet(s):
    """No initiatives, no shocks, no value, nothing done, and no random draws made."""
    s.drawn[:] = -1  # another key, other draws
    for row in (
        s.recent_results, s.recent_effort, s.used, s.completions, s.pledges, s.shock, s.window, s.pledged, s.defaulted,
    ):  # fmt: skip
        row[:] = 0.0
    s.direct[:] = 0.0
    s.indirect[:] = 0.0
    s.phase[:] = IDLE
    s.outcome[:] = OPEN
    for grid in (s.clock, s.rest, s.progress, s.grant, s.share_done, s.escalation):
        grid[:] = 0.0
    s.committed[:] = False
    s.coerced[:] = False
    s.delivered[:] = False
    s.eligible[:] = False


@called
def reset(s, w, p, key, design, solution, parochialism, cleavage, negativity):
    """Set the state of a run to its start. ``key`` is (3,) uint64; knobs of the undercurrent in [0, 1]."""
    copy_to(s.key, key)
    _nothing_yet(s)
    _region(s, p, design, solution, parochialism, cleavage, negativity)
    _trust(s, w, p)
    _interest(s, w)
    _capacity(s, w, p)
    copy_to(s.urgency, w.severity)
    copy_to(s.support, w.support)
    copy_to(s.acceptance, w.acceptance)
    s.partner[:] = p.partner_start
