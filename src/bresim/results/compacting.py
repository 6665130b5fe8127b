"""The parts of each table of a sweep merged into one."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from bresim.common import spreadsheet, user_files
from bresim.results.folder import FOLLOWING, PARTIAL, undisturbed
from bresim.results.manifest import write_manifest
from bresim.results.publishing import commit
from bresim.results.store import OTHERS, TABLES, cut, digest_of_file, parquet_options, part_name, parts_of


def compact(out: Path, manifest: Mapping[str, Any]) -> None:
    """Merge the parts of a finished sweep that is whole; the caller holds the folder."""
    parts = {table: [part.path for part in parts_of(out, table)] for table in TABLES}
    if len(parts["runs"]) == 1:
        return
    for left in out.glob(f"{PARTIAL}*"):  # by one that was killed
        if left.name != FOLLOWING:
            shutil.rmtree(left, ignore_errors=True)
    stage = out / f"{PARTIAL}{os.getpid()}"
    stage.mkdir()
    try:
        _merge(manifest, {table: paths for table, paths in parts.items() if paths}, stage)
        for table in parts:
            _carry_over(out / f"{table}.parquet", stage / f"{table}.parquet")
        with undisturbed():
            commit(out, stage, ())
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _merge(manifest: Mapping[str, Any], parts: Mapping[str, Sequence[Path]], stage: Path) -> None:
    """Write one part of each table, and the manifest that goes with them."""
    (whole,) = cut(manifest["sweep"], manifest["runs"], manifest["runs"])
    others: dict[str, str] = {}
    for table, paths in parts.items():  # runs last: it names the others
        folder = stage / f"{table}.parquet"
        folder.mkdir()
        partial = folder / ".partial"
        write_parts(paths, partial, {OTHERS: json.dumps(others)} if table == "runs" and others else None)
        others[table] = digest_of_file(partial)
        partial.replace(folder / part_name(whole.number, whole.name, others[table]))
    write_manifest(stage, {**manifest, "chunk": manifest["runs"], "chunks": 1})


def _carry_over(old: Path, new: Path) -> None:
    """Take along what others keep in the folder of a table, hidden from its readers, as an index."""
    for path in old.glob("*"):
        if path.name.startswith((".", "_")) and not path.name.endswith(".partial"):
            if path.is_dir():
                shutil.copytree(path, new / path.name, symlinks=True)
            else:
                shutil.copy2(path, new / path.name, follow_symlinks=False)


def write_parts(parts: Sequence[Path], to: Path, about: Mapping[bytes, str] | None = None) -> int:
    """Write parts as one Parquet file with ``about`` as its metadata; the number of rows."""
    rows = 0
    schema = schema_of(parts[0]).with_metadata(about)
    with pq.ParquetWriter(to, schema, **parquet_options(schema)) as writer:
        for batch in batches_of(parts):
            writer.write_batch(batch.replace_schema_metadata(schema.metadata))
            rows += batch.num_rows
    return rows


def schema_of(part: Path) -> pa.Schema:
    """The columns of a file and their types."""
    if part.suffix == ".csv":
        return from_csv(part).schema
    user_files.check_plain(part)
    return pq.read_schema(part)


def batches_of(parts: Sequence[Path]) -> Iterator[pa.RecordBatch]:
    """The rows of files after each other, some at a time."""
    for part in parts:
        if part.suffix == ".csv":
            yield from from_csv(part).to_batches()
        else:
            user_files.check_plain(part)
            yield from pq.ParquetFile(part).iter_batches()


def from_csv(part: Path) -> pa.Table:
    """A table that was written as CSV, its texts as they were."""
    content = pa.py_buffer(user_files.read_bytes(part, user_files.POINTS))
    table = pa_csv.read_csv(content, parse_options=pa_csv.ParseOptions(newlines_in_values=True))
    columns = [changed(column, spreadsheet.READING) for column in table.columns]
    return pa.table(columns, names=table.column_names)


def changed(column: Any, change: tuple[str, str]) -> Any:
    """A column with its texts changed, other columns as they are."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return column
    pattern, replacement = change
    return pc.replace_substring_regex(column, pattern=pattern, replacement=replacement)
