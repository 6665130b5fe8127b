"""Who stays out: of which design, with what, and who cannot be missed."""

from __future__ import annotations

import numpy as np
import pytest

from bresim.brief.absence import LEFT_OUT, NEEDED, NOT_IN, Absent, absence, absentees, without
from bresim.brief.runs import LOCAL, cases_of, draws_of, run_cases
from bresim.common.progress import Silent
from bresim.conventions import FOUNDINGS, HEADLINE
from bresim.governance import compile_design, load_design
from bresim.plan import Case
from bresim.region import load_region
from tests.brief.conftest import config_of

FIVE = ("Torenhaven", "Molenkade", "Rietwaard", "Steenrug", "Heidekamp")


@pytest.fixture(scope="module")
def region():
    return load_region(config_of().region)


@pytest.fixture(scope="module")
def zuid_limburg():
    return load_region(config_of("region=zuid_limburg").region)


def test_each_subregion_then_each_municipality(region):
    found = absentees(region)
    assert [(absent.who, absent.kind) for absent in found] == [
        ("De Oever", "subregion"), ("De Hoogte", "subregion"), *((name, "municipality") for name in FIVE),
    ]  # fmt: skip
    assert found[1].members == ("Steenrug", "Heidekamp")
    assert [absent.members for absent in found[2:]] == [(name,) for name in FIVE]


def test_sixteen_municipalities_have_three_subregions(zuid_limburg):
    found = absentees(zuid_limburg)
    assert [absent.kind for absent in found].count("municipality") == 16
    assert sum(len(absent.members) for absent in found if absent.kind == "subregion") == 16


def eligible(design, region):
    return {name for name, one in zip(region.names, compile_design(design, region).eligible, strict=True) if one}


def test_only_the_absent_go_and_nothing_else_changes(region):
    design = load_design("regiobureau")
    changed = without(design, Absent("De Hoogte", "subregion", ("Steenrug", "Heidekamp")), region)
    assert eligible(changed, region) == {"Torenhaven", "Molenkade", "Rietwaard"}
    for section in ("position", "choice", "aggregation", "information", "payoff", "scope"):
        assert getattr(changed, section) == getattr(design, section)
    assert {coding.origin for coding in changed.codings.values()} >= {"regiobureau"}


def test_a_design_for_ten_of_sixteen(zuid_limburg):
    design = load_design("regio_deal")
    ten = eligible(design, zuid_limburg)
    assert len(ten) == 10
    for absent in absentees(zuid_limburg):
        changed = without(design, absent, zuid_limburg)
        if changed is not None:
            assert eligible(changed, zuid_limburg) == ten - set(absent.members)


def changed_boundary(name, **update):
    design = load_design(name)
    return design.model_copy(update={"boundary": design.boundary.model_copy(update=update)})


def test_who_cannot_be_missed(region):
    assert (
        without(changed_boundary("regiobureau", min_members=5), Absent("H", "municipality", ("Heidekamp",)), region)
        is None
    )
    assert without(changed_boundary("regiobureau", min_members=4), Absent("H", "municipality", ("Heidekamp",)), region)
    two = changed_boundary("regiobureau", eligible=("Torenhaven", "Steenrug"))
    assert without(two, Absent("S", "municipality", ("Steenrug",)), region) is None
    # the board supplies the bureau: without all of its members there is none, without one there is
    deal = load_design("regio_deal")
    board = ("Torenhaven", "Steenrug", "Molenkade")
    assert without(deal, Absent("board", "subregion", board), region) is None
    assert without(deal, Absent("one", "municipality", board[:1]), region)


