"""The tables agree with themselves and with each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import bresim
from bresim import columns, tabulate
from bresim.columns import RUN_KEYS, STATE_OUTCOMES
from bresim.columns.runs import BALLOT_TERMS, CAPACITY_USE
from bresim.common.progress import Silent
from bresim.jobs import run_plan
from bresim.model import RegionModel
from bresim.plan import Plan, make_plan
from bresim.runner.ensemble import Recorded
from bresim.world import BESIDE

DESIGNS = ["status_quo", "regio_deal", "provincial_steering", "lead_municipality", "joint_arrangement"]
KEYS = ["design", "replicate"]


@pytest.fixture(scope="module")
def made() -> tuple[Plan, Recorded]:
    overrides = [f"designs=[{','.join(DESIGNS)}]", "parameters=prior", "undercurrent=strong", "seed=5", "founding=vote"]
    plan = make_plan(bresim.load("compare", overrides), range(20))
    return plan, run_plan(plan, Silent(), series=True, details=True)


@pytest.fixture(scope="module")
def initiatives(made: tuple[Plan, Recorded]) -> pd.DataFrame:
    return tabulate.initiatives_table(*made)


@pytest.fixture(scope="module")
def runs(made: tuple[Plan, Recorded]) -> pd.DataFrame:
    return tabulate.runs_table(*made).set_index(KEYS)


def test_the_columns(made: tuple[Plan, Recorded], initiatives: pd.DataFrame) -> None:
    plan, recorded = made
    outcomes = [outcome.name for outcome in tabulate.outcomes_of(plan.region)]
    table = tabulate.runs_table(plan, recorded)
    assert list(table.columns) == [*RUN_KEYS, *outcomes]
    assert len(table) == len(DESIGNS) * 20
    assert not table.duplicated(KEYS).any()
    series = tabulate.series_table(plan, recorded)
    assert list(series.columns)[-len(STATE_OUTCOMES) :] == [outcome.name for outcome in STATE_OUTCOMES]
    assert len(series) == len(table) * 60
    assert series["date"].iloc[20] == "2024-Q1"
    last = series[series["quarter"] == 59]
    for outcome in STATE_OUTCOMES:
        assert np.array_equal(last[outcome.name], table[outcome.name], equal_nan=True), outcome.name
    dyads = tabulate.dyads_table(plan, recorded)
    assert len(dyads) == len(DESIGNS) * 3 * 16 * 15
    assert not (dyads["source"].astype(str) == dyads["target"].astype(str)).any()
    usual = {"completed", "failed", "deadlocked", "negotiating", "executing"}
    assert usual <= set(initiatives["outcome"].astype(str)) <= {*usual, "lapsed"}


def test_the_votes_say_what_came_of_the_runs(made: tuple[Plan, Recorded], runs: pd.DataFrame) -> None:
    """Terms add up to the chance; lost and carried votes are those that the runs count."""
    votes = tabulate.votes_table(*made)
    assert list(votes.columns) == list(columns.table_of("votes", "compare").names())
    terms = votes[[term.name for term in BALLOT_TERMS]].fillna(0.0).sum(axis=1)
    assert np.allclose(votes["chance"], 1.0 / (1.0 + np.exp(-terms)), atol=1e-12)
    assert abs((votes["yes"] - votes["chance"]).mean()) < 4.0 * 0.5 / len(votes) ** 0.5
    held = votes.astype({"design": str}).groupby([*KEYS, "quarter", "question"], observed=True)
    assert (held["carried"].nunique() == 1).all()
    assert held["municipality"].nunique().isin({10, 16}).all()
    result = held["carried"].first().reset_index()
    for question, carried, outcome in (("founding", False, "refused"), ("dissolution", True, "dissolved")):
        chosen = result[(result["question"] == question) & (result["carried"] == carried)]
        counted = chosen.groupby(KEYS).size().reindex(runs.index, fill_value=0)
        told = runs[outcome].astype(int)
        assert (counted == told if outcome == "refused" else counted.clip(upper=1) == told).all(), outcome
        assert counted.sum() > 0, outcome
    first = result[(result["question"] == "founding") & result["carried"]].groupby(KEYS)["quarter"].first()
    assert (runs.loc[first.index, "adopted_quarter"] == first).all()


def test_without_a_vote_there_is_no_table(made: tuple[Plan, Recorded]) -> None:
    plan, recorded = made
    assert tabulate.votes_table(plan, replace(recorded, ballots=recorded.ballots[:0])).empty
    assert len(run_plan(plan, Silent()).ballots) == 0, "only when details are recorded"


def test_an_initiative_is_consistent(made: tuple[Plan, Recorded], initiatives: pd.DataFrame) -> None:
    members = initiatives["members"].astype(str)
    assert (members.map(lambda text: len([one for one in text.split(";") if one])) == initiatives["size"]).all()
    names = set(made[0].region.names)
    assert {one for text in members.unique() for one in text.split(";") if one} <= names
    opened, agreed, ended = (initiatives[name] for name in ("opened", "agreed", "ended"))
    outcome = initiatives["outcome"].astype(str)
    assert opened.between(0, 59).all()
    assert (opened <= agreed)[agreed.notna()].all()
    assert (agreed <= ended)[agreed.notna() & ended.notna()].all()
    inherited = initiatives["inherited"]
    assert (outcome.isin(["completed", "failed", "executing"]) == agreed.notna())[~inherited].all()
    assert inherited.any()
    assert (opened[inherited] == 0).all()
    assert (outcome.isin(["completed", "failed", "deadlocked", "lapsed"]) == ended.notna()).all()
    # eligible is counted at opening: only where the institution stays may nobody join from outside
    same_rules = initiatives["design"].astype(str) == "status_quo"
    assert (initiatives["size"] <= initiatives["eligible"])[same_rules].all()
    assert (initiatives["coerced"] <= initiatives["eligible"]).all()
    assert (~initiatives["imposed"] | agreed.notna()).all()


def test_members_come_from_their_arena(made: tuple[Plan, Recorded], initiatives: pd.DataFrame) -> None:
    region = made[0].region
    for arena in region.arenas:
        inside = {name for name, member in zip(region.names, arena.members, strict=True) if member}
        texts = initiatives.loc[initiatives["arena"].astype(str) == arena.name, "members"].astype(str).unique()
        assert {one for text in texts for one in text.split(";") if one} <= inside, arena.name


def test_a_theme_has_one_initiative_at_a_time_in_an_arena(initiatives: pd.DataFrame) -> None:
    ordered = initiatives.astype({"theme": str, "arena": str, "design": str}).sort_values("opened", kind="stable")
    for _, group in ordered.groupby(["design", "replicate", "arena", "theme"]):
        assert group["ended"].iloc[:-1].notna().all()
        assert (group["opened"].iloc[1:].to_numpy() > group["ended"].iloc[:-1].to_numpy()).all()


def test_counts_in_runs_are_those_of_the_table(
    made: tuple[Plan, Recorded], runs: pd.DataFrame, initiatives: pd.DataFrame
) -> None:
    at_scale = [*(arena.name for arena in made[0].region.arenas if arena.scale == "regional"), BESIDE]
    region = initiatives[initiatives["arena"].astype(str).isin(at_scale)].astype({"design": str})
    start = made[0].config.policy_quarter
    outcome = region["outcome"].astype(str)

    def count(keep: pd.Series) -> pd.Series:
        return region[keep].groupby(KEYS).size().reindex(runs.index, fill_value=0).astype(float)

    late = region["ended"] >= start
    agreed = region["agreed"] >= start
    for name, keep in {
        "agreements": agreed, "imposed": agreed & region["imposed"], "deadlocks": late & (outcome == "deadlocked"),
        "completed": late & (outcome == "completed"), "failed": late & (outcome == "failed"),
    }.items():  # fmt: skip
        assert (count(keep) == runs[name]).all(), name
    assert runs["imposed"].sum() > 0
    assert runs["deadlocks"].sum() > 0
    waited = (region["agreed"] - region["opened"])[agreed].groupby([region["design"], region["replicate"]]).mean()
    expected = waited.reindex(runs.index)
    assert np.allclose(expected, runs["quarters_to_agreement"], equal_nan=True)
    first = region[(outcome == "completed") & (region["opened"] >= start)].groupby(KEYS)["ended"].min() - start
    assert np.array_equal(first.reindex(runs.index), runs["quarters_to_first_result"], equal_nan=True)


def test_municipalities_and_the_worst_off(made: tuple[Plan, Recorded], runs: pd.DataFrame) -> None:
    towns = tabulate.municipalities_table(*made).astype({"design": str})
    assert len(towns) == len(runs) * 16
    worst = towns.groupby(KEYS)["public_value_direct"].min().reindex(runs.index)
    assert np.allclose(worst, runs["public_value_worst_municipality"], rtol=0, atol=1e-15)
    trust = towns.groupby(KEYS)["trust_given"].mean().reindex(runs.index)
    assert np.allclose(trust, runs["trust_mean"])
    assert np.allclose(towns.groupby(KEYS)["support"].mean().reindex(runs.index), runs["support_mean"])


def test_value_by_scale_and_theme_of_municipalities_adds_up(made: tuple[Plan, Recorded], runs: pd.DataFrame) -> None:
    """Weighed by what is attainable, shares by scale and by theme make those of the municipality and of the region."""
    plan = made[0]
    towns = tabulate.municipalities_table(*made).astype({"design": str}).set_index(KEYS)
    attainable = plan.world.attainable_direct  # (K, 3, N)
    scales = [f"public_value_{scale}" for scale in ("regional", "subregional", "local")]
    themes = [f"public_value_{theme.name}" for theme in plan.region.themes]
    assert list(towns.columns[-len(themes) :]) == themes
    for names, weights in ((scales, attainable.sum(axis=0)), (themes, attainable.sum(axis=1))):
        shares = towns[names].to_numpy().reshape(len(runs), -1, len(names))  # (R, N, scales or themes)
        assert np.array_equal(np.isnan(shares), np.broadcast_to(weights.T == 0.0, shares.shape))
        parts = np.nan_to_num(shares) * weights.T
        whole = (parts.sum(axis=2) / weights.sum(axis=0)).reshape(-1)
        assert np.allclose(whole, towns["public_value_direct"], rtol=0, atol=1e-12)
        region = parts.sum(axis=1) / weights.sum(axis=1)
        assert np.allclose(region, runs[names], rtol=0, atol=1e-12)
        assert (region > 0.0).any(axis=0).all()


def test_agreements_of_municipalities_are_those_that_they_signed_when_they_were_made() -> None:
    """What a municipality signs that joins in execution, if there is any, is not among them."""
    overrides = ["designs=[status_quo,provincial_steering_mandated,regiobureau]", "seed=5", "founding=at_once"]
    plan = make_plan(bresim.load("compare", overrides), range(6))
    recorded = run_plan(plan, Silent(), details=True, events=True)
    events = tabulate.events_table(plan, recorded).astype(dict.fromkeys(("theme", "arena", "event"), str))
    events = events.assign(run=tabulate.events_runs(recorded))
    events = events[events["quarter"] >= plan.config.policy_quarter]
    place = ["run", "quarter", "arena", "theme"]
    made = events.loc[events["event"].isin(["agreed", "imposed"]), place]
    signed = events.loc[events["event"] == "signed", [*place, "municipality"]]
    at_once = signed.merge(made, on=place)
    counted = at_once.groupby(["run", "municipality"], observed=False).size().unstack().to_numpy()
    assert np.array_equal(recorded.municipalities["agreements"], counted)
    assert (counted > 0).any()


def test_fte_of_municipalities_is_the_mean_of_the_capacity_table() -> None:
    """Over the policy window, with or without that table, and added up quarter by quarter, so to the bit."""
    overrides = ["designs=all", "seed=5", "founding=both"]
    plan = make_plan(bresim.load("compare", overrides), range(3))
    recorded = run_plan(plan, Silent(), details=True, events=True)
    start, last = plan.config.policy_quarter, plan.config.quarters
    assert start > 0
    purposes = [use.name for use in CAPACITY_USE[1:]]
    means = {name: sum(recorded.capacity[name][:, t] for t in range(start, last)) / (last - start) for name in purposes}
    for name, mean in means.items():
        assert np.array_equal(recorded.municipalities[f"fte_{name}"], mean), name
        assert (mean > 0.0).any(), name
    capacity = recorded.capacity["capacity"][:, start:].mean(axis=1)
    assert np.allclose(sum(means.values()), capacity, rtol=1e-9, atol=0)
    without = run_plan(plan, Silent(), details=True).municipalities
    assert all(np.array_equal(without[f"fte_{name}"], mean) for name, mean in means.items())


def test_fte_of_a_run_is_the_mean_so_far() -> None:
    config = bresim.load("run", ["governance=regiobureau", "seed=5", "founding=at_once"])
    model = RegionModel(config)
    while model.running:
        model.step()
    result = model.result()
    start = config.policy_quarter
    for use in CAPACITY_USE[1:]:
        told, used = (
            table.pivot(index="quarter", columns="municipality", values=name)
            for table, name in ((result.municipalities, f"fte_{use.name}"), (result.capacity, use.name))
        )
        assert told.loc[: start - 1].isna().all(axis=None)
        assert np.allclose(told.loc[start:], used.loc[start:, told.columns].expanding().mean(), rtol=1e-12, atol=0)
