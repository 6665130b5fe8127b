"""A user's own YAML files: ``governance=path/to/my_design.yaml``, and folders given by ``--config-dir``."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bresim.common import user_files
from bresim.common.errors import InputError, Problem, said
from bresim.common.paths import configs_dir
from bresim.common.user_files import shortened
from bresim.common.yaml_files import is_path, read_mapping
from bresim.config.experiments import read_experiment
from bresim.config.fits import check_region
from bresim.config.hydra_store import put, take_away
from bresim.config.own_sets import is_table, read_sets
from bresim.governance import inspect_design
from bresim.region.read import PATHS, folder_of, read_region_file
from bresim.scenario import read_scenario

#: Groups whose option may be a path, in ``group=path.yaml``.
FILE_GROUPS = ("governance", "region", "scenario", "undercurrent")
#: The group whose option may be the path of a table, of parameter sets.
TABLE_GROUP = "parameters"
#: Groups whose options are files in ``configs``; a user's folder may add to them but not hide them.
GROUPS = (*FILE_GROUPS, "measure", "experiment")

_WORDS = {"governance": said("design"), "region": said("region"), "scenario": said("scenario")}

#: Prefix of options made from a user's file.
FILE_OPTION = "file_"


_GIVEN = (
    re.compile(rf"(?P<group>{'|'.join(FILE_GROUPS)})=(?P<value>.*\.ya?ml\b.*)", re.IGNORECASE | re.DOTALL),
    re.compile(rf"(?P<group>{TABLE_GROUP})=(?P<value>.*\.(?:csv|parquet)\b.*)", re.IGNORECASE | re.DOTALL),
)


#: A table or the boundaries of a region, given by hand: seen from the working folder.
_TABLE = re.compile(rf"(?P<key>\+*region\.(?:{'|'.join(PATHS)}))=(?P<value>[^'\"\[\]{{}},=()]+)")


@dataclass
class Given:
    """Overrides with the paths in them replaced by names that Hydra can compose."""

    overrides: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def register_files(overrides: Sequence[str]) -> Given:
    """Replace ``group=path.yaml`` by ``group=name``, where Hydra composes ``name`` from that file.

    With several values (``governance=a.yaml,regiobureau``, for ``--multirun``) each is replaced. An override
    with a file that cannot be read is left out; its problem is kept.
    """
    given = Given()
    for override in overrides:
        match = next(filter(None, (form.fullmatch(override) for form in _GIVEN)), None)
        table = _TABLE.fullmatch(override)
        if match is not None:
            _replace(match["group"], match["value"], given)
        elif table is not None and user_files.is_plain(Path(table["value"])):
            path = str(Path(table["value"]).absolute()).replace("'", r"\'")
            given.overrides.append(f"{table['key']}='{path}'")
        else:
            given.overrides.append(override)
    return given


def _replace(group: str, value: str, given: Given) -> None:
    whole = value.strip("'\"")
    parts = [whole] if user_files.is_plain(Path(whole)) else [part.strip().strip("'\"") for part in value.split(",")]
    names = []
    is_file = is_table if group == TABLE_GROUP else is_path
    for part in parts:
        try:
            names.append(_register(group, Path(part)) if is_file(part) else part)
        except InputError as error:
            given.problems.extend(error.problems)
    if len(names) == len(parts):
        given.overrides.append(f"{group}={','.join(names)}")


def _register(group: str, path: Path) -> str:
    check_file(group, path)
    content = content_of(group, path)
    if group not in {"undercurrent", TABLE_GROUP}:
        content = {"name": path.stem, **content}
    option = f"{FILE_OPTION}{re.sub(r'[^A-Za-z0-9]', '_', path.stem)}_{zlib.crc32(bytes(path.resolve())):08x}"
    put(group, option, content)
    _registered[group, option] = path
    return option


#: (group, option) → the user's file that it was made from.
_registered: dict[tuple[str, str], Path] = {}


def file_of(group: str, option: Any, folders: Sequence[Path]) -> Path | None:
    """The user's own file behind the choice of a group; None if it is shipped."""
    return _registered.get((group, str(option))) or own_files(group, folders).get(str(option))


def own_files(group: str, folders: Sequence[Path]) -> dict[str, Path]:
    """Name → file, of the user's files of a group; of two of one name that in the first folder."""
    found = [path for folder in reversed(folders) for path in user_files.files_in(folder / group, ".yaml")]
    return {path.stem: path for path in found}


