"""One model, however it is run: bit for bit the same from Mesa, in the ensemble, on any number of threads."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from numpy.lib.recfunctions import structured_to_unstructured

import bresim
from bresim import tabulate
from bresim.columns import RUN_KEYS
from bresim.common.errors import InputError
from bresim.common.progress import Silent
from bresim.config.schema import CompareConfig
from bresim.governance import load_design, shipped_designs
from bresim.jobs import run_plan
from bresim.kernel import draws
from bresim.kernel.draws import make_key
from bresim.kernel.state import allocate
from bresim.kernel.structs import box, parameter_set
from bresim.model import RegionModel
from bresim.plan import make_plan
from bresim.rules import urgency
from bresim.rules.initial import reset
from bresim.runner import ensemble
from bresim.runner.step import PHASES, step
from bresim.scenario import read_scenario
from tests.model.worlds import founded, jobs_of, region_named, run, same, scenario_for, world_of

DESIGNS = ["status_quo", "regio_deal", "provincial_steering_mandated", "joint_arrangement"]


def config_of(*overrides: str, designs: str = ",".join(DESIGNS)) -> CompareConfig:
    given = [f"designs=[{designs}]", "parameters=prior", "seed=11", "founding=vote", *overrides]
    return bresim.load("compare", given)


def stepped(model: RegionModel) -> RegionModel:
    while model.running:
        model.step()
    return model


# --- Mesa and the ensemble ---------------------------------------------------------------------------
@pytest.mark.parametrize(("scenario", "founding"), [("history", "vote"), ("political_turmoil", "at_once")])
def test_mesa_gives_the_row_of_the_ensemble(scenario: str, founding: str) -> None:
    config = config_of(f"scenario={scenario}", f"founding={founding}", "undercurrent=strong", "measures.monitoring=0.5")
    replicates = [0, 6, 13]
    plan = make_plan(config, replicates)
    recorded = run_plan(plan, Silent(), series=True, details=True)
    runs = tabulate.runs_table(plan, recorded)
    initiatives = tabulate.initiatives_table(plan, recorded)
    for row, (design, replicate) in enumerate((d, r) for d in DESIGNS for r in replicates):
        model = stepped(RegionModel(config, replicate=replicate, design=design))
        ours = runs.iloc[row]
        assert (ours["design"], ours["replicate"]) == (design, replicate)
        assert list(model.outcomes()) == list(runs.columns[len(RUN_KEYS) :])
        assert same(np.array(list(model.outcomes().values())), recorded.runs[row]), (design, replicate)
        result = model.result()
        assert result.runs["parameter_draw"].tolist() == [ours["parameter_draw"]]
        outcomes = [name for name in result.series.columns if result.series[name].dtype == np.float64]
        assert same(result.series[outcomes].to_numpy(), structured_to_unstructured(recorded.series[row]))
        trace = result.municipalities.tail(plan.region.size)
        towns = [name for name in trace.columns if trace[name].dtype == np.float64]
        known = structured_to_unstructured(recorded.municipalities[row]), recorded.municipality_themes[row]
        assert same(trace[towns].to_numpy(), np.hstack(known)), (design, replicate)
        mine = initiatives[(initiatives["design"] == design) & (initiatives["replicate"] == replicate)]
        assert result.initiatives.astype(str).to_numpy().tolist() == mine.astype(str).to_numpy().tolist()


def test_a_step_is_a_walk_through_the_phases() -> None:
    region = region_named("zuid_limburg")
    world = world_of([load_design("regio_deal")], region)
    first, second = allocate(world), allocate(world)
    boxes = [box(first), box(second)]
    boxed_world, p = box(world), parameter_set(world.parameters, 0)
    for boxed in boxes:
        reset(boxed, boxed_world, p, make_key(4, 2), 0, 3, 0.6, 0.7, 0.5)
    for t in range(60):
        step(boxes[0], boxed_world, p, t)
        for _, rule in PHASES:
            rule(boxes[1], boxed_world, p, t)
    for name, one, other in zip(first._fields, first, second, strict=True):
        assert same(np.asarray(one), np.asarray(other)), name


def test_a_phase_of_ones_own_with_the_same_rule_gives_the_same_bits() -> None:
    config = config_of(designs="regio_deal")
    called = []

    def own_urgency(s: Any, w: Any, p: Any, t: int) -> None:
        called.append(t)
        urgency.update.py_func(s, w, p, t)  # type: ignore[attr-defined]

    plain = stepped(RegionModel(config, replicate=1))
    own = stepped(RegionModel(config, replicate=1, phases={"urgency": own_urgency}))
    assert called == list(range(60))
    assert same(np.array(list(plain.outcomes().values())), np.array(list(own.outcomes().values())))


def test_a_phase_that_does_nothing_changes_the_run() -> None:
    config = config_of(designs="regio_deal")
    plain = stepped(RegionModel(config, replicate=1)).outcomes()
    deaf = stepped(RegionModel(config, replicate=1, phases={"urgency": lambda s, w, p, t: None})).outcomes()
    assert plain["public_value_direct"] != deaf["public_value_direct"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"design": "regio_dael"}, "regio_deal"),
        ({"phases": {"urgncy": None}}, "urgency"),
        ({"founding": "atonce"}, "at_once"),
    ],
)
def test_an_unknown_design_or_phase_is_named_with_the_nearest(given: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=f"did you mean '{message}'"):
        RegionModel(config_of(), **given)


# --- what a result depends on ------------------------------------------------------------------------
def test_results_do_not_depend_on_workers_or_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    region = region_named("zuid_limburg")
    designs = [load_design(name) for name in DESIGNS]
    world, jobs = world_of(designs, region), jobs_of(len(designs), 40, solutions=8)
    plain = run(world, jobs, region, workers=1)
    others = [run(world, jobs, region, workers=workers) for workers in (2, 3)]
    monkeypatch.setattr(ensemble, "CHUNK", 7)
    others.append(run(world, jobs, region, workers=3))
    shuffled = np.random.default_rng(0).permutation(len(jobs))
    mixed = run(world, jobs[shuffled], region)
    for other in others:
        for name in ("runs", "series", "municipalities", "pairs", "log"):
            assert same(getattr(plain, name), getattr(other, name)), name
    assert same(plain.runs[shuffled], mixed.runs)
    assert same(plain.series[shuffled], mixed.series)


def test_a_design_gives_the_same_rows_whatever_else_is_in_the_job() -> None:
    alone = make_plan(config_of(designs="regio_deal"), range(12))
    everyone = make_plan(config_of(designs=",".join(shipped_designs())), range(12))
    rows = everyone.named == shipped_designs().index("regio_deal")
    assert same(run_plan(alone, Silent()).runs, run_plan(everyone, Silent()).runs[rows])


def test_a_replicate_is_the_same_alone() -> None:
    config = config_of(designs="regio_deal")
    many, one = make_plan(config, range(12)), make_plan(config, [9])
    assert same(run_plan(many, Silent()).runs[9:10], run_plan(one, Silent()).runs)
    assert many.draw_ids[many.jobs["draw"][9]] == one.draw_ids[one.jobs["draw"][0]]
    assert many.jobs["solution"][9] == one.jobs["solution"][0]


def test_a_design_that_differs_in_its_name_only_is_the_same_world() -> None:
    region = region_named("zuid_limburg")
    design = load_design("regio_deal")
    copy = design.model_copy(update={"name": "my_own", "label_nl": "Mijn", "label_en": "Mine"})
    recorded = run(world_of([design, copy], region), jobs_of(2, 5), region)
    assert same(recorded.runs[:5], recorded.runs[5:])
    assert same(recorded.pairs[:5], recorded.pairs[5:])


def test_designs_are_the_same_world_until_policy_start() -> None:
    region = region_named("zuid_limburg")
    recorded = run(world_of([founded(load_design(name)) for name in DESIGNS], region), jobs_of(len(DESIGNS), 4), region)
    series = recorded.series.reshape(len(DESIGNS), 4, 60, -1)
    for design in range(1, len(DESIGNS)):
        assert same(series[0, :, :20], series[design, :, :20])
        assert not same(series[0], series[design])


def test_an_extra_draw_changes_nothing_else() -> None:
    """A rule that draws from a stream of its own leaves everybody's luck as it is."""
    config = config_of(designs="regio_deal")

    def learning(s: Any, w: Any, p: Any, t: int) -> None:
        for i in range(5):
            draws.uniform(s.key, 999, t, i, 0)
        dict(PHASES)["learning"](box(s), box(w), p, t)

    plain = stepped(RegionModel(config, replicate=1)).outcomes()
    extra = stepped(RegionModel(config, replicate=1, phases={"learning": learning})).outcomes()
    assert same(np.array(list(plain.values())), np.array(list(extra.values())))


