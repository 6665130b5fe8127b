"""What a sweep varies, as the user wrote it: keys by their full path, and the content of the options they name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from bresim.config.files import beside
from bresim.errors import InputError, Problem, nearest
from bresim.mapping import is_path, read_mapping
from bresim.paths import configs_dir

#: Groups of which whole options may be swept: ``+vary.scenario=[history,austerity]``.
SWEPT_GROUPS = ("region", "scenario", "undercurrent")


def read_vary(data: dict[str, Any], folders: Sequence[Path], overrides: Sequence[str], problems: list[Problem]) -> None:
    """Replace ``vary`` in ``data`` by key path → values, and add the ``options`` that it or a list of points names."""
    given = data.get("vary")
    if not isinstance(given, Mapping):
        problems.append(Problem("vary", f"{given} is not a mapping", "write +vary.KEY=[a,b]"))
        given = {}
    vary = dict(_flat(given))
    if "parameters" in vary:  # all of them: +vary.parameters=prior
        from bresim.parameters import PARAMETERS

        values = vary.pop("parameters")
        vary |= {f"parameters.{name}": values for name in PARAMETERS if f"parameters.{name}" not in vary}
    data["vary"] = vary
    sweep = data["sweep"] if isinstance(data.get("sweep"), Mapping) else {}
    named: dict[str, Iterable[Any]] = {}
    if sweep.get("method") == "grid":
        named = {group: _listed(vary[group]) for group in SWEPT_GROUPS if group in vary}
    keys = [*vary]
    if sweep.get("method") == "list" and isinstance(sweep.get("points"), str):
        columns = _columns(Path(sweep["points"]))
        keys += columns
        named |= {group: columns[group] for group in SWEPT_GROUPS if group in columns}
    data["options"] = {
        group: {name: _option(group, name, folders, problems) for name in dict.fromkeys(map(str, names))}
        for group, names in named.items()
    }
    fixed = {override.partition("=")[0].lstrip("+") for override in overrides}
    for key in keys:
        if key in fixed:
            problems.append(Problem(f"vary.{key}", f"is swept, and {key}=… fixes it", "do one of the two"))


def _flat(tree: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, Any]]:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _listed(values: Any) -> list[Any]:
    return values if isinstance(values, list) else [values]


def _columns(path: Path) -> dict[str, list[Any]]:
    """Column → values of a table of points; empty if it cannot be read, which is told later."""
    try:
        table = pd.read_parquet(path) if path.suffix.lower() == ".parquet" else pd.read_csv(path)
    except (OSError, ValueError):
        return {}
    return {str(column): table[column].dropna().unique().tolist() for column in table.columns}


def _option(group: str, name: str, folders: Sequence[Path], problems: list[Problem]) -> dict[str, Any]:
    """The content of an option of a group: shipped, in the user's folder, or a file by its path."""
    found = {path.stem: path for folder in (*folders, configs_dir()) for path in (folder / group).glob("*.yaml")}
    path = Path(name) if is_path(name) else found.get(name)
    if path is None:
        problems.append(Problem(f"vary.{group}", f"unknown {group} '{name}'", nearest(name, found)))
        return {}
    try:
        content = read_mapping(path)
    except InputError as error:
        problems.extend(error.problems)
        return {}
    if group == "undercurrent":
        return content
    content = {"name": path.stem, **content}
    return beside(content, path) if group == "region" and path.parent != configs_dir() / group else content
