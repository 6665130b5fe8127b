"""Which model made the numbers of a sweep: a digest of everything in bresim that can change one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import bresim
from bresim import columns
from bresim.common.paths import configs_dir
from bresim.kernel.jit import source_hash

#: Parts of the package that do not affect the numbers of a run. Of ``columns`` names, order and types count: see below.
WITHOUT_EFFECT = {"analysis", "api", "cli", "columns", "ema.py", "locale", "plots", "report", "sensitivity"}
#: Shipped groups that a job reads by name, so that its own configuration does not hold their content.
BY_NAME = ("governance", "measure")


def _files() -> Iterator[tuple[str, Path]]:
    package = Path(bresim.__file__).parent
    for path in package.rglob("*"):
        name = path.relative_to(package)
        if path.suffix in {".py", ".parquet", ".csv"} and name.parts[0] not in {*WITHOUT_EFFECT, "configs"}:
            yield name.as_posix(), path
    for folder in BY_NAME:
        for path in (configs_dir() / folder).glob("*.yaml"):
            yield f"configs/{folder}/{path.name}", path


def _columns() -> list[tuple[str, str, bool]]:
    """Table, name and whether it is whole of every column that a sweep leaves, in their order."""
    tables = [table for table in columns.TABLES if "sweep" in table.commands]
    return [(table.name, column.name, column.is_whole) for table in tables for column in table.columns]


@cache
def model_hash() -> str:
    """Digest of the model: its code, the compiler's version, the plausible set, the institutions and measures."""
    digest = hashlib.sha256(f"{source_hash()} {_columns()}".encode())
    for name, path in sorted(_files()):
        digest.update(f"{name} ".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
