"""bresim: simulation of regional collaboration under alternative governance designs.

::

    import bresim
    config = bresim.load("compare", overrides=["scenario=water_crisis", "replicates=500"])
    result = bresim.compare(config)                      # .runs .series .summary .plot_differences() .to_xarray()
    table = bresim.evaluate([{"undercurrent.negativity": 0.5}], ["status_quo", "regio_deal"], 100)   # a batch of points
    model = bresim.RegionModel(config, replicate=0)      # a mesa.Model

What the commands do is done by ``compare``, ``run``, ``sweep`` and ``sensitivity``; ``read`` reads what they left.

Nothing is imported before it is used, so ``import bresim`` and ``bresim --help`` are quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bresim.api.batch import evaluate
    from bresim.api.jobs import compare, read, run, sensitivity, sweep
    from bresim.config import load
    from bresim.model import RegionModel

    __version__: str

__all__ = ["RegionModel", "__version__", "compare", "evaluate", "load", "read", "run", "sensitivity", "sweep"]

#: Public name → the module that holds it.
_HOMES = {
    "RegionModel": "bresim.model",
    "evaluate": "bresim.api.batch",
    "load": "bresim.config",
    **dict.fromkeys(("compare", "read", "run"), "bresim.api.jobs"),
}
#: Packages that are called (see ``bresim.common.packages``).
_CALLED = ("sensitivity", "sweep")


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return _version()
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name in _CALLED:
        return import_module(f"bresim.{name}")
    raise AttributeError(f"module 'bresim' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("bresim")
    except PackageNotFoundError:  # run from a source tree that is not installed
        return "0+unknown"
