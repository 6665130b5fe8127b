"""The one door for files that a user names: plain files of a bounded size, where they were named.

Everything else of the package that reads such a file reads it here; ``tests/test_conventions.py`` holds that. What a
file is decides, not what it is called: no pipe, device, socket or file of the system is read, no link that leads
elsewhere is followed, and nothing is read before its size is known.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bresim.common.errors import InputError, Problem, said

if TYPE_CHECKING:
    import pandas as pd

MEGABYTE = 1_000_000
#: Most bytes of a YAML file, of a table of a region, of boundaries or a manifest, and of a list of points.
YAML, TABLE, JSON, POINTS = MEGABYTE // 2, 16 * MEGABYTE, 8 * MEGABYTE, 64 * MEGABYTE
#: Most bytes, rows and columns of a Parquet file, which is small for what it holds.
PARQUET, ROWS, COLUMNS = 256 * MEGABYTE, 10_000_000, 2_000
#: Longest text in a cell of a Parquet file, and all texts of a column as long as its longest.
CELL, TEXTS = 10_000, 1000 * MEGABYTE

#: Signs that no reader sees, as a pattern that JavaScript reads too.
UNSEEN = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]"
_CONTROLS = re.compile(UNSEEN)
#: A column in which pandas keeps the numbers of rows.
_INDEX = re.compile(r"__index_level_\d+__")


def read_bytes(path: Path, most: int, home: Path | None = None) -> bytes:
    """The content of a plain file.

    InputError if it is none, is larger than ``most`` or is a link out of ``home`` (the folder it is in, if left out);
    OSError if it is not there or may not be read.
    """
    _check(path, _stat(path), most)
    _check_link(path, path.parent if home is None else home)
    kinds = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    with open(os.open(path, os.O_RDONLY | kinds), "rb") as file:  # noqa: PTH123
        about = os.fstat(file.fileno())  # of what was opened, whatever lay there a moment before
        _check(path, about, most)
        content = file.read(about.st_size + 1)
    if len(content) != about.st_size:  # as in /proc and /sys
        raise _not_plain(path)
    return content


def read_text(path: Path, most: int, home: Path | None = None) -> str:
    """The text of a plain file, with or without a mark of UTF-8; UnicodeDecodeError if it is in another encoding."""
    return read_bytes(path, most, home).decode("utf-8-sig")


def check_plain(path: Path) -> None:
    """Raise as :func:`read_bytes` does for what is no plain file; of any size, for what is read in pieces."""
    _check(path, _stat(path), sys.maxsize)
    _check_link(path, path.parent)


def is_plain(path: Path) -> bool:
    """Whether a plain file is there; False also for a path that no file can have."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def is_folder(path: Path) -> bool:
    """Whether a folder is there; False also for a path that none can have."""
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def files_in(folder: Path, suffix: str) -> list[Path]:
    """The files of a folder that end in ``suffix``, in order; none if there is no such folder."""
    try:
        return sorted(path for path in folder.iterdir() if path.name.endswith(suffix))
    except (OSError, ValueError):
        return []


def within(name: str, folder: Path, where: str) -> Path:
    """The path of what a file names: in the folder of that file, links followed. InputError if it lies elsewhere."""
    given = Path(name)
    try:
        leads_out = given.is_absolute() or ".." in given.parts or name.startswith("~")
        if not leads_out and (folder / given).resolve().is_relative_to(folder.resolve()):
            return folder / given
    except (OSError, ValueError, RuntimeError):  # no path at all, or links in a circle
        pass
    what = said("'{name}' lies outside the folder of the file that names it", name=shortened(name))
    raise InputError(Problem(where, what, said("put it beside that file, or give its path on the command line")))


