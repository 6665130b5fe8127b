"""Votes: those of a run of full length, the first only, and their reasons."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import yaml

from bresim import tabulate
from bresim.brief.runs import cases_of
from bresim.brief.votes import TERMS, first_votes, with_reasons
from bresim.common.paths import configs_dir
from bresim.common.progress import Silent
from bresim.jobs import run_plan
from bresim.plan import make_plan
from tests.brief.conftest import config_of

VOTED = ("regiobureau", "regio_deal", "coalition_of_the_willing")
FUTURES = np.array([0, 3, 5, 9])


def ballots_of_full_runs(config):
    """Every ballot of runs of full length in which a vote founds a design."""
    plan = make_plan(config.model_copy(update={"founding": "vote"}), FUTURES, cases=cases_of(config))
    return tabulate.votes_table(plan, run_plan(plan, Silent(), details=True)).astype(
        {"design": str, "municipality": str}
    )


def scenario_of(name, tmp_path):
    """A shipped scenario; ``own`` is one in which all that can change from policy start changes a lot."""
    if name != "own":
        return f"scenario={name}"
    content = yaml.safe_load((configs_dir() / "scenario" / "shrinkage.yaml").read_text(encoding="utf-8"))
    content["from_policy_start"] = {
        "capacity_change": -0.9, "population_change": -0.5, "severity_change": 1.0, "shocks": 3.0, "turnover": 3.0,
    }  # fmt: skip
    path = tmp_path / "own.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return f"scenario={path}"


@pytest.mark.parametrize("scenario", ["history", "austerity", "own"])
@pytest.mark.parametrize("measures", [(), ("measures.binding_agreements=1",)])
def test_means_are_those_of_the_first_vote_of_full_runs(scenario, measures, tmp_path):
    """A run that ends with the vote has the same ballots, bit for bit; later votes do not count."""
    config = config_of(scenario_of(scenario, tmp_path), *measures)
    found = first_votes(config, cases_of(config), FUTURES, Silent())
    ballots = ballots_of_full_runs(config)
    founding = ballots[ballots["question"] == "founding"]
    assert founding["quarter"].nunique() > 1  # there are later votes, which could have been counted
    first = founding[founding["quarter"] == config.policy_quarter]
    expected = first.groupby(["design", "municipality"], sort=False)[["chance", *TERMS]].mean().reset_index()
    pd.testing.assert_frame_equal(found, expected, check_exact=True, check_dtype=False)
    assert set(found["design"]) == set(VOTED)


def test_who_does_not_take_part_does_not_vote():
    config = config_of()
    found = first_votes(config, cases_of(config), FUTURES, Silent())
    voters = found.groupby("design")["municipality"].agg(set)
    assert len(voters["regiobureau"]) == 5
    assert voters["regio_deal"] == {"Torenhaven", "Molenkade", "Rietwaard", "Steenrug"}


def test_designs_that_need_no_vote_have_no_rows():
    config = config_of("designs=[status_quo,provincial_steering]")
    found = first_votes(config, cases_of(config), FUTURES, Silent())
    assert found.empty
    told = with_reasons(found, found.assign(measure=None))
    assert told.empty
    assert {"against", "for", "measure", "with_measure"} <= set(told.columns)


def ballot(municipality: str, chance: float, **terms: float) -> dict[str, object]:
    return {"design": "d", "municipality": municipality, "chance": chance, **dict.fromkeys(TERMS, 0.0), **terms}


def test_strongest_reasons_and_what_moves_the_vote():
    plain = pd.DataFrame([
        ballot("A", 0.4, trust=-0.5, autonomy=-0.7, money=0.2, urgency=0.1),
        ballot("B", 0.9, trust=0.3, urgency=0.5),
        ballot("C", 0.1, say=-0.1),
        ballot("D", 0.5),
    ])  # fmt: skip
    measured = pd.DataFrame([
        {**ballot("A", 0.5), "measure": "m"}, {**ballot("A", 0.6), "measure": "n"},
        {**ballot("A", 0.3), "measure": "o"},
        {**ballot("B", 0.9), "measure": "m"}, {**ballot("B", 0.8), "measure": "n"},
        {**ballot("C", 0.2), "measure": "m"}, {**ballot("C", 0.2), "measure": "n"},
    ])  # fmt: skip
    told = with_reasons(plain, measured).set_index("municipality")
    assert next(iter(told["against"])) == "autonomy"
    assert list(told["for"])[:2] == ["money", "urgency"]
    assert told["against"].isna().to_dict() == {"A": False, "B": True, "C": False, "D": True}
    assert told["for"].isna().to_dict() == {"A": False, "B": False, "C": True, "D": True}
    assert told.loc["C", "against"] == "say"
    assert (told.loc["A", "measure"], told.loc["A", "with_measure"]) == ("n", 0.6)
    assert told.loc["C", "measure"] == "m"
    assert told.loc[["B", "D"], "with_measure"].isna().all()  # nothing raises the one, nothing was tried for the other
    assert told.loc[["B", "D"], "measure"].isna().all()


def test_the_votes_of_a_brief_are_of_every_design_that_needs_one(small):
    assert set(small.votes["design"]) == set(VOTED)
    assert small.votes["chance"].between(0.0, 1.0).all()
    moved = small.votes.dropna(subset=["with_measure"])
    assert len(moved)
    assert (moved["with_measure"] > moved["chance"]).all()
