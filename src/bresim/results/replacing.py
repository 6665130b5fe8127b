"""A sweep that is to replace another (``overwrite=true``) is made in a hidden folder beside it.

Until it is finished the earlier results stay as they are; then one renaming commits it (``publishing``). Stopped, it
goes on with the same command; another sweep that is to come in the same place removes it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from bresim.results.folder import FOLLOWING, undisturbed
from bresim.results.manifest import read_manifest
from bresim.results.publishing import commit
from bresim.results.store import TABLES, SweepFolder, is_part, refuse_folder


def workplace(folder: SweepFolder, overwrite: bool) -> SweepFolder:
    """Where the parts of a sweep are made: in its folder, unless that holds results that it is to replace.

    A sweep that was not finished goes on where it is, whether it may overwrite or not.
    """
    if not overwrite or not folder.out.is_dir():
        return folder
    earlier = read_manifest(folder.out)
    unfinished = earlier.get("sweep") == folder.identity and not earlier.get("finished")
    holds = earlier or any(not path.name.startswith(".") for path in folder.out.iterdir())
    return SweepFolder(folder.out / FOLLOWING, folder.identity) if holds and not unfinished else folder


def make_room(folder: SweepFolder, place: SweepFolder) -> None:
    """Make the place beside the results; what is kept there of another sweep goes. The caller holds ``folder``."""
    for part in folder.parts():
        refuse_folder(part)
    if place.out.is_symlink():
        place.out.unlink()
    if place.out.exists() and read_manifest(place.out).get("sweep") != place.identity:
        shutil.rmtree(place.out)
    place.out.mkdir(exist_ok=True)


def take_place(folder: SweepFolder, place: SweepFolder) -> None:
    """Put a finished sweep in the place of the earlier one. Files that are not of a sweep stay where they are."""
    gone: list[Path] = []
    for table in TABLES:
        old, new = folder.out / f"{table}.parquet", place.out / f"{table}.parquet"
        ours = [path for path in old.glob("*") if is_part(path)]
        if new.is_dir():  # it takes the place of the old one as a whole
            _carry_over(set(old.glob("*")) - set(ours), new)
        else:
            gone += ours
    with undisturbed():
        commit(folder.out, place.out, [path.relative_to(folder.out).as_posix() for path in gone])


def _carry_over(paths: Iterable[Path], to: Path) -> None:
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            shutil.copytree(path, to / path.name, symlinks=True, dirs_exist_ok=True)
        elif not (to / path.name).is_symlink():  # else it was copied before a kill
            shutil.copy2(path, to / path.name, follow_symlinks=False)
