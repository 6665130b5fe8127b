"""From a region file to a :class:`Region`: read, check everything, report all problems at once, build arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from bresim.common.errors import InputError, Problem, inside, said
from bresim.common.paths import configs_dir
from bresim.common.validation_messages import Model, problems_of, salvage
from bresim.region import checks
from bresim.region.boundaries import read_boundaries
from bresim.region.problems import checked
from bresim.region.read import entries, find_region, find_table, folder_of, plain, read_memberships, read_region_file
from bresim.region.schema import (
    ArenaEntry,
    CollaborationEntry,
    MunicipalityEntry,
    PublishedEntry,
    RegionFile,
    ThemeEntry,
)
from bresim.region.synthetic import expanded
from bresim.region.types import SCALES, Arena, Bools, Collaboration, Floats, PublishedFigure, Region, Theme


def load_region(
    source: str | Path | Mapping[str, Any],
    base: Path | None = None,
    search: Sequence[Path] = (),
    where: str | None = None,
) -> Region:
    """Load a region from a name, a path to a YAML file, or an already composed mapping.

    Tables named in it are looked up in ``folder`` (a key of the file, seen from it), its own folder, ``base``,
    ``search`` (folders that hold ``region/``), for a mapping without a folder the working folder, and the shipped
    ``configs/region``, in this order. Every problem found is reported in one :class:`InputError`; ``where`` is the
    file that a mapping was read from. What a file names lies in its own folder, or is shipped.
    """
    if isinstance(source, Mapping):
        content, home, place = plain(source), [], where or said("region '{name}'", name=source.get("name", "?"))
    else:
        path = Path(source)
        if path.suffix.lower() not in {".yaml", ".yml"}:
            path = find_region(str(source), search)
        content, place = read_region_file(path), str(path)
        content["folder"] = str(folder_of(content, path))
        home = [path.resolve().parent]
    given = content.get("folder")
    folders = [
        *([Path(given).expanduser()] if isinstance(given, str) else []),
        *home,
        *([base] if base is not None else []),
        *(folder / "region" for folder in search),
        *([] if isinstance(given, str) or home else [Path.cwd()]),
        configs_dir() / "region",
    ]
    return _Parts.read(content, folders, place).build()


@dataclass(frozen=True)
class _Parts:
    """The entries of a region file that are valid by themselves."""

    file: RegionFile
    folders: Sequence[Path]
    where: str
    municipalities: list[MunicipalityEntry]
    themes: dict[str, ThemeEntry]
    arenas: dict[str, ArenaEntry]
    collaborations: list[CollaborationEntry]
    published: list[PublishedEntry]

    @classmethod
    def read(cls, content: Mapping[str, Any], folders: Sequence[Path], where: str) -> _Parts:
        """Read all entries, in the file and its tables, and check them; raise every problem found."""
        problems: list[Problem] = []
        if "synthetic" in content:
            content = expanded(dict(content), where, problems)
            if problems:
                raise InputError(problems)
        file, broken = _top(content, where, problems)
        if file is None:
            raise InputError(problems)
        whole = {key: key not in broken for key in RegionFile.model_fields}

        def rows(key: str, value: str | list[Any], model: type[Model]) -> list[Model]:
            before = len(problems)
            try:
                found = entries(value, key, folders, where)
            except InputError as error:
                problems.extend(error.problems)
                found = []
            made = [checked(model, entry, _place(place, entry), problems) for place, entry in found]
            whole[key] &= len(problems) == before
            return [entry for entry in made if entry is not None]

        def named(key: str, value: Mapping[str, Any], model: type[Model]) -> dict[str, Model]:
            before = len(problems)
            made = {
                name: checked(model, entry, inside(where, f"{key}.{name}"), problems) for name, entry in value.items()
            }
            whole[key] &= len(problems) == before
            return {name: entry for name, entry in made.items() if entry is not None}

        parts = cls(
            file=file,
            folders=folders,
            where=where,
            municipalities=rows("municipalities", file.municipalities, MunicipalityEntry),
            themes=named("themes", file.themes, ThemeEntry),
            arenas=named("arenas", file.arenas, ArenaEntry),
            collaborations=rows("collaborations", file.collaborations, CollaborationEntry),
            published=rows("published", file.published, PublishedEntry) if file.published else [],
        )
        problems += parts._together(whole)
        if problems:
            raise InputError(problems)
        return parts

    def _together(self, whole: Mapping[str, bool]) -> list[Problem]:
        """Problems between the entries; kinds with an invalid entry are left out, since references to it would fail."""
        towns, works, themes = self.municipalities, self.collaborations, self.themes
        subregions, where = self.file.subregions, self.where
        problems: list[Problem] = []
        problems += checks.check_duplicates([town.name for town in towns], inside(where, "municipalities"))
        problems += checks.check_duplicates([work.name for work in works], inside(where, "collaborations"))
        problems += checks.check_columns(themes, subregions, where)
        if whole["themes"]:
            if whole["subregions"]:
                problems += checks.check_themes(themes, subregions, where)
            problems += checks.check_collaborations(works, themes, self.file.memberships is not None, where)
        if whole["arenas"]:
            problems += checks.check_arenas(self.arenas, where)
        if whole["municipalities"]:
            problems += checks.check_size(towns, where)
            if whole["subregions"]:
                problems += checks.check_subregions(towns, subregions, where)
            problems += checks.check_neighbours(towns, where)
            problems += checks.check_centres(towns, where)
        if whole["municipalities"] and whole["subregions"] and whole["groups"]:
            sets = self.sets(problems)
            places = {inside(where, f"arenas.{key}.members"): arena.members for key, arena in self.arenas.items()}
            places |= {
                inside(where, f"collaborations '{work.name}'"): work.members
                for work in works
                if work.members is not None
            }
            for place, members in places.items():
                checks.members_of(members, sets, self.names, place, problems)
        return problems

    @property
    def names(self) -> list[str]:
        """The municipalities in their order."""
        return [entry.name for entry in self.municipalities]

    def sets(self, problems: list[Problem]) -> dict[str, frozenset[str]]:
        """Named sets of municipalities: ``all``, the subregions and the groups."""
        sets = {"all": frozenset(self.names)}
        for key in self.file.subregions:
            sets[key] = frozenset(entry.name for entry in self.municipalities if entry.subregion == key)
        for key, members in self.file.groups.items():
            place = inside(self.where, f"groups.{key}")
            if key in sets:
                problems.append(Problem(place, said("has the name of a subregion, or 'all'"), said("rename the group")))
            sets[key] = checks.members_of(members, sets, self.names, place, problems)
        return sets

    def build(self) -> Region:
        """The region, all arrays read-only."""
        problems: list[Problem] = []
        file, towns, names = self.file, self.municipalities, self.names
        sets = self.sets(problems)
        keys = tuple(file.subregions)

        def column(attribute: str) -> Floats:
            return _fixed(np.array([getattr(entry, attribute) for entry in towns], dtype=np.float64))

        def flags(members: frozenset[str]) -> Bools:
            return _fixed(np.array([name in members for name in names], dtype=np.bool_))

        def among(members: str | Sequence[str]) -> Bools:
            return flags(checks.members_of(members, sets, names, self.where, problems))

        region_first = sorted(self.arenas.items(), key=lambda item: item[0] != "region")
        region = Region(
            name=file.name,
            label_nl=file.label_nl,
            label_en=file.label_en,
            names=tuple(names),
            subregions=keys,
            subregion_labels=tuple(file.subregions.values()),
            subregion=_fixed(np.array([keys.index(entry.subregion) for entry in towns], dtype=np.int64)),
            population=column("population"),
            centre=flags(frozenset(entry.name for entry in towns if entry.centre)),
            rural=flags(frozenset(entry.name for entry in towns if entry.rural)),
            border=column("border"),
            latitude=column("latitude"),
            longitude=column("longitude"),
            neighbours=_fixed(
                np.array([[name in town.neighbours for name in names] for town in towns], dtype=np.bool_)
            ),
            orientation=column("orientation"),
            support=column("support"),
            instability=column("instability"),
            local_party_share=column("local_party_share"),
            council_seats=column("council_seats"),
            acceptance=column("acceptance"),
            themes=self._themes(keys),
            arenas=tuple(
                Arena(
                    key,
                    entry.label_nl,
                    entry.label_en,
                    entry.scale,
                    among(entry.members),
                    entry.institution,
                    entry.track_record,
                    entry.programme_money,
                    entry.begins,
                    entry.ends,
                    entry.open,
                )
                for key, entry in region_first
            ),
            groups={key: flags(sets[key]) for key in file.groups},
            collaborations=tuple(_collaboration(entry) for entry in self.collaborations),
            memberships=self._memberships(among, problems),
            codes=tuple(entry.code for entry in towns if entry.code is not None),
            published=tuple(PublishedFigure(**entry.model_dump()) for entry in self.published),
            boundaries=self._boundaries(problems),
        )
        problems += checks.check_published(self.published, region, self.where)
        if problems:
            raise InputError(problems)
        return region

    def _themes(self, subregions: Sequence[str]) -> tuple[Theme, ...]:
        total = sum(theme.weight for theme in self.themes.values())
        return tuple(_theme(key, entry, total, subregions) for key, entry in self.themes.items())

    def _memberships(self, among: Any, problems: list[Problem]) -> Bools:
        """(S, C, N): from the table if there is one, else the members that the entries name."""
        shape = (1, len(self.collaborations), len(self.names))
        given = np.zeros(shape, dtype=np.bool_)
        for row, entry in enumerate(self.collaborations):
            if entry.members is not None:
                given[0, row] = among(entry.members)
        if self.file.memberships is None:
            return _fixed(given)
        works = [entry.name for entry in self.collaborations]
        try:
            path = find_table(self.file.memberships, self.folders, inside(self.where, "memberships"))
            matrices = read_memberships(path, self.names, works)
        except InputError as error:
            problems.extend(error.problems)
            return _fixed(given)
        for row, entry in enumerate(self.collaborations):
            if entry.members is not None and (matrices[:, row] != given[0, row]).any():
                what = said("the members of '{name}' differ from those in collaborations", name=entry.name)
                problems.append(Problem(path.name, what, said("change one of the two")))
        return _fixed(matrices)

    def _boundaries(self, problems: list[Problem]) -> str | None:
        if self.file.boundaries is None:
            return None
        try:
            path = find_table(self.file.boundaries, self.folders, inside(self.where, "boundaries"))
            codes = [entry.code or "" for entry in self.municipalities]
            places = [(entry.longitude, entry.latitude) for entry in self.municipalities]
            read_boundaries(path, self.names, codes, places)
        except InputError as error:
            problems.extend(error.problems)
            return None
        return str(path)


def _top(content: Mapping[str, Any], where: str, problems: list[Problem]) -> tuple[RegionFile | None, set[str]]:
    """The top level of the file and its invalid keys, which must not hide problems elsewhere."""
    try:
        return RegionFile.model_validate(dict(content)), set()
    except ValidationError as error:
        problems.extend(problems_of(error, where, RegionFile))
        empty: dict[str, Any] = {"subregions": {}, "municipalities": [], "themes": {}, "arenas": {}}
        return salvage(RegionFile, content, error, {"name": "unnamed", "label_nl": "-", "label_en": "-", **empty})


def _place(place: str, entry: Any) -> str:
    """The place of an entry of a list, with its own name if it has one."""
    name = entry.get("name") if isinstance(entry, Mapping) else None
    return said("{place} ({name})", place=place, name=name) if name else place


def _theme(key: str, entry: ThemeEntry, total: float, subregions: Sequence[str]) -> Theme:
    weights = entry.scale.model_dump()
    whole = sum(weights.values())
    first, second, third, last = (weights[scale] / whole for scale in SCALES)
    severity = entry.severity if isinstance(entry.severity, dict) else dict.fromkeys(subregions, entry.severity)
    return Theme(
        name=key,
        label_nl=entry.label_nl,
        label_en=entry.label_en,
        weight=entry.weight / total,
        severity=dict(severity),
        scale_share=(first, second, third, last),
        indirect_share=entry.indirect_share,
        money=entry.money,
        contention=entry.contention,
        economic=entry.economic,
        societal=entry.societal,
        water_board=entry.water_board,
        border=entry.border,
        source=entry.source,
    )


def _collaboration(entry: CollaborationEntry) -> Collaboration:
    return Collaboration(
        name=entry.name,
        scale=entry.scale,
        domain=entry.domain,
        legal_form=entry.legal_form,
        mandatory=entry.mandatory,
        external=entry.external,
        province=entry.province,
        water_board=entry.water_board,
        themes=tuple(entry.themes),
        published=entry.members is not None,
    )


def _fixed(array: NDArray[Any]) -> NDArray[Any]:
    """The array, read-only."""
    array.setflags(write=False)
    return array
