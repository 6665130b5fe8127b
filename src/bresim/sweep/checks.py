"""What is wrong with the keys and values of a sweep, found before anything is run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from bresim.common.errors import Problem, Said, nearest, said, said_by
from bresim.config.hydra_store import PARAMETER_SOURCES
from bresim.config.keys import key_paths, nearest_key
from bresim.config.schema import SweepConfig, Variant
from bresim.config.vary import SWEPT_GROUPS
from bresim.conventions import FOUNDINGS
from bresim.governance import measures
from bresim.governance.codings import coding_of
from bresim.governance.schema import RULE_TYPES
from bresim.parameters import PARAMETERS
from bresim.scenario import FromPolicyStart
from bresim.sweep.fields import from_text, takes_list
from bresim.sweep.variants import (
    KEYS_OF_A_RUN,
    MEASURE,
    SET_BACK,
    VARIANT,
    kind_of,
    one_measure,
    one_set_back,
    one_variant,
)

#: Keys of which a point chooses an option by its name.
GROUPS = (*SWEPT_GROUPS, "governance", "parameters", "founding")
#: Keys that are whole numbers from zero, and the largest of each.
LARGEST = {"seed": 2**63 - 1, "replicate": 2**31 - 1}
#: Most wrong values of one column that are listed.
MAX_SHOWN = 3
#: Group → word for its options in messages.
_WORDS = {
    "governance": said("design"),
    "parameters": said("source of parameters"),
    SET_BACK: said("field or rule type to set back"),
}
#: Fields of a design that must be consistent with each other, or with the region.
JOINT = {
    "eligible",
    "min_members",
    "board",
    "board_partners",
    "board_province",
    "pooled_by",
    "services_by",
    "themes",
    "successor",
}


def known_keys(config: SweepConfig) -> list[str]:
    """Every key that may be swept in this job."""
    fields = [f"{section}.{field}" for section, model in RULE_TYPES.items() for field in model.model_fields]
    scenario = {"history": None, "from_policy_start": FromPolicyStart().model_dump()}
    world: dict[str, Any] = {"region": config.region, "scenario": scenario}
    world |= {"time": config.time.model_dump(), VARIANT: config.variant.model_dump()}
    plain = [path for path in key_paths(world) if "." in path]
    return [
        *GROUPS,
        SET_BACK,
        MEASURE,
        VARIANT,
        *(key for key in KEYS_OF_A_RUN if key not in GROUPS),
        *(f"parameters.{name}" for name in PARAMETERS),
        *(f"measures.{name}" for name in measures()),
        *(f"governance.{path}" for path in fields),
        *(f"designs.{design.name}.{path}" for design in config.designs for path in fields),
        *plain,
    ]


def _with_sections(known: Sequence[str]) -> set[str]:
    """The keys and every section above them, among which the nearest one is looked for."""
    return {".".join(key.split(".")[:depth]) for key in known for depth in range(1, key.count(".") + 2)}


def check_columns(config: SweepConfig, columns: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with swept keys, and with the values (if any) of the valid ones."""
    problems = check_keys(config, list(columns))
    wrong = {problem.where for problem in problems}
    for key, values in columns.items():
        if f"vary.{key}" not in wrong and len(values):
            problems.extend(check_values(config, pd.DataFrame({key: values})))
    problems.extend(_taken_twice(config, columns))
    return problems


def _taken_twice(config: SweepConfig, columns: Mapping[str, Any]) -> Iterator[Problem]:
    """Measures that are taken at full strength, one at a time, and have a strength of their own as well."""
    where = f"vary.{MEASURE}"
    for name in dict.fromkeys(map(str, columns.get(MEASURE, ()))):
        strength = config.measures.get(name, 0.0)
        if f"measures.{name}" in columns:
            yield Problem(
                where, said("'{name}' and vary.measures.{name} set the same thing", name=name), said("vary one of them")
            )
        elif strength > 0.0:
            yield Problem(
                where,
                said("'{name}' is also configured: measures.{name}={strength}", name=name, strength=f"{strength:g}"),
                said("do one of the two"),
            )


