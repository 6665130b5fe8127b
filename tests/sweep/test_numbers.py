"""The numbers of a sweep are those of the other commands, however it is cut, ordered or repeated."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bresim
from bresim import jobs
from bresim.analysis.summary import summarise
from bresim.columns import COST_OUTCOMES
from bresim.common.errors import InputError
from bresim.common.paths import configs_dir
from bresim.common.progress import Silent
from bresim.config import load
from bresim.costs import PURPOSES
from bresim.results.tables import tidy
from bresim.sweep import job as job_module
from bresim.sweep import run as sweep_run
from bresim.sweep import tables as module
from bresim.sweep.compute import compute, runs_schema
from bresim.sweep.estimate import estimate, sampled
from bresim.sweep.job import SweepJob
from bresim.sweep.planning import world_of
from bresim.sweep.run import _clusters, run
from bresim.sweep.tables import tables_of
from tests.sweep.small import SMALL, config_of, job_of, rows_of

#: One sweep of every kind of key; worlds and designs change from run to run.
MIXED = (
    "+vary.governance.payoff.binding=[0.0,0.9]",
    "+vary.undercurrent.negativity=[0.2,1.0]",
    "+vary.scenario=[history,austerity]",
    "+vary.parameters.work=[0.5,1.0]",
)


def tables(job: SweepJob, **chosen: object) -> dict[str, pd.DataFrame]:
    return tables_of(job, np.arange(job.runs), **chosen)  # type: ignore[arg-type]


def same_rows(swept: pd.DataFrame, compared: pd.DataFrame) -> None:
    """The outcomes of both, bit for bit."""
    assert len(compared)
    order = {"by": ["design", "replicate"], "key": lambda column: column.astype(str)}
    swept, compared = swept.sort_values(**order), compared.sort_values(**order)
    names = {"design", "founding", "scenario", "undercurrent"}
    columns = [column for column in compared.columns if column not in names]
    left, right = (frame[columns].astype("float64").to_numpy() for frame in (swept, compared))
    assert (left.view(np.int64) == right.view(np.int64)).all()
    for name in ("design", "founding"):
        assert swept[name].astype(str).tolist() == compared[name].astype(str).tolist()


#: What is swept → the same by hand, in ``bresim compare``.
BY_HAND = [
    (("+vary.undercurrent.negativity=[0.0,0.7]",), "undercurrent.negativity=0.7"),
    (("+vary.undercurrent=[mild,strong]",), "undercurrent=strong"),
    (("+vary.measures.monitoring=[0.0,0.4]",), "measures.monitoring=0.4"),
    (("+vary.measures.facilitation=[0.0,0.4]", "measures.binding_agreements=0.6", "measures.letting_go=0.5"),
     "measures.facilitation=0.4 measures.binding_agreements=0.6 measures.letting_go=0.5"),
    (("+vary.parameters.work=[0.5,1.0]",), "parameters.work=1.0"),
    (("+vary.parameters.work=[0.5,1.0]", "parameters=plausible"), "parameters.work=1.0 parameters=plausible"),
    (("+vary.parameters=[plausible,prior]",), "parameters=prior"),
    (("+vary.scenario=[history,austerity]",), "scenario=austerity"),
    (("+vary.scenario.from_policy_start.windows=[1.0,0.5]",), "scenario.from_policy_start.windows=0.5"),
    (("scenario=austerity", "+vary.scenario.history=[history,null]"), "scenario=austerity scenario.history=null"),
    (("+vary.region.groups.steering_group=[[Heidekamp,Steenrug],[Molenkade]]", "designs=[status_quo,regio_deal]"),
     "region.groups.steering_group=[Molenkade] designs=[status_quo,regio_deal]"),
    (("+vary.seed=[7,8]", "parameters=plausible"), "seed=8 parameters=plausible"),
    (("+vary.founding=[vote,at_once]",), "founding=at_once"),
    (("+vary.time.end=[2031-Q4,2030-Q4]",), "time.end=2030-Q4"),
    (("+vary.region=[teaching,zuid_limburg]",), "region=zuid_limburg"),
    (("region=synthetic", "+vary.region.synthetic.n=[3,7]"), "region=synthetic region.synthetic.n=7"),
]  # fmt: skip


@pytest.mark.parametrize(("swept", "by_hand"), BY_HAND, ids=[by_hand for _, by_hand in BY_HAND])
def test_a_point_is_the_comparison_with_that_key(swept: tuple[str, ...], by_hand: str) -> None:
    job = job_of(*swept)
    runs = tables(job)["runs"]
    last = runs.iloc[len(runs) // 2 :].reset_index(drop=True)
    config = load(
        "compare", overrides=[*SMALL, "undercurrent_replicates=0", "record=runs", "founding=vote", *by_hand.split()]
    )
    compared = jobs.compare(config, Silent()).runs
    same_rows(last, compared)


def test_a_field_of_a_design_is_that_design_in_a_run() -> None:
    job = job_of("+vary.designs.regiobureau.payoff.binding=[0.1,0.8]")
    runs = tables(job)["runs"]
    overrides = [text for text in SMALL if not text.startswith(("designs", "replicates"))]
    design = ["governance=regiobureau", "governance.payoff.binding=0.8", "replicate=2"]
    alone = jobs.run(load("run", overrides=[*overrides, *design]), Silent()).runs
    same_rows(runs.iloc[[-1]], alone)
    status_quo = runs[runs["design"] == "status_quo"]
    same_rows(status_quo.iloc[:3], status_quo.iloc[3:].assign(point=0, **{"designs.regiobureau.payoff.binding": 0.1}))


def test_a_list_or_nothing_of_a_design_is_that_in_a_run() -> None:
    job = job_of(
        "designs=[regio_deal]",
        "founding=at_once",
        "replicates=1",
        "+vary.designs.regio_deal.scope.themes=[all,[economy],[climate_energy,liveability]]",
        "+vary.governance.scope.successor=[null,regiobureau]",
    )
    runs = tables(job)["runs"]
    assert runs["public_value_direct"].nunique() == len(runs) == 6
    overrides = [text for text in SMALL if not text.startswith(("designs", "replicates"))]
    by_hand = itertools.product(["all", "[economy]", "[liveability,climate_energy]"], ["null", "regiobureau"])
    for row, (themes, successor) in enumerate(by_hand):
        fields = [f"governance.scope.themes={themes}", f"governance.scope.successor={successor}", "founding=at_once"]
        alone = jobs.run(load("run", [*overrides, "governance=regio_deal", *fields]), Silent()).runs
        same_rows(runs.iloc[[row]], alone)


def test_a_list_of_municipalities_is_that_in_a_run() -> None:
    groups = ["all", "[Torenhaven,Steenrug,Molenkade]", "[all but,Torenhaven]"]
    varied = f"+vary.governance.boundary.eligible=[{','.join(groups)}]"
    runs = tables(job_of("designs=[regiobureau]", "replicates=1", "founding=at_once", varied))["runs"]
    assert runs["public_value_direct"].nunique() == len(runs) == 3
    overrides = [text for text in SMALL if not text.startswith(("designs", "replicates"))]
    for row, group in enumerate(groups):
        design = ["governance=regiobureau", "founding=at_once", f"governance.boundary.eligible={group}"]
        same_rows(runs.iloc[[row]], jobs.run(load("run", [*overrides, *design]), Silent()).runs)


def test_random_draws_are_the_same_at_every_point() -> None:
    runs = tables(job_of("+vary.measures.monitoring=[0.0,1.0]", "parameters=plausible", "replicates=12"))["runs"]
    assert runs.groupby("replicate", observed=True)["parameter_draw"].nunique().tolist() == [1] * 12


MIXED_JOB = job_of(*MIXED, "record=all")
WHOLE = {name: tidy(table, name) for name, table in tables(MIXED_JOB).items()}


@given(st.lists(st.integers(1, MIXED_JOB.runs - 1), unique=True, max_size=5))
@settings(max_examples=6)
def test_however_it_is_cut_it_is_the_same(cuts: list[int]) -> None:
    bounds = [0, *sorted(cuts), MIXED_JOB.runs]
    parts = [tables_of(MIXED_JOB, np.arange(*pair)) for pair in itertools.pairwise(bounds)]
    for name, whole in WHOLE.items():
        joined = pd.concat([part[name].astype({"design": "str"}) for part in parts], ignore_index=True)
        plain = {column: "str" for column in whole if isinstance(whole[column].dtype, pd.CategoricalDtype)}
        pd.testing.assert_frame_equal(
            tidy(joined.astype(plain), name), whole.astype(plain), check_exact=True, check_dtype=False
        )


def test_every_table_says_of_which_point_a_row_is() -> None:
    keys = [key.removeprefix("+vary.").partition("=")[0] for key in MIXED]
    for table in WHOLE.values():
        assert set(keys) <= set(table.columns)
        assert len(table[["design", *keys, "replicate"]].drop_duplicates()) == MIXED_JOB.runs


@pytest.mark.parametrize("changed", [("workers=1",), ("sweep.chunk=7",), ("sweep.chunk=1000", "workers=3")])
def test_files_do_not_depend_on_workers_and_chunks(tmp_path: Path, changed: tuple[str, ...]) -> None:
    vary = ("+vary.undercurrent.cleavage=[0.0,0.5,1.0]", "+vary.scenario=[history,austerity]")
    for out, overrides in (("one", ("sweep.chunk=5",)), ("other", changed)):
        run(job_of(*vary, *overrides, f"out={tmp_path / out}"))
    pd.testing.assert_frame_equal(rows_of(tmp_path / "one"), rows_of(tmp_path / "other"), check_exact=True)
    assert (tmp_path / "one" / "summary.csv").read_bytes() == (tmp_path / "other" / "summary.csv").read_bytes()


def test_another_order_of_points_gives_the_same_runs(tmp_path: Path) -> None:
    points = pd.DataFrame({"measures.monitoring": [0.0, 0.5, 1.0], "undercurrent.cleavage": [1.0, 0.0, 0.5]})
    for name, table in (("one", points), ("other", points.iloc[::-1])):
        table.to_csv(tmp_path / f"{name}.csv", index=False)
    one, other = (tables(job_of("sweep.method=list", f"sweep.points={tmp_path / name}.csv"))["runs"]
                  for name in ("one", "other"))  # fmt: skip
    assert (one["point"].tolist(), other["point"].tolist()) == ([*np.repeat([0, 1, 2], 6)],) * 2
    assert other["undercurrent.cleavage"].tolist() == [*np.repeat([0.5, 0.0, 1.0], 6)]
    keys = [*points.columns, "design", "replicate"]
    one, other = (table.drop(columns="point") for table in (one, other))
    one, other = (table.astype({"design": "str"}).sort_values(keys, ignore_index=True) for table in (one, other))
    pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_a_region_of_another_size_leaves_its_columns_to_itself() -> None:
    job = job_of("+vary.region=[teaching,zuid_limburg]")
    assert [world_of(job, run).severity.shape[1] for run in job.one_of_each_kernel] == [5, 16]
    runs = tables(job)["runs"]
    small = runs[runs["region"] == "teaching"]
    assert small["public_value_parkstad_limburg"].isna().all()
    assert small["public_value_de_oever"].notna().all()
    assert runs["failure"].isna().all()


def test_municipalities_have_the_themes_of_all_regions_in_one_order(tmp_path: Path) -> None:
    """So that all parts of the table have the same columns, whichever regions are in a chunk."""
    text = (configs_dir() / "region" / "teaching.yaml").read_text(encoding="utf-8")
    (tmp_path / "river.yaml").write_text(
        text.replace("cross_border", "river").replace("name: teaching\n", "name: river\n"), encoding="utf-8"
    )
    job = job_of(f"+vary.region=[teaching,{tmp_path / 'river.yaml'}]", "record=details", "replicates=1")
    designs, _ = job.crossed
    towns = tables(job)["municipalities"]
    names = [f"public_value_{theme}" for theme in job.themes]
    assert list(towns.columns[-len(names) :]) == names
    assert names[-1] == "public_value_river"
    for first, lacks in ((0, "public_value_river"), (designs, "public_value_cross_border")):
        part = tables_of(job, np.arange(first, first + designs))["municipalities"]
        assert list(part.columns) == list(towns.columns)
        assert [name for name in names if part[name].isna().any()] == [lacks]
        assert part[lacks].isna().all()


def test_all_parameters_vary_at_once() -> None:
    job = job_of("sweep.method=lhs", "sweep.samples=3", "+vary.parameters=prior")
    runs = tables(job)["runs"]  # also: no warning, which every test takes as an error
    assert runs[job.keys].drop_duplicates().to_numpy().tolist() == job.points.to_numpy().tolist()


# --- runs that fail --------------------------------------------------------------------------------------


def test_a_run_that_cannot_be_made_is_a_row_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = module.simulate

    def failing(world, batch, seeds, subregion, **options):  # type: ignore[no-untyped-def]
        if ((batch["replicate"] == 1) & (batch["negativity"] == 1.0)).any():
            raise ZeroDivisionError("no one there")
        return real(world, batch, seeds, subregion, **options)

    vary = ("+vary.undercurrent.negativity=[0.0,1.0]", "record=series")
    whole = tables(job_of(*vary))["runs"]
    monkeypatch.setattr(module, "simulate", failing)
    result = run(job_of(*vary, f"out={tmp_path / 'out'}"))
    assert result.failures == result.manifest["failures"] == 2
    rows = rows_of(tmp_path / "out")
    failed = rows["failure"].notna()
    assert rows[failed]["failure"].unique().tolist() == ["ZeroDivisionError: no one there"]
    assert rows[failed][["design", "replicate", "undercurrent.negativity"]].to_numpy().tolist() == [
        ["status_quo", 1, 1.0], ["regiobureau", 1, 1.0],
    ]  # fmt: skip
    assert rows[failed][["public_value_direct", "parameter_draw"]].isna().all(axis=None)
    same = [column for column in whole if column not in {"failure", "parameter_draw"}]
    kept = tidy(whole[~failed.to_numpy()], "runs")[same].astype({"design": "str", "scenario": "str"})
    pd.testing.assert_frame_equal(
        rows[~failed][same], kept.astype(rows[same].dtypes.to_dict()), check_exact=True, check_dtype=False
    )
    assert result.summary.set_index("design")["replicates"].tolist() == [5, 5]


def test_an_infinite_outcome_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    real = module.simulate

    def infinite(*given, **options):  # type: ignore[no-untyped-def]
        recorded = real(*given, **options)
        recorded.runs[2, 0] = np.inf
        return recorded

    monkeypatch.setattr(module, "simulate", infinite)
    job = job_of("+vary.seed=[1]")
    runs = tables(job)["runs"]
    assert runs["failure"].notna().tolist() == [False, False, True, False, False, False]
    assert runs.iloc[2][[outcome.name for outcome in job.outcomes]].isna().all()


def test_parameter_sets_of_another_seed_are_others_in_the_summary(tmp_path: Path) -> None:
    vary = ("+vary.seed=[1,2]", "replicates=4", "replicates_per_draw=2")
    for source, sets in (("prior", 4), ("point", 1)):
        job = job_of(*vary, f"parameters={source}", f"out={tmp_path / source}")
        run(job)
        rows = rows_of(tmp_path / source)
        assert (
            len(np.unique(_clusters(job, rows.assign(source=0)[["source", "seed", "parameter_draw"]].to_numpy())))
            == sets
        )


@pytest.mark.parametrize("design", ["status_quo", "regiobureau"])
def test_costs_are_those_of_the_municipalities_and_change_nothing_else(tmp_path: Path, design: str) -> None:
    """Staff is the sum of what `record=details` tells of each municipality, and what `bresim.evaluate` gives."""
    vary = (f"designs=[{design}]", "+vary.undercurrent.negativity=[0.0,1.0]", "record=details", "sweep.chunk=4")
    for name, more in (("plain", ()), ("staff", ("sweep.costs=staff",)), ("priced", ("sweep.costs=all",))):
        run(job_of(*vary, *more, f"out={tmp_path / name}"))
    plain, priced = rows_of(tmp_path / "plain"), rows_of(tmp_path / "priced")
    names = [one.name for one in COST_OUTCOMES]
    pd.testing.assert_frame_equal(priced.drop(columns=names), plain)
    pd.testing.assert_frame_equal(priced.drop(columns="autonomy_given_up"), rows_of(tmp_path / "staff"))
    assert [*priced][-len(names) - 1 :] == [*names, "failure"]
    staff = (
        pd.read_parquet(tmp_path / "priced" / "municipalities.parquet")
        .groupby(["point", "replicate"])
        .sum(numeric_only=True)
    )
    for purpose in ("meetings", "bureau", "execution", "collaborations", "own"):
        np.testing.assert_allclose(priced[f"fte_{purpose}"], staff[f"fte_{purpose}"], rtol=1e-12)
    np.testing.assert_allclose(priced["fte"], priced[[f"fte_{name}" for name in PURPOSES]].sum(axis=1), rtol=1e-12)
    points = [{"undercurrent.negativity": value} for value in (0.0, 1.0)]
    config = [text for text in SMALL if "designs" not in text and "replicates" not in text]
    other = bresim.evaluate(points, [design], 3, config=[*config, "progress=off"], costs=True)
    pd.testing.assert_frame_equal(other[names], priced[names])
    assert (priced["fte"] > 0).all()


def test_two_sources_share_no_set_in_the_summary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set 1 of the plausible ones and draw 1 of the priors are two."""
    seen = []
    real = sweep_run.summary_rows
    monkeypatch.setattr(sweep_run, "summary_rows", lambda *given: seen.append(given[4]) or real(*given))
    vary = ("+vary.parameters=[point,prior]", "replicates=4", "replicates_per_draw=2")
    run(job_of(*vary, f"out={tmp_path}/out"))
    assert [len(np.unique(clusters)) for clusters in seen] == [1 + 2]


