"""How time, memory and disk grow, measured: ``python tools/scale.py [--write]`` writes docs/scale.md.

Each curve changes one size and keeps the rest; its exponent is the slope in log-log space over the upper half of the
sizes. The speed of the machine varies, so the sizes of a curve alternate in several rounds, and the fastest counts.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from bench import megabytes

import bresim
from bresim.kernel import structs
from bresim.kernel.state import allocate
from bresim.kernel.structs import DEFAULT_SIZES
from bresim.plan import Plan, make_plan
from bresim.region.synthetic import synthetic_mapping
from bresim.results.store import encode
from bresim.runner import cloning, ensemble
from bresim.runner.ensemble import simulate
from bresim.tabulate import runs_table

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 4
DUTCH_MUNICIPALITIES = 342
#: Points of the sweeps whose memory is measured; each is run 100 times with every design.
POINTS = (9, 91, 910)


def plan(region: dict[str, Any] | None = None, replicates: int = 20, end: str = "2033-Q4") -> Plan:
    """Two designs on a region (default: Zuid-Limburg)."""
    small = [
        "founding=vote",
        "record=runs",
        "figures=false",
        "report=false",
        f"time.end={end}",
        "designs=[status_quo,lead_municipality]",
    ]
    config = bresim.load("compare", [*small, f"replicates={replicates}"])
    config = config if region is None else config.model_copy(update={"region": region})
    return make_plan(config, range(replicates))


def seconds(made: Plan) -> float:
    """Processor time of a run on one thread."""
    start = time.process_time()
    simulate(made.world, made.jobs, 1, made.region.subregion, workers=1)
    return (time.process_time() - start) / len(made.jobs)


def with_themes(count: int) -> dict[str, Any]:
    """An invented region of sixteen municipalities with only the first ``count`` themes."""
    region = synthetic_mapping(16)
    kept = list(region["themes"])[:count]
    region["themes"] = {name: region["themes"][name] for name in kept}
    for collaboration in region["collaborations"]:
        collaboration["themes"] = [name for name in collaboration.get("themes", []) if name in kept]
    return region


def kilobytes(made: Plan) -> float:
    """Size of the arrays that grow with a job: the world, a state, and a row of outcomes for each run."""
    row = simulate(made.world, made.jobs[:1], 1, made.region.subregion, workers=1).runs.nbytes
    held = [*allocate(made.world), *(value for value in made.world if isinstance(value, np.ndarray))]
    return (sum(array.nbytes for array in held) + row * len(made.jobs)) / 1e3


def exponent(sizes: Sequence[int], values: Sequence[float]) -> float:
    """Slope in log-log space over the upper half of the sizes."""
    half = len(sizes) // 2
    return float(np.polyfit(np.log(sizes[half:]), np.log(values[half:]), 1)[0])


def row(name: str, sizes: Sequence[int], of_size: Callable[[int], Plan], known: bool = True) -> tuple[str, list[float]]:
    """One line of the table, milliseconds a run and kilobytes of each size with their exponents; and the seconds.

    ``known=False``: no size is known to the compiler (``structs.DEFAULT_SIZES``), so that all are run by the same code.
    """
    structs.DEFAULT_SIZES = DEFAULT_SIZES if known else (0, 0, 0)
    ensemble._FREE.clear()
    plans = [of_size(size) for size in sizes]
    seconds(plans[0])
    best = [float(value) for value in np.min([[seconds(made) for made in plans] for _ in range(ROUNDS)], axis=0)]
    memory = [kilobytes(made) for made in plans]
    times = ", ".join(f"{size}: {1000.0 * value:.2f}" for size, value in zip(sizes, best, strict=True))
    sizes_held = ", ".join(f"{size}: {value:,.0f}" for size, value in zip(sizes, memory, strict=True))
    line = f"| {name} | {times} | {exponent(sizes, best):z.2f} | {sizes_held} | {exponent(sizes, memory):z.2f} |"
    return line, best


def swept(points: int) -> tuple[int, float, float, float]:
    """(runs, seconds, megabytes of memory at most, megabytes on disk) of a sweep of all designs over so many points."""
    replicates = 100
    levels = ",".join(f"{at / points:.6f}" for at in range(points))
    with tempfile.TemporaryDirectory(prefix="bresim-scale-") as folder:
        command = ["sweep", f"+vary.undercurrent.negativity=[{levels}]", f"replicates={replicates}", "progress=off"]
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "bresim", *command, f"out={folder}/sweep"], stdout=subprocess.DEVNULL
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"the sweep ended with exit code {process.returncode}")
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        runs = int(json.loads((Path(folder) / "sweep" / "manifest.json").read_text(encoding="utf-8"))["runs"])
    return runs, wall, megabytes(used.ru_maxrss), size / 1e6


def document() -> str:
    """The whole page."""
    measured = [swept(points) for points in POINTS]
    sweeps = [
        f"| {runs:,} | {wall:,.0f} | {runs / wall:,.0f} | {memory:,.0f} | {disk:,.1f} |"
        for runs, wall, memory, disk in measured
    ]
    before, last = measured[-2:]
    growth = 1e6 * max(0.0, last[2] - before[2]) / (last[0] - before[0])
    towns = [4, 8, 16, 32, 60]
    themes = [2, 3, 4, 5, 6, 8]
    years = [2026, 2029, 2033, 2040, 2050]
    replicates = [10, 40, 160, 640]
    of_towns, times = row("municipalities N", towns, lambda n: plan(synthetic_mapping(n)), known=False)
    steepest = exponent(towns[-3:], times[-3:])
    rows = [
        of_towns,
        row("themes K", themes, lambda k: plan(with_themes(k)), known=False)[0],
        row("quarters T", [4 * (y - 2018) for y in years], lambda t: plan(end=f"{2018 + t // 4}-Q4"))[0],
        row("replicates R (a run of each)", replicates, lambda r: plan(replicates=r))[0],
    ]
    made = plan(replicates=2000)
    speed = 1.0 / min(seconds(made) for _ in range(3))
    recorded = simulate(made.world, made.jobs, 1, made.region.subregion, workers=2)
    disk = len(encode(runs_table(made, recorded), "runs")) / len(made.jobs)
    memory = recorded.runs.nbytes / len(made.jobs)
    state = sum(array.nbytes for array in allocate(made.world)) / 1e3
    national = DUTCH_MUNICIPALITIES / 16
    hours = 1e9 / speed / 3600.0
    together = 1e9 / (last[0] / last[1] / 2) / 3600.0
    packed = 1e6 * last[3] / last[0]
    all_of_them = DUTCH_MUNICIPALITIES
    return f"""# What it takes at scale

