"""Whether the shipped parameter sets were judged, by the patterns of the sources, with what a job runs.

A set is worth what it was held to: the same set under other rules shows nobody knows what. So the sets carry a
touchstone, what the model made of some of them when they were judged, and a job compares. The model is identified
by its numbers, to nine digits, not by its code: a rule that is rewritten and changes no number need not be judged
again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np

from bresim import plausible
from bresim.config import own_sets
from bresim.config.schema import ModelConfig, Variant
from bresim.conventions import UNDERCURRENT_PARTS
from bresim.governance import Design, load_design, shipped_designs
from bresim.parameters import PARAMETERS
from bresim.plan import Case, settings_with
from bresim.region import load_region
from bresim.results.manifest import region_hash
from bresim.runner.ensemble import RUN_DTYPE, simulate
from bresim.runner.own import Own
from bresim.scenario import load_scenario
from bresim.world import build_world

#: Why sets were not judged with what runs: they are a user's own, and no search found them; the rules, priors or
#: shipped data differ; the table of sets; a structural variant; phases of a user's own; parameters that the user fixed;
#: the region; designs that are not shipped.
Reason = Literal["own", "rules", "sets", "variant", "phases", "fixed", "region", "designs"]
#: Reasons for which the sets are no longer the ones that show the patterns.
DECISIVE: tuple[Reason, ...] = ("own", "rules", "sets", "variant", "phases", "fixed")
#: The region that the sources describe.
HOME = "zuid_limburg"
SETS, REPLICATES = 2, 1
QUARTERS, POLICY_START, KNOB = 60, 20, 0.6


def not_judged(
    config: ModelConfig, *, own: bool = False, alone: bool = False, swept: Sequence[str] = ()
) -> tuple[Reason, ...]:
    """Why the sets of a job, shipped or its own, were not judged with what it runs; empty if they were.

    Of points and priors nobody says that they were judged.

    ``own``: it has phases of a user's own. ``alone``: call rules one by one, so that no ensemble is compiled.
    ``swept``: keys that differ from point to point.
    """
    if config.parameters.source not in {"plausible", "own"}:
        return ()
    mine = config.parameters.own
    if mine is None:
        noted, home = noted_with_sets(), region_hash(load_region(HOME))
        now = {"table": table_hash(), "touchstone": touchstone(alone=alone)}
    else:
        values = mine.table().values
        if mine.judged is None or mine.judged.table != own_sets.table_hash(values):
            return ("own",)
        noted, home = mine.judged.model_dump(), mine.judged.region_hash
        now = {"table": mine.judged.table, "touchstone": touchstone_of(values, alone)}
    found: dict[Reason, bool] = {
        "rules": noted.get("touchstone") != now["touchstone"],
        "sets": noted.get("table") != now["table"],
        "variant": bool(config.variant.changed) or _begins(swept, "variant."),
        "phases": own,
        "fixed": bool(config.parameters.fixed) or _begins(swept, "parameters."),
        "region": _begins(swept, "region") or region_hash(load_region(config.region)) != home,
        "designs": _begins(swept, "governance.") or bool(own_designs(config)),
    }
    return tuple(reason for reason, holds in found.items() if holds)


def own_designs(config: ModelConfig) -> list[Design]:
    """The designs of a job that are not as shipped."""
    shipped = shipped_designs()
    return [one for one in config.designs if one.name not in shipped or one != load_design(one.name)]


def _begins(keys: Sequence[str], start: str) -> bool:
    return any(key.startswith(start) for key in keys)


def noted_with_sets() -> dict[str, Any]:
    """What is noted beside the table of sets."""
    return dict(json.loads(plausible.TABLE.with_suffix(".json").read_text(encoding="utf-8")))


def table_hash(table: Path = plausible.TABLE) -> str:
    """Digest of the values of the sets."""
    return own_sets.table_hash(plausible.load(table).values)


@cache
def touchstone(table: Path = plausible.TABLE, alone: bool = False) -> str:
    """Digest of what the model makes of a few sets, with every shipped design and founding, in the home region."""
    return _touchstone_of(plausible.load(table).values[:SETS], alone)


def touchstone_of(values: np.ndarray, alone: bool = False) -> str:
    """The same for sets of a user's own."""
    return _touchstone_again(values[:SETS].tobytes(), alone)


@cache
def _touchstone_again(values: bytes, alone: bool) -> str:
    """The same of these sets, as bytes."""
    return _touchstone_of(np.frombuffer(values).reshape(-1, len(PARAMETERS)), alone)


def _touchstone_of(values: np.ndarray, alone: bool) -> str:
    region = load_region(HOME)
    themes = [theme.name for theme in region.themes]
    scenario = load_scenario("history", start="2019-Q1", quarters=QUARTERS, policy_start=POLICY_START, themes=themes)
    cases = [Case(name, load_design(name), {}) for name in shipped_designs()]
    variant = Variant.model_validate({name: options[0] for name, options in Variant.options().items()})
    world = build_world(region, scenario, settings_with(cases, region), values, POLICY_START, variant)
    digest = hashlib.sha256()
    for parameter in PARAMETERS.values():
        digest.update(f"{parameter.name} {parameter.low} {parameter.high} {parameter.prior}".encode())
    own = Own({}, [""] * QUARTERS) if alone else None
    recorded = simulate(world, _jobs(len(cases), len(values)), 1, region.subregion, workers=1, own=own)
    digest.update(nine_digits(recorded.runs))
    return digest.hexdigest()[:12]


def _jobs(designs: int, sets: int) -> np.ndarray:
    """Each design under both foundings, for each set and replicate."""
    jobs = np.zeros((designs, 2, sets, REPLICATES), RUN_DTYPE)
    jobs["design"] = np.arange(designs)[:, None, None, None]
    jobs["at_once"] = np.array([False, True])[:, None, None]
    jobs["draw"] = jobs["solution"] = np.arange(sets)[:, None]
    jobs["replicate"] = np.arange(sets * REPLICATES).reshape(sets, REPLICATES)
    for part in UNDERCURRENT_PARTS:
        jobs[part] = KNOB
    return jobs.reshape(-1)


def nine_digits(values: np.ndarray | Sequence[float]) -> bytes:
    """Numbers as text, to nine digits: a change of the last bits is no change of the model."""
    return " ".join(f"{value:.8e}" for value in np.asarray(values).ravel() + 0.0).encode()
