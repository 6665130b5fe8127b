"""Speed and memory of bresim, measured side by side in one run (`make bench`).

Machines differ and drift, so what counts is each figure beside its threshold, taken in the same minutes on the same
machine: rounds of the different kinds alternate, and a figure is the median of its rounds. Nothing here fails on
a slow machine; the table says "missed". `--write` also writes docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from bresim.cloning import LARGEST

ROOT = Path(__file__).resolve().parents[1]
RUNS_PER_SECOND_AND_CORE = 1500.0  # the first threshold
RUNS_AIMED_AT = 3000.0  # and the second
TIMES_INTERPRETED = 100.0
COMPARE_SECONDS = 30.0
COMPARE_MEGABYTES = 1000.0
HELP_SECONDS = 1.5
TIMES_C = 1.25
TIMES_MESA = 250.0
TIMES_SECOND_CORE = 1.8
TIMES_SWEEP = 3.0
SWEEP_KERNEL_SHARE = 0.85

#: Prints the runs a second of an ensemble of all shipped designs, 60 quarters; imports, the plan, compilation and the
#: warming up are outside the clock. Arguments: replicates, how many runs may go along as one, then overrides.
ENSEMBLE = """
import os, sys, time
from bresim import cloning, load
from bresim.jobs import run_plan
from bresim.plan import make_plan
from bresim.progress import Silent
count, cloning.LARGEST = map(int, sys.argv[1:3])
config = load("compare", overrides=["record=runs", "figures=false", "report=false", *sys.argv[3:]])
if os.environ["NUMBA_DISABLE_JIT"] == "0":
    run_plan(make_plan(config, range(1)), Silent())
plan = make_plan(config, range(count))
start = time.perf_counter()
run_plan(plan, Silent())
print(len(plan.jobs) / (time.perf_counter() - start))
"""

#: Runs a command of bresim and prints the processor time of all threads that went into the kernel, in seconds.
IN_KERNEL = """
import atexit, time
from bresim import ensemble
from bresim.cli import entry
kernel, spent = ensemble.run_families, []
def timed(*given):
    start = time.thread_time()
    done = kernel(*given)
    spent.append(time.thread_time() - start)
    return done
ensemble.run_families = timed
atexit.register(lambda: print(sum(spent)))
entry()
"""


@dataclass(frozen=True)
class Figure:
    """One measured figure beside its threshold (``None``: for information)."""

    name: str
    value: float
    unit: str
    threshold: float | None = None
    at_least: bool = False

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """Name, value, threshold and verdict as words."""
        value = f"{self.value:,.2f}" if self.value < 100 else f"{self.value:,.0f}"
        if self.threshold is None:
            return self.name, f"{value} {self.unit}", "", ""
        met = self.value >= self.threshold if self.at_least else self.value <= self.threshold
        bound = f"{'at least' if self.at_least else 'at most'} {self.threshold:,g} {self.unit}"
        return self.name, f"{value} {self.unit}", bound, "met" if met else "missed"


def ensemble(replicates: int, workers: int, parameters: str, compiled: bool = True, alone: bool = False) -> float:
    """Runs a second on ``workers`` threads, in a fresh process; ``alone``: no run shares its history with another."""
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "0" if compiled else "1"}
    command = [sys.executable, "-c", ENSEMBLE, str(replicates), "1" if alone else str(LARGEST)]
    command += [f"workers={workers}", f"parameters={parameters}"]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return float(done.stdout.split()[-1])


def seconds(*arguments: str, cache: Path | None = None) -> float:
    """Wall time of one ``bresim`` command in a fresh process."""
    environment = {**os.environ, **({"BRESIM_CACHE": str(cache)} if cache else {})}
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "bresim", *arguments], env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def peak_megabytes() -> float:
    """Largest memory of any child process so far."""
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def measure(rounds: int, replicates: int, parameters: str) -> list[Figure]:
    """Everything, in an order in which each part finds what it needs compiled and the memory's peak is its own."""
    found = []
    with tempfile.TemporaryDirectory(prefix="bresim-bench-") as folder:
        out = Path(folder)
        helps = [seconds("--help") for _ in range(5)]
        found.append(Figure("`bresim --help`", statistics.median(helps), "s", HELP_SECONDS))

        compare = ("compare", "progress=off", f"parameters={parameters}")
        seconds(*compare, "replicates=1", "undercurrent_replicates=0", f"out={out}/ready")  # compiles if needed
        wall = seconds(*compare, f"out={out}/all")
        found.append(Figure("`bresim compare` with its defaults", wall, "s", COMPARE_SECONDS))
        found.append(Figure("its peak memory", peak_megabytes(), "MB", COMPARE_MEGABYTES))

        small = (*compare, "replicates=2", "figures=false", "report=false", "undercurrent_replicates=0")
        cold = seconds(*small, f"out={out}/cold", cache=out / "cache")
        warm = seconds(*small, f"out={out}/warm", cache=out / "cache")
        found.append(Figure("a small comparison, first time (compiles)", cold, "s"))
        found.append(Figure("the same in a new process (compiled before)", warm, "s"))

    one, two, plain, single = [], [], [], []
    for _ in range(rounds):
        one.append(ensemble(replicates, 1, parameters))
        two.append(ensemble(replicates, 2, parameters))
        plain.append(ensemble(1, 1, parameters, compiled=False))
        single.append(ensemble(replicates, 1, parameters, alone=True))
    on_one, on_two, interpreted, by_itself = map(statistics.median, (one, two, plain, single))
    found.append(Figure("ensemble, one worker", on_one, "runs/s", RUNS_PER_SECOND_AND_CORE, at_least=True))
    found.append(Figure("ensemble, two workers", on_two, "runs/s"))
    found.append(
        Figure("ensemble, two workers, per core", on_two / 2, "runs/s", RUNS_PER_SECOND_AND_CORE, at_least=True)
    )
    found.append(Figure("the same, second threshold", on_two / 2, "runs/s", RUNS_AIMED_AT, at_least=True))
    second = statistics.median(both / alone for both, alone in zip(two, one, strict=True))  # of the same minute
    found.append(Figure("two workers over one", second, "times", TIMES_SECOND_CORE, at_least=True))
    found.append(Figure("one worker, no run shares its history with another", by_itself, "runs/s"))
    found.append(Figure("compilation off, one worker", interpreted, "runs/s"))
    found.append(Figure("compiled over interpreted", on_one / interpreted, "times", TIMES_INTERPRETED, at_least=True))
    found += yardstick(parameters)
    found += plain_mesa(by_itself)
    return [*found, *multirun(parameters), *sweep(parameters)]


