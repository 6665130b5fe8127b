"""The same runs in bresim and in this Mesa model: do the outcomes agree, and how long does each take?

    python -m benchmarks.mesa_yardstick.compare --rounds 5

Runs are those of the default comparison: all shipped designs on Zuid-Limburg, plausible parameters, 60 quarters, the
outcomes of each quarter and of the run; timed are those founded by vote. Each round takes a few Mesa runs and many of
ours, in turn, on one thread, by processor time; the ratio is taken round by round, since a busy machine slows both.
Preparing the data, compiling and warming up are outside the clock, for both.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial

import mesa
import numpy as np
from numpy.lib.recfunctions import structured_to_unstructured
from numpy.typing import NDArray

import bresim
from benchmarks.mesa_yardstick import outcomes
from benchmarks.mesa_yardstick.data import RegionData, read
from benchmarks.mesa_yardstick.model import RegionModel
from bresim.conventions import FOUNDINGS
from bresim.plan import Plan, make_plan
from bresim.runner.ensemble import Recorded, simulate
from bresim.tabulate import outcomes_of

TOLERANCE = 1e-9
TIMES_MESA = 250.0


def plan_of(replicates: int, *overrides: str) -> Plan:
    """The default comparison with fewer replicates."""
    return make_plan(bresim.load("compare", overrides=list(overrides)), range(replicates))


def by_bresim(plan: Plan) -> Recorded:
    """All runs of a plan, with the outcomes of each quarter, on one thread."""
    return simulate(plan.world, plan.jobs, plan.config.seed, plan.region.subregion, workers=1, series=True)


def by_mesa(data: RegionData, plan: Plan, row: int, keyed: bool = True) -> RegionModel:
    """One run of a plan."""
    model = RegionModel(data, **_arguments(plan, row), seed=plan.config.seed, keyed=keyed)
    while model.running:
        model.step()
    return model


def _arguments(plan: Plan, row: int) -> dict[str, float]:
    job = plan.jobs[row]
    return {name: job[name].item() for name in plan.jobs.dtype.names or ()}


def difference(model: RegionModel, plan: Plan, recorded: Recorded, row: int) -> tuple[float, str]:
    """The largest difference between the two in any outcome of a run or of a quarter, and where it is."""
    names = [outcome.name for outcome in outcomes_of(plan.region)]
    mine = np.array(outcomes.at_the_end(model, len(plan.region.subregions)))
    quarterly = np.array([model.datacollector.model_vars[name] for name in outcomes.STATE]).T
    assert list(outcomes.STATE) == names[: quarterly.shape[1]]
    worst, where = 0.0, "nowhere"
    for label, one, other in (
        ("run", mine, recorded.runs[row]),
        ("series", quarterly, structured_to_unstructured(recorded.series[row])),
    ):
        if not np.array_equal(np.isnan(one), np.isnan(other)):
            return np.inf, f"{label}: a null in one is none in the other"
        gap = np.nan_to_num(np.abs(one - other))
        if gap.max() > worst:
            at = np.unravel_index(gap.argmax(), gap.shape)
            worst, where = float(gap.max()), f"{label}: {names[at[-1]]}"
    return worst, where


def check(plan: Plan) -> tuple[float, list[str]]:
    """Run all of a plan in both; return the largest difference, and a line for each run that differs."""
    data, recorded = read(plan), by_bresim(plan)
    largest, lines = 0.0, []
    for row in range(len(plan.jobs)):
        gap, where = difference(by_mesa(data, plan, row), plan, recorded, row)
        largest = max(largest, gap)
        if gap > TOLERANCE:
            founding = FOUNDINGS[int(plan.jobs["at_once"][row])]
            run = f"{plan.names[plan.named[row]]}, {founding}, replicate {plan.jobs['replicate'][row]}"
            lines.append(f"{run}: {gap:.3g} in {where}")
    return largest, lines


def runs_per_second(count: int, work: Callable[[], object]) -> float:
    """Runs a second of processor time."""
    start = time.process_time()
    work()
    return count / (time.process_time() - start)


def measure(rounds: int, few: int, replicates: int) -> dict[str, list[float]]:
    """Runs a second of each, a figure a round; the Mesa runs are a sample of the same runs as ours."""
    plan = plan_of(replicates, "replicates_per_draw=1", "founding=vote")  # as many parameter sets as fit
    data, subregions = read(plan), len(plan.region.subregions)
    sample = np.random.default_rng(0).permutation(len(plan.jobs))
    by_bresim(plan)  # compiles, if it must
    found: dict[str, list[float]] = {"bresim": [], "Mesa, keyed draws": [], "Mesa, its own draws": []}

    def few_by_mesa(rows: NDArray[np.int64], keyed: bool) -> None:
        for row in rows:
            outcomes.at_the_end(by_mesa(data, plan, row, keyed), subregions)

    for at in range(rounds):
        rows = sample.take(range(few * at, few * (at + 1)), mode="wrap")
        found["bresim"].append(runs_per_second(len(plan.jobs), partial(by_bresim, plan)))
        found["Mesa, keyed draws"].append(runs_per_second(few, partial(few_by_mesa, rows, True)))
        found["Mesa, its own draws"].append(runs_per_second(few, partial(few_by_mesa, rows, False)))
    return found


def main() -> int:
    """Check, time, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--check", type=int, default=1, help="replicates of each design to compare; 0 = none (default 1)"
    )
    parser.add_argument("--rounds", type=int, default=5, help="rounds of the timing; 0 = no timing (default 5)")
    parser.add_argument("--mesa-runs", type=int, default=3, help="Mesa runs of either kind a round (default 3)")
    parser.add_argument("--replicates", type=int, default=20, help="of each design a round, for bresim (default 20)")
    parser.add_argument("overrides", nargs="*", help="of the runs to compare, as for bresim: region=teaching")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, Mesa {mesa.__version__}")
    lines: list[str] = []
    if options.check:
        plan = plan_of(options.check, *options.overrides)
        largest, lines = check(plan)
        print("\n".join([f"{len(plan.jobs)} runs, largest difference in any outcome: {largest:.2g}", *lines]))
    if options.rounds:
        found = measure(options.rounds, options.mesa_runs, options.replicates)
        for name, speeds in found.items():
            print(f"{name:<20} {statistics.median(speeds):10,.2f} runs/s  ({min(speeds):,.2f} to {max(speeds):,.2f})")
        for name in list(found)[1:]:
            times = [ours / theirs for ours, theirs in zip(found["bresim"], found[name], strict=True)]
            print(
                f"bresim over {name}: {statistics.median(times):,.0f} times ({min(times):,.0f} to {max(times):,.0f}); "
                f"threshold {TIMES_MESA:g}"
            )
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
