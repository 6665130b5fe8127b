"""Checks between the entries of a region; each names one mistake and its remedy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bresim.columns import run_outcomes
from bresim.common.calendar import quarter_number
from bresim.common.errors import Problem, inside, nearest, said
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
        yield Problem(
            inside(where, "municipalities"),
            said("holds {count} municipalities", count=count),
            said("a region has {smallest} to {largest}", smallest=SMALLEST, largest=LARGEST),
        )


def check_duplicates(names: Iterable[str], where: str) -> Iterable[Problem]:
    """No name twice."""
    for name, count in Counter(names).items():
        if count > 1:
            yield Problem(
                where,
                said("'{name}' occurs {count} times", name=name, count=count),
                said("remove or rename all but one"),
            )


def check_subregions(
    municipalities: Sequence[MunicipalityEntry], subregions: Mapping[str, str], where: str
) -> Iterable[Problem]:
    """Every municipality in one known subregion, every subregion with a municipality."""
    homes: dict[str, set[str]] = {}
    for entry in municipalities:
        homes.setdefault(entry.name, set()).add(entry.subregion)
        if entry.subregion not in subregions:
            what = said(
                "'{name}' is in the unknown subregion '{subregion}'", name=entry.name, subregion=entry.subregion
            )
            yield Problem(inside(where, "municipalities"), what, nearest(entry.subregion, subregions))
    for name, found in homes.items():
        if len(found) > 1:
            what = said(
                "'{name}' is in {count} subregions ({names})",
                name=name,
                count=len(found),
                names=", ".join(sorted(found)),
            )
            yield Problem(inside(where, "municipalities"), what, said("a municipality belongs to exactly one"))
    for key in subregions:
        if all(entry.subregion != key for entry in municipalities):
            yield Problem(
                inside(where, "subregions"),
                said("no municipality is in '{key}'", key=key),
                said("add one or remove the subregion"),
            )


def check_neighbours(municipalities: Sequence[MunicipalityEntry], where: str) -> Iterable[Problem]:
    """Neighbours are known, not oneself, and mutual."""
    place = inside(where, "neighbours")
    near = {entry.name: set(entry.neighbours) for entry in municipalities}
    for name, others in near.items():
        for other in sorted(others):
            if other == name:
                yield Problem(place, said("'{name}' is its own neighbour", name=name), said("remove it from its list"))
            elif other not in near:
                yield Problem(
                    place,
                    said("'{name}' has the unknown neighbour '{other}'", name=name, other=other),
                    nearest(other, near),
                )
            elif name not in near[other]:
                yield Problem(
                    place,
                    said("'{name}' has neighbour '{other}', but not the other way round", name=name, other=other),
                    said("add '{name}' to '{other}'", name=name, other=other),
                )
    for entry in municipalities:
        yield from check_duplicates(
            entry.neighbours, said("{where}: neighbours of '{name}'", where=where, name=entry.name)
        )


def check_centres(municipalities: Sequence[MunicipalityEntry], where: str) -> Iterable[Problem]:
    """At least one centre, and names that a list ``A;B`` can hold."""
    if not any(entry.centre for entry in municipalities):
        yield Problem(
            inside(where, "municipalities"),
            said("no municipality is a centre"),
            said("set centre: true for at least one"),
        )
    for entry in municipalities:
        if ";" in entry.name or entry.name == "all":
            yield Problem(
                inside(where, "municipalities"),
                said("'{name}' is no usable name", name=entry.name),
                said("leave out ';', do not use 'all'"),
            )


def is_severe(theme: ThemeEntry) -> bool:
    """Whether the theme is a problem in any subregion."""
    return any(theme.severity.values()) if isinstance(theme.severity, dict) else theme.severity > 0.0


def check_themes(themes: Mapping[str, ThemeEntry], subregions: Mapping[str, str], where: str) -> Iterable[Problem]:
    """At least one theme, some direct value; a severity for every subregion; some value at some scale."""
    if not themes:
        yield Problem(inside(where, "themes"), said("is empty"), said("add at least one"))
        return
    severe = [theme for theme in themes.values() if is_severe(theme)]
    if not severe:
        what = said("the severity of every theme is 0: there is no value to realise")
        yield Problem(inside(where, "themes"), what, said("give at least one theme a severity above 0"))
    elif all(theme.indirect_share == 1.0 for theme in severe):
        what = said("indirect_share is 1 of every theme with a severity above 0: there is no direct value to realise")
        yield Problem(inside(where, "themes"), what, said("lower it for at least one of them"))
    for key, theme in themes.items():
        if isinstance(theme.severity, dict):
            for subregion in sorted(set(theme.severity) - set(subregions)):
                yield Problem(
                    inside(where, f"themes.{key}.severity"),
                    said("unknown subregion '{name}'", name=subregion),
                    nearest(subregion, subregions),
                )
            for subregion in sorted(set(subregions) - set(theme.severity)):
                yield Problem(
                    inside(where, f"themes.{key}.severity"),
                    said("has no value for '{subregion}'", subregion=subregion),
                    said("add it"),
                )
        if sum(theme.scale.model_dump().values()) <= 0.0:
            yield Problem(
                inside(where, f"themes.{key}.scale"),
                said("all weights are 0"),
                said("give at least one scale a weight above 0"),
            )


def check_columns(themes: Mapping[str, ThemeEntry], subregions: Mapping[str, str], where: str) -> Iterable[Problem]:
    """Themes and subregions become columns of results: no two may give the same one."""
    columns = run_outcomes(((key, "", "") for key in themes), subregions)
    for name, count in Counter(column.name for column in columns).items():
        if count > 1:
            word = name.removeprefix("public_value_")
            yield Problem(
                where,
                said("'{word}' is taken: results would have two columns '{name}'", word=word, name=name),
                said("rename the theme or subregion"),
            )


def check_arenas(arenas: Mapping[str, ArenaEntry], where: str) -> Iterable[Problem]:
    """The arena ``region`` exists, at regional scale."""
    region = arenas.get("region")
    if region is None:
        yield Problem(inside(where, "arenas"), said("there is no arena 'region'"), said("add it with members: all"))
        return
    if region.members != "all":
        yield Problem(
            inside(where, "arenas.region.members"), said("is not 'all'"), said("all municipalities are in the region")
        )
    if region.scale != "regional":
        yield Problem(
            inside(where, "arenas.region.scale"),
            said("'{value}' is not allowed", value=region.scale),
            said("must be regional"),
        )
    if not region.open or region.begins or region.ends:
        remedy = said("the region is there through the whole run")
        yield Problem(inside(where, "arenas.region"), said("begins, ends or is closed"), remedy)
    for key, arena in arenas.items():
        if arena.begins and arena.ends and quarter_number(arena.begins) >= quarter_number(arena.ends):
            what = said("ends in {ends}, before it begins in {begins}", ends=arena.ends, begins=arena.begins)
            yield Problem(inside(where, f"arenas.{key}"), what, said("let it end later"))


def check_collaborations(
    collaborations: Sequence[CollaborationEntry], themes: Mapping[str, ThemeEntry], tabled: bool, where: str
) -> Iterable[Problem]:
    """Known themes; members given unless a table of memberships has them."""
    for entry in collaborations:
        place = inside(where, f"collaborations '{entry.name}'")
        for theme in entry.themes:
            if theme not in themes:
                yield Problem(place, said("unknown theme '{name}'", name=theme), nearest(theme, themes))
        if entry.members is None and not tabled:
            yield Problem(place, said("has no members"), said("add members, or a table of memberships"))


def check_published(published: Sequence[PublishedEntry], region: Region, where: str) -> Iterable[Problem]:
    """Published figures are known statistics about known subjects."""
    place = inside(where, "published")
    for entry in published:
        if entry.statistic not in STATISTICS:
            yield Problem(
                place,
                said("unknown statistic '{name}'", name=entry.statistic),
                nearest(entry.statistic, STATISTICS),
            )
            continue
        known = subjects(region, STATISTICS[entry.statistic].subject)
        if entry.subject not in known:
            what = said(
                "'{statistic}' is about the unknown subject '{subject}'",
                statistic=entry.statistic,
                subject=entry.subject,
            )
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
        Problem(where, said("unknown municipality '{name}'", name=name), nearest(name, known))
        for name in given
        if name not in names
    )
    problems.extend(check_duplicates(given, where))
    if not given:
        problems.append(Problem(where, said("is empty"), said("name at least one municipality")))
    return frozenset(name for name in given if name in names)
