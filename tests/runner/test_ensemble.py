"""What an ensemble tells when a run fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from bresim.governance import load_design
from bresim.runner import ensemble
from tests.model.worlds import jobs_of, region_named, run, same, world_of


def patiently(
    work: Callable[[int, int], int], chunks: Sequence[tuple[int, int]], threads: int
) -> Iterator[int]:  # in place of ensemble._finished
    """Every chunk on this thread, and the first error at the end: as when others go on before an error is told."""
    errors = []
    for chunk in chunks:
        try:
            yield work(*chunk)
        except ZeroDivisionError as error:
            errors.append(error)
    if errors:
        raise errors[0]


def test_an_error_in_a_run_leaves_what_others_work_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first of four chunks fails; the others must not fail for want of working memory, and hide its error."""
    region = region_named("teaching")
    world, jobs = world_of([load_design("status_quo")], region, quarters=21), jobs_of(1, 4)
    expected, real, begun = run(world, jobs, region, workers=1), ensemble.run_families, []

    def failing(states: Any, w: Any, work: Any, first: int, *others: Any) -> Any:
        begun.append(first)
        if first == 0:
            raise ZeroDivisionError("no one there")
        return real(states, w, work, first, *others)

    with monkeypatch.context() as patch:
        patch.setattr(ensemble, "run_families", failing)
        patch.setattr(ensemble, "CHUNK", 1)
        patch.setattr(ensemble, "_finished", patiently)
        with pytest.raises(ZeroDivisionError, match="no one there"):
            run(world, jobs, region, workers=1)
    assert begun == [0, 1, 2, 3]
    assert same(run(world, jobs, region, workers=1).runs, expected.runs)
