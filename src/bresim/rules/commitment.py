r"""Joining and withdrawing

Each eligible municipality decides, per initiative and quarter, whether to join, stay out or withdraw. Form comes before
content (BRE 3): nobody commits in the first quarters, which go to form. After that a municipality decides at a limited
pace, which facilitation speeds up and every table at which it sits slows down (crowding); if it decides, it joins with
a chance (logit) of its inclination. The inclination rises with the three conditions for success (shared urgency, shared
interest and trust), with council support, money, facilitation and freedom in how to act, and, at the scale of the
region, with regional orientation. It rises with the share of the eligible that have committed already (threshold
behaviour), as that share stood when the decisions on this initiative began this quarter; a municipality that is the
only one eligible has nobody to follow. The example of those across the divide counts less, the deeper it is: the
Middengebied does not simply follow the centres (BRE 2.3). Binding deters where support is low; unequal say deters a municipality that
is not heard (rule `board`), the more the deeper the divide. A municipality weighs what it can carry before it signs: it holds back as far
as the capacity that its promises have left is less than what the slowest plan would ask of it if all eligible took part
and shared the cost by capacity. It is more likely to join the more the arena has completed before (flywheel, rule
`track_record`). A common enemy unites: a shock on the theme makes it more likely to join and shortens the quarters that
go to form.

Two of these choices are structural variants (`variant.joining`, `variant.order`). In the model as shipped the three
conditions add up, so that much of one makes up for little of another, and all decide at the same time. If joining is
conjunctive, all three are needed: each weighs as if it were the least of them. If the largest decide first,
municipalities decide one after the other, by inhabitants, and each sees what the larger ones did.

The province's steering moves a municipality that accepts it to join and one that does not to stay out (shadow of
hierarchy and reactance); a granted mandate raises acceptance.

Interest is shared as far as a municipality is not parochial; within the own subregion part of parochialism is overcome.
A municipality that has committed can withdraw before agreement: the chance is higher the lower its inclination and the
freer commitments are. An initiative in execution takes newcomers as far as late joining allows and, where councils
decided on their own means, as far as their own council agrees; nobody withdraws from it this way.

Equation: inclination to be in an initiative
    \begin{aligned}
    X_{iak} = {} & b_0 + b_u\, u_{ik} + b_z\, \tilde z_{iak} + b_\tau \langle\bar\tau_{ia}\rangle - b_f\, (1 - r_{iak}) + b_H\, H_k + b_{\mathrm{rec}}\, \mathcal{R}_a
    + b_d\, C_i \langle d_i\rangle + b_m\, m_{ak} + b_g\, \mathrm{facilitation} \\
    & + b_o \langle o_i\rangle\, [a \text{ regional}] + b_{\mathrm{opt}}\, \mathrm{opt\ out}\, (1 - \tilde z_{iak}) + b_\mu\, (\mu_{iak} - \tfrac12) \\
    & + S_{\mathrm{prov}}\, \bigl(b_S\, \hat\alpha_{ia} - b_R\, (1 - \hat\alpha_{ia})\bigr)\, [a \text{ regional}]
    - b_b\, \mathrm{binding}\, (1 - d_i) - b_s\, s_i\, D
    \end{aligned}
Equation: inclination that counts, by the structural variant of joining
    \begin{aligned}
    \hat X_{iak} &= \begin{cases}
    X_{iak} & \text{if additive} \\
    X_{iak} - b_u\, (u_{ik} - z_{\min,iak}) - b_z\, (\tilde z_{iak} - z_{\min,iak})
    - b_\tau\, (\langle\bar\tau_{ia}\rangle - \langle z_{\min,iak}\rangle) & \text{if conjunctive}
    \end{cases} \\
    z_{\min,iak} &= \min(u_{ik},\; \tilde z_{iak},\; \bar\tau_{ia})
    \end{aligned}
Equation: effective interest, as in rule `interest`
    \tilde z_{iak} = \tilde z(z_{ik}, \bar z_{ak}, \kappa, e_z, \zeta)
Equation: room for what the plan would ask (1 where it would ask nothing)
    r_{iak} = \min\Bigl(1,\; \frac{\max(0,\; f_i\, (1 - e_H\, \kappa_a) - \mathcal{P}_i)}{A_{ak}\, c_{0,i} / \sum_{j \in E_a} c_{0,j}}\Bigr)
Equation: staff that the slowest plan would ask of all eligible, and the work, as in rule `signing` with the eligible as members
    \begin{aligned}
    A_{ak} &= \max\Bigl(0,\; \hat A(\Omega_{\mathrm{all},ak}, \lvert E_a\rvert, T_{\mathrm{slow}};\; \mathrm{alliance\ autonomy}) - e_B\, \frac{\Phi_a}{J_a^+} - \Xi_{\mathrm{part}}\Bigr) \\
    \Omega_{\mathrm{all},ak} &= w_0 + w_c \Bigl(\sum_{i \in E_a} c_{0,i} + w_n \Bigl(\sum_{i \in N_a} c_{0,i} - \sum_{i \in E_a} c_{0,i}\Bigr)\Bigr)
    \end{aligned}
Equation: round in which a municipality decides, by the structural variant of order
    G_i = \begin{cases} 0 & \text{if simultaneous} \\ \text{number of larger municipalities} & \text{if the largest decide first} \end{cases}
Equation: mean trust in the other eligible municipalities and, when the municipality's own round begins, share that has committed (both 1/2 where only one is eligible)
    \bar\tau_{ia} = \frac{1}{\lvert E_a\rvert - 1} \sum_{j \in E_a,\, j \ne i} \tau_{ij}, \qquad
    \mu_{iak} = \frac{1}{\lvert E_a\rvert} \sum_{j \in M_{ak} \cap E_a} (1 - D\, I_{\mathrm{div},ij})
Equation: weight of a council, unequal say, and acceptance with a mandate
    C_i = 1 + e_d \langle L_i\rangle, \qquad
    s_i = (1 - \mathrm{equal\ say})(1 - e_s\, \mathrm{sounding\ board})\, [i \notin \mathcal{H}_a], \qquad
    \hat\alpha_{ia} = \mathrm{clip}(\alpha_i + g_\alpha\, \mathrm{mandate})
Equation: pace of deciding
    \phi_{ia} = \mathrm{clip}\Bigl(r_b\, \frac{1 + e_g\, \mathrm{facilitation}}{1 + e_{\mathrm{crowd}}\, T_i}\Bigr)
Equation: chance per quarter to join, and to withdraw, in the municipality's own round
    \begin{aligned}
    \Pr(\text{join}_{iak}) &= \phi_{ia}\, \sigma(\hat X_{iak}) && i \in E_a \setminus M_{ak},\text{ negotiating, }
    \vartheta_{ak} \ge (1 - H_k)\, \mathrm{form\ quarters} \\
    \Pr(\text{join}_{iak}) &= \phi_{ia}\, \mathrm{late\ joining}\; \Pr(\text{let in}_{iak})\, \sigma(\hat X_{iak}) && i \in E_a \setminus M_{ak},\text{ executing} \\
    \Pr(\text{withdraw}_{iak}) &= 2\, r_w\, \mathrm{revocable}\, (1 - \mathrm{binding})\, \bigl(1 - \sigma(\hat X_{iak})\bigr)
    && i \in E_a \cap M_{ak},\text{ negotiating, } \vartheta_{ak} \ge (1 - H_k)\, \mathrm{form\ quarters}
    \end{aligned}
Equation: chance that the council of a newcomer, which decides as far as the agreement says so, does not refuse
    \Pr(\text{let in}_{iak}) = 1 - \mathrm{ratified}_{ak}\, \bigl(1 - \Pr(\text{ratify}_i)\bigr)
Symbols:
    \Pr(\text{let in}_{iak}) = chance that the council of a newcomer does not refuse [share]
    \Pr(\text{ratify}_i) = chance that a council agrees, see rule `aggregation` [share]
    \mathrm{ratified}_{ak} = s.agreed_ratified; how far councils decide on their own means under the agreement
    X_{iak} = inclination to be in the initiative [logit]
    \hat X_{iak} = inclination that counts [logit]
    \text{conjunctive} = w.conjunctive
    z_{\min,iak} = least of the three conditions for success [share]
    G_i = w.round_of
    G = rounds of deciding: w.rounds; one if all decide at the same time, else one for each municipality [count]
    M_{ak} = s.committed; municipalities committed to the initiative, later its members [set]
    E_a = s.eligible; municipalities eligible in the arena [set]
    \mathcal{H}_a = s.heard; municipalities that are heard in the arena, see rule `board` [set]
    u_{ik} = s.urgency; urgency
    z_{ik} = s.interest; own net stake in regional action on the theme
    \bar z_{ak} = s.arena_interest; interest of the arena as a whole
    \tilde z_{iak} = effective interest [share]
    \tau_{ij} = s.trust_received; trust of i in j before negotiation
    \bar\tau_{ia} = mean trust in the other eligible municipalities [share]
    f_i = s.slack; slack
    c_{0,i} = s.base_capacity
    \mathcal{P}_i = s.signed
    r_{iak} = room for what the plan would ask [share]
    A_{ak} = staff a quarter that the slowest plan would ask of all eligible together [fte]
    \hat A = staff a quarter that a plan asks of bureau, partners and members, see rule `signing` [fte]
    \Omega_{\mathrm{all},ak} = work of the initiative if all eligible take part [fte quarters]
    N_a = w.member; municipalities of the arena [set]
    \Phi_a = s.arena_pool; capacity in the bureau of the arena that is left for execution
    J_a^+ = initiatives that would share the bureau, see rule `signing` [count]
    \Xi_{\mathrm{part}} = effort of partners with the capacity at the start of all eligible, see rule `effort` [fte]
    T_i = s.tables; tables at which the municipality sits [count]
    \mathcal{R}_a = s.track_record
    d_i = s.support; council support
    C_i = weight of a council's support in what its municipality decides [factor]
    L_i = w.local_party; share of council seats of local parties
    o_i = w.orientation; regional orientation
    a \text{ regional} = the arena works at the scale of the region, w.arena_scale [0 or 1]
    m_{ak} = money from outside for the initiative, see rule `funding` [share]
    \mu_{iak} = share of the eligible that have committed, as far as their example counts [share]
    I_{\mathrm{div},ij} = one is a centre, w.centre, the other in the Middengebied: not w.urban [0 or 1]
    S_{\mathrm{prov}} = s.region.steering
    \alpha_i = s.acceptance; acceptance of provincial steering
    \hat\alpha_{ia} = acceptance with a mandate, see rule `acceptance` [share]
    s_i = how little say the municipality has [share]
    D = s.region.divide
    \kappa = s.region.kappa
    \kappa_a = parochialism in the arena, see rule `interest` [share]
    \vartheta_{ak} = s.clock
    \phi_{ia} = chance that a municipality decides in a quarter [1/quarter]
    b_0 = join_base
    b_u = join_urgency
    b_z = join_interest
    b_\tau = join_trust
    b_f = join_room
    b_H = join_rally
    H_k = s.shock; height of the shock on the theme
    b_{\mathrm{rec}} = join_record
    e_H = home_first
    e_z = stake_elsewhere
    w_0 = work_fixed
    w_c = p.work
    w_n = work_absent
    e_B = bureau_efficiency
    T_{\mathrm{slow}} = plan_longest
    b_d = join_support
    b_m = join_money
    b_g = join_facilitation
    b_o = join_orientation
    b_{\mathrm{opt}} = join_opt_out
    b_\mu = join_peers
    b_S = join_threat
    b_R = join_reactance
    b_b = join_binding
    b_s = join_say
    \zeta = subregional_bond
    e_d = council_local
    e_s = sounding_effect
    g_\alpha = acceptance_mandate
    r_b = pace
    e_g = facilitation_pace
    e_{\mathrm{crowd}} = crowding
    r_w = revoke
    \mathrm{facilitation} = position.facilitation
    \mathrm{opt\ out} = choice.opt_out
    \mathrm{binding} = payoff.binding
    \mathrm{alliance\ autonomy} = choice.alliance_autonomy
    \mathrm{equal\ say} = position.equal_say
    \mathrm{sounding\ board} = position.sounding_board
    \mathrm{mandate} = payoff.mandate
    \mathrm{form\ quarters} = scope.form_quarters
    \mathrm{late\ joining} = boundary.late_joining
    \mathrm{revocable} = choice.revocable
Source: McFadden 1974 (random utility); BRE 3 (urgency, interest, trust; form before content); BRE 2.1 (money; bond within a subregion);
    BRE 2.3 (own interest; unequal say); BRE 4.1, 4.2.2 (non-commitment, binding, process guide); BRE 4.2.3, Scharpf 1997 (shadow of hierarchy);
    Brehm 1966, Frey & Jegen 2001 (reactance); Granovetter 1978 (thresholds); RD 3 (freedom in how to act)
"""

