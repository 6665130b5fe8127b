"""What lies in a folder can be listed, checked, compacted and had in other forms."""

from __future__ import annotations

import itertools
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from killed import each_kill

from bresim.cli import main
from bresim.common.errors import InputError
from bresim.results.contents import AGAIN, DUTCH_CSV, WRITERS, Results
from bresim.results.store import TABLES, parts_of
from bresim.sweep.run import run
from tests.sweep.small import SMALL, job_of, rows_of

VARY = ("+vary.undercurrent.negativity=[0.0,0.5,1.0]", "+vary.scenario=[history,austerity]", "sweep.chunk=5")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    run(job_of(*VARY, "record=all", "lang=en", f"out={tmp_path / 'out'}"))
    return tmp_path / "out"


def test_list(out: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["results", str(out)]) == 0
    printed = capfd.readouterr().out
    assert "bresim sweep, 20" in printed
    assert all(table in printed for table in TABLES)
    assert "8 of 8 parts; 36 runs (6 points); 0 failed" in printed
    assert main(["results", str(out), "lang=nl", "check=true"]) == 0
    assert "8 van de 8 delen" in capfd.readouterr().out


def test_the_list_names_a_part_that_it_cannot_count(out: Path, capfd: pytest.CaptureFixture[str]) -> None:
    cut = parts_of(out)[1].path
    cut.write_bytes(cut.read_bytes()[:100])
    assert main(["results", str(out)]) == 1
    told = capfd.readouterr()
    assert "8 of 8 parts" in told.out
    assert told.err == f"bresim results: runs.parquet/{cut.name}: is damaged; {AGAIN}\n"


def test_check_names_what_is_damaged_and_missing(out: Path, capfd: pytest.CaptureFixture[str]) -> None:
    cut, gone, lost = parts_of(out)[1].path, parts_of(out, "series")[4].path, parts_of(out)[6].path
    cut.write_bytes(cut.read_bytes()[:100])
    gone.unlink()
    lost.unlink()
    assert main(["results", str(out), "check=true"]) == 1
    told = capfd.readouterr().err
    assert f"runs.parquet/{cut.name}: is damaged or gone" in told
    assert f"series.parquet/{gone.name}: is damaged or gone" in told
    assert "parts: 3 of 8 are missing, the first has runs 5-9" in told


def test_check_names_what_stands_beside_the_parts(out: Path, capfd: pytest.CaptureFixture[str]) -> None:
    points = out / "points.parquet"
    whole = points.read_bytes()
    assert main(["results", str(out), "check=true"]) == 0
    (out / "summary.csv").unlink()
    points.write_bytes(whole[:100])
    assert main(["results", str(out), "check=true"]) == 1
    told = capfd.readouterr().err
    assert "points.parquet: is damaged or gone; the same bresim sweep" in told
    assert "summary.csv: is gone or empty" in told
    pq.write_table(pq.read_table(BytesIO(whole)).slice(0, 4), points)
    assert main(["results", str(out), "check=true"]) == 1
    assert "points.parquet: is damaged or gone" in capfd.readouterr().err
    assert main(["results", str(out), "export=csv", f"to={out.parent / 'all.csv'}"]) == 0
    assert capfd.readouterr().err == "", "all runs are in it"
    run(job_of(*VARY, "record=all", f"out={out}"))
    assert main(["results", str(out), "check=true"]) == 0, "the same sweep made both again"


def test_an_export_names_a_part_with_other_bytes(out: Path, capfd: pytest.CaptureFixture[str]) -> None:
    part = parts_of(out)[1].path
    content = bytearray(part.read_bytes())
    content[4:400] = bytes(byte ^ 0xFF for byte in content[4:400])
    part.write_bytes(content)
    for kind in ("csv", "parquet", "netcdf"):
        assert main(["results", str(out), f"export={kind}", f"to={out.parent / 'file'}"]) == 2
        assert f"runs.parquet/{part.name}: is damaged or gone" in capfd.readouterr().err
    assert not (out.parent / "file").exists()


