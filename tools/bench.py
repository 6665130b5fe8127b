"""Speed and memory of bresim, measured side by side in one run (`make bench`).

Machines differ and their speed varies, so compare each figure with its threshold and with figures taken in the same
minutes on the same machine: rounds of the different kinds alternate, and a figure is the median of its rounds. Nothing
here fails on a slow machine; the table says "missed". `--write` also writes docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import gzip
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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

import page_browser

from bresim.runner.cloning import LARGEST

ROOT = Path(__file__).resolve().parents[1]
RUNS_PER_SECOND_AND_CORE = 1500.0  # the first threshold
RUNS_AIMED_AT = 3000.0  # and the second
TIMES_INTERPRETED = 100.0
COMPARE_SECONDS = 20.0
COMPARE_MEGABYTES = 1000.0
HELP_SECONDS = 1.5
TIMES_MESA = 500.0
TIMES_SECOND_CORE = 1.8
TIMES_SWEEP = 3.0
SWEEP_KERNEL_SHARE = 0.85
PAGE_SHARE = 0.4
PICTURE_SECONDS, SLIDER_SECONDS, ALL_SECONDS = 1.0, 0.3, 2.0

#: Measurements that cannot be made again: of a former translation into plain C, and of versions side by side.
EARLIER = Path(__file__).with_name("bench_earlier.md")

#: A script. For every line of its input, the name of a kind of ensemble, it prints the runs per second of all shipped
#: designs over 60 quarters. Imports, plan, compilation and warm-up are not timed. Arguments: the kinds as JSON (name →
#: replicates, most runs simulated as one, workers), then overrides.
ENSEMBLE = """
import json, os, sys, time
from bresim.runner import cloning
from bresim import load
from bresim.jobs import run_plan
from bresim.plan import make_plan
from bresim.common.progress import Silent
kinds = {}
for name, (replicates, members, workers) in json.loads(sys.argv[1]).items():
    given = ["founding=vote", "record=runs", "figures=false", "report=false", f"workers={workers}", *sys.argv[2:]]
    config = load("compare", overrides=given)
    kinds[name] = make_plan(config, range(replicates)), members
if os.environ["NUMBA_DISABLE_JIT"] == "0":
    run_plan(make_plan(config, range(1)), Silent())
print("ready", flush=True)
for line in sys.stdin:
    plan, cloning.LARGEST = kinds[line.strip()]
    start = time.perf_counter()
    run_plan(plan, Silent())
    print(len(plan.jobs) / (time.perf_counter() - start), flush=True)
"""

#: A script that runs a command of bresim and prints the processor time of all threads in the kernel, in seconds.
IN_KERNEL = """
import atexit, time
from bresim.cli import entry, set_up_process
set_up_process()  # as entry does, before the imports that it would do
from bresim.runner import ensemble
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


