"""The points of a design of experiments."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bresim.common.errors import InputError
from bresim.config import load
from bresim.config.schema import SweepConfig
from bresim.governance import load_design, measures, shipped_designs
from bresim.governance.codings import value_of
from bresim.governance.schema import RULE_TYPES
from bresim.parameters import PARAMETERS
from bresim.sweep.job import SweepJob
from bresim.sweep.points import Range, column_of, lay_out, scaled
from bresim.sweep.variants import can_set_back, varied_design
from tests.sweep.small import config_of, job_of

BASE = config_of("+vary.seed=[1]")


def make_points(config: SweepConfig) -> pd.DataFrame:
    """The points of a sound configuration."""
    points = lay_out(config)
    if points.problems:
        raise InputError(points.problems)
    return points.table


def varied(vary: dict[str, Any], **sweep: Any) -> SweepConfig:
    return BASE.model_copy(update={"vary": vary, "sweep": BASE.sweep.model_copy(update=sweep)})


def test_a_grid_by_hand_the_last_key_fastest() -> None:
    points = make_points(varied({"undercurrent.negativity": [0, 0.5], "scenario": ["history", "austerity"]}))
    assert points.to_dict("list") == {
        "undercurrent.negativity": [0.0, 0.0, 0.5, 0.5],
        "scenario": ["history", "austerity", "history", "austerity"],
    }


def test_one_value_is_a_list_of_one() -> None:
    assert make_points(varied({"seed": [1, 2], "measures.monitoring": 0.5})).to_numpy().tolist() == [[1, 0.5], [2, 0.5]]


@given(st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_a_grid_holds_every_combination_once(sizes: list[int]) -> None:
    vary = {f"key{at}": [float(value) for value in range(size)] for at, size in enumerate(sizes)}
    points = make_points(varied(vary))
    assert len(points) == np.prod(sizes)
    assert not points.duplicated().any()


@given(
    st.sampled_from(["lhs", "sobol"]),
    st.integers(1, 7).map(lambda power: 2**power),
    st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(1e-3, 1e3)), min_size=1, max_size=5),
    st.integers(0, 2**63 - 1),
)
@settings(max_examples=40)
def test_every_sample_lies_in_its_range_and_every_slice_of_it_is_hit_once(
    method: str, samples: int, ranges: list[tuple[float, float]], seed: int
) -> None:
    vary = {f"key{at}": [low, low + width] for at, (low, width) in enumerate(ranges)}
    config = varied(vary, method=method, samples=samples).model_copy(update={"seed": seed})
    points = make_points(config)
    pd.testing.assert_frame_equal(points, make_points(config))
    for key, (low, high) in vary.items():
        unit = (points[key] - low) / (high - low)
        assert unit.between(0.0, 1.0).all()
        assert sorted(np.minimum(np.floor(unit * samples + 1e-6), samples - 1)) == list(range(samples))


def test_priors_are_those_of_the_schema() -> None:
    log = next(name for name, parameter in PARAMETERS.items() if parameter.prior == "log_uniform")
    flat = next(name for name, parameter in PARAMETERS.items() if parameter.prior == "uniform")
    vary = {f"parameters.{log}": "prior", f"parameters.{flat}": "prior", "undercurrent.cleavage": "prior"}
    points = make_points(varied(vary, method="lhs", samples=1000))
    low, high = PARAMETERS[log].low, PARAMETERS[log].high
    assert np.log(points[f"parameters.{log}"]).mean() == pytest.approx((np.log(low) + np.log(high)) / 2, abs=1e-3)
    low, high = PARAMETERS[flat].low, PARAMETERS[flat].high
    assert points[f"parameters.{flat}"].mean() == pytest.approx((low + high) / 2, rel=1e-3)
    assert points["undercurrent.cleavage"].agg(["min", "max"]).round(2).tolist() == [0.0, 1.0]


def test_a_distribution_may_be_given() -> None:
    log = next(name for name, parameter in PARAMETERS.items() if parameter.prior == "log_uniform")
    flat = next(name for name, parameter in PARAMETERS.items() if parameter.prior == "uniform" and parameter.low > 0)
    low, high = PARAMETERS[log].low, PARAMETERS[log].high
    below, above = PARAMETERS[flat].low, PARAMETERS[flat].high
    vary = {f"parameters.{log}": [low, high, "uniform"], f"parameters.{flat}": [below, above, "log_uniform"]}
    points = make_points(varied(vary, method="lhs", samples=1000))
    assert points[f"parameters.{log}"].mean() == pytest.approx((low + high) / 2, rel=1e-3)
    assert np.log(points[f"parameters.{flat}"]).mean() == pytest.approx((np.log(below) + np.log(above)) / 2, abs=1e-3)


def test_scales_by_hand() -> None:
    unit = np.array([0.0, 0.5, 1.0])
    assert scaled(unit, Range(1.0, 100.0, "log")).tolist() == pytest.approx([1.0, 10.0, 100.0])
    assert scaled(unit, Range(-1.0, 3.0)).tolist() == pytest.approx([-1.0, 1.0, 3.0])
    assert scaled(unit, Range(2, 8, "whole")).tolist() == [2, 5, 8]
    assert scaled(unit, Range(0, 2**63 - 1, "whole")).tolist() == pytest.approx([0, 2**62, 2**63])


@pytest.mark.parametrize("method", ["lhs", "sobol"])
@pytest.mark.parametrize(
    "key",
    ["governance.scope.max_open", "designs.regiobureau.scope.term_quarters", "region.synthetic.n", "seed"],
)
def test_of_whole_numbers_each_is_drawn_as_often(method: str, key: str) -> None:
    points = make_points(varied({key: [3, 10]}, method=method, samples=64))
    assert points[key].dtype == np.int64
    assert points[key].value_counts().to_dict() == dict.fromkeys(range(3, 11), 8)


def test_a_field_that_is_no_whole_number_is_drawn_from_its_whole_range() -> None:
    points = make_points(varied({"governance.payoff.binding": [0, 1]}, method="lhs", samples=64))
    assert points["governance.payoff.binding"].nunique() == 64


def test_the_sizes_that_every_shipped_design_takes() -> None:
    job = SweepJob(load("sweep", ["region=synthetic", "+vary.region.synthetic.n=[4,12,60]"]))
    assert job.points["region.synthetic.n"].tolist() == [4, 12, 60]
    assert len(job.designs) == len(shipped_designs())


def test_numbers_too_large_for_a_table_are_text() -> None:
    assert column_of([10**20, 1]) == [str(10**20), "1"]
    assert column_of([10**400, 0.5]) == [str(10**400), "0.5"]


def test_a_level_and_one_of_its_knobs_go_together_in_a_list(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("undercurrent,undercurrent.negativity\nmild,1\nmild,0\n")
    job = job_of("sweep.method=list", f"sweep.points={path}")
    assert job.keys == ["undercurrent", "undercurrent.negativity"]


def test_sources_of_parameters_are_values_of_a_grid_of_one_key() -> None:
    config = config_of("+vary.parameters=[plausible,prior]")
    assert make_points(config).to_dict("list") == {"parameters": ["plausible", "prior"]}


def test_all_parameters_at_once() -> None:
    config = config_of("sweep.method=lhs", "sweep.samples=4", "+vary.parameters=prior")
    assert list(make_points(config).columns) == [f"parameters.{name}" for name in PARAMETERS]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_list_of_points(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"points.{kind}"
    table = pd.DataFrame({"undercurrent": ["absent", "strong"], "measures.monitoring": [0.0, 0.25]})
    if kind == "csv":
        table.to_csv(path, index=False)
    else:
        table.to_parquet(path)
    config = config_of("sweep.method=list", f"sweep.points={path}")
    pd.testing.assert_frame_equal(make_points(config), table)
    assert set(config.options["undercurrent"]) == {"absent", "strong"}


def test_a_list_or_nothing_is_text_in_a_table(tmp_path: Path) -> None:
    vary = {"governance.scope.themes": ["all", ["health"], ["a", "é"]], "governance.scope.successor": [None, "x"]}
    points = make_points(varied(vary))
    assert points["governance.scope.themes"].unique().tolist() == ["all", '["health"]', '["a","é"]']
    assert points["governance.scope.successor"].unique().tolist() == ["null", "x"]
    path = tmp_path / "points.csv"
    points.to_csv(path, index=False)
    config = config_of("sweep.method=list", f"sweep.points={path}")
    pd.testing.assert_frame_equal(make_points(config), points, check_dtype=False)
    path.write_text(path.read_text().replace('""a"",""é""', '""a"" , ""é""'))  # however it is spaced
    pd.testing.assert_frame_equal(make_points(config), points, check_dtype=False)
    hashed = [pd.util.hash_pandas_object(table, index=False) for table in (points, make_points(config))]
    assert hashed[0].tolist() == hashed[1].tolist()


@pytest.mark.parametrize("name", ["successor", "themes"])
def test_a_column_that_could_hold_a_list_or_nothing_and_does_not_stays_as_it_was(tmp_path: Path, name: str) -> None:
    path = tmp_path / "points.csv"
    path.write_text(f"governance.scope.{name},measures.thinning\nall,1\nall,0.5\n")
    points = make_points(config_of("sweep.method=list", f"sweep.points={path}"))
    pd.testing.assert_frame_equal(points, pd.read_csv(path))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "cannot be read"),
        ("measures.thinning,measures.monitoring\n", "holds no points"),
        ("measures.thinning,measures.monitoring\n1,0.5\n2,\n", "row 2 has no value for 'measures.monitoring'"),
        ("measures.thinning,measures.monitoring\n1,nan\n", "row 1 has no value"),
        ("measures.thinning,measures.monitoring\n1,0.5\n2,inf\n", "row 2 has no finite value"),
        ("measures.thinning,measures.monitoring\n1,0.5\n1,0.5\n", "row 2 is the same point as an earlier row"),
        (
            "governance.scope.successor,measures.thinning\nnull,1\n,1\n",
            "row 2 has no value for 'governance.scope.successor'; .* null",
        ),
        ("governance.position.board\nnull\nnone\n", "row 1 has no value for 'governance.position.board'; fill it in"),
        ('governance.scope.themes\n"[""a"",""b""]"\n"[""a"", ""b""]"\n', "row 2 is the same point as an earlier row"),
        ("measures.thinning,measures.monitoring\n1,0.5,3\n1\n2,3,4,5\n", "cannot be read"),
    ],
)
def test_a_list_that_is_none(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "points.csv"
    path.write_text(content)
    with pytest.raises(InputError, match=message):
        make_points(config_of("sweep.method=list", f"sweep.points={path}"))


@pytest.mark.parametrize("keys", ["scenario", "scenario,governance.payoff.binding", "region.municipalities", "work"])
def test_a_list_of_keys_alone_is_refused_by_the_job(tmp_path: Path, keys: str) -> None:
    """No world, design or parameter set is looked up in it."""
    path = tmp_path / "points.csv"
    path.write_text(f"{keys}\n")
    with pytest.raises(InputError, match="holds no points"):
        SweepJob(config_of("sweep.method=list", f"sweep.points={path}"))


def experiment(folder: Path, vary: str, *overrides: str) -> SweepConfig:
    """What a user's experiment over ``vary`` becomes with more on the command line."""
    (folder / "experiment").mkdir()
    (folder / "experiment" / "mine.yaml").write_text(f"# @package _global_\nvary:\n  {vary}\n")
    (folder / "experiment" / "empty.yaml").write_text("# @package _global_\n")
    return load("sweep", ["+experiment=mine", "region=teaching", "sweep.samples=8", *overrides], config_dir=folder)


