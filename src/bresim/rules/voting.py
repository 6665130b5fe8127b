r"""Votes on what holds in the region

In a quarter at most one question is put to the vote of the municipalities that are eligible under the institution it is
about. As long as the status quo holds it is whether to found the design or, once the design's term is over, its
successor: at once, and then once in so many quarters. No vote is needed with quota 0, or in a run with
`founding=at_once`. The vote is taken before the events of the quarter: windows, urgency, support and the divide are as
the quarter before left them. What was founded can be dissolved if municipalities themselves put people or money in it:
it was founded by a vote, or would have been, or pools staff, and it is not the province that supplies it. Members or
councils that see no results put that to the vote: once so many quarters have passed without a completed regional
initiative since the design was built up, and then again once in so many quarters. More than half of the votes dissolve
it, whatever the quota was.

A municipality says yes to founding with a chance that rises with its trust in the other eligible municipalities, the
support of its council, its regional orientation, and what it expects of it: how urgent the themes in the design's scope
are, how far they are of interest to it (a parochial municipality does not count what lands elsewhere), and the money in
sight. Money in sight is the funding window that is open, or what the design's lobby may bring where that is more, with
provincial co-funding and programme money. The chance falls with the autonomy that the municipality gives up, with
unequal say, and with the memory of an earlier no. The same reasons, turned around, make a municipality vote to
dissolve; to these come years without results and what the pool costs it, and against it stand what the region has
completed together and what leaving costs. An organisation that has been judged by its results is thus kept by trust and
results, not by its form.

The loss of autonomy weighs as far as a municipality is parochial. It is the mean of three parts: how binding agreements
are, pooled capacity (a tenth of capacity pooled counts as much as full binding: judgement) and provincial steering. A
municipality that does not supply the pool, because only the board does, loses nothing by it, and it costs it nothing.
Unequal say counts only for a municipality that would not be heard (as in rule `board`, with the fixed seats), for half
where there is no divide and in full where the divide is full. The province is no member: a role that was granted to it
is meant to be inescapable ("onontkoombare afspraken"), and how it ends is its own matter (rule `steering`).

Equation: question of the quarter; of the first case that holds
    \text{question}_t = \begin{cases}
    \text{none} & \text{if } t < t_P \\
    \text{dissolve} & \text{if } X \text{ holds, its term is not over, it can be dissolved, } Q \ge T_D \text{ and } (Q - T_D) \bmod T_A = 0 \\
    \text{succeed} & \text{if } \mathrm{term} > 0,\ t - t_X \ge \mathrm{term} \text{ for the first time, } S \text{, and the successor needs a vote} \\
    \text{found or succeed} & \text{if the status quo holds, } X \text{ is the design or } S, X \text{ needs a vote: } F = 0,\ \mathrm{adoption\ quota} > 0, \text{ and } (t - t_X) \bmod T_A = 0 \\
    \text{none} & \text{otherwise}
    \end{cases}
Equation: what can be dissolved, and quarters without results (T_A and T_D in whole quarters)
    \mathrm{services\ by} \ne \text{province} \land (\mathrm{adoption\ quota} > 0 \lor \mathrm{pooled\ capacity} > 0), \qquad
    Q = t - \max(t_X + \mathrm{setup},\; t_{\mathrm{res}})
Equation: a yes to founding (first) and to dissolving (second)
    \Pr(\text{yes}_i) = \sigma\bigl(A_0 + V_i - A_R\, \mathcal{N}\bigr), \qquad
    \Pr(\text{yes}_i) = \sigma\Bigl(D_0 - V_i + D_y \frac{Q - T_D}{4} - D_R\, \mathcal{R}_V + D_c\, b_i - D_x\, \mathrm{exit\ cost}\Bigr), \qquad i \in E
Equation: reasons
    \begin{aligned}
    V_i = {} & A_\tau \langle\bar\tau_i\rangle + A_d\, C_i \langle d_i\rangle + A_o \langle o_i\rangle + A_u \langle\bar u_i\rangle
    + A_z \langle\hat z_i\rangle + A_m\, \bar m \\
    & - A_\Delta\, \kappa\, \Delta_i - A_s\, s_i\, (\tfrac12 + \tfrac12 D)
    \end{aligned}
Equation: mean trust in the other eligible municipalities (1/2 where there is no other), and weight of a council
    \bar\tau_i = \frac{1}{\lvert E\rvert - 1} \sum_{j \in E,\, j \ne i} \tau_{ij}, \qquad C_i = 1 + e_d \langle L_i\rangle
Equation: urgency of, and effective interest in, the themes in scope, the latter as in rule `interest`
    \bar u_i = \frac{1}{\lvert K\rvert} \sum_{k \in K} u_{ik}, \qquad
    \hat z_i = \frac{1}{\lvert K\rvert} \sum_{k \in K} \tilde z_{ik}, \qquad
    \tilde z_{ik} = \tilde z(z_{ik}, \bar z_{ak}, \kappa, e_z), \quad a \text{ the region}
Equation: money in sight
    \bar m = \frac{1}{\lvert K\rvert} \sum_{k \in K} \mathrm{clip}\bigl(\max(W_{ak},\; F_W'\, \mathrm{lobby}\; \pi_k) + \mathrm{cofunding}\; \beta
    + F_W'\, \mathrm{programme\ money}\bigr), \qquad
    F_W' = \min(1, F_W), \quad \beta = \mathrm{mandate} + (1 - \mathrm{mandate})\, \psi
Equation: loss of autonomy, and what the pool costs; 1 for a municipality that supplies the pool
    \Delta_i = \tfrac13 \bigl(\mathrm{binding} + \mathrm{steering} + b_i\bigr), \qquad
    b_i = \min(1,\; 10\, \mathrm{pooled\ capacity})\, [i \in B \lor \mathrm{pooled\ by} \ne \text{board}]
Equation: unequal say
    s_i = (1 - \mathrm{equal\ say})(1 - e_s\, \mathrm{sounding\ board})\, [i \notin \mathcal{H}]
Equation: the vote is carried
    Y \ge \mathrm{adoption\ quota}\, \lvert E\rvert \land Y \ge \min(\mathrm{min\ members},\, \lvert E\rvert) \land Y > 0
    \quad \text{(found)}, \qquad 2\, Y > \lvert E\rvert \quad \text{(dissolve)}
Symbols:
    \text{question}_t = s.region.question
    X = institution that the vote is about: the design or, after its term, its successor: s.region.ended, successor [name]
    t_X = s.region.since; from then on X holds, or the status quo does [quarter]
    Q = quarters without results [quarters]
    t_{\mathrm{res}} = s.region.last_result
    F = s.region.at_once
    \mathcal{N} = s.region.refused
    \mathcal{R}_V = s.track_record; of the arena in which the institution holds, see rule `adoption` [share]
    V_i = reasons for what is proposed, or for what there is [logit]
    A_0 = adopt_base
    A_\tau = adopt_trust
    A_d = adopt_support
    A_o = adopt_orientation
    A_u = adopt_urgency
    A_z = adopt_interest
    A_m = adopt_money
    A_\Delta = adopt_autonomy
    A_s = adopt_say
    A_R = adopt_refused
    T_A = adopt_interval
    D_0 = dissolve_base
    D_y = dissolve_years
    D_R = dissolve_results
    D_c = dissolve_cost
    D_x = dissolve_exit
    T_D = dissolve_patience
    e_d = council_local
    e_s = sounding_effect
    e_z = stake_elsewhere
    \tau_{ij} = s.trust; trust of i in j
    \bar\tau_i = mean trust in the other eligible municipalities [share]
    d_i = s.support; council support
    C_i = weight of a council's support in what its municipality decides [factor]
    L_i = w.local_party; share of council seats of local parties
    o_i = w.orientation; regional orientation
    u_{ik} = s.urgency; urgency
    \bar u_i = mean urgency of the themes in scope [share]
    z_{ik} = s.interest; own net stake in regional action on the theme
    \bar z_{ak} = s.arena_interest; interest of the region as a whole
    \tilde z_{ik} = effective interest [share]
    \hat z_i = mean effective interest in the themes in scope [share]
    \bar m = money in sight for the themes in scope [share]
    W_{ak} = what there is of the theme's funding window in the arena in which the institution holds or would hold, see rule `funding` [share]
    F_W = w.window_factor
    F_W' = the same, at most 1 [factor]
    \pi_k = w.money; propensity of the theme for central money
    \beta = how far the province does what its role allows, see rule `acceptance` [share]
    \psi = s.region.stance
    \kappa = s.region.kappa
    D = s.region.divide
    \Delta_i = autonomy that the municipality gives up [share]
    b_i = how much the pool costs the municipality [share]
    s_i = how little say the municipality has [share]
    \mathcal{H} = municipalities that would be heard, see rule `board`: of the centres, w.centre, where there is no board [set]
    E = w.eligible; municipalities eligible under X [set]
    B = w.board; municipalities with a fixed seat on its board [set]
    K = w.in_scope; themes in its scope [set]
    Y = number of eligible municipalities that say yes [count]
    t_P = w.policy_start; quarter of the policy start [quarter]
    \mathrm{binding} = payoff.binding
    \mathrm{pooled\ capacity} = choice.pooled_capacity
    \mathrm{pooled\ by} = choice.pooled_by
    \mathrm{services\ by} = choice.services_by
    \mathrm{steering} = payoff.steering
    \mathrm{cofunding} = payoff.cofunding
    \mathrm{programme\ money} = payoff.programme_money
    \mathrm{mandate} = payoff.mandate
    \mathrm{lobby} = information.lobby
    \mathrm{equal\ say} = position.equal_say
    \mathrm{sounding\ board} = position.sounding_board
    \mathrm{adoption\ quota} = aggregation.adoption_quota
    \mathrm{min\ members} = boundary.min_members
    \mathrm{exit\ cost} = boundary.exit_cost
    \mathrm{setup} = scope.setup_quarters
    \mathrm{term} = scope.term_quarters
    \text{successor} = scope.successor
    S = whether the condition of the successor is met, see rule `adoption`: scope.successor_if, scope.successor_agreements, s.region.agreed, s.region.agreed_before [0 or 1]
Source: McFadden 1974 (random utility); BRE 3 (urgency, interest and trust; window of opportunity); BRE 2.1, RD 1 (means as oil; money seeks an
    agenda); BRE 2.3, 5.7 (councils defend autonomy; no equal say; bad examples are remembered); BRE 2.2, 5.6 (LED ended after debate on use
    and cost, as its members saw too few results); BRE 4.2.2, 4.2.3 (a supported follow-up; inescapable agreements); RD 3, 4
    (founding by the participants; term); judgement (a majority dissolves)
"""