def yardstick(parameters: str) -> list[Figure]:
    """The kernel beside a plain C translation, with each C compiler that is found; rounds alternate in one process."""
    compilers = [name for name in ("cc", "clang") if shutil.which(name)]
    if not compilers:
        print("no C compiler: the kernel is not measured against C", file=sys.stderr)
        return []
    script = ROOT / "benchmarks" / "yardstick" / "compare.py"
    command = [sys.executable, str(script), "--json", "--parameters", parameters, "--cc", *compilers]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    speeds = json.loads(done.stdout.splitlines()[-1])
    own = speeds["Numba"]
    found = [Figure("kernel alone, best of 40 rounds", own[1], "runs/s")]
    for name in compilers:
        for kind in (name, f"{name}, sizes known"):  # as they are to the kernel, in this region
            plain = speeds[f"C, {kind}"]
            found.append(Figure(f"plain C ({kind}), best of 40 rounds", plain[1], "runs/s"))
            over = f"time of the kernel over plain C ({kind}), medians"
            found.append(Figure(over, plain[0] / own[0], "times", TIMES_C))
    return found


def plain_mesa(by_itself: float) -> list[Figure]:
    """The ensemble (one thread, every quarter kept) beside the model written as Mesa's own examples are.

    And ``by_itself``, the runs a second when no run shares its history with another.
    """
    script = "import json; from benchmarks.mesa_yardstick.compare import measure; print(json.dumps(measure(6, 3, 20)))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    speeds = {name: statistics.median(rates) for name, rates in json.loads(done.stdout.splitlines()[-1]).items()}
    own = speeds.pop("bresim")
    found = [Figure(name, speed, "runs/s") for name, speed in speeds.items()]
    for name, speed in speeds.items():
        found.append(Figure(f"ensemble over {name}", own / speed, "times", TIMES_MESA, at_least=True))
        found.append(Figure(f"a run that shares nothing over {name}", by_itself / speed, "times"))
    return found


