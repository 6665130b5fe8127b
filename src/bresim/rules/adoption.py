r"""Founding, ending and dissolving the design

Before policy start the region's own institution holds. From policy start on, the status quo holds until the design is
founded: at once in a run with `founding=at_once`, which says what a design does apart from whether it is founded;
otherwise when the vote of the municipalities on it is carried (rule `voting`). With adoption quota 0 they have no vote
on it. Then it is founded at once too, unless it gives the province a role. The province takes that role on in the first
quarter in which more than half of the provincial council backs it; a full mandate obliges it to. How many back it is
the stance of the province in the quarter before (rule `stance` runs later in the quarter). A design with a term ends
with it; a successor has no term. The successor is founded in the same way, by its own quota, if that succeeds in the
very quarter in which the term is over; the status quo holds until it is. Designs are chained with a condition: what
follows can depend on what the design yields, which is judged when its term is over. The successor may ask for enough
agreements that the municipalities made under the design (what the province imposed is none), or, as a stick behind the
door, that there are not enough. If its condition is not met it is not put to the vote and not founded at once either:
the status quo holds for good. A design or successor that is dissolved gives way to the status quo. After that only a
vote can found it again; with `founding=at_once` there are none, so there it stays dissolved.

A vote to found that is lost, and a dissolution, are remembered as a refusal; the memory fades. With `founding=vote`
founding is part of the comparison: a good design that is never founded scores as the status quo. Both foundings meet
the same random draws.

Equation: what is left of the institution in force after what ends, of the first case that holds
    \text{left}_t = \begin{cases}
    \text{the region's own} & \text{if } t < t_P \\
    \text{the status quo} & \text{if } \text{slot}_{t-1} \text{ is the region's own, the term of the design is over, or } \text{question}_t = \text{dissolve} \land H_V \\
    \text{slot}_{t-1} & \text{otherwise}
    \end{cases}
Equation: institution in force, and quarter since which it holds
    \text{slot}_t = \begin{cases}
    X & \text{if } t \ge t_P,\ \text{left}_t \text{ is the status quo and } X \text{ is founded now} \\
    \text{left}_t & \text{otherwise}
    \end{cases}, \qquad t_X' = t \quad \text{if } \text{slot}_t \ne \text{slot}_{t-1}
Equation: X is the design; after its term its successor, if S, else nothing. It is founded now
    \begin{cases} H_V & \text{if } X \text{ is put to the vote: } \text{question}_t \text{ is found or succeed} \\
    (F = 1 \lor (\mathrm{adoption\ quota} = 0 \land J)) \land \text{nothing was dissolved} & \text{if } \text{question}_t = \text{none} \\
    0 & \text{if } \text{question}_t = \text{dissolve} \end{cases}
Equation: the province takes on the role that the design gives it, if any
    J = \bigl[\mathrm{steering} = 0 \;\lor\; \mathrm{mandate} + (1 - \mathrm{mandate})\, \psi > \tfrac12\bigr]
Equation: the term of the design is over, once
    \text{slot}_{t-1} \text{ is the design} \;\land\; \mathrm{term} > 0 \;\land\; t - t_X \ge \mathrm{term}
Equation: agreements: one of the municipalities themselves where a design holds, while it does; when the design is founded
    G' = G + 1, \qquad G_X' = G
Equation: the condition of the successor is met
    S = \begin{cases} G - G_X \ge g_S & \text{if } \mathrm{successor\ if} = \text{agreed} \\ G - G_X < g_S & \text{if } \mathrm{successor\ if} = \text{not agreed} \\
    1 & \text{if } \mathrm{successor\ if} = \text{always} \end{cases}
Equation: memory of a refusal; after a lost vote to found, and after a dissolution
    \mathcal{N}' = (1 - r_{\mathcal{N}})\, \mathcal{N}, \qquad \mathcal{N}' = 1
Equation: quarter of the last result: an initiative is completed in the arena in which it holds, the region's or its own
    t_{\mathrm{res}}' = t
Symbols:
    \text{slot}_t = s.region.slot
    \text{left}_t = what is left of the institution in force after what ends [slot]
    X = institution that may be founded [slot]
    \text{question}_t = s.region.question
    H_V = s.region.carried
    F = s.region.at_once
    J = whether the province takes on the role that the design gives it, if any [0 or 1]
    \psi = s.region.stance; read as the share of the provincial council that backs the role
    \mathrm{steering} = payoff.steering
    \mathrm{mandate} = payoff.mandate
    \mathcal{N} = s.region.refused
    r_{\mathcal{N}} = refusal_decay
    t_P = w.policy_start; quarter of the policy start [quarter]
    t_X = s.region.since; quarter since which what is in force holds [quarter]
    t_{\mathrm{res}} = s.region.last_result
    \text{arena in which it holds} = w.beside; the region, or one of its own [arena]
    \text{its own} = w.arena_beside
    \mathrm{adoption\ quota} = aggregation.adoption_quota
    \mathrm{term} = scope.term_quarters
    \text{successor} = scope.successor
    S = whether the condition of the successor is met [0 or 1]
    \mathrm{successor\ if} = scope.successor_if
    g_S = scope.successor_agreements
    G = s.region.agreed
    G_X = s.region.agreed_before; those made before the design was founded [count]
Source: BRE 4.2.2 (a supported follow-up, of which the form depends on what the exploration yields); BRE 4.2.3 (a steering role of the province
    if no concrete agreements are reached); RD 3, 4 (founding by the participants; term; what follows is decided anew); BRE 2.2, 5.6 (LED was
    dissolved); BRE 2.3 (what went wrong is remembered); judgement (a majority of the provincial council)
"""