from __future__ import annotations

from bresim.kernel import draws
from bresim.kernel.arithmetic import around_half, clip
from bresim.kernel.jit import njit
from bresim.kernel.state import BEFORE, DESIGN, DISSOLVE, FALLBACK, FOUND, NO_VOTE, SUCCEED, SUCCESSOR
from bresim.rules.acceptance import backing
from bresim.rules.adoption import arena_of, expired, meets, needs_no_vote, next_in_line, place
from bresim.rules.board import set_heard
from bresim.rules.commitment import unequal_say
from bresim.rules.funding import window_for
from bresim.rules.interest import effective_interest
from bresim.rules.logit import logistic
from bresim.rules.support import council_weight


@njit
def autonomy_loss(binding, pooled, steering):
    """How much of its own say a municipality gives up, in [0, 1]; ``pooled`` as in ``cost_of_pool``."""
    return (binding + pooled + steering) / 3.0


@njit
def cost_of_pool(pooled_capacity, pays):
    """How much a shared bureau costs a municipality, in [0, 1]: a tenth of its capacity is felt in full."""
    return min(1.0, 10.0 * pooled_capacity) if pays else 0.0


@njit
def money_in_sight(window, lobby, propensity, factor, cofunding, programme):
    """Money in sight for a theme, in [0, 1]: what is there, or what a lobby may bring, and what comes on top."""
    return clip(max(window, factor * lobby * propensity) + cofunding + factor * programme)


