"""What a run cost: by hand, as the brief has it, and quarter by quarter."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import bresim
from bresim import costs
from bresim.brief.packages import autonomy
from bresim.brief.runs import cases_of, run_cases
from bresim.columns import COST_OUTCOMES
from bresim.columns.events import INSTITUTIONAL
from bresim.columns.runs import CAPACITY_USE
from bresim.common.errors import InputError
from bresim.common.progress import Silent
from bresim.governance import load_design
from bresim.kernel.state import DESIGN, FALLBACK, SUCCESSOR
from bresim.sweep import batch
from tests.brief.conftest import config_of

PLACE = ["region=teaching", "seed=7", "workers=2", "progress=off"]
NAMES = [outcome.name for outcome in COST_OUTCOMES]
RECORDS = np.dtype([(name, float) for name in ("binding", "steering", "pooled_capacity", "pooled_by_board")])


def test_there_is_an_outcome_for_each_use_of_capacity() -> None:
    assert set(NAMES) == {"fte", "autonomy_given_up", *(f"fte_{use.name}" for use in CAPACITY_USE[1:])}
    assert {outcome.window for outcome in COST_OUTCOMES} == {"policy"}


def test_staff_by_hand() -> None:
    uses = np.dtype([(f"fte_{use.name}", float) for use in CAPACITY_USE[1:]])
    # collaborations, meetings, bureau, execution, own: two municipalities in one run
    municipalities = np.array([[(9.0, 0.5, 1.0, 2.0, 8.0), (9.0, 0.25, 0.0, 4.0, 8.0)]], dtype=uses)
    recorded: Any = SimpleNamespace(municipalities=municipalities)
    plan: Any = None
    found = {name: costs.outcome(name, plan, recorded).tolist() for name in NAMES if name != costs.AUTONOMY}
    assert found == {
        "fte": [7.75], "fte_meetings": [0.75], "fte_bureau": [1.0], "fte_execution": [6.0],
        "fte_collaborations": [18.0], "fte_own": [16.0],
    }  # fmt: skip


def _bits(*events: str) -> int:
    return sum(1 << INSTITUTIONAL.index(event) for event in events)


def test_autonomy_is_that_of_what_holds_each_quarter_by_hand() -> None:
    institution = np.zeros((2, SUCCESSOR + 1), RECORDS)
    institution[1, FALLBACK] = (0.3, 0.0, 0.0, 0.0)  # (0.3 + 0 + 0) / 3 = 0.1
    institution[1, DESIGN] = (0.6, 0.0, 0.06, 0.0)  # (0.6 + 0.6) / 3 = 0.4
    institution[1, SUCCESSOR] = (0.9, 0.9, 0.3, 1.0)  # its board pays the pool: 1.8 / 3 = 0.6
    happened = np.zeros((4, 7), np.int16)  # three quarters before policy start, four under the design
    happened[0, 4] = _bits("founded")  # 0.1, 0.4, 0.4, 0.4
    happened[1, [3, 5]] = _bits("founded"), _bits("term_ended", "successor_founded")  # 0.4, 0.4, 0.6, 0.6
    happened[2, [3, 4, 6]] = _bits("founded"), _bits("dissolved"), _bits("founded")  # 0.4, 0.1, 0.1, 0.4
    happened[3, [3, 6]] = _bits("successor_founded"), _bits("successor_dissolved")  # 0.6, 0.6, 0.6, 0.1
    plan: Any = SimpleNamespace(
        jobs={"design": np.array([1, 1, 1, 1])}, world=SimpleNamespace(institution=institution, policy_start=3)
    )
    recorded: Any = SimpleNamespace(institutions=happened)
    assert costs.autonomy(plan, recorded) == pytest.approx([0.325, 0.5, 0.25, 0.475])
    plan.world.policy_start = 7
    assert np.isnan(costs.autonomy(plan, recorded)).all(), "there is no policy window"


def test_staff_is_that_of_the_brief_bit_for_bit() -> None:
    config = config_of("coding=point", "seed=7")
    at_once = config.foundings.index("at_once")
    brief = run_cases(config, cases_of(config), range(6), Silent(), names=("fte", "public_value_direct"))
    designs = [case.design for case in cases_of(config)]
    rows = bresim.evaluate({"founding": "at_once"}, designs, 6, config=config, costs=True)
    for at, design in enumerate(designs):
        mine = rows[rows["design"] == design.name]
        assert mine["fte"].tolist() == brief["fte"][at, at_once, 0].tolist(), design.name
        assert mine["public_value_direct"].tolist() == brief["public_value_direct"][at, at_once, 0].tolist()


def test_autonomy_is_that_of_the_brief_while_a_design_holds() -> None:
    names = ["status_quo", "joint_arrangement", "regiobureau", "pooled_programme", "coalition_of_the_willing"]
    config = [*PLACE, "coding=point", "founding=at_once", "measures.binding_agreements=1"]
    rows = bresim.evaluate(designs=names, replicates=4, config=config, outcomes=["autonomy_given_up", "dissolved"])
    for name in names:
        mine = rows[(rows["design"] == name) & (rows["dissolved"] == 0)]
        assert len(mine), name
        assert mine["autonomy_given_up"].to_numpy() == pytest.approx(
            autonomy(load_design(name), ("binding_agreements",)), abs=1e-12
        )


@pytest.mark.parametrize("design", ["regio_deal_continued", "verkenning_regiobureau"])
def test_autonomy_is_that_of_the_mesa_model_quarter_by_quarter(design: str) -> None:
    config = bresim.load("compare", [*PLACE, f"designs=[{design}]", "founding=vote", "coding=drawn"])
    rows = bresim.evaluate(replicates=12, config=config, costs=True)
    # never founded; founded, at its latest; followed by its successor; and dissolved, where one is
    fates = [rows["adopted"] == 0, rows["adopted_quarter"] == rows["adopted_quarter"].max(), rows["followed"] == 1]
    chosen = {int(rows.loc[fate, "replicate"].iloc[0]) for fate in fates}
    chosen |= set(rows.loc[rows["dissolved"] == 1, "replicate"].iloc[:1])
    assert len(chosen) >= 3
    for replicate in chosen:
        model = bresim.RegionModel(config, design=design, replicate=replicate)
        prices, first = [], model.world.policy_start
        while model.running:
            model.step()
            held = model.world.institution[0, model.state.region.slot]
            pool = 0.0 if held.pooled_by_board else min(1.0, 10.0 * held.pooled_capacity)
            prices.append((held.binding + held.steering + pool) / 3.0)
        assert rows["autonomy_given_up"].iloc[replicate] == pytest.approx(np.mean(prices[first:]), abs=1e-12)


def test_costs_are_there_where_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {"designs": ["status_quo", "regiobureau"], "replicates": 3, "config": PLACE}
    without = bresim.evaluate(**asked)
    assert not set(NAMES) & set(without)
    everything = bresim.evaluate(**asked, costs=True)
    assert set(everything) - set(without) == set(NAMES)
    assert everything[list(without)].equals(without), "nothing else changes"
    parts = everything[["fte_meetings", "fte_bureau", "fte_execution"]].sum(axis=1)
    assert everything["fte"].to_numpy() == pytest.approx(parts.to_numpy())
    monkeypatch.setattr(batch, "TOGETHER_PRICED", 2)
    one = bresim.evaluate(**asked, outcomes="fte_bureau")
    assert one.columns[-2:].tolist() == ["fte_bureau", "failure"]
    assert one["fte_bureau"].tolist() == everything["fte_bureau"].tolist()
    means = bresim.evaluate(**asked, outcomes=["fte", "autonomy_given_up"], statistic="mean")
    assert means["fte"].tolist() == pytest.approx(everything.groupby("design", sort=False)["fte"].mean().tolist())
    with pytest.raises(InputError, match="there is no outcome 'fte_meeting'; did you mean 'fte_meetings'"):
        bresim.evaluate(**asked, outcomes="fte_meeting")


def test_runs_that_fail_have_no_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bresim.sweep.tables.simulate", lambda *given, **named: 1 // 0)
    rows = bresim.evaluate(designs=["status_quo"], replicates=2, config=PLACE, outcomes=["fte", "adopted"])
    assert rows["fte"].isna().all()
    assert rows["failure"].str.startswith("ZeroDivisionError").all()
