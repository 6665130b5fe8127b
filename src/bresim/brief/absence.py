"""What if one stays out: each municipality, and each subregion as a whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bresim.brief.runs import Floats, estimate, run_cases, with_name
from bresim.common.errors import InputError
from bresim.common.progress import Progress
from bresim.config.schema import BriefConfig
from bresim.conventions import FOUNDINGS, HEADLINE
from bresim.governance import Design, compile_design
from bresim.governance.schema import ALL_BUT
from bresim.plan import Case
from bresim.region.types import Region

COLUMNS = ["design", "who", "kind", "change", "low", "high", "chance"]


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


def without(design: Design, absent: Absent, region: Region) -> Design | None:
    """The design in which these do not take part; None if it cannot be without them, or was without them already."""
    try:
        eligible = compile_design(design, region).eligible
        left = [name for name, takes_part in zip(region.names, eligible, strict=True) if takes_part]
        if len(left) < 2 or not set(absent.members) & set(left):
            return None
        names = tuple(name for name in region.names if name not in left or name in absent.members)
        boundary = design.boundary.model_copy(update={"eligible": (ALL_BUT, *names)})
        changed = with_name(design, f"{design.name} without {absent.who}").model_copy(update={"boundary": boundary})
        compile_design(changed, region)
    except InputError:
        return None
    return changed


def absence(
    config: BriefConfig, design: Design, region: Region, main: Floats, draws: np.ndarray, progress: Progress
) -> pd.DataFrame:
    """What changes for the region: a row for each that could stay out.

    ``main`` (R,) is the region's value with the whole design, if founded. ``change`` is the value without minus that;
    missing where the design cannot be without them.
    """
    measures = {name: strength for name, strength in config.measures.items() if strength > 0.0}
    everyone = absentees(region)
    designs = {absent.who: without(design, absent, region) for absent in everyone}
    cases = [Case(who, changed, measures) for who, changed in designs.items() if changed is not None]
    found = run_cases(config, cases, range(config.replicates), progress) if cases else {}
    at, by_vote = FOUNDINGS.index("at_once"), FOUNDINGS.index("vote")
    rows: list[tuple[object, ...]] = []
    names = [case.name for case in cases]
    for absent in everyone:
        if absent.who not in names:
            rows.append((design.name, absent.who, absent.kind, np.nan, np.nan, np.nan, np.nan))
            continue
        case = names.index(absent.who)
        change = estimate(found[HEADLINE][case, at, 0] - main, draws)
        chance = float(found["adopted"][case, by_vote, 0].mean())
        rows.append((design.name, absent.who, absent.kind, change.mean, change.low, change.high, chance))
    return pd.DataFrame(rows, columns=COLUMNS)
