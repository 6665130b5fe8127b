"""Runs that go along as one until they come apart leave what they leave when each is run alone."""

from __future__ import annotations

from collections import deque
from dataclasses import fields

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bresim
from bresim import plausible
from bresim.config.schema import CompareConfig
from bresim.governance import Design, load_design, shipped_designs
from bresim.kernel import structs
from bresim.kernel.jit import njit
from bresim.kernel.state import DESIGN, DISSOLVE, FALLBACK, FOUND, SHARED_DRAWS, State, World, allocate
from bresim.kernel.structs import box, copy_state
from bresim.plan import make_plan
from bresim.runner import cloning, ensemble
from bresim.runner.cloning import families_of
from bresim.runner.ensemble import Recorded
from tests.model.worlds import POLICY_START, changed, columns_of, founded, jobs_of, region_named, run, same, world_of

REGION = region_named("zuid_limburg")
#: What an ensemble leaves as one array.
TABLES = [field.name for field in fields(Recorded) if field.name != "diaries"]


def assert_same(one: Recorded, other: Recorded) -> None:
    for name in TABLES:
        left, right = getattr(one, name), getattr(other, name)
        assert left.shape == right.shape, name
        assert same(left, right), name
    assert len(one.diaries) == len(other.diaries)
    assert all(same(left, right) for left, right in zip(one.diaries, other.diaries, strict=True))


def alone(world: World, jobs: np.ndarray) -> Recorded:
    """Every run by itself, put together."""
    parts = [run(world, jobs[r : r + 1], REGION, workers=1, events=True) for r in range(len(jobs))]
    for r, part in enumerate(parts):
        part.log["run"] = r
        part.ballots["run"] = r
    tables = {name: np.concatenate([getattr(part, name) for part in parts]) for name in TABLES}
    return Recorded(**tables, diaries=[part.diaries[0] for part in parts])


def test_the_shipped_designs_leave_what_they_leave_alone() -> None:
    world = world_of([load_design(name) for name in shipped_designs()], REGION)
    jobs = jobs_of(len(shipped_designs()), 6, solutions=3)
    recorded = run(world, jobs, REGION, events=True)
    assert_same(recorded, alone(world, jobs))
    quarter = recorded.runs[:, columns_of(REGION).index("adopted_quarter")]
    assert {FOUND, DISSOLVE} <= set(recorded.ballots["question"].tolist())
    assert np.isnan(quarter).any()  # some are never founded and some at other times, so there was something to share
    assert len(np.unique(quarter[~np.isnan(quarter)])) > 2


def test_a_design_that_is_founded_late_takes_over_from_the_status_quo() -> None:
    """The run that it leaves holds the status quo as a design: in the same slot, with other rules."""
    names = ["status_quo", "lead_municipality", "pooled_programme"]
    world = world_of([load_design(name) for name in names], REGION, values=plausible.load().values[:4])
    jobs = jobs_of(len(names), 12, draws=4)
    recorded = run(world, jobs, REGION, events=True)
    assert_same(recorded, alone(world, jobs))
    quarter = recorded.runs[:, columns_of(REGION).index("adopted_quarter")]
    assert (quarter > POLICY_START).sum() >= 3


@settings(max_examples=15)
@given(st.data())
def test_any_designs_leave_what_they_leave_alone(data: st.DataObject) -> None:
    def design(number: int) -> Design:
        name = data.draw(st.sampled_from(shipped_designs()), label="design")
        term = data.draw(st.sampled_from([0, 2, 9]), label="term")
        setup = data.draw(st.sampled_from([0, 1, 6]), label="setup")
        quota = data.draw(st.sampled_from([0.0, 0.3, 0.6]), label="quota")
        own = changed(load_design(name), "scope", term_quarters=term, setup_quarters=setup)
        return changed(own, "aggregation", adoption_quota=quota)

    world = world_of([design(number) for number in range(data.draw(st.integers(1, 7), label="designs"))], REGION)
    jobs = jobs_of(len(world.institution), 2)
    recorded = run(world, jobs, REGION, events=True)
    assert_same(recorded, alone(world, jobs))


def test_designs_with_the_same_rules_are_one_run_to_the_end() -> None:
    """The status quo as a design holds from policy start, but with the rules that held before: nothing comes apart."""
    design = load_design("regio_deal")
    world = world_of([founded(design), load_design("status_quo"), founded(design)], REGION)
    assert world.content[0, DESIGN] == world.content[2, DESIGN]
    assert world.content[1, DESIGN] == world.content[0, FALLBACK] != world.content[0, DESIGN]
    recorded = run(world, jobs_of(3, 4), REGION)
    assert same(recorded.runs[:4], recorded.runs[8:])
    assert not same(recorded.runs[:4], recorded.runs[4:8])


