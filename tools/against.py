"""This checkout beside another one, in turns: ``python tools/against.py DIR`` (or ``make bench ARGS="--against DIR"``).

The other checkout (a clone of an earlier version) is run with this environment's packages. Every figure is measured
alternately for both, so that a machine whose speed drifts is fair to both; the ratio is the median over the rounds of
"before over now": above 1 is faster now.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

#: For every line of its input that names a kind of ensemble, prints the processor seconds that it took.
ENSEMBLE = """
import sys, time
from bresim import load
from bresim.jobs import run_plan
from bresim.plan import make_plan
try:
    from bresim.common.progress import Silent
    from bresim.runner import cloning
except ImportError:  # version 0.1.0
    from bresim import cloning
    from bresim.progress import Silent
given = ["record=runs", "figures=false", "report=false", "workers=1"]
config = load("compare", overrides=given)
if hasattr(config, "founding"):  # versions up to 0.2.0 had votes only
    config = config.model_copy(update={"founding": "vote"})
kinds = {"ensemble": (make_plan(config, range(300)), 32), "alone": (make_plan(config, range(100)), 1)}
run_plan(make_plan(config, range(2)), Silent())
print("ready", flush=True)
for line in sys.stdin:
    plan, cloning.LARGEST = kinds[line.strip()]
    start = time.process_time()
    run_plan(plan, Silent())
    print(time.process_time() - start, flush=True)
"""


@dataclass
class Checkout:
    """One of the two, with a cache of compiled code of its own."""

    folder: Path
    cache: Path

    def environment(self, cache: Path | None = None) -> dict[str, str]:
        """What makes a process run this checkout's bresim."""
        return {**os.environ, "PYTHONPATH": str(self.folder / "src"), "BRESIM_CACHE": str(cache or self.cache)}

    def command(self, *arguments: str, cache: Path | None = None) -> float:
        """Processor seconds of one command, with all its threads."""
        command = [sys.executable, "-m", "bresim", *arguments]
        process = subprocess.Popen(command, env=self.environment(cache), stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{self.folder}: bresim {' '.join(arguments)} ended with code {process.returncode}")
        return used.ru_utime + used.ru_stime

    def start(self) -> None:
        """Make the process that runs ensembles."""
        pipe = subprocess.PIPE
        command = [sys.executable, "-c", ENSEMBLE]
        self.process = subprocess.Popen(command, env=self.environment(), stdin=pipe, stdout=pipe, text=True, bufsize=1)
        self.read()

    def read(self) -> str:
        """The next line of the ensembles' process."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.folder}: the ensemble ended with code {self.process.wait()}")
        return line

    def ensemble(self, kind: str) -> float:
        """Processor seconds of one ensemble."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{kind}\n")
        return float(self.read())


def compare(before: Checkout, now: Checkout, rounds: int, measure: Callable[[Checkout], float]) -> tuple[float, ...]:
    """(median before, median now, median of before over now), the two taking turns in going first."""
    pairs = []
    for number in range(rounds):
        order = (before, now) if number % 2 else (now, before)
        found = {one.folder: measure(one) for one in order}
        pairs.append((found[before.folder], found[now.folder]))
    first, second = zip(*pairs, strict=True)
    ratio = statistics.median(one / other for one, other in pairs)
    return statistics.median(first), statistics.median(second), ratio


def measure(other: Path, rounds: int) -> list[tuple[str, tuple[float, ...]]]:
    """Every figure of the two checkouts."""
    with tempfile.TemporaryDirectory(prefix="bresim-against-") as name:
        folder = Path(name)
        before, now = Checkout(other.resolve(), folder / "before"), Checkout(ROOT, folder / "now")
        for one in (before, now):
            one.start()
        found = [
            (f"ensemble of all designs{text}", compare(before, now, rounds, lambda one, kind=kind: one.ensemble(kind)))
            for kind, text in (("ensemble", ""), ("alone", ", no run shares its history"))
        ]
        for one in (before, now):
            one.process.kill()
            one.process.wait()
        out = iter(range(10_000))

        def comparison(one: Checkout) -> float:
            return one.command("compare", "progress=off", f"out={folder}/{next(out)}")

        def first(one: Checkout) -> float:
            small = ("replicates=1", "figures=false", "report=false", "undercurrent_replicates=0", "progress=off")
            at = next(out)
            return one.command("compare", *small, f"out={folder}/{at}", cache=folder / f"cache-{at}")

        found.append(("`bresim --help`", compare(before, now, 3 * rounds, lambda one: one.command("--help"))))
        found.append(
            ("`bresim compare --help`", compare(before, now, rounds, lambda one: one.command("compare", "--help")))
        )
        found.append(("`bresim compare` with its defaults", compare(before, now, max(3, rounds // 3), comparison)))
        found.append(("a small comparison, first time (compiles)", compare(before, now, max(2, rounds // 5), first)))
    return found


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("other", type=Path, help="folder of the other checkout")
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    if not (options.other / "src" / "bresim").is_dir():
        parser.error(f"{options.other} is no checkout of bresim: it has no src/bresim")
    print("| processor seconds | before | now | before / now |\n|---|---:|---:|---:|")
    for name, (first, second, ratio) in measure(options.other, options.rounds):
        print(f"| {name} | {first:.2f} | {second:.2f} | {ratio:.3f} |")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
