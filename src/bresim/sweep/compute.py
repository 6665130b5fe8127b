"""Computing a chunk: its tables as the bytes of Parquet files, the same on every machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pyarrow as pa

from bresim.results.store import Chunk, digest_of, encode
from bresim.results.tables import WHOLE
from bresim.sweep.job import KEYS, SweepJob
from bresim.sweep.tables import tables_of

Advance = Callable[[int], None]
#: Chunks in → (chunk, table → bytes of a Parquet file) out.
Engine = Callable[[Sequence[Chunk]], Iterator[tuple[Chunk, dict[str, bytes]]]]


def compute(job: SweepJob, chunk: Chunk, advance: Advance | None = None) -> dict[str, bytes]:
    """The tables of a chunk as Parquet; every part of the runs has the same columns and types."""
    tables = tables_of(job, np.arange(chunk.first, chunk.last), advance=advance)
    runs = tables.pop("runs")
    encoded = {name: encode(table, name) for name, table in tables.items()}
    others = {name: digest_of(content) for name, content in encoded.items()}
    return {**encoded, "runs": encode(runs, "runs", runs_schema(job), others)}


def runs_schema(job: SweepJob) -> pa.Schema:
    """Columns and types of the runs of a sweep, the same for every chunk."""
    texts = {"design", "scenario", "undercurrent", "failure"}
    points = pa.Schema.from_pandas(job.points, preserve_index=False)
    fields = []
    for name in (*KEYS, *job.swept, *(outcome.name for outcome in job.outcomes), "failure"):
        if name in job.swept:
            kind = points.field(name).type
            kind = pa.string() if pa.types.is_large_string(kind) else kind
        else:
            kind = pa.string() if name in texts else pa.int64() if name in WHOLE else pa.float64()
        fields.append(pa.field(name, kind))
    return pa.schema(fields)
