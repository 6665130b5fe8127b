"""``bresim`` with a small stand-in for the model, figures and report, to test the command line as a process.

``FAKE`` says what the stand-in does: ok, sleep, busy (compiled code that Python cannot interrupt), swallow (Ctrl-C
comes while a finalizer runs, which loses it), hang_up (its terminal is closed), crash, swallow_crash, memory, full
(the disk is full while tables are written), figures (drawing fails), report_full.
"""

from __future__ import annotations

import errno
import hashlib
import os
import signal
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd


def fake() -> str:
    return os.environ.get("FAKE", "ok")


def _runs(config: Any, replicates: int) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"design": design.name, "founding": config.foundings[0], "scenario": config.scenario["name"],
             "undercurrent": config.undercurrent.label, "replicate": replicate, "seed": config.seed,
             "parameter_draw": replicate // config.replicates_per_draw,
             "public_value_direct": 0.2 + 0.01 * index + 0.001 * replicate, "agreements": float(index),
             "adopted_quarter": float("nan") if index else 20.0}
            for index, design in enumerate(config.designs)
            for replicate in range(replicates)
        ]
    )  # fmt: skip


def _summary(runs: pd.DataFrame) -> pd.DataFrame:
    means = runs.groupby("design", sort=False)["public_value_direct"].mean()
    return pd.DataFrame(
        [
            {"design": design, "founding": runs["founding"][0], "outcome": "public_value_direct", "mean": mean,
             "low": mean - 0.05, "high": mean + 0.05,
             "difference": mean - means.iloc[0], "difference_low": mean - means.iloc[0] - 0.01,
             "difference_high": mean - means.iloc[0] + 0.01, "probability_best": 0.25, "expected_regret": 0.01,
             "worst_regret": 0.02, "variance_luck": 0.5, "variance_coding": 0.0, "variance_knowledge": 0.5,
             "difference_luck": 0.5, "difference_coding": 0.0, "difference_knowledge": 0.5}
            for design, mean in means.items()
        ]
    )  # fmt: skip


class _Finalized:
    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)


def job(config: Any, progress: Any) -> Any:
    from bresim.results import Result

    print(f"JOB {os.getpid()} {config.command} {config.scenario['name']} {config.undercurrent.label}", flush=True)
    progress.stage("Runs", 3)
    if fake() == "sleep":
        time.sleep(30)
    if fake() == "busy":
        hashlib.pbkdf2_hmac("sha256", b"", b"", 100_000_000)  # without the GIL, for most of a minute
    if fake() == "hang_up":
        os.kill(os.getpid(), signal.SIGHUP)
    if fake() in {"swallow", "swallow_crash"}:
        _Finalized()
    if fake() in {"crash", "swallow_crash"}:
        raise ZeroDivisionError("a mistake of ours")
    if fake() == "memory":
        raise MemoryError
    progress.advance(3)
    runs = _runs(config, getattr(config, "replicates", 1))
    series = runs[["design", "founding", "scenario", "undercurrent", "replicate"]].assign(
        quarter=0.0, date="2019-Q1", trust_mean=0.5
    )
    return Result(config=config, runs=runs, series=series, municipalities=series, summary=_summary(runs), engine="fake")


def write_tables(out: Path, made: dict[str, pd.DataFrame]) -> list[Path]:
    """The real one, until the disk is full."""
    from bresim.results.tables import write_table

    if fake() == "full":
        write_table(out, "runs", made["runs"])
        (out / "series.parquet").write_text("half a fi")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(out / "series.parquet"))
    return [write_table(out, name, table) for name, table in made.items()]


def draw_all(result: Any, out: Path, lang: str) -> list[Path]:
    if fake() == "figures":
        (out / "half.svg").write_text("<svg")
        raise ValueError("a mistake in a figure")
    (out / "value.svg").write_text("<svg/>")
    return [out / "value.svg"]


def write(result: Any, figures: list[Path], out: Path, lang: str) -> None:
    (out / "report.html").write_text(f"<html lang={lang}>{len(figures)} {result.manifest['config_hash']}</html>")
    if fake() == "report_full":
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def modules() -> dict[str, ModuleType]:
    """The stand-ins by the name of what they stand in for."""
    contents: dict[str, dict[str, Any]] = {
        "bresim.jobs": {"compare": job, "run": job, "patterns": job},
        "bresim.plots": {"draw_all": draw_all},
        "bresim.report": {"write": write},
    }
    made = {}
    for name, content in contents.items():
        made[name] = ModuleType(name)
        made[name].__dict__.update(content)
    return made


if __name__ == "__main__":
    import bresim

    for name, stand_in in modules().items():
        sys.modules[name] = stand_in
        setattr(bresim, name.rpartition(".")[2], stand_in)
    from bresim.cli import commands, main

    commands.write_tables = write_tables
    sys.exit(main())
