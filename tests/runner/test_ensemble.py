"""What an ensemble hands to compiled code, and what it tells when a run fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numba
import numpy as np
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


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")
@pytest.mark.parametrize("region", ["teaching", "zuid_limburg"])
def test_the_model_is_compiled_once_for_one_run_and_for_many(region: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is kept, and of a world that may be written to or not: each would take half a minute."""
    place = region_named(region)
    world = world_of([load_design("status_quo"), load_design("regiobureau")], place, quarters=21)
    shown = {name: value.view() for name, value in world._asdict().items() if isinstance(value, np.ndarray)}
    for array in shown.values():
        array.setflags(write=False)
    real, kinds = ensemble.run_families, set()

    def noted(*given: Any) -> Any:
        kinds.add(tuple(str(numba.typeof(one)) for one in given))
        return real(*given)

    monkeypatch.setattr(ensemble, "run_families", noted)
    for of in (world, world._replace(**shown)):
        for jobs in (jobs_of(2, 1)[:1], jobs_of(2, 3)):
            for kept in ({}, {"details": True}, {"series": True, "details": True, "events": True}):
                ensemble.simulate(of, jobs, 1, place.subregion, workers=1, **kept)
    assert len(kinds) == 1