@pytest.mark.parametrize("method", ["lhs", "sobol"])
@pytest.mark.parametrize("plus", ["+", "++"])
def test_one_parameter_by_hand_leaves_the_others_of_an_experiment(tmp_path: Path, method: str, plus: str) -> None:
    by_hand = f"{plus}vary.parameters.work=[0.6,1.0]"
    config = experiment(tmp_path, "parameters: prior", by_hand, f"sweep.method={method}")
    points = make_points(config)
    assert set(points) == {f"parameters.{name}" for name in PARAMETERS}
    assert points["parameters.work"].between(0.6, 1.0).all()
    assert points["parameters.trust_gain"].between(PARAMETERS["trust_gain"].low, PARAMETERS["trust_gain"].high).all()
    assert all(values == "prior" for key, values in config.vary.items() if key != "parameters.work")


def test_another_key_by_hand_is_added_to_an_experiment(tmp_path: Path) -> None:
    by_hand = "+vary.undercurrent.negativity=prior"
    config = experiment(tmp_path, "parameters: {work: [0.6, 1.0]}", by_hand, "sweep.method=lhs")
    assert config.vary == {"parameters.work": [0.6, 1.0], "undercurrent.negativity": "prior"}


@pytest.mark.parametrize(
    ("vary", "overrides", "told"),
    [
        (
            "parameters: prior",
            ["sweep.method=lhs", "parameters.work=0.7"],
            "vary.parameters.work: is swept, and parameters.work=… fixes it; do one of the two",
        ),
        (
            "parameters: [plausible, prior]",
            ["+vary.parameters.work=[0.6,1.0]"],
            "vary.parameters.work: does not go together with vary.parameters of the experiment",
        ),
        (
            "undercurrent: [mild, strong]",
            ["+vary.undercurrent.negativity=[0.0,1.0]"],
            "vary.undercurrent.negativity: does not go together with vary.undercurrent of the experiment",
        ),
    ],
)
def test_what_does_not_go_with_an_experiment(tmp_path: Path, vary: str, overrides: list[str], told: str) -> None:
    with pytest.raises(InputError) as error:
        experiment(tmp_path, vary, *overrides)
    assert len(error.value.problems) == 1
    assert str(error.value.problems[0]).startswith(told)