def test_an_extra_event_changes_nothing_before_it() -> None:
    region = region_named("zuid_limburg")
    history = read_scenario("history").model_dump(mode="json")
    event = {"kind": "shock", "quarter": "2027-Q2", "theme": "health", "size": 0.9}
    more = {**history, "name": "more", "events": [*history["events"], event]}
    designs = [load_design("status_quo"), load_design("regio_deal")]
    plain, shocked = (
        run(world_of(designs, region, scenario=scenario_for(region, scenario)), jobs_of(2, 4), region)
        for scenario in ("history", more)
    )
    at = 33  # 2027-Q2, counted from 2019-Q1
    assert same(plain.series[:, :at], shocked.series[:, :at])
    for one, other in zip(plain.series, shocked.series, strict=True):
        assert not same(one[at], other[at])


def test_replicates_and_seeds_differ() -> None:
    region = region_named("zuid_limburg")
    world, jobs = world_of([load_design("regio_deal")], region), jobs_of(1, 12)
    first, second = run(world, jobs, region, seed=1), run(world, jobs, region, seed=2)
    values = np.concatenate([first.runs[:, 0], second.runs[:, 0]])
    assert len(np.unique(values)) == 24
    assert not np.isin(first.series[:, -1], second.series[:, -1]).all()
    assert same(first.runs, run(world, jobs, region, seed=1).runs)


