"""Finished comparisons read back for a report: one, or several that can be put beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import Any, cast

from bresim.common.errors import InputError, Problem, Said, said
from bresim.common.text import Language
from bresim.config.schema import CompareConfig
from bresim.region import Region
from bresim.results.earlier import regions_of
from bresim.results.manifest import read_manifest, region_hash
from bresim.results.publishing import settle
from bresim.results.result import NOT_SHOWN, TABLES, Result
from bresim.results.tables import read_result

COMMAND = "compare"
#: Tables that are read of jobs beside each other, and of one job.
COMPARED, SHOWN = ("runs", "summary"), tuple(name for name in TABLES if name not in NOT_SHOWN)
#: Without these files there is nothing to tell.
NEEDED = ("runs.parquet", "summary.csv")
#: Most jobs beside each other: more do not fit on a page or a picture.
MAX_JOBS = 8


def read_jobs(folders: Sequence[Path], language: Language) -> list[Result]:
    """The results in ``folders``, each with its region; an error in the reader's language if one cannot be shown.

    Of several kinds of mistakes the first is reported, with every folder that has it.
    """
    for folder in folders:
        settle(folder)
    manifests = [read_manifest(folder) for folder in folders]
    _check(folders, manifests)
    names = COMPARED if len(folders) > 1 else SHOWN
    results = [_read(folder, names) for folder in folders]
    if len(results) > 1:
        _check_comparable(folders, results, language)
    return results


def configuration(result: Result) -> CompareConfig:
    """The configuration of a comparison."""
    return cast("CompareConfig", result.config)


def _check(folders: Sequence[Path], manifests: Sequence[Mapping[str, Any]]) -> None:
    """Each folder by itself, before its tables are read."""
    pairs = list(zip(folders, manifests, strict=True))
    places = [folder.resolve() for folder in folders]
    if len(folders) > MAX_JOBS:
        what = said("{count} folders are too many for one page", count=len(folders))
        raise InputError(Problem("DIR", what, said("give at most {most}", most=MAX_JOBS)))
    _refuse(
        dict.fromkeys(folder for folder, place in zip(folders, places, strict=True) if places.count(place) > 1),
        said("the same folder, given twice"),
        said("give each folder once"),
    )
    _refuse(
        (folder for folder, manifest in pairs if not manifest),
        said("no finished job of bresim is in it"),
        said("give the folder that 'bresim compare' left: its out"),
    )
    for command in dict.fromkeys(str(manifest["command"]) for manifest in manifests):
        if command != COMMAND:
            _refuse(
                (folder for folder, manifest in pairs if manifest["command"] == command),
                said("this is of 'bresim {command}', and a report is made of 'bresim compare'", command=command),
                said("give folders of 'bresim compare'"),
            )
    _refuse(
        (folder for folder, manifest in pairs if not _is_whole(folder, manifest)),
        said("tables of this job are gone or changed"),
        said("run the job again with overwrite=true"),
    )


def _refuse(folders: Iterable[Path], what: Said, remedy: Said) -> None:
    """One message about all ``folders`` with this mistake, if there are any."""
    named = ", ".join(str(folder) for folder in folders)
    if named:
        raise InputError(Problem(named, what, remedy))


def _is_whole(folder: Path, manifest: Mapping[str, Any]) -> bool:
    """Whether the needed tables are there and all tables that are there have the size that was written."""
    sizes = {name: size for name, size in manifest.get("files", {}).items() if "/" not in name}
    found = {name: path.stat().st_size for name in sizes if (path := folder / name).is_file()}
    return all(name in found for name in NEEDED) and all(sizes[name] == size for name, size in found.items())


def _read(folder: Path, names: Sequence[str]) -> Result:
    try:
        result = read_result(folder, names)
    except InputError:
        what = said("its configuration is of another version of bresim, which this version cannot read")
        raise InputError(Problem(str(folder), what, said("run the job again with this version"))) from None
    except (OSError, ValueError) as error:  # also what Arrow and pandas raise about a damaged file
        what = said("its tables cannot be read ({reason})", reason=str(error).partition("\n")[0])
        raise InputError(Problem(str(folder), what, said("run the job again with overwrite=true"))) from None
    return replace(result, region=region_of(result, folder))


def region_of(result: Result, folder: Path) -> Region:
    """The region of a job. Tables that its manifest names elsewhere are those that it ran with, or not used at all."""
    named = isinstance(result.config.region.get("folder"), str)
    try:
        whole, *opened = regions_of(result.config)
        if not named or result.manifest.get("region_hash") in {region_hash(one) for one in (whole, *opened)}:
            return whole
    except InputError:
        pass  # what is in a file that is not a region's is not told
    what = said("the tables of its region are gone or changed")
    raise InputError(Problem(str(folder), what, said("run the job again with overwrite=true")))


def _check_comparable(folders: Sequence[Path], results: Sequence[Result], language: Language) -> None:
    """Whether the jobs have a version, region, horizon, founding and design in common."""
    configs = [configuration(result) for result in results]
    versions = [str(result.manifest["bresim"]) for result in results]
    _require_same(
        folders,
        versions,
        said(
            "these were made by different versions of the model, whose numbers cannot be compared: {listed}",
            listed=_listed(versions),
        ),
        said("run the older ones again with this version"),
    )
    labels = [language.label(result.region) if result.region else "" for result in results]
    _require_same(
        folders,
        [_place(result) for result in results],
        said("these are about different regions: {listed}", listed=_listed(labels)),
        said("compare jobs about one region"),
    )
    ends = [language.quarter(config.time.end) for config in configs]
    _require_same(
        folders,
        ends,
        said("these end at different moments, and value grows with time: {listed}", listed=_listed(ends)),
        said("run them again with the same time.end"),
    )
    everywhere = ", ".join(str(folder) for folder in folders)
    if not _common([config.foundings for config in configs]):
        what = said("in one the designs are founded at once, in the other a vote decides: nothing is shown in both")
        raise InputError(Problem(everywhere, what, said("run one of them again with founding=both")))
    if not _common([[design.name for design in config.designs] for config in configs]):
        what = said("these jobs have no design in common")
        raise InputError(Problem(everywhere, what, said("run them again with the status quo among the designs")))


def _require_same(folders: Sequence[Path], values: Sequence[object], what: Said, remedy: Said) -> None:
    """Refuse jobs whose ``values`` differ."""
    if len(set(values)) > 1:
        raise InputError(Problem(", ".join(map(str, folders)), what, remedy))


def _listed(texts: Sequence[str]) -> str:
    """Each text once."""
    return ", ".join(dict.fromkeys(texts))


def _place(result: Result) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """What makes two regions the same one: name, municipalities and themes. Their numbers may differ."""
    assert result.region is not None
    return result.region.name, result.region.names, tuple(theme.name for theme in result.region.themes)


def _common(each: Iterable[Iterable[str]]) -> set[str]:
    """What all have."""
    return reduce(set.intersection, [set(names) for names in each])
