"""Finished comparisons read back for a report: one, or several that can be put beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import Any, cast

from bresim.common.errors import InputError, Problem
from bresim.common.text import Language
from bresim.config.schema import CompareConfig
from bresim.region import load_region
from bresim.results.manifest import read_manifest
from bresim.results.result import NOT_SHOWN, TABLES, Result
from bresim.results.tables import read_result

COMMAND = "compare"
#: Tables that are read of jobs beside each other, and of one job.
COMPARED, SHOWN = ("runs", "summary"), tuple(name for name in TABLES if name not in NOT_SHOWN)
#: Without these files there is nothing to tell.
NEEDED = ("runs.parquet", "summary.csv")
#: Most jobs beside each other: more do not fit on a page or a picture.
MOST = 8


def read_jobs(folders: Sequence[Path], language: Language) -> list[Result]:
    """The results in ``folders``, each with its region; an error in the reader's language if one cannot be shown.

    Of several kinds of mistakes the first is told, with every folder that has it.
    """
    manifests = [read_manifest(folder) for folder in folders]
    _check(folders, manifests, language)
    names = COMPARED if len(folders) > 1 else SHOWN
    results = [_read(folder, names, language) for folder in folders]
    if len(results) > 1:
        _check_comparable(folders, results, language)
    return results


def configuration(result: Result) -> CompareConfig:
    """The configuration of a comparison."""
    return cast("CompareConfig", result.config)


def _check(folders: Sequence[Path], manifests: Sequence[Mapping[str, Any]], language: Language) -> None:
    """Each folder by itself, before its tables are read."""
    _ = language.gettext
    pairs = list(zip(folders, manifests, strict=True))
    places = [folder.resolve() for folder in folders]
    if len(folders) > MOST:
        what = _("{count} folders are too many for one page").format(count=len(folders))
        raise InputError(Problem("DIR", what, _("give at most {most}").format(most=MOST)))
    _refuse(
        dict.fromkeys(folder for folder, place in zip(folders, places, strict=True) if places.count(place) > 1),
        _("the same folder, given twice"),
        _("give each folder once"),
    )
    _refuse(
        (folder for folder, manifest in pairs if not manifest),
        _("no finished job of bresim is in it"),
        _("give the folder that 'bresim compare' left: its out"),
    )
    for command in dict.fromkeys(str(manifest["command"]) for manifest in manifests):
        if command != COMMAND:
            _refuse(
                (folder for folder, manifest in pairs if manifest["command"] == command),
                _("this is of 'bresim {command}', and a report is made of 'bresim compare'").format(command=command),
                _("give folders of 'bresim compare'"),
            )
    _refuse(
        (folder for folder, manifest in pairs if not _is_whole(folder, manifest)),
        _("tables of this job are gone or changed"),
        _("run the job again with overwrite=true"),
    )


def _refuse(folders: Iterable[Path], what: str, remedy: str) -> None:
    """One message about all ``folders`` with this mistake, if there are any."""
    named = ", ".join(str(folder) for folder in folders)
    if named:
        raise InputError(Problem(named, what, remedy))


def _is_whole(folder: Path, manifest: Mapping[str, Any]) -> bool:
    """Whether the needed tables are there and all tables that are there have the size that was written."""
    sizes = {name: size for name, size in manifest.get("files", {}).items() if "/" not in name}
    found = {name: path.stat().st_size for name in sizes if (path := folder / name).is_file()}
    return all(name in found for name in NEEDED) and all(sizes[name] == size for name, size in found.items())


def _read(folder: Path, names: Sequence[str], language: Language) -> Result:
    _ = language.gettext
    try:
        result = read_result(folder, names)
    except InputError:
        what = _("its configuration is of another version of bresim, which this version cannot read")
        raise InputError(Problem(str(folder), what, _("run the job again with this version"))) from None
    except (OSError, ValueError) as error:  # also what Arrow and pandas raise about a damaged file
        what = _("its tables cannot be read ({reason})").format(reason=str(error).partition("\n")[0])
        raise InputError(Problem(str(folder), what, _("run the job again with overwrite=true"))) from None
    return replace(result, region=load_region(result.config.region))


def _check_comparable(folders: Sequence[Path], results: Sequence[Result], language: Language) -> None:
    """Whether the jobs have a version, region, horizon, founding and design in common."""
    _ = language.gettext
    configs = [configuration(result) for result in results]
    versions = [str(result.manifest["bresim"]) for result in results]
    _alike(
        folders,
        versions,
        _("these were made by different versions of the model, whose numbers cannot be compared: {listed}"),
        _("run the older ones again with this version"),
    )
    _alike(
        folders,
        [language.label(result.region) if result.region else "" for result in results],
        _("these are about different regions: {listed}"),
        _("compare jobs about one region"),
        [_place(result) for result in results],
    )
    _alike(
        folders,
        [language.quarter(config.time.end) for config in configs],
        _("these end at different moments, and value grows with time: {listed}"),
        _("run them again with the same time.end"),
    )
    everywhere = ", ".join(str(folder) for folder in folders)
    if not _common([config.foundings for config in configs]):
        what = _("in one the designs are founded at once, in the other a vote decides: nothing is shown in both")
        raise InputError(Problem(everywhere, what, _("run one of them again with founding=both")))
    if not _common([[design.name for design in config.designs] for config in configs]):
        what = _("these jobs have no design in common")
        raise InputError(Problem(everywhere, what, _("run them again with the status quo among the designs")))


def _alike(
    folders: Sequence[Path], texts: Sequence[str], what: str, remedy: str, values: Sequence[object] | None = None
) -> None:
    """Refuse jobs whose ``values`` (the ``texts`` if left out) differ, and say which has what."""
    if len(set(values or texts)) > 1:
        listed = ", ".join(dict.fromkeys(texts))
        raise InputError(Problem(", ".join(map(str, folders)), what.format(listed=listed), remedy))


def _place(result: Result) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """What makes two regions the same one: name, municipalities and themes. Their numbers may differ."""
    assert result.region is not None
    return result.region.name, result.region.names, tuple(theme.name for theme in result.region.themes)


def _common(each: Iterable[Iterable[str]]) -> set[str]:
    """What all have."""
    return reduce(set.intersection, [set(names) for names in each])
