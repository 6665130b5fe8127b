"""``parameters=FILE``: a user's own parameter sets, read as rows, the same in every command."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command import bresim as call

import bresim
from bresim import plausible
from bresim.analysis.patterns import PATTERNS
from bresim.common.errors import InputError
from bresim.config import own_sets
from bresim.config.own_sets import OwnSets, read_sets
from bresim.config.schema import CompareConfig, ModelConfig
from bresim.parameters import PARAMETERS
from bresim.plan import make_plan, parameter_sets
from bresim.results.manifest import config_hash, read_manifest
from bresim.sweep import cluster
from bresim.sweep.batch import run_in_memory
from bresim.sweep.job import SweepJob
from bresim.sweep.run import run

NAMES = list(PARAMETERS)
SHIPPED = plausible.load().values
SMALL = ["designs=[status_quo,regio_deal]", "undercurrent_replicates=0", "replicates=2", "replicates_per_draw=1"]


def table(*rows: int) -> pd.DataFrame:
    """Rows of the shipped table, as sets of one's own."""
    return pd.DataFrame(SHIPPED[list(rows)], columns=NAMES)


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.csv"
    table(0, 1).to_csv(path, index=False)
    return path


def load(path: Path, *overrides: str) -> CompareConfig:
    return bresim.load("compare", [*SMALL, f"parameters={path}", *overrides])


def own(config: ModelConfig) -> OwnSets:
    assert config.parameters.own is not None
    return config.parameters.own


