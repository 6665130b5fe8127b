"""Whether the parts of a job fit together: designs, scenario and institutions with the region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bresim.common.errors import InputError, Problem, inside, nearest, said
from bresim.governance import Design, compile_design, design_names, load_design, successor_of
from bresim.governance.library import Inspected
from bresim.region import Region, load_region
from bresim.scenario import load_scenario, read_scenario


def check_region(content: Mapping[str, Any], where: str, problems: list[Problem]) -> Region | None:
    """The region, or None; every problem of it, with those of the institutions that its arenas name."""
    try:
        region = load_region(content, where=where)
    except InputError as error:
        problems.extend(error.problems)
        arenas = content.get("arenas")
        entries = arenas.items() if isinstance(arenas, Mapping) else ()
        named = [(key, entry.get("institution")) for key, entry in entries if isinstance(entry, Mapping)]
        for key, name in named:
            if isinstance(name, str):
                problems.extend(_institution(name, inside(where, f"arenas.{key}.institution")))
        return None
    for arena in region.arenas:
        place = inside(where, f"arenas.{arena.name}.institution")
        unknown = _institution(arena.institution, place)
        problems.extend(unknown or _against(Inspected(load_design(arena.institution), place), region))
    return region


def check_designs(designs: Sequence[Inspected], region: Region, problems: list[Problem]) -> None:
    """Add what the region lacks for each design; the message says which designs can stay."""
    found = [_against(design, region) for design in designs]
    fitting = [design.design.name for design, wrong in zip(designs, found, strict=True) if design.design and not wrong]
    for design, wrong in zip(designs, found, strict=True):
        by_name = design.where.startswith("design ")
        for problem in wrong:
            remedy = problem.remedy
            if by_name and fitting and len(designs) > 1:
                kept = ",".join(fitting)
                remedy = said("leave it out: 'designs=[{names}]'; or {other}", names=kept, other=remedy)
            problems.append(Problem(problem.where, problem.what, remedy))


def check_scenario(content: Mapping[str, Any], where: str, region: Region, problems: list[Problem]) -> None:
    """Add what the scenario says of themes that the region does not have."""
    try:
        themes = [theme.name for theme in region.themes]
        load_scenario(content, start="2019-Q1", quarters=1, policy_start=0, themes=themes, where=where)
        closed = [arena.name for arena in region.arenas if not arena.open]
        for name in read_scenario(content).opens if closed else ():
            if name not in closed:
                what = said("the region has no closed arena '{name}'", name=name)
                problems.append(Problem(inside(where, "opens"), what, nearest(name, closed)))
    except InputError as error:
        problems.extend(error.problems)


def _institution(name: str, place: str) -> list[Problem]:
    if name in design_names():
        return []
    what = said(
        "unknown design '{name}': an institution is one of the shipped designs, not a file of your own", name=name
    )
    return [Problem(place, what, nearest(name, design_names()))]


def _too_many(design: Design, region: Region, where: str) -> list[Problem]:
    """More initiatives at once than the region has themes; what a shipped design allows is allowed in any region."""
    most = max(len(region.themes), *(load_design(name).scope.max_open for name in design_names()))
    if design.scope.max_open <= most:
        return []
    what = said(
        "{count} initiatives at once, and the region '{region}' has {themes} themes",
        count=design.scope.max_open,
        region=region.name,
        themes=len(region.themes),
    )
    return [Problem(inside(where, "scope.max_open"), what, said("write at most {limit}", limit=most))]


def _against(found: Inspected, region: Region) -> list[Problem]:
    """What the region lacks for the design and for its successor."""
    if found.design is None:
        return []
    problems: list[Problem] = []
    try:
        compile_design(found.design, region, found.where)
        problems.extend(_too_many(found.design, region, found.where))
    except InputError as error:
        problems.extend(error.problems)
    try:
        successor = successor_of(found.design, found.where)
        if successor is not None:
            compile_design(successor, region, inside(found.where, f"scope.successor '{successor.name}'"))
    except InputError as error:
        problems.extend(error.problems)
    return problems
