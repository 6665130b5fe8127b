"""``bresim.evaluate``: a table of points × designs × replicates in one batch, in memory."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from bresim.api.given import Overrides, configured
from bresim.columns import COST_OUTCOMES, POINT, RUN_KEYS
from bresim.common.errors import InputError, Problem, nearest, said
from bresim.common.progress import Plain, Progress, Silent
from bresim.config.compose import user_folders
from bresim.config.schema import ModelConfig, SweepConfig
from bresim.config.vary import SOURCE, options_of, sets_of
from bresim.governance import Design, load_design
from bresim.sensitivity.problem import sweep_config
from bresim.sweep.batch import collect
from bresim.sweep.fields import as_text, takes_list
from bresim.sweep.job import SweepJob
from bresim.sweep.listed import rows_of

#: A table with a column for each key, or a mapping from keys to values for each point.
Points = pd.DataFrame | Mapping[str, Any] | Iterable[Mapping[str, Any]]
Statistic = Literal["mean", "median", "std", "min", "max"]
#: Columns that say which run a row is.
KEYS = (POINT, "design", "founding", "replicate")


def evaluate(
    points: Points = ({},),
    designs: Sequence[str | Path | Design] | None = None,
    replicates: int | None = None,
    *,
    config: ModelConfig | Overrides = (),
    outcomes: Sequence[str] | None = None,
    statistic: Statistic | None = None,
    costs: bool = False,
    progress: Progress | None = None,
    config_dir: str | Path | None = None,
) -> pd.DataFrame:
    """Run every point under every design and replicate in one batch; nothing is written.

    ``points``: a DataFrame with a column for each key, or a mapping from keys to values for each point. Keys are those
    that a sweep can vary (``parameters.trust_gain``, ``undercurrent.negativity``, ``scenario``,
    ``measures.monitoring``, ``governance.payoff.binding``, …: ``docs/sweeps.md``), with the same values. ``[{}]`` is
    the configuration as it is. A point may stand in the table several times.
    ``designs``: names, paths of YAML files or ``Design`` objects; default: those of the configuration.
    ``replicates``: runs per point and design; default: those of the configuration. Replicate r has the same random
    draws, memberships and parameter set at every point and under every design (common random numbers).
    ``config``: what all points share, from ``bresim.load`` (of any command that runs the model) or as overrides of
    ``bresim sweep``, as ``["scenario=austerity", "parameters=point"]``. Give a loaded one where you call often.
    ``outcomes``: columns of ``runs.parquet`` to return, and outcomes of cost (``fte``, ``autonomy_given_up``, …:
    ``docs/data_dictionary.md``); default: all of the former, and with ``costs`` of the latter too. The cost of runs
    is computed only where it is asked for. ``statistic``: taken over the replicates.

    Returns a tidy table, with ``point`` (number of the row in ``points``, from 0), ``design``, ``founding``, the keys
    and the outcomes (shares from 0 to 1, durations in quarters, NaN where there is none): one row per point, design and
    replicate (points × designs × replicates rows, in this order), with ``replicate`` and ``failure``; with a
    ``statistic`` one per point and design, over the replicates that have the outcome.
    Raises InputError with every problem, before anything is run; warns if runs failed and a statistic leaves them out.
    """
    folders, _ = user_folders(config_dir, [])
    base = config if isinstance(config, ModelConfig) else configured(SweepConfig, config, config_dir)
    job = _job(base, points, designs, replicates, folders)
    names = _known(job, outcomes, costs)
    priced = [outcome.name for outcome in COST_OUTCOMES if outcome.name in names]
    chosen = [*RUN_KEYS, POINT, *job.swept, *names, "failure"]
    told = progress or (Silent() if base.progress == "off" else Plain())  # calls in a loop show no bar
    runs = collect(job, told, chosen, priced)["runs"]
    point, design, replicate = job.places(np.arange(job.runs))
    runs = runs.iloc[np.lexsort((replicate, design, point))].reset_index(drop=True)
    runs = runs.astype({name: "str" for name, kind in runs.dtypes.items() if isinstance(kind, pd.CategoricalDtype)})
    if statistic is not None:
        labels = [key for key in job.keys if key not in {*KEYS, "governance"}]
        return _over_replicates(runs, ["founding", *labels], names, statistic)
    others = [key for key in (*RUN_KEYS, *job.swept) if key not in KEYS]
    return runs[[*KEYS, *others, *names, "failure"]]


def _job(
    base: ModelConfig,
    points: Points,
    designs: Sequence[str | Path | Design] | None,
    replicates: int | None,
    folders: Sequence[Path],
) -> SweepJob:
    """The checked batch."""
    changed: dict[str, Any] = {}
    if designs is not None:
        changed["designs"] = _designs(base, designs, folders)
    if replicates is not None:
        if not isinstance(replicates, (int, np.integer)) or isinstance(replicates, bool) or replicates < 1:
            what = said("{value} is not a whole number above 0", value=replicates)
            raise InputError(Problem("replicates", what, said("give how many runs each point and design has")))
        changed["replicates"] = int(replicates)
    table = table_of_points(points)
    problems: list[Problem] = []
    config = sweep_config(base, {}).model_copy(update=changed)
    sources = table.get(SOURCE, ())
    named = {"options": options_of(table, folders, problems), "sets": sets_of(sources, None, problems)}
    config = config.model_copy(update=named)
    if problems:
        raise InputError(problems)
    return SweepJob(config, rows_of(table, "points", repeats=True))


def table_of_points(points: Points) -> pd.DataFrame:
    """Points as a table, its rows numbered from 0."""
    if isinstance(points, pd.DataFrame):
        table = points.reset_index(drop=True)
        table = table.set_axis([str(key) for key in table.columns], axis=1)
        for key in filter(takes_list, map(str, table.columns)):
            table[key] = [as_text(key, value) if isinstance(value, (list, tuple)) else value for value in table[key]]
        return table
    rows = [points] if isinstance(points, Mapping) else list(points)
    wrong = next((row for row in rows if not isinstance(row, Mapping)), None)
    if wrong is not None:
        what = said("{value} is not a mapping from keys to values", value=repr(wrong)[:40])
        raise InputError(Problem("points", what, said("write {example}", example='[{"undercurrent.negativity": 0.5}]')))
    keys = list(dict.fromkeys(str(key) for row in rows for key in row))
    texts = [{str(key): as_text(str(key), value) for key, value in row.items()} for row in rows]
    return pd.DataFrame(texts, range(len(rows)), keys)


def _designs(base: ModelConfig, designs: Sequence[str | Path | Design], folders: Sequence[Path]) -> tuple[Design, ...]:
    """The designs by their names in the configuration, as shipped, or in a file."""
    known = {design.name: design for design in base.designs}
    names = [designs] if isinstance(designs, (str, Path, Design)) else list(designs)
    found = [one if isinstance(one, Design) else known.get(str(one)) or load_design(one, folders) for one in names]
    twice = [design.name for at, design in enumerate(found) if design.name in {other.name for other in found[:at]}]
    if twice or not found:
        what = said("'{name}' is given twice", name=twice[0]) if twice else said("is empty")
        raise InputError(Problem("designs", what, said("name each design once; give a copy a name of its own")))
    return tuple(found)


def _known(job: SweepJob, outcomes: Sequence[str] | None, costs: bool) -> list[str]:
    """The outcomes asked for, checked."""
    usual, priced = [outcome.name for outcome in job.outcomes], [outcome.name for outcome in COST_OUTCOMES]
    known = [*usual, *priced]
    asked = usual if outcomes is None else [outcomes] if isinstance(outcomes, str) else outcomes
    names = list(dict.fromkeys([*asked, *(priced if costs else ())]))
    problems = [
        Problem("outcomes", said("there is no outcome '{name}'", name=name), nearest(name, known))
        for name in names
        if name not in known
    ]
    if problems:
        raise InputError(problems)
    return names


def _over_replicates(runs: pd.DataFrame, keys: Sequence[str], names: list[str], statistic: Statistic) -> pd.DataFrame:
    """One row per point and design."""
    failed = runs["failure"].dropna()
    if len(failed):
        what = f"{len(failed)} runs failed and are left out of the {statistic}; the first: {failed.iloc[0]}"
        warnings.warn(what, RuntimeWarning, stacklevel=3)
    groups = runs.astype(dict.fromkeys(names, float)).groupby([POINT, "design"], sort=False, observed=True)
    return pd.concat([groups[list(keys)].first(), groups[names].agg(statistic)], axis=1).reset_index()
