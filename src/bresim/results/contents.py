"""The results in the folder of a job: list, check, compact and export them. Part by part, so memory use is constant."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from bresim.common import spreadsheet, user_files
from bresim.common.errors import InputError, Problem, nearest, said
from bresim.results import netcdf
from bresim.results.compacting import batches_of, changed, compact, from_csv, schema_of, write_parts
from bresim.results.folder import FULL, check_folder, not_writable
from bresim.results.locking import LOCK, FolderLock
from bresim.results.manifest import MANIFEST, read_manifest
from bresim.results.publishing import on_disk, settle
from bresim.results.store import TABLES, Chunk, SweepFolder, cut, digest_of_file, is_whole, parts_of, strangers_in

#: The one table that is written as CSV.
SUMMARY = "summary.csv"
#: Kind of export: CSV for a spreadsheet that is set to Dutch.
DUTCH_CSV = "csv in Dutch"
#: Remedy when a part of a sweep is damaged or missing.
AGAIN = said("the same bresim sweep with this out makes it again")
OUT_OF_PLACE = said("stands where it does not belong, or twice")


@dataclass(frozen=True)
class Listed:
    """A table of a folder."""

    name: str
    parts: tuple[Path, ...]
    rows: int
    columns: tuple[str, ...]
    megabytes: float
    unreadable: tuple[Path, ...]


class Results:
    """The results in a folder, of a sweep or of another command."""

    def __init__(self, out: Path) -> None:
        self.out = out
        settle(out)
        self.manifest = read_manifest(out)
        if not self.manifest:
            try:
                there = out.is_dir()
                what = said("holds no {manifest} of bresim", manifest=MANIFEST) if there else said("is not a folder")
            except OSError as error:  # as a name that is too long
                what = said("cannot be read ({reason})", reason=error.strerror or error)
            raise InputError(Problem(str(out), what, said("give the folder that a job left: its out")))
        self.is_sweep = self.manifest.get("command") == "sweep"

    def tables(self) -> list[Listed]:
        """Every table with its parts, as far as they can be read."""
        found = []
        for path in sorted([*self.out.glob("*.parquet"), *self.out.glob(SUMMARY)]):
            parts = tuple(part.path for part in parts_of(self.out, path.stem)) if path.is_dir() else (path,)
            rows, size = 0, 0
            columns: tuple[str, ...] = ()
            unreadable = []
            for part in parts:
                try:
                    size += part.stat().st_size
                    count, names = _extent(part)
                except (pa.ArrowException, OSError, ValueError, InputError):
                    unreadable.append(part)
                    continue
                rows += count
                columns = columns or names
            found.append(Listed(path.stem, parts, rows, columns, size / 1e6, tuple(unreadable)))
        return found

    def obvious(self) -> list[Problem]:
        """What a look tells without reading every byte: parts whose rows cannot be counted, or that count double."""
        paths = [path.relative_to(self.out).as_posix() for listed in self.tables() for path in listed.unreadable]
        remedy = AGAIN if self.is_sweep else said("run the job again with overwrite=true")
        return [*(Problem(path, said("is damaged"), remedy) for path in paths), *self._strays()]

    def _strays(self) -> Iterator[Problem]:
        """Parts of a sweep that by their names are of no chunk, or of one that has a part of this table already."""
        if not self.is_sweep:
            return
        numbers = {chunk.name: chunk.number for chunk in self._chunks()}
        for table in TABLES:
            seen = set()
            for part in parts_of(self.out, table):
                if numbers.get(part.name) != part.number or part.name in seen:
                    yield Problem(part.path.relative_to(self.out).as_posix(), OUT_OF_PLACE, AGAIN)
                seen.add(part.name)

    def check(self) -> list[Problem]:
        """What is damaged or missing; empty if everything is as it was written."""
        if not self.is_sweep:
            problems = []
            for name, size in self.manifest.get("files", {}).items():
                path = self.out / name
                if not path.is_file() or path.stat().st_size != size:
                    remedy = said("run the job again with overwrite=true")
                    problems.append(Problem(name, said("is gone or changed"), remedy))
            return problems
        problems = [*self.check_parts(), *self.check_points()]
        summary = self.out / SUMMARY
        if self.manifest["finished"] and not (summary.is_file() and summary.stat().st_size):
            problems.append(Problem(summary.name, said("is gone or empty"), AGAIN))
        return problems

    def check_parts(self) -> list[Problem]:
        """What is damaged or missing of the parts of a sweep, and files that do not belong to it."""
        whole, wrong = self._look()
        return [*(problem for problems in wrong.values() for problem in problems), *self._missing(whole)]

    def _look(self) -> tuple[set[str], dict[str, list[Problem]]]:
        """(names of complete chunks, folder of a table → what is wrong in it)."""
        whole, bad = SweepFolder(self.out, self.manifest["sweep"]).look({chunk.name: chunk for chunk in self._chunks()})
        damaged = said("is damaged or gone")
        problems = [(path, OUT_OF_PLACE if is_whole(path) else damaged, AGAIN) for path in bad]
        remedy = said("remove it: a program that reads the folder reads it too")
        problems += [(path, said("is no part of this sweep"), remedy) for path in strangers_in(self.out)]
        wrong: dict[str, list[Problem]] = {}
        for path, what, remedy in problems:
            name = path.relative_to(self.out).as_posix()
            wrong.setdefault(path.parent.name, []).append(Problem(name, what, remedy))
        return whole, wrong

    def _missing(self, whole: Container[str]) -> list[Problem]:
        chunks = self._chunks()
        missing = [chunk for chunk in chunks if chunk.name not in whole]
        if not missing:
            return []
        first = missing[0]
        what = said(
            "{count} of {total} are missing, the first has runs {low}-{high}",
            count=len(missing),
            total=len(chunks),
            low=first.first,
            high=first.last - 1,
        )
        return [Problem("parts", what, AGAIN)]

    def check_points(self) -> list[Problem]:
        """Whether the points of a sweep are those that were written."""
        path = self.out / "points.parquet"
        if path.is_file() and digest_of_file(path) == self.manifest.get("points_digest"):
            return []
        return [Problem(path.name, said("is damaged or gone"), AGAIN)]

    def _chunks(self) -> list[Chunk]:
        return cut(self.manifest["sweep"], self.manifest["runs"], self.manifest["chunk"])

    def compact(self) -> None:
        """Merge the parts of each table of a finished sweep into one; the rows stay, and can be checked as before.

        New parts are hidden until all are complete; then each table has its old parts or its new one, never both, and
        a process that is killed in between leaves nothing that whoever looks next does not put in place.
        """
        if not self.is_sweep:
            remedy = said("its tables are one file each already")
            raise InputError(Problem(str(self.out), said("is not of a sweep"), remedy))
        if cannot := check_folder(self.out, overwrite=True):
            raise InputError(cannot)
        with SweepFolder(self.out, self.manifest["sweep"]).held():
            problems = self.check_parts()
            if problems:
                raise InputError(problems)
            compact(self.out, self.manifest)

    def export(self, kind: str, to: Path, table: str) -> tuple[int, list[Problem]]:
        """Write a table as one CSV, Parquet or NetCDF file; (rows, what an unfinished sweep still lacks).

        The file appears only when it is complete; a table with a damaged part is not written.
        """
        names = [listed.name for listed in self.tables()]
        if table not in names:
            what = said("there is no table '{table}'", table=table)
            raise InputError(Problem("table", what, nearest(table, names)))
        if to.exists():
            raise InputError(Problem("to", said("'{to}' is there already", to=to), said("give another file")))
        if cannot := _cannot_hold(to.absolute().parent):
            raise InputError(cannot)
        parts: Sequence[Path] = next(listed.parts for listed in self.tables() if listed.name == table)
        missing: list[Problem] = []
        if self.is_sweep and table not in {"points", "summary"}:
            whole, wrong = self._look()
            if found := wrong.get(f"{table}.parquet"):
                raise InputError(found)
            parts = [part.path for part in parts_of(self.out, table) if part.name in whole]
            missing = self._missing(whole)
        if not parts:
            raise InputError(Problem(f"{table}.parquet", said("holds no parts"), AGAIN))
        try:
            with _appearing(to) as partial:
                return WRITERS[kind](self, parts, partial), missing
        except (pa.ArrowException, EOFError, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:  # an error of the disk, not of the content
                raise
            what = said("cannot be read ({reason})", reason=error)
            problems = self.check() or [Problem(f"{table}.parquet", what)]
            raise InputError(problems) from None


def _extent(part: Path) -> tuple[int, tuple[str, ...]]:
    """Number of rows and names of the columns of a file."""
    if part.suffix == ".csv":
        table = from_csv(part)
        return table.num_rows, tuple(table.column_names)
    user_files.check_plain(part)
    about = pq.read_metadata(part)
    return about.num_rows, tuple(about.schema.to_arrow_schema().names)


def _for_spreadsheets(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A batch whose texts no spreadsheet runs."""
    columns = [changed(column, spreadsheet.WRITING) for column in batch.columns]
    return pa.record_batch(columns, names=[spreadsheet.cell(name) for name in batch.schema.names])


