"""What a user's experiment may hold: the keys of what is computed, and paths of files in its own folder.

Where results go, what computes them and how Hydra works are said on the command line, by whoever runs it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bresim.common import user_files
from bresim.common.errors import InputError, Problem, inside, said
from bresim.common.user_files import shortened, within
from bresim.common.yaml_files import is_path, read_mapping
from bresim.region.read import PATHS

#: Groups whose option an experiment may choose in its ``defaults``.
CHOSEN = ("governance", "region", "scenario", "undercurrent", "parameters", "measures", "method")
#: Keys that a file may not set, since they do not say what is computed.
ELSEWHERE = ("hydra", "out", "engine")
#: Line without which Hydra would put the keys of an experiment below ``experiment``.
HEADER = "# @package _global_"
#: Last key of a path → a text below it names a file.
_NAMES_A_FILE = {*PATHS, "folder", "points"}


def read_experiment(path: Path, home: Path) -> dict[str, Any]:
    """The content of an experiment, with the paths in it as seen from anywhere; ``home`` is the user's folder.

    InputError with everything that an experiment may not hold.
    """
    content = read_mapping(path, home, may_be_empty=True)
    problems: list[Problem] = []
    if HEADER not in user_files.read_text(path, user_files.YAML, home):
        what = said("does not say that its keys are those of the job")
        problems.append(Problem(str(path), what, said("begin it with the line '# @package _global_'")))
    defaults = content.pop("defaults", None)
    for key in ELSEWHERE:
        if key in content:
            what = said("does not belong in a file: it does not say what is computed")
            problems.append(Problem(inside(str(path), key), what, said("give it on the command line")))
    if defaults is not None:
        problems += _wrong_choices(defaults, path)
    found = {key: _placed(value, key, str(key), path, problems) for key, value in content.items()}
    if problems:
        raise InputError(problems)
    return found if defaults is None else {"defaults": defaults, **found}


def _wrong_choices(defaults: Any, path: Path) -> Iterator[Problem]:
    """Entries of ``defaults`` that are more than the choice of an option of a group."""
    where = inside(str(path), "defaults")
    entries = defaults if isinstance(defaults, list) else [defaults]
    for entry in entries:
        if entry == "_self_":
            continue
        choice = next(iter(entry.items())) if isinstance(entry, dict) and len(entry) == 1 else (None, None)
        group, option = choice
        word = str(group).removeprefix("override ").strip().removeprefix("/")
        plain = isinstance(option, str) and option.replace("_", "").replace("-", "").isalnum()
        if word not in CHOSEN or not plain:
            what = said("'{entry}' does not choose an option of a group", entry=shortened(str(entry)))
            yield Problem(
                where, what, said("write '- override /GROUP: NAME'; groups: {names}", names=", ".join(CHOSEN))
            )


def _placed(value: Any, key: Any, where: str, path: Path, problems: list[Problem]) -> Any:
    """The value with the paths in it made absolute; they lie in the folder of the experiment."""
    if isinstance(value, dict):
        return {name: _placed(below, name, f"{where}.{name}", path, problems) for name, below in value.items()}
    if isinstance(value, list):
        return [_placed(below, key, where, path, problems) for below in value]
    if isinstance(value, str) and (is_path(value) or str(key).rpartition(".")[2] in _NAMES_A_FILE):
        try:
            found = within(value, path.parent, inside(str(path), shortened(where)))
        except InputError as error:
            problems += error.problems
        else:
            return str(found.absolute()) if found.exists() or is_path(value) else value
    return value
