"""A configuration given as an object or as overrides, with a seed as Mesa and NumPy hand them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from bresim.common.errors import InputError, Problem, said
from bresim.config.compose import load
from bresim.config.schema import ModelConfig

#: The largest seed of a configuration.
LARGEST_SEED = 2**63 - 1


def seeded(given: ModelConfig | str | Sequence[str], seed: int | None, rng: Any) -> ModelConfig:
    """The configuration, or that of these overrides of ``bresim compare``; with the seed that Mesa hands."""
    if seed is not None and rng is not None:
        raise InputError(Problem("seed", said("is given, and so is rng"), said("give one of the two")))
    if isinstance(given, ModelConfig):
        config = given
    else:
        config = load("compare", [given] if isinstance(given, str) else list(given))
    chosen = seed if seed is not None else rng
    if chosen is None:
        return config
    if isinstance(chosen, np.random.SeedSequence):
        chosen = int(chosen.generate_state(1, np.uint64)[0] >> np.uint64(1))
    elif isinstance(chosen, np.random.Generator):
        chosen = int(chosen.integers(LARGEST_SEED, endpoint=True))
    if not isinstance(chosen, (int, np.integer)) or isinstance(chosen, bool) or not 0 <= chosen <= LARGEST_SEED:
        what = said("{value} is not a whole number from 0 to {high}", value=chosen, high=LARGEST_SEED)
        raise InputError(Problem("seed", what))
    return config.model_copy(update={"seed": int(chosen)})
