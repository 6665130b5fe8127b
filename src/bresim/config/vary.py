"""The keys that a sweep varies, by their full path, and the content of the options they name."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from bresim.common import spreadsheet, user_files
from bresim.common.errors import InputError, Problem, nearest, said
from bresim.common.paths import configs_dir
from bresim.common.user_files import within
from bresim.common.validation_messages import problems_of, shown
from bresim.common.yaml_files import is_path, read_mapping
from bresim.config.files import check_file, content_of, home_of, own_files
from bresim.config.own_sets import OwnSets, is_table, read_sets
from bresim.config.schema import Undercurrent

if TYPE_CHECKING:
    import pandas as pd

#: Groups of which whole options may be swept: ``+vary.scenario=[history,austerity]``.
SWEPT_GROUPS = ("region", "scenario", "undercurrent")
_WORDS = {"region": said("region"), "scenario": said("scenario"), "undercurrent": said("undercurrent")}
#: ``KEY=prior``: over the range that the schema gives.
PRIOR = "prior"
#: Key whose values are sources of parameters, or files with sets of the user's own.
SOURCE = "parameters"


def read_vary(data: dict[str, Any], folders: Sequence[Path], overrides: Sequence[str], problems: list[Problem]) -> None:
    """Replace ``vary`` in ``data`` by key path → values, and add the ``options`` that it or a list of points names."""
    given = data.get("vary")
    if not isinstance(given, Mapping):
        problems.append(
            Problem("vary", said("{value} is not a mapping", value=shown(given)), said("write +vary.KEY=[a,b]"))
        )
        given = {}
    vary = dict(_flat(given))
    problems.extend(lost_keys(overrides))
    sweep = data["sweep"] if isinstance(data.get("sweep"), Mapping) else {}
    method = sweep.get("method")
    for above, values, key in hidden(overrides, folders):
        if above == "parameters" and values == PRIOR and method not in {"grid", "list"}:
            vary.setdefault(above, PRIOR)  # except those given on the command line
        else:
            problems.append(clash(above, key))
    if method not in {"grid", "list"} and vary.get("parameters") == PRIOR:  # every parameter; in a grid it is a source
        from bresim.parameters import PARAMETERS

        del vary["parameters"]
        vary |= {f"parameters.{name}": PRIOR for name in PARAMETERS if f"parameters.{name}" not in vary}
    data["vary"] = vary
    named: dict[str, Iterable[Any]] = {}
    listed: Path | None = None
    if method in {"grid", "lhs", "sobol"}:  # a sensitivity analysis has ranges only
        named = {group: _listed(vary[group]) for group in SWEPT_GROUPS if group in vary and vary[group] != PRIOR}
    keys = [*vary]
    if method == "list" and isinstance(sweep.get("points"), str):
        listed = Path(sweep["points"])
        try:
            user_files.check_plain(listed)
        except InputError as error:  # at once, before what reads tables is loaded
            problems.extend(error.problems)
            listed = None
        except OSError:  # told with what the points are
            listed = None
    table = _table(listed) if listed is not None else None
    if table is not None:
        keys += map(str, table.columns)
        named |= {group: table[group].dropna().astype(str).unique() for group in SWEPT_GROUPS if group in table}
    data["options"] = {
        group: {name: _option(group, name, folders, listed, problems) for name in dict.fromkeys(map(str, names))}
        for group, names in named.items()
    }
    sources = _listed(vary.get(SOURCE, [])) if method in {"grid", "lhs", "sobol"} else []
    if table is not None and SOURCE in table:
        sources = [*table[SOURCE].dropna().unique()]
    data["sets"] = sets_of(sources, listed, problems)
    fixed = [override.partition("=")[0].lstrip("+") for override in overrides]
    for key in keys:
        within = [other for other in fixed if key in SWEPT_GROUPS and other.startswith(f"{key}.")]
        if key in fixed:
            problems.append(
                Problem(f"vary.{key}", said("is swept, and {key}=… fixes it", key=key), said("do one of the two"))
            )
        elif within:  # each option would bring its own value
            what = said("is swept, and {key}=… fixes a part of it", key=within[0])
            problems.append(Problem(f"vary.{key}", what, said("do one of the two")))


def lost_keys(overrides: Sequence[str]) -> Iterator[Problem]:
    """Swept keys above or below another one: Hydra puts one in the place of the other, or cannot compose them."""
    keys = [override.partition("=")[0].lstrip("+") for override in overrides]
    swept = [key for key in keys if key.startswith("vary.")]
    for key in dict.fromkeys(swept):
        within = [other for other in swept if other.startswith(f"{key}.")]
        if within:
            remedy = said("vary one of them; or give both as columns of a list of points (sweep.method=list)")
            yield Problem(key, said("does not go together with {key}", key=within[0]), remedy)


def hidden(overrides: Sequence[str], folders: Sequence[Path]) -> Iterator[tuple[str, Any, str]]:
    """(key, its values, key below or above it) of an experiment that a key of the command line would replace."""
    given = [(key.lstrip("+"), value) for key, _, value in (override.partition("=") for override in overrides)]
    swept = [key for key, _ in given if key.startswith("vary.")]
    names = [value for key, value in given if key == "experiment"]
    known = own_files("experiment", (*folders, configs_dir()))
    for path in (known[name] for name in names if swept and name in known):
        with suppress(InputError):  # told elsewhere
            tree = read_mapping(path, home_of(path, folders), may_be_empty=True).get("vary")
            for above, values in _flat(tree if isinstance(tree, Mapping) else {}):
                near = [key for key in swept if _within(key, f"vary.{above}") or _within(f"vary.{above}", key)]
                yield from ((above, values, key) for key in near)


def _within(key: str, above: str) -> bool:
    return key.startswith(f"{above}.")


def clash(above: str, key: str) -> Problem:
    """A key of the command line below or above one of an experiment."""
    remedy = said("vary one of them, or write an experiment of your own")
    return Problem(key, said("does not go together with vary.{key} of the experiment", key=above), remedy)


def _flat(tree: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, Any]]:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _listed(values: Any) -> list[Any]:
    return values if isinstance(values, list) else [values]


def read_points(path: Path) -> pd.DataFrame:
    """Read a table of points, CSV or Parquet, unchecked; OSError or ValueError if it cannot be read."""
    if path.suffix.lower() == ".parquet":
        return user_files.read_parquet(path)
    import pandas as pd

    text = user_files.read_text(path, user_files.POINTS)
    if text[: text.find("\n")].count(",") >= user_files.COLUMNS:
        raise ValueError(said("it has more than {most} columns", most=user_files.COLUMNS))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            # without index_col pandas shifts rows that have one cell too many
            return spreadsheet.read_back(spreadsheet.parsed(text, index_col=False))
    except pd.errors.ParserWarning:
        raise ValueError(
            said("rows have more cells than there are keys; a list in a cell stands between quotes")
        ) from None


def options_of(
    table: pd.DataFrame, folders: Sequence[Path], problems: list[Problem]
) -> dict[str, dict[str, dict[str, Any]]]:
    """The content of each option that a table of points names: group → name → content."""
    named = {group: table[group].dropna().astype(str).unique() for group in SWEPT_GROUPS if group in table}
    return {
        group: {name: _option(group, name, folders, None, problems) for name in dict.fromkeys(map(str, names))}
        for group, names in named.items()
    }


def sets_of(sources: Iterable[Any], listed: Path | None, problems: list[Problem]) -> dict[str, OwnSets]:
    """The user's own parameter sets that points name: file, as it is written → sets. ``listed``: as in `_option`."""
    found = {}
    for name in dict.fromkeys(source for source in sources if isinstance(source, str) and is_table(source)):
        try:
            found[name] = read_sets(Path(name) if listed is None else within(name, listed.parent, str(listed)))
        except InputError as error:
            problems.extend(error.problems)
    return found


