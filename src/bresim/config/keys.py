"""Keys by their full path, and the known key nearest to an unknown one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from bresim.common.errors import Said, said

#: Prefix that is not a key → remedy, whatever follows it.
_MEANT = {"measure": said("a measure is set by its strength: measures.NAME=0.5")}


def nearest_key(key: str, known: Iterable[str]) -> Said:
    """The full path of the known key nearest to ``key``, also if only its last part was given."""
    known = sorted(set(known))
    first, _, last = key.rpartition(".")
    if key.partition(".")[0] in _MEANT:
        return _MEANT[key.partition(".")[0]]
    above = first
    while above and above not in known:
        above = above.rpartition(".")[0]
    prefix = f"{above}." if above else ""
    below = [path for path in known if path.startswith(prefix)]
    inner = {path.removeprefix(prefix).partition(".")[0] for path in below}
    wrong, dot, rest = key.removeprefix(prefix).partition(".")
    if above:
        close = difflib.get_close_matches(wrong, inner, n=1, cutoff=0.6)
        if close:
            whole = f"{prefix}{close[0]}{dot}{rest}"
            return said("did you mean '{name}'?", name=whole if whole in known else prefix + close[0])
    by_path = {path.removeprefix(prefix): path for path in below}
    by_last = {path.rpartition(".")[2]: path for path in below}
    for candidates in (
        [path for path in below if path.rpartition(".")[2] == last],
        [by_path[match] for match in difflib.get_close_matches(key.removeprefix(prefix), by_path, n=1, cutoff=0.7)],
        [by_last[match] for match in difflib.get_close_matches(last, by_last, n=1, cutoff=0.7)],
    ):
        if candidates:
            return said("did you mean '{name}'?", name=candidates[0])
    if not inner:
        return said("did you mean '{name}'? it has no keys below it", name=above)
    names = ", ".join(sorted(inner))
    return said("known in {key}: {names}", key=above, names=names) if above else said("known: {names}", names=names)


def key_paths(tree: Mapping[str, Any], prefix: str = "") -> list[str]:
    """Every key of nested mappings by its full path."""
    paths = []
    for key, value in tree.items():
        path = f"{prefix}{key}"
        paths.append(path)
        if isinstance(value, Mapping):
            paths.extend(key_paths(value, f"{path}."))
    return paths