class Ensemble:
    """A process that runs an ensemble of a kind on request (``ENSEMBLE``); end it with ``close``."""

    def __init__(
        self,
        kinds: Mapping[str, tuple[int, int, int]],
        *overrides: str,
        compiled: bool = True,
        command: Sequence[str] = (),
    ) -> None:
        environment = {**os.environ, "NUMBA_DISABLE_JIT": "0" if compiled else "1"}
        command = command or [sys.executable, "-c", ENSEMBLE, json.dumps(kinds), *overrides]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True, bufsize=1)
        self._read()

    def _read(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the ensemble ended with code {self.process.wait()}")
        return line

    def start(self, kind: str) -> None:
        """Start a run of the ensemble; the next ``rate`` belongs to it."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{kind}\n")

    def rate(self) -> float:
        """Runs per second of the ensemble that was started."""
        return float(self._read())

    def run(self, kind: str) -> float:
        """Runs a second of one ensemble."""
        self.start(kind)
        return self.rate()

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def ensembles(rounds: int, replicates: int, parameters: str) -> dict[str, list[float]]:
    """Runs a second of every kind of ensemble in every round; the kinds take turns in going first.

    All kinds in the same two processes, since a machine's speed varies from second to second. ``processes`` is two
    processes with one worker each, at once: what a second core adds if nothing is shared. It is the sum of their rates,
    and a little high, since the slower process is alone for a moment.
    """
    alone = max(1, replicates // 3)
    kinds = {"one": (replicates, LARGEST, 1), "two": (replicates, LARGEST, 2), "alone": (alone, 1, 1)}
    first, second = Ensemble(kinds, f"parameters={parameters}"), Ensemble(kinds, f"parameters={parameters}")

    def together() -> float:
        for process in (first, second):
            process.start("one")
        return first.rate() + second.rate()

    measures: dict[str, Callable[[], float]] = {kind: partial(first.run, kind) for kind in kinds}
    measures["processes"] = together
    found: dict[str, list[float]] = {name: [] for name in measures}
    names = list(measures)
    for number in range(rounds):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            found[name].append(measures[name]())
    for process in (first, second):
        process.close()
    return found


def middle_ratio(rates: Mapping[str, list[float]], kind: str) -> float:
    """Speed relative to one worker: the median over the rounds, in which both were measured in the same seconds."""
    return statistics.median(other / one for other, one in zip(rates[kind], rates["one"], strict=True))


def seconds(*arguments: str, cache: Path | None = None) -> float:
    """Wall time of one ``bresim`` command in a fresh process."""
    environment = {**os.environ, **({"BRESIM_CACHE": str(cache)} if cache else {})}
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "bresim", *arguments], env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def megabytes(peak: int) -> float:
    """``ru_maxrss`` in millions of bytes: macOS counts bytes, other systems 1,024 of them."""
    return peak * (1 if sys.platform == "darwin" else 1024) / 1e6


def peak_megabytes() -> float:
    """Largest memory of any child process so far."""
    return megabytes(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)


def measure(rounds: int, replicates: int, parameters: str) -> list[Figure]:
    """All measurements, in an order in which each finds its code compiled and each memory peak is its own."""
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

    rates = ensembles(rounds, replicates, parameters)
    slow = Ensemble({"plain": (1, LARGEST, 1)}, f"parameters={parameters}", compiled=False)
    interpreted = slow.run("plain")
    slow.close()
    on_one, by_itself = statistics.median(rates["one"]), statistics.median(rates["alone"])
    per_core = [rate / 2 for rate in rates["two"]]
    found += [
        Figure("ensemble, one worker", on_one, "runs/s", RUNS_PER_SECOND_AND_CORE, at_least=True),
        Figure("its best round", max(rates["one"]), "runs/s"),
        Figure("ensemble, two workers", statistics.median(rates["two"]), "runs/s"),
        Figure("per core", statistics.median(per_core), "runs/s", RUNS_PER_SECOND_AND_CORE, at_least=True),
        Figure("per core, second threshold", statistics.median(per_core), "runs/s", RUNS_AIMED_AT, at_least=True),
        Figure("per core, best round", max(per_core), "runs/s", RUNS_AIMED_AT, at_least=True),
        Figure("two workers over one", middle_ratio(rates, "two"), "times", TIMES_SECOND_CORE, at_least=True),
        Figure("two processes at once over one", middle_ratio(rates, "processes"), "times"),
        Figure("one worker, no run shares its history with another", by_itself, "runs/s"),
        Figure("compilation off, one worker", interpreted, "runs/s"),
        Figure("compiled over interpreted", on_one / interpreted, "times", TIMES_INTERPRETED, at_least=True),
    ]
    found += plain_mesa(by_itself)
    return [*found, *page(rounds), *in_browser(), *multirun(parameters), *sweep(parameters)]


def plain_mesa(by_itself: float) -> list[Figure]:
    """The ensemble (one thread, every quarter recorded) beside the model in plain Mesa.

    And ``by_itself``: runs per second when no run shares its history with another.
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


def page(rounds: int) -> list[Figure]:
    """The model in a page, on one thread of Node, beside one worker here, in turns. Nothing where there is no Node."""
    node = shutil.which("node")
    if node is None:
        return []
    from bresim import load
    from bresim.common.progress import Silent
    from bresim.common.text import language
    from bresim.page.build import modules
    from bresim.page.document import BUNDLE
    from bresim.page.job import page_content

    with tempfile.TemporaryDirectory(prefix="bresim-bench-") as name:
        folder = Path(name)
        config = load("page", ["regions=[]"])
        code = modules(("any", "default"), Silent(), language("en"))
        carried = page_content(config, Silent())
        (folder / "content.json").write_text(json.dumps(carried.catalogue), encoding="utf-8")
        (folder / "arrays.bin").write_bytes(carried.arrays)
        for kind, builds in code.items():
            (folder / f"{kind}-simd.wasm").write_bytes(builds["simd"])
        script = str(Path(__file__).with_name("page_speed.mjs"))
        here = Ensemble({"one": (200, LARGEST, 1)}, "parameters=plausible")
        there = Ensemble({}, command=[node, script, str(BUNDLE), name, "200"])
        pairs = [(here.run("one"), there.run("one")) for _ in range(rounds)]
        here.close()
        there.close()
    ratio = statistics.median(other / one for one, other in pairs)
    kilobytes = sum(len(gzip.compress(code[kind]["simd"], 9)) for kind in code) / 1e3
    return [
        Figure("the model in a page, one thread of Node", statistics.median(other for _, other in pairs), "runs/s"),
        Figure("over one worker in the same seconds", ratio, "times", PAGE_SHARE, at_least=True),
        Figure("its code, compressed: for Zuid-Limburg and for any region", kilobytes, "kB"),
    ]


def in_browser() -> list[Figure]:
    """A page in Chromium, with as many workers as it takes on this machine. Nothing where there is none."""
    program = page_browser.available()
    if program is None:
        return []
    with tempfile.TemporaryDirectory(prefix="bresim-bench-") as name:
        seconds("page", "progress=off", f"out={name}/page")
        times = page_browser.measure(Path(name) / "page" / "page.html", program)
    asked = {
        "picture": ("a page in Chromium, from opening to the first map", PICTURE_SECONDS),
        "slider": ("from moving a slider to its answer of 200 futures, one design and the status quo", SLIDER_SECONDS),
        "all": ("to that of all 1,000 futures", ALL_SECONDS),
    }
    return [Figure(asked[kind][0], time, "s", asked[kind][1]) for kind, time in times.items()]


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
    """A sweep of some 100,000 runs on two cores: the share of the kernel in their time, and the memory."""
    points, replicates = 91, 100
    levels = ",".join(f"{at / (points - 1):.4f}" for at in range(points))
    with tempfile.TemporaryDirectory(prefix="bresim-bench-") as folder:
        command = [
            "sweep", f"+vary.undercurrent.negativity=[{levels}]", f"replicates={replicates}", "progress=off",
            f"parameters={parameters}", "workers=2", f"out={folder}/sweep",
        ]  # fmt: skip
        start = time.perf_counter()
        process = subprocess.Popen([sys.executable, "-c", IN_KERNEL, *command], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        printed = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"the sweep ended with code {process.returncode}")
    runs = points * replicates * 11
    kernel = float(printed.split()[-1])
    found = [Figure(f"`bresim sweep` of {runs:,} runs, two workers", runs / wall, "runs/s")]
    for what, time_of in (("processor time", used.ru_utime + used.ru_stime), ("wall time of both cores", 2 * wall)):
        name = f"share of its {what} that is in the kernel"
        found.append(Figure(name, kernel / time_of, "", SWEEP_KERNEL_SHARE, at_least=True))
    return [*found, Figure("its peak memory", megabytes(used.ru_maxrss), "MB", COMPARE_MEGABYTES)]


def versions() -> str:
    """Versions of the packages that determine the speed."""
    versions_found = [f"{name} {version(name)}" for name in ("numba", "llvmlite", "numpy", "pandas", "pyarrow", "mesa")]
    return ", ".join(versions_found)


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
    return "\n".join(
        [
            "# Benchmarks",
            "",
            "Written by `make bench ARGS=--write`.",
            note,
            "",
            *head,
            *rows,
            "",
            EARLIER.read_text(encoding="utf-8"),
        ]
    )


def main() -> int:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10, help="rounds per ensemble figure (default 10)")
    parser.add_argument(
        "--replicates", type=int, default=1000, help="per design, in a round of the ensemble (default 1000)"
    )
    parser.add_argument("--parameters", default="plausible", help="source of the parameter sets (default plausible)")
    parser.add_argument("--write", action="store_true", help="also write docs/benchmarks.md")
    parser.add_argument("--against", metavar="DIR", help="only compare with another checkout (see tools/against.py)")
    options = parser.parse_args()
    if options.against:
        command = [sys.executable, str(ROOT / "tools" / "against.py"), options.against, f"--rounds={options.rounds}"]
        return subprocess.run(command, check=False).returncode
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # users have the modules compiled to bytecode
    found = measure(options.rounds, options.replicates, options.parameters)
    note = (
        "A run is a row of the results. Runs of one replicate are simulated as one until their institutions differ "
        "(`src/bresim/runner/cloning.py`), so a comparison of all designs needs fewer quarters than its rows have; "
        "a run that shares nothing has its own line. The speed of a shared machine varies, by half within minutes "
        "where this was measured: compare ratios, and take the best round as the speed of an otherwise idle machine. "
        "Two processes at once share nothing, so they show what a second core can add at most.\n"
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
