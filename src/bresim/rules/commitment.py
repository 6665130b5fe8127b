"""Rule: commitment
Equation: P(join) = pace logistic(b0 + urgency + interest + trust + slack + support + money + facilitation + threat - binding - say ...)
Source: McFadden 1974; BRE 3 (urgency, interest, trust), 2.1 (money), 4.2.2 (binding, guide), 4.2.3 (stick); Scharpf 1997;
    Brehm 1966; Frey & Jegen 2001; Granovetter 1978; RD 3 (free in the how)
"""

from __future__ import annotations

from bresim.kernel import draws
from bresim.kernel.arithmetic import around_half, clip
from bresim.kernel.jit import njit
from bresim.kernel.state import DIVIDE, IDLE, KAPPA, NEGOTIATING, REGIONAL, STANCE, STEERING
from bresim.rules.acceptance import backing
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
    """The shadow of hierarchy: moves who accepts it, and makes who does not dig in (logit)."""
    return steering * (acceptance * weight - (1.0 - acceptance) * reactance)


@njit
def money_for(window, cofunding, programme):
    """Money from outside for an initiative, in [0, 1]: windows, provincial co-funding and programme add up to at most 1."""
    return clip(window + cofunding + programme)


@njit
def standing_inclination(p, rules, trust, slack, support, weight, orientation, pressure, say):
    """What a municipality brings to every table (logit). Shares in [0, 1]; ``weight`` is that of its council.

    ``orientation`` is around one half and 0 outside the regional scale; ``pressure`` is ``threat`` in
    logits; ``say`` is unequal say times the divide for who is not on the board.
    """
    return (
        p.join_base
        + p.join_trust * around_half(trust)
        + p.join_slack * slack
        + p.join_support * weight * around_half(support)
        + p.join_facilitation * rules.facilitation
        + p.join_orientation * orientation
        + pressure
        - p.join_binding * rules.binding * (1.0 - support)
        - p.join_say * say
    )


@njit
def theme_inclination(p, rules, urgency, interest, money, peers):
    """What this theme adds (logit); ``peers`` is the share of the eligible who are already committed."""
    return (
        p.join_urgency * urgency
        + p.join_interest * interest
        + p.join_money * money
        + p.join_opt_out * rules.opt_out * (1.0 - interest)
        + p.join_peers * (peers - 0.5)
    )


@njit
def acceptance(accepted, gain, mandate):
    """Acceptance of provincial steering now: a granted mandate raises it (BRE 4.2.3: the role must be granted)."""
    return clip(accepted + gain * mandate)


@njit
def unequal_say(equal_say, sounding_board, effect):
    """How little say who is not on the board has; being sounded out makes up for part of it (RD 3)."""
    return (1.0 - equal_say) * (1.0 - effect * sounding_board)


@njit
def _stand(s, w, p, a):
    """Set ``s.standing``: what everyone eligible in arena ``a`` brings to each of its tables."""
    rules = s.rules[a]
    regional = w.arena_scale[a] == REGIONAL
    steering = s.scalars[STEERING] if regional else 0.0
    say = unequal_say(rules.equal_say, rules.sounding_board, p.sounding_effect) * s.scalars[DIVIDE]
    standing, invited, board, trust = s.standing, s.invited[a], s.board[a], s.arena_trust[a]
    slack, capacity, support, orientation, accepted = s.slack, s.capacity, s.support, w.orientation, s.acceptance
    for m in range(s.n_invited[a]):
        i = invited[m]
        granted = acceptance(accepted[i], p.acceptance_mandate, rules.mandate)
        standing[i] = standing_inclination(
            p,
            rules,
            trust[i],
            slack[i] / capacity[i],
            support[i],
            council_weight(p.council_local, w.local_party[i]),
            around_half(orientation[i]) if regional else 0.0,
            threat(steering, granted, p.join_threat, p.join_reactance),
            0.0 if board[i] else say,
        )


@njit
def _decide(s, w, p, t, a, k):
    """Joining and withdrawing on initiative (a, k) this quarter.

    Everyone's chance is worked out, as that is faster than to go by who is eligible; only theirs count.
    """
    rules = s.rules[a]
    themes, size = s.urgency.shape
    negotiating = s.phase[a, k] == NEGOTIATING
    pace = clip(p.pace * (1.0 + p.facilitation_pace * rules.facilitation))
    # an initiative in execution is open to newcomers as far as the design says; nobody withdraws this way
    ease = pace if negotiating else pace * rules.late_joining
    withdrawal = 2.0 * p.revoke * rules.revocable * (1.0 - rules.binding) if negotiating else 0.0
    provincial = rules.cofunding * backing(rules.mandate, s.scalars[STANCE])
    money = money_for(max(s.window[k], s.grant[a, k]), provincial, rules.programme_money)
    member, eligible, standing, chances = s.committed[a, k], s.eligible[a], s.standing, s.chances
    luck = s.luck_commit[a, k]
    own, urgency, shared = s.interest[k], s.urgency[k], s.arena_interest[a, k]
    kappa = parochialism_in(s.scalars[KAPPA], p.subregional_bond, w.arena_scale[a] == REGIONAL)
    joined = 0
    for i in range(size):
        joined += member[i] & eligible[i]
    if joined == s.n_invited[a] and not negotiating:
        return  # nobody is left to join
    peers = joined / s.n_invited[a]
    draws.fill_once(s.key, draws.COMMIT, t, a * themes + k, luck, s.filled)
    for i in range(size):
        chances[i] = standing[i] + theme_inclination(
            p, rules, urgency[i], effective_interest(own[i], shared, kappa), money, peers
        )
    choose(chances, size)
    for i in range(size):
        turns = luck[i] < (withdrawal * (1.0 - chances[i]) if member[i] else ease * chances[i])
        member[i] ^= turns & eligible[i]


@njit
def _is_open(s, a, k):
    """Whether municipalities can join initiative (a, k) now: past its talk about form, or in execution if late joining is allowed."""
    rules = s.rules[a]
    if s.phase[a, k] == NEGOTIATING:  # form comes before content: nobody commits yet (BRE 3)
        return s.clock[a, k] >= rules.form_quarters
    return s.phase[a, k] != IDLE and rules.late_joining > 0.0


@njit
def update(s, w, p, t):
    """Let every eligible municipality join, stay out of, or withdraw from each initiative that is open to it."""
    arenas, themes, _ = s.committed.shape
    for a in range(arenas):
        ready = False
        for k in range(themes):
            if not _is_open(s, a, k):
                continue
            if not ready:  # the same for all tables of the arena
                trust_in_others(s.trusted, s.invited[a], s.n_invited[a], s.arena_trust[a])
                _stand(s, w, p, a)
                ready = True
            _decide(s, w, p, t, a, k)
