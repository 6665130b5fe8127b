r"""Starting state

Every run starts with trust near its institutional baseline. The baseline is higher within a subregion, between
municipalities with many collaborations in common (relative to the pair with most), and between two that are in one
arena below the region, by its track record. It is lower across the divide between a centre and the Middengebied and
between two centres, less so within a subregion. The divide starts at the cleavage. Grievance at the start follows the
region's history: relative to its parameter it is 1 across the divide or between two centres, 0.25 within a subregion
and 0.5 otherwise (judgement), times negativity.

The own interest of a municipality in regional action follows severity; a contested theme scatters interests (BRE 4.1),
and a cross-border theme concerns, for half of its stake, a municipality as far as it lies on the national border. The
interest of an arena is its severity, weighed by inhabitants. Urgency starts at severity; support, acceptance and the
track record of every arena as in the region's file; all capacity is free. What is under way at the start is set by rule
`inheritance`. That no value is realised at the start is a convention, since value counts what is made from then on.

Equation: trust
    \tau_{ij} = \mathrm{clip}\bigl(\hat\tau_{ij} + \varepsilon_\tau\, (2 U_{ij} - 1)\bigr), \qquad
    \hat\tau_{ij} = \min\bigl(0.98,\; \max(0.02,\; \theta_{ij} - D\, \delta_{ij} - \omega_B\, \rho_{ij})\bigr)
Equation: baseline without a divide, and what a full divide takes off it
    \theta_{ij} = \theta_0 + \theta_{\mathrm{sub}}\, I_{\mathrm{sub},ij} + \theta_R\, \mathcal{R}_{0,ij} + \theta_{\mathrm{con}}\, I_{\mathrm{con},ij}, \qquad
    \delta_{ij} = (1 - \zeta\, I_{\mathrm{sub},ij})\, (\delta_{\mathrm{div}}\, I_{\mathrm{div},ij} + \delta_{\mathrm{riv}}\, I_{\mathrm{riv},ij})
Equation: grievance
    \rho_{ij} = \rho_0\, \nu\, I_{\mathrm{his},ij}
Equation: own interest, and interest of an arena
    z_{ik} = (1 - \upsilon_k)\, \tilde z_{ik} + \tfrac12\, \upsilon_k\, (\tilde z_{ik} + \upsilon_i), \qquad
    \tilde z_{ik} = (1 - \varepsilon_k)\, S_{ik} + \varepsilon_k\, U_{ik}, \qquad
    \bar z_{ak} = \frac{\sum_{i \in N_a} n_i\, S_{ik}}{\sum_{i \in N_a} n_i}
Equation: capacity, divide, stance, trust of partners, and the rest
    c_{0,i} = c_i = f_i = c_1\, \Pi_i^{\,\gamma}, \qquad D = \Gamma, \qquad \psi = \psi_0, \qquad P_e = P_0, \qquad
    u_{ik} = S_{ik}, \qquad d_i = d_{0,i}, \qquad \alpha_i = \alpha_{0,i}, \qquad \mathcal{R}_a = \mathcal{R}_{0,a}, \qquad \varsigma_i = \Pi_i^{\,\varepsilon_n}
Symbols:
    \tau_{ij} = s.trust; trust of i in j
    \hat\tau_{ij} = institutional baseline of trust, see rule `trust` [share]
    \theta_{ij} = s.base_trust
    \delta_{ij} = s.trust_gap
    \rho_{ij} = s.grievance; grievance of i against j
    z_{ik} = s.interest; own net stake in regional action on the theme
    \tilde z_{ik} = stake without the border [share]
    \bar z_{ak} = s.arena_interest; interest of the arena as a whole
    c_{0,i} = s.base_capacity
    c_i = s.capacity; execution capacity
    f_i = s.slack; slack
    u_{ik} = s.urgency; urgency
    d_i = s.support; council support
    \alpha_i = s.acceptance; acceptance of provincial steering
    P_e = s.partner; trust of economic or societal partners
    D = s.region.divide
    \Gamma = s.region.cleavage; cleavage of the undercurrent
    \nu = s.region.negativity; negativity of the undercurrent
    \psi = s.region.stance
    I_{\mathrm{sub},ij} = w.same_subregion; both are in the same subregion [0 or 1]
    I_{\mathrm{con},ij} = w.contact; collaborations that the two have in common, relative to the pair with most
    I_{\mathrm{div},ij} = w.divided; one is a centre, the other in the Middengebied [0 or 1]
    I_{\mathrm{riv},ij} = w.rivals; both are centres [0 or 1]
    I_{\mathrm{his},ij} = w.history
    S_{ik} = w.severity; severity of the theme at home
    \varepsilon_k = w.contention; how contested the theme is
    \upsilon_k = w.border_theme; how far the theme is a cross-border one
    \upsilon_i = w.border
    n_i = w.population
    N_a = w.member; municipalities of the arena [set]
    \Pi_i = w.size; inhabitants / 10,000 [10,000 inhabitants]
    d_{0,i} = w.support; council support at the start
    \alpha_{0,i} = w.acceptance; acceptance at the start
    \mathcal{R}_a = s.track_record
    \mathcal{R}_{0,a} = w.arena_record; track record at the start
    \varsigma_i = s.meeting_size
    \varepsilon_n = collaboration_exponent
    \omega_B = trust_grievance
    \theta_0 = baseline_trust
    \theta_{\mathrm{sub}} = baseline_subregion
    \theta_R = baseline_record
    \mathcal{R}_{0,ij} = w.pair_record
    \theta_{\mathrm{con}} = baseline_contact
    \delta_{\mathrm{div}} = baseline_divide
    \delta_{\mathrm{riv}} = baseline_rivalry
    \zeta = subregional_bond
    \varepsilon_\tau = trust_noise
    \rho_0 = grievance_start
    c_1 = capacity_scale
    \gamma = capacity_exponent
    \psi_0 = p.stance
    P_0 = partner_start
Source: BRE 2.1, 2.3, 5.7 (what the region starts from); BRE 4.1 (interests differ per theme); judgement (noise, history)
"""