def test_an_export_holds_no_row_that_was_changed(out: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = parts_of(out)[1].path
    table = pq.read_table(path)
    at = table.column_names.index("public_value_direct")
    pq.write_table(table.set_column(at, "public_value_direct", pc.add(table["public_value_direct"], 0.1)), path)
    for kind in ("csv", "parquet", "netcdf"):
        assert main(["results", str(out), f"export={kind}", f"to={out.parent / 'file'}"]) == 2
        assert f"runs.parquet/{path.name}: is damaged or gone" in capfd.readouterr().err
    assert not (out.parent / "file").exists()
    assert main(["results", str(out), "export=csv", "table=points", f"to={out.parent / 'file'}"]) == 0


def test_a_file_that_is_no_part_is_reported(out: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = parts_of(out)[1].path
    copy = path.with_name(f"{path.stem} (copy).parquet")
    shutil.copy(path, copy)
    for command in (["check=true"], ["compact=true"], ["export=csv", f"to={out.parent / 'file'}"]):
        assert main(["results", str(out), *command]) == (1 if command == ["check=true"] else 2)
        assert f"runs.parquet/{copy.name}: is no part of this sweep; remove it" in capfd.readouterr().err
    assert copy.exists()  # it is not ours
    copy.unlink()
    (copy.parent / "notes.txt").touch()
    (copy.parent / "more").mkdir()
    named = [problem.where for problem in Results(out).check()]
    assert named == ["runs.parquet/more", "runs.parquet/notes.txt"]


def test_an_export_of_a_table_without_parts_is_refused(out: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for part in parts_of(out):
        part.path.unlink()
    assert main(["results", str(out)]) == 0
    for kind in ("csv", "parquet", "netcdf"):
        assert main(["results", str(out), f"export={kind}", f"to={out.parent / 'file'}"]) == 2
        assert "runs.parquet: holds no parts; the same bresim sweep" in capfd.readouterr().err


def test_compact_keeps_rows_check_and_resume(out: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before = {table: pq.read_table(out / f"{table}.parquet") for table in TABLES}
    assert main(["results", str(out), "compact=true", "check=true"]) == 0
    assert "1 of 1 parts" in capfd.readouterr().out
    for table, rows in before.items():
        assert len(parts_of(out, table)) == 1
        assert pq.read_table(out / f"{table}.parquet").replace_schema_metadata() == rows.replace_schema_metadata()
    result = run(job_of(*VARY, "record=all", f"out={out}"))
    assert result.manifest["resumed_chunks"] == result.manifest["chunks"] == 1
    assert main(["results", str(out), "compact=true"]) == 0  # again: nothing to do
    series = parts_of(out, "series")[0].path
    series.write_bytes(series.read_bytes()[:-1])
    assert main(["results", str(out), "compact=true", "lang=en"]) == 2
    assert "is damaged or gone" in capfd.readouterr().err
    assert not list(out.rglob("*.partial"))


def test_compact_on_a_full_disk_leaves_all_as_it_was(
    out: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    before = sorted(out.rglob("*"))

    def full(path: Path) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bresim.results.compacting.digest_of_file", full)  # the first part is written
    assert main(["results", str(out), "compact=true"]) == 1
    assert "the disk is full" in capfd.readouterr().err
    assert sorted(out.rglob("*")) == before
    monkeypatch.undo()
    assert main(["results", str(out), "check=true"]) == 0


def rows_in(out: Path) -> dict[str, int]:
    """Rows of each table as any program reads them that reads the folder."""
    return {table: len(pq.read_table(path)) for table in TABLES if any((path := out / f"{table}.parquet").glob("*"))}


def test_compact_that_is_killed_before_any_operation(tmp_path: Path) -> None:
    """A table has all its rows once, or is not there for the moment; whoever looks next finds everything whole."""
    out = tmp_path / "out"
    run(job_of(*VARY[:1], VARY[2], "record=series", f"out={out}"))
    before, parts, points = rows_in(out), len(parts_of(out)), Results(out).manifest["points_digest"]
    made = itertools.count()

    def folder() -> Path:
        return Path(shutil.copytree(out, out.parent / str(next(made))))

    ends = set()
    for step, place in each_kill(folder, lambda place: Results(place).compact()):
        assert rows_in(place).items() <= before.items(), step
        for count in (None, 1):
            assert [*Results(place).obvious(), *Results(place).check()] == [], step
            assert Results(place).manifest["points_digest"] == points, step
            assert rows_in(place) == before, step
            ends.add(len(parts_of(place)))
            assert count in (None, len(parts_of(place))), step
            Results(place).compact()
        assert not [path for path in place.rglob("*") if path.name.startswith(".")], step
        shutil.rmtree(place)
    assert ends == {1, parts}


def test_what_an_earlier_version_left_of_a_compaction_is_named_and_removed(out: Path) -> None:
    """It moved new parts beside the old ones."""
    before = rows_in(out)
    other = Path(shutil.copytree(out, out.parent / "other"))
    Results(other).compact()
    for table in ("runs", "series"):
        new = parts_of(other, table)[0].path
        shutil.copy(new, out / f"{table}.parquet" / new.name)
    named = [problem.where for problem in Results(out).obvious()]
    assert {name.partition("/")[0] for name in named} == {"runs.parquet", "series.parquet"}
    run(job_of(*VARY, "record=all", f"out={out}"))
    assert rows_in(out) == before
    assert Results(out).check() == []


@pytest.mark.parametrize("renamed", ["part-000000-0123456789ab-0123456789ab.parquet", ""])
def test_a_stray_part_of_a_table_without_its_runs_is_named(
    out: Path, renamed: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """Of a chunk that nothing knows, and one of a chunk that is there twice."""
    part = parts_of(out, "series")[2].path
    stray = part.with_name(renamed or f"{part.stem.rpartition('-')[0]}-0123456789ab.parquet")
    shutil.copy(part, stray)
    for given in ((), ("check=true",)):
        assert main(["results", str(out), *given]) == 1
        assert f"series.parquet/{(stray if given or renamed else part).name}" in capfd.readouterr().err
    assert main(["results", str(out), "export=csv", "table=series", f"to={out.parent / 'file'}"]) == 2


def test_parts_of_a_chunk_that_was_not_finished_are_no_fault(out: Path) -> None:
    """Its runs come last: a job that was killed before leaves the other tables, and makes them again."""
    parts_of(out)[1].path.unlink()
    assert [problem.where for problem in Results(out).check()] == ["parts"]


def test_csv_and_parquet_hold_every_row(out: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    rows = rows_of(out)
    for kind, read in (("csv", pd.read_csv), ("parquet", pd.read_parquet)):
        assert main(["results", str(out), f"export={kind}", f"to={tmp_path / kind}"]) == 0
        pd.testing.assert_frame_equal(read(tmp_path / kind)[rows.columns], rows, check_exact=True, check_dtype=False)
    assert main(["results", str(out), "export=csv", "table=series", "lang=nl", f"to={tmp_path / 'long'}"]) == 0
    dutch = pd.read_csv(tmp_path / "long", sep=";", decimal=",", encoding="utf-8-sig")
    assert (tmp_path / "long").read_bytes().startswith(b"\xef\xbb\xbf"), (
        "or a spreadsheet takes it for another encoding"
    )
    assert capfd.readouterr().out.endswith(f"long: {len(dutch):,}\n".replace(",", "."))
    assert main(["results", str(out), "export=csv", "table=series", f"to={tmp_path / 'plain'}"]) == 0
    pd.testing.assert_frame_equal(dutch, pd.read_csv(tmp_path / "plain"), check_exact=True)
    capfd.readouterr()
    assert main(["results", str(out), "export=csv", "table=initiatives", f"to={tmp_path / 'more'}"]) == 0
    assert len(pd.read_csv(tmp_path / "more")) == pq.read_table(out / "initiatives.parquet").num_rows


def test_an_export_that_is_killed_before_any_operation(tmp_path: Path) -> None:
    """The file is not there or whole, and the same call once more removes what was left."""
    out = tmp_path / "out"
    run(job_of(VARY[0], "sweep.chunk=9", f"out={out}"))
    assert len(parts_of(out)) == 2, "NetCDF is put together from several"
    made = itertools.count()

    def folder() -> Path:
        place = tmp_path / str(next(made))
        place.mkdir()
        return place

    for kind in ("csv", DUTCH_CSV, "parquet", "netcdf"):
        to = f"runs.{kind.partition(' ')[0]}"
        whole = folder()
        Results(out).export(kind, whole / to, "runs")
        content = (whole / to).read_bytes()

        def export(place: Path, kind: str = kind, to: str = to) -> None:
            Results(out).export(kind, place / to, "runs")

        ends = set()
        for step, place in each_kill(folder, export):
            ends.add((place / to).exists())
            assert not (place / to).exists() or (place / to).read_bytes() == content, (kind, step)
            (place / to).unlink(missing_ok=True)
            export(place)
            assert [path.name for path in place.iterdir()] == [to], (kind, step)
            assert (place / to).read_bytes() == content
        assert ends == {False, True}, kind


def test_two_exports_do_not_write_one_file(out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = WRITERS["csv"]

    def slow(*given: Any) -> int:
        monkeypatch.setitem(WRITERS, "csv", real)
        with pytest.raises(InputError, match=r"to: another job is at work on '.*runs\.csv'; wait for it, or give"):
            Results(out).export("csv", tmp_path / "runs.csv", "runs")
        return real(*given)

    monkeypatch.setitem(WRITERS, "csv", slow)
    Results(out).export("csv", tmp_path / "runs.csv", "runs")
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".csv"] == ["runs.csv"]
    assert not list(tmp_path.glob(".runs*"))


def test_a_csv_for_a_spreadsheet_has_no_formula(tmp_path: Path) -> None:
    texts = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\tx", "plain", "a=1"]
    pd.DataFrame({"design": texts, "value": [-0.5] * len(texts)}).to_parquet(tmp_path / "part.parquet")
    table = pq.read_table(tmp_path / "part.parquet")
    table = table.append_column("again", table["design"].dictionary_encode())
    pq.write_table(table, tmp_path / "part.parquet")
    WRITERS[DUTCH_CSV](None, [tmp_path / "part.parquet"], tmp_path / "file.csv")  # type: ignore[arg-type]
    read = pd.read_csv(tmp_path / "file.csv", sep=";", decimal=",", encoding="utf-8-sig")
    assert read["design"].tolist() == [*(f"'{text}" for text in texts[:5]), *texts[5:]]
    assert read["again"].tolist() == read["design"].tolist()
    assert (read["value"] == -0.5).all()


def test_an_export_of_what_is_not_finished_says_what_is_not_in_it(
    out: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    whole, part = tmp_path / "whole.csv", tmp_path / "part.csv"
    assert main(["results", str(out), "export=csv", f"to={whole}"]) == 0
    assert capfd.readouterr().err == ""
    parts_of(out)[6].path.unlink()
    assert main(["results", str(out), "export=csv", f"to={part}"]) == 0
    assert f"not in {part}: parts: 1 of 8 are missing, the first has runs 30-34" in capfd.readouterr().err
    assert (len(pd.read_csv(whole)), len(pd.read_csv(part))) == (36, 31)


def test_netcdf_is_a_cube(out: Path, tmp_path: Path) -> None:
    xarray = pytest.importorskip("xarray")
    assert main(["results", str(out), "export=netcdf", f"to={tmp_path / 'cube.nc'}"]) == 0
    rows = rows_of(out)
    with xarray.open_dataset(tmp_path / "cube.nc", engine="scipy") as cube:
        axes = {"undercurrent.negativity": 3, "scenario": 2, "design": 2, "replicate": 3}
        assert dict(cube.sizes) == axes
        assert cube["public_value_direct"].dims == tuple(axes)
        assert cube["public_value_direct"].attrs["long_name"] == "direct public value"
        assert cube["public_value_housing"].attrs["long_name"] == "direct value: housing"
        assert cube["quarters_to_agreement"].attrs["units"] == "quarter"
        assert cube["point"].values.tolist() == [[0, 1], [2, 3], [4, 5]]
        assert_same_values(cube.to_dataframe().reset_index(), rows)


def assert_same_values(cube: pd.DataFrame, rows: pd.DataFrame) -> None:
    """Every outcome stands in the cube under the labels that it has in the rows."""
    labels = [
        name for name in ("scenario", "founding", "design", "replicate", "undercurrent.negativity") if name in cube
    ]
    numbers = [name for name in rows.select_dtypes("number") if name not in {*labels, "seed"}]
    assert len(numbers) > 30
    assert not rows.duplicated(labels).any()
    mine = cube.astype({"replicate": float, "point": float}).set_index(labels)[numbers].sort_index()
    theirs = rows.astype(dict.fromkeys(("replicate", *numbers), float)).set_index(labels)[numbers].sort_index()
    pd.testing.assert_frame_equal(mine, theirs, check_names=False)
    means = rows.groupby(["design", "replicate"])["public_value_direct"].mean()
    assert means.nunique() > len(means) / 2  # another order would show; a design that is not founded is the status quo


@pytest.mark.parametrize(
    ("named", "sizes"),
    [
        (("+vary.governance=[status_quo,regiobureau]",), {"design": 2, "replicate": 3}),
        (("+vary.replicate=[0,4]",), {"replicate": 2, "design": 2}),
        (("+vary.founding=[vote,at_once]",), {"founding": 2, "design": 2, "replicate": 3}),
        (("+vary.governance=[status_quo,regiobureau]", "+vary.replicate=[0,4]"), {"design": 2, "replicate": 2}),
    ],
)
def test_what_a_point_names_itself_is_an_axis_once(
    tmp_path: Path, named: tuple[str, ...], sizes: dict[str, int]
) -> None:
    xarray = pytest.importorskip("xarray")
    out, file = tmp_path / "out", tmp_path / "cube.nc"
    once = ["replicates=1"] if "+vary.replicate=[0,4]" in named else []
    run(job_of(*named, *once, "+vary.undercurrent.negativity=[0.0,1.0]", f"out={out}"))
    assert main(["results", str(out), "export=netcdf", f"to={file}"]) == 0
    rows = rows_of(out)
    with xarray.open_dataset(file, engine="scipy") as cube:
        assert dict(cube.sizes) == {**sizes, "undercurrent.negativity": 2}
        assert_same_values(cube.to_dataframe().reset_index(), rows)


def test_points_that_are_no_grid_are_one_axis_with_their_keys(tmp_path: Path) -> None:
    xarray = pytest.importorskip("xarray")
    points, out, file = tmp_path / "points.csv", tmp_path / "out", tmp_path / "cube.nc"
    points.write_text("governance,undercurrent.negativity\nstatus_quo,0.0\nregiobureau,0.5\nregiobureau,1.0\n")
    run(job_of("sweep.method=list", f"sweep.points={points}", f"out={out}"))
    assert main(["results", str(out), "export=netcdf", f"to={file}"]) == 0
    with xarray.open_dataset(file, engine="scipy") as cube:
        assert dict(cube.sizes) == {"point": 3, "replicate": 3}
        assert cube["design"].values.tolist() == ["status_quo", "regiobureau", "regiobureau"]
        assert cube["design"].dims == cube["undercurrent.negativity"].dims == ("point",)
        assert_same_values(cube.to_dataframe().reset_index(), rows_of(out))


BAD = [
    (["{out}", "chek=true"], "chek=true: is no key of 'bresim results'; did you mean 'check'?"),
    (["{out}", "export=xlsx", "to=a"], "export: 'xlsx' is not allowed; allowed: csv, parquet, netcdf"),
    (["{out}", "export=csv"], "to: is missing"),
    (["{out}", "to=a"], "export: is missing"),
    (["check=true"], "DIR: is missing"),
    (["nowhere"], "nowhere: is not a folder"),
    (["{empty}"], "holds no manifest.json of bresim"),
    (["{out}", "export=csv", "to={empty}"], "is there already"),
    (["{out}", "export=csv", "to={empty}/a.csv", "table=run"], "there is no table 'run'; did you mean 'runs'?"),
    (["{out}", "export=csv", "to={empty}/no/a.csv"], "there is no folder '{empty}/no'; make it"),
    (["{out}", "export=csv", "to=/proc/a.csv"], "to: '/proc/a.csv' cannot be made (No such file"),
    (["{out}", "export=netcdf", "to={empty}/a.nc", "table=series"], "NetCDF holds the runs of a sweep"),
]


def test_bad_input(out: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    for arguments, told in BAD:
        assert main(["results", *(text.format(out=out, empty=empty) for text in arguments)]) == 2
        assert told.format(empty=empty) in capfd.readouterr().err
    assert not list(empty.iterdir())


def test_help(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["results", "--help"]) == 0
    printed = capfd.readouterr().out
    assert "export=csv|parquet|netcdf to=FILE" in printed


def test_lists_and_nothing_are_text_in_every_form(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out, again = tmp_path / "out", tmp_path / "again"
    themes, successor = "designs.regiobureau.scope.themes", "governance.scope.successor"
    vary = (f"+vary.{themes}=[all,[economy,health]]", f"+vary.{successor}=[null,status_quo]")
    assert main(["sweep", *SMALL, *vary, f"out={out}", "progress=off"]) == 0
    points = pd.read_parquet(out / "points.parquet")
    assert points[themes].tolist() == ["all", "all", '["economy","health"]', '["economy","health"]']
    assert points[successor].tolist() == ["null", "status_quo"] * 2
    for kind in ("csv", "netcdf"):
        assert main(["results", str(out), f"export={kind}", f"to={tmp_path / kind}"]) == 0
    rows = rows_of(out)
    exported = pd.read_csv(tmp_path / "csv", keep_default_na=False)
    assert exported[[themes, successor]].to_numpy().tolist() == rows[[themes, successor]].to_numpy().tolist()
    assert rows[themes].tolist() == points[themes].repeat(6).tolist()
    listed = ("sweep.method=list", f"sweep.points={out / 'points.parquet'}")
    assert main(["sweep", *SMALL, *listed, f"out={again}", "progress=off"]) == 0
    pd.testing.assert_frame_equal(rows_of(again), rows, check_exact=True)
    capfd.readouterr()
    assert main(["sweep", *SMALL, *vary, f"out={out}", "progress=off", "lang=en"]) == 0
    assert "1 of 1 parts were there already" in capfd.readouterr().out
