"""A state has names for all that it holds, and what is called working memory holds nothing for another rule."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bresim
from bresim.governance import load_design
from bresim.kernel import state as state_module
from bresim.kernel.draws import make_key
from bresim.kernel.state import State, World, allocate
from bresim.kernel.structs import box, parameter_set
from bresim.rulebook import glossary
from bresim.rulebook.readers import SCRATCH
from bresim.rules.initial import reset
from bresim.runner import outcomes
from bresim.runner.step import PHASES
from tests.model.worlds import founded, region_named, same, world_of

PACKAGE = Path(bresim.__file__).parent
QUARTERS = 60
#: What was read by number once: a row of outcomes, the log of initiatives, counts, numbers of the region.
RECORDS = {"row", "rows", "log", "entry", "counts", "counters", "region", "scalars", "member", "members"}


# --- names instead of numbers -------------------------------------------------------------------------
def is_position(index: ast.expr) -> bool:
    """A number or a constant written in capitals, alone or among several indices."""
    if isinstance(index, ast.Tuple):
        return any(is_position(one) for one in index.elts)
    if isinstance(index, ast.UnaryOp):
        return is_position(index.operand)
    if isinstance(index, ast.BinOp):
        return is_position(index.left) or is_position(index.right)
    name = index.attr if isinstance(index, ast.Attribute) else index.id if isinstance(index, ast.Name) else ""
    return name.isupper() or (isinstance(index, ast.Constant) and isinstance(index.value, int))


def positions(text: str) -> Iterator[str]:
    """Where something of a record is taken by its place: ``row[3]``, ``s.log[r, L_ARENA]``."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Subscript) and is_position(node.slice):
            base = node.value
            name = base.attr if isinstance(base, ast.Attribute) else base.id if isinstance(base, ast.Name) else ""
            if name in RECORDS:
                yield f"line {node.lineno}: {ast.unparse(node)}"


