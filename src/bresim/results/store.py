"""The folder of a sweep: only complete parts appear, so that a killed job can be resumed.

A part is the Parquet file of one chunk. Its name holds the chunk's name, a digest of what is computed, and a digest of
its bytes; so the folder alone shows what is missing or damaged.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from bresim.common import user_files
from bresim.common.errors import InputError, Problem, Series, said
from bresim.results.earlier import differing, first_of
from bresim.results.folder import FOLLOWING, PARTIAL, check_folder, making
from bresim.results.locking import LOCKS, FolderLock
from bresim.results.manifest import MANIFEST, read_manifest, result_keys, write_manifest
from bresim.results.publishing import PUBLISHING, finish
from bresim.results.tables import tidy

_PART = re.compile(r"part-(?P<number>\d+)-(?P<name>[0-9a-f]{12})-(?P<digest>[0-9a-f]{12})\.parquet")
_UNFINISHED = re.compile(r"\.part-.*\.partial")
#: Tables of a sweep, the one that says that a chunk is done last.
TABLES = ("series", "municipalities", "initiatives", "capacity", "events", "trust_changes", "runs")
#: What is in the folder before the manifest, and everything that may be there.
AT_FIRST = {*LOCKS, PUBLISHING, f".{MANIFEST}.partial"}
OURS = {*AT_FIRST, MANIFEST, "points.parquet", ".points.parquet.partial", "summary.csv", ".summary.csv.partial"} | {
    f"{table}.parquet" for table in TABLES
}
#: Metadata key under which a part of ``runs`` names the other parts of its chunk.
OTHERS = b"bresim.others"


@dataclass(frozen=True)
class Chunk:
    """Runs ``first`` up to ``last``; ``name`` is a digest of what is computed, so no two chunks share it."""

    number: int
    first: int
    last: int
    name: str


def cut(identity: str, runs: int, size: int) -> list[Chunk]:
    """The chunks of the sweep of this name with so many runs, each of ``size`` runs, the last one of what is left."""
    found = []
    for number, first in enumerate(range(0, runs, size)):
        last = min(first + size, runs)
        name = hashlib.sha256(f"{identity} {first} {last}".encode()).hexdigest()[:12]
        found.append(Chunk(number, first, last, name))
    return found


@dataclass(frozen=True)
class Part:
    """A file of a finished chunk."""

    path: Path
    number: int
    name: str
    digest: str


def part_name(number: int, name: str, digest: str) -> str:
    """The name of a part's file."""
    return f"part-{number:06d}-{name}-{digest}.parquet"


def is_part(path: Path) -> bool:
    """Whether a file is a part by its name, or one that was not written to its end."""
    return _PART.fullmatch(path.name) is not None or _UNFINISHED.fullmatch(path.name) is not None


