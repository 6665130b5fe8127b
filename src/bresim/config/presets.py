"""The shipped levels of the undercurrent: their order and values."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import yaml

from bresim.common.paths import configs_dir
from bresim.conventions import UNDERCURRENT_PARTS

#: From none to full strength.
LEVELS = ("absent", "mild", "report", "strong")


@cache
def undercurrent_levels() -> Mapping[str, tuple[float, float, float]]:
    """Level → (parochialism, cleavage, negativity), weakest first, from ``configs/undercurrent``."""
    found: dict[str, tuple[float, float, float]] = {}
    for level in LEVELS:
        content = yaml.safe_load((configs_dir() / "undercurrent" / f"{level}.yaml").read_text(encoding="utf-8"))
        parochialism, cleavage, negativity = (float(content[part]) for part in UNDERCURRENT_PARTS)
        found[level] = (parochialism, cleavage, negativity)
    return MappingProxyType(found)


def undercurrent_label(parochialism: float, cleavage: float, negativity: float) -> str:
    """The level with these values, or the values themselves: ``0.3/0.6/0.6``."""
    values = (parochialism, cleavage, negativity)
    for level, known in undercurrent_levels().items():
        if values == known:
            return level
    return "/".join(f"{value:g}" for value in values)
