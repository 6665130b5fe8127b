"""Which patterns hold: their values on runs of the model, and a verdict for each.

A pattern holds for a parameter set if its statistic lies between its bounds. ``check`` reports the mean over the
shipped sets with its 95 % interval, and passes a pattern only if the whole interval lies there.
"""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bresim import plausible
from bresim.analysis.evidence import Evidence, Sets
from bresim.analysis.pattern import Floats, Pattern
from bresim.analysis.patterns import PATTERNS
from bresim.analysis.summary import mean_interval
from bresim.common.progress import Progress
from bresim.config.schema import PatternsConfig
from bresim.plan import parameter_sets, table_of
from bresim.region.types import Region

#: A pattern that a smaller share of prior sets fails is a check of the code.
POWER = 0.05


def statistics(evidence: Evidence, patterns: tuple[Pattern, ...] = PATTERNS) -> pd.DataFrame:
    """(P, patterns) values of the statistics."""
    return pd.DataFrame({pattern.id: pattern.statistic(evidence) for pattern in patterns})


def _known() -> dict[str, Any]:
    """What was found out about the patterns when the plausible set was made."""
    return dict(json.loads(plausible.TABLE.with_suffix(".json").read_text(encoding="utf-8")))


def kind_of(fails_in_prior: float | None) -> str:
    """What (nearly) no parameter set can fail is a check of the code, not a pattern."""
    return "check" if fails_in_prior is not None and fails_in_prior < POWER else "pattern"


def check(config: PatternsConfig, progress: Progress) -> tuple[pd.DataFrame, Region]:
    """Every pattern over the configured sets: mean, 95 % interval, verdict, share of sets that pass, power."""
    per_set = config.replicates_per_draw
    blocks = np.arange(max(1, config.replicates // per_set))
    evidence = Evidence(config, _sets(config, blocks), per_set, progress)
    table, known = statistics(evidence), _known()
    prior, off = known.get("fails_in_prior", {}), known.get("fails_when_off", {})
    rows = [
        _row(pattern, table[pattern.id].to_numpy(dtype=np.float64), prior.get(pattern.id), off.get(pattern.id))
        for pattern in PATTERNS
    ]
    return pd.DataFrame(rows).astype(
        {"fails_in_prior": "float64", "fails_when_off": "boolean"}
    ), evidence.main.plan.region


def _sets(config: PatternsConfig, blocks: NDArray[np.int64]) -> Sets:
    """The configured parameter sets; with drawn codings each has the draw of its number."""
    values, ids = parameter_sets(config, blocks)
    if config.coding == "point":
        return Sets.at_point(values)
    return Sets(values, table_of(config).draws[ids] if config.parameters.source in {"plausible", "own"} else ids)


def _row(pattern: Pattern, values: Floats, prior: float | None, off: bool | None) -> dict[str, object]:
    found = values[np.isfinite(values)]
    mean, low, high = mean_interval(found, np.arange(len(found))) if len(found) else (np.nan, np.nan, np.nan)
    return {
        "pattern": pattern.id,
        "kind": kind_of(prior),
        "statement": pattern.statement,
        "source": pattern.source,
        "statistic": pattern.text,
        "at_least": pattern.low if math.isfinite(pattern.low) else np.nan,
        "at_most": pattern.high if math.isfinite(pattern.high) else np.nan,
        "mean": mean,
        "low": low,
        "high": high,
        "share_of_sets": float(pattern.holds(found).mean()) if len(found) and not pattern.pooled else np.nan,
        "fails_in_prior": prior,
        "fails_when_off": off,
        "verdict": "pass" if pattern.shown_by(found) else "fail",
    }


__all__ = ["POWER", "check", "kind_of", "statistics"]