def home_of(path: Path, folders: Sequence[Path]) -> Path | None:
    """The user's folder that a file is in."""
    return next((folder for folder in folders if path.is_relative_to(folder)), None)


def content_of(group: str, path: Path, home: Path | None = None) -> dict[str, Any]:
    """The content of a user's file, as it is composed; a region knows where its tables are."""
    if group == "experiment":
        return read_experiment(path, home or path.parent)
    if group == TABLE_GROUP:
        return {"source": "own"}  # the table is read when the configuration is checked
    if group == "region":
        return beside(read_region_file(path), path)
    return read_mapping(path, home)


def check_file(group: str, path: Path, home: Path | None = None) -> None:
    """Raise InputError for what is wrong with a user's file by itself, so that the problems name the file."""
    if group == "experiment":
        read_experiment(path, home or path.parent)
        return
    if group == TABLE_GROUP:
        read_sets(path)
        return
    problems = list(_borrowed_name(group, path))
    if group == "governance":
        problems += inspect_design(path).problems
    elif group == "scenario":
        try:
            read_scenario(path)
        except InputError as error:
            problems += error.problems
    elif group == "region":
        check_region(beside({"name": path.stem, **read_region_file(path)}, path), str(path), problems)
    if problems:
        raise InputError(problems)


def _borrowed_name(group: str, path: Path) -> Iterator[Problem]:
    """A name in results means one thing: a file may have the name of a shipped one only if its content is the same."""
    content = read_mapping(path)
    name = str(content.get("name", path.stem))
    shipped = next((one for one in user_files.files_in(configs_dir() / group, ".yaml") if one.stem == name), None)
    if group == "undercurrent" or shipped is None:
        return
    if {"name": name, **content} != {"name": name, **read_mapping(shipped)}:
        named = "name" in content
        what = said(
            "its name is '{name}', the name of a shipped {kind} with other content",
            name=shortened(name),
            kind=_WORDS.get(group, group),
        )
        remedy = said("give it a name of its own") if named else said("rename the file")
        yield Problem(f"{path}: name" if named else str(path), what, remedy)


def beside(region: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """The content of a region's file, with the folder in which its tables are."""
    return {**region, "folder": str(folder_of(region, path))}


def take_folders(folders: Sequence[Path]) -> None:
    """Make the files in the user's folders the options of their groups, in place of those of an earlier call.

    They are read here, so that Hydra, which would follow what they say, opens none of them. What is wrong with one is
    told if it is chosen.
    """
    _refuse_hidden(folders)
    for group, name in _from_folders:
        take_away(group, name)
    _from_folders.clear()
    _taken[:] = folders
    for group in GROUPS:
        shipped = {path.stem for path in user_files.files_in(configs_dir() / group, ".yaml")}
        for folder in reversed(folders):
            for path in user_files.files_in(folder / group, ".yaml"):
                with suppress(InputError):
                    content = content_of(group, path, folder)
                    if path.stem not in shipped:
                        put(group, path.stem, content, "_global_" if group == "experiment" else None)
                        _from_folders.append((group, path.stem))


def taken_folders() -> tuple[Path, ...]:
    """The folders that were taken last, for what Hydra calls by itself."""
    return tuple(_taken)


_taken: list[Path] = []
#: (group, name) of the options that come from the user's folders.
_from_folders: list[tuple[str, str]] = []


def _refuse_hidden(folders: Sequence[Path]) -> None:
    """Refuse a user's file that has the name of a shipped one, which would be used instead, and other content."""
    problems = []
    for group in GROUPS:
        shipped = {path.stem: path for path in user_files.files_in(configs_dir() / group, ".yaml")}
        for path in (path for folder in folders for path in user_files.files_in(folder / group, ".yaml")):
            if path.stem in shipped and not _is_copy(path, shipped[path.stem]):
                what = said(
                    "has the name of the shipped {kind} '{name}', which would be used instead",
                    kind=_WORDS.get(group, group),
                    name=path.stem,
                )
                problems.append(Problem(str(path), what, said("give the file a name of its own")))
    if problems:
        raise InputError(problems)


def _is_copy(path: Path, shipped: Path) -> bool:
    try:
        return shipped.samefile(path) or user_files.read_bytes(path, user_files.YAML) == shipped.read_bytes()
    except (OSError, InputError):
        return False
