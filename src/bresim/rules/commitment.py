"""Rule: commitment
Equation: P(join) = pace logistic(b0 + urgency + interest + trust + slack + support + money + facilitation + threat - binding - say ...)
Source: McFadden 1974; BRE 3 (urgency, interest, trust), 2.1 (money), 4.2.2 (binding, guide), 4.2.3 (stick); Scharpf 1997;
    Brehm 1966; Frey & Jegen 2001; Granovetter 1978; RD 3 (free in the how)
"""

from __future__ import annotations

from bresim.kernel import draws
from bresim.kernel.arithmetic import around_half, clip
from bresim.kernel.jit import njit
from bresim.kernel.state import IDLE, NEGOTIATING, REGIONAL
from bresim.rules.acceptance import with_mandate
from bresim.rules.funding import outside_money
from bresim.rules.logit import choose
from bresim.rules.support import council_weight
from bresim.rules.trust import trust_in_others


@njit
def effective_interest(own, shared, kappa):
    """What a municipality weighs: its own stake as far as it is parochial, else the stake of the whole (BRE 2.3)."""
    return (1.0 - kappa) * shared + kappa * own


@njit
def parochialism_in(kappa, bond, regional):
    """Parochialism that counts in an arena: within the own subregion a part of it is overcome (BRE 2.1)."""
    return kappa if regional else kappa * (1.0 - bond)


@njit
def threat(steering, acceptance, weight, reactance):
    """The shadow of hierarchy: moves a municipality that accepts it, and makes one that does not dig in (logit)."""
    return steering * (acceptance * weight - (1.0 - acceptance) * reactance)


@njit
def unequal_say(equal_say, sounding_board, effect):
    """How little say a municipality outside the board has; being sounded out makes up for part of it (RD 3)."""
    return (1.0 - equal_say) * (1.0 - effect * sounding_board)


@njit
def base_inclination(p, institution, trust, slack, support, weight, orientation, pressure, say):
    """What a municipality brings to every table (logit). Shares in [0, 1]; ``weight`` is that of its council.

    ``orientation`` is around one half and 0 outside the regional scale; ``pressure`` is ``threat`` in
    logits; ``say`` is unequal say times the divide, 0 on the board.
    """
    return (
        p.join_base
        + p.join_trust * around_half(trust)
        + p.join_slack * slack
        + p.join_support * weight * around_half(support)
        + p.join_facilitation * institution.facilitation
        + p.join_orientation * orientation
        + pressure
        - p.join_binding * institution.binding * (1.0 - support)
        - p.join_say * say
    )


@njit
def theme_inclination(p, institution, urgency, interest, money, peers):
    """What this theme adds (logit); ``peers`` is the share of the eligible who are already committed."""
    return (
        p.join_urgency * urgency
        + p.join_interest * interest
        + p.join_money * money
        + p.join_opt_out * institution.opt_out * (1.0 - interest)
        + p.join_peers * (peers - 0.5)
    )


@njit
def pace_of_deciding(p, institution):
    """Chance that a municipality decides in a quarter; facilitation speeds it up."""
    return clip(p.pace * (1.0 + p.facilitation_pace * institution.facilitation))


@njit
def withdrawal_rate(p, institution):
    """Chance to withdraw for a municipality without any inclination; at one half it is ``revoke``."""
    return 2.0 * p.revoke * institution.revocable * (1.0 - institution.binding)


@njit
def _base_inclinations(s, w, p, a, base, trust):
    """Set ``base`` (N,): what each eligible municipality brings to each table of arena ``a``; ``trust`` is working memory."""
    institution, region = s.institution[a], s.region
    regional = w.arena_scale[a] == REGIONAL
    steering = region.steering if regional else 0.0
    say = unequal_say(institution.equal_say, institution.sounding_board, p.sounding_effect) * region.divide
    trust_in_others(s.trust_received, s.invited[a], s.n_invited[a], trust)
    for m in range(s.n_invited[a]):
        i = s.invited[a, m]
        accepted = with_mandate(s.acceptance[i], p.acceptance_mandate, institution.mandate)
        base[i] = base_inclination(
            p,
            institution,
            trust[i],
            s.slack[i] / s.capacity[i],
            s.support[i],
            council_weight(p.council_local, w.local_party[i]),
            around_half(w.orientation[i]) if regional else 0.0,
            threat(steering, accepted, p.join_threat, p.join_reactance),
            0.0 if s.board[a, i] else say,
        )


@njit
def _chances(s, w, p, a, k, peers, base, chances):
    """Set ``chances`` (N,): with which each municipality, if it decides, wants to be in initiative (a, k).

    Every municipality's is worked out, as that is faster than to go by eligibility; only those of the eligible count.
    """
    institution, own, urgency, shared = s.institution[a], s.interest[k], s.urgency[k], s.arena_interest[a, k]
    kappa = parochialism_in(s.region.kappa, p.subregional_bond, w.arena_scale[a] == REGIONAL)
    money = outside_money(s, a, k)
    size = own.shape[0]
    for i in range(size):
        interest = effective_interest(own[i], shared, kappa)
        chances[i] = base[i] + theme_inclination(p, institution, urgency[i], interest, money, peers)
    choose(chances, size)


@njit
def _decide(s, w, p, t, a, k, base, chances):
    """Joining and withdrawing on initiative (a, k) this quarter."""
    institution, member, eligible, draw = s.institution[a], s.committed[a, k], s.eligible[a], s.draws_commit[a, k]
    themes, size = s.urgency.shape
    negotiating = s.phase[a, k] == NEGOTIATING
    joined = 0
    for i in range(size):
        joined += member[i] & eligible[i]
    if joined == s.n_invited[a] and not negotiating:
        return  # nobody is left to join
    _chances(s, w, p, a, k, joined / s.n_invited[a], base, chances)
    # an initiative in execution is open to newcomers as far as the design says; nobody withdraws this way
    ease = pace_of_deciding(p, institution) * (1.0 if negotiating else institution.late_joining)
    withdrawal = withdrawal_rate(p, institution) if negotiating else 0.0
    draws.fill_once(s.key, draws.COMMIT, t, a * themes + k, draw, s.drawn)
    for i in range(size):
        turns = draw[i] < (withdrawal * (1.0 - chances[i]) if member[i] else ease * chances[i])
        member[i] ^= turns & eligible[i]


@njit
def _is_open(s, a, k):
    """Whether municipalities can join initiative (a, k) now: past its talk about form, or in execution if late joining is allowed."""
    institution = s.institution[a]
    if s.phase[a, k] == NEGOTIATING:  # form comes before content: nobody commits yet (BRE 3)
        return s.clock[a, k] >= institution.form_quarters
    return s.phase[a, k] != IDLE and institution.late_joining > 0.0


@njit
def update(s, w, p, t):
    """Let every eligible municipality join, stay out of, or withdraw from each initiative that is open to it."""
    arenas, themes, _ = s.committed.shape
    base, working = s.scratch[0], s.scratch[1]
    for a in range(arenas):
        ready = False
        for k in range(themes):
            if not _is_open(s, a, k):
                continue
            if not ready:  # the same for all tables of the arena
                _base_inclinations(s, w, p, a, base, working)
                ready = True
            _decide(s, w, p, t, a, k, base, working)