from __future__ import annotations

from bresim.kernel import draws
from bresim.kernel.arithmetic import around_half, clip
from bresim.kernel.jit import njit
from bresim.kernel.state import IDLE, NEGOTIATING, REGIONAL
from bresim.rules.acceptance import with_mandate
from bresim.rules.aggregation import ratification
from bresim.rules.effort import capacity_behind_partners, friction, partners_effort, served_by_partners
from bresim.rules.funding import outside_money
from bresim.rules.interest import effective_interest, parochialism_in
from bresim.rules.logit import choose
from bresim.rules.signing import free_capacity, planned_effort, required_work, sharing
from bresim.rules.support import council_weight
from bresim.rules.trust import trust_in_others


@njit
def room(free, asked):
    """How far a municipality can carry ``asked`` fte a quarter with what it has ``free``, in [0, 1]."""
    return 1.0 if asked <= 0.0 else min(1.0, free / asked)


@njit
def threat(steering, acceptance, weight, reactance):
    """The shadow of hierarchy: moves a municipality that accepts it, and makes one that does not dig in (logit)."""
    return steering * (acceptance * weight - (1.0 - acceptance) * reactance)


@njit
def unequal_say(equal_say, sounding_board, effect):
    """How little say a municipality has that is not heard; being sounded out makes up for part of it (RD 3)."""
    return (1.0 - equal_say) * (1.0 - effect * sounding_board)


