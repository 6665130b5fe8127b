"""Find and read the files of a region: YAML, its tables (CSV) and its membership matrices (CSV or Parquet)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from omegaconf import DictConfig, OmegaConf

from bresim.common import spreadsheet, user_files
from bresim.common.errors import NOTHING, InputError, Problem, Said, inside, nearest, said
from bresim.common.paths import configs_dir
from bresim.common.user_files import has_controls, shortened, within
from bresim.common.yaml_files import read_mapping

if TYPE_CHECKING:
    import pandas as pd

#: Keys of a region's file that name a file or a folder.
PATHS = ("municipalities", "collaborations", "published", "memberships", "boundaries")


def region_names(search: Sequence[Path] = ()) -> list[str]:
    """Names of all regions found in the shipped and the given folders (each holding ``region/``)."""
    return sorted({path.stem for folder in (configs_dir(), *search) for path in (folder / "region").glob("*.yaml")})


def find_region(name: str, search: Sequence[Path] = ()) -> Path:
    """The YAML file of a region by its name."""
    for folder in (*search, configs_dir()):
        for path in user_files.files_in(folder / "region", ".yaml"):
            if path.stem == name:
                return path
    raise InputError(Problem("region", said("unknown region '{name}'", name=name), nearest(name, region_names(search))))


def read_region_file(path: Path) -> dict[str, Any]:
    """The mapping in a region's YAML file, whose tables lie in its folder. A key that occurs twice is an error."""
    content = {str(key): value for key, value in read_mapping(path).items()}
    if not content:
        raise InputError(Problem(str(path), said("is empty"), said("copy a shipped region and change it")))
    problems: list[Problem] = []
    home = path.resolve().parent
    for key in ("folder", *PATHS):
        named = content.get(key)
        if isinstance(named, str):
            try:
                found = within(named, home, inside(str(path), key))
            except InputError as error:
                problems += error.problems
            else:
                home = found if key == "folder" and user_files.is_folder(found) else home
    if problems:
        raise InputError(problems)
    return content


def folder_of(content: Mapping[str, Any], path: Path) -> Path:
    """Where the tables of a region's file are: ``folder``, seen from the file, else beside it."""
    home = path.resolve().parent
    given = content.get("folder")
    if not isinstance(given, str):
        return home
    folder = home / Path(given).expanduser()
    if not user_files.is_folder(folder):
        what = said("there is no folder '{folder}'", folder=shortened(str(folder), 300))
        raise InputError(Problem(f"{path}: folder", what, said("give it as seen from the file, or leave it out")))
    return folder


def find_table(name: str, folders: Iterable[Path], where: str) -> Path:
    """A table by its name, relative to the first folder that has it."""
    given = Path(name)
    if given.is_absolute() and user_files.is_plain(given):
        return given
    homes = [given.parent] if given.is_absolute() else list(dict.fromkeys(folders))
    for folder in homes:
        path = folder / given
        if not given.is_absolute() and user_files.is_plain(path):
            return within(name, folder, where)
    tried = [folder / given for folder in homes]
    near = (_siblings(path) for path in tried if user_files.is_folder(path.parent))
    hint = next((hint for hint in near if hint), said("check the name"))
    looked = ", ".join(shortened(str(path.parent), 200) for path in tried)
    what = said("there is no file '{name}' (looked in {looked})", name=shortened(name, 200), looked=looked)
    raise InputError(Problem(where, what, hint))


def read_table(path: Path) -> list[tuple[str, dict[str, str]]]:
    """The rows of a CSV file as ``(where, {column: text})``; empty cells are left out, lines with ``#`` too."""
    try:
        text = user_files.read_text(path, user_files.MEGABYTE)
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or said("it is not a CSV table in UTF-8")
        raise InputError(
            Problem(str(path), said("cannot be read ({reason})", reason=reason), said("save it as CSV (comma, UTF-8)"))
        ) from None
    numbered = [(line, row) for line, row in enumerate(rows, start=1) if any(row) and not row[0].startswith("#")]
    if len(numbered) < 2:
        raise InputError(Problem(str(path), said("has no rows"), said("write a header and one row for each entry")))
    header = [cell.strip() for cell in numbered[0][1]]
    if len(header) == 1:
        _check_separator(header[0], path)
    problems = [
        Problem(
            str(path), said("the column '{name}' occurs twice in the header", name=name), said("remove one of them")
        )
        for name in sorted({name for name in header if header.count(name) > 1})
    ]
    problems += [
        Problem(
            said("{file} line {line}", file=path.name, line=line),
            said("has a sign that cannot be seen"),
            said("write plain values"),
        )
        for line, row in numbered
        if any(map(has_controls, row))
    ]
    problems += [
        Problem(
            said("{file} line {line}", file=path.name, line=line),
            said("has {cells} cells, the header has {columns}", cells=len(row), columns=len(header)),
            said("check the commas and quotes"),
        )
        for line, row in numbered[1:]
        if len(row) != len(header)
    ]
    if problems:
        raise InputError(problems)
    return [
        (
            said("{file} line {line}", file=path.name, line=line),
            {name: cell.strip() for name, cell in zip(header, row, strict=True) if cell.strip()},
        )
        for line, row in numbered[1:]
    ]


