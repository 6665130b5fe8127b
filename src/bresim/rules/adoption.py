"""Rule: adoption of the design itself
Equation: P(yes) = logistic(base + trust + support + orientation - kappa autonomy_loss - say); founded if share >= quota
Source: BRE 2.3, 4.2.2 (a supported follow-up); RD 3, 4 (term)
"""

from __future__ import annotations

from bresim.kernel import draws
from bresim.kernel.arithmetic import around_half
from bresim.kernel.jit import njit
from bresim.kernel.state import BEFORE, DESIGN, FALLBACK, SUCCESSOR
from bresim.rules.commitment import unequal_say
from bresim.rules.logit import logistic
from bresim.rules.support import council_weight


@njit
def autonomy_loss(binding, pooled_capacity, steering):
    """How much of its own say a municipality gives up, in [0, 1]; a tenth of capacity pooled counts as much as full binding."""
    return (binding + min(1.0, 10.0 * pooled_capacity) + steering) / 3.0


@njit
def founding_inclination(p, trust, support, weight, orientation, kappa, loss, unequal_say, divide):
    """Logit of a yes to founding the design. ``weight`` is that of the council; ``unequal_say`` is 0 on the board."""
    return (
        p.adopt_base
        + p.adopt_trust * around_half(trust)
        + p.adopt_support * weight * around_half(support)
        + p.adopt_orientation * around_half(orientation)
        - p.adopt_autonomy * kappa * loss
        - p.adopt_say * unequal_say * (0.5 + 0.5 * divide)
    )


@njit
def _mean_trust(s, i, group):
    """Mean trust of i in the others of ``group`` (N,) bool; 1/2 where there is no other."""
    total = 0.0
    count = 0.0
    for j in range(group.shape[0]):
        if group[j] and j != i:
            total += s.trust[i, j]
            count += 1.0
    return total / count if count > 0.0 else 0.5


@njit
def _vote(s, w, p, t):
    """True if enough of the eligible municipalities want to found the design."""
    d = s.region.design
    design = w.institution[d, DESIGN]
    eligible = w.eligible[d, DESIGN]
    say = unequal_say(design.equal_say, design.sounding_board, p.sounding_effect)
    yes = 0.0
    count = 0.0
    for i in range(eligible.shape[0]):
        if eligible[i]:
            seated = w.board[d, DESIGN, i]
            pays = seated or design.pooled_by_board < 0.5
            x = founding_inclination(
                p,
                _mean_trust(s, i, eligible),
                s.support[i],
                council_weight(p.council_local, w.local_party[i]),
                w.orientation[i],
                s.region.kappa,
                autonomy_loss(design.binding, design.pooled_capacity if pays else 0.0, design.steering),
                0.0 if seated else say,
                s.region.divide,
            )
            count += 1.0
            if draws.uniform(s.key, draws.ADOPT, t, i, 0) < logistic(x):
                yes += 1.0
    return yes >= design.adoption_quota * count - 1e-9 and yes >= min(design.min_members, count)


@njit
def _found(s, w, p, t):
    """Found the design, if it needs no vote or, in a quarter with a vote, the vote is won."""
    if s.region.adopted:
        return
    quota = w.institution[s.region.design, DESIGN].adoption_quota
    votes = (t - w.policy_start) % int(round(p.adopt_interval)) == 0  # noqa: RUF046 (compiled, round gives a float)
    if quota <= 0.0 or (votes and _vote(s, w, p, t)):
        s.region.adopted = True
        s.region.adopted_quarter = t


@njit
def slot_in_force(s, w, t):
    """Institution slot that holds in the region this quarter."""
    region = s.region
    if t < w.policy_start:
        return BEFORE
    if not region.adopted:
        return FALLBACK
    term = w.institution[region.design, DESIGN].term_quarters
    if term > 0.0 and t - region.adopted_quarter >= term:
        return SUCCESSOR if w.has_successor[region.design] else FALLBACK
    return DESIGN


@njit
def update(s, w, p, t):
    """Found the design if it is time to, and set which institution holds in the region this quarter."""
    if t >= w.policy_start:
        _found(s, w, p, t)
    s.region.last_slot = s.region.slot
    s.region.slot = slot_in_force(s, w, t)
