"""Tables on disk: nothing lost, missing is null, whole numbers are whole numbers."""

from __future__ import annotations

import errno
import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

import bresim
from bresim.cli import main
from bresim.common import spreadsheet
from bresim.common.errors import BresimError, InputError
from bresim.results import Result, make_manifest, read_result, write_manifest, write_tables
from bresim.results.contents import Results
from bresim.results.folder import FULL
from bresim.results.tables import tidy, write_table

RUNS = pd.DataFrame(
    {
        "design": ["status_quo", "regio_deal"],
        "scenario": ["history", "history"],
        "undercurrent": ["report", "report"],
        "replicate": [0, 0],
        "parameter_draw": [np.nan, 3.0],
        "public_value_direct": [0.25, np.nan],
        "agreements": [3.0, np.nan],
        "quarters_to_agreement": [2.5, np.nan],
        "adopted": [1.0, 0.0],
        "adopted_quarter": [20.0, np.nan],
    }
)


def test_missing_is_null_and_counts_are_whole_numbers(tmp_path: Path) -> None:
    (path,) = write_tables(tmp_path, {"runs": RUNS})
    table = pq.read_table(path)
    assert [field.name for field in table.schema if str(field.type) == "int64"] == [
        "replicate", "parameter_draw", "agreements", "adopted", "adopted_quarter",
    ]  # fmt: skip
    assert table["agreements"].to_pylist() == [3, None]
    assert table["public_value_direct"].to_pylist() == [0.25, None]
    assert table["quarters_to_agreement"].to_pylist() == [2.5, None]
    assert pq.ParquetFile(path).metadata.row_group(0).column(0).compression == "ZSTD"
    assert RUNS["agreements"].dtype == np.float64  # the caller's table is as it was


def test_every_bit_of_a_share_survives(tmp_path: Path) -> None:
    values = np.random.default_rng(1).random(1000)
    write_table(tmp_path, "runs", pd.DataFrame({"public_value_direct": values}))
    back = pd.read_parquet(tmp_path / "runs.parquet")["public_value_direct"].to_numpy()
    assert (back.view(np.uint64) == values.view(np.uint64)).all()


def test_the_summary_is_plain_csv(tmp_path: Path) -> None:
    summary = pd.DataFrame({"design": ["a,b"], "mean": [1 / 3], "low": [np.nan]})
    write_table(tmp_path, "summary", summary)
    assert (tmp_path / "summary.csv").read_text() == f'design,mean,low\n"a,b",{1 / 3!r},\n'


#: Texts that a spreadsheet would compute, texts with an apostrophe of their own, and texts that stay as they are.
FORMULAS = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\tx", "\rx", "'=1", "''+a", "\tx=1"]
PLAIN = ["a=1", "'t Dorp", "x", "1-2", "é", "a,b;c"]


