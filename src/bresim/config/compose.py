"""Composition by Hydra, and messages for users about overrides that do not compose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Literal, overload

import yaml
from hydra import compose
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override, OverrideType
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from bresim.common.errors import InputError, Problem, nearest, said
from bresim.common.user_files import is_folder, shortened
from bresim.common.yaml_files import yaml_problem
from bresim.config.files import (
    FILE_GROUPS,
    FILE_OPTION,
    GROUPS,
    TABLE_GROUP,
    Given,
    check_file,
    file_of,
    home_of,
    own_files,
    register_files,
    take_folders,
)
from bresim.config.folder_name import named
from bresim.config.hydra_state import hydra_of
from bresim.config.hydra_store import register
from bresim.config.keys import key_paths, nearest_key
from bresim.config.references import refuse_paths, refuse_references, without_searchpath
from bresim.config.schema import (
    CONFIGS,
    BriefConfig,
    CompareConfig,
    JobConfig,
    PageConfig,
    PatternsConfig,
    RegionConfig,
    RunConfig,
    SensitivityConfig,
    SweepConfig,
)
from bresim.config.several import refuse_too_many
from bresim.config.validate import job_config
from bresim.config.vary import clash, hidden, lost_keys

#: What Hydra raises for bad input (a ValueError for a group that is set to a number, say).
COMPOSITION_ERRORS = (
    HydraException, OmegaConfBaseException, yaml.YAMLError, ValueError, TypeError, AssertionError, RecursionError,
)  # fmt: skip


@overload
def load(
    command: Literal["compare"], overrides: Sequence[str] = (), config_dir: str | Path | None = None
) -> CompareConfig: ...
@overload
def load(
    command: Literal["brief"], overrides: Sequence[str] = (), config_dir: str | Path | None = None
) -> BriefConfig: ...
@overload
def load(
    command: Literal["page"], overrides: Sequence[str] = (), config_dir: str | Path | None = None
) -> PageConfig: ...
@overload
def load(command: Literal["run"], overrides: Sequence[str] = (), config_dir: str | Path | None = None) -> RunConfig: ...
@overload
def load(
    command: Literal["region"], overrides: Sequence[str] = (), config_dir: str | Path | None = None
) -> RegionConfig: ...
@overload
def load(
    command: Literal["patterns"], overrides: Sequence[str] = (), config_dir: str | Path | None = None
) -> PatternsConfig: ...
@overload
def load(
    command: Literal["sweep"], overrides: Sequence[str] = (), config_dir: str | Path | None = None
) -> SweepConfig: ...
@overload
def load(
    command: Literal["sensitivity"], overrides: Sequence[str] = (), config_dir: str | Path | None = None
) -> SensitivityConfig: ...
@overload
def load(command: str, overrides: Sequence[str] = (), config_dir: str | Path | None = None) -> JobConfig: ...
def load(command: str, overrides: Sequence[str] = (), config_dir: str | Path | None = None) -> JobConfig:
    """Compose and check the configuration of a command, as ``bresim COMMAND OVERRIDES --config-dir DIR`` does.

    Raises InputError with every problem.
    """
    if command not in CONFIGS:
        raise InputError(
            Problem("command", said("there is no command '{command}'", command=command), nearest(command, CONFIGS))
        )
    register()
    folders, overrides = user_folders(config_dir, overrides)
    given = register_files(overrides)
    refuse_paths(given.overrides)
    if given.problems:
        raise InputError([*given.problems, *problems_of(command, given, folders)])
    with hydra_of(command):
        try:
            composed = _compose(command, given.overrides, folders)
        except COMPOSITION_ERRORS:
            raise InputError(_diagnose(command, given, folders)) from None
        return from_composed(command, composed, composed.hydra, folders)


def user_folders(config_dir: str | Path | None, overrides: Sequence[str]) -> tuple[tuple[Path, ...], list[str]]:
    """(the user's folders, by ``--config-dir`` or ``hydra.searchpath``; the other overrides), both checked.

    What the folders hold is read here, and can be chosen from now on.
    """
    refuse_references(overrides)
    refuse_too_many(overrides)
    searched, rest = without_searchpath(overrides)
    given = [*([Path(config_dir)] if config_dir is not None else []), *searched]
    for folder in given:
        if not is_folder(folder):
            what = said("'{folder}' is not a folder", folder=shortened(str(folder), 300))
            remedy = said("give a folder that holds governance/, region/ or scenario/")
            raise InputError(Problem("--config-dir" if folder not in searched else "hydra.searchpath", what, remedy))
    folders = tuple(folder.resolve() for folder in given)
    take_folders(folders)
    return folders, rest


def from_composed(
    command: str, composed: DictConfig, runtime: Any, folders: Sequence[Path], **changed: Any
) -> JobConfig:
    """Check what Hydra composed.

    ``runtime`` is Hydra's own configuration, ``folders`` the user's configuration folders, ``changed`` keys that
    have another value than the composed one.
    """
    choices = {str(group): option for group, option in runtime.runtime.choices.items()}
    config = job_config(command, {**_plain(composed), **changed}, choices, folders, list(runtime.overrides.task))
    by_time = "${now:" in str(composed_keys(composed).get("out"))
    return config.model_copy(update={"out": named(config)}) if by_time and "out" not in changed else config


def compose_common(command: str, overrides: Sequence[str], folders: Sequence[Path]) -> DictConfig:
    """The configuration that the jobs of a ``--multirun`` share: composed without the swept overrides."""
    fixed = [text for text in overrides if not OverridesParser.create().parse_override(text).is_sweep_override()]
    with hydra_of(command):
        return _compose(command, fixed, folders)


@contextmanager
def composing(command: str, overrides: Sequence[str], folders: Sequence[Path]) -> Iterator[DictConfig]:
    """The configuration that Hydra composes from these overrides, with Hydra's own keys; Hydra stays initialised."""
    with hydra_of(command):
        yield _compose(command, overrides, folders)


def problems_of(command: str, given: Given, folders: Sequence[Path], sweeps: bool = False) -> list[Problem]:
    """Everything wrong with overrides that Hydra refused; ``sweeps``: ``key=a,b`` is tried value by value."""
    with hydra_of(command):
        return _diagnose(command, given, folders, sweeps)


def _compose(command: str, overrides: Sequence[str], folders: Sequence[Path]) -> DictConfig:
    return compose(command, [*overrides], return_hydra_config=True)


def _plain(composed: DictConfig) -> dict[str, Any]:
    """The composed keys as plain data, interpolations filled in, without Hydra's own."""
    problems = []
    plain: dict[str, Any] = {}
    for key in composed:
        if key == "hydra":
            continue
        try:
            node = composed._get_node(key)
            plain[str(key)] = (
                OmegaConf.to_container(node, resolve=True, throw_on_missing=True)
                if OmegaConf.is_config(node)
                else composed[key]
            )
        except OmegaConfBaseException as error:
            problems.append(
                Problem(
                    error.full_key or str(key),
                    said("has no value ({reason})", reason=_first_line(error)),
                    said("give it a value"),
                )
            )
    if problems:
        raise InputError(problems)
    return plain


def _diagnose(command: str, given: Given, folders: Sequence[Path], sweeps: bool = False) -> list[Problem]:
    """What is wrong with each override; those that are sound must still make a valid job."""
    problems: list[Problem] = []
    parsed: list[Override] = []
    parser = OverridesParser.create(GlobalHydra.instance().config_loader())  # which lists the options for glob(*)
    for text in given.overrides:
        try:
            [override] = parser.parse_overrides([text])  # parse_override would not know the options of a glob
            if not override.key_or_group:
                raise HydraException("no key")
        except (HydraException, ValueError, RecursionError) as error:  # a number of thousands of digits, say
            problems.append(_unreadable(text, error))
            continue
        if override.is_sweep_override() and not sweeps:
            problems.append(_several(override, text))
        elif override.is_sweep_override() and override.is_hydra_override():
            problems.append(
                Problem(override.key_or_group, said("is Hydra's own and cannot vary"), said("give it one value"))
            )
        elif override.is_sweep_override() and not override.is_discrete_sweep():
            key, value = override.key_or_group, text.partition("=")[2]
            problems.append(
                Problem(
                    key,
                    said("'{value}' does not say which values", value=value),
                    said("write a,b or range(first,beyond)"),
                )
            )
        else:
            parsed.append(override)
    base = _compose(command, [], folders)
    groups = [override for override in parsed if override.key_or_group in base.hydra.runtime.choices]
    accepted: list[str] = []
    for override in groups:
        for value in _values(override):
            try:
                base = _compose(command, [*accepted, value], folders)
            except COMPOSITION_ERRORS as error:
                problems.extend(_own_file(override, value, folders) or [_wrong_group(override, value, error)])
                break
        else:
            accepted.append(_values(override)[0])
    known = key_paths(composed_keys(base))
    for override in parsed:
        if override in groups:
            continue
        if own := _own_file(override, str(override.input_line), folders):
            problems.extend(own)
            continue
        problem = wrong_key(command, override, known, folders)
        problem = problem or next(lost_keys([*accepted, str(override.input_line)]), None)
        if problem is not None:
            problems.append(problem)
        else:
            accepted.append(_values(override)[0])
    try:
        problems.extend(_rest(command, accepted, folders))
    except COMPOSITION_ERRORS as error:
        problems.extend(clash(above, key) for above, _, key in hidden(accepted, folders))
        if not problems:
            problems.append(
                Problem(", ".join(accepted), said("cannot be composed ({reason})", reason=_first_line(error)))
            )
    return problems


def _rest(command: str, accepted: Sequence[str], folders: Sequence[Path]) -> tuple[Problem, ...]:
    """What is wrong with the values of overrides that compose."""
    try:
        composed = _compose(command, accepted, folders)
        from_composed(command, composed, composed.hydra, folders)
    except InputError as error:
        return error.problems
    return ()


def _several(override: Override, text: str) -> Problem:
    """Several values where one command takes one."""
    given, _, value = text.partition("=")
    values = list(islice(override.sweep_string_iterator(), 12)) if override.is_discrete_sweep() else []
    written = f"{','.join(values)},…" if len(values) > 11 else ",".join(values) or "a,b"
    if override.key_or_group.startswith("vary."):
        remedy = said("a list is {key}=[{values}]", key=given, values=written)
    else:
        remedy = said("a list is {key}=[{values}]; to try each, add --multirun", key=given, values=written)
    return Problem(override.key_or_group, said("'{value}' is more than one value", value=value), remedy)


def _values(override: Override) -> list[str]:
    """The override, or for a sweep (``key=a,b``) one override for each value."""
    if not override.is_discrete_sweep():
        return [str(override.input_line)]
    return [f"{override.get_key_element()}={value}" for value in override.sweep_string_iterator()]


def _unreadable(text: str, error: Exception) -> Problem:
    if not text.partition("=")[0].strip() or ("=" not in text and not text.startswith("~")):
        return Problem(f"'{text}'", said("is not of the form KEY=VALUE"), said("for help: --help"))
    remedy = said("lists are KEY=[a,b]; quote what has accents or signs: \"KEY='a b'\"")
    return Problem(shortened(text, 200), said("cannot be read ({reason})", reason=_first_line(error)), remedy)


def _own_file(override: Override, text: str, folders: Sequence[Path]) -> tuple[Problem, ...]:
    """What is wrong with the file in the user's folder that the choice of a group names."""
    group, option = override.key_or_group, text.partition("=")[2].strip("'\"")
    own = file_of(group, option, folders) if group in GROUPS else None
    if own is None:
        return ()
    try:
        check_file(group, own, home_of(own, folders))
    except InputError as error:
        return error.problems
    return ()


def _wrong_group(override: Override, text: str, error: Exception) -> Problem:
    """Why the choice of a group does not compose."""
    group, value = override.key_or_group, text.partition("=")[2]
    if isinstance(error, yaml.YAMLError):
        return yaml_problem(error, text)
    if override.type is OverrideType.ADD:
        return Problem(
            f"+{group}", said("is there already"), said("write {key}={value}, without +", key=group, value=value)
        )
    options = GlobalHydra.instance().config_loader().get_group_options(group)
    if value.strip("'\"") in options:
        return Problem(text, said("cannot be composed ({reason})", reason=_first_line(error)))
    if group == "measures":
        return Problem(
            group,
            said("unknown set of measures '{name}'", name=value),
            said("a measure is set by its strength: measures.NAME=0.5"),
        )
    remedy = nearest(value, [option for option in options if not option.startswith(FILE_OPTION)])
    word = _WORDS.get(group, group.rpartition("/")[2])
    if group in FILE_GROUPS:
        remedy = said("{remedy} (or give the path of a file that ends in .yaml)", remedy=remedy)
    if group == TABLE_GROUP:
        remedy = said("{remedy} (or give the path of a file that ends in .csv or .parquet)", remedy=remedy)
    return Problem(group, said("unknown {kind} '{name}'", kind=word, name=value), remedy)


def wrong_key(command: str, override: Override, known: Sequence[str], folders: Sequence[Path] = ()) -> Problem | None:
    """Why an override of a key does not compose; None if it can."""
    key, value = override.key_or_group, str(override.input_line).partition("=")[2]
    if override.type is OverrideType.ADD:
        if key in known:
            return Problem(
                f"+{key}", said("is there already"), said("write {key}={value}, without +", key=key, value=value)
            )
        options = GlobalHydra.instance().config_loader().get_group_options(key)
        options += own_files(key, folders)
        if options and value not in options:
            remedy = nearest(value, options)
            if key == "experiment":
                remedy = said(
                    "{remedy} (one of your own: DIR/experiment/NAME.yaml, --config-dir DIR and +experiment=NAME)",
                    remedy=remedy,
                )
            return Problem(key, said("unknown {kind} '{name}'", kind=key, name=value), remedy)
        return None
    if key.startswith("vary.") and override.type is OverrideType.CHANGE and key not in known:
        return Problem(key, said("is chosen with a plus"), said("write +{key}={value}", key=key, value=value))
    if key == "experiment":
        return Problem(key, said("is chosen with a plus"), said("write +{key}={value}", key=key, value=value))
    if override.type is OverrideType.FORCE_ADD or key in known or key.startswith("hydra."):
        return None
    special = _ELSEWHERE.get((command, key.partition(".")[0]))
    return Problem(key, said("unknown key of 'bresim {command}'", command=command), special or nearest_key(key, known))


#: Group → word for its options in messages.
_WORDS = {
    "governance": said("design"),
    "parameters": said("source of parameters"),
    "region": said("region"),
    "scenario": said("scenario"),
    "undercurrent": said("undercurrent"),
}

#: Key of another command → what to write for this one.
_ELSEWHERE = {
    ("compare", "governance"): said("compare takes designs=[a,b]"),
    ("run", "designs"): said("run takes one design: governance=NAME"),
    ("run", "replicates"): said("run simulates one replicate: replicate=NUMBER"),
}


def composed_keys(composed: DictConfig) -> dict[str, Any]:
    """The composed keys as plain data, interpolations as they were written, without Hydra's own."""
    plain = OmegaConf.to_container(composed, resolve=False)
    assert isinstance(plain, dict)
    return {str(key): value for key, value in plain.items() if key != "hydra"}


def _first_line(error: BaseException) -> str:
    text = str(error) or str(error.__cause__ or type(error).__name__)
    return text.strip().partition("\n")[0]