def _check_separator(header: str, path: Path) -> None:
    """One message if the whole header is one cell, instead of one for every column that seems to be missing."""
    for sign, what in (
        (";", said("separates its columns by semicolons")),
        ("\t", said("separates its columns by tabs")),
    ):
        if sign in header:
            remedy = said("save it as CSV with commas (in Excel: 'CSV UTF-8' and a comma as list separator)")
            raise InputError(Problem(str(path), what, remedy))


def entries(content: str | Sequence[Any], key: str, folders: Sequence[Path], where: str) -> list[tuple[str, Any]]:
    """The entries of a list in the region file, or of the table it names, each with where it stands."""
    if isinstance(content, str):
        return list(read_table(find_table(content, folders, inside(where, f"{key}"))))
    return [(inside(where, f"{key}[{index}]"), entry) for index, entry in enumerate(content)]


def read_memberships(path: Path, names: Sequence[str], collaborations: Sequence[str]) -> NDArray[np.bool_]:
    """Membership matrices, (S, C, N), from a table with a row for each solution and collaboration.

    Columns: ``solution`` (0, 1, …), ``collaboration`` (its name) and one column of 0/1 for each
    municipality.
    """
    try:
        table = _memberships_in(path)
    except (OSError, ValueError, OverflowError) as error:  # pyarrow's and pandas' parsing errors are ValueErrors
        reason = str(error).splitlines()[0]
        raise InputError(
            Problem(str(path), said("cannot be read ({reason})", reason=reason), said("write it as CSV or Parquet"))
        ) from None
    if len(table.columns) == 1:
        _check_separator(str(table.columns[0]), path)
    wanted = ["solution", "collaboration", *names]
    problems = [
        Problem(path.name, said("has no column '{name}'", name=name), said("add it"))
        for name in wanted
        if name not in table.columns
    ]
    problems += [
        Problem(path.name, said("has a column '{name}' that is no municipality", name=name), nearest(str(name), names))
        for name in table.columns
        if name not in wanted
    ]
    if problems:
        raise InputError(problems)
    if len(table) == 0:
        raise InputError(
            Problem(path.name, said("has no rows"), said("write one row for each solution and collaboration"))
        )
    order = {name: index for index, name in enumerate(collaborations)}
    solutions = sorted(table["solution"].unique())
    rank = {solution: index for index, solution in enumerate(solutions)}
    for name in table["collaboration"].unique():
        if name not in order:
            problems.append(
                Problem(path.name, said("unknown collaboration '{name}'", name=name), nearest(str(name), order))
            )
    cells = table[list(names)].to_numpy()
    if not np.isin(cells, (0, 1)).all():
        problems.append(
            Problem(path.name, said("has a cell that is neither 0 nor 1"), said("write 1 for a member, 0 for none"))
        )
    if problems:
        raise InputError(problems)
    shape = (len(solutions), len(order), len(names))
    rows = table["solution"].map(rank).to_numpy(), table["collaboration"].map(order).to_numpy()
    counts = np.zeros(shape[:2], dtype=np.int64)
    np.add.at(counts, rows, 1)
    if (counts != 1).any():
        solution, row = (int(index[0]) for index in np.nonzero(counts != 1))
        what = said(
            "solution {solution} has {count} rows for '{collaboration}'",
            solution=solutions[solution],
            count=counts[solution, row],
            collaboration=collaborations[row],
        )
        raise InputError(Problem(path.name, what, said("write exactly one row for each solution and collaboration")))
    matrices = np.zeros(shape, dtype=np.bool_)
    matrices[rows] = cells.astype(np.bool_)
    return matrices


def _memberships_in(path: Path) -> pd.DataFrame:
    if path.suffix == ".parquet":
        return user_files.read_parquet(path)
    return spreadsheet.parsed(user_files.read_text(path, user_files.TABLE))


def plain(source: Mapping[str, Any]) -> dict[str, Any]:
    """A composed configuration (Hydra's or any mapping) as plain dictionaries and lists."""
    if isinstance(source, DictConfig):
        return {str(key): value for key, value in OmegaConf.to_container(source, resolve=True).items()}  # type: ignore[union-attr]
    return dict(source)


def _siblings(path: Path) -> Said:
    """The nearest name among the files beside a path that does not exist; empty if there are none."""
    if not user_files.is_folder(path.parent):
        return said("there is no folder '{folder}'", folder=shortened(str(path.parent), 300))
    others = [other.name for other in path.parent.iterdir() if other.is_file() and other.suffix == path.suffix]
    return nearest(path.name, others) if others else NOTHING
