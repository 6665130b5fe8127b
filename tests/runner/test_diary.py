"""What a diary notes: every event once, the same in a run alone and among others, and nothing of the run changes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import bresim
from bresim import tabulate
from bresim.columns.events import CAUSES, INSTITUTIONAL, SMALLEST_CHANGE
from bresim.common.progress import Silent
from bresim.jobs import run_plan
from bresim.kernel.state import (
    BEFORE,
    BROKEN,
    COMPLETED,
    DEADLOCKED,
    DELAYED,
    DESIGN,
    DISSOLVE,
    FAILED,
    FALLBACK,
    FOUND,
    KEPT,
    LAPSED,
    NO_VOTE,
    SUCCEED,
    SUCCESSOR,
    allocate,
)
from bresim.model import RegionModel
from bresim.plan import Plan, make_plan
from bresim.rules import adoption
from bresim.runner import changes, diary, logbook, step
from bresim.runner.ensemble import Recorded
from bresim.world import BESIDE
from tests.rules import plain
from tests.runner.diaries import noting, told


def test_a_milestone() -> None:
    s = noting(
        due=np.array([[True, False]]), verdict=np.array([[[KEPT, DELAYED, BROKEN]] * 2]), n_members=np.full((1, 2), 3),
        members=np.array([[[0, 1, 2]] * 2]), enforced=np.array([[[False, True, False]] * 2]),
        since_milestone=np.array([[0.0, 2.0]]),
    )  # fmt: skip
    with plain.interpreted(diary):
        for k in (0, 1):
            diary.note_milestone(s, 8, 0, k)
            diary.note_enforced(s, 8, 0, k)
    assert told(s) == [
        (8, "delivered", 0, 0, 0, 0.0), (8, "announced_late", 0, 0, 1, 0.0), (8, "broken", 0, 0, 2, 0.0),
        (8, "enforced", 0, 0, 1, 0.0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("outcome", "event"),
    [(COMPLETED, "completed"), (FAILED, "failed"), (DEADLOCKED, "deadlocked"), (LAPSED, "lapsed")],
)
def test_an_end_is_told_as_what_it_is(outcome: int, event: str) -> None:
    s = noting(outcome=np.array([[0, outcome]]))
    with plain.interpreted(diary):
        diary.note_end(s, 7, 0, 1)
    assert told(s) == [(7, event, 0, 1, -1, 0.0)]


def test_without_room_nothing_is_noted() -> None:
    s = noting(diary=np.zeros(0))
    s.trust[0, 1] = 0.9
    with plain.interpreted(diary, changes), plain.changes(s):
        changes.begin(s)
        changes.note_trust(s, 0, 0)
        diary.note_initiative(s, 1, 0, 0, 1)
        changes.tell_changes(s, 1)


@pytest.mark.parametrize(
    ("before", "slot", "question", "carried", "found"),
    [
        (BEFORE, FALLBACK, NO_VOTE, False, []),
        (FALLBACK, FALLBACK, FOUND, False, ["refused"]),
        (BEFORE, DESIGN, FOUND, True, ["founded"]),
        (FALLBACK, DESIGN, NO_VOTE, False, ["founded"]),
        (DESIGN, DESIGN, NO_VOTE, False, []),
        (DESIGN, DESIGN, DISSOLVE, False, []),
        (DESIGN, FALLBACK, DISSOLVE, True, ["dissolved"]),
        (SUCCESSOR, FALLBACK, DISSOLVE, True, ["successor_dissolved"]),
        (DESIGN, FALLBACK, NO_VOTE, False, ["term_ended"]),
        (DESIGN, FALLBACK, SUCCEED, False, ["term_ended", "successor_refused"]),
        (DESIGN, SUCCESSOR, SUCCEED, True, ["term_ended", "successor_founded"]),
    ],
)
def test_what_an_institution_goes_through(
    before: int, slot: int, question: int, carried: bool, found: list[str]
) -> None:
    ended = before == DESIGN and slot != DESIGN and not (question == DISSOLVE and carried)
    region = _region(slot, before, question=question, carried=carried, ended=ended)
    assert _gone_through(region, _one_design(question == SUCCEED)) == found


def _region(slot: int, before: int, **given: Any) -> SimpleNamespace:
    """A region in which institution ``slot`` holds, and ``before`` did: nothing was put to the vote or agreed."""
    usual = {"question": NO_VOTE, "carried": False, "ended": False, "agreed": 0, "agreed_before": 0}
    return SimpleNamespace(design=0, slot=slot, last_slot=before, **{**usual, **given})


def _gone_through(region: SimpleNamespace, w: SimpleNamespace) -> list[str]:
    """The events of its institution."""
    with plain.interpreted(diary, adoption):
        bits = diary.institution_events(SimpleNamespace(region=region), w)
    return [name for bit, name in enumerate(INSTITUTIONAL) if bits >> bit & 1]


def _one_design(has_successor: bool, condition: str = "always") -> SimpleNamespace:
    design = SimpleNamespace(
        successor_if_agreed=float(condition == "agreed"), successor_if_not_agreed=float(condition == "not_agreed"),
        successor_agreements=2.0,
    )  # fmt: skip
    return SimpleNamespace(
        content=np.array([[0, 1, 2, 3]]), has_successor=[has_successor], institution={(0, DESIGN): design}
    )


@pytest.mark.parametrize(
    ("condition", "agreed", "slot", "found"),
    [
        ("agreed", 1, FALLBACK, ["term_ended", "not_followed"]),
        ("agreed", 2, SUCCESSOR, ["term_ended", "successor_founded"]),
        ("not_agreed", 2, FALLBACK, ["term_ended", "not_followed"]),
        ("not_agreed", 1, SUCCESSOR, ["term_ended", "successor_founded"]),
    ],
)
def test_a_successor_whose_condition_is_not_met_is_told_once(
    condition: str, agreed: int, slot: int, found: list[str]
) -> None:
    w = _one_design(True, condition)
    assert _gone_through(_region(slot, DESIGN, ended=True, agreed=agreed), w) == found
    assert _gone_through(_region(slot, slot, ended=True, agreed=agreed), w) == [], "not again in the next quarter"
    alone = _region(FALLBACK, DESIGN, ended=True, agreed=agreed)
    assert _gone_through(alone, _one_design(False, condition)) == ["term_ended"]


def test_a_design_that_changes_nothing_is_not_founded() -> None:
    same = SimpleNamespace(content=np.array([[0, 1, 1, 3]]))
    assert _gone_through(_region(DESIGN, FALLBACK), same) == []


# --- real runs ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made() -> tuple[Plan, Recorded]:
    designs = "status_quo,regio_deal,pooled_programme,provincial_steering_mandated"
    given = [f"designs=[{designs}]", "parameters=prior", "undercurrent=strong", "seed=5"]
    plan = make_plan(bresim.load("compare", given), range(10))
    return plan, run_plan(plan, Silent(), series=True, details=True, events=True)


@pytest.fixture(scope="module")
def happened(made: tuple[Plan, Recorded]) -> pd.DataFrame:
    return tabulate.events_table(*made).assign(run=tabulate.events_runs(made[1]))


def _bits(array: np.ndarray) -> bytes:
    """Of records field by field: what lies between them means nothing."""
    names = array.dtype.names
    return array.tobytes() if names is None else b"".join(array[name].tobytes() for name in names)


def test_a_diary_changes_nothing(made: tuple[Plan, Recorded]) -> None:
    plan, recorded = made
    without = run_plan(plan, Silent(), series=True, details=True)
    for name in ("runs", "series", "municipalities", "pairs", "log", "ballots"):
        assert _bits(getattr(recorded, name)) == _bits(getattr(without, name)), name
    assert (len(without.diaries), without.capacity.size, without.institutions.size) == (0, 0, 0)


def test_it_is_the_same_on_any_number_of_threads(made: tuple[Plan, Recorded]) -> None:
    plan, recorded = made
    threads = plan.config.model_copy(update={"workers": 3})
    other = run_plan(make_plan(threads, range(10)), Silent(), events=True)
    assert len(recorded.diaries) == len(other.diaries) == len(plan.jobs)
    for one, two in zip(recorded.diaries, other.diaries, strict=True):
        assert _bits(one) == _bits(two)
    assert np.array_equal(recorded.institutions, other.institutions)
    assert _bits(recorded.capacity) == _bits(other.capacity)


def test_events_are_those_that_the_outcomes_count(made: tuple[Plan, Recorded], happened: pd.DataFrame) -> None:
    plan, recorded = made
    runs = tabulate.runs_table(plan, recorded)
    window = happened[happened["quarter"] >= plan.config.policy_quarter]
    at_scale = [*(arena.name for arena in plan.region.arenas if arena.scale == "regional"), BESIDE]
    region = window[window["arena"].isna() | window["arena"].isin(at_scale)]

    def count(*names: str, of: pd.DataFrame = region) -> pd.Series:
        kept = of[of["event"].isin(names)]
        return kept.groupby("run").size().reindex(range(len(runs)), fill_value=0)

    for name, kinds in {
        "agreements": ("agreed", "imposed"), "imposed": ("imposed",), "deadlocks": ("deadlocked",),
        "completed": ("completed",), "failed": ("failed",), "refused": ("refused", "successor_refused"),
    }.items():  # fmt: skip
        assert (count(*kinds) == runs[name]).all(), name
        assert runs[name].sum() > 0, name
    assert ((count("dissolved", "successor_dissolved") > 0) == runs["dissolved"]).all()
    assert ((count("successor_founded") > 0) == runs["followed"]).all()
    due = count("delivered", "announced_late", "broken")
    assert np.allclose(count("broken") / due, runs["default_rate"], equal_nan=True)
    assert np.allclose(count("announced_late") / due, runs["delay_rate"], equal_nan=True)
    towns = tabulate.municipalities_table(plan, recorded)
    for name, kinds in {
        "pledges": ("delivered", "announced_late", "broken"), "delays": ("announced_late",), "defaults": ("broken",),
    }.items():  # fmt: skip
        told = window[window["event"].isin(kinds)].groupby(["run", "municipality"], observed=False).size()
        assert (told.to_numpy() == towns[name].to_numpy()).all(), name


def test_a_design_is_founded_when_the_outcome_says_so(made: tuple[Plan, Recorded], happened: pd.DataFrame) -> None:
    plan, recorded = made
    runs = tabulate.runs_table(plan, recorded)
    first = happened[happened["event"] == "founded"].groupby("run")["quarter"].min().reindex(range(len(runs)))
    changes_rules = runs["design"].astype(str) != "status_quo"
    assert np.array_equal(first[changes_rules], runs["adopted_quarter"][changes_rules], equal_nan=True)
    assert first[~changes_rules].isna().all(), "the status quo is not founded"


def test_members_are_those_that_came_and_did_not_go(made: tuple[Plan, Recorded], happened: pd.DataFrame) -> None:
    """Of every initiative that was opened in the run, by its log."""
    initiatives = tabulate.initiatives_table(*made).assign(run=made[1].log["run"])
    ended = initiatives[~initiatives["inherited"] & initiatives["outcome"].isin(["completed", "failed"])]
    cells = ["run", "arena", "theme"]
    by_cell = dict(iter(happened.astype({"arena": str, "theme": str}).groupby(cells)))
    for _, row in ended.sample(60, random_state=1).iterrows():
        events = by_cell[row["run"], str(row["arena"]), str(row["theme"])]
        events = events[events["quarter"].between(row["opened"], row["ended"])]
        inside: set[str] = set()
        for kind, name in zip(events["event"].astype(str), events["municipality"].astype(str), strict=True):
            if kind in ("joined", "bound"):
                assert name not in inside
                inside.add(name)
            elif kind in ("withdrew", "council_refused", "excluded", "left"):
                inside.remove(name)
        assert ";".join(name for name in made[0].region.names if name in inside) == row["members"]
        signed = set(events.loc[events["event"] == "signed", "municipality"].astype(str))
        assert inside <= signed


def test_councils_refuse_where_they_have_a_say(happened: pd.DataFrame) -> None:
    """Of these designs only the Regio Deal has a second decision line, at a table of its own beside the region's."""
    refused = happened[happened["event"] == "council_refused"]
    assert len(refused) > 0
    assert set(refused["design"].astype(str)) == {"regio_deal"}
    assert set(refused["arena"].astype(str)) == {BESIDE}
    assert not ((happened["event"] == "excluded") & (happened["arena"] == BESIDE)).any()