from __future__ import annotations

from bresim.kernel import draws
from bresim.kernel.arithmetic import clip
from bresim.kernel.jit import called, copy_to, njit, within_caller
from bresim.kernel.state import CLOSED, IDLE, NO_ROW, NO_VOTE, OPEN, OUTSIDE
from bresim.rules.load import execution_capacity
from bresim.rules.trust import baseline


@njit
def own_interest(severity, contention, border, border_theme, u):
    """Own net stake of a municipality in regional action on a theme, in [0, 1].

    A contested theme scatters interests (BRE 4.1: interests differ per theme); a cross-border theme
    concerns, for half of its stake, municipalities on the border.
    """
    stake = (1.0 - contention) * severity + contention * u
    return (1.0 - border_theme) * stake + border_theme * 0.5 * (stake + border)


@within_caller
def _region(s, p, design, solution, parochialism, cleavage, negativity):
    """The numbers of the region as a whole, and the counts."""
    region = s.region
    region.design = design
    region.solution = solution
    region.slot = 0
    region.last_slot = 0
    region.adopted_quarter = 0
    region.dissolved_quarter = 0
    region.since = 0
    region.last_result = 0
    region.question = NO_VOTE
    region.refusals = 0
    region.agreed = 0
    region.agreed_before = 0
    region.quarters_without_agreement = 0
    region.initiatives = 0
    region.happened = 0
    region.parochialism = parochialism
    region.cleavage = cleavage
    region.negativity = negativity
    region.kappa = parochialism
    region.divide = cleavage
    region.stance = p.stance
    region.steering = 0.0
    region.acts = 0.0
    region.binding_own = 0.0
    region.binding_supplied = 0.0
    region.turned = False
    region.refused = 0.0
    region.at_once = False
    region.adopted = False
    region.carried = False
    region.ended = False
    region.dissolved = False
    region.followed = False
    region.intervenes = False
    counts = s.counts
    counts.agreements = 0
    counts.deadlocks = 0
    counts.completed = 0
    counts.failed = 0
    counts.imposed = 0
    counts.enforced = 0
    counts.pledges = 0
    counts.delays = 0
    counts.defaults = 0
    counts.quarters_waited = 0
    counts.first_result = -1
    counts.mandatory_due = 0
    counts.mandatory_done = 0


