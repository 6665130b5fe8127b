"""Hydra's way in: the launcher and the sweeper ``ensemble``, the defaults of ``bresim run --multirun``.

Hydra takes launchers and sweepers from the namespace package ``hydra_plugins`` only, and imports what is in it
whenever it starts; so this file holds no more than their names, and the work is in :mod:`bresim.cli.multirun`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
from hydra.core.config_store import ConfigStore
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.utils import JobReturn
from hydra.plugins.launcher import Launcher
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig

if TYPE_CHECKING:
    from bresim.config.schema import Record


class EnsembleLauncher(Launcher):
    """Hands all jobs to the sweep engine: they run in compiled code and leave one dataset in ``out``."""

    def __init__(self, record: Record, chunk: int) -> None:
        self.record = record
        self.chunk = chunk

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Keep what :meth:`launch` needs."""
        self.loader = hydra_context.config_loader
        self.config = config

    def launch(self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int) -> Sequence[JobReturn]:
        """Run every job; the results are in ``out``, none is returned to the sweeper."""
        from bresim.cli.multirun import launch

        launch(self.config, self.loader, job_overrides, self.record, self.chunk)
        return []


class EnsembleSweeper(BasicSweeper):
    """Hydra's basic sweeper, which with the ensemble launcher composes nothing and writes nothing by itself.

    The basic one composes every job to see whether it can be composed, for tenths of a second each, after it has
    made ``out``. The launcher checks the jobs anyway, all of them and before anything is written.
    """

    def sweep(self, arguments: list[str]) -> Any:
        """Launch every combination at once."""
        if not isinstance(self.launcher, EnsembleLauncher):
            return super().sweep(arguments)
        assert self.hydra_context is not None
        parser = OverridesParser.create(config_loader=self.hydra_context.config_loader)
        overrides = parser.parse_overrides([*self._parse_config(), *arguments])
        nothing = [given for given in overrides if given.is_discrete_sweep() and not [*given.sweep_string_iterator()]]
        if nothing:
            from bresim.common.errors import InputError, Problem, said

            raise InputError(
                [
                    Problem(
                        str(given.key_or_group),
                        said("'{value}' holds no value", value=str(given.input_line).partition("=")[2]),
                        said("name an option that there is, or a range that is not empty"),
                    )
                    for given in nothing
                ]
            )
        (jobs,) = self.split_arguments(overrides, None)
        return [self.launcher.launch(jobs, initial_job_idx=0)]


_HERE = "hydra_plugins.bresim_ensemble"
_store = ConfigStore.instance().store
_store(
    group="hydra/launcher",
    name="ensemble",
    node={"_target_": f"{_HERE}.EnsembleLauncher", "record": "runs", "chunk": 4096},
    provider="bresim",
)
_store(
    group="hydra/sweeper",
    name="ensemble",
    node={"_target_": f"{_HERE}.EnsembleSweeper", "max_batch_size": None, "params": None},
    provider="bresim",
)
