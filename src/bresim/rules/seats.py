r"""Losing the vote

A member that does not deliver loses influence (BRE 4.2.3). Where the agreement has this sanction, a member that breaks
its promise at a milestone loses its vote in that arena with a chance: the sanction. A delay that was announced costs
nothing. It has its vote back when it keeps a promise at a later milestone in the arena, or at the latest after some
quarters, counted anew when it breaks another one and the sanction strikes again; and at once when another institution
takes over. Votes count as they are at the start of the quarter.

A municipality that has lost its vote has no seat on the board, neither a fixed nor a rotating one: the seat stays empty
(rule `board`). It is not counted when the share is taken of those that must commit (rule `aggregation`): its refusal
blocks nobody. It may still join and deliver; then it counts for the least number of members and the least capacity, and
as before it gives staff to bureau and services. Where all that are eligible have lost their vote, all count: a rule
that nobody can meet is none.

The form is a judgement: the report asks that municipalities which against agreements do not secure the capacity are
content with less influence, and says neither how nor for how long. Here a delay that is announced is no such case. A chance, as the others have to agree on it and often look away; for a year, as
boards are seated by the year.

Equation: a member that breaks its promise at a milestone loses its vote
    t_{B,ia}' = t + 1 + \mathrm{round}(T_B) \quad \text{if } \text{due}_{ak},\; \text{verdict}_{iak} = \text{broken} \text{ and } U_{iak} < \mathrm{sanction}_{ak},
    \qquad i \in M_{ak} \cap E_a
Equation: it has it back
    t_{B,ia}' = 0 \quad \text{if } \text{due}_{ak},\; \text{verdict}_{iak} = \text{kept} \text{ and it was not lost this quarter, or if another institution } \text{takes over}
Equation: municipalities whose vote counts in the arena
    \mathcal{V}_a' = \begin{cases} \tilde{\mathcal{V}}_a & \text{if } \tilde{\mathcal{V}}_a \ne \varnothing \\ E_a & \text{otherwise} \end{cases} \qquad
    \tilde{\mathcal{V}}_a = \{ i \in E_a : t \ge t_{B,ia} \}
Symbols:
    \mathcal{V}_a = s.has_vote; municipalities whose vote counts in the arena [set]
    \tilde{\mathcal{V}}_a = eligible municipalities that have not lost their vote [set]
    t_{B,ia} = s.vote_back; quarter from which it has its vote back [quarter]
    E_a = s.eligible; municipalities eligible in the arena [set]
    M_{ak} = members of the initiative when execution began this quarter: s.members [set]
    \text{due}_{ak} = s.due; whether a milestone is due this quarter
    \text{verdict}_{iak} = s.verdict
    \text{takes over} = s.taken_over; an institution with other rules holds since this quarter (rule `institution`)
    T_B = vote_lost_quarters
    \mathrm{sanction}_{ak} = s.agreed_sanction; of the time when it was agreed (rule `signing`)
Source: BRE 4.2.3 (a municipality that against agreements does not secure its capacity has to be content with less influence); BRE 4.1 (agreements are not kept); Ostrom 1990 (graduated
    sanctions); judgement (chance, time, what a vote is)
"""

from __future__ import annotations

from bresim.kernel import draws
from bresim.kernel.jit import copy_to, njit
from bresim.kernel.state import BROKEN, KEPT


@njit
def vote_back(verdict, strikes, back, quarter):
    """Quarter from which a member has its vote, after a milestone.

    ``back`` is what it was before; ``quarter`` what it is if the vote is lost now: whether the sanction ``strikes`` counts
    only after a broken promise. A promise that is kept in the quarter of another one that is broken makes up for nothing.
    """
    if verdict == BROKEN and strikes:
        return quarter
    if verdict == KEPT and back < quarter:
        return 0
    return back


@njit
def _count_votes(s, a, t):
    """Set whose vote counts in arena ``a``: all that are eligible if all of them have lost it."""
    some = False
    for i in range(s.has_vote.shape[1]):
        s.has_vote[a, i] = s.eligible[a, i] and t >= s.vote_back[a, i]
        some = some or s.has_vote[a, i]
    if not some:
        copy_to(s.has_vote[a], s.eligible[a])


@njit
def update(s, w, p, t):
    """Say whose vote counts this quarter; where another institution takes over everyone has it back.

    Another institution is one with other rules: one under another name changes nothing.
    """
    for a in range(s.has_vote.shape[0]):
        if s.taken_over[a]:
            s.vote_back[a, :] = 0
        _count_votes(s, a, t)


@njit
def update_initiative(s, w, p, t, a, k):
    """At a milestone of initiative (a, k), let members that broke their promise lose their vote; those that kept it have it back."""
    if not s.due[a, k]:
        return
    quarter, sanction, cell = t + 1 + round(p.vote_lost_quarters), s.agreed_sanction[a, k], a * s.phase.shape[1] + k
    for m in range(s.n_members[a, k]):
        i = s.members[a, k, m]
        verdict = s.verdict[a, k, i]
        if s.eligible[a, i] and verdict in (BROKEN, KEPT):
            strikes = sanction > 0.0 and draws.uniform(s.key, draws.LOSE_VOTE, t, cell, i) < sanction
            s.vote_back[a, i] = vote_back(verdict, strikes, s.vote_back[a, i], quarter)