Written by `python tools/scale.py --write`, on {platform.machine()} with {os.cpu_count()} cores, Python
{platform.python_version()}, shared with other work; processor time. Trust the exponents more than the milliseconds.

## How time grows

One thread, two designs, 60 quarters and 16 municipalities unless the line says otherwise. Every run is simulated
separately here. Runs of one replicate that differ only in the design are normally simulated as one until their
institutions differ ([architecture](architecture.md)): a comparison of all designs takes less than half of the time
counted here.

| size | size: milliseconds a run | exponent | size: kilobytes | exponent |
|---|---|---:|---|---:|
{chr(10).join(rows)}

In the first two lines no size is known to the compiler, as that of the default region is elsewhere, and the regions
are invented ones; so do not compare them with the other two. The exponent is the slope of the logarithm over that of
the size in the upper half; from {towns[-2]} to {towns[-1]} municipalities alone it is {steepest:.2f}.
Kilobytes are those of the arrays that grow: the world (with the codings of the designs, drawn for each replicate), one
state (mostly the log of initiatives) and a row of outcomes for each run of the job. What is done for every pair of
municipalities (trust, grievance, learning) grows with N², what is done for each of them with N, and both are
vectorised loops, so that small regions cost more than their share.

## What one run takes

| | |
|---|---:|
| runs a second on one core, Zuid-Limburg, runs only, each separately | {speed:,.0f} |
| disk a run, Parquet: two designs with draws of their own; the largest sweep below | {disk:,.0f}; {packed:,.0f} bytes |
| its row of outcomes in memory, while its chunk is under way | {memory:,.0f} bytes |
| one state; a worker has one for each design that is cloned | {state:,.0f} kB |
| network a run with Dask (the job is sent once; frames of Dask not counted) | as on disk |

Each worker holds a few states and the rows of its chunk (4,096 runs: {4096 * memory / 1e6:.1f} MB), however large the
sweep is. `bresim sweep` of all designs on Zuid-Limburg over the negativity of the undercurrent, 100 replicates:

| runs | seconds | runs a second | memory at most, MB | on disk, MB |
|---:|---:|---:|---:|---:|
{chr(10).join(sweeps)}

Runs that stay the same for long (designs that are not founded) have the same outcomes, and take little space. Memory
grows only for the closing summary, which needs the headline of every run at once: {growth:,.0f} bytes a run between
the last two lines.

## A thousand million runs

At {speed:,.0f} runs a second and core, each separately, 10⁹ runs take {hours:,.0f} core hours:
{hours / 128:,.1f} hours on four machines of 32 cores, if cores of a cluster are as fast as this one. At the pace of the
largest sweep above, whose designs are simulated as one for a while, it is {together:,.0f} core hours. The rows take
{1e9 * packed / 1e12:.2f} to {1e9 * disk / 1e12:.2f} TB as Parquet, in {1e9 / 4096:,.0f} parts.
With the default chunk of 4,096 runs a scheduler hands out {128 * speed / 4096:,.1f} chunks a second to 128 cores, far
below what Dask manages; take `sweep.chunk=65536`, so that a folder holds fewer files. The closing summary would take
{1e9 * growth / 1e9:,.0f} GB: cut such a study into sweeps with an `out` each, and read their parts together.

## All {DUTCH_MUNICIPALITIES} municipalities of the country

A region holds at most 60 municipalities: members of an initiative are stored as the bits of one word. A national study
is therefore a set of {national:.0f} regions of the size of Zuid-Limburg, each its own job: {national:.0f} times the
work. One arena of {all_of_them} would, by the N² of pairs, take up to {national**2:,.0f} times a run of
Zuid-Limburg; but no real negotiation has that many parties.
"""


def main() -> int:
    """Measure and print, or write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write docs/scale.md")
    options = parser.parse_args()
    cloning.LARGEST = 1  # every run separately: the time of a run, not of a comparison of these two designs
    text = document()
    if options.write:
        (ROOT / "docs" / "scale.md").write_text(text, encoding="utf-8")
    else:
        print(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