@njit
def base_inclination(p, institution, trust, record, support, weight, orientation, pressure, say):
    """What a municipality brings to every table (logit). Shares in [0, 1]; ``weight`` is that of its council.

    ``orientation`` is around one half and 0 outside the regional scale; ``pressure`` is ``threat`` in
    logits; ``say`` is unequal say times the divide, 0 for those that are heard.
    """
    return (
        p.join_base
        + p.join_trust * around_half(trust)
        + p.join_record * record
        + p.join_support * weight * around_half(support)
        + p.join_facilitation * institution.facilitation
        + p.join_orientation * orientation
        + pressure
        - p.join_binding * institution.binding * (1.0 - support)
        - p.join_say * say
    )


@njit
def theme_inclination(p, institution, urgency, interest, money, peers, enough_room, shock):
    """What this theme adds (logit).

    ``peers`` is the share of the eligible that are already committed, ``enough_room`` the municipality's ``room``.
    """
    return (
        p.join_urgency * urgency
        + p.join_interest * interest
        + p.join_money * money
        + p.join_opt_out * institution.opt_out * (1.0 - interest)
        + p.join_peers * (peers - 0.5)
        - p.join_room * (1.0 - enough_room)
        + p.join_rally * shock
    )


@njit
def lost_if_all_are_needed(p, urgency, interest, trust):
    """What joining loses (logit) if each of the three conditions for success, in [0, 1], weighs as the least of them."""
    least = min(urgency, interest, trust)
    return (
        p.join_urgency * (urgency - least)
        + p.join_interest * (interest - least)
        + p.join_trust * (around_half(trust) - around_half(least))
    )


