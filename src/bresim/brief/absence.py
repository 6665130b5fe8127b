"""What if one stays out: each municipality, and each subregion as a whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bresim.brief.runs import LOCAL, NAMES, Floats, estimate, run_cases, taken_measures, with_name
from bresim.common.errors import InputError
from bresim.common.progress import Progress
from bresim.config.schema import BriefConfig
from bresim.conventions import FOUNDINGS, HEADLINE
from bresim.governance import Design, compile_design
from bresim.governance.schema import ALL_BUT
from bresim.plan import Case
from bresim.region.types import Region

COLUMNS = ["design", "who", "kind", "status", "change", "low", "high", "own", "own_low", "own_high", "chance"]
#: What can be said of those that stay out: simulated; not in the design anyway; the design cannot be without them.
LEFT_OUT, NOT_IN, NEEDED = "left_out", "not_in", "needed"


@dataclass(frozen=True)
class Absent:
    """Who stays out: a municipality or a subregion by its name, and the municipalities that are."""

    who: str
    kind: str
    members: tuple[str, ...]


def absentees(region: Region) -> list[Absent]:
    """Each subregion that is not the whole region, then each municipality."""
    found = []
    for at, label in enumerate(region.subregion_labels):
        members = tuple(name for name, of in zip(region.names, region.subregion, strict=True) if of == at)
        if 1 < len(members) < region.size:
            found.append(Absent(label, "subregion", members))
    return [*found, *(Absent(name, "municipality", (name,)) for name in region.names)]


def takes_part(design: Design, region: Region) -> list[str]:
    """The municipalities that are eligible under a design."""
    eligible = compile_design(design, region).eligible
    return [name for name, one in zip(region.names, eligible, strict=True) if one]


def without(design: Design, absent: Absent, region: Region) -> Design | None:
    """The design in which these do not take part; None if it cannot be without them."""
    left = [name for name in takes_part(design, region) if name not in absent.members]
    if len(left) < 2:
        return None
    names = tuple(name for name in region.names if name not in left)
    boundary = design.boundary.model_copy(update={"eligible": (ALL_BUT, *names)})
    changed = with_name(design, f"{design.name} without {absent.who}").model_copy(update={"boundary": boundary})
    try:
        compile_design(changed, region)
    except InputError:
        return None
    return changed


def absence(
    config: BriefConfig, design: Design, region: Region, main: Floats, draws: np.ndarray, progress: Progress
) -> pd.DataFrame:
    """What changes for the region: a row for each that could stay out.

    ``main`` (R,) is the region's value with the whole design, if founded. ``change`` is the value without them minus
    that, and ``own`` the same of their own value (the mean of a subregion's members). Both are missing where they are
    not in the design anyway, or it cannot be without them (``status``).
    """
    measures = taken_measures(config)
    inside = set(takes_part(design, region))
    rows: dict[Absent, tuple[object, ...]] = {}
    cases: dict[Absent, Case] = {}
    for absent in absentees(region):
        changed = without(design, absent, region) if inside & set(absent.members) else None
        status = NEEDED if inside & set(absent.members) else NOT_IN
        rows[absent] = (design.name, absent.who, absent.kind, status, *[np.nan] * 7)
        if changed is not None:
            cases[absent] = Case(f"{absent.kind} {absent.who}", changed, measures)
    whole = Case(design.name, design, measures)
    outcomes = run_cases(config, [whole, *cases.values()], range(config.replicates), progress, names=(*NAMES, LOCAL))
    at, by_vote = FOUNDINGS.index("at_once"), FOUNDINGS.index("vote")
    local = outcomes[LOCAL][:, at, 0]  # (cases, R, N), the whole design first
    for number, absent in enumerate(cases, 1):
        members = [region.names.index(name) for name in absent.members]
        change = estimate(outcomes[HEADLINE][number, at, 0] - main, draws)
        own = estimate((local[number] - local[0])[:, members].mean(axis=1), draws)
        chance = float(outcomes["adopted"][number, by_vote, 0].mean())
        numbers = (change.mean, change.low, change.high, own.mean, own.low, own.high, chance)
        rows[absent] = (*rows[absent][:3], LEFT_OUT, *numbers)
    return pd.DataFrame([*rows.values()], columns=COLUMNS)
