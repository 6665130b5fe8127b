r"""Agreement, deadlock and imposition

How separate commitments become one decision, for every initiative under negotiation. The institution's aggregation rule
is met when enough of the eligible municipalities and of the board have committed, without those that lost their vote
(rule `seats`), and the members reach the least number and the least share of the arena's capacity. The two minima hold
as far as all that are eligible reach them together: where only one municipality is eligible, it can agree alone. Where
the design asks a second decision line, the council of each member then decides on its own means and may refuse, which
keeps its municipality out; those left go on only if the two minima still hold. With dissenters bound (a value of one
half or more) all other eligible municipalities become members against their vote, also those whose own council has just
refused.

Without agreement the negotiation goes on, and the refusals stand. Past patience (after the quarters on form) it ends:
the province imposes it with some chance, in the region only and only while it steers, which binds all eligible
municipalities; else it is a deadlock. A mandate is a stick behind the door: it is used only after a year, or whatever
its patience is, without any agreement in the region (BRE 4.2.3). Without a mandate the province has the legal route
only, which is slow and contested, and its stance decides. What is under negotiation in an arena that has ended lapses, and is no deadlock:
nobody held out. What follows for grievance, acceptance, support, partners, value and the phase of the initiative stands
in those rules.

Equation: the aggregation rule is met if
    \frac{\lvert M_{ak} \cap \mathcal{V}_a\rvert}{\lvert \mathcal{V}_a\rvert} \ge \mathrm{quota}, \quad
    \frac{\lvert M_{ak} \cap B_a\rvert + y_{ak}}{\lvert B_a \cap E_a\rvert + n_a} \ge \mathrm{board\ quota}, \quad
    \lvert M_{ak}\rvert \ge n_{\mathrm{least},a}, \quad
    \frac{\sum_{i \in M_{ak}} c_i}{c_a} \ge c_{\mathrm{least},a}
Equation: the two minima, as far as the eligible reach them together
    n_{\mathrm{least},a} = \min(\mathrm{min\ members},\; \lvert E_a\rvert), \qquad
    c_{\mathrm{least},a} = \min\Bigl(\mathrm{min\ capacity},\; \frac{\sum_{i \in E_a} c_i}{c_a}\Bigr)
Equation: chance that a council refuses
    \Pr(\text{refuse}_{iak}) = \mathrm{council\ ratification}\, \bigl(1 - \sigma(\eta_0 + \eta_d \langle d_i\rangle)\bigr), \qquad i \in M_{ak}
Equation: otherwise, a quarter more under negotiation, which is past patience if
    \vartheta_{ak}' = \vartheta_{ak} + 1 > T_N + \mathrm{form\ quarters}
Equation: past patience, chance of imposition; if not imposed it is a deadlock; chance that the province sees to a promise, see rule `delivery`
    \begin{aligned}
    \Pr(\text{impose}_{ak}) &= \mathrm{imposition}\, \bigl(\mathrm{mandate}\, [n_A \ge T_S + 1] + (1 - \mathrm{mandate})\, e_U\, \psi\, I\bigr)\, [a = 0 \land S_{\mathrm{prov}} > 0] \\
    \Pr(\text{enforce}_{ak}) &= \mathrm{imposition}\, \bigl(\mathrm{mandate} + (1 - \mathrm{mandate})\, e_U\, \psi\, I\bigr)\, [a = 0 \land S_{\mathrm{prov}} > 0]
    \end{aligned}
Equation: members bound against their vote, at an imposition or where dissenters are bound
    M_{\mathrm{c},ak}' = E_a \setminus M_{ak}, \qquad M_{ak}' = M_{ak} \cup E_a \quad \text{if imposed or } \mathrm{binds\ dissenters} \ge \tfrac12
Symbols:
    M_{ak} = s.committed; municipalities committed to the initiative, later its members [set]
    M_{\mathrm{c},ak} = s.coerced; members bound against their vote [set]
    E_a = s.eligible; municipalities eligible in the arena [set]
    \mathcal{V}_a = s.has_vote; municipalities whose vote counts in the arena: the eligible but those that lost it [set]
    B_a = s.board; municipalities on the board of the arena that have their vote; without a board its condition is met [set]
    n_a = seats of partners and province on the board, see rule `mixed_board` [count]
    y_{ak} = those of them that say yes, see rule `mixed_board` [count]
    c_i = s.capacity; execution capacity
    c_a = s.arena_capacity
    n_{\mathrm{least},a} = least number of members that an agreement needs in the arena [count]
    c_{\mathrm{least},a} = least share of the arena's capacity that an agreement needs [share]
    d_i = s.support; council support
    \vartheta_{ak} = s.clock
    S_{\mathrm{prov}} = s.region.steering
    \psi = s.region.stance
    I = s.region.intervenes; whether the province steers without a mandate [0 or 1]
    n_A = s.region.quarters_without_agreement; this one included
    T_S = mandate_patience
    e_U = ungranted_reach
    \eta_0 = ratify_base
    \eta_d = ratify_support
    T_N = patience
    \mathrm{quota} = aggregation.quota
    \mathrm{board\ quota} = aggregation.board_quota
    \mathrm{min\ members} = boundary.min_members
    \mathrm{min\ capacity} = boundary.min_capacity
    \mathrm{council\ ratification} = aggregation.council_ratification
    \mathrm{binds\ dissenters} = aggregation.binds_dissenters
    \mathrm{imposition} = aggregation.imposition
    \mathrm{mandate} = payoff.mandate
    \mathrm{form\ quarters} = scope.form_quarters
Source: Ostrom 2005 (aggregation rules); BRE 4.2.3 (imposition after deadlock); BRE 5.7 (councils); RD 3 (regiegroep, two decision lines)
"""

