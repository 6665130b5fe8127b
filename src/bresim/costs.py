"""What working together costs: staff by purpose, and the autonomy that municipalities give up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bresim.columns.events import INSTITUTIONAL
from bresim.kernel.state import DESIGN, FALLBACK, SUCCESSOR
from bresim.plan import Plan
from bresim.rules.voting import autonomy_loss, cost_of_pool
from bresim.runner.ensemble import Recorded

Floats = NDArray[np.float64]

#: Staff that all municipalities together put into working together, mean over the policy window, and what it is for.
FTE = "fte"
PURPOSES = ("meetings", "bureau", "execution")
AUTONOMY = "autonomy_given_up"
#: What the region's institution goes through → the slot that holds from then on; in a quarter in this order.
_THEN_HOLDS = {
    "term_ended": FALLBACK,
    "dissolved": FALLBACK,
    "successor_dissolved": FALLBACK,
    "founded": DESIGN,
    "successor_founded": SUCCESSOR,
}


def staff(recorded: Recorded, purposes: Sequence[str] = PURPOSES) -> Floats:
    """The staff (R,) that all municipalities together put into these purposes, in fte; needs runs with details."""
    return np.asarray(sum(recorded.municipalities[f"fte_{purpose}"].sum(axis=1) for purpose in purposes))


def given_up(binding: float, steering: float, pooled_capacity: float, by_board: float) -> float:
    """Autonomy, as a share, that a municipality without a fixed seat gives up to an institution (rule ``voting``)."""
    return float(autonomy_loss(binding, cost_of_pool(pooled_capacity, not by_board), steering))


def autonomy(plan: Plan, recorded: Recorded) -> Floats:
    """Autonomy (R,) given up, mean over the quarters of the policy window; needs runs with events.

    In each quarter it is that of what holds in the region, with the measures on it, as the run reads its values: the
    status quo, the design, or its successor. NaN without a policy window.
    """
    rows, row = np.unique(plan.jobs["design"], return_inverse=True)
    fields = ("binding", "steering", "pooled_capacity", "pooled_by_board")
    institution = plan.world.institution
    price = np.zeros((len(rows), SUCCESSOR + 1))
    for slot in (FALLBACK, DESIGN, SUCCESSOR):
        values = zip(*(institution[field][rows, slot].tolist() for field in fields), strict=True)
        price[:, slot] = [given_up(*one) for one in values]
    first, quarters = plan.world.policy_start, recorded.institutions.shape[1]
    holds = np.full(len(row), FALLBACK)
    total = np.zeros(len(row))
    for quarter in range(first, quarters):
        for event, slot in _THEN_HOLDS.items():
            happens = recorded.institutions[:, quarter] >> INSTITUTIONAL.index(event) & 1
            holds[happens == 1] = slot
        total += price[row, holds]
    return total / (quarters - first) if quarters > first else np.full(len(row), np.nan)


def outcome(name: str, plan: Plan, recorded: Recorded) -> Floats:
    """An outcome (R,) of ``columns.COST_OUTCOMES``."""
    if name == AUTONOMY:
        return autonomy(plan, recorded)
    return staff(recorded) if name == FTE else staff(recorded, [name.removeprefix(f"{FTE}_")])