def digest_of_file(path: Path) -> str:
    """The same for a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]


def is_whole(path: Path) -> bool:
    """Whether a part is there with the bytes that were written."""
    return path.is_file() and digest_of_file(path) == path.stem.rpartition("-")[2]


def digest_of(content: bytes) -> str:
    """Short SHA-256 of the content of a part."""
    return hashlib.sha256(content).hexdigest()[:12]


def parts_of(out: Path, table: str = "runs") -> list[Part]:
    """The parts of a table in the order of their chunks, unchecked."""
    found = []
    for path in sorted((out / f"{table}.parquet").glob("part-*.parquet")):
        match = _PART.fullmatch(path.name)
        if match:
            found.append(Part(path, int(match["number"]), match["name"], match["digest"]))
    return sorted(found, key=lambda part: (part.number, part.name))


def strangers_in(out: Path) -> list[Path]:
    """Files in the folders of tables that are not parts, such as copies: programs that read the folder read them too.

    Hidden files are left out, as readers do.
    """
    files = (path for table in TABLES for path in sorted((out / f"{table}.parquet").glob("*")))
    return [path for path in files if not _PART.fullmatch(path.name) and not path.name.startswith((".", "_"))]


def refuse_folder(part: Part) -> None:
    """Raise InputError for a folder with the name of a part."""
    if part.path.is_dir():
        what = said("'{path}' is a folder where a file belongs", path=part.path)
        raise InputError(Problem("out", what, said("remove it")))


def _remove(part: Part) -> None:
    refuse_folder(part)
    part.path.unlink()


def encode(
    table: pd.DataFrame, name: str, schema: pa.Schema | None = None, others: Mapping[str, str] | None = None
) -> bytes:
    """A table as the bytes of a Parquet file; the same table gives the same bytes.

    ``others``: table → digest of the other parts of the chunk, so that they can be found missing.
    """
    arrow = pa.Table.from_pandas(tidy(table, name), preserve_index=False)
    plain = pa.schema([field.with_type(_plain(field.type)) for field in arrow.schema])
    arrow = arrow.cast(schema or plain).replace_schema_metadata({OTHERS: json.dumps(others)} if others else None)
    sink = pa.BufferOutputStream()
    pq.write_table(arrow, sink, **parquet_options(arrow.schema))
    return bytes(sink.getvalue())


def parquet_options(schema: pa.Schema) -> dict[str, Any]:
    """Options of a part: a dictionary for text only, since it would make numbers, which differ by run, larger."""
    texts = [field.name for field in schema if pa.types.is_string(field.type)]
    return {"compression": "zstd", "use_dictionary": texts}


def _plain(kind: pa.DataType) -> pa.DataType:
    """The type of text in every part, however pandas held it, so that all parts of a table have the same types."""
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return pa.string() if pa.types.is_large_string(kind) else kind


class SweepFolder:
    """The folder of one sweep, held by one process at a time."""

    def __init__(self, out: Path, identity: str) -> None:
        self.out = out
        self.identity = identity
        self._lock = FolderLock(out)

    def check(
        self, config: Mapping[str, Any], model: str, overwrite: bool, chunks: Container[str] = ()
    ) -> list[Problem]:
        """What is wrong with the folder; a folder of the same sweep is no problem: the job resumes in it.

        Without a readable manifest it belongs to this sweep if it holds only parts of ``chunks``.
        """
        try:
            return self._misplaced() or self._unusable(config, model, overwrite, chunks)
        except OSError as error:  # as a name that is too long
            what = said("'{out}' cannot be used ({reason})", out=self.out, reason=error.strerror or error)
            return [Problem("out", what, said("give another folder"))]

    def _misplaced(self) -> list[Problem]:
        """Folders where our files belong, and the other way round."""
        problems = []
        for name in sorted(OURS):
            path, folder = self.out / name, name.removesuffix(".parquet") in TABLES
            if path.exists() and path.is_dir() != folder:
                if folder:
                    what = said("'{path}' is a file where a folder belongs", path=path)
                else:
                    what = said("'{path}' is a folder where a file belongs", path=path)
                problems.append(Problem("out", what, said("remove it")))
        return problems

    def _unusable(
        self, config: Mapping[str, Any], model: str, overwrite: bool, chunks: Container[str]
    ) -> list[Problem]:
        earlier = read_manifest(self.out)
        if not earlier:
            names = {path.name for path in self.out.iterdir()} if self.out.is_dir() else set()
            held = {name for name in names if not name.startswith(PARTIAL)}
            parts = self.parts()
            ours = overwrite or all(part.name in chunks for part in parts)
            begun = held and held <= OURS and (ours if parts else held <= AT_FIRST)
            return [] if begun else check_folder(self.out, overwrite, held=self._lock.holds)
        if earlier.get("command") != "sweep":
            what = said("'{out}' holds the results of 'bresim {command}'", out=self.out, command=earlier.get("command"))
            return [Problem("out", what, said("give another folder"))]
        problems = check_folder(self.out, overwrite=True, held=self._lock.holds)  # can it be written?
        if problems or overwrite or earlier.get("sweep") == self.identity:
            return problems
        differs = list(differing(result_keys(earlier.get("config", {})), result_keys(config)))
        if earlier.get("model") != model:
            theirs = earlier.get("model")
            differs.insert(0, said("the model is {there} there and {here} here", there=theirs, here=model))
        found = Series(first_of(differs) or [said("its points or the tables of its region are others")])
        what = said("'{out}' holds another sweep: {differences}", out=self.out, differences=found)
        return [Problem("out", what, said("give another folder, or overwrite=true"))]

    def chunk(self, asked: int) -> int:
        """Runs in a part: as in the parts that exist, so that they can be kept, else as asked."""
        earlier = read_manifest(self.out)
        return int(earlier["chunk"]) if earlier.get("sweep") == self.identity and "chunk" in earlier else asked

    def begin(self, manifest: Mapping[str, Any], points: pd.DataFrame) -> None:
        """Make the folder with its points and a manifest that says it is not finished.

        The manifest first: from then on the folder is of this sweep.
        """
        write_manifest(self.out, manifest)
        for partial in (*self.out.glob(".*.partial"), *self.out.glob("*.parquet/.*.partial")):
            partial.unlink(missing_ok=True)
        for table in TABLES:
            with suppress(OSError):
                (self.out / f"{table}.parquet").rmdir()  # only if empty
        self._clear()
        self.put(self.out / "points.parquet", encode(points, "points"))

    def _clear(self) -> None:
        """Remove what jobs left that were killed; what is to replace this sweep stays, unless it is the same."""
        following = self.out / FOLLOWING
        for left in self.out.glob(f"{PARTIAL}*"):
            if left != following or read_manifest(left).get("sweep") == self.identity:
                shutil.rmtree(left, ignore_errors=True)

    def look(self, chunks: Mapping[str, Chunk]) -> tuple[set[str], list[Path]]:
        """(names of complete chunks, parts that are damaged, missing, of another chunk or there twice)."""
        whole: set[str] = set()
        bad: list[Path] = []
        kept: set[Path] = set()
        for part in parts_of(self.out):
            chunk = chunks.get(part.name)
            if chunk is None or chunk.number != part.number or part.name in whole:
                bad.append(part.path)
                continue
            files = (part.path, *self._others(part))
            wrong = [path for path in files if not is_whole(path)]
            if not wrong:
                whole.add(part.name)
                kept.update(files)
            bad += wrong
        return whole, list(dict.fromkeys([*bad, *self._strays(chunks, whole, kept)]))

    def _strays(self, chunks: Mapping[str, Chunk], whole: Container[str], kept: Container[Path]) -> Iterator[Path]:
        """Parts of any table that no complete chunk names, but for those of a chunk that was not finished."""
        begun: set[tuple[str, str]] = set()
        for part in self.parts():
            chunk, table = chunks.get(part.name), part.path.parent.name
            if part.path in kept:
                continue
            if chunk is None or chunk.number != part.number or part.name in whole or (table, part.name) in begun:
                yield part.path
            begun.add((table, part.name))

    def done(self, chunks: Mapping[str, Chunk]) -> tuple[set[str], list[Path]]:
        """As :meth:`look`; the parts of a damaged chunk are removed, so that it is made again."""
        whole, bad = self.look(chunks)
        for part in self.parts():
            if part.name not in whole or part.path in bad:
                _remove(part)
        return whole, bad

    def parts(self) -> list[Part]:
        """The parts of all tables."""
        return [part for table in TABLES for part in parts_of(self.out, table)]

    def _others(self, part: Part) -> Iterator[Path]:
        """The parts of the same chunk in other tables, whether they are there or not."""
        with suppress(pa.ArrowException, OSError, InputError):  # the part itself is damaged
            user_files.check_plain(part.path)
            named = json.loads((pq.read_schema(part.path).metadata or {}).get(OTHERS, b"{}"))
            for table, digest in named.items():
                yield self.path(table, part.number, part.name, digest)

    def path(self, table: str, number: int, name: str, digest: str) -> Path:
        """Where a part stands."""
        return self.out / f"{table}.parquet" / part_name(number, name, digest)

    def write(self, number: int, name: str, tables: Mapping[str, bytes]) -> None:
        """Write the parts of a chunk, ``runs`` last: when that is there, the chunk is done."""
        for table in TABLES:
            if table in tables:
                folder = self.out / f"{table}.parquet"
                folder.mkdir(exist_ok=True)
                self.put(self.path(table, number, name, digest_of(tables[table])), tables[table])

    @staticmethod
    def put(path: Path, content: bytes) -> None:
        """Write a file under a temporary name and rename it when it is complete and on disk."""
        partial = path.with_name(f".{path.name}.partial")
        try:
            with partial.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)

    @property
    def is_there(self) -> bool:
        """Whether the folder is still the one that is held: a user may have removed it."""
        return self._lock.holds

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other jobs out of this folder; what one that was killed had committed is put in place."""
        with making(self.out):
            self.out.mkdir(parents=True, exist_ok=True)
            self._lock.take()
        try:
            finish(self.out)
            yield
        finally:
            self._lock.release()
