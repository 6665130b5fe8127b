"""States of a pool are laid out alike: compiled code takes the places of all from the first."""

from __future__ import annotations

import numpy as np

from bresim.governance import load_design
from bresim.kernel.state import SHARED_DRAWS, allocate
from bresim.kernel.structs import copy_record, copy_state
from tests.model.worlds import region_named, world_of


def test_states_that_share_their_draws_have_the_same_places() -> None:
    world = world_of([load_design("status_quo")], region_named("zuid_limburg"))
    first = allocate(world)
    other = allocate(world, first)

    def places(state: object) -> dict[str, int]:
        start = first.key if state is first else other.key
        arrays = {name: np.asarray(array) for name, array in zip(first._fields, state, strict=True)}  # type: ignore[call-overload]
        return {name: a.ctypes.data - start.ctypes.data for name, a in arrays.items() if name not in SHARED_DRAWS}

    assert places(first) == places(other)
    assert all(getattr(first, name) is getattr(other, name) for name in SHARED_DRAWS)


def test_a_copy_takes_records_and_the_used_rows_of_the_log_along() -> None:
    world = world_of([load_design("status_quo")], region_named("zuid_limburg"))
    first = allocate(world)
    other = allocate(world, first)
    first.region.kappa = 0.25
    first.counts.agreements = 3
    first.trust[1, 2] = 0.5
    first.region.initiatives = 1
    first.log[0].theme, first.log[1].theme = 4, 5
    copy_state(other, first)
    assert (other.region.kappa, other.counts.agreements, other.trust[1, 2], other.log[0].theme) == (0.25, 3, 0.5, 4)
    assert other.log[1].theme == 0
    copy_record(other.log[2], first.log[1])
    assert other.log[2].theme == 5
