"""What ``bresim patterns`` refuses before it runs anything, how a pattern is judged, and what the model must show."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

import bresim
from bresim import jobs, parameters
from bresim.analysis import reported
from bresim.analysis.changes import Change, equal_rules, equal_towns, one_arena_each, without
from bresim.analysis.evidence import COUNTS, NODES, TRUST, Evidence, Sets, Setup
from bresim.analysis.horizon import check_horizon
from bresim.analysis.pattern import Pattern, jackknife, standard_error
from bresim.analysis.patterns import PATTERNS
from bresim.analysis.search import required
from bresim.analysis.switches import SWITCHES, switched_off
from bresim.analysis.verdicts import kind_of
from bresim.common.errors import InputError
from bresim.common.progress import Silent
from bresim.config.schema import PatternsConfig
from bresim.plausible import TABLE

#: Parameter sets on which the patterns are checked here, of the shipped ones.
SETS = 60
BY_NAME = {pattern.id: pattern for pattern in PATTERNS}


@pytest.mark.parametrize(
    ("overrides", "missing"),
    [
        (["time.policy_start=2021-Q1", "time.end=2022-Q4"], "2023-Q1"),
        (["time.start=2020-Q3"], "2020-Q2"),
    ],
)
def test_the_horizon_holds_what_the_patterns_are_about(overrides: list[str], missing: str) -> None:
    config = bresim.load("patterns", ["replicates=5", *overrides])
    with pytest.raises(InputError, match=f"does not hold {missing}.*2020-Q2 or earlier.*2023-Q1 or later"):
        check_horizon(config)


# --- how a pattern is judged ----------------------------------------------------------------------------


def pattern(low: float, high: float, pooled: bool = False) -> Pattern:
    return Pattern("T", "", "", "", low, high, lambda e: np.zeros(1), pooled=pooled)


@pytest.mark.parametrize(
    ("low", "high", "value", "slack", "holds"),
    [
        (2.0, 4.5, 2.0, 0.0, True),
        (2.0, 4.5, 4.5, 0.0, True),
        (2.0, 4.5, 1.99, 0.0, False),
        (2.0, 4.5, 4.51, 0.0, False),
        (2.0, 4.5, math.nan, 0.25, False),
        (2.0, 4.5, 1.5, 0.25, True),  # from 1.5
        (2.0, 4.5, 5.7, 0.25, False),  # to 5.625
        (-0.06, 0.06, -0.07, 0.25, True),  # from -0.075
        (1.5, math.inf, 1e9, 0.0, True),
        (0.0, 0.6, 0.0, 0.0, True),
        (0.0, math.inf, 0.0, 0.0, False),  # a sign is asked for, and 0 has none
        (0.0, 1.0, 0.0, 0.25, False),
        (-math.inf, 0.0, 0.0, 0.0, False),
        (-1.0, 0.0, 0.0, 0.25, False),
        (0.0, math.inf, 1e-9, 0.0, True),
        (-1.0, 0.0, -1e-9, 0.0, True),
        (0.0, math.inf, math.nan, 0.0, False),
    ],
)
def test_a_pattern_holds_between_its_bounds(low: float, high: float, value: float, slack: float, holds: bool) -> None:
    assert pattern(low, high).holds(np.array([value]), slack).tolist() == [holds]


def test_a_pattern_is_shown_if_the_whole_interval_lies_within_the_bounds() -> None:
    values = np.array([1.0, 2.0, 3.0])  # 2 ± 4.303 / sqrt(3) = -0.48 to 4.48, of which 1 to 3 can be
    assert pattern(0.5, math.inf).shown_by(values)
    assert not pattern(1.5, math.inf).shown_by(values)
    assert not pattern(-math.inf, 2.5).shown_by(values)
    assert pattern(0.5, math.inf).shown_by(np.array([1.0, np.nan, 2.0, 3.0])), "what is not known does not count"
    assert not pattern(0.0, 9.0).shown_by(np.array([1.0])), "one set has no interval"
    assert not pattern(0.0, 9.0).shown_by(np.full(3, np.nan))


@pytest.mark.parametrize(("low", "high"), [(0.0, math.inf), (0.0, 1.0), (-math.inf, 0.0), (-1.0, 0.0)])
def test_a_change_of_nothing_shows_no_sign(low: float, high: float) -> None:
    """With a mechanism switched off a paired difference is exactly 0 in every set."""
    assert not pattern(low, high).shown_by(np.zeros(5))
    assert not pattern(low, high).holds(np.zeros(5)).any()
    assert pattern(0.0, 0.6).shown_by(np.zeros(5)), "a share that may be none at all"


def test_no_interval_of_a_share_fails_for_what_lies_above_1() -> None:
    assert pattern(0.8, 1.0).shown_by(np.array([1.0, 1.0, 0.95]))


def test_the_jackknife_has_the_mean_of_a_mean_and_its_error() -> None:
    values = np.array([1.0, 4.0, 7.0, 12.0])
    pseudo = jackknife(lambda which: float(values[which].mean()), 4)
    assert pseudo == pytest.approx(values), "of a mean each pseudo-value is the value"
    product = jackknife(lambda which: float(values[which].mean() ** 2), 4)
    assert product.mean() == pytest.approx(36.0 - values.var(ddof=1) / 4), "the bias of a square is taken off"


def test_the_error_of_a_mean_is_not_known_of_one_replicate() -> None:
    """Of 1, 2 and 3 the deviation is 1, so that of their mean is 1 over the root of 3; a missing one does not count."""
    values = np.array([[1.0, 2.0, 3.0], [4.0, np.nan, np.nan], [1.0, np.nan, 3.0]])
    assert standard_error(values) == pytest.approx([3.0**-0.5, np.nan, 1.0], nan_ok=True)


@pytest.mark.parametrize(("share", "kind"), [(0.05, "pattern"), (0.049, "check"), (None, "pattern")])
def test_what_hardly_any_set_fails_is_a_check(share: float | None, kind: str) -> None:
    assert kind_of(share) == kind


def test_every_pattern_has_a_name_of_its_own_and_bounds() -> None:
    assert len(BY_NAME) == len(PATTERNS)
    for one in PATTERNS:
        assert one.low <= one.high
        assert math.isfinite(one.low) or math.isfinite(one.high)


# --- what the statistics are ----------------------------------------------------------------------------


def test_variance_explained_by_trust_and_by_design() -> None:
    trust = np.array([0.2, 0.4])[:, None, None] + np.zeros((2, 5, 3))
    by_design = np.array([1.0, 2.0, 6.0]) + np.zeros((2, 5, 3))
    difference = reported._explained_by_trust_less_by_design
    assert difference(trust, 3.0 * trust) == pytest.approx(1.0)
    assert difference(trust, by_design) == pytest.approx(-1.0)
    # trust: variance 100 x 0.01 = 1; design: variance 14/3
    assert difference(trust, 10.0 * trust + by_design) == pytest.approx((1.0 - 14.0 / 3.0) / (1.0 + 14.0 / 3.0))
    assert math.isnan(difference(trust, np.ones((2, 5, 3))))


def test_the_two_trusts_have_the_spread_of_the_whole_range() -> None:
    assert np.mean(NODES) == pytest.approx(0.5)
    assert np.var(NODES) == pytest.approx(1.0 / 12.0)
    setup = Setup(patterns_config(), Sets.at_point(parameters.defaults()[None, :]), 0, 1, Silent())
    at = list(parameters.PARAMETERS).index(TRUST)
    low, high = parameters.PARAMETERS[TRUST].low, parameters.PARAMETERS[TRUST].high
    assert setup.at(TRUST, 0.25).sets.values[0, at] == pytest.approx(low + 0.25 * (high - low))
    assert np.flatnonzero(setup.at(TRUST, 0.25).sets.values != setup.sets.values).tolist() == [at]


def test_slope_of_value_on_parties() -> None:
    values = {f"towns_{count}": 0.5 - 0.01 * count for count in COUNTS}
    fake = SimpleNamespace(
        batch=lambda name: SimpleNamespace(outcome=lambda _variant, _outcome: np.full((2, 3), values[name]))
    )
    assert BY_NAME["X2c"].statistic(cast(Evidence, fake)) == pytest.approx([-1.0, -1.0])


def _agreed(quarters: list[list[int]]) -> SimpleNamespace:
    """Runs of the status quo: quarters in which each parameter set agreed on something, with elections in 4 and 9."""
    which = np.repeat(np.arange(len(quarters)), [len(one) for one in quarters])
    log = np.array([(quarter,) for one in quarters for quarter in one], dtype=[("agreed", np.int64)])
    world = SimpleNamespace(election=np.isin(np.arange(12), [4, 9]))
    return SimpleNamespace(sets=len(quarters), plan=SimpleNamespace(world=world), log=lambda _variant: (which, log))


def test_agreements_after_elections_by_hand() -> None:
    """Those of quarters 4, 5, 9 and 10 count: 3 where there are 4 without elections, 3 where there are 2, 1 for 0."""
    main = _agreed([[2, 3, 4, 10, 10, -1, 6, 11], [7, 5, 9, 9], [4]])
    without = {"no_elections": _agreed([[4, 5, 9, 10, 11], [3, 4, 10], [2, 3]])}
    found = BY_NAME["P18c"].statistic(cast(Evidence, SimpleNamespace(main=main, batch=without.__getitem__)))
    assert found == pytest.approx([3.0 / 4.0 - 1.0, 3.0 / 2.0 - 1.0, np.nan], nan_ok=True)
    assert BY_NAME["P18c"].holds(found).tolist() == [True, False, False]


def test_mean_load_is_that_of_the_quarter_the_report_describes() -> None:
    """Two parameter sets of two replicates, in the quarters 2022-Q4 to 2023-Q2."""
    series = np.array([[[9.0, 0.2, 9.0], [9.0, 0.4, 9.0]], [[9.0, 0.5, 9.0], [9.0, 0.7, 9.0]]])
    main = SimpleNamespace(
        quarter=["2022-Q4", "2023-Q1", "2023-Q2"].index,
        state=lambda variant, name, quarter: {("status_quo", "load_mean"): series}[variant, name][:, :, quarter],
    )
    assert BY_NAME["L6b"].statistic(cast(Evidence, SimpleNamespace(main=main))) == pytest.approx([0.3, 0.6])


@pytest.mark.parametrize("change", [equal_rules, one_arena_each])
def test_no_part_of_the_region_has_a_second_arena(change: Change) -> None:
    """The Regio Deal Parkstad of 2019 to 2026 lies on top of Parkstad's own arena."""
    world = (
        Setup(patterns_config(), Sets.at_point(parameters.defaults()[None, :]), 0, 1, Silent()).plan(status_quo()).world
    )
    assert world.arena_from.tolist() == [0, 0, 0, 0, 2, 0]
    changed = change(world)
    there = [
        sum(first <= t < end for t in range(60))
        for first, end in zip(changed.arena_from, changed.arena_until, strict=True)
    ]
    assert there == [60, 60, 60, 60, 0, 60]
    assert np.array_equal(changed.institution_values, world.institution_values) == (change is one_arena_each)


