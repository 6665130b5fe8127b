"""The data dictionary says what is in the files of real jobs: every column, its unit, and where it is null."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from bresim import columns
from bresim.cli import main
from bresim.columns import RUN_KEYS, Column, Table, table_of
from bresim.common.paths import configs_dir
from bresim.region import load_region
from bresim.results import TABLES
from bresim.sweep import tables as sweep_tables

SMALL = ("region=teaching", "seed=7", "progress=off", "lang=en")
#: Quarters in a run.
HORIZON = 60
#: So short that nothing is agreed on, and no outcome of an agreement is known.
SHORT = ("time.policy_start=2019-Q1", "time.end=2019-Q2")
ALL = ("record=all", "figures=false", "report=false")
ONE = ("designs=[status_quo]", "replicates=1")
KEYS = ("+vary.parameters.work=prior", "+vary.undercurrent.negativity=prior")
ANALYSIS = (*SMALL, *KEYS, "replicates=3", "designs=[status_quo,regiobureau]", "figures=false")
#: Of an outcome that is missing in some runs.
SPARSE = "outcomes=[public_value_direct,quarters_to_first_result]"
#: Job → its command line. Together they leave every table, and every null that there can be.
JOBS: dict[str, tuple[str, ...]] = {
    "compare": (
        "compare", *SMALL, *ALL, "designs=[status_quo,regiobureau,joint_arrangement]", "replicates=6",
        "replicates_per_draw=2", "undercurrent_replicates=2",
    ),
    "without a status quo": (
        "compare", *SMALL, *ALL, *SHORT, "designs=[regiobureau]", "replicates=1", "parameters=point",
        "undercurrent_replicates=0",
    ),
    "without regional value": ("compare", *SMALL, *ALL, *ONE, "region=subregional.yaml"),
    "without subregional value": ("compare", *SMALL, *ALL, *ONE, "region=regional.yaml"),
    "without indirect value": ("compare", *SMALL, *ALL, *ONE, "region=direct.yaml"),
    "compare, founded at once": (
        "compare", *SMALL, *ALL, "designs=[status_quo,regiobureau]", "founding=at_once", "replicates=2",
    ),
    "run": ("run", *SMALL, "governance=regiobureau"),
    "run, without subregional value": ("run", *SMALL, "region=regional.yaml"),
    "multirun": ("run", "--multirun", *SMALL, "governance=status_quo,regiobureau", "undercurrent.cleavage=0,1"),
    "sweep": (
        "sweep", *SMALL, "record=all", "replicates=2", "designs=[status_quo,joint_arrangement]",
        "+vary.undercurrent.negativity=[0,1]",
    ),
    "sweep with costs": (
        "sweep", *SMALL, "sweep.costs=all", "replicates=2",
        "designs=[status_quo,joint_arrangement]", "+vary.undercurrent.negativity=[0,1]",
    ),
    "morris": ("sensitivity", *ANALYSIS, "samples=4", SPARSE, "time.end=2027-Q4"),
    "sobol": ("sensitivity", *ANALYSIS, "method=sobol", "samples=8", SPARSE),
    "discovery": ("sensitivity", *ANALYSIS, "method=discovery", "samples=60", "density=0.99", SPARSE),
    "discovery of nothing": ("sensitivity", *ANALYSIS, "method=discovery", "samples=60", SPARSE, *SHORT),
    "patterns": ("patterns", "replicates=10", "seed=7", "progress=off", "lang=en"),
    "patterns of one parameter set": (
        "patterns", "replicates=1", "replicates_per_draw=1", "time.policy_start=2023-Q1", "time.end=2023-Q1",
        "parameters.join_base=-0.2", "parameters.pace=0.85", "parameters.start_executing=0.05",
        "parameters.start_negotiating=0.4", "seed=7", "progress=off",
    ),
    "region": ("region", "lang=en"),
    "region without sources": ("region", "lang=en", "region=regional.yaml"),
}  # fmt: skip


@dataclass(frozen=True)
class Made:
    """What a job left: its tables with their description, and what its placeholders stand for."""

    tables: Mapping[str, pd.DataFrame]
    described: Mapping[str, Table]
    values: Mapping[str, Mapping[str, Sequence[str]]]  # of each table


def odd_regions(folder: Path) -> None:
    """Regions in which value is attainable at one scale only; in the second one also in one subregion only.

    In the third none of it is indirect.
    """
    content = yaml.safe_load((configs_dir() / "region" / "teaching.yaml").read_text(encoding="utf-8"))
    for municipality in content["municipalities"]:
        municipality |= {"rural": False, "neighbours": []}
    for name in ("subregional", "regional"):
        for theme in content["themes"].values():
            theme["scale"] = {name: 1}
            theme["indirect_share"] = 0.2
        if name == "regional":
            content["themes"]["economy"]["indirect_share"] = 1.0
            for theme in content["themes"].values():
                theme["severity"] = {"oever": 0.5, "hoogte": 0.0}
        (folder / f"{name}.yaml").write_text(yaml.safe_dump({**content, "name": name}), encoding="utf-8")
    for theme in content["themes"].values():
        theme["indirect_share"] = 0.0
    (folder / "direct.yaml").write_text(yaml.safe_dump({**content, "name": "direct"}), encoding="utf-8")


def read(folder: Path) -> dict[str, pd.DataFrame]:
    """Every table in a folder, by name; of a sweep those that are folders of parts."""
    tables = {
        path.stem: pd.read_parquet(path, dtype_backend="numpy_nullable") for path in sorted(folder.glob("*.parquet"))
    }
    return tables | {path.stem: pd.read_csv(path) for path in sorted(folder.glob("*.csv"))}


def read_job(folder: Path) -> Made:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    command, config = manifest["command"], manifest["config"]
    region = load_region(config["region"])
    tables = read(folder)
    swept = manifest.get("swept") or list(config.get("vary", ()))
    told = {
        "theme": [theme.name for theme in region.themes],
        "subregion": [columns.snake_case(label) for label in region.subregion_labels],
        "outcome": config.get("outcomes", ()),
        "key": swept,
        "cost": [one.name for one in columns.COSTS[config.get("sweep", {}).get("costs", "none")]],
    }
    values = dict.fromkeys(tables, told) | {
        "runs": {**told, "key": [key for key in swept if key not in {"governance", "replicate"}]},
        "region_themes": {"subregion": region.subregions},
    }
    return Made(tables, {name: table_of(name, command) for name in tables}, values)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Made]:
    """Every job; of the sweep one run cannot be made."""
    folder = tmp_path_factory.mktemp("jobs")
    odd_regions(folder)
    real = sweep_tables.simulate

    def failing(world: Any, batch: Any, *given: Any, **options: Any) -> Any:
        if ((batch["replicate"] == 1) & (batch["negativity"] == 1.0)).any():
            raise ZeroDivisionError("no one there")
        return real(world, batch, *given, **options)

    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name, arguments in JOBS.items():
            with pytest.MonkeyPatch.context() as inner:
                if name == "sweep":
                    inner.setattr(sweep_tables, "simulate", failing)
                out = folder / name.replace(" ", "_").replace(",", "")
                assert main([*arguments, f"out={out}"]) == 0, name
            found[name] = read_job(out)
    return found


# --- the check -----------------------------------------------------------------------------------------------------


def problems(frame: pd.DataFrame, table: Table, values: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """What in a table is not as the dictionary says."""
    expected = table.names(**values)
    unknown = [name for name in frame if name not in expected]
    missing = [name for name in expected if name not in frame]
    if unknown or missing or list(frame) != expected:
        yield f"{table.file}: not in the dictionary {unknown}, not in the file {missing}, or another order"
    lost = frame["failure"].notna() if "failure" in frame else pd.Series(False, index=frame.index)
    for column in table.columns:
        for name in replace(table, columns=(column,)).names(**values):
            if name not in frame:
                continue
            cells = frame[name] if name == "failure" else frame.loc[~lost, name]
            if cells.isna().any() and not column.null:
                yield f"{table.file}: {name} is never null, and {int(cells.isna().sum())} are"
            if told := wrong_values(cells.dropna(), column, table.suffix == "parquet"):
                yield f"{table.file}: {name} ({column.unit}) {told}"


def wrong_values(cells: pd.Series, column: Column, typed: bool) -> str:
    """Why these values are not of the unit of the column; empty if they are. ``typed``: the file keeps types."""
    if column.unit == "key" or cells.empty:
        return ""
    if column.unit in {"name", "text", "date"}:
        texts = cells.astype(object)
        if not texts.map(lambda value: isinstance(value, str)).all():
            return "is not text"
        if column.unit == "date" and not texts.str.fullmatch(r"\d{4}-Q[1-4]").all():
            return "is no quarter"
        strange = set(texts) - {value for value, _ in column.values}
        return f"holds {sorted(strange)}" if column.values and strange else ""
    if column.is_whole and typed and not pd.api.types.is_integer_dtype(cells) and not pd.api.types.is_bool_dtype(cells):
        return f"is stored as {cells.dtype}"
    numbers = cells.astype(np.float64)
    low, high = {
        "share": (0.0, 1.0),
        "flag": (0.0, 1.0),
        "quarter": (0.0, HORIZON),
        "quarters": (0.0, HORIZON),
        "degrees": (-180.0, 180.0),
        "number": (-np.inf, np.inf),
        "outcome": (-np.inf, np.inf),
    }.get(column.unit, (0.0, np.inf))
    if not numbers.between(low, high).all() or np.isinf(numbers).any():
        return f"is from {numbers.min()} to {numbers.max()}"
    return "is not whole" if column.is_whole and (numbers != numbers.round()).any() else ""


@pytest.mark.slow
@pytest.mark.parametrize("job", JOBS)
def test_a_job_leaves_what_the_dictionary_says(made: dict[str, Made], job: str) -> None:
    one = made[job]
    assert one.tables
    told = [
        text for name, frame in one.tables.items() for text in problems(frame, one.described[name], one.values[name])
    ]
    assert told == []


@pytest.mark.slow
def test_the_jobs_leave_every_table_and_every_null(made: dict[str, Made]) -> None:
    """Of a column that is in several tables alike (``Table.like``) it is enough that it is null in one."""
    left = {(name, one.described[name].commands) for one in made.values() for name in one.tables}
    assert [table.file for table in columns.TABLES if (table.name, table.commands) not in left] == []
    seen = set()
    for one in made.values():
        for name, frame in one.tables.items():
            table = one.described[name]
            for column in table.columns:
                names = [each for each in replace(table, columns=(column,)).names(**one.values[name]) if each in frame]
                if frame[names].isna().any(axis=None):
                    seen.add((table.like or name, column))
    never = [
        f"{table.file} of {table.commands[0]}: {column.name}"
        for table in columns.TABLES
        for column in table.columns
        if column.null and (table.like or table.name, column) not in seen
    ]
    assert never == []


@pytest.mark.slow
def test_of_a_run_that_cannot_be_made_nothing_but_its_keys_is_known(made: dict[str, Made]) -> None:
    runs = made["sweep"].tables["runs"]
    lost = runs["failure"].notna()
    assert lost.sum() == 2
    known = runs[lost].drop(columns="failure").dropna(axis="columns", how="all")
    assert [*known] == [
        *(key for key in RUN_KEYS if key not in {"parameter_draw", "coding_draw"}),
        "point",
        "undercurrent.negativity",
    ]
    assert len(made["sweep"].tables["series"]) == HORIZON * (~lost).sum()


# --- the check itself ----------------------------------------------------------------------------------------------


EVENTS = pd.DataFrame(
    {
        **{key: ["vote", "vote"] for key in ("design", "founding", "scenario", "undercurrent")},
        "replicate": [0, 0],
        "quarter": [0, 1],
        "date": ["2019-Q1", "2019-Q2"],
        "event": ["shock", "municipal_election"],
        "theme": ["health", None],
        "arena": pd.Series([None, None], dtype=object),
        "municipality": pd.Series([None, None], dtype=object),
        "size": [0.5, np.nan],
        "fte": [np.nan, np.nan],
        "sentence_nl": ["Er is een schok.", "Er zijn verkiezingen."],
        "sentence_en": ["There is a shock.", "There are elections."],
    }
)


def told(frame: pd.DataFrame) -> str:
    return "; ".join(problems(frame, table_of("events", "run"), {}))


def test_the_check_passes_what_is_right() -> None:
    assert told(EVENTS) == ""


@pytest.mark.parametrize(
    ("frame", "wrong"),
    [
        (EVENTS.assign(planted=1), "not in the dictionary ['planted']"),
        (EVENTS.drop(columns="arena"), "not in the file ['arena']"),
        (EVENTS[[*reversed(EVENTS.columns)]], "another order"),
        (EVENTS.assign(event=["shock", None]), "event is never null, and 1 are"),
        (EVENTS.assign(event=["shock", "miracle"]), "event (name) holds ['miracle']"),
        (EVENTS.assign(event=[1, 2]), "event (name) is not text"),
        (EVENTS.assign(date=["2019-Q1", "2019-02"]), "date (date) is no quarter"),
        (EVENTS.assign(quarter=[0.0, 1.0]), "quarter (quarter) is stored as float64"),
        (EVENTS.assign(quarter=[-1, 1]), "quarter (quarter) is from -1.0 to 1.0"),
        (EVENTS.assign(size=[1.5, np.nan]), "size (share) is from 1.5 to 1.5"),
    ],
)
def test_the_check_notices(frame: pd.DataFrame, wrong: str) -> None:
    assert wrong in told(frame)


def test_the_check_notices_a_broken_number() -> None:
    table = table_of("summary", "compare")
    frame = pd.DataFrame({name: pd.Series([], dtype=float) for name in table.names()})
    assert list(problems(frame, table, {})) == []
    assert wrong_values(pd.Series([2.5]), table.columns[-1], typed=False) == "is not whole"


# --- the dictionary and the code -----------------------------------------------------------------------------------


def test_names_are_told_apart() -> None:
    for table in columns.TABLES:
        names = [column.name for column in table.columns]
        assert len(set(names)) == len(names), table.file
        assert table.row
        assert all(column.meaning and not column.meaning.endswith(".") for column in table.columns), table.file
        for command in table.commands:
            assert [each for each in columns.TABLES if each.name == table.name and command in each.commands] == [table]
    with pytest.raises(KeyError, match="leaves no table 'events'"):
        table_of("events", "patterns")


def test_neighbours_with_one_placeholder_stay_together() -> None:
    names = table_of("responses", "sensitivity").names(key=["a.b"], outcome=["one", "two"])
    assert names == ["point", "design", "founding", "a.b", "one_mean", "one_variance", "two_mean", "two_variance"]
    with pytest.raises(KeyError, match="key"):
        table_of("points", "sweep").names()


def test_the_code_has_the_same_names() -> None:
    assert {table.name for table in columns.TABLES} == {
        *TABLES,
        "points",
        "region",
        "region_municipalities",
        "region_themes",
    }


def test_what_is_whole() -> None:
    assert columns.whole_columns("initiatives") == {
        "replicate", "point", "size", "eligible", "coerced", "opened", "agreed", "ended", "imposed", "funded",
        "inherited",
    }  # fmt: skip
    assert columns.whole_columns("votes") == {"replicate", "quarter", "yes", "carried"}
    assert "quarters_to_first_result" in columns.whole_columns("runs")
    assert "quarters_to_agreement" not in columns.whole_columns("undercurrent_runs")
    assert columns.whole_columns("nothing") == frozenset()
