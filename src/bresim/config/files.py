"""A user's own YAML files: ``governance=path/to/my_design.yaml``, and folders given by ``--config-dir``."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bresim.common.errors import InputError, Problem, said
from bresim.common.paths import configs_dir
from bresim.common.yaml_files import is_path, read_mapping
from bresim.config.fits import check_region
from bresim.config.hydra_store import put
from bresim.governance import inspect_design
from bresim.region.read import folder_of, read_region_file
from bresim.scenario import read_scenario

#: Groups whose option may be a path, in ``group=path.yaml``.
FILE_GROUPS = ("governance", "region", "scenario", "undercurrent")
#: Groups whose options are files in ``configs``; a user's folder may add to them but not hide them.
GROUPS = (*FILE_GROUPS, "measure", "experiment")

_WORDS = {"governance": said("design"), "region": said("region"), "scenario": said("scenario")}

#: Prefix of options made from a user's file.
FILE_OPTION = "file_"


_GIVEN = re.compile(rf"(?P<group>{'|'.join(FILE_GROUPS)})=(?P<value>.*\.ya?ml\b.*)", re.IGNORECASE | re.DOTALL)


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
        match = _GIVEN.fullmatch(override)
        if match is None:
            given.overrides.append(override)
        else:
            _replace(match["group"], match["value"], given)
    return given


def _replace(group: str, value: str, given: Given) -> None:
    whole = value.strip("'\"")
    parts = [whole] if Path(whole).is_file() else [part.strip().strip("'\"") for part in value.split(",")]
    names = []
    for part in parts:
        try:
            names.append(_register(group, Path(part)) if is_path(part) else part)
        except InputError as error:
            given.problems.extend(error.problems)
    if len(names) == len(parts):
        given.overrides.append(f"{group}={','.join(names)}")


def _register(group: str, path: Path) -> str:
    check_file(group, path)
    content = read_mapping(path)
    if group != "undercurrent":
        content = {"name": path.stem, **content}
    if group == "region":
        content = beside(content, path)
    option = f"{FILE_OPTION}{re.sub(r'[^A-Za-z0-9]', '_', path.stem)}_{zlib.crc32(bytes(path.resolve())):08x}"
    put(group, option, content)
    _registered[group, option] = path
    return option


#: (group, option) → the user's file that it was made from.
_registered: dict[tuple[str, str], Path] = {}


def file_of(group: str, option: Any, folders: Sequence[Path]) -> Path | None:
    """The user's own file behind the choice of a group; None if it is shipped."""
    own = (folder / group / f"{option}.yaml" for folder in folders)
    return _registered.get((group, str(option))) or next((path for path in own if path.is_file()), None)


def check_file(group: str, path: Path) -> None:
    """Raise InputError for what is wrong with a user's file by itself, so that the problems name the file."""
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
    shipped = configs_dir() / group / f"{name}.yaml"
    if group == "undercurrent" or not shipped.is_file():
        return
    if {"name": name, **content} != {"name": name, **read_mapping(shipped)}:
        named = "name" in content
        what = said(
            "its name is '{name}', the name of a shipped {kind} with other content",
            name=name,
            kind=_WORDS.get(group, group),
        )
        remedy = said("give it a name of its own") if named else said("rename the file")
        yield Problem(f"{path}: name" if named else str(path), what, remedy)


def beside(region: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """The content of a region's file, with the folder in which its tables are."""
    return {**region, "folder": str(folder_of(region, path))}


def refuse_hidden(folders: Sequence[Path]) -> None:
    """Refuse a user's file that Hydra would misread: another file of its name comes first, or it sets no keys."""
    problems = []
    for folder in folders:
        for group in GROUPS:
            for path in sorted((folder / group).glob("*.yaml")):
                if group == "experiment" and "@package _global_" not in path.read_text(encoding="utf-8"):
                    what = said("does not say that its keys are those of the job")
                    problems.append(Problem(str(path), what, said("begin it with the line '# @package _global_'")))
                shipped = configs_dir() / group / path.name
                if shipped.is_file() and not shipped.samefile(path) and shipped.read_bytes() != path.read_bytes():
                    what = said(
                        "has the name of the shipped {kind} '{name}', which would be used instead",
                        kind=_WORDS.get(group, group),
                        name=path.stem,
                    )
                    problems.append(Problem(str(path), what, said("give the file a name of its own")))
    if problems:
        raise InputError(problems)
