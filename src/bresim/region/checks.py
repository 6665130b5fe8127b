"""Checks between the entries of a region; each names one mistake and its remedy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bresim.columns import run_outcomes
from bresim.common.calendar import quarter_number
from bresim.common.errors import Problem, nearest
from bresim.region.schema import (
    LARGEST,
    SMALLEST,
    ArenaEntry,
    CollaborationEntry,
    MunicipalityEntry,
    PublishedEntry,
    ThemeEntry,
)
from bresim.region.statistics import STATISTICS, subjects
from bresim.region.types import Region


def check_size(municipalities: Sequence[MunicipalityEntry], where: str) -> Iterable[Problem]:
    """N from 3 to 60."""
    count = len(municipalities)
    if not SMALLEST <= count <= LARGEST:
        yield Problem(f"{where}: municipalities", f"{count} municipalities", f"a region has {SMALLEST} to {LARGEST}")


def check_duplicates(names: Iterable[str], what: str, where: str) -> Iterable[Problem]:
    """No name twice."""
    for name, count in Counter(names).items():
        if count > 1:
            yield Problem(where, f"the {what} '{name}' occurs {count} times", "remove or rename all but one")


def check_subregions(
    municipalities: Sequence[MunicipalityEntry], subregions: Mapping[str, str], where: str
) -> Iterable[Problem]:
    """Every municipality in one known subregion, every subregion with a municipality."""
    homes: dict[str, set[str]] = {}
    for entry in municipalities:
        homes.setdefault(entry.name, set()).add(entry.subregion)
        if entry.subregion not in subregions:
            what = f"'{entry.name}' is in the unknown subregion '{entry.subregion}'"
            yield Problem(f"{where}: municipalities", what, nearest(entry.subregion, subregions))
    for name, found in homes.items():
        if len(found) > 1:
            what = f"'{name}' is in {len(found)} subregions ({', '.join(sorted(found))})"
            yield Problem(f"{where}: municipalities", what, "a municipality belongs to exactly one")
    for key in subregions:
        if all(entry.subregion != key for entry in municipalities):
            yield Problem(f"{where}: subregions", f"no municipality is in '{key}'", "add one or remove the subregion")


def check_neighbours(municipalities: Sequence[MunicipalityEntry], where: str) -> Iterable[Problem]:
    """Neighbours are known, not oneself, and mutual."""
    place = f"{where}: neighbours"
    near = {entry.name: set(entry.neighbours) for entry in municipalities}
    for name, others in near.items():
        for other in sorted(others):
            if other == name:
                yield Problem(place, f"'{name}' is its own neighbour", "remove it from its list")
            elif other not in near:
                yield Problem(place, f"'{name}' has the unknown neighbour '{other}'", nearest(other, near))
            elif name not in near[other]:
                yield Problem(
                    place,
                    f"'{name}' has neighbour '{other}', but not the other way round",
                    f"add '{name}' to '{other}'",
                )
    for entry in municipalities:
        yield from check_duplicates(entry.neighbours, "neighbour", f"{place} of '{entry.name}'")


def check_centres(municipalities: Sequence[MunicipalityEntry], where: str) -> Iterable[Problem]:
    """At least one centre, and names that a list ``A;B`` can hold."""
    if not any(entry.centre for entry in municipalities):
        yield Problem(f"{where}: municipalities", "none is a centre", "set centre: true for at least one")
    for entry in municipalities:
        if ";" in entry.name or entry.name == "all":
            yield Problem(
                f"{where}: municipalities", f"'{entry.name}' is no usable name", "leave out ';', do not use 'all'"
            )


def is_severe(theme: ThemeEntry) -> bool:
    """Whether the theme is a problem in any subregion."""
    return any(theme.severity.values()) if isinstance(theme.severity, dict) else theme.severity > 0.0


def check_themes(themes: Mapping[str, ThemeEntry], subregions: Mapping[str, str], where: str) -> Iterable[Problem]:
    """At least one theme, some direct value; a severity for every subregion; some value at some scale."""
    if not themes:
        yield Problem(f"{where}: themes", "there is none", "add at least one")
        return
    severe = [theme for theme in themes.values() if is_severe(theme)]
    if not severe:
        what = "the severity of every theme is 0: there is no value to realise"
        yield Problem(f"{where}: themes", what, "give at least one theme a severity above 0")
    elif all(theme.indirect_share == 1.0 for theme in severe):
        what = "indirect_share is 1 of every theme with a severity above 0: there is no direct value to realise"
        yield Problem(f"{where}: themes", what, "lower it for at least one of them")
    for key, theme in themes.items():
        place = f"{where}: themes.{key}"
        if isinstance(theme.severity, dict):
            for subregion in sorted(set(theme.severity) - set(subregions)):
                yield Problem(f"{place}.severity", f"unknown subregion '{subregion}'", nearest(subregion, subregions))
            for subregion in sorted(set(subregions) - set(theme.severity)):
                yield Problem(f"{place}.severity", f"has no value for '{subregion}'", "add it")
        if sum(theme.scale.model_dump().values()) <= 0.0:
            yield Problem(f"{place}.scale", "all weights are 0", "give at least one scale a weight above 0")


def check_columns(themes: Mapping[str, ThemeEntry], subregions: Mapping[str, str], where: str) -> Iterable[Problem]:
    """Themes and subregions become columns of results: no two may give the same one."""
    columns = run_outcomes(((key, "", "") for key in themes), subregions)
    for name, count in Counter(column.name for column in columns).items():
        if count > 1:
            word = name.removeprefix("public_value_")
            yield Problem(
                where, f"'{word}' is taken: results would have two columns '{name}'", "rename the theme or subregion"
            )


def check_arenas(arenas: Mapping[str, ArenaEntry], where: str) -> Iterable[Problem]:
    """The arena ``region`` exists, at regional scale."""
    region = arenas.get("region")
    if region is None:
        yield Problem(f"{where}: arenas", "there is no arena 'region'", "add it with members: all")
        return
    if region.members != "all":
        yield Problem(f"{where}: arenas.region.members", "is not 'all'", "all municipalities are in the region")
    if region.scale != "regional":
        yield Problem(f"{where}: arenas.region.scale", f"is '{region.scale}'", "must be regional")
    if not region.open or region.begins or region.ends:
        remedy = "the region is there through the whole run"
        yield Problem(f"{where}: arenas.region", "begins, ends or is closed", remedy)
    for key, arena in arenas.items():
        if arena.begins and arena.ends and quarter_number(arena.begins) >= quarter_number(arena.ends):
            what = f"ends in {arena.ends}, before it begins in {arena.begins}"
            yield Problem(f"{where}: arenas.{key}", what, "let it end later")


def check_collaborations(
    collaborations: Sequence[CollaborationEntry], themes: Mapping[str, ThemeEntry], tabled: bool, where: str
) -> Iterable[Problem]:
    """Known themes; members given unless a table of memberships has them."""
    for entry in collaborations:
        place = f"{where}: collaborations '{entry.name}'"
        for theme in entry.themes:
            if theme not in themes:
                yield Problem(place, f"unknown theme '{theme}'", nearest(theme, themes))
        if entry.members is None and not tabled:
            yield Problem(place, "has no members", "add members, or a table of memberships")


def check_published(published: Sequence[PublishedEntry], region: Region, where: str) -> Iterable[Problem]:
    """Published figures are known statistics about known subjects."""
    place = f"{where}: published"
    for entry in published:
        if entry.statistic not in STATISTICS:
            yield Problem(place, f"unknown statistic '{entry.statistic}'", nearest(entry.statistic, STATISTICS))
            continue
        known = subjects(region, STATISTICS[entry.statistic].subject)
        if entry.subject not in known:
            what = f"'{entry.statistic}' is about the unknown subject '{entry.subject}'"
            yield Problem(place, what, nearest(entry.subject, known))


def members_of(
    members: str | Sequence[str],
    sets: Mapping[str, frozenset[str]],
    names: Sequence[str],
    where: str,
    problems: list[Problem],
) -> frozenset[str]:
    """The municipalities meant by ``all``, a subregion, a group, a municipality or a list of municipalities."""
    if isinstance(members, str) and members in sets:
        return sets[members]
    given = [members] if isinstance(members, str) else list(members)
    known = [*names, *sets] if isinstance(members, str) else list(names)
    problems.extend(
        Problem(where, f"unknown municipality '{name}'", nearest(name, known)) for name in given if name not in names
    )
    problems.extend(check_duplicates(given, "municipality", where))
    if not given:
        problems.append(Problem(where, "is empty", "name at least one municipality"))
    return frozenset(name for name in given if name in names)
