"""Corners of a region: municipalities that are alone, themes that nobody has a problem with, value of one kind only."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from benchmarks.mesa_yardstick.compare import TOLERANCE, check, plan_of
from bresim.columns import STATE_OUTCOMES
from bresim.columns.runs import MUNICIPALITY_OUTCOMES
from bresim.common.errors import InputError
from bresim.governance import Design, design_names, load_design
from bresim.kernel.state import LOCAL, REGIONAL, SUBREGIONAL
from bresim.region import Region, load_region
from bresim.runner.ensemble import Recorded
from bresim.tabulate import outcomes_of
from bresim.world import attainable
from tests.fixtures.regions import small_content
from tests.model.worlds import changed, columns_of, founded, jobs_of, run, world_of

#: Null where nothing of the kind happened, in any region.
MAY_NOT_HAPPEN = {
    "default_rate", "delay_rate", "quarters_to_agreement", "quarters_to_first_result", "adopted_quarter",
    "dissolved_quarter",
}  # fmt: skip
SHIPPED = [name for name in design_names() if load_design(name).compare]


def recorded_of(region: Region, *designs: Design, replicates: int = 2, quarters: int = 60) -> Recorded:
    world = world_of(designs, region, quarters=quarters)
    return run(world, jobs_of(len(designs), replicates), region, workers=1)


def outcomes_in(region: Region, recorded: Recorded) -> pd.DataFrame:
    return pd.DataFrame(recorded.runs, columns=columns_of(region))


def fitting(region: Region) -> list[Design]:
    """The shipped designs that the region can have, founded at once."""
    found = []
    for name in SHIPPED:
        design = founded(load_design(name))
        try:
            world_of([design], region, quarters=21)
        except InputError:
            continue
        found.append(design)
    return found


# --- municipalities that are alone ---------------------------------------------------------------------------------


@pytest.mark.parametrize("institution", ["informal_centre", "status_quo", "joint_arrangement", "regiobureau"])
def test_a_subregion_of_one_municipality_agrees(institution: str) -> None:
    """Corner: the institution asks for two members, and the subregion has one municipality."""
    region = load_region(small_content([4, 1], institution=institution))
    log = recorded_of(region, load_design("status_quo")).log
    alone = log[log["arena"] == 2]
    assert (alone["agreed"] >= 0).any()
    assert set(alone["members"][alone["agreed"] >= 0]) <= {0, 1 << 4}


def test_a_subregion_with_fewer_municipalities_than_its_institution_asks_for_agrees() -> None:
    region = load_region(small_content([4, 2], institution="coalition_of_the_willing"))
    log = recorded_of(region, load_design("status_quo")).log
    assert (log["agreed"][log["arena"] == 2] >= 0).any()


def test_a_group_with_less_capacity_than_the_design_asks_for_agrees() -> None:
    """Corner: only members of a small group are eligible, and they cannot have all of the region's capacity."""
    region = load_region(small_content([3, 2]))
    design = changed(founded(load_design("regiobureau")), "boundary", eligible="regio_deal", min_capacity=1.0)
    assert outcomes_in(region, recorded_of(region, design))["agreements"].min() > 0


def test_a_board_without_seats_in_a_subregion_cannot_supply_its_bureau() -> None:
    """Corner: the bureau of the subregion would have been empty, without a word."""
    content = small_content([3, 2], institution="regio_deal")
    content["groups"]["steering_group"] = ["Town 1"]
    content["groups"]["regio_deal"] = [town["name"] for town in content["municipalities"]]
    with pytest.raises(InputError, match=r"arenas\.part_2\.institution: the board of 'regio_deal' supplies the bureau"):
        world_of([load_design("status_quo")], load_region(content))


# --- nothing attainable --------------------------------------------------------------------------------------------


def test_a_theme_that_is_severe_nowhere_has_no_value_and_the_others_have() -> None:
    content = small_content([3, 2])
    content["themes"]["housing"]["severity"] = 0.0
    region = load_region(content)
    found = outcomes_in(region, recorded_of(region, *fitting(region)))
    assert found["public_value_housing"].isna().all()
    assert set(found.columns[found.isna().any()]) <= {"public_value_housing", *MAY_NOT_HAPPEN}