@pytest.mark.parametrize(
    "vary",
    [
        ("+vary.undercurrent.negativity=[0.0,0.5,1.0]",),
        ("+vary.governance=[status_quo,regiobureau]", "+vary.undercurrent.negativity=[0.0,1.0]"),
        ("+vary.governance=[regiobureau,status_quo]",),
        ("+vary.founding=[at_once,vote]", "+vary.undercurrent.negativity=[0.0,1.0]"),
    ],
)
def test_the_summary_is_that_of_all_rows(tmp_path: Path, vary: tuple[str, ...]) -> None:
    job = job_of(*vary, "sweep.chunk=5", f"out={tmp_path / 'out'}")
    keys = ["design", "founding"]
    found = run(job).summary.set_index(keys).sort_index()
    rows = rows_of(tmp_path / "out").assign(replicate=job.futures(np.arange(job.runs)))
    headline = [outcome for outcome in job.outcomes if outcome.name == "public_value_direct"]
    expected = summarise(rows, headline).set_index(keys).sort_index()
    pd.testing.assert_frame_equal(found, expected, check_exact=True)
    assert found["difference"].notna().all()
    assert (found.xs("status_quo")["difference"] == 0.0).all()


def test_parts_have_the_same_columns_and_types(monkeypatch: pytest.MonkeyPatch) -> None:
    job = job_of("+vary.undercurrent=[mild,strong]")
    chunk = job.chunks()[0]
    sound = pq.read_schema(pa_file(compute(job, chunk)["runs"]))
    monkeypatch.setattr(module, "simulate", lambda *_, **__: 1 / 0)
    assert pq.read_schema(pa_file(compute(job, chunk)["runs"])) == sound == runs_schema(job)


