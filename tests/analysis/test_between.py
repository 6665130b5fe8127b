"""Changes between jobs against hand-worked numbers."""

from __future__ import annotations

import pandas as pd
import pytest

from bresim.analysis import between, comparison


def runs(**values: list[float]) -> pd.DataFrame:
    """One founding; every replicate a parameter draw of its own."""
    return pd.concat(
        [
            pd.DataFrame(
                {"design": design, "founding": "vote", "replicate": range(len(column)), "seed": 1, "value": column}
            ).assign(parameter_draw=lambda rows: rows["replicate"], coding_draw=0)
            for design, column in values.items()
        ],
        ignore_index=True,
    )


BEFORE = runs(status_quo=[0.1, 0.2, 0.3, 0.4], a=[0.2, 0.3, 0.4, 0.5], b=[0.1, 0.2, 0.3, 0.4])
AFTER = runs(status_quo=[0.0, 0.1, 0.2, 0.3], a=[0.3, 0.4, 0.5, 0.6], c=[0.0, 0.1, 0.2, 0.3])


def test_paired_changes_of_gains_have_no_luck_in_them() -> None:
    found = between.changes(BEFORE, AFTER, "value", "status_quo", paired=True)
    assert set(found) == {"status_quo", "a"}  # the designs that both have
    assert found["a"].mean == pytest.approx(0.2)  # a gain of 0.3 where it was 0.1, in every replicate
    assert (found["a"].low, found["a"].high) == pytest.approx((0.2, 0.2))
    assert found["status_quo"].mean == pytest.approx(-0.1)  # its level
    assert found["a"].verdict == 1
    assert found["status_quo"].verdict == -1


def test_unpaired_changes_add_the_squares_of_both_half_widths() -> None:
    after = AFTER.assign(value=AFTER["value"].where(AFTER["design"] != "a", AFTER["value"] * 2))
    found = between.changes(BEFORE, after, "value", None, paired=False)["a"]
    halves = [comparison.half_width(table.loc[table["design"] == "a", "value"].to_numpy()) for table in (BEFORE, after)]
    assert found.mean == pytest.approx(0.9 - 0.35)
    assert (found.high - found.low) / 2 == pytest.approx((halves[0] ** 2 + halves[1] ** 2) ** 0.5)
    assert found.better != found.better, "no replicate of the one is a replicate of the other"


@pytest.mark.parametrize("column", ["seed", "parameter_draw", "coding_draw"])
def test_futures_are_the_same_only_with_the_same_keys(column: str) -> None:
    assert between.same_futures(BEFORE, AFTER)
    assert between.same_futures(BEFORE, AFTER.sample(frac=1.0, random_state=1)), "the order of rows says nothing"
    assert not between.same_futures(BEFORE, AFTER.assign(**{column: AFTER[column] + 1}))
    assert not between.same_futures(BEFORE, AFTER[AFTER["replicate"] > 0])


def test_a_reading_that_is_not_drawn_is_the_same_in_both() -> None:
    tables = [table.assign(coding_draw=pd.array([None] * len(table), dtype="Int64")) for table in (BEFORE, AFTER)]
    assert between.same_futures(*tables)


def test_places_are_shared_by_what_is_shown_alike() -> None:
    assert between.ranks({"a": 0.1, "b": 0.3, "c": 0.30001, "d": float("nan")}) == {"a": 3, "b": 1, "c": 1}


def test_tables_from_parquet_have_categories(tmp_path: object) -> None:
    frames = [table.astype({"design": "category", "founding": "category"}) for table in (BEFORE, AFTER)]
    found = between.changes(*frames, "value", "status_quo", paired=True)
    assert found["a"].mean == pytest.approx(0.2)
