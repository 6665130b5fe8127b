"""All that a page needs to run the model, but for its code: what there is to choose, and the arrays of every world."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import bresim
from bresim import parameters, plausible, tabulate
from bresim.analysis.names import level_labels
from bresim.columns import STATE_OUTCOMES
from bresim.columns.events import CAUSES, EVENTS, INSTITUTIONAL
from bresim.columns.runs import BALLOT_TERMS, CAPACITY_USE, MUNICIPALITY_OUTCOMES, QUESTIONS, municipality_theme
from bresim.common.errors import BresimError, said
from bresim.common.text import language
from bresim.config.presets import LEVELS
from bresim.config.schema import ModelConfig, Undercurrent
from bresim.conventions import FOUNDINGS, UNDERCURRENT_PARTS
from bresim.kernel.jit import code_of, compiled_sources
from bresim.kernel.state import BEFORE, World
from bresim.kernel.structs import DEFAULT_SIZES
from bresim.page import designs, memory
from bresim.page.checks import check
from bresim.page.messages import messages
from bresim.page.store import Store
from bresim.page.texts import LANGUAGES, both
from bresim.plan import PER_READING, Plan, make_plan
from bresim.priors import from_unit
from bresim.region.statistics import subjects
from bresim.region.types import Region
from bresim.rules.initial import own_interest
from bresim.scenario import read_scenario
from bresim.world import arena_names


@dataclass(frozen=True)
class Content:
    """``catalogue`` as JSON, the arrays that it refers to, and which kernels its worlds need."""

    catalogue: dict[str, Any]
    arrays: bytes
    kernels: tuple[str, ...]


def _outcome(column: Any) -> dict[str, Any]:
    named = {"nl": column.label_nl, "en": column.label_en} if hasattr(column, "label_nl") else both(column.name)
    return {"name": column.name, "label": named, "unit": column.unit, "direction": column.direction}


def _places(marks: np.ndarray) -> list[int]:
    return [int(at) for at in np.flatnonzero(marks)]


def _stakes(region: Region, i: int) -> list[list[float]]:
    """Least and most that a municipality can have at stake in regional action on each theme; a future draws between."""
    return [
        [
            float(own_interest(region.severity[k, i], theme.contention, region.border[i], theme.border, u))
            for u in (0.0, 1.0)
        ]
        for k, theme in enumerate(region.themes)
    ]


def _region(region: Region) -> dict[str, Any]:
    """What does not depend on the scenario."""
    return {
        "name": region.name,
        "label": designs.label(region),
        "municipalities": [
            {
                "name": name,
                "population": int(region.population[i]),
                "subregion": int(region.subregion[i]),
                "centre": bool(region.centre[i]),
                "rural": bool(region.rural[i]),
                "longitude": float(region.longitude[i]),
                "latitude": float(region.latitude[i]),
                "neighbours": _places(region.neighbours[i]),
                "severity": [float(of) for of in region.severity[:, i]],
                "stake": _stakes(region, i),
            }
            for i, name in enumerate(region.names)
        ],
        "subregions": [
            {"name": name, "label": {"nl": shown, "en": shown}}
            for name, shown in zip(region.subregions, region.subregion_labels, strict=True)
        ],
        "themes": [{"name": theme.name, "label": designs.label(theme)} for theme in region.themes],
        "groups": {name: _places(marks) for name, marks in region.groups.items()},
        "groupLabels": {
            name: dict(zip(LANGUAGES, labels, strict=True)) for name, labels in subjects(region, "group").items()
        },
        "outcomes": [_outcome(outcome) for outcome in tabulate.outcomes_of(region)],
        "ofMunicipality": [
            *(_outcome(column) for column in MUNICIPALITY_OUTCOMES),
            *(
                {**_outcome(municipality_theme(theme.name)), "label": designs.label(theme)}
                for theme in region.themes
            ),
        ],
    }  # fmt: skip


def _history_is_free(world: World) -> bool:
    """Whether no measure can change what happens before policy start.

    Measures change what holds from then on, ``FALLBACK``. Before it, that is read for what is left of an arena that
    ended, for services that the province supplies, and where today's way of working stands beside the region.
    """
    ended = (world.arena_from < world.arena_until) & (world.arena_until < world.policy_start)
    by_province = world.institution["services_by_province"][:, BEFORE] > 0.0
    return not (ended.any() or by_province.any() or world.beside[:, BEFORE].any())


def _world(plan: Plan, store: Store) -> dict[str, Any]:
    """The arrays of one world, and its arenas."""
    world, region = plan.world, plan.region
    arrays, numbers = {}, {}
    value: Any
    for name, value in zip(world._fields, world, strict=True):
        if isinstance(value, int):
            numbers[name] = value
        elif name not in memory.PER_JOB:
            arrays[name] = store.put(value)
    shape = (world.member.shape[0], *world.severity.shape)
    return {
        "arrays": arrays,
        "numbers": numbers,
        "kernel": "default" if shape == DEFAULT_SIZES else "any",
        "arenas": [
            {
                "name": arena.name,
                "label": designs.label(arena),
                "institution": arena.institution,
                "programmeMoney": arena.programme_money,
                "members": _places(arena.members),
            }
            for arena in region.arenas
        ],
        "arenaNames": arena_names(region),
        "sizes": [*shape, len(world.election)],
        "historyIsFree": _history_is_free(world),
        "state": memory.state_layout(world, diary=False),
        "diary": memory.state_layout(world, diary=True),
    }


def _parameter_sets() -> dict[str, Any]:
    """The plausible sets as the numbers of their draws from the priors, from which a page makes them again."""
    table = plausible.load()
    seed = json.loads(plausible.TABLE.with_suffix(".json").read_text(encoding="utf-8"))["seed"]
    again = from_unit(np.array([plausible.unit_draw(seed, int(draw)) for draw in table.draws]))
    if not np.array_equal(again, table.values):
        raise BresimError(
            said(
                "{table} is not what a search with seed {seed} makes: regenerate it with "
                "'python -m bresim.analysis.search'",
                table=plausible.TABLE.name,
                seed=seed,
            )
        )
    return {
        "seed": seed,
        "draws": [int(draw) for draw in table.draws],
        "priors": [[one.name, one.low, one.high, one.prior == "log_uniform"] for one in parameters.PARAMETERS.values()],
    }


def _sentences(things: Sequence[Any]) -> list[dict[str, Any]]:
    return [{"name": thing.name, "sentence": both(thing.sentence)} for thing in things]


def _knobs(undercurrent: Undercurrent) -> dict[str, float]:
    return {part: getattr(undercurrent, part) for part in UNDERCURRENT_PARTS}


def _levels() -> list[dict[str, Any]]:
    labels = {lang: level_labels(language(lang)) for lang in LANGUAGES}
    return [
        {
            "name": level,
            "label": {lang: labels[lang][level] for lang in LANGUAGES},
            "knobs": _knobs(Undercurrent.of_level(level)),
        }
        for level in LEVELS
    ]


def content(configs: Mapping[tuple[str, str], ModelConfig]) -> Content:
    """The content of a page with these worlds: (region, scenario) → configuration, the first of each the default.

    The designs, seed and time of all are those of the first.
    """
    store = Store()
    first = next(iter(configs.values()))
    regions: dict[str, dict[str, Any]] = {}
    plans = {key: make_plan(config, range(1)) for key, config in configs.items()}
    for (name, scenario), plan in plans.items():
        region = regions.setdefault(name, {**_region(plan.region), "worlds": {}})
        region["worlds"][scenario] = _world(plan, store)
        region["subregionOf"] = store.put(np.array(plan.region.subregion, np.int64))
        region["solutions"] = len(plan.world.contact)
        region["before"] = plan.region.arenas[0].institution
    one = next(iter(plans.values()))
    kernels = sorted({world["kernel"] for region in regions.values() for world in region["worlds"].values()})
    scenarios = list(dict.fromkeys(scenario for _, scenario in configs))
    catalogue = {
        "version": bresim.__version__,
        "digest": "",
        "seed": first.seed,
        "regions": list(regions.values()),
        "scenarios": [_scenario(name, configs) for name in scenarios],
        "undercurrents": _levels(),
        "checks": [check(first, *next(iter(plans)), kernel, store, at) for at, kernel in enumerate(kernels)],
        "undercurrent": _knobs(first.undercurrent),
        "designs": [design.name for design in first.designs],
        "allDesigns": designs.all_designs(first.designs),
        "measures": designs.all_measures(),
        "fields": designs.fields(),
        "designFile": designs.design_file(),
        "messages": messages(),
        "fileLimits": designs.file_limits(),
        "compiling": designs.compiling(),
        "dates": list(first.time.dates),
        "policyStart": first.policy_quarter,
        "replicatesPerSet": first.replicates_per_draw,
        "replicatesPerReading": PER_READING,
        "foundings": list(FOUNDINGS),
        "series": [_outcome(column) for column in STATE_OUTCOMES],
        "capacity": [_outcome(column) for column in CAPACITY_USE],
        "voteTerms": [_outcome(column) for column in BALLOT_TERMS],
        "questions": [name for name, _ in QUESTIONS],
        "sets": _parameter_sets(),
        "events": _sentences(EVENTS),
        "causes": [
            {"quantity": cause.quantity, **told} for cause, told in zip(CAUSES, _sentences(CAUSES), strict=True)
        ],
        "institutional": list(INSTITUTIONAL),
        "records": memory.records(),
        "entries": memory.entries(one),
        "worldFields": memory.world_fields(one.world),
    }
    catalogue["digest"] = _digest(catalogue)
    return Content(catalogue, store.bytes(), tuple(kernels))


def _digest(catalogue: Mapping[str, Any]) -> str:
    """Digest of what makes the numbers of a page, whatever machine it was made on and whatever things are called."""
    made = hashlib.sha256()
    for path in compiled_sources():
        made.update(f"{path.name}\n{code_of(path)}".encode())
    designs = [[one["name"], one["rules"], one["codings"]] for one in catalogue["allDesigns"]]
    measures = [[one["name"], one["targets"], one["lowers"], one["codings"]] for one in catalogue["measures"]]
    made.update(json.dumps([designs, measures, catalogue["sets"]], sort_keys=True).encode())
    return made.hexdigest()[:16]


def _scenario(name: str, configs: Mapping[tuple[str, str], ModelConfig]) -> dict[str, Any]:
    file = read_scenario(next(config.scenario for (_, scenario), config in configs.items() if scenario == name))
    return {
        "name": name,
        "label": designs.label(file),
        "description": {"nl": file.description_nl, "en": file.description_en},
    }
