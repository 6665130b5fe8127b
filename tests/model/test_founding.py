"""What a design does apart from whether it is founded: both foundings meet the same luck."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

import bresim
from bresim.governance import load_design, shipped_designs
from bresim.model import RegionModel
from bresim.results import Result
from bresim.runner import ensemble
from tests.model.worlds import POLICY_START, columns_of, founded, jobs_of, region_named, run, same, world_of

DESIGNS = ("status_quo", "coalition_of_the_willing", "joint_arrangement", "regio_deal_continued")
SMALL = (f"designs=[{','.join(DESIGNS)}]", "replicates=5", "undercurrent_replicates=2", "figures=false", "report=false")
TABLES = ("runs", "series", "municipalities", "initiatives", "dyads", "undercurrent_runs")


@cache
def compared(founding: str) -> Result:
    return bresim.compare(bresim.load("compare", [*SMALL, "parameters=prior", "seed=4", f"founding={founding}"]))


def plain(table: pd.DataFrame) -> pd.DataFrame:
    """Names as text: which names a column could hold does not matter."""
    return table.astype(dict.fromkeys(table.select_dtypes("category"), str))


def needs_no_vote(name: str) -> bool:
    """Neither of the municipalities nor, for steering, of the provincial council."""
    design = load_design(name)
    return design.aggregation.adoption_quota == 0.0 and design.payoff.steering == 0.0


def test_at_once_founds_every_design_at_policy_start() -> None:
    runs = compared("both").runs
    at_once, vote = (runs[runs["founding"] == founding] for founding in ("at_once", "vote"))
    assert (at_once["adopted_quarter"] == compared("both").config.policy_quarter).all()  # type: ignore[attr-defined]
    assert vote["adopted"].mean() < 1.0


@pytest.mark.parametrize("name", TABLES)
def test_a_design_that_needs_no_vote_is_the_same_under_both(name: str) -> None:
    table = getattr(compared("both"), name)
    free = [design for design in DESIGNS if needs_no_vote(design)]
    assert free == ["status_quo"]
    table = table[table["design"].isin(free)].drop(columns="founding")
    founding = getattr(compared("both"), name).loc[table.index, "founding"]
    one, other = (table[founding == name].reset_index(drop=True) for name in ("vote", "at_once"))
    assert len(one)
    pd.testing.assert_frame_equal(one, other, check_exact=True)


@pytest.mark.parametrize("founding", ["vote", "at_once"])
def test_both_are_what_each_is_alone(founding: str) -> None:
    for name in (*TABLES, "summary"):
        alone = getattr(compared(founding), name)
        together = getattr(compared("both").under(founding), name)  # type: ignore[arg-type]
        pd.testing.assert_frame_equal(plain(alone), plain(together), check_exact=True)


def test_the_founding_matters_where_a_vote_may_be_lost() -> None:
    runs = compared("both").runs.set_index(["design", "founding", "replicate"])
    start, lost = compared("both").config.policy_quarter, []  # type: ignore[attr-defined]
    for design in DESIGNS:
        value, quarter = runs["public_value_direct"].loc[design], runs["adopted_quarter"].loc[design]
        apart = value["vote"].to_numpy() != value["at_once"].to_numpy()
        later = (quarter["vote"] != start).to_numpy()
        again = runs["dissolved"].loc[design]["vote"].to_numpy() > 0.0  # and founded again, which at once it is not
        assert apart[later].all(), design
        assert not apart[~later & ~again].any(), design
        lost += [design] * bool(apart.any())
    assert len(lost) >= 2
    assert not any(map(needs_no_vote, lost))


def test_a_run_without_a_vote_costs_nothing_more() -> None:
    """Of a family with both foundings of each design only those that come apart are runs of their own."""
    names = ["status_quo", "coalition_of_the_willing", "lobby_construct"]
    designs = [load_design(names[0]), founded(load_design(names[1])), load_design(names[2])]
    world = world_of(designs, region_named("zuid_limburg"))
    jobs = np.repeat(jobs_of(len(names), 1), 2)
    jobs["at_once"] = [False, True] * len(names)
    ensemble._FREE.clear()
    recorded = run(world, jobs, region_named("zuid_limburg"), workers=1)
    (scratch,) = ensemble._FREE
    heads = scratch.room.members["head"][: len(jobs)].tolist()
    assert heads[:4] == [0, 0, 2, 2]
    assert same(recorded.runs[0], recorded.runs[1])
    assert same(recorded.runs[2], recorded.runs[3])


def test_at_once_is_a_vote_that_is_won_at_policy_start() -> None:
    """Founded in the same quarter, the two leave the same; else they do not."""
    names = [name for name in shipped_designs() if not needs_no_vote(name)]
    region = region_named("zuid_limburg")
    world = world_of([load_design(name) for name in names], region)
    jobs = jobs_of(len(names), 10)
    others = jobs.copy()
    others["at_once"] = True
    voted, at_once = run(world, jobs, region), run(world, others, region)
    quarter, refused, dissolved = (
        voted.runs[:, columns_of(region).index(name)] for name in ("adopted_quarter", "refused", "dissolved")
    )
    won = quarter == POLICY_START
    for row in range(len(jobs)):
        if not won[row]:
            assert not same(voted.runs[row], at_once.runs[row])
        elif not refused[row] and not dissolved[row]:  # what is dissolved may be founded again by a vote, and only so
            assert same(voted.runs[row], at_once.runs[row])
    assert (won & (refused == 0.0) & (dissolved == 0.0)).any()


def test_steering_that_was_not_granted_is_founded_where_the_provincial_council_backs_it() -> None:
    """At once in half of the parameter sets, as the prior is even around one half; later elections add some."""
    config = bresim.load("compare", ["designs=[provincial_steering]", "replicates=200", "parameters=prior", "seed=4",
                                     "figures=false", "report=false"])  # fmt: skip
    result = bresim.compare(config)
    runs = result.runs[(result.runs["design"] == "provincial_steering") & (result.runs["founding"] == "vote")]
    at_once = (runs["adopted_quarter"] == config.policy_quarter).mean()
    assert 0.4 < at_once < 0.6
    assert at_once < runs["adopted"].mean() < 1.0
    assert (runs["refused"] == 0.0).all(), "nothing was put to the vote of the municipalities"


def test_a_model_in_mesa_takes_one_founding() -> None:
    config = compared("both").config
    rows = compared("both").runs.set_index(["design", "founding", "replicate"])
    for given, founding in (({}, "vote"), ({"founding": "at_once"}, "at_once")):
        model = RegionModel(config, replicate=3, design="joint_arrangement", **given)  # type: ignore[arg-type]
        while model.running:
            model.step()
        expected = rows.loc[("joint_arrangement", founding, 3), list(model.outcomes())].to_numpy(dtype=np.float64)
        assert same(np.array(list(model.outcomes().values())), expected)
        tables = model.result().tables()
        assert all(set(table["founding"]) == {founding} for name, table in tables.items() if name != "events")