def test_a_large_family_is_cut_up_and_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    world = world_of([load_design(name) for name in shipped_designs()], REGION)
    jobs = jobs_of(len(shipped_designs()), 3)
    whole = run(world, jobs, REGION)
    monkeypatch.setattr(cloning, "LARGEST", 4)
    families = families_of(world, jobs, np.ones(len(jobs), np.int64))
    assert families.largest == 4
    assert_same(whole, run(world, jobs, REGION))


@pytest.mark.parametrize("name", ["replicate", "draw", "solution", "parochialism", "cleavage", "negativity"])
def test_what_is_not_known_or_not_the_same_luck_is_another_family(name: str) -> None:
    world = world_of([load_design(name) for name in shipped_designs()[:3]], REGION)
    jobs = jobs_of(3, 1)
    seeds = np.ones(3, np.int64)
    assert families_of(world, jobs, seeds).largest == 3
    jobs[name][1] = 1
    families = families_of(world, jobs, seeds)
    assert [families.order[a:b].tolist() for a, b in zip(families.starts[:-1], families.starts[1:], strict=True)] in (
        [[0, 2], [1]],
        [[1], [0, 2]],
    )


def test_another_seed_or_another_institution_to_start_from_is_another_family() -> None:
    designs = [load_design(name) for name in shipped_designs()[:3]]
    world, jobs = world_of(designs, REGION), jobs_of(3, 1)
    assert families_of(world, jobs, np.array([1, 2, 2])).largest == 2
    content = world.content.copy()
    content[0, FALLBACK] = -1
    assert families_of(world._replace(content=content), jobs, np.ones(3, np.int64)).largest == 2


def test_no_jobs_leave_nothing() -> None:
    recorded = run(world_of([load_design("status_quo")], REGION), jobs_of(1, 0), REGION)
    assert (len(recorded.runs), len(recorded.series), len(recorded.log)) == (0, 0, 0)


def test_chunks_are_whole_families_and_all_of_them() -> None:
    world = world_of([load_design(name) for name in shipped_designs()], REGION)
    count = len(shipped_designs())
    families = families_of(world, jobs_of(count, 9), np.ones(9 * count, np.int64))
    assert families.chunks(3 * count) == [(0, 3), (3, 6), (6, 9)]
    assert families.chunks(1000) == [(0, 9)]
    assert sorted(families.order) == list(range(9 * count))


@njit
def _copy(target, source):  # type: ignore[no-untyped-def]
    copy_state(target, source)


def filled(state: State, start: int) -> State:
    for number, array in enumerate(state):
        np.asarray(array).reshape(-1).view(np.uint8)[:] = (start + number) % 251
    state.region.initiatives = 5
    state.region.happened = 6
    return state


def bytes_of(array: np.ndarray) -> bytes:
    """Of records field by field: NumPy does not copy what lies between them."""
    names = array.dtype.names
    return array.tobytes() if names is None else b"".join(array[name].tobytes() for name in names)


def test_a_copy_has_every_field_and_of_log_and_diary_what_is_in_use() -> None:
    world = world_of([load_design("status_quo")], REGION)
    for copy in (copy_state, lambda one, other: _copy(box(one), box(other))):
        source = filled(allocate(world, diary=True), 1)
        target = filled(allocate(world, source, diary=True), 100)
        assert {name for name in State._fields if getattr(target, name) is getattr(source, name)} == {*SHARED_DRAWS}
        copy(target, source)
        for name, one, other in zip(State._fields, target, source, strict=True):
            rows = slice({"log": 5, "diary": 6}[name]) if name in ("log", "diary") else ...
            assert bytes_of(np.asarray(one)[rows]) == bytes_of(np.asarray(other)[rows]), name


def test_the_sizes_that_are_compiled_in_are_those_of_the_default_region() -> None:
    config = bresim.load("compare", ["replicates=1"])
    assert isinstance(config, CompareConfig)
    assert allocate(make_plan(config, range(1)).world).committed.shape == structs.DEFAULT_SIZES


def test_what_the_compiler_knows_of_the_sizes_does_not_change_a_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    world = world_of([load_design(name) for name in shipped_designs()], REGION)
    jobs = jobs_of(len(shipped_designs()), 4, solutions=3)
    known = run(world, jobs, REGION, events=True)
    monkeypatch.setattr(structs, "DEFAULT_SIZES", ())
    monkeypatch.setattr(ensemble, "_FREE", deque())  # none that was made before
    assert numba.config.DISABLE_JIT or not any(
        field.shape for field in structs.box(allocate(world)).kind.fields.values()
    )
    assert_same(known, run(world, jobs, REGION, events=True))
    ensemble._FREE.clear()