def test_no_cell_of_a_csv_file_is_a_formula_and_reading_gives_the_text_back(tmp_path: Path) -> None:
    texts = [*FORMULAS, *PLAIN]
    summary = pd.DataFrame({"design": texts, "=label": pd.Categorical(texts), "mean": np.linspace(-1, 1, len(texts))})
    (path,) = write_tables(tmp_path, {"summary": summary})
    raw = pd.read_csv(path)
    assert not raw["design"].str.match(r"[=+\-@\t\r]").any()
    assert list(raw) == ["design", "'=label", "mean"]
    assert raw["mean"].tolist() == pytest.approx(summary["mean"].tolist())  # numbers stay numbers, below zero too
    assert raw["design"].tolist()[len(FORMULAS) :] == PLAIN
    back = spreadsheet.read_back(raw)
    assert back["design"].tolist() == texts
    assert back["=label"].tolist() == texts
    assert list(back) == list(summary)


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_no_cell_of_an_exported_table_is_a_formula(
    tmp_path: Path, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = pd.DataFrame({"design": pd.Categorical(FORMULAS), "public_value_direct": np.linspace(-1, 1, len(FORMULAS))})
    write_tables(tmp_path, {"runs": runs, "summary": runs})
    config = bresim.load("run", ["region=teaching"])
    write_manifest(tmp_path, make_manifest(Result(config=config), datetime.now(UTC), datetime.now(UTC)))
    how = {"sep": ";", "decimal": ",", "encoding": "utf-8-sig"} if lang == "nl" else {}
    for table in ("runs", "summary"):
        to = tmp_path / f"{table}_{lang}.csv"
        assert main(["results", str(tmp_path), "export=csv", f"table={table}", f"to={to}", f"lang={lang}"]) == 0
        found = pd.read_csv(to, **how)
        assert found["design"].tolist() == [f"'{text}" for text in FORMULAS]
        assert found["public_value_direct"].tolist() == pytest.approx(runs["public_value_direct"].tolist())
        assert spreadsheet.read_back(found)["design"].tolist() == FORMULAS
    capsys.readouterr()


def test_an_error_of_the_model_does_not_get_into_a_table() -> None:
    with pytest.raises(BresimError, match=r"runs\.public_value_direct.*infinite"):
        tidy(pd.DataFrame({"public_value_direct": [0.5, np.inf]}), "runs")
    with pytest.raises(BresimError, match=r"runs\.agreements.*broken"):
        tidy(pd.DataFrame({"agreements": [0.5]}), "runs")  # half an agreement


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_the_summary_is_listed_and_exported_as_the_other_tables(tmp_path: Path, kind: str) -> None:
    summary = pd.DataFrame({"design": ["a,b", "c"], "mean": [1 / 3, 2.0], "low": [np.nan, 1.0]})
    write_table(tmp_path, "summary", summary)
    write_table(tmp_path, "runs", tidy(RUNS, "runs"))
    (tmp_path / "manifest.json").write_text(
        json.dumps({"bresim": "0", "config": {}, "config_hash": "", "command": "compare"})
    )
    results = Results(tmp_path)
    listed = {table.name: (table.rows, table.columns) for table in results.tables()}
    assert listed["summary"] == (2, ("design", "mean", "low"))
    to = tmp_path / f"mine.{kind}"
    assert results.export(kind, to, "summary") == (2, [])
    back = pd.read_csv(to) if kind == "csv" else pd.read_parquet(to)
    pd.testing.assert_frame_equal(back, summary, check_dtype=False)


@pytest.mark.parametrize("name", ["runs", "summary"])
def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    def full(*_: object, **__: object) -> None:
        partial = f".{name}.csv.partial" if name == "summary" else f".{name}.parquet.partial"
        (tmp_path / partial).write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("bresim.results.tables.pq.write_table", full)
    monkeypatch.setattr(pd.DataFrame, "to_csv", full)
    with pytest.raises(OSError, match="No space left") as caught:
        write_table(tmp_path, name, RUNS)
    assert caught.value.errno in FULL
    assert list(tmp_path.iterdir()) == []


def test_no_room_is_recognised_whoever_writes(tmp_path: Path) -> None:
    """pyarrow, pandas and Python pass the system's own error number on; a limit on file size stands for the disk."""
    resource = pytest.importorskip("resource")
    large = pd.DataFrame({"x": np.random.default_rng(1).random(100_000)})
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    try:
        for name in ("runs", "summary"):
            with pytest.raises(OSError, match="arge") as caught:  # "File too large"
                write_table(tmp_path, name, large)
            assert caught.value.errno in FULL
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []


def test_a_result_is_read_back(tmp_path: Path) -> None:
    config = bresim.load("compare", ["designs=[status_quo,regio_deal]", "replicates=1"])
    summary = pd.DataFrame(
        {"design": ["status_quo"], "outcome": ["public_value_direct"], "mean": [0.25], "low": [np.nan]}
    )
    result = Result(config=config, runs=tidy(RUNS, "runs"), summary=summary, engine="numba", failures=2)
    write_tables(tmp_path, result.tables())
    write_manifest(tmp_path, make_manifest(result, datetime.now(UTC), datetime.now(UTC)))
    back = read_result(tmp_path)
    pd.testing.assert_frame_equal(back.runs, result.runs, check_dtype=False)
    pd.testing.assert_frame_equal(back.summary, summary)
    assert back.config == config
    assert (back.engine, back.failures) == ("numba", 2)
    assert back.series.empty
    assert set(back.tables()) == {"runs", "summary"}


def test_what_no_job_left_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no manifest"):
        read_result(tmp_path)
    with pytest.raises(InputError, match="not a folder"):
        read_result(tmp_path / "nowhere")
    (tmp_path / "manifest.json").write_text('{"bresim": "9", "command": "dance", "config": {}, "config_hash": "x"}')
    with pytest.raises(InputError, match=r"of bresim 9, whose configuration this version cannot read"):
        read_result(tmp_path)