def test_a_subregion_without_any_problem_is_not_the_worst_off() -> None:
    """Corner: nothing is attainable in it; it used to be the worst off, with a share of 0, in every run."""
    region = load_region(small_content([3, 2], every_theme={"severity": {"part_1": 0.6, "part_2": 0.0}}))
    recorded = recorded_of(region, *fitting(region))
    found = outcomes_in(region, recorded)
    shares = recorded.municipalities["public_value_direct"]
    assert np.isnan(shares[:, 3:]).all()
    assert found["public_value_part_2"].isna().all()
    assert np.array_equal(found["public_value_worst_municipality"], shares[:, :3].min(axis=1))
    assert found["public_value_worst_municipality"].min() > 0.0
    even = np.abs(shares[:, :3, None] - shares[:, None, :3]).sum(axis=(1, 2)) / (6.0 * shares[:, :3].sum(axis=1))
    assert np.allclose(found["public_value_gini"], even, rtol=0, atol=1e-12)


@pytest.mark.parametrize("change", [{"indirect_share": 0.0}, {"scale": {"local": 1}}])
def test_without_indirect_value_only_its_outcomes_are_null(change: dict[str, Any]) -> None:
    """Corner: weights of indirect value that sum to 0."""
    region = load_region(small_content([3, 2], every_theme=change))
    assert not attainable(region)[1].any()
    recorded = recorded_of(region, *fitting(region))
    found = outcomes_in(region, recorded)
    assert found["public_value_indirect"].isna().all()
    assert np.isnan(recorded.municipalities["public_value_indirect"]).all()
    assert found["public_value_direct"].between(0.0, 1.0).all()


@pytest.mark.parametrize(
    "content",
    [
        small_content([4, 1]),
        small_content([1, 1, 2], every_theme={"severity": {"part_1": 0.0, "part_2": 0.5, "part_3": 1.0}}),
        small_content([2, 2], every_theme={"indirect_share": 0.0, "contention": 1.0, "money": 0.0}),
    ],
    ids=["alone", "no problems in a part", "no indirect value"],
)
def test_the_plain_mesa_model_has_the_same_corners(tmp_path: Path, content: dict[str, Any]) -> None:
    path = tmp_path / "corner.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    largest, lines = check(plan_of(1, "parameters=point", f"region={path}", "designs=[status_quo,joint_arrangement]"))
    assert lines == []
    assert largest <= TOLERANCE


# --- any small region ----------------------------------------------------------------------------------------------

#: Quarters of a run of any small region, half of them under the design.
QUARTERS = 40
edges = st.sampled_from([0.0, 1.0]) | st.floats(0.0, 1.0)
ends = st.sampled_from([0.0, 0.5, 1.0])


class Small(NamedTuple):
    """What makes a small region; ``themes`` and ``severities`` (by subregion) in the order of the region's themes."""

    populations: tuple[tuple[float, ...], ...]  # by subregion
    institution: str
    themes: tuple[dict[str, Any], ...]
    severities: tuple[tuple[float, ...], ...]

    def region(self) -> Region:
        sizes = [len(part) for part in self.populations]
        people = [one for part in self.populations for one in part]
        content = small_content(sizes, populations=people, institution=self.institution)
        named = zip(list(content["themes"].items()), self.themes, self.severities, strict=False)
        content["themes"] = {
            name: {**theme, **values, "severity": dict(zip(content["subregions"], severity, strict=True))}
            for (name, theme), values, severity in named
        }
        for collaboration in content["collaborations"]:
            collaboration["themes"] = list(content["themes"])[:1]
        return load_region(content)


@st.composite
def small_regions(draw: st.DrawFn) -> Small:
    """One to five municipalities in each of one to three subregions, and one to three themes with some direct value."""
    people = st.lists(st.sampled_from([100.0, 2e4, 1e9]), min_size=1, max_size=5).map(tuple)
    populations = draw(st.lists(people, min_size=1, max_size=3).map(tuple))
    institution = draw(st.sampled_from(["informal_centre", "coalition_of_the_willing", "joint_arrangement"]))
    fewest = max(3, load_design(institution).boundary.min_members)  # a region with fewer is refused
    assume(sum(map(len, populations)) >= fewest)
    theme = st.fixed_dictionaries({
        "indirect_share": edges, "contention": edges, "money": edges, "border": edges, "economic": edges,
        "scale": st.sampled_from([{"local": 1}, {"regional": 1}, {"subregional": 2, "local": 1}]),
    })  # fmt: skip
    themes = draw(st.lists(theme, min_size=1, max_size=3).map(tuple))
    severities = draw(st.tuples(*[st.tuples(*[edges for _ in populations]) for _ in themes]))
    assume(any(max(s) * (1.0 - one["indirect_share"]) > 0.0 for s, one in zip(severities, themes, strict=True)))
    return Small(populations, institution, themes, severities)


