"""``bresim run --multirun``: the jobs that Hydra's sweeper lists, run by the sweep engine into one dataset.

Hydra composes each combination of group choices once; the values of plain keys are applied to what it composed, as
columns of a table of points. What does not fit in such a table is refused, never ignored: use Hydra's basic launcher
for it.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
from hydra.core.config_loader import ConfigLoader
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override, OverrideType
from omegaconf import DictConfig, OmegaConf
from pydantic import ValidationError

from bresim.cli import commands
from bresim.common.errors import InputError, Problem, said
from bresim.common.validation_messages import problems_of
from bresim.config.compose import composed_keys, from_composed, wrong_key
from bresim.config.files import file_of, taken_folders
from bresim.config.keys import key_paths
from bresim.config.schema import Engine, ModelConfig, Record, RunConfig, SweepConfig
from bresim.config.vary import SWEPT_GROUPS
from bresim.sweep.checks import GROUPS, known_keys
from bresim.sweep.fields import as_text
from bresim.sweep.job import SweepJob
from bresim.sweep.points import column_of

ENSEMBLE = "ensemble"
BASIC = said("hydra/launcher=basic takes it, with a folder for each job")

Values = tuple[Any, ...]


@dataclass(frozen=True)
class Jobs:
    """What varies between the jobs: group → option of each job, plain key → value of each job."""

    overrides: tuple[tuple[str, ...], ...]  # of each job, without those of the plain keys that vary
    groups: Mapping[str, Values]
    plain: Mapping[str, Values]

    def choices(self) -> list[Values]:
        """The options that each job chooses."""
        return list(zip(*self.groups.values(), strict=True)) if self.groups else [()] * len(self.overrides)

    def values(self, job: int) -> dict[str, Any]:
        """The values of the plain keys in one job."""
        return {key: values[job] for key, values in self.plain.items()}

    def representatives(self, others: Iterable[int]) -> list[int]:
        """Jobs that suffice to check the values: ``others``, and for each key its extremes and non-numbers.

        A key allows a range or a list of words; combinations are checked later with all points.
        """
        found = set(others)
        for values in self.plain.values():
            first = {value: job for job, value in reversed(list(enumerate(map(_Value, values))))}
            numbers = [value for value in first if value.is_number]
            extremes = [min(numbers, key=_number), max(numbers, key=_number)] if numbers else []
            whole = [value for value in numbers if isinstance(value.plain, int)]
            broken = [value for value in numbers if not isinstance(value.plain, int)]
            found |= {first[value] for value in (*extremes, *whole[:1], *broken[:1])}
            found |= {job for value, job in first.items() if not value.is_number}
        return sorted(found)


@dataclass(frozen=True)
class _Value:
    """A value that equals another one only if its type is the same: 1, 1.0 and true are three values."""

    plain: Any

    @property
    def is_number(self) -> bool:
        return isinstance(self.plain, (int, float)) and not isinstance(self.plain, bool) and self.plain == self.plain

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Value) and repr(self.plain) == repr(other.plain)

    def __hash__(self) -> int:
        return hash(repr(self.plain))


def _number(value: _Value) -> float:
    return float(value.plain)


@dataclass(frozen=True)
class Frame:
    """One combination of group choices, as Hydra composed it."""

    composed: DictConfig
    folders: tuple[Path, ...]
    config: RunConfig

    def has(self, keys: Iterable[str]) -> bool:
        """Whether each of these keys has a value in this combination, so none is unknown."""
        return all(OmegaConf.select(self.composed, key) is not None for key in keys)

    def check(self, values: Mapping[str, Any]) -> None:
        """Raise InputError for what is wrong with the job of this combination that has these values."""
        varied = copy.deepcopy(self.composed)
        for key, value in values.items():
            OmegaConf.update(varied, key, value)
        from_composed("run", varied, varied.hydra, self.folders)


def takes(command: str, choices: Mapping[str, Any]) -> bool:
    """Whether the launcher of this module gets the jobs; raises InputError where it cannot."""
    if choices["hydra/launcher"] != ENSEMBLE:
        return False
    if command != "run":
        what = said(
            "'{ensemble}' runs the jobs of 'bresim run', not of 'bresim {command}'", ensemble=ENSEMBLE, command=command
        )
        raise InputError(Problem("hydra/launcher", what, said("leave it out, or set hydra/launcher=basic")))
    if choices["hydra/sweeper"] != ENSEMBLE:
        what = said(
            "'{name}' does not list its jobs at once, as hydra/launcher={ensemble} needs",
            name=choices["hydra/sweeper"],
            ensemble=ENSEMBLE,
        )
        raise InputError(
            Problem(
                "hydra/sweeper", what, said("set hydra/sweeper={ensemble}, or hydra/launcher=basic", ensemble=ENSEMBLE)
            )
        )
    return True


def launch(
    master: DictConfig, loader: ConfigLoader, overrides: Sequence[Sequence[str]], record: Record, chunk: int
) -> None:
    """Check every job, run them all and print the results; raises InputError before anything is written."""
    jobs = read_jobs(overrides, master)
    choices = jobs.choices()
    firsts = {choice: job for job, choice in reversed(list(enumerate(choices)))}
    problems: list[Problem] = []
    frames: dict[Values, Frame] = {}
    for job in sorted(firsts.values()):
        try:
            frames[choices[job]] = _frame(master, loader, jobs.overrides[job])
        except InputError as error:
            problems += error.problems
    without = [firsts[choice] for choice, frame in frames.items() if not frame.has(jobs.plain)]
    for job in jobs.representatives(without):
        try:
            if choices[job] in frames:
                frames[choices[job]].check(jobs.values(job))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    config, names = _sweep(jobs, frames, record, chunk)
    points = _points(jobs, next(iter(frames.values())).config, names)
    try:
        sweep = SweepJob(config, points)
    except InputError as error:
        problems = [
            Problem(problem.where.removeprefix("vary."), problem.what, problem.remedy) for problem in error.problems
        ]
        raise InputError(problems) from None
    commands.show(commands.run_missing(sweep))


# --- what Hydra's sweeper lists ------------------------------------------------------------------------------------
def read_jobs(overrides: Sequence[Sequence[str]], master: DictConfig) -> Jobs:
    """What varies between the jobs, each of which sets the same keys; InputError for what a table cannot hold."""
    parser = OverridesParser.create()
    choices = master.hydra.runtime.choices
    known = key_paths(composed_keys(master))
    problems: list[Problem] = []
    groups: dict[str, Values] = {}
    plain: dict[str, Values] = {}
    framing, keys, chosen = [], [], set()
    for texts in zip(*overrides, strict=True):
        parsed = {text: parser.parse_override(text) for text in dict.fromkeys(texts)}
        key = next(iter(parsed.values())).key_or_group
        keys.append(key)
        if key in choices and not any(isinstance(override.value(), (dict, list)) for override in parsed.values()):
            chosen.add(key)  # a group choice: plain keys are applied after it, whatever their place
        if len(parsed) == 1:
            framing.append(texts)
        elif key in choices:
            framing.append(texts)
            groups[key] = tuple(str(parsed[text].value()) for text in texts)
            if key not in GROUPS:
                problems.append(Problem(key, said("is a group that hydra/launcher=ensemble cannot vary"), BASIC))
        else:
            problems += _not_plain(key, parsed.values(), known)
            plain[key] = tuple(parsed[text].value() for text in texts)
    for key in plain:
        around = [other for other in keys if other.startswith(f"{key}.") or key.startswith(f"{other}.")]
        for other in around:
            if other not in chosen:
                problems.append(Problem(key, said("varies, and {other} sets the same thing", other=other), BASIC))
    if problems:
        raise InputError(problems)
    return Jobs(tuple(zip(*framing, strict=True)) or ((),) * len(overrides), groups, plain)


def _not_plain(key: str, overrides: Iterable[Override], known: Sequence[str]) -> Iterator[Problem]:
    """Why the values of a key that varies do not fit in a table."""
    for override in overrides:
        unknown = wrong_key("run", override, known)
        value = override.value()
        if unknown is not None:
            yield unknown
            return
        sets = override.type is OverrideType.CHANGE or (override.type is OverrideType.FORCE_ADD and key in known)
        if key.startswith("hydra.") or not sets or override.package:
            yield Problem(
                str(override.input_line), said("is of a kind that hydra/launcher=ensemble cannot vary"), BASIC
            )
        elif not isinstance(as_text(key, value), (bool, int, float, str)) or "${" in str(value):
            shown = str(override.input_line).partition("=")[2]
            yield Problem(
                key, said("'{shown}' is of a kind that hydra/launcher=ensemble cannot vary", shown=shown), BASIC
            )


def _frame(master: DictConfig, loader: ConfigLoader, overrides: Sequence[str]) -> Frame:
    """Compose one combination of group choices as Hydra's basic launcher would, and check it."""
    composed = loader.load_sweep_config(master, list(overrides))
    folders = taken_folders()
    config = from_composed("run", composed, composed.hydra, folders)
    assert isinstance(config, RunConfig)
    linked = [
        Problem(
            key,
            said("is computed from other keys ({value}), which hydra/launcher=ensemble cannot follow", value=value),
            BASIC,
        )
        for key, value in _leaves(composed_keys(composed))
        if isinstance(value, str) and "${" in value and key != "out"
    ]
    if linked:
        raise InputError(linked)
    return Frame(composed, folders, config)


