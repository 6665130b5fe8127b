"""Rule: council support
Equation: d' = d + rate [d0 + results + involvement - load - d]; a deadlock or failure takes a share; weight = 1 + w (2 local - 1)
Source: BRE 2.1 (RD4, WML: results shared, councils informed), 2.3, 4.1, 5.3 (local parties), 5.7
"""

from __future__ import annotations

from bresim.kernel.arithmetic import around_half, clip
from bresim.kernel.jit import njit
from bresim.kernel.state import DEADLOCKED, FAILED
from bresim.rules.reach import reach


@njit
def target(start, results_weight, recent, involvement_weight, involvement, load_weight, load):
    """Where council support tends to, in [0, 1]."""
    return clip(start + results_weight * recent + involvement_weight * involvement - load_weight * load)


@njit
def involvement(institution):
    """How far councils are involved: informed, in a working group, or deciding on their own means."""
    return clip((institution.council_information + institution.council_group + institution.council_ratification) / 2.0)


@njit
def council_weight(extra, local_party):
    """Weight of a council's support in what its municipality decides; more where local parties hold more of its seats."""
    return 1.0 + extra * around_half(local_party)


@njit
def after_failure(support, loss):
    """Support at home after a deadlock or failure."""
    return clip(support - loss * support)


@njit
def update_initiative(s, w, p, t, a, k):
    """A deadlock costs support at home in all that could take part, a failure in the members."""
    outcome = s.outcome[a, k]
    if outcome != DEADLOCKED and outcome != FAILED:
        return
    for i in range(s.support.shape[0]):
        if s.eligible[a, i] if outcome == DEADLOCKED else s.committed[a, k, i]:
            s.support[i] = after_failure(s.support[i], p.support_failure)


@njit
def update(s, w, p, t):
    """Update visible recent results and council support of every municipality."""
    involved = s.scratch[0]
    for i in range(s.support.shape[0]):
        involved[i] = 0.0
    for a in range(s.eligible.shape[0]):
        reach(involved, s.eligible[a], involvement(s.institution[a]))
    for i in range(s.support.shape[0]):
        now = min(1.0, s.completions[i])
        s.recent_results[i] = p.results_memory * s.recent_results[i] + (1.0 - p.results_memory) * now
        goal = target(
            w.support[i],
            p.support_results,
            s.recent_results[i],
            p.support_involvement,
            involved[i],
            p.support_load,
            s.load[i],
        )
        s.support[i] = clip(s.support[i] + p.support_rate * (goal - s.support[i]))
