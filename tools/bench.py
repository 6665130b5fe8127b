"""Speed and memory of bresim, measured side by side in one run (`make bench`).

Machines differ and drift, so what counts is each figure beside its target on the same machine. Compiled and
interpreted rounds alternate; a figure is the median of its rounds. Ends with 1 if a target is missed.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS_PER_SECOND_AND_CORE = 1500.0
TIMES_INTERPRETED = 100.0
COMPARE_SECONDS = 30.0
COMPARE_MEGABYTES = 1000.0
HELP_SECONDS = 1.5

#: Prints the runs a second of an ensemble; the first, small job takes imports and compilation out of the second.
ENSEMBLE = """
import sys, time, bresim
def job(replicates):
    overrides = [f"replicates={replicates}", "record=runs", "undercurrent_replicates=0", "progress=off", *sys.argv[2:]]
    config = bresim.load("compare", overrides=overrides)
    start = time.perf_counter()
    rows = len(bresim.compare(config).runs)
    return rows / (time.perf_counter() - start)
job(1)
print(job(int(sys.argv[1])))
"""


def ensemble(replicates: int, workers: int, out: Path, compiled: bool, *overrides: str) -> float:
    """Runs a second of ``bresim.compare`` on ``workers`` threads in a fresh process."""
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "0" if compiled else "1"}
    command = [
        sys.executable,
        "-c",
        ENSEMBLE,
        str(replicates),
        f"workers={workers}",
        f"out={out}/runs",
        "overwrite=true",
    ]
    done = subprocess.run([*command, *overrides], env=environment, stdout=subprocess.PIPE, text=True, check=True)
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


def verdict(name: str, value: float, unit: str, target: float, at_least: bool) -> bool:
    """Print one figure beside its target; True when it is met."""
    met = value >= target if at_least else value <= target
    bound = "at least" if at_least else "at most"
    print(f"{name:<46} {value:>10,.1f} {unit:<12} {bound} {target:>7,.1f}   {'met' if met else 'MISSED'}", flush=True)
    return met


def main() -> int:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="rounds per figure (default 3)")
    parser.add_argument("--replicates", type=int, default=500, help="per design, in the ensemble (default 500)")
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1), help="threads (default 2)")
    options = parser.parse_args()
    met = []

    with tempfile.TemporaryDirectory(prefix="bresim-bench-") as folder:
        out = Path(folder)
        met.append(
            verdict("start of bresim --help", min(seconds("--help") for _ in range(5)), "s", HELP_SECONDS, False)
        )

        compare = ("compare", "progress=off", f"workers={options.workers}")
        small = (*compare, "replicates=2", "figures=false", "report=false", "undercurrent_replicates=0")
        cold = seconds(*small, f"out={out}/cold", cache=out / "cache")
        warm = seconds(*small, f"out={out}/warm", cache=out / "cache")
        print(f"{'small job, compiling / compiled before':<46} {cold:>10.1f} / {warm:.1f} s")
        seconds(*small, f"out={out}/ready")

        met.append(
            verdict("bresim compare, defaults", seconds(*compare, f"out={out}/all"), "s", COMPARE_SECONDS, False)
        )
        met.append(verdict("its memory", peak_megabytes(), "MB", COMPARE_MEGABYTES, False))

        one = "designs=[regio_deal]"
        fast, single, slow = [], [], []
        for _ in range(options.rounds):
            fast.append(ensemble(options.replicates, options.workers, out, True))
            single.append(ensemble(options.replicates, 1, out, True, one))
            slow.append(ensemble(2, 1, out, False, one))
        per_core = statistics.median(fast) / options.workers
        name = f"ensemble, {options.workers} threads, per core"
        met.append(verdict(name, per_core, "runs/s", RUNS_PER_SECOND_AND_CORE, True))
        ratio = statistics.median(single) / statistics.median(slow)
        met.append(verdict("one thread, compiled against interpreted", ratio, "times", TIMES_INTERPRETED, True))
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
