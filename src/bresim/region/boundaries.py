"""Municipal boundaries that the user gives (GeoJSON), for maps. None are shipped."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bresim.common import user_files
from bresim.common.errors import InputError, Problem, nearest, said
from bresim.region.types import Floats

#: Municipality → its rings (outer and inner alike), each (points, 2): longitude and latitude in degrees.
Boundaries = dict[str, list[Floats]]


#: Largest distance, in degrees, of a boundary from the municipality's place in the region's file.
FAR = 0.5


def read_boundaries(
    path: Path, names: Sequence[str], codes: Sequence[str] = (), places: Sequence[tuple[float, float]] = ()
) -> Boundaries:
    """Rings of every municipality from a GeoJSON FeatureCollection in longitude and latitude (WGS84).

    The property that holds the names (or the codes) of most municipalities is found automatically.
    ``places`` are the longitudes and latitudes of the municipalities. Raises InputError if the file cannot be
    read, lacks a municipality, is in another projection or lies elsewhere.
    """
    where = f"region.boundaries={path}"
    try:
        content = json.loads(user_files.read_text(path, user_files.JSON))
    except OSError as error:
        raise InputError(
            Problem(where, said("cannot be read ({reason})", reason=error.strerror), said("check the path"))
        ) from None
    except InputError as error:
        raise InputError([Problem(where, problem.what, problem.remedy) for problem in error.problems]) from None
    except (ValueError, RecursionError):  # also text that is not UTF-8
        raise InputError(Problem(where, said("is not valid JSON"), said("give a GeoJSON file"))) from None
    features = content.get("features") if isinstance(content, Mapping) else None
    if not isinstance(features, list) or not all(_is_feature(feature) for feature in features):
        raise InputError(Problem(where, said("is not a GeoJSON FeatureCollection"), said("export it as GeoJSON")))
    wanted = dict(zip(names, names, strict=True)) | {
        code: name for code, name in zip(codes, names, strict=False) if code
    }
    labels, key = _labels(features, wanted)
    found: Boundaries = {}
    problems = []
    for label, feature in zip(labels, features, strict=True):
        name = wanted.get(str(label))
        if name is None:
            continue
        rings = _rings(feature.get("geometry"))
        if rings is None:
            problems.append(
                Problem(
                    where,
                    said("the shape of '{name}' is no polygon", name=name),
                    said("give a Polygon or MultiPolygon"),
                )
            )
            continue
        found.setdefault(name, []).extend(rings)
    missing = [name for name in names if name not in found] if not problems else []
    spare = [str(label) for label in labels if label is not None and str(label) not in wanted]
    if len(missing) == len(names):
        what = said("names none of the region's municipalities")
        raise InputError(Problem(where, what, said("give each feature a property with the municipality's name")))
    for name in missing:
        hint = nearest(name, spare) if spare else said("'{key}' must hold its name", key=key)
        problems.append(Problem(where, said("has no boundary for '{name}'", name=name), hint))
    points = [ring for rings in found.values() for ring in rings]
    if points and np.abs(np.concatenate(points)).max() > 180.0:
        what = said("is not in longitude and latitude")
        problems.append(
            Problem(where, what, said("convert it to WGS84 (EPSG:4326), for instance with ogr2ogr -t_srs EPSG:4326"))
        )
    elif points:
        problems += _elsewhere(found, dict(zip(names, places, strict=False)), where)
    if problems:
        raise InputError(problems)
    return {name: found[name] for name in names}


def _is_feature(feature: Any) -> bool:
    return isinstance(feature, Mapping) and isinstance(feature.get("properties") or {}, Mapping)


def _elsewhere(found: Boundaries, places: Mapping[str, tuple[float, float]], where: str) -> list[Problem]:
    """Problems of shapes far from the municipalities' places in the region's file; usually the axes are swapped."""
    middles = {name: np.concatenate(rings).mean(axis=0) for name, rings in found.items() if name in places}
    far = {name: middle for name, middle in middles.items() if np.abs(middle - places[name]).max() > FAR}
    if not far:
        return []
    swapped = all(np.abs(middle[::-1] - places[name]).max() <= FAR for name, middle in far.items())
    name, middle = next(iter(far.items()))
    east, north = places[name]
    what = said(
        "{count} of {total} boundaries lie elsewhere: '{name}' at longitude {longitude}, latitude {latitude}; "
        "the region's file says {east}, {north}",
        count=len(far),
        total=len(middles),
        name=name,
        longitude=f"{middle[0]:.2f}",
        latitude=f"{middle[1]:.2f}",
        east=f"{east:.2f}",
        north=f"{north:.2f}",
    )
    hint = (
        said("GeoJSON has longitude first, latitude second: swap them")
        if swapped
        else said("check that it is the right file")
    )
    return [Problem(where, what, hint)]


def _labels(features: Sequence[Mapping[str, Any]], wanted: Mapping[str, str]) -> tuple[list[Any], str]:
    """The values of the property that matches most municipalities, and its name."""
    properties = [feature.get("properties") or {} for feature in features]
    keys = sorted({str(key) for entry in properties for key in entry})
    if not keys:
        return [None] * len(features), ""
    best = max(
        keys, key=lambda key: len({wanted[str(entry[key])] for entry in properties if str(entry.get(key)) in wanted})
    )
    return [entry.get(best) for entry in properties], best


def _rings(geometry: Any) -> list[Floats] | None:
    """All rings of a Polygon or MultiPolygon, or None if it is neither."""
    if not isinstance(geometry, Mapping):
        return None
    shapes: Any = geometry.get("coordinates")
    if geometry.get("type") == "Polygon":
        shapes = [shapes]
    elif geometry.get("type") != "MultiPolygon":
        return None
    try:
        rings = [np.asarray(ring, dtype=np.float64)[:, :2] for shape in shapes for ring in shape]
    except (TypeError, ValueError, IndexError, OverflowError):  # a whole number too large for a float, say
        return None
    if not rings or any(len(ring) < 4 or not np.isfinite(ring).all() for ring in rings):
        return None
    return rings
