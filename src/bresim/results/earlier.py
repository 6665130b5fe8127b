"""Whether a folder holds the results of the same job already, and if not, what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import bresim
from bresim.common.errors import Said, said
from bresim.config.schema import JobConfig
from bresim.region import Region, load_region
from bresim.results.manifest import git_state, read_manifest, region_hash
from bresim.scenario import read_scenario

#: Keys that do not affect the content of the folder. The content of a region has its own hash.
NOTHING = {"out", "workers", "progress", "overwrite", "engine", "dry_run"}
_MAX_SHOWN = 5
#: The difference after which the same job is run again without asking.
UNFINISHED = said("its figures or report were not finished")


def differences(config: JobConfig) -> list[Said] | None:
    """What differs between the job that ``config.out`` holds and this one; empty: nothing. None: it holds no job."""
    manifest = read_manifest(config.out)
    if not manifest:
        return None
    return first_of(list(_differences(config, manifest)))


def _differences(config: JobConfig, manifest: Mapping[str, Any]) -> Iterator[Said]:
    now = config.model_dump(mode="json")
    yield from differing(manifest["config"], now)
    changed = any(there != here for there, here in _pairs(manifest["config"].get("region"), now.get("region")))
    if not changed and manifest.get("region_hash") not in {None, *map(region_hash, regions_of(config))}:
        yield said("the tables of the region have changed")
    if manifest.get("bresim") != bresim.__version__ or _commit(manifest.get("git")) != _commit(git_state()):
        yield said("another version of bresim made it")
    if manifest.get("finished") is None:
        yield UNFINISHED
    for name, size in manifest.get("files", {}).items():
        path = config.out / name
        if not path.is_file() or path.stat().st_size != size:
            yield said("its file {name} is gone or changed", name=name)


def regions_of(config: JobConfig) -> Iterator[Region]:
    """The region, and as the runs of a job have it: without the arenas that its scenario leaves closed."""
    whole = load_region(config.region)
    yield whole
    scenario = getattr(config, "scenario", None)
    if scenario:
        yield whole.opened(read_scenario(scenario).opens)


def differing(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Said]:
    """What differs between two configurations, each a nested mapping."""
    there, here = dict(leaves(before)), dict(leaves(now))
    others = {group for group in ("region", "scenario") if there.get(f"{group}.name") != here.get(f"{group}.name")}
    for key in sorted({*there, *here}):
        if key.startswith("designs.") and there["designs"] != here["designs"]:
            continue  # a design that only one of them has
        if key.partition(".")[0] in others and not key.endswith(".name"):
            continue  # a different region differs in everything
        if key.partition(".")[0] not in NOTHING and key != "region.folder" and there.get(key) != here.get(key):
            yield said(
                "{key} is {there} there and {here} here",
                key=key,
                there=_short(there.get(key)),
                here=_short(here.get(key)),
            )


def first_of(found: Sequence[Said]) -> list[Said]:
    """The first few differences, and how many more there are."""
    more = [said("and {count} more", count=len(found) - _MAX_SHOWN)] if len(found) > _MAX_SHOWN else []
    return [*found[:_MAX_SHOWN], *more]


def _pairs(before: Any, now: Any) -> Iterator[tuple[Any, Any]]:
    """The two values of every key, but for the folder of a region's tables."""
    there, here = dict(leaves(before)), dict(leaves(now))
    yield from ((there.get(key), here.get(key)) for key in {*there, *here} - {"folder"})


def leaves(tree: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every value by its full path; an entry of a list by its name, if it has one."""
    if isinstance(tree, list) and all(isinstance(entry, Mapping) and "name" in entry for entry in tree):
        yield prefix, [entry["name"] for entry in tree]
        tree = {entry["name"]: entry for entry in tree}
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            yield from leaves(value, f"{prefix}.{key}" if prefix else str(key))
    else:
        yield prefix, tree


def _commit(state: Any) -> Any:
    return state.get("commit") if isinstance(state, Mapping) else None


def _short(value: Any) -> str:
    text = said("not given") if value is None else str(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