def test_the_lead_that_an_institution_gives_is_measured_without_second_arenas() -> None:
    """P3c and P3d once credited Parkstad's institution with its Regio Deal too."""
    assert {BY_NAME[name].batches for name in ("P3c", "P3d")} == {("one_arena_each", "equal")}


@pytest.mark.parametrize("count", COUNTS)
def test_equal_towns_share_the_inhabitants_and_the_value_of_the_region(count: int) -> None:
    world = (
        Setup(patterns_config(), Sets.at_point(parameters.defaults()[None, :]), 0, 1, Silent()).plan(status_quo()).world
    )
    changed = equal_towns(count)(world)
    assert changed.population.sum() == pytest.approx(1.0)
    assert changed.size[changed.population > 0].sum() == pytest.approx(world.size.sum())
    assert (changed.population > 0).sum() == changed.eligible[0, 0].sum() == count
    for name in ("attainable_direct", "attainable_indirect"):
        assert getattr(changed, name).sum(axis=2) == pytest.approx(getattr(world, name).sum(axis=2))
    assert np.ptp(changed.severity, axis=1).max() == 0.0
    assert np.ptp(changed.history[~np.eye(len(world.size), dtype=bool)]) == pytest.approx(0.0)
    for name, value in world._asdict().items():
        assert np.asarray(getattr(changed, name)).dtype == np.asarray(value).dtype, name