def check_keys(config: SweepConfig, keys: Sequence[str]) -> list[Problem]:
    """What is wrong with the swept keys themselves."""
    known = known_keys(config)
    problems = []
    names = [design.name for design in config.designs]
    for key in keys:
        where = f"vary.{key}"
        parts = key.split(".")
        inside = [other for other in keys if other != key and other.startswith(f"{key}.") and key not in GROUPS]
        # a field of every design and the same field of one design: a row would not show which value was used
        inside += [other for other in keys if parts[0] == "governance" and parts[1:] and _is_field(other, parts[1:])]
        if parts[0] == "designs" and len(parts) > 1 and parts[1] not in names:
            problems.append(
                Problem(where, said("'{name}' is not among the designs", name=parts[1]), nearest(parts[1], names))
            )
        elif below := [other for other in known if other.startswith(f"{key}.") and key not in known]:
            problems.append(
                Problem(where, said("is a section and no key"), said("vary a key in it, as {key}", key=below[0]))
            )
        elif key not in known:
            problems.append(
                Problem(where, said("is no key that a sweep can vary"), nearest_key(key, _with_sections(known)))
            )
        elif kind_of(key) == "world" and _is_table(config, key):
            problems.append(Problem(where, said("is a table or list"), said("vary whole regions: +vary.region=[a,b]")))
        elif inside:
            problems.append(
                Problem(where, said("sets the same thing as vary.{key}", key=inside[0]), said("vary one of them"))
            )
        elif parts[0] == "parameters" and parts[-1] in config.parameters.fixed:
            problems.append(
                Problem(
                    where,
                    said("is also fixed: {key}={value}", key=key, value=f"{config.parameters.fixed[parts[1]]:g}"),
                    said("do one of the two"),
                )
            )
        elif key == "replicate" and config.replicates != 1:
            what = said(
                "names each replicate, and replicates={replicates} asks for several at each point",
                replicates=config.replicates,
            )
            problems.append(Problem(where, what, said("set replicates=1")))
    return problems


def _is_field(key: str, field: Sequence[str]) -> bool:
    """Whether a key is this field of one design."""
    section, *path = key.split(".")
    return section == "designs" and path[1:] == field


def _is_table(config: SweepConfig, key: str) -> bool:
    """Whether a key of region or scenario holds more than a value or a list of names."""
    return key not in SWEPT_GROUPS and isinstance(_at(config, key), (dict, list, tuple)) and not takes_list(key)


def _at(config: SweepConfig, key: str) -> Any:
    """The value that a key of region or scenario has in the configuration."""
    group, *path = key.split(".")
    value: Any = getattr(config, group)
    for part in path:
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def check_values(config: SweepConfig, points: pd.DataFrame) -> Iterator[Problem]:
    """Parameters, knobs, measures, seeds and names of options that are not allowed."""
    designs = [design.name for design in config.designs]
    options = {
        "governance": designs,
        "parameters": [*PARAMETER_SOURCES, *config.sets],
        "founding": FOUNDINGS,
        **config.options,
    }
    options |= {SET_BACK: one_set_back(), MEASURE: one_measure()}
    options |= {VARIANT: one_variant(), **{f"{VARIANT}.{name}": known for name, known in Variant.options().items()}}
    for key in map(str, points.columns):
        section, _, name = key.partition(".")
        column, where = points[key], f"vary.{key}"
        if key in options:
            known, kind = options[key], _WORDS.get(key, key)
            unknown = [str(value) for value in column.unique() if str(value) not in known]
            yield from (
                Problem(where, said("there is no {kind} '{name}'", kind=kind, name=value), nearest(value, known))
                for value in unknown
            )
            continue
        if key == "coding":
            yield from _not_codings(column)
        if takes_list(key):
            yield from _not_lists(key, column)
        if section == "parameters":
            low, high = PARAMETERS[name].low, PARAMETERS[name].high
        elif section == "measures" or (section == "undercurrent" and name):
            low, high = 0.0, 1.0
        elif key in LARGEST:
            low, high = 0, LARGEST[key]
        else:
            continue
        yield from _wrong_number(key, column, low, high)


def _not_codings(column: pd.Series) -> Iterator[Problem]:
    """Problems of values that are neither a way to read the codings nor the number of a draw."""
    for value in column.unique():
        try:
            coding_of(value)
        except ValueError as error:
            yield Problem("vary.coding", said_by(error))


