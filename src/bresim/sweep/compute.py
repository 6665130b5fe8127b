"""Computing a chunk: its tables as the bytes of Parquet files, the same on every machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pyarrow as pa

from bresim.columns import POINT, RUN_KEYS, table_of
from bresim.results.store import Chunk, digest_of, encode
from bresim.sweep.job import SweepJob
from bresim.sweep.tables import tables_of

Advance = Callable[[int], None]
#: Chunks in → (chunk, table → bytes of a Parquet file) out.
Engine = Callable[[Sequence[Chunk]], Iterator[tuple[Chunk, dict[str, bytes]]]]


def compute(job: SweepJob, chunk: Chunk, advance: Advance | None = None) -> dict[str, bytes]:
    """The tables of a chunk as Parquet; every part of the runs has the same columns and types."""
    tables = tables_of(job, np.arange(chunk.first, chunk.last), advance=advance, priced=job.priced)
    runs = tables.pop("runs")
    encoded = {name: encode(table, name) for name, table in tables.items()}
    others = {name: digest_of(content) for name, content in encoded.items()}
    return {**encoded, "runs": encode(runs, "runs", runs_schema(job), others)}


def runs_schema(job: SweepJob) -> pa.Schema:
    """Columns and types of the runs of a sweep, the same for every chunk."""
    known = {column.name: column for column in table_of("runs", "sweep").columns}
    texts = {name for name, column in known.items() if column.unit in {"name", "text"}}
    whole = {name for name, column in known.items() if column.is_whole}
    points = pa.Schema.from_pandas(job.points, preserve_index=False)
    fields = []
    for name in (*RUN_KEYS, POINT, *job.swept, *(outcome.name for outcome in job.outcomes), *job.priced, "failure"):
        if name in job.swept:
            kind = points.field(name).type
            kind = pa.string() if pa.types.is_large_string(kind) else kind
        else:
            kind = pa.string() if name in texts else pa.int64() if name in whole else pa.float64()
        fields.append(pa.field(name, kind))
    return pa.schema(fields)
