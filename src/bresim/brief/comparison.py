"""The comparison that the brief rests on: every design founded and as decided, in the same futures."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from bresim import tabulate
from bresim.analysis.comparison import half_widths
from bresim.analysis.summary import summarise
from bresim.brief import signals
from bresim.brief.runs import cases_of
from bresim.common.progress import Progress
from bresim.config.schema import BriefConfig
from bresim.conventions import FOUNDINGS, HEADLINE, REFERENCE
from bresim.costs import FTE, PURPOSES, staff
from bresim.jobs import run_plan
from bresim.plan import Plan, make_plan
from bresim.runner.ensemble import Recorded


@dataclass(frozen=True)
class Compared:
    """What the comparison leaves: runs and their summary; tables by year, by municipality, of early signs."""

    runs: pd.DataFrame
    summary: pd.DataFrame
    years: pd.DataFrame
    municipalities: pd.DataFrame
    local_values: pd.DataFrame
    staff: pd.DataFrame
    early: pd.DataFrame


def compare(config: BriefConfig, progress: Progress) -> Compared:
    """Run it."""
    plan = make_plan(config, range(config.replicates), cases=cases_of(config))
    recorded = run_plan(plan, progress, series=True, details=True)
    runs = tabulate.runs_table(plan, recorded)
    return Compared(
        runs=runs,
        summary=summarise(runs, tabulate.outcomes_of(plan.region)),
        years=_years(plan, recorded),
        municipalities=_municipalities(plan, recorded),
        local_values=_local_values(plan, recorded),
        staff=_staff(runs, recorded),
        early=signals.early(plan, recorded),
    )


def _staff(runs: pd.DataFrame, recorded: Recorded) -> pd.DataFrame:
    """What staff of all municipalities together worked on, in fte: a row a run, a column a purpose, and all."""
    purposes = {f"{FTE}_{purpose}": staff(recorded, (purpose,)) for purpose in PURPOSES}
    return runs[["design", "founding", "replicate"]].assign(**purposes, **{FTE: staff(recorded)})


def _by_case(plan: Plan, values: np.ndarray) -> np.ndarray:
    """Rows by run as (cases, foundings, R, ...)."""
    return values.reshape(
        len(plan.names), len(FOUNDINGS), len(values) // (len(plan.names) * len(FOUNDINGS)), *values.shape[1:]
    )


def _draws(plan: Plan) -> np.ndarray:
    """The parameter set (R,) of each replicate."""
    ids = plan.draw_ids[plan.jobs["draw"]]
    return np.asarray(_by_case(plan, ids)[0, 0])


def _years(plan: Plan, recorded: Recorded) -> pd.DataFrame:
    """The gain at the end of every year under the design: a row a design, founding and year."""
    dates = plan.config.time.dates
    ends = [at for at, date in enumerate(dates) if date.endswith("Q4") and at >= plan.config.policy_quarter]
    values = _by_case(plan, recorded.series[HEADLINE][:, ends])  # (cases, foundings, R, years)
    gains = values - values[plan.names.index(REFERENCE)]
    draws = _draws(plan)
    rows = []
    for case, name in enumerate(plan.names):
        for founding, label in enumerate(FOUNDINGS):
            halves = half_widths(gains[case, founding], draws)
            for place, at in enumerate(ends):
                mean = float(gains[case, founding, :, place].mean())
                rows.append((name, label, int(dates[at][:4]), mean, mean - halves[place], mean + halves[place]))
    return pd.DataFrame(rows, columns=["design", "founding", "year", "gain", "low", "high"])


#: Columns of a municipality that are means over the futures, as ``columns.runs.MUNICIPALITY_OUTCOMES`` has them.
_PLAIN = (
    "trust_given", "trust_received", "grievance_received", "support", "slack", "load", "pledges", "delays", "defaults",
    "agreements", "fte_collaborations", "fte_meetings", "fte_bureau", "fte_execution", "fte_own",
)  # fmt: skip


def _municipalities(plan: Plan, recorded: Recorded) -> pd.DataFrame:
    """What each municipality has of each design, if founded: its value, the gain with its interval, and means."""
    at = FOUNDINGS.index("at_once")
    records = _by_case(plan, recorded.municipalities)[:, at]  # (cases, R, N)
    value = records[HEADLINE]
    gains = value - value[plan.names.index(REFERENCE)]
    draws = _draws(plan)
    parts = []
    for case, name in enumerate(plan.names):
        mean, half = gains[case].mean(axis=0), half_widths(gains[case], draws)
        part = pd.DataFrame({"design": name, "municipality": plan.region.names, "value": value[case].mean(axis=0)})
        part["gain"], part["low"], part["high"] = mean, mean - half, mean + half
        for column in _PLAIN:
            part[column] = records[column][case].mean(axis=0)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


#: Scales of value, by their columns.
SCALES = ("regional", "subregional", "local")


def _local_values(plan: Plan, recorded: Recorded) -> pd.DataFrame:
    """What each municipality has at each scale and in each theme: a row a design, municipality and scale or theme.

    If founded; ``value`` is a share of what is attainable there (missing where nothing is), ``gain`` is over today.
    """
    at = FOUNDINGS.index("at_once")
    records = _by_case(plan, recorded.municipalities)[:, at]
    themes = _by_case(plan, recorded.municipality_themes)[:, at]  # (cases, R, N, K)
    parts = {f"scale:{scale}": records[f"public_value_{scale}"] for scale in SCALES}
    parts |= {f"theme:{theme.name}": themes[..., k] for k, theme in enumerate(plan.region.themes)}
    quo, draws = plan.names.index(REFERENCE), _draws(plan)
    tables = []
    for (what, values), (case, name) in product(parts.items(), enumerate(plan.names)):
        gains = values[case] - values[quo]
        table = pd.DataFrame({"design": name, "municipality": plan.region.names, "what": what})
        table["value"], table["gain"] = values[case].mean(axis=0), gains.mean(axis=0)
        halves = half_widths(gains, draws)
        table["low"], table["high"] = table["gain"] - halves, table["gain"] + halves
        tables.append(table)
    return pd.concat(tables, ignore_index=True)
