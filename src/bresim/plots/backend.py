"""An environment that would keep Matplotlib from being imported, as a notebook leaves it to the commands it starts."""

from __future__ import annotations

import os
import sys
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

#: Names the backend that Matplotlib begins with. Our figures need none: each has a canvas of its own.
VARIABLE = "MPLBACKEND"


def drop_unknown() -> None:
    """Take a backend that is not installed here out of the environment: Matplotlib could not be imported with it."""
    backend = os.environ.get(VARIABLE)
    if backend and "matplotlib" not in sys.modules and not is_installed(backend):
        del os.environ[VARIABLE]


def is_installed(backend: str) -> bool:
    """Whether there is a backend of this name: a module, one of Matplotlib's own, or one that a package offers."""
    if backend.startswith("module://"):
        try:
            return find_spec(backend.removeprefix("module://")) is not None
        except (ImportError, ValueError):
            return False
    offered = {point.name for point in entry_points(group="matplotlib.backend")}
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        return False
    own = Path(spec.origin).parent / "backends" / f"backend_{backend.lower()}.py"
    return backend.lower() in offered or own.is_file()