@njit
def pace_of_deciding(p, institution, tables):
    """Chance that a municipality decides in a quarter; facilitation speeds it up, crowding of ``tables`` slows it down."""
    return clip(p.pace * (1.0 + p.facilitation_pace * institution.facilitation) / (1.0 + p.crowding * tables))


@njit
def withdrawal_rate(p, institution):
    """Chance to withdraw for a municipality without any inclination; at one half it is ``revoke``."""
    return 2.0 * p.revoke * institution.revocable * (1.0 - institution.binding)


@njit
def _base_inclinations(s, w, p, a, base, trust):
    """Set ``base`` (N,): what each municipality brings to each table of arena ``a``, and ``trust`` (N,) in the others.

    Every municipality's is worked out, as that is faster than to go by eligibility; only those of the eligible count.
    """
    institution, region = s.institution[a], s.region
    regional = w.arena_scale[a] == REGIONAL
    steering = region.steering if regional else 0.0
    say = unequal_say(institution.equal_say, institution.sounding_board, p.sounding_effect) * region.divide
    trust_in_others(s.trust_received, s.invited[a], s.n_invited[a], trust)
    for i in range(s.capacity.shape[0]):
        accepted = with_mandate(s.acceptance[i], p.acceptance_mandate, institution.mandate)
        base[i] = base_inclination(
            p,
            institution,
            trust[i],
            s.track_record[a],
            s.support[i],
            council_weight(p.council_local, w.local_party[i]),
            around_half(w.orientation[i]) if regional else 0.0,
            threat(steering, accepted, p.join_threat, p.join_reactance),
            0.0 if s.heard[a, i] else say,
        )