RULES = st.fixed_dictionaries({
    "aggregation": st.fixed_dictionaries({"quota": ends, "board_quota": ends, "council_ratification": ends}),
    "boundary": st.fixed_dictionaries({"min_members": st.integers(1, 3), "min_capacity": ends}),
})  # fmt: skip
BASES = st.sampled_from(["status_quo", "lead_municipality", "provincial_steering"])


def with_rules(name: str, rules: dict[str, dict[str, Any]]) -> Design:
    """A shipped design with other rules; only the provincial council decides on a role that was not granted."""
    design = founded(load_design(name))
    for section, values in rules.items():
        design = changed(design, section, **values)
    return design


def nulls_of(region: Region) -> set[str]:
    """The outcomes of which nothing is attainable, or that are about pairs of which there are none."""
    direct, indirect = attainable(region)
    parts: dict[str, NDArray[np.float64]] = {
        "regional": direct[:, 0], "subregional": direct[:, 1], "local": direct[:, 2], "indirect": indirect,
        "regional_indirect": indirect[:, 0], "subregional_indirect": indirect[:, 1],
        **{theme.name: direct[k] for k, theme in enumerate(region.themes)},
        **{part: direct[..., region.subregion == index] for index, part in enumerate(region.subregions)},
    }  # fmt: skip
    found = {f"public_value_{name}" for name, weights in parts.items() if not weights.any()}
    across = region.centre[:, None] & region.rural & ~np.eye(region.size, dtype=np.bool_)
    return found if across.any() else found | {"trust_centre_rural"}


def in_range(values: NDArray[np.float64], unit: str) -> bool:
    highest = {"share": 1.0, "flag": 1.0, "quarter": QUARTERS, "quarters": QUARTERS, "fte": 1e8}.get(unit, 1e6)
    return bool(((values >= 0.0) & (values <= highest)).all())


@given(small_regions(), BASES, RULES)
@settings(max_examples=60)
def test_every_outcome_of_any_small_region_is_in_its_range(
    small: Small, name: str, rules: dict[str, dict[str, Any]]
) -> None:
    """Null only where the dictionary says so, and never anything that is no number."""
    region, design = small.region(), with_rules(name, rules)
    recorded = recorded_of(region, load_design("status_quo"), design, replicates=1, quarters=QUARTERS)
    null = nulls_of(region)
    for outcome, seen in zip(outcomes_of(region), recorded.runs.T, strict=True):
        if outcome.name not in MAY_NOT_HAPPEN:
            assert np.isnan(seen).all() if outcome.name in null else not np.isnan(seen).any(), outcome.name
        assert in_range(seen[~np.isnan(seen)], outcome.unit), outcome.name
    for outcome in STATE_OUTCOMES:
        seen = recorded.series[outcome.name]
        assert np.isnan(seen).all() if outcome.name in null else in_range(seen, outcome.unit), outcome.name
    direct, indirect = attainable(region)
    nothing = {
        "public_value_direct": ~direct.any(axis=(0, 1)),
        "public_value_indirect": ~indirect.any(axis=(0, 1)),
        "public_value_regional": ~direct[:, REGIONAL].any(axis=0),
        "public_value_subregional": ~direct[:, SUBREGIONAL].any(axis=0),
        "public_value_local": ~direct[:, LOCAL].any(axis=0),
    }
    by_theme = recorded.municipality_themes
    assert (np.isnan(by_theme) == ~direct.any(axis=1).T).all()
    assert in_range(by_theme[~np.isnan(by_theme)], "share")
    for column in MUNICIPALITY_OUTCOMES:
        seen = recorded.municipalities[column.name]
        known = ~np.isnan(seen)
        assert (known == ~nothing.get(column.name, np.zeros(region.size, np.bool_))).all(), column.name
        assert in_range(seen[known], column.unit), column.name
    log = recorded.log
    assert (log["eligible"] >= 1).all()
    assert (log["members"][log["agreed"] >= 0] < 1 << region.size).all()
    assert ((log["coerced"] >= 0) & (log["coerced"] <= log["eligible"])).all()
