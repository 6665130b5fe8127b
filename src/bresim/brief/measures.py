"""What each measure adds, to every design and to today's way of working without measures."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bresim.brief.runs import Estimate, Floats, cases_of, estimate, run_cases
from bresim.common.progress import Progress
from bresim.config.schema import BriefConfig
from bresim.conventions import FOUNDINGS, HEADLINE, REFERENCE
from bresim.governance import measures as shipped_measures
from bresim.plan import Case

#: Name of taking no measure beside those of the job.
NONE = "none"


def measured_cases(config: BriefConfig) -> dict[str, list[Case]]:
    """Measure → the cases of the job with that measure at full strength besides."""
    return {
        measure: [Case(case.name, case.design, {**case.measures, measure: 1.0}) for case in cases_of(config)]
        for measure in shipped_measures()
    }


def measures(
    config: BriefConfig, main: dict[str, Floats], draws: np.ndarray, explained: str, progress: Progress
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Run every design with every measure in all futures of the comparison.

    ``main`` has the comparison's own outcomes, (cases, foundings, R). The first table has a row
    a measure, design and founding; the second, for the design ``explained`` if founded, what each measure (column) adds
    in each replicate (row).
    """
    names = [case.name for case in cases_of(config)]
    quo = main[HEADLINE][names.index(REFERENCE)]  # (foundings, R), without measures
    rows: list[tuple[object, ...]] = []
    effects: dict[str, Floats] = {}
    for measure, cases in {NONE: None, **measured_cases(config)}.items():
        found = main
        if cases is not None:
            run = run_cases(config, cases, range(config.replicates), progress)
            found = {name: outcome[:, :, 0] for name, outcome in run.items()}
        for case, design in enumerate(names):
            for founding, label in enumerate(FOUNDINGS):
                value = found[HEADLINE][case, founding]
                gain = estimate(value - quo[founding], draws)
                effect = estimate(value - main[HEADLINE][case, founding], draws)
                chance = float(found["adopted"][case, founding].mean())
                if design == explained and label == "at_once" and measure != NONE:
                    effects[measure] = value - main[HEADLINE][case, founding]
                rows.append((measure, design, label, *_numbers(gain), *_numbers(effect), chance))
    columns = ["measure", "design", "founding", "gain", "low", "high", "effect", "effect_low", "effect_high", "chance"]
    return pd.DataFrame(rows, columns=columns), pd.DataFrame(effects)


def _numbers(found: Estimate) -> tuple[float, float, float]:
    return found.mean, found.low, found.high