def test_the_province_sees_to_promises_that_were_broken(happened: pd.DataFrame) -> None:
    enforced = happened[happened["event"] == "enforced"]
    assert len(enforced) > 0
    verdicts = happened[happened["event"].isin(["delivered", "announced_late", "broken"])]
    keys = ["run", "arena", "theme", "municipality"]
    before = dict(iter(verdicts.astype(dict.fromkeys(keys[1:], str)).groupby(keys)))
    for _, row in enforced.iterrows():
        events = before[row["run"], str(row["arena"]), str(row["theme"]), str(row["municipality"])]
        assert events[events["quarter"] < row["quarter"]]["event"].iloc[-1] == "broken"


def test_changes_add_up_to_what_trust_and_grievance_became(made: tuple[Plan, Recorded]) -> None:
    plan, recorded = made
    changed = tabulate.changes_table(plan, recorded).assign(run=tabulate.changes_runs(recorded))
    assert (changed["change"].abs() >= SMALLEST_CHANGE).all()
    names = list(plan.region.names)
    for quantity in ("trust", "grievance"):
        told = np.zeros(recorded.pairs["trust"][:, 0].shape)
        mine = changed[changed["quantity"] == quantity]
        at = (mine["run"], *(mine[name].astype(str).map(names.index) for name in ("source", "target")))
        np.add.at(told, tuple(np.asarray(index) for index in at), mine["change"].to_numpy())
        rest = recorded.pairs[quantity][:, 2] - recorded.pairs[quantity][:, 0] - told
        causes = sum(cause.quantity == quantity for cause in CAUSES)
        assert np.abs(rest).max() < causes * SMALLEST_CHANGE
        assert np.abs(rest).max() > 0.0
        assert set(mine["cause"].astype(str)) <= {cause.name for cause in CAUSES if cause.quantity == quantity}
    signs = changed.groupby(["quantity", "cause"], observed=True)["change"].agg(["min", "max"])
    for quantity, cause in (("trust", "kept_promise"), ("trust", "completed"), ("grievance", "retold")):
        assert signs.loc[(quantity, cause), "min"] > 0.0
    for quantity, cause in (
        ("trust", "broken_promise"),
        ("trust", "failed"),
        ("trust", "turnover"),
        ("grievance", "faded"),
    ):
        assert signs.loc[(quantity, cause), "max"] < 0.0


