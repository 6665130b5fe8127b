"""Tables on disk: Parquet (Zstandard) and one plain CSV; only complete files appear."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from bresim.columns import whole_columns
from bresim.common import spreadsheet, user_files
from bresim.common.errors import BresimError, InputError, Problem, said
from bresim.common.memory import give_back
from bresim.config.schema import CONFIGS
from bresim.results.manifest import MANIFEST, is_ours, read_manifest
from bresim.results.publishing import settle
from bresim.results.result import TABLES, Result


def tidy(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """The table as it is written: whole numbers as integers, missing as null; an error if a number is infinite."""
    table = table.copy(deep=False)
    whole = whole_columns(name)
    for column, dtype in table.dtypes.items():  # one at a time: all together would be the table once more
        if not pd.api.types.is_float_dtype(dtype):
            continue
        numbers = table[column].to_numpy(dtype=np.float64, na_value=np.nan)
        broken = column in whole and bool((np.isfinite(numbers) & (numbers != np.round(numbers))).any())
        if np.isinf(numbers).any() or broken:
            place = f"{name}.{column}"
            if broken:
                raise BresimError(said("{place} holds a broken number: an error in the model, report it", place=place))
            raise BresimError(said("{place} holds an infinite number: an error in the model, report it", place=place))
        if column in whole:
            table[column] = table[column].astype("Int64")
    return table


def write_tables(out: Path, tables: Mapping[str, pd.DataFrame]) -> list[Path]:
    """Write each table as ``name.parquet`` (``summary`` as ``summary.csv``) in ``out``; the paths in order."""
    return [write_table(out, name, table) for name, table in tables.items()]


def write_table(out: Path, name: str, table: pd.DataFrame) -> Path:
    """Write one table under a temporary name and rename it when it is complete."""
    path = out / f"{name}.{'csv' if name == 'summary' else 'parquet'}"
    partial = path.with_name(f".{path.name}.partial")
    table = tidy(table, name)
    try:
        if name == "summary":
            spreadsheet.write_csv(table, partial)
        else:
            # from_pandas turns NaN into null
            pq.write_table(pa.Table.from_pandas(table, preserve_index=False), partial, compression="zstd")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    give_back()  # what writing a large table took
    return path


def read_result(out: str | Path, names: Collection[str] = TABLES) -> Result:
    """Read the results of a job from ``out``, of its tables those in ``names``.

    The region is not stored, load it with ``load_region(config.region)``.
    """
    folder = Path(out)
    settle(folder)
    if not is_ours(folder):
        what = said("holds no {manifest} of bresim", manifest=MANIFEST) if folder.is_dir() else said("is not a folder")
        raise InputError(Problem(str(folder), what, said("give a folder that a finished job left")))
    manifest = read_manifest(folder)
    try:
        config = CONFIGS[manifest["command"]].model_validate_json(json.dumps(manifest["config"]))
        engine, failures = manifest["engine"], manifest["failures"]
    except (KeyError, TypeError, ValueError):  # pydantic's is a ValueError
        version = manifest["bresim"]
        what = said("is of bresim {version}, whose configuration this version cannot read", version=version)
        raise InputError(
            Problem(str(folder / MANIFEST), what, said("read the tables with pandas, or run it again"))
        ) from None
    found: dict[str, Any] = {}
    for name in names:
        path = folder / f"{name}.{'csv' if name == 'summary' else 'parquet'}"
        if name == "summary" and path.exists():
            text = user_files.read_text(path, user_files.POINTS)
            found[name] = spreadsheet.read_back(spreadsheet.parsed(text))
        elif path.exists():
            for part in sorted(path.iterdir()) if path.is_dir() else [path]:  # a sweep's table is a folder of parts
                user_files.check_plain(part)
            found[name] = pd.read_parquet(path)
    return Result(
        config=config,
        engine=engine,
        failures=failures,
        manifest=manifest,
        not_judged=tuple(map(str, manifest.get("not_judged") or ())),
        **found,
    )
