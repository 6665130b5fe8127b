"""Paths of the files that come with bresim."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bresim.common.errors import BresimError, said


@cache
def configs_dir() -> Path:
    """The shipped configuration: in the installed package, else at the top of the source tree."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "configs", package.parents[1] / "configs"):
        if folder.is_dir():
            return folder
    raise BresimError(
        said(
            "there is no folder 'configs' beside '{package}': install bresim again, it is not complete",
            package=package,
        )
    )


def source_tree() -> Path | None:
    """The top of the source tree that bresim runs from, or None for an installed package."""
    top = Path(__file__).resolve().parents[3]
    return top if (top / "pyproject.toml").is_file() and (top / "configs").is_dir() else None
