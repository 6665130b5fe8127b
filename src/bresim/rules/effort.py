r"""Work done

The work of one quarter on an initiative in execution. The members that keep their pledge give what they offer; the shared bureau is divided equally
over the arena's initiatives in execution; the eligible municipalities of the outer ring help ad hoc. Where a centre municipality is a member, the
others leave part of what they would give to the leads, the centres that keep their pledge; these take it over only as far as they have slack that
they keep for home, and what they cannot take over is lost. Coordination of capacity by the municipal secretaries makes more of the staff;
members that act in different ways lose effort. Partners add work in proportion to the members' capacity, as far as the theme is theirs, they
trust the region and they have a place; the water board adds to water themes whatever its place. Money pays for extra work. An institution that
does not organise execution has less of all this.

Working together costs effort, more with every member and with every seat of the partners. The friction is taken away by the convener, by autonomous
alliances and by a focus on cross-border themes. An initiative in its last quarter, or past half of the time for execution with less of its work done
than of its time gone, is in trouble: as far as the design has escalation, bureau and board then step in, which lowers friction while it lasts
and lets failure come later (rule `completion`).

The work that an initiative needs grows with its members' capacity, with part of the work of the absent (problems shift if they are not tackled
together), and, for a theme that depends on central money, with the money that is not there.

Equation: effort of the members, where l is the share left to the leads
    \begin{aligned}
    \Theta_{ak} &= \sum_{i \in V_{ak} \cap \mathcal{C}} O_{ai} + (1 - l_{ak}) \sum_{i \in V_{ak} \setminus \mathcal{C}} O_{ai}
    + \Theta_{\mathrm{lead},ak} \\
    \Theta_{\mathrm{lead},ak} &= \min\Bigl(l_{ak} \sum_{i \in V_{ak} \setminus \mathcal{C}} O_{ai},\;
    \sum_{i \in V_{ak} \cap \mathcal{C}} O_{\mathrm{lead},ai}\Bigr),
    \qquad l_{ak} = \mathrm{lead\ share}\; [M_{ak} \cap \mathcal{C} \ne \varnothing]
    \end{aligned}
Equation: staff
    \Xi_{\mathrm{staff}} = \Bigl(\Theta_{ak} + [\mathrm{outer\ ring} > 0] \sum_{i \in E_a} O_{\mathrm{ring},ai} + e_B\, \frac{\Phi_a}{J_a}\Bigr)
    (1 + e_K\, \mathrm{capacity\ coordination})(1 - l_o\, \mathrm{opt\ out})
Equation: partners; a partner weight and partner seats belong to each place that partners can have
    \Xi_{\mathrm{part}} = \frac{e_P}{J_a}
    \bigl(\mathrm{partner\ weight}\, (w_{\mathrm{E}k} P_{\mathrm{E}} + w_{\mathrm{S}k} P_{\mathrm{S}}) + w_{\mathrm{W}k}\bigr)
    \sum_{i \in M_{ak}} c_i
Equation: friction, with escalation as far as the initiative is in trouble
    \chi_{ak} = \chi\, (1 - \mathrm{coordination})(1 - e_A\, \mathrm{alliance\ autonomy})(1 - \mathrm{focus}\; \upsilon_k)(1 - \epsilon_{ak})
Equation: escalation
    \epsilon_{ak} = \mathrm{escalation}\; \Bigl[\vartheta_{ak} + 1 \ge T_E \;\lor\;
    \Bigl(\vartheta_{ak} \ge \tfrac12 T_E \land \bar p_{ak} < \frac{\vartheta_{ak}}{T_E}\Bigr)\Bigr]
Equation: effort of the quarter
    \Xi_{ak} = \mathrm{execution}\; (\Xi_{\mathrm{staff}} + \Xi_{\mathrm{part}})\,
    \frac{1 + e_m\, m_{ak}}{1 + \chi_{ak}\, \max\bigl(0,\; \lvert M_{ak}\rvert + \mathrm{partner\ seats} - 1\bigr)}
Equation: work that the initiative needs
    \Omega_{ak} = \Bigl(w_0 + w_c \Bigl(\sum_{i \in M_{ak}} c_i + w_n \Bigl(c_a - \sum_{i \in M_{ak}} c_i\Bigr)\Bigr)\Bigr)
    \bigl(1 + e_C\, \pi_k\, (1 - m_{ak})\bigr)
Equation: progress, quarters in execution and share of the work that is done
    p_{ak}' = p_{ak} + \Xi_{ak}, \qquad \vartheta_{ak}' = \vartheta_{ak} + 1, \qquad
    \bar p_{ak}' = \mathrm{clip}\Bigl(\frac{p_{ak}'}{\Omega_{ak}}\Bigr)
Equation: fte that a municipality uses for the initiative, added to what it used this quarter
    Q_i' = Q_i + O_{\mathrm{ring},ai}\, [i \in E_a \land \mathrm{outer\ ring} > 0] + O_{ai}\, [i \in V_{ak}]\, (1 - l_{ak}\, [i \notin \mathcal{C}])
    + \Theta_{\mathrm{lead},ak} \frac{O_{\mathrm{lead},ai}\, [i \in V_{ak} \cap \mathcal{C}]}
    {\sum_{j \in V_{ak} \cap \mathcal{C}} O_{\mathrm{lead},aj}}
Symbols:
    V_{ak} = s.delivered; members that keep their pledge this quarter [set]
    M_{ak} = s.committed; municipalities committed to the initiative, later its members [set]
    E_a = s.eligible; municipalities eligible in the arena [set]
    \mathcal{C} = w.centre; centre municipalities [set]
    O_{ai} = s.offer
    O_{\mathrm{lead},ai} = s.lead_room
    O_{\mathrm{ring},ai} = s.ad_hoc
    \Theta_{ak} = effort of the members [fte]
    \Theta_{\mathrm{lead},ak} = work that leads take over from the others [fte]
    l_{ak} = share of their effort that the other members leave to the leads [share]
    \Phi_a = s.arena_pool; capacity in the bureau of the arena
    J_a = s.executing; initiatives of the arena in execution [count]
    \Xi_{\mathrm{staff}} = effort of staff [fte]
    \Xi_{\mathrm{part}} = effort of partners [fte]
    \Xi_{ak} = effort of the quarter [fte]
    P_{\mathrm{E}} = s.partner; trust of economic partners
    P_{\mathrm{S}} = s.partner; trust of societal partners
    w_{\mathrm{E}k} = w.economic; how much economic partners can add to the theme
    w_{\mathrm{S}k} = w.societal; how much societal partners can add to the theme
    w_{\mathrm{W}k} = w.water_board; how much the water board adds to the theme
    m_{ak} = money from outside for the initiative, see rule `funding` [share]
    \pi_k = w.money; propensity of the theme for central money
    \upsilon_k = w.border_theme; how far the theme is a cross-border one
    \chi_{ak} = cost of one more member for this initiative [per member]
    \epsilon_{ak} = s.escalation
    \vartheta_{ak} = s.clock
    p_{ak} = s.progress
    \bar p_{ak} = s.share_done
    \Omega_{ak} = work that the initiative needs [fte quarters]
    c_i = s.capacity; execution capacity
    c_a = s.arena_capacity
    Q_i = s.used
    e_B = bureau_efficiency
    e_K = capacity_coordination_gain
    l_o = opt_out_loss
    e_P = partner_effort
    \chi = transaction_cost
    e_A = autonomy_gain
    e_m = money_effort
    w_0 = work_fixed
    w_c = work
    w_n = work_absent
    e_C = capital_work
    T_E = overrun
    \mathrm{outer\ ring} = boundary.outer_ring
    \mathrm{lead\ share} = position.lead_share
    \mathrm{partner\ weight} = partner_weight
    \mathrm{partner\ seats} = partner_seats
    \mathrm{capacity\ coordination} = scope.capacity_coordination
    \mathrm{opt\ out} = choice.opt_out
    \mathrm{coordination} = position.coordination
    \mathrm{alliance\ autonomy} = choice.alliance_autonomy
    \mathrm{focus} = scope.cross_border_focus
    \mathrm{escalation} = choice.escalation
    \mathrm{execution} = scope.execution
Source: Williamson 1985; Feiock 2013 (transaction cost); BRE 2.1 (Parkstad's bureau; means as oil); BRE 2.2 (partners); BRE 4.2.2, 4.2.3, 5.6;
    RD 1 (partners; problems shift); RD 3 (alliances, escalation, outer ring); judgement
"""

