"""What cannot be swept is reported at once, in a message for users, and nothing is written."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from command import environment

from bresim.cli import main
from bresim.parameters import PARAMETERS
from tests.sweep.small import SMALL

LIST = "sweep.method=list"
LHS = "sweep.method=lhs"

#: Overrides → parts of the message.
BAD: list[tuple[list[str], list[str]]] = [
    ([], ["vary: is empty", "+vary.undercurrent.negativity=[0,0.5,1]"]),
    (["vary=3"], ["vary: 3 is not a mapping"]),
    # keys that do not exist
    (["+vary.undercurrent.negativty=[0,1]"], ["vary.undercurrent.negativty", "did you mean 'undercurrent.negativity'"]),
    (["+vary.parameters.trustgain=[0,1]"], ["vary.parameters.trustgain", "did you mean 'parameters.trust_gain'"]),
    (["+vary.replicates=[1,2]"], ["vary.replicates: is no key that a sweep can vary"]),
    (["+vary.region.themes=[1,2]"], ["vary.region.themes", "vary whole regions"]),
    (["+vary.region=[teaching,atlantis]"], ["vary.region: unknown region 'atlantis'"]),
    (["+experiment=atlantis"], ["experiment: unknown experiment 'atlantis'", "onderstroom_grid"]),
    (["experiment=onderstroom_grid"], ["experiment: is chosen with a plus; write +experiment=onderstroom_grid"]),
    # a design that does not have the swept field, or is not there
    (["+vary.designs.regiobureau.payoff.bindng=[0,1]"], ["did you mean 'designs.regiobureau.payoff.binding'"]),
    (["+vary.designs.regio_deal.payoff.binding=[0,1]"], ["'regio_deal' is not among the designs"]),
    (["+vary.governance.payoff.bindng=[0,1]"], ["did you mean 'governance.payoff.binding'"]),
    # values
    (["+vary.undercurrent.negativity=[0,1.2]"], ["vary.undercurrent.negativity: 1.2 is out of range", "0 to 1"]),
    (["+vary.undercurrent.negativity=[0,much]"], ["vary.undercurrent.negativity", "'much' is not a number"]),
    (["+vary.undercurrent.negativity=[0,nan]"], ["vary.undercurrent.negativity: nan is not a value"]),
    (["+vary.undercurrent.negativity=[]"], ["vary.undercurrent.negativity: has no values"]),
    (["+vary.undercurrent.negativity=[0.5,0.5]"], ["holds a value twice"]),
    (["+vary.undercurrent.negativity=prior"], ["a grid has no values in a prior"]),
    (["+vary.parameters.work=[0,99]"], ["vary.parameters.work: 0, 99 are out of range"]),
    (["+vary.governance.payoff.binding=[0,1.5]"], ["vary.governance.payoff.binding: 1.5 is not allowed; must be"]),
    (["+vary.measures=[0,1]", "+vary.time=[1]"], ["vary.measures: is a section and no key; vary a key in it, as mea"]),
    (["+vary.seed=range(3)"], ["vary.seed: 'range(3)' is more than one value; a list is +vary.seed=[0,1,2]"]),
    (["vary.seed=[1,2]"], ["vary.seed: is chosen with a plus; write +vary.seed=[1,2]"]),
    (["+vary.seed=[1,2]", "engine.scheduler=tcp://127.0.0.1:9"], ["engine.scheduler is given, and threads of"]),
    (["sweep.points=list.csv"], ["sweep.points: is not read by sweep.method=grid; set sweep.method=list"]),
    ([LHS, "sweep.samples=2", "+vary.parameters.trust_gain=[0.04,0.0801]"], ["trust_gain: 0.0801 is out of range"]),
    ([LHS, "sweep.samples=2", "+vary.governance.scope.term_quarters=[0,201]"], ["term_quarters: 201 is not allowed"]),
    ([LHS, "+vary.governance.payoff.binding=[-1e308,1e308]"], ["[-1e+308, 1e+308] is too wide"]),
    (["+vary.seed=[]", "+vary.measures.thinning=[-1,2]", "+vary.governance.payoff.binding=[4]", "+vary.time.end=[x]"],
     ["seed: has no values", "-1, 2 are out of range", "payoff.binding: 4 is not allowed", "'x' is not a quarter"]),
    (["+vary.governance.scope.max_open=[2,2.5]"], ["scope.max_open: 2.5 is not allowed; must be a whole number"]),
    (["+vary.governance.boundary.eligible=[all,nobody]"], ["the region 'teaching' has no group 'nobody'"]),
    (["+vary.governance.boundary.min_members=[2,6]"], ["6 members are needed, 5 municipalities are eligible"]),
    (["+vary.scenario.from_policy_start.windows=[1,-1]"], ["from_policy_start.windows: -1 is not allowed"]),
    (["+vary.time.end=[2030-Q4,soon]"], ["vary.time.end"]),
    (["region=synthetic", "+vary.region.synthetic.n=[2,61]"], ["synthetic: n: 2 is not allowed", "61 is not allowed"]),
    (["+vary.seed=[1.5,2]"], ["vary.seed: holds numbers that are not whole"]),
    (["+vary.seed=[99999999999999999999,1]"], ["vary.seed: 99999999999999999999 is out of range; allowed: 0 to 9.2"]),
    (["+vary.parameters.work=['0.5','0.9']"], ["vary.parameters.work: '0.5' is text; write numbers without quotes"]),
    (["+vary.parameters.work=['0.5',0.9]"], ["vary.parameters.work: '0.5' is text"]),
    (["+vary.undercurrent.negativity=[0,0.0]"], ["negativity: [0, 0.0] holds a value twice"]),
    (["+vary.undercurrent.negativity=['0',0]"], ["negativity: ['0', 0] holds a value twice"]),
    (["+vary.undercurrent.negativity=[[0],1]"], ["negativity: [0] is not a value"]),
    # lists and nothing, where a key may hold them
    (["+vary.governance.scope.themes=[[economy,housig],[housing]]"],
     ["design 'regiobureau': scope.themes: unknown theme 'housig'", "did you mean 'housing'?"]),
    (["+vary.governance.scope.themes=[[],[housing,housing],[[housing]],housing,3]"],
     ["scope.themes: [] is not", "name 'housing' once", "themes.0: ['housing'] is not", "'housing' is not"]),
    (["+vary.governance.scope.themes=['[housing]']"], ["""themes: '[housing]' is no list; write ["a","b"]"""]),
    (["+vary.governance.scope.themes=[[housing],[housing]]"], ["[['housing'], ['housing']] holds a value twice"]),
    (["+vary.governance.scope.successor=[null,null]"], ["scope.successor: [None, None] holds a value twice"]),
    (["+vary.governance.scope.successor=[null,regio_dael]"], ["scope.successor: unknown design 'regio_dael'"]),
    (["+vary.governance.scope.successor=[[status_quo]]"], ["successor: ['status_quo'] is not a value"]),
    (["+vary.governance.scope.themes=[all,null]"], ["vary.governance.scope.themes: None is not a value"]),
    (["+vary.governance.position.board=[null,[none]]"], ["board: None is not a value"]),
    (["+vary.governance.position.board=[none,[none]]"],
     ["position.board: the region 'teaching' has no municipality 'none'"]),
    (["+vary.governance.boundary.eligible=[all,[all but,Torenhavn],[],[all but]]"],
     ["did you mean 'Torenhaven'?", "eligible: [] is not allowed", "name whom to leave out"]),
    (["+vary.region.groups.centres=[[Torenhaven],[Nergens]]"], ["groups.centres: unknown municipality 'Nergens'"]),
    (["+vary.region.municipalities=[[a],[b]]"], ["municipalities: ['a'] is not a value"]),
    ([LHS, "+vary.governance.scope.themes=[[economy],[economy]]"], ["[['economy'], ['economy']] holds a value twice"]),
    ([LHS, "+vary.governance.position.board=[none,[none]]"], ["has no municipality 'none'"]),
    ([LHS, "+vary.governance.position.board=[]"], ["position.board: has no values"]),
    ([LHS, "+vary.governance.position.board=none"], ["position.board: none is not a range"]),
    ([LHS, "+vary.scenario=[history,storm]"], ["vary.scenario: unknown scenario 'storm'"]),
    ([LHS, "+vary.governance.position.board=prior"], ["board: has no prior; a few by name: bresim sweep sweep.method"]),
    ([LIST, "sweep.points=unreadable.csv"], ["themes: '[economy,housing]' is no list"]),
    ([LIST, "sweep.points=themes.parquet"], ["column 'governance.scope.themes' holds no numbers", 'text: ["a","b"]']),
    # files that are named as options
    (["+vary.undercurrent=[mild,./wild.yaml]"],
     ["wild.yaml: parochialism: 5 is not allowed; must be at most 1", "cleavage: -3 is not", "negativity: is missing"]),
    (["+vary.scenario=[history,./history.yaml]"], ["its name is 'history', the name of a shipped scenario"]),
    # sources of parameters
    (["+vary.parameters=[plausible,magic]"], ["vary.parameters: there is no source of parameters 'magic'; known: pla"]),
    (["+vary.parameters=prior"], ["vary.parameters: a grid has no values in a prior; give a list, or"]),
    ([LHS, "+vary.parameters=[plausible,magic]"], ["vary.parameters: there is no source of parameters 'magic'"]),
    # keys that contradict each other
    (["+vary.governance.payoff.binding=[0,1]", "+vary.designs.regiobureau.payoff.binding=[0,1]"],
     ["vary.governance.payoff.binding: sets the same thing as vary.designs.regiobureau.payoff.binding"]),
    ([LIST, "sweep.points=both.csv"],
     ["vary.governance.payoff.binding: sets the same thing as vary.designs.regiobureau.payoff.binding"]),
    (["+vary.undercurrent=[mild,strong]", "+vary.undercurrent.negativity=[0,1]"],
     ["vary.undercurrent: does not go together with vary.undercurrent.negativity"]),
    (["+vary.undercurrent=mild", "+vary.undercurrent.negativity=[0,1]"],
     ["vary.undercurrent: does not go together with vary.undercurrent.negativity"]),
    ([LHS, "+vary.parameters=prior", "+vary.parameters.work=[0.5,1]"],
     ["vary.parameters: does not go together with vary.parameters.work"]),
    # ranges
    ([LHS, "+vary.undercurrent.negativity=[1,0]"], ["[1, 0] is empty or reversed"]),
    ([LHS, "+vary.undercurrent.negativity=[1,1]"], ["[1, 1] is empty or reversed"]),
    ([LHS, "+vary.undercurrent.negativity=[0,0.5,1]"], ["[0, 0.5, 1] is not a range", "or +vary.und"]),
    ([LHS, "+vary.undercurrent.negativity=[0,1,normal]"], ["is not a range", "[low,high,log_uniform]"]),
    ([LHS, "+vary.undercurrent.negativity=[0,1,[2]]"], ["[0, 1, [2]] is not a range"]),
    ([LHS, "+vary.undercurrent.negativity=[0,1,log_uniform]"], ["[0, 1, 'log_uniform'] cannot be log-uniform"]),
    ([LHS, "+vary.governance.scope.max_open=[2,8,uniform]"], ["of whole numbers each is as likely; leave 'uniform'"]),
    ([LHS, "+vary.scenario=prior"], ["vary.scenario: has no prior"]),
    ([LHS, "+vary.undercurrent=[0,1]"], ["vary.undercurrent: unknown undercurrent '0'; known: absent"]),
    ([LHS, "+vary.time.end=[2030,2033]"], ["vary.time.end: '2030.0' is not a quarter"]),
    ([LHS, "+vary.governance.scope.max_open=[2,8.5]"], ["max_open: [2, 8.5] holds numbers that are not whole"]),
    ([LHS, "+vary.seed=[0,99999999999999999999]"], ["vary.seed: [0, 99999999999999999999] is out of range"]),
    (["sweep.method=sobol", "sweep.samples=100", "+vary.undercurrent.negativity=prior"], ["100 is not a p", "or 128"]),
    # swept and fixed
    (["+vary.undercurrent.negativity=[0,1]", "undercurrent.negativity=0.3"], ["negativity=… fixes it"]),
    (["+vary.parameters.work=[0.5,1]", "parameters.work=0.7"], ["is swept, and parameters.work=… fixes it"]),
    (["+vary.scenario=[history,austerity]", "scenario=austerity"], ["vary.scenario: is swept"]),
    (["+vary.undercurrent=[mild,strong]", "undercurrent.negativity=0.3"], ["negativity=… fixes a part of it"]),
    # lists
    ([LIST], ["sweep.points: is missing"]),
    ([LIST, "sweep.points=nowhere.csv"], ["'nowhere.csv' cannot be read (No such file or directory)"]),
    ([LIST, "sweep.points=text.csv"], ["sweep.points: row 2: undercurrent.negativity: 'a lot' is not a number"]),
    ([LIST, "sweep.points=twice.csv"], ["row 3 is the same point as an earlier row"]),
    ([LIST, "sweep.points=holes.csv"], ["row 2 has no value for 'undercurrent.negativity'"]),
    (
        [LIST, "sweep.points=several.csv"],
        [
            "row 1 has no value for 'undercurrent.negativity'", "row 2 has no finite value for 'parameters.pace'",
            "row 1: undercurrent.cleavage: 1.5 is out of range", "row 2: governance: there is no design 'nowhere'",
            "row 1: parameters.pace: 0.4 is out of range",
        ],
    ),
    ([LIST, "sweep.points=shifted.csv"], ["'shifted.csv' cannot be read (rows have more cells than there are keys"]),
    (
        [LIST, "sweep.points=others.csv"],
        ["vary.colour: is no key", "measures.thinning: 7 is out", "'[\"an' is no list", "row 2 is the same"],
    ),
    (
        ["+vary.measures.monitoring=[0,null]", "+vary.measures.thinning=[0,2]", "+vary.measure.x=[1]"],
        ["measures.monitoring: None is not a value", "measures.thinning: 2 is out", "vary.measure.x: is no key"],
    ),
    (
        ["+vary.measures.thinning=[0,7]", "+vary.time.end=[2033-Q9]", "+vary.governance.scope.themes=[[nope]]"],
        ["measures.thinning: 7 is out of range", "'2033-Q9' is not a quarter", "'nope'"],
    ),
    (
        ["sweep.method=lhs", "+vary.measures.monitoring=[1,0]", "+vary.measures.thinning=[0.5,7]"],
        ["[1, 0] is empty or reversed", "measures.thinning: 7 is out of range"],
    ),
    (["sweep.method=lhs", "sweep.points=fine.csv", "+vary.measures.thinning=[0,1]"], ["not read by sweep.method=lhs"]),
    (["+experiment=onderstroom_grid", "+vary.undercurrent=[mild]"], ["together with vary.undercurrent.negativity of"]),
    ([LIST, "sweep.points=empty_column.csv"], ["row 1 has no value", "'abc' is not a number"]),
    ([LIST, "sweep.points=fine.csv", "+vary.seed=[1,2]"], ["does not go together with a list of points"]),
    ([LIST, "sweep.points=fine.csv", "undercurrent.negativity=0.3"], ["negativity=… fixes it"]),
    ([LIST, "sweep.points=unknown.csv"], ["vary.colour: is no key that a sweep can vary"]),
    ([LIST, "sweep.points=misspelt.csv"], ["vary.parameters.wrk: is no key that a sweep can vary"]),
    ([LIST, "sweep.points=large.csv"], ["row 2: measures.thinning: 99999999999999999999 is out of range"]),
    ([LIST, "sweep.points=wild.csv"], ["wild.yaml: parochialism: 5 is not allowed"]),
    ([LIST, "sweep.points=text.parquet"], ["vary.parameters.work: '0.5' is text; write numbers without quotes"]),
    ([LIST, "sweep.points=levels.parquet"], ["levels.parquet: its column 'undercurrent' holds no numbers or text"]),
    ([LIST, "sweep.points=lists.parquet"], ["lists.parquet: its column 'parameters.work' holds no numbers or text"]),
    # all at once
    (["+vary.undercurrent.negativity=[0,2]", "+vary.parameters.work=[0,1]", "+vary.seed=[-1]"],
     ["3 problems", "negativity: 2 is out of range", "work: 0 is out of range", "seed: -1 is out of range"]),
]  # fmt: skip

FILES = {
    "text.csv": "undercurrent.negativity\n0.1\na lot\n",
    "twice.csv": "undercurrent.negativity\n0.1\n0.2\n0.1\n",
    "holes.csv": "undercurrent.negativity,measures.thinning\n0.1,1\n,0.5\n",
    "several.csv": "undercurrent.negativity,parameters.pace,undercurrent.cleavage,governance\n"
    ",0.4,1.5,status_quo\n0.2,inf,0.5,nowhere\n",
    "shifted.csv": "measures.thinning,measures.monitoring\n0.1,0.2,0.3\n0.4,0.5,0.6\n",
    "others.csv": 'measures.thinning,colour,governance.scope.themes\n7,3,"[""an"\n7,3,"[""an"\n',
    "empty_column.csv": "undercurrent.negativity,parameters.pace\n,abc\n",
    "fine.csv": "undercurrent.negativity\n0.1\n0.2\n",
    "unknown.csv": "colour\n1\n",
    "misspelt.csv": "parameters.wrk\n1\n",
    "unreadable.csv": 'governance.scope.themes\n"[economy,housing]"\n',
    "large.csv": "measures.thinning\n1\n99999999999999999999\n",
    "both.csv": "governance.payoff.binding,designs.regiobureau.payoff.binding\n0,1\n",
    "wild.csv": "undercurrent\nmild\n./wild.yaml\n",
    "wild.yaml": "parochialism: 5\ncleavage: -3\n",
    "history.yaml": "label_nl: Anders\nlabel_en: Different\n",
}
TABLES = {
    "text.parquet": pd.DataFrame({"parameters.work": ["0.5", "0.9"]}),
    "levels.parquet": pd.DataFrame({"undercurrent": [["mild"], ["strong"]]}),
    "themes.parquet": pd.DataFrame(
        {"governance.scope.themes": [["economy"], ["economy", "housing"]], "measures.thinning": [0.0, 7.0]}
    ),
    "lists.parquet": pd.DataFrame({"parameters.work": [None, [2.0]]}),
}


@pytest.mark.parametrize(("overrides", "told"), BAD, ids=[" ".join(overrides) or "nothing" for overrides, _ in BAD])
def test_bad_input(
    overrides: list[str],
    told: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in FILES.items():
        (tmp_path / name).write_text(content)
    for name, table in TABLES.items():
        table.to_parquet(tmp_path / name)
    given = {override.lstrip("+").removeprefix("vary.").partition("=")[0] for override in overrides}
    code = main(["sweep", *(text for text in SMALL if text.partition("=")[0] not in given), *overrides, "out=there"])
    printed, error = capfd.readouterr()
    assert (code, printed) == (2, ""), error
    assert error.startswith("bresim sweep: ")
    assert "Traceback" not in error
    assert all(part in error for part in told), error
    assert not (tmp_path / "there").exists()


def test_every_problem_of_many_points_is_reported_once(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    low, high = PARAMETERS["work"].low, PARAMETERS["work"].high
    lines = "\n".join(f"{high + at},{low}" for at in range(1, 400))
    (tmp_path / "points.csv").write_text(f"parameters.work,governance.payoff.binding\n{lines}\n")
    assert main(["sweep", *SMALL, LIST, f"sweep.points={tmp_path / 'points.csv'}"]) == 2
    assert capfd.readouterr().err.count("\n") < 5


def test_a_scheduler_that_does_not_answer(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    address = "tcp://127.0.0.1:9"  # the discard port: nobody listens
    begun = time.monotonic()
    overrides = ["engine=dask", f"engine.scheduler={address}", "+vary.seed=[1,2]", f"out={tmp_path / 'out'}"]
    assert main(["sweep", *(text for text in SMALL if not text.startswith("seed")), *overrides]) == 2
    assert time.monotonic() - begun < 10 + 5  # the limit, and composing the configuration
    told = capfd.readouterr().err
    assert f"engine.scheduler: no scheduler answers at '{address}'" in told
    assert told.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "given",
    [
        ("sweep.method=list", "sweep.points=pipe.csv"),
        ("sweep.method=list", "sweep.points=pipe.parquet"),
        ("+vary.parameters=[point,pipe.csv]",),
        ("parameters=pipe.parquet", "+vary.seed=[1,2]"),
    ],
)
def test_a_pipe_is_refused_before_what_reads_tables_is_loaded(given: tuple[str, ...], tmp_path: Path) -> None:
    """Those libraries take seconds and most of the memory."""
    for name in ("pipe.csv", "pipe.parquet"):
        os.mkfifo(tmp_path / name)
    script = (
        "import sys; from bresim.cli import main; code = main(sys.argv[1:]);"
        "print(code, sorted({'pandas', 'pyarrow.parquet', 'numba', 'scipy', 'mesa'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", script, "sweep", "region=teaching", "lang=en", *given]
    done = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True)
    assert done.stdout == "2 []\n"
    assert done.stderr.count("\n") == 1
    assert "is not a plain file; copy its content to a file, and give that" in done.stderr
