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
from numpy.typing import NDArray
from scipy import stats

from bresim import tabulate
from bresim.columns import COST_OUTCOMES, STATE_OUTCOMES
from bresim.common.errors import InputError, Problem, nearest, said
from bresim.config.schema import CompareConfig
from bresim.conventions import HEADLINE, UNDERCURRENT_PARTS
from bresim.governance import measures as shipped_measures
from bresim.parameters import PARAMETERS
from bresim.region import load_region
from bresim.sensitivity.extras import load
from bresim.sensitivity.problem import sweep_config
from bresim.sweep.job import SweepJob
from bresim.sweep.points import is_whole_number
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
    (unless ``design`` names the one to take, or there is one only), the strength of each of ``measures``
    (``measure_monitoring``), and of each of ``fields`` its range in every design: ``{"payoff.binding": (0.0, 1.0)}``
    is lever ``payoff_binding``, whole numbers for a field that has those. Of both foundings, designs are founded by
    vote. ``outcomes`` carry their direction, also those of cost (``fte``); ``series`` are columns of
    ``series.parquet``: their mean over the replicates, quarter by quarter (``series_trust_mean``), as a
    TimeSeriesOutcome.
    """

    def __init__(
        self,
        config: CompareConfig,
        outcomes: Sequence[str] = (HEADLINE,),
        uncertainties: Sequence[str] | None = None,
        measures: Sequence[str] = (),
        name: str = "bresim",
        *,
        design: str | None = None,
        fields: Mapping[str, tuple[float, float]] | None = None,
        series: Sequence[str] = (),
    ) -> None:
        super().__init__(name)
        designs = [one.name for one in config.designs]
        ranges = {f"governance.{path}": bounds for path, bounds in (fields or {}).items()}
        self.bresim_sweep = sweep_config(config, {}).model_copy(update={"record": "series" if series else "runs"})
        known = {one.name: one for one in (*tabulate.outcomes_of(load_region(config.region)), *COST_OUTCOMES)}
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
                ("design", () if design is None else (design,), designs),
                ("series", series, [outcome.name for outcome in STATE_OUTCOMES]),
            )
            for name in names
            if name not in there
        ]
        if problems:
            raise InputError(problems)
        SweepJob(self.bresim_sweep, pd.DataFrame({key: list(bounds) for key, bounds in ranges.items()}, index=range(2)))
        strengths = {f"measure_{measure}": f"measures.{measure}" for measure in measures}
        levers = {**strengths, **{_lever(key): key for key in ranges}}
        #: Name in the workbench → key of the configuration.
        self.bresim_keys = {**{name: all_keys[name] for name in chosen}, **levers}
        self.bresim_defaults = {
            **{name: PARAMETERS[name].default for name in chosen if name in PARAMETERS},
            **{name: getattr(config.undercurrent, key.partition(".")[2]) for name, key in knobs.items()},
            **{name: config.measures.get(key.partition(".")[2], 0.0) for name, key in strengths.items()},
            **{_lever(key): bounds[0] for key, bounds in ranges.items()},
        }
        self.bresim_designs = designs
        #: The design where no lever says which.
        self.bresim_design = design or designs[0]
        self.uncertainties = [self._uncertainty(name) for name in chosen]
        whole = {_lever(key) for key in ranges if is_whole_number(key)}
        self.levers = [
            *([_WORKBENCH.CategoricalParameter(DESIGN, designs)] if design is None and len(designs) > 1 else []),
            *(_WORKBENCH.RealParameter(name, 0.0, 1.0, default=self.bresim_defaults[name]) for name in strengths),
            *(
                (_WORKBENCH.IntegerParameter if _lever(key) in whole else _WORKBENCH.RealParameter)(
                    _lever(key), low, high, default=low
                )
                for key, (low, high) in ranges.items()
            ),
        ]
        kinds = {1: "MAXIMIZE", 0: "INFO", -1: "MINIMIZE"}
        scalar = _WORKBENCH.ScalarOutcome
        self.bresim_outcomes, self.bresim_series = list(outcomes), list(series)
        self.outcomes = [
            *(scalar(name, kind=getattr(scalar, kinds[known[name].direction])) for name in outcomes),
            *(_WORKBENCH.TimeSeriesOutcome(f"series_{name}") for name in series),
        ]

    def _uncertainty(self, name: str) -> Any:
        parameter = PARAMETERS.get(name)
        default = self.bresim_defaults[name]
        if parameter is None:
            return _WORKBENCH.RealParameter(name, 0.0, 1.0, default=default)
        if parameter.prior == "log_uniform":
            prior = stats.loguniform(parameter.low, parameter.high)
            return _WORKBENCH.RealParameter.from_dist(name, prior, default=default)
        return _WORKBENCH.RealParameter(name, parameter.low, parameter.high, default=default)

    def run_experiment(self, experiment: Mapping[str, Any]) -> dict[str, Any]:
        """One experiment, as other evaluators of the workbench run them."""
        return self.run_batch([experiment])[0]

    def run_batch(self, experiments: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Many experiments, each a mapping of uncertainties and levers to values; what is missing has its default.

        A design may also be given by its number.
        """
        replicates, designs = self.bresim_sweep.replicates, self.bresim_designs
        values = {
            key: np.array([float(each.get(name, self.bresim_defaults[name])) for each in experiments])
            for name, key in self.bresim_keys.items()
        }
        job = SweepJob(self.bresim_sweep, pd.DataFrame(values, index=range(len(experiments))))
        design = np.array([self._number(each.get(DESIGN, self.bresim_design)) for each in experiments])
        run = (np.arange(len(experiments))[:, None] * replicates + np.arange(replicates)) * len(designs) + design[
            :, None
        ]
        priced = [one.name for one in COST_OUTCOMES if one.name in self.bresim_outcomes]
        tables = tables_of(job, run.reshape(-1), job.config.threads, priced=priced)
        runs = tables["runs"]
        _warn_of(runs["failure"].dropna())
        names = self.bresim_outcomes
        table = runs[names].to_numpy(dtype=np.float64).reshape(len(experiments), replicates, len(names))
        found: list[dict[str, Any]] = [dict(zip(names, map(float, row), strict=True)) for row in _means(table)]
        if self.bresim_series:
            # of runs that failed there are no quarters
            quarters = np.full((len(runs), job.config.quarters, len(self.bresim_series)), np.nan)
            made = runs["failure"].isna().to_numpy()
            quarters[made] = (
                tables["series"][self.bresim_series]
                .to_numpy(dtype=np.float64)
                .reshape(int(made.sum()), job.config.quarters, -1)
            )
            means = _means(quarters.reshape(len(experiments), replicates, job.config.quarters, -1))
            for row, mean in zip(found, means, strict=True):
                row |= {f"series_{name}": mean[:, at] for at, name in enumerate(self.bresim_series)}
        return found

    def _number(self, design: Any) -> int:
        """The number of a design given by name, or by number while a search tries them."""
        return int(design) if isinstance(design, (int, float, np.number)) else self.bresim_designs.index(str(design))