def _not_lists(key: str, column: pd.Series) -> Iterator[Problem]:
    """Problems of text that begins as a list and is not one."""
    for value in column.unique():
        try:
            from_text(key, value)
        except ValueError:
            yield Problem(f"vary.{key}", said("'{value}' is no list", value=value), said('write ["a","b"]'))


def _wrong_number(key: str, column: pd.Series, low: float, high: float) -> Iterator[Problem]:
    """The values of a column that are not numbers, or not from ``low`` to ``high``; of many the first."""
    where, allowed = f"vary.{key}", said("allowed: {low} to {high}", low=f"{low:g}", high=f"{high:g}")
    stored = holds_numbers(column)
    shown = column if stored else column.astype(str)
    numbers = column if stored else pd.to_numeric(shown, errors="coerce").astype(float)
    unknown = shown[numbers.isna()].unique()
    outside = shown[(numbers < low) | (numbers > high)].unique()
    if len(unknown):
        names = _several([f"'{value}'" for value in unknown])
        one = said("{value} is not a number", value=names)
        yield Problem(where, one if len(unknown) == 1 else said("{names} are not numbers", names=names), allowed)
    if len(outside):
        names = _several([f"{value:.10g}" if stored else str(value) for value in outside])
        one = said("{value} is out of range", value=names)
        yield Problem(where, one if len(outside) == 1 else said("{names} are out of range", names=names), allowed)
    if len(unknown) or len(outside):
        return
    if not stored:
        yield Problem(
            where,
            said("'{value}' is text", value=shown.iloc[0]),
            said("write numbers without quotes, and all as numbers"),
        )
    elif key in LARGEST and (numbers != numbers.round()).any():
        yield Problem(where, said("holds numbers that are not whole"), said("write whole numbers"))


def _several(values: Sequence[str]) -> str:
    """The first few values, and the number of others."""
    first, rest = ", ".join(values[:MAX_SHOWN]), len(values) - MAX_SHOWN
    return said("{names} and {count} more", names=first, count=rest) if rest > 0 else first


def holds_numbers(column: pd.Series) -> bool:
    """Whether a column is one of numbers, not of text or true and false."""
    return pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype)


def joint_keys(keys: Sequence[str]) -> list[str]:
    """Swept fields of a design that must be consistent with each other: they are tried as they stand in the points."""
    return [key for key in keys if kind_of(key) == "design" and key.rpartition(".")[2] in JOINT]


def values_to_try(fields: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Values of other design keys that show whether all are allowed, each alone.

    ``fields``: key → the values given, or the ends of their range. A number is always allowed in one range, so the
    smallest, the largest and an invalid one are enough.
    """
    for key in sorted(set(fields) - set(joint_keys(list(fields)))):
        if kind_of(key) != "design" or key.partition(".")[0] in {"measures", MEASURE}:
            continue
        given = fields[key]
        column = pd.Series(given)
        values = list(column.unique())
        if len(values) and holds_numbers(column):
            broken = [value for value in values if value != round(value)][:1]
            values = sorted({column.min(), column.max(), *broken})
        for value in values:
            yield {key: value}


def in_rows(problems: Sequence[Problem], columns: Mapping[str, pd.Series], config: SweepConfig) -> list[Problem]:
    """The same problems; one with the values of a column of a list of points names the first row that has it."""
    sound, found = set(known_keys(config)) & set(columns), list[Problem]()
    for problem in problems:
        key = problem.where.removeprefix("vary.")
        found.extend((_in_first_row(key, columns[key], config) if key in sound else []) or [problem])
    return found


def _in_first_row(key: str, column: pd.Series, config: SweepConfig) -> list[Problem]:
    """What is wrong in the first row of a column that has something wrong; nothing if it is the column as a whole."""
    for row, value in column.items():
        number = pd.to_numeric(value, errors="coerce")  # of a column of text: each number in it is sound by itself
        one = number if isinstance(value, str) and pd.notna(number) else value
        wrong = list(check_values(config, pd.DataFrame({key: [one]})))
        if wrong:
            return [replace(problem, where=in_row(int(str(row)), key)) for problem in wrong]
    return []


def in_row(row: int, where: str) -> Said:
    """The place of a key in a row of a list of points, counted from 0."""
    return said("sweep.points: row {row}: {key}", row=row + 1, key=where)
