"""The whole job: kept parts, seeds and workers, and regions and designs of every kind."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest

from bresim.brief import packages
from bresim.brief.job import Brief, check
from bresim.brief.rule_types import differing
from bresim.brief.runs import MEASURED
from bresim.brief.store import Store
from bresim.common.errors import InputError
from bresim.conventions import HEADLINE, REFERENCE
from bresim.governance.schema import RULE_TYPES
from tests.brief.conftest import config_of, made

TABLES = [field.name for field in dataclasses.fields(Brief) if field.type == "pd.DataFrame"]
TWO = "designs=[status_quo,informal_centre]"


@pytest.fixture(autouse=True)
def _packages_of_one_change(monkeypatch):
    monkeypatch.setattr(packages, "LARGEST", 1)


def assert_same(one: Brief, other: Brief) -> None:
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True, obj=name)


# --- the store ------------------------------------------------------------------------------------------------------


def tables(number: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    return pd.DataFrame({"x": [number, 2], "said": [None, "a"]}), pd.DataFrame(columns=["y"])


def never() -> tuple[pd.DataFrame, ...]:
    raise AssertionError("made again")


def test_a_part_that_is_there_is_not_made_again(tmp_path):
    first = Store(tmp_path).part(("a", "b"), lambda: tables(1))
    again = Store(tmp_path)
    for kept, made_first in zip(again.part(("a", "b"), never), first, strict=True):
        pd.testing.assert_frame_equal(kept, made_first)
    assert again.kept == 1
    assert not list(tmp_path.glob("*.[0-9]*"))


@pytest.mark.parametrize("left", [b"", b"PAR1", b"half a file"])
@pytest.mark.parametrize("damaged", ["a", "b"])
def test_a_damaged_file_is_made_again(tmp_path, left, damaged):
    Store(tmp_path).part(("a", "b"), lambda: tables(1))
    path = tmp_path / f"{damaged}.parquet"
    path.write_bytes(left or path.read_bytes()[:-20])
    again = Store(tmp_path)
    assert again.part(("a", "b"), lambda: tables(5))[0]["x"].iloc[0] == 5
    assert again.kept == 0
    assert Store(tmp_path).part(("a", "b"), never)[0]["x"].iloc[0] == 5


def test_a_part_of_which_one_table_is_missing_is_made_again(tmp_path):
    Store(tmp_path).part(("a", "b"), lambda: tables(1))
    (tmp_path / "b.parquet").unlink()
    assert Store(tmp_path).part(("a", "b"), lambda: tables(5))[0]["x"].iloc[0] == 5


def test_without_a_folder_nothing_is_kept():
    store = Store(None)
    store.part(("a", "b"), lambda: tables(1))
    assert store.part(("a", "b"), lambda: tables(5))[0]["x"].iloc[0] == 5
    assert store.kept == 0


# --- stopped and resumed ---------------------------------------------------------------------------------------------

#: Of six futures no package of measures is clearly better than today, so there is none in every world.
PARTS = ("runs", "measures", "votes", "worlds", "rule_types", "packages", "later", "absence")


class Stopped(BaseException):
    """As Ctrl-C."""


def test_stopped_after_every_part_and_resumed_it_is_the_same_as_in_one_go(tmp_path, monkeypatch):
    config = config_of("designs=[status_quo,regiobureau]", "replicates=6")
    part = Store.part

    def asked_of(most: float) -> list[tuple[str, ...]]:
        """The parts that are asked of the store, which stops when there are more than ``most``."""
        asked = []

        def stops(self, names, make):
            if len(asked) >= most:
                raise Stopped
            asked.append(names)
            return part(self, names, make)

        monkeypatch.setattr(Store, "part", stops)
        return asked

    parts = asked_of(math.inf)
    whole = made(config, tmp_path / "whole")
    assert whole.kept_parts == 0
    assert {names[0] for names in parts} >= set(PARTS)
    for number in range(1, len(parts)):
        asked = asked_of(number)
        with pytest.raises(Stopped):
            made(config, tmp_path / "resumed")
        assert asked == parts[:number]
        assert len(list((tmp_path / "resumed").glob("*.parquet"))) == sum(len(names) for names in asked)
    monkeypatch.setattr(Store, "part", part)
    resumed = made(config, tmp_path / "resumed")
    assert resumed.kept_parts == len(parts) - 1
    assert_same(whole, resumed)
    for name in PARTS:
        assert (tmp_path / "whole" / f"{name}.parquet").is_file()
    again = made(config, tmp_path / "whole")
    assert again.kept_parts == len(parts)
    assert_same(whole, again)


def test_the_same_seed_gives_the_same_tables_whatever_the_workers():
    one, two = (made(config_of(TWO, "replicates=6", f"workers={workers}")) for workers in (1, 2))
    assert_same(one, two)
    other = made(config_of(TWO, "replicates=6", "seed=2"))
    assert not other.designs["gain"].equals(one.designs["gain"])


# --- designs and regions of every kind -------------------------------------------------------------------------------


def test_what_is_asked_for_is_there(small):
    assert small.explained in {"regiobureau", "regio_deal", "coalition_of_the_willing"}
    for name in (
        "runs",
        "summary",
        "years",
        "municipalities",
        "designs",
        "votes",
        "worlds",
        "measures",
        "packages",
        "absence",
    ):
        assert len(getattr(small, name)), name
    assert list(small.rule_types["rule_type"]) == list(RULE_TYPES)
    gain = small.designs.set_index("design").loc[small.explained, "gain"]
    assert small.rule_types["value"].sum() == pytest.approx(gain, abs=1e-12)
    assert small.votes["municipality"].nunique() == 5
    assert len(small.absence) == 7


def test_packages_take_only_rule_types_that_differ(small):
    design = next(one for one in small.config.designs if one.name == small.explained)
    today = next(one for one in small.config.designs if one.name == REFERENCE)
    rows = small.packages[small.packages["kind"] == "rule_types"]
    assert set(rows["parts"]) <= set(differing(design, today))


def test_only_the_status_quo():
    found = made(config_of("designs=[status_quo]", "replicates=3"))
    assert found.explained is None
    for name in ("designs", "votes", "worlds", "measures", "rule_types", "packages", "absence", "signals"):
        assert getattr(found, name).empty, name
    assert set(found.runs["design"]) == {REFERENCE}


def test_only_the_status_quo_with_measures():
    found = made(config_of("designs=[status_quo]", "replicates=3", "measures.monitoring=1"))
    assert found.explained is None
    assert list(found.designs["design"]) == [MEASURED]
    assert list(found.designs[["holds", "worlds"]].iloc[0]) == [0, 0]


def test_all_are_founded_without_a_vote():
    backed = ("parameters.stance=0.7", "parameters.turbulence_step=0.05")  # by more than half of the provincial council
    found = made(config_of("designs=[status_quo,provincial_steering]", "replicates=3", *backed))
    assert found.votes.empty
    assert (found.designs["chance"] == 1.0).all()
    assert (found.designs["quarter"] == "2024-Q1").all()
    assert (found.designs["gain"] == found.designs["decided"]).all()
    founded = found.packages["kind"] != "measures"
    assert founded.any()
    assert (found.packages.loc[founded, "chance"] == 1.0).all()


def test_none_is_founded():
    found = made(
        config_of(
            "designs=[status_quo,joint_arrangement]", "replicates=3", "parameters.adopt_base=0.3", "undercurrent=strong"
        )
    )
    row = found.designs.iloc[0]
    assert (row["chance"], row["decided"], row["decided_low"], row["decided_high"]) == (0.0, 0.0, 0.0, 0.0)
    assert row["quarter"] is None or pd.isna(row["quarter"])
    assert row["gain"] != 0.0
    founded = found.packages["kind"] != "measures"
    assert (found.packages.loc[founded, "chance"] == 0.0).all()


def test_one_future_has_no_interval_and_claims_nothing():
    found = made(config_of("designs=[status_quo,regiobureau]", "replicates=1"))
    assert np.isnan(found.designs[["gain_low", "gain_high"]].to_numpy(dtype=float)).all()
    assert not found.worlds["holds"].any()
    assert found.signals.empty


def test_one_municipality_asks_for_no_more_than_its_page():
    config = config_of("designs=[status_quo,regiobureau]", "replicates=3", "municipality=Heidekamp")
    found = made(config)
    assert len(found.votes)
    assert len(found.measures)
    assert found.worlds.empty
    assert found.packages.empty
    assert (found.designs["worlds"] == 0).all()


def test_a_run_that_ends_where_the_design_begins():
    found = made(config_of("designs=[status_quo,regiobureau]", "replicates=2", "time.end=2024-Q2"))
    assert found.years.empty
    assert found.designs["first_year"].isna().all()


def test_explain_and_measures_of_the_job_go_together():
    found = made(config_of("replicates=5", "explain=regio_deal", "measures.monitoring=1", "measures.thinning=0.5"))
    assert found.explained == "regio_deal"
    assert set(found.designs["design"]) == {MEASURED, "regiobureau", "regio_deal", "coalition_of_the_willing"}
    founded = found.runs[found.runs["founding"] == "at_once"].astype({"design": str})
    means = founded.groupby("design")[HEADLINE].mean()
    assert found.rule_types["value"].sum() == pytest.approx(means["regio_deal"] - means[MEASURED], abs=1e-12)
    assert (found.signals["design"] == "regio_deal").all()
    assert set(found.absence["design"]) == {"regio_deal"}


@pytest.mark.parametrize(
    ("given", "where", "told"),
    [
        (("designs=[regiobureau]",), "designs", "status_quo"),
        (("explain=regiobureu",), "explain", "regiobureau"),
        (("explain=status_quo",), "explain", "another"),
        (("municipality=Heidekmp",), "municipality", "Heidekamp"),
    ],
)
def test_what_a_brief_cannot_be_made_of(given, where, told):
    with pytest.raises(InputError) as error:
        check(config_of(*given))
    assert error.value.problems[0].where == where
    assert told in f"{error.value.problems[0].what} {error.value.problems[0].remedy}"
