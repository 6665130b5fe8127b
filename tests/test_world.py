"""Which arenas share municipalities, and which lie within one subregion."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from bresim.governance import load_design
from bresim.kernel.state import World
from bresim.region import load_region
from bresim.world import BESIDE, arena_names
from tests.fixtures.regions import small_content
from tests.model.worlds import region_named, shipped_variant, world_of


def _names(world: World, region: str) -> list[str]:
    names = arena_names(region_named(region))
    assert len(names) == len(world.overlaps) == len(world.within_subregion)
    return names


def test_the_tables_that_overlap_in_the_region_with_all_its_arenas() -> None:
    """Who decides elsewhere on the same things: the region and what stands beside it, and arenas across subregions."""
    world = world_of([load_design("status_quo")], region_named("zuid_limburg"))
    names = _names(world, "zuid_limburg")
    found = {frozenset((names[a], names[b])) for a, b in np.argwhere(world.overlaps)}
    parts = ("parkstad_limburg", "maastricht_heuvelland", "westelijke_mijnstreek")
    assert found == {
        frozenset(("region", BESIDE)),
        frozenset(("parkstad_limburg", "regio_deal_parkstad")),
        *(frozenset(("tripool", part)) for part in (*parts, "regio_deal_parkstad")),  # a centre of each
        *(frozenset(("middengebied", part)) for part in (*parts, "regio_deal_parkstad")),  # rural ones of each
    }
    assert np.array_equal(world.overlaps, world.overlaps.T)
    assert not np.diag(world.overlaps).any()


def test_what_lies_within_one_subregion_of_the_region_with_all_its_arenas() -> None:
    """The Tripool and the Middengebied are at the scale of a subregion, and not within one."""
    world = world_of([load_design("status_quo")], region_named("zuid_limburg"))
    names = _names(world, "zuid_limburg")
    assert [names[a] for a in np.flatnonzero(world.within_subregion)] == [
        "parkstad_limburg", "maastricht_heuvelland", "westelijke_mijnstreek", "regio_deal_parkstad",
    ]  # fmt: skip


def test_without_the_arenas_that_are_closed_only_the_tables_of_the_region_overlap() -> None:
    region = region_named("zuid_limburg").opened(())
    world = world_of([load_design("status_quo")], region)
    last = len(region.arenas)
    assert np.argwhere(world.overlaps).tolist() == [[0, last], [last, 0]]
    assert world.within_subregion.tolist() == [False, True, True, True, False]


def test_the_region_as_a_whole_is_within_no_subregion() -> None:
    """Also where it has but one: that is a bond of a part against the whole."""
    region = load_region(small_content([4]))
    world = world_of([load_design("status_quo")], region)
    assert [arena.scale for arena in region.arenas] == ["regional", "subregional"]
    assert world.within_subregion.tolist() == [False, True, False]
    assert np.argwhere(world.overlaps).tolist() == [[0, 2], [2, 0]], "the same municipalities at another scale"


def test_arenas_overlap_if_and_only_if_they_share_municipalities_at_one_scale() -> None:
    world = world_of([load_design("status_quo")], region_named("zuid_limburg"))
    for a, b in combinations(range(len(world.member)), 2):
        shared = bool((world.member[a] & world.member[b]).any()) and world.arena_scale[a] == world.arena_scale[b]
        assert world.overlaps[a, b] == shared


def test_what_takes_a_window_from_another_table_by_default_are_the_tables_that_overlap() -> None:
    world = world_of([load_design("status_quo")], region_named("zuid_limburg"))
    assert np.array_equal(world.window_shared, 1.0 * world.overlaps)


def test_across_scales_a_table_shares_a_window_as_far_as_its_inhabitants_live_in_the_other() -> None:
    region = region_named("zuid_limburg")
    variant = shipped_variant().model_copy(update={"funding": "across_scales"})
    world = world_of([load_design("status_quo")], region, variant=variant)
    assert np.array_equal(world.window_shared[world.overlaps], np.ones(world.overlaps.sum())), "at one scale as before"
    region_at = list(_names(world, "zuid_limburg")).index("region")
    subregions = np.flatnonzero(world.within_subregion)[:3]
    assert world.window_shared[region_at, subregions].sum() == pytest.approx(1.0), "the three make up the region"
    assert (world.window_shared[subregions, region_at] == 1.0).all(), "all who live there live in the region"
    people = np.array(region.population)[world.member[subregions[0]]].sum() / np.array(region.population).sum()
    assert world.window_shared[region_at, subregions[0]] == pytest.approx(people)
    assert not world.window_shared[np.ix_(subregions, subregions)].any(), "they have no inhabitants in common"