@njit
def can_be_dissolved(institution):
    """Whether municipalities put people or money of their own in it, after a decision of their own."""
    own = institution.services_by_province < 0.5
    return own and (institution.adoption_quota > 0.0 or institution.pooled_capacity > 0.0)


@njit
def is_round(quarters, first, interval):
    """Whether a vote falls after so many ``quarters``: after ``first``, and then once in an ``interval``."""
    return quarters >= first and (quarters - first) % interval == 0


@njit
def whole(quarters):
    """So many quarters, rounded to whole ones."""
    return int(round(quarters))  # noqa: RUF046 (compiled, round gives a float)


@njit
def carried(question, yes, count, quota, min_members):
    """Whether ``yes`` of ``count`` votes are enough."""
    if question == DISSOLVE:
        return 2.0 * yes > count
    return yes > 0.0 and yes >= quota * count - 1e-9 and yes >= min(min_members, count)


@njit
def _mean_trust(trust, i, group):
    """Mean trust (N,) of i in the others of ``group`` (N,) bool; 1/2 where there is no other."""
    total = 0.0
    count = 0.0
    for j in range(group.shape[0]):
        if group[j] and j != i:
            total += trust[j]
            count += 1.0
    return total / count if count > 0.0 else 0.5


@njit
def _in_scope(scope):
    """Number of themes in scope; there is always one."""
    count = 0.0
    for k in range(scope.shape[0]):
        count += scope[k]
    return count