def problems(path: Path) -> list[str]:
    with pytest.raises(InputError) as error:
        load(path)
    return [str(problem) for problem in error.value.problems]


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_table_gives_the_same_bits_in_csv_and_parquet(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"mine.{suffix}"
    rows = table(3, 4, 5)
    shuffled = rows[list(reversed(NAMES))]  # columns go by name
    shuffled.to_csv(path, index=False) if suffix == "csv" else shuffled.to_parquet(path)
    found = own(load(path))
    np.testing.assert_array_equal(found.table().values, SHIPPED[3:6])
    assert found.table().draws.tolist() == [0, 1, 2]
    assert (found.name, found.sets, found.judged) == (path.name, 3, None)


def test_a_copy_of_the_shipped_table_gives_the_shipped_sets(tmp_path: Path) -> None:
    path = tmp_path / "mine.parquet"
    path.write_bytes(plausible.TABLE.read_bytes())
    shipped = bresim.load("compare", SMALL)
    for block in (np.arange(3), np.array([299, 300, 301])):
        for ours, theirs in zip(parameter_sets(load(path), block), parameter_sets(shipped, block), strict=True):
            np.testing.assert_array_equal(ours, theirs)
    np.testing.assert_array_equal(own(load(path)).table().draws, plausible.load().draws)


def test_two_known_sets_are_the_runs_in_which_every_parameter_is_fixed(mine: Path) -> None:
    """Worked by hand: of two sets, each replicate of two has one."""
    found = bresim.compare(load(mine, "figures=false")).runs
    assert sorted(found["parameter_draw"].unique()) == [0, 1]
    outcomes = [name for name in found if name != "parameter_draw"]
    for row in (0, 1):
        fixed = [f"parameters.{name}={value!r}" for name, value in zip(NAMES, SHIPPED[row].tolist(), strict=True)]
        config = bresim.load("compare", [*SMALL, "parameters=point", *fixed, "figures=false"])
        alone = bresim.compare(config).runs
        replicate = found.loc[found["parameter_draw"] == row, "replicate"].unique()
        assert len(replicate) == 1
        pd.testing.assert_frame_equal(
            found.loc[found["replicate"] == replicate[0], outcomes].reset_index(drop=True),
            alone.loc[alone["replicate"] == replicate[0], outcomes].reset_index(drop=True),
        )


def by_run(runs: pd.DataFrame) -> dict[tuple[str, int], tuple[float, ...]]:
    """(design, replicate) → parameter set and two outcomes."""
    names = ["design", "replicate", "parameter_draw", "public_value_direct", "trust_mean"]
    rows = runs[names].itertuples(index=False, name=None)
    return {(str(design), int(replicate)): tuple(map(float, rest)) for design, replicate, *rest in rows}


def test_compare_run_sweep_and_evaluate_have_the_same_sets(mine: Path) -> None:
    shared = [f"parameters={mine}", "replicates_per_draw=1", "founding=vote"]
    both = ["designs=[status_quo,regio_deal]", "replicates=2"]
    whole = by_run(bresim.compare([*SMALL, *shared, "figures=false"]).runs)
    assert {draw for draw, *_ in whole.values()} == {0, 1}
    now = bresim.load("compare", []).undercurrent.negativity
    swept = bresim.sweep([*both, *shared, f"+vary.undercurrent.negativity=[0,{now}]"]).runs
    assert by_run(swept[swept["undercurrent.negativity"] == now]) == whole
    assert by_run(bresim.evaluate([{}], config=[*both, *shared])) == whole
    runs = {
        run
        for replicate in (0, 1)
        for run in by_run(bresim.run(["governance=regio_deal", f"replicate={replicate}", *shared]).runs).items()
    }
    assert runs == {(key, found) for key, found in whole.items() if key[0] == "regio_deal"}


def test_what_is_fixed_is_fixed_in_every_set_of_the_file(mine: Path) -> None:
    values, _ = parameter_sets(load(mine, "parameters.work=0.5"), np.arange(2))
    assert values[:, NAMES.index("work")].tolist() == [0.5, 0.5]


def test_the_numbers_of_sets_say_which_codings_patterns_judge_them_with(tmp_path: Path) -> None:
    table(0, 1).assign(index=[41, 7]).to_csv(tmp_path / "mine.csv", index=False)
    config = bresim.load("patterns", [f"parameters={tmp_path / 'mine.csv'}", "coding=drawn", "replicates=20"])
    from bresim.analysis.verdicts import _sets

    assert sorted(_sets(config, np.arange(2)).codings.tolist()) == [7, 41]


# --- what is wrong with a table -------------------------------------------------------------------
Change = Callable[[pd.DataFrame], pd.DataFrame]


def changed(row: int, name: str, value: Any) -> Change:
    def change(rows: pd.DataFrame) -> pd.DataFrame:
        rows = rows.astype(object)
        rows.loc[row, name] = value
        return rows

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda t: t.drop(columns=["work", "pace"]), ["has no column for pace, work; a set has a value for each of"]),
        (lambda t: t.rename(columns={"work": "wrk"}), ["column for work", "'wrk' is no parameter; did you mean 'wo"]),
        (lambda t: t[:0], ["holds no sets; give 1 to 10,000"]),
        (lambda t: pd.concat([t, t[["work"]]], axis=1), ["has 2 columns 'work'; give each parameter one"]),
        (changed(1, "work", 9.5), ["row 2: work: 9.5 is out of range; allowed: 0.4 to 1.05"]),
        (changed(1, "work", "much"), ["row 2: work: 'much' is not a number; allowed: 0.4 to 1.05"]),
        (changed(1, "work", ""), ["row 2: work: has no value; allowed: 0.4 to 1.05"]),
        (changed(0, "work", "nan"), ["row 1: work: 'nan' is not a number; allowed"]),
        (changed(0, "work", "inf"), ["row 1: work: inf is out of range; allowed"]),
        (changed(0, "work", True), ["row 1: work: 'True' is not a number; allowed"]),
        (lambda t: t.assign(index=[1, 2.5]), ["row 2: index: 2.5 is not a whole number; allowed: 0 to 2147483647"]),
        (lambda t: -1 - t, ["row 1: shock_rate: "]),
    ],
)  # fmt: skip
def test_a_wrong_table_is_told_by_file_row_and_column(mine: Path, change: Change, told: list[str]) -> None:
    change(table(0, 1)).to_csv(mine, index=False)
    found = problems(mine)
    assert all(text.startswith("parameters: mine.csv: ") for text in found)
    assert all(any(part in text for text in found) for part in told), found
    assert len(found) <= own_sets._SHOWN + 1