def test_runs_do_not_leak_into_each_other() -> None:
    """A state that was used before gives the same bits as a fresh one."""
    region = region_named("zuid_limburg")
    designs = [load_design(name) for name in DESIGNS]
    world = world_of(designs, region)
    jobs = jobs_of(len(designs), 3)
    together = run(world, jobs, region, workers=1)
    for row in range(len(jobs)):
        alone = run(world, jobs[row : row + 1], region, workers=1)
        assert same(together.runs[row : row + 1], alone.runs)
        assert same(together.series[row : row + 1], alone.series)


# --- with compilation off ----------------------------------------------------------------------------
SCRIPT = """
import sys
import bresim
from bresim.model import RegionModel

config = bresim.load(
    "compare", ["region=teaching", "designs=[regio_deal]", "parameters=point", "seed=3", "time.policy_start=2019-Q2",
    "time.end=2019-Q4"],
)
model = RegionModel(config, replicate=2)
model.parameters.adopt_base = 9.0  # founded at once
model.parameters.open_rate = 9.0  # everything on the table
while model.running:
    model.step()
for values in (*model.outcomes().values(), *model.state.trust.ravel(), *model.state.urgency.ravel()):
    print(float(values).hex())
"""


def test_interpreted_is_compiled_bit_for_bit() -> None:
    top = Path(bresim.__file__).parents[1]
    shown = []
    for off in ("0", "1"):
        environment = {**os.environ, "NUMBA_DISABLE_JIT": off, "PYTHONPATH": str(top)}
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stderr
        shown.append(done.stdout.split())
    assert len(shown[0]) > 60
    assert shown[0] == shown[1]


def test_negativity_is_in_the_state() -> None:
    """The knobs of the job reach the run."""
    config = config_of("undercurrent.negativity=0.25", designs="status_quo")
    assert RegionModel(config).state.region.negativity == 0.25


def test_a_file_of_ones_own_with_the_fields_of_a_shipped_one_gives_its_runs(tmp_path: Path) -> None:
    from bresim.common.paths import configs_dir

    content = yaml.safe_load((configs_dir() / "governance" / "regiobureau.yaml").read_text(encoding="utf-8"))
    (tmp_path / "my_bureau.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    plan = make_plan(config_of(designs=f"regiobureau,{tmp_path / 'my_bureau.yaml'}"), range(3))
    runs = run_plan(plan, Silent()).runs
    assert same(runs[:3], runs[3:])
