"""How many jobs the overrides of a ``--multirun`` make: counted before any of them is written out."""

from __future__ import annotations

import math
from collections.abc import Sequence

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import ChoiceSweep, Override, RangeSweep
from hydra.errors import HydraException

from bresim.common.errors import InputError, Problem, said
from bresim.common.user_files import shortened

#: Most jobs; each is a line of text until all are known. A sweep makes its points as numbers.
MOST_JOBS = 100_000


def refuse_too_many(overrides: Sequence[str]) -> None:
    """Raise InputError if these overrides make more jobs than can be listed."""
    counts = {text: _count(text) for text in overrides}
    if math.prod(counts.values()) > MOST_JOBS:
        largest = max(counts, key=lambda text: counts[text])
        what = said("makes more than {most} jobs", most=f"{MOST_JOBS:,}")
        remedy = said("give fewer values; 'bresim sweep' takes more points: sweep.method=lhs, sobol or list")
        raise InputError(Problem(shortened(largest), what, remedy))


def _count(text: str) -> int:
    """How many values an override stands for; 1 if it cannot be read, which is reported elsewhere."""
    try:
        return _values(OverridesParser.create().parse_override(text))
    except (HydraException, ValueError, TypeError, ArithmeticError, RecursionError):
        return 1


def _values(override: Override) -> int:
    value = override.value() if override.is_sweep_override() else None
    if isinstance(value, ChoiceSweep):
        return max(1, len(value.list))
    if isinstance(value, RangeSweep) and value.start is not None and value.stop is not None:
        return max(1, math.ceil((value.stop - value.start) / (value.step or 1)))
    return 1
