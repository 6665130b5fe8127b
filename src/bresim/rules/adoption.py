r"""Founding the design

Before policy start the region's own institution holds. From policy start on, a design with adoption quota 0 holds at once, and so does every
design in a run with `founding=at_once`: that says what a design does apart from whether it is founded. In a run with `founding=vote` any other
design must be founded: from policy start until it is founded, the eligible municipalities vote on it once in every so many quarters (the interval,
rounded to whole quarters). Each of them says yes with a chance that rises with its trust in the other eligible municipalities, the support of
its council and its regional orientation, and falls with the autonomy that it gives up and with unequal say. The design is founded in the
quarter in which the yes votes reach both the quota and the minimum number of members. Until then, and after a term without a successor, the
status quo holds; after a term with a successor, the successor holds.

The loss of autonomy weighs as far as a municipality is parochial. It is the mean of three parts: how binding agreements are, pooled capacity
(a tenth of capacity pooled counts as much as full binding: judgement) and provincial steering. A municipality that does not supply the pool,
because only the board does, loses nothing by it. Unequal say counts only for a municipality without a fixed seat on the board, for half
where there is no divide and in full where the divide is full. With `founding=vote` founding is part of the comparison: a good design that is
never founded scores as the status quo. Both foundings meet the same random draws.

Equation: a yes vote, in a quarter with a vote
    \begin{aligned}
    \Pr(\text{yes}_i) = \sigma\bigl(& A_0 + A_\tau \langle\bar\tau_i\rangle + A_d\, C_i \langle d_i\rangle + A_o \langle o_i\rangle \\
    & - A_\Delta\, \kappa\, \Delta_i - A_s\, s_i\, (\tfrac12 + \tfrac12 D)\bigr), \qquad i \in E,\; (t - t_P) \bmod \mathrm{round}(T_A) = 0
    \end{aligned}
Equation: mean trust in the other eligible municipalities (1/2 where there is no other), and weight of a council
    \bar\tau_i = \frac{1}{\lvert E\rvert - 1} \sum_{j \in E,\, j \ne i} \tau_{ij}, \qquad C_i = 1 + e_d \langle L_i\rangle
Equation: loss of autonomy; the indicator is 1 for a municipality that supplies the pool
    \Delta_i = \tfrac13 \bigl(\mathrm{binding} + \mathrm{steering}
    + \min(1,\; 10\, \mathrm{pooled\ capacity}\, [i \in B \lor \mathrm{pooled\ by} \ne \text{board}])\bigr)
Equation: unequal say
    s_i = (1 - \mathrm{equal\ say})(1 - e_s\, \mathrm{sounding\ board})\, [i \notin B]
Equation: the design is founded if
    F = 1 \;\lor\; \mathrm{adoption\ quota} = 0 \;\lor\; \bigl(Y \ge \mathrm{adoption\ quota}\, \lvert E\rvert
    \;\land\; Y \ge \min(\mathrm{min\ members},\, \lvert E\rvert)\bigr)
Equation: institution in force in the region
    \begin{cases}
    \text{the region's own} & \text{if } t < t_P \\
    \text{the design} & \text{if it is founded and } (\mathrm{term} = 0 \text{ or } t - t_F < \mathrm{term}) \\
    \text{its successor} & \text{if its term is over and } \mathrm{successor} \text{ names one} \\
    \text{the status quo} & \text{otherwise}
    \end{cases}
Symbols:
    A_0 = adopt_base
    A_\tau = adopt_trust
    A_d = adopt_support
    A_o = adopt_orientation
    A_\Delta = adopt_autonomy
    A_s = adopt_say
    T_A = adopt_interval
    e_d = council_local
    e_s = sounding_effect
    \tau_{ij} = s.trust; trust of i in j
    \bar\tau_i = mean trust in the other eligible municipalities [share]
    d_i = s.support; council support
    C_i = weight of a council's support in what its municipality decides [factor]
    L_i = w.local_party; share of council seats of local parties
    o_i = w.orientation; regional orientation
    \kappa = s.region.kappa
    D = s.region.divide
    \Delta_i = autonomy that the municipality gives up [share]
    s_i = how little say the municipality has [share]
    E = w.eligible; municipalities eligible under the design [set]
    B = w.board; municipalities with a fixed seat on its board [set]
    F = s.region.at_once
    Y = number of eligible municipalities that say yes [count]
    t_P = w.policy_start; quarter of the policy start [quarter]
    t_F = s.region.adopted_quarter
    \mathrm{binding} = payoff.binding
    \mathrm{pooled\ capacity} = choice.pooled_capacity
    \mathrm{pooled\ by} = choice.pooled_by
    \mathrm{steering} = payoff.steering
    \mathrm{equal\ say} = position.equal_say
    \mathrm{sounding\ board} = position.sounding_board
    \mathrm{adoption\ quota} = aggregation.adoption_quota
    \mathrm{min\ members} = boundary.min_members
    \mathrm{term} = scope.term_quarters
    \mathrm{successor} = scope.successor
Source: McFadden 1974 (random utility); BRE 2.3, 5.7 (councils defend autonomy; no equal say); BRE 4.2.2 (a supported follow-up);
    RD 3, 4 (founding by the participants; term)
"""