def test_an_empty_experiment_hides_nothing(tmp_path: Path) -> None:
    experiment(tmp_path, "parameters: prior", "sweep.method=lhs")
    by_hand = ["+experiment=empty", "region=teaching", "sweep.method=lhs", "+vary.parameters.work=[0.6,1.0]"]
    assert load("sweep", by_hand, config_dir=tmp_path).vary == {"parameters.work": [0.6, 1.0]}


def test_a_field_set_back_is_that_of_the_status_quo() -> None:
    """In a design that codes it, with the range of the status quo; other fields and other designs stay as they are."""
    job = job_of("+vary.set_back=[nothing,payoff.binding]", "designs=[regiobureau,status_quo]")
    kept, back = (job.varied(job.config, job.variants[code]).designs for code in range(2))
    assert kept == job.config.designs
    quo = load_design("status_quo")
    assert back[0].payoff.binding == quo.payoff.binding != kept[0].payoff.binding
    coding = back[0].codings["payoff.binding"]
    assert (coding.range, coding.origin) == (quo.codings["payoff.binding"].range, "status_quo")
    assert back[0].scope == kept[0].scope
    assert back[1].payoff == kept[1].payoff


@pytest.mark.parametrize("section", RULE_TYPES)
@pytest.mark.parametrize("name", ["lobby_construct", "regio_deal", "status_quo"])
def test_a_rule_type_set_back_is_each_of_its_fields_set_back(name: str, section: str) -> None:
    """The other rule types stay as they are; of this one, what is no number and what the design does not code."""
    design = load_design(name)
    whole = varied_design(design, {"set_back": section})
    one_by_one = design
    for path in can_set_back():
        if path.startswith(f"{section}."):
            one_by_one = varied_design(one_by_one, {"set_back": path})
    assert whole == one_by_one
    quo = load_design("status_quo")
    for path in (f"{kind}.{field}" for kind, rules in RULE_TYPES.items() for field in rules.model_fields):
        moved = path.startswith(f"{section}.") and path in can_set_back() and path in design.codings
        assert value_of(whole, path) == value_of(quo if moved else design, path)


