"""What an override on the command line may refer to: other keys, and in ``out`` the time and Hydra's own keys.

Hydra resolves ``${…}`` wherever it stands, also by functions that read the environment or make values. None of that
may reach results, so that only what is known to be a reference is let through.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import HydraException

from bresim.common.errors import InputError, Problem, said
from bresim.common.paths import configs_dir
from bresim.common.user_files import shortened
from bresim.common.yaml_files import LONGEST_KEY

_KEY = r"\$\{[A-Za-z_][\w.]*\}"
_PLAIN = re.compile(_KEY)
#: In `out` and in Hydra's own keys.
_OWN = re.compile(rf"{_KEY}|\$\{{(?:now|hydra):[\w.%:-]*\}}")
_SEARCHED = "hydra.searchpath"


def refuse_references(overrides: Iterable[str]) -> None:
    """Raise InputError for each override that refers to more than a key by ``${…}``, and for keys that none is."""
    problems = []
    for override in overrides:
        key, _, value = override.partition("=")
        bare = key.lstrip("+~")
        if len(key) > LONGEST_KEY:  # Hydra looks for a file of that name
            what = said("has a key of {count} characters", count=len(key))
            problems.append(Problem(shortened(bare), what, said("for help: --help")))
        allowed = _OWN if bare == "out" or bare.startswith(("hydra.", "hydra/")) else _PLAIN
        if "${" in key or "${" in allowed.sub("", value):
            what = said("refers to something else than a key by '${{…}}'")
            problems.append(Problem(shortened(bare), what, said("write the value itself")))
    if problems:
        raise InputError(problems)


def refuse_paths(overrides: Iterable[str]) -> None:
    """Raise InputError for the choice of an option by a path, which Hydra would read as it is."""
    groups = {path.name for path in configs_dir().iterdir() if path.is_dir()}
    problems = []
    for override in overrides:
        key, _, value = override.partition("=")
        group = key.lstrip("+~").partition("@")[0]
        chooses = group in groups or "/" in group
        if chooses and (any(sign in value for sign in "/\\") or ".." in group):
            what = said("'{value}' is not the name of an option", value=shortened(value))
            problems.append(
                Problem(shortened(group), what, said("give a name, or the path of a file that ends in .yaml"))
            )
    if problems:
        raise InputError(problems)


def without_searchpath(overrides: Sequence[str]) -> tuple[list[Path], list[str]]:
    """(folders that ``hydra.searchpath`` names, the other overrides): they are read as those of ``--config-dir``."""
    folders: list[Path] = []
    rest = []
    for text in overrides:
        if text.partition("=")[0].lstrip("+") == _SEARCHED:
            folders += map(_folder, _listed(text))
        else:
            rest.append(text)
    return folders, rest


def _listed(text: str) -> list[str]:
    try:
        value = OverridesParser.create().parse_override(text).value()
    except HydraException:
        value = None
    values = value if isinstance(value, list) else [value]
    return [str(one) for one in values if one]


def _folder(name: str) -> Path:
    if "://" in name and not name.startswith("file://"):
        what = said("'{name}' is no folder on this machine", name=shortened(name))
        raise InputError(Problem(_SEARCHED, what, said("add a folder of your own files with --config-dir DIR")))
    return Path(name.removeprefix("file://"))