def test_rows_say_what_was_simulated_and_what_could_not_be():
    config = config_of("replicates=6", "designs=[status_quo,regio_deal]")
    region = load_region(config.region)
    # De Oever has all but one of the four that are in: without it one is left
    design = load_design("regio_deal")
    main = run_cases(config, cases_of(config), range(6), Silent())[HEADLINE][1, FOUNDINGS.index("at_once"), 0]
    table = absence(config, design, region, main, draws_of(config, range(6)), Silent())
    status = {(row["kind"], row["who"]): row["status"] for row in table.to_dict("records")}
    assert status == {
        ("subregion", "De Oever"): NEEDED, ("subregion", "De Hoogte"): LEFT_OUT,
        ("municipality", "Torenhaven"): LEFT_OUT, ("municipality", "Molenkade"): LEFT_OUT,
        ("municipality", "Rietwaard"): LEFT_OUT, ("municipality", "Steenrug"): LEFT_OUT,
        ("municipality", "Heidekamp"): NOT_IN,
    }  # fmt: skip
    simulated = table[table["status"] == LEFT_OUT].set_index("who")
    every = ["change", "low", "high", "own", "own_low", "own_high", "chance"]
    assert np.isfinite(simulated[every]).all(axis=None)
    assert table[table["status"] != LEFT_OUT][every].isna().all(axis=None)
    # of De Hoogte only Steenrug was in: the two rows are of the same design
    numbers = ["change", "low", "high", "chance"]
    assert list(simulated.loc["De Hoogte", numbers]) == list(simulated.loc["Steenrug", numbers])


def test_the_change_is_to_the_design_with_the_measures_of_the_job():
    config = config_of("replicates=6", "designs=[status_quo,regiobureau]", "measures.monitoring=1")
    region, design = load_region(config.region), load_design("regiobureau")
    cases = cases_of(config)
    main = run_cases(config, cases, range(6), Silent())[HEADLINE][2, FOUNDINGS.index("at_once"), 0]
    table = absence(config, design, region, main, draws_of(config, range(6)), Silent()).set_index("who")
    alone = without(design, absentees(region)[-1], region)
    value = run_cases(config, [Case("x", alone, {"monitoring": 1.0})], range(6), Silent())
    expected = value[HEADLINE][0, FOUNDINGS.index("at_once"), 0] - main
    assert table.loc["Heidekamp", "change"] == expected.mean()
    both = run_cases(config, [cases[2], Case("x", alone, {"monitoring": 1.0})], range(6), Silent(), names=(LOCAL,))
    local = both[LOCAL][:, FOUNDINGS.index("at_once"), 0, :, region.names.index("Heidekamp")]
    assert table.loc["Heidekamp", "own"] == (local[1] - local[0]).mean() != 0.0
    assert table.loc["Heidekamp", "own_low"] <= table.loc["Heidekamp", "own"] <= table.loc["Heidekamp", "own_high"]
    assert table.loc["Heidekamp", "chance"] == value["adopted"][0, FOUNDINGS.index("vote"), 0].mean()


def test_what_a_subregion_loses_itself_is_the_mean_of_its_municipalities(region, monkeypatch):
    from bresim.brief import absence as module

    config = config_of("replicates=3", "designs=[status_quo,regiobureau]")
    both = Absent("De Hoogte", "subregion", ("Steenrug", "Heidekamp"))
    monkeypatch.setattr(module, "absentees", lambda region: [both])
    design, main, draws = load_design("regiobureau"), np.zeros(3), draws_of(config, range(3))
    table = absence(config, design, region, main, draws, Silent())
    cases = [Case("with", design, {}), Case("without", without(design, both, region), {})]
    local = run_cases(config, cases, range(3), Silent(), names=(LOCAL,))[LOCAL][:, FOUNDINGS.index("at_once"), 0]
    change = (local[1] - local[0]).mean(axis=0)
    assert table["own"].iloc[0] == pytest.approx((change[3] + change[4]) / 2, rel=1e-12)
    assert table["own"].iloc[0] != change[3]


def test_a_subregion_may_have_the_name_of_a_municipality(region, monkeypatch):
    from bresim.brief import absence as module

    config = config_of("replicates=3", "designs=[status_quo,regiobureau]")
    twins = [
        Absent("Steenrug", "subregion", ("Steenrug", "Heidekamp")),
        Absent("Steenrug", "municipality", ("Steenrug",)),
    ]
    monkeypatch.setattr(module, "absentees", lambda region: twins)
    main, draws = np.zeros(3), draws_of(config, range(3))
    table = absence(config, load_design("regiobureau"), region, main, draws, Silent())
    assert list(table["kind"]) == ["subregion", "municipality"]
    assert table["change"].nunique() == 2
