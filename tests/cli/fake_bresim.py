"""``bresim`` with a small stand-in for the model, figures and report, to test the command line as a process.

``FAKE`` says what the stand-in does: ok, sleep, busy (compiled code that Python cannot interrupt), crash,
memory, full (the disk is full while tables are written), figures (drawing fails), report_full.
"""

from __future__ import annotations

import errno
import hashlib
import os
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd

FAKE = os.environ.get("FAKE", "ok")


def _runs(config: Any, replicates: int) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"design": design.name, "scenario": config.scenario["name"], "undercurrent": config.undercurrent.label,
             "replicate": replicate, "seed": config.seed, "parameter_draw": replicate // config.replicates_per_draw,
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
            {"design": design, "outcome": "public_value_direct", "mean": mean, "low": mean - 0.05, "high": mean + 0.05,
             "difference": mean - means.iloc[0], "difference_low": mean - means.iloc[0] - 0.01,
             "difference_high": mean - means.iloc[0] + 0.01, "probability_best": 0.25, "expected_regret": 0.01,
             "worst_regret": 0.02, "variance_luck": 0.5, "variance_knowledge": 0.5}
            for design, mean in means.items()
        ]
    )  # fmt: skip


def job(config: Any, progress: Any) -> Any:
    from bresim.results import Result, tables

    print(f"JOB {os.getpid()} {config.command} {config.scenario['name']} {config.undercurrent.label}", flush=True)
    progress.stage("Runs", 3)
    if FAKE == "sleep":
        time.sleep(30)
    if FAKE == "busy":
        hashlib.pbkdf2_hmac("sha256", b"", b"", 100_000_000)  # without the GIL, for most of a minute
    if FAKE == "crash":
        raise ZeroDivisionError("a mistake of ours")
    if FAKE == "memory":
        raise MemoryError
    if FAKE == "full":
        write = tables.write_table

        def full(out: Path, name: str, table: pd.DataFrame) -> Path:
            if name == "summary":
                (out / "summary.csv").write_text("half a fi")
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(out / "summary.csv"))
            return write(out, name, table)

        tables.write_table = full
    progress.advance(3)
    runs = _runs(config, getattr(config, "replicates", 1))
    series = runs[["design", "scenario", "undercurrent", "replicate"]].assign(
        quarter=0.0, date="2019-Q1", trust_mean=0.5
    )
    return Result(config=config, runs=runs, series=series, municipalities=series, summary=_summary(runs), engine="fake")


def draw_all(result: Any, out: Path, lang: str) -> list[Path]:
    if FAKE == "figures":
        (out / "half.svg").write_text("<svg")
        raise ValueError("a mistake in a figure")
    (out / "value.svg").write_text("<svg/>")
    return [out / "value.svg"]


def write(result: Any, figures: list[Path], out: Path, lang: str) -> None:
    (out / "report.html").write_text(f"<html lang={lang}>{len(figures)} {result.manifest['config_hash']}</html>")
    if FAKE == "report_full":
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def module(name: str, **content: Any) -> None:
    made = ModuleType(name)
    made.__dict__.update(content)
    sys.modules[name] = made
    parent, _, last = name.rpartition(".")
    setattr(__import__(parent), last, made)


if __name__ == "__main__":
    module("bresim.jobs", compare=job, run=job, patterns=job)
    module("bresim.plots", draw_all=draw_all)
    module("bresim.report", write=write)
    from bresim.cli import main

    sys.exit(main())