@njit
def _mean_urgency(s, scope, i):
    """Mean urgency of i for the themes in ``scope`` (K,) bool."""
    total = 0.0
    for k in range(scope.shape[0]):
        total += s.urgency[k, i] if scope[k] else 0.0
    return total / _in_scope(scope)


@njit
def _mean_interest(s, p, scope, i):
    """Mean effective interest of i, at the scale of the region, in the themes in ``scope`` (K,) bool."""
    total = 0.0
    for k in range(scope.shape[0]):
        if scope[k]:
            own, shared = s.interest[k, i], s.arena_interest[0, k]
            total += effective_interest(own, shared, s.region.kappa, p.stake_elsewhere)
    return total / _in_scope(scope)


@njit
def _mean_money(s, w, slot, t):
    """Mean money in sight for the themes in scope of institution ``slot``, in the arena in which it would hold."""
    design = s.region.design
    institution, scope, a = w.institution[design, slot], w.in_scope[design, slot], arena_of(w, design, slot)
    cofunding = institution.cofunding * backing(institution.mandate, s.region.stance)
    factor = min(1.0, w.window_factor[t])
    total = 0.0
    for k in range(scope.shape[0]):
        if scope[k]:
            total += money_in_sight(
                window_for(s, w, a, k), institution.lobby, w.money[k], factor, cofunding, institution.programme_money
            )
    return total / _in_scope(scope)


@njit
def _quarters_without_result(s, institution, t):
    """Quarters since the last completed regional initiative, or since what holds was built up if that is later."""
    return t - max(s.region.since + int(institution.setup_quarters), s.region.last_result)


@njit
def _question(s, w, p, t):
    """(what is put to the vote this quarter, institution slot that it is about)."""
    region = s.region
    if t < w.policy_start:
        return NO_VOTE, BEFORE
    design, interval = region.design, whole(p.adopt_interval)
    over = expired(region.slot, region.since, w.institution[design, region.slot].term_quarters, t)
    if region.slot > FALLBACK and not over:
        institution = w.institution[design, region.slot]
        waited = _quarters_without_result(s, institution, t)
        asked = can_be_dissolved(institution) and is_round(waited, whole(p.dissolve_patience), interval)
        return DISSOLVE if asked else NO_VOTE, region.slot
    agreed = region.agreed - region.agreed_before
    followed = w.has_successor[design] and meets(w.institution[design, DESIGN], agreed)
    slot = next_in_line(region.ended or over, followed)
    if slot == BEFORE or needs_no_vote(region.at_once, w.institution[design, slot].adoption_quota):
        return NO_VOTE, slot
    begins = over or region.slot == BEFORE
    if not begins and not is_round(t - region.since, 0, interval):
        return NO_VOTE, slot
    return SUCCEED if slot == SUCCESSOR else FOUND, slot


@njit
def _pool(w, d, slot, i):
    """How much the pool of an institution costs municipality i, in [0, 1]."""
    institution = w.institution[d, slot]
    return cost_of_pool(institution.pooled_capacity, w.board[d, slot, i] or institution.pooled_by_board < 0.5)