from __future__ import annotations

from bresim.kernel.arithmetic import clip
from bresim.kernel.jit import njit
from bresim.kernel.state import ECONOMIC, SOCIETAL
from bresim.rules.funding import outside_money


@njit
def transaction_cost(chi, coordination, members):
    """Factor >= 1 by which working together costs effort; 1 for a single member or full coordination."""
    return 1.0 + chi * (1.0 - coordination) * max(0.0, members - 1.0)


@njit
def coordination_of(institution, autonomy_gain, border_theme):
    """How far transaction cost is taken away: by the convener, autonomous alliances, and focus on cross-border themes."""
    friction = (1.0 - institution.coordination) * (1.0 - autonomy_gain * institution.alliance_autonomy)
    return 1.0 - friction * (1.0 - institution.cross_border_focus * border_theme)


@njit
def required_work(work, fixed, absent, members_capacity, arena_capacity):
    """Work of an initiative in fte quarters; part of the absentees' share falls on the members."""
    return fixed + work * (members_capacity + absent * (arena_capacity - members_capacity))


@njit
def capital_need(capital_work, propensity, money):
    """Factor >= 1 on the work of a theme that lives on central money, as far as that money is not there."""
    return 1.0 + capital_work * propensity * (1.0 - money)


@njit
def in_trouble(clock, overrun, share):
    """Whether the goal is in danger: in its last quarter, or past half its time with less work done than time gone."""
    return clock + 1.0 >= overrun or (clock >= 0.5 * overrun and share < clock / overrun)