from __future__ import annotations

from bresim.kernel import draws
from bresim.kernel.arithmetic import around_half
from bresim.kernel.jit import njit
from bresim.kernel.state import AGREED, DEADLOCKED, IMPOSED, LAPSED, OPEN
from bresim.rules.funding import outside_money
from bresim.rules.logit import logistic
from bresim.rules.mixed_board import others_on_board


@njit
def is_agreed(share, quota, board_share, board_quota, members, min_members, capacity_share, min_capacity):
    """Whether the design's aggregation rule is met; shares in [0, 1], counts as numbers."""
    tiny = 1e-9
    return (
        share >= quota - tiny
        and board_share >= board_quota - tiny
        and members >= min_members
        and capacity_share >= min_capacity - tiny
    )


@njit
def ratification(p, support):
    """Chance that a council, asked for its own means, agrees."""
    return logistic(p.ratify_base + p.ratify_support * around_half(support))


@njit
def _tally(s, a, k):
    """(share of votes, municipalities on the board committed, all of these, members, share of capacity)."""
    joined = 0
    votes = 0
    agreeing = 0
    seats = 0
    board_committed = 0
    capacity = 0.0
    fte, eligible, board, committed, has_vote = s.capacity, s.eligible[a], s.board[a], s.committed[a, k], s.has_vote[a]
    for i in range(fte.shape[0]):  # only the eligible are ever committed
        joined += committed[i]
        votes += has_vote[i]
        agreeing += has_vote[i] & committed[i]
        seats += board[i] & eligible[i]
        board_committed += board[i] & committed[i]
    for i in range(fte.shape[0]):  # apart: whole numbers are counted several at once, a sum in its order is not
        capacity += fte[i] * committed[i]
    return (
        agreeing / votes if votes > 0 else 0.0,
        board_committed,
        seats,
        joined,
        capacity / s.arena_capacity[a],
    )


@njit
def _board_share(s, w, t, a, k, board_committed, seats):
    """Share of the board that has committed, partners and province included; without a board nothing is asked of it."""
    if seats == 0:
        return 1.0
    others, agreeing = others_on_board(s, w, t, a, k, outside_money(s, w, a, k))
    return (board_committed + agreeing) / (seats + others)


