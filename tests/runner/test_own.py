"""Phases and rules of a user's own: the same bits where they do the same, and held to the bounds of every field."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import bresim
from bresim.common.errors import InputError
from bresim.config.schema import CompareConfig
from bresim.runner.own import PhaseError, draws, names, shipped
from bresim.runner.step import PHASES

PHASE_NAMES = list(dict(PHASES))
RULE_NAMES = [name for name in names() if "." in name]
Change = Callable[[Any], None]


def config_of(*overrides: str) -> CompareConfig:
    config = bresim.load(
        "compare",
        [
            "parameters=point",
            "replicates=2",
            "designs=[status_quo,regio_deal]",
            "undercurrent_replicates=0",
            *overrides,
        ],
    )
    assert isinstance(config, CompareConfig)
    return config


def finished(model: bresim.RegionModel) -> np.ndarray:
    while model.running:
        model.step()
    return np.array(list(model.outcomes().values()))


def wrapped(names: list[str]) -> dict[str, Any]:
    return {name: shipped(name) for name in names}


def calm(state: Any, _world: Any, _parameters: Any, _quarter: int) -> None:
    """An own phase that can be pickled: nobody remembers."""
    state.grievance[:] = 0.0


@pytest.mark.parametrize("names", [PHASE_NAMES, RULE_NAMES, [*PHASE_NAMES[:6], *RULE_NAMES]])
def test_own_phases_that_call_the_shipped_ones_give_the_same_bits(names: list[str]) -> None:
    config = config_of("designs=[regio_deal]", "founding=at_once")
    plain = finished(bresim.RegionModel(config, replicate=1))
    own = finished(bresim.RegionModel(config, replicate=1, phases=wrapped(names)))
    assert plain.tobytes() == own.tobytes()


def test_every_rule_that_a_quarter_calls_can_be_replaced() -> None:
    """Each is called in a run, but those that only some designs or years need."""
    called = set[str]()
    config = config_of("designs=[joint_arrangement]", "founding=at_once")

    def noting(name: str) -> Any:
        rule = shipped(name)

        def call(*given: Any) -> None:
            called.add(name)
            rule(*given)

        return call

    finished(bresim.RegionModel(config, phases={name: noting(name) for name in RULE_NAMES}))
    assert called == set(RULE_NAMES)


def test_a_comparison_with_own_phases_leaves_what_the_compiled_one_leaves() -> None:
    config = config_of("record=all", "founding=both", "undercurrent_replicates=1")
    plain, own = bresim.compare(config), bresim.compare(config, phases=wrapped(["learning", "trust.update"]))
    for name, table in plain.tables().items():
        pd.testing.assert_frame_equal(table, own.tables()[name], obj=name)


def test_a_comparison_with_own_phases_is_a_row_of_models() -> None:
    config = config_of("founding=vote")
    runs = bresim.compare(config, phases={"learning": calm}).runs
    for row in runs.itertuples():
        model = bresim.RegionModel(config, row.replicate, row.design, {"learning": calm}, row.founding)
        finished(model)
        assert model.outcomes()["public_value_direct"] == row.public_value_direct
    assert not runs["public_value_direct"].equals(bresim.compare(config).runs["public_value_direct"])


def test_a_shipped_phase_takes_changed_parameters() -> None:
    """Every phase with a cooldown of 9 quarters is the run with that parameter."""

    def patient(name: str) -> Any:
        phase = shipped(name)

        def call(state: Any, world: Any, parameters: Any, quarter: int) -> None:
            changed = parameters.copy()
            changed["cooldown"] = 9.0
            phase(state, world, changed, quarter)

        return call

    config = config_of("designs=[status_quo]")
    own = finished(bresim.RegionModel(config, phases={name: patient(name) for name in PHASE_NAMES}))
    fixed = finished(bresim.RegionModel(config_of("designs=[status_quo]", "parameters.cooldown=9")))
    assert own.tobytes() == fixed.tobytes()
    assert own.tobytes() != finished(bresim.RegionModel(config)).tobytes()


WRONG: dict[str, tuple[Change, str]] = {
    "nan": (lambda s: s.trust.fill(np.nan), "trust"),
    "three": (lambda s: s.trust.fill(3.0), "trust"),
    "itself": (lambda s: s.grievance.fill(0.5), r"grievance\[0, 0\]"),
    "one": (lambda s: s.support.__setitem__(2, -0.01), r"support\[2\] at -0.01"),
    "infinite": (lambda s: s.capacity.__setitem__(1, np.inf), r"capacity\[1\] at inf, which is no number"),
    "work": (lambda s: s.progress.__setitem__((0, 1), -1.0), r"progress\[0, 1\]"),
    "region": (lambda s: setattr(s.region, "kappa", 1.5), r"region.kappa at 1.5"),
    "record": (lambda s: setattr(s.region, "stance", np.nan), r"region.stance"),
    "index": (lambda s: s.members.fill(10**6), r"members\[0, 0, 0\] at 1e\+06"),
    "slot": (lambda s: s.arena_slot.fill(99), r"arena_slot\[0\]"),
    "log": (lambda s: setattr(s.region, "initiatives", 10**9), r"region.initiatives"),
    "institution": (lambda s: s.institution_values.__setitem__((0, 0), np.nan), r"institution_values\[0, 0\]"),
    "design": (lambda s: setattr(s.region, "design", 7), r"region.design"),
}


@pytest.mark.parametrize("kind", list(WRONG))
@pytest.mark.parametrize("at", ["value", "trust.update"])
def test_what_leaves_its_bounds_is_told_with_phase_field_and_quarter(kind: str, at: str) -> None:
    change, field = WRONG[kind]

    def bad(state: Any, _world: Any, _parameters: Any, quarter: int) -> None:
        if quarter == 5:
            change(state)

    model = bresim.RegionModel(config_of(), design="regio_deal", phases={at: bad})
    with pytest.raises(PhaseError, match=rf"phases: {at}: left {field}.*in 2020-Q2"):
        finished(model)


def test_a_batch_tells_it_too() -> None:
    def bad(state: Any, _world: Any, _parameters: Any, quarter: int) -> None:
        state.urgency[:] = 2.0

    with pytest.raises(PhaseError, match=r"phases: urgency: left urgency\[0, 0\] at 2 in 2019-Q1"):
        bresim.compare(config_of(), phases={"urgency": bad})


def test_world_and_parameters_cannot_be_written_to() -> None:
    def of_world(_state: Any, world: Any, _parameters: Any, _quarter: int) -> None:
        world.severity[0, 0] = 1.0

    def of_parameters(_state: Any, _world: Any, parameters: Any, _quarter: int) -> None:
        parameters["cooldown"] = 1.0

    for phase in (of_world, of_parameters):
        with pytest.raises(ValueError, match="read-only"):
            finished(bresim.RegionModel(config_of(), phases={"urgency": phase}))


def test_own_draws_are_common_to_designs_and_change_nobody_elses() -> None:
    config = config_of()
    found: dict[tuple[str, int], list[float]] = {}

    def phase(design: str, replicate: int) -> Any:
        events = shipped("events")

        def call(state: Any, world: Any, parameters: Any, quarter: int) -> None:
            found.setdefault((design, replicate), []).extend(draws(state, quarter, "strikes", 3))
            events(state, world, parameters, quarter)

        return call

    for design, replicate in (("status_quo", 0), ("regio_deal", 0), ("regio_deal", 1)):
        model = bresim.RegionModel(config, replicate, design, {"events": phase(design, replicate)})
        plain = finished(bresim.RegionModel(config, replicate, design))
        assert finished(model).tobytes() == plain.tobytes()
    assert found["status_quo", 0] == found["regio_deal", 0] != found["regio_deal", 1]
    numbers = np.array(found["status_quo", 0])
    assert len(set(numbers)) == 180
    assert ((numbers >= 0.0) & (numbers < 1.0)).all()
    assert 0.4 < numbers.mean() < 0.6
    state = bresim.RegionModel(config).state
    assert not np.array_equal(draws(state, 1, "strikes", 3), draws(state, 1, "floods", 3))
    assert np.array_equal(draws(state, 1, "strikes", 3), draws(state, 1, "strikes", 3))


def test_a_model_with_own_phases_branches_and_pickles() -> None:
    model = bresim.RegionModel(config_of(), design="regio_deal", phases={"learning": calm})
    for _ in range(20):
        model.step()
    branch, stored = copy.deepcopy(model), pickle.loads(pickle.dumps(model))
    assert finished(branch).tobytes() == finished(stored).tobytes() == finished(model).tobytes()


@pytest.mark.parametrize(
    ("phases", "message"),
    [
        ({"trust": calm}, "unknown phase 'trust'"),
        ({"learnin": calm}, "did you mean 'learning'"),
        ({"trust.updat": calm}, "did you mean 'trust.update'"),
        ({"learning": None}, "no function"),
    ],
)
def test_wrong_names_and_things_are_refused(phases: dict[str, Any], message: str) -> None:
    for attempt in (
        lambda: bresim.RegionModel(config_of(), phases=phases),
        lambda: bresim.compare(config_of(), phases=phases),
    ):
        with pytest.raises(InputError, match=message):
            attempt()
    with pytest.raises(InputError, match="did you mean 'learning'"):
        shipped("learnin")


def test_names_are_phases_in_order_and_rules_as_the_odd_has_them() -> None:
    assert names()[: len(PHASES)] == PHASE_NAMES
    assert {"trust.update", "trust.update_initiative", "milestones.update_initiative"} <= set(names())