def test_a_rule_type_set_back_in_a_sweep() -> None:
    job = job_of("+vary.set_back=[nothing,information]")
    kept, back = (job.varied(job.config, job.variants[code]).designs for code in range(2))
    quo = load_design("status_quo")
    assert kept == job.config.designs
    assert back[1].information == quo.information != kept[1].information
    assert back[1].position == kept[1].position != quo.position


def test_one_measure_at_a_time_beside_those_configured() -> None:
    job = job_of("+vary.measure=[none,facilitation,thinning]", "measures.monitoring=0.5")
    found = [job.varied(job.config, job.variants[code]) for code in range(3)]
    assert found[0].measures == job.config.measures == {"monitoring": 0.5}
    assert found[1].measures == {"facilitation": 1.0, "monitoring": 0.5}
    assert found[2].measures == {"monitoring": 0.5, "thinning": 1.0}
    assert all(config.designs == job.config.designs for config in found)


def test_one_measure_beside_another_that_varies() -> None:
    job = job_of("+vary.measure=[none,thinning]", "+vary.measures.monitoring=[0.25,1]")
    found = [job.varied(job.config, job.variants[code]).measures for code in range(4)]
    assert found == [
        {"monitoring": 0.25},
        {"monitoring": 1.0},
        {"monitoring": 0.25, "thinning": 1.0},
        {"monitoring": 1.0, "thinning": 1.0},
    ]


