"""How fast the compiled ensemble is beside a plain C translation of it, run by run equal bit for bit.

    python benchmarks/yardstick/compare.py

runs the same runs of the default comparison, of which only the outcomes are kept, through ``run_families`` of
``bresim.cloning`` and through ``model.c``, on one thread and every run alone: what runs have in common is done for each
of them here, so that it is the compiled step that is compared. The machine's mood changes by the minute, so short
rounds of each alternate; of a round its processor time counts. Compilers differ too: give more than one with ``--cc``.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from bresim import draws, load, state
from bresim.cloning import Scratch, run_families
from bresim.columns import RUN_OUTCOMES
from bresim.draws import make_key
from bresim.ensemble import JOB_DTYPE
from bresim.governance.compile import DTYPE as RULES_DTYPE
from bresim.outcomes import N_STATE
from bresim.parameters import DTYPE as PARAMETERS_DTYPE
from bresim.plan import Plan, make_plan
from bresim.structs import box

SOURCE = Path(__file__).with_name("model.c")
#: What "as fast as C" means: everything the machine has, but no arithmetic that gives other bits.
FLAGS = ("-std=c99", "-O3", "-march=native", "-ffp-contract=off", "-fno-math-errno")
C_TYPES = {"float64": "double", "int64": "int64_t", "uint64": "uint64_t", "int8": "int8_t", "bool": "bool"}
RECORDS = {"rules": RULES_DTYPE, "parameters": PARAMETERS_DTYPE}
#: Sizes that ``struct world`` ends with.
SIZES = ("n_towns", "n_themes", "n_arenas", "n_quarters", "n_institutions", "n_fields")


def sizes(world: state.World) -> tuple[int, ...]:
    """The values of ``SIZES``."""
    _, institutions, fields = world.rule_values.shape
    return (*world.severity.shape[::-1], len(world.member), len(world.election), institutions, fields)


def struct(name: str, members: list[str]) -> str:
    """One struct in C."""
    return "\n".join([f"struct {name} {{", *(f"    {member};" for member in members), "};", ""])


def pointers(arrays: state.State | state.World, const: str) -> list[str]:
    """The fields of ``arrays`` as members of a struct."""
    members = []
    for name, value in zip(arrays._fields, arrays, strict=True):
        if not isinstance(value, np.ndarray):
            members.append(f"int64_t {name}")
        elif name in RECORDS:
            members.append(f"{const}struct {name} *{name}")
        else:
            members.append(f"{const}{C_TYPES[value.dtype.name]} *{name}")
    return members


def header(world: state.World, own: state.State) -> str:
    """The text of fields.h: the structs and constants of the Python sources in C."""
    constants = {name: value for name, value in vars(state).items() if name.isupper() and isinstance(value, int)}
    constants |= {
        f"DRAW_{name}": value for name, value in vars(draws).items() if name.isupper() and isinstance(value, int)
    }
    constants["N_STATE"] = N_STATE
    return "\n".join(
        [
            "/* Written by compare.py. */",
            "enum {",
            *(f"    {name} = {value}," for name, value in constants.items()),
            "};",
            *(struct(name, [f"double {field}" for field in dtype.names or ()]) for name, dtype in RECORDS.items()),
            struct("job", [f"{C_TYPES[JOB_DTYPE[name].name]} {name}" for name in JOB_DTYPE.names or ()]),
            struct("world", [*pointers(world, "const "), *(f"int64_t {size}" for size in SIZES)]),
            struct("state", pointers(own, "")),
        ]
    )


def words(arrays: state.State | state.World, *more: int) -> np.ndarray:
    """The contents of the struct: addresses and numbers, each a word."""
    return np.array([v.ctypes.data if isinstance(v, np.ndarray) else v for v in (*arrays, *more)], np.int64)


def build(compiler: str, flags: list[str], folder: Path, name: str) -> ctypes.CDLL:
    """Compile ``SOURCE`` with the fields.h in ``folder`` and load it."""
    library = folder / f"{name}.so"
    command = [compiler, *FLAGS, *flags, "-fPIC", "-shared", f"-I{folder}", str(SOURCE), "-o", str(library), "-lm"]
    subprocess.run(command, check=True)
    return ctypes.CDLL(str(library))


class Runs:
    """The runs of a plan and where their outcomes go; each call of a kernel's function runs them all."""

    def __init__(self, plan: Plan) -> None:
        self.world = plan.world
        self.jobs = plan.jobs.view(np.recarray)
        self.keys = np.array([make_key(plan.config.seed, int(replicate)) for replicate in plan.jobs["replicate"]])
        self.subregion = np.ascontiguousarray(plan.region.subregion, np.int64)
        self.groups = int(self.subregion.max()) + 1
        self.shares = np.zeros(plan.region.size)
        columns = N_STATE + len(plan.world.severity) + self.groups + len(RUN_OUTCOMES)
        self.rows = np.full((len(self.jobs), columns), np.nan)
        self.scratch = Scratch(self.world, 1, details=False)
        self.own = self.scratch.states[0]  # one for all kernels: where it lies in memory makes a difference

    def by_numba(self) -> Callable[[], None]:
        """The ensemble's own kernel."""
        scratch, world = self.scratch, box(self.world)
        size, quarters, count = len(self.shares), len(self.world.election), len(self.jobs)
        nothing = (
            np.zeros((0, quarters, N_STATE)),
            np.zeros((0, size, 11)),
            np.zeros((0, 3, 2, size, size)),
        )
        alone = np.arange(count), np.arange(count + 1)  # families of one

        def run() -> None:
            run_families(
                scratch.pool, world, self.jobs, self.keys, *alone, 0, count, scratch.marks, self.subregion, self.groups,
                self.shares, self.rows, *nothing, scratch.log, scratch.log_members,
            )  # fmt: skip

        return run

    def by_c(self, library: ctypes.CDLL) -> Callable[[], None]:
        """The translation."""
        structs = words(self.own), words(self.world, *sizes(self.world))
        word = ctypes.c_int64

        def pointer(array: np.ndarray) -> ctypes.c_void_p:
            return ctypes.c_void_p(array.ctypes.data)

        def run() -> None:
            library.run_chunk(
                pointer(structs[0]), pointer(structs[1]), pointer(self.jobs), pointer(self.keys), word(0),
                word(len(self.jobs)), pointer(self.subregion), word(self.groups), pointer(self.shares),
                pointer(self.rows), word(self.rows.shape[1]),
            )  # fmt: skip

        return run