def pa_file(content: bytes):  # type: ignore[no-untyped-def]
    import pyarrow as pa

    return pa.BufferReader(content)


# --- before it runs -----------------------------------------------------------------------------------------


def test_an_estimate_counts_runs_and_writes_nothing(tmp_path: Path) -> None:
    job = job_of("+vary.undercurrent.cleavage=[0.0,0.5,1.0]", f"out={tmp_path / 'out'}", "sweep.dry_run=true")
    told = estimate(job)
    assert (told.points, told.runs, told.chunks) == (3, 18, 1)
    assert 0 < told.seconds < 60
    assert 0 < told.megabytes < 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("replicates", "points"), [(3, {0}), (2000, {0, 1, 2})])
def test_an_estimate_runs_whole_replicates_in_chunks_as_large_as_those_of_the_job(
    replicates: int, points: set[int]
) -> None:
    job = job_of("+vary.undercurrent.cleavage=[0.0,0.5,1.0]", "workers=2", f"replicates={replicates}")
    sample = sampled(job)
    for chunk in sample:
        _, design, _ = job.places(np.arange(chunk.first, chunk.last))
        assert np.bincount(design).tolist() == [len(design) // 2] * 2  # each replicate with both designs
        assert len(design) in {job.runs, -(-job.size // 2) * 2}
        assert 0 <= chunk.first < chunk.last <= job.runs
    assert set(job.places(np.array([chunk.first for chunk in sample]))[0]) == points


def test_the_name_of_a_job_is_made_of_what_changes_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    vary = "+vary.undercurrent.cleavage=[0.0,0.5]"
    identity = job_of(vary).identity
    for same in ("workers=1", "sweep.chunk=3", "lang=en", "out=elsewhere", "engine=dask"):
        assert job_of(vary, same).identity == identity
    for other in ("seed=8", "replicates=4", "measures.thinning=0.1", "time.end=2030-Q4", "record=all"):
        assert job_of(vary, other).identity != identity
    monkeypatch.setattr(job_module, "model_hash", lambda: "another model")
    assert job_of(vary).identity != identity


def test_a_configuration_says_everything() -> None:
    config = config_of(*MIXED)
    again = type(config).model_validate_json(config.model_dump_json())
    assert SweepJob(again).identity == SweepJob(config).identity
    with pytest.raises(InputError):
        config_of("+vary.seed=[1]", "sweep.method=magic")