from __future__ import annotations

from bresim.kernel import draws
from bresim.kernel.arithmetic import around_half
from bresim.kernel.jit import njit
from bresim.kernel.state import BEFORE, DESIGN, FALLBACK, SUCCESSOR
from bresim.rules.commitment import unequal_say
from bresim.rules.logit import logistic
from bresim.rules.support import council_weight


@njit
def autonomy_loss(binding, pooled_capacity, steering):
    """How much of its own say a municipality gives up, in [0, 1]; a tenth of capacity pooled counts as much as full binding."""
    return (binding + min(1.0, 10.0 * pooled_capacity) + steering) / 3.0


@njit
def founding_inclination(p, trust, support, weight, orientation, kappa, loss, unequal_say, divide):
    """Logit of a yes to founding the design. ``weight`` is that of the council; ``unequal_say`` is 0 on the board."""
    return (
        p.adopt_base
        + p.adopt_trust * around_half(trust)
        + p.adopt_support * weight * around_half(support)
        + p.adopt_orientation * around_half(orientation)
        - p.adopt_autonomy * kappa * loss
        - p.adopt_say * unequal_say * (0.5 + 0.5 * divide)
    )


@njit
def _mean_trust(s, i, group):
    """Mean trust of i in the others of ``group`` (N,) bool; 1/2 where there is no other."""
    total = 0.0
    count = 0.0
    for j in range(group.shape[0]):
        if group[j] and j != i:
            total += s.trust[i, j]
            count += 1.0
    return total / count if count > 0.0 else 0.5


@njit
def _vote(s, w, p, t):
    """True if enough of the eligible municipalities want to found the design."""
    d = s.region.design
    design = w.institution[d, DESIGN]
    eligible = w.eligible[d, DESIGN]
    say = unequal_say(design.equal_say, design.sounding_board, p.sounding_effect)
    yes = 0.0
    count = 0.0
    for i in range(eligible.shape[0]):
        if eligible[i]:
            seated = w.board[d, DESIGN, i]
            pays = seated or design.pooled_by_board < 0.5
            x = founding_inclination(
                p,
                _mean_trust(s, i, eligible),
                s.support[i],
                council_weight(p.council_local, w.local_party[i]),
                w.orientation[i],
                s.region.kappa,
                autonomy_loss(design.binding, design.pooled_capacity if pays else 0.0, design.steering),
                0.0 if seated else say,
                s.region.divide,
            )
            count += 1.0
            if draws.uniform(s.key, draws.ADOPT, t, i, 0) < logistic(x):
                yes += 1.0
    return yes >= design.adoption_quota * count - 1e-9 and yes >= min(design.min_members, count)


@njit
def _found(s, w, p, t):
    """Found the design, if it needs no vote in this run or, in a quarter with a vote, the vote is won."""
    if s.region.adopted:
        return
    no_vote = s.region.at_once or w.institution[s.region.design, DESIGN].adoption_quota <= 0.0
    votes = (t - w.policy_start) % int(round(p.adopt_interval)) == 0  # noqa: RUF046 (compiled, round gives a float)
    if no_vote or (votes and _vote(s, w, p, t)):
        s.region.adopted = True
        s.region.adopted_quarter = t


@njit
def slot_in_force(s, w, t):
    """Institution slot that holds in the region this quarter."""
    region = s.region
    if t < w.policy_start:
        return BEFORE
    if not region.adopted:
        return FALLBACK
    term = w.institution[region.design, DESIGN].term_quarters
    if term > 0.0 and t - region.adopted_quarter >= term:
        return SUCCESSOR if w.has_successor[region.design] else FALLBACK
    return DESIGN


@njit
def update(s, w, p, t):
    """Found the design if it is time to, and set which institution holds in the region this quarter."""
    if t >= w.policy_start:
        _found(s, w, p, t)
    s.region.last_slot = s.region.slot
    s.region.slot = slot_in_force(s, w, t)