def test_of_many_wrong_columns_a_few_are_listed(mine: Path) -> None:
    (table(0, 1) - 1000.0).to_csv(mine, index=False)
    found = problems(mine)
    assert found[-1] == f"parameters: mine.csv: {len(NAMES) - 5} more columns have a wrong value"
    assert len(found) == 6


@pytest.mark.parametrize(
    ("column", "told"),
    [
        (pa.array(["much", "more"]), "row 1: work: 'much' is not a number"),
        (pa.array([0.5, None]), "row 2: work: has no value"),
        (pa.array([0.5, float("nan")]), "row 2: work: has no value"),
        (pa.array([True, False]), "row 1: work: True is not a number"),
        (pa.array([[1.0], [2.0]]), "its column 'work' holds no numbers or text"),
    ],
)
def test_a_wrong_column_of_parquet_is_told(tmp_path: Path, column: pa.Array, told: str) -> None:
    whole = pa.Table.from_pandas(table(0, 1))
    pq.write_table(whole.set_column(whole.column_names.index("work"), "work", column), tmp_path / "mine.parquet")
    assert any(told in text for text in problems(tmp_path / "mine.parquet"))


def test_two_columns_of_one_name_in_parquet_are_told(tmp_path: Path) -> None:
    whole = pa.Table.from_pandas(table(0, 1))
    pq.write_table(whole.append_column("work", pa.array([0.5, 0.6])), tmp_path / "mine.parquet")
    assert problems(tmp_path / "mine.parquet") == [
        "parameters: mine.parquet: has 2 columns 'work'; give each parameter one"
    ]


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    (tmp_path / "ragged.csv").write_text("work,pace\n0.5,1\n0.5\n", encoding="utf-8")
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "text.parquet").write_text("no Parquet", encoding="utf-8")
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    for name, told in {
        "empty.csv": "holds no sets", "ragged.csv": "row 2 has 1 cells", "binary.csv": "cannot be read",
        "text.parquet": "cannot be read", "pipe.csv": "is not a plain file", "folder.csv": "cannot be read",
        "none.csv": "check the path",
    }.items():  # fmt: skip
        assert told in problems(tmp_path / name)[0], name


def test_columns_that_a_search_notes_are_allowed() -> None:
    assert all(own_sets._NOTED.fullmatch(pattern.id) for pattern in PATTERNS)
    assert not any(own_sets._NOTED.fullmatch(name) for name in NAMES)