# --- switches -------------------------------------------------------------------------------------------


def test_every_pattern_has_a_switch_or_a_reason_why_not() -> None:
    assert set(SWITCHES) == set(BY_NAME)
    for name, switch in SWITCHES.items():
        does = bool(switch.values) or switch.level is not None or switch.change is not type(switch)().change
        assert does != bool(switch.none), name
        assert set(switch.values) <= set(parameters.PARAMETERS), name


def test_without_takes_a_number_out_of_every_institution() -> None:
    world = (
        Setup(patterns_config(), Sets.at_point(parameters.defaults()[None, :]), 0, 1, Silent()).plan(status_quo()).world
    )
    assert world.institution.lobby.max() > 0.0
    changed = without("lobby")(world)
    assert changed.institution.lobby.max() == 0.0
    assert (changed.institution.quota == world.institution.quota).all()
    with pytest.raises(ValueError, match="mistake"):
        without("mistake")(world)


def test_a_pattern_fails_without_its_mechanism_and_not_for_another() -> None:
    """A default weighs nothing: P11a. Thinning ends nothing: P9a. The sets are few; off, both are exactly 0 or less."""
    values = np.repeat(parameters.defaults()[None, :], 3, axis=0)
    asked = tuple(BY_NAME[name] for name in ("P9a", "P11a", "P7"))
    assert switched_off(patterns_config(), asked, Sets.at_point(values), 2, Silent()) == {
        "P9a": True,
        "P11a": True,
        "P7": None,
    }