@within_caller
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
                + p.baseline_record * w.pair_record[i, j]
                + p.baseline_contact * w.contact[region.solution, i, j]
            )
            bond = p.subregional_bond * w.same_subregion[i, j]  # neighbours in a subregion are less divided (BRE 2.1)
            s.trust_gap[i, j] = (1.0 - bond) * (
                p.baseline_divide * w.divided[i, j] + p.baseline_rivalry * w.rivals[i, j]
            )
            noise = p.trust_noise * (2.0 * s.draws_initial[j] - 1.0)
            s.grievance[i, j] = p.grievance_start * region.negativity * w.history[i, j]
            rest = baseline(s.base_trust[i, j], s.trust_gap[i, j], region.divide, p.trust_grievance, s.grievance[i, j])
            s.trust[i, j] = clip(rest + noise)
        s.trust[i, i] = 0.0
        s.grievance[i, i] = 0.0


@within_caller
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


@within_caller
def _capacity(s, w, p):
    """Capacity of every municipality, all of it free."""
    for i in range(s.capacity.shape[0]):
        s.base_capacity[i] = execution_capacity(p.capacity_scale, w.size[i], p.capacity_exponent)
        s.capacity[i] = s.base_capacity[i]
        s.meeting_size[i] = execution_capacity(1.0, w.size[i], p.collaboration_exponent)
        s.slack[i] = s.capacity[i]
        s.load[i] = 0.0


@within_caller
def _nothing_yet(s):
    """No initiatives, no shocks, no value, nothing done, and no random draws made."""
    s.drawn[:] = -1  # another key, other draws
    for row in (
        s.thinned, s.merged, s.diversity, s.recent_results, s.recent_effort, s.used, s.completions, s.signed, s.shock, s.window, s.agreements, s.pledged,
        s.delayed, s.defaulted,
    ):  # fmt: skip
        row[:] = 0.0
    s.spent[:] = 0.0
    s.direct[:] = 0.0
    s.indirect[:] = 0.0
    s.phase[:] = IDLE
    s.outcome[:] = OPEN
    for grid in (
        s.clock, s.rest, s.work, s.progress, s.grant, s.applied, s.taken, s.share_done, s.escalation, s.since_milestone, s.done_before,
        s.agreed_binding, s.agreed_supplied, s.agreed_exit_cost, s.agreed_sanction, s.agreed_ratified, s.agreed_cost_sharing,
        s.agreed_opt_out, s.agreed_autonomy,
    ):  # fmt: skip
        grid[:] = 0.0
    for cube in (s.promised, s.given, s.quarters_before, s.offer):
        cube[:] = 0.0
    s.missed[:] = OUTSIDE
    s.committed[:] = False
    s.in_work[:] = False
    s.coerced[:] = False
    s.willing[:] = False
    s.due[:] = False
    s.executing[:] = 0.0
    s.involvement[:] = 0.0
    s.enforced[:] = False
    s.broken_again[:] = False
    s.service_fte[:] = 0.0
    s.staffed[:] = 1.0
    s.arena_pool[:] = 0.0
    s.eligible[:] = False
    s.held_content[:] = CLOSED
    s.vote_back[:] = 0
    s.has_vote[:] = False
    s.seated[:] = False
    s.in_scope[:] = False
    s.n_invited[:] = 0
    s.arena_slot[:] = CLOSED
    s.institution_values[:] = 0.0
    s.log_row[:] = NO_ROW


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
    copy_to(s.track_record, w.arena_record)
    s.partner[:] = p.partner_start