@njit
def _weigh(s, w, p, t, slot, i, sign):
    """Fill the ballot of i with its reasons (logit): for an institution with ``sign`` 1, against it with -1."""
    d, region, ballot = s.region.design, s.region, s.ballot[i]
    institution, scope = w.institution[d, slot], w.in_scope[d, slot]
    say = unequal_say(institution.equal_say, institution.sounding_board, p.sounding_effect)
    felt = 0.0 if s.scratch[0, i] > 0.0 else say * (0.5 + 0.5 * region.divide)
    weight = council_weight(p.council_local, w.local_party[i])
    loss = autonomy_loss(institution.binding, _pool(w, d, slot, i), institution.steering)
    ballot.trust = sign * p.adopt_trust * around_half(_mean_trust(s.trust[i], i, w.eligible[d, slot]))
    ballot.support = sign * p.adopt_support * weight * around_half(s.support[i])
    ballot.orientation = sign * p.adopt_orientation * around_half(w.orientation[i])
    ballot.urgency = sign * p.adopt_urgency * around_half(_mean_urgency(s, scope, i))
    ballot.interest = sign * p.adopt_interest * around_half(_mean_interest(s, p, scope, i))
    ballot.money = sign * p.adopt_money * _mean_money(s, w, slot, t)
    ballot.autonomy = -sign * p.adopt_autonomy * region.kappa * loss
    ballot.say = -sign * p.adopt_say * felt


@njit
def _add_to_found(s, p, i):
    """What besides counts when an institution is to be founded."""
    ballot = s.ballot[i]
    ballot.constant = p.adopt_base
    ballot.refused = -p.adopt_refused * s.region.refused
    ballot.results = 0.0
    ballot.cost = 0.0
    ballot.leaving = 0.0


@njit
def _add_to_dissolve(s, w, p, t, slot, i):
    """What besides counts when an institution is to be dissolved: what it brought, and what it and its end cost."""
    ballot, institution = s.ballot[i], w.institution[s.region.design, slot]
    years = 0.25 * (_quarters_without_result(s, institution, t) - whole(p.dissolve_patience))
    ballot.constant = p.dissolve_base
    ballot.refused = 0.0
    ballot.results = p.dissolve_years * years - p.dissolve_results * s.track_record[place(s, w)]
    ballot.cost = p.dissolve_cost * _pool(w, s.region.design, slot, i)
    ballot.leaving = -p.dissolve_exit * institution.exit_cost


@njit
def inclination(ballot):
    """Logit of a yes: all terms of a ballot together."""
    return (
        ballot.constant
        + ballot.trust
        + ballot.support
        + ballot.orientation
        + ballot.urgency
        + ballot.interest
        + ballot.money
        + ballot.autonomy
        + ballot.say
        + ballot.refused
        + ballot.results
        + ballot.cost
        + ballot.leaving
    )


@njit
def _cast(s, w, p, t, question, slot):
    """Let every eligible municipality vote; returns whether the vote is carried."""
    d = s.region.design
    institution, eligible = w.institution[d, slot], w.eligible[d, slot]
    set_heard(w.board[d, slot], eligible, w.centre, s.scratch[0])
    yes = 0.0
    count = 0.0
    for i in range(eligible.shape[0]):
        ballot = s.ballot[i]
        ballot.votes = eligible[i]
        if eligible[i]:
            if question == DISSOLVE:
                _weigh(s, w, p, t, slot, i, -1.0)
                _add_to_dissolve(s, w, p, t, slot, i)
                draw = draws.uniform(s.key, draws.DISSOLVE, t, i, 0)
            else:
                _weigh(s, w, p, t, slot, i, 1.0)
                _add_to_found(s, p, i)
                draw = draws.uniform(s.key, draws.ADOPT, t, i, 0)
            ballot.chance = logistic(inclination(ballot))
            ballot.yes = draw < ballot.chance
            count += 1.0
            yes += ballot.yes
    return carried(question, yes, count, institution.adoption_quota, institution.min_members)


@njit
def update(s, w, p, t):
    """Put the question of this quarter, if there is one, to the vote."""
    question, slot = _question(s, w, p, t)
    s.region.question = question
    s.region.carried = question != NO_VOTE and _cast(s, w, p, t, question, slot)
