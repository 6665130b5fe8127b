"""The model for the EMA Workbench: uncertainties, levers and outcomes, run in batches.

    import bresim, bresim.ema
    from ema_workbench import perform_experiments

    config = bresim.load("compare", ["designs=[status_quo,regiobureau]", "replicates=20"])
    model = bresim.ema.RegionModel(config)
    experiments, outcomes = perform_experiments(model, scenarios=500, policies=4, evaluator=bresim.ema.Evaluator(model))

The workbench calls a model once for each experiment; an evaluator decides how experiments are run. Ours runs them in
batches in the compiled ensemble, on every core. Any other evaluator of the workbench gives the same numbers, one
experiment at a time. An outcome is the mean over the replicates, which have the same random draws in every experiment.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from bresim import tabulate
from bresim.common.errors import InputError, Problem, nearest, said
from bresim.config.schema import CompareConfig
from bresim.conventions import HEADLINE, UNDERCURRENT_PARTS
from bresim.governance import measures as shipped_measures
from bresim.parameters import PARAMETERS
from bresim.region import load_region
from bresim.sensitivity.extras import load
from bresim.sensitivity.problem import sweep_config
from bresim.sweep.job import SweepJob
from bresim.sweep.tables import tables_of

_WORKBENCH = load("ema_workbench", "bresim.ema")
_Model: Any = load("ema_workbench.em_framework.model", "bresim.ema").SingleReplication
_Evaluator: Any = load("ema_workbench.em_framework.evaluators", "bresim.ema").BaseEvaluator
_POINTS = load("ema_workbench.em_framework.points", "bresim.ema")

#: Experiments in a batch: enough to keep every core busy, few enough to keep memory flat.
BATCH = 256
DESIGN = "design"


class RegionModel(_Model):
    """The designs of a comparison under uncertain parameters and undercurrent.

    Uncertainties are parameters over their priors and the knobs of the undercurrent (``undercurrent_negativity``), all
    of them or those that ``uncertainties`` names; what is left out is as the configuration says. Levers are ``design``
    and the strength of each of ``measures`` (``measure_monitoring``). Of both foundings, designs are founded by vote.
    Outcomes carry their direction.
    """

    def __init__(
        self,
        config: CompareConfig,
        outcomes: Sequence[str] = (HEADLINE,),
        uncertainties: Sequence[str] | None = None,
        measures: Sequence[str] = (),
        name: str = "bresim",
    ) -> None:
        super().__init__(name)
        self.bresim_sweep = sweep_config(config, {})
        known = {outcome.name: outcome for outcome in tabulate.outcomes_of(load_region(config.region))}
        knobs = {f"undercurrent_{part}": f"undercurrent.{part}" for part in UNDERCURRENT_PARTS}
        fixed = config.parameters.fixed
        all_keys = {**{n: f"parameters.{n}" for n in PARAMETERS if n not in fixed}, **knobs}
        chosen = list(all_keys) if uncertainties is None else list(uncertainties)
        problems = [
            Problem(where, said("there is no '{name}'", name=name), nearest(name, there))
            for where, names, there in (
                ("outcomes", outcomes, known),
                ("uncertainties", chosen, all_keys),
                ("measures", measures, shipped_measures()),
            )
            for name in names
            if name not in there
        ]
        if problems:
            raise InputError(problems)
        levers = {f"measure_{measure}": f"measures.{measure}" for measure in measures}
        #: Name in the workbench → key of the configuration.
        self.bresim_keys = {**{name: all_keys[name] for name in chosen}, **levers}
        self.bresim_defaults = {
            **{name: PARAMETERS[name].default for name in chosen if name in PARAMETERS},
            **{name: getattr(config.undercurrent, key.partition(".")[2]) for name, key in knobs.items()},
            **{name: config.measures.get(key.partition(".")[2], 0.0) for name, key in levers.items()},
        }
        self.bresim_designs = [design.name for design in config.designs]
        self.uncertainties = [self._uncertainty(name) for name in chosen]
        self.levers = [
            _WORKBENCH.CategoricalParameter(DESIGN, self.bresim_designs),
            *(_WORKBENCH.RealParameter(name, 0.0, 1.0, default=self.bresim_defaults[name]) for name in levers),
        ]
        kinds = {1: "MAXIMIZE", 0: "INFO", -1: "MINIMIZE"}
        scalar = _WORKBENCH.ScalarOutcome
        self.outcomes = [scalar(name, kind=getattr(scalar, kinds[known[name].direction])) for name in outcomes]

    def _uncertainty(self, name: str) -> Any:
        parameter = PARAMETERS.get(name)
        default = self.bresim_defaults[name]
        if parameter is None:
            return _WORKBENCH.RealParameter(name, 0.0, 1.0, default=default)
        if parameter.prior == "log_uniform":
            prior = stats.loguniform(parameter.low, parameter.high)
            return _WORKBENCH.RealParameter.from_dist(name, prior, default=default)
        return _WORKBENCH.RealParameter(name, parameter.low, parameter.high, default=default)

    def run_experiment(self, experiment: Mapping[str, Any]) -> dict[str, float]:
        """One experiment, as other evaluators of the workbench run them."""
        return self.run_batch([experiment])[0]

    def run_batch(self, experiments: Sequence[Mapping[str, Any]]) -> list[dict[str, float]]:
        """Many experiments, each a mapping of uncertainties and levers to values; what is missing has its default."""
        replicates, designs = self.bresim_sweep.replicates, self.bresim_designs
        values = {
            key: np.array([float(each.get(name, self.bresim_defaults[name])) for each in experiments])
            for name, key in self.bresim_keys.items()
        }
        job = SweepJob(self.bresim_sweep, pd.DataFrame(values, index=range(len(experiments))))
        design = np.array([designs.index(each.get(DESIGN, designs[0])) for each in experiments])
        run = (np.arange(len(experiments))[:, None] * replicates + np.arange(replicates)) * len(designs) + design[
            :, None
        ]
        runs = tables_of(job, run.reshape(-1), job.config.threads)["runs"]
        _warn_of(runs["failure"].dropna())
        names = [outcome.name for outcome in self.outcomes]
        table = runs[names].to_numpy(dtype=np.float64).reshape(len(experiments), replicates, len(names))
        known = (~np.isnan(table)).sum(axis=1)
        means = np.where(known > 0, np.nansum(table, axis=1) / np.maximum(known, 1), np.nan)
        return [dict(zip(names, map(float, row), strict=True)) for row in means]


class Evaluator(_Evaluator):
    """Runs the experiments of a :class:`RegionModel` in batches."""

    def initialize(self) -> None:
        """Required by the workbench; nothing to do."""

    def finalize(self) -> None:
        """Required by the workbench; nothing to do."""

    def evaluate_experiments(self, *given: Any, **options: Any) -> None:
        """Run a study in batches.

        The workbench gives (scenarios, policies, callback) before its version 3, and (experiments, callback) since.
        """
        *points, callback = given
        if len(points) == 2:
            scenarios, policies = points
            experiments: Iterable[Any] = _POINTS.experiment_generator(scenarios, self._msis, policies, **options)
        else:
            (experiments,) = points
        models = {model.name: model for model in self._msis}
        for batch in _batches(experiments):
            for name, model in models.items():
                mine = [experiment for experiment in batch if experiment.model_name == name]
                if not mine:
                    continue
                rows = model.run_batch([{**experiment.scenario, **experiment.policy} for experiment in mine])
                for experiment, row in zip(mine, rows, strict=True):
                    model.outcomes_output = row
                    callback(experiment, dict(model.outcomes_output))


def _warn_of(failures: pd.Series) -> None:
    """Warn that runs are missing from the means, with the reason of the first."""
    if len(failures):
        what = f"{len(failures)} runs failed and are left out of the means; the first: {failures.iloc[0]}"
        warnings.warn(what, RuntimeWarning, stacklevel=3)


def _batches(experiments: Iterable[Any]) -> Iterator[list[Any]]:
    waiting = iter(experiments)
    while batch := list(islice(waiting, BATCH)):
        yield batch
