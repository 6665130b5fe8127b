"""The command line that asks for a job again: every choice that differs from the defaults, and nothing else."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from bresim.common.errors import InputError
from bresim.config import load
from bresim.config.schema import CompareConfig

#: Keys that change neither numbers nor pages, and what the command says by itself.
LEFT_OUT = {"command", "files", "out", "workers", "progress", "overwrite"}
#: Groups whose option is known by the name in their content.
_NAMED = ("region", "scenario")
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*|\d{4}-Q[1-4]")
_WORDS = {"null", "true", "false", "nan", "inf"}  # Hydra reads these as values, whatever their case


def command(config: CompareConfig) -> tuple[str, list[str]]:
    """The command, quoted for a shell, and the top-level keys that it does not bring back.

    Those are of configurations made in Python, and of files that are no longer where they were.
    """
    composed = cache(lambda *words: load(config.command, words))  # it takes long, and the defaults are all of most jobs
    words = _groups(config, composed())
    try:
        words += list(_differences(_flat(composed(*words)), _flat(config)))
        again = _flat(composed(*words))
    except InputError:
        again = {}
    wanted = _flat(config)
    lost = {key.partition(".")[0] for key in wanted.keys() | again.keys() if wanted.get(key) != again.get(key)}
    return shlex.join(["bresim", config.command, *words]), sorted(lost)


def _groups(config: CompareConfig, default: CompareConfig) -> list[str]:
    """The choices of groups and designs, by name or by the path of the user's file."""
    files = config.files
    words = []
    for group in _NAMED:
        option = files.get(group) or getattr(config, group).get("name")
        if option != getattr(default, group).get("name"):
            words.append(f"{group}={option}")
    if "undercurrent" in files:
        words.append(f"undercurrent={files['undercurrent']}")
    elif "/" not in config.undercurrent.label and config.undercurrent != default.undercurrent:
        words.append(f"undercurrent={config.undercurrent.label}")
    if config.parameters.source != default.parameters.source:
        words.append(f"parameters={files.get('parameters', config.parameters.source)}")
    names = [design.name for design in config.designs]
    if names != [design.name for design in default.designs]:
        words.append(f"designs={_hydra([files.get(f'designs.{name}', name) for name in names])}")
    return words


def _flat(config: CompareConfig) -> dict[str, Any]:
    """Every key by its full path, as on the command line; a list is one value."""
    content = config.model_dump(mode="json", exclude=LEFT_OUT)
    parameters = content.pop("parameters")
    content["parameters"] = {"source": parameters["source"], **parameters["fixed"]}
    if "own" in parameters:
        content["parameters"]["own"] = parameters["own"]["digest"]
    return dict(_leaves(content))


def _leaves(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in tree.items():
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, f"{prefix}{key}.")
        elif not isinstance(value, Mapping):
            yield f"{prefix}{key}", value


def _differences(base: Mapping[str, Any], wanted: Mapping[str, Any]) -> Iterator[str]:
    """The overrides that turn ``base`` into ``wanted``; designs are named, not spelled out."""
    for key, value in wanted.items():
        if key in {"designs", "parameters.own"} or (key in base and base[key] == value):
            continue
        known = key in base or key.partition(".")[0] in {"parameters", "measures"}
        yield f"{'' if known else '++'}{key}={_hydra(value)}"
    for key in sorted(base.keys() - wanted.keys()):
        yield f"~{key}"


def _hydra(value: Any) -> str:
    """A value in Hydra's grammar."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, list):
        return "[" + ",".join(_hydra(item) for item in value) + "]"
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_hydra(key)}:{_hydra(item)}" for key, item in value.items()) + "}"
    if isinstance(value, str) and not (_PLAIN.fullmatch(value) and value.lower() not in _WORDS):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return str(value)
