"""Rule: council support
Equation: d' = d + rate [d0 + results + involvement - load - d]; a deadlock or failure takes a share
Source: BRE 2.1 (RD4, WML: results shared, councils informed), 2.3, 4.1, 5.7
"""

from __future__ import annotations

from bresim.jit import njit
from bresim.rules.logit import clip
from bresim.rules.trust import shared_success
from bresim.state import NEGATIVITY


@njit
def target(start, results_weight, recent, involvement_weight, involvement, load_weight, load):
    """Where council support tends to, in [0, 1]."""
    return clip(start + results_weight * recent + involvement_weight * involvement - load_weight * load)


@njit
def involvement(rules):
    """How far councils are involved: informed, in a working group, or deciding on their own means."""
    return clip((rules.council_information + rules.council_group + rules.council_ratification) / 2.0)


@njit
def after_failure(s, p, i):
    """A deadlock or failure costs support at home."""
    s.support[i] = clip(s.support[i] - p.support_failure * s.support[i])


@njit
def update(s, w, p):
    """Update visible recent results and council support of every municipality."""
    rules = s.rules[0]
    told = shared_success(p.claiming, s.scalars[NEGATIVITY], rules.celebration)
    for i in range(s.support.shape[0]):
        s.recent[i] = p.results_memory * s.recent[i] + (1.0 - p.results_memory) * min(1.0, s.harvest[i]) * told
        goal = target(
            w.support[i],
            p.support_results,
            s.recent[i],
            p.support_involvement,
            involvement(rules),
            p.support_load,
            s.load[i],
        )
        s.support[i] = clip(s.support[i] + p.support_rate * (goal - s.support[i]))
