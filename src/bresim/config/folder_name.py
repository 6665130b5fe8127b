"""The name of a job's folder, where the user gives none: when it was made, and what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bresim.config.schema import BriefConfig, JobConfig, ModelConfig, RunConfig

#: What a job is about unless something else is chosen; it is not in the name.
DEFAULTS = frozenset({"zuid_limburg", "history", "report"})
#: Most measures that are named; of more their number is reported.
NAMED = 3


def about(config: JobConfig) -> Iterator[str]:
    """What makes this job another than most: region, scenario, undercurrent, measures, design, municipality."""
    yield str(config.region.get("name", ""))
    if isinstance(config, ModelConfig):
        yield str(config.scenario.get("name", ""))
        yield config.undercurrent.label.replace("/", "_")
        taken = [name for name, strength in config.measures.items() if strength > 0.0]
        yield from taken if len(taken) <= NAMED else [f"{len(taken)}_measures"]
    if isinstance(config, RunConfig):
        yield config.design.name
    if isinstance(config, BriefConfig):
        yield config.municipality or ""


def named(config: JobConfig) -> Path:
    """``config.out`` with what the job is about behind it: ``2026-01-05_101500-water_crisis-strong``."""
    words = [re.sub(r"[^\w.]+", "_", word).strip("_.") for word in about(config) if word not in DEFAULTS]
    return config.out.with_name("-".join([config.out.name, *filter(None, words)]))