def outcomes(runs: Runs, run: Callable[[], None]) -> np.ndarray:
    """What one kernel makes of all runs."""
    runs.rows[:] = -1.0
    run()
    return runs.rows.copy()


def differing(left: np.ndarray, right: np.ndarray) -> int:
    """Number of rows that differ in a bit (but one NaN is as good as another)."""
    same = (left.view(np.int64) == right.view(np.int64)) | (np.isnan(left) & np.isnan(right))
    return int((~same.all(axis=1)).sum())


def timed(kernels: dict[str, Callable[[], None]], rounds: int) -> dict[str, list[float]]:
    """Seconds of processor time of every round of every kernel, the kernels taking turns in going first."""
    took: dict[str, list[float]] = {name: [] for name in kernels}
    names = list(kernels)
    for number in range(rounds):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            start = time.thread_time()
            kernels[name]()
            took[name].append(time.thread_time() - start)
    return took


def main() -> int:
    """Check that all kernels agree, then time them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=40, help="rounds of each kernel (default 40)")
    parser.add_argument("--replicates", type=int, default=7, help="per design, in a round (default 7)")
    parser.add_argument("--check", type=int, default=100, help="replicates per design to compare (default 100)")
    parser.add_argument("--parameters", default="plausible", help="source of the parameter sets (default plausible)")
    parser.add_argument("--cc", nargs="+", default=[os.environ.get("CC", "cc")], help="C compilers (default $CC or cc)")
    parser.add_argument("--flags", default="", help="further flags for the C compilers")
    parser.add_argument("--json", action="store_true", help="end with a line of JSON: kernel -> runs/s (median, best)")
    options = parser.parse_args()
    missing = [compiler for compiler in options.cc if shutil.which(compiler) is None]
    if missing:
        print(f"no C compiler '{missing[0]}': install it, or name another with --cc or $CC", file=sys.stderr)
        return 2
    config = load(
        "compare", overrides=["record=runs", "figures=false", "report=false", f"parameters={options.parameters}"]
    )
    runs = Runs(make_plan(config, range(options.check)))
    towns, themes, arenas, *_ = sizes(runs.world)
    known = [f"-DFIXED_N={towns}", f"-DFIXED_K={themes}", f"-DFIXED_A={arenas}"]
    with tempfile.TemporaryDirectory(prefix="bresim-yardstick-") as name:
        folder = Path(name)
        (folder / "fields.h").write_text(header(runs.world, runs.own), encoding="utf-8")
        flags = shlex.split(options.flags)
        libraries = {}
        for number, compiler in enumerate(options.cc):
            label = f"C, {Path(compiler).name}"
            libraries[label] = build(compiler, flags, folder, f"given{number}")
            libraries[f"{label}, sizes known"] = build(compiler, [*flags, *known], folder, f"known{number}")
        print(f"flags: {shlex.join([*FLAGS, *flags])}")
        wanted = outcomes(runs, runs.by_numba())
        failed = False
        for name, library in libraries.items():
            wrong = differing(wanted, outcomes(runs, runs.by_c(library)))
            failed = failed or wrong > 0
            print(f"{name}: {len(wanted) - wrong} of {len(wanted)} runs equal Numba's in every bit")
        if failed:
            print("the translation in model.c is not that of the rules as they are: no timing", file=sys.stderr)
            return 1
        runs = Runs(make_plan(config, range(options.replicates)))
        kernels = {"Numba": runs.by_numba(), **{name: runs.by_c(library) for name, library in libraries.items()}}
        took = timed(kernels, options.rounds)
    count = len(runs.jobs)
    print(f"{options.rounds} rounds of {count} runs each, one thread, processor time")
    print(f"{'':<26}{'median':>10}{'best':>10}{'':>8}{'Numba over it: median':>24}{'best':>8}")
    middle = statistics.median(took["Numba"])
    for name, times in took.items():
        median, best = statistics.median(times), min(times)
        print(
            f"{name:<26}{count / median:>10,.0f}{count / best:>10,.0f}{'runs/s':>8}"
            f"{middle / median:>24.2f}{min(took['Numba']) / best:>8.2f}"
        )
    if options.json:
        print(
            json.dumps({name: (count / statistics.median(times), count / min(times)) for name, times in took.items()})
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
