"""The one place that compiles: ``njit`` with a cache that is keyed by the sources it was made from.

Numba's own cache does not notice that a compiled helper in another file changed. So the cache lies in
a folder named after a hash of every compiled source file and of the compiler's version.
``fastmath`` stays off: results must be the same bits in the ensemble and in the Mesa model.
"""

from __future__ import annotations

import hashlib
import os
import platform
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numba.core.config as numba_config
import numpy as np

F = TypeVar("F", bound=Callable[..., Any])


def _source_hash() -> str:
    digest = hashlib.sha256(f"{numba.__version__} {platform.python_version()} {platform.machine()}".encode())
    here = Path(__file__).parent
    for path in sorted([*here.glob("*.py"), *(here / "rules").glob("*.py")]):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _cache_folder() -> Path:
    """``$BRESIM_CACHE``, else the user's cache folder, else a temporary one when neither can be written."""
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(os.environ.get("BRESIM_CACHE") or Path(caches) / "bresim") / f"compiled-{_source_hash()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass
    return Path(tempfile.mkdtemp(prefix="bresim-compiled-"))


CACHE_FOLDER = _cache_folder()
numba_config.CACHE_DIR = str(CACHE_FOLDER)


def njit(function: F) -> F:
    """Compile to machine code without Python objects; releases the interpreter lock; cached on disk.

    Compiled code asks for no memory (``_nrt``): what a rule needs to note down has its place in ``State``.
    """
    return _compile(function)


def inlined(function: F) -> F:
    """As ``njit``, copied into every caller, so that a loop around it can be vectorised."""
    return _compile(function, forceinline=True)


def _compile(function: F, **options: Any) -> F:
    plain: dict[str, Any] = {"cache": True, "nogil": True, "fastmath": False, "error_model": "numpy", "_nrt": False}
    return cast(F, numba.njit(**plain, **options)(function))


def is_compiled(name: str) -> bool:
    """Whether the function of this name was compiled before on this machine (or compilation is off)."""
    return bool(numba_config.DISABLE_JIT) or next(CACHE_FOLDER.rglob(f"*.{name}-*.nbc"), None) is not None


@njit
def copy_to(target: Any, source: Any) -> None:
    """Copy ``source`` into ``target`` of the same shape.

    Assigning to a slice checks the shapes and makes a message of them: memory that compiled rules do not ask for.
    """
    for index in np.ndindex(target.shape):
        target[index] = source[index]
