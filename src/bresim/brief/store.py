"""Finished parts of a brief on disk, so that one that was stopped goes on where it was."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa

Tables = tuple[pd.DataFrame, ...]


class Store:
    """Keeps tables in ``folder`` (None: nowhere). ``kept`` counts the parts that were there already."""

    def __init__(self, folder: Path | None):
        self.folder = folder
        self.kept = 0

    def part(self, names: tuple[str, ...], make: Callable[[], Tables]) -> Tables:
        """The tables of a part: read if all are there and whole, else made and kept."""
        read = self._read(names)
        if read is not None:
            self.kept += 1
            return read
        tables = make()
        for name, table in zip(names, tables, strict=True):
            self._write(name, table)
        return self._read(names) or tables  # so that a brief that goes on has the same types as one made in one go

    def _read(self, names: tuple[str, ...]) -> Tables | None:
        if self.folder is None:
            return None
        try:
            return tuple(pd.read_parquet(self.folder / f"{name}.parquet") for name in names)
        except (OSError, pa.ArrowException):  # not there, or left half-written by a machine that went down
            return None

    def _write(self, name: str, table: pd.DataFrame) -> None:
        if self.folder is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{name}.parquet"
        temporary = path.with_suffix(f".{os.getpid()}")
        try:
            table.to_parquet(temporary)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
