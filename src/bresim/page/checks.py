"""Runs that a page carries with what Python made of them, so that it can tell whether its browser makes the same."""

from __future__ import annotations

from typing import Any

import numpy as np

from bresim.config.schema import ModelConfig, Undercurrent
from bresim.conventions import FOUNDINGS, UNDERCURRENT_PARTS
from bresim.page.store import Store
from bresim.plan import make_plan
from bresim.runner.ensemble import simulate

#: Knobs of the runs: no level that is shipped, so that the numbers are not round.
_KNOBS = (0.61, 0.47, 0.83)
#: Between one checked replicate and the next, so that each has another parameter set.
_APART = 37


def check(config: ModelConfig, region: str, scenario: str, kernel: str, store: Store, number: int) -> dict[str, Any]:
    """A request of a page, and what comes of it: every design under both foundings in one future.

    All checks are in one world, for which the model is compiled here; a page makes each with another kernel.
    """
    undercurrent = Undercurrent(**dict(zip(UNDERCURRENT_PARTS, _KNOBS, strict=True)))
    first = number * _APART
    values = outcomes(config, undercurrent, first, first + 1)
    return {
        "request": {
            "region": region,
            "scenario": scenario,
            "undercurrent": undercurrent.model_dump(),
            "seed": config.seed,
            "designs": [design.name for design in config.designs],
            "foundings": list(FOUNDINGS),
            "first": first,
            "last": first + 1,
        },
        "kernel": kernel,
        "values": store.put(values),
    }


def outcomes(config: ModelConfig, undercurrent: Undercurrent, first: int, last: int) -> np.ndarray:
    """Outcomes (cases, outcomes, replicates) of all designs under the configuration's foundings, as a page has them."""
    plan = make_plan(config, range(first, last), [undercurrent])
    recorded = simulate(plan.world, plan.jobs, config.seed, plan.region.subregion, workers=config.threads)
    cases = len(config.designs) * len(config.foundings)
    return recorded.runs.reshape(cases, last - first, -1).transpose(0, 2, 1)