def read_parquet(path: Path, home: Path | None = None, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """A table of numbers and texts in Parquet; ValueError if it is damaged, InputError if it is no such table."""
    read = read_bytes(path, PARQUET, home)
    import pyarrow as pa  # after that: what is no plain file is refused before seconds go to this
    import pyarrow.parquet as pq

    content = pa.py_buffer(read)
    file = pq.ParquetFile(pa.BufferReader(content))
    schema = file.schema_arrow
    if file.metadata.num_rows > ROWS or len(schema) > COLUMNS:
        what = said("has {rows} rows and {columns} columns", rows=file.metadata.num_rows, columns=len(schema))
        remedy = said("at most {rows} rows and {columns} columns", rows=ROWS, columns=COLUMNS)
        raise InputError(Problem(str(path), what, remedy))
    for field in schema:
        if not _is_flat(field.type):
            what = said("its column '{name}' holds no numbers or text ({kind})", name=field.name, kind=field.type)
            remedy = said('give each cell one number or text; a list is text: ["a","b"]')
            raise InputError(Problem(str(path), what, remedy))
    texts = [field.name for field in schema if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)]
    file = pq.ParquetFile(pa.BufferReader(content), read_dictionary=texts)  # a text that is repeated is held once
    table = pa.Table.from_batches(_checked(path, file, columns))
    plain = [
        pa.field(field.name, _plain(field.type)) for field in table.schema
    ]  # without what pandas noted of its index
    table = table.cast(pa.schema(plain)).drop_columns([name for name in table.column_names if _INDEX.fullmatch(name)])
    frame: pd.DataFrame = table.to_pandas()
    return frame


def _checked(path: Path, file: Any, columns: Sequence[str] | None) -> Iterator[Any]:
    """The pieces of a Parquet file, without long texts, of which a small file can hold very many."""
    import pyarrow as pa
    import pyarrow.compute as pc

    some = False
    for batch in file.iter_batches(columns=columns):
        for column in batch.columns:
            texts = column.dictionary if pa.types.is_dictionary(column.type) else column
            longest = (pc.max(pc.utf8_length(texts)).as_py() or 0) if _plain(texts.type) == pa.string() else 0
            if longest > CELL or longest * file.metadata.num_rows > TEXTS:
                what = said("holds a text of {count} characters", count=longest)
                raise InputError(Problem(str(path), what, said("give each cell one number or text")))
        some = True
        yield batch
    if not some:
        names = list(columns) if columns is not None else file.schema_arrow.names
        yield pa.RecordBatch.from_pylist([], schema=pa.schema([file.schema_arrow.field(name) for name in names]))


def has_controls(text: str) -> bool:
    """Whether a text has signs that no reader sees, but which a terminal or a page may act on."""
    return _CONTROLS.search(text) is not None


def shortened(text: str, most: int = 60) -> str:
    """A text as a message shows it: the beginning of a long one, without signs that a terminal would act on."""
    plain = "".join(sign if sign.isprintable() else "�" for sign in text[: most + 1])
    return plain if len(text) <= most else f"{plain[:most]}…"


def _plain(kind: Any) -> Any:
    """The type of the cells of a column, however it holds them."""
    import pyarrow as pa

    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    return pa.string() if pa.types.is_large_string(inner) else inner


def _is_flat(kind: Any) -> bool:
    import pyarrow as pa

    tests = (pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean, pa.types.is_string, pa.types.is_null)
    return any(test(_plain(kind)) for test in tests)


def _stat(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except ValueError:  # a zero byte
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), shortened(str(path))) from None


def _check(path: Path, about: os.stat_result, most: int) -> None:
    if stat.S_ISDIR(about.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(about.st_mode):
        raise _not_plain(path)
    if about.st_size > most:
        what = said("is larger than {most} MB", most=f"{most / MEGABYTE:g}")
        raise InputError(
            Problem(str(path), what, said("check that it is the right file, and leave out what is not needed"))
        )


def _check_link(path: Path, home: Path) -> None:
    try:
        inside = path.resolve().is_relative_to(home.resolve())
    except RuntimeError:  # links in a circle
        inside = False
    if not inside:
        what = said("is a link to a file elsewhere")
        raise InputError(Problem(str(path), what, said("give that file itself, or a copy of it")))


def _not_plain(path: Path) -> InputError:
    return InputError(
        Problem(str(path), said("is not a plain file"), said("copy its content to a file, and give that"))
    )