from __future__ import annotations

from bresim.kernel.jit import njit
from bresim.kernel.state import AGREED, BEFORE, COMPLETED, DESIGN, DISSOLVE, FALLBACK, NO_VOTE, SUCCESSOR
from bresim.rules.acceptance import backing


@njit
def expired(slot, since, term, t):
    """Whether the term of the design is over; only a design has one, not its successor."""
    return slot == DESIGN and term > 0.0 and t - since >= term


@njit
def meets(design, agreed):
    """Whether so many agreements under ``design`` are what its successor asks for."""
    if design.successor_if_agreed > 0.5:
        return agreed >= design.successor_agreements
    if design.successor_if_not_agreed > 0.5:
        return agreed < design.successor_agreements
    return True


@njit
def next_in_line(ended, followed):
    """Institution slot that may be founded: the design, after its term its successor, ``BEFORE`` if there is none."""
    if not ended:
        return DESIGN
    return SUCCESSOR if followed else BEFORE


@njit
def needs_no_vote(at_once, quota):
    """Whether the municipalities have no vote on an institution."""
    return at_once or quota <= 0.0


@njit
def takes_on(steering, mandate, stance):
    """Whether the province takes on the role that a design gives it, if any: if more than half of its council backs it."""
    return steering <= 0.0 or backing(mandate, stance) > 0.5


@njit
def _back_to_the_status_quo(region, t):
    """What was founded holds no longer."""
    region.slot = FALLBACK
    region.since = t


@njit
def _dissolve(region, t):
    """Dissolve what holds; the first time is noted, and all of them are remembered."""
    _back_to_the_status_quo(region, t)
    region.refused = 1.0
    if not region.dissolved:
        region.dissolved = True
        region.dissolved_quarter = t


@njit
def _establish(region, slot, t):
    """Let an institution hold from now on; when the design was founded first is noted."""
    region.slot = slot
    region.since = t
    if slot == SUCCESSOR:
        region.followed = True
    else:
        region.agreed_before = region.agreed
    if not region.adopted:
        region.adopted = True
        region.adopted_quarter = t


@njit
def _founded_without_vote(region, institution):
    """Whether an institution is founded that the municipalities did not vote on."""
    if not needs_no_vote(region.at_once, institution.adoption_quota):
        return False
    return region.at_once or takes_on(institution.steering, institution.mandate, region.stance)


@njit
def _found(s, w, t):
    """Found what is next in line: by the vote of the municipalities, or without one."""
    region = s.region
    design = region.design
    followed = w.has_successor[design] and meets(w.institution[design, DESIGN], region.agreed - region.agreed_before)
    slot = next_in_line(region.ended, followed)
    if slot == BEFORE:
        return
    if region.question != NO_VOTE:
        if region.carried:
            _establish(region, slot, t)
        else:
            region.refused = 1.0
            region.refusals += 1
    elif not region.dissolved and _founded_without_vote(region, w.institution[design, slot]):
        _establish(region, slot, t)


@njit
def arena_of(w, design, slot):
    """The arena in which an institution holds: the region, or its own beside it."""
    return w.arena_beside if w.beside[design, slot] else 0


@njit
def place(s, w):
    """The arena in which the institution that was chosen holds."""
    return arena_of(w, s.region.design, s.region.slot)


@njit
def update_initiative(s, w, p, t, a, k):
    """An initiative that is completed where the institution holds is a result of it; one agreed counts for a design."""
    if a != place(s, w):
        return
    if s.outcome[a, k] == COMPLETED:
        s.region.last_result = t
    # never counted down: runs that are one until they come apart share this number
    if s.outcome[a, k] == AGREED and s.region.slot == DESIGN:
        s.region.agreed += 1


@njit
def update(s, w, p, t):
    """Set which institution holds in the region this quarter, after what was put to the vote."""
    region = s.region
    region.last_slot = region.slot
    region.refused *= 1.0 - p.refusal_decay
    if t < w.policy_start:
        return
    if region.slot == BEFORE:
        _back_to_the_status_quo(region, t)
    if expired(region.slot, region.since, w.institution[region.design, region.slot].term_quarters, t):
        _back_to_the_status_quo(region, t)
        region.ended = True
    if region.question == DISSOLVE:
        if region.carried:
            _dissolve(region, t)
    elif region.slot == FALLBACK:
        _found(s, w, t)