@njit
def escalated(coordination, escalation):
    """Coordination once bureau and board step in: cross-connections are laid, knots cut (RD 3)."""
    return 1.0 - (1.0 - coordination) * (1.0 - escalation)


@njit
def taken_over(left, room):
    """Fte of the work the others leave that the lead municipalities do: all of it, as far as they have room."""
    return min(left, room)


@njit
def _ad_hoc_effort(s, a):
    """Fte that the outer ring of arena ``a`` gives to one initiative; noted as used."""
    if s.institution[a].outer_ring == 0.0:
        return 0.0
    given = 0.0
    for m in range(s.n_invited[a]):
        i = s.invited[a, m]
        s.used[i] += s.ad_hoc[a, i]
        given += s.ad_hoc[a, i]
    return given


@njit
def _share_left_to_lead(s, w, a, party, members):
    """Share of their effort that the other members leave to the leads; 0 where no centre municipality is a member."""
    leaves = s.institution[a].lead_share
    led = False
    if leaves > 0.0:
        for m in range(members):
            led = led | w.centre[party[m]]
    return leaves if led else 0.0


@njit
def _members_effort(s, w, a, k, party, members):
    """Fte that the members who keep their pledge give, with what leads take over from the others; noted as used.

    The members of initiative (a, k) are the first ``members`` of ``party``.
    """
    delivered, offer, lead_room, used, centre = s.delivered[a, k], s.offer[a], s.lead_room[a], s.used, w.centre
    leaves = _share_left_to_lead(s, w, a, party, members)
    own = 0.0
    left = 0.0  # by the others to the leads (tasks divided over the centres)
    room = 0.0
    for m in range(members):
        i = party[m]
        given = offer[i] * delivered[i]
        if leaves > 0.0:
            if centre[i]:
                room += lead_room[i] * delivered[i]
            else:
                left += leaves * given
                given *= 1.0 - leaves
        used[i] += given
        own += given
    taken = taken_over(left, room)
    if taken > 0.0:
        for m in range(members):
            i = party[m]
            if centre[i]:
                used[i] += taken * lead_room[i] * delivered[i] / room
    return own + taken


@njit
def _partners_effort(s, w, p, a, k, capacity):
    """Fte of economic and societal partners and the water board; ``capacity`` is that of the members."""
    trusted = w.economic[k] * s.partner[ECONOMIC] + w.societal[k] * s.partner[SOCIETAL]
    share = s.institution[a].partner_weight * trusted + w.water_board[k]
    return p.partner_effort * capacity * share / s.executing[a]


@njit
def update_initiative(s, w, p, t, a, k):
    """Do the work of one quarter on initiative (a, k), and note which share of all its work is done."""
    institution, party, members = s.institution[a], s.members[a, k], s.n_members[a, k]
    money = outside_money(s, a, k)
    capacity = 0.0
    for m in range(members):
        capacity += s.capacity[party[m]]

    # an alliance in trouble escalates to the bureau, then to the board (RD 3)
    trouble = in_trouble(s.clock[a, k], p.overrun, s.share_done[a, k])
    s.escalation[a, k] = institution.escalation if trouble else 0.0

    ad_hoc = _ad_hoc_effort(s, a)
    own = _members_effort(s, w, a, k, party, members)
    staff = (
        (own + ad_hoc + s.arena_pool[a] * p.bureau_efficiency / s.executing[a])
        * (1.0 + p.capacity_coordination_gain * institution.capacity_coordination)
        * (1.0 - p.opt_out_loss * institution.opt_out)
    )
    partners = _partners_effort(s, w, p, a, k, capacity)
    coordination = coordination_of(institution, p.autonomy_gain, w.border_theme[k])
    cost = transaction_cost(
        p.transaction_cost, escalated(coordination, s.escalation[a, k]), members + institution.partner_seats
    )
    effort = institution.execution * (staff + partners) * (1.0 + p.money_effort * money) / cost
    work = required_work(p.work, p.work_fixed, p.work_absent, capacity, s.arena_capacity[a])
    work *= capital_need(p.capital_work, w.money[k], money)

    s.progress[a, k] += effort
    s.clock[a, k] += 1.0
    s.share_done[a, k] = clip(s.progress[a, k] / work)
