"""A run of one design on the real region before its first quarter, for rules that are tested over several years."""

from __future__ import annotations

from typing import Any, NamedTuple

from bresim.governance import Design
from bresim.kernel.draws import make_key
from bresim.kernel.state import State, allocate
from bresim.kernel.structs import box, parameter_set
from bresim.rules.initial import reset
from bresim.runner import step
from tests.model.worlds import region_named, world_of


class Run(NamedTuple):
    """State, boxed world and parameter set of one run."""

    state: State
    world: Any
    parameters: Any

    def begin(self, replicate: int = 0, parochialism: float = 0.5) -> None:
        """Put the state back to its start."""
        reset(box(self.state), self.world, self.parameters, make_key(1, replicate), 0, 0, parochialism, 0.5, 0.5)

    def constitution(self, t: int) -> None:
        """What is put to the vote in quarter ``t``, and what then holds, nothing else."""
        step.constitution(box(self.state), self.world, self.parameters, t)

    def institutions(self, t: int) -> None:
        """The same, and the institution of quarter ``t``."""
        self.constitution(t)
        step.institutions(box(self.state), self.world, self.parameters, t)


def started(design: Design) -> Run:
    world = world_of([design], region_named("zuid_limburg"))
    run = Run(allocate(world), box(world), parameter_set(world.parameters, 0))
    run.begin()
    return run
