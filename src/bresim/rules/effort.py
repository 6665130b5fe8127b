"""Rule: effort
Equation: effort = (delivered slack + bureau + partners)(1 + money) / (1 + chi (1 - coordination)(n - 1)); done at progress >= work
Source: Williamson 1985; Feiock 2013 (transaction cost); BRE 2.1 (Parkstad's bureau; means as oil), 5.6; RD 1 (partners), 3 (alliances)
"""

from __future__ import annotations

from bresim.kernel.arithmetic import clip, indices_of
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
    institution, party = s.institution[a], s.scratch_index
    money = outside_money(s, a, k)
    members = indices_of(s.committed[a, k], party)
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
