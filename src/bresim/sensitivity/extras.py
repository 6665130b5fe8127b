"""SALib and the EMA Workbench, which only these analyses need; a clear error if they are not installed."""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import Any

from bresim.common.errors import InputError, Problem, said

#: Module → the extra of bresim that installs it, and its own name.
EXTRAS = {
    "SALib": ("sensitivity", "SALib"),
    "ema_workbench": ("ema", "the EMA Workbench"),
    "platypus": ("ema", "Platypus"),  # which the workbench brings along
}


def load(module: str, where: str = "method") -> Any:
    """Import a module of an extra.

    ``where`` says which setting needs it. Warnings while it is imported are about optional parts of its own (pictures,
    clusters) that bresim does not use.
    """
    extra, name = EXTRAS[module.partition(".")[0]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return import_module(module)
        except ModuleNotFoundError as error:
            if error.name is not None and error.name.partition(".")[0] != module.partition(".")[0]:
                raise
            raise InputError(
                Problem(
                    where,
                    said("{name} is not installed", name=name),
                    said("install it: pip install 'bresim[{extra}]'", extra=extra),
                )
            ) from None