@pytest.mark.parametrize(
    ("override", "message"),
    [
        (
            "measures.thinning=0.5",
            "vary.measure: 'thinning' is also configured: measures.thinning=0.5; do one of the two",
        ),
        ("+vary.measures.thinning=[0,1]", "vary.measure: 'thinning' and vary.measures.thinning set the same thing"),
    ],
)
def test_a_measure_taken_twice(override: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        job_of("+vary.measure=[none,thinning]", override)
    assert [str(problem).startswith(message) for problem in error.value.problems] == [True]


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (
            "+vary.set_back=[nothing,payoff.bindng]",
            "there is no field or rule type to set back 'payoff.bindng'; did you mean",
        ),
        (
            "+vary.set_back=[nothing,informaton]",
            "there is no field or rule type to set back 'informaton'; did you mean 'inf",
        ),
        ("+vary.measure=[none,facilitaton]", "there is no measure 'facilitaton'; did you mean 'facilitation'"),
        (
            "+vary.variant=[as_is,joining.conj]",
            "there is no variant 'joining.conj'; did you mean 'joining",
        ),
        ("+vary.variant.joining=[additive,conj]", "there is no variant.joining 'conj'"),
        ("+vary.coding=[point,often]", "'often' is no coding; write drawn, point, or the number of a draw"),
        ("+vary.coding=[-1,0]", "-1 is no coding"),
    ],
)
def test_what_cannot_be_read_or_set_back(overrides: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        job_of(overrides)


def test_experiments_set_back_every_number_that_a_design_chose() -> None:
    quo = load_design("status_quo")
    chosen = {
        path
        for name in shipped_designs()
        for path in load_design(name).codings
        if path in can_set_back() and value_of(load_design(name), path) != value_of(quo, path)
    }
    swept = load("sweep", ["+experiment=set_back"]).vary["set_back"]
    assert set(swept) == {"nothing", *chosen}


def test_experiments_take_every_rule_type_and_every_measure() -> None:
    assert load("sweep", ["+experiment=rule_types"]).vary == {"set_back": ["nothing", *RULE_TYPES]}
    assert load("sweep", ["+experiment=measures"]).vary == {"measure": ["none", *measures()]}


# --- options of a sample, rows of a list ---------------------------------------------------------------------
@pytest.mark.parametrize("method", ["lhs", "sobol"])
def test_options_are_as_likely_as_each_other(method: str) -> None:
    vary: dict[str, Any] = {
        "scenario": ["history", "austerity"], "governance.position.board": ["none", "centres", "steering_group"],
        "governance.scope.themes": ["all", ["housing"]], "founding": ["vote", "at_once"],
        "undercurrent.negativity": [0, 1],
    }  # fmt: skip
    points = make_points(varied(vary, method=method, samples=512))
    for key, values in vary.items():
        if key != "undercurrent.negativity":
            counts = points[key].value_counts()
            assert len(counts) == len(values)
            assert (counts - 512 / len(values)).abs().max() <= 1, key
    assert len(points.drop_duplicates(subset=list(vary)[:4])) == 24, "crossed with each other"


def test_a_sample_of_options_makes_a_job() -> None:
    job = job_of(
        "sweep.method=lhs", "sweep.samples=8", "+vary.governance=[status_quo,regiobureau]",
        "+vary.scenario=[history,austerity]", "+vary.undercurrent.negativity=[0,1]", "replicates=1",
    )  # fmt: skip
    assert job.runs == 8
    assert set(job.points["governance"]) == {"status_quo", "regiobureau"}


LISTED = "sweep.method=list"
VALID = {
    "board": "governance.position.board,governance.choice.pooled_by\ncentres,board\nnone,all\n",
    "region": "region.synthetic.n,governance.boundary.min_members\n4,4\n20,12\n",
}
INVALID = {
    "board": ("governance.position.board,governance.choice.pooled_by\ncentres,board\nnone,board\n", "choice.pooled_by"),
    "region": ("region.synthetic.n,governance.boundary.min_members\n20,12\n4,12\n", "boundary.min_members"),
    "value": ("governance.payoff.binding\n0.5\n1.5\n", "governance.payoff.binding"),
    "number": ("undercurrent.negativity\n0.5\n1.5\n", "undercurrent.negativity"),
    "name": ("scenario,governance.position.board\nhistory,none\nhistory,nobody\n", "position.board"),
}


@pytest.mark.parametrize("kind", ["board", "region"])
def test_values_of_a_row_are_tried_together(kind: str, tmp_path: Path) -> None:
    """None of them would do on the base design, or in the other region."""
    path = tmp_path / "points.csv"
    path.write_text(VALID[kind])
    region = ["region=synthetic"] if kind == "region" else []
    assert len(job_of(LISTED, f"sweep.points={path}", "designs=[status_quo]", *region).points) == 2
    if kind == "board":  # in a grid too
        one = ["+vary.governance.position.board=[centres]", "+vary.governance.choice.pooled_by=[board]"]
        assert len(job_of(*one, "designs=[status_quo]").points) == 1


@pytest.mark.parametrize("kind", list(INVALID))
def test_what_is_wrong_names_its_row(kind: str, tmp_path: Path) -> None:
    content, key = INVALID[kind]
    path = tmp_path / "points.csv"
    path.write_text(content)
    region = ["region=synthetic"] if kind == "region" else []
    with pytest.raises(InputError) as told:
        job_of(LISTED, f"sweep.points={path}", "designs=[status_quo]", *region)
    [problem] = told.value.problems
    assert problem.where.startswith("sweep.points: row 2: ")
    assert key in problem.where


def test_a_row_is_tried_with_the_design_that_it_names(tmp_path: Path) -> None:
    """Ten municipalities may join the Regio Deal: twelve are too many for it, not for the others."""
    path = tmp_path / "points.csv"
    path.write_text("governance,governance.boundary.min_members\nstatus_quo,12\nregio_deal,4\n")
    small = [LISTED, f"sweep.points={path}", "designs=[status_quo,regio_deal]", "region=zuid_limburg"]
    assert len(job_of(*small).points) == 2
    path.write_text("governance,governance.boundary.min_members\nstatus_quo,4\nregio_deal,12\n")
    with pytest.raises(InputError, match=r"sweep.points: row 2: design 'regio_deal': boundary.min_members"):
        job_of(*small)