@njit
def _asked(s, w, p, a, k):
    """Staff a quarter that the plan of (a, k) would ask of each fte of starting capacity, if all eligible took part."""
    total = 0.0
    inside = 0.0
    for i in range(s.base_capacity.shape[0]):
        total += s.base_capacity[i] if w.member[a, i] else 0.0
        inside += s.base_capacity[i] if s.eligible[a, i] else 0.0
    work = required_work(p.work, p.work_fixed, p.work_absent, inside, total)
    institution, running, money = s.institution[a], sharing(s, a, k), outside_money(s, w, a, k)
    served_by_partners(s.executing, s.eligible, s.phase, s.committed, w.overlaps[a], running, s.scratch[4])
    behind = capacity_behind_partners(s.base_capacity, s.scratch[4], s.invited[a], s.n_invited[a])
    helping = s.arena_pool[a] * p.bureau_efficiency / running + partners_effort(
        p, institution, s.partner, w.economic[k], w.societal[k], w.water_board[k], behind
    )
    return (
        planned_effort(
            p,
            institution,
            friction(p, institution, s.diversity[a], institution.alliance_autonomy, w.border_theme[k], 0.0),
            work,
            s.n_invited[a],
            p.plan_longest,
            money,
            w.money[k],
            helping,
        )
        / inside
    )


@njit
def followed(joined, across, divide, eligible):
    """Share of the eligible that have committed, of which those ``across`` the divide count less, the deeper it is.

    1/2, which moves nobody, where only one municipality is eligible.
    """
    return (joined - divide * across) / eligible if eligible > 1 else 0.5


@njit
def _chances(s, w, p, a, k, joined, base, trust, chances):
    """Set ``chances`` (N,): with which each municipality, if it decides, wants to be in (a, k), which ``joined`` have joined.

    As with ``base``, only those of the eligible count.
    """
    institution, own, urgency, shared = s.institution[a], s.interest[k], s.urgency[k], s.arena_interest[a, k]
    kappa = parochialism_in(s.region.kappa, p.subregional_bond, w.within_subregion[a])
    money = outside_money(s, w, a, k)
    size = own.shape[0]
    asked = _asked(s, w, p, a, k)  # of one fte of starting capacity
    centres = 0
    others = 0  # those of the Middengebied
    both = 0
    for i in range(size):
        member = s.committed[a, k, i] & s.eligible[a, i]
        centres += member & w.centre[i]
        others += member & (not w.urban[i])
        both += member & w.centre[i] & (not w.urban[i])
    for i in range(size):
        interest = effective_interest(own[i], shared, kappa, p.stake_elsewhere)
        free = free_capacity(s.slack[i], p.home_first, kappa, s.signed[i])
        enough_room = room(free, asked * s.base_capacity[i])
        across = (others if w.centre[i] else 0) + (0 if w.urban[i] else centres)
        across -= both if w.centre[i] and not w.urban[i] else 0  # counted twice
        peers = followed(joined, across, s.region.divide, s.n_invited[a])
        chances[i] = base[i] + theme_inclination(
            p, institution, urgency[i], interest, money, peers, enough_room, s.shock[k]
        )
        if w.conjunctive:
            chances[i] -= lost_if_all_are_needed(p, urgency[i], interest, trust[i])
    choose(chances, size)


