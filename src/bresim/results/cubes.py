"""Tables as cubes with named axes, units and long names, for xarray and NetCDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bresim.columns import COST_OUTCOMES, POINT, RUN_KEYS, UNITS, Column, run_outcomes, table_of
from bresim.columns.schema import Unit
from bresim.common.errors import InputError, Problem, said

if TYPE_CHECKING:
    import xarray

    from bresim.region.types import Region
    from bresim.results.result import Result

#: Columns that are axes of a table that has them, in the order of the axes.
AXES = (POINT, "design", "founding", "replicate", "moment", "quarter", "municipality", "source", "target")
#: Axes on which a run lies; a point of a sweep may name its own.
OF_A_RUN = ("design", "founding", "replicate")
#: Other columns that say where a value belongs, and are no value themselves.
LABELS = {*RUN_KEYS, "date", "subregion", "population"}
#: Units that have a name outside bresim; what has none is a number (``1``).
NAMED: Mapping[Unit, str] = {"quarters": "quarter", "quarter": "quarter", "fte": "fte", "degrees": "degree"}


def cube_of(result: Result, table: str) -> xarray.Dataset:
    """A table of a result as a cube; see :meth:`Result.to_xarray`."""
    dataset = needed("to_xarray").Dataset
    rows: pd.DataFrame = getattr(result, table, pd.DataFrame())
    if not len(rows):
        what = said("this result has no rows in the table '{table}'", table=table)
        names = ", ".join(result.tables())
        raise InputError(Problem("to_xarray", what, said("it has: {names}", names=names)))
    described = descriptions(result.config.command, table, result.region)
    keys = [str(key) for key in result.points]
    coords, values = cube(rows, keys if is_grid(result.points) else [], keys)
    made: xarray.Dataset = dataset(
        {name: (axes, array, attributes(name, described)) for name, (axes, array) in values.items()},
        coords={name: (axes, array, attributes(name, described)) for name, (axes, array) in coords.items()},
        attrs={"title": f"bresim {result.config.command}: {table}", "bresim": result.manifest.get("bresim", "")},
    )
    return made


def needed(where: str) -> Any:
    """Import xarray; a clear error if it is not installed."""
    try:
        import xarray
    except ImportError:
        what = said("{name} is not installed", name="xarray")
        remedy = said("install it: pip install 'bresim[{extra}]'", extra="netcdf")
        raise InputError(Problem(where, what, remedy)) from None
    return xarray


def is_grid(points: pd.DataFrame) -> bool:
    """Whether the points are every combination of the values of their keys, each once."""
    if not len(points.columns):
        return False
    sides = [points[key].nunique() for key in points]
    return int(np.prod(sides)) == len(points) and not points.duplicated().any()


Laid = dict[str, tuple[tuple[str, ...], NDArray[Any]]]


def cube(rows: pd.DataFrame, grid: Sequence[str], swept: Sequence[str]) -> tuple[Laid, Laid]:
    """(coordinates, variables), each name → (axes, values). ``grid``: keys that are axes in place of the point."""
    axes = axes_of(rows, grid)
    codes: dict[str, NDArray[np.intp]] = {}
    coords: Laid = {}
    for name in axes:
        key = "design" if name == "governance" else name
        numbers = pd.api.types.is_numeric_dtype(rows[key].dtype)
        code, labels = pd.factorize(rows[key], sort=numbers and name not in grid, use_na_sentinel=False)
        codes[key], coords[key] = code, ((key,), plain(pd.Series(labels)))
    shape = {name: len(coords[name][1]) for name in codes}
    at = np.ravel_multi_index(tuple(codes.values()), tuple(shape.values())) if codes else np.zeros(len(rows), np.intp)
    if len(np.unique(at)) < len(rows):
        what = said("its rows are not told apart by {names}", names=", ".join(codes))
        raise InputError(Problem("to_xarray", what, said("take runs, series, municipalities or capacity")))
    values: Laid = {}
    labels_too = {*LABELS, POINT, *swept}
    for name in [str(column) for column in rows if column not in codes]:
        column = rows[name]
        text = not pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype)
        if text or name in labels_too:
            found = _label(column, codes, shape)
            if found is not None:
                coords[name] = found
            continue
        laid = np.full(int(np.prod(list(shape.values()))), np.nan)
        laid[at] = column.to_numpy(dtype=np.float64, na_value=np.nan)
        values[name] = (tuple(shape), laid.reshape(tuple(shape.values())))
    return coords, values


def axes_of(rows: pd.DataFrame, grid: Sequence[str]) -> list[str]:
    """The axes of a table, in their order: those that it has, less what each point names for itself."""
    found = [name for name in AXES if name in rows]
    if "founding" in found and rows["founding"].nunique() == 1:
        found.remove("founding")
    if POINT not in found:
        return found
    if grid:
        ours = ["design" if key == "governance" else key for key in grid]
        return [*grid, *(name for name in found if name != POINT and name not in ours)]
    per_point = rows.groupby(POINT, sort=False)[[name for name in OF_A_RUN if name in found]].nunique()
    own = [name for name in per_point if per_point[name].max() == 1 and rows[name].nunique() > 1]
    return [name for name in found if name not in own]


def _label(
    column: pd.Series, codes: Mapping[str, NDArray[np.intp]], shape: Mapping[str, int]
) -> tuple[tuple[str, ...], NDArray[Any]] | None:
    """A label on the fewest axes that determine it; None if all of it is missing, or all axes together do not."""
    if column.isna().all():
        return None
    code, labels = pd.factorize(column, use_na_sentinel=False)
    known = plain(pd.Series(labels))
    for count in range(len(shape) + 1):
        for names in combinations(shape, count):
            sides = tuple(shape[name] for name in names)
            at = (
                np.ravel_multi_index(tuple(codes[name] for name in names), sides) if names else np.zeros(len(code), int)
            )
            laid = np.full(int(np.prod(sides)), -1, dtype=np.int64)
            laid[at] = code
            if (laid[at] == code).all() and (laid >= 0).all():
                return names, known[laid].reshape(sides)
    return None


def plain(column: pd.Series) -> NDArray[Any]:
    """Labels as NumPy has them: numbers as such, all else as text."""
    if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
        whole = pd.api.types.is_integer_dtype(column.dtype) and not column.isna().any()
        return column.to_numpy(dtype=np.int64 if whole else np.float64, na_value=-1 if whole else np.nan)
    return column.astype(object).where(column.notna(), "").astype(str).to_numpy(dtype=np.str_)


def descriptions(command: str, table: str, region: Region | None) -> dict[str, Column]:
    """The columns of a table by name, as the data dictionary has them; those of the region's themes too."""
    try:
        known = {column.name: column for column in (*table_of(table, command).columns, *COST_OUTCOMES)}
    except KeyError:
        known = {}
    if region is not None:
        themes = [(theme.name, theme.label_nl, theme.label_en) for theme in region.themes]
        known |= {one.name: one for one in run_outcomes(themes, region.subregion_labels) if one.name not in known}
    return known


def attributes(name: str, described: Mapping[str, Column]) -> dict[str, str]:
    """``long_name``, ``description`` and ``units`` of a column; a key that varies is called by itself."""
    column = described.get(name)
    if column is None:
        return {"long_name": name}
    label = getattr(column, "label_en", name.replace("_", " "))
    about = {"long_name": str(label), "description": column.meaning}
    if column.unit in {"name", "text", "date", "key", "outcome"}:
        return about
    return {**about, "units": NAMED.get(column.unit, "1"), "unit_means": UNITS[column.unit]}