# --- what the model shows -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def seen() -> pd.DataFrame:
    """Every pattern over a part of the shipped sets, with other random draws than those of the shipped table."""
    config = patterns_config(f"replicates={5 * SETS}", "seed=2", "parameters=plausible")
    return jobs.patterns(config).patterns.set_index("pattern")


@pytest.mark.pattern
@pytest.mark.slow
@pytest.mark.parametrize("short", [pattern.id for pattern in required()])
def test_the_model_does_not_show_the_contrary(short: str, seen: pd.DataFrame) -> None:
    """The 95 % interval over the sets reaches into the bounds; with so few sets more cannot be asked."""
    row = seen.loc[short]
    assert row["high"] >= BY_NAME[short].low, row.to_dict()
    assert row["low"] <= BY_NAME[short].high, row.to_dict()


@pytest.mark.pattern
@pytest.mark.slow
def test_most_patterns_are_clear(seen: pd.DataFrame) -> None:
    asked = [pattern.id for pattern in required()]
    assert (seen.loc[asked, "verdict"] == "pass").mean() >= 0.75


@pytest.mark.pattern
@pytest.mark.slow
def test_the_shipped_table_is_of_this_model(seen: pd.DataFrame) -> None:
    """Every mean lies within five standard errors of the shipped one, its own error and that of the table together."""
    shipped = pd.read_csv(TABLE.with_name("patterns.csv")).set_index("pattern")
    assert list(shipped.index) == list(seen.index)
    error = np.hypot(*((table["high"] - table["low"]) / 3.92 for table in (shipped, seen)))
    apart = (shipped["mean"] - seen["mean"]).abs() / error.clip(lower=1e-9)
    assert apart[apart > 5.0].to_dict() == {}


def patterns_config(*overrides: str) -> PatternsConfig:
    config = bresim.load("patterns", ["parameters=point", *overrides])
    assert isinstance(config, PatternsConfig)
    return config


def status_quo() -> list[tuple[str, Any]]:
    return [("status_quo", bresim.governance.load_design("status_quo"))]
