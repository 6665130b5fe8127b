"""The points of a sweep: a design of experiments over configuration keys, checked before anything is run.

A point gives a value to every swept key. Grids are crossed, Latin hypercubes and Sobol sequences are drawn
by SciPy and mapped to the ranges given, or to the priors of the parameters; a list is read from a table.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bresim.config.presets import PARTS
from bresim.config.schema import SweepConfig
from bresim.errors import InputError, Problem
from bresim.parameters import PARAMETERS, Parameter

PRIOR = "prior"
#: Most points that a grid may have; beyond it somebody mistyped.
MOST_POINTS = 10_000_000

Range = tuple[float, float, bool]  # low, high, on a logarithmic scale


def make_points(config: SweepConfig) -> pd.DataFrame:
    """One row a point, one column a swept key, in the order the keys were given; InputError with every problem."""
    problems: list[Problem] = []
    vary, method = config.vary, config.sweep.method
    if method == "list":
        return _listed(config)
    if not vary:
        remedy = "say what varies: +vary.undercurrent.negativity=[0,0.5,1]"
        raise InputError(Problem("vary", "is empty", remedy))
    table = _grid(vary, problems) if method == "grid" else _sampled(config, problems)
    if problems:
        raise InputError(problems)
    return table


def _grid(vary: Mapping[str, Any], problems: list[Problem]) -> pd.DataFrame:
    """Every combination of the values given; the last key varies fastest."""
    axes: dict[str, list[Any]] = {}
    for key, given in vary.items():
        values = given if isinstance(given, list) else [given]
        where = f"vary.{key}"
        if given == PRIOR:
            problems.append(Problem(where, "a grid has no values in a prior", "give a list, or sweep.method=lhs"))
        elif not values:
            problems.append(Problem(where, "has no values", f"write +{where}=[a,b]"))
        elif len({repr(value) for value in values}) < len(values):
            problems.append(Problem(where, f"{given} holds a value twice", "give each value once"))
        else:
            problems.extend(_not_values(where, values))
            axes[key] = values
    count = math.prod(len(values) for values in axes.values())
    if count > MOST_POINTS:
        problems.append(Problem("vary", f"the grid has {count:,} points", f"at most {MOST_POINTS:,}; vary less"))
    if problems:
        return pd.DataFrame()
    rows = list(itertools.product(*axes.values()))
    return pd.DataFrame({key: column_of([row[at] for row in rows]) for at, key in enumerate(axes)})


def _not_values(where: str, values: Sequence[Any]) -> list[Problem]:
    wrong = [value for value in values if isinstance(value, (list, dict)) or _not_finite(value)]
    return [Problem(where, f"{value} is not a value", "give numbers or names") for value in wrong]


def _not_finite(value: Any) -> bool:
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def column_of(values: Sequence[Any]) -> Any:
    """The values of a column of points: numbers as floats unless all are whole, text as text."""
    if all(isinstance(value, bool) for value in values) or all(isinstance(value, str) for value in values):
        return values
    if all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values):
        whole = all(isinstance(value, int) for value in values)
        return np.array(values, dtype=np.int64 if whole else np.float64)
    return [str(value) for value in values]


def _sampled(config: SweepConfig, problems: list[Problem]) -> pd.DataFrame:
    """A Latin hypercube or a scrambled Sobol sequence over ranges and priors, keyed by the job's seed."""
    ranges = ranges_of(config, problems)
    samples = config.sweep.samples
    if config.sweep.method == "sobol" and samples & (samples - 1):
        low = 2 ** (samples.bit_length() - 1)
        problems.append(
            Problem("sweep.samples", f"{samples} is not a power of two", f"a Sobol sequence is: {low} or {2 * low}")
        )
    if problems:
        return pd.DataFrame()
    from scipy.stats import qmc  # takes seconds to import

    random = np.random.Generator(np.random.Philox(np.random.SeedSequence([config.seed, 2**33])))
    sampler: Any = qmc.Sobol if config.sweep.method == "sobol" else qmc.LatinHypercube
    unit = sampler(d=len(ranges), rng=random).random(samples)
    return pd.DataFrame({key: scaled(unit[:, at], ranges[key]) for at, key in enumerate(ranges)})


