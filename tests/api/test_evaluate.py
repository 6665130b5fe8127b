"""A batch of points: the runs of `bresim compare` at each point, with the same luck, and nothing on disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import bresim
from bresim.api.batch import table_of_points
from bresim.common.errors import InputError
from bresim.governance import load_design
from bresim.sweep import tables as sweep_tables

PLACE = ["region=teaching", "parameters=point", "seed=7", "workers=2"]
TWO = ["status_quo", "regiobureau"]
HEADLINE = "public_value_direct"
POINTS: list[dict[str, Any]] = [
    {"undercurrent.negativity": 0.1, "scenario": "history", "governance.payoff.binding": 0.2, "parameters.work": 0.5},
    {"undercurrent.negativity": 0.9, "scenario": "austerity", "governance.payoff.binding": 0.8, "parameters.work": 0.9},
    {"undercurrent.negativity": 0.1, "scenario": "history", "governance.payoff.binding": 0.2, "parameters.work": 0.5},
]


def by_hand(point: dict[str, Any], design: str, replicate: int) -> pd.Series:
    """The same run, by itself."""
    overrides = [f"{key}={value}" for key, value in point.items()]
    return bresim.run([*PLACE, *overrides, f"governance={design}", f"replicate={replicate}"]).runs.iloc[0]


def test_each_row_is_that_run_by_itself_bit_for_bit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rows = bresim.evaluate(POINTS, TWO, 3, config=PLACE)
    assert list(tmp_path.iterdir()) == []
    assert rows["point"].tolist() == np.repeat([0, 1, 2], 6).tolist()
    assert rows["design"].tolist() == np.tile(np.repeat(TWO, 3), 3).tolist()
    assert rows["replicate"].tolist() == [0, 1, 2] * 6
    for at in (1, 4, 8, 11):
        row = rows.iloc[at]
        alone = by_hand(POINTS[row["point"]], row["design"], row["replicate"])
        for name in (HEADLINE, "trust_mean", "adopted", "seed", "parameter_draw"):
            assert row[name] == alone[name], name
    outcomes = rows.columns[rows.columns.get_loc(HEADLINE) :]
    first, again = (rows[rows["point"] == number][outcomes].reset_index(drop=True) for number in (0, 2))
    pd.testing.assert_frame_equal(first, again)  # a point may stand in the table twice
    assert rows[rows["point"] == 1][HEADLINE].tolist() != first[HEADLINE].tolist()


def test_a_statistic_is_over_the_replicates_of_a_point_and_design() -> None:
    names = [HEADLINE, "quarters_to_first_result"]
    rows = bresim.evaluate(POINTS[:2], TWO, 4, config=PLACE, outcomes=names)
    assert list(rows.columns[-3:]) == [*names, "failure"]
    means = bresim.evaluate(POINTS[:2], TWO, 4, config=PLACE, outcomes=names, statistic="mean")
    assert means[["point", "design"]].to_numpy().tolist() == [[0, TWO[0]], [0, TWO[1]], [1, TWO[0]], [1, TWO[1]]]
    assert means["scenario"].tolist() == ["history", "history", "austerity", "austerity"]
    for at, row in means.iterrows():
        mine = rows[(rows["point"] == row["point"]) & (rows["design"] == row["design"])]
        assert row[HEADLINE] == pytest.approx(mine[HEADLINE].mean(), rel=1e-12), at


def test_points_in_every_form_are_the_same_points() -> None:
    asked: dict[str, Any] = {"designs": TWO, "replicates": 2, "config": PLACE, "outcomes": HEADLINE}
    by_rows = bresim.evaluate(POINTS[:2], **asked)
    by_table = bresim.evaluate(pd.DataFrame(POINTS[:2], index=["a", "b"]), **asked)
    one = bresim.evaluate(POINTS[0], **asked)
    pd.testing.assert_frame_equal(by_rows, by_table)
    pd.testing.assert_frame_equal(one, by_rows.iloc[:4].reset_index(drop=True))


def test_without_points_it_is_the_configuration_itself() -> None:
    loaded = bresim.load("compare", [*PLACE, "designs=[regiobureau]", "replicates=3", "undercurrent_replicates=0"])
    rows = bresim.evaluate(config=loaded)
    runs = bresim.compare(loaded).runs
    vote = runs[runs["founding"] == "vote"]
    assert rows[HEADLINE].tolist() == vote[HEADLINE].tolist()
    assert rows["founding"].unique().tolist() == ["vote"]


def test_designs_by_name_file_and_object(tmp_path: Path) -> None:
    bureau = load_design("regiobureau")
    own = bureau.model_copy(update={"name": "own", "payoff": bureau.payoff.model_copy(update={"binding": 0.0})})
    shipped = Path(bresim.load("compare", PLACE).files.get("x", "")).name  # no files of the user's own here
    assert shipped == ""
    rows = bresim.evaluate(designs=["status_quo", bureau, own], replicates=2, config=PLACE, outcomes=HEADLINE)
    assert rows["design"].tolist() == ["status_quo"] * 2 + ["regiobureau"] * 2 + ["own"] * 2
    named = bresim.evaluate(designs=TWO, replicates=2, config=PLACE, outcomes=HEADLINE)
    assert rows[HEADLINE].tolist()[:4] == named[HEADLINE].tolist()


def test_lists_and_nothing_are_values() -> None:
    points = [{"governance.scope.themes": ["economy"]}, {"governance.scope.themes": ["economy", "housing"]}]
    rows = bresim.evaluate(points, ["regio_deal"], 1, config=[*PLACE, "founding=at_once"], outcomes=HEADLINE)
    assert rows[HEADLINE].nunique() == 2
    with_successor = [{"governance.scope.successor": None}, {"governance.scope.successor": "regiobureau"}]
    rows = bresim.evaluate(with_successor, ["regio_deal"], 1, config=[*PLACE, "founding=at_once"], outcomes=HEADLINE)
    assert rows[HEADLINE].nunique() == 2


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"points": [{"undercurent.negativity": 1}]}, "is no key that a sweep can vary; did you mean"),
        ({"points": [{"parameters.trust_gain": 9}]}, "trust_gain: 9 is out of range"),
        ({"points": [{"seed": 1}, {"replicate": 2}]}, "points: row 2 has no value for 'seed'"),
        ({"points": []}, "points: holds no points"),
        ({"points": [3]}, "points: 3 is not a mapping from keys to values"),
        ({"points": [{"scenario": "austerty"}]}, "unknown scenario 'austerty'; did you mean 'austerity'"),
        ({"designs": ["regio_dael"]}, "unknown design 'regio_dael'; did you mean 'regio_deal'"),
        ({"designs": ["regio_deal", "regio_deal"]}, "designs: 'regio_deal' is given twice"),
        ({"outcomes": ["public_value_dirct"]}, "outcomes: there is no outcome 'public_value_dirct'; did you mean"),
        ({"replicates": 0}, "replicates: 0 is not a whole number above 0"),
        ({"replicates": True}, "replicates: True is not a whole number above 0"),
    ],
)
def test_bad_input(given: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError) as error:
        bresim.evaluate(**{"config": PLACE, **given})
    assert told in str(error.value)


def test_runs_that_fail_are_rows_with_the_reason_and_a_statistic_warns(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*given: Any, **named: Any) -> Any:
        if len(given[1]) > 1:
            raise ZeroDivisionError("no one there")
        return simulate(*given, **named)

    simulate = sweep_tables.simulate
    monkeypatch.setattr(sweep_tables, "simulate", failing)
    rows = bresim.evaluate(POINTS[:1], TWO, 2, config=PLACE, outcomes=HEADLINE)
    assert rows["failure"].isna().all(), "halved until they can be made"
    monkeypatch.setattr(sweep_tables, "simulate", lambda *given, **named: 1 // 0)
    rows = bresim.evaluate(POINTS[:1], TWO, 2, config=PLACE, outcomes=HEADLINE)
    assert rows["failure"].str.startswith("ZeroDivisionError").all()
    with pytest.warns(RuntimeWarning, match="4 runs failed and are left out of the mean; the first: ZeroDivisionError"):
        bresim.evaluate(POINTS[:1], TWO, 2, config=PLACE, outcomes=HEADLINE, statistic="mean")


def test_keys_of_a_table_are_text() -> None:
    assert list(table_of_points(pd.DataFrame({1: [2]}))) == ["1"]
