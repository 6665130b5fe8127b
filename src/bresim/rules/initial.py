"""Rule: starting state
Equation: trust = baseline +- noise; interest = (1 - contention) severity + contention U, blended with the border
Source: BRE 2.1, 2.3, 5.7 (what the region starts from); judgement for the noise
"""

from __future__ import annotations

from bresim.kernel import draws
from bresim.kernel.arithmetic import clip
from bresim.kernel.jit import called, copy_to, njit
from bresim.kernel.state import (
    CLEAVAGE,
    DIVIDE,
    FIRST_RESULT,
    KAPPA,
    NEGATIVITY,
    PAROCHIALISM,
    STANCE,
)
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


@called
def reset(s, w, p, key, design, solution, parochialism, cleavage, negativity):
    """Set the state of a run to its start. ``key`` is (3,) uint64; knobs of the undercurrent in [0, 1]."""
    themes, size = w.severity.shape
    copy_to(s.key, key)
    s.design[0] = design
    s.solution[0] = solution
    s.scalars[:] = 0.0
    s.filled[:] = -1  # another key, other luck
    s.scalars[PAROCHIALISM] = parochialism
    s.scalars[CLEAVAGE] = cleavage
    s.scalars[NEGATIVITY] = negativity
    s.scalars[KAPPA] = parochialism
    s.scalars[DIVIDE] = cleavage
    s.scalars[STANCE] = p.stance
    for i in range(size):
        draws.fill(s.key, draws.INITIAL_TRUST, 0, i, s.luck)
        for j in range(size):
            s.base_trust[i, j] = (
                p.baseline_trust
                + p.baseline_subregion * w.same_subregion[i, j]
                + p.baseline_contact * w.contact[solution, i, j]
            )
            bond = p.subregional_bond * w.same_subregion[i, j]  # neighbours in a subregion are less divided (BRE 2.1)
            s.trust_gap[i, j] = (1.0 - bond) * (
                p.baseline_divide * w.divided[i, j] + p.baseline_rivalry * w.rivals[i, j]
            )
            noise = p.trust_noise * (2.0 * s.luck[j] - 1.0)
            s.trust[i, j] = clip(baseline(s.base_trust[i, j], s.trust_gap[i, j], cleavage) + noise)
            s.grievance[i, j] = p.grievance_start * negativity * w.history[i, j]
        s.trust[i, i] = 0.0
        s.grievance[i, i] = 0.0
    for k in range(themes):
        draws.fill(s.key, draws.INITIAL_INTEREST, 0, k, s.luck)
        for i in range(size):
            s.interest[k, i] = own_interest(
                w.severity[k, i], w.contention[k], w.border[i], w.border_theme[k], s.luck[i]
            )
    for i in range(size):
        s.base_capacity[i] = execution_capacity(p.capacity_scale, w.size[i], p.capacity_exponent)
        s.capacity[i] = s.base_capacity[i]
        s.slack[i] = s.capacity[i]
        s.load[i] = 0.0
    for a in range(w.member.shape[0]):
        for k in range(themes):
            total = 0.0
            people = 0.0
            for i in range(size):
                if w.member[a, i]:
                    total += w.population[i] * w.severity[k, i]
                    people += w.population[i]
            s.arena_interest[a, k] = total / people
    copy_to(s.urgency, w.severity)
    copy_to(s.support, w.support)
    copy_to(s.acceptance, w.acceptance)
    s.partner[:] = p.partner_start
    for array in (s.recent, s.carried, s.used, s.harvest, s.pledges, s.shock, s.window, s.pledged, s.defaulted):
        array[:] = 0.0
    s.direct[:] = 0.0
    s.indirect[:] = 0.0
    s.phase[:] = 0
    for grid in (s.clock, s.rest, s.progress, s.grant, s.share):
        grid[:] = 0.0
    s.committed[:] = False
    s.coerced[:] = False
    s.eligible[:] = False
    s.counts[:] = 0.0
    s.counts[FIRST_RESULT] = -1.0
    s.log_size[0] = 0
