"""Nothing is read and forgotten: every parameter, field, measure, scenario and knob moves some outcome."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from bresim import parameters
from bresim.governance import Design, load_design, measures, with_measures
from bresim.governance.compile import _NOT_NUMBERS, NUMBERS, PARTNER_SEATS
from bresim.governance.schema import RULE_TYPES
from bresim.parameters import PARAMETERS
from bresim.runner.ensemble import Recorded
from bresim.scenario import scenario_names
from bresim.tabulate import outcomes_of
from tests.model.worlds import (
    changed,
    founded,
    jobs_of,
    outcomes_differ,
    region_named,
    run,
    same,
    scenario_for,
    world_of,
)  # fmt: skip

REPLICATES = 3
REGION = "zuid_limburg"


# --- parameters -------------------------------------------------------------------------------------
def _designs() -> list[Design]:
    return [
        load_design("status_quo"),
        load_design("provincial_steering"),
        founded(load_design("provincial_steering_mandated")),
        load_design("regio_deal"),
        changed(load_design("regiobureau"), "aggregation", adoption_quota=0.4),  # votes that may go either way
        with_measures(load_design("regiobureau"), [(measure, 0.5) for measure in measures().values()]),
        founded(rich()),
        changed(founded(rich()), "scope", execution=0.2),  # executions in trouble
        demanding(),
        changed(rich(), "position", equal_say=0.0, sounding_board=0.0),  # founded by a vote, most without a say
    ]


def demanding() -> Design:
    """The province supplies more services than it has staff for, and imposes what is not agreed by all."""
    design = founded(load_design("provincial_steering_mandated"))
    for section, fields in (
        ("position", ("coordination", "facilitation", "council_group")),
        ("information", ("monitoring", "lobby", "celebration", "council_information")),
    ):
        design = changed(design, section, **dict.fromkeys(fields, 1.0))
    design = changed(design, "choice", escalation=1.0, revocable=1.0)
    design = changed(design, "payoff", mandate=0.7, binding=0.0)
    return changed(design, "aggregation", quota=1.0, imposition=1.0, council_ratification=1.0)


@cache
def _parameter_runs() -> Recorded:
    """Every parameter at the low and the high end of its prior, the others at the point: draws 2n and 2n + 1."""
    values = np.repeat(parameters.defaults()[None, :], 2 * len(PARAMETERS), axis=0)
    for at, parameter in enumerate(PARAMETERS.values()):
        values[2 * at, at], values[2 * at + 1, at] = parameter.low, parameter.high
    region = region_named(REGION)
    designs = _designs()
    return run(
        world_of(designs, region, values=values),
        jobs_of(len(designs), REPLICATES, 2 * len(PARAMETERS), knobs=(0.8, 0.8, 0.8)),
        region,
    )


#: Parameters that count at a next vote only: (a design, others at the end of their prior at which it comes to that).
AT_A_NEXT_VOTE = {
    "refusal_decay": ("regiobureau", {"adopt_refused": "high", "adopt_interval": "low"}),
    "dissolve_years": ("pooled_programme", {"dissolve_patience": "low", "adopt_interval": "low"}),
}


@pytest.mark.parametrize("name", AT_A_NEXT_VOTE)
def test_what_counts_at_a_next_vote_moves_an_outcome(name: str) -> None:
    design, others = AT_A_NEXT_VOTE[name]
    names, values = list(PARAMETERS), np.repeat(parameters.defaults()[None, :], 2, axis=0)
    for other, end in others.items():
        values[:, names.index(other)] = getattr(PARAMETERS[other], end)
    values[:, names.index(name)] = PARAMETERS[name].low, PARAMETERS[name].high
    region = region_named(REGION)
    recorded = run(world_of([load_design(design)], region, values=values), jobs_of(1, 300, 2), region)
    assert outcomes_differ(recorded, list(range(300)), list(range(300, 600)))


@pytest.mark.parametrize("name", [name for name in PARAMETERS if name not in AT_A_NEXT_VOTE])
def test_every_parameter_moves_an_outcome(name: str) -> None:
    at = list(PARAMETERS).index(name)
    rows = np.arange(len(_designs()) * 2 * len(PARAMETERS) * REPLICATES).reshape(
        len(_designs()), 2 * len(PARAMETERS), REPLICATES
    )
    low, high = rows[:, 2 * at].ravel().tolist(), rows[:, 2 * at + 1].ravel().tolist()
    assert outcomes_differ(_parameter_runs(), low, high), f"{name} is read by no rule that matters"


def test_a_prior_holds_the_default() -> None:
    for parameter in PARAMETERS.values():
        assert parameter.low < parameter.default < parameter.high, parameter.name


# --- governance fields ------------------------------------------------------------------------------
def rich() -> Design:
    """A design in which every rule has company: a board, a vote, imposition, a term, a successor, partners."""
    return load_design(
        {
            "name": "rich", "label_nl": "rijk", "label_en": "rich",
            "position": {
                "board": "steering_group", "rotating_seats": 2, "coordination": 0.4, "facilitation": 0.4,
                "sounding_board": 0.3,
                "lead_share": 0.3, "equal_say": 0.5, "partners": "execution", "council_group": 0.3,
            },
            "boundary": {"eligible": "all", "min_members": 4, "min_capacity": 0.3, "late_joining": 0.3,
            "exit_cost": 0.3},
            "choice": {
                "revocable": 0.7, "opt_out": 0.3, "escalation": 0.5, "alliance_autonomy": 0.3,
                "pooled_capacity": 0.05, "bureau_executes": 0.5, "open_tables": 0.6,
            },
            "aggregation": {
                "quota": 0.9, "board_quota": 0.6, "binds_dissenters": 0.0, "council_ratification": 0.4,
                "imposition": 0.5,
                "adoption_quota": 0.4,
            },
            "information": {"monitoring": 0.3, "celebration": 0.3, "council_information": 0.3, "lobby": 0.3},
            "payoff": {
                "binding": 0.3, "cost_sharing": 0.3, "sanction": 0.3, "cofunding": 0.1, "steering": 0.5, "mandate": 0.5,
                "programme_money": 0.1,
            },
            "scope": {
                "themes": "all", "max_open": 5, "follows_money": 0.5, "form_quarters": 2, "setup_quarters": 4,
                "term_quarters": 24, "successor": "informal_centre", "successor_if": "not_agreed",
                "successor_agreements": 8, "execution": 0.8, "thinning": 0.3,
                "merging": 0.3, "cross_border_focus": 0.3, "capacity_coordination": 0.3,
            },
        }
    )  # fmt: skip


#: What the fields that are no numbers are changed to.
OTHER_VALUES: dict[str, Any] = {
    "board": "centres",
    "beside": True,
    "eligible": "regio_deal",
    "partners": "front_bench",
    "pooled_by": "board",
    "services_by": "province",
    "themes": ("health", "housing"),
    "successor": None,
    "successor_if": "agreed",
}


def without_province() -> Design:
    """The province has no role beside the region's own arena."""
    payoff = changed(rich(), "payoff", steering=0.0, mandate=0.0, cofunding=0.0)
    return changed(payoff, "aggregation", imposition=0.0)


