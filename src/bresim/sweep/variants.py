"""What a point of a sweep changes: a parameter, a knob of one run, a governance design, or the world around it.

The kinds matter for speed only: parameters, knobs and seeds differ from run to run in one world, designs are more
rows of its table of institutions, and only another region, scenario or horizon needs a world of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from pydantic import ValidationError

from bresim.common.errors import InputError, Problem
from bresim.common.validation_messages import problems_of
from bresim.config.period import Time
from bresim.config.schema import SweepConfig, Variant
from bresim.conventions import REFERENCE, UNDERCURRENT_PARTS
from bresim.governance import Design, load_design, measures
from bresim.governance.codings import value_of
from bresim.governance.compile import PLACES
from bresim.governance.schema import RULE_TYPES
from bresim.sweep.fields import from_text

Kind = Literal["parameter", "run", "design", "world"]

#: Keys of one run. A point that names its design (``governance``) or its replicate is run with no other.
KEYS_OF_A_RUN = (
    "undercurrent",
    *(f"undercurrent.{part}" for part in UNDERCURRENT_PARTS),
    "seed",
    "governance",
    "founding",
    "coding",
    "replicate",
)


#: Key that sets one field of every design, by its path, or one rule type, by its name, back to the status quo's values;
#: ``NOTHING`` leaves all as is.
SET_BACK, NOTHING = "set_back", "nothing"


#: Key that takes one measure, by its name, at full strength beside those configured; ``NO_MEASURE`` takes none.
MEASURE, NO_MEASURE = "measure", "none"


#: Key that sets one structural variant, as ``joining.conjunctive``; ``AS_IS`` leaves all as configured.
VARIANT, AS_IS = "variant", "as_is"


def one_variant() -> list[str]:
    """What the key ``VARIANT`` may be: no change, or one option of one structural variant."""
    return [AS_IS, *(f"{name}.{option}" for name, options in Variant.options().items() for option in options)]


def can_set_back() -> list[str]:
    """Fields that can be set back in every design: numbers, and where partners sit. What a board supplies needs it."""
    return [*PLACES, "position.partners"]


def one_set_back() -> list[str]:
    """What the key ``SET_BACK`` may be: no change, one rule type, or one field."""
    return [NOTHING, *RULE_TYPES, *can_set_back()]


def fields_of(what: str) -> list[str]:
    """The fields that a value of ``SET_BACK`` sets back: a field itself, every one of a rule type that can be."""
    return [path for path in can_set_back() if path == what or path.startswith(f"{what}.")]


def one_measure() -> list[str]:
    """What the key ``MEASURE`` may be: none, or one of the shipped measures."""
    return [NO_MEASURE, *measures()]


def kind_of(key: str) -> Kind:
    """What a key changes; it must be one that :func:`bresim.sweep.checks.known_keys` lists."""
    section = key.partition(".")[0]
    if section == "parameters":
        return "parameter"
    if key in KEYS_OF_A_RUN:
        return "run"
    return "design" if section in {"measures", "governance", "designs", SET_BACK, MEASURE} else "world"


def python_value(key: str, value: Any) -> Any:
    """The value of a key in a table as plain Python; a whole number as such, a list as a list."""
    plain = from_text(key, value.item() if hasattr(value, "item") else value)
    return int(plain) if isinstance(plain, float) and plain.is_integer() else plain


def _back(design: Design, path: str) -> Design:
    """The design with a field that its file codes as the status quo has it, with what that value rests on."""
    if path not in design.codings:
        return design
    quo = load_design(REFERENCE)
    section, _, field = path.partition(".")
    codings = {key: coding for key, coding in design.codings.items() if key != path}
    if path in quo.codings:
        codings[path] = quo.codings[path].model_copy(update={"origin": REFERENCE})
    rules = getattr(design, section).model_copy(update={field: value_of(quo, path)})
    return design.model_copy(update={section: rules, "codings": codings})


def varied_design(design: Design, values: Mapping[str, Any]) -> Design:
    """The design with the values of ``governance.SECTION.FIELD`` and ``designs.NAME.SECTION.FIELD`` that concern it."""
    for path in fields_of(str(values.get(SET_BACK, NOTHING))):
        design = _back(design, path)
    content = design.model_dump()
    changed: dict[str, str] = {}
    for key, value in values.items():
        parts = key.split(".")
        own = parts[1:] if parts[0] == "governance" else parts[2:] if parts[:2] == ["designs", design.name] else []
        if own:
            content[own[0]][own[1]] = python_value(key, value)
            content["codings"].pop(".".join(own), None)  # the value is given, whatever the source says
            changed[".".join(own)] = f"vary.{key}"
    if not changed:
        return design
    try:
        return Design.model_validate(content)
    except ValidationError as error:
        found = problems_of(error, "", Design)
        raise InputError([replace(problem, where=_swept(problem.where, changed)) for problem in found]) from None


def _swept(place: str, changed: Mapping[str, str]) -> str:
    """The swept key that set a field of a design, or an entry of its list."""
    for field, key in changed.items():
        if f"{place}.".startswith(f"{field}."):
            return key + place.removeprefix(field)
    return "vary"


def varied_measures(config: SweepConfig, values: Mapping[str, Any]) -> dict[str, float]:
    """The strengths of the measures at a point."""
    swept = {key.partition(".")[2]: float(value) for key, value in values.items() if key.startswith("measures.")}
    one = {str(values[MEASURE]): 1.0} if values.get(MEASURE, NO_MEASURE) != NO_MEASURE else {}
    strengths = {**config.measures, **swept, **one}
    # in the order of the configuration, which matters for two measures on one field
    return {name: strengths[name] for name in measures() if strengths.get(name, 0.0) > 0.0}


def varied_world(config: SweepConfig, values: Mapping[str, Any]) -> SweepConfig:
    """The configuration with the region, scenario, horizon and structure of a point; InputError if they are invalid."""
    update: dict[str, Any] = {}
    structure = {key.partition(".")[2]: str(value) for key, value in values.items() if key.startswith(f"{VARIANT}.")}
    if values.get(VARIANT, AS_IS) != AS_IS:
        name, _, option = str(values[VARIANT]).partition(".")
        structure[name] = option
    if structure:
        update[VARIANT] = Variant.model_validate({**config.variant.model_dump(), **structure})
    for group in ("region", "scenario"):
        content = config.options[group][values[group]] if group in values else getattr(config, group)
        swept = {key: python_value(key, value) for key, value in values.items() if key.startswith(f"{group}.")}
        changes = {key.partition(".")[2]: value for key, value in swept.items()}
        if group in values or changes:
            update[group] = _with_values(content, changes)
    times = {key.partition(".")[2]: str(value) for key, value in values.items() if key.startswith("time.")}
    if times:
        try:
            update["time"] = Time.model_validate({**config.time.model_dump(), **times})
        except ValidationError as error:
            [wrong, *_] = problems_of(error, "", Time)
            place = ", ".join(f"vary.time.{name}" for name in times)
            raise InputError(Problem(place, wrong.what, wrong.remedy)) from None
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
        at[last] = value
    return result