@njit
def _may_change(draw, member, eligible, pace, open_to, withdrawal):
    """Whether any draw of an eligible municipality is below the most that a chance to join or withdraw can be, all (N,).

    Most draws settle it at once.
    """
    low = 0
    for i in range(member.shape[0]):
        low += eligible[i] & (draw[i] < (withdrawal if member[i] else open_to * pace[i]))
    return low > 0


@njit
def _decide(s, w, p, t, a, k, base, trust, pace, chances):
    """Joining and withdrawing on initiative (a, k) this quarter."""
    institution, member, eligible, draw = s.institution[a], s.committed[a, k], s.eligible[a], s.draws_commit[a, k]
    themes, size = s.urgency.shape
    negotiating = s.phase[a, k] == NEGOTIATING
    # an initiative in execution is open to newcomers as far as the design says; nobody withdraws this way
    open_to = 1.0 if negotiating else institution.late_joining
    withdrawal = withdrawal_rate(p, institution) if negotiating else 0.0
    for now in range(w.rounds):
        joined = 0
        for i in range(size):
            joined += member[i] & eligible[i]
        if joined == s.n_invited[a] and not negotiating:
            return  # nobody is left to join
        draws.fill_once(s.key, draws.COMMIT, t, a * themes + k, draw, s.drawn)
        if not _may_change(draw, member, eligible, pace, open_to, withdrawal):
            continue
        _chances(s, w, p, a, k, joined, base, trust, chances)
        for i in range(size):
            joining = open_to * pace[i] * chances[i]
            chances[i] = withdrawal * (1.0 - chances[i]) if member[i] else joining
        if not negotiating and s.agreed_ratified[a, k] > 0.0:
            for i in range(size):
                ratified = 1.0 - s.agreed_ratified[a, k] * (1.0 - ratification(p, s.support[i]))
                chances[i] *= 1.0 if member[i] else ratified
        for i in range(size):
            member[i] ^= (draw[i] < chances[i]) & eligible[i] & (w.round_of[i] == now)


@njit
def form_time(form_quarters, shock):
    """Quarters that go to form before content; a common shock leaves no time for it."""
    return form_quarters * (1.0 - shock)


@njit
def _is_open(s, a, k):
    """Whether municipalities can join initiative (a, k) now: past its talk about form, or in execution if late joining is allowed."""
    institution = s.institution[a]
    if s.n_invited[a] == 0:  # the arena has ended
        return False
    if s.phase[a, k] == NEGOTIATING:  # form comes before content: nobody commits yet (BRE 3)
        return s.clock[a, k] >= form_time(institution.form_quarters, s.shock[k])
    return s.phase[a, k] != IDLE and institution.late_joining > 0.0


@njit
def update(s, w, p, t):
    """Let every eligible municipality join, stay out of, or withdraw from each initiative that is open to it."""
    arenas, themes, _ = s.committed.shape
    base, trust, pace, chances = s.scratch[0], s.scratch[1], s.scratch[2], s.scratch[3]
    for a in range(arenas):
        ready = False
        for k in range(themes):
            if not _is_open(s, a, k):
                continue
            if not ready:  # the same for all tables of the arena
                _base_inclinations(s, w, p, a, base, trust)
                for i in range(s.tables.shape[0]):
                    pace[i] = pace_of_deciding(p, s.institution[a], s.tables[i])
                ready = True
            _decide(s, w, p, t, a, k, base, trust, pace, chances)