def with_a_short_term() -> Design:
    """It ends before it can be dissolved, and then it is followed."""
    return changed(rich(), "scope", term_quarters=4)


#: What fields are changed of, where that is not ``rich``.
OTHER_BASES = {"beside": without_province, "successor": with_a_short_term}


def _bounds(section: str, field: str) -> tuple[float, float]:
    limits = {type(limit).__name__: limit for limit in RULE_TYPES[section].model_fields[field].metadata}
    return limits["Ge"].ge, limits["Le"].le


def _variants() -> dict[str, list[Design]]:
    """Field → designs that differ from ``rich`` in that field only: both ends of its range, or another value."""
    base = rich()
    found = {}
    for section, model in RULE_TYPES.items():
        for field in model.model_fields:
            if field in OTHER_VALUES:
                found[field] = [
                    changed(OTHER_BASES.get(field, lambda: base)(), section, **{field: OTHER_VALUES[field]})
                ]
                continue
            low, high = _bounds(section, field)
            if isinstance(getattr(getattr(base, section), field), int):
                low, high = int(low), int(min(high, 16))
            old = getattr(getattr(base, section), field)
            found[field] = [changed(base, section, **{field: value}) for value in (low, high) if value != old]
    return found


@cache
def _field_runs() -> tuple[Recorded, list[str]]:
    """Runs of ``rich`` (first) and all its variants, with the field each is about."""
    region = region_named(REGION)
    pairs = [(field, design) for field, designs in _variants().items() for design in designs]
    designs = [rich(), *(design for _, design in pairs), *(make() for make in OTHER_BASES.values())]
    recorded = run(world_of(designs, region), jobs_of(len(designs), 4, knobs=(0.9, 0.9, 0.9)), region)
    return recorded, [field for field, _ in pairs]


@pytest.mark.parametrize("field", [field for model in RULE_TYPES.values() for field in model.model_fields])
def test_every_governance_field_moves_an_outcome(field: str) -> None:
    recorded, fields = _field_runs()
    variants = [range(4 * at, 4 * at + 4) for at, name in enumerate(fields, start=1) if name == field]
    at = len(fields) + 1 + list(OTHER_BASES).index(field) if field in OTHER_BASES else 0
    base = range(4 * at, 4 * at + 4)
    assert any(outcomes_differ(recorded, base, rows) for rows in variants), f"changing {field} changes nothing"


def test_the_fields_under_test_are_all_there_are() -> None:
    assert set(OTHER_VALUES) == {*_NOT_NUMBERS, "beside"}  # yes or no is compiled to a number
    assert {field for _, field in NUMBERS} | set(OTHER_VALUES) == set(_variants())


