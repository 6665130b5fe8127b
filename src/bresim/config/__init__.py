"""The configuration of a job: composed by Hydra, checked by pydantic, frozen.

Names are imported when they are used, since the model needs none of Hydra.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bresim.common.calendar import quarter_date, quarter_number
    from bresim.config.compose import load
    from bresim.config.period import Time
    from bresim.config.presets import undercurrent_label, undercurrent_levels
    from bresim.config.schema import (
        CompareConfig,
        JobConfig,
        ModelConfig,
        ParameterChoice,
        PatternsConfig,
        RegionConfig,
        RunConfig,
        Undercurrent,
    )

__all__ = [
    "CompareConfig",
    "JobConfig",
    "ModelConfig",
    "ParameterChoice",
    "PatternsConfig",
    "RegionConfig",
    "RunConfig",
    "Time",
    "Undercurrent",
    "load",
    "quarter_date",
    "quarter_number",
    "undercurrent_label",
    "undercurrent_levels",
]

#: Name → its module, if that is not ``config.schema``.
_HOMES = {
    "Time": "bresim.config.period",
    "quarter_date": "bresim.common.calendar",
    "quarter_number": "bresim.common.calendar",
    "load": "bresim.config.compose",
    "undercurrent_label": "bresim.config.presets",
    "undercurrent_levels": "bresim.config.presets",
}


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module(_HOMES.get(name, "bresim.config.schema")), name)
    raise AttributeError(f"module 'bresim.config' has no attribute '{name}'")
