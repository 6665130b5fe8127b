"""The recommended package: which it is, and what it does in every world, in every municipality and begun later."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bresim import tabulate
from bresim.brief import advised
from bresim.brief.advised import EXPLAINED, LATER, PACKAGE, later, package_local, package_worlds, recommended
from bresim.brief.designs import COLUMNS as DESIGN_COLUMNS
from bresim.brief.packages import COLUMNS
from bresim.brief.runs import MEASURED, cases_of, draws_of, estimate, run_cases
from bresim.brief.worlds import levels, scenarios, worlds
from bresim.common.progress import Silent
from bresim.conventions import HEADLINE, REFERENCE
from bresim.governance import load_design
from bresim.jobs import run_plan
from bresim.plan import Case, make_plan
from bresim.region import load_region
from tests.brief.conftest import config_of

TWO = "designs=[status_quo,regiobureau]"


def packages_of(*rows):
    """(kind, place, parts, gain, low) of each package."""
    table = pd.DataFrame(0.0, index=range(len(rows)), columns=COLUMNS).astype({"kind": object, "parts": object})
    for at, (kind, place, parts, gain, low) in enumerate(rows):
        table.loc[at, ["kind", "place", "parts", "gain", "low"]] = kind, place, parts, gain, low
        table.loc[at, "size"] = len(parts.split(";"))
    return table


def designs_of(**gains):
    table = pd.DataFrame(0.0, index=range(len(gains)), columns=DESIGN_COLUMNS).astype({"design": object})
    table["design"], table["gain"] = list(gains), list(gains.values())
    return table


SOME = packages_of(
    ("measures", 1, "a", 0.02, 0.01),
    ("measures", 2, "b", 0.06, 0.05),
    ("measures", 1, "a;b", 0.05, 0.04),
    ("measures", 1, "a;b;c", 0.07, 0.06),
    ("mixed", 1, "x", 0.09, 0.08),
)


@pytest.mark.parametrize(
    ("gains", "parts"),
    [
        ({"one": 0.05, "two": 0.01}, "a;b"),  # the fewest that yield no less
        ({"one": 0.051}, "a;b;c"),
        ({"one": 0.2}, "a;b;c"),  # none does: the best of them
        ({"one": 0.01, MEASURED: 0.06}, "a"),  # today's way with measures is no design
    ],
)
def test_the_fewest_measures_that_yield_no_less_than_the_best_design(gains, parts):
    found = recommended(SOME, designs_of(**gains))
    assert found is not None
    assert found["parts"] == parts


def test_nothing_is_recommended_that_is_not_clear():
    assert recommended(SOME.assign(low=0.0), designs_of(one=0.05)) is None
    assert recommended(SOME.iloc[:0], designs_of(one=0.05)) is None
    assert recommended(SOME, designs_of(**{MEASURED: 0.05})) is None


@pytest.fixture(scope="module")
def case():
    """(configuration, package, today) of a small job."""
    config = config_of("replicates=10", TWO)
    package = {"parts": "monitoring;binding_agreements", "gain": 0.5, "low": 0.4, "high": 0.6}
    return config, package, load_design(REFERENCE)


MEASURES = {"monitoring": 1.0, "binding_agreements": 1.0}


def test_every_world_of_the_designs_has_the_package(case):
    config, package, today = case
    table = package_worlds(config, package, today, Silent())
    assert len(table) == len(list(scenarios(config))) * len(levels(config))
    runs = tabulate.runs_table(*planned(config))
    of_designs = worlds(config, runs, Silent()).drop_duplicates(["scenario", "undercurrent"])
    assert list(zip(table["scenario"], table["undercurrent"], strict=True)) == list(
        zip(of_designs["scenario"], of_designs["undercurrent"], strict=True)
    )
    own = (table["scenario"] == config.scenario["name"]) & (table["undercurrent"] == config.undercurrent.label)
    # the job's own world is told by the packages
    assert table[own][["gain", "low", "high", "holds"]].values.tolist() == [[0.5, 0.4, 0.6, True]]
    other = next(one for one in scenarios(config) if one.scenario["name"] == "water_crisis")
    level = next(one for one in levels(config) if one.label == "strong")
    alone = other.model_copy(update={"founding": "at_once"})
    cases = [Case(REFERENCE, today, {}), Case("x", today, MEASURES)]
    sets = [0, 5]  # one future of each parameter set
    value = run_cases(alone, cases, sets, Silent(), [level])[HEADLINE][:, 0, 0]
    expected = estimate(value[1] - value[0], draws_of(config, sets))
    row = table[(table["scenario"] == "water_crisis") & (table["undercurrent"] == "strong")].iloc[0]
    assert (row["gain"], row["holds"]) == (expected.mean, expected.above_zero)


def planned(config):
    plan = make_plan(config, range(config.replicates), cases=cases_of(config))
    return plan, run_plan(plan, Silent())


def test_what_it_gains_each_municipality_is_that_of_the_table_of_municipalities(case):
    config, package, today = case
    names = load_region(config.region).names
    draws = draws_of(config, range(config.replicates))
    table = package_local(config, package, today, names, draws, Silent()).set_index("municipality")
    assert list(table.index) == list(names)
    cases = [Case(REFERENCE, today, {}), Case("x", today, MEASURES)]
    plan = make_plan(config.model_copy(update={"founding": "at_once"}), range(config.replicates), cases=cases)
    local = tabulate.municipalities_table(plan, run_plan(plan, Silent(), details=True))
    wide = local.astype({"design": str, "municipality": str}).pivot(
        index=["municipality", "replicate"], columns="design", values=HEADLINE
    )
    gains = (wide["x"] - wide[REFERENCE]).unstack()
    np.testing.assert_allclose(table["gain"], gains.mean(axis=1).loc[list(names)], rtol=1e-12)
    assert table["gain"].abs().max() > 0.0


def test_what_begins_later_is_that_of_a_later_policy_start(case):
    config, package, today = case
    draws = draws_of(config, range(config.replicates))
    table = later(config, package, load_design("regiobureau"), today, draws, Silent()).set_index("what")
    assert list(table.index) == [EXPLAINED, PACKAGE]
    assert config.time.policy_start == "2024-Q1"
    late = config_of("replicates=10", TWO, "time.policy_start=2027-Q1").model_copy(update={"founding": "at_once"})
    cases = [*cases_of(late), Case("x", today, MEASURES)]
    value = run_cases(late, cases, range(10), Silent())[HEADLINE][:, 0, 0]
    for at, what in ((1, EXPLAINED), (2, PACKAGE)):
        assert table.loc[what, "gain"] == estimate(value[at] - value[0], draws).mean
    alone = later(config, None, load_design("regiobureau"), today, draws, Silent())
    assert list(alone["what"]) == [EXPLAINED]


def test_nothing_is_told_of_a_later_start_that_leaves_too_little_time(case, monkeypatch):
    config, package, today = case
    monkeypatch.setattr(advised, "run_cases", None)  # nothing is run
    time = config.time.model_copy(update={"end": config.time.dates[config.policy_quarter + 2 * LATER - 2]})
    short = config.model_copy(update={"time": time})
    assert later(short, package, today, today, np.zeros(10), Silent()).empty
