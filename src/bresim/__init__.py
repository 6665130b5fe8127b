"""bresim: simulation of regional collaboration under alternative governance designs.

::

    import bresim
    config = bresim.load("compare", overrides=["scenario=water_crisis", "replicates=500"])
    result = bresim.compare(config)                      # .runs .series .municipalities .initiatives
    model = bresim.RegionModel(config, replicate=0)      # a mesa.Model

Nothing is imported before it is used, so ``import bresim`` and ``bresim --help`` are quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bresim.config import load
    from bresim.jobs import compare
    from bresim.model import RegionModel

    __version__: str

__all__ = ["RegionModel", "__version__", "compare", "load"]

#: Public name → the module that holds it.
_HOMES = {"RegionModel": "bresim.model", "compare": "bresim.jobs", "load": "bresim.config"}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return _version()
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'bresim' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("bresim")
    except PackageNotFoundError:  # run from a source tree that is not installed
        return "0+unknown"
