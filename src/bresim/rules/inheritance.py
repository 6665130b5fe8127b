r"""What the region has under way when the run begins

The region does not begin with an empty table. In the first quarter each theme in scope of each arena was agreed on
before with some chance, and is else under negotiation with some chance, in turn (rule `turns`), until the institution's
maximum is under way.
Each eligible municipality is a member of what was agreed, or committed to what is negotiated, with a chance of its own,
which is half as large for the latter. What was agreed is in execution; if it has fewer members than the institution's
least number (or all eligible, if that is less), it is under negotiation instead, and these stay committed. How long it
has been under way is drawn evenly, up to the time of the slowest plan or up to patience. Of what was agreed the work
and the promises follow now (rule `signing`); a random part of the work that its plan had foreseen by now is done. These
initiatives are not counted as agreed in the run, and have no quarter of agreement in its log.

Equation: agreed on before, else under negotiation, else idle, by one random number
    \text{agreed}_{ak} \iff U_{ak} < q_X, \qquad \text{negotiating}_{ak} \iff q_X \le U_{ak} < q_X + (1 - q_X)\, q_N, \qquad k \in K_a,\;
    \text{as long as fewer than } \mathrm{max\ open} \text{ are under way}
Equation: members, and the least number of what is in execution
    \Pr(i \in M_{ak}) = \begin{cases} q_M & \text{agreed} \\ \tfrac12\, q_M & \text{negotiating} \end{cases} \quad (i \in E_a), \qquad
    \begin{aligned}
    \text{executing}_{ak} &\iff \text{agreed}_{ak} \land \lvert M_{ak}\rvert \ge \min(\mathrm{min\ members},\; \lvert E_a\rvert) \\
    \text{negotiating}_{ak}' &= \text{negotiating}_{ak} \lor (\text{agreed}_{ak} \land \lnot\, \text{executing}_{ak})
    \end{aligned}
Equation: quarters under way, share of the work that is done, and progress
    \vartheta_{ak} = \begin{cases} \lfloor U'_{ak}\, T_{\mathrm{slow}} \rfloor & \text{executing} \\ \lfloor U'_{ak}\, T_N \rfloor & \text{negotiating} \end{cases}, \qquad
    \bar p_{ak} = U''_{ak}\, \frac{\vartheta_{ak}}{T_{\mathrm{slow}}}, \qquad
    p_{ak} = \bar p_{ak}\, \Omega_{ak}\, (1 + e_C\, \pi_k\, (1 - m_{ak}))
Symbols:
    M_{ak} = s.committed; municipalities committed to the initiative, later its members [set]
    E_a = s.eligible; municipalities eligible in the arena [set]
    K_a = s.in_scope; themes in scope in the arena [set]
    \vartheta_{ak} = s.clock
    \bar p_{ak} = s.share_done
    p_{ak} = s.progress
    \Omega_{ak} = s.work
    \pi_k = w.money; propensity of the theme for central money
    m_{ak} = money from outside for the initiative, see rule `funding` [share]
    e_C = capital_work
    \mathrm{max\ open} = scope.max_open
    q_X = start_executing
    q_N = start_negotiating
    q_M = start_members
    T_{\mathrm{slow}} = plan_longest
    T_N = patience
    \mathrm{min\ members} = boundary.min_members
Source: BRE 2.1, 5.6 (the agenda of 2019, Trendbreuk, ESZL, NOVI: what was under way when the report's years began); judgement (shares)
"""

from __future__ import annotations

from bresim.kernel import draws
from bresim.kernel.jit import njit
from bresim.kernel.state import AGREED, EXECUTING, IDLE, NEGOTIATING, OPEN
from bresim.rules.effort import capital_need
from bresim.rules.funding import outside_money
from bresim.rules.turns import turn


@njit
def _members(s, a, k, chance):
    """Draw which municipalities are committed to initiative (a, k); returns how many."""
    cell = a * s.phase.shape[1] + k
    count = 0
    for i in range(s.eligible.shape[1]):
        s.committed[a, k, i] = s.eligible[a, i] and draws.uniform(s.key, draws.INHERIT_MEMBER, 0, cell, i) < chance
        count += s.committed[a, k, i]
    return count


@njit
def _begin(s, p, a, k, drawn):
    """Set whether (a, k) is under way, with which members, for how long, and how much is done, by four numbers drawn."""
    if drawn[0] >= p.start_executing + (1.0 - p.start_executing) * p.start_negotiating:
        return
    executing = drawn[0] < p.start_executing
    count = _members(s, a, k, p.start_members if executing else 0.5 * p.start_members)
    s.phase[a, k] = NEGOTIATING
    if executing and count >= min(s.institution[a].min_members, float(s.n_invited[a])):
        s.outcome[a, k] = AGREED
        s.clock[a, k] = float(int(drawn[1] * p.plan_longest))
        s.share_done[a, k] = drawn[2] * s.clock[a, k] / p.plan_longest
    else:
        s.clock[a, k] = float(int(drawn[1] * p.patience))


@njit
def update_initiative(s, w, p, t, a, k):
    """Put an initiative that was agreed before the run, and of which the work is known now, in execution."""
    s.phase[a, k] = EXECUTING
    s.outcome[a, k] = OPEN
    need = capital_need(p.capital_work, w.money[k], outside_money(s, w, a, k))
    s.progress[a, k] = s.share_done[a, k] * s.work[a, k] * need


@njit
def update(s, w, p, t):
    """Set what was under way already, in the first quarter."""
    arenas, themes = s.phase.shape
    drawn = s.draws_initial[:4]
    for a in range(arenas):
        under_way = 0
        for y in range(themes):
            k = turn(s, y, themes)
            if s.in_scope[a, k] and under_way < s.institution[a].max_open:
                draws.fill(s.key, draws.INHERIT, 0, a * themes + k, drawn)
                _begin(s, p, a, k, drawn)
                under_way += s.phase[a, k] != IDLE