def _table(path: Path) -> pd.DataFrame:
    """A table of points; empty if it cannot be read, which is reported later."""
    import pandas as pd

    try:
        return read_points(path)
    except (OSError, ValueError, InputError):
        return pd.DataFrame()


def _option(
    group: str, name: str, folders: Sequence[Path], listed: Path | None, problems: list[Problem]
) -> dict[str, Any]:
    """The content of an option of a group: shipped, in the user's folder, or a file by its path.

    ``listed``: the list of points that names it, in whose folder its path must be.
    """
    found = own_files(group, (configs_dir(), *folders))
    try:
        path = found.get(name)
        if is_path(name):
            path = Path(name) if listed is None else within(name, listed.parent, str(listed))
    except InputError as error:
        problems.extend(error.problems)
        return {}
    if path is None:
        problems.append(
            Problem(
                f"vary.{group}",
                said("unknown {kind} '{name}'", kind=_WORDS.get(group, group), name=name),
                nearest(name, found),
            )
        )
        return {}
    own = path.parent != configs_dir() / group
    try:
        content = content_of(group, path, home_of(path, folders)) if own else read_mapping(path)
        if own:
            check_file(group, path, home_of(path, folders))
        if group == "undercurrent":
            Undercurrent.model_validate(content)
            return content
    except InputError as error:
        problems.extend(error.problems)
        return {}
    except ValidationError as error:
        problems.extend(problems_of(error, str(path), Undercurrent))
        return {}
    return {"name": path.stem, **content}