# --- identity -------------------------------------------------------------------------------------
def test_the_content_and_not_the_name_is_in_the_hash(mine: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_bytes(mine.read_bytes())
    before = config_hash(load(mine))
    assert config_hash(load(other)) == before
    table(0, 2).to_csv(mine, index=False)
    assert config_hash(load(mine)) != before


def test_a_sweep_goes_on_under_another_name_of_the_file_and_not_with_other_sets(mine: Path, tmp_path: Path) -> None:
    def sweep(path: str) -> Any:
        vary = "+vary.undercurrent.negativity=[0,1]"
        options = ["replicates=2", "designs=[status_quo]", "out=a", "lang=en", "progress=off"]
        return call("sweep", f"parameters={path}", vary, *options, cwd=tmp_path)

    assert sweep("mine.csv").returncode == 0
    mine.rename(tmp_path / "other.csv")
    assert "1 of 1 parts were there already" in sweep("other.csv").stdout
    table(0, 2).to_csv(mine, index=False)
    refused = sweep("mine.csv")
    assert refused.returncode == 2
    assert "holds another sweep: parameters.own.digest is" in refused.stderr


def swept(*given: str) -> SweepJob:
    shared = ("region=teaching", "designs=[status_quo]", "replicates=4", "replicates_per_draw=1", "seed=3", "lang=en")
    return SweepJob(bresim.load("sweep", [*shared, *given]))


def test_a_sweep_varies_sets_of_ones_own_beside_the_shipped_ones(mine: Path, tmp_path: Path) -> None:
    """Each point has the runs that the source it names has by itself, and the label that the user wrote."""
    other = tmp_path / "other.parquet"
    table(2, 5).to_parquet(other)
    given, out = ["plausible", str(mine), str(other)], tmp_path / "out"
    result = run(swept(f"+vary.parameters=[{','.join(given)}]", f"out={out}"))
    rows, points = pd.read_parquet(out / "runs.parquet"), pd.read_parquet(out / "points.parquet")
    assert points["parameters"].tolist() == given
    for number, source in enumerate(given):
        alone = run_in_memory(swept(f"parameters={source}", "+vary.measures.monitoring=[0.0]")).runs
        mixed = rows[rows["point"] == number]
        assert {*mixed["parameters"]} == {source}
        columns = [name for name in alone if name not in {"point", "measures.monitoring"}]
        pd.testing.assert_frame_equal(
            mixed[columns].reset_index(drop=True), alone[columns], check_dtype=False, check_categorical=False
        )
    assert "own" in result.not_judged
    written = json.loads((out / "manifest.json").read_text())["config"]["sets"]
    assert {name: (one["name"], one["sets"]) for name, one in written.items()} == {
        str(mine): ("mine.csv", 2),
        str(other): ("other.parquet", 2),
    }
    assert "content" not in str(written)


def test_a_list_of_points_names_files_beside_it(mine: Path, tmp_path: Path) -> None:
    points = tmp_path / "points.csv"
    points.write_text(f"parameters,undercurrent.negativity\nplausible,0.1\n{mine.name},0.2\n")
    job = swept("sweep.method=list", f"sweep.points={points}")
    assert job.points["parameters"].tolist() == ["plausible", "mine.csv"]
    assert [*job.config.sets] == ["mine.csv"]
    found = bresim.evaluate([{"parameters": str(mine)}, {"parameters": "point"}], designs=["status_quo"], replicates=2)
    assert len(found) == 4


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "cannot be read"), ("work\n1\n", "has no column for"), ("[1]", "holds no sets")],
)
def test_a_wrong_file_among_the_sources_is_one_message(content: str | None, told: str, tmp_path: Path) -> None:
    file = tmp_path / "wrong.csv"
    if content:
        file.write_text(content)
    with pytest.raises(InputError) as caught:
        swept(f"+vary.parameters=[plausible,{file}]")
    assert "wrong.csv" in str(caught.value)
    assert told in str(caught.value.problems[0])
    assert not any("source of parameters" in str(problem) for problem in caught.value.problems)


def test_other_sets_under_the_same_name_are_another_sweep(mine: Path, tmp_path: Path) -> None:
    vary = f"+vary.parameters=[point,{mine}]"
    before = swept(vary).identity
    assert swept(vary).identity == before
    table(1, 3).to_csv(mine, index=False)
    assert swept(vary).identity != before


def test_jobs_at_once_have_one_table(mine: Path, tmp_path: Path) -> None:
    done = call("run", "--multirun", f"parameters=plausible,{mine}", "lang=en", cwd=tmp_path)
    assert (done.returncode, "sets of your own are those of every job" in done.stderr) == (2, True)


def test_a_job_without_own_sets_is_hashed_as_before_there_were_any() -> None:
    assert bresim.load("compare", []).model_dump(mode="json")["parameters"] == {"source": "plausible", "fixed": {}}


