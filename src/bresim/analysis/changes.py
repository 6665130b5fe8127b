"""Changes of the world on which runs of the patterns are made: something left out, made equal, halved or doubled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bresim.governance.compile import DTYPE as INSTITUTION_DTYPE
from bresim.kernel.state import ARENAS, BEFORE, World

Change = Callable[[World], World]

#: Inhabitants, in 10,000, of a municipality that is left out.
EMPTY = 0.01
#: Arrays of the world with a value for each municipality, last, and for each pair.
OF_TOWNS = (
    "orientation", "support", "instability", "local_party", "acceptance", "border", "severity", "light_voluntary",
    "body_voluntary", "light_mandatory", "body_mandatory", "mandatory",
)  # fmt: skip
OF_PAIRS = ("same_subregion", "divided", "rivals", "history", "pair_record", "contact")


def unchanged(world: World) -> World:
    """The world as it is."""
    return world


def without_shocks(world: World) -> World:
    """No shock that the scenario sets."""
    return world._replace(shock=np.zeros_like(world.shock))


def without_elections(world: World) -> World:
    """No municipal elections."""
    return world._replace(election=np.zeros_like(world.election))


def until(quarter: int) -> Change:
    """Let the runs end with this quarter."""
    return lambda world: world._replace(election=world.election[: quarter + 1])


def from_policy_start(field: str, factor: float, *, gradual: bool) -> Change:
    """Multiply what a scenario sets of ``field`` by ``factor`` from policy start on, or gradually until the end."""

    def change(world: World) -> World:
        values = getattr(world, field).copy()
        rest = values[world.policy_start :]
        rest *= np.linspace(1.0, factor, len(rest)) if gradual else factor
        return world._replace(**{field: values})

    return change


def province_withdraws(world: World) -> World:
    """From policy start on the province does nothing."""
    stance = world.province_stance.copy()
    stance[world.policy_start :] = 0.0
    return world._replace(province_stance=stance)


def _on_top(world: World) -> NDArray[np.bool_]:
    """Which arenas (A,) share municipalities with an earlier part of the region, as a deal within one has."""
    parts = world.member.copy()
    parts[0] = False
    if world.arena_beside >= 0:
        parts[world.arena_beside] = False
    return np.array([bool((parts[:a] & parts[a]).any()) for a in range(len(parts))])


def one_arena_each(world: World) -> World:
    """No part of the region has a second arena: it ends before it begins."""
    return world._replace(arena_from=np.where(_on_top(world), world.arena_until, world.arena_from))


def equal_rules(world: World) -> World:
    """Every part of the region works under the rules of the region itself, and none has a second arena."""
    values = world.institution_values.copy()
    values[:, ARENAS:] = values[:, BEFORE : BEFORE + 1]
    board, rotation = world.board.copy(), world.rotation.copy()
    board[:, ARENAS:] = False
    rotation[:, ARENAS:] = False
    records = values.view(INSTITUTION_DTYPE).reshape(values.shape[:2]).view(np.recarray)
    alone = one_arena_each(world)
    return alone._replace(institution_values=values, institution=records, board=board, rotation=rotation)


def without(*fields: str) -> Change:
    """Take these numbers out of every institution."""

    def change(world: World) -> World:
        values = world.institution_values.copy()
        records = values.view(INSTITUTION_DTYPE).reshape(values.shape[:2]).view(np.recarray)
        for name in fields:
            records[name] = 0.0
        return world._replace(institution_values=values, institution=records)

    return change


def equal_towns(count: int) -> Change:
    """Spread the region's inhabitants over ``count`` municipalities that are all alike; the others are empty, and out.

    Every municipality and pair is made the mean of the region's, and only the arena of the region has an agenda: what
    is left apart between two counts is the number of parties.
    """

    def change(world: World) -> World:
        size = len(world.size)
        chosen = np.zeros(size, dtype=np.bool_)
        chosen[np.linspace(0, size - 1, count).astype(int)] = True
        apart = ~np.eye(size, dtype=np.bool_)
        new: dict[str, Any] = {
            name: np.repeat(getattr(world, name).mean(axis=-1, keepdims=True), size, axis=-1) for name in OF_TOWNS
        }
        for name in OF_PAIRS:
            new[name] = apart * getattr(world, name)[..., apart].mean(axis=-1)[..., None, None]
        for name in ("attainable_direct", "attainable_indirect"):
            new[name] = getattr(world, name).sum(axis=2, keepdims=True) * chosen / count
        new["in_scope"] = world.in_scope.copy()
        new["in_scope"][:, ARENAS:] = False
        return world._replace(
            **new,
            eligible=world.eligible & chosen,
            population=chosen / count,
            size=np.where(chosen, world.size.sum() / count, EMPTY),
            centre=np.zeros(size, dtype=np.bool_),
        )

    return change
