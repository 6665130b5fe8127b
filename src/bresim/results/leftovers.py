"""Visible results without a manifest, as earlier versions left them where they were killed while they published."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from bresim.common import user_files
from bresim.common.errors import InputError

#: What jobs leave beside tables, by name.
FILES = {"report.html", "brief.html", "brief.pdf", "page.html", "tables.xlsx", "findings.txt", "points.parquet"}
#: Folders of jobs, and what the names of their files end with.
FOLDERS = {"figures": (".svg", ".png"), "tables": (".csv",)}


def leftovers(out: Path) -> list[str]:
    """The visible files in ``out``, if all are of bresim, and a table among them shows it; else none.

    Files with a name that anybody may use are not taken for ours without a table that has our columns.
    """
    found: list[str] = []
    known = False
    try:
        for path in out.iterdir():
            if path.name.startswith("."):
                continue
            names = list(_ours(path))
            if not names:
                return []
            found += [f"{path.name}/{name}" if path.is_dir() else name for name in names]
            known = known or _has_our_columns(path)
    except OSError:
        return []
    return found if known else []


def _ours(path: Path) -> Iterator[str]:
    """The names of the files at this place, none if one of them is not of bresim."""
    if path.is_dir():
        endings = FOLDERS.get(path.name, ())
        held = [below.name for below in path.iterdir()]
        parts = path.name in _columns() and all(name.lstrip(".").startswith("part-") for name in held)
        if parts or (endings and all(name.endswith(endings) for name in held)):
            yield from held
    elif path.name in FILES or path.name in _columns():
        yield path.name


def _has_our_columns(path: Path) -> bool:
    """Whether a file is a table that begins with the column that ours of this name begins with."""
    first = _columns().get(path.name, set())
    if path.is_dir():
        return bool(first) and any(_has_our_name(below) for below in path.iterdir())
    if not first:
        return False
    try:
        if path.suffix == ".csv":
            user_files.check_plain(path)
            with path.open(encoding="utf-8", newline="") as file:
                return next(csv.reader(file), [""])[0] in first
        import pyarrow.parquet as pq  # imported late: a message about bad input needs no tables

        user_files.check_plain(path)
        return pq.read_schema(path).names[0] in first
    except (InputError, OSError, ValueError, IndexError):  # also what Arrow raises about what is no Parquet
        return False


def _has_our_name(part: Path) -> bool:
    return re.fullmatch(r"part-\d{6}-[0-9a-f]{12}-[0-9a-f]{12}\.parquet", part.name) is not None


def _columns() -> dict[str, set[str]]:
    """File of a table → the columns that it may begin with."""
    from bresim.columns import TABLES

    found: dict[str, set[str]] = {}
    for table in TABLES:
        if not table.columns[0].name.startswith("<"):
            found.setdefault(table.file, set()).add(table.columns[0].name)
    return found
