"""The runs of a sweep as a NetCDF file: a cube with named axes, coordinates and units.

Axes are the keys that vary, where the points are a grid, else ``point``; and design and replicate, unless each point
names its own. One variable is in memory at a time. Whole numbers may be missing, and this format has none of 64 bits:
they become floats, as in pandas.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from bresim.columns import POINT
from bresim.common import user_files
from bresim.common.errors import BresimError
from bresim.region import load_region
from bresim.region.types import Region
from bresim.results.cubes import attributes, descriptions, is_grid, needed, plain

__all__ = ["needed", "write"]


def write(xarray: Any, manifest: Mapping[str, Any], points: Path, parts: Sequence[Path], to: Path) -> int:
    """Write the runs in ``parts``, which stand by point, replicate and design; the number of runs."""
    for file in (points, *parts):
        user_files.check_plain(file)
    config, table = manifest["config"], pq.read_table(points).to_pandas()
    described = descriptions("sweep", "runs", _region(config))
    coords = coordinates(table)
    sides = coords[POINT][0]
    if "governance" not in table:
        coords["design"] = (("design",), np.array([design["name"] for design in config["designs"]], dtype=np.str_))
    if "replicate" not in table:
        coords["replicate"] = (("replicate",), np.arange(config["replicates"], dtype=np.int32))
    crossed = [side for side, key in (("design", "governance"), ("replicate", "replicate")) if key not in table]
    rows = (*sides, *reversed(crossed))  # designs are innermost (sweep/job.py)
    shape = tuple(len(coords[side][1]) for side in rows)
    about = {"title": "bresim sweep", "bresim": manifest["bresim"], "sweep": manifest["sweep"]}
    xarray.Dataset(
        coords={name: (axes, values, attributes(name, described)) for name, (axes, values) in coords.items()},
        attrs=about,
    ).to_netcdf(to, engine="scipy")
    for field in pq.read_schema(parts[0]):
        if field.name in {*coords, "failure"} or pa.types.is_string(field.type):
            continue
        values = np.concatenate([pq.read_table(part, columns=[field.name])[field.name].to_numpy() for part in parts])
        laid = values.astype(np.float64).reshape(shape)
        laid_out = xarray.Dataset({field.name: (rows, laid, attributes(field.name, described))})
        laid_out.transpose(*sides, *crossed).to_netcdf(to, mode="a", engine="scipy")
    return int(np.prod(shape))


def coordinates(points: pd.DataFrame) -> dict[str, tuple[tuple[str, ...], NDArray[Any]]]:
    """Of points: each key as an axis if they are a grid in its order, else the number of the point, with the keys."""
    names = {str(key): "design" if key == "governance" else str(key) for key in points}
    codes = [pd.factorize(points[key])[0] for key in points]
    sides = [plain(pd.Series(points[key].unique())) for key in points]
    numbers = np.arange(len(points), dtype=np.int32)
    shape = tuple(map(len, sides))
    if is_grid(points) and (np.ravel_multi_index(tuple(codes), shape) == numbers).all():
        axes = {name: ((name,), _stored(side)) for name, side in zip(names.values(), sides, strict=True)}
        return {**axes, POINT: (tuple(axes), numbers.reshape(shape))}
    keys = {name: ((POINT,), _stored(plain(points[key]))) for key, name in names.items()}
    return {POINT: ((POINT,), numbers), **keys}


def _stored(values: NDArray[Any]) -> NDArray[Any]:
    return values.astype(np.float64) if np.issubdtype(values.dtype, np.number) else values


def _region(config: Mapping[str, Any]) -> Region | None:
    """The region of the configuration, for the names of its themes; None if its tables are no longer there."""
    try:
        return load_region(dict(config["region"]))
    except (BresimError, OSError, ValueError, LookupError):
        return None