def _lever(key: str) -> str:
    """Name of the lever of a field of the designs: ``governance.payoff.binding`` → ``payoff_binding``."""
    return key.removeprefix("governance.").replace(".", "_")


def _means(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Means over the replicates, the second axis, that have a value; NaN where none has."""
    known = (~np.isnan(values)).sum(axis=1)
    return np.where(known > 0, np.nansum(values, axis=1) / np.maximum(known, 1), np.nan)


class Evaluator(_Evaluator):
    """Runs the experiments of a :class:`RegionModel` in batches."""

    def optimize(self, *given: Any, **options: Any) -> Any:
        """Search over levers or uncertainties, as the workbench does it; the designs that are found stand by name.

        Its version 3 cannot search over categories, and version 2.5 gives objects of its own in their place: designs
        are tried by their number. In the files that version 3 writes on the way (``filename``) the numbers stand.
        What is not searched over has its default, unless ``reference`` gives it: version 3 by itself draws it at
        random, other values for other candidates.
        """
        searched = options.get("searchover", given[2] if len(given) > 2 else "levers")
        if options.get("reference") is None and len(given) < 4 and searched != "robust" and hasattr(_POINTS, "Sample"):
            options["reference"] = _POINTS.Sample("default", **self._defaults(searched))
        numbered = [model for model in self._msis if DESIGN in model.levers]
        before = [model.levers[DESIGN] for model in numbered]
        for model in numbered:
            model.levers[DESIGN] = _WORKBENCH.IntegerParameter(DESIGN, 0, len(model.bresim_designs) - 1)
        try:
            found = super().optimize(*given, **options)
        finally:
            for model, lever in zip(numbered, before, strict=True):
                model.levers[DESIGN] = lever
        for model in numbered:
            found = _named(found, model.bresim_designs)
        return found

    def _defaults(self, searched: str) -> dict[str, Any]:
        """The default of each uncertainty in a search over levers, and of each lever in one over uncertainties."""
        found: dict[str, Any] = {}
        for model in self._msis:
            rest = model.uncertainties if searched == "levers" else model.levers
            found |= {one.name: model.bresim_defaults[one.name] for one in rest if one.name != DESIGN}
            if searched != "levers" and DESIGN in model.levers:
                found[DESIGN] = model.bresim_designs.index(model.bresim_design)
        return found

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


def _named(found: Any, designs: Sequence[str]) -> Any:
    """The same results, designs by name: of one search (a table, or with its convergence), or of several."""
    if isinstance(found, pd.DataFrame):
        if DESIGN not in found:
            return found
        return found.assign(**{DESIGN: [designs[int(number)] for number in found[DESIGN]]})
    if isinstance(found, (tuple, list)):
        return type(found)(_named(part, designs) for part in found)
    return found


def _warn_of(failures: pd.Series) -> None:
    """Warn that runs are missing from the means, with the reason of the first."""
    if len(failures):
        what = f"{len(failures)} runs failed and are left out of the means; the first: {failures.iloc[0]}"
        warnings.warn(what, RuntimeWarning, stacklevel=3)


def _batches(experiments: Iterable[Any]) -> Iterator[list[Any]]:
    waiting = iter(experiments)
    while batch := list(islice(waiting, BATCH)):
        yield batch