@njit
def _minima(s, a):
    """(least number of members, least share of capacity) in arena ``a``, as far as all eligible reach them together."""
    institution = s.institution[a]
    capacity = 0.0
    if institution.min_capacity > 0.0:
        for i in range(s.capacity.shape[0]):
            capacity += s.capacity[i] * s.eligible[a, i]
    return (
        min(institution.min_members, float(s.n_invited[a])),
        min(institution.min_capacity, capacity / s.arena_capacity[a]),
    )


@njit
def _ratify(s, p, t, a, k):
    """Second decision line: a council that does not ratify keeps its municipality out (RD 3)."""
    themes = s.phase.shape[1]
    for i in range(s.capacity.shape[0]):
        if s.committed[a, k, i]:
            refuse = s.institution[a].council_ratification * (1.0 - ratification(p, s.support[i]))
            if draws.uniform(s.key, draws.RATIFY, t, a * themes + k, i) < refuse:
                s.committed[a, k, i] = False


@njit
def _agrees(s, w, p, t, a, k):
    """Whether initiative (a, k) is agreed this quarter; with a second decision line councils have their say first."""
    institution = s.institution[a]
    least, least_capacity = _minima(s, a)
    share, board_committed, seats, members, capacity = _tally(s, a, k)
    board = _board_share(s, w, t, a, k, board_committed, seats)
    if not is_agreed(
        share, institution.quota, board, institution.board_quota, members, least, capacity, least_capacity
    ):
        return False
    if institution.council_ratification > 0.0:
        _ratify(s, p, t, a, k)
        share, board_committed, seats, members, capacity = _tally(s, a, k)
    # after ratification fewer may be left: then the remaining ones go on only if the minima hold
    return members >= least and capacity >= least_capacity - 1e-9


@njit
def _bind_the_others(s, a, k):
    """Make members, against their vote, of all eligible municipalities that did not commit."""
    for i in range(s.capacity.shape[0]):
        if s.eligible[a, i] and not s.committed[a, k, i]:
            s.committed[a, k, i] = True
            s.coerced[a, k, i] = True


@njit
def _intervention(s, p, a, mandated):
    """Chance that the province intervenes in the region, while it steers; ``mandated``: whether its mandate is for this case.

    Without a mandate it has the legal route only, which is slow and contested.
    """
    if a != 0 or s.region.steering <= 0.0:
        return 0.0
    mandate = s.institution[a].mandate
    unasked = (1.0 - mandate) * p.ungranted_reach * s.region.stance * s.region.intervenes
    return s.institution[a].imposition * (mandate * mandated + unasked)


@njit
def imposition_chance(s, p, a):
    """Chance that the province imposes what is deadlocked; a mandate is for a region too long without agreement.

    The quarters that passed without one do not hold this one, which is counted already.
    """
    return _intervention(s, p, a, s.region.quarters_without_agreement >= p.mandate_patience + 1.0)


@njit
def enforcement_chance(s, p, a):
    """Chance that the province sees to a promise that was broken again."""
    return _intervention(s, p, a, True)


@njit
def update_initiative(s, w, p, t, a, k):
    """Turn commitments into an agreement, past patience into a deadlock or an imposition, or leave them open."""
    s.outcome[a, k] = OPEN
    if s.n_invited[a] == 0:  # the arena has ended
        s.outcome[a, k] = LAPSED
        return
    if _agrees(s, w, p, t, a, k):
        s.outcome[a, k] = AGREED
        if s.institution[a].binds_dissenters >= 0.5:
            _bind_the_others(s, a, k)
        return
    s.clock[a, k] += 1.0
    if s.clock[a, k] <= p.patience + s.institution[a].form_quarters:
        return
    s.outcome[a, k] = DEADLOCKED
    chance = imposition_chance(s, p, a)
    if chance > 0.0 and draws.uniform(s.key, draws.IMPOSE, t, a, k) < chance:
        s.outcome[a, k] = IMPOSED
        _bind_the_others(s, a, k)