def ranges_of(config: SweepConfig, problems: list[Problem]) -> dict[str, Range]:
    """The range of each swept key, ``[low, high]`` or its prior, in the order given."""
    ranges: dict[str, Range] = {}
    for key, given in config.vary.items():
        where = f"vary.{key}"
        prior = _prior(key)
        if given == PRIOR and prior is not None:
            ranges[key] = prior
        elif given == PRIOR:
            problems.append(Problem(where, "has no prior", f"give its range: +{where}=[low,high]"))
        elif not (isinstance(given, list) and len(given) == 2 and all(map(_is_number, given))):
            remedy = f"write +{where}=[low,high]" + (f" or +{where}=prior" if prior else "")
            problems.append(Problem(where, f"{given} is not a range", remedy))
        elif given[0] >= given[1]:
            problems.append(Problem(where, f"{given} is empty or reversed", "the first must be below the second"))
        else:
            log = prior is not None and prior[2] and given[0] > 0
            ranges[key] = (float(given[0]), float(given[1]), log)
    return ranges


def scaled(unit: NDArray[np.float64], given: Range) -> NDArray[np.float64]:
    """Points of [0, 1) mapped to a range, on its scale."""
    low, high, log = given
    return np.asarray(low * (high / low) ** unit if log else low + unit * (high - low))


def _prior(key: str) -> Range | None:
    """The prior of a parameter; a knob of the undercurrent and the strength of a measure may be anything in [0, 1]."""
    section, _, name = key.partition(".")
    parameter: Parameter | None = PARAMETERS.get(name) if section == "parameters" else None
    if parameter is not None:
        return parameter.low, parameter.high, parameter.prior == "log_uniform"
    if (section == "undercurrent" and name in PARTS) or (section == "measures" and name):
        return 0.0, 1.0, False
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _listed(config: SweepConfig) -> pd.DataFrame:
    """The points of a CSV or Parquet table: its columns are keys, its rows are points."""
    given = config.sweep.points
    if given is None:
        raise InputError(Problem("sweep.points", "is missing", "give a CSV or Parquet file: sweep.points=FILE"))
    if config.vary:
        first = next(iter(config.vary))
        raise InputError(Problem(f"vary.{first}", "and a list of points do not go together", "put it in the list"))
    path = Path(given)
    where = f"sweep.points: {path.name}"
    try:
        table = pd.read_parquet(path) if path.suffix.lower() == ".parquet" else pd.read_csv(path)
    except OSError as error:
        raise InputError(Problem("sweep.points", f"'{given}' cannot be read ({error.strerror or error})")) from None
    except (ValueError, pd.errors.ParserError, UnicodeDecodeError) as error:
        reason = str(error).partition("\n")[0]
        remedy = "a table with a column for each key and a row for each point"
        raise InputError(Problem("sweep.points", f"'{given}' cannot be read ({reason})", remedy)) from None
    problems: list[Problem] = []
    if table.empty:
        problems.append(Problem(where, "holds no points", "a row for each point, under a line with the keys"))
    for column in table.columns:
        values = table[column]
        missing = np.flatnonzero(values.isna().to_numpy())
        if len(missing):
            problems.append(Problem(where, f"row {missing[0] + 1} has no value for '{column}'", "fill it in"))
        elif pd.api.types.is_float_dtype(values.dtype) and not np.isfinite(values.to_numpy()).all():
            at = int(np.flatnonzero(~np.isfinite(values.to_numpy()))[0])
            problems.append(Problem(where, f"row {at + 1} has no finite value for '{column}'", "fill it in"))
    twice = np.flatnonzero(table.duplicated().to_numpy())
    if len(twice):
        problems.append(Problem(where, f"row {twice[0] + 1} is the same point as an earlier row", "give each once"))
    if problems:
        raise InputError(problems)
    return table.reset_index(drop=True)