def test_what_is_not_told_yet_is_the_rest_to_the_last_bits() -> None:
    model = RegionModel(bresim.load("run", ["parameters=point", "governance=regio_deal", "seed=3"]))
    start = np.array([model.state.trust, model.state.grievance])
    for _ in range(12):
        model.step()
    changed = model.result().trust_changes
    names = list(model.region.names)
    for at, quantity in enumerate(("trust", "grievance")):
        mine = changed[changed["quantity"] == quantity]
        for row in mine.itertuples():
            start[at, names.index(row.source), names.index(row.target)] += row.change
        rest = sum(model.state.untold[code] for code, cause in enumerate(CAUSES) if cause.quantity == quantity)
        assert np.abs(start[at] + rest - getattr(model.state, quantity)).max() < 1e-14


def test_purposes_add_up_to_capacity(made: tuple[Plan, Recorded]) -> None:
    plan, recorded = made
    table = tabulate.capacity_table(plan, recorded)
    assert len(table) == len(plan.jobs) * plan.config.quarters * plan.region.size
    purposes = table[["collaborations", "meetings", "bureau", "execution", "own"]]
    assert (purposes >= 0.0).all(axis=None)
    assert np.allclose(purposes.sum(axis=1), table["capacity"], rtol=1e-12, atol=1e-12)
    assert (purposes.max() > 0.0).all()
    last = table[table["quarter"] == plan.config.quarters - 1]
    towns = tabulate.municipalities_table(plan, recorded)
    load = (last["collaborations"] + last["meetings"]) / last["capacity"]
    assert np.allclose(load.to_numpy(), towns["load"].to_numpy())
    free = (last["execution"] + last["own"]) / last["capacity"]
    assert np.allclose(free.to_numpy(), towns["slack"].to_numpy())


