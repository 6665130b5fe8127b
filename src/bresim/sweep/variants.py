"""What a point of a sweep changes: a parameter, a knob of one run, a governance design, or the world around it.

The kinds matter for speed only: parameters, knobs and seeds differ from run to run in one world, designs are more
rows of its table of institutions, and only another region, scenario or horizon needs a world of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import ValidationError

from bresim.complaints import problems_of
from bresim.config.calendar import Time
from bresim.config.keys import key_paths, nearest_key
from bresim.config.presets import PARTS
from bresim.config.schema import SweepConfig
from bresim.errors import InputError, Problem, nearest
from bresim.governance import Design, measures
from bresim.governance.schema import RULE_TYPES
from bresim.parameters import PARAMETERS
from bresim.scenario import FromPolicyStart

Kind = Literal["parameter", "run", "design", "world"]

#: Keys of one run. A point that names its design (``governance``) or its replicate is run with no other.
RUN_KEYS = ("undercurrent", *(f"undercurrent.{part}" for part in PARTS), "seed", "governance", "replicate")
#: Groups of which a whole option may be swept: ``vary.scenario=[history,austerity]``.
GROUPS = ("region", "scenario", "undercurrent", "governance", "parameters")


def kind_of(key: str) -> Kind:
    """What a key changes; it must be one that :func:`known_keys` lists or that a region or scenario holds."""
    section = key.partition(".")[0]
    if section == "parameters":
        return "parameter"
    if key in RUN_KEYS:
        return "run"
    return "design" if section in {"measures", "governance", "designs"} else "world"


def known_keys(config: SweepConfig) -> list[str]:
    """Every key that may be swept in this job."""
    fields = [f"{section}.{field}" for section, model in RULE_TYPES.items() for field in model.model_fields]
    world = {"region": config.region, "scenario": {"from_policy_start": FromPolicyStart().model_dump()}}
    world["time"] = config.time.model_dump()
    plain = [path for path in key_paths(world) if "." in path]
    return [
        *GROUPS,
        *(key for key in RUN_KEYS if key not in GROUPS),
        *(f"parameters.{name}" for name in PARAMETERS),
        *(f"measures.{name}" for name in measures()),
        *(f"governance.{path}" for path in fields),
        *(f"designs.{design.name}.{path}" for design in config.designs for path in fields),
        *plain,
    ]


def check_keys(config: SweepConfig, keys: Sequence[str]) -> list[Problem]:
    """What is wrong with the swept keys themselves."""
    known = known_keys(config)
    problems = []
    names = [design.name for design in config.designs]
    for key in keys:
        where = f"vary.{key}"
        parts = key.split(".")
        inside = [other for other in keys if other != key and other.startswith(f"{key}.")]
        if parts[0] == "designs" and len(parts) > 1 and parts[1] not in names:
            problems.append(Problem(where, f"'{parts[1]}' is not among the designs", nearest(parts[1], names)))
        elif key not in known:
            problems.append(Problem(where, "is no key that a sweep can vary", nearest_key(key, known)))
        elif kind_of(key) == "world" and isinstance(_at(config, key), (dict, list, tuple)) and key not in GROUPS:
            problems.append(Problem(where, "is a table or list", "vary whole regions: +vary.region=[a,b]"))
        elif inside and key not in GROUPS:
            problems.append(Problem(where, f"and vary.{inside[0]} set the same thing", "vary one of them"))
        elif parts[0] == "parameters" and parts[-1] in config.parameters.fixed:
            problems.append(Problem(where, f"is also fixed: {key}={config.parameters.fixed[parts[1]]:g}", "do one"))
        elif key == "replicate" and config.replicates != 1:
            what = f"names each replicate, and replicates={config.replicates} asks for several at each point"
            problems.append(Problem(where, what, "set replicates=1"))
    return problems


def _at(config: SweepConfig, key: str) -> Any:
    """The value that a key of region or scenario has in the configuration."""
    group, *path = key.split(".")
    value: Any = getattr(config, group)
    for part in path:
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def python_value(value: Any) -> Any:
    """A value of a table as plain Python; a whole number as such."""
    plain = value.item() if hasattr(value, "item") else value
    return int(plain) if isinstance(plain, float) and plain.is_integer() else plain


def varied_design(design: Design, values: Mapping[str, Any], where: str = "vary") -> Design:
    """The design with the values of ``governance.SECTION.FIELD`` and ``designs.NAME.SECTION.FIELD`` that concern it."""
    content = design.model_dump()
    changed = False
    for key, value in values.items():
        parts = key.split(".")
        own = parts[1:] if parts[0] == "governance" else parts[2:] if parts[:2] == ["designs", design.name] else []
        if own:
            content[own[0]][own[1]] = python_value(value)
            changed = True
    if not changed:
        return design
    try:
        return Design.model_validate(content)
    except ValidationError as error:
        raise InputError(problems_of(error, where, Design)) from None


def varied_measures(config: SweepConfig, values: Mapping[str, Any]) -> dict[str, float]:
    """The strengths of the measures at a point."""
    swept = {key.partition(".")[2]: float(value) for key, value in values.items() if key.startswith("measures.")}
    return {name: strength for name, strength in {**config.measures, **swept}.items() if strength > 0.0}


def varied_world(config: SweepConfig, values: Mapping[str, Any]) -> SweepConfig:
    """The configuration with the region, scenario and horizon of a point; InputError for what cannot be."""
    update: dict[str, Any] = {}
    for group in ("region", "scenario"):
        content = config.options[group][values[group]] if group in values else getattr(config, group)
        changes = {key.partition(".")[2]: value for key, value in values.items() if key.startswith(f"{group}.")}
        if group in values or changes:
            update[group] = _with_values(content, changes)
    times = {key.partition(".")[2]: str(value) for key, value in values.items() if key.startswith("time.")}
    if times:
        try:
            update["time"] = Time.model_validate({**config.time.model_dump(), **times})
        except ValidationError as error:
            reason = str(error.errors()[0].get("ctx", {}).get("error", error.errors()[0]["msg"]))
            raise InputError(Problem(", ".join(f"vary.time.{name}" for name in times), reason)) from None
    return config.model_copy(update=update)


def _with_values(content: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Nested mappings with some keys changed, given by their paths; the original is left as it is."""
    result = dict(content)
    for path, value in changes.items():
        at = result
        *folders, last = path.split(".")
        for folder in folders:
            at[folder] = dict(at.get(folder) or {})
            at = at[folder]
        at[last] = python_value(value)
    return result
