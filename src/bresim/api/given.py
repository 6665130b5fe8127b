"""What a caller in Python gives: a configuration, or the overrides that make one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from bresim.common.errors import InputError, Problem, said
from bresim.config.compose import load
from bresim.config.schema import CONFIGS, JobConfig

#: Overrides as on the command line: ``["scenario=austerity", "replicates=50"]``.
Overrides = Sequence[str]
Config = TypeVar("Config", bound=JobConfig)


def configured(
    kind: type[Config], given: Config | Overrides, config_dir: str | Path | None = None, out: str | Path | None = None
) -> Config:
    """The configuration itself, or that of the command with these overrides; with ``out`` in place of its own."""
    command = next(name for name, one in CONFIGS.items() if one is kind)
    if isinstance(given, JobConfig):
        if not isinstance(given, kind):
            what = said("is one of 'bresim {other}', not of 'bresim {command}'", other=given.command, command=command)
            raise InputError(Problem("config", what, said('write load("{command}", …)', command=command)))
        config = given
    else:
        overrides = [given] if isinstance(given, str) else list(given)
        loaded = load(command, overrides, config_dir)
        assert isinstance(loaded, kind)
        config = loaded
    return config if out is None else config.model_copy(update={"out": Path(out).expanduser()})