def test_a_configuration_that_was_written_has_the_digest_and_does_not_run(mine: Path) -> None:
    config = load(mine)
    written = json.loads(config.model_dump_json())["parameters"]["own"]
    assert written == {"name": "mine.csv", "sets": 2, "digest": read_sets(mine).digest, "judged": None}
    back = CompareConfig.model_validate_json(config.model_dump_json())
    assert config_hash(back) == config_hash(config)
    with pytest.raises(InputError, match=r"the sets of 'mine\.csv' are not kept with results"):
        make_plan(back, range(1))
    whole = CompareConfig.model_validate_json(config.model_dump_json(context={own_sets.WHOLE: True}))
    np.testing.assert_array_equal(own(whole).table().values, SHIPPED[:2])


def test_a_worker_elsewhere_gets_the_sets_themselves(mine: Path) -> None:
    config = bresim.load("sweep", [f"parameters={mine}", "+vary.undercurrent.negativity=[0,1]"])
    job = SweepJob(config)
    payload = cluster._payload(job)
    mine.unlink()
    there = cluster._same_job(*payload)
    assert there.identity == job.identity
    np.testing.assert_array_equal(own(there.config).table().values, SHIPPED[:2])


def test_a_worker_elsewhere_gets_the_sets_that_points_name(mine: Path) -> None:
    job = swept(f"+vary.parameters=[point,{mine}]")
    payload = cluster._payload(job)
    mine.unlink()
    there = cluster._same_job(*payload)
    assert there.identity == job.identity
    np.testing.assert_array_equal(there.config.sets[str(mine)].table().values, SHIPPED[:2])
    assert "sets" not in swept("+vary.undercurrent.negativity=[1]").config.model_dump(mode="json")


def test_a_page_and_an_analysis_of_every_parameter_refuse_it(mine: Path) -> None:
    with pytest.raises(InputError, match="a page has the shipped parameter sets: leave parameters out"):
        bresim.load("page", [f"parameters={mine}"])
    with pytest.raises(InputError, match=r"'mine\.csv' would not be used: every parameter varies"):
        bresim.sensitivity([f"parameters={mine}", "method=morris"])


# --- as a user meets it ---------------------------------------------------------------------------
def test_report_manifest_and_terminal_name_the_file(mine: Path, tmp_path: Path) -> None:
    options = [*SMALL, "figures=false", "progress=off", "parameters=mine.csv"]
    done = call("compare", *options, "lang=en", "out=a", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Not judged by the patterns of the sources: parameter sets of your own" in " ".join(done.stdout.split())
    manifest = read_manifest(tmp_path / "a")
    assert manifest["not_judged"] == ["own"]
    assert manifest["config"]["parameters"]["own"]["digest"] == read_sets(mine).digest
    page = (tmp_path / "a" / "report.html").read_text(encoding="utf-8")
    assert "2 parameter sets from mine.csv: not judged by the patterns of the sources." in page
    assert "reproduce what BRE 2023 describes" not in page
    assert "parameters=mine.csv" in page
    assert call("report", "a", "lang=nl", "out=b", cwd=tmp_path).returncode == 0
    dutch = (tmp_path / "b" / "report.html").read_text(encoding="utf-8")
    assert "2 sets parameters uit mine.csv: niet getoetst aan de patronen uit de bronnen." in dutch


def test_a_wrong_file_ends_with_code_two_and_one_message(mine: Path, tmp_path: Path) -> None:
    changed(1, "work", 9)(table(0, 1)).to_csv(mine, index=False)
    for command in ("compare", "run", "sweep", "brief", "patterns"):
        done = call(command, "parameters=mine.csv", "lang=en", cwd=tmp_path)
        assert done.returncode == 2
        assert done.stderr.count("mine.csv") == 1
        assert "parameters: mine.csv: row 2: work: 9 is out of range; allowed: 0.4 to 1.05" in done.stderr
    assert not (tmp_path / "results").exists()