def multirun(parameters: str) -> list[Figure]:
    """Some 3,000 jobs as Hydra users type them, beside one sweep of the same runs."""
    designs = sorted(path.stem for path in (ROOT / "configs" / "governance").glob("*.yaml"))
    count = 3000 // (3 * len(designs)) + 1
    seeds = ",".join(map(str, range(count)))
    common = ("progress=off", "workers=2", f"parameters={parameters}")
    with tempfile.TemporaryDirectory(prefix="bresim-bench-") as folder:
        jobs = seconds(
            "run", "-m", "governance=glob(*)", "undercurrent.negativity=0,0.5,1", f"seed=range({count})",
            *common, f"out={folder}/jobs",
        )  # fmt: skip
        runs = seconds(
            "sweep", f"designs=[{','.join(designs)}]", "+vary.undercurrent.negativity=[0,0.5,1]",
            f"+vary.seed=[{seeds}]", "replicates=1", *common, f"out={folder}/sweep",
        )  # fmt: skip
    name = f"`bresim run -m` of {3 * len(designs) * count:,} jobs over one sweep of the same runs"
    return [Figure(name, jobs / runs, "times", TIMES_SWEEP)]


def sweep(parameters: str) -> list[Figure]:
    """A sweep of some 100,000 runs on two cores: what share of their time goes into the kernel, and its memory."""
    points, replicates = 91, 100
    levels = ",".join(f"{at / (points - 1):.4f}" for at in range(points))
    before = peak_megabytes()
    with tempfile.TemporaryDirectory(prefix="bresim-bench-") as folder:
        command = [
            "sweep", f"+vary.undercurrent.negativity=[{levels}]", f"replicates={replicates}", "progress=off",
            f"parameters={parameters}", "workers=2", f"out={folder}/sweep",
        ]  # fmt: skip
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", IN_KERNEL, *command], stdout=subprocess.PIPE, text=True, check=True
        )
        wall = time.perf_counter() - start
    runs = points * replicates * 11
    kernel = float(done.stdout.split()[-1])
    found = [Figure(f"`bresim sweep` of {runs:,} runs, two workers", runs / wall, "runs/s")]
    share = kernel / (2 * wall)
    found.append(Figure("share of the time of both cores that is in the kernel", share, "", SWEEP_KERNEL_SHARE, True))
    peak = peak_megabytes()
    if peak > before:
        found.append(Figure("its peak memory", peak, "MB", COMPARE_MEGABYTES))
    else:
        found.append(Figure("its peak memory is at most that of `compare`", peak, "MB", COMPARE_MEGABYTES))
    return found


def versions() -> str:
    """Of what the speed hangs on: packages and the C compiler."""
    told = [f"{name} {version(name)}" for name in ("numba", "llvmlite", "numpy", "pandas", "pyarrow", "mesa")]
    if shutil.which("cc"):
        about = subprocess.run(["cc", "--version"], stdout=subprocess.PIPE, text=True, check=False).stdout
        told += about.splitlines()[:1]
    return ", ".join(told)


def processor() -> str:
    """Name of the processor, as far as the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def document(found: list[Figure], note: str) -> str:
    """The table in Markdown."""
    rows = ["| " + " | ".join(figure.cells) + " |" for figure in found]
    head = ["| what | measured | threshold | |", "|---|---:|---:|---|"]
    return "\n".join(["# Benchmarks", "", "Written by `make bench ARGS=--write`.", note, "", *head, *rows, ""])


def main() -> int:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="rounds per ensemble figure (default 3)")
    parser.add_argument("--replicates", type=int, default=1000, help="per design, in the ensemble (default 1000)")
    parser.add_argument("--parameters", default="plausible", help="source of the parameter sets (default plausible)")
    parser.add_argument("--write", action="store_true", help="also write docs/benchmarks.md")
    options = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # who works with bresim has its modules ready as bytecode
    found = measure(options.rounds, options.replicates, options.parameters)
    note = (
        "A run is a row of the results. Runs of one replicate go along as one until their institutions differ "
        "(`src/bresim/cloning.py`), so a comparison of all designs needs fewer quarters than its rows have; what a "
        "run takes that shares nothing has its own line, and against C every run is alone. The pace of a shared "
        "machine varies, by half within a day where this was measured: the line of plain C tells which pace it was.\n"
        f"All shipped designs on Zuid-Limburg, 60 quarters, all processes on, parameters={options.parameters}; "
        f"{processor()}, {os.cpu_count()} cores, Python {platform.python_version()}, {versions()}."
    )
    print(note)
    widths = [max(len(figure.cells[column]) for figure in found) for column in range(4)]
    for figure in found:
        name, value, threshold, verdict = figure.cells
        print(f"{name:<{widths[0]}}  {value:>{widths[1]}}  {threshold:>{widths[2]}}  {verdict}".rstrip())
    if options.write:
        (ROOT / "docs" / "benchmarks.md").write_text(document(found, note), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