@pytest.mark.parametrize(
    "path", sorted([*PACKAGE.glob("rules/*.py"), *PACKAGE.glob("runner/*.py")]), ids=lambda path: path.stem
)
def test_no_record_is_read_or_written_by_place(path: Path) -> None:
    assert list(positions(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "line",
    ["row[3] = 1.0", "s.counts[AGREEMENTS] += 1", "s.log[r, L_ARENA] = a", "x = s.scalars[state.KAPPA]",
     "row[FIRST + 1] = 0.0", "row[-1] = 0.0"],
)  # fmt: skip
def test_a_place_is_seen(line: str) -> None:
    assert len(list(positions(line))) == 1


@pytest.mark.parametrize("line", ["row[i] = 1.0", "row[:] = 0.0", "s.log[s.log_row[a, k]].ended = t", "s.scratch[0]"])
def test_an_index_of_a_thing_is_no_place(line: str) -> None:
    assert list(positions(line)) == []


# --- working memory -----------------------------------------------------------------------------------
def described() -> dict[str, str]:
    """Field of ``State`` → the comment behind it."""
    text = Path(state_module.__file__).read_text(encoding="utf-8")
    node = next(one for one in ast.parse(text).body if isinstance(one, ast.ClassDef) and one.name == "State")
    lines = text.splitlines()
    return {
        field.target.id: lines[field.lineno - 1].partition("  # ")[2]
        for field in node.body
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
    }


def test_every_field_of_a_state_is_described_and_working_memory_is_called_that() -> None:
    told = described()
    assert list(told) == list(State._fields)
    entries = glossary().entries
    assert [name for name in told if len(entries[f"s.{name}"].meaning) < 4] == []
    arrays = {name: text for name, text in told.items() if name not in ("region", "counts")}
    assert [name for name, text in arrays.items() if not text.startswith("(")] == [], "without a shape"
    assert {name for name in told if name.startswith("scratch")} == set(SCRATCH)
    working = {name for name, text in told.items() if "scratch" in text or "working memory" in text}
    assert working == set(SCRATCH)


def test_what_is_described_has_the_shape_that_is_written_there() -> None:
    """Numbers of arenas, themes and municipalities all differ, so that none stands for another."""
    world = world_of([load_design("status_quo")], region_named("zuid_limburg").opened(("regio_deal_parkstad",)))
    state = allocate(world, diary=True)
    sizes = {"A": state.committed.shape[0], "K": state.committed.shape[1], "N": state.committed.shape[2]}
    assert len(set(sizes.values())) == 3
    for name, text in described().items():
        if text.startswith("("):
            axes = [axis.strip() for axis in text[1 : text.index(")")].split(",") if axis.strip()]
            shape = getattr(state, name).shape
            assert len(shape) == len(axes), name
            for axis, length in zip(axes, shape, strict=True):
                if axis in sizes:
                    assert length == sizes[axis], name
                elif axis.isdigit():
                    assert length == int(axis), name


Phases = Sequence[tuple[str, Callable[..., None]]]


def scramble(state: State, random: np.random.Generator) -> None:
    """Leave nothing of use in the working memory; indices stay within it, as compiled code does not check them.

    Numbers rather than NaN: a comparison with NaN is false, as with 0, and commitment also works out, and drops,
    chances of municipalities that are not invited.
    """
    state.scratch[:] = random.uniform(-100.0, 100.0, state.scratch.shape)


def walked(world: World, design: int, phases: Phases, scrambled: bool) -> tuple[State, np.ndarray]:
    """The state at the end of a run and the outcomes (T,) of every quarter."""
    state, random = allocate(world), np.random.default_rng(design)
    boxed, boxed_world, p = box(state), box(world), parameter_set(world.parameters, 0)
    series = np.zeros(QUARTERS, outcomes.STATE_DTYPE).view(np.recarray)
    if scrambled:
        scramble(state, random)
    reset(boxed, boxed_world, p, make_key(5, 1), design, 0, 0.7, 0.6, 0.8)
    for t in range(QUARTERS):
        for _, phase in phases:
            if scrambled:
                scramble(state, random)
            phase(boxed, boxed_world, p, t)
        outcomes.state_outcomes(boxed, boxed_world, series[t])
    return state, series


def alike(world: World, design: int, phases: Phases = PHASES) -> bool:
    """Whether a run leaves the same, with and without its working memory scrambled between the phases."""
    (plain, series), (other, again) = (walked(world, design, phases, scrambled) for scrambled in (False, True))
    fields = [name for name in State._fields if name not in SCRATCH]
    return same(series, again) and all(
        same(np.asarray(getattr(plain, name)), np.asarray(getattr(other, name))) for name in fields
    )


DESIGNS = ("regio_deal", "provincial_steering_mandated", "joint_arrangement", "lead_municipality")


@pytest.mark.parametrize("number", range(len(DESIGNS)), ids=DESIGNS)
def test_working_memory_holds_nothing_from_one_phase_to_the_next(number: int) -> None:
    world = world_of([founded(load_design(name)) for name in DESIGNS], region_named("zuid_limburg"))
    assert alike(world, number)


def test_what_one_phase_leaves_for_another_is_noticed() -> None:
    world = world_of([load_design("status_quo")], region_named("teaching"))
    phases = dict(PHASES)

    def leave(s: Any, w: Any, p: Any, t: int) -> None:
        phases["commitment"](s, w, p, t)
        memory(s).scratch[2, 0] = 0.25

    def take(s: Any, w: Any, p: Any, t: int) -> None:
        memory(s).recent_effort[0] = memory(s).scratch[2, 0]
        phases["aggregation"](s, w, p, t)

    assert alike(world, 0)
    assert not alike(world, 0, [*{**phases, "commitment": leave, "aggregation": take}.items()])


@pytest.mark.parametrize("number", [-5.0, 3.0])
def test_a_run_depends_on_nothing_that_was_in_its_memory_before(number: float) -> None:
    """The memory is full of one number, and of 1 where only whole ones can be: that is an index everywhere."""
    world = world_of([founded(load_design("regio_deal"))], region_named("zuid_limburg"))
    boxed_world, p = box(world), parameter_set(world.parameters, 0)
    fresh, used = allocate(world), allocate(world)
    for name, array in zip(State._fields, used, strict=True):
        if name != "institution":  # the same memory as institution_values
            pollute(np.asarray(array), number)
    left = []
    for state in (fresh, used):
        boxed = box(state)
        reset(boxed, boxed_world, p, make_key(5, 1), 0, 0, 0.7, 0.6, 0.8)
        series = np.zeros(QUARTERS, outcomes.STATE_DTYPE).view(np.recarray)
        towns = np.zeros(len(world.size), outcomes.MUNICIPALITY_DTYPE).view(np.recarray)
        for t in range(QUARTERS):
            for _, phase in PHASES:
                phase(boxed, boxed_world, p, t)
            outcomes.state_outcomes(boxed, boxed_world, series[t])
            outcomes.note_capacity(boxed, boxed_world, t)
        themes = np.zeros(world.severity.shape[::-1])
        outcomes.municipality_outcomes(boxed, boxed_world, QUARTERS - 1, towns, themes)
        log = state.log[: state.region.initiatives].copy()
        log.run = 0  # set when logs are put together
        region, counts = np.asarray(state.region), np.asarray(state.counts)
        left.append((series, towns, themes, log, region, counts, state.trust, state.grievance))
    for one, other in zip(*left, strict=True):
        assert same(one, other)


def pollute(array: np.ndarray, number: float) -> None:
    if array.dtype.names is not None:
        for name in array.dtype.names:
            pollute(array[name], number)
    else:
        array[...] = number if array.dtype.kind == "f" else 1


def memory(boxed: Any) -> State:
    """The arrays behind a box."""
    found = boxed if isinstance(boxed, State) else boxed.kept
    assert isinstance(found, State)
    return found


#: With compilation off every single rule can be given a working memory that holds nothing: any numbers, and no index.
SCRIPT = """
import sys
import numpy as np
from bresim import load, rules
from bresim.model import RegionModel
from bresim.runner import step

planted = sys.argv[2] == "planted"
random = np.random.default_rng(0)
calls = 0

def scrambling(entry):
    def entered(s, *others):
        global calls
        calls += 1
        s.scratch[:] = random.uniform(-100.0, 100.0, s.scratch.shape)
        entry(s, *others)
    return entered

def leaving(entry):
    def entered(s, *others):
        entry(s, *others)
        s.scratch[2, 0] = 0.25
    return entered

def taking(entry):
    def entered(s, *others):
        s.recent_effort[0] = s.scratch[2, 0]
        entry(s, *others)
    return entered

if planted:  # two rules within one phase
    step.trust.update, step.grievance.update = leaving(step.trust.update), taking(step.grievance.update)
if sys.argv[1] == "scrambled":
    for module in [one for one in vars(step).values() if getattr(one, "__package__", "") == "bresim.rules"]:
        for name in ("update", "update_initiative"):
            if hasattr(module, name):
                setattr(module, name, scrambling(getattr(module, name)))
config = load("compare", ["region=teaching", "designs=[regio_deal]", "parameters=point", "seed=3",
    "time.policy_start=2019-Q2", "time.end=2022-Q4"])
model = RegionModel(config, replicate=2)
model.parameters.adopt_base = 9.0  # founded at once
model.parameters.open_rate = 9.0  # everything on the table
for t in range(config.quarters):
    step.step(model.state, model.world, model.parameters, t)
assert (calls > 1000) is (sys.argv[1] == "scrambled"), calls
assert model.state.region.initiatives > 10
for name, value in zip(model.state._fields, model.state):
    if not name.startswith("scratch"):
        print(name, np.asarray(value).tolist())
"""


def interpreted(*arguments: str) -> str:
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(PACKAGE.parent)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments],
        env=environment, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_working_memory_holds_nothing_from_one_rule_to_the_next() -> None:
    assert interpreted("plain", "as it is") == interpreted("scrambled", "as it is")
    assert interpreted("plain", "planted") != interpreted("scrambled", "planted")
