"""Hydra on our folder, whatever else uses Hydra in this process, and in threads.

Hydra keeps its state in objects of which a process has one: only one thread composes at a time, and what another user
of Hydra set, as the name of its job, is there again afterwards.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from hydra import initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.core.singleton import Singleton
from hydra.core.utils import JobRuntime
from hydra.initialize import get_gh_backup, restore_gh_from_backup

from bresim.common.paths import configs_dir

_ONE_AT_A_TIME = RLock()


@contextmanager
def hydra_of(command: str) -> Iterator[None]:
    """Hydra on our folder for a command; also within a job that Hydra runs."""
    with _ONE_AT_A_TIME:
        before, job = get_gh_backup(), _job()
        GlobalHydra.instance().clear()
        try:
            with initialize_config_dir(config_dir=str(configs_dir()), version_base="1.3", job_name=command):
                yield
        finally:
            restore_gh_from_backup(before)
            if job is not None:
                JobRuntime.instance().conf = job


def _job() -> Any:
    """What is set of the job that Hydra runs; None if there is none."""
    return JobRuntime.instance().conf.copy() if JobRuntime in Singleton._instances else None


def with_asserts() -> None:
    """Let Hydra read overrides under ``python -O`` too: its reader moves on within assertions, which -O leaves out."""
    visitor = importlib.import_module("hydra.core.override_parser.overrides_visitor")
    parser = importlib.import_module("hydra.core.override_parser.overrides_parser")
    path = str(visitor.__file__)
    exec(compile(Path(path).read_text(encoding="utf-8"), path, "exec", optimize=0), vars(visitor))
    for name in ("HydraErrorListener", "HydraOverrideVisitor"):
        setattr(parser, name, getattr(visitor, name))


if not __debug__:
    with_asserts()