@pytest.mark.parametrize("founding", ["vote", "at_once"])
def test_a_run_in_mesa_tells_the_same(made: tuple[Plan, Recorded], founding: Any) -> None:
    plan, recorded = made
    model = RegionModel(plan.config, replicate=2, design="pooled_programme", founding=founding)
    while model.running:
        model.step()
    result = model.result()
    for name, table in {
        "events": tabulate.events_table(plan, recorded), "trust_changes": tabulate.changes_table(plan, recorded),
        "capacity": tabulate.capacity_table(plan, recorded),
    }.items():  # fmt: skip
        mine = getattr(result, name).drop(columns=["sentence_nl", "sentence_en"], errors="ignore")
        same = (table["design"] == "pooled_programme") & (table["founding"] == founding) & (table["replicate"] == 2)
        other = table[same].reset_index(drop=True)
        assert len(mine) > 0
        for column in mine:
            one, two = mine[column].astype(object), other[column].astype(object)
            assert one.equals(two), f"{name}.{column}"


def test_rows_suffice_and_a_state_without_a_diary_has_none(made: tuple[Plan, Recorded]) -> None:
    world = made[0].world
    assert max(len(rows) for rows in made[1].diaries) < len(allocate(world, diary=True).diary)
    assert len(allocate(world).diary) == len(allocate(world).untold) == 0
    assert {step.diary, logbook.diary} == {diary}
