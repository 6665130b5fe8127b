"""Rule: effort
Equation: effort = (delivered slack + bureau + partners)(1 + money) / (1 + chi (1 - coordination)(n - 1)); done at progress >= work
Source: Williamson 1985; Feiock 2013 (transaction cost); BRE 2.1 (Parkstad's bureau; means as oil), 5.6; RD 1 (partners), 3 (alliances)
"""

from __future__ import annotations

from bresim.kernel.arithmetic import clip
from bresim.kernel.jit import njit
from bresim.kernel.state import (
    COMPLETED,
    EXECUTING,
    FAILED,
    FIRST_RESULT,
    IDLE,
    KAPPA,
    L_ENDED,
    L_OPENED,
    L_OUTCOME,
    N_COMPLETED,
    N_FAILED,
    REGIONAL,
    STANCE,
)
from bresim.rules import delivery, trust
from bresim.rules.acceptance import backing
from bresim.rules.agenda import member_bits
from bresim.rules.commitment import money_for, parochialism_in
from bresim.rules.grievance import after_overrun
from bresim.rules.load import count_pledges
from bresim.rules.partners import ECONOMIC, SOCIETAL, after_breakdown, after_success
from bresim.rules.support import after_failure
from bresim.rules.value import complete


@njit
def transaction_cost(chi, coordination, members):
    """Factor >= 1 by which working together costs effort; 1 for a single member or full coordination."""
    return 1.0 + chi * (1.0 - coordination) * max(0.0, members - 1.0)


@njit
def coordination_of(rules, autonomy_gain, border_theme):
    """How far transaction cost is taken away: by the convener, autonomous alliances, and focus on cross-border themes."""
    friction = (1.0 - rules.coordination) * (1.0 - autonomy_gain * rules.alliance_autonomy)
    return 1.0 - friction * (1.0 - rules.cross_border_focus * border_theme)


@njit
def required_work(work, fixed, absent, members_capacity, arena_capacity):
    """Work of an initiative in fte quarters; part of the absentees' share falls on the members."""
    return fixed + work * (members_capacity + absent * (arena_capacity - members_capacity))


@njit
def in_trouble(clock, overrun, share):
    """Whether the goal is in danger: in its last quarter, or past half its time with less work done than time gone."""
    return clock + 1.0 >= overrun or (clock >= 0.5 * overrun and share < clock / overrun)


@njit
def escalated(coordination, escalation):
    """Coordination once bureau and board step in: cross-connections are laid, knots cut (RD 3)."""
    return 1.0 - (1.0 - coordination) * (1.0 - escalation)


@njit
def capital_need(capital_work, propensity, money):
    """Factor >= 1 on the work of a theme that lives on central money, as far as that money is not there."""
    return 1.0 + capital_work * propensity * (1.0 - money)


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
def taken_over(left, room):
    """Fte of the work the others leave that the lead municipalities do: all of it, as far as they have room."""
    return min(left, room)


@njit
def _offer(s, w, p, a, executing):
    """Set ``s.offer``: the fte everyone has for each initiative of arena ``a`` it delivers on.

    And ``s.lead_room``: the fte it could take over on top, when it leads and lets home wait. And, where there is an
    outer ring, ``s.help``: the fte that who is in none of the alliances under way gives to each ad hoc.
    """
    kappa = parochialism_in(s.scalars[KAPPA], p.subregional_bond, w.arena_scale[a] == REGIONAL)
    slack, pledges, offer, lead_room = s.slack, s.pledges, s.offer, s.lead_room
    for i in range(slack.shape[0]):
        share = 1.0 / max(1.0, pledges[i])
        offer[i] = available(slack[i], p.home_first, kappa) * share
        lead_room[i] = slack[i] * share - offer[i]
    if s.rules[a].outer_ring == 0.0:
        return
    for i in range(slack.shape[0]):
        s.help[i] = s.rules[a].outer_ring * p.ad_hoc_effort * unpromised(slack[i], p.home_first, kappa, pledges[i])
    for k in range(s.phase.shape[1]):
        if s.phase[a, k] == EXECUTING:
            for i in range(slack.shape[0]):
                s.help[i] *= not s.committed[a, k, i]
    for i in range(slack.shape[0]):
        s.help[i] /= executing