def _leaves(tree: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(tree, (dict, list)):
        for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from _leaves(value, f"{path}.{key}" if path else str(key))
    else:
        yield path, tree


# --- as a sweep ----------------------------------------------------------------------------------------------------
def _sweep(
    jobs: Jobs, frames: Mapping[Values, Frame], record: Record, chunk: int
) -> tuple[SweepConfig, dict[str, dict[str, str]]]:
    """The configuration of all jobs as one sweep, and for each group how its options are called in the table."""
    names: dict[str, dict[str, str]] = {group: {} for group in jobs.groups}
    contents: dict[tuple[str, str], Any] = {}
    first = next(iter(frames.values()))
    problems = []
    for choice, frame in frames.items():
        of = {"region": frame.config.region, "scenario": frame.config.scenario, "governance": frame.config.design}
        of["undercurrent"] = frame.config.undercurrent.model_dump()
        of["parameters"] = {"source": frame.config.parameters.source}
        for group, option in zip(jobs.groups, choice, strict=True):
            content = of.pop(group)
            own = file_of(group, option, frame.folders)
            if own is not None and group == "parameters":
                what = said("'{name}' cannot vary: sets of your own are those of every job", name=own)
                problems.append(Problem(group, what, BASIC))
            name = frame.config.design.name if group == "governance" else str(own or option)
            names[group][option] = name
            if contents.setdefault((group, name), content) != content:
                what = said("'{name}' is not the same in every job", name=name)
                problems.append(Problem(group, what, said("give each a name of its own; {remedy}", remedy=BASIC)))
        if any(value != getattr(first.config, key) for key, value in _shared(frame.config, jobs).items()):
            what = said(
                "one of its options also sets keys outside the group, which hydra/launcher=ensemble cannot vary"
            )
            problems.append(Problem(", ".join(jobs.groups), what, BASIC))
    if problems:
        raise InputError(problems)
    designs = [content for (group, _), content in contents.items() if group == "governance"]
    base = {key: getattr(first.config, key) for key in ModelConfig.model_fields}
    files = {key: path for frame in frames.values() for key, path in frame.config.files.items()}
    data = {
        **base,
        "command": "sweep",
        "designs": tuple(designs) or first.config.designs,
        "files": {key: path for key, path in files.items() if key not in jobs.groups},
        "replicates": 1,
        "record": record,
        "sweep": {"method": "list", "samples": 1, "points": None, "chunk": chunk, "dry_run": False},
        "engine": Engine(name="local", scheduler=None),
        "vary": {},
        "options": {
            group: {name: contents[group, name] for name in names[group].values()}
            for group in names
            if group in SWEPT_GROUPS
        },
    }
    try:
        config = SweepConfig.model_validate(data)
    except ValidationError as error:  # the launcher's own settings; the rest has been checked
        found = problems_of(error, "", SweepConfig)
        raise InputError(
            [replace(problem, where=f"hydra.launcher.{problem.where.rpartition('.')[2]}") for problem in found]
        ) from None
    known = known_keys(config)
    refused = [key for key in jobs.plain if key not in known]
    if refused:
        raise InputError(
            [Problem(key, said("is a key that hydra/launcher=ensemble cannot vary"), BASIC) for key in refused]
        )
    return config, names


def _shared(config: RunConfig, jobs: Jobs) -> dict[str, Any]:
    """The keys of a configuration that no varying group sets."""
    own = {"governance": {"designs"}, "region": {"region"}, "scenario": {"scenario"}, "undercurrent": {"undercurrent"}}
    # each job's own `out` holds the time at which Hydra composed it; all are written in that of the first
    parts = set().union({"files", "out"}, *(own.get(group, {group}) for group in jobs.groups))
    return {key: getattr(config, key) for key in RunConfig.model_fields if key not in parts}


def _points(jobs: Jobs, first: RunConfig, names: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    """One row per job: its design and replicate, and what else varies."""
    count = len(jobs.overrides)
    columns: dict[str, Sequence[Any]] = {
        "governance": [first.design.name] * count,
        "replicate": [first.replicate] * count,
    }
    for group, options in jobs.groups.items():
        columns[group] = [names[group][option] for option in options]
    columns |= {key: [as_text(key, value) for value in values] for key, values in jobs.plain.items()}
    points = pd.DataFrame({key: column_of(values) for key, values in columns.items()})
    twice = points[points.duplicated()]
    if len(twice):
        values = ", ".join(f"{key}={value}" for key, value in twice.iloc[0].items())
        raise InputError(
            Problem("jobs", said("two of them are the same: {values}", values=values), said("give each value once"))
        )
    return points