@pytest.mark.parametrize("option", [option for option in PARTNER_SEATS if option != "execution"])
def test_every_place_of_partners_differs(option: str) -> None:
    region = region_named(REGION)
    designs = [rich(), changed(rich(), "position", partners=option)]
    recorded = run(world_of(designs, region), jobs_of(2, 2), region)
    assert outcomes_differ(recorded, [0, 1], [2, 3])


def test_no_board_differs_from_a_board() -> None:
    region = region_named(REGION)
    designs = [rich(), changed(rich(), "position", board="none")]
    recorded = run(world_of(designs, region), jobs_of(2, 3), region)
    assert outcomes_differ(recorded, [0, 1, 2], [3, 4, 5])


def test_no_successor_falls_back_to_the_status_quo() -> None:
    """After the term without a successor the rules of the status quo hold: other outcomes than with one."""
    region = region_named(REGION)
    designs = [rich(), changed(rich(), "scope", successor=None), changed(rich(), "scope", successor="status_quo")]
    recorded = run(world_of(designs, region), jobs_of(3, 3), region)
    assert outcomes_differ(recorded, [0, 1, 2], [3, 4, 5])
    names = [outcome.name for outcome in outcomes_of(region)]
    known = [at for at, name in enumerate(names) if name != "followed"]  # the status quo by name is a successor too
    assert np.array_equal(recorded.runs[3:6, known], recorded.runs[6:9, known], equal_nan=True)


@pytest.mark.parametrize(("condition", "followed"), [("agreed", False), ("not_agreed", True)])
def test_what_follows_an_exploration_depends_on_what_it_yields(condition: str, followed: bool) -> None:
    """As many agreements as there can be are never made in three quarters: as without a successor, or with any."""
    region = region_named("zuid_limburg")
    base = changed(load_design("verkenning"), "scope", successor="regiobureau", successor_agreements=16)
    designs = [
        changed(base, "scope", successor_if=condition),
        base if followed else changed(base, "scope", successor=None),
        changed(base, "scope", successor=None) if followed else base,
    ]
    jobs = jobs_of(3, 4)
    jobs["at_once"] = True
    recorded = run(world_of(designs, region), jobs, region)
    assert not outcomes_differ(recorded, range(4), range(4, 8))
    assert outcomes_differ(recorded, range(4), range(8, 12))


# --- measures, scenarios, undercurrent ---------------------------------------------------------------
@pytest.mark.parametrize("name", list(measures()))
def test_every_measure_moves_an_outcome_of_the_status_quo(name: str) -> None:
    region = region_named(REGION)
    base = load_design("status_quo")
    designs = [base, with_measures(base, [(measures()[name], 1.0)])]
    recorded = run(world_of(designs, region), jobs_of(2, 3), region)
    assert outcomes_differ(recorded, [0, 1, 2], [3, 4, 5])
    # nothing but the policy window changes
    assert same(recorded.series[:3, :20], recorded.series[3:, :20])


def test_there_are_eleven_measures() -> None:
    assert len(measures()) == 11


@pytest.mark.parametrize("name", [name for name in scenario_names() if name != "history"])
def test_every_scenario_differs_from_history_and_only_after_it(name: str) -> None:
    region = region_named(REGION)
    design = founded(load_design("provincial_steering_mandated"))
    steered = changed(design, "payoff", mandate=0.3)  # so that the province's own stance matters
    results = [
        run(world_of([load_design("status_quo"), steered], region, scenario=scenario), jobs_of(2, 4), region)
        for scenario in ("history", name)
    ]
    assert not same(results[0].series, results[1].series)
    first = min(
        int(np.flatnonzero((np.atleast_2d(a.T != b.T)).any(axis=0))[0])
        for a, b in zip(_arrays(name), _arrays("history"), strict=True)
        if not np.array_equal(a, b)
    )
    assert first >= 16, "what happened up to 2022 is a fact"
    assert same(results[0].series[:, :first], results[1].series[:, :first])


def _arrays(scenario: str) -> list[np.ndarray]:
    laid_out = scenario_for(region_named(REGION), scenario)
    # campaigns begin a quarter before an election
    early = laid_out.election | np.append(laid_out.election[1:], False)
    return [
        laid_out.shock, laid_out.window, early, laid_out.provincial_election, laid_out.province_stance,
        laid_out.shock_factor, laid_out.window_factor, laid_out.turnover_factor, laid_out.capacity_factor,
        laid_out.severity_factor,
    ]  # fmt: skip


@pytest.mark.parametrize("knob", range(3))
def test_every_part_of_the_undercurrent_moves_an_outcome(knob: int) -> None:
    region = region_named(REGION)
    world = world_of([load_design("status_quo")], region)
    low, high = [0.5, 0.5, 0.5], [0.5, 0.5, 0.5]
    low[knob], high[knob] = 0.0, 1.0
    jobs = np.concatenate([jobs_of(1, 3, knobs=low), jobs_of(1, 3, knobs=high)])
    recorded = run(world, jobs, region)
    assert outcomes_differ(recorded, [0, 1, 2], [3, 4, 5])
    for first, second in zip(recorded.runs[:3], recorded.runs[3:], strict=True):
        assert not same(first, second)
