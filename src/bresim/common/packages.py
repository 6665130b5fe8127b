"""Packages that are called as well: ``bresim.sweep(…)`` runs one, ``bresim.sweep.job`` is a module of its package.

Python puts a package in the place of a function of the same name as soon as one of its modules is imported, so the
package itself must be what is called.
"""

from __future__ import annotations

import inspect
import sys
from importlib import import_module
from types import ModuleType
from typing import Any


class CalledPackage(ModuleType):
    """A package whose call is that of the function of its name in ``bresim.api.jobs``."""

    @property
    def _function(self) -> Any:
        return getattr(import_module("bresim.api.jobs"), self.__name__.rpartition(".")[2])

    def __call__(self, *given: Any, **named: Any) -> Any:
        """See ``bresim.api.jobs``."""
        return self._function(*given, **named)

    @property
    def __signature__(self) -> inspect.Signature:
        return inspect.signature(self._function)


def called(name: str) -> None:
    """Make a package that can be called of the one of this name."""
    sys.modules[name].__class__ = CalledPackage