@njit
def _work_done(s, w, p, a, k, money, count, executing, escalation):
    """Effort in fte of one quarter on initiative (a, k), one of ``executing`` in its arena, and the work it needs in all."""
    rules = s.rules[a]
    party, centre, fte, delivered, used = s.party, w.centre, s.capacity, s.delivered, s.used
    own = 0.0
    capacity = 0.0
    ad_hoc = 0.0
    if rules.outer_ring > 0.0:
        for m in range(s.n_invited[a]):
            i = s.invited[a, m]
            used[i] += s.help[i]
            ad_hoc += s.help[i]
    leaves = rules.lead_share
    if leaves > 0.0:
        led = False
        for m in range(count):
            led = led | centre[party[m]]
        leaves = leaves if led else 0.0
    left = 0.0  # by the others to the lead (ESZL: tasks divided over the centres)
    room = 0.0
    for m in range(count):
        i = party[m]
        capacity += fte[i]
        given = s.offer[i] * delivered[i]
        if leaves > 0.0:
            if centre[i]:
                room += s.lead_room[i] * delivered[i]
            else:
                left += leaves * given
                given *= 1.0 - leaves
        used[i] += given
        own += given
    taken = taken_over(left, room)
    own += taken
    if taken > 0.0:
        for m in range(count):
            i = party[m]
            if centre[i]:
                used[i] += taken * s.lead_room[i] * delivered[i] / room
    staff = (
        (own + ad_hoc + s.arena_pool[a] * p.bureau_efficiency / executing)
        * (1.0 + p.capacity_coordination_gain * rules.capacity_coordination)
        * (1.0 - p.opt_out_loss * rules.opt_out)
    )
    trusted = w.economic[k] * s.partner[ECONOMIC] + w.societal[k] * s.partner[SOCIETAL]
    partners = p.partner_effort * capacity * (rules.partner_weight * trusted + w.water_board[k]) / executing
    coordination = escalated(coordination_of(rules, p.autonomy_gain, w.border_theme[k]), escalation)
    cost = transaction_cost(p.transaction_cost, coordination, count + rules.partner_seats)
    effort = rules.execution * (staff + partners) * (1.0 + p.money_effort * money) / cost
    work = required_work(p.work, p.work_fixed, p.work_absent, capacity, s.arena_capacity[a])
    return effort, work * capital_need(p.capital_work, w.money[k], money)


@njit
def _finish(s, w, p, t, a, k, share):
    """End of an execution: completed if ``share`` of the work is 1, else failed."""
    row = s.log_row[a, k]
    done = share >= 1.0
    complete(s, w, p, a, k, 1.0 if done else p.partial * share, done)
    if w.arena_scale[a] == REGIONAL:  # partners judge the region as a partner, not the subregions
        if done:
            after_success(s, w, p, a, k)
        else:
            after_breakdown(s, w, p, k)
    if not done:
        after_overrun(s, p, a, k)
        for i in range(s.capacity.shape[0]):
            if s.committed[a, k, i]:
                after_failure(s, p, i)
    s.log[row, L_ENDED] = t
    s.log[row, L_OUTCOME] = COMPLETED if done else FAILED
    s.log_members[row] = member_bits(s, a, k)
    if a == 0 and t >= w.policy_start:
        s.counts[N_COMPLETED if done else N_FAILED] += 1.0
        if done and s.counts[FIRST_RESULT] < 0.0 and s.log[row, L_OPENED] >= w.policy_start:
            s.counts[FIRST_RESULT] = t - w.policy_start
    s.phase[a, k] = IDLE
    s.rest[a, k] = 1.0 if done else p.cooldown
    s.committed[a, k, :] = False
    s.coerced[a, k, :] = False


@njit
def update(s, w, p, t):
    """Execute every agreed initiative for one quarter: deliver, learn, and end what is done or overdue."""
    arenas, themes = s.phase.shape
    s.used[:] = 0.0
    s.harvest[:] = 0.0
    count_pledges(s)  # also those of agreements made this quarter: nobody gives its slack twice
    slack, capacity, pledges, spare = s.slack, s.capacity, s.pledges, s.spare
    for i in range(slack.shape[0]):
        spare[i] = slack[i] / (capacity[i] * max(1.0, pledges[i]))
    for a in range(arenas):
        rules = s.rules[a]
        executing = 0.0
        for k in range(themes):
            executing += 1.0 if s.phase[a, k] == EXECUTING else 0.0
        provincial = rules.cofunding * backing(rules.mandate, s.scalars[STANCE])
        if executing > 0.0:
            _offer(s, w, p, a, executing)
        for k in range(themes):
            if s.phase[a, k] != EXECUTING:
                continue
            # a grant, once won, stays with the initiative until it ends
            s.grant[a, k] = max(s.grant[a, k], s.window[k])
            money = money_for(s.grant[a, k], provincial, rules.programme_money)
            count = delivery.gather(s, a, k)
            delivery.decide(s, w, p, t, a, k, money, count)
            # an alliance in trouble escalates to the bureau, then to the board (RD 3)
            trouble = in_trouble(s.clock[a, k], p.overrun, s.share[a, k])
            escalation = rules.escalation if trouble else 0.0
            effort, work = _work_done(s, w, p, a, k, money, count, executing, escalation)
            trust.learn(s, p, a, count)
            s.progress[a, k] += effort
            s.clock[a, k] += 1.0
            share = clip(s.progress[a, k] / work)
            s.share[a, k] = share
            if share >= 1.0 or s.clock[a, k] >= p.overrun + p.escalation_time * escalation or count == 0:
                _finish(s, w, p, t, a, k, share)