def _cannot_hold(folder: Path) -> Problem | None:
    """Why a file cannot be made in a folder."""
    if not folder.is_dir():
        what = said("there is no folder '{folder}'", folder=folder)
        return Problem("to", what, said("make it, or give another file"))
    reason = not_writable(folder)
    if not reason:
        return None
    return Problem("to", said("cannot be written: {reason}", reason=reason), said("give another file"))


@contextmanager
def _appearing(path: Path) -> Iterator[Path]:
    """A temporary name that becomes ``path`` when the block ends well; one at a time may write a file."""
    partial = path.with_name(f".{path.name}.partial")
    lock = FolderLock(path.parent, f".{path.name}{LOCK}")
    try:
        lock.take()
        partial.touch()
    except InputError:
        what = said("another job is at work on '{out}'", out=path)
        raise InputError(Problem("to", what, said("wait for it, or give another file"))) from None
    except OSError as error:
        lock.release()
        if error.errno in FULL:
            raise
        what = said("'{out}' cannot be made ({reason})", out=path, reason=error.strerror or error)
        raise InputError(Problem("to", what, said("give another file"))) from None
    try:
        yield partial
        on_disk(partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
        lock.release()


def _csv(results: Results, parts: Sequence[Path], to: Path) -> int:
    rows = 0
    schema = _for_spreadsheets(_empty(schema_of(parts[0]))).schema
    with pa_csv.CSVWriter(to, schema) as writer:
        for batch in batches_of(parts):
            writer.write_batch(_for_spreadsheets(batch))
            rows += batch.num_rows
    return rows


def _empty(schema: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist([], schema=schema)


#: What a Dutch spreadsheet needs before text in UTF-8.
BOM = b"\xef\xbb\xbf"


def _dutch_csv(results: Results, parts: Sequence[Path], to: Path) -> int:
    """As a spreadsheet set to Dutch reads it: semicolons between columns, decimal commas, a mark of UTF-8.

    Text that it would take for a formula begins with an apostrophe.
    """
    rows = 0
    whole = _for_spreadsheets(_empty(schema_of(parts[0]))).schema
    names = [field.name for field in whole if pa.types.is_floating(field.type)]
    schema = pa.schema([pa.field(field.name, pa.string() if field.name in names else field.type) for field in whole])
    with to.open("wb") as file:
        file.write(BOM)
        with pa_csv.CSVWriter(
            file, schema, write_options=pa_csv.WriteOptions(delimiter=";", quoting_style="needed")
        ) as writer:
            for batch in map(_for_spreadsheets, batches_of(parts)):
                columns = [
                    pc.replace_substring(pc.cast(column, pa.string()), ".", ",") if name in names else column
                    for name, column in zip(schema.names, batch.columns, strict=True)
                ]
                writer.write_batch(pa.record_batch(columns, schema=schema))
                rows += batch.num_rows
    return rows


def _parquet(results: Results, parts: Sequence[Path], to: Path) -> int:
    return write_parts(parts, to)


def _netcdf(results: Results, parts: Sequence[Path], to: Path) -> int:
    """The runs of a sweep as a cube; see ``bresim.results.netcdf``."""
    xarray = netcdf.needed("export")
    if not results.is_sweep or not parts[0].parent.name.startswith("runs"):
        what = said("NetCDF holds the runs of a sweep, as a cube of point, design and replicate")
        raise InputError(Problem("export", what, said("take csv or parquet")))
    problems = [*results.check_parts(), *results.check_points()]
    if problems:
        raise InputError(problems)
    return netcdf.write(xarray, results.manifest, results.out / "points.parquet", parts, to)


#: Kind of export → the function that writes it.
WRITERS = {"csv": _csv, DUTCH_CSV: _dutch_csv, "parquet": _parquet, "netcdf": _netcdf}
