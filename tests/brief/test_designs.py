"""The table that the brief begins with, against planted runs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bresim.brief.designs import COLUMNS, designs, first_year
from bresim.conventions import HEADLINE, REFERENCE
from tests.brief.conftest import config_of


@pytest.mark.parametrize(
    ("quarters", "expected"),
    [
        ([0.0, 4.0, 12.0], 2025),  # the median: four quarters after 2024-Q1
        ([3.0], 2024),
        ([12.0, np.nan, 8.0], 2027),  # never is later than any year
        ([4.0, np.nan, np.nan], np.nan),  # most never have one
        ([4.0, np.nan], np.nan),
        ([39.0], 2033),
        ([40.0], np.nan),  # after the last quarter
    ],
)
def test_first_year(quarters, expected):
    config = config_of("designs=[status_quo,regiobureau]")
    np.testing.assert_equal(first_year(pd.Series(quarters), config), float(expected))
    np.testing.assert_equal(first_year(pd.Series(quarters[::-1]), config), float(expected))


def test_chance_quarter_and_shares_are_those_of_the_runs():
    config = config_of("designs=[status_quo,regiobureau]", "replicates=4")
    today = [0.1, 0.2, 0.3, 0.4]
    gaps = {"vote": [0.0, 0.1, 0.0, 0.2], "at_once": [-0.1, 0.1, 0.2, -0.05]}
    adopted = {"vote": [0, 1, 0, 1], "at_once": [1, 1, 1, 1]}
    quarter = {"vote": [np.nan, 24.0, np.nan, 30.0], "at_once": [20.0] * 4}
    rows = []
    for founding in ("vote", "at_once"):
        for at in reversed(range(4)):  # the order of rows says nothing
            rows.append((REFERENCE, founding, at, today[at], 1.0, 20.0, 0.0, 8.0))
            value = today[at] + gaps[founding][at]
            rows.append(
                (
                    "regiobureau",
                    founding,
                    at,
                    value,
                    adopted[founding][at],
                    quarter[founding][at],
                    float(at == 3),
                    4.0,
                )
            )
    names = ["design", "founding", "replicate", HEADLINE, "adopted", "adopted_quarter", "dissolved"]
    names.append("quarters_to_first_result")
    runs = pd.DataFrame(rows, columns=names)
    summary = pd.DataFrame(
        [
            (design, founding, HEADLINE, 0.1, 0.05, 0.15, 0.6)
            for design in (REFERENCE, "regiobureau")
            for founding in ("vote", "at_once")
        ],
        columns=[
            "design",
            "founding",
            "outcome",
            "difference",
            "difference_low",
            "difference_high",
            "probability_best",
        ],
    )
    worlds = pd.DataFrame({"design": ["regiobureau"] * 3, "holds": [True, False, True]})
    staff = pd.DataFrame(
        {"design": ["regiobureau"] * 3, "founding": ["at_once", "at_once", "vote"], "fte": [90.0, 100.0, 7.0]}
    )
    table = designs(config, runs, summary, staff, worlds)
    assert list(table.columns) == COLUMNS
    row = table.iloc[0]
    assert len(table) == 1
    assert row["chance"] == 0.5
    assert row["quarter"] == "2025-Q4"  # the median of 2025-Q1 and 2026-Q3: quarters 24 and 30 after 2019-Q1
    assert (row["worse"], row["dissolved"]) == (0.5, 0.25)
    # values 0.0, 0.3, 0.5 and 0.35 against a mean of 0.25 today: the first is less, the last was dissolved
    assert row["bad"] == 0.5
    assert row["fte"] == 95.0
    assert row["quota"] == 0.75
    np.testing.assert_allclose([row["spread_low"], row["spread_high"]], np.quantile(gaps["at_once"], [0.05, 0.95]))
    assert (row["holds"], row["worlds"], row["first_year"]) == (2, 3, 2025)

    voted = (runs["design"] == "regiobureau") & (runs["founding"] == "vote")
    runs.loc[voted, "adopted"], runs.loc[voted, "adopted_quarter"] = 0.0, np.nan
    never = designs(config, runs, summary, staff, worlds.iloc[:0]).iloc[0]
    assert (never["chance"], never["quarter"], never["holds"], never["worlds"]) == (0.0, None, 0, 0)


def test_designs_rank_by_what_they_gain_if_founded(small):
    assert list(small.designs["design"]) == list(small.designs.sort_values("gain", ascending=False)["design"])
    assert small.designs.iloc[0]["design"] == small.explained
    assert REFERENCE not in set(small.designs["design"])


def test_numbers_are_those_of_the_runs(small):
    for row in small.designs.to_dict("records"):
        mine = small.runs[small.runs["design"] == row["design"]].astype({"founding": str})
        voted = mine[mine["founding"] == "vote"]
        assert row["chance"] == voted["adopted"].mean()
        holds = small.worlds[small.worlds["design"] == row["design"]]["holds"]
        assert (row["holds"], row["worlds"]) == (holds.sum(), len(holds))
        if row["chance"] == 0.0:
            assert row["quarter"] is None or pd.isna(row["quarter"])
            assert row["decided"] == 0.0


def test_the_last_year_is_the_gain_of_the_first_table(small):
    last = small.years[(small.years["year"] == 2033) & (small.years["founding"] == "at_once")].set_index("design")
    assert list(small.years["year"].unique()) == list(range(2024, 2034))
    for row in small.designs.to_dict("records"):
        told = last.loc[row["design"], ["gain", "low", "high"]].to_numpy(dtype=float)
        np.testing.assert_allclose(told, [row["gain"], row["gain_low"], row["gain_high"]], atol=1e-12)
    assert (last.loc[REFERENCE, ["gain", "low", "high"]] == 0.0).all()


def test_municipalities_are_means_of_the_runs(small):
    assert len(small.municipalities) == 4 * 5
    rows = small.municipalities.set_index(["design", "municipality"])
    quo = rows.loc[REFERENCE]
    assert (quo["gain"] == 0.0).all()
    for design in ("regiobureau", "regio_deal"):
        np.testing.assert_allclose(rows.loc[design, "gain"], rows.loc[design, "value"] - quo["value"], atol=1e-12)
    assert rows["value"].between(0, 1).all()
    assert (rows["low"] <= rows["gain"]).all()
